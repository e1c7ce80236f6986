"""``/drafts/<id>``, its pages and rows, and ``/resume``.

A draft is found only by who may open it: its account, or a visitor whose session holds its token. For all
others it does not exist (404), whatever the reason. For a day after it was sent, it leads to its receipt.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyramid.httpexceptions import HTTPNotFound

from motcua.dossiers import Draft, DraftSent, DraftUnknown, find_draft
from motcua.forms import pages
from motcua.web.site.languages import _
from motcua.web.site.resources import Resource, root_factory

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure
    from motcua.forms import Form

#: Drafts a visitor's session can hold tokens of; the oldest gives way (a cookie is small).
MOST_HELD = 8
_SESSION_KEY = "drafts"


class Drafts(Resource):
    """The drafts of this visitor."""

    kind = "site"

    def __getitem__(self, name: str) -> DraftPlace | SentDraft:
        account = self.request.visitor
        try:
            draft = find_draft(self.request.records, name, now=self.request.now,
                               account=account.id if account else None, token=held_token(self.request, name))
        except DraftSent as sent:
            return SentDraft(self.request, self, name, sent.code)
        return DraftPlace(self.request, self, name, draft)


class SentDraft(Resource):
    """A draft that was sent as the dossier ``code``, or any place it had."""

    kind = "site"

    def __init__(self, request: Request, parent: Resource, name: str, code: str) -> None:
        super().__init__(request, parent, name)
        self.code = code

    def __getitem__(self, name: str) -> SentDraft:
        return SentDraft(self.request, self, name, self.code)


class DraftPlace(Resource):
    """One draft. ``checked`` is the procedure it is for, ``form`` the form it is filled in on."""

    kind = "draft"

    def __init__(self, request: Request, parent: Resource, name: str, draft: Draft) -> None:
        super().__init__(request, parent, name)
        self.draft = draft

    @property
    def owner_id(self) -> str | None:
        """The account it belongs to."""
        return self.draft.owner

    def is_held_by_visitor(self) -> bool:
        """Whether the visitor's session holds its token."""
        return self.draft.opens_for(token=held_token(self.request, self.draft.id))

    @cached_property
    def checked(self) -> CheckedProcedure:
        """The procedure; 404 where it is no longer in service."""
        found: CheckedProcedure | None = self.request.catalogue.get(self.draft.procedure)
        if found is None:
            raise HTTPNotFound(explanation=_("This procedure is no longer in service."))
        return found

    @cached_property
    def form(self) -> Form:
        """The form; 404 where the procedure has none any more."""
        form = self.checked.form
        if form is None:
            raise HTTPNotFound(explanation=_("This procedure has no form here yet."))
        return form

    def __getitem__(self, name: str) -> PagePlace:
        page = next((page for page in pages.plan(self.form) if page.id == name), None)
        if page is None:
            raise KeyError(name)
        return PagePlace(self.request, self, name, page)


class PagePlace(Resource):
    """One page of a draft; with ``row``, the page of that row of its repeat."""

    kind = "draft"
    __parent__: DraftPlace

    def __init__(self, request: Request, parent: Resource, name: str, page: pages.Page,
                 row: int | None = None) -> None:
        super().__init__(request, parent, name)
        self.page = page
        self.row = row

    @property
    def place(self) -> DraftPlace:
        """The draft it is of."""
        at: Resource | None = self.__parent__
        while not isinstance(at, DraftPlace):
            assert at is not None
            at = at.__parent__
        return at

    @property
    def owner_id(self) -> str | None:
        """The account the draft belongs to."""
        return self.place.owner_id

    def is_held_by_visitor(self) -> bool:
        """Whether the visitor's session holds the draft's token."""
        return self.place.is_held_by_visitor()

    def __getitem__(self, name: str) -> PagePlace:
        if self.page.repeat is None or self.row is not None or not (name.isascii() and name.isdigit()):
            raise KeyError(name)
        return PagePlace(self.request, self, name, self.page, int(name))


class Resume(Resource):
    """``/resume/<draft>/<token>``: a one-time link."""

    def __getitem__(self, name: str) -> ResumeLink:
        return ResumeLink(self.request, self, name)


class ResumeLink(Resource):
    """First the draft's id, then its token; whether they fit is found out when the link is used."""

    def __init__(self, request: Request, parent: Resource, name: str, token: str | None = None) -> None:
        super().__init__(request, parent, name)
        self.token = token

    def __getitem__(self, name: str) -> ResumeLink:
        if self.token is not None:
            raise KeyError(name)
        return ResumeLink(self.request, self, name, name)

    @property
    def draft(self) -> Draft:
        """The draft; 404 where the link does not fit, was used, or has expired."""
        parent = self.__parent__
        assert parent is not None
        try:
            return find_draft(self.request.records, parent.__name__, now=self.request.now, token=self.token)
        except DraftUnknown:
            raise HTTPNotFound(explanation=_("This link has been used or has expired.")) from None


def held_token(request: Request, draft_id: str) -> str | None:
    """The token of a draft that this visitor's session holds."""
    token = request.session.get(_SESSION_KEY, {}).get(draft_id)
    return token if isinstance(token, str) else None


def hold(request: Request, draft: Draft) -> str:
    """Give the draft a fresh token and keep it in the visitor's session; an older one opens it no more."""
    token = draft.new_token()
    held = {name: kept for name, kept in request.session.get(_SESSION_KEY, {}).items() if name != draft.id}
    while len(held) >= MOST_HELD:
        held.pop(next(iter(held)))
    request.session[_SESSION_KEY] = {**held, draft.id: token}
    return token


def release(request: Request, draft: Draft) -> None:
    """Forget the token of a draft in the visitor's session."""
    held = request.session.get(_SESSION_KEY, {})
    if draft.id in held:
        request.session[_SESSION_KEY] = {name: kept for name, kept in held.items() if name != draft.id}


def draft_place(request: Request, draft: Draft) -> DraftPlace:
    """The resource of a draft, for its addresses."""
    return DraftPlace(request, Drafts(request, root_factory(request), "drafts"), draft.id, draft)
