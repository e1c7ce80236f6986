"""Reading the small languages inside a rule file: conditions, citations, intervals, dates and values.

A `Reader` keeps every problem with its place and goes on, so that an author sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeVar

from motcua.conditions import (
    WHOLE_KINDS,
    Expression,
    Scope,
    Type,
    all_of,
    any_of,
    is_whole,
    literal,
    none_of,
    parse,
    read_value,
    requires_all,
)
from motcua.errors import MotcuaError, Place, Problem, RuleFileError
from motcua.law import ALWAYS, Citation, Interval, Sources, Text, did_you_mean
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import Path, YamlText

YES_NO: Final = Type("yes/no")
_COUNTED: Final = WHOLE_KINDS - {"money"}  # an amount may be rounded later, a date cannot move by half a day
_NAME = re.compile(r'"(?:\\.|[^"\\])*"|([^\W\d]\w*(?:\.[^\W\d]\w*)*)')
_GROUPS: Final = {"all": all_of, "any": any_of, "none": none_of}

Part = TypeVar("Part")
NameKind = Literal["fact", "derived", "decision"]
_KINDS: Final[Mapping[NameKind, Text]] = {
    "fact": Text("dữ kiện", "a fact"),
    "derived": Text("kết luận trung gian (derived)", "a derived name"),
    "decision": Text("quyết định (decisions)", "a decision"),
}


@dataclass(slots=True)
class Names:
    """What a condition at some place may use: all names with types, and the kinds allowed there."""

    scope: Scope
    kinds: Mapping[str, NameKind]
    allowed: frozenset[NameKind]
    later: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reader:
    """One rule file being read, and what is wrong with it."""

    source: YamlText
    sources: Sources
    problems: list[Problem] = field(default_factory=list)
    used_sources: set[str] = field(default_factory=set)
    paths: dict[int, Path] = field(default_factory=dict)

    def report(self, code: str, path: Path, *, at_key: bool = False, **params: Any) -> None:
        """Note a problem at ``path``."""
        self.problems.append(Problem(code, params, self.source.place(path, key=at_key)))

    def interval(self, path: Path, text: str) -> Interval:
        """``2022-01-01 .. 2025-01-05``; always, where it cannot be read."""
        try:
            return Interval.parse(text, self.source.place(path))
        except MotcuaError as error:
            self.problems.extend(error.problems)
            return ALWAYS

    def day(self, path: Path, text: str) -> date | None:
        """An ISO date."""
        try:
            return date.fromisoformat(text if len(text) == 10 else "")
        except ValueError:
            self.report("RULE_006", path, value=shown(text))
            return None

    def citation(self, path: Path, text: str | None) -> Citation | None:
        """A citation whose sources are all in the register."""
        if text is None:
            return None
        citation = Citation.parse(text)
        for key in citation.unknown_sources(self.sources):
            self.report("RULE_007", path, source=key, hint=did_you_mean(key, self.sources))
        self.used_sources.update(place.source for place in citation.places if place.source in self.sources)
        return citation

    def value(self, path: Path, type_: Type, raw: Any) -> Any:
        """A value of a type, in its canonical unit; None where it cannot be read."""
        try:
            return read_value(type_, raw)
        except MotcuaError as error:
            place = self.source.place(path)
            self.problems.extend(replace(problem, place=place) for problem in error.problems)
            return None

    def condition(self, path: Path, raw: Any, names: Names) -> Expression | None:
        """A yes/no condition: FEEL, true/false, or nested ``all``/``any``/``none``/``requires_all_of``."""
        if isinstance(raw, bool):
            return self.placed(literal(raw, YES_NO), path)
        if isinstance(raw, str):
            return self.expression(path, raw, names, YES_NO)
        if isinstance(raw, dict) and len(raw) == 1:
            word, inner = next(iter(raw.items()))
            if word == "requires_all_of":
                return self._requires_all(path, inner, names)
            if word in _GROUPS and isinstance(inner, list) and inner:
                parts = [self.condition((*path, word, i), each, names) for i, each in enumerate(inner)]
                known = [part for part in parts if part is not None]
                return self.placed(_GROUPS[word](known), path) if len(known) == len(parts) else None
        self.report("RULE_008", path, value=shown(raw))
        return None

    def expression(self, path: Path, text: str, names: Names,
                   expect: Type | None = None) -> Expression | None:
        """A FEEL expression; problems point at their character in the file."""
        if mentioned(text) & names.broken:
            return None  # what is wrong with that name is told where it is declared
        try:
            found = parse(text, names.scope, expect=expect, place=Place(self.source.file, 1, 1))
        except RuleFileError as error:
            self.problems.extend(self._located(path, text, problem) for problem in error.problems)
            return None
        self._check_names(path, text, found, names)
        return self.placed(found, path)

    def counted(self, path: Path, text: str, names: Names, expect: Type | None = None) -> Expression | None:
        """An expression whose value gets a name: days, months and counts must come out whole in every case."""
        found = self.expression(path, text, names, expect)
        if found is not None and found.type.kind in _COUNTED and not is_whole(found.tree):
            self.report("RULE_048", path, type=found.type.title)
            return None
        return found

    def placed(self, found: Part, path: Path) -> Part:
        """Remember where a part of the model stands in the file; keyed by identity, for equal parts recur."""
        self.paths[id(found)] = path
        return found

    def _requires_all(self, path: Path, inner: Any, names: Names) -> Expression | None:
        inside = (*path, "requires_all_of")
        complete = isinstance(inner, dict) and set(inner) == {"fact", "values"}
        if not complete or not isinstance(inner["values"], list):
            self.report("RULE_009", inside)
            return None
        if inner["fact"] in names.broken:
            return None
        try:
            words = [str(word) for word in inner["values"]]
            found = requires_all(str(inner["fact"]), words, names.scope, self.source.place(inside))
        except MotcuaError as error:
            self.problems.extend(error.problems)
            return None
        return self.placed(found, path)

    def _check_names(self, path: Path, text: str, found: Expression, names: Names) -> None:
        for name in sorted(found.names):
            place = self.source.place_in(path, max(text.find(name), 0))
            kind = names.kinds.get(name, "fact")
            if name in names.later:
                self.problems.append(Problem("RULE_011", {"name": name}, place))
            elif kind not in names.allowed:
                allowed = _joined([_KINDS[each] for each in _KINDS if each in names.allowed])
                params = {"name": name, "kind": _KINDS[kind], "allowed": allowed}
                self.problems.append(Problem("RULE_010", params, place))

    def _located(self, path: Path, text: str, problem: Problem) -> Problem:
        """A problem found at a line and column of the expression, moved to its character in the file."""
        at = problem.place or Place()
        lines = text.split("\n")
        line, column = at.line or 1, at.column or 1
        offset = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
        return replace(problem, place=self.source.place_in(path, min(offset, len(text))))


def mentioned(text: str) -> frozenset[str]:
    """Names that stand in a condition, before it can be parsed: everything but the words in quotes."""
    return frozenset(match.group(1) for match in _NAME.finditer(text) if match.group(1))


def _joined(texts: Iterable[Text]) -> Text:
    found = list(texts)
    return Text(" hoặc ".join(text.vi for text in found), " or ".join(text.en for text in found))
