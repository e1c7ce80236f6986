"""The HTTP API below ``/api``: the catalogue, checks, submissions, dossiers; described by ``/api/openapi.json``.

In flow JSON and XForms instances; out flow assessments, receipts, problem documents (RFC 9457). Requests and
replies are held against the OpenAPI document. Works alone too: ``config.include("motcua.web.api")``, below a
``route_prefix`` if you like, and beside an OpenAPI document of your own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the routes, the OpenAPI document and the views."""
    from motcua.web.api import resources

    config.include("motcua.web.site")
    for part in ("replies", "document", "credentials", "refusals"):
        config.include(f"{__name__}.{part}")
    procedure, dossier = resources.ApiProcedure.of, resources.ApiDossier.of
    config.add_route("motcua.api.procedures", "/api/procedures", factory=resources.ApiCatalogue.of)
    config.add_route("motcua.api.procedure", "/api/procedures/{id}", factory=procedure)
    config.add_route("motcua.api.form", "/api/procedures/{id}/form", factory=procedure)
    config.add_route("motcua.api.check", "/api/procedures/{id}/check", factory=procedure)
    config.add_route("motcua.api.submissions", "/api/procedures/{id}/submissions", factory=procedure)
    config.add_route("motcua.api.dossier", "/api/dossiers/{code}", factory=dossier)
    config.scan(__name__)
