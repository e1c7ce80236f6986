"""Sending stored files to the browser: always as a download, never as a page of this site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import FileIter, Response

from motcua.web.apply.resources import DraftPlace
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.dossiers import DocumentFile


@page(context=DraftPlace, name="file", request_method="GET")
def draft_file(context: DraftPlace, request: Request) -> Response:
    """A file of a draft: ``/drafts/<id>/file/<name>``."""
    name = request.subpath[0] if len(request.subpath) == 1 else ""
    file = context.draft.files.get(name)
    if file is None:
        raise HTTPNotFound()
    return download(file)


def download(file: DocumentFile) -> Response:
    """The file as an attachment under the applicant's own name, sandboxed."""
    response = Response(content_type="application/octet-stream", charset=None)
    response.app_iter = FileIter(file.open())
    response.content_length = file.size
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", file.original_name)
    response.content_disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.original_name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
