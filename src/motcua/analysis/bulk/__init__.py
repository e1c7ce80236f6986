"""All cases at once, in SQL: a law version compiled through Ibis for DuckDB, PostgreSQL or Spark.

In: a procedure and the facts of many cases. Out: the reader "sql", whose assessments are those of the other readers;
and `impact`, what a draft of the law would change for every stored dossier. NULL is unknown, in Kleene's logic; numbers are
whole and exact. ``plan`` says what is computed of each row, ``lowering`` gets it from the law, ``emission`` writes it as Ibis
tables, ``facts`` reads cases into a typed table, ``databases`` run the statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from motcua.analysis.bulk.extra import is_installed, require
from motcua.errors import MotcuaError

if TYPE_CHECKING:
    from motcua.analysis.bulk.reader import SqlReader
    from motcua.procedures import Procedure

__all__ = ["is_installed", "require", "sql_reader"]


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


sql_reader = _Lazily()
