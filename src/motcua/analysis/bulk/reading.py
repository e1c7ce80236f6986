"""Reading the facts of many cases for both sides of a comparison: what is read, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pyarrow as pa

from motcua.analysis.bulk.databases import Database, EmptyDatabase
from motcua.analysis.bulk.facts import ROW, Column, FactReader, Facts, Gathering, Key
from motcua.analysis.bulk.report import Progress, Source, Unreadable
from motcua.errors import InputError, Place, Problem
from motcua.law import did_you_mean, fold
from motcua.procedures import Procedure

#: Cases read between two calls of the progress.
STEP: Final = 2_000
MAX_PROBLEMS: Final = 100


class FactTable(Protocol):
    """The table of facts, wherever it lies."""

    @property
    def database(self) -> Database:
        """Where it is compared."""

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""

    @property
    def columns(self) -> Mapping[Key, Column]:
        """The columns of each fact."""

    @property
    def apart(self) -> Mapping[int, tuple[Mapping[str, Any], ...]]:
        """The canonical facts, for each procedure, of cases that are not in the table."""

    def rows(self) -> list[int]:
        """The numbers of the cases in the table."""

    def of_rows(self, rows: Sequence[int]) -> dict[int, tuple[Mapping[str, Any], ...]]:
        """The canonical facts of some of them, for each procedure."""

    def put(self) -> None:
        """Have it in the database, named ``facts``."""

    def without_large(self, limit: int) -> FactTable:
        """The same with cases apart that have a number (in its scale) of ``limit`` or more; all with 0."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What was read: a table of facts, the code of each case by its number there, and what could not be read."""

    table: FactTable
    codes: Sequence[str]
    compared: int
    without_facts: int
    ignored: Mapping[str, int]
    unreadable: tuple[Unreadable, ...]


class ArrowTable:
    """A table of facts in this process."""

    def __init__(self, facts: Facts, sides: Sequence[Procedure], database: EmptyDatabase) -> None:
        self._facts = facts
        self._sides = sides
        self.database = database
        self.schema = facts.table.schema
        self.columns = facts.columns
        self.apart = facts.apart

    def rows(self) -> list[int]:
        """The numbers of the cases in the table."""
        numbers: list[int] = self._facts.table[ROW].to_pylist()
        return numbers

    def of_rows(self, rows: Sequence[int]) -> dict[int, tuple[Mapping[str, Any], ...]]:
        """The canonical facts of some cases."""
        wanted = set(rows)
        places = {row: place for place, row in enumerate(self.rows()) if row in wanted}
        return {row: tuple(self._facts.of_case(place, each) for each in self._sides) for row, place in places.items()}

    def put(self) -> None:
        """Have it in the database, named ``facts``."""
        self.database.put("facts", self._facts.table)

    def without_large(self, limit: int) -> ArrowTable:
        """The same with cases apart that have a large number."""
        return ArrowTable(self._facts.without_large(self._sides, limit), self._sides, self.database)


class BothReaders:
    """Reads the facts of a case for both procedures; once where they read alike."""

    def __init__(self, sides: Sequence[Procedure]) -> None:
        self._sides = sides
        self._readers = [FactReader(each) for each in sides]
        self._is_one = _shape(sides[0]) == _shape(sides[1])

    def read(self, raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Canonical facts, before and after; InputError with every problem of the first that cannot."""
        first = self._readers[0].read(raw)
        return first, first if self._is_one else self._readers[1].read(raw)

    @property
    def ignored(self) -> dict[str, int]:
        """Facts that neither has, and in how many cases they are given."""
        return {name: count for name, count in sorted(self._readers[0].ignored.items())
                if all(name not in each.facts for each in self._sides)}


def _shape(procedure: Procedure) -> dict[str, tuple[Any, ...]]:
    return {fact.id: (fact.type, fact.min, fact.max) for fact in procedure.facts.values()}


def read_cases(sides: Sequence[Procedure], source: Source, database: EmptyDatabase, progress: Progress) -> Cases:
    """Read all cases of a source, to be compared in a database.

    Raises:
        InputError: BULK_005, a column of a table is no fact; every bad cell of a table, with its place.
    """
    readers, gathering = BothReaders(sides), Gathering(sides)
    codes: list[str] = []
    unreadable: list[Unreadable] = []
    without_facts = 0
    file: str | None = None
    for done, (code, place, raw) in enumerate(source.rows()):
        if done % STEP == 0:
            progress(done, source.total)
        file = place.file if place is not None and file is None else file
        if raw is None:
            without_facts += 1
            continue
        try:
            gathering.add(len(codes), *readers.read(raw))
            codes.append(code)
        except InputError as error:
            unreadable.append(Unreadable(code, tuple(placed(each, place, code) for each in error.problems)))
            if source.is_table and len(unreadable) >= MAX_PROBLEMS:
                break
    if source.is_table:
        _refuse(sides, readers.ignored, unreadable, file)
    total = len(codes) + len(unreadable) + without_facts
    progress(total, total)
    table = ArrowTable(gathering.facts(), sides, database)
    return Cases(table, codes, len(codes), without_facts, readers.ignored, tuple(unreadable))


def placed(problem: Problem, place: Place | None, code: str) -> Problem:
    """A problem of a fact, with the place of its case."""
    where = place or Place(file=code)
    field = problem.place.field if problem.place else None
    return Problem(problem.code, problem.params, Place(where.file, where.line, None, field), problem.severity)


def _meant(column: str, sides: Sequence[Procedure]) -> str:
    """The id of the one fact that has the column's name as its title, or but for case; else the name itself."""
    said = fold(column)
    named = {fact.id for each in sides for fact in each.facts.values()
             if said in (fold(fact.id), fold(fact.title.vi), fold(fact.title.en))}
    return named.pop() if len(named) == 1 else column


def _refuse(sides: Sequence[Procedure], ignored: Mapping[str, int], unreadable: Sequence[Unreadable],
            file: str | None) -> None:
    problems = [Problem("BULK_005", {"name": name, "hint": did_you_mean(_meant(name, sides), sides[0].facts)},
                        Place(file, field=name)) for name in ignored]
    problems += [problem for each in unreadable for problem in each.problems]
    if problems:
        raise InputError(problems[:MAX_PROBLEMS])
