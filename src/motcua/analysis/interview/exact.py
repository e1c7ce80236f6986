"""Which unknown facts can still matter, exactly: two cases that differ in one fact alone, and in their outcome.

Three-valued evaluation, which the interview asks first, never calls a fact idle that can matter; but it may take one
for open that `always`, or two conditions together, have settled. z3 tells these apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from motcua.analysis.symbolic import SOLVING, Symbols, one_of
from motcua.analysis.witness import on_days
from motcua.procedures import Procedure

_OUTCOMES = ("eligible", "ineligible", "not_required", "undetermined")


def idle(procedure: Procedure, known: Mapping[str, Any], open_: Iterable[str], seconds: float) -> frozenset[str]:
    """Those of the unknown facts ``open_`` that cannot change the outcome, proved; ``seconds`` bound each question.

    ``known`` holds the law date. Every other unknown fact may have any value that a real case has.
    """
    with SOLVING:
        search = _Idle(procedure, known, seconds)
        return frozenset(name for name in open_ if search.proves(name))


class _Idle:
    def __init__(self, procedure: Procedure, known: Mapping[str, Any], seconds: float) -> None:
        day = known[procedure.law_at]
        self._symbols = symbols = Symbols(on_days(procedure, day, day))
        version = symbols.version(procedure.version_on(day))
        self._pins = [(symbols.law_date, z3.IntVal(day.toordinal()))]
        self._outcomes = [self._on_day(version.outcome(word)) for word in _OUTCOMES]
        self._domain = [self._on_day(each) for each in symbols.domain]
        self._given = [self._on_day(symbols.is_value(name, value)) for name, value in known.items()
                       if value is not None and name != procedure.law_at]
        self._seconds = seconds

    def _on_day(self, formula: Any) -> Any:
        return z3.substitute(formula, *self._pins)

    def proves(self, name: str) -> bool:
        """Whether no two cases exist that differ in this fact and in their outcome."""
        other = [(constant, z3.FreshConst(constant.sort())) for constant in self._symbols.constants[name]]
        solver = z3.Solver()
        solver.set(timeout=max(1, int(self._seconds * 1000)))
        solver.add(*self._domain, *self._given, *(z3.substitute(each, *other) for each in self._domain))
        solver.add(one_of(z3.And(word, z3.Not(z3.substitute(word, *other))) for word in self._outcomes))
        return bool(solver.check() == z3.unsat)
