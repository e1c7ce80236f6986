"""What an expression may see while it runs: its node, the clock, chance, and the form's lists."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from motcua.forms.nodes import Node
from motcua.forms.xpath.values import Value

if TYPE_CHECKING:
    from motcua.forms.model import Form


class BudgetSpentError(Exception):
    """The evaluation took longer than it may; callers turn it into a problem."""


@dataclass(slots=True, eq=False)
class Run:
    """One evaluation: the same run gives the same answers to ``now()``, ``today()`` and itext."""

    root: Node
    now: datetime
    form: Form | None = None
    lang: str = "vi"
    chance: random.Random = field(default_factory=random.SystemRandom)
    deadline: float | None = None
    #: rows that counts may still make: nested counts would multiply to millions
    rows_left: int = 5_000
    #: texts within texts: an output may name the text it stands in
    nesting: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    _steps: int = 0

    def spend(self, cost: int = 1) -> None:
        """Count work; every few thousand steps look at the clock."""
        self._steps += cost
        if self._steps >= 4096:
            self._steps = 0
            if self.deadline is not None and time.monotonic() > self.deadline:
                raise BudgetSpentError

    def note(self, code: str, about: str) -> None:
        """Remember a value that could not be read as meant (a warning, never an error)."""
        if len(self.notes) < 100:
            self.notes.append((code, about))


class Context:
    """Where evaluation stands: context node, the expression's own node, place in the node list."""

    __slots__ = ("current", "node", "position", "run", "size")

    def __init__(self, node: Node, current: Node, run: Run, position: int = 1, size: int = 1) -> None:
        self.node = node
        self.current = current
        self.run = run
        self.position = position
        self.size = size


Evaluator = Callable[[Context], Value]
