"""Reading the text of a condition: `parse`, and the `Expression` it gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedInput

from motcua.conditions import mistakes
from motcua.conditions.check import Checker, Scope, requires_all_node
from motcua.conditions.guards import without_guards
from motcua.conditions.printing import show
from motcua.conditions.tree import MAX_DEPTH, And, Lit, Node, Not, Or, depth_of, names_in, walk
from motcua.conditions.typed import MAX_SIZE, Findings, TooLargeError, Typed
from motcua.conditions.types import YES_NO, Type, Value
from motcua.errors import Place, Problem, RuleFileError
from motcua.law import did_you_mean

MAX_LENGTH = 10_000


@dataclass(frozen=True)
class Expression:
    """A checked condition or value: its text, its core tree and its type."""

    text: str
    tree: Node
    type: Type
    place: Place | None = field(default=None, compare=False, repr=False)

    @cached_property
    def names_in_order(self) -> tuple[str, ...]:
        """The names of facts, derived names and decisions it reads, in the order read."""
        return names_in(self.tree)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it reads, as a set."""
        return frozenset(self.names_in_order)

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """Depth and size of the tree, which bound what it costs to read."""
        return depth_of(self.tree), sum(1 for _ in walk(self.tree))

    @cached_property
    def parts(self) -> dict[int, Expression]:
        """Leaves of the tree that were explained, by the identity of their node (kept alive by the tree)."""
        return {}

    def show(self) -> str:
        """The expression in the condition language; parsing it gives the same tree."""
        return show(self.tree)


@lru_cache(maxsize=1)
def grammar() -> Lark:
    """The parser of the language."""
    text = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", propagate_positions=True)


def parse(text: str, scope: Scope, *, expect: Type | str | None = None, place: Place | None = None,
          guarded: bool = False) -> Expression:
    """Read and check an expression.

    ``expect`` is the type it must have ("yes/no" or a `Type`); where a value of a list is wanted, its bare
    word will do. ``place`` is where the text begins in its file. In ``guarded`` text, as other tools hold it,
    guards against null are taken off (`motcua.conditions.guards`). Raises ``RuleFileError`` with every
    problem of the text.
    """
    normal = unicodedata.normalize("NFC", text)
    findings = Findings(normal, place)
    word = normal.strip()
    if isinstance(expect, Type) and word in expect.values and word not in scope.names:
        return Expression(text, Lit(word, Type("one of", None, expect.list, expect.values)), expect, place)
    typed = _checked(normal, scope, expect, findings, guarded)
    if findings.problems or typed is None or typed.type is None:
        raise RuleFileError(findings.problems)
    return Expression(text, typed.node, typed.type, place)


def _checked(text: str, scope: Scope, expect: Type | str | None, findings: Findings,
             guarded: bool) -> Typed | None:
    parsed = _parsed(text, findings)
    if parsed is None:
        return None
    if guarded:
        parsed = without_guards(parsed)
    checker = Checker(scope, findings)
    try:
        return checker.expect(checker.lower(parsed), expect)
    except TooLargeError:
        return None


def _parsed(text: str, findings: Findings) -> Tree[Token] | None:
    if len(text) > MAX_LENGTH:
        findings.problem("COND_003", 0, limit=MAX_LENGTH)
        return None
    if not text.strip():
        findings.problem("COND_005", 0)
        return None
    mistake = mistakes.comma_in_number(text)
    try:
        tree = None if mistake else grammar().parse(text)
    except UnexpectedInput as error:
        mistake, tree = mistakes.recognise(text, error), None
    if tree is None:
        assert mistake is not None
        findings.problem(mistake.code, mistake.at, **mistake.params)
        return None
    if _nesting(tree) > 2 * MAX_DEPTH:
        findings.problem("COND_004", 0, depth=MAX_DEPTH)
        return None
    inner = tree.children[0]
    assert isinstance(inner, Tree)
    return inner


def _nesting(tree: Tree[Token]) -> int:
    """The depth of a parsed tree, without recursion."""
    level, layer = 0, [tree]
    while layer:
        layer = [child for parent in layer for child in parent.children if isinstance(child, Tree)]
        level += 1
    return level


def literal(value: Value, type_: Type) -> Expression:
    """An expression that is a constant, from a value already read."""
    node = Lit(value, type_)
    return Expression(show(node), node, type_)


def all_of(expressions: Sequence[Expression], place: Place | None = None) -> Expression:
    """True when all are true; of none, true. Written as a list ``all:`` in rule files."""
    return _combined(And, expressions, place)


def any_of(expressions: Sequence[Expression], place: Place | None = None) -> Expression:
    """True when one is true; of none, false. Written as a list ``any:`` in rule files."""
    return _combined(Or, expressions, place)


def none_of(expressions: Sequence[Expression], place: Place | None = None) -> Expression:
    """True when all are false. Written as a list ``none:`` in rule files."""
    return negate(any_of(expressions, place))


def negate(expression: Expression) -> Expression:
    """The negation; of a negation, what it negates."""
    _wants_condition(expression)
    if isinstance(expression.tree, Not):
        return _whole(expression.tree.operand, expression.place, [expression])
    return _whole(Not(expression.tree), expression.place, [expression])


def requires_all(name: str, values: Sequence[str], scope: Scope, place: Place | None = None) -> Expression:
    """The list fact ``name`` holds each of ``values``: ``requires_all_of`` in rule files."""
    findings = Findings(name, place)
    own = scope.names.get(name)
    if own is None:
        findings.problem("COND_101", 0, name=name, hint=did_you_mean(name, list(scope.names)))
        raise RuleFileError(findings.problems)
    typed = requires_all_node(name, own, values, findings)
    if findings.problems:
        raise RuleFileError(findings.problems)
    return _whole(typed.node, place, [])


def _combined(kind: type[And] | type[Or], expressions: Sequence[Expression],
              place: Place | None) -> Expression:
    for expression in expressions:
        _wants_condition(expression)
    if len(expressions) == 1:
        return expressions[0]
    operands = tuple(expression.tree for expression in expressions)
    return _whole(kind(operands) if operands else Lit(kind is And, YES_NO), place, expressions)


def _wants_condition(expression: Expression) -> None:
    if expression.type != YES_NO:
        problem = Problem("COND_106", {"type": expression.type.title}, expression.place)
        raise RuleFileError(problem)


def _whole(tree: Node, place: Place | None, parts: Sequence[Expression]) -> Expression:
    """An expression over ``parts``, whose bounds are added up before the new tree is walked."""
    depth = 1 + max((part.bounds[0] for part in parts), default=0)
    if depth > MAX_DEPTH or sum(part.bounds[1] for part in parts) > MAX_SIZE:
        raise RuleFileError(Problem("COND_004", {"depth": MAX_DEPTH}, place))
    return Expression(show(tree), tree, YES_NO, place)
