"""Asking z3 whether something can be: one question, or many at once, each within a time limit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

import z3

from motcua.analysis.symbolic import TRUE, Symbols, all_of
from motcua.procedures import LawVersion

Key = TypeVar("Key", bound=Hashable)
Bool = Any
class Search:
    """Cases of one law version (or of any law date, where it is None), and what can be among them.

    Without ``always`` also cases against what the file says holds of every real case.
    """

    def __init__(self, symbols: Symbols, version: LawVersion | None, seconds: float, always: bool = True) -> None:
        self.symbols = symbols
        self.version = version
        self.solver = z3.Solver()
        self.solver.set(timeout=max(1, int(seconds * 1000)))
        self.solver.add(*symbols.bounds, *(symbols.always if always else ()))
        self.solver.add(symbols.within(symbols.procedure.covers if version is None else version.interval))
        self.model: Any = None

    def possible(self, *parts: Bool) -> bool | None:
        """Whether there is such a case; None where no answer came in time. `model` holds it."""
        return self._check(all_of(parts))

    def _check(self, wanted: Bool) -> bool | None:
        if z3.is_false(wanted):
            return False
        self.solver.push()
        try:
            self.solver.add(wanted)
            found = self.solver.check()
            if found == z3.sat:
                self.model = self.solver.model()
            return None if found == z3.unknown else bool(found == z3.sat)
        finally:
            self.solver.pop()

    def reach(self, goals: Mapping[Key, Bool], *given: Bool) -> dict[Key, bool | None]:
        """For each goal whether it can be (together with what is ``given``); every case found serves all goals."""
        found: dict[Key, bool | None] = {}
        basis = all_of(given)
        waiting = dict(goals)
        while waiting:
            key, goal = next(iter(waiting.items()))
            del waiting[key]
            found[key] = self.possible(basis, goal)
            if found[key]:
                reached = [other for other, wanted in waiting.items() if self.shows(wanted)]
                found.update(dict.fromkeys(reached, True))
                for other in reached:
                    del waiting[other]
        return {key: found[key] for key in goals}

    def shows(self, wanted: Bool) -> bool:
        """Whether the case last found is one of these."""
        return bool(z3.is_true(self.model.eval(wanted, model_completion=True)))

    def core(self, parts: Sequence[tuple[Bool, Key]]) -> list[Key]:
        """Of parts that cannot be together, as few as still cannot be together, in the order given."""
        kept = self._first_core([each for each in parts if not each[0].eq(TRUE)])
        for part in list(kept):
            fewer = [each for each in kept if each is not part]
            if self.possible(*(each for each, _ in fewer)) is False:
                kept = fewer
        return [key for _, key in kept]

    def _first_core(self, parts: list[tuple[Bool, Key]]) -> list[tuple[Bool, Key]]:
        """Some of the parts that cannot be together, as the solver itself tells: not yet the fewest."""
        marks = [z3.Bool(f"part {place}") for place in range(len(parts))]
        self.solver.push()
        try:
            self.solver.add(*(z3.Implies(mark, part) for mark, (part, _) in zip(marks, parts, strict=True)))
            if self.solver.check(*marks) != z3.unsat:
                return parts
            needed = {mark.get_id() for mark in self.solver.unsat_core()}
            return [part for mark, part in zip(marks, parts, strict=True) if mark.get_id() in needed]
        finally:
            self.solver.pop()
