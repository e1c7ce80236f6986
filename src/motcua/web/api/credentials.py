"""Who calls the API: a signed-in session, or an account's name and password (HTTP Basic).

A session comes with any page a browser opens, so what it may write must also carry its CSRF token; Basic
credentials are sent on purpose and need none, unless a page of another site makes a browser send those it
was once given here.
"""

from __future__ import annotations

import binascii
import time
from base64 import b64decode
from typing import TYPE_CHECKING

from pyramid.csrf import BadCSRFOrigin, check_csrf_token
from pyramid.httpexceptions import HTTPTooManyRequests, HTTPUnauthorized

from motcua.dossiers import GuessingBrake, authenticate
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

CHALLENGE = {"WWW-Authenticate": 'Basic realm="motcua", charset="UTF-8"'}


def identify(request: Request) -> None:
    """Make the account of Basic credentials the visitor of this request; 401 where they are wrong."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":  # another scheme is for an integrator's own security policy
        return
    name, password = _read_basic(encoded)
    brake: GuessingBrake = request.registry.motcua_api_brake
    # REMOTE_ADDR, which the server vouches for; X-Forwarded-For says whatever its sender likes
    address, moment = request.remote_addr or "", time.monotonic()
    if brake.is_on(name, address, moment):
        raise HTTPTooManyRequests(explanation=_("Too many attempts. Wait five minutes and try again."))
    account = authenticate(request.records, name, password) if name else None
    if account is None:
        brake.failed(name, address, moment)
        raise HTTPUnauthorized(
            headers=CHALLENGE, explanation=_("The account name or the password is wrong. Check both.")
        )
    brake.succeeded(name)
    request.visitor = account
    request.environ["motcua.api.basic"] = True


def _read_basic(encoded: str) -> tuple[str, str]:
    try:
        name, _colon, password = b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name.strip(), password


def refuse_forgery(request: Request) -> None:
    """Raise the CSRF error for a writing request that another site may have made a browser send."""
    if request.visitor is None:
        return
    if not request.environ.get("motcua.api.basic"):
        check_csrf_token(request)
    # only browsers say this, and no page can make them say otherwise
    elif request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise BadCSRFOrigin("another site sent it")


def includeme(config: Configurator) -> None:
    """Slow down guessing, apart from the sign-in page."""
    config.registry.motcua_api_brake = GuessingBrake()
