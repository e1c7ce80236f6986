"""The forms for the environmental licence and registration: each worked case can be filed, and gets its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.law.filing import filed

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.forms import (
    Clock,
    evaluate,
    load_form,
    new_instance,
    set_value,
)
from motcua.procedures import read_facts

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules")
NAMES = ("environmental-licence", "environmental-registration")
FORMS = {name: load_form(HOUSE / f"forms/environment/{name}.xml", strict=True) for name in NAMES}
# What the forms ask beside the facts, where not any text will do.
OTHER = {"code": "0100000001", "phone": "024 3795 6868", "email": "ten@vidu.vn"}


def procedure(name: str) -> CheckedProcedure:
    return CATALOGUE[f"vn.environment.{name}"]


def cases() -> Iterator[Any]:
    """The worked cases with every fact; the forms do not ask for a choice of law, which officers note."""
    for name in NAMES:
        for file in procedure(name).scenarios():
            for case in file.scenarios:
                given = dict(case.given)
                if not case.id.startswith("missing") and given.get("filing.elects_new_law") is not True:
                    yield pytest.param(name, given, id=f"{name}-{case.id}")


def received(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a case after it went through the form: typed in, sent, received."""
    return filed(FORMS[name], procedure(name).procedure, given, OTHER)[1]


def shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, papers and decisions of an assessment; whoever needs no procedure is told no more than that."""
    if answer["outcome"] == "not_required":
        return {"outcome": "not_required"}
    decisions = {name: found and found["value"] for name, found in answer["decisions"].items()}
    return {"outcome": answer["outcome"], "documents": answer["documents"], **decisions}


@pytest.mark.parametrize(("name", "given"), list(cases()))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    checked = procedure(name)
    direct = checked.check(read_facts(checked.procedure, given)).to_json()
    assert shown(checked.check(received(name, given)).to_json()) == shown(direct)


def test_what_the_law_of_another_time_asks_is_not_asked_today() -> None:
    clock = Clock(datetime(2026, 9, 15, 9))
    for name, hidden in {
        "environmental-licence": ["status/districts", "waste/to_be_treated", "works/connected", "works/complete",
                                  "documents/technical", "activity/polluting"],
        "environmental-registration": ["general/plan2014", "plan_papers/plan", "progress/permit_needed"],
    }.items():
        form = FORMS[name]
        state = evaluate(form, new_instance(form, clock), clock)
        assert [path for path in hidden if state.relevant(f"/data/{path}")] == []


@pytest.mark.parametrize(("day", "approved_by", "asked"), [
    ("2026-05-17", "province", ["eia/permit"]),
    ("2026-05-18", "province", ["works/trial_started"]),
    ("2026-05-18", "none", ["eia/permit"]),
    ("2027-02-28", "province", ["works/trial_started"]),
    ("2027-03-01", "province", ["eia/permit"]),
])
def test_an_eia_approved_under_earlier_law_turns_the_question_from_building_to_trial_operation(
        day: str, approved_by: str, asked: list[str]) -> None:
    clock, form = Clock(datetime.fromisoformat(f"{day}T09:00")), FORMS["environmental-licence"]
    instance = new_instance(form, clock)
    for path, answer in {"project/kind": "project", "reason/why": "first", "eia/required": "no",
                         "eia/approved_by": approved_by}.items():
        set_value(form, instance, f"/data/{path}", answer, clock)
    state = evaluate(form, instance, clock)
    assert [path for path in ("eia/permit", "works/trial_started") if state.relevant(f"/data/{path}")] == asked


@pytest.mark.parametrize(("name", "path", "wrong"), [
    ("environmental-licence", "waste/gas", "-1"),
    ("environmental-licence", "status/provinces", "64"),
    ("environmental-licence", "owner/code", "12"),
    ("environmental-registration", "general/communes", "0"),
    ("environmental-registration", "waste/water", "-0.1"),
    ("environmental-registration", "owner/email", "hoa@congty"),
])
def test_a_wrong_answer_is_told_at_its_question(name: str, path: str, wrong: str) -> None:
    clock, form = Clock(datetime(2026, 9, 15, 9)), FORMS[name]
    instance = new_instance(form, clock)
    set_value(form, instance, f"/data/{path}", wrong, clock)
    node = next(node for node in evaluate(form, instance, clock).nodes if node.path == f"/data/{path}")
    assert not node.valid
