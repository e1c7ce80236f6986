"""The scenarios of a procedure on the bench: run, keep, take away, download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response

from motcua.dossiers import ShelvedScenario, facts_json
from motcua.errors import InputError
from motcua.law import Text
from motcua.procedures import Procedure, Scenario, ScenarioFile, compare, dump_scenarios, read_facts
from motcua.scenarios import Result, run_scenario
from motcua.web.bench.case import address_of, read_case
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.view import answer_of, bench_page, crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure

OUTCOMES = ("eligible", "ineligible", "not_required", "undetermined")
#: Expectations that are sets of ids, written with spaces between.
SETS = ("failed", "documents")
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario that was run: where it is kept, what came, and the case on the bench."""

    scenario: Scenario
    kept: ShelvedScenario | None
    result: Result
    url: str

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """Key, expected and got, of what differs."""
        return [(key, self.result.expected.get(key), self.result.got.get(key)) for key in self.result.differing]


@page(context=BenchProcedure, name="scenarios", request_method="GET", permission="test",
      renderer="templates/scenarios.jinja2")
def scenarios(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """Every scenario of the procedure, from its files and from the bench, run now."""
    runs = [run(context, request, scenario, kept) for scenario, kept in all_scenarios(context.checked, request)]
    failed = [each for each in runs if not each.result.ok]
    title = context.checked.procedure.title.get(request.lang)
    return {"title": request.translate(_("Scenarios")), "procedure": context.checked.procedure, "runs": runs,
            "failed": failed, "errors": [], "crumbs": crumbs(request, (title, request.page_url(context))),
            "download_url": request.page_url(context, "scenarios.yaml"),
            "download_kept_url": request.page_url(context, "scenarios.yaml", query={"which": "kept"}),
            "forget_url": request.page_url(context, "forget"),
            "kept": sum(each.kept is not None for each in runs)}


@page(context=BenchProcedure, name="scenarios.yaml", request_method="GET", permission="test")
def download(context: BenchProcedure, request: Request) -> Response:
    """The scenarios as a scenario file; ``?which=kept`` only those kept on the bench."""
    only_kept = request.GET.get("which") == "kept"
    chosen = tuple(scenario for scenario, kept in all_scenarios(context.checked, request) if kept or not only_kept)
    text = dump_scenarios(ScenarioFile(context.checked.id, chosen))
    response = Response(text.encode(), content_type="application/yaml", charset="utf-8")
    response.content_disposition = f'attachment; filename="{context.checked.id}.scenarios.yaml"'
    return response


@page(context=BenchProcedure, name="keep", request_method="POST", permission="test",
      renderer="templates/bench.jinja2")
def keep(context: BenchProcedure, request: Request) -> Any:
    """Keep the case of this address as a scenario, with what is expected of it."""
    procedure = context.checked.procedure
    case = read_case(request, procedure)
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    errors: list[ErrorLink] = []
    name = given.get("id", "").strip()
    if any(scenario.id == name for scenario, _kept in all_scenarios(context.checked, request)):
        errors.append(ErrorLink(request.translate(_("A scenario with this id exists. Choose another.")), "keep-id"))
    expect = read_expectations(procedure, given)
    errors += _unreadable(procedure, case.facts, expect, request)
    if not errors and not case.errors:
        try:
            request.records.scenarios.put(
                procedure.id, name, {
                    "id": name, "vi": given.get("vi", "").strip()[:500], "en": given.get("en", "").strip()[:500],
                    "why": given.get("why", "").strip()[:500], "given": facts_json(procedure, case.facts),
                    "expect": expect}, author=request.visitor.id, at=request.now)
        except InputError as error:
            errors = [ErrorLink(error.problems[0].message(request.lang), "keep-id")]
    if errors or case.errors:
        return bench_page(context, request, case, errors, given)
    return HTTPSeeOther(request.page_url(context, "scenarios", anchor=f"scenario-{name}"))


@page(context=BenchProcedure, name="forget", request_method="POST", permission="test")
def forget(context: BenchProcedure, request: Request) -> Any:
    """Take a kept scenario away."""
    try:
        request.records.scenarios.remove(context.checked.id, str(request.POST.get("id", "")))
    except KeyError as error:
        raise HTTPNotFound from error
    return HTTPSeeOther(request.page_url(context, "scenarios"))


def all_scenarios(checked: CheckedProcedure, request: Request) -> list[tuple[Scenario, ShelvedScenario | None]]:
    """The scenarios of the files beside the rules, then those kept on the bench."""
    written = [(scenario, None) for file in checked.scenarios() for scenario in file.scenarios]
    kept = [(unshelve(each), each) for each in request.records.scenarios.of(checked.id)]
    return [*written, *kept]


def unshelve(kept: ShelvedScenario) -> Scenario:
    """A kept scenario as one of a file."""
    plain = kept.scenario
    title = Text(plain["vi"] or plain["en"], plain["en"] or plain["vi"]) if plain["vi"] or plain["en"] else None
    why = Text(plain["why"], plain["why"]) if plain["why"] else None
    return Scenario(kept.id, title, why, plain["given"], plain["expect"], written=plain["given"])


def run(context: BenchProcedure, request: Request, scenario: Scenario, kept: ShelvedScenario | None) -> Run:
    """Run one scenario through every reader of the law."""
    checked = context.checked
    result = run_scenario(request.catalogue, ScenarioFile(checked.id, (scenario,)), scenario)
    try:
        address = address_of(checked.procedure, read_facts(checked.procedure, scenario.given))
    except InputError:
        address = []
    return Run(scenario, kept, result, request.page_url(context, query=address))


def read_expectations(procedure: Procedure, given: Mapping[str, str]) -> dict[str, Any]:
    """What the form expects: blank keys are not compared, ``-`` is nothing."""
    expect: dict[str, Any] = {}
    for key in ("outcome", *SETS, *procedure.decisions):
        text = given.get(key, "").strip()
        if text:
            expect[key] = _expected(key, text)
    return expect


def _expected(key: str, text: str) -> Any:
    if key in SETS:
        return [] if text == NOTHING else text.replace(",", " ").split()
    if text == NOTHING:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else text


def _unreadable(procedure: Procedure, facts: Mapping[str, Any], expect: Mapping[str, Any],
                request: Request) -> list[ErrorLink]:
    """Expectations that no answer could meet, e.g. an outcome or a document that does not exist."""
    answer = answer_of(procedure, facts, request.lang)
    if answer.assessment is None:
        return []
    found = compare(expect, answer.assessment.to_json(), procedure)
    links = [ErrorLink(each.problem.message(request.lang), f"keep-{each.key}") for each in found if each.problem]
    if expect.get("outcome", OUTCOMES[0]) not in OUTCOMES:
        links.append(ErrorLink(request.translate(_("Choose one of the outcomes.")), "keep-outcome"))
    return links
