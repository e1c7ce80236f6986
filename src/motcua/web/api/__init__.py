"""The HTTP API below ``/api``: the catalogue, checks, submissions, dossiers; described by ``/api/openapi.json``.

In flow JSON and XForms instances; out flow assessments, receipts, problem documents (RFC 9457). Requests and
replies are held against the OpenAPI document. Works alone too: ``config.include("motcua.web.api")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the routes, the OpenAPI document and the views."""
    from motcua.web.api import resources

    config.include("motcua.web.site")
    config.include("motcua.web.api.document")
    config.include("motcua.web.api.credentials")
    procedure, dossier = resources.ApiProcedure.of, resources.ApiDossier.of
    config.add_route("api.procedures", "/api/procedures")
    config.add_route("api.procedure", "/api/procedures/{id}", factory=procedure)
    config.add_route("api.form", "/api/procedures/{id}/form", factory=procedure)
    config.add_route("api.check", "/api/procedures/{id}/check", factory=procedure)
    config.add_route("api.submissions", "/api/procedures/{id}/submissions", factory=procedure)
    config.add_route("api.dossier", "/api/dossiers/{code}", factory=dossier)
    config.scan(__name__)
