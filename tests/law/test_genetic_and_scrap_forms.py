"""The forms for genetic resources and for scrap inspection: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.filing import CATALOGUE, answered_both_ways, filed, filled, hidden, known, worked_case, worked_cases

from motcua.procedures import Scenario

LICENCE, REGISTRATION = "vn.environment.genetic-access-licence", "vn.environment.genetic-access-registration"
SCRAP = "vn.environment.scrap-conformity-assessment"


def can_be_filed(name: str, case: Scenario) -> bool:
    """Where the day is known, that being the day the form is filled in, and the form asks what is given: what concerns
    organisations only, say, is not asked while it is open who applies, nor article 20 while the export is."""
    facts, given = CATALOGUE[name].procedure.facts, known(case)
    asked_first = {first for key in given if (when := facts[key].when) for first in when.names}
    asked_first |= {"access.export"} & facts.keys() if "access.article_20" in given else set()
    return {"filing.received_on"} | asked_first <= given


@pytest.mark.parametrize(("name", "given"), list(worked_cases((LICENCE, REGISTRATION, SCRAP), can_be_filed)))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    through_the_form, direct = answered_both_ways(name, given)
    assert through_the_form == direct


@pytest.mark.parametrize(("name", "case"), [
    (LICENCE, "company-2026"), (LICENCE, "last-day-in-time"), (REGISTRATION, "individual-2019"),
    (SCRAP, "designation-2026"), (SCRAP, "designation-2019"), (SCRAP, "recognition-2026"),
])
def test_a_whole_case_leaves_no_question_open(name: str, case: str) -> None:
    report, _facts = filed(name, worked_case(name, case))
    assert [(error.path, error.kind) for error in report.errors] == []


@pytest.mark.parametrize(("name", "earlier"), [
    (LICENCE, ["earlier_law/confirmed_on", "earlier_law/commune_confirmed", "earlier_law/contract"]),
    (REGISTRATION, ["documents/form", "documents/legal_status"]),
    (SCRAP, ["capacity/iso_17020", "capacity/inspectors"]),
])
def test_what_the_law_of_another_time_asks_is_not_asked_today(name: str, earlier: list[str]) -> None:
    assert hidden(filled(name, {}), earlier) == earlier


@pytest.mark.parametrize(("name", "answers"), [
    (LICENCE, {"access/years": "0"}),
    (LICENCE, {"applicant/email": "hoa@congty"}),
    (REGISTRATION, {"applicant/phone": "12"}),
    (SCRAP, {"founding/legal_person": "yes", "founding/issued_on": "2026-09-16"}),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, answers: dict[str, str]) -> None:
    node = filled(name, answers).get(f"/data/{list(answers)[-1]}")
    assert node is not None
    assert not node.valid
