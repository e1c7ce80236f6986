"""Sending a filled-in XForm: multipart in, a receipt out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from multipart import MultipartPart
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPConflict,
    HTTPNotFound,
    HTTPRequestEntityTooLarge,
    HTTPUnprocessableEntity,
    HTTPUnsupportedMediaType,
)
from pyramid.view import view_config

from motcua.dossiers import (
    DocumentFile,
    Dossier,
    Examination,
    SubmissionConflict,
    examine,
    file_dossier,
    received_before,
)
from motcua.forms import media_type, safe_file_name
from motcua.web.api.credentials import refuse_forgery
from motcua.web.api.replies import RENDERER, reply_with
from motcua.web.site.failures import failure
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid.response import Response

    from motcua.web.api.resources import ApiProcedure

#: The part that holds the instance, named as in OpenRosa.
XML_PART = "xml_submission_file"
#: Files of one submission.
MOST_FILES = 127


@view_config(
    route_name="motcua.api.submissions",
    request_method="POST",
    renderer=RENDERER,
    permission="apply",
    require_csrf=False,
    openapi=True,
)
def submit(context: ApiProcedure, request: Request) -> Any:
    """Check and store a submission: 201 with its receipt, 202 for a repeat, 422 with every error."""
    refuse_forgery(request)
    if context.checked.form is None:
        raise HTTPNotFound(explanation=_("This procedure has no form."))
    xml, parts = read_parts(request)
    kinds = {name: kind_of(part, name) for name, part in parts.items()}
    examination = examine(context.checked, xml, request.now, kinds)
    if not examination.acceptable:
        known = received_before(request.records, examination)
        return refuse(request, examination) if known is None else answer(request, known, 202)
    account = request.visitor
    try:
        reception = file_dossier(
            request.records,
            context.checked,
            examination,
            now=request.now,
            files=list(document_files(examination, parts, kinds)),
            applicant=None if account is None else account.id,
            applicant_name="" if account is None else account.title,
            channel="api",
        )
    except SubmissionConflict as conflict:
        # the code of a stranger's dossier is nobody else's business
        raise HTTPConflict(explanation=_("This instanceID was received before with other content.")) from conflict
    if not reception.is_new:
        return answer(request, reception.dossier, 202)
    return answer(request, reception.dossier, 201, remarks(examination))


def answer(request: Request, dossier: Dossier, status: int, more: Mapping[str, Any] | None = None) -> Response:
    """What the sender keeps: the code, when, and the assessment."""
    request.response.status_int = status
    request.response.location = request.route_path("motcua.api.dossier", code=dossier.code)
    kept = {"code": dossier.code, "received_at": dossier.received_at.isoformat(), "procedure": dossier.procedure}
    return reply_with(request, {**kept, **(more or {})}, dossier.assessment_json)


def remarks(examination: Examination) -> dict[str, Any]:
    """What did not keep the submission from being received, and its sender should know."""
    return {
        "notes": [{"path": note.path, "kind": note.kind, "sent": note.sent} for note in examination.report.notes],
        "extra_documents": list(examination.extra_documents),
    }


def read_parts(request: Request) -> tuple[bytes, dict[str, MultipartPart]]:
    """The instance and the files by their names; 400 or 415 where the body is not such a form."""
    if request.content_type != "multipart/form-data":
        raise HTTPUnsupportedMediaType(explanation=_("Send multipart/form-data with a part xml_submission_file."))
    xml: list[bytes] = []
    files: dict[str, MultipartPart] = {}
    for name, part in request.POST.items():
        if name == XML_PART:
            xml.append(part.raw if isinstance(part, MultipartPart) else part.encode())
        elif isinstance(part, MultipartPart):
            file_name = part.filename or ""
            if not safe_file_name(file_name) or file_name in files:
                raise HTTPBadRequest(explanation=_("A file has a name that cannot be used, or two have the same."))
            if part.size > request.registry.settings["motcua.max_file"]:
                raise HTTPRequestEntityTooLarge(explanation=_("A file is larger than this site accepts."))
            files[file_name] = part
    if len(files) > MOST_FILES:
        raise HTTPRequestEntityTooLarge(explanation=_("More files than this site accepts."))
    if len(xml) != 1:
        raise HTTPBadRequest(explanation=_("Send exactly one part xml_submission_file."))
    return xml[0], files


def kind_of(part: MultipartPart, name: str) -> str:
    """The media type of a file by its content."""
    part.file.seek(0)
    head = part.file.read(512)
    part.file.seek(0)
    return media_type(head, name)


def document_files(
    examination: Examination, parts: dict[str, MultipartPart], kinds: dict[str, str]
) -> Iterator[DocumentFile]:
    """The files that the instance names, each with the document it is for."""
    documents = {} if examination.extraction is None else examination.extraction.documents
    purposes = {name: document for document, names in documents.items() for name in names}
    unnamed = {note.sent for note in examination.report.notes if note.kind == "unnamed"}
    for name, part in parts.items():
        if name not in unnamed:
            yield DocumentFile(
                part.file,
                name=name,
                document=purposes.get(name),
                original_name=name,
                media_type=kinds[name],
            )


def refuse(request: Request, examination: Examination) -> Any:
    """422 with every error, each with its place in the instance."""
    return failure(request, HTTPUnprocessableEntity(), errors=[error.to_json() for error in examination.errors])
