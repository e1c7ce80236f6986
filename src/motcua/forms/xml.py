"""The one parser for XML that comes from outside: form files and submissions.

The order of the checks matters: each one bounds what the next may cost. Flags of lxml alone are not
enough (``resolve_entities=False`` still expands entities in attributes, and without a forced encoding
UTF-16 slips past a search for DOCTYPE), so the prolog is scanned before libxml2 sees a byte.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from motcua.errors import InputError, Place, Problem
from motcua.forms.names import line_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How much XML is read: body in bytes, number of ``<``, levels, attributes of one element."""

    size: int
    tags: int
    depth: int
    attributes: int = 64


SUBMISSION_LIMITS = Limits(size=1_048_576, tags=100_000, depth=32)
FORM_LIMITS = Limits(size=10_485_760, tags=1_000_000, depth=200)

_DECLARED = re.compile(rb"\A<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']{0,40})[\"'][^>]*?\?>")
_PROLOG = re.compile(rb"\A(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse_xml(data: bytes, limits: Limits = SUBMISSION_LIMITS, *, name: str | None = None) -> etree._Element:
    """The root element of ``data``, without comments and processing instructions.

    Raises:
        InputError: with one problem ``SUB_0nn``; nothing of libxml2's wording is quoted.
    """
    body = _checked_bytes(data, limits, name)
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise _refusal("SUB_006", name, line=line or 1) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal("SUB_005", name)
    _check_shape(root, body.count(b"="), limits, name)
    return root


def _parser() -> etree.XMLParser:
    """A fresh parser: one shared object would be locked across threads and keep names of old documents.

    ``collect_ids`` stays at its default: turning it off makes libxml2 read an external DTD from disk.
    """
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        recover=False,
    )


def _checked_bytes(data: bytes, limits: Limits, name: str | None) -> bytes:
    if len(data) > limits.size:
        raise _refusal("SUB_001", name, size=len(data), limit=limits.size)
    if data.startswith(_WIDE) or b"\0" in data:
        raise _refusal("SUB_002", name)
    body = data.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise _refusal("SUB_003", name)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal("SUB_003", name, line=body.count(b"\n", 0, error.start) + 1) from None
    if body.count(b"<") > limits.tags:
        raise _refusal("SUB_004", name, limit=limits.tags)
    start = _PROLOG.match(body)
    if start and body.startswith(b"<!", start.end()):
        raise _refusal("SUB_005", name)
    return body


def _check_shape(root: etree._Element, equal_signs: int, limits: Limits, name: str | None) -> None:
    """Refuse deep trees and elements with very many attributes; both are looked for inside libxml2."""
    deep = _at_depth(limits.depth + 1)(root)
    if deep:
        raise _refusal("SUB_007", name, line=line_of(deep[0]), limit=limits.depth)
    # no element can have more attributes than the text has equal signs
    crowded = _with_attributes(limits.attributes + 1)(root) if equal_signs > limits.attributes else None
    if crowded:
        raise _refusal("SUB_008", name, line=line_of(crowded[0]), limit=limits.attributes)


@cache
def _at_depth(depth: int) -> Callable[..., Any]:
    return etree.XPath(f"({'/*' * depth})[1]")


@cache
def _with_attributes(number: int) -> Callable[..., Any]:
    return etree.XPath(f"(//*[@*[{number}]])[1]")


def _refusal(code: str, name: str | None, *, line: int | None = None, **params: int) -> InputError:
    return InputError(Problem(code, {**params, "line": line or 1}, Place(file=name, line=line)))


def excerpt(text: str, length: int = 40) -> str:
    """At most ``length`` characters of input, on one line, for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
