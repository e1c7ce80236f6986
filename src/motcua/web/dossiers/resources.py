"""``/dossiers`` and ``/dossiers/<code>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.dossiers import Dossier


class Dossiers(Resource):
    """All dossiers, by code; the list shows those one may see."""

    kind = "dossiers"

    def __getitem__(self, name: str) -> DossierPlace:
        dossier = self.request.records.dossiers.get(name)
        if dossier is None:
            raise KeyError(name)
        return DossierPlace(self.request, self, name, dossier)


class DossierPlace(Resource):
    """One dossier; its applicant owns it, or the session in which it was sent."""

    kind = "dossier"

    def __init__(self, request: Request, parent: Resource, name: str, dossier: Dossier) -> None:
        super().__init__(request, parent, name)
        self.dossier = dossier

    @property
    def owner_id(self) -> str | None:
        """The applicant's account."""
        return self.dossier.applicant

    def is_held_by_visitor(self) -> bool:
        """Whether this session sent it, where it was sent without an account."""
        return self.dossier.applicant is None and self.dossier.code in self.request.session.get("dossiers", [])
