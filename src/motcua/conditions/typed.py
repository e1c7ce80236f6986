"""What the checker works with: typed nodes with their place in the text, and the problems found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from motcua.conditions.tree import MAX_DEPTH, Lit, Node
from motcua.conditions.types import TEXT, YES_NO, Type, same_kind
from motcua.conditions.units import CANONICAL_UNITS, QUANTITIES, canonical_unit
from motcua.errors import Place, Problem
from motcua.law import did_you_mean

MAX_SIZE = 20_000
MAX_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Typed:
    """A node with its type, the offset of its text, and what bounds its cost.

    ``type`` is None for an operand that is wrong: its problem is reported, so nothing more is said of it.
    ``months`` tells that a date already has a term of months added.
    """

    node: Node
    type: Type | None
    at: int
    depth: int = 1
    size: int = 1
    months: bool = False


class TooLargeError(Exception):
    """The expression costs more than the language allows; its text is not looked at any further."""


@dataclass(slots=True)
class Findings:
    """The problems of one text, each once, with their places in the file."""

    text: str
    place: Place | None
    problems: list[Problem] = field(default_factory=list)
    work: int = 0

    def problem(self, code: str, at: int, **params: Any) -> None:
        """Report a problem at an offset of the text."""
        found = Problem(code, params, self.place_of(at))
        if not any((known.code, known.place) == (found.code, found.place) for known in self.problems):
            self.problems.append(found)

    def place_of(self, at: int) -> Place:
        """The place in the file of an offset in the text; exact where the text stands on one line."""
        before = self.text[:at]
        row, column = before.count("\n"), at - (before.rfind("\n") + 1)
        place = self.place or Place()
        line = self.text.split("\n")[row]
        if place.source_line is not None and row == 0 and place.column is not None:
            start = place.source_line.find(line, max(place.column - 1, 0))
            start = place.column - 1 if start < 0 else start
            return replace(place, column=start + column + 1)
        first = (place.column or 1) if row == 0 else 1
        shown = " " * (first - 1) + line if len(line) <= MAX_SHOWN else None
        return replace(place, line=(place.line or 1) + row, column=first + column, source_line=shown)

    def make(self, node: Node, type_: Type | None, at: int, *parts: Typed, months: bool = False) -> Typed:
        """A typed node over ``parts``; its depth and size stay within bounds."""
        depth = 1 + max((part.depth for part in parts), default=0)
        size = 1 + sum(part.size for part in parts)
        self.spend(1)
        if depth > MAX_DEPTH or size > MAX_SIZE:
            self.problem("COND_004", at, depth=MAX_DEPTH)
            raise TooLargeError
        return Typed(node, type_, at, depth, size, months)

    def spend(self, work: int) -> None:
        """Count work, so that no text, however devised, costs more than a bounded time."""
        self.work += work
        if self.work > MAX_SIZE:
            self.problem("COND_004", 0, depth=MAX_DEPTH)
            raise TooLargeError

    def bad(self, at: int) -> Typed:
        """What stands for an operand whose problem has been reported."""
        return Typed(Lit(False, YES_NO), None, at)

    def fit(self, operand: Typed, wanted: Type) -> Typed:
        """The operand as a value of ``wanted``: words of the list, and 0 of any unit, take its type."""
        if operand.type is None or same_kind(operand.type, wanted):
            return operand
        match operand.node:
            case Lit(str() as word) if wanted.kind == "one of" and operand.type == TEXT:
                return self._word(operand, word, wanted)
            case Lit(0) if wanted.kind in QUANTITIES and operand.type.kind in ("number", "integer"):
                return replace(operand, node=Lit(0, quantity(wanted.kind)), type=quantity(wanted.kind))
        return operand

    def _word(self, operand: Typed, word: str, wanted: Type) -> Typed:
        if word not in wanted.values:
            hint = did_you_mean(word, wanted.values)
            self.problem("COND_104", operand.at, value=word, list=wanted.list, hint=hint)
            return self.bad(operand.at)
        enumeration = Type("one of", None, wanted.list, wanted.values)
        return replace(operand, node=Lit(word, enumeration), type=enumeration)


def quantity(kind: str) -> Type:
    """The type of computed values of a kind of number, in its canonical unit."""
    return Type(kind, CANONICAL_UNITS[kind]) if kind in CANONICAL_UNITS and kind != "number" else Type("number")


def unit_examples(type_: Type) -> Mapping[str, Any]:
    """Parameters that show how to write a quantity of ``type_``."""
    unit = type_.unit or canonical_unit(type_.kind).shown.en
    return {"unit": unit, "type": type_.title}
