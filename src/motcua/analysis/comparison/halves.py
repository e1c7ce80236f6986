"""The two laws in z3, over the same facts: each with the law date of its own day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import z3

from motcua.analysis.comparison.provisions import governing
from motcua.analysis.symbolic import FALSE, TRUE, SymbolicAnswer, Symbols, Truth, both, equal, negated, one_of
from motcua.analysis.witness import on_days
from motcua.conditions import Expression
from motcua.law import Interval
from motcua.procedures import Fact, Grid, LawVersion, Procedure

Bool = Any
Pair = tuple[date, date] | Interval
"""A law date for each side, or the days of both."""


class Half:
    """One law on one day, or on the days of an interval in which neither law changes."""

    def __init__(self, procedure: Procedure, days: date | Interval, words: Mapping[str, tuple[str, ...]],
                 texts: dict[str, int]) -> None:
        self.procedure = procedure
        self.days = days
        self.day = day = days if isinstance(days, date) else some_day(days)
        first, last = (day, day) if isinstance(days, date) else (days.first, days.last)
        self.symbols = Symbols(on_days(procedure, first, last), words=words, texts=texts)
        self.version: LawVersion = procedure.version_on(day)
        self.answer: SymbolicAnswer = self.symbols.answer(self.version)
        self._pin = (self.symbols.law_date, z3.IntVal(day.toordinal())) if isinstance(days, date) else None
        clause = governing(procedure, day)
        self._moved = None if clause is None else procedure.version_on(clause.between)
        self.moves = () if clause is None else clause.moves

    def at(self, formula: Any) -> Any:
        """A formula on this day; the law date stays open where there are several days."""
        return formula if self._pin is None else z3.substitute(formula, self._pin)

    @cached_property
    def domain(self) -> tuple[Bool, ...]:
        """What holds of all facts on this day."""
        domain = tuple(self.at(each) for each in self.symbols.domain)
        return (*domain, self.symbols.within(self.days)) if isinstance(self.days, Interval) else domain

    def strange(self, other: Half) -> Iterator[Bool]:
        """What a case of this law may hold that the other law cannot read: words that it has not, parts of a whole."""
        for name, same in self._in_both(other):
            fact, known = self.procedure.facts[name], self.at(self.symbols.fact(name).known)
            if fact.type.kind == same.type.kind == "list of":
                for word, held in zip(fact.type.values, self.symbols.constants[name], strict=True):
                    if word not in same.type.values:
                        yield both(known, held)
            yield from (both(known, negated(z3.IsInt(own))) for own, _ in self._counted_there(other, name))

    def linked(self, other: Half) -> Iterator[Bool]:
        """What this law measures and the other one counts is the same number."""
        for name, _ in self._in_both(other):
            yield from (their == z3.ToInt(own) for own, their in self._counted_there(other, name))

    def _in_both(self, other: Half) -> Iterator[tuple[str, Fact]]:
        yield from ((name, other.procedure.facts[name]) for name in self.procedure.facts
                    if name in other.procedure.facts)

    def _counted_there(self, other: Half, name: str) -> Iterator[tuple[Any, Any]]:
        for own, their in zip(self.symbols.constants[name], other.symbols.constants[name], strict=False):
            if z3.is_real(own) and z3.is_int(their) and other.procedure.facts[name].type.is_number:
                yield own, their

    def refused(self, other: Half) -> Bool:
        """Whether a case of the other law is refused for its facts.

        One that is asked for is out of bounds or holds a word that is not known here, or what always holds is broken.
        """
        bounds = ((fact, bound) for fact in self.procedure.facts.values() for bound in self.symbols.bounds_of(fact))
        beyond = [both(self.symbols.fact(fact.id).known, negated(bound)) for fact, bound in bounds]
        broken = (negated(each) for each in self.symbols.always)
        return one_of((*(self.at(each) for each in (*beyond, *broken)), *other.strange(self)))

    def settled(self, other: Half) -> Iterator[Bool]:
        """Of each fact that a case tells because ``other`` asks for it: it is sure whether this law asks for it too.

        A fact that is given counts until it is sure that it does not apply, but a complete case holds none in doubt:
        without this, the one case shown for both laws would say more to this law than the solver was told.
        """
        for name, fact in self.procedure.facts.items():
            if fact.when is not None and name in other.procedure.facts:
                asked = self.symbols.reading.truth(fact.when.tree)
                told = other.at(other.symbols.fact(name).known)
                yield one_of((self.at(asked.true), self.at(asked.false), negated(told)))

    def outcome(self, word: str) -> Bool:
        """Whether the outcome is this word."""
        return self.at(self.answer.outcome(word))

    @cached_property
    def is_required(self) -> Bool:
        """Whether the procedure is required, or may be."""
        return negated(self.outcome("not_required"))

    @cached_property
    def is_open(self) -> Bool:
        """Whether the facts leave open that the procedure is required."""
        return self.at(self.answer.here.applies.unknown)

    def state(self, requirement: str) -> tuple[Bool, ...]:
        """Met, unmet, unknown, not applicable, for a requirement of this law."""
        return tuple(self.at(each) for each in self.answer.here.state(requirement))

    @cached_property
    def requirements(self) -> tuple[str, ...]:
        """The ids of the requirements in force."""
        return tuple(item.id for item in self.version.requirements)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that may be asked for, those of the law moved to included."""
        versions = [self.version, *([self._moved] if self._moved and "documents" in self.moves else [])]
        return tuple(dict.fromkeys(item.id for version in versions for item in version.documents))

    def document(self, name: str) -> Truth:
        """Whether a document is asked for."""
        return Truth(*(self.at(rail) for rail in self.answer.document(name)))

    def versions_of(self, part: str) -> tuple[LawVersion, ...]:
        """The law versions from which a part may be taken on this day."""
        return (self.version, *([self._moved] if self._moved is not None and part in self.moves else []))

    def value(self, decision: str) -> tuple[Bool, Any]:
        """Whether a decision has a value, and the value."""
        if decision not in self.procedure.decisions:
            return FALSE, None
        found = self.answer.value(decision)
        return self.at(found.known), self.at(found.value)

    def conflict(self, decision: str) -> Bool:
        """Whether rows of a decision contradict each other."""
        return self.at(self.answer.conflict(decision)) if decision in self.procedure.decisions else FALSE

    @cached_property
    def sound(self) -> Bool:
        """No decision contradicts itself, and no term is impossible: the engine gives an answer."""
        return both(*(negated(self.conflict(name)) for name in self.procedure.decisions),
                    *(negated(self.at(self.answer.impossible(name))) for name in self.procedure.decisions))

    def start(self, decision: str) -> tuple[Bool, Any]:
        """Whether the day is known from which a decision's term is counted, and that day; none where it has none."""
        first = self.procedure.decisions[decision].starts_from
        if first is None:
            return FALSE, None
        fact = self.symbols.fact(first)
        return self.at(fact.known), self.at(fact.value)

    def collected(self, decision: str) -> dict[str, Bool]:
        """Which rows hold, of a decision that collects."""
        if decision not in self.procedure.decisions:
            return {}
        return {row: self.at(holds) for row, holds in self.answer.collected(decision).items()}

    def gathered(self, decision: str) -> dict[str, Bool]:
        """Of a decision that collects: each value its rows can give, as written, and whether it is given."""
        found: dict[str, Bool] = {}
        for when, version in self.answer.ways(decision) if decision in self.procedure.decisions else ():
            known = version.value(decision).known
            for each in version.decision(decision).rows:
                key = each.row.id if isinstance(each.row.then, Grid) else each.row.then.show()
                found[key] = one_of((found.get(key, FALSE), self.at(both(when, known, each.holds))))
        return found

    def truth(self, expression: Expression | None) -> tuple[Bool, Bool]:
        """A condition of this law on this day, surely true and surely false."""
        truth = self.answer.here.truth(expression)
        return self.at(truth.true), self.at(truth.false)

    def facts(self, model: Any) -> dict[str, Any]:
        """The facts of a model that apply on this day, the law date among them."""
        found = self.symbols.facts_of(_OnDay(model, self.at))
        return found if self._pin is None else {**found, self.procedure.law_at: self.day}

    def constants(self) -> Iterator[tuple[str, Any]]:
        """Each fact's constants, that of a law date only where it is open."""
        for name, constants in self.symbols.constants.items():
            if self._pin is None or name != self.procedure.law_at:
                yield from ((name, constant) for constant in constants)


class _OnDay:
    """A model that knows the law date."""

    def __init__(self, model: Any, at: Any) -> None:
        self._model = model
        self._at = at

    def eval(self, formula: Any, model_completion: bool = False) -> Any:
        return self._model.eval(self._at(formula), model_completion=model_completion)


def some_day(days: Interval) -> date:
    """A day of an interval: its first, or its last where it has no beginning."""
    return days.first or days.last or date(2000, 1, 1)


def halves(old: Procedure, new: Procedure, pair: Pair) -> tuple[Half, Half]:
    """Both laws over the same facts: words that both lists have are the same word."""
    day, other = pair if isinstance(pair, tuple) else (pair, pair)
    words = {name: tuple(dict.fromkeys([*(old.lists[name].values if name in old.lists else ()),
                                        *(new.lists[name].values if name in new.lists else ())]))
             for name in {**old.lists, **new.lists}}
    texts: dict[str, int] = {}
    return Half(old, day, words, texts), Half(new, other, words, texts)


def same_truth(one: tuple[Bool, ...], other: tuple[Bool, ...]) -> Bool:
    """Two conditions say the same."""
    return both(*(equal(rail, same) for rail, same in zip(one, other, strict=True)))


def values_differ(old: tuple[Bool, Any], new: tuple[Bool, Any]) -> Bool:
    """Two decisions give different values, or one of them none."""
    (was_known, was), (known, now) = old, new
    if was is None or now is None:
        return one_of((was_known, known))
    apart = TRUE if was.sort() != now.sort() and z3.is_bool(was) != z3.is_bool(now) else negated(equal(was, now))
    return one_of((both(was_known, negated(known)), both(known, negated(was_known)), both(was_known, known, apart)))
