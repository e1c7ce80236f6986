"""The drafts of a procedure's rules: begun, edited as text, downloaded, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipart import MultipartPart
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound, HTTPSeeOther
from pyramid.response import Response

from motcua.dossiers import LARGEST_TEXT, DraftVersion, LawDraft
from motcua.errors import InputError, Problem
from motcua.web.bench.drafts.files import DraftProblem, ReadDraft, read_draft
from motcua.web.bench.drafts.places import Drafts, LawDraftPlace, place_of
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.bodies import is_plain_text
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure

#: Lines that are numbered, blank lines to write on, and problems told one by one.
MOST_NUMBERED: Final = 4000
LINES_TO_WRITE_ON: Final = 10
MOST_TOLD: Final = 100
_FIELDS: Final = {"DOS_030": "name", "DOS_032": "name", "DOS_031": "text", "WEB_237": "text"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the officer wrote: the rules, further legal texts, and the version it was made from."""

    text: str
    register: str
    base: int


@page(context=Drafts, request_method="GET", permission="test", renderer="templates/drafts.jinja2")
def drafts(context: Drafts, request: Request) -> dict[str, Any]:
    """The drafts of the procedure, and the form to begin one."""
    return _list(context, request, [])


@page(context=Drafts, request_method="POST", permission="test", renderer="templates/drafts.jinja2")
def begin(context: Drafts, request: Request) -> Any:
    """Begin a draft: from an uploaded file, or from the rules in force."""
    law = context.law.checked
    name = str(request.POST.get("name", "")).strip()
    try:
        uploaded = uploaded_text(request, "file")
        text = law_text(law) if uploaded is None else uploaded
        _check_size(text)
        read = read_draft(request, law, text)
        draft = request.records.law_drafts.begin(law.id, name, text, problems=len(read.errors),
                                                 author=request.visitor.id, at=request.now, is_copy=uploaded is None)
    except InputError as error:
        request.response.status_int = 422
        return _list(context, request, [ErrorLink(each.message(request.lang), _FIELDS.get(each.code, "file"))
                                        for each in error.problems], name)
    if read.errors:
        # kept all the same, and what is wrong is shown beside the text
        request.override_renderer = "templates/draft.jinja2"
        request.response.status_int = 422
        return _editor(place_of(context, draft), request, Typed(text, "", 1), read, [])
    request.session.flash("1", "draft")
    return HTTPSeeOther(request.page_url(context, draft.name, "edit"))


@page(context=LawDraftPlace, request_method="GET", permission="test")
@page(context=LawDraftPlace, name="against", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="cases", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="scenarios", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="checks", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="coverage", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="compare", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="impact", request_method="GET", permission="test")
@page(context=LawDraftPlace, name="sign-off", request_method="GET", permission="test")
def to_text(context: LawDraftPlace, request: Request) -> HTTPSeeOther:
    """A draft that cannot be tried: to its text."""
    return HTTPSeeOther(request.page_url(context, "edit"))


@page(context=LawDraftPlace, name="edit", request_method="GET", permission="test", renderer="templates/draft.jinja2")
def edit(context: LawDraftPlace, request: Request) -> dict[str, Any]:
    """The text of the draft, or of one of its versions, with what is wrong with it."""
    version = _version(context, request)
    typed = Typed(version.text, version.register, context.draft.latest.number)
    read = read_draft(request, context.law.checked, typed.text, typed.register)
    return _editor(context, request, typed, read, [], version)


@page(context=LawDraftPlace, name="edit", request_method="POST", permission="test", renderer="templates/draft.jinja2")
def save(context: LawDraftPlace, request: Request) -> Any:
    """Keep what was written as the next version; what is wrong with it is shown beside it."""
    draft = context.draft
    typed, errors = _typed(request), []
    try:
        uploaded = uploaded_text(request, "file")
        if uploaded is not None:
            typed = Typed(uploaded, typed.register, typed.base)
        _check_size(typed.text + typed.register)
        if not typed.text.strip():
            raise InputError(Problem("WEB_237"))
        if typed.base != draft.latest.number:
            raise InputError(Problem("WEB_234", {"who": name_of(request, draft.latest.author),
                                                 "number": draft.latest.number}))
        read = read_draft(request, context.law.checked, typed.text, typed.register)
        saved = draft.save(typed.text, typed.register, problems=len(read.errors), author=request.visitor.id,
                           at=request.now)
    except InputError as error:
        errors = [ErrorLink(each.message(request.lang), _target(each)) for each in error.problems]
        request.response.status_int = 422
        return _editor(context, request, Typed(typed.text, typed.register, draft.latest.number), ReadDraft((), None),
                       errors)
    if read.errors:
        request.response.status_int = 422
        return _editor(context, request, Typed(typed.text, typed.register, saved.number), read, [])
    request.session.flash(str(saved.number), "draft")
    return HTTPSeeOther(request.page_url(context, "edit"))


@page(context=LawDraftPlace, name="rules.yaml", request_method="GET", permission="read")
def download(context: LawDraftPlace, request: Request) -> Response:
    """The rule file as it was saved; ``?version=2`` an earlier one, ``?which=register`` its further legal texts."""
    version = _version(context, request)
    is_register = request.GET.get("which") == "register"
    response = Response((version.register if is_register else version.text).encode(),
                        content_type="application/yaml", charset="utf-8")
    name = f"{context.draft.name}-{version.number}{'.sources' if is_register else ''}.yaml"
    response.content_disposition = f'attachment; filename="{name}"'
    return response


@page(context=LawDraftPlace, name="remove", request_method="POST", permission="test")
def remove(context: LawDraftPlace, request: Request) -> HTTPSeeOther:
    """Take the draft away, with all versions: only whoever began it may."""
    if context.draft.author != request.visitor.id:
        raise HTTPForbidden
    request.records.law_drafts.remove(context.draft.procedure, context.draft.name)
    return HTTPSeeOther(request.page_url(context.__parent__))


def law_text(law: CheckedProcedure) -> str:
    """The rule file in force, as it lies on the disk now."""
    return Path(law.procedure.path).read_bytes().decode("utf-8").removeprefix("\ufeff")


def uploaded_text(request: Request, field: str) -> str | None:
    """The text of an uploaded file, None where none was chosen.

    InputError DOS_031 (too large), WEB_235 (no text) or WEB_236 (nothing in it).
    """
    part = request.POST.get(field)
    if not isinstance(part, MultipartPart) or (not part.filename and not part.size):
        return None
    if part.size > LARGEST_TEXT:
        raise InputError(Problem("DOS_031", {"most": LARGEST_TEXT // 1024, "size": part.size // 1024}))
    try:
        text = part.raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = "\0"
    if not is_plain_text(text):
        raise InputError(Problem("WEB_235", {"name": part.filename or "?"}))
    if not text.strip():
        raise InputError(Problem("WEB_236", {"name": part.filename or "?"}))
    return _lines(text)


def name_of(request: Request, account_id: str) -> str:
    """How pages call an account."""
    account = request.records.accounts.get(account_id)
    return account_id if account is None else str(account.title or account.name)


def _lines(text: str) -> str:
    # a browser sends every line break of a text area as two characters
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _typed(request: Request) -> Typed:
    values = {name: request.POST.get(name, "") for name in ("text", "register", "base")}
    text, register, base = (value if isinstance(value, str) else "" for value in values.values())
    return Typed(_lines(text), _lines(register), _number(base))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _check_size(text: str) -> None:
    size = len(text.encode())
    if size > LARGEST_TEXT:
        raise InputError(Problem("DOS_031", {"most": LARGEST_TEXT // 1024, "size": size // 1024}))


def _target(problem: Problem) -> str:
    return "file" if problem.code == "WEB_235" else "text"


def _version(context: LawDraftPlace, request: Request) -> DraftVersion:
    asked = request.GET.get("version", "")
    if not asked:
        return context.draft.latest
    found: DraftVersion | None = context.draft.versions.get(_number(asked))
    if found is None:
        raise HTTPNotFound
    return found


def _list(context: Drafts, request: Request, errors: list[ErrorLink], name: str = "") -> dict[str, Any]:
    found = sorted(request.records.law_drafts.of(context.law.checked.id), key=lambda each: each.latest.at, reverse=True)
    return {"title": request.translate(_("Draft law")), "procedure": context.law.checked.procedure,
            "crumbs": crumbs(request), "errors": errors, "name": name, "most": LARGEST_TEXT,
            "wrong": {link.target: link.text for link in errors}, "list_url": request.page_url(context),
            "drafts": [_shown(context, request, draft) for draft in found]}


def _shown(context: Drafts, request: Request, draft: LawDraft) -> dict[str, Any]:
    return {"draft": draft, "latest": draft.latest, "who": name_of(request, draft.latest.author),
            "url": request.page_url(context, draft.name), "edit_url": request.page_url(context, draft.name, "edit"),
            "against_url": request.page_url(context, draft.name, "against"),
            "download_url": request.page_url(context, draft.name, "rules.yaml"),
            "remove_url": request.page_url(context, draft.name, "remove"),
            "is_own": draft.author == request.visitor.id}


def _editor(context: LawDraftPlace, request: Request, typed: Typed, read: ReadDraft, errors: list[ErrorLink],
            version: DraftVersion | None = None) -> dict[str, Any]:
    draft = context.draft
    shown = version or draft.latest
    lines = typed.text.count("\n") + 1
    places = {problem.line: problem for problem in reversed(read.problems) if problem.field == "text"}
    links = [*errors, *(ErrorLink(_line_of(problem, request), _anchor(problem)) for problem in read.errors[:MOST_TOLD])]
    return {
        "title": request.translate(_("Draft: ${name}", mapping={"name": draft.name})),
        "procedure": context.law.checked.procedure, "crumbs": crumbs(request), "errors": links, "draft": draft,
        "typed": typed, "version": shown, "is_latest": shown.number == draft.latest.number, "read": read,
        "problems": read.problems[:MOST_TOLD], "more": max(0, len(read.problems) - MOST_TOLD),
        "anchor": _anchor, "wrong": {link.target: link.text for link in errors},
        "lines": range(1, min(lines, MOST_NUMBERED) + 1), "rows": min(lines, MOST_NUMBERED) + LINES_TO_WRITE_ON,
        "marked": {line: "bad" if problem.is_error else "open" for line, problem in places.items()},
        "saved": request.session.pop_flash("draft"),
        "versions": [(each, name_of(request, each.author)) for each in reversed(draft.versions.values())],
        "edit_url": request.page_url(context, "edit"), "try_url": request.page_url(context),
        "against_url": request.page_url(context, "against"), "download_url": request.page_url(context, "rules.yaml"),
    }


def _line_of(problem: DraftProblem, request: Request) -> str:
    words = problem.words.get(request.lang)
    if problem.line is None:
        return words
    return str(request.translate(_("Line ${line}: ${words}", mapping={"line": problem.line, "words": words})))


def _anchor(problem: DraftProblem) -> str:
    """The id of what to look at for a problem: the number of its line, or the whole field."""
    if problem.field == "register":
        return "register"
    is_numbered = problem.field == "text" and problem.line and problem.line <= MOST_NUMBERED
    return f"line-{problem.line}" if is_numbered else "text"


def includeme(config: Configurator) -> None:
    """Hang the drafts below each procedure."""
    config.add_bench_place("drafts", Drafts)
