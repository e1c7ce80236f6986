"""Transactions on SQLite at the same moment: what one of them gives up or relies on is not mixed up with another."""

from __future__ import annotations

import threading

import pytest
from persistent.mapping import PersistentMapping
from relstorage.adapters.sqlite.locker import Sqlite3Locker
from transaction import TransactionManager
from ZODB.POSException import ConflictError
from ZODB.utils import u64

from motcua.store import open_database

NAMES = ("written", "relied on", "other")


@pytest.fixture
def database(tmp_path):
    with open_database(f"sqlite://{tmp_path}") as opened:
        opened.run(lambda connection: connection.root().update((name, PersistentMapping()) for name in NAMES))
        yield opened


@pytest.fixture
def process(tmp_path, database):
    """The same database as another process opens it."""
    with open_database(f"sqlite://{tmp_path}") as opened:
        yield opened


class Transaction:
    """One that writes a thing and relies on another being as it is."""

    def __init__(self, database):
        self.manager = TransactionManager(explicit=True)
        self.manager.begin()
        self.connection = database.db.open(transaction_manager=self.manager)
        root = self.connection.root()
        root["written"]["by"] = "the first"
        self.connection.readCurrent(root["relied on"])

    def commit(self):
        try:
            self.manager.commit()
        except ConflictError:
            self.manager.abort()
            raise
        finally:
            self.connection.close()


def change(database, name):
    database.run(lambda connection: connection.root()[name].update(by="the second"), attempts=1)


def test_what_a_transaction_gave_up_is_not_written_by_the_next(database, process):
    first = Transaction(database)
    change(process, "relied on")
    with pytest.raises(ConflictError):
        first.commit()
    for _ in range(4):
        change(database, "other")
    assert database.run(lambda connection: dict(connection.root()["written"])) == {}


def test_what_a_transaction_relied_on_stays_as_it_is_until_it_is_written(database, process, monkeypatch):
    first, lock = Transaction(database), Sqlite3Locker._lock_rows_being_modified
    second = threading.Thread(target=change, args=(process, "relied on"))

    def slowly(locker, cursor):
        monkeypatch.undo()
        # all is looked at, nothing is written yet: another one is quick
        second.start()
        second.join(timeout=0.5)
        lock(locker, cursor)

    monkeypatch.setattr(Sqlite3Locker, "_lock_rows_being_modified", slowly)
    first.commit()
    second.join()
    serials = database.run(lambda connection: [
        u64(connection.root()[name]._p_serial) for name in ("written", "relied on")
        if connection.root()[name].get("by")])
    assert len(serials) == 2
    assert serials == sorted(serials)
