"""One dossier: its receipt, its answers as submitted, what the law said of them, files and journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPNotFound

from motcua.dossiers import STATES, TRANSITIONS, DocumentFile, Dossier
from motcua.errors import MotcuaError
from motcua.forms import SUBMISSION_LIMITS, Clock, Form, evaluate, load_instance, parse_xml
from motcua.forms.pages import Viewer
from motcua.web.apply.files import download
from motcua.web.dossiers.lists import procedure_title
from motcua.web.dossiers.resources import DossierPlace
from motcua.web.site.answers import AnswerGroup, AnswerLine, answer_groups
from motcua.web.site.assessments import ShownAssessment, show_assessment
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid.response import Response


@page(context=DossierPlace, request_method="GET", renderer="templates/dossier.jinja2")
def dossier_page(context: DossierPlace, request: Request) -> dict[str, Any]:
    """Everything that is kept of the dossier."""
    dossier = context.dossier
    return {
        **_common(context, request), "title": dossier.code,
        "groups": answers_of(request, dossier), "journal": list(dossier.journal),
        "word_of": journal_word, "is_sealed": not dossier.journal.verify(), "files": dossier.files,
        "names": {account: name_of_account(request, account) for account in {e.who for e in dossier.journal}},
        "try_url": request.page_url(context, "try") if bench_url_of(context, request) else "",
    }


def bench_url_of(context: DossierPlace, request: Request) -> str:
    """The bench of the dossier's procedure for those who may examine and test; "" for others, and without a bench."""
    bench, dossiers = request.registry.motcua_sections.get("bench"), context.__parent__
    if bench is None or dossiers is None or context.dossier.procedure not in request.catalogue:
        return ""
    place = bench(request, dossiers.__parent__, "bench")
    is_allowed = request.has_permission("examine", context) and request.has_permission("test", place)
    return str(request.page_url(place, context.dossier.procedure)) if is_allowed else ""


@page(context=DossierPlace, name="receipt", request_method="GET", renderer="templates/receipt.jinja2")
def receipt_page(context: DossierPlace, request: Request) -> dict[str, Any]:
    """The receipt: code, day, what happens next; to be printed or saved."""
    return {**_common(context, request), "title": request.translate(_("The dossier has been received"))}


@page(context=DossierPlace, name="file", request_method="GET")
def dossier_file(context: DossierPlace, request: Request) -> Response:
    """``/dossiers/<code>/file/<name>``."""
    try:
        return download(context.dossier.file(request.subpath[0] if len(request.subpath) == 1 else ""))
    except KeyError:
        raise HTTPNotFound() from None


@page(context=DossierPlace, name="submission.xml", request_method="GET")
def submission_xml(context: DossierPlace, request: Request) -> Response:
    """The submission, byte for byte as received."""
    response = request.response
    response.body = context.dossier.submission.xml
    response.content_type, response.charset = "application/xml", None
    response.content_disposition = f'attachment; filename="{context.dossier.code}.xml"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _common(context: DossierPlace, request: Request) -> dict[str, Any]:
    dossier = context.dossier
    shown = assessment_of(request, dossier)
    return {
        "dossier": dossier, "errors": [], "procedure": procedure_title(request, dossier.procedure),
        "state": STATES[dossier.state].title, "shown": shown,
        "titles": {each.id: each.text for each in shown.documents} if shown else {},
        "url": request.page_url(context), "file_url": lambda name: request.page_url(context, "file", name),
        "list_url": request.url_to("dossiers") if request.visitor else "",
    }


def assessment_of(request: Request, dossier: Dossier) -> ShownAssessment | None:
    """The kept assessment in words, under the titles of today's rules where they still have them."""
    assessment = dossier.assessment
    if assessment is None:
        return None
    checked = request.catalogue.get(dossier.procedure)
    names: dict[str, list[str]] = {}
    for file in dossier.files:
        if file.document:
            names.setdefault(file.document, []).append(file.original_name)
    return show_assessment(assessment, checked.procedure if checked else None, request.lang, names)


def answers_of(request: Request, dossier: Dossier) -> tuple[AnswerGroup, ...]:
    """The answers under the questions of the form; by node name where that form version is gone."""
    checked = request.catalogue.get(dossier.procedure)
    form: Form | None = checked.form if checked else None
    submission = dossier.submission
    files: dict[str, DocumentFile] = {file.name: file for file in dossier.files}
    if form is None or checked is None or form.digest != submission.form.digest:
        return (_plain_answers(submission.xml),)
    try:
        state = evaluate(form, load_instance(form, submission.xml), Clock(submission.received_at), request.lang)
    except MotcuaError:
        return (_plain_answers(submission.xml),)
    return answer_groups(form, state, Viewer(form, state, request.lang, None, checked.procedure), files)


def _plain_answers(xml: bytes) -> AnswerGroup:
    root = parse_xml(xml, SUBMISSION_LIMITS)
    lines = [AnswerLine(str(element.tag).rpartition("}")[2], (element.text or "").strip())
             for element in root.iter() if len(element) == 0 and (element.text or "").strip()]
    return AnswerGroup("", tuple(lines))


def name_of_account(request: Request, account_id: str) -> str:
    """How the journal calls someone: the name in full, or the id."""
    account = request.records.accounts.get(account_id)
    return (account.title or account.name) if account else account_id


def journal_word(what: str) -> Any:
    """What an entry of the journal says: a way of the lifecycle, or a service's word."""
    transition = TRANSITIONS.get(what)
    return transition.title if transition else _WORDS.get(what, what)


_WORDS = {"receive": _("received and assessed")}
