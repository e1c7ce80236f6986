"""The list of procedures on the bench, and the bench of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther

from motcua import engine
from motcua.conditions import evaluate
from motcua.errors import MotcuaError
from motcua.procedures import Fact, Procedure
from motcua.web.bench import comparing
from motcua.web.bench.case import Case, facts_read, is_untidy, read_case
from motcua.web.bench.resources import Bench, BenchProcedure
from motcua.web.site.assessments import ShownAssessment, show_assessment
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import Control, control_of
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on the bench. ``state``: known, unknown, missing (worth asking), or not_applicable."""

    fact: Fact
    control: Control
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class Section:
    """The facts with the same first part of their ids."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def known(self) -> int:
        """How many of them are given."""
        return sum(entry.state == "known" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say of the case: the assessment in words, its proof, and its fault where they contradict."""

    shown: ShownAssessment | None = None
    reasons: Mapping[str, engine.Reason] | None = None
    assessment: engine.Assessment | None = None
    faults: tuple[str, ...] = ()


@page(context=Bench, request_method="GET", permission="test", renderer="templates/list.jinja2")
def bench_list(context: Bench, request: Request) -> dict[str, Any]:
    """The procedures that can be tried."""
    return {"title": request.translate(_("Bench")), "errors": [],
            "procedures": [(entry, request.page_url(context, name)) for name, entry in request.catalogue.items()]}


@page(context=BenchProcedure, request_method="GET", permission="test", renderer="templates/bench.jinja2")
def bench(context: BenchProcedure, request: Request) -> Any:
    """A case: its facts, and what the rules say of it."""
    procedure = context.checked.procedure
    case = read_case(request, procedure)
    if is_untidy(request, case) or (case.chosen.is_typed and not case.errors):
        return HTTPSeeOther(request.page_url(context, query=case.pairs(versus=case.versus)))
    return bench_page(context, request, case, [])


def bench_page(context: BenchProcedure, request: Request, case: Case, errors: list[ErrorLink],
               keeping: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The page of ``case``; ``errors`` and ``keeping`` are of a scenario that could not be kept."""
    procedure = context.checked.procedure
    answer = Answer() if case.errors else answer_of(procedure, case.facts, request.lang)
    errors = [*case.errors, *errors, *(ErrorLink(text, "facts") for text in answer.faults)]
    if errors:
        request.response.status_int = 422
    version = procedure.version_on(case.day)
    missing = answer.assessment.missing if answer.assessment else ()
    used = facts_read(version)
    return {
        "title": procedure.title.get(request.lang), "procedure": procedure, "case": case, "errors": errors,
        "answer": answer, "shown": answer.shown, "version": version,
        "sections": list(sections(procedure, case, missing, request.lang, used)),
        "unread": list(sections(procedure, case, missing, request.lang, frozenset(procedure.facts) - used)),
        "comparison": comparison_of(procedure, case, answer, request.lang),
        "versions": [version_link(context, request, case, each) for each in procedure.versions],
        "page_url": request.page_url(context), "scenarios_url": request.page_url(context, "scenarios"),
        "keep_url": request.page_url(context, "keep", query=case.pairs(versus=case.versus)),
        "keeping": keeping or expectations(answer), "crumbs": crumbs(request),
    }


def answer_of(procedure: Procedure, facts: Mapping[str, Any], lang: str) -> Answer:
    """Assess the facts; facts that no real case has, and rules that contradict themselves, are told as faults."""
    try:
        assessment = engine.assess(procedure, facts)
    except MotcuaError as error:
        return Answer(faults=tuple(problem.message(lang) for problem in error.problems))
    proof = {f"{reason.kind} {reason.id}": reason for reason in engine.explain(assessment).children}
    return Answer(show_assessment(assessment.to_json(), procedure, lang), proof, assessment)


def comparison_of(procedure: Procedure, case: Case, answer: Answer, lang: str) -> comparing.Comparison | None:
    """The case beside itself on the day ``vs``, where both have an answer."""
    if case.versus is None or answer.shown is None:
        return None
    other = answer_of(procedure, {**case.facts, procedure.law_at: case.versus}, lang)
    return None if other.shown is None else comparing.compare(answer.shown, other.shown)


def version_link(context: BenchProcedure, request: Request, case: Case, version: Any) -> dict[str, Any]:
    """A law version: the same case on its first day, and beside it."""
    first = version.interval.first or case.day
    return {"version": version, "current": case.day in version.interval,
            "url": request.page_url(context, query=case.pairs(on=first, versus=case.versus)),
            "versus_url": request.page_url(context, query=case.pairs(versus=first)),
            "compared": case.versus is not None and case.versus in version.interval}


def sections(procedure: Procedure, case: Case, missing: tuple[str, ...], lang: str,
             wanted: frozenset[str]) -> Iterator[Section]:
    """The wanted facts in file order, by the first part of their ids."""
    facts = [fact for name, fact in procedure.facts.items() if name in wanted and name != procedure.law_at]
    for prefix, members in groupby(sorted(facts, key=_first_seen(facts)), key=_prefix):
        entries = tuple(_entry(procedure, case, missing, lang, fact) for fact in members)
        yield Section(prefix, entries)


def _first_seen(facts: list[Fact]) -> Any:
    order = {prefix: place for place, prefix in reversed(list(enumerate(map(_prefix, facts))))}
    return lambda fact: order[_prefix(fact)]


def _prefix(fact: Fact) -> str:
    return fact.id.partition(".")[0]


def _entry(procedure: Procedure, case: Case, missing: tuple[str, ...], lang: str, fact: Fact) -> Entry:
    control = control_of(fact, procedure, lang, case.typed.get(fact.id, ()))
    if fact.when is not None and evaluate(fact.when, case.facts) is False:
        state = "not_applicable"
    else:
        state = "known" if fact.id in case.typed else "missing" if fact.id in missing else "unknown"
    return Entry(fact, control, state, case.problems.get(fact.id, ""))


def expectations(answer: Answer) -> dict[str, str]:
    """What a scenario of this case would expect if the rules are right: key → text as the form shows it."""
    if answer.assessment is None:
        return {}
    found = answer.assessment.to_json()
    decisions = {name: "-" if each is None else str(each["value"]) for name, each in found["decisions"].items()}
    return {"outcome": found["outcome"], "failed": " ".join(found["failed"]) or "-",
            "documents": " ".join(found["documents"]) or "-", **decisions}


def crumbs(request: Request, *further: tuple[str, str]) -> list[dict[str, str]]:
    """The way here."""
    first = (request.translate(_("Bench")), request.url_to("bench"))
    return [{"text": text, "url": url} for text, url in (first, *further)]


