"""From expressions to one straight Python function: three-valued, exact, as fast as Python allows.

Each expression becomes one assignment. Names are read once; unknown is ``None``; there are no calls or
closures per node, and no exceptions. The interpreter in `evaluation` is the reference it must agree with.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.conditions import numbers
from motcua.conditions.evaluation import call
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
    as_membership,
    is_whole,
    type_of,
)

Compiled = Callable[[Mapping[str, Any]], dict[str, Any]]
CompiledGroups = Callable[[Mapping[str, Any]], tuple[tuple[Any, ...], ...]]

_OPERATORS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_RUNTIME: Mapping[str, Any] = {
    "_add": numbers.add, "_subtract": numbers.subtract, "_multiply": numbers.multiply,
    "_normal": numbers.normal, "_add_days": numbers.add_days, "_add_months": numbers.add_months,
    "_call": call,
}
_EXACT = {"+": "_add", "-": "_subtract", "*": "_multiply"}


def compile_expressions(expressions: Mapping[str, Expression]) -> Compiled:
    """A function from an environment to the values of all ``expressions``, by key.

    A name that is also a key stands for the value of that expression, so derived names come before their
    readers; a reader that comes first raises ``ValueError``.
    """
    compiled: Compiled = _made(*generate(expressions))
    return compiled


def compile_groups(expressions: Mapping[str, Expression], groups: Iterable[Sequence[str]]) -> CompiledGroups:
    """The same, but the values come in a tuple for each group of keys, in which a key may stand many times."""
    writer = _written(expressions)
    tuples = ["".join(f"{writer.results[key]}, " for key in group) for group in groups]
    compiled: CompiledGroups = _made(_source(writer, "".join(f"({each}), " for each in tuples)), writer.constants)
    return compiled


def generate(expressions: Mapping[str, Expression]) -> tuple[str, dict[str, Any]]:
    """The source of the function, and the constants it refers to."""
    writer = _written(expressions)
    results = ", ".join(f"{key!r}: {local}" for key, local in writer.results.items())
    return _source(writer, f"{{{results}}}"), writer.constants


def _made(source: str, constants: Mapping[str, Any]) -> Any:
    namespace: dict[str, Any] = {**_RUNTIME, **constants}
    exec(compile(source, "<conditions>", "exec"), namespace)  # noqa: S102  (generated from checked trees only)
    return namespace["evaluate_all"]


def _written(expressions: Mapping[str, Expression]) -> _Writer:
    writer = _Writer(set(expressions))
    for key, expression in expressions.items():
        writer.add(key, expression)
    return writer


def _source(writer: _Writer, returned: str) -> str:
    body = [*(f"{local} = get({name!r})" for name, local in writer.facts.items()), *writer.lines,
            f"return ({returned})"]
    lines = ["def evaluate_all(env):", "get = env.get", *body]
    return "\n    ".join(lines) + "\n"


class _Writer:
    """Writes the statements; a local per name read, per key, and per intermediate value."""

    def __init__(self, keys: set[str]) -> None:
        self.keys = keys
        self.facts: dict[str, str] = {}
        self.results: dict[str, str] = {}
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._temporaries = itertools.count()

    def add(self, key: str, expression: Expression) -> None:
        code = self.code(expression.tree)
        own = expression.type
        if own.is_number and not is_whole(expression.tree) and not isinstance(expression.tree, (Ref, Lit)):
            held = self.hold(code)
            code = f"None if {held} is None else _normal({held})"
        local = f"r{len(self.results)}"
        self.lines.append(f"{local} = {code}")
        self.results[key] = local

    def hold(self, code: str) -> str:
        """A local that holds the value of ``code``, computed before the statement being written."""
        if code.isidentifier() or code in ("True", "False"):
            return code
        temporary = f"t{next(self._temporaries)}"
        self.lines.append(f"{temporary} = {code}")
        return temporary

    def code(self, node: Node) -> str:
        """The Python expression for a node."""
        match node:
            case Lit(value):
                return self.constant(value)
            case Ref(name):
                return self.local(name)
            case Known(operand):
                return f"({self.local(operand.name)} is not None)"
            case Not(operand):
                return self.strict((operand,), lambda part: f"not {part}")
            case And(operands):
                return self.joined(operands, "False")
            case Or(operands):
                return self.membership(node) or self.joined(operands, "True")
            case Cmp(op, left, right):
                return self.strict((left, right), lambda a, b: f"{a} {_OPERATORS[op]} {b}")
            case If():
                return self.choice(node)
            case Arith():
                return self.arithmetic(node)
            case Call(name, arguments):
                return self.strict(arguments, lambda *parts: _called(name, parts))

    def constant(self, value: Any) -> str:
        if isinstance(value, (Decimal, date)):
            name = f"c{len(self.constants)}"
            self.constants[name] = value
            return name
        return f"({value!r})" if isinstance(value, int) and value < 0 else repr(value)

    def local(self, name: str) -> str:
        if name in self.results:
            return self.results[name]
        if name in self.keys:
            raise ValueError(f"{name} is read before it is computed")
        return self.facts.setdefault(name, f"f{len(self.facts)}")

    def strict(self, operands: tuple[Node, ...], formula: Callable[..., str]) -> str:
        """A formula that is unknown when an operand is unknown."""
        tests, parts = [], []
        for operand in operands:
            code = self.code(operand)
            if isinstance(operand, (Lit, Known)):
                parts.append(code)
                continue
            part, test = self.operand(code)
            parts.append(part)
            tests.append(f"{test} is None")
        formed = formula(*parts)
        return f"(None if {' or '.join(dict.fromkeys(tests))} else {formed})" if tests else f"({formed})"

    def operand(self, code: str) -> tuple[str, str]:
        """A local for an operand, and how it is first written so that it gets its value."""
        if code.isidentifier():
            return code, code
        temporary = f"t{next(self._temporaries)}"
        return temporary, f"({temporary} := {code})"

    def joined(self, operands: tuple[Node, ...], decisive: str) -> str:
        """``and`` (decided by False) or ``or`` (decided by True), without looking past a deciding operand."""
        decided, unknown = [], []
        for operand in operands:
            part, first = self.operand(self.code(operand))
            decided.append(f"{first} is {decisive}")
            if not isinstance(operand, (Lit, Known)):
                unknown.append(f"{part} is None")
        otherwise = "True" if decisive == "False" else "False"
        if unknown:
            otherwise = f"None if {' or '.join(dict.fromkeys(unknown))} else {otherwise}"
        return f"({decisive} if {' or '.join(decided)} else {otherwise})"

    def membership(self, node: Node) -> str | None:
        found = as_membership(node)
        if found is None:
            return None
        local = self.local(found[0].name)
        values = ", ".join(self.constant(literal.value) for literal in found[1])
        return f"(None if {local} is None else {local} in ({values}))"

    def choice(self, node: If) -> str:
        condition, then, otherwise = (
            self.hold(self.code(part)) for part in (node.condition, node.then, node.otherwise))
        unsure = f"{then} if {then} == {otherwise} else None"
        return f"({then} if {condition} else {otherwise} if {condition} is False else ({unsure}))"

    def arithmetic(self, node: Arith) -> str:
        kinds = (type_of(node.left).kind, type_of(node.right).kind)
        exact = not (is_whole(node.left) and is_whole(node.right))

        def formula(left: str, right: str) -> str:
            match node.op, *kinds:
                case "-", "date", "date":
                    return f"({left} - {right}).days"
                case op, "date", "days":
                    return f"_add_days({left}, {right if op == '+' else '-' + right})"
                case _, "date", _:
                    return f"_add_months({left}, {right})"
                case op, _, _:
                    return f"{_EXACT[op]}({left}, {right})" if exact else f"({left} {op} {right})"

        return self.strict((node.left, node.right), formula)


def _called(name: str, parts: tuple[str, ...]) -> str:
    match name, parts:
        case "list contains", (holder, item):
            return f"{item} in {holder}"
        case "count", (holder,):
            return f"len({holder})"
        case ("min" | "max"), _:
            return f"{name}({', '.join(parts)})"
    return f"_call({name!r}, [{', '.join(parts)}])"
