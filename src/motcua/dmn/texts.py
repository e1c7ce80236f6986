"""FEEL as other tools write it, put into the condition language: names, cells, spans of days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from motcua.law import fold

_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
ID: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
SIMPLE_NAME: Final = re.compile(r"[^\W\d][\w]*(?:[ .\-/'][\w]+)*")
_RESERVED: Final = frozenset(("and", "or", "not", "in", "between", "if", "then", "else", "some", "every", "satisfies",
                              "true", "false", "null", "for", "return", "function", "instance", "date", "duration",
                              "count", "min", "max", "sum", "abs", "floor"))
_SPAN: Final = 'duration("P" + string('
_OPENING: Final = re.compile(r"(?:^|[,(])\s*(\])")
_CLOSING: Final = re.compile(r"(\[)\s*(?=$|[,)])")
_TRUTH: Final = r"(?:!?=\s*[^,]+|true|false|null)"
_PLAIN_TRUTHS: Final = re.compile(rf"{_TRUTH}(?:\s*,\s*{_TRUTH})*")
#: Nobody writes more negations within each other.
_MOST_NOTS: Final = 8
_SPAN_END: Final = re.compile(r'\)\s*\+\s*"([DM])"\s*\)')


def id_of(name: str, taken: Iterable[str] = ()) -> str:
    """A name of any language as an id: ``Diện tích (ha)`` → ``dien_tich_ha``; dots between good parts stay."""
    parts = [re.sub(r"[^a-z0-9]+", "_", fold(part)).strip("_") for part in name.split(".")]
    parts = [f"n_{part}" if part[:1].isdigit() else part for part in parts if part] or ["x"]
    wanted = ".".join(parts)
    wanted = f"{wanted}_value" if wanted in _RESERVED else wanted
    return free(wanted, taken)


def free(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, with a number behind it where it is taken."""
    used, name, number = set(taken), wanted, 1
    while name in used:
        number += 1
        name = f"{wanted}_{number}"
    return name


def word_of(value: str, taken: Iterable[str] = ()) -> str:
    """A value of a list as rule files write it; a good one stays as it is."""
    good = value if _WORD.fullmatch(value) else re.sub(r"[^a-z0-9]+", "_", fold(value)).strip("_") or "value"
    return free(good, taken)


def strings_in(text: str) -> list[str]:
    """The string literals of a text, without quotes."""
    return [unquoted(found) for found in _STRING.findall(text)]


def unquoted(literal: str) -> str:
    """A string literal's value."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), literal[1:-1])


def unescaped(text: str) -> str:
    """Characters written by their number (``\\u0041``, ``\\U01F40E``) as themselves."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6}))", _character, text)


def _character(found: re.Match[str]) -> str:
    code = int(found[2] or found[3], 16)
    is_text = 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 and chr(code) not in '"\\'
    return found[1] + chr(code) if is_text else found[0]


def quoted(value: str) -> str:
    """A value as a string literal."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def outside_strings(text: str, change: re.Pattern[str], to: str | Mapping[str, str]) -> str:
    """``change`` replaced by ``to`` (a replacement, or one for each found text) where it is not inside a string."""
    def put(found: re.Match[str]) -> str:
        return to if isinstance(to, str) else to[" ".join(found[0].split())]

    pieces, last = [], 0
    for literal in _STRING.finditer(text):
        pieces += [change.sub(put, text[last:literal.start()]), literal[0]]
        last = literal.end()
    return "".join([*pieces, change.sub(put, text[last:])])


def names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds the names in an expression, the longest first, with any space between their words."""
    shown = sorted((name for name in names if name not in _RESERVED), key=lambda name: (-len(name), name))
    parts = (r"\s+".join(re.escape(word) for word in name.split()) for name in shown)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(parts) or '(?!)'})(?!\w|\s*\.\s*[^\W\d])(?!\s+(?:contains|half)\b)")


def with_words(text: str, words: Mapping[str, str]) -> str:
    """String literals that are values of lists, as the words of rule files."""
    return _STRING.sub(lambda found: quoted(words.get(unquoted(found[0]), unquoted(found[0]))), text)


def with_days(text: str) -> str:
    """Durations of computed length, and ``(a - b).days``, in our notation; months are left in ⟦ ⟧ for `with_months`."""
    text = text.replace(").days", ') / duration("P1D")')
    at = text.find(_SPAN)
    while at >= 0:
        start = at + len(_SPAN)
        end = _closing(text, start)
        tail = _SPAN_END.match(text, end)
        if tail is None:
            return text
        counted = f"({text[start:end]}) * duration(\"P1D\")" if tail[1] == "D" else f"⟦{text[start:end]}⟧"
        text = f"{text[:at]}{counted}{text[tail.end():]}"
        at = text.find(_SPAN)
    return text


def with_months(text: str) -> str:
    """Names of facts in months where dates are counted in them, and where it is asked whether they are known."""
    text = re.sub(r"⟦\((\S+) / 1 months\)⟧", r"\1", text)
    text = re.sub(r"\((\S+) / 1 months\)(?=\s*!?=\s*null\b)", r"\1", text)
    return re.sub(r"⟦(.*?)⟧", r'(\1) * duration("P1M")', text)


def _closing(text: str, start: int) -> int:
    """The place of the parenthesis that closes the one before ``start``."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


def cell_as_condition(cell: str, subject: str, is_truth: bool, depth: int = 0) -> str | None:
    """What a cell says of its column as one condition; None for a cell that asks nothing."""
    cell = cell.strip()
    if cell in ("", "-"):
        return None
    if cell == "null":
        return f"{subject} = null"
    negated = _negated(cell)
    if negated is not None and depth < _MOST_NOTS:
        inner = cell_as_condition(negated, subject, is_truth, depth + 1)
        return None if inner is None else f"not({inner})"
    if is_truth and cell in ("true", "false"):
        return subject if cell == "true" else f"not({subject})"
    if "?" in _STRING.sub("", cell):
        return outside_strings(cell, re.compile(r"\?"), subject)
    cell = _round_ends(cell)
    # a range without brackets does not say whether its ends belong to it: no condition, which the parser tells
    return f"{subject} in {cell}" if _is_bare_range(cell) else f"{subject} in ({cell})"


def is_doubtful(cell: str) -> bool:
    """Whether a cell of a yes/no column is an expression: some engines compare it, some take it for the answer."""
    cell = cell.strip()
    negated = _negated(cell)
    parts = _blank(cell if negated is None else negated)
    return "?" not in parts and cell != "null" and not _PLAIN_TRUTHS.fullmatch(parts.strip())


def _negated(cell: str) -> str | None:
    """What stands in a cell that is ``not(…)`` as a whole."""
    found = re.fullmatch(r"not\s*\((.*)\)", cell, re.DOTALL)
    whole = found is not None and _closing(_blank(cell), cell.index("(") + 1) == len(cell) - 1
    return found[1] if found is not None and whole else None


def _blank(text: str) -> str:
    """The text with nothing in its string literals, every character in its place."""
    return _STRING.sub(lambda found: '"' + "_" * (len(found[0]) - 2) + '"', text)


def _round_ends(cell: str) -> str:
    """Open ends as ``(a..b)``, which FEEL writes as ``]a..b[`` too."""
    bare, shown = _blank(cell), list(cell)
    for pattern, end in ((_OPENING, "("), (_CLOSING, ")")):
        for found in pattern.finditer(bare):
            shown[found.start(1)] = end
    return "".join(shown)


def _is_bare_range(cell: str) -> bool:
    depth, bare = 0, _blank(cell)
    for place, sign in enumerate(bare):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if depth == 0 and bare.startswith("..", place):
            return True
    return False
