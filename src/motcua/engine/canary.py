"""The canary: a program is published only after a child process has run it and lived.

durable-rules can end the process it runs in, and be wrong without a word. So a new program first runs in a
child: all atoms true, none true, and a thousand random dossiers, each compared with what follows by plain
forward chaining. A pass is remembered per process, and in the user's cache folder by the digest of everything
it depends on, so that a command does not pay for it at each start.

As a script (``python canary.py < program.json``) this file is the child. It loads only `durable`.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from motcua.engine.durable import Program

DOSSIERS: Final = 1000
TIMEOUT_SECONDS: Final = 30

_HERE: Final = Path(__file__)
_passed: set[str] = set()


def failure_of(program: Program) -> str | None:
    """Run ``program`` in a child process, once; the reason why it failed, or None when all went well."""
    text = json.dumps(program.to_plain(), separators=(",", ":"))
    digest = _digest(text)
    if digest in _passed or _remembered(digest):
        return None
    failure = _run_child(text)
    if failure is None:
        _passed.add(digest)
        _remember(digest)
    return failure


def _run_child(text: str) -> str | None:
    from motcua.children import child_command, child_environment  # not where this file is the child

    try:
        child = subprocess.run(child_command(_HERE), input=text, capture_output=True, text=True, check=False,  # noqa: S603
                               timeout=TIMEOUT_SECONDS, env=child_environment())
    except subprocess.TimeoutExpired:
        return f"no answer in {TIMEOUT_SECONDS} seconds"
    if child.returncode == 0:
        return None
    last = child.stderr.strip().splitlines()[-1:] or [f"ended by signal {-child.returncode}"]
    return last[0]


def _digest(text: str) -> str:
    import durable_rules_engine

    parts = [text.encode(), sys.version.encode(), (_HERE.parent / "durable.py").read_bytes(), _HERE.read_bytes(),
             Path(durable_rules_engine.__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _folder() -> Path | None:
    """Where passes are remembered; the variable MOTCUA_CANARY_CACHE names another folder, or "off"."""
    named = os.environ.get("MOTCUA_CANARY_CACHE")
    if named == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(named) if named else Path(base) / "motcua" / "canary"
    return folder if folder.is_absolute() else None  # a user without a home has "~"


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can write there: a pass that another user left is no pass, a link of theirs no file."""
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _remembered(digest: str) -> bool:
    folder = _folder()
    try:
        found = folder is not None and _is_ours(folder) and (folder / digest).read_text() == digest
    except (OSError, UnicodeDecodeError):
        return False
    if found:
        _passed.add(digest)
    return found


def _remember(digest: str) -> None:
    folder = _folder()
    if folder is not None:
        with suppress(OSError):  # a read-only home only costs the next process its second
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_ours(folder):
                (folder / digest).write_text(digest)


def _main() -> None:
    """The child: exits 0 when every dossier agreed."""
    import importlib.util

    spec: Any = importlib.util.spec_from_file_location("durable_driver", _HERE.with_name("durable.py"))
    driver = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = driver
    spec.loader.exec_module(driver)
    try_out(driver, driver.Program.from_plain(json.load(sys.stdin)))


def try_out(driver: Any, program: Program) -> None:
    """Run the dossiers; SystemExit with a sentence at the first wrong answer."""
    engine = driver.Engine(program)
    for true in _dossiers(program):
        concluded = {program.clauses[number].concludes for number in engine.run(true)}
        if concluded != program.follow(true):
            sys.exit(f"with atoms {sorted(true)} true the engine concluded {sorted(concluded)}")


def _dossiers(program: Program) -> Any:
    atoms = sorted({atom for clause in program.clauses for atom in clause.atoms})
    yield frozenset()
    yield frozenset(atoms)
    chance = random.Random(20240506)  # noqa: S311  (the same dossiers each time)
    for _ in range(DOSSIERS):
        density = chance.choice((0.05, 0.3, 0.5, 0.7, 0.9, 0.98))
        yield frozenset(atom for atom in atoms if chance.random() < density)


if __name__ == "__main__":
    _main()
