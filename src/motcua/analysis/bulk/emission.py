"""Values as columns of Ibis tables, in steps: what several read is a column of an earlier step.

So every database computes a common part once without having to look for it, derived facts are columns and not repeated
text, and no expression is deep. Emission relies on nothing that databases do differently: only comparisons, AND, OR,
CASE, whole numbers, and a test for NULL of a plain column.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from motcua.analysis.bulk.plan import NARROW, Value

_WIDE: Final = "decimal(38, 0)"
#: Operations whose operand must be a plain column for their SQL to mean what it says.
_OF_COLUMNS: Final = frozenset({"not", "known", "missing", "one", "over", "rest"})
_FREE: Final = frozenset({"constant", "column"})


def emit(table: ir.Table, outputs: Mapping[str, Value], keep: Iterable[str] = (),
         types: Mapping[str, str] | None = None) -> ir.Table:
    """The table of ``outputs``, and of the columns ``keep`` as they are; ``types``: of outputs that need another."""
    return _Emission(table, outputs, tuple(keep), types or {}).run()


class _Emission:
    def __init__(self, table: ir.Table, outputs: Mapping[str, Value], keep: tuple[str, ...],
                 types: Mapping[str, str]) -> None:
        self._table = table
        self._types = types
        self._outputs = outputs
        self._keep = keep
        self._order = _ordered(outputs.values())
        columns = _columns(self._order, outputs.values())
        self._names = {value: f"v{place}" for place, value in enumerate(self._order) if value in columns}
        self._making: Value | None = None

    def run(self) -> ir.Table:
        """Step by step, each with the columns that later ones need."""
        levels = self._levels()
        last = max(levels.values(), default=0)
        until = self._until(levels, last)
        for level in range(1, last + 1):
            made = {self._names[value]: self._made(value) for value in self._names if levels[value] == level}
            kept = [name for name in self._table.columns if name in self._keep or until.get(name, 0) > level]
            self._table = self._table.select(*kept, **made)
        typed = {name: self._typed(name, value) for name, value in self._outputs.items()}
        return self._table.select(*self._keep, **typed)

    def _made(self, value: Value) -> ir.Value:
        self._making = value
        try:
            return self._expression(value)
        finally:
            self._making = None

    def _typed(self, name: str, value: Value) -> ir.Value:
        """An output; constants get the type of their kind too, as the parts of a union must have one."""
        wanted, expression = self._types.get(name, type_of(value)), self._expression(value)
        return expression.cast(wanted) if value.is_constant or wanted != type_of(value) else expression

    def _levels(self) -> dict[Value, int]:
        """The step in which each value that is a column of its own is made."""
        below: dict[Value, int] = {}
        for value in self._order:
            deepest = max((below[each] for each in value.args), default=0)
            below[value] = deepest + 1 if value in self._names else deepest
        return {value: below[value] for value in self._names}

    def _until(self, levels: Mapping[Value, int], last: int) -> dict[str, int]:
        """The last step that reads each column; the outputs read after the last."""
        until: dict[str, int] = {}
        for value, level in levels.items():
            for name in self._read_by(value.args):
                until[name] = max(until.get(name, 0), level)
        for name in self._read_by(self._outputs.values()):
            until[name] = last + 1
        return until

    def _read_by(self, values: Iterable[Value]) -> Iterable[str]:
        """The columns that are read for some values."""
        waiting, seen = list(values), set()
        while waiting:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            if each in self._names:
                yield self._names[each]
            elif each.op == "column":
                yield each.fixed
            else:
                waiting.extend(each.args)

    # -- expressions

    def _expression(self, value: Value) -> ir.Value:
        if value in self._names and value is not self._making:
            return self._table[self._names[value]]
        if value.op == "column":
            return self._table[value.fixed]
        if value.is_constant:
            return _literal(value)
        return _EMIT[value.op](self, value)

    def _numbers(self, value: Value, *numbers: Value) -> list[Any]:
        """Operands of an operation on numbers: of 38 digits where the result or one of them needs more than 64 bits."""
        wide = value.is_wide or any(number.is_wide for number in numbers)
        return [self._wide(number) if wide else self._expression(number) for number in numbers]

    def _wide(self, number: Value) -> ir.Value:
        if number.is_constant:
            return _wide_literal(number.fixed)
        return self._expression(number).cast(_WIDE)

    def _and(self, value: Value) -> ir.Value:
        return _folded([self._expression(each) for each in value.args], lambda a, b: a & b)

    def _or(self, value: Value) -> ir.Value:
        return _folded([self._expression(each) for each in value.args], lambda a, b: a | b)

    def _not(self, value: Value) -> ir.Value:
        return self._expression(value.args[0]) == ibis.literal(False)

    def _compare(self, value: Value) -> ir.Value:
        left, right = (self._numbers(value, *value.args) if value.args[0].kind in ("number", "bits")
                       else [self._expression(each) for each in value.args])
        return _COMPARE[value.fixed](left, right)

    def _known(self, value: Value) -> ir.Value:
        return self._expression(value.args[0]).notnull()

    def _missing(self, value: Value) -> ir.Value:
        return self._expression(value.args[0]).isnull()

    def _pick(self, value: Value) -> ir.Value:
        *pairs, otherwise = value.args
        shown = self._branches(value, [*pairs[1::2], otherwise])
        conditions = [self._expression(each) for each in pairs[::2]]
        return ibis.cases(*zip(conditions, shown, strict=False), else_=shown[-1])

    def _branches(self, value: Value, branches: list[Value]) -> list[Any]:
        null = ibis.null(type_of(value))
        return [null if each.is_constant and each.fixed is None
                else self._wide(each) if value.is_wide else self._expression(each) for each in branches]

    def _sum(self, value: Value) -> ir.Value:
        left, right = self._numbers(value, *value.args)
        return _kept(value, left + right)

    def _difference(self, value: Value) -> ir.Value:
        left, right = self._numbers(value, *value.args)
        return _kept(value, left - right)

    def _product(self, value: Value) -> ir.Value:
        left, right = self._numbers(value, *value.args)
        return _kept(value, left * right)

    def _times(self, value: Value) -> ir.Value:
        number = value.args[0]
        if value.is_wide:
            return _kept(value, self._wide(number) * _wide_literal(value.fixed))
        return self._expression(number) * value.fixed

    def _rest(self, value: Value) -> ir.Value:
        number = value.args[0]
        if number.is_wide or value.fixed >= NARROW:
            return _kept(value, self._wide(number) % _wide_literal(value.fixed))
        return self._expression(number) % value.fixed

    def _same(self, value: Value) -> ir.Value:
        number = value.args[0]
        expression = self._expression(number)
        return expression.cast("int64") if number.is_wide and not value.is_wide else expression

    def _mask(self, value: Value) -> ir.Value:
        return self._expression(value.args[0]) & ibis.literal(value.fixed, "int64")

    def _one(self, value: Value) -> ir.Value:
        return self._expression(value.args[0]).cast("int64")

    def _over(self, value: Value) -> ir.Value:
        # floor of a division in floating point: exact for whole numbers of at most 53 bits
        return self._expression(value.args[0]) // value.fixed


def _kept(value: Value, expression: Any) -> Any:
    """The result, in 38 digits where it is wide: databases would make it wider still, or of another scale."""
    return expression.cast(_WIDE) if value.is_wide else expression


def _literal(value: Value) -> ir.Value:
    if value.fixed is None:
        return ibis.null(type_of(value))
    if value.is_wide:
        return _wide_literal(value.fixed)
    # the type said here is what Ibis takes the result for; in SQL the number stands as it is
    return ibis.literal(value.fixed, type_of(value))


def _wide_literal(number: int) -> ir.Value:
    return ibis.literal(Decimal(number), _WIDE)


def type_of(value: Value) -> str:
    """The type of a value's column."""
    if value.kind == "number":
        return _WIDE if value.is_wide else "int64"
    return {"truth": "boolean", "word": "string", "bits": "int64"}[value.kind]


def _folded(parts: list[Any], join: Any) -> Any:
    """Joined in a tree of little depth, however many there are."""
    while len(parts) > 1:
        parts = [join(*parts[at:at + 2]) if at + 1 < len(parts) else parts[at] for at in range(0, len(parts), 2)]
    return parts[0]


def _ordered(values: Iterable[Value]) -> list[Value]:
    """The values and all they rest on, each after those."""
    order: dict[Value, None] = {}
    waiting = [(value, False) for value in reversed(list(values))]
    while waiting:
        value, is_ready = waiting.pop()
        if value in order:
            continue
        if is_ready:
            order[value] = None
        else:
            waiting.append((value, True))
            waiting.extend((each, False) for each in reversed(value.args))
    return list(order)


def _columns(order: list[Value], outputs: Iterable[Value]) -> set[Value]:
    """The values that become columns of steps."""
    uses: Counter[Value] = Counter(outputs)
    for value in order:
        for each in value.args:
            must = value.op in _OF_COLUMNS or (value.op == "compare" and each.kind == "truth")
            uses[each] += 2 if must else 1
    return {value for value in order if uses[value] > 1 and value.op not in _FREE}


_COMPARE: Final[Mapping[str, Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}
_EMIT: Final[Mapping[str, Any]] = {
    "and": _Emission._and, "or": _Emission._or, "not": _Emission._not, "compare": _Emission._compare,
    "known": _Emission._known, "missing": _Emission._missing, "pick": _Emission._pick, "+": _Emission._sum,
    "-": _Emission._difference, "*": _Emission._product, "times": _Emission._times, "rest": _Emission._rest,
    "same": _Emission._same, "mask": _Emission._mask, "one": _Emission._one, "over": _Emission._over,
}
