"""The list of procedures on the bench, and the bench of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.location import lineage

from motcua.procedures import Procedure
from motcua.web.bench.questions.jobs import open_questions, stop_open
from motcua.web.bench.resources import Bench, BenchProcedure
from motcua.web.bench.tabs import TABS
from motcua.web.bench.trying.answering import Answer, answer_of
from motcua.web.bench.trying.case import Case, is_untidy, read_case
from motcua.web.bench.trying.changing import interview, ways_out
from motcua.web.bench.trying.comparing import Comparison, compare
from motcua.web.bench.trying.entries import facts_read, given_facts, sections
from motcua.web.bench.trying.timeline import time_line
from motcua.web.site.days import period
from motcua.web.site.directory import by_field
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyramid.request import Request


@page(context=Bench, request_method="GET", permission="read", renderer="templates/list.jinja2")
def bench_list(context: Bench, request: Request) -> dict[str, Any]:
    """The procedures that can be tried; whoever only signs off finds their reports."""
    may_test = request.has_permission("test", context)
    return {"title": request.translate(_("Bench")), "errors": [], "may_test": may_test,
            "kinds": {tab.view: tab.title for tab in TABS},
            "titles": {name: entry.procedure.title for name, entry in request.catalogue.items()},
            "working": open_questions(request) if may_test else [], "page_url": request.page_url(context),
            "groups": {field: [(entry, context[entry.id]) for entry in entries]
                       for field, entries in by_field(request, request.catalogue.values()).items()}}


@page(context=Bench, request_method="POST", permission="test")
def stop_question(context: Bench, request: Request) -> HTTPSeeOther:
    """Stop a question that is worked on; one that has ended meanwhile stays as it is."""
    stop_open(request, str(request.POST.get("stop", "")), by=request.visitor.title or request.visitor.name)
    return HTTPSeeOther(request.page_url(context))


@page(context=BenchProcedure, request_method="GET", permission="test", renderer="templates/bench.jinja2")
def bench(context: BenchProcedure, request: Request) -> Any:
    """A case: its facts, and what the rules say of it."""
    procedure, lang = context.checked.procedure, request.lang
    case = read_case(request, procedure)
    if is_untidy(request, case):
        return HTTPSeeOther(request.page_url(context, query=case.pairs(versus=case.versus)))
    answer = Answer() if case.errors else answer_of(procedure, case.facts, lang)
    errors = [*case.errors, *(ErrorLink(text, "facts") for text in answer.refused)]
    if errors:
        request.response.status_int = 422
    other = other_answer(procedure, case, answer, lang)
    version = procedure.version_on(case.day)
    asking = interview(context, case, answer)
    missing = answer.assessment.missing if answer.assessment else ()
    idle = asking.no_longer_matter if asking else ()
    used, titles = facts_read(version), request.catalogue.titles
    pairs = case.pairs(versus=case.versus)
    return {
        "title": procedure.title.get(lang), "procedure": procedure, "case": case, "errors": errors,
        "answer": answer, "shown": answer.shown, "period": period(version.interval, lang),
        "sections": list(sections(procedure, titles, case, (missing, idle), lang, used)),
        "unread": list(sections(procedure, titles, case, ((), ()), lang, frozenset(procedure.facts) - used)),
        "given": given_facts(procedure, case, lang), "other": other, "asking": asking,
        "ways_out": ways_out(context, request, case, answer),
        "comparison": comparison_of(answer, other), "stops": time_line(context, request, case, answer.assessment),
        "page_url": request.page_url(context),
        "alone_url": request.page_url(context, query=case.pairs()), "crumbs": crumbs(request),
        "keep_url": request.page_url(context, "keep", query=pairs),
        "picture_url": request.page_url(context, "picture", query=case.pairs()),
    }


def other_answer(procedure: Procedure, case: Case, answer: Answer, lang: str) -> Answer | None:
    """The answer to the same facts on the day ``vs``; None where there is nothing to compare."""
    if case.versus is None or answer.shown is None:
        return None
    return answer_of(procedure, {**case.facts, procedure.law_at: case.versus}, lang)


def comparison_of(answer: Answer, other: Answer | None) -> Comparison | None:
    """Both answers side by side, where there are two."""
    if other is None or other.shown is None or answer.shown is None:
        return None
    return compare(answer.shown, other.shown)


def crumbs(request: Request, *further: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a procedure on the bench, and to places further in, each with its address; tabs lead to its views.

    A draft lies below the rules in force and the list of their drafts.
    """
    way = [(request.translate(_("Bench")), request.url_to("bench")), *_above_a_draft(request), *further]
    return [{"text": text, "url": url} for text, url in way]


def _above_a_draft(request: Request) -> Iterator[tuple[str, str]]:
    drafts = next((place for place in lineage(request.context) if place.__name__ == "drafts"), None)
    if drafts is None or drafts is request.context or not request.has_permission("test", drafts):
        return
    law = drafts.__parent__
    title = law.checked.procedure.title.get(request.lang)
    in_force = request.translate(_("rules in force"))
    yield f"{title} ({in_force})", request.page_url(law)
    yield request.translate(_("Drafts")), request.page_url(drafts)
