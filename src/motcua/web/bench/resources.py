"""``/bench`` and ``/bench/<procedure id>``, and what parts of the bench hang below a procedure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

    from motcua.catalogue import Catalogue, CheckedProcedure
    from motcua.dossiers import LawDraft


class Bench(Resource):
    """The procedures that can be tried."""

    kind = "bench"

    def __getitem__(self, name: str) -> BenchProcedure:
        return BenchProcedure(self.request, self, name, self.request.catalogue[name])


class BenchProcedure(Resource):
    """One procedure on the bench; its children are the registered places.

    ``draft`` is the draft whose rules they are, None for the rules in force.
    """

    kind = "bench"
    draft: LawDraft | None = None

    def __init__(self, request: Request, parent: Resource, name: str, checked: CheckedProcedure) -> None:
        super().__init__(request, parent, name)
        self.checked = checked

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in which the procedure stands."""
        catalogue: Catalogue = self.request.catalogue
        return catalogue

    def __getitem__(self, name: str) -> Resource:
        place: Resource = self.request.registry.motcua_bench_places[name](self.request, self, name)
        return place


def add_bench_place(config: Configurator, name: str, factory: Callable[..., Resource]) -> None:
    """Hang ``factory(request, procedure, name)`` at ``/bench/<id>/name``; a second place of that name is a conflict."""
    def register() -> None:
        config.registry.motcua_bench_places[name] = factory

    config.action(("motcua bench place", name), register)


def includeme(config: Configurator) -> None:
    """Register the directive ``add_bench_place``."""
    config.registry.motcua_bench_places = {}
    config.add_directive("add_bench_place", add_bench_place)
