"""A case of the bench and its address: the day, the facts as typed, and the day to compare with.

``?on=2026-07-01&licence.area=1.200,5&dispute=no&vs=2024-05-06``: a fact that is not in the address is
unknown, ``-`` is an empty list. What the address says and nobody understands is told, never left aside: the
answer would be that of another case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from motcua.conditions import to_json
from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date, show_number
from motcua.law import did_you_mean
from motcua.procedures import Fact, Procedure
from motcua.web.site.days import ChosenDay, chosen_day, read_day
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import NONE, UNKNOWN, read_answer

if TYPE_CHECKING:
    from pyramid.request import Request

Pairs = list[tuple[str, str]]

#: What an address may hold beside facts.
OTHER_NAMES = ("on", "vs", "day", "month", "year", "go", "lang")
#: So many unknown names are told one by one.
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Case:
    """What an address says: ``typed`` by fact id, the facts read from it, what of it cannot be read.

    ``problems`` are by the id of the field they belong to, ``errors`` hold all of them for the summary;
    ``versus_typed`` is the day to compare with, as typed.
    """

    chosen: ChosenDay
    versus: date | None
    versus_typed: str
    typed: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Any]
    problems: Mapping[str, str]
    errors: tuple[ErrorLink, ...] = ()

    @property
    def day(self) -> date:
        """The law date."""
        return self.chosen.day

    def pairs(self, *, on: date | None = None, versus: date | None = None) -> Pairs:
        """The address of this case, on another day or beside another one."""
        days = [("on", (on or self.day).isoformat()), *([("vs", versus.isoformat())] if versus else [])]
        return [*days, *((name, value) for name, values in self.typed.items() for value in values)]


def read_case(request: Request, procedure: Procedure, others: tuple[str, ...] = ()) -> Case:
    """The case of this address; blank answers are unknown. ``others`` are names that the page understands beside it."""
    chosen = chosen_day(request, procedure)
    typed = {name: values for name in dict.fromkeys(request.GET)
             if name in procedure.facts and name != procedure.law_at
             and (values := tuple(value for value in request.GET.getall(name) if value.strip() not in ("", UNKNOWN)))}
    facts, problems = _read_facts(procedure, typed, request.lang)
    facts[procedure.law_at] = chosen.day
    titles = {f"fact-{name}": fact.title.get(request.lang) for name, fact in procedure.facts.items()}
    versus_typed, versus = request.GET.get("vs", "").strip(), None
    try:
        versus = _versus(versus_typed, procedure)
    except InputError as error:
        titles["versus"] = request.translate(_("Compare with the law of"))
        problems = {"versus": error.problems[0].message(request.lang), **problems}
    links = [ErrorLink(f"{titles[field]}: {text}", field) for field, text in problems.items()]
    links += [ErrorLink(problem.message(request.lang)) for problem in _strangers(request, procedure, others)]
    shown = show_date(versus.isoformat()) if versus else versus_typed
    return Case(chosen, versus, shown, typed, facts, problems, (*chosen.errors, *links))


def is_untidy(request: Request, case: Case) -> bool:
    """Whether the page came from its form: the case then deserves an address without what was left blank."""
    return not case.errors and ("go" in request.GET or case.chosen.is_typed)


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
    return (show_number(format(Decimal(str(shown)), "f")) if fact.type.is_number else str(shown),)


def _read_facts(procedure: Procedure, typed: Mapping[str, tuple[str, ...]],
                lang: str) -> tuple[dict[str, Any], dict[str, str]]:
    facts: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, values in typed.items():
        try:
            facts[name] = _read(procedure.facts[name], values, lang)
        except InputError as error:
            problems[f"fact-{name}"] = error.problems[0].message(lang)
    return facts, problems


def _read(fact: Fact, values: tuple[str, ...], lang: str) -> Any:
    if fact.type.kind == "list of":
        if NONE in values and len(values) > 1:
            raise InputError(Problem("WEB_141", {"label": fact.title}))
        values = tuple(dict.fromkeys(values))
    elif len(values) > 1:
        raise InputError(Problem("WEB_142", {"label": fact.title, "values": ", ".join(values)[:60]}))
    return read_answer(fact, values, lang)


def _versus(typed: str, procedure: Procedure) -> date | None:
    if not typed:
        return None
    day = read_day(typed)
    procedure.version_on(day)
    return day


def _strangers(request: Request, procedure: Procedure, others: tuple[str, ...]) -> Iterator[Problem]:
    known = [name for name in procedure.facts if name != procedure.law_at]
    strange = [name for name in dict.fromkeys(request.GET) if name not in (*OTHER_NAMES, *others, *known)]
    for name in strange[:MOST_TOLD]:
        yield Problem("WEB_143", {"name": name[:60], "hint": did_you_mean(name[:60], known)})
    if len(strange) > MOST_TOLD:
        yield Problem("WEB_144", {"count": len(strange) - MOST_TOLD})
