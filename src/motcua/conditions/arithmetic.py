"""Checking arithmetic: numbers with units, and dates with their terms."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from motcua.conditions import numbers
from motcua.conditions.comparison import meet
from motcua.conditions.numbers import MAX_DIGITS, Number, TooLongNumberError, checked, scaled
from motcua.conditions.tree import Arith, Call, Lit, Node, Ref, is_whole
from motcua.conditions.typed import Findings, Typed, quantity
from motcua.conditions.types import DATE, NUMBER, Type

_COMPUTE = {"+": numbers.add, "-": numbers.subtract, "*": numbers.multiply}


def arith(findings: Findings, op: str, left: Typed, right: Typed, at: int) -> Typed:
    """``left op right`` for ``+ - * /``, of constants already computed."""
    if left.type is None or right.type is None:
        return findings.bad(at)
    if op == "*":
        return _product(findings, left, right, at)
    if op == "/":
        return _quotient(findings, left, right, at)
    if "date" in (left.type.kind, right.type.kind):
        return _with_date(findings, op, left, right, at)
    for operand in (left, right):
        if not _number(findings, operand):
            return findings.bad(at)
    met = meet(findings, left, right, at)
    if met is None:
        return findings.bad(at)
    assert met[0].type is not None
    return _computed(findings, op, *met, quantity(met[0].type.kind), at)


def negative(findings: Findings, operand: Typed, at: int) -> Typed:
    """``-x``, which is ``0 - x``."""
    if operand.type is None or not _number(findings, operand):
        return findings.bad(at)
    kind = quantity(operand.type.kind)
    return arith(findings, "-", Typed(Lit(0, kind), kind, at), operand, at)


def _number(findings: Findings, operand: Typed) -> bool:
    assert operand.type is not None
    if not operand.type.is_number:
        findings.problem("COND_126", operand.at, type=operand.type.title)
    return operand.type.is_number


def _computed(findings: Findings, op: str, left: Typed, right: Typed, kind: Type, at: int) -> Typed:
    match left.node, right.node:
        case Lit(a), Lit(b):
            return constant(findings, _COMPUTE[op](a, b), kind, at)  # type: ignore[arg-type]
    return findings.make(Arith(op, left.node, right.node, kind), kind, at, left, right)


def constant(findings: Findings, number: Number, kind: Type, at: int) -> Typed:
    """A constant number of at most `MAX_DIGITS` digits."""
    try:
        return findings.make(Lit(checked(number), kind), kind, at)
    except TooLongNumberError:
        findings.problem("COND_123", at, digits=MAX_DIGITS)
        return findings.bad(at)


def _product(findings: Findings, left: Typed, right: Typed, at: int) -> Typed:
    assert left.type is not None
    assert right.type is not None
    if not (_number(findings, left) and _number(findings, right)):
        return findings.bad(at)
    plain = [operand.type.kind in ("number", "integer") for operand in (left, right) if operand.type]
    constants = [isinstance(operand.node, Lit) for operand in (left, right)]
    if not any(constants) or not any(plain):
        findings.problem("COND_110", at)
        return findings.bad(at)
    return _computed(findings, "*", left, right, quantity((right if plain[0] else left).type.kind), at)  # type: ignore[union-attr]


def _quotient(findings: Findings, left: Typed, right: Typed, at: int) -> Typed:
    assert left.type is not None
    assert right.type is not None
    if not (_number(findings, left) and _number(findings, right)):
        return findings.bad(at)
    if not isinstance(right.node, Lit):
        findings.problem("COND_110", at)
        return findings.bad(at)
    divisor = right.node.value
    plain = right.type.kind in ("number", "integer")
    kind = quantity(left.type.kind) if plain else NUMBER
    if not plain and left.type.kind != right.type.kind:
        findings.problem("COND_102", at, left=left.type.title, right=right.type.title)
        return findings.bad(at)
    try:
        inverse = checked(scaled(1, 1 / Fraction(divisor)))  # type: ignore[arg-type]
    except (ValueError, ZeroDivisionError):
        findings.problem("COND_111", right.at, divisor=divisor)
        return findings.bad(at)
    if isinstance(left.node, Lit):
        return _computed(findings, "*", left, Typed(Lit(inverse, NUMBER), NUMBER, right.at), kind, at)
    factor = replace(right, node=Lit(inverse, NUMBER), type=NUMBER)
    return findings.make(Arith("*", left.node, factor.node, kind), kind, at, left, factor)


def _with_date(findings: Findings, op: str, left: Typed, right: Typed, at: int) -> Typed:
    """``date - date`` in days, ``date + days``, ``date - days``, and ``date + months`` forward and once."""
    assert left.type is not None
    assert right.type is not None
    kinds = (left.type.kind, right.type.kind)
    if op == "+" and kinds[1] == "date" and kinds[0] != "date":
        left, right, kinds = right, left, (kinds[1], kinds[0])
    code = _date_problem(op, kinds, left, right)
    if code is not None:
        findings.problem(code, at)
        return findings.bad(at)
    kind = quantity("days") if kinds == ("date", "date") else DATE
    months = left.months or right.months or kinds[1] == "months"
    return findings.make(Arith(op, left.node, right.node, kind), kind, at, left, right, months=months)


def _date_problem(op: str, kinds: tuple[str, str], left: Typed, right: Typed) -> str | None:
    match op, *kinds:
        case "-", "date", "date":
            return None
        case "+" | "-", "date", "days":
            return None if is_whole(right.node) else "COND_125"
        case "-", "date", "months":
            return "COND_112"
        case "+", "date", "months":
            if left.months:
                return "COND_113"
            return None if is_whole(right.node) and _never_negative(right.node) else "COND_114"
        case _, _, "working_days":
            return "COND_116"
        case _:
            return "COND_117"


def _never_negative(node: Node) -> bool:
    """Whether a number of months cannot be below zero: facts in months never are."""
    match node:
        case Lit(value):
            return isinstance(value, int) and value >= 0
        case Ref(_, own):
            return own.kind == "months"
        case Arith("+" | "*", left, right):
            return _never_negative(left) and _never_negative(right)
        case Call("min" | "max", arguments):
            return all(_never_negative(argument) for argument in arguments)
        case _:
            return False
