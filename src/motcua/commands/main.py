"""The group of all subcommands; each is imported when it is used, so that a check does not wait for the web."""

from __future__ import annotations

import warnings
from importlib import import_module

import click

from motcua.version import __version__

#: Subcommand → the module below `motcua.commands` and the name in it.
SUBCOMMANDS = {
    "check": ("rules", "check"),
    "test": ("rules", "test"),
    "lint": ("rules", "lint"),
    "prove": ("proof", "prove_command"),
    "coverage": ("coverage", "coverage_command"),
    "scenarios": ("coverage", "scenarios"),
    "compare": ("comparison", "compare"),
    "change": ("change", "change"),
    "interview": ("interview", "interview"),
    "procedures": ("rules", "procedures"),
    "schema": ("rules", "schema"),
    "form": ("forms", "form"),
    "submission": ("forms", "submission"),
    "export-dmn": ("decision_models", "export_dmn"),
    "import-dmn": ("decision_models", "import_dmn"),
    "import-national": ("national", "import_national"),
    "impact": ("impact", "impact_command"),
    "serve": ("server", "serve"),
    "new": ("projects", "new"),
    "user": ("accounts", "user"),
    "reindex": ("dossiers", "reindex"),
    "purge": ("dossiers", "purge"),
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
        module, name = SUBCOMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"motcua.commands.{module}"), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="motcua")
def main() -> None:
    """Administrative procedures as data: check facts, test scenarios, serve forms."""
