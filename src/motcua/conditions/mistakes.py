"""Naming the mistake in a text that does not parse: what people used to other languages write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lark import UnexpectedInput, UnexpectedToken


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem code, the offset of the mistake in the text, and what its wording needs."""

    code: str
    at: int
    params: Mapping[str, Any] = field(default_factory=dict)


# A pattern that begins exactly where the parser stopped, or (with "^" moved back) one character before.
_TYPICAL = (
    ("COND_010", 1, r"==", None),
    ("COND_032", 1, r"(?P<found>=<|=>)", {"=<": "<=", "=>": ">="}),
    ("COND_032", 0, r"(?P<found>[≤≥≠])", {"≤": "<=", "≥": ">=", "≠": "!="}),
    ("COND_021", 1, r"(?P<found><>|~=)", None),
    ("COND_021", 0, r"(?P<found>~=)", None),
    ("COND_011", 0, r"(?P<found>&&?|\|\|?|(?:AND|OR|và|hoặc)\b)",
     {"&": "and", "&&": "and", "AND": "and", "và": "and", "|": "or", "||": "or", "OR": "or", "hoặc": "or"}),
    ("COND_012", 0, r"(?:is|IS|là|equals)\b", None),
    ("COND_013", 0, r"!", None),
    ("COND_015", 0, r"(?:has|contains|includes|holds)\b", None),
    ("COND_016", 0, r"\{", None),
    ("COND_022", 0, r"['‘’“”`«]", None),
    ("COND_023", 0, r'"[^"]*$', None),
    ("COND_030", 0, r"not\s+in\b", None),
    ("COND_018", 0, r",\d", None),
    ("COND_025", 0, r"(?:if|some|every)\b", None),
)
_COMPILED = [(code, back, re.compile(pattern), instead) for code, back, pattern, instead in _TYPICAL]
_THOUSANDS = re.compile(r'"(?:\\.|[^"\\])*"|(?<![\w.])\d{1,3}(,)\d{3}(?!\d)')
_STRING_OR_BRACKET = re.compile(r'"(?:\\.|[^"\\\n])*"|(?P<bracket>[()\[\]])')
_RESERVED = frozenset(
    ["and", "or", "in", "between", "then", "else", "satisfies", "null", "true", "false", "not", ""])
_WORD_BEFORE = re.compile(r"(?P<word>\w+)\s*$")


def comma_in_number(text: str) -> Mistake | None:
    """``1,000``: even where it would read as two numbers, nobody means that without a space."""
    for match in _THOUSANDS.finditer(text):
        if match.group(1):
            return Mistake("COND_018", match.start(1))
    return None


def recognise(text: str, error: UnexpectedInput) -> Mistake:
    """What most likely went wrong where the parser stopped."""
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    at = len(text.rstrip()) if ended else max(error.pos_in_stream or 0, 0)
    last = _at_end(text, at) if ended else _at(text, at, error)
    return _typical(text, at) or _bracket(text, ended) or last


def _typical(text: str, at: int) -> Mistake | None:
    for code, back, pattern, instead in _COMPILED:
        match = pattern.match(text, at - back) if at >= back else None
        if match is not None:
            found = match.groupdict().get("found")
            params = {"found": found, "instead": (instead or {}).get(found or "", "")} if found else {}
            return Mistake(code, at - back, params)
    return None


def _bracket(text: str, ended: bool) -> Mistake | None:
    """The bracket without its partner, if that is the trouble."""
    opened: list[re.Match[str]] = []
    for match in _STRING_OR_BRACKET.finditer(text):
        bracket = match["bracket"]
        if bracket in ("(", "["):
            opened.append(match)
        elif bracket is not None:
            if not opened:
                return Mistake("COND_028", match.start(), {"bracket": bracket})
            # An interval may open with one kind and close with the other.
            opened.pop()
    if not ended or not opened:
        return None
    return Mistake("COND_024", opened[-1].start(), {"bracket": opened[-1]["bracket"]})


def _at_end(text: str, at: int) -> Mistake:
    words = re.findall(r"\w+", text)
    unfinished = words.count("if") > words.count("else")
    return Mistake("COND_026", text.index("if")) if unfinished else Mistake("COND_002", at)


def _at(text: str, at: int, error: UnexpectedInput) -> Mistake:
    if not isinstance(error, UnexpectedToken):
        return Mistake("COND_031", at, {"found": text[at]})
    word = _WORD_BEFORE.search(text, 0, at)
    before = word["word"] if word else ""
    if word is not None and before == "not":
        return Mistake("COND_020", word.start())
    if before == "in":
        return Mistake("COND_034", at)
    if error.token.type == "OPERATOR" and before not in _RESERVED:
        return Mistake("COND_019", at)
    return Mistake("COND_029" if error.token in _RESERVED else "COND_001", at, {"found": str(error.token)})
