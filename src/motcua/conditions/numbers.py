"""Exact numbers and dates: every operation of the language, without rounding and without exceptions.

A number is an ``int`` when integral and else a ``Decimal``; never a float. Literals and facts have at most
`MAX_DIGITS` digits and trees are shallow, so the context below can hold every result exactly.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)
from fractions import Fraction

from motcua import law

MAX_DIGITS = 30
EXACT = Context(prec=8000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact, InvalidOperation])
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
_NUMBER = re.compile(r"(0|[1-9][0-9]*(_[0-9]+)*)(\.[0-9]+)?")

Number = int | Decimal


class AmbiguousNumberError(ValueError):
    """``7.000``: seven thousand, or seven with three decimals?"""


class TooLongNumberError(ValueError):
    """More digits than any real case has."""


def normal(number: Number) -> Number:
    """The number as an ``int`` when it is integral, else as a ``Decimal`` without trailing zeros."""
    if isinstance(number, int):
        return number
    whole = int(number)
    return whole if whole == number else EXACT.normalize(number)


def checked(number: Number) -> Number:
    """The number in normal form; `TooLongNumberError` beyond `MAX_DIGITS` digits, written out in full."""
    if isinstance(number, int):
        if abs(number) >= 10**MAX_DIGITS:
            raise TooLongNumberError
        return number
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise TypeError(f"not a finite number: {number}")
    significant = len("".join(map(str, digits)).rstrip("0"))
    exponent += len(digits) - significant
    if number and max(significant + max(exponent, 0), -exponent) > MAX_DIGITS:
        raise TooLongNumberError
    return normal(number)


def read_number(text: str) -> Number:
    """Read ``1_000`` or ``2.5``, without a sign.

    Raises `AmbiguousNumberError` for ``7.000``, `TooLongNumberError`, and ``ValueError`` for anything else.
    """
    if _THOUSANDS.fullmatch(text):
        raise AmbiguousNumberError(text)
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    digits = text.replace("_", "")
    if len(digits) > 2 * MAX_DIGITS:
        raise TooLongNumberError(text)
    return checked(Decimal(digits))


def scaled(number: Number | Fraction, factor: Fraction) -> Number:
    """``number * factor``, exactly; ``ValueError`` where no finite decimal is the result."""
    if factor == 1 and not isinstance(number, Fraction):
        return normal(number)
    numerator = Fraction(number) * factor
    rest = numerator.denominator
    places = 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1:
        raise ValueError(f"{number} * {factor} is not a finite decimal")
    return normal(EXACT.scaleb(Decimal(int(numerator * 10**places)), -places))


def add(left: Number, right: Number) -> Number:
    """Exact sum."""
    return EXACT.add(left, right)


def subtract(left: Number, right: Number) -> Number:
    """Exact difference."""
    return EXACT.subtract(left, right)


def negated(number: Number) -> Number:
    """The number with the other sign; plain ``-`` would round a ``Decimal``."""
    return -number if isinstance(number, int) else number.copy_negate()


def multiply(left: Number, right: Number) -> Number:
    """Exact product."""
    return EXACT.multiply(left, right)


def absolute(number: Number) -> Number:
    """The number without its sign."""
    return EXACT.abs(number)


def floor(number: Number) -> int:
    """The greatest whole number that is not above ``number``."""
    return int(Decimal(number).to_integral_value(ROUND_FLOOR, EXACT))


def round_half_up(number: Number, places: int = 0) -> Number:
    """Round to ``places`` decimals (negative: tens, hundreds, ...); a half goes away from zero (FEEL)."""
    shifted = EXACT.scaleb(Decimal(number), places)
    return normal(EXACT.scaleb(shifted.to_integral_value(ROUND_HALF_UP, EXACT), -places))


def add_days(day: date, days: int) -> date:
    """The day that many days later; the first or last day of the calendar where that is beyond it."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def add_months(day: date, months: int) -> date:
    """The day that many months later, see `motcua.law.add_months`; saturates at the ends of the calendar."""
    try:
        return law.add_months(day, months)
    except (ValueError, OverflowError):
        return date.max if months > 0 else date.min


def days_between(later: date, earlier: date) -> int:
    """Days from ``earlier`` to ``later``; the first day is not counted."""
    return (later - earlier).days
