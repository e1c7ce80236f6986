"""A draft as files that everything which reads rules can read; first tried in a child process.

A draft lies in the data folder under the digest of all it is made of: the rule file, the register of legal texts
with those the draft adds, and the scenario file in force. What is there can be made again at any time. Reading it
in the server comes only after a child with bounded time and memory has read it (`draft_trial`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from motcua.catalogue import CheckedProcedure
from motcua.children import child_command, child_environment
from motcua.errors import Problem
from motcua.law import Text
from motcua.procedures import SCENARIOS_SUFFIX, SHARED_FOLDER, Procedure, Register, load_rule_file
from motcua.version import __version__
from motcua.web.bench.drafts.trial import FURTHER, MOST_SECONDS, REGISTER, RULES, register_text

if TYPE_CHECKING:
    from pyramid.request import Request

log = logging.getLogger("motcua.web")

#: So many drafts are kept as files; the oldest go first.
MOST_KEPT: Final = 200
_ANSWER: Final = "problems.json"
_CHILD: Final = Path(__file__).with_name("trial.py")
#: So many are tried at once; others wait.
_places = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """What is wrong with a draft: where, and the line with a caret below.

    ``field`` is text, register, or the shared file in which the line stands.
    """

    code: str
    is_error: bool
    words: Text
    field: str
    line: int | None
    column: int | None
    caret: str


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft read: what is wrong with it, and its rules where no error is."""

    problems: tuple[DraftProblem, ...]
    checked: CheckedProcedure | None

    @property
    def errors(self) -> tuple[DraftProblem, ...]:
        """What must be repaired before it can be tried."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[DraftProblem, ...]:
        """What is worth a look."""
        return tuple(problem for problem in self.problems if not problem.is_error)


def read_draft(request: Request, law: CheckedProcedure, text: str, register: str = "") -> ReadDraft:
    """Read a draft of the rules of ``law``; ``register`` are the further legal texts it cites."""
    home = Path(request.registry.settings["motcua.data"]) / "drafts"
    scenarios = _scenarios_of(law)
    sources = law.procedure.sources
    base = register_text(sources)
    shared = {f"{SHARED_FOLDER}/{name}.yaml": each.text
              for name, each in (sources.shared.items() if isinstance(sources, Register) else ())}
    key = _key(law.id, text, register, base, scenarios, *(part for pair in shared.items() for part in pair))
    folder = home / key
    try:
        # what is read now is not the oldest; another request may have taken it away as that a moment ago
        os.utime(folder)
        said = json.loads((folder / _ANSWER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        said = _make(folder, law.id, {
            f"{RULES}.yaml": text.encode(), FURTHER: register.encode(), REGISTER: base.encode(),
            RULES + SCENARIOS_SUFFIX: scenarios, **{name: each.encode() for name, each in shared.items()}})
        _tidy(home, folder)
    problems = tuple(_read(each) for each in said)
    if any(problem.is_error for problem in problems):
        return ReadDraft(problems, None)
    procedure = _procedure(folder / f"{RULES}.yaml", key)
    return ReadDraft(problems, CheckedProcedure(procedure, law.form_path))


@lru_cache(maxsize=16)
def _procedure(path: Path, _key: str) -> Procedure:
    # what the engine prepares for a procedure is kept with it
    return load_rule_file(path)


def _scenarios_of(law: CheckedProcedure) -> bytes:
    path = Path(law.procedure.path)
    beside = path.with_name(path.stem + SCENARIOS_SUFFIX)
    return beside.read_bytes() if beside.is_file() else b""


def _key(*parts: str | bytes) -> str:
    joined = hashlib.sha256(__version__.encode())
    for part in parts:
        joined.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return joined.hexdigest()[:32]


def _make(folder: Path, name: str, files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Write the files and try the draft, what the child says; the folder appears whole or not at all.

    It does not appear where the child gave no answer: the next request tries again.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as made:
        for file, content in files.items():
            if content or file != RULES + SCENARIOS_SUFFIX:
                (Path(made) / file).parent.mkdir(exist_ok=True)
                (Path(made) / file).write_bytes(content)
        said = _try(Path(made), name)
        if said is None:
            return [_unread()]
        (Path(made) / _ANSWER).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        with suppress(OSError):  # another request was faster
            Path(made).rename(folder)
            Path(made).mkdir()
    return said


def _try(folder: Path, name: str) -> list[dict[str, Any]] | None:
    """What the child says of the draft; None where it ended without a word."""
    command = child_command(_CHILD, str(folder), name)
    with _places:
        try:
            child = subprocess.run(command, capture_output=True, timeout=2 * MOST_SECONDS, check=False,  # noqa: S603
                                   env=child_environment())
        except subprocess.TimeoutExpired:
            return None
    if child.returncode:
        log.warning("a draft could not be read: %s", child.stderr[-2000:].decode("utf-8", "replace"))
        return None
    said: list[dict[str, Any]] = json.loads(child.stdout)
    return said


def _unread() -> dict[str, Any]:
    problem = Problem("WEB_233", {"seconds": MOST_SECONDS})
    return {"code": problem.code, "severity": "error", "vi": problem.message("vi"), "en": problem.message("en"),
            "field": "text", "line": None, "column": None, "source_line": None}


def _read(said: dict[str, Any]) -> DraftProblem:
    line, column, source = said["line"], said["column"], said["source_line"]
    caret = ""
    if source is not None and column is not None:
        # a line may be very long: what stands around the place is enough
        start = max(0, column - 81)
        before = "".join("\t" if char == "\t" else " " for char in source[start:column - 1])
        caret = f"{source[start:start + 160]}\n{before}^"
    return DraftProblem(said["code"], said["severity"] == "error", Text(said["vi"], said["en"]), said["field"],
                        line, column, caret)


def _tidy(home: Path, mine: Path) -> None:
    """Take the oldest away when there are more than are kept."""
    with suppress(OSError):
        found = sorted((path for path in home.iterdir() if not path.name.startswith("new-")),
                       key=lambda path: path.stat().st_mtime)
        for path in found[:max(0, len(found) - MOST_KEPT)]:
            if path != mine:
                # at once for whoever reads it
                shutil.rmtree(path.rename(tempfile.mkdtemp(dir=home, prefix="new-")), ignore_errors=True)
