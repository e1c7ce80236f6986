# ruff: noqa: D102  (the names of the promises are sentences)
"""What every store must do, as a test class that others can run on theirs.

::

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store_uri(self, tmp_path):
            return f"sqlite://{tmp_path}"

``store_uri`` is the address of an empty store, a fresh one for each promise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from BTrees.OOBTree import OOBTree
from persistent import Persistent
from ZODB.blob import Blob

from motcua.errors import StoreError
from motcua.store.database import Database, open_database
from motcua.store.read_model import Projection
from motcua.store.schema import Schema, Step, root_of
from motcua.store.shards import Shards

notes = sa.Table("contract_notes", sa.MetaData(), sa.Column("key", sa.String, primary_key=True),
                 sa.Column("serial", sa.BigInteger, nullable=False), sa.Column("text", sa.String, nullable=False))


class Note(Persistent):
    """Something kept that the lists show."""

    key: str
    text: str

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self.text = text


SCHEMA = Schema(
    parts={"notes": OOBTree, "things": Shards},
    projections=(Projection(Note, notes, lambda note: {"key": note.key, "text": note.text},
                            objects=lambda root: root["notes"].values(),
                            find=lambda root, key: root["notes"].get(key)),))


class StoreContract:
    """Each test is one promise. Subclasses, or the tests around them, have the fixture ``store_uri``."""

    @pytest.fixture
    def database(self, store_uri: str) -> Iterator[Database]:
        with open_database(store_uri, schema=SCHEMA) as opened:
            yield opened

    def test_what_is_committed_is_there_when_the_store_is_opened_again(self, store_uri: str) -> None:
        long = bytes(range(256)) * 8192

        def keep(connection: Any) -> None:
            blob = Blob()
            with blob.open("w") as stream:
                stream.write(long)
            root_of(connection)["kept"] = ("một hồ sơ", long, blob)

        def read(connection: Any) -> tuple[str, bytes, bytes]:
            text, data, blob = root_of(connection)["kept"]
            with blob.open("r") as stream:
                return text, data, stream.read()

        with open_database(store_uri, schema=SCHEMA) as database:
            database.run(keep)
        with open_database(store_uri, schema=SCHEMA) as database:
            assert database.run(read) == ("một hồ sơ", long, long)

    def test_a_transaction_that_fails_leaves_nothing(self, database: Database) -> None:
        def fail(connection: Any) -> None:
            put(database, connection, key="a", text="half")
            root_of(connection)["half"] = True
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            database.run(fail)
        assert database.run(lambda connection: "half" in root_of(connection)) is False
        assert rows(database) == {}

    def test_a_transaction_sees_one_moment_whatever_others_commit(self, database: Database) -> None:
        seen = []

        def look(connection: Any) -> None:
            seen.append(root_of(connection).get("n"))
            database.run(lambda other: root_of(other).update(n=1))
            connection.cacheMinimize()
            seen.append(root_of(connection).get("n"))

        database.run(look)
        assert seen == [None, None]
        assert database.run(lambda connection: root_of(connection)["n"]) == 1

    def test_no_change_is_lost_when_several_change_the_same_thing(self, database: Database) -> None:
        database.run(lambda connection: root_of(connection).update(n=0))

        def count(connection: Any) -> None:
            root_of(connection)["n"] += 1

        together(4, lambda _: [database.run(count, attempts=100) for _ in range(5)])
        assert database.run(lambda connection: root_of(connection)["n"]) == 20

    def test_many_may_insert_at_once(self, database: Database) -> None:
        def insert_one(key: str, connection: Any) -> None:
            assert root_of(connection)["things"].insert(key, key)

        def insert(worker: int) -> None:
            for number in range(5):
                database.run(partial(insert_one, f"{worker} {number}"))

        together(4, insert)
        assert database.run(lambda connection: len(root_of(connection)["things"])) == 20

    def test_a_row_is_there_when_the_commit_is_done(self, database: Database) -> None:
        for text in ("một", "hai"):
            database.run(partial(put, database, key="a", text=text))
            assert rows(database) == {"a": text}

    def test_rows_that_were_lost_are_found_again(self, database: Database) -> None:
        database.run(lambda connection: put(database, connection, key="a", text="một"))
        database.run(lambda connection: put(database, connection, key="b", text="hai", follow=False))
        assert rows(database) == {"a": "một"}
        database.read_model.refresh(max_age=0)
        assert rows(database) == {"a": "một", "b": "hai"}
        with database.read_model.engine.begin() as sql:
            sql.execute(notes.delete())
        assert database.read_model.reindex() == 2
        assert rows(database) == {"a": "một", "b": "hai"}

    def test_an_old_database_runs_the_missing_steps_once_and_a_newer_one_is_not_opened(self, store_uri: str) -> None:
        def step(root: Any) -> None:
            root["runs"] = root.get("runs", 0) + 1

        open_database(store_uri, schema=SCHEMA).close()
        newer = SCHEMA.add_step("contract", step)
        assert newer.steps == (Step("contract", step),)
        for _ in range(2):
            with open_database(store_uri, schema=newer) as database:
                assert database.run(lambda connection: root_of(connection)["runs"]) == 1
        with pytest.raises(StoreError) as refused:
            open_database(store_uri, schema=SCHEMA)
        assert [problem.code for problem in refused.value.problems] == ["STORE_005"]


def put(database: Database, connection: Any, *, key: str, text: str, follow: bool = True) -> None:
    """Keep a note; without ``follow`` as a crash right after the commit leaves it: no row is written."""
    tree = root_of(connection)["notes"]
    if key in tree:
        tree[key].text = text
    else:
        tree[key] = Note(key, text)
        connection.add(tree[key])
    if follow:
        database.read_model.follow(tree[key])


def rows(database: Database) -> dict[str, str]:
    """The notes as the lists show them."""
    with database.read_model.engine.connect() as sql:
        return {row.key: row.text for row in sql.execute(sa.select(notes))}


def together(count: int, work: Callable[[int], object]) -> None:
    """Run ``work(number)`` in so many threads at once; the first error comes out."""
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
