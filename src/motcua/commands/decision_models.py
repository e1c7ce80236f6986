"""``motcua export-dmn`` and ``motcua import-dmn``: decision models for tools that speak OMG DMN."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import click

from motcua.commands.console import PathTo, forms_option, problems_exit_2, read_bytes, rules_option
from motcua.commands.rules import find_procedure, read_date
from motcua.dmn import export_dmn as write_dmn
from motcua.dmn import import_dmn as read_dmn
from motcua.errors import InputError, Problem
from motcua.procedures import LawVersion

OUT = PathTo()


def _today() -> date:
    """Today in Viet Nam."""
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=7))).date()


@click.command("export-dmn")
@click.argument("procedure")
@click.option("--on", callback=read_date, metavar="DATE", help="The law version of this day; default: today's.")
@click.option("--all", "every", is_flag=True, help="Every law version, each as a file in the folder -o.")
@click.option("-o", "--output", type=OUT, metavar="FILE", help="Where to write; default: standard output.")
@click.option("--plain", is_flag=True, help="Without guards against null: right only where every fact is known.")
@rules_option
@forms_option
@problems_exit_2
def export_dmn(procedure: str, on: date | None, every: bool, output: Path | None, plain: bool, rules: Path,
               forms: Path) -> None:
    """Write a law version of PROCEDURE as DMN 1.3 XML: facts as inputs, all else as decisions, with a picture."""
    law = find_procedure(rules, forms, procedure).procedure
    if every:
        if output is None or on is not None:
            raise InputError(Problem("DMN_003", {"option": "-o" if output is None else "--on"}))
        _write_all(law.versions, output, plain)
        return
    version = law.version_on(on or _today())
    xml = write_dmn(version, guarded=not plain)
    if output is None:
        sys.stdout.buffer.write(xml)
    else:
        _write(output, xml)
    click.echo(f"{law.id} {version}", err=True)


def _write_all(versions: tuple[LawVersion, ...], folder: Path, plain: bool) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    for version in versions:
        file = folder / f"{version.procedure.id}_{version.interval.first or 'begin'}.dmn"
        _write(file, write_dmn(version, guarded=not plain))
        click.echo(file)


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> InputError:
    return InputError(Problem("DMN_004", {"file": str(file), "why": error.strerror or "?"}))


@click.command("import-dmn")
@click.argument("file", metavar="FILE.dmn")
@click.option("-o", "--output", type=OUT, metavar="DRAFT.yaml", help="Where to write; default: standard output.")
@problems_exit_2
def import_dmn(file: str, output: Path | None) -> None:
    """Make a draft rule file from the decision tables of FILE.dmn (DMN 1.1 to 1.5); - for standard input.

    What could not be taken over is named on standard error and in the draft's "gaps".
    """
    draft = read_dmn(read_bytes(file), file="stdin" if file == "-" else Path(file).name)
    if output is None:
        click.echo(draft.text, nl=False)
    else:
        _write(output, draft.text.encode())
    for problem in draft.gaps:
        click.echo(problem.format(), err=True)
