"""Opening an account, and changing its password."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther, HTTPTooManyRequests

from motcua.dossiers import AccountRefused, Throttle, add_account, authenticate, set_password
from motcua.web.accounts.resources import AccountPlace, Register
from motcua.web.accounts.signing_in import is_slowed, note_failure, sign_in
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

_REGISTER, _ACCOUNT = "templates/register.jinja2", "templates/account.jinja2"
#: Problem code → the field it is about.
_FIELDS = {"DOS_005": "name", "DOS_006": "password", "DOS_009": "name"}


@page(context=Register, request_method="GET", renderer=_REGISTER)
def register_page(context: Register, request: Request) -> dict[str, Any]:
    """The empty form."""
    return _registration(request, {}, [])


@page(context=Register, request_method="POST", renderer=_REGISTER)
def register(context: Register, request: Request) -> Any:
    """Open an applicant's account and sign in."""
    typed = {name: _text(request, name) for name in ("name", "title", "password", "again")}
    errors = []
    if not typed["title"].strip():
        errors.append(ErrorLink(request.translate(_("Enter your full name or that of your organisation.")), "title"))
    if typed["password"] != typed["again"]:
        errors.append(ErrorLink(request.translate(_("The two passwords differ. Enter the same twice.")), "again"))
    if errors:
        return _refused(request, _registration(request, typed, errors))
    opened: Throttle = request.registry.motcua_opened
    address, moment = request.remote_addr or "", time.monotonic()
    if address and opened.wait(address, moment):
        raise HTTPTooManyRequests(explanation=_("Too many attempts. Wait five minutes and try again."))
    opened.failed(address, moment)
    try:
        account = add_account(request.records, typed["name"].strip(), typed["password"],
                              title=typed["title"].strip()[:200], now=request.now)
    except AccountRefused as refused:
        errors = [ErrorLink(problem.message(request.lang), _FIELDS.get(problem.code, "name"))
                  for problem in refused.problems]
        return _refused(request, _registration(request, typed, errors))
    sign_in(request, account)
    return HTTPSeeOther(request.home_url())


@page(context=AccountPlace, request_method="GET", renderer=_ACCOUNT)
def account_page(context: AccountPlace, request: Request) -> dict[str, Any]:
    """Who one is here, the password form and the sign-out button."""
    return _account(request, [], done=request.session.pop_flash("password"))


@page(context=AccountPlace, name="password", request_method="GET")
def back_to_account(context: AccountPlace, request: Request) -> HTTPSeeOther:
    """The address of a refused change, opened again: to the account."""
    return HTTPSeeOther(request.page_url(context))


@page(context=AccountPlace, name="password", request_method="POST", renderer=_ACCOUNT, permission="edit")
def change_password(context: AccountPlace, request: Request) -> Any:
    """Change the password; other sessions of the account end with it."""
    account = request.visitor
    current, new, again = (_text(request, name) for name in ("current", "new", "again"))
    if is_slowed(request, account.name) or authenticate(request.records, account.name, current) is None:
        note_failure(request, account.name)
        return _refused(request, _account(request, [
            ErrorLink(request.translate(_("The present password is wrong.")), "current")]))
    if new != again:
        return _refused(request, _account(request, [
            ErrorLink(request.translate(_("The two passwords differ. Enter the same twice.")), "again")]))
    try:
        set_password(account, new)
    except AccountRefused as refused:
        return _refused(request, _account(request, [
            ErrorLink(problem.message(request.lang), "new") for problem in refused.problems]))
    sign_in(request, account)
    request.session.flash("done", "password")
    return HTTPSeeOther(request.page_url(context))


def _text(request: Request, name: str) -> str:
    value = request.POST.get(name, "")
    return value if isinstance(value, str) else ""


def _refused(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    request.response.status_int = 422
    return values


def _registration(request: Request, typed: dict[str, str], errors: list[ErrorLink]) -> dict[str, Any]:
    return {"title": request.translate(_("Open an account")), "typed": typed, "errors": errors,
            "error": {error.target: error.text for error in reversed(errors)}}


def _account(request: Request, errors: list[ErrorLink], done: Any = ()) -> dict[str, Any]:
    return {"title": request.translate(_("Your account")), "account": request.visitor, "errors": errors,
            "error": {error.target: error.text for error in reversed(errors)}, "done": bool(done)}
