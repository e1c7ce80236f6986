"""Values chosen one after another: as wanted where that can be, else the nearest that can."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import z3

from motcua.analysis.symbolic import Symbols
from motcua.conditions import WHOLE_KINDS
from motcua.procedures import Fact, Procedure

Bool = Any
Term = Any
Wanted = tuple[Term, Any]
"""A constant and the value it should have."""

#: Round values of a kind, the first that can be is taken; in the canonical unit.
_ROUND: Final = {"money": (10**10, 0, 10**9, 10**11, 10**12), "days": (30, 0, 10, 60), "integer": (1, 0, 10)}
_ROUND_OTHER: Final = (0, 1, 10, 100, 1000)
_YEARS: Final = (2, 1, 10, 30, 0, -1, -2)
#: A number that is not whole is told with at most so many decimals.
_PLACES: Final = (0, 1, 2, 3, 4, 6)
_FEW: Final = 2


class NoAnswerError(Exception):
    """The solver came to no answer within its time."""


class TimedSolver:
    """A z3 solver whose questions together have so many seconds, from `restart` on; afterwards it knows nothing."""

    def __init__(self, seconds: float) -> None:
        self._solver = z3.Solver()
        self._seconds = seconds
        self.restart()

    def restart(self, most: float | None = None) -> None:
        """The time begins anew; ``most`` seconds of it at most."""
        self._until = time.monotonic() + (self._seconds if most is None else min(most, self._seconds))

    def check(self, *assumed: Bool) -> Any:
        """As z3's; unknown once the time is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            return z3.unknown
        self._solver.set(timeout=max(1, int(left * 1000)))
        return self._solver.check(*assumed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)


def ask(solver: Any, *assumed: Bool) -> bool:
    """Whether what the solver holds can be true.

    Raises:
        NoAnswerError: it does not know within its time.
    """
    found = solver.check(*assumed)
    if found == z3.unknown:
        raise NoAnswerError
    return bool(found == z3.sat)


def keep(solver: Any, wanted: Sequence[Wanted]) -> list[Term]:
    """Fix as many constants at the values wanted as can be, those first preferred; gives those that cannot be."""
    parts = [constant == value for constant, value in wanted]
    if not parts:
        return []
    if ask(solver, *parts):
        solver.add(*parts)
        return []
    if len(parts) == 1:
        return [wanted[0][0]]
    middle = len(parts) // 2
    return keep(solver, wanted[:middle]) + keep(solver, wanted[middle:])


def choose(solver: Any, constant: Term, preferred: Iterable[Any], near: Any) -> None:
    """Fix a constant: at the first preferred value that can be, else at the one nearest to ``near``."""
    for value in preferred:
        if ask(solver, constant == value):
            solver.add(constant == value)
            return
    if z3.is_bool(constant):
        return
    solver.add(constant == (_nearest_whole(solver, constant, near) if z3.is_int(constant)
                            else _nearest_decimal(solver, constant, near)))


def _nearest_whole(solver: Any, constant: Term, near: Any) -> Any:
    """Of the whole numbers that can be, the nearest to ``near``; of two as near, the greater."""
    ask(solver)
    found = solver.model().eval(constant, model_completion=True).as_long()
    goal = z3.simplify(near).as_long()
    low, high = 0, abs(found - goal)
    while low < high:
        middle = (low + high) // 2
        if ask(solver, constant <= goal + middle, constant >= goal - middle):
            reached = solver.model().eval(constant, model_completion=True).as_long()
            high = abs(reached - goal)
        else:
            low = middle + 1
    above = goal + high
    return z3.IntVal(above if ask(solver, constant == above) else goal - high)


def _nearest_decimal(solver: Any, constant: Term, near: Any) -> Any:
    """The nearest number, with as few decimals as the threshold itself has; two where there is no nearest."""
    found: dict[int, Any] = {}
    for places in _PLACES:
        nearest = _nearest_in_steps(solver, constant, near, 10**places)
        if nearest is not None and found and z3.is_true(z3.simplify(list(found.values())[-1] == nearest)):
            return nearest
        if nearest is not None:
            found[places] = nearest
    few = [value for places, value in found.items() if places >= _FEW]
    if few:
        return few[0]
    ask(solver)
    return solver.model().eval(constant, model_completion=True)


def _nearest_in_steps(solver: Any, constant: Term, near: Any, scale: int) -> Any:
    """The nearest of the numbers that are so many parts of one, or None where none of them can be."""
    steps = z3.FreshInt("steps")
    solver.push()
    try:
        solver.add(constant * scale == z3.ToReal(steps))
        if not ask(solver):
            return None
        goal = near * scale  # a whole number where the value near which to look is one
        found = _nearest_whole(solver, steps, z3.simplify(goal if z3.is_int(goal) else z3.ToInt(goal)))
        return z3.simplify(z3.Q(found.as_long(), scale))
    finally:
        solver.pop()


def on_days(procedure: Procedure, first: date | None, last: date | None) -> Procedure:
    """The procedure with a law date within these days alone: dates counted from it make smaller formulas."""
    own = procedure.facts[procedure.law_at]
    narrow = replace(own, min=first or own.min, max=last or own.max)
    return replace(procedure, facts={**procedure.facts, own.id: narrow})


def plain_values(fact: Fact, symbols: Symbols, around: date) -> Iterator[Wanted]:
    """What a fact is in a plain case, for each of its constants, the plainest value first."""
    constants = symbols.constants[fact.id]
    match fact.type.kind:
        case "yes/no" | "list of":
            for constant in constants:
                yield constant, z3.BoolVal(False)
        case "one of":
            for word in fact.type.values:
                yield constants[0], z3.IntVal(symbols.code(fact.type, word))
        case "date":
            if fact.id == symbols.procedure.law_at:
                yield constants[0], z3.IntVal(around.toordinal())
            for years in _YEARS:
                yield constants[0], z3.IntVal(_years_later(around, years).toordinal())
        case "text":
            yield constants[0], z3.IntVal(0)
        case kind:
            bounds = [each for each in (fact.min, fact.max) if each is not None]
            for number in (*_ROUND.get(kind, _ROUND_OTHER), *bounds):
                yield constants[0], z3.IntVal(number) if kind in WHOLE_KINDS else z3.RealVal(str(number))


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
