"""Why a value is what it is, and which names could still change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.conditions.evaluation import Environment, value_of
from motcua.conditions.parser import Expression
from motcua.conditions.printing import show
from motcua.conditions.tree import (
    And,
    If,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    as_interval,
    as_membership,
    children,
    type_of,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition that is not made of others, its value, and the values of the names it reads."""

    text: str
    expression: Expression
    value: Any
    values: Mapping[str, Any]


class _Values:
    """The values of nodes under one environment, each computed once."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self._known: dict[int, Any] = {}

    def of(self, node: Node) -> Any:
        """The value of a node that lives as long as this object is used."""
        key = id(node)
        if key not in self._known:
            self._known[key] = value_of(node, self.env)
        return self._known[key]


def unknown_names(expression: Expression, env: Environment) -> tuple[str, ...]:
    """The unknown names that can still change the value, in the order read; none when it is known.

    Three-valued evaluation decides: a false operand of an ``and`` leaves nothing to ask, a true one adds
    nothing. An unknown value always has such names, and filling others leaves it unknown.
    """
    if all(env.get(name) is not None for name in expression.names):
        return ()
    unknown = frozenset(_unknown(expression.tree, _Values(env)))
    return tuple(name for name in expression.names_in_order if name in unknown)


def _unknown(node: Node, values: _Values) -> Iterator[str]:
    if values.of(node) is not None:
        return
    match node:
        case Ref(name):
            yield name
        case If(condition, then, otherwise):
            chosen = values.of(condition)
            parts = (condition, then, otherwise) if chosen is None else (then if chosen else otherwise,)
            for part in parts:
                yield from _unknown(part, values)
        case _:
            for child in children(node):
                yield from _unknown(child, values)


def deciding_leaves(expression: Expression, env: Environment) -> tuple[Leaf, ...]:
    """The leaf conditions that made the value what it is.

    Of a false ``and`` the false operands, of a true ``or`` the true ones, of an unknown one the unknown
    ones, else all; of an ``if`` its condition and the branch taken.
    """
    values = _Values(env)
    leaves: dict[str, Leaf] = {}
    for node in _deciding(expression.tree, values):
        leaf, names = _shown(node, expression.parts)
        known = {name: env.get(name) for name in names}
        leaves.setdefault(leaf.text, Leaf(leaf.text, leaf, values.of(node), known))
    return tuple(leaves.values())


def _deciding(node: Node, values: _Values) -> Iterator[Node]:
    if as_membership(node) is not None or as_interval(node) is not None:
        yield node
        return
    match node:
        case Not(operand) if not isinstance(operand, Known):
            yield from _deciding(operand, values)
        case And(operands) | Or(operands):
            own = values.of(node)
            for operand in operands:
                if values.of(operand) is own:
                    yield from _deciding(operand, values)
        case If(condition, then, otherwise):
            for part in _decided_by(condition, then, otherwise, values):
                yield from _deciding(part, values)
        case Lit():
            return
        case _:
            yield node


def _decided_by(condition: Node, then: Node, otherwise: Node, values: _Values) -> tuple[Node, ...]:
    chosen = values.of(condition)
    if chosen is not None:
        return (condition, then if chosen else otherwise)
    if values.of(then) is not None and values.of(then) == values.of(otherwise):
        return (then, otherwise)
    unknown = tuple(part for part in (then, otherwise) if values.of(part) is None)
    return (condition, *unknown)


def _shown(node: Node, parts: dict[int, Expression]) -> tuple[Expression, tuple[str, ...]]:
    """A node of an expression as an expression of its own, made once."""
    shown = parts.get(id(node))
    if shown is None:
        shown = parts[id(node)] = Expression(show(node), node, type_of(node))
    return shown, shown.names_in_order
