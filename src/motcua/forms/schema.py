"""An XML Schema made from a form: structure, cardinality, types and fixed choices of its submissions.

Stricter than the check itself: what it refuses may still be right and is then checked slowly.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from motcua.forms.datatypes import MAX_TEXT
from motcua.forms.model import Definition, Form

_XS = "http://www.w3.org/2001/XMLSchema"
_DAY = (
    "[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|([1-9][0-9](0[48]|[2468][048]|[13579][26])|(1[26]|[2468][048]|[3579][26])00)-02-29"
)
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+\-][01][0-9]:?[0-5][0-9])?"
PATTERNS = {
    "int": "-?[0-9]{1,15}",
    "decimal": r"-?([0-9]{1,15}|[0-9]{1,10}\.[0-9]{0,5})",
    "boolean": "true|false|1|0",
    "date": _DAY,
    "time": _CLOCK,
    "dateTime": f"({_DAY})T{_CLOCK}",
    "binary": "[A-Za-z0-9_][A-Za-z0-9_ ().\\-]{0,119}",
}
#: libxml2 makes its built-in types with the first schema of a process, and several threads that do so at once
#: break it (it aborts, or takes its own types for foreign ones). So the first one is made here, at import.
_FIRST = etree.XMLSchema(etree.Element(f"{{{_XS}}}schema"))


def form_schema(
    form: Form,
    namespace: str,
    choices: Callable[[Definition], tuple[str, ...] | None],
    needed: Callable[[Definition], bool],
) -> etree.XMLSchema:
    """The schema of the form's submissions in ``namespace``, ``meta`` left out (it comes in two namespaces)."""
    root = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    if namespace:
        root.set("targetNamespace", namespace)
        root.set("elementFormDefault", "qualified")
    top = _add(root, "element", name=form.root.name)
    content = _content(top, form.root, form, choices, needed)
    _add(content, "anyAttribute", processContents="skip")
    return etree.XMLSchema(root)


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_XS}}}{tag}")
    for key, value in attributes.items():
        made.set(key, value)
    return made


def _content(
    element: etree._Element,
    definition: Definition,
    form: Form,
    choices: Callable[[Definition], tuple[str, ...] | None],
    needed: Callable[[Definition], bool],
) -> etree._Element:
    content = _add(element, "complexType")
    sequence = _add(content, "sequence")
    for child in definition.children.values():
        if child.name == "meta" and definition is form.root:
            continue
        inner = _add(sequence, "element", name=child.name)
        if child.repeat is not None:
            inner.set("maxOccurs", "unbounded")
        if child.repeat is not None or (child.bind is not None and child.bind.relevant is not None):
            inner.set("minOccurs", "0")
        if child.children:
            _content(inner, child, form, choices, needed)
        else:
            _leaf(inner, child, choices(child), needed(child))
    return content


def _leaf(element: etree._Element, definition: Definition, offered: tuple[str, ...] | None, needed: bool) -> None:
    restriction = _add(_add(element, "simpleType"), "restriction", base=f"{_prefix(element)}string")
    if offered is not None and definition.type == "string":
        for value in offered if needed else ("", *offered):
            _add(restriction, "enumeration", value=value)
    elif definition.type in PATTERNS:
        pattern = PATTERNS[definition.type]
        _add(restriction, "pattern", value=pattern if needed else f"({pattern})?")
    else:
        _add(restriction, "minLength", value="1" if needed else "0")
        _add(restriction, "maxLength", value=str(MAX_TEXT))


def _prefix(element: etree._Element) -> str:
    return "xs:" if "xs" in element.nsmap else ""
