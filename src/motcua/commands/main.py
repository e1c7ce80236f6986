"""The group of all subcommands; each is imported when it is used, so that a check does not wait for the web."""

from __future__ import annotations

import warnings
from importlib import import_module

import click

from motcua.version import __version__

#: Subcommand → the module below `motcua.commands`, the name in it, and what the list of subcommands says.
SUBCOMMANDS = {
    "check": ("rules", "check", "Check facts against the rules of a procedure."),
    "test": ("rules", "test", "Run scenario files through every reader of the law."),
    "lint": ("rules", "lint", "Examine rule, scenario and form files."),
    "prove": ("proof", "prove_command", "Find dead, contradictory and missing rules."),
    "coverage": ("coverage", "coverage_command", "Show what the scenarios of a procedure exercise."),
    "scenarios": ("coverage", "scenarios", "Work on scenario files."),
    "compare": ("comparison", "compare", "Compare two days of the law, a draft with it, or two files."),
    "change": ("change", "change", "Tell the cheapest change that makes a case eligible."),
    "interview": ("interview", "interview", "Ask only what can still change the outcome."),
    "procedures": ("rules", "procedures", "List the procedures of the rules folder."),
    "schema": ("rules", "schema", "Print the JSON Schema of rule files, for editors."),
    "form": ("forms", "form", "Print the XForm of a procedure, or compute a form."),
    "submission": ("forms", "submission", "Examine filled-in forms."),
    "export-dmn": ("decision_models", "export_dmn", "Write a law version as a DMN decision model."),
    "import-dmn": ("decision_models", "import_dmn", "Make a draft rule file from a DMN decision model."),
    "import-national": ("national", "import_national", "Draft rule files from an export of the national database."),
    "impact": ("impact", "impact_command", "Tell what a draft of the law changes for stored dossiers."),
    "serve": ("server", "serve", "Serve the portal, the bench and the API."),
    "new": ("projects", "new", "Make a project that embeds motcua."),
    "user": ("accounts", "user", "Accounts of applicants and officers."),
    "reindex": ("dossiers", "reindex", "Make the lists of dossiers anew from the record."),
    "purge": ("dossiers", "purge", "Remove drafts that have expired."),
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported at first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand; None for a name that is none."""
        if cmd_name not in SUBCOMMANDS:
            return None
        # Pyramid 2.1 itself imports the deprecated module; whoever uses the command can do nothing about it
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        module, name, _said = SUBCOMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"motcua.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of subcommands, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_module, _name, said) in SUBCOMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="motcua")
def main() -> None:
    """Administrative procedures as data: check facts, test scenarios, serve forms."""
