"""The forms for the environmental licence and registration: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.filing import NOW, answered_both_ways, filled, hidden, morning_of, worked_cases

from motcua.procedures import Scenario

LICENCE, REGISTRATION = "vn.environment.environmental-licence", "vn.environment.environmental-registration"


def can_be_filed(_name: str, case: Scenario) -> bool:
    """With every fact; the forms do not ask for a choice of law, which officers note."""
    return not case.id.startswith("missing") and case.given.get("filing.elects_new_law") is not True


@pytest.mark.parametrize(("name", "given"), list(worked_cases((LICENCE, REGISTRATION), can_be_filed)))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    through_the_form, direct = answered_both_ways(name, given)
    assert through_the_form == direct


@pytest.mark.parametrize(("name", "earlier"), [
    (LICENCE, ["status/districts", "waste/to_be_treated", "works/connected", "works/complete", "documents/technical",
               "activity/polluting"]),
    (REGISTRATION, ["general/plan2014", "plan_papers/plan", "progress/permit_needed"]),
])
def test_what_the_law_of_another_time_asks_is_not_asked_today(name: str, earlier: list[str]) -> None:
    assert hidden(filled(name, {}, NOW), earlier) == earlier


@pytest.mark.parametrize(("day", "approved_by", "not_asked"), [
    ("2026-05-17", "province", "works/trial_started"),
    ("2026-05-18", "province", "eia/permit"),
    ("2026-05-18", "none", "works/trial_started"),
    ("2027-02-28", "province", "eia/permit"),
    ("2027-03-01", "province", "works/trial_started"),
])
def test_an_eia_approved_under_earlier_law_turns_the_question_from_building_to_trial_operation(
        day: str, approved_by: str, not_asked: str) -> None:
    answers = {"project/kind": "project", "reason/why": "first", "eia/required": "no", "eia/approved_by": approved_by}
    assert hidden(filled(LICENCE, answers, morning_of(day)), ["eia/permit", "works/trial_started"]) == [not_asked]


@pytest.mark.parametrize(("name", "path", "wrong"), [
    (LICENCE, "waste/gas", "-1"),
    (LICENCE, "status/provinces", "64"),
    (LICENCE, "owner/code", "12"),
    (REGISTRATION, "general/communes", "0"),
    (REGISTRATION, "waste/water", "-0.1"),
    (REGISTRATION, "owner/email", "hoa@congty"),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, path: str, wrong: str) -> None:
    node = filled(name, {path: wrong}).get(f"/data/{path}")
    assert node is not None
    assert not node.valid
