"""``motcua check, test, lint, procedures, schema``: the law as data, from the shell."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import cast

import click

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.commands.console import (
    PathTo,
    forms_option,
    json_option,
    load_catalogue,
    print_json,
    problems_exit_2,
    read_bytes,
    refuse,
    rules_option,
)
from motcua.conditions import Type, read_value
from motcua.engine import Assessment
from motcua.errors import InputError, Place, Problem, closest
from motcua.lint import lint as lint_project
from motcua.procedures import SOURCES_FILE, load_facts_text, nearest_sources, rule_file_schema
from motcua.scenarios import READERS, Result, left_out, run_scenarios

ENGINES = (*READERS, "all")


def find_procedure(rules: Path, forms: Path, name: str) -> CheckedProcedure:
    """The procedure of that id, or a problem that names the nearest one."""
    return procedure_in(load_catalogue(rules, forms), name)


def procedure_in(catalogue: Catalogue, name: str) -> CheckedProcedure:
    """The catalogue's procedure of that id, or a problem that names the nearest one."""
    if name not in catalogue:
        near = closest(name, catalogue) or next(iter(catalogue), "–")
        raise InputError(Problem("CLI_002", {"procedure": name, "closest": near}))
    return catalogue[name]


def read_date(_context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A date argument as YYYY-MM-DD."""
    try:
        return None if value is None else cast(date, read_value(Type("date"), value, Place(field=parameter.opts[0])))
    except InputError as error:
        refuse(error.problems)


@click.command()
@click.argument("procedure")
@click.option(
    "--facts", required=True, metavar="FILE", help="JSON or YAML, fact id to value; - for standard input."
)
@click.option(
    "--on",
    callback=read_date,
    metavar="DATE",
    help="The day the dossier was received, if the facts do not say.",
)
@json_option
@rules_option
@forms_option
@problems_exit_2
def check(procedure: str, facts: str, on: date | None, as_json: bool, rules: Path, forms: Path) -> None:
    """Check facts against the rules of PROCEDURE; exit 0 whatever the outcome, 2 on bad input."""
    checked = find_procedure(rules, forms, procedure)
    try:
        text = read_bytes(facts).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Problem("CLI_006", {"file": facts})) from error
    assessment = checked.check(load_facts_text(text, file=facts), on=on)
    print_json(assessment.to_json()) if as_json else print_assessment(checked, assessment)


def print_assessment(checked: CheckedProcedure, assessment: Assessment) -> None:
    """The assessment for a person at a terminal, Vietnamese first."""
    answer, title = assessment.to_json(), checked.procedure.title
    click.echo(f"{click.style(title.vi, bold=True)}\n{title.en}")
    click.secho(f"{answer['outcome']}   {answer['law_date'] or '–'}   ({answer['law_version'] or '–'})", bold=True)
    for finding in answer["requirements"]:
        click.echo(f"\n{finding['state']:<15} {finding['id']}   {finding['cite']}")
        click.echo(f"    {finding['vi']}\n    {finding['en']}")
        if finding["state"] != "met":
            given = finding["because"].items()
            click.echo("".join(f"    {name} = {'?' if value is None else value}\n" for name, value in given), nl=False)
    click.echo()
    for label, ids in (("missing", answer["missing"]), ("documents", answer["documents"])):
        click.echo(f"{label}: {', '.join(ids) or '–'}")
    for name, decision in answer["decisions"].items():
        shown = (
            "–"
            if decision is None
            else " ".join(
                str(decision[key])
                for key in ("value", "unit", "due", "row", "cite")
                if decision.get(key) is not None
            )
        )
        click.echo(f"{name}: {shown}")


@click.command()
@click.argument("paths", nargs=-1, type=PathTo(exists=True), metavar="[PATH]...")
@click.option("--procedure", metavar="ID", help="Only the scenarios of this procedure.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="all",
    show_default=True,
    help="The reader of the law; a disagreement of readers fails the scenario.",
)
@json_option
@rules_option
@forms_option
@problems_exit_2
def test(
    paths: tuple[Path, ...], procedure: str | None, engine: str, as_json: bool, rules: Path, forms: Path
) -> None:
    """Run scenario files, wherever they lie (default: all of the rules folder); exit 1 if any failed.

    Below a folder: *.scenarios.yaml, and other YAML files with the key "scenarios".
    """
    catalogue = load_catalogue(rules, forms)
    if procedure is not None:
        procedure_in(catalogue, procedure)
    for name in left_out(engine):
        click.echo(Problem("BULK_003", {"reader": name}, severity="warning").format(), err=True)
    results = run_scenarios(catalogue, paths or (rules,), engine=engine, procedure=procedure)
    counts = Counter(result.state for result in results)
    if as_json:
        print_json(
            {
                **{state: counts[state] for state in ("passed", "failed", "waiting")},
                "results": [result.to_json() for result in results],
            }
        )
    else:
        print_results(results)
    sys.exit(1 if counts["failed"] else 0)


def print_results(results: list[Result]) -> None:
    """Each failed scenario with what was expected and what came, those waiting for confirmation, then the counts."""
    for result in results:
        if result.state == "failed":
            click.echo(f"FAILED {result.file} {result.id}\n  expected {result.expected}\n  got      {result.got}")
        if result.state == "waiting":
            click.echo(f"WAITING FOR CONFIRMATION {result.file} {result.id}\n  proposed {result.expected}")
    counts = Counter(result.state for result in results)
    waiting = f", {counts['waiting']} waiting for confirmation" if counts["waiting"] else ""
    click.echo(f"{counts['passed']} passed, {counts['failed']} failed{waiting}")


@click.command()
@click.argument("path", type=PathTo(exists=True), required=False)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def lint(path: Path | None, strict: bool, as_json: bool, rules: Path, forms: Path) -> None:
    """Examine rule, scenario and form files (PATH: a folder or file; default: all); exit 1 on errors."""
    if path is not None and not any(_meet(path, folder) for folder in (rules, forms)):
        register = nearest_sources(path.resolve() / SOURCES_FILE if path.is_dir() else path.resolve())
        if register is None:
            raise InputError(Problem("CLI_015", {"path": str(path), "rules": str(rules), "forms": str(forms)}))
        # drafts, or the rules of another project: a rules folder of their own
        problems = lint_project(register.parent, only=path.resolve())
    else:
        problems = lint_project(rules, forms if forms.is_dir() else None, only=path)
    errors = [problem for problem in problems if strict or problem.severity == "error"]
    if as_json:
        print_json([problem.to_json() for problem in problems])
    else:
        for problem in problems:
            click.echo(problem.format())
        click.echo(f"{len(errors)} errors, {len(problems) - len(errors)} warnings")
    sys.exit(1 if errors else 0)


def _meet(path: Path, folder: Path) -> bool:
    """Whether one of the two lies in the other."""
    one, other = path.resolve(), folder.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


@click.command()
@json_option
@rules_option
@forms_option
@problems_exit_2
def procedures(as_json: bool, rules: Path, forms: Path) -> None:
    """List the procedures of the rules folder."""
    listed = [entry.to_json() for entry in load_catalogue(rules, forms).values()]
    if as_json:
        print_json(listed)
        return
    for entry in listed:
        click.echo(f"{entry['id']}\n    {entry['vi']}\n    {entry['en']}")


@click.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    print_json(rule_file_schema())
