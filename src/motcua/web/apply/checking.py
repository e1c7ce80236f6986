"""Check your answers, what the law says of them, declare and send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPConflict, HTTPSeeOther

from motcua import dossiers
from motcua.dossiers import close_draft
from motcua.forms import FormState, finish, pages
from motcua.forms.pages import Page
from motcua.forms.posted import fault_message
from motcua.forms.questions import ANSWERED, Question, field_names
from motcua.web.apply.filling import Filling
from motcua.web.apply.filling_pages import filling_of
from motcua.web.apply.resources import DraftPlace, SentDraft
from motcua.web.site.answers import answer_groups
from motcua.web.site.assessments import ShownAssessment, show_assessment
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

_TEMPLATE = "templates/check.jinja2"


@page(context=DraftPlace, name="check", request_method="GET", renderer=_TEMPLATE)
def check_page(context: DraftPlace, request: Request) -> dict[str, Any]:
    """All answers with links to change them; when they are complete, what the law says of them."""
    return _check(context, request, [])


@page(context=DraftPlace, name="send", request_method="GET")
def back_to_check(context: DraftPlace, request: Request) -> HTTPSeeOther:
    """The address of a refused sending, opened again: to the check."""
    return HTTPSeeOther(request.page_url(context, "check"))


@page(context=DraftPlace, name="send", request_method="POST", permission="edit", renderer=_TEMPLATE)
def send(context: DraftPlace, request: Request) -> Any:
    """Receive the dossier: checked and assessed once more, stored with its files, the draft gone."""
    filling = filling_of(context, request)
    examination = examine(context, filling)
    if _wrong(context, request, filling, filling.state()) or not examination.acceptable:
        return _refuse(request, _check(context, request, []))
    errors = _undeclared(request, _needs_consent(examination))
    if str(request.POST.get("revision", "")) != str(context.draft.revision):
        errors.append(ErrorLink(request.translate(_(
            "Your answers were changed in another window since you opened this page. Check them again, then send."))))
    if errors:
        return _refuse(request, _check(context, request, errors))
    account = request.visitor
    reception = dossiers.file_dossier(
        request.records, context.checked, examination, files=tuple(context.draft.files.values()), now=request.now,
        applicant=account.id if account else None,
        applicant_name=(account.title or account.name) if account else first_answer(filling),
        channel="portal")
    code = reception.dossier.code
    # the session keeps its token for now: a second click leads to the receipt too
    close_draft(request.records, context.draft, code, now=request.now)
    return _to_receipt(request, code)


@page(context=SentDraft, request_method="GET")
@page(context=SentDraft, request_method="POST")
def after_sending(context: SentDraft, request: Request) -> HTTPSeeOther:
    """A form that was sent from another window or by a second click: to its receipt, unless answers came with it."""
    if request.method == "POST" and context.__name__ != "send":
        raise HTTPConflict(explanation=_(
            "This form has been sent from another window, as the dossier ${code}. What you typed last is not in it.",
            mapping={"code": context.code}))
    return _to_receipt(request, context.code)


def _to_receipt(request: Request, code: str) -> HTTPSeeOther:
    """To the receipt of a dossier, which the session of whoever has no account may see from now on."""
    if request.visitor is None:
        held = [each for each in request.session.get("dossiers", []) if each != code]
        request.session["dossiers"] = [*held, code][-8:]
    return HTTPSeeOther(request.url_to("dossiers", code, "receipt"))


def examine(context: DraftPlace, filling: Filling) -> dossiers.Examination:
    """The filling as a submission: checked against its form, its facts assessed."""
    instance = filling.state().instance
    finish(filling.form, instance, filling.clock)
    kinds = {name: file.media_type for name, file in context.draft.files.items()}
    return dossiers.examine(context.checked, instance.to_xml(pruned=True), filling.now, kinds)


def _undeclared(request: Request, needs_consent: bool) -> list[ErrorLink]:
    errors = []
    if not request.POST.get("declare"):
        errors.append(ErrorLink(request.translate(_("Tick the box to declare that your answers are true.")), "declare"))
    if needs_consent and not request.POST.get("consent"):
        errors.append(ErrorLink(
            request.translate(_("Tick the box if you want to send the dossier all the same.")), "consent"))
    return errors


def _needs_consent(examination: dossiers.Examination) -> bool:
    """Whether sending is allowed but the office would have to refuse, or ask."""
    return examination.assessment is None or examination.assessment.outcome != "eligible"


def _refuse(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    request.response.status_int = 422
    return values


def _check(context: DraftPlace, request: Request, errors: list[ErrorLink]) -> dict[str, Any]:
    filling = filling_of(context, request)
    state = filling.state()
    wrong = _wrong(context, request, filling, state)

    def url_of(page_: Page, row: int | None, question: Question) -> str:
        return question_url(context, request, page_, row, question)

    examination = examine(context, filling) if not wrong else None
    shown = shown_assessment(context, request, examination) if examination else None
    if examination is not None:
        wrong = _refusals(examination, _places(context, filling, state), url_of, request.lang)
    return {
        "title": request.translate(_("Check your answers")), "errors": [*wrong, *errors],
        "error": {error.target: error.text for error in errors},
        "groups": answer_groups(context.form, state, filling.viewer(state), context.draft.files, url_of),
        "wrong": len(wrong), "shown": shown, "draft": context.draft,
        "procedure_title": context.checked.procedure.title.get(request.lang),
        "needs_consent": examination is not None and _needs_consent(examination),
        "send_url": request.page_url(context, "send"),
        "keep_url": request.page_url(context, "keep"),
        "file_url": lambda name: request.page_url(context, "file", name),
    }


def shown_assessment(context: DraftPlace, request: Request,
                     examination: dossiers.Examination) -> ShownAssessment | None:
    """What the law says, in words, with the names of the files given for each document."""
    if examination.assessment is None or examination.extraction is None:
        return None
    files = context.draft.files
    names = {document: [files[name].original_name if name in files else name for name in stored]
             for document, stored in examination.extraction.documents.items()}
    return show_assessment(examination.assessment.to_json(), context.checked.procedure, request.lang, names)


#: Where a question is: its page, its row where the row has a page of its own, and itself.
Place = tuple[Page, int | None, Question]


def _places(context: DraftPlace, filling: Filling, state: FormState) -> list[Place]:
    """Every question of the shown pages, in order."""
    viewer = filling.viewer(state)
    found: list[Place] = []
    for each in pages.shown_pages(context.form, state):
        count = state.rows(each.repeat.ref or "") if each.repeat is not None else 0
        rows = [None] if each.repeat is None else list(range(1, count + 1))
        found += [(each, row, question) for row in rows for question in viewer.page(each, row).questions()]
    return found


def _wrong(context: DraftPlace, request: Request, filling: Filling, state: FormState) -> list[ErrorLink]:
    """Everything that the form finds wrong, in page order, each line a link to its question."""
    kept = filling.kept_typed().fields
    found: list[ErrorLink] = []
    for page_, row, question in _places(context, filling, state):
        text = _fault(question, state, kept, request.lang)
        if text:
            found.append(ErrorLink(text, "", question_url(context, request, page_, row, question)))
    return found


def _refusals(examination: dossiers.Examination, places: list[Place],
              url_of: Callable[[Page, int | None, Question], str], lang: str) -> list[ErrorLink]:
    """What keeps a complete form from being received, e.g. a needed document without its file."""
    by_path = {question.path: (page_, row, question) for page_, row, question in places}
    return [ErrorLink(error.en if lang == "en" else error.vi, "",
                      url_of(*by_path[error.path]) if error.path in by_path else "")
            for error in examination.errors]


def question_url(context: DraftPlace, request: Request, page_: Page, row: int | None,
                 question: Question) -> str:
    """The address of a question, from which one comes back to the check."""
    rows = [str(row)] if row is not None else []
    return str(request.page_url(context, page_.id, *rows, query={"back": "check"}, anchor=question.target))


def _fault(question: Question, state: FormState, kept: Mapping[str, tuple[str, ...]], lang: str) -> str:
    if not question.relevant or question.kind not in ANSWERED:
        return ""
    typed = " ".join(text for name in field_names(question) for text in kept.get(name, ()) if text)
    if typed and not question.value:
        return f"{question.label}: {typed[:40]}"
    return fault_message(question, state, lang)


def first_answer(filling: Filling) -> str:
    """The first text of the form: the name by which a dossier without an account is listed."""
    state = filling.state()
    viewer = filling.viewer(state)
    for each in pages.shown_pages(filling.form, state):
        for question in viewer.page(each).questions():
            if question.relevant and question.kind == "text" and question.value:
                return question.value[:200]
    return ""
