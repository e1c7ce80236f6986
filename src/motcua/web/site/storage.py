"""The archive in requests: one explicit transaction each, repeated on conflict; and who the visitor is.

Return a page or a redirect, and the transaction commits; raise an error, and it rolls back. A returned 422
page commits too: a page with errors has stored the draft.
"""

from __future__ import annotations

import datetime
import hashlib
import random
import time
from typing import TYPE_CHECKING

import pyramid_tm
from pyramid_retry import IBeforeRetry

from motcua.dossiers import VIETNAM, Account
from motcua.web.site.protection import attempts
from motcua.web.site.security import session_claims

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request
    from pyramid.response import Response

#: How often a request is done that meets others on the same records: of eight who meet, the last loses seven times.
ATTEMPTS = 12
#: Before a request is done again it waits up to so many seconds, twice as long each time, and never longer than this.
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5


def rolls_back(request: Request, response: Response) -> bool:
    """The commit veto: whether an error was raised on the way to this answer."""
    return getattr(request, "exception", None) is not None and response.status_int >= 400


def stamp_of(account: Account) -> str:
    """What a session must carry to be this account's: it changes with the password and with each signing out."""
    return hashlib.sha256(f"{account.password_hash} {account.sign_outs}".encode()).hexdigest()[:24]


def visitor(request: Request) -> Account | None:
    """The signed-in account, if the session names one and neither signing out nor a new password has ended it."""
    claims = session_claims(request)
    if claims is None:
        return None
    account: Account | None = request.records.accounts.get(claims[0])
    return account if account is not None and stamp_of(account) == claims[1] else None


def now(request: Request) -> datetime.datetime:
    """The one instant of this request, in Vietnamese time; everything dated in it gets this."""
    return datetime.datetime.now(VIETNAM)


def let_others_end(event: IBeforeRetry) -> None:
    """Wait a little before a request is done again: of those who met, each for another time."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** event.environ["retry.attempt"])
    time.sleep(random.uniform(0, longest))  # noqa: S311 (not a secret)


def database_answers(request: Request) -> bool:
    """Whether the record can be read and the lists can be asked."""
    request.archive.read_model.refresh(max_age=60)
    return "dossiers" in request.records.root


def includeme(config: Configurator) -> None:
    """Open the archive and bind it to the requests."""
    settings = config.registry.settings
    settings.setdefault("tm.manager_hook", pyramid_tm.explicit_manager)
    settings.setdefault("tm.commit_veto", rolls_back)
    # the visitor is read from the session later, where a broken cookie has an error page
    settings.setdefault("tm.annotate_user", "false")
    settings.setdefault("retry.attempts", str(ATTEMPTS))
    settings.setdefault("retry.activate_hook", attempts)
    config.include("pyramid_tm")
    config.include("pyramid_retry")
    config.include("motcua.dossiers")
    config.add_subscriber(let_others_end, IBeforeRetry)
    for method in (visitor, now):
        config.add_request_method(method, reify=True)
    config.add_request_method(database_answers)
