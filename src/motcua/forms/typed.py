"""What people type, and what the instance holds: numbers, dates and times in Vietnamese notation.

Reading is strict where guessing would change the meaning: ``12.5`` is refused rather than taken for 125 or
12,5. Every function that reads raises `TypedError` with a code of the catalogue and leaves the text as typed.
"""

from __future__ import annotations

import calendar
import datetime
import re
from decimal import Decimal
from typing import Any

from motcua.errors import InputError, Problem
from motcua.law import Text

_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
_XSD_NUMBER = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?")
_DATE = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:h]|giờ)([0-9]{2})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

#: The longest number anyone means; the exact limits are those of the bind's type.
MOST_DIGITS = 30

PARTS = {"day": Text("ngày", "day"), "month": Text("tháng", "month"), "year": Text("năm", "year")}
_AND = Text(" và ", " and ")


class TypedError(InputError):
    """A typed text cannot be read; ``part`` is the date box it is about, where there is one."""

    def __init__(self, code: str, part: str | None = None, **params: Any) -> None:
        super().__init__(Problem(code, params))
        self.part = part

    @property
    def problem(self) -> Problem:
        """The one problem."""
        return self.problems[0]


def read_number(typed: str, *, whole: bool = False) -> str:
    """``1.234.567,89`` → ``1234567.89`` (XSD notation), or ``""`` for nothing typed.

    Errors: WEB_101 not such a number, WEB_102 a fraction where a whole number is due, WEB_103 too long.
    """
    text = typed.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if not text:
        return ""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise TypedError("WEB_101", typed=_short(typed))
    sign, integral, fraction = match.group(1), re.sub("[. ]", "", match.group(2)), match.group(3) or ""
    if len(integral) + len(fraction) > MOST_DIGITS:
        raise TypedError("WEB_103")
    if whole and fraction.strip("0"):
        raise TypedError("WEB_102", typed=_short(typed))
    return f"{sign}{integral}" + (f".{fraction}" if fraction and not whole else "")


def show_number(text: str) -> str:
    """``1234567.89`` → ``1.234.567,89``; what is no XSD number is shown as it is."""
    match = _XSD_NUMBER.fullmatch(text)
    if match is None or not (match.group(2) or match.group(3)):
        return text
    integral = f"{int(match.group(2) or 0):,}".replace(",", ".")
    return match.group(1) + integral + (f",{match.group(3)}" if match.group(3) else "")


def read_date(day: str, month: str, year: str) -> str:
    """Three boxes → ``2026-03-27``, or ``""`` when all are empty.

    Errors: WEB_104 a part is missing, WEB_105 a part is no number, WEB_106 no such month, WEB_107 the year
    needs four digits, WEB_108 the month has no such day.
    """
    boxes = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    if not any(boxes.values()):
        return ""
    missing = [part for part, text in boxes.items() if not text]
    if missing:
        raise TypedError("WEB_104", missing[0], parts=_joined(missing))
    for part, text in boxes.items():
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise TypedError("WEB_105", part, box=PARTS[part])
    return _iso(*(int(text) for text in boxes.values()), year_digits=len(boxes["year"]))


def read_date_text(typed: str) -> str:
    """``27/3/2026`` (also with ``-`` or ``.``) → ``2026-03-27``; WEB_109 where it is written otherwise."""
    text = typed.strip()
    if not text:
        return ""
    match = _DATE.fullmatch(text)
    if match is None or not text.isascii():
        raise TypedError("WEB_109", typed=_short(typed))
    return _iso(int(match.group(1)), int(match.group(2)), int(match.group(3)), year_digits=4)


def _iso(day: int, month: int, year: int, *, year_digits: int) -> str:
    if not 1 <= month <= 12:
        raise TypedError("WEB_106", "month", month=month)
    if year_digits != 4 or not 1000 <= year <= 9999:
        raise TypedError("WEB_107", "year")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise TypedError("WEB_108", "day", day=day, month=month, year=year)
    return datetime.date(year, month, day).isoformat()


def date_parts(text: str) -> tuple[str, str, str]:
    """``2026-03-27`` (or a dateTime) → ``("27", "3", "2026")``; empty boxes for anything else."""
    match = _ISO_DATE.match(text)
    return (str(int(match.group(3))), str(int(match.group(2))), match.group(1)) if match else ("", "", "")


def show_date(text: str) -> str:
    """``2026-03-27`` → ``27/3/2026``; what is no date is shown as it is."""
    parts = date_parts(text)
    return "/".join(parts) if parts[0] else text


def read_time(typed: str) -> str:
    """``8:05`` or ``8h05`` → ``08:05:00.000+07:00``; WEB_110 where it is written otherwise."""
    text = typed.strip().replace(" ", "")
    if not text:
        return ""
    match = _TIME.fullmatch(text)
    if match is None or int(match.group(1)) > 23 or int(match.group(2)) > 59:
        raise TypedError("WEB_110", typed=_short(typed))
    return f"{int(match.group(1)):02}:{match.group(2)}:00.000+07:00"


def show_time(text: str) -> str:
    """``08:05:00.000+07:00`` → ``8:05``."""
    found = re.match(r"([0-9]{2}):([0-9]{2})", text)
    return f"{int(found.group(1))}:{found.group(2)}" if found else text


_SCALES = ((10**9, Text("tỷ", "billion")), (10**6, Text("triệu", "million")), (10**3, Text("nghìn", "thousand")))


def money_in_words(amount: Decimal | int, lang: str) -> str:
    """``4250000000`` → ``4 tỷ 250 triệu đồng``: read back beside a box, so that a zero too many is seen."""
    rest, words = abs(int(amount)), []
    for scale, name in _SCALES:
        count, rest = divmod(rest, scale)
        if count:
            grouped = f"{count:,}" if lang == "en" else f"{count:,}".replace(",", ".")
            words.append(f"{grouped} {name.get(lang)}")
    if rest or not words:
        words.append(str(rest))
    return ("-" if amount < 0 else "") + " ".join(words) + (" VND" if lang == "en" else " đồng")


def _joined(parts: list[str]) -> Text:
    return Text(*(_AND.get(lang).join(PARTS[part].get(lang) for part in parts) for lang in ("vi", "en")))


def _short(typed: str) -> str:
    text = typed.strip()
    return text if len(text) <= 40 else text[:39] + "…"
