"""A procedure without the days on which its rules rest on no text in force, so that what follows is not told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from motcua.analysis.proof.citations import without
from motcua.law import Interval
from motcua.procedures import Applies, Document, Procedure, Requirement, Row

Dated = TypeVar("Dated", Applies, Requirement, Document, Row)
BareDays = Mapping[int, list[Interval]]


def without_bare_days(procedure: Procedure, bare: BareDays) -> Procedure:
    """The rules (by identity) keep only the days that are not among their bare ones."""
    if not bare:
        return procedure
    decisions = {name: replace(decision, rows=tuple(_kept(decision.rows, bare)))
                 for name, decision in procedure.decisions.items()}
    return replace(procedure, applies=tuple(_kept(procedure.applies, bare)),
                   requirements=tuple(_kept(procedure.requirements, bare)),
                   documents=tuple(_kept(procedure.documents, bare)), decisions=decisions)


def _kept(items: Iterable[Dated], bare: BareDays) -> Iterator[Dated]:
    for item in items:
        if id(item) not in bare:
            yield item
        else:
            yield from (replace(item, in_force=days) for days in without(item.in_force, bare[id(item)]))
