"""The guard in front of every view, and the headers on every answer.

Tweens, from the outside in: access log, headers, transaction, error pages, guard. The guard stands inside
the error pages, so that its refusals look like all others; what it finds undecodable it removes from the
request, so that the error page itself can be made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPException,
    HTTPLengthRequired,
    HTTPRequestEntityTooLarge,
)
from pyramid.tweens import EXCVIEW, INGRESS
from webob.request import DisconnectionError

from motcua.web.site.bodies import refuse_encoded_body
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.registry import Registry
    from pyramid.request import Request
    from pyramid.response import Response

#: A body up to so many octets is kept in memory, a larger one in a file; the server does the same.
IN_MEMORY = 512 * 1024

Handler = Callable[["Request"], "Response"]

POLICY = "; ".join((
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'"))

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def headers_tween_factory(handler: Handler, registry: Registry) -> Handler:
    """Give every answer the protecting headers, unless its view set its own."""
    # pages show personal data or carry form tokens; static files set their own lifetime
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if registry.settings["motcua.https"]:
        headers["Strict-Transport-Security"] = _STRICT_TRANSPORT

    def tween(request: Request) -> Response:
        response = handler(request)
        given = {name.lower() for name, _ in response.headerlist}
        response.headerlist += [(name, value) for name, value in headers.items() if name.lower() not in given]
        return response

    return tween


def guard_tween_factory(handler: Handler, registry: Registry) -> Handler:
    """Refuse requests that are too large, compressed or not text where text is due."""
    def tween(request: Request) -> Response:
        check_text(request)
        check_body(request)
        return handler(request)

    return tween


def check_text(request: Request) -> None:
    """Raise 400 when the path, the query or the cookies are not UTF-8 without control characters."""
    environ = request.environ
    checks = (
        ("PATH_INFO", _readable, lambda value: value.encode("latin-1")),
        ("QUERY_STRING", _nothing, lambda value: unquote_to_bytes(value.encode("latin-1"))),
        ("HTTP_COOKIE", _nothing, lambda value: unquote_to_bytes(value.encode("latin-1"))),
    )
    bad = [(name, clean) for name, clean, to_bytes in checks if not _is_text(environ.get(name, ""), to_bytes)]
    for name, clean in bad:
        environ[name] = clean(environ[name])
    if bad:
        raise HTTPBadRequest(explanation=_("The address or the cookies hold bytes that are not text (UTF-8)."))


def _readable(path: str) -> str:
    """The beginning of a path that can be read: it tells for whom the error is."""
    return re.match(r"[!-~]*", path).group() or "/"  # type: ignore[union-attr]


def _nothing(value: str) -> str:
    return ""


def _is_text(value: str, to_bytes: Callable[[str], bytes]) -> bool:
    try:
        text = to_bytes(value).decode("utf-8")
    except UnicodeError:
        return False
    return not any(char < " " or char == "\x7f" for char in text)


def check_body(request: Request) -> None:
    """Raise 411, 413 or 415 before a byte of the body is read."""
    if request.content_length is None and request.headers.get("Transfer-Encoding"):
        raise HTTPLengthRequired(explanation=_("Send the length of the request with it."))
    if is_oversized(request):
        raise HTTPRequestEntityTooLarge(explanation=_("The request is larger than this site accepts."))
    refuse_encoded_body(request)


def is_oversized(request: Request) -> bool:
    """Whether the announced length of the body is over the limit."""
    return (request.content_length or 0) > int(request.registry.settings["motcua.max_body"])


def attempts(request: Request) -> int | None:
    """For pyramid_retry: one attempt for what the guard will refuse, as retrying needs the whole body."""
    try:
        check_body(request)
        request.request_body_tempfile_limit = IN_MEMORY
        request.make_body_seekable()
    except (HTTPException, DisconnectionError):
        return 1
    return None


def includeme(config: Configurator) -> None:
    """Register both tweens."""
    config.add_tween(f"{__name__}.guard_tween_factory", under=EXCVIEW)
    config.add_tween(f"{__name__}.headers_tween_factory", under=INGRESS)

