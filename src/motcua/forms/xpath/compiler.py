"""Syntax tree to closures: every expression of a form is compiled once, its references resolved.

Absolute paths through a repeat that also holds the expression's node mean that row (JavaRosa, Enketo).
Non-relevant nodes are absent. Faults are reported with their position, never raised one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from motcua.errors import closest
from motcua.forms.nodes import Node
from motcua.forms.xpath import paths
from motcua.forms.xpath.context import Context, Evaluator, Run
from motcua.forms.xpath.functions import FUNCTIONS, Function
from motcua.forms.xpath.parser import XPathSyntaxError, parse_xpath
from motcua.forms.xpath.tree import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Filter,
    Literal,
    Logic,
    Negate,
    Number,
    Path,
    Union,
    Variable,
)
from motcua.forms.xpath.values import (
    Value,
    equal,
    not_equal,
    ordered,
    to_boolean,
    to_number,
    to_string,
)

if TYPE_CHECKING:
    from motcua.forms.model import Definition
    from motcua.forms.secondary import SecondaryInstance


class Reporter(Protocol):
    """Takes a fault of one expression: code, 0-based position, severity, parameters of the wording."""

    def __call__(self, code: str, position: int, severity: str = "error", **params: object) -> None:
        """Note the fault."""


class Lists(Protocol):
    """The form's secondary instances, loaded when first named."""

    def find(self, name: str) -> SecondaryInstance | None:
        """The list of that id."""

    def names(self) -> tuple[str, ...]:
        """All ids."""

    def csv(self, name: str) -> SecondaryInstance | None:
        """The list in a CSV file."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """An expression ready to run, and what is known of it before it runs."""

    text: str
    tree: Expr
    gives: str
    refs: frozenset[Definition]
    calls: frozenset[str]
    run: Evaluator = field(repr=False)
    line: int | None = None

    def value(self, run: Run, node: Node, current: Node | None = None) -> Value:
        """The value at ``node``; ``current`` is the question's node where ``node`` is an item of a list."""
        run.spend()
        return self.run(Context(node, current or node, run))

    def string(self, run: Run, node: Node, current: Node | None = None) -> str:
        """The value as text."""
        return to_string(self.value(run, node, current))

    def boolean(self, run: Run, node: Node) -> bool:
        """The value as yes or no."""
        return to_boolean(self.value(run, node))

    def number(self, run: Run, node: Node) -> float:
        """The value as a number."""
        return to_number(self.value(run, node))

    def nodes(self, run: Run, node: Node) -> list[Node]:
        """The value as nodes; none where it is no node-set."""
        value = self.value(run, node)
        return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its own definition, and the definitions the context node may have."""

    owner: Definition | None
    context: tuple[Definition, ...]
    item: bool = False


class Compiler:
    """Compiles the expressions of one form against its definitions and lists."""

    def __init__(self, root: Definition, lists: Lists) -> None:
        self.root = root
        self.lists = lists
        self.refs: set[Definition] = set()
        self.calls: set[str] = set()
        self.report: Reporter = _raise

    def compile(
        self,
        text: str,
        owner: Definition | None,
        report: Reporter,
        *,
        item: bool = False,
        context: tuple[Definition, ...] | None = None,
        line: int | None = None,
        truth: bool = False,
    ) -> Compiled | None:
        """The compiled expression, or None after its faults were reported; ``truth``: a yes or no is wanted."""
        try:
            tree = parse_xpath(text)
        except XPathSyntaxError as error:
            report(error.code, error.position, "error", **error.params)
            return None
        self.refs, self.calls, failed = set(), set(), []

        def watching(code: str, position: int, severity: str = "error", **params: object) -> None:
            failed.append(severity == "error")
            report(code, position, severity, **params)

        self.report = watching
        within = context if context is not None else (() if item or owner is None else (owner,))
        gives, run = self.expression(tree, Scope(owner, within, item))
        if truth:
            self._warn_of_node(gives, tree)
        if any(failed):
            return None
        return Compiled(text, tree, gives, frozenset(self.refs), frozenset(self.calls), run, line)

    def expression(self, expr: Expr, scope: Scope) -> tuple[str, Evaluator]:
        """Static type ("string", "number", "boolean", "nodes", "any") and evaluator of one part."""
        match expr:
            case Number(value, _):
                return "number", _constant(value)
            case Literal(text):
                return "string", _constant(text)
            case Variable(name, position):
                self.report("FORM_110", position, "warning", name=name[:40])
                return "string", _constant("")
            case Logic(operator, operands):
                return "boolean", _logic(operator, [self.boolean(part, scope) for part in operands])
            case Compare(first, rest):
                return "boolean", self._comparison(first, rest, scope)
            case Arithmetic(first, rest):
                terms = [(operator, self.number(part, scope)) for operator, part in rest]
                return "number", _arithmetic(self.number(first, scope), terms)
            case Negate(operand):
                inner = self.number(operand, scope)
                return "number", lambda ctx: -inner(ctx)
            case Union(operands):
                return "nodes", self._union(operands, scope)
            case Call():
                return self._call(expr, scope)
            case Path():
                return "nodes", paths.compile_path(self, expr, scope).run
            case Filter():
                return "nodes", paths.compile_path(self, Path(False, expr, ()), scope).run

    def boolean(self, expr: Expr, scope: Scope) -> Callable[[Context], bool]:
        """The part as a condition."""
        gives, run = self.expression(expr, scope)
        self._warn_of_node(gives, expr)
        if gives == "boolean":
            return run  # type: ignore[return-value]
        return lambda ctx: to_boolean(run(ctx))

    def number(self, expr: Expr, scope: Scope) -> Callable[[Context], float]:
        """The part as a number."""
        gives, run = self.expression(expr, scope)
        if gives == "number":
            return run  # type: ignore[return-value]
        return lambda ctx: to_number(run(ctx))

    def string(self, expr: Expr, scope: Scope) -> Callable[[Context], str]:
        """The part as text."""
        _, run = self.expression(expr, scope)
        return lambda ctx: to_string(run(ctx))

    def _comparison(self, first: Expr, rest: tuple[tuple[str, Expr], ...], scope: Scope) -> Evaluator:
        left = self.expression(first, scope)[1]
        for operator, part in rest:
            left = _compare(operator, left, self.expression(part, scope)[1])
        return left

    def _union(self, operands: tuple[Expr, ...], scope: Scope) -> Evaluator:
        self.report("FORM_111", 0, "warning", found="|")
        parts = [self.expression(part, scope)[1] for part in operands]

        def run(ctx: Context) -> Value:
            found: dict[int, Node] = {}
            for part in parts:
                value = part(ctx)
                found.update({id(node): node for node in value} if isinstance(value, list) else {})
            return list(found.values())

        return run

    def _warn_of_node(self, gives: str, expr: Expr) -> None:
        """A node in a boolean place counts by its text here and in Collect, by being there in Web Forms."""
        if gives == "nodes":
            self.report("FORM_122", getattr(expr, "position", 0), "warning")

    def _warn_of_clients(self, name: str, call: Call) -> None:
        """Calls that clients answer differently when a node is empty."""
        if name in ("sum", "max", "min"):
            for part in call.arguments:
                if isinstance(part, Path) and part.steps and not any(step.predicates for step in part.steps):
                    self.report("FORM_121", call.position, "warning", name=name)
        if name in ("boolean", "not") and isinstance(call.arguments[0], Path):
            self._warn_of_node("nodes", call.arguments[0])

    def _call(self, call: Call, scope: Scope) -> tuple[str, Evaluator]:
        from motcua.forms.xpath.special import SPECIAL

        name = call.name.removeprefix("fn:")
        known = FUNCTIONS.get(name) or SPECIAL.get(name)
        if known is None:
            near = closest(name, [*FUNCTIONS, *SPECIAL])
            self.report("FORM_108", call.position, name=name[:40], closest=near or "–")
            return "any", _constant("")
        if not known.least <= len(call.arguments) <= (known.most if known.most is not None else math.inf):
            self.report("FORM_109", call.position, name=name, given=len(call.arguments), wanted=_arity(known))
            return "any", _constant("")
        self.calls.add(name)
        if name in _NOT_IN_JAVAROSA:
            self.report("FORM_111", call.position, "warning", found=f"{name}()")
        self._warn_of_clients(name, call)
        if not isinstance(known, Function):
            return known.build(self, call, scope)
        return known.gives, _plain_call(known, [self.expression(part, scope)[1] for part in call.arguments])


_NOT_IN_JAVAROSA = frozenset({"floor", "ceiling", "last", "name", "local-name", "id", "lang", "namespace-uri"})


def _arity(function: Function | object) -> str:
    least, most = getattr(function, "least", 0), getattr(function, "most", None)
    if most is None:
        return f"≥ {least}"
    return str(least) if least == most else f"{least}-{most}"


def _constant(value: Value) -> Evaluator:
    return lambda ctx: value


def _plain_call(function: Function, arguments: list[Evaluator]) -> Evaluator:
    work = function.work
    if len(arguments) == 1:
        only = arguments[0]
        return lambda ctx: work(ctx.run, only(ctx))
    if len(arguments) == 2:
        first, second = arguments
        return lambda ctx: work(ctx.run, first(ctx), second(ctx))
    return lambda ctx: work(ctx.run, *[argument(ctx) for argument in arguments])


def _logic(operator: str, operands: list[Callable[[Context], bool]]) -> Evaluator:
    if len(operands) == 2:
        one, other = operands
        if operator == "or":
            return lambda ctx: one(ctx) or other(ctx)
        return lambda ctx: one(ctx) and other(ctx)
    if operator == "or":
        return lambda ctx: any(operand(ctx) for operand in operands)
    return lambda ctx: all(operand(ctx) for operand in operands)


def _compare(operator: str, left: Evaluator, right: Evaluator) -> Evaluator:
    if operator == "=":
        return lambda ctx: equal(left(ctx), right(ctx))
    if operator == "!=":
        return lambda ctx: not_equal(left(ctx), right(ctx))
    return lambda ctx: ordered(operator, left(ctx), right(ctx))


def _arithmetic(first: Callable[[Context], float], rest: list[tuple[str, Callable[[Context], float]]]) -> Evaluator:
    steps = [(_OPERATIONS[operator], operand) for operator, operand in rest]
    if len(steps) == 1:
        work, second = steps[0]
        return lambda ctx: work(first(ctx), second(ctx))

    def run(ctx: Context) -> Value:
        total = first(ctx)
        for operation, operand in steps:
            total = operation(total, operand(ctx))
        return total

    return run


def _divide(one: float, other: float) -> float:
    if other != 0:
        return one / other
    if one == 0 or one != one:
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _modulo(one: float, other: float) -> float:
    return math.fmod(one, other) if other != 0 and math.isfinite(one) else math.nan


_OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "div": _divide,
    "mod": _modulo,
}


def _raise(code: str, position: int, severity: str = "error", **params: object) -> None:
    raise ValueError(code)
