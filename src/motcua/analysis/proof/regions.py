"""The holes of a table, told apart: cases without an answer that no other case without an answer is like.

A case is like another where the comparisons of the rows that leave it open are the same. So a number between two rows
is one hole, and all numbers above the last row are another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.symbolic import all_of, negated
from motcua.conditions import And, Expression, If, Node, Not, Or, as_membership, type_of
from motcua.procedures import Decision, Grid, LawVersion

Bool = Any


def region_of(ground: Ground, raw: Raw, is_this: Bool, decisions: list[Decision]) -> Bool | None:
    """What leaves a case open, and all cases like it; None where the comparisons of the rows do not tell."""
    question = raw.question
    if question is None or question.point is None:
        return None
    search = ground.search(question.version)
    if search.possible(is_this) is not True:
        return None
    literals = list(_literals(ground, raw.version, decisions))
    held = [(each if search.shows(each) else negated(each), place) for place, each in enumerate(literals)]
    given = [part for part in question.parts if part is not question.point]
    parts = [*held, (all_of((*given, negated(question.point))), -1)]
    if search.possible(*(part for part, _ in parts)) is not False:
        return None
    return all_of(held[place][0] for place in search.core(parts) if place >= 0)


def _literals(ground: Ground, version: LawVersion, decisions: list[Decision]) -> Iterator[Bool]:
    view = ground.symbols.version(version)
    for row in (row for decision in decisions for row in decision.rows):
        if row.when is not None:
            yield from (view.truth(Expression("", leaf, type_of(leaf))).true for leaf in _leaves(row.when.tree))
        if isinstance(row.then, Grid):
            yield from view.lines(row.then)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Not(inner):
            yield from _leaves(inner)
        case And(parts) | Or(parts) if as_membership(node) is None:
            for part in parts:
                yield from _leaves(part)
        case If(condition, then, otherwise):
            for part in (condition, then, otherwise):
                yield from _leaves(part)
        case _:
            yield node
