"""The lists: rows in SQL of what lies in the ZODB, for lists, search, dashboards and bulk questions.

Nothing here is a record: every row can be made again. Two databases cannot commit as one, so one of them
can be behind after a crash, and it must be this one:

* The rows of a transaction are written **after** the ZODB commit is done. A row written first (joining the
  SQL session to the transaction commits it in the vote) would, after a kill between the two, show a dossier
  that does not exist, and nothing would ever look for it.
* What a crash, a lock or a full disk keeps from being written is found again by its ZODB **transaction id**.
  The mark is the id up to which every change is known to be in the rows; `ReadModel.catch_up` reads the
  transactions behind it from the storage itself, writes what is missing and moves the mark. Writers keep
  no list of changes, so they have no place to meet, and a change made by any tool at all is seen.
* Each row carries the id of the transaction that made it, and never gives way to an older one: any number
  of processes may write and catch up in any order.

So SQLite runs with ``synchronous=NORMAL`` and PostgreSQL with ``synchronous_commit=off`` here: a power cut
may take back the last rows, always with the mark behind them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from transaction import TransactionManager
from transaction.interfaces import ITransaction
from ZODB import DB
from ZODB.Connection import Connection
from ZODB.interfaces import StorageStopIteration
from ZODB.utils import get_pickle_metadata, p64, u64

from motcua.store.schema import root_of

log = logging.getLogger(__name__)

#: Rows written in one SQL transaction while catching up: short, since others wait for it.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Projection:
    """How the objects of one class become rows of one table.

    ``table`` has a text primary key and a column ``serial`` (BigInteger: the ZODB transaction).
    ``row(object)`` gives the other columns; ``objects(root)`` every object there is; ``find(root, key)`` one
    by its key, or None. ``is_touched(object)`` tells whether the change being committed can change the row at all:
    what stays as it was need not be read and written again. A class may have several projections.
    """

    kind: type
    table: sa.Table
    row: Callable[[Any], Mapping[str, Any]]
    objects: Callable[[Any], Iterable[Any]]
    find: Callable[[Any, str], Any]
    is_touched: Callable[[Any], bool] = lambda _item: True

    @property
    def key(self) -> sa.Column[Any]:
        """The primary key column."""
        return next(iter(self.table.primary_key.columns))


class ReadModel:
    """The rows of all projections in one SQL database, kept up to date with one ZODB."""

    def __init__(self, db: DB, engine: sa.Engine, projections: Iterable[Projection], identity: str) -> None:
        self.engine = engine
        self.projections = tuple(projections)
        self._db = db
        self._identity = identity
        self._marks = sa.Table(
            "motcua_mark", sa.MetaData(),
            sa.Column("identity", sa.String, primary_key=True), sa.Column("shape", sa.String, nullable=False),
            sa.Column("serial", sa.BigInteger, nullable=False))
        # made once: making the statement costs as much as running it
        self._upserts = {projection.table.name: _upsert(projection, engine.dialect.name)
                         for projection in self.projections}
        self._caught_up_at = float("-inf")
        self._catching_up = threading.Lock()

    # -- opening

    def prepare(self) -> None:
        """Make missing tables, empty those of another database or shape; one process at a time.

        Rows of transactions that the record does not have (it was put back from a backup) go too. `catch_up`
        then fills what is missing.
        """
        # in this order: a row is written after its commit, so rows beyond the record are not those written just now
        highest = self._highest_serials()
        last = last_serial(self._db)
        with self.engine.begin() as sql:
            self._marks.metadata.create_all(sql)
            known = sql.execute(sa.select(self._marks)).first()
            fits = known is not None and (known.identity, known.shape) == (self._identity, self._shape())
            if not fits:
                self._drop(sql)
            for projection in self.projections:
                projection.table.metadata.create_all(sql)
                if highest.get(projection.table.name, -1) > last:
                    sql.execute(projection.table.delete().where(projection.table.c.serial > last))
            if not fits:
                mark = {"identity": self._identity, "shape": self._shape(), "serial": -1}
                sql.execute(self._marks.insert().values(mark))

    def _highest_serials(self) -> dict[str, int]:
        """The last transaction of which each table has a row."""
        with self.engine.connect() as sql:
            there = [table for table in (projection.table for projection in self.projections)
                     if sa.inspect(sql).has_table(table.name)]
            found = {table.name: sql.execute(sa.select(sa.func.max(table.c.serial))).scalar() for table in there}
        return {name: -1 if serial is None else int(serial) for name, serial in found.items()}

    def _drop(self, sql: sa.Connection) -> None:
        sql.execute(self._marks.delete())
        for projection in self.projections:
            projection.table.drop(sql, checkfirst=True)

    def _shape(self) -> str:
        """The columns in words: a new column makes all rows again at the next start."""
        return "; ".join(f"{column.table.name}.{column.name} {column.type}"
                         for projection in self.projections for column in projection.table.columns)

    def close(self) -> None:
        """Give back all SQL connections."""
        self.engine.dispose()

    # -- following a transaction

    def follow(self, changed: Any) -> None:
        """Write the row of ``changed`` when the transaction it belongs to has been committed.

        Called by whatever changes what a row shows, after the object has its place in the database.
        """
        transaction = changed._p_jar.transaction_manager.get()
        try:
            pending: dict[int, Any] = transaction.data(self)
        except KeyError:
            pending = {}
            transaction.set_data(self, pending)
            transaction.addBeforeCommitHook(self._before_commit, args=(transaction,))
            transaction.addAfterCommitHook(self._after_commit, args=(pending,))
        pending[id(changed)] = (changed, ())

    def _before_commit(self, transaction: ITransaction) -> None:
        """Make the rows while the objects may still be read: after the commit only their serials may."""
        pending = transaction.data(self)
        for key, (changed, _) in pending.items():
            pending[key] = (changed, [(projection, dict(projection.row(changed)))
                                      for projection in self.projections
                                      if isinstance(changed, projection.kind) and projection.is_touched(changed)])

    def _after_commit(self, committed: bool, pending: dict[int, Any]) -> None:
        if not committed:
            return
        try:
            with self.engine.begin() as sql:
                for changed, made in pending.values():
                    for projection, row in made:
                        self._write(sql, projection, [{**row, "serial": u64(changed._p_serial)}])
        except sa.exc.SQLAlchemyError:
            # the record is safe and the applicant has an answer coming; catching up will write the row
            log.warning("rows not written, will catch up", exc_info=True)

    def _write(self, sql: sa.Connection, projection: Projection, rows: list[dict[str, Any]]) -> None:
        sql.execute(self._upserts[projection.table.name], rows)

    # -- catching up

    def refresh(self, max_age: float = 5.0) -> None:
        """Catch up unless this process did so within ``max_age`` seconds; lists call this before they read.

        What this process or another one commits in good order is in the rows at once, without this. A
        database that cannot be written just now leaves the lists as they are.
        """
        if self._age() < max_age:
            return
        try:
            with self._catching_up:
                # of many readers who find the lists old, the first brings them up to date for all
                if self._age() >= max_age:
                    self._catch_up()
        except sa.exc.OperationalError:
            log.warning("lists not refreshed", exc_info=True)

    def _age(self) -> float:
        return time.monotonic() - self._caught_up_at

    def catch_up(self) -> int:
        """Write the rows of every transaction behind the mark and move it; how many objects were looked at."""
        with self._catching_up:
            return self._catch_up()

    def _catch_up(self) -> int:
        begun, mark = time.monotonic(), self._mark()
        # never filled, or the record was put back from a backup
        if mark < 0 or mark > last_serial(self._db):
            return self._fill()
        looked = 0
        for serial, oids in _batches(changes(self._db, mark + 1, self._kinds())):
            looked += self._write_objects(oids)
            self._move_mark(serial)
        self._caught_up_at = begun
        return looked

    def reindex(self) -> int:
        """Make every row again and remove those that nothing stands behind; of how many objects."""
        with self._catching_up:
            return self._fill()

    def _fill(self) -> int:
        """All objects in short transactions: writers go on meanwhile, and the newer row wins."""
        mark = last_serial(self._db)
        count = 0
        with self._view() as connection:
            for projection in self.projections:
                for objects in _chunks(projection.objects(root_of(connection))):
                    written = self._write_rows(projection, objects)
                    count += written if self._leads(projection) else 0
                    connection.cacheMinimize()
                self._sweep(projection, connection)
        self._move_mark(mark, back=True)
        self._caught_up_at = time.monotonic()
        return count

    def _sweep(self, projection: Projection, connection: Connection) -> None:
        last, root = "", root_of(connection)
        while True:
            page = sa.select(projection.key).where(projection.key > last)
            with self.engine.begin() as sql:
                keys = list(sql.execute(page.order_by(projection.key).limit(BATCH)).scalars())
                gone = [key for key in keys if projection.find(root, key) is None]
                # a row newer than this view belongs to an object that this view cannot see
                seen = projection.table.c.serial <= _serial_of_view(connection)
                sql.execute(projection.table.delete().where(projection.key.in_(gone), seen))
            if not keys:
                return
            last = keys[-1]

    def _write_objects(self, oids: Iterable[bytes]) -> int:
        with self._view() as connection:
            objects = [connection.get(oid) for oid in oids]
            for projection in self.projections:
                self._write_rows(projection, [item for item in objects if isinstance(item, projection.kind)])
            return len(objects)

    def _leads(self, projection: Projection) -> bool:
        """Whether it is the first of its class, by which objects are counted."""
        return projection is next(other for other in self.projections if other.kind is projection.kind)

    def _write_rows(self, projection: Projection, objects: Iterable[Any]) -> int:
        rows = [{**projection.row(item), "serial": u64(item._p_serial)} for item in objects]
        # always in one order: no two processes wait for each other's rows
        rows.sort(key=lambda row: row[projection.key.name])
        if rows:
            with self.engine.begin() as sql:
                self._write(sql, projection, rows)
        return len(rows)

    def _kinds(self) -> frozenset[tuple[str, str]]:
        return frozenset((kind.kind.__module__, kind.kind.__qualname__) for kind in self.projections)

    def _mark(self) -> int:
        with self.engine.connect() as sql:
            return int(sql.execute(sa.select(self._marks.c.serial)).scalar_one())

    def _move_mark(self, serial: int, *, back: bool = False) -> None:
        move = self._marks.update().values(serial=serial)
        with self.engine.begin() as sql:
            sql.execute(move if back else move.where(self._marks.c.serial < serial))

    @contextmanager
    def _view(self) -> Iterator[Connection]:
        """The database as it is now, to read only."""
        manager = TransactionManager(explicit=True)
        manager.begin()
        connection = self._db.open(transaction_manager=manager)
        try:
            yield connection
        finally:
            manager.abort()
            connection.close()


def _upsert(projection: Projection, dialect: str) -> sa.Executable:
    """Insert rows, or bring them up to date where those there are not newer."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(projection.table)
    key = projection.key.name
    newer = insert.excluded.serial >= projection.table.c.serial
    names = [column.name for column in projection.table.columns if column.name != key]
    others = {name: insert.excluded[name] for name in names}
    upsert: sa.Executable = insert.on_conflict_do_update(index_elements=[key], set_=others, where=newer)
    return upsert


def lists_engine(url: str) -> sa.Engine:
    """The SQL engine for the lists; see the module for why it need not be durable.

    Its errors quote no values (``hide_parameters``): names of people are among them.
    """
    scheme, colon, rest = url.partition(":")
    if scheme in ("postgres", "postgresql"):
        # the driver that comes with motcua; SQLAlchemy would take another where none is named
        url = f"postgresql+psycopg2{colon}{rest}"
    if url.startswith("postgresql"):
        options = {"options": "-c synchronous_commit=off"}
        return sa.create_engine(url, hide_parameters=True, connect_args=options, pool_pre_ping=True)
    if url == "sqlite://":
        # in memory: one connection, which threads use one after the other
        return sa.create_engine(url, hide_parameters=True, poolclass=sa.QueuePool, pool_size=1, max_overflow=0,
                                connect_args={"check_same_thread": False})
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": 10})

    @sa.event.listens_for(engine, "connect")
    def fast_and_shared(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def _instance(db: DB) -> Iterator[Any]:
    """The storage with a view of its own, where it has such (RelStorage), else the storage itself."""
    make = getattr(db.storage, "new_instance", None)
    if make is None:
        yield db.storage
        return
    instance = make()
    try:
        yield instance
    finally:
        instance.release()


def last_serial(db: DB) -> int:
    """The id of the last transaction that any process has committed."""
    with _instance(db) as storage:
        return int(u64(storage.lastTransaction()))


def _serial_of_view(connection: Connection) -> int:
    return int(u64(connection._storage.lastTransaction()))


def changes(db: DB, start: int, kinds: frozenset[tuple[str, str]]) -> Iterator[tuple[int, list[bytes]]]:
    """Each transaction from the id ``start`` on: its id, and the oids it wrote of the classes ``kinds``."""
    with _instance(db) as storage:
        transactions = storage.iterator(p64(start))
        try:
            for transaction in transactions:
                yield u64(transaction.tid), [record.oid for record in transaction
                                             if record.data and get_pickle_metadata(record.data) in kinds]
        except StorageStopIteration:
            return
        finally:
            getattr(transactions, "close", lambda: None)()


def _batches(transactions: Iterable[tuple[int, list[bytes]]]) -> Iterator[tuple[int, set[bytes]]]:
    oids: set[bytes] = set()
    serial = None
    for serial, changed in transactions:
        oids.update(changed)
        if len(oids) >= BATCH:
            yield serial, oids
            oids = set()
    if serial is not None:
        yield serial, oids


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
