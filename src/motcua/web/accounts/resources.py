"""``/login``, ``/register``, ``/account``."""

from __future__ import annotations

import re

from motcua.web.site.resources import Resource

# browsers read // and /\ as the beginning of another host; a header takes only visible ASCII
_LOCAL = re.compile(r"/(?!/)[!-\[\]-~]{0,1998}")


class Login(Resource):
    """Where one signs in."""


class Register(Resource):
    """Where one opens an account."""


class AccountPlace(Resource):
    """The visitor's own account."""

    kind = "account"


def local_path(text: str) -> str:
    """``text`` when it is a path on this site, else "". As in any address, all but visible ASCII is %-encoded."""
    return text if _LOCAL.fullmatch(text) else ""
