"""The lists follow the record: never ahead of it, and never behind it for long."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.store import Projection, Schema, open_database, read_model, root_of
from motcua.store.read_model import lists_engine

notes = sa.Table("notes", sa.MetaData(), sa.Column("key", sa.String, primary_key=True),
                 sa.Column("serial", sa.BigInteger), sa.Column("text", sa.String))


class Note(Persistent):
    def __init__(self, key, text):
        self.key, self.text = key, text


PROJECTION = Projection(Note, notes, lambda note: {"key": note.key, "text": note.text},
                        objects=lambda root: root["notes"].values(),
                        find=lambda root, key: root["notes"].get(key))
SCHEMA = Schema(parts={"notes": OOBTree}, projections=(PROJECTION,))


@pytest.fixture
def database(store_uri):
    with open_database(store_uri, schema=SCHEMA) as opened:
        yield opened


def put(database, key, text, *, follow=True):
    def work(connection):
        tree = root_of(connection)["notes"]
        if key in tree:
            tree[key].text = text
        else:
            tree[key] = Note(key, text)
            connection.add(tree[key])
        if follow:
            database.read_model.follow(tree[key])
    database.run(work)


def rows(database):
    with database.read_model.engine.connect() as sql:
        return dict(sql.execute(sa.select(notes.c.key, notes.c.text).order_by(notes.c.key)).all())


def test_a_row_is_there_when_the_commit_is_done(database):
    put(database, "a", "một")
    put(database, "b", "hai")
    put(database, "a", "ba")
    assert rows(database) == {"a": "ba", "b": "hai"}


def test_a_transaction_that_fails_writes_no_row(database):
    def work(connection):
        note = root_of(connection)["notes"]["a"] = Note("a", "never")
        connection.add(note)
        database.read_model.follow(note)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(work)
    assert rows(database) == {}


def test_the_row_shows_the_state_at_the_commit_not_at_the_call(database):
    def work(connection):
        note = root_of(connection)["notes"]["a"] = Note("a", "first")
        connection.add(note)
        database.read_model.follow(note)
        note.text = "last"

    database.run(work)
    assert rows(database) == {"a": "last"}


def test_what_no_row_was_written_for_is_caught_up(database):
    put(database, "a", "một")
    put(database, "b", "hai", follow=False)
    put(database, "a", "một sửa", follow=False)
    assert rows(database) == {"a": "một"}
    database.read_model.refresh(max_age=0)
    assert rows(database) == {"a": "một sửa", "b": "hai"}


def test_catching_up_looks_only_at_what_came_after_the_last_time(database):
    for number in range(5):
        put(database, f"{number}", "x")
    database.read_model.catch_up()
    assert database.read_model.catch_up() == 0
    put(database, "1", "y", follow=False)
    assert database.read_model.catch_up() == 1


def test_a_fresh_list_is_not_caught_up_again_before_its_time(database):
    database.read_model.catch_up()
    put(database, "a", "x", follow=False)
    database.read_model.refresh(max_age=3600)
    assert rows(database) == {}


def test_of_many_readers_of_old_lists_one_brings_them_up_to_date_for_all(database):
    put(database, "a", "x", follow=False)
    marks, found, start = [], [], threading.Barrier(8)

    @sa.event.listens_for(database.read_model.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT") and "motcua_mark" in statement:
            marks.append(statement)

    def read():
        start.wait()
        database.read_model.refresh(max_age=0.5)
        found.append(rows(database))

    time.sleep(0.6)
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"a": "x"}] * 8
    assert len(marks) == 1


def test_opening_catches_up(store_uri):
    with open_database(store_uri, schema=SCHEMA) as database:
        put(database, "a", "x", follow=False)
    with open_database(store_uri, schema=SCHEMA) as database:
        assert rows(database) == {"a": "x"}


def test_an_older_state_never_takes_the_place_of_a_newer_row(database):
    put(database, "a", "old")
    with database.read_model.engine.begin() as sql:
        sql.execute(notes.update().values(text="from a later transaction", serial=2**62))
    put(database, "a", "new")
    assert rows(database) == {"a": "from a later transaction"}


def test_reindexing_makes_every_row_again_and_removes_rows_without_an_object(database):
    for key in "abc":
        put(database, key, key)
    with database.read_model.engine.begin() as sql:
        sql.execute(notes.update().values(text="spoiled"))
        sql.execute(notes.delete().where(notes.c.key == "b"))
        sql.execute(notes.insert().values(key="ghost", serial=1, text="boo"))
    assert database.read_model.reindex() == 3
    assert rows(database) == {"a": "a", "b": "b", "c": "c"}


def test_a_list_that_cannot_be_written_does_not_stop_a_commit(database):
    with database.read_model.engine.begin() as sql:
        sql.execute(sa.text("ALTER TABLE notes RENAME TO elsewhere"))
    put(database, "a", "x")
    with database.read_model.engine.begin() as sql:
        sql.execute(sa.text("ALTER TABLE elsewhere RENAME TO notes"))
    database.read_model.catch_up()
    assert rows(database) == {"a": "x"}


def test_lists_of_another_database_are_made_again(tmp_path):
    lists = f"sqlite:///{tmp_path / 'lists.sqlite3'}"
    with open_database(f"file://{tmp_path / 'one.fs'}", schema=SCHEMA, lists=lists) as database:
        put(database, "a", "of the first")
    with open_database(f"file://{tmp_path / 'two.fs'}", schema=SCHEMA, lists=lists) as database:
        assert rows(database) == {}


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_lists_lie_in_postgresql_by_its_plain_address(tmp_path, postgres_server, scheme):
    lists = postgres_server.new_database().replace("postgresql:", f"{scheme}:", 1)
    with open_database(f"file://{tmp_path / 'one.fs'}", schema=SCHEMA, lists=lists) as database:
        put(database, "a", "x")
        assert rows(database) == {"a": "x"}
        assert database.read_model.engine.dialect.name == "postgresql"


def test_a_database_put_back_from_a_backup_takes_its_lists_back_too(tmp_path):
    file = tmp_path / "Data.fs"
    with open_database(f"file://{file}", schema=SCHEMA) as database:
        put(database, "a", "before")
    backup = file.read_bytes()
    with open_database(f"file://{file}", schema=SCHEMA) as database:
        put(database, "a", "after")
        put(database, "b", "after")
        database.read_model.catch_up()
    file.write_bytes(backup)
    (tmp_path / "Data.fs.index").unlink()
    with open_database(f"file://{file}", schema=SCHEMA) as database:
        assert rows(database) == {"a": "before"}


def test_a_new_column_makes_all_rows_again(tmp_path):
    uri = f"file://{tmp_path / 'Data.fs'}"
    with open_database(uri, schema=SCHEMA) as database:
        put(database, "a", "x")
    wider = sa.Table("notes", sa.MetaData(), sa.Column("key", sa.String, primary_key=True),
                     sa.Column("serial", sa.BigInteger), sa.Column("length", sa.Integer))
    projection = Projection(Note, wider, lambda note: {"key": note.key, "length": len(note.text)},
                            PROJECTION.objects, PROJECTION.find)
    schema = Schema(parts=SCHEMA.parts, projections=(projection,))
    with open_database(uri, schema=schema) as database, database.read_model.engine.connect() as sql:
        assert sql.execute(sa.select(wider.c.key, wider.c.length)).all() == [("a", 1)]


def test_many_writers_and_a_catcher_up_end_with_every_row_right(database):
    def write(writer):
        for number in range(15):
            put(database, f"{writer}-{number % 5}", f"{number}", follow=number % 3 != 0)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        database.read_model.catch_up()
    database.read_model.catch_up()
    assert rows(database) == {f"{writer}-{n}": f"{n + 10}" for writer in range(3) for n in range(5)}


def test_several_rows_are_written_in_the_order_of_their_keys(database, monkeypatch):
    """Of two processes that write the same rows, each holding one that the other waits for, PostgreSQL ends one."""
    for key in ("c", "a", "b"):
        put(database, key, "x", follow=False)
    written, write = [], database.read_model._write
    monkeypatch.setattr(database.read_model, "_write", lambda sql, projection, rows: (
        written.append([row["key"] for row in rows]), write(sql, projection, rows)))
    database.read_model.reindex()
    oids = database.run(lambda connection: [root_of(connection)["notes"][key]._p_oid for key in ("b", "c", "a")])
    database.read_model._write_objects(oids)
    assert written == [["a", "b", "c"]] * 2


def test_a_process_that_opens_the_lists_takes_away_no_row_written_meanwhile(shared_store_uri, monkeypatch):
    real = read_model.last_serial

    def then_others_write(db):
        last = real(db)
        monkeypatch.undo()
        put(first, "a", "written meanwhile")
        first.read_model.catch_up()
        return last

    with open_database(shared_store_uri, schema=SCHEMA) as first:
        monkeypatch.setattr(read_model, "last_serial", then_others_write)
        with open_database(shared_store_uri, schema=SCHEMA) as second:
            assert rows(second) == {"a": "written meanwhile"}


def test_threads_write_lists_in_memory_one_after_the_other():
    engine, failed = lists_engine("sqlite://"), []

    def write(number):
        try:
            with engine.begin() as sql:
                sql.exec_driver_sql(f"INSERT INTO rows VALUES ({number})")
        except sa.exc.SQLAlchemyError as error:
            failed.append(error)

    other = threading.Thread(target=write, args=(2,))
    with engine.begin() as sql:
        sql.exec_driver_sql("CREATE TABLE rows (number INTEGER)")
    with engine.begin() as sql:
        sql.exec_driver_sql("INSERT INTO rows VALUES (1)")
        other.start()
        other.join(timeout=0.5)
        # the other thread has not ended this transaction
        assert sql.connection.dbapi_connection.in_transaction
    other.join()
    with engine.connect() as sql:
        assert (failed, sql.exec_driver_sql("SELECT count(*) FROM rows").scalar_one()) == ([], 2)
