"""The group of all subcommands."""

from __future__ import annotations

import click

from motcua.commands import accounts, dossiers, forms, projects, rules, server
from motcua.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="motcua")
def main() -> None:
    """Administrative procedures as data: check facts, test scenarios, serve forms."""


for command in (
    rules.check,
    rules.test,
    rules.lint,
    rules.procedures,
    rules.schema,
    forms.form,
    forms.submission,
    server.serve,
    projects.new,
    accounts.user,
    dossiers.reindex,
):
    main.add_command(command)
