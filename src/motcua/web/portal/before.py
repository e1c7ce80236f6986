"""What "Before you start" shows of a law version: conditions, documents, decisions, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from motcua.conditions import Expression, Type, describe, evaluate, show_value
from motcua.law import Citation, Text
from motcua.procedures import Decision, Grid, LawVersion, Procedure, Row
from motcua.web.site.days import period

if TYPE_CHECKING:
    from motcua.conditions import Value

_ABOVE, _UP_TO = Text("Trên {low}", "Over {low}"), Text("Đến {high}", "Up to {high}")
_BETWEEN = Text("Trên {low} đến {high}", "Over {low} up to {high}")


@dataclass(frozen=True, slots=True)
class Point:
    """One requirement or document: its text, when it holds ("" = always), what it rests on."""

    text: str
    when: str
    citation: str
    copies: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of a decision: heads of the columns, and lines of a head with its cells."""

    corner: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of a decision: the value (or a table), when it holds ("" = always), its citation."""

    value: str
    when: str
    citation: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A decision with its possible answers."""

    id: str
    title: str
    note: str
    starts: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The whole page for one day and language."""

    applies: Point | None
    is_carried_out: bool
    requirements: tuple[Point, ...]
    documents: tuple[Point, ...]
    decisions: tuple[Question, ...]
    period: str


class Presenter:
    """Puts a law version into words of ``lang`` as of ``day``."""

    def __init__(self, version: LawVersion, day: date, lang: str) -> None:
        self.version = version
        self.procedure: Procedure = version.procedure
        self.day = day
        self.lang = lang

    def before(self) -> Before:
        """Everything the page shows."""
        version = self.version
        applies = version.applies
        return Before(
            applies=self._point(applies.title, None, applies.citation) if applies else None,
            # false whatever the facts: a text has put the procedure to rest
            is_carried_out=applies is None or evaluate(applies.when, {}) is not False,
            requirements=tuple(self._point(each.title, each.when, each.citation) for each in version.requirements),
            documents=tuple(self._document(each) for each in version.documents),
            decisions=tuple(self._question(each) for each in version.decisions.values() if each.rows),
            period=period(version.interval, self.lang))

    def words(self, expression: Expression | None) -> str:
        """A condition in plain words; nothing for "always"."""
        if expression is None:
            return ""
        return describe(expression, self.lang, self.procedure.titles, self.procedure.labels)

    def citation(self, citation: Citation | None) -> str:
        """The places in force on the day."""
        if citation is None:
            return ""
        sources = self.procedure.sources
        return citation.on(self.day, sources).show(self.lang, sources)

    def value(self, type_: Type, value: Value | None) -> str:
        """A value as people read it."""
        return show_value(type_, value, self.lang, self.procedure.labels)

    def _point(self, title: Text, when: Expression | None, citation: Citation | None) -> Point:
        return Point(title.get(self.lang), self.words(when), self.citation(citation))

    def _document(self, document: Any) -> Point:
        point = self._point(document.title, document.when, document.citation)
        form = document.form.get(self.lang) if document.form else ""
        return Point(point.text, point.when, point.citation, document.copies.get(self.lang), form)

    def _question(self, decision: Decision) -> Question:
        starts = decision.starts
        if starts is None and decision.starts_from and decision.starts_from != self.procedure.law_at:
            starts = self.procedure.titles[decision.starts_from]
        return Question(decision.id, decision.title.get(self.lang),
                        decision.note.get(self.lang) if decision.note else "",
                        starts.get(self.lang) if starts else "",
                        tuple(self._answer(decision, row) for row in decision.rows))

    def _answer(self, decision: Decision, row: Row) -> Answer:
        when, citation = self.words(row.when), self.citation(row.citation)
        if isinstance(row.then, Grid):
            return Answer("", when, citation, self._table(decision, row.then))
        if row.then.names:
            return Answer(self.words(row.then), when, citation)
        return Answer(self.value(decision.type, evaluate(row.then, {})), when, citation)

    def _table(self, decision: Decision, grid: Grid) -> Table:
        down, across = self.procedure.types[grid.down], self.procedure.types[grid.across]
        heads = tuple(self.value(across, column) for column in grid.columns)
        lines = tuple((self._span(down, grid, index), tuple(self.value(decision.type, cell) for cell in cells))
                      for index, cells in enumerate(grid.cells))
        return Table(self.procedure.titles[grid.down].get(self.lang), heads, lines)

    def _span(self, type_: Type, grid: Grid, index: int) -> str:
        low = self.value(type_, grid.bounds[index - 1]) if index else ""
        high = self.value(type_, grid.bounds[index]) if index < len(grid.bounds) else ""
        wording = _BETWEEN if low and high else _UP_TO if high else _ABOVE
        return wording.get(self.lang).format(low=low, high=high)
