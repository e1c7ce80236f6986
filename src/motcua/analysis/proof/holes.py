"""Days left out: a rule stands before and after them, and on these few days alone it is not in force.

Longer pauses are law: a resolution suspends a rule for months. A day or a few between two wordings is a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from motcua.analysis.proof.citations import without
from motcua.analysis.proof.digests import shown
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.words import CHANGE_DAYS, said
from motcua.law import Interval, Text
from motcua.procedures import Applies, Document, Procedure, Requirement, Row

MOST_DAYS: Final = 7

_RULE: Final = Text("“{}” không có hiệu lực {}, dù có hiệu lực trước và sau đó.",
                    '"{}" is not in force {}, although it is before and after.')
_TABLE: Final = Text("“{}” không có dòng nào có hiệu lực {}, dù có trước và sau đó.",
                     '"{}" has no row in force {}, although it has before and after.')
_SCOPE: Final = Text("“{}” không có mục applies nào có hiệu lực {}, dù có trước và sau đó: lúc ấy không bắt buộc.",
                     '"{}" has no entry of applies in force {}, although it has before and after: it is not '
                     "required then.")


class _Group(NamedTuple):
    """Entries that are one thing over time, its id and title, and what to say of days between them."""

    items: Sequence[Requirement | Document | Applies | Row]
    id: str
    title: Text
    text: Text
    decision: str = ""


def examine_holes(ground: Ground) -> None:
    """Report the few days on which a requirement, a document, a table or the scope is left out."""
    for group in _groups(ground.procedure):
        for days in _holes([each.in_force for each in group.items]):
            _report(ground, group, days)


def _groups(procedure: Procedure) -> Iterator[_Group]:
    rules: list[Requirement | Document] = [*procedure.requirements, *procedure.documents]
    ids = _grouped((type(each), each.id, each) for each in rules)
    # a requirement that says the same under another id goes on
    conditions = _grouped((shown(each.when), each.must.show(), each) for each in procedure.requirements)
    for wordings in (*ids, *(group for group in conditions if len({each.id for each in group}) > 1)):
        yield _Group(wordings, wordings[0].id, wordings[0].title, _RULE)
    yield _Group(procedure.applies, "applies", procedure.title, _SCOPE)
    for decision in procedure.decisions.values():
        yield _Group(decision.rows, decision.id, decision.title, _TABLE, decision.id)


def _grouped(items: Iterable[tuple[Any, str, Requirement | Document]]) -> Iterable[list[Requirement | Document]]:
    found: dict[tuple[Any, str], list[Requirement | Document]] = {}
    for kind, key, each in items:
        found.setdefault((kind, key), []).append(each)
    return found.values()


def _holes(spans: Sequence[Interval]) -> Iterator[Interval]:
    """The short intervals that lie in none of these, but between them."""
    if not spans:
        return
    ends = [each.last for each in spans]
    last = None if None in ends else max(day for day in ends if day is not None)
    first = min((each.first for each in spans), key=lambda day: day or date.min)
    for days in without(Interval(first, last), list(spans)):
        if days.first is not None and days.last is not None and (days.last - days.first).days < MOST_DAYS:
            yield days


def _report(ground: Ground, group: _Group, days: Interval) -> None:
    later = [each for each in group.items if each.in_force.first and days.last and each.in_force.first > days.last]
    after = min(later, key=lambda each: each.in_force.first or date.max)
    for version in ground.procedure.versions:
        if version.interval.overlaps(days):
            ground.report(Raw(
                "gap", group.id, version, (group.id, str(days)),
                said(group.text.vi, group.text.en, group.title, days.words()), CHANGE_DAYS, tuple(group.items),
                frozenset(), decision=group.decision, cite=after.citation.text if after.citation else "",
                place=after.place))
