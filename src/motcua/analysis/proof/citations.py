"""Grounds that are not in force: rules that rest on repealed texts, or on texts that never meet their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.words import CHANGE_DATES, plain, said
from motcua.law import Interval, Source, Text
from motcua.procedures import Applies, Document, LawVersion, Procedure, Requirement, Row, Transitional

Cited = Applies | Requirement | Document | Row
_DAY = timedelta(days=1)


def examine_citations(ground: Ground) -> None:
    """Judge the ground of every rule on each of its days."""
    for decision, item in cited(ground.procedure):
        subject = f"{decision}/{item.id}" if decision else item.id
        span = item.in_force.intersect(ground.procedure.covers)
        if span is None:
            _report(ground, decision, item, subject, ground.procedure.versions[0], Text(
                "“{}” không có hiệu lực vào ngày nào mà tệp quy định nói tới.",
                '"{}" is in force on no day of which the rule file speaks.'), plain(""))
            continue
        for fault in _faults(ground.procedure, item, span):
            for version in ground.procedure.versions:
                if version.interval.overlaps(fault.days):
                    where = said("{} ({})", "{} ({})", fault.sources, fault.days.words())
                    _report(ground, decision, item, subject, version, fault.text, where,
                            fault.days if fault.is_bare else None)
    _examine_clauses(ground)


def _examine_clauses(ground: Ground) -> None:
    """A clause needs a ground on its day, from which the later law may be followed."""
    for clause in ground.procedure.transitional:
        day = Interval(clause.between, clause.between)
        for fault in _faults(ground.procedure, clause, day):
            where = said("{} ({})", "{} ({})", fault.sources, day.words())
            _report(ground, "", clause, clause.id, ground.procedure.version_on(clause.between), fault.text, where)


def cited(procedure: Procedure) -> Iterator[tuple[str, Cited]]:
    """Every rule with a ground; rows with the decision they belong to."""
    items: list[Cited] = [*procedure.applies, *procedure.requirements, *procedure.documents]
    yield from (("", each) for each in items)
    yield from ((name, row) for name, decision in procedure.decisions.items() for row in decision.rows)


class Fault(NamedTuple):
    """Texts at fault, the days, what to say of them, and whether the rule has no ground at all on these days."""

    sources: Text
    days: Interval
    text: Text
    is_bare: bool


def _faults(procedure: Procedure, item: Cited | Transitional, span: Interval) -> Iterator[Fault]:
    if item.citation is None:
        return
    known = {place.source: procedure.sources[place.source] for place in item.citation.places
             if place.source in procedure.sources}
    if not known or any(place.source not in known for place in item.citation.places):
        return  # a ground outside the register may be in force on any day
    bare = list(without(span, [source.in_force for source in known.values()]))
    for days in bare:
        yield Fault(_titles(known.values()), days, Text(
            "“{}” dẫn căn cứ không có hiệu lực: {}.", '"{}" rests on a text that is not in force: {}.'), True)
    for source in known.values():
        if not bare and not source.in_force.overlaps(span):
            yield Fault(source.title, span, Text(
                "“{}” còn dẫn văn bản không có hiệu lực vào ngày nào của quy tắc: {}.",
                '"{}" also cites a text that is in force on no day of the rule: {}.'), False)


def _titles(sources: Iterable[Source]) -> Text:
    titles = [source.title for source in sources]
    return Text(", ".join(each.vi for each in titles), ", ".join(each.en for each in titles))


def without(span: Interval, others: list[Interval]) -> Iterator[Interval]:
    """The days of ``span`` that lie in none of the others, as intervals."""
    rest: list[Interval] = [span]
    for other in others:
        rest = [part for each in rest for part in _cut(each, other)]
    yield from sorted(rest, key=lambda each: (each.first is not None, each.first))


def _cut(span: Interval, other: Interval) -> Iterator[Interval]:
    common = span.intersect(other)
    if common is None:
        yield span
        return
    if common.first is not None and (span.first is None or span.first < common.first):
        yield Interval(span.first, common.first - _DAY)
    if common.last is not None and (span.last is None or common.last < span.last):
        yield Interval(common.last + _DAY, span.last)


def _report(ground: Ground, decision: str, item: Cited | Transitional, subject: str, version: LawVersion, text: Text,
            fault: Text, bare: Interval | None = None) -> None:
    title = plain(subject) if isinstance(item, Row) else item.title
    ground.report(Raw(
        "repealed_citation", subject, version, id(item), said(text.vi, text.en, title, fault), CHANGE_DATES,
        (item,), _reads(ground.procedure, item), decision=decision, cite=item.citation.text if item.citation else "",
        place=item.place, bare=bare))


def _reads(procedure: Procedure, item: Cited | Transitional) -> frozenset[str]:
    """Every name on which a rule rests, in whichever law version."""
    parts = [getattr(item, word, None) for word in ("when", "must", "then", "unless")]
    found: set[str] = set()
    waiting = [name for part in parts if part is not None for name in part.names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            derived = procedure.derived.get(name)
            waiting += [each for _, case in derived.cases for each in case.names] if derived else []
    return frozenset(found)
