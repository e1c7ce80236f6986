"""How replies are written: JSON in UTF-8, each letter as itself, and no number that JSON does not have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyramid.renderers import JSON

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request
    from pyramid.response import Response

#: The renderer of the API's views; ``json`` stays the integrator's own.
RENDERER = "motcua_json"
_WRITING: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False, "separators": (",", ":")}


def includeme(config: Configurator) -> None:
    """Register the renderer."""
    config.add_renderer(RENDERER, JSON(**_WRITING))


def reply_with(request: Request, members: Mapping[str, Any], assessment: bytes | None) -> Response:
    """A reply with some members and the assessment of a dossier, byte for byte as it is kept.

    Read and written again, a number of it could lose digits.
    """
    written = json.dumps(members, **_WRITING)[:-1].encode()
    response = request.response
    response.content_type = "application/json"
    response.body = b'%b,"assessment":%b}' % (written, assessment or b"null")
    return response
