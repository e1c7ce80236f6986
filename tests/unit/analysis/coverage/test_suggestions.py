"""Suggested scenarios: they show what they are made for, at the limits, near to a known case, and are few."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.analysis.coverage.test_coverage import DATED, HEAD, REQUIREMENT, TABLE, case, law, left
from tests.unit.engine import laws

from motcua.analysis.coverage import coverage, suggest
from motcua.engine import assess
from motcua.errors import MotcuaError
from motcua.procedures import Procedure, Scenario, ScenarioFile, dump_scenarios, load_scenarios, read_facts


def confirmed(suggestions) -> list[Scenario]:
    """As a lawyer would confirm them."""
    return [replace(each.to_scenario(), expect=each.proposed, proposed={}) for each in suggestions]


@pytest.mark.parametrize("text", [REQUIREMENT, TABLE, DATED], ids=["requirement", "table", "dated"])
@pytest.mark.parametrize("known", [[], [case("both")]], ids=["from nothing", "from one case"])
def test_with_the_suggested_scenarios_everything_is_covered(text, known):
    procedure = law(text)
    found = suggest(procedure, known)
    report = coverage(procedure, [*known, *confirmed(found)])
    assert left(report) == []
    for each in found:
        own = coverage(procedure, [*known, *confirmed([each])])
        assert set(each.covers) <= {key for key, state in own.states.items() if state == "covered"}


@pytest.mark.parametrize("text", [REQUIREMENT, TABLE, DATED], ids=["requirement", "table", "dated"])
def test_no_suggested_scenario_can_be_left_out(text):
    procedure = law(text)
    found = confirmed(suggest(procedure, []))
    for one in found:
        assert left(coverage(procedure, [each for each in found if each is not one])) != []


def test_a_conjunction_of_two_gets_three_scenarios():
    assert len(suggest(law(REQUIREMENT), [])) == 3


def test_a_suggestion_changes_few_facts_of_a_known_case_and_sits_at_the_limit():
    text = HEAD + """
requirements:
  - {id: roomy, vi: a, en: b, cite: L art 7, in_force: 2020-01-01 .., must: shop.area >= 50}
"""
    [one] = suggest(law(text), [case("large", shop__area=70)])
    assert (one.like, one.changes) == ("large", {"shop.area": 49})
    assert (one.why.en, one.expected) == ("L art 7", None)
    assert one.proposed == {"outcome": "ineligible", "failed": ["roomy"]}
    assert one.given == {**case("large").given, "shop.area": 49}
    [other] = suggest(law(text), [case("small", shop__area=3)])
    assert other.changes == {"shop.area": 50}


def test_a_limit_that_depends_on_another_fact_or_is_a_day_is_kept_to_the_unit():
    text = HEAD + """
  lease: {type: date, vi: Hết hạn thuê, en: Lease ends}
  rooms: {type: integer, min: 0, vi: Số phòng, en: Rooms}
requirements:
  - {id: long, vi: a, en: b, cite: L art 7, in_force: 2020-01-01 .., must: filed + 90 days <= lease}
  - {id: roomy, vi: a, en: b, cite: L art 8, in_force: 2020-01-01 .., must: shop.area >= 4 * rooms}
"""
    start = case("start", lease="2030-01-01", rooms=2)
    found = suggest(law(text), [start])
    assert [each.changes for each in found if "lease" in each.changes] == [{"lease": "2024-08-03"}]
    [roomy] = [each for each in found if "lease" not in each.changes]
    [(name, value)] = roomy.changes.items()
    assert (name, value) in (("shop.area", 7), ("rooms", 3))


def test_a_new_law_is_tried_on_its_first_day_and_the_old_on_its_last():
    cases = [case("met", filed="2024-01-01"), case("unmet", filed="2024-01-01", adult=False),
             case("no paper", filed="2024-01-01", trained=False)]
    days = {each.given["filed"] for each in suggest(law(DATED), cases)}
    assert days <= {"2020-01-01", "2021-12-31", "2022-01-01", "2022-12-31"}
    assert len(days) == 2


def test_the_same_question_gets_the_same_suggestions():
    once = [each.to_json() for each in suggest(law(TABLE), [case("ward")])]
    assert once == [each.to_json() for each in suggest(law(TABLE), [case("ward")])]
    assert len({each["id"] for each in once}) == len(once)


def test_only_so_many_are_given_the_most_useful_first():
    whole, [one] = suggest(law(TABLE), []), suggest(law(TABLE), [], limit=1)
    assert len(whole) > 1
    assert len(one.covers) == max(len(each.covers) for each in whole)


def test_suggestions_written_to_a_file_wait_for_confirmation(tmp_path):
    procedure, known = law(TABLE), [case("ward")]
    found = suggest(procedure, known)
    path = tmp_path / "x.scenarios.yaml"
    path.write_text(dump_scenarios(ScenarioFile(procedure.id, tuple(each.to_scenario(alone=True) for each in found))),
                    encoding="utf-8")
    read = load_scenarios(path).scenarios
    assert all(each.is_waiting and each.title and each.why for each in read)
    assert [read_facts(procedure, each.given) for each in read] == [dict(each.facts) for each in found]
    report = coverage(procedure, [*known, *read])
    assert set(report.waiting) == {each.id for each in found}
    assert {report.states[goal.key] for item in report.uncovered for goal in report.open_goals(item)} == {"waiting"}
    assert suggest(procedure, [*known, *read]) == ()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(laws.procedures(), st.lists(laws.cases(), max_size=4))
def test_on_any_law_the_engine_confirms_each_suggestion(procedure: Procedure, all_facts):
    scenarios = [Scenario(f"s{number}", None, None, {**facts, "day": facts["day"].isoformat()}, {"outcome": "x"})
                 for number, facts in enumerate(all_facts)]
    before = coverage(procedure, scenarios)
    for each in suggest(procedure, scenarios, limit=3):
        try:
            assert assess(procedure, each.facts).outcome == each.proposed["outcome"]
        except MotcuaError as error:
            pytest.fail(str(error))
        after = coverage(procedure, [*scenarios, *confirmed([each])], feasible=False)
        assert each.covers
        for key in each.covers:
            assert (before.states[key], after.states[key]) == ("uncovered", "covered")
