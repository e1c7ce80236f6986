"""What holds of every procedure that ships: the same promises, whoever wrote its rules."""

from __future__ import annotations

import pytest
from tests.law.filing import CATALOGUE, HOUSE

from motcua.analysis.coverage import coverage
from motcua.analysis.proof import prove
from motcua.catalogue import CheckedProcedure
from motcua.forms import check_bindings, load_form
from motcua.lint import lint
from motcua.scenarios import READERS, run_file

NAMES = sorted(CATALOGUE)
FEWEST = 30


@pytest.fixture(params=NAMES)
def shipped(request: pytest.FixtureRequest) -> CheckedProcedure:
    """Each procedure in turn."""
    return CATALOGUE[request.param]


def test_nothing_that_ships_has_a_mistake_or_a_warning() -> None:
    expected = {"RULE_115"}  # says only that a procedure is not yet a rule
    assert [problem.format() for problem in lint(HOUSE / "rules", HOUSE / "forms") if problem.code not in expected] == []


def test_there_are_scenarios_enough_and_each_names_its_article(shipped: CheckedProcedure) -> None:
    scenarios = [scenario for file in shipped.scenarios() for scenario in file.scenarios]
    assert len(scenarios) >= FEWEST
    assert [scenario.id for scenario in scenarios if not (scenario.why and scenario.title)] == []
    assert [scenario.id for scenario in scenarios if scenario.is_waiting] == []


def test_every_reader_of_the_law_gives_what_the_scenarios_expect(shipped: CheckedProcedure) -> None:
    results = [result for file in shipped.scenarios() for result in run_file(CATALOGUE, file, READERS)]
    assert [(result.id, result.expected, result.got) for result in results if not result.ok] == []


def test_every_rule_is_tried_both_ways_and_every_leaf_decides_alone(shipped: CheckedProcedure) -> None:
    scenarios = [scenario for file in shipped.scenarios() for scenario in file.scenarios]
    report = coverage(shipped.procedure, scenarios)
    assert [goal.key for item in report.uncovered for goal in report.open_goals(item)] == []
    assert (report.waiting, report.unusable) == ((), ())


def test_nothing_in_the_rules_is_dead_contradictory_or_missing_unless_meant_so(shipped: CheckedProcedure) -> None:
    report = prove(shipped.procedure, seconds=300)
    assert [finding.text.en for finding in report.open] == []
    assert list(report.unanswered) == []


def test_the_form_asks_every_fact_and_takes_every_document_of_the_law(shipped: CheckedProcedure) -> None:
    assert shipped.form_path is not None
    form, procedure = load_form(shipped.form_path, strict=True), shipped.procedure
    assert [problem.format() for problem in check_bindings(form, procedure)] == []
    ties = [tie for bind in form.binds.values() for tie in bind.attributes.items()]
    assert set(procedure.facts) - {value for name, value in ties if name == "fact"} == set()
    papers = {document.id for document in procedure.documents}
    assert papers - {value for name, value in ties if name == "document"} == set()
    assert [language[-4:] for language in form.languages] == ["(vi)", "(en)"]


def test_each_rule_says_when_and_by_which_text(shipped: CheckedProcedure) -> None:
    procedure = shipped.procedure
    rows = [row for decision in procedure.decisions.values() for row in decision.rows]
    cited = [*procedure.requirements, *procedure.documents, *rows]
    assert [item.id for item in cited if item.citation is None or not item.citation.places] == []
    assert [item.id for item in cited if item.in_force.first is None] == []
