"""``/procedures`` and ``/procedures/<id>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.site.resources import Resource, root_factory

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure


class Procedures(Resource):
    """All procedures in service, by id."""

    def __getitem__(self, name: str) -> ProcedureResource:
        return ProcedureResource(self.request, self, name, self.request.catalogue[name])


class ProcedureResource(Resource):
    """One procedure: its rules and its form are in ``checked``."""

    kind = "procedure"

    def __init__(self, request: Request, parent: Resource, name: str, checked: CheckedProcedure) -> None:
        super().__init__(request, parent, name)
        self.checked = checked


def procedure_resource(request: Request, procedure_id: str) -> ProcedureResource:
    """The resource of a procedure, e.g. for links; ``KeyError`` where it is not in service."""
    return Procedures(request, root_factory(request), "procedures")[procedure_id]
