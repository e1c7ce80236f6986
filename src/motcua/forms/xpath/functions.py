"""The ODK XForms functions that take plain values; those that need the tree or laziness are in `special`.

Sources: ODK XForms specification, functions; JavaRosa 5.1 and ODK Web Forms 0.22 where it is silent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import string
import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from motcua.forms.nodes import Node, string_value
from motcua.forms.xpath import dates, geo
from motcua.forms.xpath.context import Run
from motcua.forms.xpath.values import Value, folded, text_number, to_boolean, to_number, to_string


@dataclass(frozen=True, slots=True)
class Function:
    """Arity (``most`` None: any number), static type of the result, and the working."""

    least: int
    most: int | None
    gives: str
    work: Callable[..., Value]
    volatile: bool = False


def _texts(values: tuple[Value, ...]) -> list[str]:
    """Every text: node-sets give all their nodes."""
    found: list[str] = []
    for value in values:
        found.extend([string_value(node) for node in value] if isinstance(value, list) else [to_string(value)])
    return found


def _numbers(values: tuple[Value, ...]) -> list[float]:
    """Every number: empty nodes are skipped, as in JavaRosa."""
    found: list[float] = []
    for value in values:
        if isinstance(value, list):
            found.extend(text_number(text) for text in map(string_value, value) if text.strip())
        elif not (isinstance(value, str) and not value.strip()):
            found.append(to_number(value))
    return found


def _index(value: Value) -> int | None:
    number = to_number(value)
    if number != number:
        return None
    return int(max(-1e9, min(1e9, number)))


def _substr(run: Run, text: Value, start: Value, end: Value | None = None) -> Value:
    source = to_string(text)
    first = _index(start)
    last = len(source) if end is None else _index(end)
    if first is None or last is None:
        return ""
    size = len(source)
    first = max(0, size + first) if first < 0 else first
    last = max(0, size + last) if last < 0 else last
    return source[first:last]


def _before(run: Run, text: Value, mark: Value) -> Value:
    head, found, _ = to_string(text).partition(to_string(mark) or "\0")
    return head if found else ""


def _after(run: Run, text: Value, mark: Value) -> Value:
    if to_string(mark) == "":
        return to_string(text)
    return to_string(text).partition(to_string(mark))[2]


def _translate(run: Run, text: Value, old: Value, new: Value) -> Value:
    table: dict[int, str | None] = {}
    replacement = to_string(new)
    for at, char in enumerate(to_string(old)):
        table.setdefault(ord(char), replacement[at] if at < len(replacement) else None)
    return to_string(text).translate(table)


def _uuid(run: Run, length: Value | None = None) -> Value:
    if length is None:
        return str(uuids.UUID(int=run.chance.getrandbits(128), version=4))
    wanted = _index(length) or 0
    letters = string.ascii_letters + string.digits
    return "".join(run.chance.choice(letters) for _ in range(max(0, min(256, wanted))))


_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _digest(run: Run, text: Value, algorithm: Value, encoding: Value = "base64") -> Value:
    name = _DIGESTS.get(to_string(algorithm).upper())
    shape = to_string(encoding).lower()
    if name is None or shape not in ("base64", "hex"):
        return ""
    raw = hashlib.new(name, to_string(text).encode(), usedforsecurity=False)
    return raw.hexdigest() if shape == "hex" else base64.b64encode(raw.digest()).decode()


def _base64_decode(run: Run, text: Value) -> Value:
    try:
        return base64.b64decode(to_string(text), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _from_string(run: Run, text: Value) -> Value:
    return to_string(text).strip().lower() in ("true", "1")


def _counted(values: tuple[Value, ...]) -> list[bool]:
    found: list[bool] = []
    for value in values:
        if isinstance(value, list):
            found.extend(_is_yes(string_value(node)) for node in value)
        else:
            found.append(_is_yes(value) if isinstance(value, str) else to_boolean(value))
    return found


def _is_yes(text: str) -> bool:
    number = text_number(text)
    return number != 0 if number == number else text not in ("", "false")


def _within(count: float, least: Value, most: Value) -> bool:
    low, high = to_number(least), to_number(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _checklist(run: Run, least: Value, most: Value, *answers: Value) -> Value:
    return _within(sum(_counted(answers)), least, most)


def _weighted_checklist(run: Run, least: Value, most: Value, *pairs: Value) -> Value:
    if len(pairs) == 2 and all(isinstance(side, list) for side in pairs):
        weights = [text_number(text) for text in _texts((pairs[1],))]
        total = sum(weight for yes, weight in zip(_counted((pairs[0],)), weights, strict=False) if yes)
    else:
        answers = _counted(tuple(pairs[0::2]))
        total = sum(to_number(weight) for yes, weight in zip(answers, pairs[1::2], strict=False) if yes)
    return _within(total, least, most)


def _int(run: Run, value: Value) -> Value:
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _round(run: Run, value: Value, places: Value = 0.0) -> Value:
    """Half up (towards +infinity) on the decimal text, not on the binary double."""
    number, digits = to_number(value), to_number(places)
    if not math.isfinite(number) or digits != digits:
        return math.nan if digits != digits else number
    digits = max(-400.0, min(400.0, digits))
    exact = Decimal(repr(number))
    if digits >= 30 or exact == 0:
        return number
    way = ROUND_HALF_UP if exact > 0 else ROUND_HALF_DOWN
    step = Decimal(1).scaleb(-int(digits))
    try:
        return float((exact / step).quantize(Decimal(1), rounding=way) * step)
    except ArithmeticError:
        return number if digits > 0 else 0.0


def _whole(rounding: str) -> Callable[[Run, Value], Value]:
    def work(run: Run, value: Value) -> Value:
        number = to_number(value)
        return float(Decimal(repr(number)).to_integral_value(rounding)) if math.isfinite(number) else number

    return work


def _real(work: Callable[..., float]) -> Callable[..., Value]:
    """A function of the reals: a domain error or overflow is NaN, never an exception."""

    def guarded(run: Run, *values: Value) -> Value:
        try:
            result: Any = work(*map(to_number, values))
        except (ArithmeticError, ValueError):
            return math.nan
        return float(result) if isinstance(result, (int, float)) else math.nan

    return guarded


def _sum(run: Run, *values: Value) -> Value:
    return math.fsum(found) if (found := _numbers(values)) and all(map(math.isfinite, found)) else sum(found, 0.0)


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., Value]:
    def work(run: Run, *values: Value) -> Value:
        found = _numbers(values)
        if not found:
            return ""
        return math.nan if any(number != number for number in found) else choose(found)

    return work


def _instant(value: Value) -> datetime | None:
    """The instant of a date value: an ISO text, or a number of days."""
    if isinstance(value, float):
        return dates.instant_of_days(value)
    text = to_string(value).strip()
    found = dates.read_instant(text)
    if found is None and (number := to_number(text)) == number and not dates.is_time(text):
        return dates.instant_of_days(number)
    return found


def _date(run: Run, value: Value) -> Value:
    """The calendar date; of a dateTime its own date part, so an offset moves nothing."""
    if not isinstance(value, float) and dates.read_instant(text := to_string(value).strip()) is not None:
        return text[:10]
    found = _instant(value)
    return found.date().isoformat() if found else _no_date(run, value)


def _date_time(run: Run, value: Value) -> Value:
    if not isinstance(value, float) and "T" in (text := to_string(value).strip()) and dates.read_instant(text):
        return text
    found = _instant(value)
    return dates.date_time_text(found) if found else _no_date(run, value)


def _no_date(run: Run, value: Value) -> Value:
    if text := to_string(value):
        run.note("FORM_301", text)
    return ""


def _format(run: Run, value: Value, pattern: Value) -> Value:
    text = to_string(value).strip()
    if dates.is_time(text):
        text = f"1970-01-01T{text}"
    found = _instant(value if isinstance(value, float) else text)
    if found is None:
        return _no_date(run, value)
    from motcua.forms.texts import spoken_language

    return dates.format_date(found, to_string(pattern), spoken_language(run.form, run.lang))


def _decimal_date_time(run: Run, value: Value) -> Value:
    found = _instant(value)
    return dates.days_of(found.isoformat()) if found else math.nan


def _selected(run: Run, chosen: Value, value: Value) -> Value:
    wanted = folded(to_string(value).strip())
    words = folded(to_string(chosen)).split()
    return wanted in words or (not wanted and not words)


def _selected_at(run: Run, chosen: Value, index: Value) -> Value:
    words, at = to_string(chosen).split(), _index(index)
    return words[at] if at is not None and 0 <= at < len(words) else ""


def _points(values: tuple[Value, ...]) -> list[tuple[float, float]]:
    return geo.read_points(";".join(_texts(values)))


def _nodes(value: Value) -> list[Node]:
    return value if isinstance(value, list) else []


def _name(run: Run, value: Value) -> Value:
    nodes = _nodes(value)
    return nodes[0].name if nodes else ""


def _contains(run: Run, text: Value, part: Value) -> Value:
    return folded(to_string(part)) in folded(to_string(text))


FUNCTIONS: dict[str, Function] = {
    "string": Function(1, 1, "string", lambda run, value: to_string(value)),
    "concat": Function(0, None, "string", lambda run, *values: "".join(_texts(values))),
    "join": Function(1, None, "string", lambda run, mark, *values: to_string(mark).join(_texts(values))),
    "substr": Function(2, 3, "string", _substr),
    "substring-before": Function(2, 2, "string", _before),
    "substring-after": Function(2, 2, "string", _after),
    "translate": Function(3, 3, "string", _translate),
    "string-length": Function(1, 1, "number", lambda run, value: float(len(to_string(value)))),
    "normalize-space": Function(1, 1, "string", lambda run, value: " ".join(to_string(value).split())),
    "contains": Function(2, 2, "boolean", _contains),
    "starts-with": Function(2, 2, "boolean", lambda run, a, b: folded(to_string(a)).startswith(folded(to_string(b)))),
    "ends-with": Function(2, 2, "boolean", lambda run, a, b: folded(to_string(a)).endswith(folded(to_string(b)))),
    "uuid": Function(0, 1, "string", _uuid, volatile=True),
    "digest": Function(2, 3, "string", _digest),
    "base64-decode": Function(1, 1, "string", _base64_decode),
    "true": Function(0, 0, "boolean", lambda run: True),
    "false": Function(0, 0, "boolean", lambda run: False),
    "boolean": Function(1, 1, "boolean", lambda run, value: to_boolean(value)),
    "boolean-from-string": Function(1, 1, "boolean", _from_string),
    "not": Function(1, 1, "boolean", lambda run, value: not to_boolean(value)),
    "checklist": Function(3, None, "boolean", _checklist),
    "weighted-checklist": Function(4, None, "boolean", _weighted_checklist),
    "number": Function(1, 1, "number", lambda run, value: to_number(value)),
    "int": Function(1, 1, "number", _int),
    "round": Function(1, 2, "number", _round),
    "floor": Function(1, 1, "number", _whole(ROUND_FLOOR)),
    "ceiling": Function(1, 1, "number", _whole(ROUND_CEILING)),
    "sum": Function(1, None, "number", _sum),
    "max": Function(1, None, "any", _extreme(max)),
    "min": Function(1, None, "any", _extreme(min)),
    "pow": Function(2, 2, "number", _real(lambda base, exponent: base**exponent)),
    "log": Function(1, 1, "number", _real(math.log)),
    "log10": Function(1, 1, "number", _real(math.log10)),
    "abs": Function(1, 1, "number", _real(abs)),
    "sin": Function(1, 1, "number", _real(math.sin)),
    "cos": Function(1, 1, "number", _real(math.cos)),
    "tan": Function(1, 1, "number", _real(math.tan)),
    "asin": Function(1, 1, "number", _real(math.asin)),
    "acos": Function(1, 1, "number", _real(math.acos)),
    "atan": Function(1, 1, "number", _real(math.atan)),
    "atan2": Function(2, 2, "number", _real(math.atan2)),
    "sqrt": Function(1, 1, "number", _real(math.sqrt)),
    "exp": Function(1, 1, "number", _real(math.exp)),
    "exp10": Function(1, 1, "number", _real(lambda exponent: 10.0**exponent)),
    "pi": Function(0, 0, "number", lambda run: math.pi),
    "random": Function(0, 0, "number", lambda run: run.chance.random(), volatile=True),
    "count": Function(1, 1, "number", lambda run, nodes: float(len(_nodes(nodes)))),
    "count-non-empty": Function(
        1, 1, "number", lambda run, nodes: float(sum(string_value(node) != "" for node in _nodes(nodes)))
    ),
    "name": Function(1, 1, "string", _name),
    "local-name": Function(1, 1, "string", _name),
    "namespace-uri": Function(0, 1, "string", lambda run, *nodes: ""),
    "lang": Function(1, 1, "boolean", lambda run, lang: False),
    "id": Function(1, 1, "nodes", lambda run, name: []),
    "today": Function(0, 0, "string", lambda run: run.now.date().isoformat(), volatile=True),
    "now": Function(0, 0, "string", lambda run: dates.date_time_text(run.now), volatile=True),
    "date": Function(1, 1, "string", _date),
    "date-time": Function(1, 1, "string", _date_time),
    "decimal-date-time": Function(1, 1, "number", _decimal_date_time),
    "decimal-time": Function(1, 1, "number", lambda run, value: dates.time_of_day(to_string(value).strip())),
    "format-date": Function(2, 2, "string", _format),
    "format-date-time": Function(2, 2, "string", _format),
    "selected": Function(2, 2, "boolean", _selected),
    "selected-at": Function(2, 2, "string", _selected_at),
    "count-selected": Function(1, 1, "number", lambda run, value: float(len(to_string(value).split()))),
    "area": Function(1, None, "number", lambda run, *values: geo.area(_points(values))),
    "distance": Function(1, None, "number", lambda run, *values: geo.distance(_points(values))),
    "geofence": Function(2, 2, "boolean", lambda run, point, shape: geo.inside(_points((point,)), _points((shape,)))),
    "version": Function(0, 0, "string", lambda run: run.form.version if run.form else ""),
    "property": Function(1, 1, "string", lambda run, name: ""),
}
