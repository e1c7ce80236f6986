"""A page of a grid as it is shown: every row with what the rules say of it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.dossiers import CaseOutcome, Grid, KeptCase, run_case, stale_cases
from motcua.errors import InputError
from motcua.procedures import Procedure, read_facts
from motcua.web.bench.cases.cells import expectation_text
from motcua.web.bench.cases.columns import all_columns, column, fact_options
from motcua.web.bench.cases.grid_typed import Typed, kept_of, taken_ids, whole_number
from motcua.web.bench.cases.places import GridPlace
from motcua.web.bench.cases.rows import Row, read_background, read_rows, scenario_of
from motcua.web.bench.trying.case import address_of
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.questions import unit_words

if TYPE_CHECKING:
    from pyramid.request import Request


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


def shown_page(context: GridPlace, request: Request, typed: Typed, errors: list[ErrorLink]) -> dict[str, Any]:
    """What the template shows of a page, with its errors at their fields."""
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
        "came_in": whole_number(request.GET.get("read"), 0), "renamed": whole_number(request.GET.get("renamed"), 0),
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
    read, _wrong = read_rows(procedure, filled, kept_of(context, request, filled), background,
                             taken_ids(context, request, typed.rows), request.lang)
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
