"""Where the tables are computed: DuckDB in this process, PostgreSQL, or Spark; the same statement for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from motcua.analysis.bulk.extra import require
from motcua.errors import InputError, Problem


def facts_table(schema: pa.Schema, name: str) -> ir.Table:
    """The table of facts of that name, as Ibis sees it."""
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


@contextmanager
def as_written() -> Iterator[None]:
    """Ibis joins steps into one where it thinks that shorter, and then computes common parts again."""
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = fused


def to_sql(table: ir.Table, dialect: str) -> str:
    """The statement that computes a table."""
    with as_written():
        return str(ibis.to_sql(table, dialect=dialect, pretty=False))


class Database(Protocol):
    """A database that answers statements."""

    dialect: str

    def make(self, name: str, statement: str) -> None:
        """Make a table of what a statement gives; it lasts as long as the connection."""

    def rows(self, statement: str) -> pa.Table:
        """What a statement gives."""


class EmptyDatabase(Database, Protocol):
    """One that was opened to compute in, and takes facts."""

    def put(self, name: str, table: pa.Table) -> None:
        """Make a table of that name, likewise."""

    def close(self) -> None:
        """Forget everything."""


class DuckDB:
    """DuckDB in the memory of this process."""

    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:")
        # its search for common parts answers true for unknown where many conditions share a SELECT
        self._connection.execute("SET disabled_optimizers = 'common_subexpressions'")

    def put(self, name: str, table: pa.Table) -> None:
        """The table in DuckDB's own form, which is read faster again and again."""
        self._connection.register("given_table", table)
        self.drop(name)
        self.make(name, "SELECT * FROM given_table")
        self._connection.unregister("given_table")

    def make(self, name: str, statement: str) -> None:
        """A table of what a statement gives."""
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {statement}")

    def drop(self, name: str) -> None:
        """No table of that name any more."""
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")

    def rows(self, statement: str) -> pa.Table:
        """What a statement gives."""
        return self._connection.sql(statement).to_arrow_table()

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


@contextmanager
def open_database(backend: str) -> Iterator[EmptyDatabase]:
    """A database to compute in, closed afterwards; BULK_007 for a backend that is none."""
    makers: Mapping[str, Callable[[], EmptyDatabase]] = {"duckdb": DuckDB, "spark": _spark}
    if backend not in makers:
        raise InputError(Problem("BULK_007", {"backend": backend, "known": ", ".join(makers)}))
    database = makers[backend]()
    try:
        yield database
    finally:
        database.close()


def _spark() -> EmptyDatabase:
    require("spark")
    from motcua.analysis.bulk.spark import Spark

    return Spark()
