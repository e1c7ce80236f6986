"""``motcua coverage`` and ``motcua scenarios suggest``: what the scenarios exercise, and which are missing."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from motcua.analysis.coverage import KINDS, Coverage, Goal, Item, Suggestion, coverage, suggest_for
from motcua.catalogue import CheckedProcedure
from motcua.commands.console import PathTo, forms_option, json_option, print_json, problems_exit_2, rules_option
from motcua.commands.rules import find_procedure
from motcua.errors import MotcuaError, Problem, RuleFileError
from motcua.law import Interval
from motcua.procedures import Scenario, ScenarioFile, dump_scenarios, load_scenarios
from motcua.scenarios import scenario_files

scenarios_option = click.option(
    "--scenarios",
    "paths",
    multiple=True,
    type=PathTo(exists=True),
    metavar="PATH",
    help="A scenario file, or a folder of them (default: the file beside the rules); may be given again.",
)
STATES = {
    "uncovered": "chưa có tình huống nào / no scenario",
    "waiting": "chờ xác nhận / waiting for confirmation",
    "unanswered": "chưa rõ có thể xảy ra hay không / the solver gave no answer in time",
}


def scenarios_of(checked: CheckedProcedure, paths: tuple[Path, ...]) -> tuple[Scenario, ...]:
    """The procedure's scenarios in these files, or in the file beside its rules."""
    if paths:
        files = [file for path in scenario_files(paths) if (file := load_scenarios(path)).procedure_id == checked.id]
    else:
        files = list(checked.scenarios())
    return tuple(scenario for file in files for scenario in file.scenarios)


@click.command(name="coverage")
@click.argument("procedure")
@scenarios_option
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Exit 1 when less than this share of all goals is covered.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def coverage_command(procedure: str, paths: tuple[Path, ...], fail_under: float | None, as_json: bool,
                     rules: Path, forms: Path) -> None:
    """Show what the scenarios exercise of PROCEDURE: each rule both ways, each leaf condition deciding (MC/DC)."""
    checked = find_procedure(rules, forms, procedure)
    report = coverage(checked.procedure, scenarios_of(checked, paths))
    print_json(report.to_json()) if as_json else print_coverage(report)
    total = report.total
    sys.exit(1 if fail_under is not None and total.covered * 100 < fail_under * total.total else 0)


def print_coverage(report: Coverage) -> None:
    """The figures as tables, and everything left to show."""
    title = report.procedure.title
    click.echo(f"{click.style(title.vi, bold=True)}\n{title.en}\n")
    _table(("", "đã thử / covered", "tổng / of", "%", "không thể / infeasible"), _kinds(report))
    _table(("phiên bản luật / law version", "tình huống / scenarios", "đã thử / covered", "tổng / of", "%"),
           [(version.law_version, str(len(version.scenarios)), *_figures(version.count.to_json())[:3])
            for version in report.versions.values()])
    for item in report.uncovered:
        kind = KINDS[item.kind]
        click.echo(f"{kind.vi} / {kind.en}: {click.style(item.id, bold=True)}   {item.cite}")
        click.echo(f"    {item.title.vi}\n    {item.title.en}\n    {_span(report, item)}")
        for goal in report.open_goals(item):
            click.echo(f"    - {_goal(item, goal)}   [{STATES[report.states[goal.key]]}]")
        click.echo()
    print_remarks(report)


def _goal(item: Item, goal: Goal) -> str:
    leaf = next((leaf for leaf in item.leaves.values() for way in leaf.ways if goal.key in way), None)
    return f"{leaf.text + ': ' if leaf else ''}{goal.text.vi} / {goal.text.en}"


def _kinds(report: Coverage) -> list[tuple[str, ...]]:
    shown = report.to_json()
    rows = [(f"{kind['vi']} / {kind['en']}", *_figures(kind)) for kind in shown["kinds"]
            if kind["total"] or kind["infeasible"]]
    return [*rows, ("Điều kiện lá tự quyết định / Leaf conditions deciding alone (MC/DC)", *_figures(shown["mcdc"])),
            ("Tất cả / All", *_figures(shown["total"]))]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as they need, figures to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        click.echo("  ".join(cells).rstrip())
    click.echo()


def _figures(count: dict[str, object]) -> tuple[str, ...]:
    return tuple(str(count[key]) for key in ("covered", "total", "percent", "infeasible"))


def _span(report: Coverage, item: Item) -> str:
    """The law versions of an item; a long run of them as its first and last day."""
    names = list(report.versions)
    places = [names.index(name) for name in item.law_versions]
    if len(places) < 3 or places != list(range(places[0], places[-1] + 1)):
        return ", ".join(item.law_versions)
    first, last = (report.plan.lenses[names[place]].version.interval for place in (places[0], places[-1]))
    return str(Interval(first.first, last.last))


def print_remarks(report: Coverage) -> None:
    """What the figures leave out: what can never happen, and scenarios that do not count."""
    never = [(item, goal) for item in report.items for goal in report.impossible_goals(item)]
    if never:
        click.echo("Không thể xảy ra trong trường hợp nào, không được tính / can happen in no case, not counted:")
    for item, goal in never:
        click.echo(f"    - {item.id}: {_goal(item, goal)}")
    for each in report.unusable:
        click.echo(f"\n{each.id}: không chạy được / cannot be run", err=True)
        for problem in each.problems:
            click.echo(problem.format(), err=True)
    if report.waiting:
        waiting = ", ".join(report.waiting)
        click.echo(f"\nChờ xác nhận, không được tính / waiting for confirmation, not counted: {waiting}")
    if not report.is_examined:
        click.echo("\nChưa xét điều nào không thể xảy ra / what can never happen was not examined: "
                   "pip install 'motcua[analysis]'")


@click.group()
def scenarios() -> None:
    """Work on scenario files."""


@scenarios.command(name="suggest")
@click.argument("procedure")
@scenarios_option
@click.option("--write", type=PathTo(dir_okay=False), metavar="FILE",
              help="Add them to this scenario file, which is made where it does not exist.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many, the most useful first.")
@json_option
@rules_option
@forms_option
@problems_exit_2
def suggest_command(procedure: str, paths: tuple[Path, ...], write: Path | None, limit: int | None, as_json: bool,
                    rules: Path, forms: Path) -> None:
    """Propose scenarios for everything in PROCEDURE that none exercises; a lawyer confirms what they expect."""
    checked = find_procedure(rules, forms, procedure)
    given = scenarios_of(checked, paths)
    report = coverage(checked.procedure, given)
    if not report.is_examined:
        raise MotcuaError(Problem("COV_001", {}))
    found = suggest_for(report, given, limit=limit)
    if write is not None:
        write_suggestions(write, checked.id, found)
    if as_json:
        print_json([suggestion.to_json() for suggestion in found])
    elif write is None and found:
        click.echo(_as_file(checked.id, found, frozenset(scenario.id for scenario in given)), nl=False)
    else:
        click.echo(f"{len(found)} tình huống được đề xuất / scenarios proposed")


def write_suggestions(path: Path, procedure: str, found: tuple[Suggestion, ...]) -> None:
    """Add them at the end of a scenario file; everything that is in it stays as it is written.

    Raises:
        RuleFileError: the file cannot be read, or speaks of another procedure.
        MotcuaError: COV_002, something stands after the list of scenarios.
    """
    if not path.exists():
        path.write_text(_as_file(procedure, found, frozenset()), encoding="utf-8")
        return
    old = load_scenarios(path)
    if old.procedure_id != procedure:
        params = {"file": str(path), "procedure": procedure, "other": old.procedure_id}
        raise RuleFileError(Problem("COV_003", params))
    text = path.read_text(encoding="utf-8")
    known = frozenset(scenario.id for scenario in old.scenarios)
    entries = _as_file(procedure, found, known).split("scenarios:\n", 1)[1]
    path.write_text(text.rstrip("\n") + "\n" + entries, encoding="utf-8")
    try:
        is_whole = len(load_scenarios(path).scenarios) == len(old.scenarios) + len(found)
    except RuleFileError:
        is_whole = False
    if not is_whole:
        path.write_text(text, encoding="utf-8")
        raise MotcuaError(Problem("COV_002", {"file": str(path)}))


def _as_file(procedure: str, found: tuple[Suggestion, ...], known: frozenset[str]) -> str:
    """A scenario file; those that are like a scenario it does not hold (``known``) give all their facts."""
    return dump_scenarios(ScenarioFile(procedure, tuple(
        suggestion.to_scenario(alone=suggestion.like not in known) for suggestion in found)))
