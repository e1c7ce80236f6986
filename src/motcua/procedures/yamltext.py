"""Strict YAML 1.2 with the place of every key and value.

What goes in: the text of a file. What comes out: plain dicts, lists and scalars, and where each stands, so
that a problem found later can point at its character. Stricter than YAML on purpose, since people write these
files by hand: no duplicate keys, anchors, tags, directives or second documents; only ``true``/``false`` are
yes/no, only decimal digits are numbers (kept exact), dates stay words; size and depth are bounded. Facts and
scenarios also come from programs and from other people's editors: there, aliases and merge keys are read.
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import yaml as libyaml
from ruamel.yaml import YAML
from ruamel.yaml import events as ruamel
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from motcua.errors import Place, Problem
from motcua.law import Text

Path = tuple[str | int, ...]
Event = Any  # of either parser: their classes are twins

# either parser's
_ALIAS: Final = (libyaml.AliasEvent, ruamel.AliasEvent)
_DOCUMENT: Final = (libyaml.DocumentStartEvent, ruamel.DocumentStartEvent)
_SCALAR: Final = (libyaml.ScalarEvent, ruamel.ScalarEvent)
_MAPPING: Final = (libyaml.MappingStartEvent, ruamel.MappingStartEvent)
_MAPPING_END: Final = (libyaml.MappingEndEvent, ruamel.MappingEndEvent)
_SEQUENCE: Final = (libyaml.SequenceStartEvent, ruamel.SequenceStartEvent)
_SEQUENCE_END: Final = (libyaml.SequenceEndEvent, ruamel.SequenceEndEvent)

MAX_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 30
MAX_REPEATED: Final = 100_000

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?=\.?[0-9])(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?(?:(?<=[0-9])[eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_REASONS: Final = {
    "mapping values are not allowed": "dấu hai chấm ở đây không hợp lệ",
    "could not find expected ':'": "thiếu dấu hai chấm sau khóa",
    "expected <block end>": "dòng này thụt lề không khớp với các dòng trên",
    "expected ',' or '}'": "thiếu dấu phẩy hoặc dấu } đóng",
    "expected ',' or ']'": "thiếu dấu phẩy hoặc dấu ] đóng",
    "found unexpected end of stream": "thiếu dấu nháy đóng",
    "sequence entries are not allowed": "dấu gạch đầu dòng ở đây không hợp lệ",
}
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# what libyaml (YAML 1.1) and YAML 1.2 may see otherwise: rare characters, headers of blocks, merge keys, empty keys
_READ_OTHERWISE = re.compile(
    r"[\t\x85\u2028\u2029\ufeff]|<<|[|>][-+0-9]*#|^%|(?:^|[-?:{\[,])\s*[?:](?:\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a key or value stands: offsets in the file's text, how a scalar is quoted, and the file if another."""

    start: int
    end: int
    style: str | None = None
    origin: YamlText | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class YamlText:
    """A file read: its data, and the places of its keys and values by their path.

    ``borrowed``: what was put into the data from other files, as text.
    """

    file: str
    text: str
    data: Any = None
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    line_starts: tuple[int, ...] = (0,)
    borrowed: list[str] = field(default_factory=list)

    def place(self, path: Path = (), *, key: bool = False) -> Place:
        """The place of the value at ``path`` (or of its key); where it is absent, of what is around it."""
        marks = self.keys if key else self.values
        while path not in marks and path:
            path, marks = path[:-1], self.values
        mark = marks.get(path, Mark(0, 0))
        return (mark.origin or self).at(mark.start, path)

    def place_in(self, path: Path, offset: int) -> Place:
        """The place of character ``offset`` of the scalar at ``path``, which may run over several lines."""
        mark, value = self.values[path], self.scalar(path)
        written = mark.origin or self
        return written.at(_source_offset(written.text, mark, value, offset), path)

    def scalar(self, path: Path) -> str:
        """The scalar at ``path`` as text."""
        value = self.data
        for step in path:
            value = value[step]
        return str(value)

    def at(self, start: int, path: Path = ()) -> Place:
        """The place of an offset in the file."""
        line = bisect_right(self.line_starts, start) - 1
        column = start - self.line_starts[line]
        source = _LINE_BREAK.split(self.text[self.line_starts[line]:][:2000], maxsplit=1)[0]
        return Place(self.file, line + 1, column + 1, field_name(path), source)


def field_name(path: Path) -> str | None:
    """A path in words: ``requirements[3].must``."""
    name = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return name.removeprefix(".") or None


def read_yaml(text: str, file: str, *, aliases: bool = False) -> tuple[YamlText, list[Problem]]:
    """Read one strict YAML document; every problem is collected, what could be read is in ``data``.

    ``aliases``: ``&name``, ``*name`` and the merge key ``<<`` are read instead of refused; each use is a copy,
    and at most `MAX_REPEATED` values are copied.
    """
    text = text.removeprefix("\ufeff")
    starts = (0, *(match.end() for match in _LINE_BREAK.finditer(text)))
    source = YamlText(file, text, line_starts=starts)
    if len(text) > MAX_CHARACTERS:
        return source, [Problem("YAML_002", {"limit": f"{MAX_CHARACTERS:,}"}, Place(file))]
    quick = _read_quickly(source)
    if quick is not None:
        return quick, []
    reader = _Reader(source, aliases)
    try:
        reader.read(YAML(typ="safe", pure=True).parse(text))
    except _Refused as refused:
        reader.problems.append(refused.problem)
    except MarkedYAMLError as error:
        reader.problems.append(_syntax_problem(source, error))
    except (YAMLError, ValueError, OverflowError):
        reader.problems.append(Problem("YAML_001", {"reason": "unreadable character"}, Place(file)))
    return source, reader.problems


def _read_quickly(source: YamlText) -> YamlText | None:
    """Read what is in order with libyaml, thirty times as fast; None: the strict parser must look at it."""
    loader = getattr(libyaml, "CSafeLoader", None)  # missing where PyYAML was built without libyaml
    if loader is None or _READ_OTHERWISE.search(source.text):
        return None
    reader = _Reader(YamlText(source.file, source.text, line_starts=source.line_starts), aliases=False)
    try:
        reader.read(libyaml.parse(source.text, Loader=loader))
    except (_Refused, libyaml.YAMLError, ValueError, OverflowError):
        return None
    # a lone scalar is no file of ours, and the two end it differently
    return reader.source if isinstance(reader.source.data, dict | list) and not reader.problems else None


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Reader:
    """Builds the data from the parser's events, noting where each part stands."""

    def __init__(self, source: YamlText, aliases: bool) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.aliases = aliases
        self.anchors: dict[str, Any] = {}
        self.repeated = 0

    def read(self, events: Iterator[Event]) -> None:
        seen = False
        for event in events:
            if isinstance(event, _DOCUMENT):
                if seen or event.version or event.tags:
                    self.refuse("YAML_007", event, stop=True)
                seen = True
            elif isinstance(event, (*_SCALAR, *_MAPPING, *_SEQUENCE, *_ALIAS)):
                self.source.data = self.node(event, events, ())

    def node(self, event: Event, events: Iterator[Event], path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            self.refuse("YAML_006", event, stop=True, limit=MAX_DEPTH)
        anchor = self.plain(event)
        self.source.values[path] = _mark(event)
        if isinstance(event, _ALIAS):
            return self.repeat(event, str(anchor), len(path)) if self.aliases else None
        value = self.content(event, events, path)
        if anchor is not None:
            self.anchors[str(anchor)] = value
        return value

    def plain(self, event: Event) -> Any:
        """Refuse anchors and tags where they may not stand; the anchor, if any."""
        anchor = getattr(event, "anchor", None)
        if anchor is not None and not self.aliases:
            self.refuse("YAML_004", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse("YAML_005", event, tag=str(tag))
        return anchor

    def content(self, event: Event, events: Iterator[Event], path: Path) -> Any:
        if isinstance(event, _MAPPING):
            return self.mapping(events, path)
        if isinstance(event, _SEQUENCE):
            return self.sequence(events, path)
        return self.scalar(event)

    def repeat(self, event: Event, anchor: str, depth: int) -> Any:
        """A copy of what was written at the anchor; one that is still open, or later, is unknown here."""
        if anchor not in self.anchors:
            self.refuse("YAML_011", event, name=anchor)
            return None
        value = self.anchors[anchor]
        size, levels = _extent(value)
        self.repeated += size
        if self.repeated > MAX_REPEATED:
            self.refuse("YAML_012", event, stop=True, limit=f"{MAX_REPEATED:,}")
        if depth + levels > MAX_DEPTH:
            self.refuse("YAML_006", event, stop=True, limit=MAX_DEPTH)
        return copy.deepcopy(value)

    def mapping(self, events: Iterator[Event], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for event in events:
            if isinstance(event, _MAPPING_END):
                break
            if not isinstance(event, _SCALAR):
                self.refuse("YAML_008", event, stop=True)
            # keys are always words: `1: x` and `true: x` name a list value or a row, never a number
            self.plain(event)
            key = _text_of(event)
            if key in found:
                first = self.source.at(self.source.keys[*path, key].start)
                self.refuse("YAML_003", event, key=key, line=first.line)
            self.source.keys[*path, key] = _mark(event)
            value = self.node(next(events), events, (*path, key))
            if self.aliases and key == "<<" and _is_plain(event):
                merged = self.merged(event, value)
            else:
                found.setdefault(key, value)
        return {**merged, **found}

    def merged(self, event: Event, value: Any) -> dict[str, Any]:
        """What ``<<`` brings: a mapping, or several of which the first counts."""
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            self.refuse("YAML_008", event)
            return {}
        return {key: inner for part in reversed(parts) for key, inner in part.items()}

    def sequence(self, events: Iterator[Event], path: Path) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, _SEQUENCE_END):
                break
            found.append(self.node(event, events, (*path, len(found))))
        return found

    def scalar(self, event: Event) -> Any:
        text = _text_of(event)
        if getattr(event, "style", None) or not _is_plain(event):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
            return text
        if len(text) > MAX_DIGITS or abs(Decimal(text).adjusted()) > MAX_DIGITS:
            self.refuse("YAML_009", event, limit=MAX_DIGITS)
            return None
        return int(text) if _INTEGER.fullmatch(text) else Decimal(text)

    def refuse(self, code: str, event: Event, *, stop: bool = False, **params: Any) -> None:
        problem = Problem(code, params, self.source.at(event.start_mark.index))
        if stop:
            raise _Refused(problem)
        self.problems.append(problem)


def _extent(value: Any) -> tuple[int, int]:
    """How many values are in a value, itself included, and how many levels they take."""
    size, levels, level = 0, 0, [value]
    while level:
        size += len(level)
        inner = [part for one in level if isinstance(one, dict | list)
                 for part in (one.values() if isinstance(one, dict) else one)]
        level, levels = inner, levels + bool(inner)
    return size, levels


def _text_of(event: Event) -> str:
    return str(getattr(event, "value", ""))


def _is_plain(event: Event) -> bool:
    """Whether a scalar is written without quotes, so that it may be a number or a truth value."""
    implicit: Sequence[bool] = getattr(event, "implicit", None) or (False, False)
    return bool(implicit[0])


def _mark(event: Event) -> Mark:
    return Mark(event.start_mark.index, event.end_mark.index, getattr(event, "style", None))


def _syntax_problem(source: YamlText, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = source.at(min(mark.index, len(source.text))) if mark else Place(source.file)
    reason = str(error.problem or error.context or "?")
    if "'\\t'" in reason:
        return Problem("YAML_010", {}, place)
    known = (Text(vi, reason) for start, vi in _REASONS.items() if reason.startswith(start))
    return Problem("YAML_001", {"reason": next(known, reason)}, place)


def _source_offset(text: str, mark: Mark, value: str, offset: int) -> int:
    """Align the value's characters with the file's: blanks fold, all others keep their order."""
    at = mark.start
    if mark.style in ("|", ">"):
        at = (text.find("\n", at) + 1) or at
    elif mark.style in ("'", '"'):
        at += 1
    for position, character in enumerate(value):
        if not character.isspace():
            found = text.find(character, at, mark.end)
            if found < 0:
                return mark.start
            at = found
        if position >= offset:
            return at
        at += not character.isspace()
    return min(at, mark.end)
