"""``motcua form`` and ``motcua submission``: XForms and what was filled in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from motcua.commands.console import (
    FILE,
    forms_option,
    json_option,
    print_json,
    problems_exit_2,
    rules_option,
)
from motcua.commands.rules import find_procedure
from motcua.errors import InputError, Problem
from motcua.forms import (
    Clock,
    FormReport,
    check,
    evaluate,
    generate_form,
    load_form,
    new_instance,
    parse_submission,
    set_value,
)


class FormGroup(click.Group):
    """``motcua form PROCEDURE`` shows the form; ``motcua form eval FORM.xml`` computes one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A word that is no subcommand is a procedure."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=FormGroup)
def form() -> None:
    """`motcua form PROCEDURE` prints its XForm; `motcua form eval` computes a form."""


@form.command()
@click.argument("procedure")
@click.option("--generated", is_flag=True, help="Make the form from the rules even where one was written.")
@rules_option
@forms_option
@problems_exit_2
def show(procedure: str, generated: bool, rules: Path, forms: Path) -> None:
    """Print the XForm of PROCEDURE: the one in the forms folder, or one made from its rules."""
    checked = find_procedure(rules, forms, procedure)
    written = None if generated else checked.form
    sys.stdout.buffer.write(written.source if written else generate_form(checked.procedure))


@form.command("eval")
@click.argument("form_file", type=FILE, metavar="FORM.xml")
@click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Answer a question before computing."
)
@json_option
@problems_exit_2
def evaluate_form(form_file: Path, settings: tuple[str, ...], as_json: bool) -> None:
    """Compute FORM.xml as filled in with the given values: what is relevant, required, valid."""
    loaded = load_form(form_file)
    clock = Clock(datetime.now(UTC))
    instance = new_instance(loaded, clock)
    for setting in settings:
        path, separator, value = setting.partition("=")
        if not separator or not path:
            raise InputError(Problem("CLI_004", {"value": setting[:40]}))
        set_value(loaded, instance, path, value, clock)
    state = evaluate(loaded, instance, clock)
    for warning in loaded.warnings:
        click.echo(warning.format(), err=True)
    if as_json:
        print_json(state.to_json())
        return
    for node in state.to_json()["nodes"]:
        marks = [name for name in ("required", "readonly") if node[name]]
        marks += ["" if node["relevant"] else "not relevant", "" if node["valid"] else "INVALID"]
        click.echo(f"{node['path']} = {node['value']!r}  {' '.join(filter(None, marks))}".rstrip())


@click.group()
def submission() -> None:
    """Examine filled-in forms."""


@submission.command("check")
@click.argument("form_file", type=FILE, metavar="FORM.xml")
@click.argument("submission_file", type=FILE, metavar="SUBMISSION.xml")
@json_option
@problems_exit_2
def check_submission(form_file: Path, submission_file: Path, as_json: bool) -> None:
    """Check SUBMISSION.xml against FORM.xml; a malformed submission is an answer too (exit 0)."""
    loaded = load_form(form_file)
    try:
        report = check(loaded, parse_submission(submission_file.read_bytes()), Clock(datetime.now(UTC)))
    except InputError as error:
        report = FormReport.malformed(error.problems)
    if as_json:
        print_json(report.to_json())
        return
    for found in report.errors:
        click.echo(f"{found.path}: {found.kind}: {found.vi}\n    {found.en}")
    click.echo("valid" if report.valid else f"{len(report.errors)} errors")
