"""The home page: all procedures by field, and a search that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.web.portal.fields import field_title
from motcua.web.portal.resources import Procedures, procedure_resource
from motcua.web.site.languages import _
from motcua.web.site.resources import Root
from motcua.web.site.templating import plain
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.law import Text
    from motcua.procedures import Procedure

LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure in the list."""

    title: Text
    summary: Text | None
    url: str


@page(context=Root, renderer="templates/home.jinja2", request_method="GET")
@page(context=Procedures, renderer="templates/home.jinja2", request_method="GET")
def home(context: Root, request: Request) -> dict[str, Any]:
    """Procedures that hold all words of ``?q=``, case and diacritics aside, grouped by field."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    words = plain(query).split()
    found = [procedure for procedure in _procedures(request) if matches(procedure, words)]
    groups: dict[str, list[Entry]] = {}
    for procedure in found:
        url = request.page_url(procedure_resource(request, procedure.id))
        entry = Entry(procedure.title, procedure.summary, url)
        groups.setdefault(request.translate(field_title(procedure.field)), []).append(entry)
    return {"title": request.translate(_("Procedures")), "query": query, "groups": groups, "found": len(found)}


def matches(procedure: Procedure, words: list[str]) -> bool:
    """Whether each word occurs in what the procedure is called, about, or numbered."""
    texts = [procedure.title, field_title(procedure.field)]
    if procedure.summary:
        texts.append(procedure.summary)
    codes = [code for listed in procedure.codes.values() for code in listed]
    searched = plain(" ".join([*(f"{text.vi} {text.en}" for text in texts), procedure.id, *codes]))
    return all(word in searched for word in words)


def _procedures(request: Request) -> list[Procedure]:
    procedures = [request.catalogue[key].procedure for key in request.catalogue]
    return sorted(procedures, key=lambda each: (plain(field_title(each.field).get(request.lang)),
                                                plain(each.title.get(request.lang))))
