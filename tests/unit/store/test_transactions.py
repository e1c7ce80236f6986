"""Work outside a request: committed whole, repeated only after passing errors."""

from __future__ import annotations

import pytest
from transaction.interfaces import TransientError
from ZODB.POSException import ConflictError

from motcua.store import open_database, root_of


@pytest.fixture
def database():
    with open_database("memory://") as opened:
        yield opened


def read(database, name):
    return database.run(lambda connection: root_of(connection).get(name))


def test_a_conflict_is_repeated_on_a_fresh_view(database):
    seen = []

    def work(connection):
        seen.append(root_of(connection).get("n", 0))
        root_of(connection)["n"] = seen[-1] + 1
        if len(seen) == 1:
            database.run(lambda other: root_of(other).update(n=10))
        return seen[-1]

    assert database.run(work) == 10
    assert seen == [0, 10]
    assert read(database, "n") == 11


def test_after_the_last_attempt_the_error_comes_out_and_nothing_is_kept(database):
    tries = []

    def work(connection):
        tries.append(1)
        root_of(connection)["x"] = 1
        raise ConflictError("always")

    with pytest.raises(TransientError):
        database.run(work, attempts=3)
    assert len(tries) == 3
    assert read(database, "x") is None


def test_any_other_error_ends_the_work_at_once(database):
    tries = []

    def work(connection):
        tries.append(1)
        root_of(connection)["x"] = 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(work)
    assert len(tries) == 1
    assert read(database, "x") is None


def test_no_attempt_is_no_way_to_run(database):
    with pytest.raises(ValueError, match="attempts"):
        database.run(lambda connection: None, attempts=0)
