"""``/login``, ``/register``, ``/account``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from motcua.web.site.resources import Resource, root_factory

if TYPE_CHECKING:
    from pyramid.request import Request


class Login(Resource):
    """Where one signs in."""


class Register(Resource):
    """Where one opens an account."""


class AccountPlace(Resource):
    """The visitor's own account."""

    kind = "account"


def sign_in_url(request: Request, back_to: str = "") -> str:
    """The address of the sign-in page that afterwards returns to ``back_to``."""
    place = Login(request, root_factory(request), "login")
    return str(request.page_url(place, query={"next": back_to} if back_to else None))


def local_path(text: str) -> str:
    """``text`` when it is a path on this site, else ""."""
    parts = urlsplit(text)
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return text if is_local and "\\" not in text and len(text) < 2000 else ""
