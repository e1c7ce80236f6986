"""One expression in the language of z3, node by node as `motcua.conditions.evaluate` reads it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, Final

import z3

from motcua.analysis.symbolic.logic import (
    ALWAYS_TRUE,
    FALSE,
    NEVER_TRUE,
    TRUE,
    Bool,
    Term,
    Truth,
    Value,
    all_of,
    any_of,
    both,
    chosen,
    equal,
    negated,
    one_of,
)
from motcua.analysis.symbolic.months import LAST_DAY, months_later, some_months_later
from motcua.conditions import And, Arith, Call, Cmp, If, Known, Lit, Node, Not, Or, Ref, Type, type_of

FIRST_DAY: Final = 1
_COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_COMPUTE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul}
UNKNOWN_WORD: Final = -1

Codes = Callable[[Type, str], int]
Lookup = Callable[[str], Value]


def number(value: int | Decimal) -> Term:
    """An exact constant."""
    return z3.IntVal(value) if isinstance(value, int) else z3.RealVal(format(value, "f"))


class Reading:
    """Reads expressions; ``lookup`` gives the values of names, ``code`` the number of a word.

    ``terms`` are dates with months added, large and made once for all law versions.
    """

    def __init__(self, lookup: Lookup, code: Codes, terms: dict[Any, Any]) -> None:
        self._lookup = lookup
        self._code = code
        self._terms = terms
        self._truths: dict[Node, Truth] = {}
        self._values: dict[Node, Value] = {}

    def truth(self, node: Node) -> Truth:
        """A yes/no node."""
        found = self._truths.get(node)
        if found is None:
            found = self._truths[node] = self._truth(node)
        return found

    def value(self, node: Node) -> Value:
        """A node of any type."""
        if type_of(node).kind == "yes/no":
            truth = self.truth(node)
            return Value(truth.known, truth.true, None, truth.false)
        found = self._values.get(node)
        if found is None:
            found = self._values[node] = self._value(node)
        return found

    def literal(self, value: Any, type_: Type) -> Value:
        """A constant of a type."""
        match value:
            case bool():
                return Value(TRUE, TRUE if value else FALSE)
            case date():
                day = value.toordinal()
                return Value(TRUE, z3.IntVal(day), (day, day))
            case str():
                return Value(TRUE, z3.IntVal(self._code(type_, value)))
            case tuple():
                return Value(TRUE, tuple(TRUE if word in value else FALSE for word in type_.values))
            case _:
                return Value(TRUE, number(value))

    def _truth(self, node: Node) -> Truth:
        match node:
            case Lit(value):
                return ALWAYS_TRUE if value else NEVER_TRUE
            case Ref(name):
                return self._lookup(name).truth
            case Known(operand):
                known = self._lookup(operand.name).known
                return Truth(known, negated(known))
            case Not(operand):
                return self.truth(operand).opposite
            case And(operands):
                truths = [self.truth(operand) for operand in operands]
                return Truth(all_of(each.true for each in truths), one_of(each.false for each in truths))
            case Or(operands):
                truths = [self.truth(operand) for operand in operands]
                return Truth(one_of(each.true for each in truths), all_of(each.false for each in truths))
            case If(condition, then, otherwise):
                return self._choice(*map(self.truth, (condition, then, otherwise)))
            case Cmp(op, left, right):
                return self._compare(op, self.value(left), self.value(right))
            case Call(arguments=(holder, item)):
                return self._holds(holder, item)
            case _:
                raise TypeError(f"not a condition: {node}")

    @staticmethod
    def _choice(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
        return Truth(*(any_of(both(condition.true, one), both(condition.false, other), both(one, other))
                       for one, other in zip(then, otherwise, strict=True)))

    @staticmethod
    def _compare(op: str, left: Value, right: Value) -> Truth:
        known = both(left.known, right.known)
        if op in _COMPARE:
            true = _COMPARE[op](left.value, right.value)
        else:
            true = equal(left.value, right.value) if op == "=" else negated(equal(left.value, right.value))
        return Truth(both(known, true), both(known, negated(true)))

    def _holds(self, holder: Node, item: Node) -> Truth:
        """``list contains(holder, item)``."""
        words, wanted, own = self.value(holder), self.value(item), type_of(holder)
        if isinstance(item, Lit):
            held = words.value[own.values.index(str(item.value))] if item.value in own.values else FALSE
        else:
            held = one_of(both(truth, wanted.value == self._code(own, word))
                          for word, truth in zip(own.values, words.value, strict=True))
        known = both(words.known, wanted.known)
        return Truth(both(known, held), both(known, negated(held)))

    def _value(self, node: Node) -> Value:
        match node:
            case Lit(value, own):
                return self.literal(value, own)
            case Ref(name):
                return self._lookup(name)
            case If(condition, then, otherwise):
                return chosen_value(self.truth(condition), self.value(then), self.value(otherwise))
            case Arith():
                return self._arithmetic(node)
            case Call(name, arguments):
                values = [self.value(argument) for argument in arguments]
                known = all_of(value.known for value in values)
                return Value(known, _call(name, node, values), _span_of_call(values))
            case _:
                raise TypeError(f"not a value: {node}")

    def _arithmetic(self, node: Arith) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        kinds = (type_of(node.left).kind, type_of(node.right).kind)
        known = both(left.known, right.known)
        match node.op, *kinds:
            case "-", "date", "date":
                return Value(known, left.value - right.value)
            case op, "date", "days":
                return _days_later(known, left, right.value if op == "+" else -right.value)
            case _, "date", _:
                return self._months_later(known, left, right.value)
            case op, _, _:
                return Value(known, _COMPUTE[op](left.value, right.value))

    def _months_later(self, known: Bool, day: Value, months: Term) -> Value:
        span = day.span or (FIRST_DAY, LAST_DAY)
        months = z3.simplify(_whole(months))
        key = (day.value.get_id(), months.get_id(), span)
        if key not in self._terms:
            # the day and the months are kept with it: their numbers stay theirs
            self._terms[key] = (_moved(day.value, span, months), day.value, months)
        return Value(known, self._terms[key][0], (span[0], LAST_DAY))


def _moved(day: Term, span: tuple[int, int], months: Term) -> Term:
    if not z3.is_int_value(months):
        return some_months_later(day, span, months)
    # nothing is later than the calendar's last day, however many months more
    return months_later(day, span, min(months.as_long(), 12 * 10_000))


def chosen_value(condition: Truth, then: Value, otherwise: Value) -> Value:
    """An ``if``; under an unknown condition known only where both branches agree."""
    known = any_of(both(condition.true, then.known), both(condition.false, otherwise.known),
                   both(condition.unknown, then.known, otherwise.known, equal(then.value, otherwise.value)))
    return Value(known, chosen(condition.true, then.value, otherwise.value), _wider([then, otherwise]))


def _wider(values: Sequence[Value]) -> tuple[int, int] | None:
    spans = [value.span for value in values if value.span is not None]
    if len(spans) < len(values):
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _span_of_call(values: Sequence[Value]) -> tuple[int, int] | None:
    return _wider(values) if values[0].span is not None else None


def _whole(term: Term) -> Term:
    return term if z3.is_int(term) else z3.ToInt(term)


def _days_later(known: Bool, day: Value, days: Term) -> Value:
    """So many days after a day, at most the ends of the calendar."""
    days = z3.simplify(_whole(days)) if z3.is_expr(days) else z3.IntVal(days)
    first, last = day.span or (FIRST_DAY, LAST_DAY)
    later = day.value + days
    if z3.is_int_value(days):
        moved = first + days.as_long(), last + days.as_long()
        if moved[0] >= FIRST_DAY and moved[1] <= LAST_DAY:
            return Value(known, later, moved)
    held = z3.If(later < FIRST_DAY, z3.IntVal(FIRST_DAY), z3.If(later > LAST_DAY, z3.IntVal(LAST_DAY), later))
    return Value(known, held, (FIRST_DAY, LAST_DAY))


def _call(name: str, node: Call, values: Sequence[Value]) -> Term:
    first = values[0].value
    match name:
        case "count":
            return z3.Sum([z3.If(truth, 1, 0) for truth in first]) if first else z3.IntVal(0)
        case "min" | "max":
            order = operator.le if name == "min" else operator.ge
            return reduce(lambda one, other: z3.If(order(one, other), one, other), (each.value for each in values))
        case "sum":
            return reduce(operator.add, (value.value for value in values))
        case "abs":
            return z3.If(first >= 0, first, -first)
        case "floor":
            return _whole(first)
        case "round half up":
            match node.arguments:
                case (_, Lit(int() as places)):
                    return _rounded(first, places)
            return _rounded(first, 0)
        case _:
            raise TypeError(f"not a function of the language: {name}")


def _rounded(term: Term, places: int) -> Term:
    """Half away from zero, to so many decimals (below 0: tens, hundreds)."""
    if z3.is_int(term) and places >= 0:
        return term
    shifted = (z3.ToReal(term) if z3.is_int(term) else term) * number(Decimal(1).scaleb(places))
    half = z3.Q(1, 2)
    whole = z3.If(shifted >= 0, z3.ToInt(shifted + half), -z3.ToInt(half - shifted))
    return whole * 10**-places if places <= 0 else z3.ToReal(whole) * number(Decimal(1).scaleb(-places))
