"""``motcua compare``: what two laws say differently, and what that does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from motcua.commands.console import (
    PathTo,
    Seconds,
    forms_option,
    json_option,
    print_json,
    problems_exit_2,
    rules_option,
)
from motcua.commands.rules import find_procedure, read_date
from motcua.errors import InputError, Problem
from motcua.procedures import SOURCES_FILE, Procedure, load_procedure, load_sources, nearest_sources

if TYPE_CHECKING:
    from motcua.analysis.comparison import Change, Comparison, Effect


@click.command()
@click.argument("procedure")
@click.argument("other", required=False, metavar="[FILE]")
@click.option("--from", "from_", callback=read_date, metavar="DATE", help="The law date of the old law.")
@click.option("--to", callback=read_date, metavar="DATE", help="The law date of the new law.")
@click.option("--with", "draft", type=PathTo(exists=True, dir_okay=False), metavar="DRAFT.yaml",
              help="A draft rule file, compared with the one in force.")
@click.option("--on", callback=read_date, metavar="DATE", help="The law date for both files (default: every day).")
@click.option("--seconds", type=Seconds(), default=60.0, show_default=True,
              help="Time limit of each question about effects.")
@click.option("--text-only", is_flag=True,
              help="Only what the laws say, not what the difference does (needs no solver).")
@json_option
@rules_option
@forms_option
@problems_exit_2
def compare(procedure: str, other: str | None, from_: date | None, to: date | None, draft: Path | None,
            on: date | None, seconds: float, text_only: bool, as_json: bool, rules: Path, forms: Path) -> None:
    """Compare two days of PROCEDURE, a draft with it, or two rule files; exit 0 whatever the outcome.

    PROCEDURE is the id of a procedure or a rule file.
    """
    from motcua.analysis.comparison import compare as compare_laws

    if (other is not None) + (draft is not None) + (from_ is not None or to is not None) != 1 or (
            on is not None and (from_ is not None or to is not None)):
        raise InputError(Problem("CMP_004", {}))
    old = _procedure(procedure, rules, forms)
    second = draft or (Path(other) if other is not None else None)
    new = None if second is None else _rule_file(second, rules)
    found = compare_laws(old, new, from_ or on, to or on, effects=not text_only, seconds=seconds)
    print_json(found.to_json()) if as_json else print_comparison(found)


def _procedure(name: str, rules: Path, forms: Path) -> Procedure:
    path = Path(name)
    return _rule_file(path, rules) if path.is_file() else find_procedure(rules, forms, name).procedure


def _rule_file(path: Path, rules: Path) -> Procedure:
    """A rule file with the nearest register of legal texts, or that of the rules folder."""
    return load_procedure(path, load_sources(nearest_sources(path) or rules / SOURCES_FILE))


def print_comparison(found: Comparison) -> None:
    """The comparison for a person at a terminal, Vietnamese first."""
    click.secho(f"{found.old.title.vi}\n{found.old.title.en}", bold=True)
    for side, name in ((found.old, "from"), (found.new, "to")):
        click.echo(f"{name}: {side.path}   {side.day or ''}   {side.law_version or ''}".rstrip())
    for change in found.changes:
        _print_change(change)
    for effect in (*found.found, *found.unanswered):
        _print_effect(effect)
    none = sum(effect.state == "none" for effect in found.effects or ())
    if none:
        click.echo(f"\nĐã chứng minh không thể xảy ra: {none}\nProved not to happen: {none}")
    click.secho(f"\n{found.text.vi}\n{found.text.en}", bold=True)


def _print_change(change: Change) -> None:
    click.echo(f"\n- {change.text.vi}\n  {change.text.en}")
    if change.days:
        click.echo(f"    {', '.join(map(str, change.days))}")
    for name in change.fields if change.kind == "changed" else ():
        for sign, side in (("-", change.was), ("+", change.now)):
            if side is not None and name in side.fields:
                text = side.fields[name].text
                click.echo(f"    {sign} {text.vi}" + (f"\n      {text.en}" if text.en != text.vi else ""))


def _print_effect(effect: Effect) -> None:
    click.echo(f"\n* {effect.text.vi}\n  {effect.text.en}")
    if effect.causes:
        click.echo("    ← " + ", ".join(f"{cause.part} {cause.id}" for cause in effect.causes))
    if effect.case is not None:
        click.echo(f"    {' → '.join(dict.fromkeys(day.isoformat() for day in effect.dates))}")
        for name in effect.case.differs:
            click.echo(f"    {name} = {effect.case.facts[name]}")
