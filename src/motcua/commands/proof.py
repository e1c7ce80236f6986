"""``motcua prove``: what is wrong with the law itself, each finding with a case that can be opened."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from motcua.commands.console import Seconds, forms_option, json_option, print_json, problems_exit_2, rules_option
from motcua.commands.rules import find_procedure, read_date

if TYPE_CHECKING:
    from motcua.analysis.proof import Finding, Report

FEW_VERSIONS = 3
SECONDS = 10.0


@click.command(name="prove")
@click.argument("procedure")
@click.option("--on", callback=read_date, metavar="DATE", help="Only the law version of that day.")
@click.option("--seconds", type=Seconds(), default=SECONDS, show_default=True, metavar="N",
              help="Time for each single question.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def prove_command(procedure: str, on: date | None, seconds: float, as_json: bool, rules: Path, forms: Path) -> None:
    """Examine the rules of PROCEDURE: dead, contradictory and missing rules, and grounds not in force.

    Exit 0 when no finding is open, 1 when one is or a question found no answer, 2 on bad input.
    """
    # the solver may be missing, which is said in words
    from motcua.analysis.proof import prove

    checked = find_procedure(rules, forms, procedure)
    versions = None if on is None else [checked.procedure.version_on(on)]
    report = prove(checked.procedure, seconds=seconds, versions=versions, progress=progress_of_terminal())
    if as_json:
        print_json(report.to_json())
    else:
        title = checked.procedure.title
        click.echo(f"{click.style(title.vi, bold=True)}\n{title.en}\n")
        print_report(report)
    sys.exit(1 if report.open or report.unanswered else 0)


def progress_of_terminal() -> Callable[[int, int], None] | None:
    """Shows progress on standard error where a person looks at it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r{done * 100 // total:3} %", nl=False, err=True)
        if done == total:
            click.echo("\r     \r", nl=False, err=True)

    return show


def print_report(report: Report) -> None:
    """The findings for a person at a terminal, Vietnamese first; the intended ones shortly at the end."""
    for finding in report.open:
        print_finding(report, finding)
    for each in report.unanswered:
        click.echo(f"chưa có câu trả lời trong thời gian cho phép / no answer within the time limit: "
                   f"{each.kind} {each.subject} ({each.law_version})")
    for note in report.unmatched:
        place = f"   {note.place.file}:{note.place.line}" if note.place else ""
        click.echo(f"ghi chú intended không ứng với phát hiện nào / no finding for the intended note: "
                   f"{note.kind} {note.subject}{place}")
    intended = [finding for finding in report.findings if finding.intended is not None]
    for finding in intended:
        click.echo(f"có chủ ý / intended: {finding.kind} {finding.subject}: {finding.intended.vi} / "  # type: ignore[union-attr]
                   f"{finding.intended.en}")  # type: ignore[union-attr]
    click.echo(f"{len(report.open)} phát hiện / findings, {len(intended)} có chủ ý / intended, "
               f"{len(report.law_versions)} phiên bản luật / law versions")


def print_finding(report: Report, finding: Finding) -> None:
    """One finding: what, where, why, a case, and what to do."""
    place = f"   {finding.place.file}:{finding.place.line}" if finding.place else ""
    click.secho(f"{finding.title.vi} / {finding.title.en}", bold=True)
    click.echo(f"  {finding.kind} {finding.subject}   {finding.cite}{place}")
    click.echo(f"  {finding.text.vi}\n  {finding.text.en}")
    if finding.stale:
        click.echo("  Ghi chú intended đã cũ: quy tắc đã thay đổi. / The intended note is stale: the rule has changed.")
    click.echo(f"  luật / law: {versions(report, finding)}")
    for each in finding.because:
        click.echo(f"    - {each.feel}\n      {each.text.vi} / {each.text.en}")
    if finding.example is not None:
        click.echo(f"  ví dụ: {finding.example.vi}\n  for example: {finding.example.en}")
    if finding.case is not None:
        click.echo(f"  trường hợp / case: {json.dumps(dict(finding.case), ensure_ascii=False)}")
    click.echo(f"  {finding.fix.vi} / {finding.fix.en}")
    click.echo(f"  intended:\n{finding.paste}\n")


def versions(report: Report, finding: Finding) -> str:
    """The law versions of a finding; all of them in a word."""
    found = finding.law_versions
    if found == report.law_versions and len(found) > 1:
        return "mọi phiên bản / all versions"
    shown = "; ".join(found[:FEW_VERSIONS])
    return shown if len(found) <= FEW_VERSIONS else f"{shown}; … ({len(found)})"
