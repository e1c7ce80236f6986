"""The list of dossiers: an applicant's own with their drafts, an officer's of all, with search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motcua.dossiers import STATES, drafts_of
from motcua.dossiers import page as dossiers_page
from motcua.law import Text
from motcua.web.apply.resources import draft_place
from motcua.web.dossiers.resources import Dossiers
from motcua.web.site.assessments import OUTCOMES
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

LINES = 25


@page(context=Dossiers, request_method="GET", renderer="templates/list.jinja2")
def dossiers_list(context: Dossiers, request: Request) -> dict[str, Any]:
    """``?q=`` searches code, name and procedure; ``?after=`` continues the list."""
    account = request.visitor
    is_officer = bool(request.has_permission("see all", context))
    words = request.GET.get("q", "")[:100]
    found = dossiers_page(request.archive.read_model, size=LINES, words=words,
                          after=request.GET.get("after") or None,
                          applicant=None if is_officer else account.id)
    further = {"after": found.next, **({"q": words} if words else {})} if found.next else None
    return {
        "title": request.translate(_("Dossiers") if is_officer else _("My dossiers")), "errors": [],
        "lines": found.lines, "states": STATES, "outcomes": OUTCOMES, "query": words, "is_officer": is_officer,
        "titles": {line.procedure: procedure_title(request, line.procedure) for line in found.lines},
        "url_of": lambda code: request.page_url(context, code), "here": request.page_url(context),
        "next_url": request.page_url(context, query=further) if further else "",
        "drafts": [(draft, procedure_title(request, draft.procedure),
                    request.page_url(draft_place(request, draft)))
                   for draft in drafts_of(request.records, account.id, now=request.now)],
    }


def procedure_title(request: Request, procedure_id: str) -> Text:
    """The title of a procedure, or its id where it is no longer in service."""
    checked = request.catalogue.get(procedure_id)
    return checked.procedure.title if checked else Text(procedure_id, procedure_id)
