"""Accounts of applicants and officers: names, roles, passwords (argon2id)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from persistent import Persistent

from motcua.errors import InputError, Problem
from motcua.law import VIETNAM

if TYPE_CHECKING:
    from motcua.dossiers.archive import Records

#: What an account may be. ``officer`` tries rules on the bench and works dossiers, ``signer`` signs rulings.
ROLES = ("applicant", "officer", "signer", "admin")
#: Characters; the upper bound keeps hashing bounded.
PASSWORD_LENGTH = (10, 256)
_NAME = re.compile(r"[\w][\w.@+-]{1,62}[\w]")
#: Above letters and below: ` ´ ^ ~ ˘ ̉ ¨ ˚ ˇ horn, dot below, cedilla. A dot above is missing: i̇ looks like i.
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0308\u0309\u030a\u030c\u031b\u0323\u0327")
#: No way to write a letter takes more code points than this: NFD of ệ has three.
_CODE_POINTS = 4
#: Code points of a name as typed: the 64 letters that `check_name` allows.
LONGEST_TYPED_NAME = 64 * _CODE_POINTS
#: RFC 9106, second recommended option: 64 MiB.
DEFAULT_HASHER = PasswordHasher()


class AccountRefused(InputError):
    """The name, role or password of a new account cannot be (DOS_005, DOS_006, DOS_008, DOS_009)."""


class Account(Persistent):
    """Someone who can sign in. ``id`` is the name without case, and what dossiers and journals refer to.

    ``sign_outs`` counts how often sessions of the account were ended: those begun before are void.
    """

    id: str
    name: str
    title: str
    roles: tuple[str, ...]
    password_hash: str
    created_at: datetime
    sign_outs: int = 0  # accounts kept before there was a count have none

    def __init__(
        self, name: str, title: str, roles: tuple[str, ...], password_hash: str, created_at: datetime
    ) -> None:
        self.id = account_id(name)
        self.name = name
        self.title = title
        self.roles = roles
        self.password_hash = password_hash
        self.created_at = created_at


def account_id(name: str) -> str:
    """The same id for all ways to write a name: NFC, no case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def check_name(name: str) -> str:
    """The name in NFC; AccountRefused DOS_005 unless 3 to 64 Latin letters, digits or ``. @ + - _``.

    Only the letters of the keyboard and marks on them, so that no name looks like another: not ɑ, ɡ or ı.
    """
    name = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(name) or not all(map(_is_plain_letter, name)):
        raise AccountRefused(Problem("DOS_005", {"name": name[:40]}))
    return name


def _is_plain_letter(char: str) -> bool:
    apart = unicodedata.normalize("NFD", char)
    return char in "đĐ" or (apart[0].isascii() and _MARKS.issuperset(apart[1:]))


def check_password(password: str, name: str = "") -> str:
    """The password in NFKC, as hashed; AccountRefused DOS_006 if too short, too long, no text, or the name itself."""
    password = _normal(password)
    shortest, longest = PASSWORD_LENGTH
    is_fit = shortest <= len(password) <= longest and _is_text(password)
    if not is_fit or account_id(password) == account_id(name):
        raise AccountRefused(Problem("DOS_006", {"shortest": shortest, "longest": longest}))
    return password


def _normal(password: str) -> str:
    # keyboards write the same letter in two ways: NIST SP 800-63B asks for one of them
    return unicodedata.normalize("NFKC", password)


def _is_text(password: str) -> bool:
    # JSON can hold half a surrogate pair, which no encoding writes
    return not any("\ud800" <= char <= "\udfff" for char in password)


def add_account(records: Records, name: str, password: str, roles: Iterable[str] = ("applicant",), *,
                now: datetime, title: str = "", hasher: PasswordHasher = DEFAULT_HASHER) -> Account:
    """A new account; AccountRefused with every problem found, or DOS_009 if the name is taken.

    ``title`` is the name in full as pages show it, e.g. a person's or an organisation's.
    """
    roles = tuple(sorted(set(roles)))
    problems: list[Problem] = [Problem("DOS_008", {"role": role, "known": ", ".join(ROLES)})
                               for role in roles if role not in ROLES]
    for check, arguments in ((check_name, (name,)), (check_password, (password, name))):
        try:
            check(*arguments)
        except AccountRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise AccountRefused(problems)
    account = Account(check_name(name), unicodedata.normalize("NFC", title), roles,
                      hasher.hash(_normal(password)), now.astimezone(VIETNAM))
    if not records.accounts.insert(account.id, account):
        raise AccountRefused(Problem("DOS_009", {"name": account.name}))
    return account


def set_password(account: Account, password: str, *, hasher: PasswordHasher = DEFAULT_HASHER) -> None:
    """A new password; AccountRefused DOS_006."""
    account.password_hash = hasher.hash(check_password(password, account.name))


def authenticate(records: Records, name: str, password: str, *,
                 hasher: PasswordHasher = DEFAULT_HASHER) -> Account | None:
    """The account whose name and password these are, or None.

    An unknown name costs as much time as a wrong password. A hash made with older parameters is made
    again on the way, so the transaction may have something to commit.
    """
    account = records.accounts.get(account_id(name)) if len(name) <= LONGEST_TYPED_NAME else None
    password = _normal(password[:_CODE_POINTS * PASSWORD_LENGTH[1]])
    if not _is_text(password):
        return None
    stored = account.password_hash if account is not None else _nobodys_hash(hasher)
    try:
        hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return None
    if account is not None and hasher.check_needs_rehash(stored):
        account.password_hash = hasher.hash(password)
    return account


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
