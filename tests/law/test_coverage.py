"""The scenarios of two shipped procedures try every rule both ways, and none of them is there for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.law.filing import CATALOGUE, HOUSE

from motcua.analysis.coverage import Coverage, coverage, suggest
from motcua.engine import assess
from motcua.procedures import Procedure, Row, Scenario, load_scenarios, read_facts

NAMES = ("vn.environment.eia-appraisal", "vn.minerals.exploration-right-transfer")


def scenarios_of(name: str) -> tuple[Scenario, ...]:
    return tuple(scenario for file in CATALOGUE[name].scenarios() for scenario in file.scenarios)


def left(report: Coverage) -> list[str]:
    return [goal.key for item in report.uncovered for goal in report.open_goals(item)]


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_tried_both_ways_and_every_leaf_decides_alone(name):
    report = coverage(CATALOGUE[name].procedure, scenarios_of(name))
    assert left(report) == []
    assert (report.mcdc.percent, report.total.percent) == ("100.0", "100.0")
    assert (report.waiting, report.unusable) == ((), ())


@pytest.mark.parametrize("name", NAMES)
def test_without_a_scenario_that_alone_shows_something_that_is_named(name):
    scenarios = scenarios_of(name)
    whole = coverage(CATALOGUE[name].procedure, scenarios, feasible=False)
    only = {}
    for key, ids in whole.shown_by.items():
        if len(ids) == 1 and ids[0] not in only:
            only[ids[0]] = key
    for removed, key in list(only.items())[::12]:
        rest = [scenario for scenario in scenarios if scenario.id != removed]
        assert key in left(coverage(CATALOGUE[name].procedure, rest, feasible=False))


def with_row(procedure: Procedure, decision: str, row: Row) -> Procedure:
    table = procedure.decisions[decision]
    return replace(procedure, decisions={**procedure.decisions, decision: replace(table, rows=(*table.rows, row))})


def test_a_row_that_no_scenario_tries_is_named_and_nothing_else():
    name = NAMES[1]
    procedure = CATALOGUE[name].procedure
    [first] = [row for row in procedure.decisions["deciding_province"].rows if row.id == "P3"]
    last = procedure.versions[-1].interval
    seeded = with_row(procedure, "deciding_province", replace(first, id="P9", in_force=last))
    report = coverage(seeded, scenarios_of(name))
    assert [item.id for item in report.uncovered if item.kind != "table"] == []
    # its scenarios reach that law version at sea as well; where nobody goes it is named
    when = next(row.when for row in procedure.decisions["fee"].rows if row.id == "F6")
    seeded = with_row(procedure, "deciding_province", replace(first, id="P9", in_force=last, when=when))
    report = coverage(seeded, scenarios_of(name))
    assert {item.id for item in report.uncovered} == {"deciding_province.P9"}


def test_where_nobody_tried_a_requirement_unmet_the_scenario_of_the_documentation_is_proposed(tmp_path):
    checked = CATALOGUE[NAMES[1]]
    scenarios = [each for each in scenarios_of(NAMES[1]) if "half-done" not in assess(
        checked.procedure, read_facts(checked.procedure, each.given), engine="conditions").failed]
    found = next(each for each in suggest(checked.procedure, scenarios) if each.id == "requirement-half-done-unmet")
    page = (HOUSE / "docs" / "rule-author" / "coverage.md").read_text(encoding="utf-8")
    (tmp_path / "said.yaml").write_text(
        f"procedure: {checked.id}\nscenarios:\n" + page.split("```yaml\n")[1].split("```")[0].replace("like: ", "liken: "),
        encoding="utf-8")
    [said] = load_scenarios(tmp_path / "said.yaml").scenarios
    assert (said.id, said.why, said.given, said.proposed) == (found.id, found.why, found.changes, found.proposed)
    assert found.like == "law-2024-typical"
