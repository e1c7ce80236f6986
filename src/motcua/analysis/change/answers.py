"""What is said of an ineligible case: the cheapest changes, or what blocks them, and the nearest eligible days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from motcua.analysis.change.dates import Dates, nearest_dates
from motcua.analysis.change.ways import Change, Set
from motcua.conditions import show_value, to_json
from motcua.engine import Assessment, assess
from motcua.errors import InputError, MotcuaError, Problem, RuleFault
from motcua.law import Text
from motcua.procedures import Procedure

SECONDS: Final = 10.0
MOST_ALTERNATIVES: Final = 3
State = Literal["changes", "blocked", "no_answer", "not_ineligible"]

_SAID: Final[Mapping[State, Text]] = {
    "changes": Text("Cách ít tốn kém nhất để đủ điều kiện (đã chứng minh):",
                    "The cheapest way to become eligible (proved):"),
    "blocked": Text("Người nộp không thể thay đổi điều gì để đủ điều kiện. Điều kiện cản trở:",
                    "Nothing the applicant can change makes the case eligible. What blocks it:"),
    "no_answer": Text("Chưa tìm được câu trả lời trong thời gian cho phép.", "No answer within the time limit."),
    "not_ineligible": Text("Chỉ tìm cách thay đổi cho trường hợp không đủ điều kiện.",
                           "A change is looked for only where a case is not eligible.")}


@dataclass(frozen=True, slots=True)
class WhatWouldChange:
    """The answer for one case.

    ``changes`` are up to three of equal cost; ``blocked_by`` the ids of requirements, where nothing helps; ``dates``
    the nearest days on which the same facts are eligible, None where the case is not ineligible.
    """

    procedure: Procedure
    assessment: Assessment
    state: State
    changes: tuple[Change, ...] = ()
    blocked_by: tuple[str, ...] = ()
    dates: Dates | None = None

    @property
    def text(self) -> Text:
        """The answer in a sentence."""
        return _SAID[self.state]

    def to_json(self) -> dict[str, Any]:
        """The answer as pages and programs show it."""
        day = self.assessment.law_date
        return {"procedure": self.procedure.id, "law_date": day.isoformat() if day else None,
                "outcome": self.assessment.outcome, "state": self.state, "vi": self.text.vi, "en": self.text.en,
                "changes": [self._change(change) for change in self.changes],
                "blocked_by": [{"id": each.id, "cite": each.cite, "vi": each.title.vi, "en": each.title.en}
                               for each in self.assessment.requirements if each.id in self.blocked_by],
                "dates": self.dates and self.dates.to_json()}

    def _change(self, change: Change) -> dict[str, Any]:
        return {"cost": change.cost, "minimal": change.minimal, "sets": [self._set(each) for each in change.sets]}

    def _set(self, each: Set) -> dict[str, Any]:
        fact, labels = self.procedure.facts[each.fact], self.procedure.labels
        shown = {f"{name}_{lang}": show_value(fact.type, value, lang, labels)
                 for name, value in (("was", each.was), ("now", each.now)) for lang in ("vi", "en")}
        return {"fact": each.fact, "vi": fact.title.vi, "en": fact.title.en, "cost": each.cost,
                "was": None if each.was is None else to_json(fact.type, each.was),
                "now": to_json(fact.type, each.now), **shown}


def what_would_change(procedure: Procedure, facts: Mapping[str, Any], on: date | None = None, *,
                      seconds: float = SECONDS) -> WhatWouldChange:
    """What would make an ineligible case eligible.

    Facts are canonical values (see `motcua.procedures.read_facts`); ``on`` is the law date where they do not tell it.
    A fact that gets another value, or a value where it had none, costs its ``change_cost``, also where it is newly
    asked because of the change; one that must never change keeps what it is, unknown included. ``seconds`` bound the
    search.

    Raises:
        InputError: the facts contradict each other, or the rules do not speak for the law date.
        MotcuaError: PROOF_001, no solver is installed; CHG_001, the engine does not confirm a change.
    """
    known = {name: value for name, value in facts.items() if value is not None}
    if on is not None:
        known.setdefault(procedure.law_at, on)
    assessment = assess(procedure, known)
    if assessment.outcome != "ineligible":
        return WhatWouldChange(procedure, assessment, "not_ineligible")
    from motcua.analysis.symbolic import SOLVING  # first: it says what to install where there is no solver
    with SOLVING:
        from motcua.analysis.change.cheapest import Cheapest, OutOfTimeError

    dates = nearest_dates(procedure, known)
    try:
        changes, blocked = Cheapest(procedure, known, seconds).find(MOST_ALTERNATIVES)
    except OutOfTimeError:
        return WhatWouldChange(procedure, assessment, "no_answer", dates=dates)
    for change in changes:
        _confirm(procedure, change, known)
    state: State = "changes" if changes else "blocked"
    return WhatWouldChange(procedure, assessment, state, changes, blocked, dates)


def cheapest_change(procedure: Procedure, facts: Mapping[str, Any], *, seconds: float = SECONDS) -> Change | None:
    """The cheapest change that makes an ineligible case eligible; None where there is none, or no answer in time.

    Raises as `what_would_change`.
    """
    found = what_would_change(procedure, facts, seconds=seconds).changes
    return found[0] if found else None


def _confirm(procedure: Procedure, change: Change, before: Mapping[str, Any]) -> None:
    try:
        outcome: str = assess(procedure, change.facts(before)).outcome
    except (InputError, RuleFault) as error:
        outcome = error.problems[0].code
    if outcome != "eligible":
        names = ", ".join(each.fact for each in change.sets)
        raise MotcuaError(Problem("CHG_001", {"facts": names, "outcome": outcome}))
