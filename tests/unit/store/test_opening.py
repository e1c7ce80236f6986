"""One URI chooses the storage; what it says wrongly is refused with a code."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

import pytest

from motcua.errors import StoreError
from motcua.store import Schema, open_database, read_uri, root_of

WITH_NOTES = Schema(parts={"notes": dict})


def codes(error) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_sqlite_commits_survive_a_power_cut(tmp_path):
    with open_database(None, data_dir=tmp_path) as database:
        load = database.db.storage.new_instance()
        connection, cursor = load._adapter.connmanager.open_for_store()
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2  # FULL
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
        connection.close()
        load.release()


def test_without_a_uri_the_data_folder_holds_everything(tmp_path):
    open_database("", data_dir=tmp_path / "var").close()
    assert {"main.sqlite3", "lists.sqlite3", "blobs"} <= {path.name for path in (tmp_path / "var").iterdir()}
    with closing(sqlite3.connect(tmp_path / "var" / "main.sqlite3")) as raw:
        assert raw.execute("SELECT count(*) FROM object_state").fetchone()[0] > 0


def test_both_ways_to_write_the_sqlite_folder_name_the_same_folder(tmp_path):
    assert (read_uri(f"sqlite://?data_dir={tmp_path}").lists_url
            == read_uri(f"sqlite://{tmp_path}").lists_url
            == f"sqlite:///{tmp_path / 'lists.sqlite3'}")


def test_sizes_are_read_from_the_uri():
    opening = read_uri("memory://?cache_size=77&pool_size=3")
    assert (opening.cache_size, opening.pool_size) == (77, 3)


def test_the_lists_of_postgresql_lie_in_the_same_database():
    opening = read_uri("postgres://an:mat%20khau@db.example/motcua?sslmode=require&cache_mb=8")
    assert opening.lists_url == "postgresql://an:mat%20khau@db.example/motcua?sslmode=require"


@pytest.mark.parametrize(("uri", "code"), [
    ("mysql://root:secret@host/base", "STORE_001"),
    ("var/data", "STORE_001"),
    ("memory://?cache_sice=5", "STORE_002"),
    ("memory://?cache_size=many", "STORE_002"),
    ("memory://?pool_size=0", "STORE_002"),
    ("file:///srv/Data.fs?keep=1", "STORE_002"),
    ("sqlite://", "STORE_003"),
])
def test_a_wrong_uri_is_refused_by_code_and_never_shows_a_password(uri, code):
    with pytest.raises(StoreError) as error:
        read_uri(uri)
    assert codes(error) == [code]
    assert "secret" not in str(error.value)


def test_the_nearest_parameter_is_suggested():
    with pytest.raises(StoreError, match="cache_size"):
        read_uri("memory://?cache_sice=5")


def test_a_file_storage_in_use_is_refused(tmp_path):
    uri = f"file://{tmp_path / 'Data.fs'}"
    with open_database(uri), pytest.raises(StoreError) as error:
        open_database(uri)
    assert codes(error) == ["STORE_008"]


def test_a_database_server_that_is_not_there_is_an_error_without_the_password(tmp_path):
    with pytest.raises(StoreError) as error:
        open_database(f"postgresql://an:hush@/motcua?host={tmp_path}")
    assert codes(error) == ["STORE_008"]
    assert "hush" not in str(error.value)


def test_memory_keeps_nothing():
    with open_database("memory://") as database:
        database.run(lambda connection: root_of(connection).update({"note": io.BytesIO(b"x").read()}))
    with open_database("memory://") as database:
        assert "note" not in database.run(lambda connection: tuple(root_of(connection)))
