"""Fixtures that any test may use: a real PostgreSQL, and a fresh store of each kind."""

from __future__ import annotations

import pytest
from tests.postgres import postgres

STORES = ("sqlite", "file", "postgresql")


@pytest.fixture(scope="session")
def postgres_server():
    """A running PostgreSQL (`tests.postgres.PostgresServer`)."""
    running = postgres()
    try:
        server = running.__enter__()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    yield server
    running.__exit__(None, None, None)


def new_uri(kind: str, folder, request) -> str:
    """The URI of an empty store of this kind."""
    if kind == "sqlite":
        return f"sqlite://{folder / 'data'}"
    if kind == "file":
        return f"file://{folder / 'data' / 'Data.fs'}"
    return request.getfixturevalue("postgres_server").new_database()


@pytest.fixture(params=STORES)
def store_uri(request, tmp_path) -> str:
    """The URI of an empty store; the test runs once for each kind."""
    return new_uri(request.param, tmp_path, request)


@pytest.fixture(params=("sqlite", "postgresql"))
def shared_store_uri(request, tmp_path) -> str:
    """The same, of the kinds that several processes may open."""
    return new_uri(request.param, tmp_path, request)
