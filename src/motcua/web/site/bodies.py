"""Strict reading of posted forms: what WebOb would guess at is refused here.

``request.POST`` of the whole site comes from `posted`: every field is valid UTF-8 without control
characters, a multipart body ends with its boundary, and the number of parts and fields is bounded. (WebOb
accepts a body cut off before its last boundary, replaces bad bytes, fails with a 500 where the boundary is
missing, and takes seconds for 100,000 parts.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, MultipartPart, ParserLimitReached, parse_options_header
from pyramid.httpexceptions import HTTPBadRequest, HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType
from webob.multidict import MultiDict

from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

#: A page of the largest form (500 rows) has fewer fields than this.
MOST_FIELDS = 5000
#: Parts of a multipart body; fields of one page and its files.
MOST_PARTS = 1000
#: Text fields together; a form without files is never larger.
MOST_TEXT = 2 * 1024**2

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BOUNDARY = re.compile(r"[!-~]{1,70}")


def posted(request: Request) -> MultiDict:
    """The fields of the request's body: text as ``str``, files as `multipart.MultipartPart`.

    Raises 400 for what is not a well-formed form, 413 for too much of it.
    """
    if request.method in ("GET", "HEAD") or not request.content_length:
        return MultiDict()
    media_type, options = parse_options_header(request.headers.get("Content-Type", ""))
    if media_type == "application/x-www-form-urlencoded":
        return MultiDict(_urlencoded(request))
    if media_type == "multipart/form-data":
        return MultiDict(_multipart(request, options.get("boundary", "")))
    return MultiDict()


def _urlencoded(request: Request) -> list[tuple[str, str]]:
    if request.content_length > MOST_TEXT:
        raise HTTPRequestEntityTooLarge(explanation=_("The form holds more text than this site accepts."))
    try:
        text = request.body.decode("ascii")
        fields = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise _bad_text() from error
    except ValueError as error:
        raise _too_many() from error
    for name, value in fields:
        _check_text(name)
        _check_text(value)
    return fields


def _multipart(request: Request, boundary: str) -> list[tuple[str, str | MultipartPart]]:
    if not _BOUNDARY.fullmatch(boundary):
        raise _bad_form()
    # a request that is done again, as it met another one, has read its body once
    request.make_body_seekable()
    parser = MultipartParser(request.body_file_raw, boundary, request.content_length, strict=True,
                             part_limit=MOST_PARTS, memory_limit=MOST_TEXT * 2,
                             disk_limit=request.registry.settings["motcua.max_body"])
    fields: list[tuple[str, str | MultipartPart]] = []
    try:
        for part in parser:
            if part.filename is None:
                fields.append((_check_text(part.name or ""), _check_text(part.raw.decode("utf-8"))))
            else:
                fields.append((_check_text(part.name or ""), part))
    except ParserLimitReached as error:
        raise _too_many() from error
    except UnicodeDecodeError as error:
        raise _bad_text() from error
    except MultipartError as error:
        raise _bad_form() from error
    return fields


def is_plain_text(text: str) -> bool:
    """Whether a text holds no control characters and no halves of characters."""
    return _FORBIDDEN.search(text) is None


def _check_text(text: str) -> str:
    if not is_plain_text(text):
        raise _bad_text()
    return text


def _bad_text() -> HTTPBadRequest:
    return HTTPBadRequest(explanation=_("The form holds bytes that are not text (UTF-8)."))


def _bad_form() -> HTTPBadRequest:
    return HTTPBadRequest(explanation=_("The form arrived incomplete. Please send it again."))


def _too_many() -> HTTPRequestEntityTooLarge:
    return HTTPRequestEntityTooLarge(explanation=_("The form has more fields than this site accepts."))


def refuse_encoded_body(request: Request) -> None:
    """Raise 415 for a compressed body: its real size is unknown before it is opened."""
    encoding: Any = request.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() not in ("", "identity"):
        raise HTTPUnsupportedMediaType(explanation=_("Compressed requests are not accepted."))


def includeme(config: Configurator) -> None:
    """Make ``request.POST`` strict."""
    config.add_request_method(posted, "POST", reify=True)
