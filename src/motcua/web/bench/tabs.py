"""The tabs of a procedure on the bench: the questions one may ask of its rules.

A tab leads to a view of the procedure, or to a place below it, of that name; where neither is registered the tab is
not shown, so that a feature is removed by deleting its module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyramid.location import lineage

from motcua.dossiers import LawDraft
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.case import OTHER_NAMES
from motcua.web.site.languages import _
from motcua.web.site.resources import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyramid.config import Configurator
    from pyramid.request import Request


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: the name of its view, its title, the views that lie behind it too, and the permission to open it.

    ``of`` is "law" or "draft" for a tab of these alone.
    """

    view: str
    title: Any
    behind: tuple[str, ...] = ()
    of: str = ""
    permission: str = "test"


#: In the order shown. The first holds one case: its views keep the case in their address.
TABS: tuple[Tab, ...] = (
    Tab("", _("One case"), ("keep", "picture", "change")),
    Tab("cases", _("Cases"), ("scenarios", "runs")),
    Tab("checks", _("Checks")),
    Tab("coverage", _("Coverage")),
    Tab("compare", _("Compare laws")),
    Tab("drafts", _("Draft law"), of="law"),
    Tab("edit", _("Text of the draft"), of="draft"),
    Tab("against", _("Against the law in force"), of="draft"),
    Tab("impact", _("Impact")),
    Tab("sign-off", _("Sign-off"), permission="read"),
)


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab on one page."""

    title: Any
    url: str
    is_current: bool


def bench_tabs(request: Request) -> list[ShownTab]:
    """The tabs of the procedure this page belongs to; none elsewhere."""
    places = list(lineage(request.context))
    place = next((each for each in places if isinstance(each, BenchProcedure)), None)
    if place is None:
        return []
    below = places[places.index(place) - 1].__name__ if places[0] is not place else request.view_name
    return list(_shown(request, place, below))


def _shown(request: Request, place: BenchProcedure, below: str) -> Iterator[ShownTab]:
    registered = _registered(request, place)
    other = "law" if place.draft else "draft"
    for tab in TABS:
        if tab.view in registered and tab.of != other and request.has_permission(tab.permission, place):
            is_current = below == tab.view or below in tab.behind
            # the first tab leads back to the case that the page is about, without what else the page was asked
            known = (*OTHER_NAMES, *place.checked.procedure.facts)
            query = [(name, value) for name, value in request.GET.items() if name in known] \
                if is_current and not tab.view else None
            url = request.page_url(place, *filter(None, [tab.view]), query=query)
            yield ShownTab(tab.title, url, is_current)


def _registered(request: Request, place: BenchProcedure) -> frozenset[str]:
    """The names of the views and places of a procedure, or a draft, on the bench."""
    kept: dict[type, frozenset[str]] = request.registry.__dict__.setdefault("motcua_bench_views", {})
    kind = type(place)
    if kind not in kept:
        views = (each["introspectable"] for each in request.registry.introspector.get_category("views") or ())
        names = {view["name"] for view in views if view["route_name"] == SITE
                 and isinstance(view["context"], type) and issubclass(kind, view["context"])}
        kept[kind] = frozenset({*names, *request.registry.motcua_bench_places})
    return kept[kind]


def bench_draft(request: Request) -> LawDraft | None:
    """The draft whose page this is; None for the rules in force."""
    drafts = (getattr(place, "draft", None) for place in lineage(request.context))
    return next((draft for draft in drafts if isinstance(draft, LawDraft)), None)


def includeme(config: Configurator) -> None:
    """Give every page ``request.bench_tabs()`` and ``request.bench_draft()``."""
    config.add_request_method(bench_tabs)
    config.add_request_method(bench_draft)
