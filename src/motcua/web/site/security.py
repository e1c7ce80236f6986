"""Who may do what: one table of permissions, and who a visitor is.

Roles are principals: ``role:officer`` comes with the account (`motcua.dossiers.ROLES`), ``role:owner`` is worked
out for the resource at hand (its account, or who holds its one-time link).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.authorization import ACLHelper, Allow, Authenticated, Everyone
from pyramid.interfaces import ISecurityPolicy
from zope.interface import implementer

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

APPLICANT, OFFICER, SIGNER, ADMIN = "role:applicant", "role:officer", "role:signer", "role:admin"
OWNER = "role:owner"

#: Resource kind → who may do what; nothing else is allowed. Features add their own kinds with ``config.add_acl``.
ACLS: dict[str, list[Any]] = {
    "site": [(Allow, Everyone, "view")],
    "procedure": [(Allow, Everyone, ("view", "check", "apply"))],
    "account": [(Allow, Authenticated, ("view", "edit"))],
    "draft": [(Allow, OWNER, ("view", "edit"))],
    # one's own: the list shows those of others only to whom "see all" is allowed
    "dossiers": [(Allow, Authenticated, "view"),
                 *((Allow, role, "see all") for role in (OFFICER, SIGNER, ADMIN))],
    "dossier": [(Allow, OWNER, "view"), (Allow, OFFICER, ("view", "examine")),
                (Allow, SIGNER, ("view", "examine", "sign")), (Allow, ADMIN, "view")],
}

#: What a visitor's session passes on to the account's: the drafts begun before signing in.
KEPT = ("drafts",)
_USER, _STAMP = "auth.user", "auth.stamp"


@implementer(ISecurityPolicy)
class SessionSecurityPolicy:
    """The account is named in the signed session, with a stamp that a change of password makes stale."""

    def __init__(self) -> None:
        self.acl = ACLHelper()

    def identity(self, request: Request) -> Any:
        """The signed-in `motcua.dossiers.Account`, or None."""
        return request.visitor

    def authenticated_userid(self, request: Request) -> str | None:
        """The signed-in account's id, or None."""
        account = request.visitor
        return None if account is None else str(account.id)

    def permits(self, request: Request, context: Any, permission: str) -> Any:
        """Whether the table lets this visitor do ``permission`` with ``context``."""
        return self.acl.permits(context, principals(request, context), permission)

    def remember(self, request: Request, userid: str, **kw: Any) -> list[tuple[str, str]]:
        """Begin a fresh session for the account, so that a session known to others is worthless."""
        kept = {name: request.session[name] for name in KEPT if name in request.session}
        request.session.invalidate()
        request.session.update(kept)
        request.session[_USER] = userid
        request.session[_STAMP] = kw["stamp"]
        return []

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """End the session."""
        request.session.invalidate()
        return []


def principals(request: Request, context: Any) -> set[str]:
    """What this visitor is with regard to ``context``."""
    found = {Everyone}
    account = request.visitor
    if account is not None:
        found |= {Authenticated, f"user:{account.id}", *(f"role:{role}" for role in account.roles)}
    owner_id = getattr(context, "owner_id", None)
    is_owned = owner_id is not None and account is not None and owner_id == account.id
    if is_owned or getattr(context, "is_held_by_visitor", bool)():
        found.add(OWNER)
    return found


def session_claims(request: Request) -> tuple[str, str] | None:
    """The account id and stamp the signed session names, or None."""
    user, stamp = request.session.get(_USER), request.session.get(_STAMP)
    return (str(user), str(stamp)) if user and stamp else None


def add_acl(config: Configurator, kind: str, acl: list[Any]) -> None:
    """Say who may do what with resources of ``kind``; a second statement about a kind is a conflict."""
    def register() -> None:
        config.registry.motcua_acls[kind] = acl

    shown = config.introspectable("permissions", kind, kind, "access list")
    config.action(("motcua acl", kind), register, introspectables=(shown,))


def includeme(config: Configurator) -> None:
    """Register the policy, the table and the directive ``add_acl``."""
    config.registry.motcua_acls = dict(ACLS)
    config.add_directive("add_acl", add_acl)
    config.set_security_policy(SessionSecurityPolicy())
