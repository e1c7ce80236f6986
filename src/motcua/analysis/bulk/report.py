"""What is asked and answered: where the facts of many cases come from, and the report of an impact."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

from motcua.errors import Place, Problem
from motcua.law import Text

#: Told how many of how many cases (None: not known) have been read.
Progress = Callable[[int, int | None], None]

#: Dossiers named with each flip in the JSON; the table of all is `Impact.write_csv`.
NAMED: Final = 50


class Source(Protocol):
    """Where the facts of many cases come from."""

    @property
    def total(self) -> int | None:
        """How many there are, where that is known beforehand."""

    @property
    def is_table(self) -> bool:
        """Whether a person wrote it: then every cell must be right. Else what cannot be read is told and left out."""

    def rows(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        """Each case: its code, its place, and its facts as JSON values; None where it has no facts."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A case whose facts one of the procedures cannot read."""

    code: str
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """As the bench shows it."""
        return {"dossier": self.code, "problems": [problem.to_json() for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Flip:
    """Cases of which one thing comes out otherwise: ``before`` and ``after`` as JSON values.

    ``kind`` is "outcome", "requirement", "document", "decision" (another value) or "row" (the same value, of another
    row).
    """

    kind: str
    id: str
    title: Text
    before: Any
    after: Any
    rows: tuple[int, ...]

    def to_json(self, codes: Sequence[str]) -> dict[str, Any]:
        """With the codes of the first dossiers."""
        return {"kind": self.kind, "id": self.id, "vi": self.title.vi, "en": self.title.en,
                "from": self.before, "to": self.after, "count": len(self.rows),
                "dossiers": [codes[row] for row in self.rows[:NAMED]]}


@dataclass(frozen=True, slots=True)
class Impact:
    """What a draft would change. ``outcomes`` counts cases by outcome, before and after.

    ``flips`` hold those of the outcome first, then those of requirements, documents and decisions, in the order of the
    rule file, of cases in which the procedure is required by both. ``sampled`` cases were checked by the engine of
    record.
    """

    procedure: str
    rules: tuple[str, str]
    on: date | None
    backend: str
    codes: Sequence[str] = field(repr=False)
    outcomes: tuple[Mapping[str, int], Mapping[str, int]]
    flips: tuple[Flip, ...]
    compared: int
    without_facts: int
    ignored: Mapping[str, int]
    unreadable: tuple[Unreadable, ...]
    sampled: int

    @property
    def changed(self) -> int:
        """How many cases come out otherwise in anything."""
        return len({row for flip in self.flips for row in flip.rows})

    @property
    def counts(self) -> dict[str, int]:
        """How many cases there are, were compared, come out otherwise, have no facts, cannot be read."""
        left = {"without_facts": self.without_facts, "unreadable": len(self.unreadable)}
        total = self.compared + sum(left.values())
        return {"dossiers": total, "compared": self.compared, "changed": self.changed, **left}

    def to_json(self) -> dict[str, Any]:
        """All of it, with at most `NAMED` dossiers for each flip."""
        shown = [flip.to_json(self.codes) for flip in self.flips]
        return {
            "procedure": self.procedure, "rules": list(self.rules), "on": self.on.isoformat() if self.on else None,
            "backend": self.backend, "counts": self.counts,
            "outcomes": {"before": dict(self.outcomes[0]), "after": dict(self.outcomes[1])},
            "flips": {"outcome": [flip for flip in shown if flip["kind"] == "outcome"],
                      "provisions": [flip for flip in shown if flip["kind"] != "outcome"]},
            "ignored": dict(self.ignored), "unreadable": [each.to_json() for each in self.unreadable],
            "sampled": self.sampled,
        }

    def write_csv(self, target: Path | str | TextIO) -> None:
        """Every case and what of it comes out otherwise, one a line, as CSV."""
        if isinstance(target, (str, Path)):
            with open(target, "w", encoding="utf-8-sig", newline="") as file:
                self.write_csv(file)
            return
        lines = csv.writer(target)
        lines.writerow(["dossier", "kind", "id", "title_vi", "title_en", "from", "to"])
        for flip in self.flips:
            for row in flip.rows:
                lines.writerow([_safe(self.codes[row]), flip.kind, flip.id, flip.title.vi, flip.title.en,
                                _cell(flip.before), _cell(flip.after)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _safe(code: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{code}" if code.startswith(("=", "+", "-", "@", "\t", "\r")) else code
