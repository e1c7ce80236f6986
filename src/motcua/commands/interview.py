"""``motcua interview``: the fewest questions that settle the outcome."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from motcua.commands.console import (
    forms_option,
    json_option,
    print_json,
    problems_exit_2,
    read_facts_file,
    rules_option,
)
from motcua.commands.rules import find_procedure, print_assessment, read_date
from motcua.errors import InputError
from motcua.procedures import Fact, Procedure, read_facts

UNKNOWN = "?"


@click.command()
@click.argument("procedure")
@click.option("--facts", metavar="FILE", help="What is known already: JSON or YAML, fact id to value.")
@click.option("--on", callback=read_date, metavar="DATE",
              help="The day the dossier was received, if the facts do not say.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def interview(procedure: str, facts: str | None, on: date | None, as_json: bool, rules: Path, forms: Path) -> None:
    """Ask, at a terminal, only what can still change the outcome of PROCEDURE; else print the next question.

    Exit 0 whatever the outcome, 2 on bad input.
    """
    from motcua.analysis.interview import plan

    checked = find_procedure(rules, forms, procedure)
    known = read_facts(checked.procedure, {} if facts is None else read_facts_file(facts))
    if on is not None:
        known.setdefault(checked.procedure.law_at, on)
    if not as_json and facts != "-" and is_terminal():
        known = _ask(checked.procedure, known)
        print_assessment(checked, checked.check(known))
        return
    found = plan(checked.procedure, known, exact=True)
    if as_json:
        print_json({"procedure": checked.id, **found.to_json()})
        return
    click.echo(found.outcome)
    if found.question is not None:
        click.echo(f"{found.question}: {_titled(checked.procedure.facts[found.question])}")
        click.echo(f"Còn nhiều nhất {found.at_most} câu hỏi / At most {found.at_most} questions are left")
    click.echo("Không còn ảnh hưởng đến kết quả / No longer matters for the outcome: "
               + (", ".join(found.no_longer_matter) or "–"))


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _ask(procedure: Procedure, known: dict[str, Any]) -> dict[str, Any]:
    """Ask question after question until the outcome is settled; the facts then known."""
    from motcua.analysis.interview import plan

    asked: list[str] = []
    found = plan(procedure, known, exact=True)
    while found.question is not None:
        fact = procedure.facts[found.question]
        click.echo(f"\n[{found.at_most}] {_titled(fact)}")
        if fact.hint is not None:
            click.echo(f"    {fact.hint.vi}\n    {fact.hint.en}")
        for word, text in procedure.labels.get(fact.type.list or "", {}).items():
            click.echo(f"    {word} = {text.vi} / {text.en}")
        answer = click.prompt(f"{fact.id} ({fact.type}; {UNKNOWN} = ?)").strip()
        try:
            now = known if answer == UNKNOWN else known | read_facts(procedure, {fact.id: _typed(fact, answer)})
            found = plan(procedure, now, [*asked, fact.id], exact=True)
        except InputError as error:  # the answer is no value, or contradicts an earlier one: asked again
            for problem in error.problems:
                click.echo(problem.format())
            continue
        known = now
        asked.append(fact.id)
    return known


def _titled(fact: Fact) -> str:
    return f"{fact.title.vi} / {fact.title.en}"


def _typed(fact: Fact, answer: str) -> Any:
    """An answer as a facts file would hold it."""
    if fact.type.kind == "yes/no":
        words = {"y": True, "yes": True, "true": True, "co": True, "có": True, "c": True,
                 "n": False, "no": False, "false": False, "khong": False, "không": False, "k": False}
        return words.get(answer.lower(), answer)
    if fact.type.kind == "list of":
        return [] if answer == "-" else [word.strip() for word in answer.split(",")]
    return answer
