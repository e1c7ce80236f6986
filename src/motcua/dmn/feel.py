"""Conditions as plain FEEL: no units, no percentages, and, if wanted, FEEL's null kept from deciding.

FEEL's null is not "unknown": ``x = "a"`` is false and ``if x then a else b`` takes the second branch where ``x`` is
null. With ``guarded`` what is written gives null exactly where our own evaluation says unknown, in every FEEL engine
in which ``and``, ``or``, ``not``, ``<`` and arithmetic treat null as the standard says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from motcua.conditions import (
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
    Type,
    Value,
    as_interval,
    as_membership,
    brackets,
    constant_text,
    names_in,
    walk,
)

EXPRESSION, OR, AND, COMPARISON, SUM, TERM, ATOM = range(7)
_STRICT: Final = (Lit, Ref, Arith, Call)
_TRUTHS: Final = (Not, And, Or, Cmp, Known)


@dataclass(frozen=True)
class Feel:
    """Writes nodes as FEEL; ``names`` maps our names to FEEL names."""

    names: Mapping[str, str]
    guarded: bool = True

    def text(self, node: Node, level: int = EXPRESSION) -> str:
        """The node as an expression, in parentheses where it binds less tightly than ``level``."""
        text, own = self._written(node)
        return text if own >= level else f"({text})"

    def is_null(self, node: Node) -> str:
        """The test whether the node's value is unknown: true or false, never null."""
        return f"({self.text(node)}) = null" if not isinstance(node, Ref) else f"{self.names[node.name]} = null"

    def is_known(self, node: Node) -> str:
        """The opposite of `is_null`."""
        return f"({self.text(node)}) != null" if not isinstance(node, Ref) else f"{self.names[node.name]} != null"

    def _written(self, node: Node) -> tuple[str, int]:
        match node:
            case Lit(value):
                return literal(value)
            case Ref(name):
                return self.names[name], ATOM
            case Known(operand):
                return f"{self.names[operand.name]} != null", COMPARISON
            case Not(Known(operand)):
                return f"{self.names[operand.name]} = null", COMPARISON
            case Not(operand):
                return f"not({self.text(operand)})", ATOM
            case And() | Or():
                return self._joined(node)
            case Cmp():
                return self._comparison(node)
            case If():
                return self._choice(node)
            case Arith():
                return self._arith(node)
            case Call():
                return self._call(node)

    def _guard(self, operands: Iterable[Node], text: str, level: int) -> tuple[str, int]:
        """``text``, or null while one of the operands is."""
        tests = dict.fromkeys(test for operand in operands for test in self._null_tests(operand))
        if not self.guarded or not tests:
            return text, level
        return f"if {' or '.join(tests)} then null else {text}", EXPRESSION

    def _null_tests(self, operand: Node) -> list[str]:
        """When a value is null: where all it does is compute, when one of its names is."""
        if all(isinstance(part, _STRICT) for part in walk(operand)):
            return [f"{self.names[name]} = null" for name in names_in(operand)]
        return [self.is_null(operand)]

    def _joined(self, node: And | Or) -> tuple[str, int]:
        if not node.operands:
            return ("true" if isinstance(node, And) else "false"), ATOM
        membership, interval = as_membership(node), as_interval(node)
        if membership is not None:
            ref, literals = membership
            listed = ", ".join(literal(each.value)[0] for each in literals)
            return self._guard([ref], f"{self.names[ref.name]} in ({listed})", COMPARISON)
        if interval is not None and isinstance(interval[1].right, Lit) and isinstance(interval[2].right, Lit):
            ref, lower, upper = interval
            # in parentheses as an operand: feelin takes what follows "in [a..b]" for a part of the test
            return self._guard([ref], f"{self.names[ref.name]} in {span(lower, upper)}", EXPRESSION)
        word, level = ("and", AND) if isinstance(node, And) else ("or", OR)
        return f" {word} ".join(self.text(operand, level + 1) for operand in node.operands), level

    def _comparison(self, node: Cmp) -> tuple[str, int]:
        left, right = self._compared(node.left, node.right)
        text = f"{left} {node.op} {right}"
        # the standard gives null for null < x, but true or false for null = x
        return self._guard((node.left, node.right), text, COMPARISON) if node.op in ("=", "!=") else (text, COMPARISON)

    def _compared(self, left: Node, right: Node) -> tuple[str, str]:
        """Both sides; a span between dates meets a constant as a duration, which every analyst reads."""
        match left, right:
            case Arith("-", Arith() | Ref() | Lit(), Arith() | Ref() | Lit()), Lit(int() as days) if _is_span(left):
                return self._difference(left), duration(days, "D")
            case Lit(int() as days), Arith("-") if _is_span(right):
                return duration(days, "D"), self._difference(right)
        return self.text(left, SUM), self.text(right, SUM)

    def _difference(self, node: Node) -> str:
        assert isinstance(node, Arith)
        return f"{self.text(node.left, SUM)} - {self.text(node.right, TERM)}"

    def _choice(self, node: If) -> tuple[str, int]:
        condition, then, otherwise = node.condition, node.then, node.otherwise
        plain = f"if {self.text(condition)} then {self.text(then)} else {self.text(otherwise)}"
        if not self.guarded or isinstance(condition, (Lit, Known)):
            return plain, EXPRESSION
        if is_truth(node):
            # known too where both branches agree
            test, yes, no = (self.text(part, ATOM) for part in (condition, then, otherwise))
            return f"({test} and {yes}) or (not({self.text(condition)}) and {no}) or ({yes} and {no})", OR
        agree = f"if {self.text(then, SUM)} = {self.text(otherwise, SUM)} then {self.text(then)} else null"
        return f"if {self.is_null(condition)} then ({agree}) else {plain}", EXPRESSION

    def _arith(self, node: Arith) -> tuple[str, int]:
        if _is_span(node):
            return f"({self._difference(node)}).days", ATOM
        if node.type.kind == "date":
            return self._shifted(node)
        own = TERM if node.op == "*" else SUM
        return f"{self.text(node.left, own)} {node.op} {self.text(node.right, own + 1)}", own

    def _shifted(self, node: Arith) -> tuple[str, int]:
        """A date and a number of days or months, which FEEL wants as a duration."""
        day, unit = self.text(node.left, SUM), "M" if kind_of(node.right) == "months" else "D"
        if isinstance(node.right, Lit):
            count = node.right.value
            assert isinstance(count, int)
            op = node.op if count >= 0 else {"+": "-", "-": "+"}[node.op]
            return f"{day} {op} {duration(abs(count), unit)}", SUM
        count_text = self.text(node.right)
        forward = f'{day} {node.op} duration("P" + string({count_text}) + "{unit}")'
        if unit == "M":  # a number of months is never below 0
            return self._guard([node.right], forward, SUM)
        back = f'{day} {"-" if node.op == "+" else "+"} duration("P" + string(0 - ({count_text})) + "{unit}")'
        text = f"if {self.text(node.right, SUM)} < 0 then {back} else {forward}"
        return self._guard([node.right], text, EXPRESSION)

    def _call(self, node: Call) -> tuple[str, int]:
        name, arguments = node.name, node.arguments
        if name in ("min", "max") and node.type.kind == "date":
            # not every engine takes dates in min() and max()
            return self._guard(arguments, Feel(self.names, False).text(_extreme(name, arguments)), EXPRESSION)
        texts = [self.text(argument) for argument in arguments]
        if name == "round half up" and len(texts) == 1:
            texts.append("0")
        text = f"{name}({', '.join(texts)})"
        return self._guard(arguments, text, ATOM) if name not in ("abs", "floor", "round half up") else (text, ATOM)


def literal(value: Value) -> tuple[str, int]:
    """A constant and how tightly its text binds."""
    if isinstance(value, (bool, date, str)):
        return constant_text(value), ATOM
    if isinstance(value, (int, Decimal)):
        return format(value, "f" if isinstance(value, Decimal) else "d"), TERM if value < 0 else ATOM
    return f"[{', '.join(literal(item)[0] for item in value)}]", ATOM


def duration(count: int, unit: str) -> str:
    """A duration of days ("D") or months ("M")."""
    return f'duration("{"-" if count < 0 else ""}P{abs(count)}{unit}")'


def span(lower: Cmp, upper: Cmp) -> str:
    """Two bounds as an interval."""
    assert isinstance(lower.right, Lit)
    assert isinstance(upper.right, Lit)
    opening, closing = brackets(lower, upper)
    return f"{opening}{literal(lower.right.value)[0]}..{literal(upper.right.value)[0]}{closing}"


def kind_of(node: Node) -> str:
    """The kind of a node's value."""
    match node:
        case Lit(type=Type(kind=kind)) | Ref(type=Type(kind=kind)) | Arith(type=Type(kind=kind)):
            return kind
        case Call(type=Type(kind=kind)):
            return kind
        case If(then=then):
            return kind_of(then)
        case _:
            return "yes/no"


def is_truth(node: Node) -> bool:
    """Whether the node is a condition."""
    return isinstance(node, _TRUTHS) or kind_of(node) == "yes/no"


def _is_span(node: Node) -> bool:
    """Whether it is the number of days between two dates."""
    return isinstance(node, Arith) and node.op == "-" and kind_of(node.left) == kind_of(node.right) == "date"


def _extreme(name: str, arguments: tuple[Node, ...]) -> Node:
    first, *others = arguments
    for other in others:
        first = If(Cmp("<=" if name == "min" else ">=", first, other), first, other)
    return first
