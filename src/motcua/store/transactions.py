"""Explicit transactions for code outside a web request: commands, start-up, number reservation.

In a request pyramid_tm begins and ends the transaction and pyramid_retry repeats it; here one function
does both, with the same rule: only errors that say they are passing (`TransientError`) are retried.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from transaction import TransactionManager
from transaction.interfaces import TransientError
from ZODB import DB
from ZODB.Connection import Connection

Result = TypeVar("Result")

#: First pause between attempts, in seconds; it doubles, with jitter so that two losers do not meet again.
FIRST_PAUSE = 0.005


def run_in_transaction(
    db: DB, work: Callable[[Connection], Result], attempts: int = 10, note: str | None = None
) -> Result:
    """Run ``work(connection)`` in a transaction of its own and commit it.

    Conflicts are retried up to ``attempts`` times in all, each on a fresh view of the database, so
    ``work`` must not act outside the database. The last error is raised as it came.
    """
    for attempt in range(1, attempts + 1):
        try:
            return _once(db, work, note)
        except TransientError:
            if attempt == attempts:
                raise
            time.sleep(random.uniform(0.5, 1.5) * FIRST_PAUSE * 2**attempt)  # noqa: S311 (not a secret)
    raise ValueError("attempts must be at least 1")


def _once(db: DB, work: Callable[[Connection], Result], note: str | None) -> Result:
    manager = TransactionManager(explicit=True)
    transaction = manager.begin()
    if note:
        transaction.note(note)
    connection = db.open(transaction_manager=manager)
    try:
        result = work(connection)
        manager.commit()
    except BaseException:
        manager.abort()
        raise
    finally:
        connection.close()
    return result
