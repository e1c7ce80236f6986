"""The pages of a form: showing one, and taking what was posted on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPConflict, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render

from motcua.dossiers import received_facts
from motcua.engine import assess
from motcua.errors import InputError
from motcua.forms import FormState, extract, pages
from motcua.forms.pages import PageView, Typed
from motcua.forms.posted import Reading
from motcua.forms.questions import field_names, id_of, name_of
from motcua.web.apply.filling import Filling, new_questions, split_posted
from motcua.web.apply.resources import DraftPlace, PagePlace
from motcua.web.apply.starting import draft_life
from motcua.web.site.assessments import ShownDocument, show_assessment
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid.response import Response

_TEMPLATE = "motcua.web.apply:templates/page.jinja2"


def filling_of(place: DraftPlace, request: Request) -> Filling:
    """The filling of a draft, for this request."""
    return Filling.of(place.draft, place.form, place.checked.procedure, request.now, request.lang)


@dataclass(slots=True)
class Posting:
    """One posted page on its way: what was read, and what it says."""

    filling: Filling
    view: PageView
    reading: Reading
    fields: Mapping[str, tuple[str, ...]]


@page(context=PagePlace, request_method="GET", renderer=_TEMPLATE)
def show(context: PagePlace, request: Request) -> dict[str, Any]:
    """The page as the draft has it; wrong answers are shown again as they were typed."""
    place = context.place
    filling = filling_of(place, request)
    state = filling.state()
    kept = filling.kept_typed()
    view = _view(context, filling, state, None)
    typed = Typed(kept.fields, {}, frozenset(
        question.name for question in view.questions()
        if any(name in kept.fields for name in field_names(question))))
    view = _view(context, filling, state, typed)
    appeared = [question for question in view.questions() if question.name in request.GET.getall("new")]
    return _page(context, request, filling, state, view, {}, appeared=len(appeared))


@page(context=PagePlace, request_method="POST", renderer=_TEMPLATE, permission="edit")
def take(context: PagePlace, request: Request) -> Any:
    """Store what was posted, then do what the button said; with errors the page comes back (422)."""
    place = context.place
    fields, uploads = split_posted(request.POST)
    filling = filling_of(place, request)
    view = _view(context, filling, filling.state(), None)
    if _text(fields, "revision") != str(place.draft.revision):
        return _conflict(context, request, filling, view, fields)
    reading = filling.answer(view, fields)
    filling.take_files(view, uploads, request.registry.settings["motcua.max_file"])
    posting = Posting(filling, view, reading, fields)
    for action in ("add", "remove", "drop"):
        if f"_{action}" in fields:
            return _change(context, request, posting, action)
    return _go(context, request, posting)


def _change(context: PagePlace, request: Request, posting: Posting, action: str) -> Any:
    """Add or remove a row, or a file; nothing is validated, the page comes back at its place."""
    filling, name = posting.filling, _text(posting.fields, f"_{action}")
    if action == "drop":
        question = next((each for each in posting.view.questions() if each.name == name), None)
        if question is None or question.kind != "file":
            raise HTTPNotFound()
        filling.drop_file(question)
        target, row = question.id, None
    else:
        if action == "remove" and "_sure" not in posting.fields and _has_answers(posting, name):
            return _ask(context, request, posting, name)
        try:
            row = filling.change_rows(action, name, posting.view)
        except InputError as error:
            return _again(context, request, posting, {"": (error.problems[0].message(request.lang), "")})
        target = id_of(name_of(row)) if row else id_of(name.rpartition("[")[0])
    _save(context, request, posting)
    if row is not None and context.page.repeat is not None and context.row is None:
        number = row.rpartition("[")[2].rstrip("]")
        return HTTPSeeOther(request.page_url(context, number))
    return HTTPSeeOther(request.page_url(context, anchor=target))


def _go(context: PagePlace, request: Request, posting: Posting) -> Any:
    """Continue, save for later, or show what the answers have changed on this page."""
    filling = posting.filling
    lost = filling.rows_to_be_lost() if "_sure" not in posting.fields else 0
    if lost:
        return _ask_about_rows(context, request, posting, lost)
    state = filling.state()
    view = _view(context, filling, state, posting.reading.typed)
    appeared = new_questions(view, posting.fields)
    errors = filling.errors(view, state, posting.reading)
    hidden = {question.name for question in appeared}
    errors = {name: error for name, error in errors.items() if name not in hidden}
    _save(context, request, posting)
    if "_keep" in posting.fields:
        return HTTPSeeOther(request.page_url(context.place, "keep"))
    if "_update" in posting.fields or (appeared and not errors):
        first = appeared[0].id if appeared else None
        query = [("new", question.name) for question in appeared] + _back(posting.fields)
        return HTTPSeeOther(request.page_url(context, query=query or None, anchor=first or "questions"))
    if errors:
        return _again(context, request, posting, errors)
    return HTTPSeeOther(next_url(context, request, state, posting.fields))


def next_url(context: PagePlace, request: Request, state: FormState, fields: Mapping[str, tuple[str, ...]]) -> str:
    """Where "Continue" leads: back to the list of rows, to the check, or to the next page."""
    place = context.place
    if context.row is not None:
        return str(request.page_url(place, context.page.id))
    if _back(fields):
        return str(request.page_url(place, "check"))
    ids = [each.id for each in pages.plan(place.form)]
    later = set(ids[ids.index(context.page.id) + 1:])
    following = next((each.id for each in pages.shown_pages(place.form, state) if each.id in later), None)
    return str(request.page_url(place, following or "check"))


def _again(context: PagePlace, request: Request, posting: Posting,
           errors: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The page with its errors (422), every answer as typed."""
    filling = posting.filling
    typed = Typed(posting.reading.typed.fields, errors, posting.reading.typed.read)
    state = filling.state()
    view = _view(context, filling, state, typed)
    request.response.status_int = 422
    return _page(context, request, filling, state, view, errors, back=bool(_back(posting.fields)))


def _save(context: PagePlace, request: Request, posting: Posting) -> None:
    # the whole page, as it is now: rows may have come or gone
    view = _view(context, posting.filling, posting.filling.state(), None)
    posting.filling.save(revision=context.place.draft.revision, page=context.page.id, reading=posting.reading,
                         view=view, life=draft_life(request))


def _view(context: PagePlace, filling: Filling, state: FormState, typed: Typed | None) -> PageView:
    if context.row is not None and context.page.repeat is not None:
        path = context.page.repeat.ref or ""
        if context.row > state.rows(path) or context.row < 1:
            raise HTTPNotFound()
    return filling.viewer(state, typed).page(context.page, context.row)


def _page(context: PagePlace, request: Request, filling: Filling, state: FormState, view: PageView,
          errors: Mapping[str, tuple[str, str]], *, appeared: int = 0, back: bool = False) -> dict[str, Any]:
    """The values of the page's template."""
    place = context.place
    shown = pages.shown_pages(place.form, state)
    ids = [each.id for each in shown]
    position = ids.index(context.page.id) if context.page.id in ids else 0
    targets = {question.name: question.target for question in view.questions()}
    needed = needed_documents(filling, state, view)
    before = (request.page_url(place, ids[position - 1]) if position
              else request.url_to("procedures", place.checked.id, "apply"))
    return {
        "title": view.title, "view": view, "draft": place.draft,
        "text_language": filling.viewer(state).text_language,
        "procedure_title": place.checked.procedure.title.get(request.lang),
        "errors": [ErrorLink(text, targets.get(name, "")) for name, (text, _part) in errors.items()],
        "is_renewed": place.draft.form.digest != place.form.digest, "dropped": filling.dropped(),
        "number": position + 1, "of": len(ids), "appeared": appeared, "files": filling.file,
        "action": request.page_url(context), "recalc_url": request.page_url(context, "recalc"),
        "row_url": lambda row: request.page_url(context, str(row)),
        "file_url": lambda name: request.page_url(place, "file", name),
        "back_url": request.page_url(place, context.page.id) if context.row is not None else before,
        "back_to_check": back or request.GET.get("back") == "check",
        "needed": needed,
        "needed_ids": frozenset(document.id for document in needed if document.state == "needed"),
    }


def needed_documents(filling: Filling, state: FormState, view: PageView) -> tuple[ShownDocument, ...]:
    """Beside uploads: the documents that the law asks for, by the answers so far."""
    if not any(question.kind == "file" and question.document for question in view.questions()):
        return ()
    procedure = filling.procedure
    extraction = extract(filling.form, state.instance, procedure)
    facts = received_facts(procedure, extraction.facts, filling.now)
    try:
        assessment = assess(procedure, facts, on=filling.now.date()).to_json()
    except InputError:
        # facts the rules cannot take are told at their questions and at the check
        return ()
    names = {document: list(stored) for document, stored in extraction.documents.items()}
    return show_assessment(assessment, procedure, filling.lang, names).documents


@page(context=PagePlace, name="recalc", request_method="POST", permission="edit")
def recalc(context: PagePlace, request: Request) -> Response:
    """The questions of the page for the answers as they stand in the browser; nothing is stored."""
    fields, _uploads = split_posted(request.POST)
    filling = filling_of(context.place, request)
    reading = filling.answer(_view(context, filling, filling.state(), None), fields)
    state = filling.state()
    view = _view(context, filling, state, Typed(reading.typed.fields, {}, reading.typed.read))
    values = _page(context, request, filling, state, view, {})
    body = render("motcua.web.apply:templates/questions_only.jinja2", values, request=request)
    request.response.text = body
    return request.response


def _has_answers(posting: Posting, name: str) -> bool:
    """Whether the row ``name`` holds an answer, so that removing it is asked about first."""
    instance = posting.filling.instance
    paths = [f"{rows.path}[{row.number}]/" for rows in pages.all_rows(posting.view.items) for row in rows.rows
             if row.name == name]
    return any(instance.get(node.path) for node in posting.filling.state().nodes for path in paths
               if node.path.startswith(path))


def _ask(context: PagePlace, request: Request, posting: Posting, name: str) -> Response:
    """Ask before a filled-in row is removed. Answers of the page are saved first."""
    _save(context, request, posting)
    summary = next((row.summary for rows in pages.all_rows(posting.view.items) for row in rows.rows
                    if row.name == name), "")
    kept = [("revision", str(context.place.draft.revision))]
    return _sure(context, request, request.translate(_("Remove this entry?")), summary, kept, ("_remove", name))


def _ask_about_rows(context: PagePlace, request: Request, posting: Posting, lost: int) -> Response:
    """Ask before a smaller number drops answered rows; nothing is stored, the answers wait in the page."""
    kept = [(name, text) for name, texts in posting.fields.items() for text in texts
            if name != "csrf_token" and not name.startswith(("_go", "_update", "_keep"))]
    button = next((name for name in ("_keep", "_update") if name in posting.fields), "_go")
    title = request.translate(_("Remove entries that have answers?"))
    return _sure(context, request, title, "", kept, (button, "1"), lost)


def _sure(context: PagePlace, request: Request, title: str, summary: str, kept: list[tuple[str, str]],
          button: tuple[str, str], lost: int = 0) -> Response:
    request.response.text = render("motcua.web.apply:templates/sure.jinja2", {
        "title": title, "errors": [], "summary": summary, "kept": kept, "button": button, "lost": lost,
        "action": request.page_url(context)}, request=request)
    return request.response


def _conflict(context: PagePlace, request: Request, filling: Filling, view: PageView,
              fields: Mapping[str, tuple[str, ...]]) -> Response:
    """The draft was saved elsewhere since: both values of each answer that differs; nothing is stored."""
    saved = {question.name: question.shown for question in view.questions()}
    filling.answer(view, fields)
    mine = _view(context, filling, filling.state(), None)
    differing = [(question.label, question.shown, saved.get(question.name, ""))
                 for question in mine.questions() if question.shown != saved.get(question.name, "")]
    body = render("motcua.web.apply:templates/conflict.jinja2", {
        "title": request.translate(_("Changed in another window")), "errors": [], "differing": differing,
        "url": request.page_url(context)}, request=request)
    request.response.text = body
    request.response.status_int = HTTPConflict.code
    return request.response


def _back(fields: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [("back", "check")] if _text(fields, "back") == "check" else []


def _text(fields: Mapping[str, tuple[str, ...]], name: str) -> str:
    return (fields.get(name) or ("",))[0]
