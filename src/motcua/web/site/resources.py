"""The resource tree that addresses walk, and the sections that features hang on it.

``/procedures/vn.minerals.x/apply`` is: root → section ``procedures`` → the procedure → its view ``apply``.
A resource finds its child or raises ``KeyError`` (404). The route `SITE` only matches addresses whose first
part is a registered section, so the tree never hides a route of an integrator or of the API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyramid.authorization import DENY_ALL
from pyramid.location import lineage

from motcua.errors import InputError, Problem

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

#: The name of the one route below which all pages lie.
SITE = "motcua"
#: Where a request keeps which section it went to.
SECTION = "motcua.section"


class Resource:
    """A place in the tree; ``kind`` names its row in the table of permissions."""

    kind = "site"

    def __init__(self, request: Request, parent: Resource | None, name: str) -> None:
        self.request = request
        self.__parent__ = parent
        self.__name__ = name

    @property
    def __acl__(self) -> list[tuple[str, str, Any]]:
        # closed: what the row does not allow is not inherited from the resources above
        return [*self.request.registry.motcua_acls[self.kind], DENY_ALL]

    @property
    def owner_id(self) -> str | None:
        """The account that owns this thing, or None."""
        return None

    def is_held_by_visitor(self) -> bool:
        """Whether this visitor may act as owner without an account, e.g. holds a draft's one-time link."""
        return False


class Root(Resource):
    """The home page; its children are the sections."""

    def __getitem__(self, name: str) -> Resource:
        section: Resource = self.request.registry.motcua_sections[name](self.request, self, name)
        # the access log tells the section, never the rest of the address
        self.request.environ[SECTION] = name
        return section


def root_factory(request: Request) -> Root:
    """The root of the tree for this request."""
    return Root(request, None, "")


def page_url(request: Request, resource: Resource, *elements: str, query: Any = None, anchor: str = "") -> str:
    """The address of ``resource`` (or of its view ``elements``), relative to the host."""
    names = [place.__name__ for place in lineage(resource)][::-1][1:]
    options = {"_query": query, **({"_anchor": anchor} if anchor else {})}
    return str(request.route_path(SITE, traverse=(*names, *elements), **options))


def add_section(config: Configurator, name: str, factory: Callable[..., Resource]) -> None:
    """Hang ``factory(request, root, name)`` at ``/name``; a second section of that name is a conflict."""
    if "/" in name:
        raise InputError(Problem("WEB_006", {"name": name}))

    def register() -> None:
        config.registry.motcua_sections[name] = factory

    shown = config.introspectable("sections", name, f"/{name}", "section")
    config.action(("motcua section", name), register, introspectables=(shown,))


class SectionPredicate:
    """Route predicate: the first part of the path is a section of the site, or the path is the root."""

    def __init__(self, value: bool, config: Configurator) -> None:
        self.registry = config.registry

    def text(self) -> str:
        """What `pyramid.config` shows of the predicate."""
        return "a section of the site"

    phash = text

    def __call__(self, info: dict[str, Any], request: Request) -> bool:
        """Whether the address begins with a section, or is the root."""
        parts = info["match"].get("traverse", ())
        return not parts or parts[0] in self.registry.motcua_sections


def includeme(config: Configurator) -> None:
    """Register the tree, its route and the directive ``add_section``."""
    config.registry.motcua_sections = {}
    config.add_directive("add_section", add_section)
    config.add_request_method(page_url, "page_url")
    config.add_route_predicate("motcua_section", SectionPredicate)
    config.add_route(SITE, "/*traverse", factory=root_factory, motcua_section=True)
