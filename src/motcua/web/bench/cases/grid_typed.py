"""A page of a grid as it is typed: from the database, or from what was posted, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPBadRequest

from motcua.dossiers import MOST_CASES, ShelvedScenario
from motcua.errors import Problem
from motcua.web.bench.cases.columns import MOST_COLUMNS, all_columns, column, shared_facts, shown_columns
from motcua.web.bench.cases.places import GridPlace
from motcua.web.bench.cases.rows import Row, given_text, read_background, read_rows, row_of
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _

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


def stored_page(context: GridPlace, request: Request) -> Typed:
    """The page that the address asks for, as it is kept."""
    procedure, grid = context.checked.procedure, context.grid
    shelf = request.records.scenarios
    scenarios = shelf.scenarios_of(procedure.id, grid)
    keys = shown_columns(procedure, grid, scenarios)
    pages = max(1, -(-len(grid.cases) // ROWS))
    number = min(max(whole_number(request.GET.get("page"), 1), 1), pages)
    first = (number - 1) * ROWS
    kept = [shelf.get(procedure.id, name) for name in grid.cases[first:first + ROWS]]
    rows = [row_of(procedure, each, keys, first + place) for place, each in enumerate(kept, start=1)]
    blank = min(max(whole_number(request.GET.get("blank"), 0 if rows else 1), 0), MOST_BLANK) if number == pages else 0
    rows += [Row(place=str(first + len(rows) + place)) for place in range(1, blank + 1)]
    shared = shared_facts(grid, procedure)
    facts = grid.background_facts
    background = {name: given_text(procedure, name, facts[name]) if name in facts else "" for name in shared}
    return Typed(grid.title, tuple(rows), background, keys, shared, grid.revision, number, pages)


def posted_page(context: GridPlace, request: Request) -> Typed:
    """The page as it was posted; names that no page of ours has are refused."""
    procedure, post, stored = context.checked.procedure, request.POST, stored_page(context, request)
    scenarios = request.records.scenarios.scenarios_of(procedure.id, context.grid)
    known = all_columns(procedure, scenarios)
    sent = set(str(post.get("columns", "")).split())
    keys = tuple(key for key in known if key in sent)
    count = whole_number(post.get("rows"), 0)
    if count > ROWS + MOST_BLANK or len(keys) > MOST_COLUMNS:
        raise HTTPBadRequest
    first = (stored.page - 1) * ROWS
    rows = tuple(_posted_row(request, keys, number, first + number) for number in range(1, count + 1))
    known_before = [row.was for row in rows if row.was]
    if len(set(known_before)) < len(known_before):
        raise HTTPBadRequest
    if not set(known_before) <= set(context.grid.cases):
        # somebody else took a case away: it is kept anew, under what was typed
        rows = tuple(row if row.was in context.grid.cases else replace(row, was="") for row in rows)
    background = {name: _text(post, f"shared.{name}") for name in procedure.facts if f"shared.{name}" in post}
    revision = whole_number(post.get("revision"), -1)
    return Typed(_text(post, "title"), rows, background, keys, tuple(background), revision, stored.page, stored.pages)


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


def whole_number(text: Any, default: int) -> int:
    """A number of an address or a form; ``default`` for anything else."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 7 else default


def kept_of(context: GridPlace, request: Request, rows: tuple[Row, ...]) -> dict[str, ShelvedScenario]:
    """The cases that the rows were so far, by id."""
    shelf = request.records.scenarios
    return {row.was: shelf.get(context.checked.id, row.was) for row in rows if row.was}


def taken_ids(context: GridPlace, request: Request, rows: tuple[Row, ...]) -> frozenset[str]:
    """The ids of the procedure's other cases, in files and grids."""
    checked = context.checked
    written = {scenario.id for file in checked.scenarios() for scenario in file.scenarios}
    kept = set(request.records.scenarios.procedures.get(checked.id, {}))
    return frozenset(written | (kept - {row.was for row in rows}))


def read_page(context: GridPlace, request: Request, typed: Typed,
          action: str) -> tuple[list[ErrorLink], list[Row] | None, dict[str, Any]]:
    """What is wrong with the page, its rows with their errors in place, and the background."""
    procedure, lang = context.checked.procedure, request.lang
    going = [row for row in typed.rows if action == "delete" and row.picked]
    wanted = tuple(row for row in typed.rows if row not in going and not row.is_blank)
    background, problems = read_background(procedure, typed.background, lang)
    _good, wrong = read_rows(procedure, wanted, kept_of(context, request, wanted), background,
                             taken_ids(context, request, typed.rows), lang)
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
