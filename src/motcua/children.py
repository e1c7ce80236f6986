"""Our own scripts in processes of their own: a fresh interpreter, never a fork of a server full of threads."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def child_command(script: Path, *arguments: str) -> list[str]:
    """The command that runs ``script`` with this Python.

    Where Python is embedded in a server, ``sys.executable`` may be that server: then it is the one of the installation.
    """
    running = Path(sys.executable or "python3")
    python = running if running.name.startswith("python") else Path(sys.exec_prefix) / "bin" / "python3"
    # without the script's own folder, whose modules might hide others
    return [str(python), "-P", str(script), *arguments]


def child_environment() -> dict[str, str]:
    """The environment in which it finds the same modules as this process."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
