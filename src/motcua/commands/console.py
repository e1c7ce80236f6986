"""What all subcommands share: where the rules are, how answers and problems are printed."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from motcua.catalogue import Catalogue
from motcua.errors import InputError, MotcuaError, Place, Problem
from motcua.procedures import load_facts_text

P = ParamSpec("P")
R = TypeVar("R")



class PathTo(click.Path):
    """A path, which of one that is not there or of the other kind says so in both languages, and exits with 2."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(exists=exists, file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, if it is what it should be."""
        code = None
        if not os.path.exists(value):
            code = None if not self.exists else "CLI_009" if self.file_okay else "CLI_010"
        elif not self.dir_okay and os.path.isdir(value):
            code = "CLI_011"
        elif not self.file_okay and not os.path.isdir(value):
            code = "CLI_012"
        if code is not None:
            refuse([Problem(code, {"path": str(value)}, Place(field=param.opts[0] if param else ""))])
        return super().convert(value, param, ctx)


class Seconds(click.ParamType[float]):
    """A time limit: more than nothing, and at most a day."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0.001 <= seconds <= 86_400:
            refuse([Problem("CLI_014", {"value": str(value)}, Place(field=param.opts[0] if param else ""))])
        return seconds


FOLDER = PathTo(exists=True, file_okay=False)
FILE = PathTo(exists=True, dir_okay=False)

rules_option = click.option(
    "--rules",
    type=FOLDER,
    default="rules",
    envvar="MOTCUA_RULES",
    show_default=True,
    show_envvar=True,
    help="Folder of the rule files.",
)
forms_option = click.option(
    "--forms",
    type=PathTo(file_okay=False),
    default="forms",
    envvar="MOTCUA_FORMS",
    show_default=True,
    show_envvar=True,
    help="Folder of the XForms.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def load_catalogue(rules: Path, forms: Path) -> Catalogue:
    """The catalogue of both folders; a missing forms folder means a catalogue without forms."""
    return Catalogue.load(rules, forms=forms if forms.is_dir() else None)


def problems_exit_2(command: Callable[P, R]) -> Callable[P, R]:
    """Print every problem of bad input on standard error and exit with 2, instead of a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except MotcuaError as error:
            refuse(error.problems)
        except OSError as error:
            if error.filename is None:
                raise
            refuse([Problem("CLI_013", {"path": str(error.filename), "said": error.strerror or str(error)})])

    return run


def refuse(problems: Iterable[Problem]) -> NoReturn:
    """Print the problems on standard error and leave with exit code 2."""
    for problem in problems:
        click.echo(problem.format(), err=True)
    sys.exit(2)


def print_json(value: Any) -> None:
    """Print JSON for people and programs: UTF-8, indented, keys in the contract's order."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def read_bytes(file: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``."""
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    if not path.is_file():
        raise MotcuaError(Problem("CLI_001", {"file": file}))
    return path.read_bytes()


def read_facts_file(file: str) -> dict[str, Any]:
    """The facts of a JSON or YAML file, or of standard input for ``-``, as written."""
    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Problem("CLI_006", {"file": file})) from error
    return load_facts_text(text, file=file)
