"""Small building blocks for conditions about conditions: true only where everything they rest on is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from motcua.conditions import And, Arith, Call, Cmp, If, Known, Lit, Node, Not, Or, Ref, Type, children

YES_NO: Final = Type("yes/no")
TRUE: Final = Lit(True, YES_NO)
FALSE: Final = Lit(False, YES_NO)


def conj(parts: Iterable[Node]) -> Node:
    """All of ``parts``; constants are folded away."""
    return _joined(parts, And, TRUE, FALSE)


def disj(parts: Iterable[Node]) -> Node:
    """One of ``parts``; constants are folded away."""
    return _joined(parts, Or, FALSE, TRUE)


def _joined(parts: Iterable[Node], kind: type[And] | type[Or], neutral: Lit, decisive: Lit) -> Node:
    kept: list[Node] = []
    for part in parts:
        if is_constant(part, decisive.value):
            return decisive
        if is_constant(part, neutral.value):
            continue
        kept.extend(part.operands if isinstance(part, kind) else (part,))
    return kept[0] if len(kept) == 1 else kind(tuple(kept)) if kept else neutral


def neg(node: Node) -> Node:
    """The negation."""
    match node:
        case Not(operand):
            return operand
        case Lit(bool() as value):
            return FALSE if value else TRUE
        case _:
            return Not(node)


def xor(one: Node, other: Node) -> Node:
    """Whether two conditions are both known, and differ."""
    return disj([conj([one, neg(other)]), conj([neg(one), other])])


def known(node: Node) -> Node:
    """Whether a condition is known: true or false, but not unknown."""
    return TRUE if isinstance(node, Lit) else disj([node, neg(node)])


def differ(one: Node, other: Node, is_condition: bool) -> Node:
    """Whether two values, both known, differ."""
    if one == other:
        return FALSE
    return xor(one, other) if is_condition else Cmp("!=", one, other)


def is_constant(node: Node, value: Any) -> bool:
    """Whether a node is that constant."""
    return isinstance(node, Lit) and node.value is value


def named(name: str, type_: Type = YES_NO) -> Ref:
    """The value kept under a name."""
    return Ref(name, type_)


def with_children(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node over other operands; conditions that became constant are folded."""
    match node:
        case Not():
            return neg(parts[0])
        case And():
            return conj(parts)
        case Or():
            return disj(parts)
        case If():
            if isinstance(parts[0], Lit):
                return parts[1] if parts[0].value else parts[2]
            return If(*parts)
        case Cmp():
            return Cmp(node.op, *parts)
        case Arith():
            return replace(node, left=parts[0], right=parts[1])
        case Call():
            return replace(node, arguments=parts)
        case _:
            return node


def rebuilt(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The tree with every node that ``change`` answers for replaced by its answer."""
    changed = change(node)
    if changed is not None:
        return changed
    parts = children(node)
    new = tuple(rebuilt(part, change) for part in parts)
    if all(a is b for a, b in zip(parts, new, strict=True)):
        return node
    if isinstance(node, Known):  # whether a name is known does not depend on its value
        return node if isinstance(new[0], Ref) and new[0].name == node.operand.name else _known_of(new[0])
    return with_children(node, new)


def _known_of(node: Node) -> Node:
    return Known(node) if isinstance(node, Ref) else TRUE


def replaced(node: Node, values: Mapping[str, Node]) -> Node:
    """The tree with names replaced by nodes."""
    return rebuilt(node, lambda part: values.get(part.name) if isinstance(part, Ref) else None)
