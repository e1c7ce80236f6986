"""Cases out to spreadsheets and back: downloads of a grid and of the scenario file, and reading a spreadsheet in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from multipart import MultipartPart
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response

from motcua.catalogue import CheckedProcedure
from motcua.dossiers import MOST_CASES, Grid, KeptCase, confirm
from motcua.errors import InputError, Problem
from motcua.procedures import Procedure
from motcua.web.bench.cases.columns import MOST_COLUMNS
from motcua.web.bench.cases.grid_shown import grid_title
from motcua.web.bench.cases.places import CasePlace, Cases, GridPlace
from motcua.web.bench.cases.rows import ReadRow, Row, read_background, read_rows
from motcua.web.bench.cases.spreadsheet_files import (
    LARGEST_FILE,
    MOST_PROBLEMS,
    Sheet,
    read_spreadsheet,
    write_csv,
    write_xlsx,
)
from motcua.web.bench.cases.spreadsheet_reading import ReadTable, rows_of, with_ids
from motcua.web.bench.cases.spreadsheets import SHEETS, explanation_of, said_of, table_of
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Problems of a file that the page shows.
MOST_SHOWN = MOST_PROBLEMS


# -- out

@page(context=GridPlace, name="cases.xlsx", request_method="GET", permission="test")
@page(context=GridPlace, name="cases.csv", request_method="GET", permission="test")
def download_grid(context: GridPlace, request: Request) -> Response:
    """The grid as a spreadsheet that can be read back."""
    shelf, checked, grid = request.records.scenarios, context.checked, context.grid
    kept = [shelf.get(checked.id, name) for name in grid.cases]
    cases = [{**each.scenario, "id": each.id} for each in kept]
    return _download(request, checked, cases, f"{checked.id}.{grid.id}", grid)


@page(context=BenchProcedure, name="scenarios.xlsx", request_method="GET", permission="test")
@page(context=BenchProcedure, name="scenarios.csv", request_method="GET", permission="test")
def download_scenarios(context: BenchProcedure, request: Request) -> Response:
    """The scenarios of the file beside the rules as a spreadsheet."""
    cases = [said_of(scenario) for file in context.checked.scenarios() for scenario in file.scenarios]
    return _download(request, context.checked, cases, f"{context.checked.id}.scenarios", None)


def _download(request: Request, checked: CheckedProcedure, cases: Iterable[Mapping[str, Any]], name: str,
              grid: Grid | None) -> Response:
    background = grid.background_facts if grid else {}
    procedure, lang = checked.procedure, request.lang
    table = table_of(procedure, cases, background, lang, grid.columns if grid else ())
    if request.view_name.endswith(".csv"):
        body, kind = write_csv(table, "point" if lang == "en" else "comma"), "text/csv"
    else:
        names = [title.get(lang) for title in SHEETS]
        body, kind = write_xlsx(dict(zip(names, (table, explanation_of(procedure, table, lang)), strict=True))), XLSX
    response = Response(body, content_type=kind, charset="utf-8" if kind == "text/csv" else None)
    response.content_disposition = f'attachment; filename="{name}{PurePosixPath(request.view_name).suffix}"'
    return response


# -- in

@dataclass(frozen=True, slots=True)
class Arrival:
    """What a file brings: the cases to keep, the background (None: it says nothing of one), how many were renamed.

    ``columns`` are the keys of its columns.
    """

    read: tuple[ReadRow, ...]
    background: Mapping[str, Any] | None
    renamed: int
    columns: tuple[str, ...]


@page(context=Cases, name="import", request_method="GET", permission="test", renderer="templates/import.jinja2")
@page(context=GridPlace, name="import", request_method="GET", permission="test", renderer="templates/import.jinja2")
def ask(context: CasePlace, request: Request) -> dict[str, Any]:
    """The form that takes a file."""
    context.refuse_draft()
    return _form(context, request, [])


@page(context=Cases, name="import", request_method="POST", permission="test", renderer="templates/import.jinja2")
def read_new(context: Cases, request: Request) -> Any:
    """Read a file as a new grid."""
    context.refuse_draft()
    title = str(request.POST.get("title", "")).strip() or _stem(request)
    try:
        arrival = _read(request, context.checked, frozenset(_ids(context, request)), {})
        grid = request.records.scenarios.begin_grid(context.checked.id, title)
    except InputError as error:
        return _form(context, request, list(error.problems), title)
    if len(arrival.columns) <= MOST_COLUMNS:
        request.records.scenarios.change_grid(context.checked.id, grid.id, columns=arrival.columns)
    place = GridPlace(request, context, grid.id, grid)
    return HTTPSeeOther(_keep(place, request, arrival))


@page(context=GridPlace, name="import", request_method="POST", permission="test", renderer="templates/import.jinja2")
def read_into(context: GridPlace, request: Request) -> Any:
    """Read a file into this grid: its cases changed and added; with ``replace`` the others taken away."""
    context.refuse_draft()
    grid = context.grid
    try:
        arrival = _read(request, context.checked, frozenset(_ids(context, request)) - {*grid.cases},
                        grid.background_facts, grid)
        total = len({*(() if "replace" in request.POST else grid.cases), *(each.row.id for each in arrival.read)})
        if total > MOST_CASES:
            raise InputError(Problem("WEB_294", {"count": total, "limit": MOST_CASES}))
    except InputError as error:
        return _form(context, request, list(error.problems))
    if "replace" in request.POST:
        _clear(context, request, arrival)
    return HTTPSeeOther(_keep(context, request, arrival))


def _stem(request: Request) -> str:
    part = request.POST.get("file")
    name = str(getattr(part, "filename", "") or "").replace("\\", "/")
    return PurePosixPath(name).stem[:150] or "csv"


def _ids(context: CasePlace, request: Request) -> set[str]:
    """The ids of all cases of the procedure."""
    written = {scenario.id for file in context.checked.scenarios() for scenario in file.scenarios}
    return written | set(request.records.scenarios.procedures.get(context.checked.id, {}))


def _read(request: Request, checked: CheckedProcedure, taken: frozenset[str], background: Mapping[str, Any],
          grid: Grid | None = None) -> Arrival:
    """The cases of the posted file; InputError with every problem, by cell."""
    procedure = checked.procedure
    sheet = read_spreadsheet(_bytes(request), tuple(text for name in SHEETS[:1] for text in (name.vi, name.en)))
    table, renamed = with_ids(rows_of(procedure, sheet), taken)
    if len(table.rows) > MOST_CASES:
        raise InputError(Problem("WEB_294", {"count": len(table.rows), "limit": MOST_CASES}))
    problems: list[Problem] = []
    shared: Mapping[str, Any] | None = None
    if table.background is not None:
        shared, wrong = read_background(procedure, table.background, request.lang)
        problems += [sheet.problem(table.background_line, table.columns[f"fact:{name}"], problem)
                     for name, problem in wrong.items()]
    own = grid.cases if grid else ()
    rows = [replace(row, was=row.id if row.id in own else "") for row in table.rows]
    kept = {row.was: request.records.scenarios.get(checked.id, row.was) for row in rows if row.was}
    if "vi" not in table.columns:
        rows = [replace(row, vi=str(kept[row.was].scenario.get("vi") or "")) if row.was else row for row in rows]
    effective = shared if shared is not None else {} if "replace" in request.POST else background
    read, bad = read_rows(procedure, rows, kept, effective, taken, request.lang)
    problems += [_at(sheet, table, row, key, problem) for row in bad for key, problem in row.errors.items()]
    if problems:
        raise InputError(problems)
    columns = tuple(key for key in table.columns if ":" in key or key == "en")
    return Arrival(tuple(_reason(each, table) for each in read), shared, renamed, columns)


def _bytes(request: Request) -> bytes:
    part = request.POST.get("file")
    if not isinstance(part, MultipartPart) or not (part.size or part.filename):
        raise InputError(Problem("WEB_295"))
    if not part.size:
        raise InputError(Problem("WEB_296", {"name": (part.filename or "")[:80]}))
    if part.size > LARGEST_FILE:
        raise InputError(Problem("WEB_214", {"limit": f"{LARGEST_FILE // 1024**2} MB"}))
    part.file.seek(0)
    return bytes(part.file.read(LARGEST_FILE + 1))


def _at(sheet: Sheet, table: ReadTable, row: Row, key: str, problem: Problem) -> Problem:
    return sheet.problem(int(row.place), table.columns.get(key, table.columns["id"]), problem)


def _reason(read: ReadRow, table: ReadTable) -> ReadRow:
    """The row with its English article, where the sheet has one of its own."""
    english, why = table.reasons.get(read.row.place, "").strip(), read.scenario.get("why")
    if not english or english == why:
        return read
    return replace(read, scenario={**read.scenario, "why": {"vi": str(why or ""), "en": english}})


def _clear(context: GridPlace, request: Request, arrival: Arrival) -> None:
    coming = {each.row.id.strip() for each in arrival.read}
    for name in [name for name in context.grid.cases if name not in coming]:
        request.records.scenarios.remove(context.checked.id, name)
    if arrival.background is None:
        request.records.scenarios.change_grid(context.checked.id, context.grid.id, background={})


def _keep(place: GridPlace, request: Request, arrival: Arrival) -> str:
    """Keep what came in, in the order of the file; the address of the grid."""
    shelf, checked, grid = request.records.scenarios, place.checked, place.grid
    before = {each.id: KeptCase(each, grid.id, "").digest for each in shelf.scenarios_of(checked.id, grid)}
    if arrival.background is not None:
        shelf.change_grid(checked.id, grid.id, background=arrival.background)
    for each in arrival.read:
        name = each.row.id.strip()
        kept = shelf.get(checked.id, name)
        if kept is None or kept.scenario != each.scenario:
            shelf.put(checked.id, name, each.scenario, author=request.visitor.id, at=request.now, grid=grid.id)
    coming = [each.row.id.strip() for each in arrival.read]
    others = [name for name in grid.cases if name not in coming]
    shelf.change_grid(checked.id, grid.id, cases=(*others, *coming))
    after = {each.id: KeptCase(each, grid.id, "").digest for each in shelf.scenarios_of(checked.id, grid)}
    changed = [name for name, digest in after.items() if before.get(name) != digest]
    confirm(request.records, checked, changed, who=request.visitor.id, at=request.now)
    query = {"read": len(coming), **({"renamed": arrival.renamed} if arrival.renamed else {})}
    return str(request.page_url(place, query=query))


def _form(context: CasePlace, request: Request, problems: list[Problem], title: str = "") -> dict[str, Any]:
    if problems:
        request.response.status_int = 422
    procedure: Procedure = context.checked.procedure
    grid = context.grid if isinstance(context, GridPlace) else None
    errors = [ErrorLink(problem.message(request.lang), "file") for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        more = request.translate(_("… and ${count} more."), count=len(problems) - MOST_SHOWN)
        errors.append(ErrorLink(more, "file"))
    heading = _("Read a spreadsheet into this grid") if grid else _("Read a spreadsheet as a new grid")
    return {"title": request.translate(heading), "procedure": procedure, "errors": errors, "grid": grid,
            "grid_title": grid_title(grid, request) if grid else "", "typed": title,
            "here": request.page_url(context, "import"), "back": request.page_url(context),
            "limit": LARGEST_FILE // 1024**2, "most": MOST_CASES, "crumbs": crumbs(request)}
