"""The forms that ship, filled in and sent as an applicant would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from motcua.catalogue import Catalogue
from motcua.conditions import to_json
from motcua.engine import assess
from motcua.forms import (
    Clock,
    Form,
    FormReport,
    FormState,
    check,
    evaluate,
    extract,
    load_form,
    new_instance,
    parse_submission,
    set_value,
)
from motcua.procedures import Scenario, read_facts

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules", forms=HOUSE / "forms")
NOW = Clock(datetime(2026, 9, 15, 9, 30))
# what goes into required questions that give no fact; "OK" into the others
TYPED = {"code": "0100000001", "phone": "024 3795 6868", "email": "ten@vidu.vn"}


@cache
def form_of(name: str) -> Form:
    """The form of a procedure; nothing in it differs between ODK clients."""
    path = CATALOGUE[name].form_path
    assert path is not None
    return load_form(path, strict=True)


def morning_of(day: str) -> Clock:
    return Clock(datetime.fromisoformat(f"{day}T09:00"))


def filled(name: str, answers: Mapping[str, str], clock: Clock = NOW, **changes: str) -> FormState:
    """The form with ``answers`` by group/question, but for ``changes`` by group__question."""
    form = form_of(name)
    instance = new_instance(form, clock)
    for path, answer in {**answers, **{key.replace("__", "/"): answer for key, answer in changes.items()}}.items():
        set_value(form, instance, f"/data/{path}", answer, clock)
    return evaluate(form, instance, clock)


def sent(name: str, state: FormState, clock: Clock = NOW, files: Iterable[str] = ()) -> tuple[FormReport, dict[str, Any]]:
    """What is said of a form as it is sent, and the facts taken from it."""
    submission = parse_submission(state.instance.to_xml(pruned=True))
    report = check(state.form, submission, clock, files=files)
    assert report.pruned is not None
    taken = extract(state.form, report.pruned, CATALOGUE[name].procedure)
    assert not taken.errors
    return report, dict(taken.facts)


def accepted(name: str, state: FormState, clock: Clock = NOW, files: Iterable[str] = ()) -> dict[str, Any]:
    """The facts of a form in which nothing is wrong."""
    report, facts = sent(name, state, clock, files)
    assert report.valid, report.to_json()
    return facts


def answer_to(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered to facts that were taken from a form."""
    return assess(CATALOGUE[name].procedure, facts).to_json()


def hidden(state: FormState, questions: Iterable[str]) -> list[str]:
    """Those of some questions, or groups of them, that are not asked."""
    return [question for question in questions if not state.relevant(f"/data/{question}")]


# -- worked cases

def worked_cases(names: Iterable[str], can_be_filed: Callable[[str, Scenario], bool]) -> Iterator[Any]:
    """The worked cases that their form can ask, as parameters ``name, given``."""
    for name in names:
        for file in CATALOGUE[name].scenarios():
            for case in file.scenarios:
                if can_be_filed(name, case):
                    yield pytest.param(name, dict(case.given), id=f"{name.rpartition('.')[2]}-{case.id}")


def worked_case(name: str, case: str) -> dict[str, Any]:
    return next(dict(each.given) for file in CATALOGUE[name].scenarios() for each in file.scenarios if each.id == case)


def known(case: Scenario) -> set[str]:
    """The facts that a case gives."""
    return {fact for fact, value in case.given.items() if value is not None}


def filed(name: str, given: Mapping[str, Any]) -> tuple[FormReport, dict[str, Any]]:
    """What is said of a case typed into the form and sent, and the facts taken from it."""
    form, clock = form_of(name), morning_of(given["filing.received_on"])
    law = CATALOGUE[name].procedure
    facts = {fact: to_json(law.facts[fact].type, value) for fact, value in read_facts(law, given).items()}
    instance = new_instance(form, clock)
    for path, bind in form.binds.items():
        fact = bind.attributes.get("fact")
        if fact in facts and not bind.calculate:
            set_value(form, instance, path, _typed(facts[fact]), clock)
        elif fact is None and bind.required and "/attachments/" not in path:
            set_value(form, instance, path, TYPED.get(path.rpartition("/")[2], "OK"), clock)
    return sent(name, evaluate(form, instance, clock), clock)


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list | tuple) else str(value)


def answered_both_ways(name: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is answered to a case filed through the form, and to the case as it stands."""
    _, facts = filed(name, given)
    return _shown(answer_to(name, facts)), _shown(answer_to(name, read_facts(CATALOGUE[name].procedure, given)))


def _shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, failed conditions, papers and decisions; whoever needs no procedure is told no more than that."""
    if answer["outcome"] == "not_required":
        return {"outcome": "not_required"}
    decisions = {name: found and found["value"] for name, found in answer["decisions"].items()}
    return {"outcome": answer["outcome"], "failed": answer["failed"], "documents": answer["documents"], **decisions}
