"""Effects told: the case as JSON, the changes behind it, and everything by its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from motcua.analysis.comparison.causes import Behind, Causes, Key
from motcua.analysis.comparison.effects import WITH, WITHOUT, WORDS, Case, Effect, Flip, State, Subject, no_value
from motcua.analysis.comparison.halves import Half
from motcua.conditions import Type, show_value, to_json
from motcua.law import Text
from motcua.procedures import Applies, Document, Procedure, Requirement

if TYPE_CHECKING:
    from motcua.analysis.comparison.differences import Change

Bool = Any


class Goal(NamedTuple):
    """One way: what is asked of the solver, and what goes another way in its cases."""

    subject: Subject
    id: str | None
    was: Any
    now: Any
    formula: Bool
    flips: tuple[Flip, ...] = ()
    rests: tuple[frozenset[Key], ...] = ()
    with_clauses: bool = False


class Teller:
    """Tells the effects of one search."""

    def __init__(self, old: Half, new: Half, causes: Causes) -> None:
        self._old, self._new = old, new
        self._causes = causes

    def case(self, facts: Sequence[Mapping[str, Any]], plain: Mapping[str, Any]) -> Case:
        """The facts of both laws as one case; ``plain`` is the case it is told against."""
        shown: dict[str, Any] = {}
        for half, own in zip((self._new, self._old), reversed(facts), strict=True):
            shown.update({name: self._as_both_read_it(half.procedure.facts[name].type, name, value)
                          for name, value in own.items() if name != half.procedure.law_at})
        order = list(dict.fromkeys([*self._old.procedure.facts, *self._new.procedure.facts]))
        merged = {**facts[1], **facts[0]}
        differs = tuple(name for name in order if merged.get(name) != plain.get(name) and name in shown)
        return Case({name: shown[name] for name in order if name in shown}, differs)

    def _as_both_read_it(self, type_: Type, name: str, value: Any) -> Any:
        """A value as JSON; a number of which the two laws ask in different units with its unit."""
        asked = (half.procedure.facts.get(name) for half in (self._old, self._new))
        units = {fact.type.unit for fact in asked if fact is not None}
        told = to_json(type_, value)
        return told if len(units) < 2 or type_.unit is None else f"{told} {type_.unit}"

    def effect(self, goal: Goal, state: State, case: Case | None = None, dates: Sequence[date] = (),
               moved: Sequence[str] = ()) -> Effect:
        """A goal answered; ``moved`` are the transitional clauses by which the case follows a later law."""
        causes: tuple[Change, ...] = ()
        if state == "witness":
            causes = self._causes.behind(*self._rests_of(goal))
            if goal.subject == "admission":
                causes = self._causes.of_facts()
            elif goal.with_clauses:
                causes = (*causes, *(change for change in self._causes.clauses() if change.id in moved))
        flips = goal.flips if state == "witness" else ()
        return Effect(goal.subject, goal.id, goal.was, goal.now, state,
                      (dates[0], dates[1]) if dates else (self._old.day, self._new.day), self._title(goal),
                      self._word(goal, goal.was, self._old), self._word(goal, goal.now, self._new), flips, causes,
                      tuple(self._title_of(flip) for flip in flips), case)

    def _rests_of(self, goal: Goal) -> tuple[frozenset[Key], ...]:
        """Of a decision only the rows that gave the values, where there are any."""
        rows = {(of, id_) for part, of, id_ in goal.flips if part == "row"}
        if not rows:
            return goal.rests
        return tuple(Behind(version).row(of, row) for half in (self._old, self._new) for of, _ in sorted(rows)
                     for version in half.versions_of(of) if of in version.decisions
                     for row in version.decisions[of].rows if (of, row.id) in rows)

    def _title(self, goal: Goal) -> Text:
        for half in (self._new, self._old):
            procedure: Procedure = half.procedure
            if goal.subject in ("decision", "due", "contradiction") and goal.id in procedure.decisions:
                return procedure.decisions[str(goal.id)].title
            for document in procedure.documents:
                if goal.subject == "document" and document.id == goal.id:
                    return document.title
        return self._new.procedure.title

    def _title_of(self, flip: Flip) -> Text:
        part, of, name = flip
        for half in (self._new, self._old):
            if part == "row" and of in half.procedure.decisions:
                return half.procedure.decisions[of].title
            items: tuple[Applies | Requirement | Document, ...] = (
                *half.version.requirements, *half.version.documents, *half.procedure.documents)
            scopes = half.procedure.applies if part == "applies" else items
            found = [item.title for item in scopes if item.id == name]
            if found:
                return found[0]
        return Text(name, name)

    def _word(self, goal: Goal, value: Any, own: Half) -> Text:
        if goal.subject not in ("decision", "due"):
            return WORDS[goal.subject][value]
        if value is None:
            return no_value()
        for start, vi in ((WITH, "có "), (WITHOUT, "không có ")):
            if isinstance(value, str) and value.startswith(start):
                return Text(vi + value.removeprefix(start), value)
        if value == "any":
            return Text("một giá trị", "one value")
        if value == "other":
            return Text("một giá trị khác", "another")
        if goal.subject == "due":
            return Text(*(show_value(Type("date"), date.fromisoformat(value), lang) for lang in ("vi", "en")))
        name = str(goal.id)
        # each law says its value in its own unit
        half = next(each for each in (own, self._new, self._old) if name in each.procedure.decisions)
        return Text(*(_shown(half, name, value, lang) for lang in ("vi", "en")))


def _shown(half: Half, decision: str, value: Any, lang: str) -> str:
    type_: Type = half.procedure.decisions[decision].type
    if isinstance(value, list):
        return ", ".join(_shown(half, decision, each, lang) for each in value)
    try:
        return show_value(type_, value, lang, half.procedure.labels)
    except (KeyError, AttributeError, TypeError):
        return str(value)


