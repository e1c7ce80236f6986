"""The time line of a procedure's law: its versions in order, what changed at each border, where the case stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from motcua.engine import Assessment
from motcua.law import Text, in_figures
from motcua.procedures import Decision, Document, LawVersion, Procedure, Requirement, Transitional
from motcua.web.site.days import period
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.web.bench.resources import BenchProcedure
    from motcua.web.bench.trying.case import Case

ADDED, REPEALED, CHANGED, CITED_ANEW = _("new"), _("repealed"), _("changed"), _("new legal basis")
#: What happened to a thing → colour of its tag.
COLOURS: Mapping[Any, str] = {ADDED: "good", REPEALED: "bad", CHANGED: "open", CITED_ANEW: "quiet"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise from a day on: its kind, its title, what happened to it."""

    kind: Any
    title: Text
    what: Any

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return COLOURS[self.what]


@dataclass(frozen=True, slots=True)
class Stop:
    """A law version on the time line: the same case on its first day (``url``), and beside it (``versus_url``).

    ``since`` is its first day in figures and ``until`` its last, "" for open ends; ``words`` say both. ``changes`` are
    those of its first day, ``clauses`` the transitional clauses about that day. ``is_chosen``: the case takes from it
    what such a clause moves.
    """

    words: str
    since: str
    until: str
    url: str
    versus_url: str
    is_current: bool
    is_compared: bool
    is_today: bool
    is_chosen: bool
    changes: tuple[Change, ...]
    clauses: tuple[Transitional, ...]


def time_line(context: BenchProcedure, request: Request, case: Case,
              assessment: Assessment | None) -> tuple[Stop, ...]:
    """Every law version, oldest first."""
    procedure, lang = context.checked.procedure, request.lang
    choice = assessment.transitional if assessment else None
    chosen = choice.between if choice is not None and choice.chosen == "new" else None
    stops = []
    before: LawVersion | None = None
    for version in procedure.versions:
        interval, day = version.interval, _a_day_of(version, case)
        stops.append(Stop(
            period(interval, lang), _figures(interval.first), _figures(interval.last),
            request.page_url(context, query=case.pairs(on=day, versus=case.versus)),
            request.page_url(context, query=case.pairs(versus=day)),
            case.day in interval, case.versus is not None and case.versus in interval,
            request.now.date() in interval, chosen is not None and chosen in interval,
            tuple(changes(before, version)) if before is not None else (),
            tuple(clause for clause in procedure.transitional if clause.between == interval.first)))
        before = version
    return tuple(stops)


def changes(old: LawVersion, new: LawVersion) -> Iterator[Change]:
    """What differs between two law versions, in the order of the rule file."""
    if _wording(old.applies) != _wording(new.applies):
        title = new.applies.title if new.applies else old.applies.title if old.applies else Text("", "")
        yield Change(_("Whether the procedure is required"), title, CHANGED)
    yield from _items(_("Requirement"), {each.id: each for each in old.requirements},
                      {each.id: each for each in new.requirements})
    yield from _items(_("Document"), {each.id: each for each in old.documents},
                      {each.id: each for each in new.documents})
    for name, decision in new.decisions.items():
        if (what := _of_decision(old.decisions[name], decision)) is not None:
            yield Change(_("Decision"), decision.title, what)
    procedure: Procedure = new.procedure
    for name, derived in procedure.derived.items():
        meanings = tuple(None if (meaning := version.derived.get(name)) is None else meaning.text
                         for version in (old, new))
        if meanings[0] != meanings[1]:
            what = ADDED if meanings[0] is None else REPEALED if meanings[1] is None else CHANGED
            yield Change(_("Term"), derived.title, what)


def _items(kind: Any, old: Mapping[str, Requirement | Document],
           new: Mapping[str, Requirement | Document]) -> Iterator[Change]:
    for name, item in {**old, **new}.items():
        if name not in old:
            yield Change(kind, item.title, ADDED)
        elif name not in new:
            yield Change(kind, item.title, REPEALED)
        elif _wording(old[name]) != _wording(item):
            yield Change(kind, item.title, CHANGED)
        elif old[name].citation != item.citation:
            yield Change(kind, item.title, CITED_ANEW)


def _wording(item: Any) -> tuple[Any, ...]:
    """What a thing says, its citation and its dates left out."""
    parts = (getattr(item, name, None) for name in ("title", "copies", "form", "must", "when"))
    return tuple(getattr(part, "text", part) for part in parts)


def _of_decision(old: Decision, new: Decision) -> Any:
    rows = [[(row.when.text if row.when else "", getattr(row.then, "text", row.then), row.overrides)
             for row in decision.rows] for decision in (old, new)]
    if rows[0] == rows[1]:
        cited = [[row.citation for row in decision.rows] for decision in (old, new)]
        return CITED_ANEW if cited[0] != cited[1] else None
    return ADDED if not rows[0] else REPEALED if not rows[1] else CHANGED


def _a_day_of(version: LawVersion, case: Case) -> date:
    interval = version.interval
    if case.day in interval:
        return case.day
    return interval.first or interval.last or case.day


def _figures(day: date | None) -> str:
    return in_figures(day) if day is not None else ""
