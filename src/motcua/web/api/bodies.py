"""Reading bodies strictly, before the OpenAPI document sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType

from motcua.procedures import load_json_strict
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid.response import Response

#: Octets of a JSON body; a million characters of Vietnamese take less.
MOST_JSON = 4 * 1024**2


def strict_json(view: Callable[..., Response]) -> Callable[..., Response]:
    """View decorator: ``request.json_read`` is the JSON body; 415 or `InputError` (400) where it is none.

    The JSON of RFC 8259 in UTF-8 with unique keys and finite numbers; the parsers below would accept more.
    """

    def read(context: Any, request: Request) -> Response:
        if request.content_type != "application/json":
            raise HTTPUnsupportedMediaType(explanation=_("Send JSON, with Content-Type: application/json."))
        if (request.content_length or 0) > MOST_JSON:
            raise HTTPRequestEntityTooLarge(explanation=_("Facts take at most 4 MB of JSON."))
        request.json_read = load_json_strict(request.body, "body")
        return view(context, request)

    return read
