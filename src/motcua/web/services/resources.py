"""``/services``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.procedures import Services
from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request


class ServicesPage(Resource):
    """The services as reported."""

    kind = "services"

    def __init__(self, request: Request, parent: Resource, name: str) -> None:
        super().__init__(request, parent, name)
        self.services: Services = request.catalogue.services
