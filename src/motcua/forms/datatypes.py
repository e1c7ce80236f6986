"""Types of binds: what text a node of each type accepts, and how a computed value is written."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from motcua.forms.xpath import dates, geo
from motcua.forms.xpath.values import Value, number_text, text_number, to_string

TYPES = frozenset(
    [
        "string",
        "barcode",
        "int",
        "decimal",
        "boolean",
        "date",
        "time",
        "dateTime",
        "binary",
        "geopoint",
        "geotrace",
        "geoshape",
        "intent",
    ]
)
ALIASES = {
    "integer": "int",
    "long": "int",
    "short": "int",
    "byte": "int",
    "unsignedInt": "int",
    "nonNegativeInteger": "int",
    "positiveInteger": "int",
    "double": "decimal",
    "float": "decimal",
    "datetime": "dateTime",
    "select1": "string",
    "select": "string",
    "odk:rank": "string",
    "rank": "string",
    "text": "string",
    "anyURI": "binary",
    "base64Binary": "binary",
    "gYear": "string",
}
MAX_TEXT = 100_000

_INT = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_FILE_NAME = re.compile(r"[^./\\\-\x00-\x1f\x7f‎‏‪-‮⁦-⁩][^/\\\x00-\x1f\x7f‎‏‪-‮⁦-⁩]{0,119}")


def accepts(kind: str, text: str) -> bool:
    """Whether ``text`` (not empty) is a value of bind type ``kind``."""
    if len(text) > MAX_TEXT:
        return False
    match kind:
        case "int":
            return _INT.fullmatch(text) is not None
        case "decimal":
            return _DECIMAL.fullmatch(text) is not None and len(text.lstrip("-").replace(".", "").lstrip("0")) <= 30
        case "boolean":
            return text in ("true", "false", "1", "0")
        case "date":
            return dates.read_date(text) is not None
        case "time":
            return dates.is_time(text)
        case "dateTime":
            return "T" in text and dates.read_instant(text) is not None
        case "binary":
            return safe_file_name(text)
        case "geopoint" | "geotrace" | "geoshape":
            return geo.valid(kind, text)
        case _:
            return True


def safe_file_name(text: str) -> bool:
    """A bare file name: no path, control or bidi characters, no leading dot or dash, at most 120 characters."""
    return _FILE_NAME.fullmatch(text) is not None


def cast(kind: str, value: Value) -> str:
    """A computed value as text of bind type ``kind``; what the type cannot hold becomes empty."""
    text = to_string(value)
    if text in ("", "NaN") or len(text) > MAX_TEXT:
        return ""
    match kind:
        case "int":
            return _whole(value, text)
        case "decimal":
            return _number(value, text)
        case "boolean":
            return text if text in ("true", "false", "1", "0") else ""
        case "date":
            return _date(value, text)
        case "dateTime":
            return _date_time(value, text)
        case "time":
            return text.rpartition("T")[2] if dates.is_time(text.rpartition("T")[2]) else ""
        case _:
            return text


def _whole(value: Value, text: str) -> str:
    if _INT.fullmatch(text):
        return text
    number = _as_number(value, text)
    return str(math.trunc(number)) if math.isfinite(number) and abs(number) < 1e18 else ""


def _number(value: Value, text: str) -> str:
    if _DECIMAL.fullmatch(text):
        return text
    number = _as_number(value, text)
    if math.isinf(number):
        return number_text(number)
    return number_text(number) if number == number else ""


def _as_number(value: Value, text: str) -> float:
    if isinstance(value, bool):
        return float(value)
    return value if isinstance(value, float) else text_number(text)


def _date(value: Value, text: str) -> str:
    if dates.read_instant(text) is not None:
        return text[:10]
    found = dates.instant_of_days(text_number(text)) if not dates.is_time(text) else None
    return found.date().isoformat() if found else ""


def _date_time(value: Value, text: str) -> str:
    instant = dates.read_instant(text)
    if instant is not None:
        return text if "T" in text else dates.date_time_text(instant)
    found = dates.instant_of_days(text_number(text)) if not dates.is_time(text) else None
    return dates.date_time_text(found) if found else ""


def on_step(text: str, start: str, end: str, step: str) -> bool:
    """Whether a range's value lies between its ends, on a step; all compared as exact decimals."""
    if not all(_DECIMAL.fullmatch(part) for part in (text, start, end, step)):
        return _DECIMAL.fullmatch(text) is not None
    value, first, last, size = map(Decimal, (text, start, end, step))
    low, high = min(first, last), max(first, last)
    return low <= value <= high and (size == 0 or (value - first) % abs(size) == 0)
