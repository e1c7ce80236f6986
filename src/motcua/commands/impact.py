"""``motcua impact``: what a draft of the law would change for every dossier."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.analysis.bulk import facts_file, impact, require
from motcua.commands.archives import archive_of, ini_option
from motcua.commands.console import (
    FILE,
    PathTo,
    forms_option,
    json_option,
    print_json,
    problems_exit_2,
    rules_option,
)
from motcua.commands.rules import find_procedure, read_date
from motcua.procedures import SOURCES_FILE, Procedure, load_procedure, load_sources, nearest_sources

if TYPE_CHECKING:
    from motcua.analysis.bulk import Impact, Progress, Source

BACKENDS = ("duckdb", "postgres", "spark")
#: Flips shown at a terminal; all of them are in the CSV.
SHOWN = 60


@click.command("impact")
@click.argument("procedure")
@click.option("--with", "draft", required=True, type=FILE, metavar="DRAFT.yaml", help="The rule file as it would be.")
@click.option("--facts", type=FILE, metavar="FILE", help="CSV or Parquet of facts instead of the stored dossiers.")
@click.option("--on", callback=read_date, metavar="DATE", help="As if every dossier were received on that day.")
@click.option("--backend", type=click.Choice(BACKENDS), default="duckdb", show_default=True,
              help="Where it is computed; postgres is the database that the dossiers lie in.")
@click.option("--csv", "target", type=PathTo(dir_okay=False), metavar="OUT",
              help="Write every change of every dossier there.")
@json_option
@ini_option
@rules_option
@forms_option
@problems_exit_2
def impact_command(procedure: str, draft: Path, facts: Path | None, on: date | None, backend: str, target: Path | None,
                   as_json: bool, ini: Path | None, rules: Path, forms: Path) -> None:
    """Compare the rules of PROCEDURE in force with a draft of them, for all stored dossiers or a table of facts.

    Nothing is written to the dossiers. Some of the answers are checked by the rules engine in each run.
    """
    require()
    now = find_procedure(rules, forms, procedure).procedure
    then = load_procedure(draft, load_sources(nearest_sources(draft) or rules / SOURCES_FILE))
    with source_of(facts, ini, now, then) as source, progress_bar(not as_json) as progress:
        found = impact(now, then, source, on=on, backend=backend, progress=progress)
    if target is not None:
        found.write_csv(target)
    print_json(found.to_json()) if as_json else print_impact(found)


@contextmanager
def source_of(facts: Path | None, ini: Path | None, *procedures: Procedure) -> Iterator[Source]:
    """The table, or the stored dossiers."""
    if facts is not None:
        yield facts_file(facts, *procedures)
        return
    from motcua.dossiers import stored_facts

    with archive_of(ini) as archive:
        yield stored_facts(archive.read_model, procedures[0].id)


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Progress | None]:
    """A bar on the terminal, if there is one."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="dossiers", file=sys.stderr) as bar:
        def progress(done: int, total: int | None) -> None:
            bar.length = max(total or done, 1)
            bar.update(done - bar.pos)

        yield progress


def print_impact(found: Impact) -> None:
    """The impact for a person at a terminal, Vietnamese first."""
    shown = found.to_json()
    counts: Mapping[str, int] = shown["counts"]
    click.secho(shown["procedure"], bold=True)
    click.echo("   ".join(f"{name.replace('_', ' ')}: {number}" for name, number in counts.items()))
    click.echo(f"{'':<15}{'before':>10}{'after':>10}")
    before, after = shown["outcomes"]["before"], shown["outcomes"]["after"]
    for outcome, number in before.items():
        if number or after[outcome]:
            click.echo(f"{outcome:<15}{number:>10}{after[outcome]:>10}")
    flips: list[dict[str, Any]] = [*shown["flips"]["outcome"], *shown["flips"]["provisions"]]
    for flip in flips[:SHOWN]:
        click.echo(f"\n{flip['kind']} {flip['id']}: {_shown(flip['from'])} → {_shown(flip['to'])}   ({flip['count']})")
        click.echo(f"    {flip['vi']}\n    {flip['en']}\n    {', '.join(flip['dossiers'][:5])}"
                   f"{', …' if flip['count'] > 5 else ''}")
    if len(flips) > SHOWN:
        click.echo(f"\n… {len(flips) - SHOWN} more: --csv or --json")
    for each in found.unreadable[:SHOWN]:
        click.echo("\n" + "\n".join(problem.format() for problem in each.problems), err=True)
    click.echo(f"\nchecked by the engine: {found.sampled}")


def _shown(value: Any) -> str:
    return "–" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
