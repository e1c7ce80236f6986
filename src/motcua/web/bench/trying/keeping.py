"""Keeping a case of the bench as a scenario: what is expected of it, as the form asks and reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther

from motcua.conditions import to_json
from motcua.dossiers import KEPT_GRID, confirm, facts_json
from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date, show_number
from motcua.procedures import Decision, Fact, Procedure
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.answering import Answer, answer_of
from motcua.web.bench.trying.case import Case, read_case
from motcua.web.bench.trying.entries import given_facts
from motcua.web.bench.trying.scenarios import all_scenarios
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.assessments import OUTCOMES
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import read_answer, unit_words
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: How the form writes that a decision gives no value.
NOTHING = "-"
MOST_WORDS = 500
#: What an address may hold for the form: the words of a suggested scenario, whose outcome is left to whoever keeps it.
WORDS = ("keep-id", "keep-vi", "keep-en", "keep-why")
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Option:
    """A thing that may be expected: its value, its words, whether it is."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Expectation:
    """One key of ``expect`` as the form asks it: ``kind`` is outcome, set, list or value.

    A set is compared only when ``is_compared``; the others when something is chosen or typed.
    """

    key: str
    kind: str
    title: Any
    options: tuple[Option, ...] = ()
    value: str = ""
    unit: str = ""
    is_compared: bool = True
    error: str = ""

    @property
    def field(self) -> str:
        """The id of its first field."""
        return f"expect-{self.key}"


@page(context=BenchProcedure, name="keep", request_method="GET", permission="test",
      renderer="templates/keep.jinja2")
def ask(context: BenchProcedure, request: Request) -> Any:
    """The form to keep the case of this address, filled in with what the rules say now."""
    case = read_case(request, context.checked.procedure, WORDS)
    given = {name.removeprefix("keep-"): request.GET.get(name, "") for name in WORDS}
    is_suggested = any(given.values())
    return _form(context, request, case, [], {}, given if is_suggested else None, is_suggested=is_suggested)


@page(context=BenchProcedure, name="keep", request_method="POST", permission="test",
      renderer="templates/keep.jinja2")
def keep(context: BenchProcedure, request: Request) -> Any:
    """Keep the case of this address as a scenario, with what is expected of it."""
    procedure = context.checked.procedure
    case = read_case(request, procedure)
    texts = {name: str(request.POST.get(name, "")).strip() for name in ("id", "vi", "en", "why")}
    errors = [*_wrong_texts(context, request, texts)]
    expect, wrong = read_expectations(procedure, request)
    errors += [ErrorLink(text, f"expect-{key}") for key, text in wrong.items()]
    if errors or case.errors or answer_of(procedure, case.facts, request.lang).refused:
        return _form(context, request, case, errors, wrong, texts)
    scenario = {**texts, "given": facts_json(procedure, case.facts), "expect": expect}
    request.records.scenarios.put(procedure.id, texts["id"], scenario, author=request.visitor.id, at=request.now,
                                  grid=_grid(context, request))
    if context.draft is None:
        # whoever writes what a case expects says that it is the law, under the rules of now
        confirm(request.records, context.checked, [texts["id"]], who=request.visitor.id, at=request.now)
    return HTTPSeeOther(request.page_url(context, "scenarios", anchor=f"scenario-{texts['id']}"))


def _grid(context: BenchProcedure, request: Request) -> str:
    """The grid chosen; that of the cases kept one by one where there is no such grid."""
    chosen = str(request.POST.get("grid", KEPT_GRID))
    return chosen if request.records.scenarios.grid(context.checked.id, chosen) else KEPT_GRID


@page(context=BenchProcedure, name="forget", request_method="POST", permission="test")
def forget(context: BenchProcedure, request: Request) -> Any:
    """Take a kept scenario away."""
    try:
        request.records.scenarios.remove(context.checked.id, str(request.POST.get("id", "")))
    except KeyError as error:
        raise HTTPNotFound from error
    return HTTPSeeOther(request.page_url(context, "scenarios"))


def expectations(procedure: Procedure, case: Case, answer: Answer, lang: str) -> Iterator[Expectation]:
    """What a scenario of this case may expect, filled in with what the rules say now."""
    found: dict[str, Any] = answer.assessment.to_json() if answer.assessment else {}
    chosen = found.get("outcome", "")
    yield Expectation("outcome", "outcome", _("Outcome"), tuple(
        Option(outcome, sentence, outcome == chosen) for outcome, (_colour, sentence) in OUTCOMES.items()))
    version = procedure.version_on(case.day)
    failed, documents = found.get("failed", ()), found.get("documents", ())
    yield Expectation("failed", "set", _("Requirements not met"), tuple(
        Option(each.id, each.title.get(lang), each.id in failed) for each in version.requirements))
    titles = {each.id: each.title for each in version.documents}
    titles.update((each.id, each.title) for each in (answer.assessment.document_details if answer.assessment else ()))
    yield Expectation("documents", "set", _("Documents needed"), tuple(
        Option(name, title.get(lang), name in documents) for name, title in titles.items()))
    for decision in procedure.decisions.values():
        yield _asked(procedure, decision, (found.get("decisions") or {}).get(decision.id), lang, bool(found))


def read_expectations(procedure: Procedure, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form expects, as a scenario file writes it; and what is wrong with it, by key."""
    post, lang = request.POST, request.lang
    expect: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    outcome = str(post.get("expect.outcome", ""))
    if outcome in OUTCOMES:
        expect["outcome"] = outcome
    elif outcome:
        wrong["outcome"] = Problem("WEB_111").message(lang)
    known = {"failed": {each.id for each in procedure.requirements},
             "documents": {each.id for each in procedure.documents}}
    for key, ids in known.items():
        if key in post.getall("compare"):
            expect[key] = [str(name) for name in post.getall(f"expect.{key}")]
            if not set(expect[key]) <= ids:
                wrong[key] = Problem("WEB_111").message(lang)
    for name, decision in procedure.decisions.items():
        text = str(post.get(f"expect.{name}", "")).strip()
        try:
            if text:
                expect[name] = None if text == NOTHING else _expected(decision, text, lang)
        except InputError as error:
            wrong[name] = error.problems[0].message(lang)
    if not expect and not wrong:
        wrong["outcome"] = request.translate(_("Say what is expected: at least the outcome."))
    return expect, wrong


def _expected(decision: Decision, text: str, lang: str) -> Any:
    if decision.hit == "collect":
        return [_one(decision, part.strip(), lang) for part in text.split(";")]
    return _one(decision, text, lang)


def _one(decision: Decision, text: str, lang: str) -> Any:
    # the answer of a decision is written like that of a fact of its type
    return to_json(decision.type, read_answer(Fact(decision.id, decision.type, decision.title), (text,), lang))


def _asked(procedure: Procedure, decision: Decision, found: Any, lang: str, is_known: bool) -> Expectation:
    value = found["value"] if found else None
    written = "" if not is_known else NOTHING if value is None else _written(decision, value)
    if decision.type.kind == "one of" and decision.hit != "collect":
        labels = procedure.labels.get(decision.type.list or "", {})
        options = tuple(Option(word, labels[word].get(lang) if word in labels else word, word == written)
                        for word in decision.type.values)
        return Expectation(decision.id, "list", decision.title, options, written)
    return Expectation(decision.id, "value", decision.title, value=written, unit=unit_words(decision.type, lang))


def _written(decision: Decision, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_written(decision, each) for each in value)
    if decision.type.kind == "date":
        return show_date(str(value))
    return show_number(str(value)) if decision.type.is_number else str(value)


def _wrong_texts(context: BenchProcedure, request: Request, texts: dict[str, str]) -> Iterator[ErrorLink]:
    name = texts["id"]
    if not _ID.fullmatch(name) or len(name) > 80:
        yield ErrorLink(request.translate(_("Write an id of small letters a-z, digits and hyphens, such as "
                                            "exactly-half-done, at most 80 characters.")), "keep-id")
    elif any(scenario.id == name for scenario, _kept in all_scenarios(context.checked, request)):
        yield ErrorLink(request.translate(_("A scenario with this id exists. Choose another.")), "keep-id")
    if not texts["vi"] and not texts["en"]:
        yield ErrorLink(request.translate(_("Say in one sentence what the scenario shows.")), "keep-vi")
    for field in ("vi", "en", "why"):
        if len(texts[field]) > MOST_WORDS:
            yield ErrorLink(request.translate(_("At most 500 characters.")), f"keep-{field}")


def _form(context: BenchProcedure, request: Request, case: Case, errors: list[ErrorLink], wrong: dict[str, str],
          texts: dict[str, str] | None = None, *, is_suggested: bool = False) -> dict[str, Any]:
    procedure, lang = context.checked.procedure, request.lang
    answer = Answer() if case.errors else answer_of(procedure, case.facts, lang)
    errors = [*case.errors, *(ErrorLink(text) for text in answer.refused), *errors]
    if errors:
        request.response.status_int = 422
    asked = tuple(expectations(procedure, case, answer, lang))
    if is_suggested:
        asked = tuple(_left_open(each) for each in asked)
    elif texts is not None:
        asked = tuple(_again(each, request, wrong) for each in asked)
    case_url = request.page_url(context, query=case.pairs(versus=case.versus))
    others = [grid for grid in request.records.scenarios.grids(procedure.id) if grid.id != KEPT_GRID]
    return {
        "title": request.translate(_("Keep as a scenario")), "procedure": procedure, "errors": errors,
        "texts": texts or dict.fromkeys(("id", "vi", "en", "why"), ""), "asked": asked, "answer": answer,
        "wrong": {link.target: link.text for link in errors if link.target}, "shown": answer.shown,
        "grids": [(KEPT_GRID, request.translate(_("Kept on the bench"))), *((grid.id, grid.title) for grid in others)],
        "grid": str(request.POST.get("grid", KEPT_GRID)),
        "may_keep": not case.errors and not answer.refused, "given": given_facts(procedure, case, lang),
        "keep_url": request.page_url(context, "keep", query=case.pairs(versus=case.versus)),
        "case_url": case_url, "is_suggested": is_suggested, "crumbs": crumbs(request),
    }


def _left_open(asked: Expectation) -> Expectation:
    """The expectation with nothing expected yet: what the rules say must not pass for what the law says."""
    options = tuple(Option(each.value, each.label, is_chosen=False) for each in asked.options)
    return Expectation(asked.key, asked.kind, asked.title, options, "", asked.unit, is_compared=False)


def _again(asked: Expectation, request: Request, wrong: dict[str, str]) -> Expectation:
    """The expectation as it was posted, with its error."""
    posted = [str(value) for value in request.POST.getall(f"expect.{asked.key}")]
    options = tuple(Option(each.value, each.label, each.value in posted) for each in asked.options)
    return Expectation(asked.key, asked.kind, asked.title, options, posted[0] if posted else "", asked.unit,
                       asked.key in request.POST.getall("compare"), wrong.get(asked.key, ""))
