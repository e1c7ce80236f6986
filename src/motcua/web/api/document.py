"""The OpenAPI document: served as it is, and held against every request and reply."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPInternalServerError, HTTPUnprocessableEntity
from pyramid_openapi3.exceptions import RequestValidationError, ResponseValidationError
from ruamel.yaml import YAML

from motcua.errors import Place, Problem
from motcua.web.site.failures import failure, log

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request
    from pyramid.response import Response

#: Under this name pyramid_openapi3 keeps our document, beside one an integrator may have.
API = "motcua.api"


def invalid_request(error: RequestValidationError, request: Request) -> Response:
    """A request that does not fit the document: 422 where values are wrong, 400 where it cannot be read."""
    problems = tuple(_problem(each) for each in error.errors)
    fits = any(
        getattr(each.__cause__, "schema_errors", None) or hasattr(each, "name") for each in error.errors
    )
    return failure(request, HTTPUnprocessableEntity() if fits else HTTPBadRequest(), problems)


def invalid_reply(error: ResponseValidationError, request: Request) -> Response:
    """Our own reply breaks the document: logged, and told as our fault."""
    log.error(
        "reply breaks the API document",
        extra={
            "fields": {
                "message": "reply breaks the API document",
                "request": request.request_id,
                "errors": [type(each).__name__ for each in error.errors],
            }
        },
    )
    return failure(request, HTTPInternalServerError())


def _problem(error: Exception) -> Problem:
    named = getattr(error, "name", None)
    causes = getattr(error.__cause__, "schema_errors", None) or (error.__cause__ or error,)
    said = "; ".join(str(getattr(cause, "message", cause))[:200] for cause in causes)
    return Problem("WEB_020", {"said": said}, Place(field=named))


def includeme(config: Configurator) -> None:
    """Read the document and serve it at ``/api/openapi.json``."""
    config.include("pyramid_openapi3")
    config.add_exception_view(invalid_request, context=RequestValidationError)
    config.add_exception_view(invalid_reply, context=ResponseValidationError)
    source = files("motcua.web.api") / "openapi.yaml"
    with as_file(source) as path:
        config.pyramid_openapi3_spec(
            str(path), route="/api/openapi.yaml", route_name="api.openapi.yaml", apiname=API
        )
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(source.read_text(encoding="utf-8"))
    config.add_route("api.openapi", "/api/openapi.json")
    config.add_view(lambda request: document, route_name="api.openapi", renderer="json", request_method="GET")
