"""Rows of decisions that can give an amount of money with a fraction of a đồng.

Every number an expression can give is a multiple of its *step*: 1 for an amount that a fact holds, 1/2 for half of it,
10,000 for half of 20,000 đồng; what depends on an area has none. An amount is whole where its step is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import gcd

from motcua.conditions import WHOLE_KINDS, Arith, Call, If, Lit, Node, Ref, Type, type_of
from motcua.procedures.model import Decision, Grid, Procedure, Row

#: None: the value can be any number.
Step = Fraction | None


def rows_with_fractions(procedure: Procedure) -> Iterator[tuple[Decision, Row]]:
    """Each row of a decision of money whose amount need not be whole."""
    steps = _Steps(procedure)
    for decision in procedure.decisions.values():
        if decision.type.kind == "money":
            yield from ((decision, row) for row in decision.rows if not _is_whole(steps.of_row(row)))


def _is_whole(step: Step) -> bool:
    return step is not None and step.denominator == 1


class _Steps:
    """The steps of what the names of a procedure can stand for, each worked out once."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._known: dict[str, Step] = {}

    def of_row(self, row: Row) -> Step:
        return self._of_grid(row.then) if isinstance(row.then, Grid) else self.of(row.then.tree)

    def of(self, node: Node) -> Step:
        match node:
            case Lit(bool()):
                return None
            case Lit(int() | Decimal() as value):
                return abs(Fraction(value))
            case Ref(name, own):
                return self._of_name(name, own)
            case If(_, then, otherwise):
                return _common([self.of(then), self.of(otherwise)])
            case Arith("-", left, right) if type_of(left).kind == type_of(right).kind == "date":
                return Fraction(1)
            case Arith("*", left, right):
                first, second = self.of(left), self.of(right)
                return None if first is None or second is None else first * second
            case Arith(_, left, right):
                return _common([self.of(left), self.of(right)])
            case Call("count" | "floor"):
                return Fraction(1)
            case Call("round half up", (number, *places)):
                return self._rounded(number, places)
            case Call("min" | "max" | "sum" | "abs", arguments):
                return _common([self.of(argument) for argument in arguments])
            case _:
                return None

    def _rounded(self, number: Node, places: Iterable[Node]) -> Step:
        scale = next((place.value for place in places if isinstance(place, Lit)), 0)
        step, unit = self.of(number), Fraction(10) ** -int(str(scale))
        return step if step is not None and (step / unit).denominator == 1 else unit

    def _of_grid(self, grid: Grid) -> Step:
        cells = [cell for line in grid.cells for cell in line if cell is not None]
        return _common([abs(Fraction(cell)) for cell in cells])

    def _of_name(self, name: str, own: Type) -> Step:
        if name not in self._known:
            self._known[name] = self._of_rules(name) if self._is_worked_out(name) else _of_fact(own)
        return self._known[name]

    def _is_worked_out(self, name: str) -> bool:
        return name in self._procedure.derived or name in self._procedure.decisions

    def _of_rules(self, name: str) -> Step:
        derived = self._procedure.derived.get(name)
        if derived is not None:
            return _common([self.of(case.tree) for _, case in derived.cases])
        return _common([self.of_row(row) for row in self._procedure.decisions[name].rows])


def _of_fact(own: Type) -> Step:
    """Facts of a whole kind are read as whole numbers (COND_207)."""
    return Fraction(1) if own.kind in WHOLE_KINDS else None


def _common(steps: Iterable[Step]) -> Step:
    """The greatest step of which all are multiples; 0, of which only 0 is a multiple, where there are none."""
    common = Fraction(0)
    for step in steps:
        if step is None:
            return None
        common = Fraction(gcd(common.numerator * step.denominator, step.numerator * common.denominator),
                          common.denominator * step.denominator)
    return common
