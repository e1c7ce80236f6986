"""The exceptions of motcua, and the catalogue of what they say.

A `Problem` is one thing that is wrong: a code, its values and its place. The wording of each code, in
Vietnamese and English, lives in ``locale/problems/<package>.yaml``, so that code, pages, API and
documentation say the same. Every exception carries *all* problems found::

    MotcuaError
    ├── RuleFileError        a rule, source or scenario file is wrong
    ├── FormError            a form file is wrong
    ├── InputError           what came from outside (facts, submission, arguments) is wrong
    ├── RuleFault            the law as written contradicts itself for this case
    ├── EngineDisagreement   the engine and the second opinion differ: no answer is given
    └── StoreError           the database cannot do what was asked
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ruamel.yaml import YAML

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file position (1-based), and the field in the words of its format."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    source_line: str | None = None

    def __str__(self) -> str:
        position = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return " ".join(part for part in (position, f"[{self.field}]" if self.field else "") if part)

    def caret(self) -> str:
        """The source line with a caret under the column, or nothing where the line is not known."""
        if self.source_line is None or self.column is None:
            return ""
        before = "".join("\t" if char == "\t" else " " for char in self.source_line[: self.column - 1])
        return f"    {self.source_line}\n    {before}^"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, by its code in the catalogue.

    ``params`` fill the wording; a parameter with a method ``get(lang)`` is shown in the reader's language.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    severity: Severity = "error"

    def message(self, lang: str = "vi") -> str:
        """Say what is wrong and what to do, in ``lang`` ("vi" or "en")."""
        wording: str = catalogue()[self.code][lang]
        return wording.format_map({name: _shown(value, lang) for name, value in self.params.items()})

    def format(self) -> str:
        """The problem in both languages with its place and caret, for terminals and logs."""
        place = f"{self.place}: " if self.place and str(self.place) else ""
        lines = [f"{place}{self.severity} {self.code}: {self.message('vi')}", f"    {self.message('en')}"]
        caret = self.place.caret() if self.place else ""
        return "\n".join([*lines, caret] if caret else lines)

    def to_json(self) -> dict[str, Any]:
        """The problem as the API shows it."""
        place = self.place or Place()
        shown = {"file": place.file, "line": place.line, "column": place.column, "field": place.field}
        wording = {"vi": self.message("vi"), "en": self.message("en")}
        return {"code": self.code, "severity": self.severity, **wording,
                **{name: value for name, value in shown.items() if value is not None}}


def _shown(value: Any, lang: str) -> Any:
    in_language = getattr(value, "get", None)
    return in_language(lang) if callable(in_language) and not isinstance(value, Mapping) else value


class MotcuaError(Exception):
    """Base of all: carries every problem found, in the order found."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.format() for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        # by its problems, whatever arguments a subclass is made from: workers hand errors to each other
        return _again, (type(self), self.problems), vars(self)


def _again(kind: type[MotcuaError], problems: tuple[Problem, ...]) -> MotcuaError:
    error = kind.__new__(kind)
    MotcuaError.__init__(error, problems)
    return error


class RuleFileError(MotcuaError):
    """A rule, source or scenario file is wrong."""


class FormError(MotcuaError):
    """A form file is wrong."""


class InputError(MotcuaError, ValueError):
    """Facts, a submission or arguments from outside are wrong."""


class RuleFault(MotcuaError):
    """The law as written contradicts itself for this case, e.g. two rows give different values."""


class EngineDisagreement(MotcuaError):
    """The rules engine and the evaluator differ; neither answer is given."""


class StoreError(MotcuaError):
    """The database cannot do what was asked."""


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every problem code with its name and its wording, from all files of ``locale/problems``."""
    entries: dict[str, Mapping[str, str]] = {}
    folder = files("motcua") / "locale" / "problems"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            entries.update(YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")) or {})
    return entries


def closest(word: str, words: Iterable[str]) -> str | None:
    """The nearest known word, for "did you mean", or None when nothing is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return near[0] if near else None
