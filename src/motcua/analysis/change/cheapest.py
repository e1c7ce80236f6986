"""The cheapest change, by cores: each proof that a set of facts cannot stay as it is tells what must change.

Every fact is held at its value by an assumption. Where the solver says that these cannot all hold, it names some that
cannot (a core): one of them must be given up. The cheapest choice that takes one fact out of every core is a lower
bound; when that choice is possible, it is the cheapest change, proved.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import z3

from motcua.analysis.change.ways import Change, Set
from motcua.analysis.symbolic import SOLVING, NotADecimalError, Symbols, all_of, negated
from motcua.analysis.witness import NoAnswerError, TimedSolver, ask, choose, keep, on_days
from motcua.procedures import Procedure

Bool = Any
MOST_ROUNDS: Final = 2000


class OutOfTimeError(Exception):
    """No answer within the time limit."""


class Cheapest:
    """The search for one case."""

    def __init__(self, procedure: Procedure, facts: Mapping[str, Any], seconds: float) -> None:
        self._procedure = procedure
        self._before = dict(facts)
        self._until = time.monotonic() + seconds
        self._day: date = facts[procedure.law_at]
        with SOLVING:
            self._symbols = Symbols(on_days(procedure, self._day, self._day), complete=False)
            version = self._symbols.version(procedure.version_on(self._day))
            self._pins = [(self._symbols.law_date, z3.IntVal(self._day.toordinal())),
                          (self._symbols.given[procedure.law_at], z3.BoolVal(True))]
            self._eligible = self._pin(version.outcome("eligible"))
            answer = self._symbols.answer(procedure.version_on(self._day))
            # what the engine refuses to answer is no way: rows against each other, a term that no calendar counts
            self._sound = all_of(self._pin(negated(refused(name))) for name in procedure.decisions
                                 for refused in (answer.conflict, answer.impossible))
            self._version = version
            self._held = {name: self._holding(name) for name in procedure.facts if name != procedure.law_at}
        self._costs = {name: procedure.facts[name].change_cost for name in self._held}

    def _pin(self, formula: Bool) -> Bool:
        """A formula on the law date of the case."""
        return z3.substitute(formula, *self._pins)

    def _holding(self, name: str) -> Bool:
        """The fact is as it was: the same value, or still none."""
        value = self._before.get(name)
        given = self._symbols.given[name]
        return negated(given) if value is None else all_of((given, self._symbols.is_value(name, value)))

    def find(self, most: int) -> tuple[tuple[Change, ...], tuple[str, ...]]:
        """Up to ``most`` cheapest changes of equal cost; where there are none, the requirements that block.

        Raises:
            OutOfTimeError: no answer within the time limit.
        """
        with SOLVING:
            try:
                solver = self._solver()
                solver.add(self._eligible)
                changes = tuple(self._alternatives(solver, most))
                return changes, () if changes else self._blocking()
            except (NoAnswerError, NotADecimalError):
                raise OutOfTimeError from None

    def _solver(self) -> Any:
        """What holds of all facts, those held that can never change."""
        solver = TimedSolver(max(0.0, self._until - time.monotonic()))
        solver.add(*(self._pin(each) for each in self._symbols.domain), self._sound)
        for name, held in self._held.items():
            if self._before.get(name) is not None:
                solver.add(self._symbols.given[name])  # what is known cannot become unknown
            if self._costs[name] is None:
                solver.add(held)
            else:
                solver.add(z3.Implies(self._label(name), held))
        return solver

    def _label(self, name: str) -> Bool:
        return z3.Bool(f"{name} is held")

    def _alternatives(self, solver: Any, most: int) -> Iterator[Change]:
        """The cheapest change, then others that cost the same."""
        cores: list[frozenset[str]] = []
        found: list[frozenset[str]] = []
        least: int | None = None
        for _ in range(MOST_ROUNDS):
            freed = self._cheapest_of(cores, found)
            if freed is None or (least is not None and self._cost(freed) > least):
                return
            labels = {name: self._label(name) for name, cost in self._costs.items() if cost is not None}
            assumed = [label for name, label in labels.items() if name not in freed]
            if not ask(solver, *assumed):
                core = {str(each) for each in solver.unsat_core()}
                names = frozenset(name for name, label in labels.items() if str(label) in core)
                if not names and not freed:
                    return
                cores.append(names)
                continue
            least = self._cost(freed)
            found.append(freed)
            yield self._change(freed)
            if len(found) == most:
                return
        raise NoAnswerError

    def _cost(self, names: frozenset[str]) -> int:
        return sum(self._costs[name] or 0 for name in names)

    def _cheapest_of(self, cores: list[frozenset[str]], found: list[frozenset[str]]) -> frozenset[str] | None:
        """The cheapest set with a fact of every core that holds no set found before; the earliest facts first."""
        order = {name: place for place, name in enumerate(self._costs)}
        waiting: list[tuple[int, int, tuple[int, ...], frozenset[str]]] = [(0, 0, (), frozenset())]
        seen = {frozenset[str]()}
        while waiting:
            cost, _, _, chosen = heapq.heappop(waiting)
            if time.monotonic() > self._until:
                raise NoAnswerError
            missed = next((core for core in cores if not core & chosen), None)
            if missed is None:
                return chosen
            for name in sorted(missed, key=order.__getitem__):
                larger = chosen | {name}
                if larger not in seen and not any(each <= larger for each in found):
                    seen.add(larger)
                    places = tuple(sorted(order[each] for each in larger))
                    heapq.heappush(waiting, (cost + (self._costs[name] or 0), len(larger), places, larger))
        return None

    def _change(self, freed: frozenset[str]) -> Change:
        """Values for the freed facts: as near to what they were as the law allows."""
        solver = self._solver()
        solver.add(self._eligible, *(held for name, held in self._held.items() if name not in freed))
        for name in (each for each in self._held if each in freed):
            self._settle(solver, name)
        ask(solver)
        after = self._values(solver.model(), freed)
        sets = tuple(Set(name, self._before.get(name), after[name], self._costs[name] or 0) for name in after)
        return Change(sets, sum(each.cost for each in sets), True)

    def _settle(self, solver: Any, name: str) -> None:
        fact, constants = self._procedure.facts[name], self._symbols.constants[name]
        before = self._before.get(name)
        if fact.type.kind == "list of":
            start = self._symbols.value(name, before or ())
            for constant in keep(solver, list(zip(constants, start, strict=True))):
                choose(solver, constant, (z3.BoolVal(True), z3.BoolVal(False)), constant)
            return
        for constant in constants:
            choose(solver, constant, self._preferred(name), self._near(name, before))

    def _preferred(self, name: str) -> list[Any]:
        type_ = self._procedure.facts[name].type
        if type_.kind == "one of":
            return [self._symbols.value(name, word) for word in type_.values]
        return [z3.BoolVal(False), z3.BoolVal(True)] if type_.kind == "yes/no" else []

    def _near(self, name: str, before: Any) -> Any:
        """What a value should be near to: what it was, else its least, else the law date or nothing."""
        fact = self._procedure.facts[name]
        if before is None:
            before = self._day if fact.type.kind == "date" else fact.min if fact.type.is_number and fact.min else 0
        if fact.type.kind in ("yes/no", "one of", "text"):
            return z3.IntVal(0)  # words are chosen in the order of their list
        if isinstance(before, date):
            return z3.IntVal(before.toordinal())
        value = self._symbols.value(name, before)
        return z3.RealVal(format(before, "f")) if isinstance(before, Decimal) else value

    def _values(self, model: Any, freed: frozenset[str]) -> dict[str, Any]:
        """The values of freed facts that differ from before, in file order."""
        pinned = _Pinned(model, self._pin)
        after = self._symbols.facts_of(pinned)
        return {name: after[name] for name in self._held
                if name in freed and name in after and after[name] != self._before.get(name)}

    def _blocking(self) -> tuple[str, ...]:
        """The requirements that nothing can meet, or else the fewest found that cannot be met together."""
        solver = self._solver()
        solver.add(self._pin(self._version.applies.true))
        places = {item.id: place for place, item in enumerate(self._version.law_version.requirements)}
        met = {name: self._pin(negated(z3.Or(state.unmet, state.unknown)))
               for name, place in places.items() if (state := self._version.state(place))}
        alone = tuple(name for name, formula in met.items() if not ask(solver, formula))
        if alone:
            return alone
        left = list(met)
        for name in list(met):
            fewer = [each for each in left if each != name]
            if not ask(solver, *(met[each] for each in fewer)):
                left = fewer
        return tuple(left)


class _Pinned:
    """A model that knows the law date."""

    def __init__(self, model: Any, pin: Any) -> None:
        self._model = model
        self._pin = pin

    def eval(self, formula: Any, model_completion: bool = False) -> Any:
        return self._model.eval(self._pin(formula), model_completion=model_completion)
