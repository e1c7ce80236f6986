"""A case of the bench and its address: the day, the facts as typed, and the day to compare with.

``?on=2026-07-01&licence.area=1.200,5&dispute=no&vs=2024-05-06``: a fact that is not in the address is
unknown, ``-`` is an empty list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from motcua.conditions import to_json
from motcua.errors import InputError
from motcua.forms.typed import show_number
from motcua.procedures import Fact, LawVersion, Procedure
from motcua.web.site.days import ChosenDay, chosen_day
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.questions import NONE, UNKNOWN, read_answer

if TYPE_CHECKING:
    from pyramid.request import Request

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """What an address says: ``typed`` by fact id, the facts read from it, what of it cannot be read."""

    chosen: ChosenDay
    versus: date | None
    typed: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Any]
    problems: Mapping[str, str]

    @property
    def day(self) -> date:
        """The law date."""
        return self.chosen.day

    @property
    def errors(self) -> list[ErrorLink]:
        """Everything wrong with the address, each leading to its field."""
        links = [ErrorLink(text, f"fact-{name}") for name, text in self.problems.items()]
        return [*self.chosen.errors, *links]

    def pairs(self, *, on: date | None = None, versus: date | None = None) -> Pairs:
        """The address of this case, on another day or beside another one."""
        days = [("on", (on or self.day).isoformat()), *([("vs", versus.isoformat())] if versus else [])]
        return [*days, *((name, value) for name, values in self.typed.items() for value in values)]


def read_case(request: Request, procedure: Procedure) -> Case:
    """The case of this address; names that are no facts are left aside, blank answers are unknown."""
    typed = {name: values for name in dict.fromkeys(request.GET)
             if name in procedure.facts and name != procedure.law_at
             and (values := tuple(value for value in request.GET.getall(name) if value.strip() not in ("", UNKNOWN)))}
    facts: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, values in typed.items():
        try:
            facts[name] = read_answer(procedure.facts[name], values, request.lang)
        except InputError as error:
            problems[name] = error.problems[0].message(request.lang)
    chosen = chosen_day(request, procedure)
    facts[procedure.law_at] = chosen.day
    return Case(chosen, _versus(request, procedure), typed, facts, problems)


def is_untidy(request: Request, case: Case) -> bool:
    """Whether the page came from its form: the case then deserves an address without what was left blank."""
    return "go" in request.GET and not case.errors


def address_of(procedure: Procedure, facts: Mapping[str, Any]) -> Pairs:
    """The address of typed facts, e.g. of a scenario."""
    day = facts.get(procedure.law_at)
    pairs = [("on", day.isoformat())] if isinstance(day, date) else []
    for name, value in facts.items():
        if name != procedure.law_at and value is not None:
            pairs += [(name, text) for text in _typed(procedure.facts[name], value)]
    return pairs


def _typed(fact: Fact, value: Any) -> Iterable[str]:
    """A value as one types it in Vietnamese notation, in the fact's unit."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return value or (NONE,)
    shown = to_json(fact.type, value)
    return (show_number(str(shown)) if fact.type.is_number else str(shown),)


def _versus(request: Request, procedure: Procedure) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get("vs", "")[:10])
        procedure.version_on(day)
    except ValueError:  # no date, or (InputError) a day the rules do not cover
        return None
    return day


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
