"""Drafts: a form that is still being filled in, its files, and who may go on with it.

A draft belongs to an account, or to whoever has its token: 128 random bits, shown once and kept only as a
SHA-256. Each save says which revision it was made from, so that two tabs cannot overwrite each other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from BTrees.OOBTree import OOTreeSet
from persistent import Persistent
from persistent.mapping import PersistentMapping

from motcua.dossiers.dossier import DocumentFile, FormVersion
from motcua.errors import InputError, Problem
from motcua.store import Packed

if TYPE_CHECKING:
    from motcua.dossiers.archive import Archive, Records

#: How long a draft is kept after its last save, unless told otherwise.
DRAFT_LIFE = timedelta(days=30)
#: How long a draft that was sent still says as which dossier.
SENT_LIFE = timedelta(days=1)


class DraftConflict(InputError):
    """The draft was saved elsewhere since (DOS_002). ``draft`` is as it is now: show both values."""

    def __init__(self, draft: Draft, revision: int) -> None:
        super().__init__(Problem("DOS_002", {"given": revision, "current": draft.revision}))
        self.draft = draft


class DraftUnknown(InputError, KeyError):
    """No such draft for this person: it never was, has expired, was sent, or is another's (DOS_004)."""

    def __init__(self, draft_id: str) -> None:
        super().__init__(Problem("DOS_004", {"draft": draft_id[:40]}))


class DraftSent(DraftUnknown):
    """The draft was sent: ``code`` is the dossier it became."""

    def __init__(self, draft_id: str, code: str) -> None:
        super().__init__(draft_id)
        self.code = code


class Draft(Persistent):
    """A filling under way. ``revision`` grows by one with each save; ``page`` is where the applicant was.

    ``owner`` is an account's id or None; ``token_sha256`` is set where a token opens it. ``answers`` are
    texts the instance cannot hold, such as a wrong number exactly as typed. ``code`` is the dossier that one
    which was sent became.
    """

    id: str
    procedure: str
    form: FormVersion
    content: Packed
    page: str
    revision: int
    owner: str | None
    token_sha256: str | None
    created_at: datetime
    saved_at: datetime
    expires_at: datetime
    files: PersistentMapping
    answers: tuple[tuple[str, str], ...]
    code: str = ""

    def __init__(self, draft_id: str, procedure: str, form: FormVersion, xml: bytes, *, page: str,
                 owner: str | None, now: datetime, life: timedelta) -> None:
        self.id = draft_id
        self.procedure = procedure
        self.form = form
        self.content = Packed.of(xml)
        self.page = page
        self.revision = 1
        self.owner = owner
        self.token_sha256 = None
        self.created_at = self.saved_at = now
        self.expires_at = now + life
        self.files = PersistentMapping()
        self.answers = ()

    @property
    def xml(self) -> bytes:
        """The instance as last saved."""
        return self.content.read()

    def new_token(self) -> str:
        """A token that opens this draft from now on; an older one does so no more. Only its hash is kept."""
        token = secrets.token_urlsafe(16)
        self.token_sha256 = _sha256(token)
        return token

    def opens_for(self, *, account: str | None = None, token: str | None = None) -> bool:
        """Is this the owner's account, or the right token?"""
        if account is not None and self.owner == account:
            return True
        return (token is not None and self.token_sha256 is not None
                and hmac.compare_digest(_sha256(token), self.token_sha256))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def begin_draft(
    records: Records, *, procedure: str, form: FormVersion, xml: bytes, now: datetime, page: str = "",
    owner: str | None = None, draft_id: str | None = None, life: timedelta = DRAFT_LIFE,
) -> Draft:
    """A new draft, revision 1. ``draft_id`` is given where it follows from elsewhere (a split post)."""
    draft_id = draft_id or secrets.token_hex(16)
    draft = Draft(draft_id, procedure, form, xml, page=page, owner=owner, now=now, life=life)
    if not records.drafts.insert(draft.id, draft):
        raise ValueError(f"draft {draft.id} exists")
    if owner is not None:
        _list_under(records, owner, draft)
    return draft


def _list_under(records: Records, owner: str, draft: Draft) -> None:
    mine = records.drafts_of.get(owner)
    if mine is None:
        mine = records.drafts_of[owner] = OOTreeSet()
    mine.insert(draft.id)


def adopt_draft(records: Records, draft: Draft, account: str) -> None:
    """A draft begun without an account becomes this account's; its token opens it no more.

    DraftUnknown if it is another account's.
    """
    if draft.owner not in (None, account):
        raise DraftUnknown(draft.id)
    draft.owner = account
    draft.token_sha256 = None
    _list_under(records, account, draft)


def find_draft(records: Records, draft_id: str, *, now: datetime, account: str | None = None,
               token: str | None = None) -> Draft:
    """The draft, if this person may open it and it has not expired; else DraftUnknown, for any reason.

    DraftSent where it was sent within the last day: sending it again leads to the same dossier.
    """
    draft = records.drafts.get(draft_id)
    if draft is None or draft.expires_at <= now or not draft.opens_for(account=account, token=token):
        raise DraftUnknown(draft_id)
    if draft.code:
        raise DraftSent(draft_id, draft.code)
    return draft


def save_draft(draft: Draft, *, revision: int, xml: bytes, page: str, now: datetime,
               files: Mapping[str, DocumentFile | None] | None = None,
               answers: tuple[tuple[str, str], ...] = (), life: timedelta = DRAFT_LIFE) -> None:
    """Save a page made from ``revision``; DraftConflict if another save came between.

    ``files`` are put beside those there are, by the name the XML uses; None takes one away.
    """
    if revision != draft.revision:
        raise DraftConflict(draft, revision)
    draft.revision += 1
    draft.content = Packed.of(xml)
    draft.page = page
    draft.answers = answers
    draft.saved_at = now
    draft.expires_at = now + life
    for name, file in (files or {}).items():
        if file is None:
            draft.files.pop(name, None)
        else:
            draft.files[name] = file


def remove_draft(records: Records, draft: Draft) -> None:
    """Forget a draft: its owner wants it gone, or it has expired. Files that went into a dossier stay there."""
    # written, so that whoever saves a page of it at this moment meets this and looks again
    draft._p_changed = True
    del records.drafts[draft.id]
    _unlist(records, draft)


def close_draft(records: Records, draft: Draft, code: str, *, now: datetime) -> None:
    """Forget what a draft held that was sent as the dossier ``code``; see `find_draft` for the day after."""
    draft.code = code
    draft.content = Packed.of(b"")
    draft.answers = ()
    draft.files = PersistentMapping()
    draft.expires_at = now + SENT_LIFE
    _unlist(records, draft)


def _unlist(records: Records, draft: Draft) -> None:
    mine = records.drafts_of.get(draft.owner) if draft.owner is not None else None
    if mine is not None and draft.id in mine:
        mine.remove(draft.id)


def drafts_of(records: Records, account: str, *, now: datetime) -> tuple[Draft, ...]:
    """The account's unexpired drafts, last saved first."""
    mine = [records.drafts[draft_id] for draft_id in records.drafts_of.get(account) or ()]
    return tuple(sorted((draft for draft in mine if draft.expires_at > now),
                        key=lambda draft: draft.saved_at, reverse=True))


def purge_drafts(records: Records, *, now: datetime, limit: int = 500) -> int:
    """Remove up to ``limit`` expired drafts in this transaction; how many. Repeat until it is 0."""
    expired: list[Draft] = []
    for draft in _expired(records, now):
        expired.append(draft)
        if len(expired) == limit:
            break
    for draft in expired:
        remove_draft(records, draft)
    return len(expired)


def purge_expired(archive: Archive, now: datetime) -> int:
    """Remove every expired draft, a few hundred a transaction; how many."""
    total = 0
    while count := archive.run(lambda records: purge_drafts(records, now=now)):
        total += count
    return total


def _expired(records: Records, now: datetime) -> Iterator[Draft]:
    return (draft for draft in records.drafts.values() if draft.expires_at <= now)
