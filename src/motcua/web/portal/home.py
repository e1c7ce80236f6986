"""The home page: all procedures by field, and a search that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.web.portal.resources import Procedures, procedure_resource
from motcua.web.site.directory import by_field
from motcua.web.site.languages import _
from motcua.web.site.resources import Root
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.law import Text
    from motcua.procedures import Procedure

LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure in the list; ``is_checked``: its rules say who may apply."""

    title: Text
    summary: Text | None
    url: str
    is_checked: bool


@page(context=Root, renderer="templates/home.jinja2", request_method="GET")
@page(context=Procedures, renderer="templates/home.jinja2", request_method="GET")
def home(context: Root, request: Request) -> dict[str, Any]:
    """Procedures that hold all words of ``?q=``, case and diacritics aside, grouped by field."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    found = request.catalogue.search(query) if query else tuple(request.catalogue.values())
    groups = {field: [_entry(each.procedure, request) for each in entries]
              for field, entries in by_field(request, found).items()}
    return {"title": request.translate(_("Procedures")), "query": query, "groups": groups, "found": len(found)}


def _entry(procedure: Procedure, request: Request) -> Entry:
    url = request.page_url(procedure_resource(request, procedure.id))
    return Entry(procedure.title, procedure.summary, url, procedure.unchecked is None)
