"""A way to become eligible: the facts to change, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motcua.conditions import Value


@dataclass(frozen=True, slots=True)
class Set:
    """One fact to change: canonical values before (None: it had none) and after."""

    fact: str
    was: Value | None
    now: Value
    cost: int


@dataclass(frozen=True, slots=True)
class Change:
    """Facts that make the case eligible when set together. ``minimal``: proved that no cheaper set does."""

    sets: tuple[Set, ...]
    cost: int
    minimal: bool

    def facts(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The facts of the case after the change."""
        return {**before, **{each.fact: each.now for each in self.sets}}
