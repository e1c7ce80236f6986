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
    match node:
        case Lit(value):
            return value
        case Ref(name):
            return env.get(name)
        case Known(operand):
            return env.get(operand.name) is not None
        case Not(operand):
            value = value_of(operand, env)
            return None if value is None else not value
        case And(operands):
            return _joined(operands, env, False)
        case Or(operands):
            return _joined(operands, env, True)
        case If(condition, then, otherwise):
            return _chosen(value_of(condition, env), value_of(then, env), value_of(otherwise, env))
        case Cmp(op, left, right):
            return _strict(COMPARE[op], value_of(left, env), value_of(right, env))
        case Arith(op, left, right):
            value = _strict(_operation(node), value_of(left, env), value_of(right, env))
            return numbers.normal(value) if node.type.is_number and value is not None else value
        case Call(name, arguments):
            values = [value_of(argument, env) for argument in arguments]
            return None if any(value is None for value in values) else call(name, values)


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


def _chosen(condition: bool | None, then: Any, otherwise: Any) -> Any:
    if condition is None:
        return then if then == otherwise else None
    return then if condition else otherwise


def _strict(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    return None if left is None or right is None else function(left, right)


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
