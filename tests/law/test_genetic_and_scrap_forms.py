"""The forms for genetic resources and for scrap inspection: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.law.filing import filed, shown

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.forms import (
    Clock,
    FormReport,
    evaluate,
    load_form,
    new_instance,
    set_value,
)
from motcua.procedures import read_facts

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules")
NAMES = ("genetic-access-licence", "genetic-access-registration", "scrap-conformity-assessment")
FORMS = {name: load_form(HOUSE / f"forms/environment/{name}.xml", strict=True) for name in NAMES}
TYPED = {"phone": "024 3795 6868"}


def procedure(name: str) -> CheckedProcedure:
    return CATALOGUE[f"vn.environment.{name}"]


def cases() -> Iterator[Any]:
    """The worked cases whose day is known, that being the day the form is filled in, and which the form can ask: what
    concerns organisations only, say, is not asked while it is open who applies, nor article 20 while the export is."""
    for name in NAMES:
        facts = procedure(name).procedure.facts
        for file in procedure(name).scenarios():
            for case in file.scenarios:
                known = {key for key, value in case.given.items() if value is not None}
                asked_first = {first for key in known if (when := facts[key].when) for first in when.names}
                asked_first |= {"access.export"} & facts.keys() if "access.article_20" in known else set()
                if {"filing.received_on"} | asked_first <= known:
                    yield pytest.param(name, dict(case.given), id=f"{name}-{case.id}")


def sent(name: str, given: Mapping[str, Any]) -> tuple[FormReport, dict[str, Any]]:
    return filed(FORMS[name], procedure(name).procedure, given, TYPED)


@pytest.mark.parametrize(("name", "given"), list(cases()))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    checked = procedure(name)
    direct = checked.check(read_facts(checked.procedure, given)).to_json()
    assert shown(checked.check(sent(name, given)[1]).to_json()) == shown(direct)


@pytest.mark.parametrize(("name", "case"), [
    ("genetic-access-licence", "company-2026"), ("genetic-access-licence", "last-day-in-time"),
    ("genetic-access-registration", "individual-2019"), ("scrap-conformity-assessment", "designation-2026"),
    ("scrap-conformity-assessment", "designation-2019"), ("scrap-conformity-assessment", "recognition-2026"),
])
def test_a_whole_case_leaves_no_question_open(name: str, case: str) -> None:
    given = next(each.given for file in procedure(name).scenarios() for each in file.scenarios if each.id == case)
    report, _facts = sent(name, given)
    assert [(error.path, error.kind) for error in report.errors] == []


def test_what_the_law_of_another_time_asks_is_not_asked_today() -> None:
    clock = Clock(datetime(2026, 9, 15, 9))
    for name, hidden in {
        "genetic-access-licence": ["earlier_law/confirmed_on", "earlier_law/commune_confirmed", "earlier_law/contract"],
        "genetic-access-registration": ["documents/form", "documents/legal_status"],
        "scrap-conformity-assessment": ["capacity/iso_17020", "capacity/inspectors"],
    }.items():
        form = FORMS[name]
        state = evaluate(form, new_instance(form, clock), clock)
        assert [path for path in hidden if state.relevant(f"/data/{path}")] == []


@pytest.mark.parametrize(("name", "path", "wrong"), [
    ("genetic-access-licence", "access/years", "0"),
    ("genetic-access-licence", "applicant/email", "hoa@congty"),
    ("genetic-access-registration", "applicant/phone", "12"),
    ("scrap-conformity-assessment", "founding/issued_on", "2026-09-16"),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, path: str, wrong: str) -> None:
    clock, form = Clock(datetime(2026, 9, 15, 9)), FORMS[name]
    instance = new_instance(form, clock)
    if path.startswith("founding/"):
        set_value(form, instance, "/data/founding/legal_person", "yes", clock)
    set_value(form, instance, f"/data/{path}", wrong, clock)
    node = next(node for node in evaluate(form, instance, clock).nodes if node.path == f"/data/{path}")
    assert not node.valid
