"""The entries of the header: features add theirs, each is shown to those who may follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.web.site.resources import root_factory

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request


@dataclass(frozen=True, slots=True)
class Entry:
    """``path`` is the section's name below the root; ``shown`` says to whom: all, visitors, accounts, some roles."""

    label: Any
    path: str
    order: int
    place: str
    shown: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry on one page: ``current`` when the page lies in it."""

    label: Any
    url: str
    current: bool


def add_navigation(config: Configurator, label: Any, path: str, *, order: int = 50, place: str = "main",
                   shown: str = "all") -> None:
    """Add the header entry ``label`` → ``/path``.

    ``place`` is ``main`` or ``account``; ``shown`` is ``all``, ``visitor``, ``account``, or roles such as
    ``officer`` or ``officer signer``.
    """
    entry = Entry(label, path, order, place, shown)

    def register() -> None:
        config.registry.motcua_navigation.append(entry)

    config.action(("motcua navigation", path), register)


def navigation(request: Request, place: str = "main") -> list[ShownEntry]:
    """The entries of ``place`` that this visitor sees, in order."""
    here = request.path_info.strip("/").partition("/")[0]
    entries = sorted(request.registry.motcua_navigation, key=lambda entry: entry.order)
    return [ShownEntry(entry.label, url_to(request, entry.path), entry.path == here)
            for entry in entries if entry.place == place and _is_shown(entry, request)]


def _is_shown(entry: Entry, request: Request) -> bool:
    account = request.visitor
    if entry.shown == "all":
        return True
    if entry.shown == "visitor":
        return account is None
    return account is not None and not {"account", *account.roles}.isdisjoint(entry.shown.split())


def url_to(request: Request, *elements: str) -> str:
    """The address of a section, or of something in it: ``url_to("account", "password")``."""
    return str(request.page_url(root_factory(request), *elements))


def home_url(request: Request) -> str:
    """The address of the home page."""
    return url_to(request)


def sign_in_url(request: Request, back_to: str = "") -> str:
    """The address of the sign-in page that afterwards returns to ``back_to``; "" on a site without accounts."""
    if "login" not in request.registry.motcua_sections:
        return ""
    query = {"next": back_to} if back_to else None
    return str(request.page_url(root_factory(request), "login", query=query))


def includeme(config: Configurator) -> None:
    """Register the directive and the request's methods."""
    config.registry.motcua_navigation = []
    config.add_directive("add_navigation", add_navigation)
    config.add_request_method(navigation)
    config.add_request_method(url_to)
    config.add_request_method(home_url)
    config.add_request_method(sign_in_url)
