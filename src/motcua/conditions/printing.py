"""From the core tree back to text that parses to the same tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from motcua.conditions import numbers
from motcua.conditions.numbers import Number
from motcua.conditions.tree import (
    And,
    Arith,
    Call,
    Cmp,
    If,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    as_interval,
    as_membership,
    type_of,
)
from motcua.conditions.types import Type, Value
from motcua.conditions.units import CANONICAL_UNITS

_EXPRESSION, _OR, _AND, _COMPARISON, _SUM, _TERM, _ATOM = range(7)


def show(node: Node) -> str:
    """The node in the condition language."""
    return _show(node, _EXPRESSION)


def _show(node: Node, level: int) -> str:
    text, own = _written(node)
    return text if own >= level else f"({text})"


def _written(node: Node) -> tuple[str, int]:
    """The text of a node and how tightly it binds."""
    match node:
        case Lit(value, own):
            return _literal(value, own)
        case Ref(name):
            return name, _ATOM
        case Known(operand):
            return f"{operand.name} != null", _COMPARISON
        case Not(Known(operand)):
            return f"{operand.name} = null", _COMPARISON
        case Not(operand):
            return f"not({_show(operand, _EXPRESSION)})", _ATOM
        case And() | Or():
            return _joined(node)
        case Cmp(op, left, right):
            return f"{_show(left, _SUM)} {op} {_show(right, _SUM)}", _COMPARISON
        case If(condition, then, otherwise):
            parts = (_show(part, _EXPRESSION) for part in (condition, then, otherwise))
            return "if {} then {} else {}".format(*parts), _EXPRESSION
        case Arith():
            return _arith(node)
        case Call(name, arguments):
            return f"{name}({', '.join(_show(part, _EXPRESSION) for part in arguments)})", _ATOM


def _joined(node: And | Or) -> tuple[str, int]:
    membership, interval = as_membership(node), as_interval(node)
    if membership is not None:
        ref, literals = membership
        return f"{ref.name} in ({', '.join(_show(literal, _SUM) for literal in literals)})", _COMPARISON
    if interval is not None:
        ref, lower, upper = interval
        opening, closing = brackets(lower, upper)
        low, high = _show(lower.right, _SUM), _show(upper.right, _SUM)
        return f"{ref.name} in {opening}{low}..{high}{closing}", _COMPARISON
    word, level = ("and", _AND) if isinstance(node, And) else ("or", _OR)
    return f" {word} ".join(_show(operand, level + 1) for operand in node.operands), level


def _arith(node: Arith) -> tuple[str, int]:
    own = _TERM if node.op == "*" else _SUM
    match node:
        case Arith("*", share, Lit(int() | Decimal() as factor), Type("number")) if _is_quantity(share):
            # ``(a - b) / 8 days`` is kept as a product
            divisor = numbers.scaled(1, 1 / Fraction(factor))
            return f"{_show(share, own)} / {_literal(divisor, type_of(share))[0]}", own
    left = _percent(node.left) if node.op == "*" else None
    shown = left or _show(node.left, own)
    return f"{shown} {node.op} {_show(node.right, own + 1)}", own


def _is_quantity(node: Node) -> bool:
    return type_of(node).kind in CANONICAL_UNITS and type_of(node).kind != "number"


def _percent(node: Node) -> str | None:
    """A factor below 1 reads best as a percentage."""
    match node:
        case Lit(Decimal() as value, Type("number")) if 0 < value < 1:
            hundredths = numbers.normal(numbers.EXACT.scaleb(value, 2))
            return f"{hundredths}%" if isinstance(hundredths, int) else None
    return None


def _literal(value: Value, own: Type) -> tuple[str, int]:
    if isinstance(value, (bool, date, str)):
        return constant_text(value), _ATOM
    if isinstance(value, (int, Decimal)):
        return _number(value, own)
    return ", ".join(value), _EXPRESSION


def constant_text(value: bool | date | str) -> str:
    """A yes/no, date or text as our language and FEEL both write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(char, escape)
    return f'"{value}"'


def brackets(lower: Cmp, upper: Cmp) -> tuple[str, str]:
    """Those of an interval: square where the bound is inside."""
    return "[" if lower.op == ">=" else "(", "]" if upper.op == "<=" else ")"


def _number(value: Number, own: Type) -> tuple[str, int]:
    unit = CANONICAL_UNITS.get(own.kind) if own.kind != "number" else None
    size = numbers.negated(value) if value < 0 else value
    shown = plain(size)
    if unit == "VND":
        shown, scale = _with_scale(size)
        unit = f"{scale}VND"
    text = f"{shown} {unit}" if unit else shown
    return (f"-{text}", _TERM) if value < 0 else (text, _ATOM)


def _with_scale(value: Number) -> tuple[str, str]:
    for size, word in ((10**9, "billion "), (10**6, "million ")):
        if isinstance(value, int) and value and value % size == 0:
            return plain(value // size), word
    return plain(value), ""


def plain(value: Number) -> str:
    """A number that is not negative as the language writes it: digits in groups, no ambiguous ``7.125``."""
    whole, _, decimals = format(Decimal(value), "f").partition(".")
    grouped = f"{int(whole):_}" if len(whole) > 4 else whole
    if not decimals:
        return grouped
    ambiguous = len(decimals) == 3 and whole != "0" and "_" not in grouped
    return f"{grouped}.{decimals}0" if ambiguous else f"{grouped}.{decimals}"
