"""``motcua import-national``: records of the national database as draft rule files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from motcua.commands.console import FILE, PathTo, json_option, print_json, problems_exit_2
from motcua.commands.rules import read_date
from motcua.errors import InputError, Place, Problem
from motcua.law import VIETNAM, did_you_mean
from motcua.national import Record, read_records, write_drafts


@click.command("import-national")
@click.argument("file", type=FILE)
@click.option("--to", "folder", type=PathTo(file_okay=False), default="drafts", show_default=True,
              help="Rules folder that the drafts go into; what lies there stays as it is.")
@click.option("--code", "codes", multiple=True, help="Only the procedure of this code; may be given several times.")
@click.option("--on", callback=read_date, metavar="DATE", help="Day on which the records were read (default: today).")
@json_option
@problems_exit_2
def import_national(file: Path, folder: Path, codes: tuple[str, ...], on: date | None, as_json: bool) -> None:
    """Draft a rule file for each record of an export of the national database (JSON Lines).

    A draft holds the names, code, documents, time limits, fees and legal texts; its conditions are listed as gaps, for
    a rule author to turn into requirements. Until then no check of it ever answers "eligible".
    """
    records = _chosen(read_records(file), codes, file)
    seen = on or datetime.now(VIETNAM).date()
    results = [{"code": record.code, "file": str(path), "written": is_new}
               for record, path, is_new in write_drafts(records, folder, seen)]
    if as_json:
        print_json({"drafts": results})
        return
    for result in results:
        left = "" if result["written"] else "  (already there, left as it is)"
        click.echo(f"{result['code']}  {result['file']}{left}")
    click.echo(f"{sum(bool(result['written']) for result in results)} drafts written, "
               f"{sum(not result['written'] for result in results)} left as they were; see: motcua lint {folder}")


def _chosen(records: list[Record], codes: tuple[str, ...], file: Path) -> list[Record]:
    known = {record.code: record for record in records}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise InputError([Problem("NAT_008", {"code": code, "hint": did_you_mean(code, known)}, Place(str(file)))
                          for code in unknown])
    return [known[code] for code in codes] if codes else records
