"""What the addresses of the API name; permissions as on the pages (`motcua.web.site.security`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.httpexceptions import HTTPNotFound

from motcua.web.api.credentials import identify
from motcua.web.site.languages import _
from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure
    from motcua.dossiers import Dossier


class ApiCatalogue(Resource):
    """All procedures."""

    @classmethod
    def of(cls, request: Request) -> ApiCatalogue:
        """The catalogue, for whoever asks with right credentials or none."""
        identify(request)
        return cls(request, None, "procedures")


class ApiProcedure(Resource):
    """A procedure of the catalogue."""

    kind = "procedure"
    checked: CheckedProcedure

    @classmethod
    def of(cls, request: Request) -> ApiProcedure:
        """The procedure the address names, or 404."""
        identify(request)
        checked = request.catalogue.get(request.matchdict["id"])
        if checked is None:
            raise HTTPNotFound(explanation=_("There is no procedure with this id. GET /api/procedures lists all."))
        place = cls(request, None, checked.id)
        place.checked = checked
        return place


class ApiDossier(Resource):
    """A dossier; one that does not exist and one that is not yours look the same to strangers."""

    kind = "dossier"
    dossier: Dossier

    @classmethod
    def of(cls, request: Request) -> ApiDossier:
        """The dossier the address names, or 404."""
        identify(request)
        dossier = request.records.dossiers.get(request.matchdict["code"])
        if dossier is None and request.visitor is not None:
            raise HTTPNotFound(explanation=_("There is no dossier with this code."))
        place = cls(request, None, request.matchdict["code"])
        if dossier is not None:
            place.dossier = dossier
        return place

    @property
    def owner_id(self) -> str | None:
        """The account that filed it."""
        dossier = getattr(self, "dossier", None)
        return None if dossier is None else dossier.applicant
