"""Our answers and those of a DMN file, in one form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree

from motcua.dmn import export_dmn
from motcua.engine.evaluation import Scales
from motcua.engine.preparation import frame_of
from motcua.procedures import LawVersion, Procedure

MODEL = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"


@lru_cache(maxsize=8)
def scales(version: LawVersion) -> Scales:
    """The version compiled once for many cases."""
    return Scales(version)


def names_by_label(xml: bytes) -> dict[str, str]:
    """The FEEL name of each decision, by its label; a fact that is not always asked has one too."""
    return {each.get("label"): each.get("name") for each in etree.fromstring(xml).iter(f"{MODEL}decision")}


def as_input(value: Any) -> Any:
    """A value as the process of node takes it."""
    match value:
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return list(value)
        case Decimal():
            return float(value)
        case _:
            return value


def inputs(xml: bytes, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts under the names of the file's inputs."""
    given = etree.fromstring(xml).iter(f"{MODEL}inputData")
    return {each.get("name"): as_input(facts.get(each.get("label"))) for each in given}


def plain(value: Any) -> Any:
    """A value of either side, so that equal ones are equal."""
    match value:
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(each) for each in value]
        case bool() | None | str() | dict():
            return value
        case _:
            return round(float(value), 6)  # feelin reckons in binary fractions


def ours(version: LawVersion, facts: dict[str, Any]) -> dict[str, Any]:
    """What the law version says of facts, by the labels of the export. Refuses facts against `always`."""
    procedure: Procedure = version.procedure
    known, _ = frame_of(procedure).intake.take(facts, None)
    weighed = scales(version).weigh(known)
    found: dict[str, Any] = {name: weighed.env.get(name) for name in version.derived}
    if version.applies is not None:
        found["applies"] = weighed.applies
    states = zip(version.requirements, weighed.states, weighed.musts, strict=True)
    for requirement, state, (_, when) in states:
        found[f"requirement.{requirement.id}"] = {"met": True, "not_applicable": True, "unmet": False}.get(state)
        if requirement.when is not None:
            found[f"requirement.{requirement.id}.applies"] = when
    for document, needed in zip(version.documents, weighed.documents, strict=True):
        if document.when is not None:
            found[f"document.{document.id}"] = needed
    if version.documents:
        found["documents"] = [document.id for document, needed in
                              zip(version.documents, weighed.documents, strict=True) if needed] or None
    for name, decided in weighed.decided.items():
        found[name] = {"conflict": True} if decided.conflict else decided.value
    found.update((f"moves.{name}", moved) for name, moved in weighed.moves.items())
    found["outcome"] = weighed.outcome
    return {label: plain(value) for label, value in found.items()}


def question(version: LawVersion, cases: list[dict[str, Any]], *, guarded: bool = True) -> dict[str, Any]:
    """The law version as DMN with cases, as the process of node takes it."""
    xml = export_dmn(version, guarded=guarded)
    return {"xml": xml.decode(), "cases": [inputs(xml, facts) for facts in cases]}


def differences(version: LawVersion, cases: list[dict[str, Any]], reply: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every answer of the file that is not ours."""
    names = names_by_label(export_dmn(version))
    found = []
    for facts, answers in zip(cases, reply["answers"], strict=True):
        for label, value in ours(version, facts).items():
            got = plain(answers[names[label]])
            if got != value:
                found.append((str(version), label, value, got, facts))
    return found
