"""The child that works out a question about the law; see `motcua.web.bench.questions.jobs`.

As a script it reads on standard input what is asked, and leaves ``result.json`` or ``failed.json`` in the folder of
the question, each written whole or not at all. It holds the locks it was born with for as long as it lives, and ends
itself and whatever it started when ``stop.json`` appears there.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motcua.errors import Problem
    from motcua.procedures import Procedure

NICENESS = 10
#: Progress is written at most so often, in seconds.
_OFTEN = 0.25


@dataclass(frozen=True)
class Asked:
    """A question: the procedure, the arguments, the folder for files, and whom to tell how far it is."""

    procedure: Procedure
    arguments: Mapping[str, Any]
    folder: Path
    progress: Callable[..., None]
    register: str = ""

    def other(self, path: str, digest: str) -> Procedure:
        """Another rule file that the question is about, as it was when it was asked."""
        return read_rules(path, self.register, digest)


def write_whole(path: Path, text: str) -> None:
    """Write a file that others see whole or not at all; of several who write it at once, the last."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-", suffix=".new")
    with open(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(draft).replace(path)


class Progress:
    """Tells how far the work is: a part of 1, or so many of so many."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told = -_OFTEN

    def __call__(self, done: float, of: float | None = 1) -> None:
        """Write it down, not too often; of how many is None where nobody knows."""
        now = time.monotonic()
        if now - self._told >= _OFTEN and of:
            self._told = now if done else self._told
            draft = self._file.with_name("progress.new")
            draft.write_text(f"{done / of:.4f}", encoding="ascii")
            draft.replace(self._file)


def main() -> None:
    """Answer the question on standard input."""
    asked = json.load(sys.stdin)
    for handle in asked["locks"]:
        # what this process starts must not outlive it with its locks
        os.set_inheritable(handle, False)
    os.nice(NICENESS)
    folder = Path(asked["folder"])
    _end_when_told(folder / asked["stop"])
    slot = _await_slot(Path(asked["slots"]), asked["most"])
    _end_after(asked["seconds"], folder)
    progress = Progress(folder / "progress")
    progress(0)
    try:
        result = answer(asked, folder, progress)
    except Exception as error:
        _fail(folder, _problems_of(error))
    else:
        write_whole(folder / "result.json", json.dumps(result, ensure_ascii=False))
    for handle in (*asked["locks"], slot):
        os.close(handle)


def answer(asked: Mapping[str, Any], folder: Path, progress: Callable[..., None]) -> Any:
    """The JSON that answers the question.

    Raises:
        MotcuaError: with every problem, WEB_262 where the rule file is no longer the one in service.
    """
    procedure = read_rules(asked["rules"], asked["register"], asked["digest"])
    module, _, name = asked["work"].partition(":")
    work = getattr(import_module(module), name)
    return work(Asked(procedure, asked["arguments"], folder, progress, asked["register"]))


def read_rules(file: str, register: str, digest: str) -> Procedure:
    """The rules of a file, with the nearest register of legal texts, else that of the folder ``register``.

    Raises:
        InputError: WEB_262, they are not those of the digest.
    """
    from motcua.errors import InputError, Problem
    from motcua.procedures import SOURCES_FILE, load_procedure, load_rule_file, load_sources, nearest_sources

    path = Path(file)
    if nearest_sources(path) is None and register:
        procedure = load_procedure(path, load_sources(Path(register) / SOURCES_FILE))
    else:
        procedure = load_rule_file(path)
    if procedure.digest != digest:
        raise InputError(Problem("WEB_262", {"file": path.name}))
    return procedure


def _problems_of(error: Exception) -> list[Problem]:
    from motcua.errors import MotcuaError, Problem

    if isinstance(error, MotcuaError):
        return list(error.problems)
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] in ("z3", "ibis", "duckdb", "pyspark"):
        return [Problem("WEB_263", {"name": (error.name or "").partition(".")[0]})]
    if type(error).__module__.partition(".")[0] in ("sqlalchemy", "psycopg2"):
        traceback.print_exc()
        return [Problem("WEB_269", {"error": type(error).__name__})]
    traceback.print_exc()
    return [Problem("WEB_264", {"error": type(error).__name__})]


def _fail(folder: Path, problems: list[Problem]) -> None:
    told = [{"code": problem.code, "vi": problem.message("vi"), "en": problem.message("en")} for problem in problems]
    write_whole(folder / "failed.json", json.dumps(told, ensure_ascii=False))


def _await_slot(home: Path, most: int) -> int:
    """Wait until fewer than ``most`` work, and be one of them."""
    while True:
        for number in range(most):
            handle = os.open(home / f"slot-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
            else:
                return handle
        time.sleep(0.2)


def _end_after(seconds: float, folder: Path) -> None:
    """End the process after so long, whatever it does: a solver does not look up from its work."""
    from motcua.errors import Problem

    def end() -> None:
        _fail(folder, [Problem("WEB_265", {"minutes": round(seconds / 60)})])
        _end_all()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _end_when_told(file: Path) -> None:
    """End the process soon after that file appears, whatever it does."""
    def watch() -> None:
        while not file.exists():
            time.sleep(_OFTEN)
        _end_all()

    threading.Thread(target=watch, daemon=True).start()


def _end_all() -> None:
    """End this process, and those it started where it leads a group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def checks(asked: Asked) -> Any:
    """What a proof finds about the rules themselves, as JSON."""
    from motcua.analysis.proof import prove

    return prove(asked.procedure, progress=asked.progress).to_json()


def coverage(asked: Asked) -> Any:
    """What the cases exercise, as JSON, and ``suggestions`` for what they do not."""
    from motcua.analysis.coverage import coverage as measured
    from motcua.analysis.coverage import suggest_for
    from motcua.errors import MotcuaError
    from motcua.procedures import Scenario

    cases = tuple(Scenario(each["id"], None, None, each["given"], each["expect"], proposed=each["proposed"])
                  for each in asked.arguments["all"])
    report = measured(asked.procedure, cases, progress=lambda share: asked.progress(share / 2))
    try:
        suggestions = suggest_for(report, cases, progress=lambda share: asked.progress(0.5 + share / 2))
    except MotcuaError:
        # what is shown can be told without the solver
        suggestions = ()
    return {**report.to_json(), "suggestions": [each.to_json() for each in suggestions]}


def compare(asked: Asked) -> Any:
    """What differs between two law dates, or between the rules in force and a draft, and what that does, as JSON."""
    from datetime import date

    from motcua.analysis.comparison import compare as compared

    given = asked.arguments
    days = [date.fromisoformat(given[name]) if given[name] else None for name in ("from", "to")]
    if "old" not in given:
        return compared(asked.procedure, None, *days, progress=asked.progress).to_json()
    old = asked.other(given["old_rules"], given["old"])
    return compared(old, asked.procedure, *days, progress=asked.progress).to_json()


def impact(asked: Asked) -> Any:
    """What a draft changes for all dossiers or a table, as JSON; each change of each case in ``changes.csv``.

    Dossiers whose facts lie in PostgreSQL are compared there, everything else in DuckDB.
    """
    from datetime import date

    from motcua.analysis.bulk import impact as measured
    from motcua.dossiers import StoredFacts

    given = asked.arguments
    old, draft = asked.other(given["old_rules"], given["old"]), asked.procedure
    day = date.fromisoformat(given["on"]) if given["on"] else None
    if given["file"]:
        found = _impact_on_table(asked, old, day)
    else:
        source = StoredFacts(_Lists(_engine(given["sql"])), old.id)  # type: ignore[arg-type]
        backend = "postgres" if source.postgres else "duckdb"
        found = measured(old, draft, source, on=day, backend=backend, progress=asked.progress)
    changes = asked.folder / "changes.new.csv"
    found.write_csv(changes)
    changes.replace(asked.folder / "changes.csv")
    return found.to_json()


def _impact_on_table(asked: Asked, old: Procedure, day: Any) -> Any:
    """The same for a table; what is wrong with it is told with line and column."""
    from motcua.analysis.bulk import facts_file
    from motcua.analysis.bulk import impact as measured
    from motcua.errors import InputError
    from motcua.web.bench.questions.impact_tables import placed, plain_table

    table = asked.folder / "table.csv"
    try:
        plain_table(Path(asked.arguments["file"]), table, old, asked.procedure)
        return measured(old, asked.procedure, facts_file(table, old, asked.procedure), on=day, progress=asked.progress)
    except InputError as error:
        raise InputError(placed(error.problems, old, asked.procedure)) from error
    finally:
        table.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Lists:
    """As much of the read model as reading facts takes; the site has brought it up to date."""

    engine: Any


def _engine(url: str) -> Any:
    """The database of the read model; PostgreSQL gives up the work of a child that has ended."""
    import sqlalchemy as sa

    engine = sa.create_engine(url, hide_parameters=True)
    if engine.dialect.name == "postgresql":
        @sa.event.listens_for(engine, "connect")
        def look_for_us(connection: Any, _record: Any) -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET client_connection_check_interval = 2000")
                connection.commit()
            except engine.dialect.loaded_dbapi.Error:
                # a server that cannot do so works to the end in vain
                connection.rollback()

    return engine


if __name__ == "__main__":
    main()
