"""``/bench`` and ``/bench/<procedure id>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure


class Bench(Resource):
    """The procedures that can be tried."""

    kind = "bench"

    def __getitem__(self, name: str) -> BenchProcedure:
        return BenchProcedure(self.request, self, name, self.request.catalogue[name])


class BenchProcedure(Resource):
    """One procedure on the bench."""

    kind = "bench"

    def __init__(self, request: Request, parent: Resource, name: str, checked: CheckedProcedure) -> None:
        super().__init__(request, parent, name)
        self.checked = checked
