"""Values of facts: read strictly from outside, shown to people, written to JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from motcua.conditions.numbers import (
    MAX_DIGITS,
    AmbiguousNumberError,
    Number,
    TooLongNumberError,
    checked,
    negated,
    read_number,
    scaled,
)
from motcua.conditions.types import Type, Value
from motcua.conditions.units import SCALES, UNIT_NAMES, WHOLE_KINDS, Unit, canonical_unit, find_unit
from motcua.errors import InputError, Place, Problem
from motcua.law import Text, did_you_mean, in_figures

Labels = Mapping[str, Mapping[str, Text]]

MAX_TEXT = 10_000
FIRST_YEAR, LAST_YEAR = 1800, 2999
_QUANTITY = re.compile(r"(?P<sign>-?)\s*(?P<number>\d[\d_.]*)\s*(?P<unit>\D.*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNKNOWN = Text("chưa biết", "unknown")
_YES, _NO = Text("có", "yes"), Text("không", "no")
#: What people write for yes and no in tables, as `motcua.law.fold` gives it.
TRUTHS: Mapping[str, bool] = {"true": True, "yes": True, "co": True, "dung": True,
                              "false": False, "no": False, "khong": False, "sai": False}
_NONE = Text("không có", "none")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")


def read_value(type_: Type, raw: Any, place: Place | None = None) -> Value:
    """Read a value from outside: a JSON or YAML value, or a string that may carry a unit.

    Numbers are in the type's unit and come back in the canonical unit, exactly. Anything doubtful is
    refused with ``InputError`` COND_2xx, which says what to write instead.
    """
    reader: Callable[[Type, Any], Value] = _READERS.get(type_.kind, _read_number)
    try:
        return reader(type_, raw)
    except _RefusedError as refused:
        shown = _shorten(raw)
        raise InputError(Problem(refused.code, {"value": shown, "type": type_.title, **refused.params},
                                 place)) from None


class _RefusedError(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _shorten(raw: Any) -> str:
    try:
        text = str(raw)
    except ValueError:  # an int beyond Python's limit of digits
        return "…"
    return text if len(text) <= 60 else f"{text[:59]}…"


def _read_yes_no(type_: Type, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise _RefusedError("COND_202")
    return raw


def _read_number(type_: Type, raw: Any) -> Number:
    unit = unit_of(type_)
    number, unit = _split(type_, raw, unit) if isinstance(raw, str) else (_plain(type_, raw), unit)
    try:
        number = checked(scaled(checked(number), unit.factor)) if unit else checked(number)
    except TooLongNumberError:
        raise _RefusedError("COND_206", digits=MAX_DIGITS) from None
    if type_.kind in WHOLE_KINDS and not isinstance(number, int):
        raise _RefusedError("COND_207", unit=_unit_title(type_))
    if type_.kind == "months" and number < 0:
        raise _RefusedError("COND_208")
    return number


def unit_of(type_: Type) -> Unit | None:
    """The unit in which values of a type are read and shown; None for plain numbers and non-numbers."""
    if type_.unit is not None:
        return find_unit(type_.unit)
    return canonical_unit(type_.kind) if type_.is_number and type_.kind not in ("number", "integer") else None


def _unit_title(type_: Type) -> Text:
    return canonical_unit(type_.kind).shown if type_.kind != "integer" else Text("đơn vị", "units")


def _plain(type_: Type, raw: Any) -> Number:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise _RefusedError("COND_203", unit=_example(type_))
    number = Decimal(repr(float(raw))) if isinstance(raw, float) else raw
    if isinstance(number, Decimal) and not number.is_finite():
        raise _RefusedError("COND_203", unit=_example(type_))
    return number if isinstance(number, Decimal) else int(number)


def _example(type_: Type) -> str:
    return f" {type_.unit}" if type_.unit else ""


def _split(type_: Type, raw: str, unit: Unit | None) -> tuple[Number, Unit | None]:
    """Read ``10 billion VND``: the number and the unit written, or the type's own unit."""
    match = _QUANTITY.fullmatch(unicodedata.normalize("NFC", raw).strip()) if len(raw) <= 200 else None
    if match is None:
        raise _RefusedError("COND_203", unit=_example(type_))
    try:
        number = read_number(match["number"])
    except AmbiguousNumberError:
        raise _RefusedError("COND_205") from None
    except TooLongNumberError:
        raise _RefusedError("COND_206", digits=MAX_DIGITS) from None
    except ValueError:
        raise _RefusedError("COND_203", unit=_example(type_)) from None
    signed = negated(number) if match["sign"] else number
    written = " ".join((match["unit"] or "").split())
    return (signed, _written_unit(type_, written)) if written else (signed, unit)


def _written_unit(type_: Type, written: str) -> Unit:
    # an amount is said without its currency: "10 tỷ", "5 million"; there is only one
    if written in SCALES and type_.kind in ("number", "integer", "money"):
        return Unit(type_.kind, Fraction(SCALES[written]), Text(written, written))
    unit = find_unit(written)
    if unit is None and written.startswith(","):
        raise _RefusedError("COND_205")
    if unit is None:
        raise _RefusedError("COND_204", unit=written, hint=did_you_mean(written, UNIT_NAMES))
    if unit.kind != type_.kind:
        raise _RefusedError("COND_209", unit=written)
    return unit


def _read_date(type_: Type, raw: Any) -> date:
    day = raw
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise _RefusedError("COND_211") from None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _RefusedError("COND_210")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _RefusedError("COND_212", first=FIRST_YEAR, last=LAST_YEAR)
    return date(day.year, day.month, day.day)


def _read_one_of(type_: Type, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in type_.values:
        hint = did_you_mean(str(raw)[:100], type_.values)
        raise _RefusedError("COND_213", hint=hint, values=", ".join(type_.values))
    return str(raw)


def _read_list_of(type_: Type, raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, (list, tuple)):
        raise _RefusedError("COND_214", values=", ".join(type_.values[:3]))
    if len(raw) > MAX_TEXT:
        raise _RefusedError("COND_215", limit=MAX_TEXT)
    return tuple(dict.fromkeys(_read_one_of(type_, value) for value in raw))


def _read_text(type_: Type, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _RefusedError("COND_216")
    if len(raw) > MAX_TEXT:
        raise _RefusedError("COND_215", limit=MAX_TEXT)
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\r\t" for char in raw):
        raise _RefusedError("COND_217")
    return unicodedata.normalize("NFC", raw)


_READERS: Mapping[str, Callable[[Type, Any], Value]] = {
    "yes/no": _read_yes_no, "date": _read_date, "one of": _read_one_of, "list of": _read_list_of,
    "text": _read_text,
}


def in_unit(type_: Type, value: Number) -> Number:
    """A canonical number in the type's own unit, rounded to ten decimals where that is not finite."""
    unit = unit_of(type_)
    if unit is None or unit.factor == 1:
        return value
    try:
        return scaled(value, 1 / unit.factor)
    except ValueError:
        return scaled(Fraction(round(Fraction(value) / unit.factor * 10**10)), Fraction(1, 10**10))


def to_json(type_: Type, value: Value | None) -> Any:
    """The value as JSON, in the fact's unit; unknown is null. `read_value` reads it back to the same value.

    A number that no JSON reader keeps exactly becomes a string of its digits.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return value.isoformat()
    number = in_unit(type_, value)
    if isinstance(number, int):
        return number
    return float(number) if Decimal(repr(float(number))) == number else format(number, "f")


def show_value(type_: Type, value: Value | None, lang: str, labels: Labels | None = None) -> str:
    """The value for people: ``1.234.567 đồng`` or ``1,234,567 VND``, ``27/3/2026`` or ``27 March 2026``."""
    match value:
        case None:
            return _UNKNOWN.get(lang)
        case bool():
            return (_YES if value else _NO).get(lang)
        case date():
            return (in_figures(value) if lang == "vi"
                    else f"{value.day} {_MONTHS[value.month - 1]} {value.year}")
        case tuple():
            return "; ".join(_label(type_, item, lang, labels) for item in value) or _NONE.get(lang)
        case str():
            return _label(type_, value, lang, labels)
        case _:
            return _show_number(type_, value, lang)


def _label(type_: Type, value: str, lang: str, labels: Labels | None) -> str:
    label = (labels or {}).get(type_.list or "", {}).get(value)
    return label.get(lang) if label is not None else value


def _show_number(type_: Type, value: Number, lang: str) -> str:
    number = in_unit(type_, value)
    shown = f"{number:,}" if isinstance(number, int) else f"{number:,f}"
    if lang == "vi":
        shown = shown.translate(str.maketrans(",.", ".,"))
    unit = unit_of(type_)
    if unit is None:
        return shown
    return f"{shown}%" if unit.shown.vi == "%" else f"{shown} {_counted(unit.shown.get(lang), shown)}"


def _counted(unit: str, shown: str) -> str:
    return unit.removesuffix("s") if shown in ("1", "-1") and unit.endswith("s") and len(unit) > 3 else unit
