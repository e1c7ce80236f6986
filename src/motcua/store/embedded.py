"""RelStorage on SQLite, mended where version 4.3 lets one transaction's writes into another's.

* What a transaction is going to write waits in a temporary table of its connection. One that ends before it holds
  the lock of the database (others changed what it relied on, or held the lock too long) left its rows there, and the
  next transaction on that connection committed them.
* What a transaction has read and relied on (`ZODB.Connection.readCurrent`: BTrees do so) was looked at before that
  lock was taken: in between another one could change it, and a key could be lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relstorage.adapters.sqlite.adapter import Sqlite3Adapter
from relstorage.adapters.sqlite.batch import Sqlite3RowBatcher
from relstorage.adapters.sqlite.locker import Sqlite3Locker
from relstorage.adapters.sqlite.mover import Sqlite3ObjectMover


class Mover(Sqlite3ObjectMover):
    """Begins each transaction with empty temporary tables."""

    def store_temps(self, cursor: Any, state_oid_tid_iter: Iterable[Any]) -> None:
        """Put what is to be written into the temporary table, and nothing else."""
        self._before_commit(cursor.connection)
        super().store_temps(cursor, state_oid_tid_iter)


class Locker(Sqlite3Locker):
    """Takes the lock of the database before it looks at what the transaction relied on."""

    def _lock_readCurrent_oids_for_share(  # noqa: N802 (RelStorage's name)
            self, cursor: Any, current_oids: Any, shared_locks_block: bool) -> None:
        self.hold_commit_lock(cursor, ensure_current=True)


class EmbeddedAdapter(Sqlite3Adapter):
    """RelStorage's adapter with both."""

    mover: Any
    locker: Any

    def _create(self) -> None:
        if self.mover is None:
            self.mover = Mover(self.driver, options=self.options)
        if self.locker is None:
            self.locker = Locker(self.options, self.driver, batcher_factory=Sqlite3RowBatcher)
        super()._create()
