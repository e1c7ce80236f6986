"""Error pages, in the language of the request, as a page or as a problem document (RFC 9457)."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from pyramid.csrf import BadCSRFOrigin, BadCSRFToken
from pyramid.exceptions import PredicateMismatch, URLDecodeError
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPException,
    HTTPForbidden,
    HTTPInternalServerError,
    HTTPMethodNotAllowed,
    HTTPSeeOther,
    HTTPServiceUnavailable,
    HTTPUnauthorized,
)
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import exception_view_config, forbidden_view_config, notfound_view_config
from pyramid_retry import is_last_attempt
from transaction.interfaces import TransientError
from webob.request import DisconnectionError

from motcua.errors import InputError
from motcua.web.site.languages import _, is_for_programs

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

log = logging.getLogger("motcua.web")

PROBLEM = "application/problem+json"

#: Status → what the page says: title, and what to do where the error itself does not say more.
WORDS: dict[int, tuple[str, str]] = {
    400: (_("The request could not be understood"), _("Go back and try again.")),
    401: (_("Sign in first"), _("This page is for people with an account.")),
    403: (_("You may not open this page"), _("Sign in with an account that may, or go back.")),
    404: (_("Page not found"), _("Check the address, or begin at the list of procedures.")),
    405: (_("This page cannot do that"), _("Open the page again from the list of procedures.")),
    409: (_("Changed in the meantime"), _("Someone, or another window of yours, has changed this. Look again.")),
    411: (_("The request could not be understood"), _("Go back and try again.")),
    413: (_("Too large"), _("Send less at a time, or smaller files.")),
    415: (_("This kind of content is not accepted"), _("Go back and try again.")),
    422: (_("Something is missing or wrong"), _("Correct what is named and send it again.")),
    429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    500: (_("Something went wrong on our side"),
          _("Nothing you sent has been lost from earlier pages. Try again in a few minutes.")),
    503: (_("Not available just now"), _("Try again in a few minutes.")),
}


def failure(request: Request, error: HTTPException, problems: tuple[Any, ...] = (), **members: Any) -> Response:
    """The answer for ``error``: a page for people, a problem document for programs, with further ``members``."""
    status = error.status_int
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    said = _own_words(error)
    title_text = request.translate(title)
    detail = request.translate(said) if said else request.translate(advice)
    if wants_html(request):
        response = render_to_response(
            "motcua.web.site:templates/error.jinja2",
            {"title": title_text, "detail": detail, "status": status, "problems": problems,
             "bare": status >= 500}, request=request)
    else:
        document = {"type": "about:blank", "title": title_text, "status": status, "detail": detail,
                    "request": request.request_id, **members}
        if problems:
            document["problems"] = [problem.to_json() for problem in problems]
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        response = Response(body, content_type=PROBLEM, charset=None)
    response.status = error.status
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in error.headers:
            response.headers[name] = error.headers[name]
    return response


def wants_html(request: Request) -> bool:
    """Whether a person's browser asks; what is below ``registry.motcua_problem_paths`` answers programs only."""
    if is_for_programs(request):
        return False
    offers = request.accept.acceptable_offers(["text/html", "application/json", PROBLEM])
    return bool(offers) and offers[0][0] == "text/html"


def _own_words(error: HTTPException) -> Any:
    # WebOb's stock English explanations say nothing a visitor can use
    stock = type(error).explanation
    return error.explanation if error.explanation and error.explanation != stock else None


@exception_view_config(HTTPException)
def http_error(error: HTTPException, request: Request) -> Response:
    """Any raised HTTP error; redirects and successes pass through."""
    return failure(request, error) if error.status_int >= 400 else error


@notfound_view_config()
def not_found(error: HTTPException, request: Request) -> Response:
    """No such page; a view that exists, but not for this method, is a 405."""
    if isinstance(error, PredicateMismatch):
        return failure(request, HTTPMethodNotAllowed(headers={"Allow": ", ".join(allowed_methods(request))}))
    return failure(request, error)


def allowed_methods(request: Request) -> list[str]:
    """The methods of the views at this address."""
    route = getattr(request, "matched_route", None)
    place = (request.view_name, route.name if route else None)
    views = [each["introspectable"] for each in request.registry.introspector.get_category("views") or ()]
    found: set[str] = set()
    for view in views:
        if (view["name"], view["route_name"]) == place and _is_of(request.context, view["context"]):
            methods = view["request_methods"] or ()
            found.update([methods] if isinstance(methods, str) else methods)
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def _is_of(context: Any, kind: Any) -> bool:
    if kind is None or isinstance(kind, type):
        return kind is None or isinstance(context, kind)
    return bool(kind.providedBy(context))


@forbidden_view_config()
def forbidden(error: HTTPException, request: Request) -> Response:
    """A visitor without an account is asked to sign in and comes back; others are told no."""
    if request.authenticated_userid is not None:
        return failure(request, HTTPForbidden())
    sign_in = request.sign_in_url(request.path_qs)
    if sign_in and wants_html(request) and request.method in ("GET", "HEAD"):
        return HTTPSeeOther(sign_in)
    return failure(request, HTTPUnauthorized())


@exception_view_config(BadCSRFToken)
@exception_view_config(BadCSRFOrigin)
def forged(error: HTTPException, request: Request) -> Response:
    """The form token is missing or old."""
    return failure(request, HTTPBadRequest(explanation=_(
        "The page was open for too long, or cookies are blocked. Go back, reload the page and send it again.")))


@exception_view_config(URLDecodeError)
def undecodable(error: URLDecodeError, request: Request) -> Response:
    """The path is not UTF-8."""
    return failure(request, HTTPBadRequest())


@exception_view_config(DisconnectionError)
def cut_off(error: DisconnectionError, request: Request) -> Response:
    """The body is shorter than announced."""
    return failure(request, HTTPBadRequest(explanation=_("The form arrived incomplete. Please send it again.")))


@exception_view_config(InputError)
def bad_input(error: InputError, request: Request) -> Response:
    """Facts or a form from outside are wrong in a way no page foresaw: 400 with every problem."""
    return failure(request, HTTPBadRequest(), error.problems)


@exception_view_config(TransientError)
def met_others(error: TransientError, request: Request) -> Response:
    """Others changed the same at the same moment: seen by nobody while the request is done again, told at last."""
    if is_last_attempt(request):
        log.warning("given up: others changed the same each time", extra={"fields": {
            "message": "given up: others changed the same each time", "request": request.request_id}})
    return failure(request, HTTPServiceUnavailable(headers={"Retry-After": "5"}, explanation=_(
        "Many people are saving the same at this moment. What you sent has not been stored: "
        "go back and send it again.")))


@exception_view_config(Exception)
def broken(error: Exception, request: Request) -> Response:
    """Our own fault: logged with its traceback, told without."""
    log.error("unhandled error", exc_info=error, extra={"fields": {
        "message": "unhandled error", "request": request.request_id, "error": type(error).__name__}})
    return failure(request, HTTPInternalServerError())


def includeme(config: Configurator) -> None:
    """Register the error pages."""
    config.scan(__name__)

