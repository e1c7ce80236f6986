"""Reading a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.view import view_config

from motcua.web.api.replies import RENDERER, reply_with

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid.response import Response

    from motcua.dossiers import Dossier
    from motcua.web.api.resources import ApiDossier


@view_config(
    route_name="motcua.api.dossier", request_method="GET", renderer=RENDERER, permission="view", openapi=True
)
def dossier(context: ApiDossier, request: Request) -> Response:
    """A dossier, for its owner or an officer."""
    return reply_with(request, describe(context.dossier), context.dossier.assessment_json)


def describe(found: Dossier) -> dict[str, Any]:
    """A dossier as JSON, all but its assessment: what was received, and the journal."""
    return {
        "code": found.code,
        "procedure": found.procedure,
        "state": found.state,
        "received_at": found.received_at.isoformat(),
        "submissions": [
            {
                "form": sent.form.id,
                "version": sent.form.version,
                "instance_id": sent.instance_id,
                "received_at": sent.received_at.isoformat(),
                "sha256": sent.sha256,
                "size": sent.size,
            }
            for sent in found.submissions
        ],
        "documents": [
            {
                "document": file.document,
                "name": file.name,
                "original_name": file.original_name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in found.files
        ],
        "journal": [
            {
                "number": entry.number,
                "at": entry.at.isoformat(),
                "who": entry.who,
                "what": entry.what,
                "details": dict(entry.details),
                "seal": entry.seal,
            }
            for entry in found.journal
        ],
    }
