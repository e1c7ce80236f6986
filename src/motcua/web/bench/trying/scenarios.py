"""The scenarios of a procedure on the bench: from its files and kept here; run, and downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.response import Response

from motcua.conditions import read_value, show_value
from motcua.dossiers import ShelvedScenario
from motcua.errors import InputError
from motcua.law import Text
from motcua.procedures import Procedure, Scenario, ScenarioFile, dump_scenarios, read_facts
from motcua.scenarios import Result, run_scenario
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.case import address_of
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.assessments import OUTCOMES
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and came out otherwise, in words."""

    title: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario that was run: where it is kept and by whom, what came, and its case on the bench ("" for none)."""

    scenario: Scenario
    kept: ShelvedScenario | None
    author: str
    result: Result
    url: str
    differences: tuple[Difference, ...]


@page(context=BenchProcedure, name="scenarios", request_method="GET", permission="test",
      renderer="templates/scenarios.jinja2")
def scenarios(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """Every scenario of the procedure, from its files and from the bench, run now."""
    runs = [run(context, request, scenario, kept) for scenario, kept in all_scenarios(context.checked, request)]
    failed = [each for each in runs if not each.result.ok]
    return {"title": request.translate(_("Scenarios")), "procedure": context.checked.procedure, "runs": runs,
            "failed": failed, "errors": [], "crumbs": crumbs(request),
            "groups": [(_("Failed"), failed), (_("Kept on the bench"), [each for each in runs if each.kept
                                                                        and each.result.ok]),
                       (_("From the scenario file"), [each for each in runs if not each.kept and each.result.ok])],
            "download_url": request.page_url(context, "scenarios.yaml"),
            "download_kept_url": request.page_url(context, "scenarios.yaml", query={"which": "kept"}),
            "forget_url": request.page_url(context, "forget"), "bench_url": request.page_url(context),
            "kept": sum(each.kept is not None for each in runs)}


@page(context=BenchProcedure, name="scenarios.yaml", request_method="GET", permission="test")
def download(context: BenchProcedure, request: Request) -> Response:
    """The scenarios as a scenario file; ``?which=kept`` only those kept on the bench."""
    only_kept = request.GET.get("which") == "kept"
    chosen = tuple(scenario for scenario, kept in all_scenarios(context.checked, request) if kept or not only_kept)
    text = dump_scenarios(ScenarioFile(context.checked.id, (*backgrounds(context.checked, request, chosen), *chosen)))
    response = Response(text.encode(), content_type="application/yaml", charset="utf-8")
    response.content_disposition = f'attachment; filename="{context.checked.id}.scenarios.yaml"'
    return response


def all_scenarios(checked: CheckedProcedure, request: Request) -> list[tuple[Scenario, ShelvedScenario | None]]:
    """The scenarios of the files beside the rules, then those kept on the bench."""
    written = [(scenario, None) for file in checked.scenarios() for scenario in file.scenarios]
    shelf = request.records.scenarios
    kept = [(scenario, shelf.get(checked.id, scenario.id)) for scenario in shelf.scenarios(checked.id)]
    return [*written, *kept]


def backgrounds(checked: CheckedProcedure, request: Request, chosen: Iterable[Scenario]) -> Iterator[Scenario]:
    """The backgrounds of grids that the chosen scenarios lean on with ``like``."""
    leaned_on = {scenario.like for scenario in chosen}
    for grid in request.records.scenarios.grids(checked.id):
        if grid.background_id in leaned_on:
            facts = grid.background_facts
            title = Text(f"Nền chung của bảng “{grid.title}”", f"Shared background of the grid “{grid.title}”")
            yield Scenario(grid.background_id, title, None, facts, {}, written=facts)


def run(context: BenchProcedure, request: Request, scenario: Scenario, kept: ShelvedScenario | None) -> Run:
    """Run one scenario through every reader of the law."""
    checked = context.checked
    result = run_scenario(context.catalogue, ScenarioFile(checked.id, (scenario,)), scenario)
    try:
        url = request.page_url(context, query=address_of(
            checked.procedure, read_facts(checked.procedure, scenario.given)))
    except InputError:
        url = ""
    account = request.records.accounts.get(kept.author) if kept else None
    author = (account.title or account.name) if account is not None else kept.author if kept else ""
    return Run(scenario, kept, author, result, url, tuple(differences(checked.procedure, result, request)))


def differences(procedure: Procedure, result: Result, request: Request) -> Iterator[Difference]:
    """What differs from what is expected, as the pages word it."""
    titles = {"outcome": _("Outcome"), "failed": _("Requirements not met"), "documents": _("Documents needed")}
    for key in result.differing:
        decision = procedure.decisions.get(key)
        title = request.translate(titles.get(key) or (decision.title if decision else key))
        yield Difference(title, value_words(procedure, key, result.expected.get(key), request),
                         value_words(procedure, key, result.got.get(key), request))


def value_words(procedure: Procedure, key: str, value: Any, request: Request) -> str:
    """A value of the key in words; what is none of its values stays as it is written."""
    if isinstance(value, list):
        return "; ".join(value_words(procedure, key, each, request) for each in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{part}: {value_words(procedure, key if part == 'value' else part, each, request)}"
                         for part, each in value.items())
    if value is None or value == "":
        return "–"
    if key == "outcome" and value in OUTCOMES:
        return str(request.translate(OUTCOMES[value][1]))
    named = {"failed": {each.id: each.title for each in procedure.requirements},
             "documents": {each.id: each.title for each in procedure.documents}}.get(key, {})
    if isinstance(value, str) and value in named:
        return named[value].get(request.lang).rstrip(".")
    decision = procedure.decisions.get(key)
    try:
        # decisions are compared in their own unit, as facts are read
        return str(value) if decision is None else show_value(
            decision.type, read_value(decision.type, value), request.lang, procedure.labels)
    except InputError:
        return str(value)
