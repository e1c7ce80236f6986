"""The forms for survey licences and for groundwater drilling: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.filing import answered_both_ways, filed, filled, hidden, known, morning_of, worked_case, worked_cases

SURVEY, DRILLING = "vn.mapping.survey-mapping-licence", "vn.water.well-drilling-practice"
TODAY = morning_of("2026-11-26")


@pytest.mark.parametrize(("name", "given"), list(worked_cases(
    (SURVEY, DRILLING), lambda _name, case: "filing.received_on" in known(case))))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    through_the_form, direct = answered_both_ways(name, given)
    assert through_the_form == direct


@pytest.mark.parametrize(("name", "case"), [
    (SURVEY, "law-2026-enterprise"), (SURVEY, "law-2026-contractor"), (SURVEY, "law-2026-central-public-unit"),
    (SURVEY, "law-2019-enterprise"), (DRILLING, "medium-2026-hired"), (DRILLING, "large-2026"),
    (DRILLING, "papers-first-day-2026-forms"), (DRILLING, "large-2019"),
])
def test_a_whole_case_leaves_no_question_open(name: str, case: str) -> None:
    report, _facts = filed(name, worked_case(name, case))
    assert [(error.path, error.kind) for error in report.errors] == []


@pytest.mark.parametrize(("name", "answers", "not_asked", "asked"), [
    (SURVEY, {"organisation/kind": "enterprise"},
     ["staff/intermediate", "organisation/function", "bid/won", "documents/bid_decision"],
     ["organisation/central", "head/degree", "staff/required", "equipment/enough"]),
    (SURVEY, {"organisation/kind": "foreign_contractor"},
     ["organisation/central", "head/degree", "staff/count", "documents/head_papers"],
     ["bid/won", "bid/resources_match", "documents/bid_decision"]),
    (DRILLING, {"practice/casing": "90", "practice/flow": "150", "head/degree": "worker_3_7"},
     ["head/field_ok", "experience/projects", "experience/works_any", "earlier_law/application", "law_2024/application"],
     ["experience/drilled", "documents/application"]),
    (DRILLING, {"practice/casing": "168", "practice/flow": "1000", "head/degree": "university"},
     ["experience/drilled", "experience/works_200"], ["head/field_ok", "experience/projects", "experience/directed"]),
])
def test_only_what_concerns_the_applicant_today_is_asked(
    name: str, answers: dict[str, str], not_asked: list[str], asked: list[str],
) -> None:
    assert hidden(filled(name, answers, TODAY), not_asked + asked) == not_asked


@pytest.mark.parametrize(("name", "path", "wrong"), [
    (SURVEY, "contact/phone", "12"), (SURVEY, "contact/email", "hoa@congty"), (SURVEY, "activities/listed", "-1"),
    (DRILLING, "practice/casing", "0"), (DRILLING, "practice/flow", "-1"), (DRILLING, "applicant/code", "12345"),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, path: str, wrong: str) -> None:
    node = filled(name, {path: wrong}, TODAY).get(f"/data/{path}")
    assert node is not None
    assert not node.valid
