"""Beginning a form, leaving it, coming back to it, throwing it away."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther, HTTPTooManyRequests

from motcua.dossiers import Draft, Throttle, adopt_draft, begin_draft, drafts_of, remove_draft
from motcua.forms import Clock, new_instance, pages
from motcua.web.apply.filling import form_version
from motcua.web.apply.resources import DraftPlace, ResumeLink, draft_place, hold, release
from motcua.web.portal.procedure import crumbs
from motcua.web.portal.resources import ProcedureResource
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.forms import Form


def draft_life(request: Request) -> timedelta:
    """How long a draft is kept after its last save."""
    return timedelta(days=request.registry.settings["motcua.draft_days"])


@page(context=ProcedureResource, name="apply", request_method="GET", permission="apply",
      renderer="templates/start.jinja2")
def start_page(context: ProcedureResource, request: Request) -> dict[str, Any]:
    """What awaits, the visitor's drafts of this procedure, and the button that begins."""
    form = _form_of(context)
    account = request.visitor
    drafts = drafts_of(request.records, account.id, now=request.now) if account else ()
    title = context.checked.procedure.title.get(request.lang)
    here = request.page_url(context, "apply")
    return {
        "title": title, "errors": [], "pages": len(pages.plan(form)),
        "drafts": [(draft, request.page_url(draft_place(request, draft)))
                   for draft in drafts if draft.procedure == context.checked.id],
        "days": request.registry.settings["motcua.draft_days"], "action": here,
        "sign_in_url": request.sign_in_url(here), "is_signed_in": account is not None,
        "crumbs": crumbs(request, (title, request.page_url(context))),
    }


@page(context=ProcedureResource, name="apply", request_method="POST", permission="apply")
def start(context: ProcedureResource, request: Request) -> HTTPSeeOther:
    """Begin a draft: the account's own, or one whose token the visitor's session holds."""
    form = _form_of(context)
    _count_beginning(request)
    account = request.visitor
    instance = new_instance(form, Clock(request.now))
    draft = begin_draft(
        request.records, procedure=context.checked.id, form=form_version(form),
        xml=instance.to_xml(), now=request.now, page=pages.plan(form)[0].id,
        owner=account.id if account else None, life=draft_life(request))
    if account is None:
        hold(request, draft)
    return HTTPSeeOther(request.page_url(draft_place(request, draft), draft.page))


def _count_beginning(request: Request) -> None:
    """Raise 429 where an address begins forms faster than people do."""
    begun: Throttle = request.registry.motcua_begun
    address, moment = request.remote_addr or "", time.monotonic()
    if address and begun.wait(address, moment):
        raise HTTPTooManyRequests(explanation=_("Too many attempts. Wait five minutes and try again."))
    begun.failed(address, moment)


@page(context=DraftPlace, request_method="GET")
def go_on(context: DraftPlace, request: Request) -> HTTPSeeOther:
    """Go on where one was; a visitor who has signed in meanwhile makes the draft the account's."""
    account = request.visitor
    if account is not None and context.draft.owner is None:
        adopt_draft(request.records, context.draft, account.id)
        release(request, context.draft)
    ids = [page.id for page in pages.plan(context.form)]
    return HTTPSeeOther(request.page_url(context, context.draft.page if context.draft.page in ids else ids[0]))


@page(context=DraftPlace, name="keep", request_method="GET", renderer="templates/keep.jinja2")
def keep_page(context: DraftPlace, request: Request) -> dict[str, Any]:
    """The draft is safe: how to come back to it."""
    return _keep(context, request, "")


@page(context=DraftPlace, name="keep", request_method="POST", permission="edit",
      renderer="templates/keep.jinja2")
def make_link(context: DraftPlace, request: Request) -> dict[str, Any]:
    """Make the one-time link of a draft without an account; it is shown this once."""
    token = hold(request, context.draft)
    link = request.application_url + request.url_to("resume", context.draft.id, token)
    return _keep(context, request, link)


@page(context=DraftPlace, name="remove", request_method="POST", permission="edit")
def throw_away(context: DraftPlace, request: Request) -> HTTPSeeOther:
    """Remove the draft and its files."""
    remove_draft(request.records, context.draft)
    release(request, context.draft)
    return HTTPSeeOther(request.home_url())


@page(context=ResumeLink, request_method="GET", renderer="templates/resume.jinja2")
def resume_page(context: ResumeLink, request: Request) -> dict[str, Any]:
    """The button that uses the link: opening it is no use, so that a mail scanner cannot spend it."""
    draft = context.draft
    return {"title": request.translate(_("Go on with your form")), "errors": [], "draft": draft,
            "procedure": _title(request, draft), "action": request.page_url(context)}


@page(context=ResumeLink, request_method="POST")
def resume(context: ResumeLink, request: Request) -> HTTPSeeOther:
    """Use the link up: the draft is now held by this visitor's session, under a new token."""
    draft = context.draft
    hold(request, draft)
    return HTTPSeeOther(request.page_url(draft_place(request, draft)))


def _keep(context: DraftPlace, request: Request, link: str) -> dict[str, Any]:
    return {"title": request.translate(_("Your answers are saved")), "errors": [], "draft": context.draft,
            "link": link, "procedure": _title(request, context.draft),
            "has_account": context.draft.owner is not None, "back_url": request.page_url(context),
            "action": request.page_url(context, "keep"), "remove_url": request.page_url(context, "remove"),
            "sign_in_url": request.sign_in_url(request.page_url(context))}


def _title(request: Request, draft: Draft) -> str:
    checked = request.catalogue.get(draft.procedure)
    return checked.procedure.title.get(request.lang) if checked else draft.procedure


def _form_of(context: ProcedureResource) -> Form:
    form = context.checked.form
    if form is None:
        raise HTTPNotFound(explanation=_("This procedure has no form here yet."))
    return form
