"""Namespaces of XForms files, and names without them."""

from __future__ import annotations

from lxml import etree

XFORMS = "http://www.w3.org/2002/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
MOTCUA = "urn:motcua:form:1"


def local(element: etree._Element) -> str:
    """The element's name without namespace."""
    tag = str(element.tag)
    return tag.rpartition("}")[2]


def plain(name: str) -> str:
    """A name without prefix."""
    return name.rpartition(":")[2]


def attribute(element: etree._Element, name: str, *namespaces: str) -> str | None:
    """The attribute ``name`` without namespace, or in one of ``namespaces``."""
    value = element.get(name)
    for namespace in namespaces:
        if value is None:
            value = element.get(f"{{{namespace}}}{name}")
    return value


def named(parent: etree._Element, name: str) -> list[etree._Element]:
    """The child elements of that local name, whatever their namespace."""
    return [child for child in parent if local(child) == name]


def line_of(element: etree._Element) -> int | None:
    """The line an element starts at."""
    line = element.sourceline
    return line if isinstance(line, int) else None


def namespace_of(element: etree._Element) -> str:
    """The namespace of the element, empty without one."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
