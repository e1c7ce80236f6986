"""What the API answers where it cannot do what is asked: problem documents, whoever asks.

400: the request cannot be read. 401: nobody, or a wrong password. 404, 405, 409, 411, 413, 415: as HTTP has
it. 422: it can be read, and what it says is wrong; every problem is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPForbidden,
    HTTPInternalServerError,
    HTTPRequestEntityTooLarge,
    HTTPUnauthorized,
    HTTPUnprocessableEntity,
)
from pyramid.view import exception_view_config, forbidden_view_config
from pyramid_openapi3.exceptions import RequestValidationError, ResponseValidationError

from motcua.errors import InputError
from motcua.web.api.credentials import CHALLENGE
from motcua.web.site.failures import failure, log

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request
    from pyramid.response import Response

ROUTES = "motcua.api."
#: A submission of too many bytes, or of too many tags.
_TOO_LARGE = {"SUB_001", "SUB_004"}
#: XML or JSON that cannot be read at all.
_UNREADABLE = {f"SUB_00{number}" for number in range(1, 10)} | {f"FACT_00{number}" for number in range(5, 9)}


class OfTheApi:
    """View predicate: the request is for a route of this API, not for one of an integrator."""

    def __init__(self, value: bool, config: Configurator) -> None:
        self.value = value

    def text(self) -> str:
        """What `pyramid.config` shows of the predicate."""
        return "a route of the API"

    phash = text

    def __call__(self, context: Any, request: Request) -> bool:
        """Whether the matched route is one of ours."""
        route = getattr(request, "matched_route", None)
        return route is not None and route.name.startswith(ROUTES)


@exception_view_config(InputError, motcua_api=True)
def wrong_input(error: InputError, request: Request) -> Response:
    """400 for what cannot be read, 413 for too much of it, 422 for what is wrong."""
    codes = {problem.code for problem in error.problems}
    if codes & _TOO_LARGE:
        return failure(request, HTTPRequestEntityTooLarge(), error.problems)
    kind = HTTPBadRequest if codes & _UNREADABLE else HTTPUnprocessableEntity
    return failure(request, kind(), error.problems)


@exception_view_config(RequestValidationError, motcua_api=True)
def invalid_request(error: RequestValidationError, request: Request) -> Response:
    """A request that can be read and does not fit the document."""
    problems = tuple(problem for each in error.errors if isinstance(each, InputError) for problem in each.problems)
    return failure(request, HTTPUnprocessableEntity(), problems)


@exception_view_config(ResponseValidationError, motcua_api=True)
def invalid_reply(error: ResponseValidationError, request: Request) -> Response:
    """Our own reply breaks the document: logged, and told as our fault."""
    fields = {
        "message": "reply breaks the API document",
        "request": request.request_id,
        "errors": [str(each) for each in error.errors],
    }
    log.error("reply breaks the API document", extra={"fields": fields})
    return failure(request, HTTPInternalServerError())


@forbidden_view_config(motcua_api=True)
def forbidden(error: Any, request: Request) -> Response:
    """Nobody is asked who they are, somebody is told no."""
    if request.visitor is None:
        return failure(request, HTTPUnauthorized(headers=CHALLENGE))
    return failure(request, HTTPForbidden())


def includeme(config: Configurator) -> None:
    """Register the predicate, and the addresses below which every refusal is a problem document."""
    config.add_view_predicate("motcua_api", OfTheApi)
    prefix = f"/{config.route_prefix.strip('/')}" if config.route_prefix else ""
    config.registry.motcua_problem_paths.append(f"{prefix}/api")
