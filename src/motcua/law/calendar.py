"""The calendar of working days in Viet Nam, and terms counted in it.

Working days are Monday to Friday without the public holidays of the Labour Code 2019 (45/2019/QH14) art 112
and its days in lieu, with the yearly swaps of working days. The holidays come from the package ``holidays``;
what it lacks is data in ``corrections.yaml``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Literal

import holidays
from ruamel.yaml import YAML

from motcua.errors import InputError, Problem

#: Legal time in Viet Nam, all year.
VIETNAM = timezone(timedelta(hours=7))

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
MAX_COUNT = 36_525

TermUnit = Literal["days", "months", "years", "working_days"]


class Calendar:
    """Which days are worked; extra days off and extra working days win over the computed ones."""

    def __init__(self, extra_holidays: Iterable[date] = (), extra_working_days: Iterable[date] = ()) -> None:
        self._days_off = frozenset(extra_holidays)
        self._working = frozenset(extra_working_days)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on ``day``."""
        if day in self._working or day in self._days_off:
            return day in self._working
        days_off, working = _computed(day.year)
        return day in working or (day.weekday() < _SATURDAY and day not in days_off)

    def next_working_day(self, day: date) -> date:
        """``day`` itself when it is worked, else the next day that is."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The last of ``count`` working days after ``start``, which is not counted itself."""
        day = start
        for _ in range(count):
            day = self.next_working_day(day + _ONE_DAY)
        return day


@cache
def _computed(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays of a year with their days in lieu, and the Saturdays worked instead."""
    found = holidays.country_holidays("VN", years=year)
    return frozenset(found), frozenset(day for day in found.weekend_workdays if day.year == year)


@cache
def default_calendar() -> Calendar:
    """The calendar of Viet Nam with all known corrections."""
    text = files("motcua.law").joinpath("corrections.yaml").read_text(encoding="utf-8")
    data = YAML(typ="safe", pure=True).load(text)
    days_off, working = ([entry["day"] for entry in data[key]] for key in ("days_off", "working_days"))
    return Calendar(days_off, working)


def add_months(day: date, count: int) -> date:
    """The same day of the month ``count`` months later, or the last day of that month where it has none.

    Civil Code 2015 (91/2015/QH13) art 148 cl 3. Raises ``ValueError`` or ``OverflowError`` beyond year 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class TermPart:
    """A length of time: so many days, months, years or working days.

    Raises ``InputError`` LAW_003 when the count is negative, not whole, or more than any law sets.
    """

    count: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if not isinstance(self.count, int) or not 0 <= self.count <= MAX_COUNT:
            raise InputError(Problem("LAW_003", {"count": self.count, "limit": MAX_COUNT}))


@dataclass(frozen=True, slots=True)
class Term:
    """A time limit made of parts that follow one another, e.g. 20 days and then 10 working days."""

    parts: tuple[TermPart, ...]

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the term that ``start`` sets going.

        Civil Code 2015 (91/2015/QH13): the day of the event is not counted (art 147 cl 2 and 3); a term in
        months or years ends on the corresponding day, or the last day of a month without it (art 148 cl 3,
        4); when the last day is a weekend or holiday the term ends with the next working day (art 148 cl 5).
        Parts in days, months and years that follow one another are one stretch, so that only its end moves;
        working days are counted from the day on which the part before them ended.
        """
        day, moved = start, False
        for part in self.parts:
            if part.unit == "working_days":
                day = calendar.next_working_day(day) if moved else day
                day, moved = calendar.add_working_days(day, part.count), False
            else:
                day, moved = _later(day, part), True
        return calendar.next_working_day(day)  # also where no working day is counted: "the same day", on a Sunday


def _later(day: date, part: TermPart) -> date:
    if part.unit == "days":
        return day + timedelta(days=part.count)
    return add_months(day, part.count * (12 if part.unit == "years" else 1))
