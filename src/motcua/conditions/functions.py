"""Checking calls: the functions of the language, and ``date("...")`` and ``duration("...")``."""

from __future__ import annotations

import re
from collections.abc import Callable

from motcua.conditions import comparison
from motcua.conditions.arithmetic import constant, negative
from motcua.conditions.comparison import compare, contains, join, meet
from motcua.conditions.tree import Call, If, Lit, Or
from motcua.conditions.typed import Findings, Typed, quantity
from motcua.conditions.types import DATE, INTEGER, Type
from motcua.conditions.values import read_value
from motcua.errors import InputError
from motcua.law import did_you_mean

Argument = Typed | list[Typed]

_DURATION = re.compile(r"P(\d{1,6})([DMY])")


def call(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    """A call of one of `FUNCTIONS`; a literal list arrives as a list of its items."""
    checker = FUNCTIONS.get(name)
    if checker is None:
        findings.problem("COND_107", at, name=name, hint=did_you_mean(name, FUNCTIONS))
        return findings.bad(at)
    items = [item for given in arguments for item in (given if isinstance(given, list) else [given])]
    if any(item.type is None for item in items):
        return findings.bad(at)
    return checker(findings, name, arguments, at)


def _wrong(findings: Findings, name: str, at: int) -> Typed:
    findings.problem("COND_108", at, name=name, usage=_USAGE[name])
    return findings.bad(at)


def _list_contains(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    match arguments:
        case [list() as items, Typed() as item]:
            return join(findings, Or, [compare(findings, "=", item, other, at) for other in items], at)
        case [Typed() as holder, Typed() as item]:
            return contains(findings, holder, item, at)
    return _wrong(findings, name, at)


def _count(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    match arguments:
        case [list() as items]:
            return constant(findings, len(items), INTEGER, at)
        case [Typed(type=Type(kind="list of")) as holder]:
            return findings.make(Call("count", (holder.node,), INTEGER), INTEGER, at, holder)
    return _wrong(findings, name, at)


def _extreme(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    """``min``, ``max`` and ``sum`` over arguments or one literal list, all of one kind."""
    items = _flat(arguments)
    if not items:
        return _wrong(findings, name, at)
    first = items[0]
    for index, item in enumerate(items[1:], start=1):
        met = meet(findings, first, item, item.at)
        if met is None:
            return findings.bad(at)
        first, items[index] = met
    items = [findings.fit(item, first.type) for item in items] if first.type else items
    return _sum(findings, items, at) if name == "sum" else _extreme_of(findings, name, items, at)


def _flat(arguments: list[Argument]) -> list[Typed]:
    match arguments:
        case [list() as items]:
            return list(items)
        case _ if all(isinstance(argument, Typed) for argument in arguments):
            return [argument for argument in arguments if isinstance(argument, Typed)]
    return []


def _extreme_of(findings: Findings, name: str, items: list[Typed], at: int) -> Typed:
    own = items[0].type
    if own is None or not own.is_ordered:
        return _wrong(findings, name, at)
    if len(items) == 1:
        return items[0]
    kind = own if own == DATE else quantity(own.kind)
    months = any(item.months for item in items)
    node = Call(name, tuple(item.node for item in items), kind)
    return findings.make(node, kind, at, *items, months=months)


def _sum(findings: Findings, items: list[Typed], at: int) -> Typed:
    own = items[0].type
    if own is None or not own.is_number:
        return _wrong(findings, "sum", at)
    if len(items) == 1:
        return items[0]
    kind = quantity(own.kind)
    return findings.make(Call("sum", tuple(item.node for item in items), kind), kind, at, *items)


def _one_number(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    """``abs(x)`` and ``floor(x)``."""
    match arguments:
        case [Typed(type=Type(is_number=True) as own) as operand]:
            kind = quantity(own.kind)
            return findings.make(Call(name, (operand.node,), kind), kind, at, operand)
    return _wrong(findings, name, at)


def _round(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    match arguments:
        case [Typed(type=Type(is_number=True) as own) as operand, *places]:
            kind = quantity(own.kind)
            match places:
                case []:
                    return findings.make(Call(name, (operand.node,), kind), kind, at, operand)
                case [Typed(node=Lit(int() as scale)) as shown] if -18 <= scale <= 18:
                    node = Call(name, (operand.node, shown.node), kind)
                    return findings.make(node, kind, at, operand, shown)
    return _wrong(findings, name, at)


def _date(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    match arguments:
        case [Typed(node=Lit(str() as text))]:
            return date_literal(findings, text, at)
    return _wrong(findings, name, at)


def date_literal(findings: Findings, text: str, at: int) -> Typed:
    """``date("2024-05-06")`` or ``@"2024-05-06"``."""
    try:
        return findings.make(Lit(read_value(DATE, text), DATE), DATE, at)
    except InputError as wrong:
        findings.problem(wrong.problems[0].code, at, **wrong.problems[0].params)
        return findings.bad(at)


def _duration(findings: Findings, name: str, arguments: list[Argument], at: int) -> Typed:
    match arguments:
        case [Typed(node=Lit(str() as text))]:
            return duration_literal(findings, text, at)
    return _wrong(findings, name, at)


def duration_literal(findings: Findings, text: str, at: int) -> Typed:
    """``duration("P90D")``, ``duration("P6M")`` or ``duration("P1Y")``."""
    match = _DURATION.fullmatch(text.removeprefix("-"))
    if match is None:
        findings.problem("COND_127", at, text=text)
        return findings.bad(at)
    count = int(match[1]) * (12 if match[2] == "Y" else 1)
    read = constant(findings, count, quantity("days" if match[2] == "D" else "months"), at)
    return negative(findings, read, at) if text.startswith("-") else read


def choice(findings: Findings, condition: Typed, then: Typed, otherwise: Typed, at: int) -> Typed:
    """``if condition then ... else ...``; both branches have one type."""
    joined = join(findings, Or, [condition], condition.at)
    met = comparison.meet(findings, then, otherwise, otherwise.at)
    if met is None or joined.type is None:
        return findings.bad(at)
    then, otherwise = met
    node = If(joined.node, then.node, otherwise.node)
    months = then.months or otherwise.months
    return findings.make(node, then.type, at, joined, then, otherwise, months=months)


FUNCTIONS: dict[str, Callable[[Findings, str, list[Argument], int], Typed]] = {
    "list contains": _list_contains, "count": _count, "min": _extreme, "max": _extreme, "sum": _extreme,
    "abs": _one_number, "floor": _one_number, "round half up": _round, "date": _date, "duration": _duration,
}
_USAGE = {
    "list contains": 'list contains(FACT, "value")', "count": "count(FACT)", "min": "min(A, B)",
    "max": "max(A, B)", "sum": "sum(A, B)", "abs": "abs(A)", "floor": "floor(A)",
    "round half up": "round half up(A, 0)", "date": 'date("2024-05-06")', "duration": 'duration("P6M")',
}
