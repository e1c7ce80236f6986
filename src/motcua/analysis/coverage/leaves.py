"""The leaf conditions of a condition, and when one of them decides it alone (masking MC/DC).

A leaf decides a condition where turning this one leaf round, all others kept, turns the condition round: in an
``and`` the others are true, in an ``or`` they are false. This is the masking form of modified condition/decision
coverage (CAST-6, "Rationale for Accepting Masking MC/DC in Certification Projects", 2001). A leaf that stands at
two places is two leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from motcua.analysis.coverage.logic import FALSE, TRUE, conj, differ, neg, with_children, xor
from motcua.conditions import And, If, Known, Lit, Node, Not, Or, children, type_of

Sign = Literal[1, -1, 0]

_AGAINST: Final[Mapping[Sign, Sign]] = {1: -1, -1: 1, 0: 0}


@dataclass(frozen=True, slots=True)
class LeafCondition:
    """A condition that is not made of others, at one place of a tree.

    ``sign`` is 1 where the whole goes with the leaf, -1 where it goes against it, 0 where it may do either (in the
    condition of an ``if``).
    """

    path: tuple[int, ...]
    node: Node
    sign: Sign


def leaf_conditions(tree: Node) -> tuple[LeafCondition, ...]:
    """The leaf conditions of a tree, in the order read; also those in the conditions of an ``if`` between values."""
    return tuple(_leaves(tree, (), 1, is_condition(tree)))


def _leaves(node: Node, path: tuple[int, ...], sign: Sign, wanted: bool) -> Iterator[LeafCondition]:
    match node:
        case Lit():
            return
        case Not(operand) if not isinstance(operand, Known):
            yield from _leaves(operand, (*path, 0), _AGAINST[sign], wanted)
            return
        case And(operands) | Or(operands):
            for place, operand in enumerate(operands):
                yield from _leaves(operand, (*path, place), sign, wanted)
            return
        case If(condition, then, otherwise):
            yield from _leaves(condition, (*path, 0), 0, True)
            for place, branch in ((1, then), (2, otherwise)):
                yield from _leaves(branch, (*path, place), sign, wanted)
            return
    if wanted:
        yield LeafCondition(path, node, sign)
    for place, part in enumerate(children(node)):
        # a choice between values inside a comparison has conditions of its own
        yield from _leaves(part, (*path, place), 0, False)


def is_condition(node: Node) -> bool:
    """Whether a node is true or false, and no number, date or word."""
    return type_of(node).kind == "yes/no"


def neutral(node: And | Or) -> tuple[Node, ...]:
    """What must hold of each operand so that it leaves the others to decide: true in an ``and``, false in an ``or``."""
    return node.operands if isinstance(node, And) else tuple(neg(operand) for operand in node.operands)


def others_of(node: And | Or, place: int) -> Node:
    """The condition under which the operands but one leave that one to decide."""
    return conj(part for index, part in enumerate(neutral(node)) if index != place)


def decides(node: Node, path: tuple[int, ...], others: Callable[[And | Or, int], Node] = others_of) -> Node:
    """The condition under which turning the leaf at ``path`` round changes the value of ``node``.

    ``others`` says when the other operands of an ``and`` or ``or`` leave one to decide.
    """
    if not path:
        return TRUE
    place, *rest = path
    match node:
        case Not(operand):
            return decides(operand, tuple(rest), others)
        case And(operands) | Or(operands):
            return conj([others(node, place), decides(operands[place], tuple(rest), others)])
        case If(condition, then, otherwise) if place == 0 and is_condition(node):
            return conj([xor(then, otherwise), decides(condition, tuple(rest), others)])
        case If(condition, then, otherwise) if place != 0:
            branch, chosen = (then, condition) if place == 1 else (otherwise, neg(condition))
            return conj([chosen, decides(branch, tuple(rest), others)])
        case _:
            return differ(with_leaf(node, path, TRUE), with_leaf(node, path, FALSE), is_condition(node))


def with_leaf(node: Node, path: tuple[int, ...], value: Node) -> Node:
    """The tree with the leaf at ``path`` replaced."""
    if not path:
        return value
    parts = list(children(node))
    parts[path[0]] = with_leaf(parts[path[0]], path[1:], value)
    return with_children(node, tuple(parts))
