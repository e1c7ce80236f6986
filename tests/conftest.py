"""Fixtures that any test may use: a real PostgreSQL, and a fresh store of each kind."""

from __future__ import annotations

import pytest
from hypothesis import settings
from tests.postgres import postgres

# the same examples each time, so that a red run is told by the change that made it; a slow machine is no failure.
# `pytest --hypothesis-profile=search` looks for new ones
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("repeatable")

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
