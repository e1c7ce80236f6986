"""Three-valued evaluation (Kleene): true, false, and None for unknown. Total: it never raises."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from motcua.conditions import numbers
from motcua.conditions.comparison import COMPARE
from motcua.conditions.parser import Expression
from motcua.conditions.tree import And, Arith, Call, Cmp, If, Known, Lit, Node, Not, Or, Ref, type_of
from motcua.conditions.types import Value

Environment = Mapping[str, Any]

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "list contains": operator.contains, "count": len, "min": min, "max": max,
    "abs": lambda number: numbers.normal(numbers.absolute(number)),
    "floor": numbers.floor, "round half up": numbers.round_half_up,
}


def evaluate(expression: Expression, env: Environment) -> Value | None:
    """The value of an expression under the known values of ``env`` (name → canonical value), or None."""
    value: Value | None = value_of(expression.tree, env)
    return value


def value_of(node: Node, env: Environment) -> Any:
    """The value of a node, or None where a missing name leaves it open."""
    return _EVALUATORS[type(node)](node, env)


def _not(node: Not, env: Environment) -> bool | None:
    value = value_of(node.operand, env)
    return None if value is None else not value


def _cmp(node: Cmp, env: Environment) -> bool | None:
    left, right = value_of(node.left, env), value_of(node.right, env)
    return None if left is None or right is None else COMPARE[node.op](left, right)


def _arith(node: Arith, env: Environment) -> Any:
    left, right = value_of(node.left, env), value_of(node.right, env)
    if left is None or right is None:
        return None
    value = _operation(node)(left, right)
    return numbers.normal(value) if node.type.is_number else value


def _call(node: Call, env: Environment) -> Any:
    values = [value_of(argument, env) for argument in node.arguments]
    return None if any(value is None for value in values) else call(node.name, values)


def _if(node: If, env: Environment) -> Any:
    condition = value_of(node.condition, env)
    then, otherwise = value_of(node.then, env), value_of(node.otherwise, env)
    if condition is None:
        return then if then == otherwise else None
    return then if condition else otherwise


def _joined(operands: tuple[Node, ...], env: Environment, decisive: bool) -> bool | None:
    """``and`` (decided by False) or ``or`` (decided by True)."""
    result: bool | None = not decisive
    for operand in operands:
        value: bool | None = value_of(operand, env)
        if value is decisive:
            return decisive
        if value is None:
            result = None
    return result


def _operation(node: Arith) -> Callable[[Any, Any], Any]:
    kinds = (type_of(node.left).kind, type_of(node.right).kind)
    match node.op, *kinds:
        case "-", "date", "date":
            return numbers.days_between
        case op, "date", "days":
            return numbers.add_days if op == "+" else lambda day, days: numbers.add_days(day, -days)
        case _, "date", _:
            return numbers.add_months
        case op, _, _:
            return {"+": numbers.add, "-": numbers.subtract, "*": numbers.multiply}[op]


def call(name: str, values: list[Any]) -> Any:
    """The value of a function of the language on known arguments."""
    if name == "sum":
        total: numbers.Number = 0
        for value in values:
            total = numbers.add(total, value)
        return numbers.normal(total)
    return FUNCTIONS[name](*values)


_EVALUATORS: Mapping[type[Node], Callable[[Any, Environment], Any]] = {
    Lit: lambda node, env: node.value,
    Ref: lambda node, env: env.get(node.name),
    Known: lambda node, env: env.get(node.operand.name) is not None,
    Not: _not,
    And: lambda node, env: _joined(node.operands, env, False),
    Or: lambda node, env: _joined(node.operands, env, True),
    Cmp: _cmp,
    If: _if,
    Arith: _arith,
    Call: _call,
}
