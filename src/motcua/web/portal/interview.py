"""The eligibility interview: one question a page, only those that still matter, each state at its own address.

The answers so far are in the query string, by fact id and as typed: ``?licence.area=1.200,5&dispute=no``. ``?``
stands for "I do not know", ``-`` for an empty list. ``q`` names the question that was just answered; once
its answer can be read, the page moves on to an address without ``q``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther

from motcua import engine
from motcua.analysis.interview import next_question
from motcua.conditions import show_value
from motcua.errors import InputError
from motcua.procedures import Fact, Procedure
from motcua.web.portal.procedure import crumbs
from motcua.web.portal.resources import ProcedureResource
from motcua.web.site.assessments import show_assessment
from motcua.web.site.days import chosen_day
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import NONE, UNKNOWN, Control, control_of, read_answer
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of an address: as typed by fact id in the order given, the facts read, and what is wrong."""

    typed: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Any]
    problems: Mapping[str, str]

    def without(self, *facts: str) -> list[tuple[str, str]]:
        """The query string pairs without some facts."""
        return [(name, value) for name, values in self.typed.items() if name not in facts for value in values]


@page(context=ProcedureResource, name="interview", request_method="GET",
      renderer="templates/interview.jinja2")
def interview(context: ProcedureResource, request: Request) -> Any:
    """The next question that can still change the outcome, or the outcome with its reasons."""
    procedure = context.checked.procedure
    chosen = chosen_day(request, procedure)
    given = read_given(request, procedure)
    on = [("on", chosen.day.isoformat())] if chosen.day != request.now.date() else []
    answered = request.GET.get("q", "")
    wrong = next((name for name in given.problems), "")
    if wrong:
        request.response.status_int = 422
        return _question(context, request, given, procedure.facts[wrong], on)
    if answered in procedure.facts:
        return HTTPSeeOther(request.page_url(context, "interview", query=[*on, *given.without()]))
    edited = request.GET.get("edit", "")
    if edited in procedure.facts:
        return _question(context, request, given, procedure.facts[edited], on)
    facts = {**given.facts, procedure.law_at: chosen.day}
    try:
        asked = next_question(procedure, facts, given.typed)
        if asked is not None:
            return _question(context, request, given, procedure.facts[asked], on)
        return _outcome(context, request, given, assess(context, facts).to_json(), on)
    except InputError as error:
        return _impossible(context, request, given, error, on)


def assess(context: ProcedureResource, facts: Mapping[str, Any]) -> engine.Assessment:
    """The rules' answer for these facts."""
    return engine.assess(context.checked.procedure, facts)


def read_given(request: Request, procedure: Procedure) -> Given:
    """Read every answer of the address; names that are no facts are left aside."""
    typed = {name: tuple(request.GET.getall(name)) for name in dict.fromkeys(request.GET)
             if name in procedure.facts and name != procedure.law_at}
    answered = request.GET.get("q", "")
    if answered in procedure.facts and answered not in typed:
        kind = procedure.facts[answered].type.kind
        typed[answered] = (NONE,) if kind == "list of" else ("",)
    facts, problems = {}, {}
    for name, values in typed.items():
        try:
            value = read_answer(procedure.facts[name], values, request.lang)
        except InputError as error:
            problems[name] = error.problems[0].message(request.lang)
        else:
            if value is not None:
                facts[name] = value
    return Given(typed, facts, problems)


def _question(context: ProcedureResource, request: Request, given: Given, fact: Fact,
              on: list[tuple[str, str]]) -> dict[str, Any]:
    control: Control = control_of(fact, context.checked.procedure, request.lang, given.typed.get(fact.id, ()))
    error = given.problems.get(fact.id, "")
    kept = [*on, *given.without(fact.id)]
    before = [name for name in given.typed if name != fact.id]  # a refused answer is asked again
    back = [*on, *given.without(fact.id, *before[-1:])] if before else None
    title = fact.title.get(request.lang)
    return {
        "title": title, "fact": fact, "control": control, "kept": kept, "done": None,
        "errors": [ErrorLink(error, control.first_id)] if error else [], "error": error,
        "hint": fact.hint.get(request.lang) if fact.hint else "",
        "action": request.page_url(context, "interview"),
        "back_url": request.page_url(context, "interview", query=back) if back is not None
        else request.page_url(context), "number": len(before) + 1, "unknown": UNKNOWN,
        "crumbs": _crumbs(context, request),
    }


def _impossible(context: ProcedureResource, request: Request, given: Given, error: InputError,
                on: list[tuple[str, str]]) -> dict[str, Any]:
    """Answers that no real case can have together: what is wrong, and the answers to change."""
    request.response.status_int = 422
    return {
        "title": request.translate(_("These answers cannot be true together")), "shown": None, "done": True,
        "errors": [ErrorLink(problem.message(request.lang), "answers") for problem in error.problems],
        "answers": _answers(context, request, given, on), "apply_url": "",
        "again_url": request.page_url(context, "interview", query=on or None),
        "crumbs": _crumbs(context, request),
    }


def _answers(context: ProcedureResource, request: Request, given: Given,
             on: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Each answer given: the question, the answer in words, the address to change it."""
    procedure = context.checked.procedure
    answers = []
    for name in given.typed:
        fact = procedure.facts[name]
        value = show_value(fact.type, given.facts.get(name), request.lang, procedure.labels)
        change = request.page_url(context, "interview", query=[*on, *given.without(), ("edit", name)])
        answers.append((fact.title.get(request.lang), value, change))
    return answers


def _outcome(context: ProcedureResource, request: Request, given: Given, assessment: Mapping[str, Any],
             on: list[tuple[str, str]]) -> dict[str, Any]:
    procedure = context.checked.procedure
    shown = show_assessment(assessment, procedure, request.lang)
    return {
        "title": request.translate(shown.sentence), "shown": shown, "errors": [],
        "answers": _answers(context, request, given, on),
        "procedure": procedure, "done": True, "again_url": request.page_url(context, "interview", query=on or None),
        "apply_url": request.page_url(context, "apply") if context.checked.form is not None and not on else "",
        "crumbs": _crumbs(context, request),
    }


def _crumbs(context: ProcedureResource, request: Request) -> list[dict[str, str]]:
    title = context.checked.procedure.title.get(request.lang)
    return crumbs(request, (title, request.page_url(context)))


