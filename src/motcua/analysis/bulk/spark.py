"""Spark, for tables that one machine does not hold: the same statements, in Spark's own words."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet


class Spark:
    """The session of this process (`spark-submit` made it), or a local one that is stopped at the end."""

    dialect = "pyspark"

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        running = SparkSession.getActiveSession()
        self._is_ours = running is None
        self._session = running or (
            SparkSession.builder.master("local[*]").appName("motcua").config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "8").config("spark.sql.ansi.enabled", "true").getOrCreate())
        self._folder = tempfile.TemporaryDirectory(prefix="motcua-spark-")
        self._views: set[str] = set()

    def put(self, name: str, table: pa.Table) -> None:
        """A view of the table, through a file of its own."""
        path = Path(self._folder.name) / f"{name}-{len(list(Path(self._folder.name).iterdir()))}.parquet"
        parquet.write_table(table, path)
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)
        self._views.add(name)

    def make(self, name: str, statement: str) -> None:
        """A view of what a statement gives, computed once."""
        self._session.sql(statement).persist().createOrReplaceTempView(name)
        self._views.add(name)

    def rows(self, statement: str) -> pa.Table:
        """What a statement gives."""
        return self._session.sql(statement).toArrow()

    def close(self) -> None:
        """Forget the views, and stop the session if it is ours."""
        for name in self._views:
            self._session.catalog.dropTempView(name)
        if self._is_ours:
            self._session.stop()
        self._folder.cleanup()
