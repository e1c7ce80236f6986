"""A second reading of the core tree for tests: two-valued, with fractions and dateutil."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta

from motcua.conditions import And, Arith, Call, Cmp, If, Known, Lit, Node, Not, Or, Ref


def value(node: Node, facts: dict[str, Any]) -> Any:
    """The value of a node when every fact is known."""
    match node:
        case Lit(own):
            return _number(own)
        case Ref(name):
            return _number(facts[name])
        case Known():
            return True
        case Not(inner):
            return not value(inner, facts)
        case And(parts):
            return all(value(part, facts) for part in parts)
        case Or(parts):
            return any(value(part, facts) for part in parts)
        case If(condition, then, otherwise):
            return value(then, facts) if value(condition, facts) else value(otherwise, facts)
        case Cmp(op, left, right):
            a, b = value(left, facts), value(right, facts)
            return {"=": a == b, "!=": a != b}[op] if op in ("=", "!=") else eval(f"a {op} b")
        case Arith(op, left, right):
            return _arithmetic(op, value(left, facts), value(right, facts), _unit(right))
        case Call(name, arguments):
            return _call(name, [value(argument, facts) for argument in arguments])


def _number(own: Any) -> Any:
    return own if isinstance(own, (bool, str, tuple, date)) else Fraction(own)


def _unit(node: Node) -> str:
    return getattr(getattr(node, "type", None), "kind", "")


def _arithmetic(op: str, left: Any, right: Any, unit: str) -> Any:
    if isinstance(left, date) and isinstance(right, date):
        return Fraction((left - right).days)
    if isinstance(left, date):
        sign = 1 if op == "+" else -1
        if unit == "months":
            return left + relativedelta(months=int(right))
        return left + timedelta(days=sign * int(right))
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}[op]()


def _call(name: str, values: list[Any]) -> Any:
    match name, values:
        case "list contains", [holder, item]:
            return item in holder
        case "count", [holder]:
            return Fraction(len(holder))
        case "sum", _:
            return sum(values, Fraction(0))
        case "abs", [number]:
            return abs(number)
        case "floor", [number]:
            return Fraction(math.floor(number))
        case "round half up", [number, *places]:
            scale = Fraction(10) ** int(places[0]) if places else Fraction(1)
            size = math.floor(abs(number) * scale + Fraction(1, 2)) / scale
            return Fraction(size if number >= 0 else -size)
    return {"min": min, "max": max}[name](values)
