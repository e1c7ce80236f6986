"""Short digests of single rules, so that a note about them holds until they change.

A digest covers what a rule does: conditions, values, days in force. Titles, citations and notes do not count. Where
a finding is about which cases a row answers, and not about what it says, its values do not count either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from motcua.conditions import Expression
from motcua.law import ALWAYS, Interval
from motcua.procedures import (
    Always,
    Applies,
    Decision,
    Derived,
    Document,
    Fact,
    Grid,
    Requirement,
    Row,
    Transitional,
)

Rule = Always | Applies | Decision | Derived | Document | Fact | Requirement | Row | Transitional
LENGTH = 10


def digest_of(rules: Iterable[Rule], values: bool = True, covers: Interval = ALWAYS) -> str:
    """One short digest of some rules, in any order.

    Without ``values``, a row may come to say something else; its days count as far as the file ``covers`` them.
    """
    contents = sorted(json.dumps(_content(rule, values, covers), ensure_ascii=False) for rule in rules)
    return hashlib.sha256("\n".join(contents).encode()).hexdigest()[:LENGTH]


def _content(rule: Rule, values: bool, covers: Interval) -> list[Any]:
    match rule:
        case Requirement():
            return ["requirement", rule.id, str(rule.in_force), shown(rule.must), shown(rule.when)]
        case Document():
            return ["document", rule.id, str(rule.in_force), shown(rule.when)]
        case Applies():
            return ["applies", rule.id, str(rule.in_force), shown(rule.when)]
        case Transitional():
            return ["transitional", rule.id, str(rule.between), shown(rule.unless), sorted(rule.moves)]
        case Always():
            return ["always", shown(rule.holds)]
        case Derived():
            return ["derived", rule.id, *((str(in_force), shown(case)) for in_force, case in rule.cases)]
        case Row():
            given = _given(rule.then) if values else _answering(rule.then)
            days = rule.in_force.intersect(covers) or rule.in_force
            return ["row", rule.id, str(days), shown(rule.when), given, list(rule.overrides)]
        case Decision():
            rows = [_content(row, values, covers) for row in rule.rows]
            return ["decision", rule.id, rule.hit, str(rule.type), *rows]
        case Fact():
            return ["fact", rule.id, str(rule.type), str(rule.min), str(rule.max), shown(rule.when)]


def shown(expression: Expression | None) -> str | None:
    """A condition in the condition language; the same for all that parse to the same tree."""
    return None if expression is None else expression.show()


def _given(then: Expression | Grid) -> Any:
    if isinstance(then, Grid):
        return [then.down, then.across, *map(str, (then.columns, then.bounds, then.cells))]
    return then.show()


def _answering(then: Expression | Grid) -> Any:
    """For which facts there is a value, whatever it is."""
    if isinstance(then, Grid):
        return [then.down, then.across, str(then.columns), len(then.cells) > len(then.bounds) or str(then.bounds[-1])]
    return sorted(then.names)
