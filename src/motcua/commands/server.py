"""``motcua serve``: the site, as an ini file says or with the embedded defaults."""

from __future__ import annotations

from pathlib import Path

import click

from motcua.commands.console import FILE, problems_exit_2
from motcua.errors import InputError, Problem


@click.command()
@click.option(
    "--ini", type=FILE, default=None, help="Settings file [default: development.ini here, if there is one]."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=6543, show_default=True, help="Port to listen on."
)
@click.option("--demo", is_flag=True, help="Make a demo officer and a demo applicant, and print their logins.")
@problems_exit_2
def serve(ini: Path | None, host: str, port: int, demo: bool) -> None:
    """Serve the portal, the bench and the API; with no ini file from ./rules and ./forms into ./var."""
    from motcua.web.server import serve as run  # the web layer is slow to import: only this command needs it

    here = Path("development.ini")
    try:
        run(ini or (here if here.is_file() else None), host=host, port=port, demo=demo)
    except OSError as error:
        problem = Problem("CLI_008", {"address": f"{host}:{port}", "said": error.strerror or str(error)})
        raise InputError(problem) from error
