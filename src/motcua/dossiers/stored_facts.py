"""The facts of all dossiers in SQL, for questions about many of them at once.

A row holds the facts of a dossier as its last receipt has them: JSON in the facts' units, the same text. It is written
when a receipt is made and not again when the dossier moves on, so commits stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ZODB.utils import z64

from motcua.dossiers.dossier import Dossier, read_exact
from motcua.errors import Place
from motcua.store import Projection, ReadModel

#: Rows fetched at a time.
FETCHED = 2_000

table = sa.Table(
    "dossier_facts", sa.MetaData(),
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("serial", sa.BigInteger, nullable=False),
    sa.Column("procedure", sa.String, nullable=False),
    sa.Column("facts", sa.Text),  # null where the rules were never asked
)
sa.Index("dossier_facts_by_procedure", table.c.procedure, table.c.code)


def row(dossier: Dossier) -> Mapping[str, Any]:
    """The row of a dossier, all columns but ``serial``."""
    facts = dossier.receipts[-1].facts_json.read().decode("utf-8") if dossier.receipts else None
    # SQL takes no NUL; facts have none (COND_217), but one row that cannot be written would stop all behind it
    return {"code": dossier.code, "procedure": dossier.procedure,
            "facts": facts and facts.replace("\\u0000", " ").replace("\0", " ")}


def has_new_facts(dossier: Dossier) -> bool:
    """Whether its last receipt, or the dossier itself, is new in the transaction under way."""
    newest = dossier.receipts[-1] if dossier.receipts else dossier
    return bool(newest._p_serial == z64)


FACTS = Projection(Dossier, table, row, objects=lambda root: root["dossiers"].values(),
                   find=lambda root, code: root["dossiers"].get(code), is_touched=has_new_facts)


class StoredFacts:
    """The facts of all dossiers of a procedure, as a source of `motcua.analysis.bulk.impact`."""

    is_table = False

    def __init__(self, read_model: ReadModel, procedure: str) -> None:
        self._read_model = read_model
        self._procedure = procedure

    @property
    def total(self) -> int:
        """How many dossiers there are."""
        query = sa.select(sa.func.count()).select_from(table).where(table.c.procedure == self._procedure)
        with self._read_model.engine.connect() as sql:
            return int(sql.execute(query).scalar_one())

    def rows(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        """Each dossier by code: its facts as JSON values, or None."""
        of_procedure = table.c.procedure == self._procedure
        query = sa.select(table.c.code, table.c.facts).where(of_procedure).order_by(table.c.code)
        with self._read_model.engine.connect() as sql:
            found = sql.execution_options(stream_results=True, max_row_buffer=FETCHED).execute(query)
            for code, facts in found:
                yield code, None, None if facts is None else read_exact(facts)

    @property
    def postgres(self) -> PostgresFacts | None:
        """The same where they lie, if that is PostgreSQL."""
        if self._read_model.engine.dialect.name != "postgresql":
            return None
        return PostgresFacts(self._read_model.engine, self._procedure)


class PostgresFacts:
    """Where the facts lie in PostgreSQL: a connection, and the statement that selects ``code`` and ``facts``."""

    def __init__(self, engine: sa.Engine, procedure: str) -> None:
        self._engine = engine
        self.procedure = procedure
        self.statement = "SELECT code, facts FROM dossier_facts WHERE procedure = %s"

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection of the driver; what it makes is temporary, and nothing is committed."""
        connection = self._engine.raw_connection()
        try:
            yield connection.driver_connection
        finally:
            connection.rollback()
            connection.close()


def stored_facts(read_model: ReadModel, procedure: str) -> StoredFacts:
    """The facts of all dossiers of a procedure, brought up to date."""
    read_model.refresh()
    return StoredFacts(read_model, procedure)
