"""``/login``, ``/register``, ``/account``."""

from __future__ import annotations

from urllib.parse import urlsplit

from motcua.web.site.resources import Resource


class Login(Resource):
    """Where one signs in."""


class Register(Resource):
    """Where one opens an account."""


class AccountPlace(Resource):
    """The visitor's own account."""

    kind = "account"


def local_path(text: str) -> str:
    """``text`` when it is a path on this site, else ""."""
    parts = urlsplit(text)
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return text if is_local and "\\" not in text and len(text) < 2000 else ""
