"""Opening the database by its URI: one setting chooses the storage, nothing else changes.

======================================================  ==================================================
``sqlite:///srv/motcua`` (or ``sqlite://?data_dir=…``)  RelStorage on SQLite in that folder: the default
``file:///srv/motcua/Data.fs``                          FileStorage: one process only
``postgresql://user@host/base`` (or ``postgres://``)    RelStorage on PostgreSQL: several machines
``memory://``                                           nothing kept: tests, trying out
======================================================  ==================================================

Query parameters of all: ``cache_size`` (objects a connection keeps, default 10000), ``pool_size`` (default
16), ``blob_dir``; of the two RelStorages: ``cache_mb`` (records kept in memory by a process, default 64).
Every further parameter of a PostgreSQL URI goes to libpq.

*Durable.* RelStorage opens SQLite with ``synchronous=NORMAL``, where a power cut may take back the last
commits; here it is ``FULL``. FileStorage and PostgreSQL are synchronous of themselves.

*History.* RelStorage is used history-free: a dossier's past is in its own submissions, receipts and journal,
which are never rewritten; keeping each old record of drafts and trees besides would only grow.

*Files* (blobs) lie in a shared folder beside SQLite and FileStorage; in PostgreSQL they are in the database,
so that every machine sees them, with a local cache folder.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from ZODB.DemoStorage import DemoStorage
from ZODB.FileStorage import FileStorage
from ZODB.MappingStorage import MappingStorage

from motcua.errors import Problem, StoreError, closest

COMMON = {"cache_size": 10_000, "pool_size": 16}
RELSTORAGE = {"cache_mb": 64}
#: A blob cache of 1 GB on each machine that uses PostgreSQL.
BLOB_CACHE_BYTES = 1 << 30
#: Key of the advisory lock behind `Opening.alone` in PostgreSQL.
_ALONE = 7_264_150_001


@dataclass(frozen=True, slots=True)
class Opening:
    """What a URI says: how to make the storage, and the address of the lists (SQLAlchemy).

    ``alone()`` is a lock that one process holds at a time, given up by one that is killed: for making the
    storage (neither RelStorage's tables nor ZODB's root object can be made by two at once) and reserving numbers.
    """

    scheme: str
    storage: Callable[[], Any]
    alone: Callable[[], AbstractContextManager[Any]]
    lists_url: str
    cache_size: int
    pool_size: int


def read_uri(uri: str | None, data_dir: Path | None = None) -> Opening:
    """Understand ``uri`` without opening anything; None means SQLite in ``data_dir``.

    Errors: StoreError STORE_001 (scheme), STORE_002 (parameter), STORE_003 (no folder); without password.
    """
    if uri is None:
        uri = "sqlite://"
    parts = urlsplit(uri)
    readers = {"sqlite": _sqlite, "file": _file, "postgresql": _postgresql, "postgres": _postgresql,
               "memory": _memory}
    reader = readers.get(parts.scheme)
    if reader is None:
        raise StoreError(Problem("STORE_001", {"scheme": parts.scheme or "?", "known": ", ".join(readers)}))
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    numbers = {name: _whole(given, name, default) for name, default in {**COMMON, **RELSTORAGE}.items()}
    return reader(parts, given, numbers, data_dir)


def _whole(given: dict[str, str], name: str, default: int) -> int:
    text = given.pop(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise StoreError(Problem("STORE_002", {"name": name, "hint": text}))
    return int(text)


def _nothing_left(given: dict[str, str], known: tuple[str, ...]) -> None:
    for name in given:
        near = closest(name, [*COMMON, *RELSTORAGE, *known])
        raise StoreError(Problem("STORE_002", {"name": name, "hint": near or "-"}))


def _folder(parts: Any, given: dict[str, str], data_dir: Path | None) -> Path:
    text = given.pop("data_dir", None) or unquote(parts.netloc + parts.path)
    if not text and data_dir is None:
        raise StoreError(Problem("STORE_003", {"scheme": parts.scheme}))
    return Path(text).resolve() if text else Path(data_dir or ".").resolve()


def _make_private(folder: Path) -> None:
    """Make the folder for its owner only: dossiers lie in it. One that is there stays as its owner made it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sqlite(parts: Any, given: dict[str, str], numbers: dict[str, int], data_dir: Path | None) -> Opening:
    folder = _folder(parts, given, data_dir)
    blobs = given.pop("blob_dir", str(folder / "blobs"))
    _nothing_left(given, ("data_dir", "blob_dir"))

    def storage() -> Any:
        from motcua.store.embedded import EmbeddedAdapter

        _make_private(folder)
        return _relstorage(
            lambda options: EmbeddedAdapter(str(folder), pragmas={"synchronous": 2}, options=options),
            numbers, blob_dir=blobs, shared_blob_dir=True)

    return Opening("sqlite", storage, partial(_alone_in_folder, folder),
                   f"sqlite:///{folder / 'lists.sqlite3'}", numbers["cache_size"], numbers["pool_size"])


def _file(parts: Any, given: dict[str, str], numbers: dict[str, int], data_dir: Path | None) -> Opening:
    path = Path(unquote(parts.netloc + parts.path) or _folder(parts, given, data_dir) / "Data.fs").resolve()
    blobs = given.pop("blob_dir", str(path.parent / "blobs"))
    _nothing_left(given, ("blob_dir",))

    def storage() -> Any:
        _make_private(path.parent)
        return FileStorage(str(path), blob_dir=blobs)

    return Opening("file", storage, nullcontext, f"sqlite:///{path.parent / 'lists.sqlite3'}",
                   numbers["cache_size"], numbers["pool_size"])


def _postgresql(parts: Any, given: dict[str, str], numbers: dict[str, int], data_dir: Path | None) -> Opening:
    blobs = given.pop("blob_dir", None)
    rest = urlencode(given, quote_via=quote)
    dsn = parts._replace(scheme="postgresql", query=rest).geturl()

    def storage() -> Any:
        from psycopg2.extensions import make_dsn, parse_dsn
        from relstorage.adapters.postgresql import PostgreSQLAdapter

        # RelStorage appends words to the address, so it must be in libpq's key=value form
        words = make_dsn(**parse_dsn(dsn))
        if data_dir is not None:
            _make_private(data_dir)
        cache = blobs or (str(data_dir / "blob-cache") if data_dir else tempfile.mkdtemp("motcua-blobs"))
        return _relstorage(
            lambda options: PostgreSQLAdapter(dsn=words, options=options),
            numbers, blob_dir=cache, shared_blob_dir=False, blob_cache_size=BLOB_CACHE_BYTES)

    return Opening("postgresql", storage, partial(_alone_in_base, dsn), dsn,
                   numbers["cache_size"], numbers["pool_size"])


@contextmanager
def _alone_in_folder(folder: Path) -> Iterator[None]:
    """A lock that SQLite itself keeps, and gives up for a process that is killed."""
    _make_private(folder)
    with closing(sqlite3.connect(folder / "opening.sqlite3", timeout=60, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
        lock.execute("COMMIT")


@contextmanager
def _alone_in_base(dsn: str) -> Iterator[None]:
    import psycopg2

    with closing(psycopg2.connect(dsn)) as lock:
        lock.cursor().execute("SELECT pg_advisory_lock(%s)", (_ALONE,))
        yield


def _memory(parts: Any, given: dict[str, str], numbers: dict[str, int], data_dir: Path | None) -> Opening:
    _nothing_left(given, ())
    return Opening("memory", lambda: DemoStorage(base=MappingStorage()), nullcontext, "sqlite://",
                   numbers["cache_size"], numbers["pool_size"])


def _relstorage(adapter: Callable[[Any], Any], numbers: dict[str, int], **blobs: Any) -> Any:
    from relstorage.options import Options
    from relstorage.storage import RelStorage

    options = Options(keep_history=False, cache_local_mb=numbers["cache_mb"], **blobs)
    return RelStorage(adapter(options), options=options)
