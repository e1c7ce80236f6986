"""What would change the outcome of a case: the cheapest change of facts, the nearest days, and what is left to ask."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from motcua.analysis.change import Dates, WhatWouldChange, nearest_dates, what_would_change
from motcua.analysis.interview import Plan, plan
from motcua.errors import MotcuaError
from motcua.web.bench.trying.case import Case, address_of
from motcua.web.site.assessments import Words
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.web.bench.resources import BenchProcedure
    from motcua.web.bench.trying.answering import Answer

log = logging.getLogger(__name__)

#: So long may the search for a change hold up the page of a case, in seconds.
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class ShownSet:
    """A fact to change: its title, what it is and what it would have to be, how hard that is for the applicant."""

    title: str
    was: str
    now: str
    cost: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """Facts that make the case eligible when changed together, and the case they make."""

    sets: tuple[ShownSet, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day on which the same facts are eligible, and the case on that day."""

    word: Any
    day: date
    url: str


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What would make an ineligible case eligible.

    ``sentence`` introduces the changes, or says why there are none; ``blocked_by`` are the requirements that no
    change will meet, each with its citation. ``days`` is None where they were not looked for.
    """

    sentence: str
    changes: tuple[ShownChange, ...] = ()
    blocked_by: tuple[tuple[str, str], ...] = ()
    days: tuple[ShownDay, ...] | None = None


def ways_out(context: BenchProcedure, request: Request, case: Case, answer: Answer) -> WaysOut | None:
    """What would make this case eligible; None where it is not ineligible."""
    if answer.assessment is None or answer.assessment.outcome != "ineligible":
        return None
    procedure = context.checked.procedure
    try:
        found = what_would_change(procedure, case.facts, seconds=PATIENCE)
    except MotcuaError as error:
        if any(problem.code != "PROOF_001" for problem in error.problems):
            log.exception("no change of a case could be confirmed")
        sentence = " ".join(problem.message(request.lang) for problem in error.problems)
        return WaysOut(sentence, days=_days(context, request, case, nearest_dates(procedure, case.facts)))
    except Exception:
        # the solver is not ours: what it does must not take the page of the case down
        log.exception("what would change a case could not be worked out")
        return WaysOut(request.translate(_("It could not be worked out what would change it. The fault was logged.")))
    return _shown(context, request, case, found)


def interview(context: BenchProcedure, case: Case, answer: Answer) -> Plan | None:
    """What is worth asking, the best first, and what is not; None where the rules give no answer."""
    return plan(context.checked.procedure, case.facts) if answer.assessment is not None else None


def _shown(context: BenchProcedure, request: Request, case: Case, found: WhatWouldChange) -> WaysOut:
    procedure, lang = context.checked.procedure, request.lang
    words, said = Words(procedure, lang), found.to_json()
    changes = tuple(
        ShownChange(tuple(ShownSet(each[lang], each[f"was_{lang}"] if each["was"] is not None else "",
                                   each[f"now_{lang}"], each["cost"]) for each in told["sets"]),
                    request.page_url(context, query=address_of(procedure, change.facts(case.facts))))
        for change, told in zip(found.changes, said["changes"], strict=True))
    blocked = tuple((each[lang], words.citation(each["cite"])) for each in said["blocked_by"])
    return WaysOut(found.text.get(lang), changes, blocked, _days(context, request, case, found.dates))


def _days(context: BenchProcedure, request: Request, case: Case, dates: Dates | None) -> tuple[ShownDay, ...] | None:
    if dates is None:
        return None

    def each() -> Iterator[ShownDay]:
        for word, day in ((_("last before"), dates.before), (_("first after"), dates.after)):
            if day is not None:
                yield ShownDay(word, day, request.page_url(context, query=case.pairs(on=day)))

    return tuple(each())
