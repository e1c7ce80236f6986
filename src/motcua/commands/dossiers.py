"""``motcua reindex``: the lists, made anew from the record."""

from __future__ import annotations

from pathlib import Path

import click

from motcua.commands.archives import archive_of, ini_option
from motcua.commands.console import problems_exit_2


@click.command()
@ini_option
@problems_exit_2
def reindex(ini: Path | None) -> None:
    """Make the lists of dossiers anew from the record; the site may go on running."""
    with archive_of(ini) as archive:
        click.echo(archive.read_model.reindex())
