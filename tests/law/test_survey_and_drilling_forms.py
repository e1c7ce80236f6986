"""The forms for survey licences and for groundwater drilling: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.law.filing import filed, shown

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.engine import assess
from motcua.forms import (
    Clock,
    FormReport,
    evaluate,
    load_form,
    new_instance,
    set_value,
)

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules")
NAMES = ("mapping/survey-mapping-licence", "water/well-drilling-practice")
FORMS = {name: load_form(HOUSE / f"forms/{name}.xml", strict=True) for name in NAMES}
TYPED = {"phone": "024 3795 6868", "code": "0101234567"}


def procedure(name: str) -> CheckedProcedure:
    return CATALOGUE[f"vn.{name.replace('/', '.')}"]


def cases() -> Iterator[Any]:
    """The worked cases whose day is known, that being the day the form is filled in."""
    for name in NAMES:
        for file in procedure(name).scenarios():
            for case in file.scenarios:
                if case.given.get("filing.received_on") is not None:
                    yield pytest.param(name, dict(case.given), id=f"{name.partition('/')[2]}-{case.id}")


def sent(name: str, given: Mapping[str, Any]) -> tuple[FormReport, dict[str, Any]]:
    return filed(FORMS[name], procedure(name).procedure, given, TYPED)


@pytest.mark.parametrize(("name", "given"), list(cases()))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    checked = procedure(name)
    direct = checked.check(given).to_json()
    assert shown(assess(checked.procedure, sent(name, given)[1]).to_json()) == shown(direct)


@pytest.mark.parametrize(("name", "case"), [
    (NAMES[0], "law-2026-enterprise"), (NAMES[0], "law-2026-contractor"), (NAMES[0], "law-2026-central-public-unit"),
    (NAMES[0], "law-2019-enterprise"), (NAMES[1], "medium-2026-hired"), (NAMES[1], "large-2026"),
    (NAMES[1], "papers-first-day-2026-forms"), (NAMES[1], "large-2019"),
])
def test_a_whole_case_leaves_no_question_open(name: str, case: str) -> None:
    given = next(each.given for file in procedure(name).scenarios() for each in file.scenarios if each.id == case)
    report, _facts = sent(name, given)
    assert [(error.path, error.kind) for error in report.errors] == []


@pytest.mark.parametrize(("name", "answers", "hidden", "asked"), [
    (NAMES[0], {"organisation/kind": "enterprise"}, ["staff/intermediate", "organisation/function", "bid/won", "documents/bid_decision"],
     ["organisation/central", "head/degree", "staff/required", "equipment/enough"]),
    (NAMES[0], {"organisation/kind": "foreign_contractor"}, ["organisation/central", "head/degree", "staff/count", "documents/head_papers"],
     ["bid/won", "bid/resources_match", "documents/bid_decision"]),
    (NAMES[1], {"practice/casing": "90", "practice/flow": "150", "head/degree": "worker_3_7"},
     ["head/field_ok", "experience/projects", "experience/works_any", "earlier_law/application", "law_2024/application"],
     ["experience/drilled", "documents/application"]),
    (NAMES[1], {"practice/casing": "168", "practice/flow": "1000", "head/degree": "university"},
     ["experience/drilled", "experience/works_200"], ["head/field_ok", "experience/projects", "experience/directed"]),
])
def test_only_what_concerns_the_applicant_today_is_asked(
    name: str, answers: dict[str, str], hidden: list[str], asked: list[str],
) -> None:
    clock, form = Clock(datetime(2026, 11, 26, 9)), FORMS[name]
    instance = new_instance(form, clock)
    for path, value in answers.items():
        set_value(form, instance, f"/data/{path}", value, clock)
    state = evaluate(form, instance, clock)
    assert [path for path in hidden if state.relevant(f"/data/{path}")] == []
    assert [path for path in asked if not state.relevant(f"/data/{path}")] == []


@pytest.mark.parametrize(("name", "path", "wrong"), [
    (NAMES[0], "contact/phone", "12"), (NAMES[0], "contact/email", "hoa@congty"), (NAMES[0], "activities/listed", "-1"),
    (NAMES[1], "practice/casing", "0"), (NAMES[1], "practice/flow", "-1"), (NAMES[1], "applicant/code", "12345"),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, path: str, wrong: str) -> None:
    clock, form = Clock(datetime(2026, 11, 26, 9)), FORMS[name]
    instance = new_instance(form, clock)
    set_value(form, instance, f"/data/{path}", wrong, clock)
    node = next(node for node in evaluate(form, instance, clock).nodes if node.path == f"/data/{path}")
    assert not node.valid
