"""Opening the archive a command works on: the one the site's settings name."""

from __future__ import annotations

from pathlib import Path

import click

from motcua.commands.console import FILE
from motcua.dossiers import Archive, open_archive
from motcua.settings import read_settings

ini_option = click.option(
    "--ini",
    type=FILE,
    default=None,
    help="Settings file of the site [default: development.ini here, if there is one].",
)


def archive_of(ini: Path | None) -> Archive:
    """The archive of the site that ``ini`` (or development.ini here, or the defaults) describes."""
    from motcua.web.server import read_ini  # the web layer is slow to import: not for every command

    here = Path("development.ini")
    file = ini or (here if here.is_file() else None)
    settings = read_settings(read_ini(file) if file else {})
    return open_archive(
        settings["zodbconn.uri"] or None,
        data_dir=settings["motcua.data"],
        agency=settings["motcua.agency"],
        lists=settings["motcua.sql"] or None,
    )
