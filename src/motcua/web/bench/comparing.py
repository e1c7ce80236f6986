"""The same facts under two laws, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.web.site.assessments import OUTCOMES, ShownAssessment
from motcua.web.site.languages import _


@dataclass(frozen=True, slots=True)
class Cell:
    """What one law says of a thing: a coloured word, or plain text; ``None`` parts are not there."""

    word: Any = None
    colour: str = "quiet"
    text: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing under both laws."""

    kind: Any
    title: str
    left: Cell
    right: Cell

    @property
    def differs(self) -> bool:
        """Whether the laws say different things of it (the citation apart)."""
        return (self.left.word, self.left.text) != (self.right.word, self.right.text)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments of one case."""

    left_day: date
    right_day: date
    lines: tuple[Line, ...]

    @property
    def differing(self) -> tuple[Line, ...]:
        """The lines in which the laws differ."""
        return tuple(line for line in self.lines if line.differs)


ABSENT = Cell(_("not asked"), "quiet")


def compare(left: ShownAssessment, right: ShownAssessment) -> Comparison:
    """Put two assessments of the same facts beside each other, line by line."""
    assert left.law_date is not None
    assert right.law_date is not None
    outcome = Line(_("Outcome"), "", *(Cell(OUTCOMES[each.outcome][1], each.colour) for each in (left, right)))
    lines = [outcome, *_findings(left, right), *_documents(left, right), *_decisions(left, right)]
    return Comparison(left.law_date, right.law_date, tuple(lines))


def _findings(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    def cells(shown: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        return {each.id: (each.text, Cell(each.word, each.colour, citation=each.citation)) for each in shown.findings}

    return _lines(_("Requirement"), cells(left), cells(right))


def _documents(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    words = {"needed": (_("needed"), "good"), "unknown": (_("may be needed"), "open")}

    def cells(shown: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        return {each.id: (each.text, Cell(*words[each.state], text=" · ".join(filter(None, (each.copies, each.form))),
                                          citation=each.citation))
                for each in shown.documents if each.state in words}

    return _lines(_("Document"), cells(left), cells(right))


def _decisions(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    def cells(shown: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        return {each.id: (each.title, Cell(text=each.value, citation=each.citation)) for each in shown.decisions}

    return _lines(_("Decision"), cells(left), cells(right))


def _lines(kind: Any, left: dict[str, tuple[str, Cell]], right: dict[str, tuple[str, Cell]]) -> list[Line]:
    ids = [*left, *(name for name in right if name not in left)]
    return [Line(kind, (left.get(name) or right[name])[0], left.get(name, ("", ABSENT))[1],
                 right.get(name, ("", ABSENT))[1]) for name in ids]
