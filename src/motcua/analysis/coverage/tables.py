"""Decision tables and requirements for coverage: when rows hold, and when two answers differ."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.analysis.coverage.leaves import is_condition
from motcua.analysis.coverage.lens import NEVER_KNOWN
from motcua.analysis.coverage.logic import TRUE, conj, differ, disj, known, named, neg, replaced, xor
from motcua.conditions import Cmp, Expression, Lit, Node, Ref
from motcua.procedures import Decision, Grid, Procedure, Row


def tree_of(condition: Expression | None) -> Node:
    """The tree of a condition; one that is not written is always true."""
    return TRUE if condition is None else condition.tree


def truth_key(decision: Decision, row: Row) -> str:
    """The name under which a lens keeps whether a row is true."""
    return f"row {decision.id}.{row.id}"


def truth(row: Row, procedure: Procedure) -> Node:
    """Whether a row is true as decision tables see it: unknown too where only its value is unknown."""
    return conj([tree_of(row.when), has_value(row, procedure)])


def has_value(row: Row, procedure: Procedure) -> Node:
    """True, or unknown where the value of the row is unknown."""
    if not isinstance(row.then, Grid):
        return Cmp("=", row.then.tree, row.then.tree) if row.then.names else TRUE
    grid = row.then
    down, across = (Ref(name, procedure.types[name]) for name in (grid.down, grid.across))
    inside = [disj(Cmp("=", across, Lit(word, across.type)) for word in grid.columns)]
    if len(grid.cells) == len(grid.bounds):
        inside.append(Cmp("<=", down, Lit(grid.bounds[-1], down.type)))
    return conj([Cmp("=", down, down), disj([conj(inside), named(NEVER_KNOWN)])])


def holding_rows(decision: Decision, truths: Mapping[str, Node]) -> dict[str, Node]:
    """When each row holds: it is true, no row that goes before it is, and with "first" none above it holds."""
    standing = {row.id: conj([truths[row.id], *(neg(truths[other.id]) for other in decision.rows
                                                if row.id in other.overrides)]) for row in decision.rows}
    if decision.hit != "first":
        return standing
    above: list[Node] = []
    holding = {}
    for row in decision.rows:
        holding[row.id] = conj([standing[row.id], *above])
        above.append(neg(standing[row.id]))
    return holding


def states_differ(musts: tuple[Node, Node], whens: tuple[Node, Node]) -> Node:
    """Whether a requirement is met, unmet or not applicable in one case, and another of these in the other."""
    (must, other_must), (when, other_when) = musts, whens
    return disj([conj([when, other_when, xor(must, other_must)]),
                 conj([when, neg(other_when), known(must)]), conj([neg(when), other_when, known(other_must)])])


def decisions_differ(procedure: Procedure, decision: Decision, one: Mapping[str, Node],
                      other: Mapping[str, Node]) -> Node:
    """Whether other rows hold in the two cases, or a row that holds in both gives another value."""
    first, second = (holding_rows(decision, {row.id: replaced(truth(row, procedure), values) for row in decision.rows})
                     for values in (one, other))
    parts = []
    for row in decision.rows:
        parts.append(xor(first[row.id], second[row.id]))
        if not isinstance(row.then, Grid) and not one.keys().isdisjoint(row.then.names):
            value = row.then.tree
            values = replaced(value, one), replaced(value, other)
            parts.append(conj([first[row.id], second[row.id], differ(*values, is_condition(value))]))
    return disj(parts)
