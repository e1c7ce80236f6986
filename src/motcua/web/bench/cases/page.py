"""The cases of a procedure: its grids, which cases to confirm again, running them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther

from motcua.dossiers import cases_of, confirm, run_cases, stale_cases
from motcua.errors import InputError
from motcua.web.bench.cases.grid_shown import grid_title
from motcua.web.bench.cases.places import Cases, Runs
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: What was typed as the reason of a run.
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class ShownStale:
    """A case to confirm again: where it stands, who confirmed it when, and what changed since."""

    id: str
    url: str
    who: str
    at: Any
    reasons: tuple[str, ...]


@page(context=Cases, request_method="GET", permission="test", renderer="templates/cases.jinja2")
def cases(context: Cases, request: Request) -> dict[str, Any]:
    """Grids, cases to confirm again, the form to run all."""
    return _shown(context, request, [])


@page(context=Cases, name="begin", request_method="POST", permission="test", renderer="templates/cases.jinja2")
def begin(context: Cases, request: Request) -> Any:
    """Begin a grid."""
    context.refuse_draft()
    title = str(request.POST.get("title", ""))
    try:
        grid = request.records.scenarios.begin_grid(context.checked.id, title)
    except InputError as error:
        return _shown(context, request, [ErrorLink(error.problems[0].message(request.lang), "title")], title=title)
    return HTTPSeeOther(request.page_url(context, grid.id))


@page(context=Cases, name="run", request_method="POST", permission="test", renderer="templates/cases.jinja2")
def run(context: Cases, request: Request) -> Any:
    """Run every case and keep the run with its reason."""
    reason = str(request.POST.get("reason", "")).strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        text = _("Say in at most 300 characters why you run the cases.")
        return _shown(context, request, [ErrorLink(request.translate(text), "reason")], reason=reason)
    kept = run_cases(request.records, context.checked, who=request.visitor.id, at=request.now, reason=reason,
                     draft=context.draft)
    runs = Runs(request, context.bench, "runs")
    return HTTPSeeOther(request.page_url(runs, str(kept.number)))


@page(context=Cases, name="confirm", request_method="POST", permission="test")
def confirm_again(context: Cases, request: Request) -> Any:
    """Keep that the visitor found the cases named right under the rules of now."""
    context.refuse_draft()
    names = [str(name) for name in request.POST.getall("id")]
    confirm(request.records, context.checked, names, who=request.visitor.id, at=request.now)
    return HTTPSeeOther(request.page_url(context))


def _shown(context: Cases, request: Request, errors: list[ErrorLink], **typed: str) -> dict[str, Any]:
    if errors:
        request.response.status_int = 422
    checked, records = context.checked, request.records
    grids = records.scenarios.grids(checked.id)
    bench_url = request.page_url(context.bench)
    written = sum(len(file.scenarios) for file in checked.scenarios())
    return {
        "title": request.translate(_("Cases")), "procedure": checked.procedure, "errors": errors,
        "typed": {"title": "", "reason": "", **typed}, "wrong": {link.target: link.text for link in errors},
        "grids": [(grid_title(grid, request), len(grid.cases), request.page_url(context, grid.id)) for grid in grids],
        "written": written, "total": len(cases_of(records, checked)), "stale": stale_shown(context, request),
        "last": records.case_runs.latest(checked.id, context.draft), "may_change": not context.draft,
        "runs_url": f"{bench_url}/runs", "here": request.page_url(context),
        "scenarios_url": request.page_url(context.bench, "scenarios"), "bench_url": bench_url,
        "crumbs": crumbs(request),
    }


def stale_shown(context: Cases, request: Request) -> list[ShownStale]:
    """The cases to confirm again, in words."""
    found: list[ShownStale] = []
    if context.draft:
        return found
    for each in stale_cases(request.records, context.checked):
        url = (request.page_url(context, each.grid) if each.grid
               else request.page_url(context.bench, "scenarios", anchor=f"scenario-{each.id}"))
        found.append(ShownStale(each.id, url, name_of(request, each.who), each.at,
                                tuple(text.get(request.lang) for text in each.reasons)))
    return found


def name_of(request: Request, account_id: str) -> str:
    """How pages call an account; the file themselves where a case came with them, the site where it ran them."""
    if account_id in ("", "motcua"):
        return str(request.translate(_("the scenario file") if not account_id else _("the site itself")))
    account = request.records.accounts.get(account_id)
    return str((account.title or account.name) if account is not None else account_id)
