"""From the parsed text to the core tree: names, types, units and enumerations are checked on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from lark import Token, Tree

from motcua.conditions import numbers
from motcua.conditions.arithmetic import arith, constant, negative
from motcua.conditions.comparison import compare, compare_null, contains, fit_to, join
from motcua.conditions.functions import Argument, call, choice, date_literal, duration_literal
from motcua.conditions.tree import And, Lit, Not, Or, Ref
from motcua.conditions.typed import Findings, Typed, quantity
from motcua.conditions.types import NUMBER, TEXT, YES_NO, Type, same_kind
from motcua.conditions.units import SCALES, UNIT_NAMES, find_unit
from motcua.law import did_you_mean

Parsed = Tree[Token]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may read, with their types, and the lists of values."""

    names: Mapping[str, Type]
    lists: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Checker:
    """Lowers one parsed text; every problem goes to ``findings``."""

    scope: Scope
    findings: Findings
    bound: dict[str, Typed] = field(default_factory=dict)

    def lower(self, tree: Parsed) -> Typed:
        """The typed core node of a parsed expression."""
        self.findings.spend(1)
        lowered: Typed = getattr(self, f"_{tree.data}")(tree, _start(tree))
        return lowered

    def expect(self, typed: Typed, wanted: Type | str | None) -> Typed:
        """The expression as a value of the wanted type, or a problem."""
        if wanted is None or typed.type is None:
            return typed
        target = wanted if isinstance(wanted, Type) else Type(wanted)
        if isinstance(typed.node, Lit) and typed.type.kind in ("number", "integer"):
            typed = self._in_unit(typed, target)
        typed = fit_to(self.findings, typed, target)
        fits = typed.type is not None and (
            same_kind(typed.type, target) if isinstance(wanted, Type) else typed.type.kind == wanted)
        if typed.type is not None and not fits:
            self.findings.problem("COND_121", typed.at, wanted=target.title, type=typed.type.title)
        return typed

    def _in_unit(self, typed: Typed, target: Type) -> Typed:
        """A bare number where a quantity is wanted counts in the quantity's unit, like a fact."""
        unit = find_unit(target.unit) if target.unit else None
        if unit is None or unit.kind in ("number", "integer"):
            return typed
        value = numbers.scaled(typed.node.value, unit.factor)  # type: ignore[union-attr, arg-type]
        return replace(typed, node=Lit(value, quantity(unit.kind)), type=quantity(unit.kind))

    # Logic

    def _disjunction(self, tree: Parsed, at: int) -> Typed:
        return join(self.findings, Or, [self.lower(part) for part in _trees(tree)], at)

    def _conjunction(self, tree: Parsed, at: int) -> Typed:
        return join(self.findings, And, [self.lower(part) for part in _trees(tree)], at)

    def _negation(self, tree: Parsed, at: int) -> Typed:
        operand = join(self.findings, And, [self.lower(_trees(tree)[0])], at)
        if operand.type is None:
            return self.findings.bad(at)
        return self.findings.make(Not(operand.node), YES_NO, at, operand)

    def _if_then(self, tree: Parsed, at: int) -> Typed:
        condition, then, otherwise = (self.lower(part) for part in _trees(tree))
        return choice(self.findings, condition, then, otherwise, at)

    def _true(self, tree: Parsed, at: int) -> Typed:
        return self.findings.make(Lit(True, YES_NO), YES_NO, at)

    def _false(self, tree: Parsed, at: int) -> Typed:
        return self.findings.make(Lit(False, YES_NO), YES_NO, at)

    def _null(self, tree: Parsed, at: int) -> Typed:
        self.findings.problem("COND_118", at)
        return self.findings.bad(at)

    def _quantified(self, tree: Parsed, at: int) -> Typed:
        """``some`` and ``every`` become ``or`` and ``and`` over the values the list may hold."""
        quantifier, name = (child for child in tree.children if isinstance(child, Token))
        source, body = _trees(tree)
        if name in self.scope.names or name in self.bound or "." in name:
            self.findings.problem("COND_120", name.start_pos or 0, name=str(name))
            return self.findings.bad(at)
        kind = Or if quantifier == "some" else And
        cases = [self._case(str(name), item, guard, body, kind) for item, guard in self._items(source)]
        if any(case.type is None for case in cases):
            return self.findings.bad(at)
        return join(self.findings, kind, _without_constants(cases, kind), at)

    def _items(self, source: Parsed) -> list[tuple[Typed, Typed | None]]:
        """The possible items of a list, each with the condition under which it is in the list."""
        if source.data == "list":
            return [(self.lower(item), None) for item in _trees(source)]
        holder = self.lower(source)
        if holder.type is None or holder.type.kind != "list of":
            if holder.type is not None:
                self.findings.problem("COND_132", holder.at, type=holder.type.title)
            return [(self.findings.bad(holder.at), None)]
        item_type = Type("one of", None, holder.type.list, holder.type.values)
        at = holder.at
        items = [self.findings.make(Lit(value, item_type), item_type, at) for value in item_type.values]
        return [(item, contains(self.findings, holder, item, at)) for item in items]

    def _case(self, name: str, item: Typed, guard: Typed | None, body: Parsed,
              kind: type[And] | type[Or]) -> Typed:
        self.bound[name] = item
        try:
            lowered = join(self.findings, kind, [self.lower(body)], _start(body))
        finally:
            del self.bound[name]
        if item.type is None:
            return self.findings.bad(item.at)
        if guard is None or lowered.type is None or lowered.node == Lit(kind is And, YES_NO):
            return lowered
        if isinstance(lowered.node, Lit):
            return guard if kind is Or else self.findings.make(Not(guard.node), YES_NO, guard.at, guard)
        if kind is Or:
            return join(self.findings, And, [guard, lowered], guard.at)
        absent = self.findings.make(Not(guard.node), YES_NO, guard.at, guard)
        return join(self.findings, Or, [absent, lowered], guard.at)

    # Comparisons

    def _compare(self, tree: Parsed, at: int) -> Typed:
        left, operator, right = tree.children
        assert isinstance(left, Tree)
        assert isinstance(right, Tree)
        if left.data == "null":
            left, right = right, left
        if right.data == "null":
            return compare_null(self.findings, str(operator), self.lower(left), at, _start(right))
        return compare(self.findings, str(operator), self.lower(left), self.lower(right), at)

    def _between(self, tree: Parsed, at: int) -> Typed:
        tested, low, high = (self.lower(part) for part in _trees(tree))
        return self._within(tested, ">=", low, "<=", high, at)

    def _within(self, tested: Typed, above: str, low: Typed, below: str, high: Typed, at: int) -> Typed:
        lower = compare(self.findings, above, tested, low, at)
        upper = compare(self.findings, below, tested, high, at)
        return join(self.findings, And, [lower, upper], at)

    def _tested_in(self, tree: Parsed, at: int) -> Typed:
        tested, tests = _trees(tree)
        operand = self.lower(tested)
        listed = _trees(tests) if tests.data in ("tests", "list") else [tests]
        return join(self.findings, Or, [self._test(operand, test) for test in listed], at)

    def _test(self, operand: Typed, test: Parsed) -> Typed:
        at = operand.at
        if test.data == "interval":
            opening, low, high, closing = test.children
            assert isinstance(low, Tree)
            assert isinstance(high, Tree)
            return self._within(operand, ">=" if opening == "[" else ">", self.lower(low),
                                "<=" if closing == "]" else "<", self.lower(high), at)
        if test.data == "unary":
            return compare(self.findings, str(test.children[0]), operand, self.lower(_trees(test)[0]), at)
        other = self.lower(test)
        if other.type is not None and other.type.kind == "list of":
            return contains(self.findings, other, operand, at)
        return compare(self.findings, "=", operand, other, other.at)

    # Numbers and values

    def _sum(self, tree: Parsed, at: int) -> Typed:
        first, *rest = tree.children
        assert isinstance(first, Tree)
        total = self.lower(first)
        for operator, term in zip(rest[::2], rest[1::2], strict=True):
            assert isinstance(term, Tree)
            total = arith(self.findings, str(operator), total, self.lower(term), at)
        return total

    _term = _sum

    def _negative(self, tree: Parsed, at: int) -> Typed:
        return negative(self.findings, self.lower(_trees(tree)[0]), at)

    def _read(self, token: Token) -> numbers.Number | None:
        at = token.start_pos or 0
        try:
            return numbers.read_number(str(token))
        except numbers.AmbiguousNumberError:
            self.findings.problem("COND_014", at, number=str(token))
        except numbers.TooLongNumberError:
            self.findings.problem("COND_123", at, digits=numbers.MAX_DIGITS)
        except ValueError:
            self.findings.problem("COND_027", at, number=str(token))
        return None

    def _number(self, tree: Parsed, at: int) -> Typed:
        number = self._read(_token(tree, 0))
        return self.findings.bad(at) if number is None else constant(self.findings, number, NUMBER, at)

    def _percent(self, tree: Parsed, at: int) -> Typed:
        number = self._read(_token(tree, 0))
        if number is None:
            return self.findings.bad(at)
        return constant(self.findings, numbers.EXACT.scaleb(number, -2), NUMBER, at)

    def _quantity(self, tree: Parsed, at: int) -> Typed:
        number = self._read(_token(tree, 0))
        words = [str(word) for word in tree.children[1:]]
        if words[-1] in SCALES and len(words) == 1:
            return self.findings.bad(at) if number is None else constant(
                self.findings, numbers.multiply(number, SCALES[words[0]]), NUMBER, at)
        unit = find_unit(" ".join(words))
        if unit is None or words[-1] == "percent":
            known = SCALES if len(words) == 2 and words[0] not in SCALES else UNIT_NAMES
            wrong = words[0] if len(words) == 1 or words[0] not in SCALES else words[1]
            where = next(t for t in tree.children[1:] if isinstance(t, Token) and t == wrong)
            hint = did_you_mean(wrong, known)
            self.findings.problem("COND_109", where.start_pos or 0, unit=wrong, hint=hint)
            return self.findings.bad(at)
        if number is None:
            return self.findings.bad(at)
        return constant(self.findings, numbers.scaled(number, unit.factor), quantity(unit.kind), at)

    def _string(self, tree: Parsed, at: int) -> Typed:
        return self.findings.make(Lit(_unquoted(_token(tree, 0)), TEXT), TEXT, at)

    def _at_literal(self, tree: Parsed, at: int) -> Typed:
        text = _unquoted(_token(tree, 0))
        literal = duration_literal if text.startswith(("P", "-P")) else date_literal
        return literal(self.findings, text, at)

    def _name(self, tree: Parsed, at: int) -> Typed:
        name = str(tree.children[0])
        if name in self.bound:
            return replace(self.bound[name], at=at)
        own = self.scope.names.get(name)
        if own is None:
            self._unknown_name(name, at)
            return self.findings.bad(at)
        return self.findings.make(Ref(name, own), own, at)

    def _unknown_name(self, name: str, at: int) -> None:
        if name in ("yes", "no", "có", "không"):
            self.findings.problem("COND_035", at, name=name)
        elif any(name in values for values in self.scope.lists.values()):
            self.findings.problem("COND_017", at, name=name)
        else:
            hint = did_you_mean(name, [*self.scope.names, *self.bound])
            self.findings.problem("COND_101", at, name=name, hint=hint)

    def _call(self, tree: Parsed, at: int) -> Typed:
        name, *rest = tree.children
        arguments: list[Argument] = []
        for argument in rest:
            if isinstance(argument, Tree) and argument.data == "list":
                arguments.append([self.lower(item) for item in _trees(argument)])
            elif isinstance(argument, Tree):
                arguments.append(self.lower(argument))
        return call(self.findings, " ".join(str(name).split()), arguments, at)

    def _list(self, tree: Parsed, at: int) -> Typed:
        self.findings.problem("COND_119", at)
        return self.findings.bad(at)


def requires_all_node(name: str, own: Type, values: Collection[str], findings: Findings) -> Typed:
    """The list fact ``name`` holds each of ``values``."""
    holder = Typed(Ref(name, own), own, 0)
    parts = [contains(findings, holder, Typed(Lit(value, TEXT), TEXT, 0), 0) for value in values]
    return join(findings, And, parts, 0)


def _without_constants(cases: list[Typed], kind: type[And] | type[Or]) -> list[Typed]:
    """Only the cases on which the answer depends."""
    neutral = Lit(kind is And, YES_NO)
    decisive = [case for case in cases if case.node == Lit(kind is Or, YES_NO)]
    return decisive[:1] or [case for case in cases if case.node != neutral]


def _trees(tree: Parsed) -> list[Parsed]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _token(tree: Parsed, index: int) -> Token:
    token = tree.children[index]
    assert isinstance(token, Token)
    return token


def _start(tree: Parsed) -> int:
    return int(getattr(tree.meta, "start_pos", 0) or 0)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def _unquoted(token: str) -> str:
    inner, out = iter(token[1:-1]), []
    for char in inner:
        if char == "\\":
            escaped = next(inner)
            out.append(_ESCAPES.get(escaped, escaped))
        else:
            out.append(char)
    return "".join(out)

