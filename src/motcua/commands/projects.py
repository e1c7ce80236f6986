"""``motcua new``: a project that embeds motcua, to grow one's own from."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from motcua.catalogue import Catalogue
from motcua.commands.console import PathTo, problems_exit_2
from motcua.errors import InputError, Problem
from motcua.forms import generate_form

EXAMPLE = "example.water.well-registration"


@click.command()
@click.argument("folder", type=PathTo(file_okay=False), metavar="DIR")
@problems_exit_2
def new(folder: Path) -> None:
    """Make a project in DIR: an application of ten lines, an example procedure, its form and tests."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(Problem("CLI_003", {"folder": str(folder)}))
    with as_file(files("motcua.commands") / "project") as template:
        shutil.copytree(template, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    form = folder / "forms" / "water" / "well-registration.xml"
    form.parent.mkdir(parents=True)
    form.write_bytes(generate_form(Catalogue.load(folder / "rules")[EXAMPLE].procedure))
    click.echo(f"cd {folder} && python -m pytest && motcua lint && motcua serve")
