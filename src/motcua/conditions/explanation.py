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
    names_in,
    type_of,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition that is not made of others, its value, and the values of the names it reads."""

    text: str
    expression: Expression
    value: Any
    values: Mapping[str, Any]


def unknown_names(expression: Expression, env: Environment) -> tuple[str, ...]:
    """The unknown names that can still change the value, in the order read; none when it is known.

    Three-valued evaluation decides: a false operand of an ``and`` leaves nothing to ask, a true one adds
    nothing. An unknown value always has such names, and filling others leaves it unknown.
    """
    return tuple(dict.fromkeys(_unknown(expression.tree, env)))


def _unknown(node: Node, env: Environment) -> Iterator[str]:
    if value_of(node, env) is not None:
        return
    match node:
        case Ref(name):
            yield name
        case If(condition, then, otherwise):
            chosen = value_of(condition, env)
            parts = (condition, then, otherwise) if chosen is None else (then if chosen else otherwise,)
            for part in parts:
                yield from _unknown(part, env)
        case _:
            for child in children(node):
                yield from _unknown(child, env)


def deciding_leaves(expression: Expression, env: Environment) -> tuple[Leaf, ...]:
    """The leaf conditions that made the value what it is.

    Of a false ``and`` the false operands, of a true ``or`` the true ones, of an unknown one the unknown
    ones, else all; of an ``if`` its condition and the branch taken.
    """
    nodes = dict.fromkeys(_deciding(expression.tree, env))
    return tuple(_leaf(node, env) for node in nodes)


def _deciding(node: Node, env: Environment) -> Iterator[Node]:
    if as_membership(node) is not None or as_interval(node) is not None:
        yield node
        return
    match node:
        case Not(operand) if not isinstance(operand, Known):
            yield from _deciding(operand, env)
        case And(operands) | Or(operands):
            own = value_of(node, env)
            for operand in operands:
                if value_of(operand, env) is own:
                    yield from _deciding(operand, env)
        case If(condition, then, otherwise):
            for part in _decided_by(condition, then, otherwise, env):
                yield from _deciding(part, env)
        case Lit():
            return
        case _:
            yield node


def _decided_by(condition: Node, then: Node, otherwise: Node, env: Environment) -> tuple[Node, ...]:
    chosen = value_of(condition, env)
    if chosen is not None:
        return (condition, then if chosen else otherwise)
    if value_of(then, env) is not None and value_of(then, env) == value_of(otherwise, env):
        return (then, otherwise)
    unknown = tuple(part for part in (then, otherwise) if value_of(part, env) is None)
    return (condition, *unknown)


def _leaf(node: Node, env: Environment) -> Leaf:
    text = show(node)
    values = {name: env.get(name) for name in names_in(node)}
    return Leaf(text, Expression(text, node, type_of(node)), value_of(node, env), values)
