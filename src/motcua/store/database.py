"""The opened database: the record (ZODB) and its lists (SQL) in one hand."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeVar

from ZODB import DB
from ZODB.Connection import Connection

from motcua.errors import Problem, StoreError
from motcua.store.opening import Opening, read_uri
from motcua.store.read_model import ReadModel, lists_engine
from motcua.store.schema import Schema, evolve, root_of
from motcua.store.transactions import run_in_transaction

Result = TypeVar("Result")


class Database:
    """One opened database. ``db`` is the ZODB, ``read_model`` the lists; close it when done."""

    def __init__(self, db: DB, read_model: ReadModel, opening: Opening) -> None:
        self.db = db
        self.read_model = read_model
        self.opening = opening

    def run(
        self, work: Callable[[Connection], Result], attempts: int = 10, note: str | None = None
    ) -> Result:
        """`run_in_transaction` on this database."""
        return run_in_transaction(self.db, work, attempts, note)

    def close(self) -> None:
        """Close lists and record; what was committed stays."""
        self.read_model.close()
        self.db.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def open_zodb(
    opening: Opening, *, name: str = "unnamed", databases: MutableMapping[str, Any] | None = None
) -> DB:
    """The bare ZODB, not evolved; ``databases`` is ZODB's map of named databases (pyramid_zodbconn).

    StoreError STORE_008 where it cannot be opened: in use by another process, no right, no server.
    """
    try:
        with opening.alone():
            return DB(opening.storage(), cache_size=opening.cache_size, pool_size=opening.pool_size,
                      database_name=name, databases=databases)
    except Exception as error:  # each storage and driver has errors of its own; all mean this
        raise StoreError(Problem("STORE_008", {"scheme": opening.scheme, "why": str(error)})) from error


def open_database(uri: str | None = None, *, data_dir: Path | str | None = None, schema: Schema | None = None,
                  lists: str | None = None) -> Database:
    """Open (or make) the database at ``uri``, run missing evolution steps, and bring its lists up to date.

    ``uri`` None or empty: SQLite in ``data_dir``. ``lists`` is the SQLAlchemy URL of the lists where they
    shall not lie beside the record. StoreError for all that can be wrong; see `motcua.store.opening`.
    """
    opening = read_uri(uri or None, Path(data_dir) if data_dir else None)
    return furnish(open_zodb(opening), opening, schema or Schema(), lists)


def furnish(db: DB, opening: Opening, schema: Schema, lists: str | None = None) -> Database:
    """Make an opened ZODB ours: evolved, with lists. On any error it is closed again."""
    try:
        evolve(db, schema)
        identity = run_in_transaction(db, lambda connection: str(root_of(connection)["identity"]))
        read_model = ReadModel(db, lists_engine(lists or opening.lists_url), schema.projections, identity)
        with opening.alone():
            read_model.prepare()
        read_model.catch_up()
    except BaseException:
        db.close()
        raise
    return Database(db, read_model, opening)
