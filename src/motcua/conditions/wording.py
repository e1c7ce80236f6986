"""A condition in plain words, Vietnamese or English, for people who do not read the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.conditions.numbers import Number, scaled
from motcua.conditions.parser import Expression
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
from motcua.conditions.types import YES_NO, Type
from motcua.conditions.values import Labels, show_value, unit_of
from motcua.law import Text

_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_NUMBERS = {
    "=": Text("bằng", "is"), "!=": Text("khác", "is not"), "<": Text("nhỏ hơn", "is less than"),
    "<=": Text("không quá", "is at most"), ">": Text("lớn hơn", "is more than"),
    ">=": Text("ít nhất là", "is at least"),
}
_DATES = {
    "=": Text("là", "is"), "!=": Text("không phải là", "is not"), "<": Text("trước", "is before"),
    "<=": Text("không sau", "is on or before"), ">": Text("sau", "is after"),
    ">=": Text("không trước", "is on or after"),
}
_WORDS = {"=": Text("là", "is"), "!=": Text("không phải là", "is not")}
_ARITHMETIC = {"+": Text("cộng", "plus"), "-": Text("trừ", "minus"), "*": Text("nhân", "times")}
_FUNCTIONS = {
    "count": Text("số mục của {}", "the number of items in {}"),
    "min": Text("số nhỏ nhất trong ({})", "the least of ({})"),
    "max": Text("số lớn nhất trong ({})", "the greatest of ({})"),
    "sum": Text("tổng của ({})", "the sum of ({})"),
    "abs": Text("giá trị tuyệt đối của {}", "the absolute value of {}"),
    "floor": Text("{} làm tròn xuống", "{} rounded down"),
    "round half up": Text("{} làm tròn", "{} rounded"),
}


def describe(expression: Expression, lang: str, titles: Mapping[str, Text], labels: Labels) -> str:
    """The expression in plain words of ``lang``.

    ``titles`` are those of facts and other names, ``labels`` those of list values (list → value → text);
    what has none is shown by its name.
    """
    wording = _Wording(lang, titles, labels)
    match expression.tree:
        case If(condition, then, otherwise) if expression.type != YES_NO:
            return wording.choice(condition, wording.value(then), wording.value(otherwise))
    return wording.condition(expression.tree, False)


@dataclass(frozen=True, slots=True)
class _Wording:
    lang: str
    titles: Mapping[str, Text]
    labels: Labels

    def say(self, vi: str, en: str) -> str:
        return vi if self.lang == "vi" else en

    def title(self, ref: Ref) -> str:
        title = self.titles.get(ref.name)
        shown = title.get(self.lang) if title is not None else ref.name
        return self.say(f"“{shown}”", f'"{shown}"')

    def condition(self, node: Node, negated: bool, inner: bool = False) -> str:
        """A yes/no node, or its negation; a compound one in brackets when it stands inside another."""
        match node:
            case Not(operand):
                return self.condition(operand, not negated, inner)
            case And() | Or():
                return self.joined(node, negated, inner)
            case Known(operand):
                title = self.title(operand)
                return (self.say(f"chưa biết {title}", f"{title} is unknown") if negated
                        else self.say(f"đã biết {title}", f"{title} is known"))
            case Cmp(op, left, right):
                return self.comparison(_NEGATED[op] if negated else op, left, right)
            case Call("list contains", (Ref() as holder, item)):
                return self.holds(holder, [item], negated, every=True)
            case Ref() if type_of(node).kind == "yes/no":
                return f"{self.title(node)} {self.yes_no(not negated)}"
            case Lit(bool() as value):
                always = self.say("luôn đúng", "always"), self.say("không bao giờ đúng", "never")
                return always[value is negated]
            case If(condition, then, otherwise) if type_of(node).kind == "yes/no":
                chosen = self.choice(condition, self.condition(then, negated, True),
                                     self.condition(otherwise, negated, True))
                return f"({chosen})" if inner else chosen
            case _:
                return self.value(node)

    def yes_no(self, value: bool) -> str:
        return self.say(f"là {'có' if value else 'không'}", f"is {'yes' if value else 'no'}")

    def joined(self, node: And | Or, negated: bool, inner: bool) -> str:
        membership, interval, holding = as_membership(node), as_interval(node), _holding(node)
        if membership is not None:
            text = self.one_of(membership[0], membership[1], negated)
            return f"({text})" if inner else text
        if interval is not None and not negated:
            return self.interval(*interval)
        if holding is not None and (not negated or isinstance(node, Or)):
            return self.holds(holding[0], holding[1], negated, every=isinstance(node, And))
        conjunction = isinstance(node, And) is not negated
        word = self.say(" và ", " and ") if conjunction else self.say(" hoặc ", " or ")
        text = word.join(self.condition(operand, negated, True) for operand in node.operands)
        return f"({text})" if inner else text

    def one_of(self, ref: Ref, literals: Sequence[Lit], negated: bool) -> str:
        values = self.list_of([self.value(literal) for literal in literals])
        verb = _WORDS["!=" if negated else "="].get(self.lang)
        return f"{self.title(ref)} {verb} {values}"

    def list_of(self, words: Sequence[str], vi: str = "hoặc", en: str = "or") -> str:
        return f" {self.say(vi, en)} ".join([part for part in (", ".join(words[:-1]), words[-1]) if part])

    def interval(self, ref: Ref, lower: Cmp, upper: Cmp) -> str:
        low, high = (self.measured(bound.right, ref) for bound in (lower, upper))
        start = self.say("từ", "is from") if lower.op == ">=" else self.say("trên", "is more than")
        end = self.say("đến", "to") if upper.op == "<=" else self.say("đến dưới", "to less than")
        if lower.op == ">" and self.lang == "en":
            end = "and at most" if upper.op == "<=" else "and less than"
        return f"{self.title(ref)} {start} {low} {end} {high}"

    def holds(self, holder: Ref, items: Sequence[Node], negated: bool, every: bool) -> str:
        words = [self.value(item) for item in items]
        joined = self.list_of(words, "và", "and") if every else self.list_of(words)
        if negated:
            return f"{self.title(holder)} {self.say('không có', 'does not include')} {joined}"
        return f"{self.title(holder)} {self.say('có', 'includes')} {joined}"

    def comparison(self, op: str, left: Node, right: Node) -> str:
        match op, left, right:
            case (">" | "!="), Call("count", (Ref() as holder,)), Lit(0):
                return f"{self.title(holder)} {self.say('có ít nhất một mục', 'has at least one item')}"
            case ("=" | "<="), Call("count", (Ref() as holder,)), Lit(0):
                return f"{self.title(holder)} {self.say('không có mục nào', 'has no items')}"
        own = type_of(left)
        words = _DATES if own.kind == "date" else _NUMBERS if own.is_number else _WORDS
        return f"{self.measured(left, right)} {words[op].get(self.lang)} {self.measured(right, left)}"

    def measured(self, node: Node, other: Node) -> str:
        """A value compared with another one; a number in the unit of the fact that it is compared with."""
        own = _read_in(other)
        match node:
            case Lit(int() | Decimal() as number) if own is not None and _is_exact(own, number):
                return show_value(own, number, self.lang)
            case _:
                return self.value(node)

    def value(self, node: Node) -> str:
        """A node of any type but yes/no, as part of a sentence."""
        match node:
            case Lit(value, own):
                return show_value(own, value, self.lang, self.labels)
            case Ref():
                return self.title(node)
            case If(condition, then, otherwise):
                return f"({self.choice(condition, self.value(then), self.value(otherwise))})"
            case Arith():
                return self.arithmetic(node)
            case Call(name, arguments):
                shown = [self.value(argument) for argument in arguments]
                kept = shown[:1] if name in _ROUNDED else shown
                return _FUNCTIONS[name].get(self.lang).format(", ".join(kept))
            case _:
                return f"({self.condition(node, False)})"

    def choice(self, condition: Node, then: str, otherwise: str) -> str:
        tested = self.condition(condition, False, True)
        return self.say(f"nếu {tested} thì {then}, nếu không thì {otherwise}",
                        f"if {tested} then {then}, otherwise {otherwise}")

    def arithmetic(self, node: Arith) -> str:
        left, right = self.value(node.left), self.value(node.right)
        kinds = (type_of(node.left).kind, type_of(node.right).kind)
        if kinds == ("date", "date"):
            return self.say(f"số ngày từ {right} đến {left}", f"the number of days from {right} to {left}")
        if kinds[0] == "date":
            words = ("sau", "after") if node.op == "+" else ("trước", "before")
            return self.say(f"{right} {words[0]} {left}", f"{right} {words[1]} {left}")
        match node:
            case Arith("*", Lit(factor), _) if 0 < factor < 1:  # type: ignore[operator]
                percent = show_value(Type("number", "%"), factor, self.lang)
                return self.say(f"{percent} của {right}", f"{percent} of {right}")
        nested = f"({right})" if isinstance(node.right, Arith) else right
        return f"{left} {_ARITHMETIC[node.op].get(self.lang)} {nested}"


_ROUNDED = ("floor", "round half up")


def _read_in(node: Node) -> Type | None:
    """The type of the first fact in a sum or choice of quantities, which tells the unit people know it by."""
    match node:
        case Ref(type=own) if own.unit is not None:
            return own
        case Arith("+" | "-", left, _) | Arith("*", _, left):
            return _read_in(left)
        case Call(name, (first, *_)) if name in ("min", "max", "sum", "abs"):
            return _read_in(first)
        case _:
            return None


def _is_exact(own: Type, number: Number) -> bool:
    """Whether the number can be written out in the unit of the type."""
    unit = unit_of(own)
    try:
        return unit is not None and scaled(number, 1 / unit.factor) is not None
    except ValueError:
        return False


def _holding(node: And | Or) -> tuple[Ref, list[Node]] | None:
    """Several ``list contains`` on one list, or None."""
    holders, items = [], []
    for operand in node.operands:
        match operand:
            case Call("list contains", (Ref() as holder, item)):
                holders.append(holder)
                items.append(item)
            case _:
                return None
    return (holders[0], items) if len(set(holders)) == 1 else None
