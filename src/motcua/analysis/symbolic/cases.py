"""Readable cases: of all facts that satisfy a question, those nearest to a plain case, with round numbers.

Facts are settled one after the other in the order of the file. Each takes the first of its plain values that the
question still allows; where none does, a round number, and only then whatever the solver found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import z3

from motcua.analysis.symbolic.logic import Bool, negated
from motcua.analysis.symbolic.reading import number
from motcua.analysis.symbolic.symbols import NotADecimalError, Symbols
from motcua.conditions import WHOLE_KINDS, Lit, Type, find_unit, walk
from motcua.procedures import Fact, Grid, LawVersion, Procedure

ROUND: Final[tuple[int | Decimal, ...]] = (
    10**9, 10**8, 10**6, 10**3, 100, 10, 1, *map(Decimal, ("0.5", "0.1", "0.01", "0.001")))
DECIMALS: Final = 10**6
USUAL: Final = {"money": 10**9, "integer": 1, "days": 30, "months": 6}
"""What a number of a kind is where nothing speaks against it; 10 for any other kind."""


class CaseFinder:
    """Finds readable cases of one procedure; what it has learnt of it is kept between questions."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self._limits = _limits(symbols.procedure)

    def plain(self, solver: Any, base: Mapping[str, Any] | None = None,
              version: LawVersion | None = None) -> dict[str, Any] | None:
        """The facts of a readable case of what ``solver`` asserts, or None where there is none (or no answer in time).

        ``base`` are facts to stay near to. The solver is left as it was.
        """
        scopes = solver.num_scopes()
        solver.push()
        try:
            if solver.check() != z3.sat:
                return None
            settled = _Settled(self.symbols, solver)
            near = dict(base or {})
            for fact in self._in_order():
                settled.settle(fact, self._plain_values(fact, near, version))
                if fact.id == self.symbols.procedure.law_at:
                    near[fact.id] = settled.day(fact.id)
            return settled.facts()
        finally:
            solver.pop(solver.num_scopes() - scopes)

    def _in_order(self) -> list[Fact]:
        """The law date first, then facts on which others rest, as in the file."""
        facts = self.symbols.procedure.facts
        first = facts[self.symbols.procedure.law_at]
        return [first, *(fact for fact in facts.values() if fact is not first)]

    def _plain_values(self, fact: Fact, base: Mapping[str, Any], version: LawVersion | None) -> Iterator[Any]:
        if base.get(fact.id) is not None:
            yield base[fact.id]
        match fact.type.kind:
            case "yes/no":
                yield from (False, True)
            case "one of":
                yield from fact.type.values
            case "list of":
                yield from ((), *((word,) for word in fact.type.values), fact.type.values)
            case "date":
                yield from _plain_days(fact, base, self.symbols.procedure, version)
            case "text":
                return
            case _:
                yield from self._plain_numbers(fact)

    def _plain_numbers(self, fact: Fact) -> Iterator[Any]:
        unit = _unit(fact.type)
        usual = USUAL.get(fact.type.kind, 10) if unit == 1 else 10 * unit
        for value in (usual, *self._limits.get(fact.type.kind, ()), 0, 1):
            if (fact.min is None or value >= fact.min) and (fact.max is None or value <= fact.max):
                yield value


class _Settled:
    """Facts being settled: ``model`` always satisfies the solver."""

    def __init__(self, symbols: Symbols, solver: Any) -> None:
        self._symbols = symbols
        self._solver = solver
        self._model = solver.model()

    def settle(self, fact: Fact, plain: Iterable[Any]) -> None:
        constants = self._symbols.constants[fact.id]
        if not constants or self._is_unknown(fact):
            return
        for value in plain:
            if self._take(self._symbols.is_value(fact.id, value)):
                return
        if fact.type.kind == "list of":
            for constant in constants:
                _ = self._take(negated(constant)) or self._take(constant)
        elif fact.type.is_number:
            self._round(fact, constants[0])
        else:
            self._keep(constants[0])

    def day(self, name: str) -> date | None:
        """The value of a date that is settled; None where it is left out."""
        if not z3.is_true(self._model.eval(self._symbols.fact(name).known, model_completion=True)):
            return None
        found = self._model.eval(self._symbols.constants[name][0], model_completion=True)
        return date.fromordinal(found.as_long())

    def _is_unknown(self, fact: Fact) -> bool:
        """Whether the fact can be left out; a fact that need not be known is not told."""
        given = self._symbols.given.get(fact.id)
        return (given is not None and self._take(negated(given))) or (
            fact.when is not None and self._take(negated(self._symbols.fact(fact.id).known)))

    def _take(self, wanted: Bool) -> bool:
        """Assert it where the question allows that."""
        if not z3.is_true(self._model.eval(wanted, model_completion=True)):
            self._solver.push()
            self._solver.add(wanted)
            if self._solver.check() != z3.sat:
                self._solver.pop()
                return False
            self._model = self._solver.model()
            return True
        self._solver.add(wanted)
        return True

    def _round(self, fact: Fact, constant: Any) -> None:
        whole, unit = fact.type.kind in WHOLE_KINDS, _unit(fact.type)
        for step in ROUND:
            if whole and step < 1:
                break
            times = z3.FreshInt("times")
            if self._take(z3.And(constant == times * number(step * unit), constant != 0)):
                break
        self._keep(constant)

    def _keep(self, constant: Any) -> None:
        """The number found, as near to nothing as the solver says; always a decimal."""
        if z3.is_real(constant):
            self._take(z3.IsInt(constant * DECIMALS))
        self._take(constant == self._model.eval(constant, model_completion=True))

    def facts(self) -> dict[str, Any] | None:
        try:
            return self._symbols.facts_of(self._model)
        except NotADecimalError as odd:
            return self.facts() if self._take(z3.IsInt(odd.constant * DECIMALS)) else None


def _plain_days(fact: Fact, base: Mapping[str, Any], procedure: Procedure,
                version: LawVersion | None) -> Iterator[date]:
    if fact.id != procedure.law_at:
        start = base.get(procedure.law_at)
        if isinstance(start, date):
            yield from (start.replace(year=start.year + years, day=min(start.day, 28)) for years in (2, 1, -1))
        return
    days = procedure.covers if version is None else version.interval
    for day in (days.first, days.last):
        if day is not None:
            # a day in the middle of a month reads better than the very first or last one of a law
            yield from (near for near in _tenths(day) if near in days)
            yield day


def _unit(type_: Type) -> int | Decimal:
    """One unit in which numbers of the type are read, in the unit in which they are kept."""
    unit = None if type_.unit is None else find_unit(type_.unit)
    if unit is None:
        return 1
    whole, factor = unit.factor.denominator == 1, unit.factor
    return factor.numerator if whole else Decimal(factor.numerator) / Decimal(factor.denominator)


def _tenths(day: date) -> Iterator[date]:
    for later in (timedelta(20), timedelta(-20)):
        yield (day + later).replace(day=10)


def _limits(procedure: Procedure) -> dict[str, tuple[Any, ...]]:
    """The numbers that stand in the rules, by kind, least first: cases near limits are plain cases."""
    found: dict[str, set[Any]] = {}

    def note(type_: Type, value: Any) -> None:
        if type_.is_number:
            found.setdefault(type_.kind, set()).update((value, 2 * value))

    for version in procedure.versions:
        expressions = [*version.derived.values(), *(each.must for each in version.requirements)]
        expressions += [each.when for each in version.requirements if each.when is not None]
        expressions += [each.when for each in version.documents if each.when is not None]
        expressions += [version.applies.when] if version.applies is not None else []
        for decision in version.decisions.values():
            for row in decision.rows:
                expressions += [] if row.when is None else [row.when]
                if not isinstance(row.then, Grid):
                    expressions.append(row.then)
                elif row.then.bounds:
                    note(procedure.types[row.then.down], row.then.bounds[0])
        for expression in expressions:
            for node in walk(expression.tree):
                if isinstance(node, Lit):
                    note(node.type, node.value)
    # what is counted is compared with numbers as they stand in the rules
    found.setdefault("integer", set()).update(value for value in found.get("number", ()) if value == int(value))
    return {kind: tuple(sorted(values)) for kind, values in found.items()}
