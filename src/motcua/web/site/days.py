"""The day whose law a page shows: ``?on=2026-07-01``, or three boxes that a form sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from motcua.errors import InputError
from motcua.forms.typed import TypedError, date_parts, read_date, read_date_text
from motcua.law import Interval
from motcua.web.site.form_errors import ErrorLink

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.procedures import Procedure


@dataclass(frozen=True, slots=True)
class ChosenDay:
    """The day asked for, with what was typed and what is wrong with it. ``is_typed``: it came from the boxes."""

    day: date
    boxes: tuple[str, str, str]
    errors: tuple[ErrorLink, ...] = ()
    is_typed: bool = False


def chosen_day(request: Request, procedure: Procedure) -> ChosenDay:
    """The day of the request: typed in boxes, else ``on``, else today."""
    typed = tuple(request.GET.get(name, "") for name in ("day", "month", "year"))
    today: date = request.now.date()
    if any(typed):
        return _typed(request, procedure, (typed[0], typed[1], typed[2]), today)
    written = request.GET.get("on", "").strip()
    try:
        day = read_day(written) if written else today
    except TypedError as error:
        link = ErrorLink(error.problem.message(request.lang), "on-day")
        return ChosenDay(_nearest(procedure, today), date_parts(written), (link,))
    return _in_covers(request, procedure, day, today, boxes_of(day), is_typed=False)


def read_day(text: str) -> date:
    """A day as an address writes it, ``2026-03-27``, or as people do, ``27/3/2026``; `TypedError` for others."""
    year, month, day = text[:4], text[5:7], text[8:]
    is_iso = len(text) == 10 and text[4] == text[7] == "-" and (year + month + day).isdigit()
    return date.fromisoformat(read_date(day, month, year) if is_iso else read_date_text(text))


def boxes_of(day: date) -> tuple[str, str, str]:
    """A day as the three boxes show it."""
    return str(day.day), str(day.month), str(day.year)


def _typed(request: Request, procedure: Procedure, boxes: tuple[str, str, str], today: date) -> ChosenDay:
    try:
        day = date.fromisoformat(read_date(*boxes))
    except TypedError as error:
        link = ErrorLink(error.problem.message(request.lang), f"on-{error.part or 'day'}")
        return ChosenDay(today, boxes, (link,), is_typed=True)
    return _in_covers(request, procedure, day, today, boxes, is_typed=True)


def _in_covers(request: Request, procedure: Procedure, day: date, today: date, boxes: tuple[str, str, str],
               *, is_typed: bool) -> ChosenDay:
    try:
        procedure.version_on(day)
    except InputError as error:
        link = ErrorLink(error.problems[0].message(request.lang), "on-day")
        return ChosenDay(_nearest(procedure, today), boxes, (link,), is_typed=is_typed)
    return ChosenDay(day, boxes, (), is_typed=is_typed)


def _nearest(procedure: Procedure, today: date) -> date:
    return today if today in procedure.covers else procedure.versions[-1].interval.first or today


def period(interval: Interval, lang: str) -> str:
    """``từ 01/7/2026 đến 28/02/2027`` / ``from 01/7/2026 to 28/02/2027``."""
    return interval.words().get(lang)
