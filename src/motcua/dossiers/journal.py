"""The journal of a dossier: what happened, by whom, when; each entry sealed onto the one before.

An entry's seal is the SHA-256 over its content and the previous seal; the first stands on the dossier's
code. An entry that is altered, removed, inserted or brought from another dossier breaks the chain from
there on. The entries are one small record beside the dossier, rewritten with each new entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from persistent import Persistent

from motcua.errors import Problem


@dataclass(frozen=True)
class JournalEntry:
    """One thing that happened. Stored by field names (no slots): a later field may have a default.

    ``who`` is an account's id, or ``"motcua"``; ``what`` a word of the lifecycle or of a service; ``details``
    are sorted pairs of text; ``seal`` and ``previous`` are hexadecimal SHA-256.
    """

    number: int
    at: datetime
    who: str
    what: str
    details: tuple[tuple[str, str], ...]
    previous: str
    seal: str

    def computed_seal(self) -> str:
        """What the seal must be for this content."""
        return _seal(self.number, self.at, self.who, self.what, self.details, self.previous)


def _seal(
    number: int, at: datetime, who: str, what: str, details: tuple[tuple[str, str], ...], previous: str
) -> str:
    content = [number, at.isoformat(), who, what, [list(pair) for pair in details], previous]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


class Journal(Persistent):
    """The chain of one dossier. Two transactions that both add the next entry conflict: one is retried."""

    code: str
    entries: tuple[JournalEntry, ...]

    def __init__(self, code: str) -> None:
        self.code = code
        self.entries = ()

    def add(
        self, at: datetime, who: str, what: str, details: Mapping[str, str] | None = None
    ) -> JournalEntry:
        """Seal a new entry onto the chain. ``at`` is an aware time."""
        if at.utcoffset() is None:
            raise ValueError("a journal entry needs a time with its offset")
        number, previous = len(self.entries) + 1, self.head
        pairs = tuple(sorted((details or {}).items()))
        seal = _seal(number, at, who, what, pairs, previous)
        entry = JournalEntry(number, at, who, what, pairs, previous, seal)
        self.entries = (*self.entries, entry)
        return entry

    def _origin(self) -> str:
        return hashlib.sha256(self.code.encode()).hexdigest()

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def head(self) -> str:
        """The last seal: whoever keeps it elsewhere can prove that nothing before it was changed."""
        return self.entries[-1].seal if self.entries else self._origin()

    def verify(self) -> tuple[Problem, ...]:
        """What is wrong with the chain (DOS_010 for the first broken entry); empty when all is well.

        Entries cut off at the end leave a shorter, sound chain: compare `head` with a kept one for that.
        """
        previous = self._origin()
        for expected, entry in enumerate(self, start=1):
            if (entry.number, entry.previous, entry.seal) != (expected, previous, entry.computed_seal()):
                return (Problem("DOS_010", {"code": self.code, "number": expected}),)
            previous = entry.seal
        return ()
