"""Exact ``date + months`` for z3: the same day of the month, or its last day where there is none.

A date is the number of its day (``date.toordinal``). For a constant number of months the answer is a balanced
choice between the months of four years, under one between blocks of four years, so that even twelve hundred years
are a few hundred pieces; for a number that depends on facts it is computed by the rules of the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import z3

from motcua.analysis.symbolic.logic import Term

LAST_DAY: Final = date.max.toordinal()
_LAST_MONTH: Final = date.max.year * 12 + 11
_BLOCK: Final = 48
_BEFORE_MARCH: Final = 305
"""Days from 1 March of the year 0 to the day before the calendar's first, plus one."""

Piece = tuple[int, bool, int]
"""From this day of the block on: so many days are added (True), or the answer is this day of the block (False)."""


def months_later(day: Term, span: tuple[int, int], months: int) -> Term:
    """The day ``months`` months after ``day``, which lies in ``span``."""
    first, last = (_month_of(bound) for bound in span)
    blocks = [(_first_of(start), _pieces(start, months)) for start in range(first - first % _BLOCK, last + 1, _BLOCK)]
    base = _tree(day, [(start, z3.IntVal(start)) for start, _ in blocks])
    within = day - base
    shapes = {pieces: _tree(within, [(at, day + count if moves else base + count) for at, moves, count in pieces])
              for pieces in dict.fromkeys(each for _, each in blocks)}
    runs = [(next(run)[0], shapes[pieces]) for pieces, run in groupby(blocks, key=lambda block: block[1])]
    return _tree(day, runs)


def some_months_later(day: Term, span: tuple[int, int], months: Term) -> Term:
    """The day so many months after ``day`` when the number depends on facts; the calendar's last day beyond its end."""
    first, last = (_month_of(bound) for bound in span)
    blocks = range(first - first % _BLOCK, last + 1, _BLOCK)
    starts = {start: _first_of(start) for start in blocks}
    base = _tree(day, [(starts[start], z3.IntVal(starts[start])) for start in blocks])
    number = _tree(day, [(starts[start], z3.IntVal(start)) for start in blocks])
    lengths = {start: tuple(_first_of(start + index) - starts[start] for index in range(_BLOCK)) for start in blocks}
    runs = [(starts[next(run)], lengths_of) for lengths_of, run in groupby(blocks, key=lengths.__getitem__)]
    within = day - base
    places = {each: _tree(within, [(offset, z3.IntVal(place)) for place, offset in enumerate(each)])
              for each in dict.fromkeys(lengths.values())}
    offsets = {each: _tree(within, [(offset, z3.IntVal(offset)) for offset in each]) for each in places}
    index = _tree(day, [(at, places[each]) for at, each in runs])
    offset = _tree(day, [(at, offsets[each]) for at, each in runs])
    target = number + index + months
    start, following = _begins(target), _begins(target + 1)
    wanted = start + (within - offset)
    found = z3.If(wanted < following, wanted, following - 1)
    return z3.If(target > _LAST_MONTH, z3.IntVal(LAST_DAY), found)


def _tree(tested: Term, pieces: Sequence[tuple[int, Term]]) -> Term:
    """The value of the last piece that does not begin after ``tested``, by halving."""
    if len(pieces) == 1:
        return pieces[0][1]
    middle = len(pieces) // 2
    return z3.If(tested < pieces[middle][0], _tree(tested, pieces[:middle]), _tree(tested, pieces[middle:]))


def _month_of(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def _first_of(month: int) -> int:
    """The first day of a month, also of one just outside the calendar."""
    return _begins(month) if month <= _LAST_MONTH else LAST_DAY + 1


def _begins(month: Any) -> Any:
    """The first day of a month, a number or a term; its years begin in March, so that leap days come last."""
    shifted = month - 2
    year, place = _divided(shifted, 12), shifted % 12
    leaps = _divided(year, 4) - _divided(year, 100) + _divided(year, 400)
    return 365 * year + leaps + _divided(153 * place + 2, 5) - _BEFORE_MARCH


def _divided(number: Any, by: int) -> Any:
    """Rounded down; z3 writes so what is ``//`` in Python."""
    return number // by if isinstance(number, int) else number / by


@lru_cache(maxsize=4096)
def _pieces(block: int, months: int) -> tuple[Piece, ...]:
    """How the days of a block of four years move, counted from its first day."""
    base = _first_of(block)
    found: list[Piece] = []
    for month in range(block, block + _BLOCK):
        start = _first_of(month)
        if month + months > _LAST_MONTH:
            found.append((start - base, False, LAST_DAY - base))
            continue
        moved = _first_of(month + months)
        if not found or found[-1][1:] != (True, moved - start):
            found.append((start - base, True, moved - start))
        length, kept = _first_of(month + 1) - start, _first_of(month + months + 1) - moved
        if kept < length:
            found.append((start + kept - base, False, moved + kept - 1 - base))
    return tuple(found)
