"""A new database is whole at once; an old one is brought up to date step by step."""

from __future__ import annotations

import threading

import pytest
from BTrees.OOBTree import OOBTree

from motcua.errors import StoreError
from motcua.store import Schema, Step, open_database, root_of


def rename(root):
    root["papers"] = root.pop("notes")


def count(root):
    root["count"] = len(root["papers"])


def fail(root):
    root["half"] = True
    raise RuntimeError("stopped here")


OLD = Schema(parts={"notes": OOBTree})
NEW = Schema(parts={"papers": OOBTree}, steps=(Step("rename-notes", rename), Step("count-papers", count)))


def contents(database):
    own = ("identity", "papers", "notes")
    return database.run(lambda connection: {
        name: value for name, value in root_of(connection).items() if name not in own})


def test_a_new_database_has_its_parts_and_all_steps_done(store_uri):
    with open_database(store_uri, schema=NEW) as database:
        assert contents(database) == {"evolution": ("rename-notes", "count-papers")}
        assert database.run(lambda connection: "papers" in root_of(connection))


def test_an_old_database_runs_the_missing_steps_in_order_once(store_uri):
    with open_database(store_uri, schema=OLD) as database:
        database.run(lambda connection: root_of(connection)["notes"].update({"a": 1, "b": 2}))
    for _ in range(2):
        with open_database(store_uri, schema=NEW) as database:
            assert contents(database) == {"evolution": ("rename-notes", "count-papers"), "count": 2}
            assert database.run(lambda connection: dict(root_of(connection)["papers"])) == {"a": 1, "b": 2}


def test_a_step_that_fails_leaves_the_steps_before_it_done_and_nothing_of_itself(store_uri):
    open_database(store_uri, schema=OLD).close()
    broken = Schema(parts=NEW.parts, steps=(NEW.steps[0], Step("half", fail)))
    with pytest.raises(RuntimeError, match="stopped here"):
        open_database(store_uri, schema=broken)
    with open_database(store_uri, schema=Schema(parts=NEW.parts, steps=NEW.steps[:1])) as database:
        assert contents(database) == {"evolution": ("rename-notes",)}


def test_each_step_is_a_transaction_with_its_name_as_note(tmp_path):
    uri = f"file://{tmp_path / 'Data.fs'}"
    open_database(uri, schema=OLD).close()
    with open_database(uri, schema=NEW) as database:
        notes = [transaction.description for transaction in database.db.storage.iterator()]
    assert [note for note in notes if note.startswith(b"motcua:")] == [
        b"motcua: new database", b"motcua: rename-notes", b"motcua: count-papers"]


def test_a_database_of_a_newer_motcua_is_not_opened(store_uri):
    open_database(store_uri, schema=NEW).close()
    with pytest.raises(StoreError) as error:
        open_database(store_uri, schema=Schema(parts=NEW.parts, steps=NEW.steps[:1]))
    assert error.value.problems[0].code == "STORE_005"
    assert "count-papers" in error.value.problems[0].message("vi")


def test_a_step_can_be_put_behind_another():
    schema = NEW.add_step("between", count, after="rename-notes").add_step("last", count)
    assert [step.name for step in schema.steps] == ["rename-notes", "between", "count-papers", "last"]


@pytest.mark.parametrize(("name", "after", "code"), [
    ("rename-notes", None, "STORE_006"), ("x", "y", "STORE_007")])
def test_a_step_that_cannot_be_ordered_is_refused(name, after, code):
    with pytest.raises(StoreError) as error:
        NEW.add_step(name, count, after=after)
    assert error.value.problems[0].code == code


def test_several_processes_may_open_a_new_database_at_once(shared_store_uri):
    opened, failures = [], []

    def open_it():
        try:
            opened.append(open_database(shared_store_uri, schema=NEW))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    identities = {database.run(lambda connection: root_of(connection)["identity"]) for database in opened}
    for database in opened:
        database.close()
    assert not failures
    assert len(identities) == 1
