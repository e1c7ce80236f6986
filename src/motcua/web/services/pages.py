"""The list of services, and the progress of the office against what it has reported and planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.law import Text, fold
from motcua.procedures import FieldCount, Service, Services
from motcua.web.portal.resources import procedure_resource
from motcua.web.services.resources import ServicesPage
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import Catalogue, CheckedProcedure

LONGEST_QUERY = 100
#: How far a service has come here, the furthest last.
STAGES = {
    "none": _("not yet here"),
    "unchecked": _("explained, not yet checked by rules"),
    "rules": _("rules"),
    "form": _("rules and form"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A service with what is in service here for it: titles and addresses, and how far it has come.

    ``notes`` are in words what the report and the national database say of it.
    """

    service: Service
    notes: tuple[str, ...]
    links: tuple[tuple[Text, str], ...]
    stage: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A field in figures: reported, named, and how many of the named are here; ``planned`` ones likewise."""

    title: Text
    reported: FieldCount
    named: int
    here: int
    with_form: int
    planned_named: int
    planned_here: int


@page(context=ServicesPage, renderer="templates/services.jinja2", request_method="GET")
def services_page(context: ServicesPage, request: Request) -> dict[str, Any]:
    """Services that hold all words of ``?q=`` in name or code, case and diacritics aside, by field."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    titles = request.catalogue.titles
    found = [service for service in context.services.services if _holds(service, fold(query).split())]
    groups: dict[str, list[Row]] = {}
    for row in _rows(request, found):
        groups.setdefault(row.service.field, []).append(row)
    return {
        "title": request.translate(_("Services of the office")), "query": query, "found": len(found),
        "services": context.services, "stages": STAGES, "page_url": request.page_url(context),
        "groups": [(titles.field(field), context.services.fields.get(field, FieldCount()), rows)
                   for field, rows in groups.items()],
        "progress_url": (request.page_url(context, "progress")
                         if request.has_permission("oversee", context) else None),
    }


@page(context=ServicesPage, name="progress", renderer="templates/progress.jinja2", request_method="GET",
      permission="oversee")
def progress_page(context: ServicesPage, request: Request) -> dict[str, Any]:
    """What was reported and planned, what of it is known by name, and what is in service here."""
    rows = list(_rows(request, context.services.services))
    fields = list(progress(context.services, rows, request.catalogue))
    others = [entry for entry in request.catalogue.values()
              if not any(entry in request.catalogue.procedures_of(row.service) for row in rows)]
    return {
        "title": request.translate(_("Progress of the services")), "services": context.services, "fields": fields,
        "planned": [row for row in rows if row.service.planned], "stages": STAGES,
        "here": sum(each.here for each in fields), "with_form": sum(each.with_form for each in fields),
        "others": [(entry.procedure.title, _url(request, entry)) for entry in others],
        "crumbs": [{"text": request.translate(_("Services of the office")), "url": request.page_url(context)}],
    }


def progress(services: Services, rows: Iterable[Row], catalogue: Catalogue) -> Iterator[Progress]:
    """The figures of each field, in the order of the report."""
    by_field: dict[str, list[Row]] = {field: [] for field in services.fields}
    for row in rows:
        by_field.setdefault(row.service.field, []).append(row)
    for field, own in by_field.items():
        planned = [row for row in own if row.service.planned]
        yield Progress(
            catalogue.titles.field(field), services.fields.get(field, FieldCount()), len(own),
            sum(row.stage in ("rules", "form") for row in own), sum(row.stage == "form" for row in own),
            len(planned), sum(row.stage in ("rules", "form") for row in planned))


def _rows(request: Request, services: Iterable[Service]) -> Iterator[Row]:
    for service in services:
        own = request.catalogue.procedures_of(service)
        stages = [_stage(entry) for entry in own]
        links = tuple((entry.procedure.title, _url(request, entry)) for entry in own)
        yield Row(service, tuple(_notes(request, service)), links,
                  max(stages, key=list(STAGES).index, default="none"))


def _notes(request: Request, service: Service) -> Iterator[str]:
    if service.codes:
        yield request.translate(_("code %(codes)s")) % {"codes": ", ".join(service.codes)}
    if service.level:
        yield request.translate(_("level %(level)d in 2021")) % {"level": service.level}
    if service.planned:
        month = "/".join(reversed(service.planned.split("-")))
        yield request.translate(_("planned for %(month)s")) % {"month": month}
    if service.status == "merged":
        yield request.translate(_("now part of %(codes)s")) % {"codes": ", ".join(service.successors)}


def _stage(entry: CheckedProcedure) -> str:
    if entry.procedure.unchecked is not None:
        return "unchecked"
    return "rules" if entry.form_path is None else "form"


def _url(request: Request, entry: CheckedProcedure) -> str:
    return str(request.page_url(procedure_resource(request, entry.id)))


def _holds(service: Service, words: list[str]) -> bool:
    text = fold(" ".join((service.title.vi, service.title.en, *service.codes, *service.successors)))
    return all(word in text for word in words)
