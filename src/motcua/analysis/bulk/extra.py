"""Ibis and DuckDB are an extra: whoever asks for SQL without them is told what to install."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from motcua.errors import MotcuaError, Problem

_NEEDED: Final = {"analysis": ("ibis", "duckdb", "pyarrow"), "spark": ("ibis", "pyspark", "pyarrow"),
                  "postgres": ("ibis", "psycopg2", "pyarrow")}


def is_installed(extra: str = "analysis") -> bool:
    """Whether all that an extra brings is there; imports none of it."""
    return all(find_spec(name) is not None for name in _NEEDED[extra])


def require(extra: str = "analysis") -> None:
    """BULK_001 where something is missing."""
    for name in _NEEDED[extra]:
        if find_spec(name) is None:
            raise MotcuaError(Problem("BULK_001", {"package": name, "extra": f"motcua[{extra}]"}))
