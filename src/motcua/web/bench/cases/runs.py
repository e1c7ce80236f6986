"""The kept runs of a procedure's cases: the list, and one run with what changed since the one before, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from motcua.dossiers import CaseChange, CaseResult, CaseRun, cases_of, difference
from motcua.law import Text
from motcua.procedures import Procedure
from motcua.web.bench.cases.page import name_of
from motcua.web.bench.cases.places import RunPlace, Runs
from motcua.web.bench.trying.scenarios import value_words
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.assessments import OUTCOMES
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: Id of a case → its title and its address.
Known = Mapping[str, tuple[str, str]]
#: Runs of one page of the list.
LINES = 50
#: State of a case → colour and word.
STATES: dict[str, tuple[str, Any]] = {
    "passed": ("good", _("passes")), "failed": ("bad", _("fails")), "waiting": ("open", _("nothing expected yet"))}
TITLES = {"outcome": _("Outcome"), "failed": _("Requirements not met"), "documents": _("Documents needed"),
          "undetermined": _("Requirements not yet clear"), "missing": _("Facts missing"),
          "law_version": _("Law version"), "law_date": _("Law date")}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list; ``changed`` counts the cases that came out otherwise than in the run before."""

    run: CaseRun
    who: str
    url: str
    has_other_rules: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A key in which a case differs: what was expected or said before, and what was said in this run."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A case of a run, in words; ``title`` and ``url`` are those of the case as it is now, "" where it is gone."""

    id: str
    title: str
    url: str
    colour: str
    word: Any
    outcome: str
    differences: tuple[Difference, ...]
    problems: tuple[str, ...]
    because: tuple[str, ...] = ()


@page(context=Runs, request_method="GET", permission="read", renderer="templates/runs.jinja2")
def runs(context: Runs, request: Request) -> dict[str, Any]:
    """Every run, the latest first; ``?after=12`` continues below that number."""
    after = request.GET.get("after", "")
    below = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 2**31
    found = [run for run in request.records.case_runs.of(context.checked.id)
             if run.number < below and (not context.draft or run.draft == context.draft)]
    shown, rest = found[:LINES], found[LINES:]
    lines = [RunLine(run, name_of(request, run.who), request.page_url(context, str(run.number)),
                     _has_other_rules(run, context, request)) for run in shown]
    return {"title": request.translate(_("Runs of the cases")), "procedure": context.checked.procedure, "errors": [],
            "lines": lines, "cases_url": f"{request.page_url(context.bench)}/cases", "crumbs": crumbs(request),
            "next_url": request.page_url(context, query={"after": shown[-1].number}) if rest else ""}


def _has_other_rules(run: CaseRun, context: Runs, request: Request) -> bool:
    before = request.records.case_runs.before(run, context.checked.id)
    return before is not None and before.rules != run.rules


@page(context=RunPlace, request_method="GET", permission="read", renderer="templates/run.jinja2")
def run_page(context: RunPlace, request: Request) -> dict[str, Any]:
    """One run: what changed since the one before, what failed, everything."""
    run, procedure = context.run, context.checked.procedure
    before = request.records.case_runs.before(run, context.checked.id)
    changes = difference(before, run, procedure) if before else None
    known = _known(context, request)
    results = [_result(each, procedure, request, known) for each in run.results]
    title = request.translate(_("Run ${number}"), number=run.number)
    return {"title": title, "procedure": procedure, "errors": [], "run": run, "who": name_of(request, run.who),
            "before": before, "before_url": request.page_url(context.__parent__, str(before.number)) if before else "",
            "changed": [_change(each, procedure, request, known) for each in changes.changed] if changes else [],
            "new": changes.new if changes else (), "gone": changes.gone if changes else (),
            "is_now": run.rules == procedure.digest, "states": STATES,
            "groups": [(_("Failed"), [each for each in results if each.colour == "bad"]),
                       (_("Nothing expected yet"), [each for each in results if each.colour == "open"]),
                       (_("Passed"), [each for each in results if each.colour == "good"])],
            "runs_url": request.page_url(context.__parent__), "crumbs": crumbs(request)}


def _known(context: RunPlace, request: Request) -> Known:
    """Each case that is there now: its title, and its address where the visitor may open it."""
    may_open = request.has_permission("test", context.bench)

    def url(name: str) -> str:
        return request.page_url(context.bench, "scenarios", anchor=f"scenario-{name}") if may_open else ""

    return {case.id: (case.scenario.title.get(request.lang) if case.scenario.title else "", url(case.id))
            for case in cases_of(request.records, context.checked)}


def _result(result: CaseResult, procedure: Procedure, request: Request, known: Known,
            because: tuple[Text, ...] = ()) -> ShownResult:
    colour, word = STATES[result.state]
    outcome = request.translate(OUTCOMES[result.outcome][1]) if result.outcome in OUTCOMES else ""
    differences = tuple(_difference(key, result.expected.get(key), result.got.get(key), procedure, request)
                        for key in result.differing)
    errors = result.got.get("error")
    title, url = known.get(result.id, ("", ""))
    return ShownResult(result.id, title, url, colour, word, outcome, differences, tuple(errors) if errors else (),
                       tuple(text.get(request.lang) for text in because))


def _change(change: CaseChange, procedure: Procedure, request: Request, known: Known) -> ShownResult:
    """What a case says now and said before, for every key that came out otherwise."""
    shown = _result(change.after, procedure, request, known, change.because)
    return replace(shown, differences=tuple(_differences(change, procedure, request)))


def _differences(change: CaseChange, procedure: Procedure, request: Request) -> Iterator[Difference]:
    before, after = change.before, change.after
    if before.state != after.state:
        words = [str(request.translate(STATES[state][1])) for state in (before.state, after.state)]
        yield Difference(request.translate(_("Result")), *words)
    old, new = ({"outcome": each.outcome, **each.got} for each in (before, after))
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key) and key != "error":
            yield _difference(key, old.get(key), new.get(key), procedure, request)


def _difference(key: str, before: Any, after: Any, procedure: Procedure, request: Request) -> Difference:
    decision = procedure.decisions.get(key)
    title = request.translate(TITLES[key]) if key in TITLES else decision.title.get(request.lang) if decision else key
    return Difference(str(title), value_words(procedure, key, before, request),
                      value_words(procedure, key, after, request))
