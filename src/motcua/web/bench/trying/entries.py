"""The facts of a case as the bench asks them: in sections, each known, unknown or not applicable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from motcua.conditions import evaluate, show_value
from motcua.law import Text
from motcua.procedures import Fact, LawVersion, Procedure, Titles
from motcua.web.bench.trying.case import Case
from motcua.web.site.questions import Control, control_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on the bench.

    ``state``: known, unknown, missing (worth asking), idle (can no longer change the outcome), or not_applicable.
    """

    fact: Fact
    control: Control
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class Section:
    """The facts with the same first part of their ids."""

    id: str
    title: Text
    entries: tuple[Entry, ...]

    @property
    def known(self) -> int:
        """How many of them are given."""
        return sum(entry.state == "known" for entry in self.entries)


def sections(procedure: Procedure, titles: Titles, case: Case, asking: tuple[tuple[str, ...], tuple[str, ...]],
             lang: str, wanted: frozenset[str]) -> Iterator[Section]:
    """The wanted facts in file order, by the first part of their ids; single ones together at the end.

    ``asking`` are the facts worth asking, and those that can no longer change the outcome.
    """
    facts = [fact for name, fact in procedure.facts.items() if name in wanted and name != procedure.law_at]
    order = {prefix: place for place, prefix in reversed(list(enumerate(map(_prefix, facts))))}
    ordered = sorted(facts, key=lambda fact: (not _prefix(fact), order[_prefix(fact)]))
    for prefix, members in groupby(ordered, key=_prefix):
        entries = tuple(_entry(procedure, case, asking, lang, fact) for fact in members)
        yield Section(prefix or "other", titles.section(prefix), entries)


def given_facts(procedure: Procedure, case: Case, lang: str) -> list[tuple[str, str]]:
    """Title and value of every fact that is known, the law date first."""
    names = [procedure.law_at, *(name for name in procedure.facts if name in case.typed)]
    return [(procedure.facts[name].title.get(lang),
             show_value(procedure.facts[name].type, case.facts[name], lang, procedure.labels))
            for name in names if name in case.facts]


def facts_read(version: LawVersion) -> frozenset[str]:
    """The facts that a law version reads, directly or through derived names and the facts' own ``when``."""
    procedure = version.procedure
    pending = [procedure.law_at]
    conditions: list[Any] = [*version.derived.values(), *([version.applies.when] if version.applies else [])]
    conditions += [part for each in version.requirements for part in (each.must, each.when) if part]
    conditions += [each.when for each in version.documents if each.when]
    conditions += [clause.unless for clause in procedure.transitional if clause.unless]
    for decision in version.decisions.values():
        conditions += [part for row in decision.rows for part in (row.when, row.then) if part]
        pending += [decision.starts_from] if decision.starts_from else []
    pending += [name for condition in conditions for name in condition.names]
    found: set[str] = set()
    while pending:
        name = pending.pop()
        fact = procedure.facts.get(name)
        if fact is not None and name not in found:
            found.add(name)
            pending += list(fact.when.names) if fact.when is not None else []
    return frozenset(found)


def _prefix(fact: Fact) -> str:
    return fact.id.rpartition(".")[0].partition(".")[0]


def _entry(procedure: Procedure, case: Case, asking: tuple[tuple[str, ...], tuple[str, ...]], lang: str,
           fact: Fact) -> Entry:
    missing, idle = asking
    control = control_of(fact, procedure, lang, case.typed.get(fact.id, ()))
    if fact.when is not None and evaluate(fact.when, case.facts) is False:
        state = "not_applicable"
    else:
        state = ("known" if fact.id in case.typed else "missing" if fact.id in missing
                 else "idle" if fact.id in idle else "unknown")
    return Entry(fact, control, state, case.problems.get(f"fact-{fact.id}", ""))
