"""The same facts under two laws, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.web.site.assessments import OUTCOMES, ShownAssessment, ShownDecision
from motcua.web.site.languages import _
from motcua.web.site.templating import show_day


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

    @property
    def alike(self) -> tuple[Line, ...]:
        """The lines in which they say the same."""
        return tuple(line for line in self.lines if not line.differs)


#: What stands where one law says nothing of a thing the other speaks of.
NOT_ASKED, NOT_NEEDED, NO_VALUE = Cell(_("not asked")), Cell(_("not needed")), Cell(_("no value"))


def compare(left: ShownAssessment, right: ShownAssessment) -> Comparison:
    """Put two assessments of the same facts beside each other, line by line."""
    assert left.law_date is not None
    assert right.law_date is not None
    outcome = Line(_("Outcome"), "", *(Cell(OUTCOMES[each.outcome][1], each.colour) for each in (left, right)))
    clause = Line(_("Transitional clause"), "", *(Cell(text=each.transitional or "–") for each in (left, right)))
    clauses = [clause] if left.transitional or right.transitional else []
    lines = [outcome, *clauses, *_findings(left, right), *_documents(left, right), *_decisions(left, right)]
    return Comparison(left.law_date, right.law_date, tuple(lines))


def _findings(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    def cells(shown: ShownAssessment, other: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        wordings = {each.id: each.text for each in other.findings}
        # a requirement whose wording changed shows each wording in its own column
        return {each.id: (each.text, Cell(each.word, each.colour, citation=each.citation,
                                          text="" if wordings.get(each.id, each.text) == each.text else each.text))
                for each in shown.findings}

    return _lines(_("Requirement"), cells(left, right), cells(right, left), NOT_ASKED)


def _documents(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    words = {"needed": (_("needed"), "good"), "unknown": (_("may be needed"), "open")}

    def cells(shown: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        return {each.id: (each.text, Cell(*words[each.state], text=" · ".join(filter(None, (each.copies, each.form))),
                                          citation=each.citation))
                for each in shown.documents if each.state in words}

    return _lines(_("Document"), cells(left), cells(right), NOT_NEEDED)


def _decisions(left: ShownAssessment, right: ShownAssessment) -> list[Line]:
    def cells(shown: ShownAssessment) -> dict[str, tuple[str, Cell]]:
        return {each.id: (each.title, Cell(text=_decided(each), citation=each.citation)) for each in shown.decisions}

    return _lines(_("Decision"), cells(left), cells(right), NO_VALUE)


def _decided(decision: ShownDecision) -> str:
    return f"{decision.value} → {show_day(decision.due)}" if decision.due else decision.value


def _lines(kind: Any, left: dict[str, tuple[str, Cell]], right: dict[str, tuple[str, Cell]],
           absent: Cell) -> list[Line]:
    ids = [*left, *(name for name in right if name not in left)]
    return [Line(kind, (left.get(name) or right[name])[0], left.get(name, ("", absent))[1],
                 right.get(name, ("", absent))[1]) for name in ids]
