"""The functions that libxml2 calls while it runs the expressions `motcua.forms.native` has written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lxml import etree

from motcua.forms.datatypes import cast
from motcua.forms.nodes import Node
from motcua.forms.xpath.context import Run
from motcua.forms.xpath.dates import HANOI
from motcua.forms.xpath.functions import FUNCTIONS
from motcua.forms.xpath.special import linear_regex
from motcua.forms.xpath.values import number_text, text_number

EXTENSIONS = "urn:motcua:xpath"
#: Our own functions of texts and numbers, and of nodes.
BY_TEXT = (
    "substr", "normalize-space", "ends-with", "digest", "base64-decode", "boolean-from-string", "int", "round",
    "floor", "ceiling", "pow", "log", "log10", "abs", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
    "sqrt", "exp", "exp10", "pi", "date", "date-time", "decimal-date-time", "decimal-time", "format-date",
    "format-date-time", "selected-at", "count-selected", "selected",
)
OVER_NODES = frozenset({"sum", "max", "min", "concat", "join", "count-non-empty"})

_QUIET = Run(Node(""), datetime(1970, 1, 1, tzinfo=HANOI))


def _as_values(arguments: tuple[Any, ...]) -> list[Any]:
    """Elements become plain nodes; what our functions take otherwise stays."""
    found: list[Any] = []
    for argument in arguments:
        if isinstance(argument, list):
            nodes = []
            for element in argument:
                node = Node("")
                node.text = "".join(element.itertext())
                nodes.append(node)
            found.append(nodes)
        else:
            found.append(str(argument) if isinstance(argument, str) else argument)
    return found


def _function(name: str) -> Any:
    work = FUNCTIONS[name].work
    return lambda context, *arguments: work(_QUIET, *_as_values(arguments))


def _coalesce(context: Any, *arguments: str) -> str:
    return next((text for text in arguments if text), "")


def _text(context: Any, value: Any) -> str:
    return (
        number_text(float(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    )


def _num(context: Any, value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else text_number(str(value))


def _regex(context: Any, text: str, pattern: str) -> bool:
    return linear_regex(str(pattern)).found_in(str(text))


def _unmatched(context: Any, nodes: list[etree._Element], pattern: str) -> bool:
    compiled = linear_regex(str(pattern))
    return not all(compiled.found_in(node.text or "") for node in nodes)


FUNCTION_TABLE: dict[tuple[str, str], Any] = {
    (EXTENSIONS, "num"): _num,
    (EXTENSIONS, "text"): _text,
    (EXTENSIONS, "if"): lambda context, condition, then, otherwise: then if condition else otherwise,
    (EXTENSIONS, "cast"): lambda context, kind, value: cast(kind, str(value) if isinstance(value, str) else value),
    (EXTENSIONS, "coalesce"): _coalesce,
    (EXTENSIONS, "regex"): _regex,
    (EXTENSIONS, "unmatched"): _unmatched,
    **{(EXTENSIONS, name): _function(name) for name in (*BY_TEXT, *OVER_NODES)},
}
