"""The catalogue and the check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from motcua.conditions import Type, read_value
from motcua.errors import InputError, Place, Problem
from motcua.web.api.bodies import strict_json
from motcua.web.api.replies import RENDERER
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.procedures import Fact, Procedure
    from motcua.web.api.resources import ApiProcedure


@view_config(
    route_name="motcua.api.procedures", request_method="GET", renderer=RENDERER, permission="view", openapi=True
)
def procedures(request: Request) -> list[dict[str, Any]]:
    """All procedures, or those that ``?search=`` and ``?field=`` leave."""
    words, field = request.GET.get("search", ""), request.GET.get("field")
    found = request.catalogue.search(words) if words.strip() else request.catalogue.values()
    return [entry.to_json() for entry in found if field is None or entry.procedure.field == field]


@view_config(
    route_name="motcua.api.procedure", request_method="GET", renderer=RENDERER, permission="view", openapi=True
)
def procedure(context: ApiProcedure, request: Request) -> dict[str, Any]:
    """One procedure, with the law of ``?on=`` or of today."""
    found = context.checked.procedure
    day = _day(request.GET.get("on")) or request.now.date()
    version = found.version_on(day)
    return {
        **context.checked.to_json(),
        "law_at": found.law_at,
        "law_date": day.isoformat(),
        "law_version": str(version),
        "facts": [_fact(found, fact) for fact in found.facts.values()],
        "requirements": [_provision(found, each, day) for each in version.requirements],
        "documents": [_provision(found, each, day) for each in version.documents],
        "decisions": [{"id": name, **_titles(each)} for name, each in version.decisions.items()],
        "gaps": [_text(gap) for gap in found.gaps],
        "rules": found.digest,
    }


@view_config(route_name="motcua.api.form", request_method="GET", permission="view", openapi=True)
def form(context: ApiProcedure, request: Request) -> Response:
    """The XForm, byte for byte."""
    written = context.checked.form
    if written is None:
        raise HTTPNotFound(explanation=_("This procedure has no form."))
    return Response(written.source, content_type="text/xml", charset="utf-8")


@view_config(
    route_name="motcua.api.check",
    request_method="POST",
    renderer=RENDERER,
    permission="check",
    require_csrf=False,
    decorator=strict_json,
    openapi=True,
)
def check(context: ApiProcedure, request: Request) -> dict[str, Any]:
    """The assessment of the facts; nothing is stored."""
    facts, on = read_check(request.json_read, request.GET.get("on"))
    return context.checked.check(facts, on=on).to_json()


def read_check(body: Any, on: str | None) -> tuple[Mapping[str, Any], date | None]:
    """The facts and the date of a body ``{"facts": …, "on": …}``, or of one that is the facts themselves."""
    if not isinstance(body, dict):
        raise InputError(Problem("WEB_021", {}, Place(field="body")))
    if isinstance(body.get("facts"), dict):
        strange = [name for name in body if name not in ("facts", "on")]
        if strange:
            raise InputError([Problem("WEB_022", {"name": name[:40]}, Place(field=name[:40])) for name in strange])
        return body["facts"], _day(body.get("on") if body.get("on") is not None else on)
    return body, _day(on)


def _day(value: Any) -> date | None:
    return None if value is None else cast(date, read_value(Type("date"), value, Place(field="on")))


def _fact(found: Procedure, fact: Fact) -> dict[str, Any]:
    described: dict[str, Any] = {"id": fact.id, "type": fact.type.kind, "unit": fact.type.unit, **_titles(fact)}
    if fact.type.list is not None:
        described["values"] = list(_values(found, fact.type.list))
    return described


def _values(found: Procedure, name: str) -> Iterator[dict[str, str]]:
    for value, text in found.lists[name].values.items():
        yield {"value": value, **_text(text)}


def _provision(found: Procedure, provision: Any, day: date) -> dict[str, str]:
    return {"id": provision.id, **_titles(provision), "cite": provision.citation.on(day, found.sources).text}


def _titles(thing: Any) -> dict[str, str]:
    return _text(thing.title)


def _text(text: Any) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
