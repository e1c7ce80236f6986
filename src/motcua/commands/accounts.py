"""``motcua user``: accounts from the shell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from motcua.commands.archives import archive_of, ini_option
from motcua.commands.console import problems_exit_2
from motcua.dossiers import ROLES, Records, account_id, add_account, set_password
from motcua.errors import InputError, Problem

password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="MOTCUA_USER_PASSWORD",
    show_envvar=True,
    help="Asked for where it is not given, which keeps it out of the shell's history.",
)


@click.group()
def user() -> None:
    """Accounts of applicants and officers."""


@user.command()
@click.argument("name")
@click.option(
    "--role",
    "roles",
    type=click.Choice(ROLES),
    multiple=True,
    default=("applicant",),
    show_default=True,
    help="What the account may do; may be given more than once.",
)
@click.option("--title", default="", help="The name in full, as pages show it.")
@password_option
@ini_option
@problems_exit_2
def add(name: str, roles: tuple[str, ...], title: str, password: str, ini: Path | None) -> None:
    """Make the account NAME."""

    def work(records: Records) -> str:
        return add_account(records, name, password, roles, now=datetime.now(UTC), title=title).name

    with archive_of(ini) as archive:
        click.echo(archive.run(work, note=f"motcua user add {name}"))


@user.command("password")
@click.argument("name")
@password_option
@ini_option
@problems_exit_2
def new_password(name: str, password: str, ini: Path | None) -> None:
    """Give the account NAME a new password; its sessions end."""

    def work(records: Records) -> None:
        account = records.accounts.get(account_id(name))
        if account is None:
            raise InputError(Problem("CLI_007", {"name": name}))
        set_password(account, password)

    with archive_of(ini) as archive:
        archive.run(work, note=f"motcua user password {name}")
