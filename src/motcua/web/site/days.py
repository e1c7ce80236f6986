"""The day whose law a page shows: ``?on=2026-07-01``, or three boxes that a form sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from motcua.errors import InputError
from motcua.forms.typed import TypedError, read_date
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
    try:
        day = date.fromisoformat(request.GET.get("on", "")[:10])
    except ValueError:
        day = today
    return _in_covers(request, procedure, day, today, boxes_of(day), is_typed=False)


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
        fallback = today if today in procedure.covers else procedure.versions[-1].interval.first or today
        link = ErrorLink(error.problems[0].message(request.lang), "on-day")
        return ChosenDay(fallback, boxes, (link,), is_typed=is_typed)
    return ChosenDay(day, boxes, (), is_typed=is_typed)
