"""Long questions about the law: worked out in a child process, their answers kept in the data folder.

A question is a procedure, a kind and arguments; its answer lies in a folder named by the digest of the rules and of
the arguments, so that asking again finds it, in whichever server process. Who works on it holds the lock of that
folder: a child that ends in whatever way lets go of it, so that nothing stays "working" for ever. A child is stopped
by a file that it looks for, so that any server process can stop it, and nobody ends a stranger's process by its number.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from motcua.children import child_command, child_environment
from motcua.dossiers import VIETNAM
from motcua.errors import InputError, Problem
from motcua.version import __version__
from motcua.web.bench.questions.working import write_whole

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.procedures import Procedure

State = Literal["absent", "waiting", "running", "stopping", "stopped", "done", "failed"]

#: Kind of question → the function that answers it in the child: ``function(asked) -> JSON``.
KINDS: dict[str, str] = {
    "checks": "motcua.web.bench.questions.working:checks",
    "coverage": "motcua.web.bench.questions.working:coverage",
    "compare": "motcua.web.bench.questions.working:compare",
    "impact": "motcua.web.bench.questions.working:impact",
}
#: So many questions are worked on at once, so many more may wait, and each is given so many seconds.
MOST_WORKING: Final = 2
MOST_ALIVE: Final = 10
SECONDS: Final = 1800
#: So many answers are kept; the oldest go first.
MOST_KEPT: Final = 200
#: Whoever stops a question waits at most so many seconds for its child to end.
PATIENCE: Final = 5
#: The file that tells the child to stop: who asked for that, and when.
STOP: Final = "stop.json"
#: The answer while its question is worked out anew.
EARLIER: Final = "earlier.json"
#: The file that says what is asked, by whom, since when, and on which page.
ASKED: Final = "asked.json"
_CHILD: Final = Path(__file__).with_name("working.py")


@dataclass(frozen=True, slots=True)
class Job:
    """A question and what has become of it. ``progress`` is from 0 to 1; ``at`` is when it was answered or stopped.

    ``result`` is the JSON of a question that is done, ``problems`` say why one failed, ``by`` names who stopped it.
    A done question with either of these keeps its earlier answer, as a newer attempt failed or was stopped.
    """

    state: State
    progress: float = 0.0
    result: Any = None
    problems: tuple[Mapping[str, str], ...] = ()
    at: datetime | None = None
    folder: Path | None = None
    by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in ("waiting", "running", "stopping")

    @property
    def can_be_stopped(self) -> bool:
        """Whether it is worked on and nobody has stopped it yet."""
        return self.state in ("waiting", "running")

    def reasons(self, lang: str) -> list[str]:
        """Why it failed, in a language."""
        return [problem[lang] for problem in self.problems]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that is worked on: ``name`` tells it from the others, ``url`` is the page it was asked on."""

    name: str
    procedure: str
    kind: str
    url: str
    by: str
    at: datetime
    job: Job


def job(request: Request, procedure: Procedure, kind: str, arguments: Mapping[str, Any]) -> Job:
    """What has become of a question; nothing is begun."""
    return look(_folder(data_folder(request), procedure, kind, arguments))


def start(request: Request, procedure: Procedure, kind: str, arguments: Mapping[str, Any], *,
          again: bool = False, secrets: Mapping[str, Any] | None = None, by: str = "", url: str = "") -> Job:
    """Have a question worked out, unless it is answered or somebody works on it.

    ``again`` works out anew what is answered. ``secrets`` reach the child and no file; they do not tell one question
    from another. ``by`` and ``url`` tell others who asked and where. Only for requests that change something: POST,
    with the visitor's right to test.

    Raises:
        InputError: WEB_260, too many questions are open.
    """
    home = data_folder(request)
    folder = _folder(home, procedure, kind, arguments)
    about = {"procedure": procedure.id, "kind": kind, "by": by, "url": url}
    asked = {"folder": str(folder), "slots": str(home), "most": MOST_WORKING, "seconds": SECONDS,
             "stop": STOP, "work": KINDS[kind], "rules": procedure.path, "digest": procedure.digest,
             "register": str(request.registry.settings["motcua.rules"] or ""),
             "arguments": {**arguments, **(secrets or {})}}
    try:
        _start(home, folder, about, asked, again=again)
    except FileNotFoundError:
        # another request took it away at this moment, as the oldest answer
        _start(home, folder, about, asked, again=again)
    _tidy(home, folder)
    return look(folder)


def _start(home: Path, folder: Path, about: Mapping[str, Any], asked: Mapping[str, Any], *, again: bool) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _hold(folder / "lock") as lock:
        if lock is None or not (again or look(folder, is_held=False).state != "done"):
            return
        with _place(home) as place:
            with suppress(FileNotFoundError):
                (folder / "result.json").replace(folder / EARLIER)
            for name in ("failed.json", STOP, "progress"):
                (folder / name).unlink(missing_ok=True)
            write_whole(folder / ASKED, json.dumps({**about, "at": _now()}, ensure_ascii=False))
            (folder / "begun").touch(mode=0o600)
            _launch((lock, place), asked)


def stop(request: Request, procedure: Procedure, kind: str, arguments: Mapping[str, Any], *, by: str) -> Job:
    """Stop the work on a question, in whichever process it is done; what is answered or not begun stays as it is.

    ``by`` is the name of who stops it. Only for requests that change something: POST, with the visitor's right to test.
    """
    return _stop(_folder(data_folder(request), procedure, kind, arguments), by)


def open_questions(request: Request) -> list[OpenQuestion]:
    """All that is worked on or waits for its turn, the oldest first: also what is no longer asked by any page.

    A page asks of the cases there are now; a case more, and the question begun before it is another one.
    """
    found = []
    for asked in data_folder(request).glob(f"*/*/{ASKED}"):
        if not _is_held(asked.parent / "lock"):
            continue
        state = look(asked.parent)
        with suppress(OSError, ValueError, LookupError, TypeError):
            told = json.loads(asked.read_text(encoding="utf-8"))
            name = f"{asked.parent.parent.name}/{asked.parent.name}"
            if state.is_open:
                found.append(OpenQuestion(name, told["procedure"], told["kind"], told["url"], told["by"],
                                          datetime.fromisoformat(told["at"]), state))
    return sorted(found, key=lambda each: each.at)


def stop_open(request: Request, name: str, *, by: str) -> Job | None:
    """Stop an open question by its name, as `stop` does; None where none of that name is open."""
    known = {each.name: each.job.folder for each in open_questions(request)}
    folder = known.get(name)
    return None if folder is None else _stop(folder, by)


def _stop(folder: Path, by: str) -> Job:
    if look(folder).can_be_stopped:
        write_whole(folder / STOP, json.dumps({"by": by, "at": _now()}, ensure_ascii=False))
        end = time.monotonic() + PATIENCE
        while _is_held(folder / "lock") and time.monotonic() < end:
            time.sleep(0.05)
    return look(folder)


def _now() -> str:
    return datetime.now(VIETNAM).isoformat(timespec="seconds")


def look(folder: Path, *, is_held: bool | None = None) -> Job:
    """What has become of the question of a folder."""
    if not (folder / "begun").is_file():
        return Job("absent", folder=folder)
    # first the lock: a child that has just ended has written what it found before letting go
    held = _is_held(folder / "lock") if is_held is None else is_held
    found = _answer(folder, "result.json") or _without_answer(folder, held)
    if is_held is None and not held and found.state != "done" and _is_held(folder / "lock"):
        # asked anew since the first look
        found = _without_answer(folder, held=True)
    earlier = _answer(folder, EARLIER) if found.state in ("failed", "stopped") else None
    return found if earlier is None else replace(earlier, problems=found.problems, by=found.by)


def _answer(folder: Path, name: str) -> Job | None:
    file = folder / name
    with suppress(OSError, ValueError):
        at = datetime.fromtimestamp(file.stat().st_mtime, VIETNAM)
        return Job("done", 1.0, json.loads(file.read_text(encoding="utf-8")), at=at, folder=folder)
    return None


def _without_answer(folder: Path, held: bool) -> Job:
    failed = folder / "failed.json"
    if failed.is_file():
        with suppress(OSError, ValueError):
            return Job("failed", problems=tuple(json.loads(failed.read_text(encoding="utf-8"))), folder=folder)
    told = _told_to_stop(folder)
    if told is not None:
        return Job("stopping" if held else "stopped", _progress(folder) or 0.0, at=told[1], folder=folder, by=told[0])
    if held:
        progress = _progress(folder)
        return Job("waiting" if progress is None else "running", progress or 0.0, folder=folder)
    return Job("failed", problems=(_in_words(Problem("WEB_261")),), folder=folder)


def _in_words(problem: Problem) -> dict[str, str]:
    return {lang: problem.message(lang) for lang in ("vi", "en")}


def data_folder(request: Request) -> Path:
    """Where the answers and what belongs to them are kept."""
    return Path(request.registry.settings["motcua.data"]) / "analysis"


def _folder(home: Path, procedure: Procedure, kind: str, arguments: Mapping[str, Any]) -> Path:
    """Where the answer lies: other rules, another version of motcua or other arguments are another question."""
    asked = json.dumps([__version__, procedure.id, KINDS[kind], arguments], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:24]
    return home / (procedure.digest.rpartition(":")[2][:16] or "rules") / f"{kind}-{digest}"


def _told_to_stop(folder: Path) -> tuple[str, datetime] | None:
    """Who stopped the question and when; None where nobody did."""
    try:
        told = json.loads((folder / STOP).read_text(encoding="utf-8"))
        return str(told["by"]), datetime.fromisoformat(told["at"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _progress(folder: Path) -> float | None:
    try:
        return min(1.0, max(0.0, float((folder / "progress").read_text(encoding="ascii"))))
    except (OSError, ValueError):
        return None


@contextmanager
def _hold(path: Path) -> Iterator[int | None]:
    """The lock of a file as a descriptor to hand on, or None where another has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle if any(_takes(handle) for _ in range(10)) else None
    finally:
        # a child that was given the descriptor keeps the lock
        os.close(handle)


def _takes(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # perhaps somebody only looks
        time.sleep(0.01)
        return False
    return True


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def _place(home: Path) -> Iterator[int]:
    """One of the places of questions that are open, as a lock to hand on."""
    for number in range(MOST_ALIVE):
        with _hold(home / f"open-{number}") as place:
            if place is not None:
                yield place
                return
    raise InputError(Problem("WEB_260", {"count": MOST_ALIVE}))


def _launch(locks: tuple[int, ...], asked: Mapping[str, Any]) -> None:
    """Start the child, which inherits the locks, and wait for its end in a thread of its own."""
    with (Path(asked["folder"]) / "log").open("wb") as log:
        child = subprocess.Popen(child_command(_CHILD), stdin=subprocess.PIPE, stdout=log, stderr=log,  # noqa: S603
                                 pass_fds=locks, start_new_session=True, env=child_environment())
    text = json.dumps({**asked, "locks": locks}).encode()
    threading.Thread(target=child.communicate, args=(text,), daemon=True).start()


def _tidy(home: Path, mine: Path) -> None:
    """Take the oldest answers away when there are more than are kept, but none that somebody begins anew."""
    # what is not there any more has been taken away by another request
    with suppress(FileNotFoundError):
        begun = sorted(home.glob("*/*/begun"), key=lambda path: path.stat().st_mtime)
        for path in begun[:max(0, len(begun) - MOST_KEPT)]:
            if path.parent != mine:
                with _hold(path.parent / "lock") as lock:
                    if lock is not None:
                        shutil.rmtree(path.parent, ignore_errors=True)
