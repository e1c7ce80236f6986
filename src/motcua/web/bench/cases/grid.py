"""A grid of cases: one row a case, what is given and what is expected, and beside it what the rules say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther

from motcua.dossiers import MOST_CASES, KeptCase, confirm, run_case
from motcua.web.bench.cases.columns import all_columns
from motcua.web.bench.cases.grid_shown import shown_page
from motcua.web.bench.cases.grid_typed import (
    MOST_BLANK,
    ROWS,
    Typed,
    kept_of,
    posted_page,
    read_page,
    stored_page,
    taken_ids,
)
from motcua.web.bench.cases.places import GridPlace
from motcua.web.bench.cases.rows import ReadRow, read_rows, scenario_of
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request


@page(context=GridPlace, request_method="GET", permission="test", renderer="templates/grid.jinja2")
def grid_page(context: GridPlace, request: Request) -> dict[str, Any]:
    """A page of the grid, run now; ``?page=2``, ``?blank=3`` for so many empty rows at the end."""
    return shown_page(context, request, stored_page(context, request), [])


@page(context=GridPlace, request_method="POST", permission="test", renderer="templates/grid.jinja2")
def change(context: GridPlace, request: Request) -> Any:
    """Save what was typed, then do what the button pressed says: save, add, copy, delete, columns, fill."""
    context.refuse_draft()
    typed, action = posted_page(context, request), str(request.POST.get("do", "save"))
    errors, read, background = read_page(context, request, typed, action)
    if errors:
        request.response.status_int = 422
        return shown_page(context, request, typed if read is None else replace(typed, rows=tuple(read)), errors)
    assert read is None
    return HTTPSeeOther(_save(context, request, typed, action, background))


@page(context=GridPlace, name="remove", request_method="POST", permission="test")
def remove(context: GridPlace, request: Request) -> Any:
    """Take the grid away with its cases; the one of the cases kept one by one stays."""
    context.refuse_draft()
    if not context.grid.title:
        raise HTTPBadRequest
    request.records.scenarios.remove_grid(context.checked.id, context.grid.id)
    return HTTPSeeOther(request.page_url(context.__parent__))


def _save(context: GridPlace, request: Request, typed: Typed, action: str, background: dict[str, Any]) -> str:
    """Keep what was typed and do what the button says; the address to go to."""
    checked, shelf = context.checked, request.records.scenarios
    wanted = tuple(row for row in typed.rows if not row.is_blank and not (action == "delete" and row.picked))
    read, _wrong = read_rows(checked.procedure, wanted, kept_of(context, request, wanted), background,
                             taken_ids(context, request, typed.rows), request.lang)
    before = _digests(context, request)
    if typed.title.strip() != context.grid.title or background != context.grid.background_facts:
        shelf.change_grid(checked.id, context.grid.id, title=typed.title.strip() or None, background=background)
    if action == "delete":
        for row in typed.rows:
            if row.picked and row.was:
                shelf.remove(checked.id, row.was)
    _keep(context, request, [_filled(context, each, background, request) if action == "fill" and each.row.picked
                             else each for each in read])
    if action == "copy":
        _copy(context, request, [each for each in read if each.row.picked])
    if action == "columns":
        _choose(context, request)
    changed = [name for name, digest in _digests(context, request).items() if before.get(name) != digest]
    confirm(request.records, checked, changed, who=request.visitor.id, at=request.now)
    last = max(1, -(-len(context.grid.cases) // ROWS))
    blank = sum(row.is_blank for row in typed.rows) + 1 if action == "add" else 0
    at = last if action in ("add", "copy") else min(typed.page, last)
    query = [("page", str(at))] * (at > 1) + [("blank", str(min(blank, MOST_BLANK)))] * (blank > 0)
    return str(request.page_url(context, query=query, anchor="grid"))


def _digests(context: GridPlace, request: Request) -> dict[str, str]:
    scenarios = request.records.scenarios.scenarios_of(context.checked.id, context.grid)
    return {each.id: KeptCase(each, context.grid.id, "").digest for each in scenarios}


def _keep(context: GridPlace, request: Request, read: list[ReadRow]) -> None:
    """Keep the rows that say something new; several may exchange their ids."""
    shelf, procedure = request.records.scenarios, context.checked.id
    moving = [each for each in read if each.row.was and each.row.was != each.row.id.strip()]
    for number, each in enumerate(moving):
        shelf.rename(procedure, each.row.was, f"({number})")
    for number, each in enumerate(moving):
        shelf.rename(procedure, f"({number})", each.row.id.strip())
    for each in read:
        name = each.row.id.strip()
        kept = shelf.get(procedure, name)
        if kept is None or kept.scenario != each.scenario:
            shelf.put(procedure, name, each.scenario, author=request.visitor.id, at=request.now, grid=context.grid.id)


def _copy(context: GridPlace, request: Request, read: list[ReadRow]) -> None:
    shelf, procedure = request.records.scenarios, context.checked.id
    taken = taken_ids(context, request, ())
    for each in read:
        stem = each.row.id.strip()[:70]
        name = next(name for number in range(2, MOST_CASES + 3) if (name := f"{stem}-{number}") not in taken)
        taken |= {name}
        shelf.put(procedure, name, each.scenario, author=request.visitor.id, at=request.now, grid=context.grid.id)


def _choose(context: GridPlace, request: Request) -> None:
    procedure = context.checked.procedure
    chosen = set(map(str, request.POST.getall("column")))
    columns = [key for key in all_columns(procedure, request.records.scenarios.scenarios_of(
        procedure.id, context.grid)) if key in chosen]
    shared = [f"shared:{name}" for name in procedure.facts if name in request.POST.getall("share")]
    request.records.scenarios.change_grid(procedure.id, context.grid.id, columns=(*columns, *shared))


def _filled(context: GridPlace, each: ReadRow, background: dict[str, Any], request: Request) -> ReadRow:
    """The row with what the rules say now in the expected cells that are shown and empty."""
    outcome = run_case(context.checked, KeptCase(scenario_of(each, context.grid, background), context.grid.id, ""))
    if outcome.assessment is None:
        return each
    said = outcome.assessment.to_json()
    found = dict(each.scenario["expect"])
    for key, text in each.row.cells.items():
        kind, _colon, path = key.partition(":")
        if kind == "expect" and not text.strip() and "." not in path and path not in found:
            decided = said["decisions"].get(path)
            found[path] = said[path] if path in said else decided["value"] if decided else None
    return replace(each, scenario={**each.scenario, "expect": found})
