"""The clock and chance of an evaluation: given, never read from the machine inside."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from motcua.forms.xpath.dates import HANOI


@dataclass(frozen=True, slots=True)
class Clock:
    """``now`` is shown at +07:00 whatever its own offset; ``seed`` makes ``random()`` and ``uuid()`` repeat."""

    now: datetime
    seed: int | None = None

    @classmethod
    def current(cls) -> Clock:
        """The clock of this moment."""
        return cls(datetime.now(HANOI))

    def local(self) -> datetime:
        """The instant at +07:00 (a naive one is taken to be that already)."""
        return self.now.replace(tzinfo=HANOI) if self.now.tzinfo is None else self.now.astimezone(HANOI)

    def chance(self) -> random.Random:
        """The source of ``random()`` and ``uuid()``."""
        return random.SystemRandom() if self.seed is None else random.Random(self.seed)  # noqa: S311
