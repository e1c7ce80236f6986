""""Before you start" of one procedure, under the law of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther

from motcua.web.portal.before import Presenter
from motcua.web.portal.resources import ProcedureResource
from motcua.web.site.days import boxes_of, chosen_day
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request


@page(context=ProcedureResource, renderer="templates/procedure.jinja2", request_method="GET")
def procedure_page(context: ProcedureResource, request: Request) -> Any:
    """Who may apply, documents, authority, fee, time and gaps, under the law of ``?on=`` or today."""
    procedure = context.checked.procedure
    chosen = chosen_day(request, procedure)
    if chosen.is_typed and not chosen.errors:
        return HTTPSeeOther(request.page_url(context, query={"on": chosen.day.isoformat()}))
    if chosen.errors:
        request.response.status_int = 422
    before = Presenter(procedure.version_on(chosen.day), chosen.day, request.lang).before()
    is_today = chosen.day == request.now.date()
    return {
        "title": procedure.title.get(request.lang), "procedure": procedure, "before": before,
        "day": chosen.day, "is_today": is_today, "boxes": chosen.boxes, "errors": list(chosen.errors),
        "field": request.catalogue.titles.field(procedure.field),
        "may_apply": context.checked.form is not None and is_today,
        "interview_url": request.page_url(
            context, "interview", query=None if is_today else {"on": chosen.day.isoformat()}),
        "apply_url": request.page_url(context, "apply"), "page_url": request.page_url(context),
        "crumbs": crumbs(request), "example": boxes_of(request.now.date()),
    }


def crumbs(request: Request, *further: tuple[str, str]) -> list[dict[str, str]]:
    """The way here: the list of procedures, then ``(text, url)`` pairs."""
    first = (request.translate(_("All procedures")), request.home_url())
    return [{"text": text, "url": url} for text, url in (first, *further)]
