"""What a rule file says and probably should not: dead citations, unused words, overlaps, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from motcua.conditions import Expression
from motcua.errors import Place, Problem, RuleFileError
from motcua.law import Citation, Interval, did_you_mean
from motcua.procedures.loader import SERVICES_FILE, SOURCES_FILE, load_sources, read_file, rule_files
from motcua.procedures.model import (
    Applies,
    Decision,
    Document,
    Fact,
    Grid,
    Procedure,
    Requirement,
    Row,
)
from motcua.procedures.services import load_services
from motcua.procedures.sharing import unused_parts
from motcua.procedures.titles import load_titles
from motcua.procedures.trials import gaps, overlaps
from motcua.procedures.whole_money import rows_with_fractions

_Cited = Applies | Requirement | Document | Row


def lint_common(rules: Path, procedures: Mapping[str, Procedure]) -> list[Problem]:
    """Errors and warnings of what the procedures of a folder have in common: shared parts, titles, services."""
    return [*_unused_parts(rules), *_titles(rules), *_services(rules, procedures)]


def _unused_parts(folder: Path) -> Iterator[Problem]:
    try:
        register = load_sources(folder / SOURCES_FILE)
        yield from unused_parts(register.shared, map(read_file, rule_files(folder)) if register.shared else ())
    except RuleFileError:
        return  # told already


def _titles(folder: Path) -> Iterator[Problem]:
    try:
        load_titles(folder)
    except RuleFileError as error:
        yield from error.problems


def _services(folder: Path, found: Mapping[str, Procedure]) -> Iterator[Problem]:
    try:
        services = load_services(folder)
    except RuleFileError as error:
        yield from error.problems
        return
    for service in services.services if services is not None else ():
        if service.procedure is not None and service.procedure not in found:
            params = {"procedure": service.procedure, "hint": did_you_mean(service.procedure, found)}
            yield Problem("SCEN_007", params, Place(str(folder / SERVICES_FILE)))


def lint_procedure(procedure: Procedure) -> list[Problem]:
    """Errors and warnings of one sound procedure; a finding that the file says is meant so is none."""
    meant = {(each.kind, each.subject.partition("/")[0]) for each in procedure.intended}
    found = [*_unchecked(procedure), *_citations(procedure), *_unused(procedure), *_grids(procedure),
             *_twins(procedure), *_fractions(procedure), *overlaps(procedure), *gaps(procedure)]
    return [problem for problem in found if _finding(problem) not in meant]


def _finding(problem: Problem) -> tuple[str, str] | None:
    """What the proof calls a warning, and the fact or decision it is about."""
    kind = {"RULE_105": "unused_fact", "RULE_108": "overlap", "RULE_109": "gap"}.get(problem.code)
    return (kind, str(problem.params["subject"])) if kind else None


def warning(code: str, place: Place | None, **params: object) -> Problem:
    """A problem that does not stop anything."""
    return Problem(code, params, place, "warning")


def _unchecked(procedure: Procedure) -> Iterator[Problem]:
    if procedure.unchecked is not None:
        yield warning("RULE_115", Place(procedure.path, 1, 1, "unchecked"), why=procedure.unchecked)


def _citations(procedure: Procedure) -> Iterator[Problem]:
    for item in _cited(procedure):
        if not item.in_force.overlaps(procedure.covers):
            yield warning("RULE_104", item.place, id=item.id, in_force=str(item.in_force),
                          covers=str(procedure.covers))
        elif item.citation is not None:
            yield from _in_force(item, item.citation, procedure)
        elif not isinstance(item, Applies):
            yield Problem("RULE_101", {"id": item.id}, item.place)


def _cited(procedure: Procedure) -> Iterator[_Cited]:
    yield from procedure.applies
    yield from procedure.requirements
    yield from procedure.documents
    for decision in procedure.decisions.values():
        yield from decision.rows


def _in_force(item: _Cited, citation: Citation, procedure: Procedure) -> Iterator[Problem]:
    sources = procedure.sources
    cited = [sources[place.source] for place in citation.places if place.source in sources]
    if not cited:
        yield warning("RULE_103", item.place, id=item.id)
        return
    dead = [version.interval for version in procedure.versions if version.interval.overlaps(item.in_force)
            and not any(source.in_force.overlaps(version.interval) for source in cited)]
    for interval in _joined(dead):
        keys = ", ".join(dict.fromkeys(source.key for source in cited))
        yield Problem("RULE_102", {"id": item.id, "in_force": str(interval), "sources": keys}, item.place)


def _joined(intervals: list[Interval]) -> list[Interval]:
    """Neighbouring law versions as one interval, to report them once."""
    joined: list[Interval] = []
    for interval in intervals:
        last = joined[-1].last if joined else None
        if last is not None and interval.first is not None and (interval.first - last).days == 1:
            joined[-1] = Interval(joined[-1].first, interval.last)
        else:
            joined.append(interval)
    return joined


def _unused(procedure: Procedure) -> Iterator[Problem]:
    used = names_used(procedure)
    for fact in procedure.facts.values():
        if fact.id not in used:
            yield warning("RULE_105", fact.place, name=fact.id, subject=fact.id)
    for derived in procedure.derived.values():
        if derived.id not in used:
            yield warning("RULE_106", derived.place, name=derived.id)
    typed: tuple[Fact | Decision, ...] = (*procedure.facts.values(), *procedure.decisions.values())
    lists = {thing.type.list for thing in typed}
    for listing in procedure.lists.values():
        if listing.name not in lists:
            yield warning("RULE_107", listing.place, name=listing.name)


def names_used(procedure: Procedure) -> frozenset[str]:
    """Every fact, derived name and decision that something in the procedure reads."""
    used = {procedure.law_at}
    used.update(decision.starts_from for decision in procedure.decisions.values() if decision.starts_from)
    for part in _conditions(procedure):
        used.update(part.names)
    return frozenset(used)


def _conditions(procedure: Procedure) -> Iterator[Expression | Grid]:
    for derived in procedure.derived.values():
        yield from (case for _, case in derived.cases)
    yield from (always.holds for always in procedure.always)
    yield from (applies.when for applies in procedure.applies)
    yield from (requirement.must for requirement in procedure.requirements)
    yield from (clause.unless for clause in procedure.transitional)
    guarded: tuple[object, ...] = (*procedure.facts.values(), *procedure.requirements, *procedure.documents)
    rows = [row for decision in procedure.decisions.values() for row in decision.rows]
    yield from (row.then for row in rows)
    for item in (*guarded, *rows):
        when = getattr(item, "when", None)
        if when is not None:
            yield when


def _grids(procedure: Procedure) -> Iterator[Problem]:
    for decision in procedure.decisions.values():
        for row in decision.rows:
            if isinstance(row.then, Grid):
                values = procedure.types[row.then.across].values
                missing = [value for value in values if value not in row.then.columns]
                if missing:
                    yield warning("RULE_110", row.place, id=row.id, values=", ".join(missing))


def _fractions(procedure: Procedure) -> Iterator[Problem]:
    for decision, row in rows_with_fractions(procedure):
        yield warning("RULE_116", row.place, id=row.id, decision=decision.id)


def _twins(procedure: Procedure) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for version in procedure.versions:
        by_title: dict[str, Document] = {}
        for document in version.documents:
            other = by_title.setdefault(document.title.vi.casefold(), document)
            pair = (other.id, document.id)
            if other is not document and pair not in seen:
                seen.add(pair)
                yield warning("RULE_111", document.place, id=other.id, other=document.id,
                              in_force=str(version))


