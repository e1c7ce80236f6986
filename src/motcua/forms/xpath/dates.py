"""Dates in forms: ISO texts at a fixed +07:00, days since 1970 UTC, and their formats.

Vietnam's civil zone was +08:00 before June 1975; a fixed offset keeps old birth dates on their day.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,9}))?)?(Z|[+-][01][0-9]:?[0-5][0-9])?"
)
_DAY = 86_400.0

_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "vi": [f"Thg {month}" for month in range(1, 13)],
}
_WEEKDAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "vi": ["Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN"],
}


def read_date(text: str) -> date | None:
    """The real calendar date ``text`` holds (YYYY-MM-DD, years 1000 to 9999), or None."""
    match = _DATE.fullmatch(text)
    if match is None or match[1] < "1000":
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def is_time(text: str) -> bool:
    """Whether ``text`` is an ISO time of day, with or without offset."""
    return _TIME.fullmatch(text) is not None


def read_instant(text: str) -> datetime | None:
    """The instant of an ISO date (midnight at +07:00) or dateTime, or None."""
    day, separator, time = text.partition("T")
    found = read_date(day)
    if found is None or not separator:
        return None if found is None else datetime(found.year, found.month, found.day, tzinfo=HANOI)
    match = _TIME.fullmatch(time)
    if match is None:
        return None
    micros = int((match[4] or "0")[:6].ljust(6, "0"))
    return datetime(
        found.year,
        found.month,
        found.day,
        int(match[1]),
        int(match[2]),
        int(match[3] or 0),
        micros,
        tzinfo=_offset(match[5]),
    )


def _offset(text: str | None) -> timezone:
    if text is None:
        return HANOI
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def days_of(text: str) -> float:
    """Days since 1970 UTC of a date or dateTime, the fraction of a day of a time, else NaN."""
    instant = read_instant(text)
    if instant is not None:
        return (instant - _EPOCH) / timedelta(days=1)
    return time_of_day(text)


def time_of_day(text: str) -> float:
    """A time as the fraction of a day (its own clock; of a dateTime the time part), else NaN."""
    match = _TIME.fullmatch(text.rpartition("T")[2])
    if match is None:
        return math.nan
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0) + float(f"0.{match[4] or 0}")
    return seconds / _DAY


def instant_of_days(days: float) -> datetime | None:
    """The instant at +07:00 that many days after 1970 UTC, or None outside years 1000 to 9999."""
    if not -354_285 <= days <= 2_932_896:
        return None
    milliseconds = round(days * _DAY * 1000)
    return (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(HANOI)


def date_time_text(instant: datetime) -> str:
    """``2026-08-01T08:30:00.000+07:00``."""
    return instant.isoformat(timespec="milliseconds")


def format_date(instant: datetime, pattern: str, lang: str) -> str:
    """ODK's ``format-date`` letters; a letter it does not know stays as written."""
    months, weekdays = _MONTHS.get(lang, _MONTHS["en"]), _WEEKDAYS.get(lang, _WEEKDAYS["en"])
    shown = {
        "Y": f"{instant.year:04}",
        "y": f"{instant.year % 100:02}",
        "m": f"{instant.month:02}",
        "n": str(instant.month),
        "b": months[instant.month - 1],
        "d": f"{instant.day:02}",
        "e": str(instant.day),
        "H": f"{instant.hour:02}",
        "h": str(instant.hour),
        "M": f"{instant.minute:02}",
        "S": f"{instant.second:02}",
        "3": f"{instant.microsecond // 1000:03}",
        "a": weekdays[instant.weekday()],
        "W": str(instant.isocalendar().week),
        "%": "%",
    }
    return re.sub(r"%(.)", lambda match: shown.get(match[1], match[0]), pattern)
