"""All cases at once, in SQL: a law version compiled through Ibis for DuckDB, PostgreSQL or Spark.

In: a procedure and the facts of many cases. Out: the reader "sql", whose assessments are those of the other readers;
and `impact`, what a draft of the law would change for every stored dossier. NULL is unknown, in Kleene's logic;
numbers are whole and exact. ``plan`` says what is computed of each row, ``lowering`` gets it from the law,
``emission`` writes it as Ibis tables, ``facts`` reads cases into a typed table, ``databases`` run the statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motcua.analysis.bulk.extra import is_installed, require
from motcua.analysis.bulk.report import Flip, Impact, Progress, Source, Unreadable
from motcua.errors import MotcuaError

if TYPE_CHECKING:
    from motcua.analysis.bulk.reader import SqlReader
    from motcua.analysis.bulk.sources import FactsFile
    from motcua.engine import Assessment
    from motcua.procedures import Procedure

__all__ = [
    "Flip", "Impact", "Progress", "Source", "Unreadable", "assess_table", "facts_file", "impact", "is_installed",
    "require", "sql_reader",
]


def assess_table(procedure: Procedure, table: Any, on: date | None = None) -> Any:
    """The answers for each row of an Ibis table whose columns are facts, as a further Ibis table.

    Columns are typed: boolean, string, date, int64 or decimal (in the canonical unit of the fact), array of string for
    a list; NULL is unknown, a fact without a column too. Other columns are kept. New ones: ``outcome``,
    ``requirement.ID``, ``document.ID``, ``decision.ID`` and ``row.ID``. ``on``: the law date of every row.

    Raises:
        InputError: BULK_010, a column cannot hold the fact.
        MotcuaError: BULK_001, Ibis is not installed.
    """
    require()
    from motcua.analysis.bulk import tables

    return tables.assess_table(procedure, table, on)


def facts_file(path: Path | str, *procedures: Procedure) -> FactsFile:
    """The cases of a CSV or Parquet file, a column for each fact of ``procedures``; a source for `impact`."""
    require()
    from motcua.analysis.bulk.sources import FactsFile

    return FactsFile(path, *procedures)


def impact(procedure: Procedure, draft: Procedure, source: Source, *, on: date | None = None, backend: str = "duckdb",
           sample: int = 200, progress: Progress | None = None) -> Impact:
    """What comes out otherwise under ``draft`` than under ``procedure``, for all cases of a source.

    ``on``: as if each case were received on that day. ``backend``: "duckdb" (in this process), "spark", or "postgres",
    where the source lies there. Of the cases, ``sample`` chosen at random (the same in each run) and as many of those
    that change are given to the engine of record as well. ``progress`` is told how many of how many cases have been
    read.

    Raises:
        InputError: BULK_004 to 006, the draft is of another procedure; a table cannot be read or has columns that are
            no facts; COND_2xx and FACT_00x with the place of each bad cell of a table; BULK_007 and 009, no such
            backend here.
        EngineDisagreement: BULK_008, a sampled case comes out otherwise in the engine; nothing is answered.
        MotcuaError: BULK_001, what the backend needs is not installed.
    """
    require()
    from motcua.analysis.bulk import impacts

    return impacts.impact(procedure, draft, source, on=on, backend=backend, sample=sample, progress=progress)


class _Lazily:
    """The reader "sql"; Ibis and DuckDB are loaded when it is first asked."""

    def __init__(self) -> None:
        self._reader: SqlReader | None = None

    @property
    def _made(self) -> SqlReader:
        if self._reader is None:
            require()
            from motcua.analysis.bulk.reader import SqlReader

            self._reader = SqlReader()
        return self._reader

    def __call__(self, procedure: Procedure, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """The assessment of canonical facts as JSON."""
        return self._made(procedure, facts)

    def many(self, procedure: Procedure, cases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | MotcuaError]:
        """The assessment of each case, or why there is none."""
        return self._made.many(procedure, cases)

    def assessments(self, procedure: Procedure, cases: Sequence[Mapping[str, Any]], on: date | None = None
                    ) -> list[Assessment | MotcuaError]:
        """The same as `motcua.engine.Assessment`; ``on`` is the law date of cases whose facts do not tell it."""
        return self._made.assessments(procedure, cases, on)


sql_reader = _Lazily()
