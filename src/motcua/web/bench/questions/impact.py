"""Impact: what a draft of the law would change for every stored dossier, or for a table of facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipart import MultipartPart
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import FileResponse, Response

from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date
from motcua.procedures import Procedure
from motcua.web.bench.questions.asking import Question, begin, question_page, wants_stop
from motcua.web.bench.questions.impact_tables import sample_table
from motcua.web.bench.questions.jobs import data_folder, job
from motcua.web.bench.questions.working import write_whole
from motcua.web.bench.resources import BenchProcedure
from motcua.web.site.assessments import OUTCOMES, STATES, Words
from motcua.web.site.days import read_day
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: So many uploaded tables are kept; the oldest go first.
MOST_TABLES: Final = 20
#: What the bulk run says of a case that has no outcome.
_OTHERS: Final[Mapping[str, Any]] = {
    "refused": _("Facts that no real case has"), "not_covered": _("The rules do not speak for that day"),
    "fault": _("The rules contradict themselves")}
_DOCUMENTS: Final[Mapping[Any, Any]] = {
    True: _("needed"), False: _("not needed"), None: _("may be needed"), "needed": _("needed"),
    "not_needed": _("not needed"), "unknown": _("may be needed")}
_KINDS: Final[Mapping[str, Any]] = {
    "requirement": _("Requirement"), "document": _("Document"), "decision": _("Decision"), "outcome": _("Outcome"),
    "row": _("Same value, another row")}
#: Where the bulk run was computed.
_WHERE: Final[Mapping[str, Any]] = {
    "postgres": _("Worked out in PostgreSQL, where the facts of the dossiers lie"),
    "duckdb": _("Worked out in DuckDB")}


@dataclass(frozen=True, slots=True)
class Row:
    """How many cases have an outcome under the rules in force and under the draft."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Flip:
    """Cases of which one thing comes out otherwise; ``dossiers`` are the first, each with its address ("" for none)."""

    kind: Any
    title: str
    was: str
    now: str
    count: int
    dossiers: tuple[tuple[str, str], ...]


@page(context=BenchProcedure, name="impact", request_method="GET", permission="read",
      renderer="templates/impact.jinja2")
def impact_page(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """What the draft would change; for the rules in force, which drafts there are."""
    return _page(context, request)


@page(context=BenchProcedure, name="impact", request_method="POST", permission="test",
      renderer="templates/impact.jinja2")
def ask_impact(context: BenchProcedure, request: Request) -> Any:
    """Keep an uploaded table, or work it out; or stop that work."""
    if context.draft is None:
        raise HTTPNotFound
    if wants_stop(request):
        return begin(context, request, impact_question(context, request))[0]
    try:
        table = _uploaded(request)
    except InputError as error:
        request.response.status_int = 422
        return _page(context, request, tuple(ErrorLink(each.message(request.lang), "table") for each in error.problems))
    if table is not None:
        query = {**({"on": request.GET["on"]} if "on" in request.GET else {}), "table": table}
        return HTTPSeeOther(request.page_url(context, "impact", query=query))
    if _day(context, request)[2]:
        return _page(context, request)
    if why := _why_not(request):
        request.response.status_int = 422
        return _page(context, request, (ErrorLink(why, "table"),))
    request.archive.read_model.refresh()
    leave, errors = begin(context, request, impact_question(context, request))
    return leave or _page(context, request, errors)


@page(context=BenchProcedure, name="impact.csv", request_method="GET", permission="read")
def impact_csv(context: BenchProcedure, request: Request) -> FileResponse:
    """Every case and what of it comes out otherwise."""
    if context.draft is None:
        raise HTTPNotFound
    found = job(request, context.checked.procedure, "impact", impact_question(context, request).arguments)
    file = found.folder / "changes.csv" if found.folder else None
    if found.state != "done" or file is None or not file.is_file():
        raise HTTPNotFound
    response = FileResponse(str(file), request=request, content_type="text/csv")
    response.content_disposition = f'attachment; filename="{context.checked.id}-impact.csv"'
    return response


@page(context=BenchProcedure, name="impact-table.csv", request_method="GET", permission="read")
def sample(context: BenchProcedure, _request: Request) -> Response:
    """The head of a table of facts, to be filled in."""
    made = Response(sample_table(context.checked.procedure), content_type="text/csv", charset="utf-8")
    made.content_disposition = f'attachment; filename="{context.checked.id}-table.csv"'
    return made


def impact_question(context: BenchProcedure, request: Request) -> Question:
    """The question of what a draft changes: for all dossiers, or for the table and on the day of the address."""
    old: Procedure = request.catalogue[context.checked.id].procedure
    day, _typed, _errors = _day(context, request)
    url = request.archive.read_model.engine.url.render_as_string(hide_password=False)
    table = _table(request)
    return Question("impact", {"old": old.digest, "on": day.isoformat() if day else None,
                               "table": table.stem if table else None},
                    {"old_rules": old.path, "sql": url, "file": str(table) if table else None})


def _page(context: BenchProcedure, request: Request, errors: tuple[ErrorLink, ...] = ()) -> dict[str, Any]:
    day, typed, wrong = _day(context, request)
    if wrong:
        request.response.status_int = 422

    def show(found: Any) -> dict[str, Any]:
        return _shown(context, request, found) if found and context.draft is not None else {"found": None}

    made = question_page(context, request, _("Impact"), impact_question(context, request), show, (*wrong, *errors))
    drafts = [] if context.draft is not None else [
        (draft.name, request.page_url(context, "drafts", draft.name, "impact"))
        for draft in request.records.law_drafts.of(context.checked.id)]
    return {**made, "draft": context.draft, "drafts": drafts, "typed": typed, "day": day,
            "wrong": {error.target: error.text for error in made["errors"] if error.target},
            "drafts_url": request.page_url(context, "drafts"), "page_url": request.page_url(context, "impact"),
            "why_not": "" if context.draft is None else _why_not(request),
            "is_table": _table(request) is not None, "table": request.GET.get("table", "") if _table(request) else "",
            "sample_url": request.page_url(context, "impact-table.csv"),
            "csv_url": request.page_url(context, "impact.csv", query=dict(request.GET))}


def _day(context: BenchProcedure, request: Request) -> tuple[date | None, str, tuple[ErrorLink, ...]]:
    """The day of the address as if on which every case were received; what was typed; what is wrong with it."""
    text = request.GET.get("on", "").strip()
    try:
        day = read_day(text) if text else None
        if day is not None:
            context.checked.procedure.version_on(day)
    except InputError as error:
        return None, text, (ErrorLink(error.problems[0].message(request.lang), "on"),)
    return day, show_date(day.isoformat()) if day else "", ()


def _why_not(request: Request) -> str:
    """Why nothing can be worked out, in words: dossiers in the memory of this process alone; "" where it can."""
    url = request.archive.read_model.engine.url
    is_memory = url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")
    return Problem("WEB_268").message(request.lang) if is_memory and _table(request) is None else ""


def _tables(request: Request) -> Path:
    return data_folder(request) / "tables"


def _table(request: Request) -> Path | None:
    """The uploaded table that the address names, if it is still there."""
    name = request.GET.get("table", "")
    path = _tables(request) / f"{name}.csv"
    return path if len(name) == 32 and name.isascii() and name.isalnum() and path.is_file() else None


def _uploaded(request: Request) -> str | None:
    """Keep the table that was sent, and give its name; None where none was chosen.

    Raises:
        InputError: WEB_266 too large, WEB_267 not text, WEB_274 nothing but a head.
    """
    part = request.POST.get("table")
    if not isinstance(part, MultipartPart) or (not part.filename and not part.size):
        return None
    most: int = request.registry.settings["motcua.max_file"]
    if part.size > most:
        raise InputError(Problem("WEB_266", {"most": most // 1024**2}))
    try:
        text = part.raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Problem("WEB_267")) from None
    if len(text.strip().splitlines()) < 2:
        raise InputError(Problem("WEB_274"))
    folder = _tables(request)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    write_whole(folder / f"{name}.csv", text)
    # what is not there any more has been taken away by another request
    with suppress(FileNotFoundError):
        kept = sorted(folder.glob("*.csv"), key=lambda path: path.stat().st_mtime)
        for path in kept[:max(0, len(kept) - MOST_TABLES)]:
            path.unlink(missing_ok=True)
    return name


def _shown(context: BenchProcedure, request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    say, counts = request.translate, found["outcomes"]
    words = Words(context.checked.procedure, request.lang)
    names = [*OUTCOMES, *_OTHERS]
    rows = [Row(_outcome(name, say), counts["before"].get(name, 0), counts["after"].get(name, 0)) for name in names]
    is_stored = _table(request) is None

    def flips(kind: str) -> Iterator[Flip]:
        for each in found["flips"][kind]:
            dossiers = tuple((code, request.url_to("dossiers", code) if is_stored else "") for code in each["dossiers"])
            yield Flip(_KINDS.get(each["kind"], each["kind"]), each[request.lang], _value(each, "from", words, say),
                       _value(each, "to", words, say), each["count"], dossiers)

    return {"found": found, "counts": found["counts"], "where": say(_WHERE[found["backend"]]), "is_stored": is_stored,
            "rows": [row for row in rows if row.before or row.after],
            "ignored": [(words.title(name), count) for name, count in found["ignored"].items()],
            "outcomes": list(flips("outcome")), "provisions": list(flips("provisions")),
            "unreadable": [(each["dossier"], [problem[request.lang] for problem in each["problems"]])
                           for each in found["unreadable"][:50]]}


def _outcome(name: Any, say: Any) -> str:
    return str(say(OUTCOMES[name][1] if name in OUTCOMES else _OTHERS.get(name, str(name))))


def _value(flip: Mapping[str, Any], side: str, words: Words, say: Any) -> str:
    """What a thing comes out as, in words."""
    value = flip[side]
    match flip["kind"]:
        case "outcome":
            return _outcome(value, say)
        case "requirement":
            return str(say(STATES[value][1] if value in STATES else _("not in force")))
        case "document":
            return str(say(_DOCUMENTS.get(value, _("not in force"))))
    if value is None:
        return str(say(_("no value")))
    parts = value if isinstance(value, list) else [value]
    if flip["kind"] == "row":
        return ", ".join(map(str, parts))
    return "; ".join(words.value(flip["id"], each) for each in parts)
