"""Intervals in force: from a first day to a last day, both included, each possibly open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from motcua.errors import Place, Problem, RuleFileError
from motcua.law.texts import Text, in_figures

_DAY = r"\d{4}-\d{2}-\d{2}"
_INTERVAL = re.compile(rf"\s*({_DAY})?\s*\.\.\s*({_DAY})?\s*")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from ``first`` to ``last``, both included; ``None`` is an open end.

    Raises ``RuleFileError`` LAW_002 when the last day is before the first.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise RuleFileError(Problem("LAW_002", {"first": self.first, "last": self.last}))

    @classmethod
    def parse(cls, text: str, place: Place | None = None) -> Interval:
        """Read ``2022-01-01 .. 2025-01-05``; either day may be left out, and ``..`` means always."""
        match = _INTERVAL.fullmatch(text)
        if match is None:
            raise RuleFileError(Problem("LAW_001", {"text": text}, place))
        try:
            first, last = (date.fromisoformat(day) if day else None for day in match.groups())
        except ValueError:
            raise RuleFileError(Problem("LAW_001", {"text": text}, place)) from None
        if first is not None and last is not None and last < first:
            raise RuleFileError(Problem("LAW_002", {"first": first, "last": last}, place))
        return cls(first, last)

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.first, "..", self.last) if part is not None)

    def words(self) -> Text:
        """The days as offices write them: ``từ 02/7/2025 đến 31/12/2025``, ``ngày 01/7/2025``; nothing for always."""
        if self.first is not None and self.first == self.last:
            return Text(f"ngày {in_figures(self.first)}", f"on {in_figures(self.first)}")
        ends = (("từ", "from", self.first), ("đến", "to", self.last))
        known = [(vi, en, in_figures(day)) for vi, en, day in ends if day is not None]
        return Text(" ".join(f"{vi} {day}" for vi, _, day in known), " ".join(f"{en} {day}" for _, en, day in known))

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def intersect(self, other: Interval) -> Interval | None:
        """The days in both, or None when there is no such day."""
        first = max((day for day in (self.first, other.first) if day is not None), default=None)
        last = min((day for day in (self.last, other.last) if day is not None), default=None)
        if first is not None and last is not None and last < first:
            return None
        return Interval(first, last)

    def overlaps(self, other: Interval) -> bool:
        """Whether some day is in both."""
        return self.intersect(other) is not None


ALWAYS = Interval()


def split_by(intervals: Iterable[Interval], within: Interval = ALWAYS) -> tuple[Interval, ...]:
    """Cut ``within`` at every day on which one of ``intervals`` begins, or has just ended.

    The pieces come in order, leave no gap, and within one piece nothing changes: on each of its days the
    same intervals are in force. These are the law versions of a procedure.
    """
    starts: set[date] = set()
    for interval in intervals:
        if interval.first is not None:
            starts.add(interval.first)
        if interval.last is not None and interval.last < date.max:
            starts.add(interval.last + _ONE_DAY)
    cuts = sorted(day for day in starts if day in within and day != within.first and day > date.min)
    firsts = [within.first, *cuts]
    lasts = [*(day - _ONE_DAY for day in cuts), within.last]
    return tuple(Interval(first, last) for first, last in zip(firsts, lasts, strict=True))
