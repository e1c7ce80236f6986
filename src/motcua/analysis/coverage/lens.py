"""A law version as coverage looks at it: every goal as a condition, and what an assessment shows as flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from motcua.analysis.coverage.goals import Goal, Item
from motcua.analysis.coverage.logic import replaced
from motcua.conditions import CompiledGroups, Expression, Node, compile_groups, names_in, type_of
from motcua.procedures import LawVersion, Procedure

SEES_APPLIES: Final = "shown applies"
SEES_FINDINGS: Final = "shown findings"
SEES_DOCUMENTS: Final = "shown documents"
HERE: Final = "shown here"
NEVER_KNOWN: Final = "shown never"


def sees_decision(name: str) -> str:
    """The flag that tells whether the assessment shows this decision from the law version at hand."""
    return f"shown decision {name}"


def sees_clause(name: str) -> str:
    """The flag that tells whether the assessment shows this transitional clause."""
    return f"shown clause {name}"


@dataclass(frozen=True)
class Lens:
    """What scenarios can show under one law version: goal key → condition; ``helpers`` are named parts of these."""

    version: LawVersion
    helpers: dict[str, Node]
    goals: dict[str, Node]

    @cached_property
    def _read(self) -> CompiledGroups:
        named = {**self.helpers, **self.goals}
        made = {name: Expression("", node, type_of(node)) for name, node in named.items()}
        return compile_groups(made, [list(self.goals)])

    def shown(self, env: Mapping[str, Any]) -> Iterator[str]:
        """The goals that facts, derived values and flags of ``env`` show."""
        for key, value in zip(self.goals, self._read(env)[0], strict=True):
            if value is True:
                yield key

    def condition(self, key: str) -> Node:
        """The condition of a goal over facts, derived names, decisions and flags alone."""
        return self._written(self.goals[key])

    def _written(self, node: Node) -> Node:
        return replaced(node, {name: self._whole(name) for name in names_in(node) if name in self.helpers})

    def _whole(self, name: str) -> Node:
        """A helper over facts alone. Those it is made of stand before it: each in turn, or the way down is too long."""
        waiting = [name]
        while waiting:
            open_ = [part for part in names_in(self.helpers[waiting[-1]])
                     if part in self.helpers and part not in self._known]
            if open_:
                waiting.extend(open_)
                continue
            done = waiting.pop()
            node = self.helpers[done]
            parts = {part: self._known[part] for part in names_in(node) if part in self._known}
            self._known[done] = replaced(node, parts)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, Node]:
        return {}


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything the scenarios of a procedure are to show: items by key, and a lens for each law version."""

    procedure: Procedure
    items: Mapping[str, Item]
    lenses: Mapping[str, Lens]
    goals: Mapping[str, Goal] = field(default_factory=dict)
