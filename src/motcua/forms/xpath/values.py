"""XPath values and their conversions as ODK forms need them.

A value is a str, a float, a bool or a list of nodes. A node in a boolean place counts by its text;
numbers are written in plain decimal notation, the shortest that reads back the same.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from motcua.forms.nodes import Node, string_value
from motcua.forms.xpath import dates

Value = str | float | bool | list[Node]

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_SPACE = " \t\r\n"


def to_string(value: Value) -> str:
    """XPath ``string()``; of nodes, the first."""
    if type(value) is str:
        return value
    if isinstance(value, list):
        return string_value(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(float(value))


def number_text(number: float) -> str:
    """Shortest plain decimal notation that reads back as the same double."""
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_number(value: Value) -> float:
    """The extended ``number()``: ISO dates and times are days since 1970 UTC; anything else is NaN."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    return text_number(to_string(value))


def text_number(text: str) -> float:
    """The number a text holds, or of a date or time its days; NaN where it holds neither."""
    stripped = text.strip(_SPACE)
    if _NUMBER.fullmatch(stripped):
        return float(stripped)
    if len(stripped) >= 8 and stripped[2:3] in "0123456789:":
        return dates.days_of(stripped)
    return math.nan


def to_boolean(value: Value) -> bool:
    """XPath ``boolean()``, but nodes count by the text of the first one."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and value == value
    return to_string(value) != ""


def folded(text: str) -> str:
    """NFC, so that Vietnamese typed on any keyboard compares equal."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def equal(left: Value, right: Value) -> bool:
    """XPath ``=``: existential over nodes; a date text against a number compares as a number.

    No node at all reads as the empty text, here and in ``!=``: so do JavaRosa, and Web Forms where the node
    is there but not relevant; forms ask ``x = ''`` and ``x != 'no'`` of questions that may be hidden.
    """
    if isinstance(left, list):
        return _nodes_equal(left, right)
    if isinstance(right, list):
        return _nodes_equal(right, left)
    return _plain_equal(left, right)


def not_equal(left: Value, right: Value) -> bool:
    """XPath ``!=``: true when some pair differs."""
    if isinstance(left, list) or isinstance(right, list):
        return _some_pair(left, right, lambda one, other: not _plain_equal(one, other))
    return not _plain_equal(left, right)


def _nodes_equal(nodes: list[Node], other: Value) -> bool:
    if isinstance(other, list) or not isinstance(other, str):
        return _some_pair(nodes, other, _plain_equal)
    wanted = folded(other)
    return any(folded(string_value(node)) == wanted for node in nodes) if nodes else not wanted


def _some_pair(left: Value, right: Value, test: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(test(to_boolean(left), to_boolean(right)))  # type: ignore[operator]
    ones, others = _texts(left), _texts(right)
    return any(test(one, other) for one in ones for other in others)  # type: ignore[operator]


def _texts(value: Value) -> list[Value]:
    if not isinstance(value, list):
        return [value]
    return [string_value(node) for node in value] or [""]


def _plain_equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return folded(to_string(left)) == folded(to_string(right))


def ordered(operator: str, left: Value, right: Value) -> bool:
    """``< <= > >=``: both sides as extended numbers, existential over nodes."""
    if (isinstance(left, list) and len(left) != 1) or (isinstance(right, list) and len(right) != 1):
        ones = left if isinstance(left, list) else [left]
        others = right if isinstance(right, list) else [right]
        return any(compare_numbers(operator, _number_of(one), _number_of(other)) for one in ones for other in others)
    return compare_numbers(operator, to_number(left), to_number(right))


def _number_of(value: Node | Value) -> float:
    return text_number(string_value(value)) if isinstance(value, Node) else to_number(value)


def compare_numbers(operator: str, left: float, right: float) -> bool:
    """IEEE comparison: false as soon as one side is NaN."""
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    if operator == ">":
        return left > right
    return left >= right
