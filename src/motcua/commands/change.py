"""``motcua change``: what would make an ineligible case eligible."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from motcua.commands.console import (
    Seconds,
    forms_option,
    json_option,
    print_json,
    problems_exit_2,
    read_facts_file,
    rules_option,
)
from motcua.commands.rules import find_procedure, read_date
from motcua.conditions import show_value
from motcua.procedures import read_facts


@click.command()
@click.argument("procedure")
@click.option("--facts", required=True, metavar="FILE", help="JSON or YAML, fact id to value; - for standard input.")
@click.option("--on", callback=read_date, metavar="DATE",
              help="The day the dossier was received, if the facts do not say.")
@click.option("--seconds", type=Seconds(), default=10.0, show_default=True, help="Time limit.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def change(procedure: str, facts: str, on: date | None, seconds: float, as_json: bool, rules: Path,
           forms: Path) -> None:
    """Tell the cheapest change that makes a case of PROCEDURE eligible, and the nearest eligible days.

    Exit 0 whatever the outcome, 2 on bad input.
    """
    from motcua.analysis.change import what_would_change

    checked = find_procedure(rules, forms, procedure)
    known = read_facts(checked.procedure, read_facts_file(facts))
    found = what_would_change(checked.procedure, known, on, seconds=seconds)
    if as_json:
        print_json(found.to_json())
        return
    labels = checked.procedure.labels
    click.echo(f"{found.assessment.outcome}\n{found.text.vi}\n{found.text.en}")
    for each in found.changes:
        click.secho(f"\n= {each.cost}", bold=True)
        for one in each.sets:
            fact = checked.procedure.facts[one.fact]
            click.echo(f"  {one.fact}: {fact.title.vi} / {fact.title.en}")
            for lang in ("vi", "en"):
                was, now = (show_value(fact.type, value, lang, labels) for value in (one.was, one.now))
                click.echo(f"      {was} → {now}")
    for finding in found.assessment.requirements:
        if finding.id in found.blocked_by:
            click.echo(f"  {finding.id}   {finding.cite}\n      {finding.title.vi}\n      {finding.title.en}")
    if found.dates is not None:
        before, after = (day.isoformat() if day else "–" for day in (found.dates.before, found.dates.after))
        click.echo(f"\nCùng dữ kiện, đủ điều kiện: trước đó {before}, sau đó {after}"
                   f"\nThe same facts are eligible: before {before}, after {after}")
