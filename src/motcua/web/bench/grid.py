"""A grid of cases: one row a case, what is given and what is expected, and beside it what the rules say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther

from motcua.dossiers import MOST_CASES, CaseOutcome, Grid, KeptCase, ShelvedScenario, confirm, run_case, stale_cases
from motcua.errors import InputError, Problem
from motcua.procedures import Procedure, read_facts
from motcua.web.bench.case import address_of
from motcua.web.bench.case_places import GridPlace
from motcua.web.bench.case_rows import ReadRow, Row, given_text, read_background, read_rows, row_of, scenario_of
from motcua.web.bench.cells import expectation_text
from motcua.web.bench.columns import (
    MOST_COLUMNS,
    all_columns,
    column,
    fact_options,
    shared_facts,
    shown_columns,
)
from motcua.web.bench.view import crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import unit_words
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

LONGEST_TITLE = 200
#: Rows of one page, and blank ones at its end.
ROWS = 50
MOST_BLANK = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """A page of a grid as it is typed: of the database, or of what was posted."""

    title: str
    rows: tuple[Row, ...]
    background: Mapping[str, str]
    columns: tuple[str, ...]
    shared: tuple[str, ...]
    revision: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Beside an expected cell: right or wrong, and what came."""

    is_right: bool
    got: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what the rules say of it; ``state`` is passed, failed, waiting, or "" where it was not run."""

    row: Row
    state: str
    marks: Mapping[str, Mark]
    outcome: str
    url: str
    problems: tuple[str, ...]
    stale: tuple[str, ...]


@page(context=GridPlace, request_method="GET", permission="test", renderer="templates/grid.jinja2")
def grid_page(context: GridPlace, request: Request) -> dict[str, Any]:
    """A page of the grid, run now; ``?page=2``, ``?blank=3`` for so many empty rows at the end."""
    return _page(context, request, _stored(context, request), [])


@page(context=GridPlace, request_method="POST", permission="test", renderer="templates/grid.jinja2")
def change(context: GridPlace, request: Request) -> Any:
    """Save what was typed, then do what the button pressed says: save, add, copy, delete, columns, fill."""
    context.refuse_draft()
    typed, action = _posted(context, request), str(request.POST.get("do", "save"))
    errors, read, background = _read(context, request, typed, action)
    if errors:
        request.response.status_int = 422
        return _page(context, request, typed if read is None else replace(typed, rows=tuple(read)), errors)
    assert read is None
    return HTTPSeeOther(_save(context, request, typed, action, background))


# -- reading

def _stored(context: GridPlace, request: Request) -> Typed:
    procedure, grid = context.checked.procedure, context.grid
    shelf = request.records.scenarios
    scenarios = shelf.scenarios_of(procedure.id, grid)
    keys = shown_columns(procedure, grid, scenarios)
    pages = max(1, -(-len(grid.cases) // ROWS))
    number = min(max(_whole(request.GET.get("page"), 1), 1), pages)
    first = (number - 1) * ROWS
    kept = [shelf.get(procedure.id, name) for name in grid.cases[first:first + ROWS]]
    rows = [row_of(procedure, each, keys, first + place) for place, each in enumerate(kept, start=1)]
    blank = min(max(_whole(request.GET.get("blank"), 0 if rows else 1), 0), MOST_BLANK) if number == pages else 0
    rows += [Row(place=str(first + len(rows) + place)) for place in range(1, blank + 1)]
    shared = shared_facts(grid, procedure)
    facts = grid.background_facts
    background = {name: given_text(procedure, name, facts[name]) if name in facts else "" for name in shared}
    return Typed(grid.title, tuple(rows), background, keys, shared, grid.revision, number, pages)


def _posted(context: GridPlace, request: Request) -> Typed:
    """The page as it was posted; names that no page of ours has are refused."""
    procedure, post, stored = context.checked.procedure, request.POST, _stored(context, request)
    scenarios = request.records.scenarios.scenarios_of(procedure.id, context.grid)
    known = all_columns(procedure, scenarios)
    sent = set(str(post.get("columns", "")).split())
    keys = tuple(key for key in known if key in sent)
    count = _whole(post.get("rows"), 0)
    if count > ROWS + MOST_BLANK or len(keys) > MOST_COLUMNS:
        raise HTTPBadRequest
    first = (stored.page - 1) * ROWS
    rows = tuple(_posted_row(request, keys, number, first + number) for number in range(1, count + 1))
    if not {row.was for row in rows if row.was} <= set(context.grid.cases):
        # somebody else took a case away: it is kept anew, under what was typed
        rows = tuple(row if row.was in context.grid.cases else replace(row, was="") for row in rows)
    background = {name: _text(post, f"shared.{name}") for name in procedure.facts if f"shared.{name}" in post}
    return Typed(_text(post, "title"), rows, background, keys, tuple(background), _whole(post.get("revision"), -1),
                 stored.page, stored.pages)


def _posted_row(request: Request, keys: tuple[str, ...], number: int, place: int) -> Row:
    post = request.POST
    cells = {key: _text(post, f"{number}.{key}") for key in keys}
    return Row(_text(post, f"{number}.was"), _text(post, f"{number}.id"), _text(post, f"{number}.vi"), cells,
               f"{number}.pick" in post, place=str(place))


def _text(post: Any, name: str) -> str:
    value = post.get(name, "")
    if not isinstance(value, str):
        raise HTTPBadRequest
    return value


def _whole(text: Any, default: int) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 7 else default


def _kept(context: GridPlace, request: Request, rows: tuple[Row, ...]) -> dict[str, ShelvedScenario]:
    shelf = request.records.scenarios
    return {row.was: shelf.get(context.checked.id, row.was) for row in rows if row.was}


def _taken(context: GridPlace, request: Request, rows: tuple[Row, ...]) -> frozenset[str]:
    """The ids of the procedure's other cases, in files and grids."""
    checked = context.checked
    written = {scenario.id for file in checked.scenarios() for scenario in file.scenarios}
    kept = set(request.records.scenarios.procedures.get(checked.id, {}))
    return frozenset(written | (kept - {row.was for row in rows}))


def _read(context: GridPlace, request: Request, typed: Typed,
          action: str) -> tuple[list[ErrorLink], list[Row] | None, dict[str, Any]]:
    """What is wrong with the page, its rows with their errors in place, and the background."""
    procedure, lang = context.checked.procedure, request.lang
    going = [row for row in typed.rows if action == "delete" and row.picked]
    wanted = tuple(row for row in typed.rows if row not in going and not row.is_blank)
    background, problems = read_background(procedure, typed.background, lang)
    _good, wrong = read_rows(procedure, wanted, _kept(context, request, wanted), background,
                             _taken(context, request, typed.rows), lang)
    by_place = {row.place: row for row in wrong}
    errors = list(_general_errors(context, request, typed, wanted, action))
    errors += [ErrorLink(f"{procedure.facts[name].title.get(lang)}: {problem.message(lang)}", f"shared-{name}")
               for name, problem in problems.items()]
    for number, row in enumerate(typed.rows, start=1):
        errors += _row_errors(context, request, number, by_place.get(row.place))
    if not errors:
        return [], None, background
    return errors, [by_place.get(row.place, row) for row in typed.rows], background


def _general_errors(context: GridPlace, request: Request, typed: Typed, wanted: tuple[Row, ...],
                    action: str) -> Iterator[ErrorLink]:
    if typed.revision != context.grid.revision and "anyway" not in request.POST:
        yield ErrorLink(request.translate(_("Somebody else changed this grid while you wrote. What you typed stands "
                                            "below, not saved yet. Look at the grid in another window, then tick "
                                            "“Save all the same”.")), "anyway")
    if (context.grid.title and not typed.title.strip()) or len(typed.title) > LONGEST_TITLE:
        yield ErrorLink(Problem("DOS_041", {"limit": LONGEST_TITLE}).message(request.lang), "title")
    copies = sum(row.picked for row in wanted) if action == "copy" else 0
    if len(context.grid.cases) + copies + sum(not row.was for row in wanted) > MOST_CASES:
        yield ErrorLink(Problem("DOS_040", {"limit": MOST_CASES}).message(request.lang))
    if action in ("copy", "delete", "fill") and not any(row.picked for row in typed.rows):
        yield ErrorLink(request.translate(_("Tick the rows that you mean.")), "row-1-pick")
    if action == "columns" and len(request.POST.getall("column")) > MOST_COLUMNS:
        yield ErrorLink(request.translate(_("Choose ${most} columns at most."), most=MOST_COLUMNS), "choose")


def _row_errors(context: GridPlace, request: Request, number: int, row: Row | None) -> Iterator[ErrorLink]:
    for key, problem in (row.errors if row else {}).items():
        assert row is not None
        titles = {"id": _("Id"), "vi": _("What it shows")}
        title = request.translate(titles[key]) if key in titles else "" if not key else column(
            context.checked.procedure, key, request.lang, request.translate).title
        place = request.translate(_("Row ${number}"), number=row.place)
        yield ErrorLink(f"{place}, {title}: {problem.message(request.lang)}" if title
                        else f"{place}: {problem.message(request.lang)}", f"row-{number}-{key or 'id'}")


# -- saving

def _save(context: GridPlace, request: Request, typed: Typed, action: str, background: dict[str, Any]) -> str:
    """Keep what was typed and do what the button says; the address to go to."""
    checked, shelf = context.checked, request.records.scenarios
    wanted = tuple(row for row in typed.rows if not row.is_blank and not (action == "delete" and row.picked))
    read, _wrong = read_rows(checked.procedure, wanted, _kept(context, request, wanted), background,
                             _taken(context, request, typed.rows), request.lang)
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
    taken = _taken(context, request, ())
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


# -- showing

def _page(context: GridPlace, request: Request, typed: Typed, errors: list[ErrorLink]) -> dict[str, Any]:
    procedure, lang = context.checked.procedure, request.lang
    scenarios = request.records.scenarios.scenarios_of(procedure.id, context.grid)
    known = all_columns(procedure, scenarios)
    columns = [column(procedure, key, lang, request.translate) for key in typed.columns]
    rows = _shown_rows(context, request, typed)
    states = [row.state for row in rows]
    title = typed.title or grid_title(context.grid, request)
    return {
        "title": title, "procedure": procedure, "errors": errors, "typed": typed, "rows": rows, "columns": columns,
        "grid": context.grid, "choices": [(column(procedure, key, lang, request.translate), key in typed.columns)
                                          for key in known],
        "shared": [(procedure.facts[name], unit_words(procedure.facts[name].type, lang),
                    fact_options(procedure, procedure.facts[name], lang)) for name in typed.shared],
        "passed": states.count("passed"), "failed": states.count("failed"), "waiting": states.count("waiting"),
        "wrong": _wrong(typed, errors, lang),
        "url": request.page_url(context, query=[("page", str(typed.page))] * (typed.page > 1)),
        "here": request.page_url(context), "cases_url": request.page_url(context.__parent__),
        "crumbs": crumbs(request),
        "came_in": _whole(request.GET.get("read"), 0), "renamed": _whole(request.GET.get("renamed"), 0),
        "page_urls": [request.page_url(context, query={"page": number}) for number in range(1, typed.pages + 1)],
        "total": len(context.grid.cases), "may_change": not context.draft,
        "is_stale_page": "anyway" in {e.target for e in errors},
    }


def _wrong(typed: Typed, errors: list[ErrorLink], lang: str) -> dict[str, str]:
    """What stands at each field: the message alone, as its row and column are in sight."""
    told = {link.target: link.text for link in errors if link.target}
    for number, row in enumerate(typed.rows, start=1):
        told.update((f"row-{number}-{key or 'id'}", problem.message(lang)) for key, problem in row.errors.items())
    return told


def grid_title(grid: Grid, request: Request) -> str:
    """The title of a grid; that of the cases kept one by one has none of its own."""
    return grid.title or str(request.translate(_("Kept on the bench")))


def _shown_rows(context: GridPlace, request: Request, typed: Typed) -> list[ShownRow]:
    """Every row, those that can be read run now."""
    procedure = context.checked.procedure
    background, _problems = read_background(procedure, typed.background, request.lang)
    filled = tuple(row for row in typed.rows if not row.is_blank)
    read, _wrong = read_rows(procedure, filled, _kept(context, request, filled), background,
                             _taken(context, request, typed.rows), request.lang)
    outcomes = {each.row.place: run_case(context.checked, KeptCase(
        scenario_of(each, context.grid, background), context.grid.id, "")) for each in read}
    results = [] if context.draft else [outcome.kept for outcome in outcomes.values()]
    stale = {each.id: tuple(text.get(request.lang) for text in each.reasons)
             for each in stale_cases(request.records, context.checked, results)}
    return [_shown(context, request, row, outcomes.get(row.place), stale.get(row.was, ())) for row in typed.rows]


def _shown(context: GridPlace, request: Request, row: Row, outcome: CaseOutcome | None,
           stale: tuple[str, ...]) -> ShownRow:
    if outcome is None:
        return ShownRow(row, "", {}, "", "", (), ())
    procedure = context.checked.procedure
    said = outcome.assessment.outcome if outcome.assessment else ""
    problems = tuple(problem.message(request.lang) for problem in outcome.result.problems)
    return ShownRow(row, outcome.state, dict(_marks(procedure, outcome)), said, case_url(context, request, outcome),
                    problems, stale)


def case_url(context: GridPlace, request: Request, outcome: CaseOutcome) -> str:
    """The address of a case on the bench; "" where its facts cannot be read."""
    try:
        facts = read_facts(context.checked.procedure, outcome.case.scenario.given)
    except InputError:
        return ""
    return str(request.page_url(context.bench, query=address_of(context.checked.procedure, facts)))


def _marks(procedure: Procedure, outcome: CaseOutcome) -> Iterator[tuple[str, Mark]]:
    """Column → right or wrong, for what is expected; for the outcome also where nothing is."""
    got = outcome.result.got
    for key, expected in outcome.result.expected.items():
        parts = list(expected) if isinstance(expected, dict) else [""]
        for part in parts:
            path = f"{key}.{part}" if part else key
            value = (got.get(key) or {}).get(part) if part else got.get(key)
            is_right = key not in outcome.result.differing or (bool(part) and str(value) == str(expected[part]))
            yield f"expect:{path}", Mark(is_right, expectation_text(procedure, path, value) if key in got else "")


@page(context=GridPlace, name="remove", request_method="POST", permission="test")
def remove(context: GridPlace, request: Request) -> Any:
    """Take the grid away with its cases; the one of the cases kept one by one stays."""
    context.refuse_draft()
    if not context.grid.title:
        raise HTTPBadRequest
    request.records.scenarios.remove_grid(context.checked.id, context.grid.id)
    return HTTPSeeOther(request.page_url(context.__parent__))
