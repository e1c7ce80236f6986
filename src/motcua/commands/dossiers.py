"""``motcua reindex`` and ``motcua purge``: what an operator does now and then."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from motcua.commands.archives import archive_of, ini_option
from motcua.commands.console import problems_exit_2
from motcua.dossiers import purge_expired


@click.command()
@ini_option
@problems_exit_2
def reindex(ini: Path | None) -> None:
    """Make the lists of dossiers anew from the record; the site may go on running."""
    with archive_of(ini) as archive:
        click.echo(archive.read_model.reindex())


@click.command()
@ini_option
@problems_exit_2
def purge(ini: Path | None) -> None:
    """Remove drafts that have expired and print how many; `motcua serve` does it whenever it starts."""
    with archive_of(ini) as archive:
        click.echo(purge_expired(archive, datetime.now(UTC)))
