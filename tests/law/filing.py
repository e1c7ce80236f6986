"""Worked cases filed through a form, as an applicant would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.forms import (
    Clock,
    Form,
    FormReport,
    check,
    evaluate,
    extract,
    new_instance,
    parse_submission,
    set_value,
)
from motcua.procedures import Procedure


def answer_of(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list | tuple) else str(value)


def filed(form: Form, law: Procedure, given: Mapping[str, Any], typed: Mapping[str, str]) -> tuple[FormReport, dict[str, Any]]:
    """What is said of a case typed into the form and sent, and the facts taken from it.

    ``typed`` is what goes into required questions of those names that give no fact; "OK" goes into the others.
    """
    clock = Clock(datetime.fromisoformat(f"{given['filing.received_on']}T09:00"))
    instance = new_instance(form, clock)
    for path, bind in form.binds.items():
        fact = bind.attributes.get("fact")
        if fact is not None and given.get(fact) is not None and not bind.calculate:
            set_value(form, instance, path, answer_of(given[fact]), clock)
        elif fact is None and bind.required and "/attachments/" not in path:
            set_value(form, instance, path, typed.get(path.rpartition("/")[2], "OK"), clock)
    sent = parse_submission(evaluate(form, instance, clock).instance.to_xml(pruned=True))
    report = check(form, sent, clock)
    assert report.pruned is not None
    taken = extract(form, report.pruned, law)
    assert not taken.errors
    return report, dict(taken.facts)


def shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, failed conditions, papers and decisions; whoever needs no procedure is told no more than that."""
    if answer["outcome"] == "not_required":
        return {"outcome": "not_required"}
    decisions = {name: found and found["value"] for name, found in answer["decisions"].items()}
    return {"outcome": answer["outcome"], "failed": answer["failed"], "documents": answer["documents"], **decisions}
