"""Signing in and out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED, forget, remember

from motcua.dossiers import Account, GuessingBrake, authenticate
from motcua.web.accounts.resources import AccountPlace, Login, local_path
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.storage import stamp_of
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

_TEMPLATE = "templates/login.jinja2"


@page(context=Login, request_method="GET", renderer=_TEMPLATE)
def login_page(context: Login, request: Request) -> dict[str, Any]:
    """The form; ``?next=`` says where to go afterwards."""
    return _page(request, local_path(request.GET.get("next", "")))


@page(context=Login, request_method="POST", renderer=_TEMPLATE)
def login(context: Login, request: Request) -> Any:
    """Sign in, unless the name or the address has failed too often lately."""
    name, password = request.POST.get("name", ""), request.POST.get("password", "")
    back_to = local_path(request.POST.get("next", ""))
    if not isinstance(name, str) or not isinstance(password, str):
        name = password = ""
    if is_slowed(request, name):
        request.response.status_int = 429
        return _page(request, back_to, name, _("Too many attempts. Wait five minutes and try again."))
    account = authenticate(request.records, name.strip(), password)
    if account is None:
        note_failure(request, name)
        request.response.status_int = 422
        return _page(request, back_to, name, _("The account name or the password is wrong. Check both."))
    request.registry.motcua_sign_in_brake.succeeded(name)
    sign_in(request, account)
    return HTTPSeeOther(back_to or request.home_url())


@page(context=AccountPlace, name="logout", request_method="POST", permission=NO_PERMISSION_REQUIRED)
def logout(context: AccountPlace, request: Request) -> Any:
    """End the session, and all others of the account: a cookie that was copied is void, too."""
    # another window, or a second click, may have ended it a moment ago
    if request.visitor is not None:
        request.visitor.sign_outs += 1
    forget(request)
    return HTTPSeeOther(request.home_url())


def sign_in(request: Request, account: Account) -> None:
    """Begin a fresh session for ``account``."""
    remember(request, account.id, stamp=stamp_of(account))


def is_slowed(request: Request, name: str) -> bool:
    """Whether this account or this address must wait."""
    brake: GuessingBrake = request.registry.motcua_sign_in_brake
    # REMOTE_ADDR, which the server vouches for; X-Forwarded-For says whatever its sender likes
    return brake.is_on(name, request.remote_addr or "", time.monotonic())


def note_failure(request: Request, name: str) -> None:
    """Count a wrong password."""
    brake: GuessingBrake = request.registry.motcua_sign_in_brake
    brake.failed(name, request.remote_addr or "", time.monotonic())


def _page(request: Request, back_to: str, name: str = "", error: Any = None) -> dict[str, Any]:
    errors = [ErrorLink(request.translate(error), "name")] if error else []
    return {"title": request.translate(_("Sign in")), "back_to": back_to, "name": name, "errors": errors,
            "may_register": "register" in request.registry.motcua_sections}
