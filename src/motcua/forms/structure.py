"""Ties a submission's XML to the definitions of its form: what is there, what is not, what should not be."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from motcua.forms.instance import MAX_ROWS, Instance
from motcua.forms.instances import empty_row
from motcua.forms.model import Definition, Form
from motcua.forms.names import JAVAROSA, local
from motcua.forms.nodes import Node
from motcua.forms.xml import excerpt

_TEMPLATE = f"{{{JAVAROSA}}}template"


@dataclass(slots=True)
class Tied:
    """The data tree, the nodes the XML did not have (added, empty), and what does not belong: (path, code)."""

    root: Node
    absent: set[int] = field(default_factory=set)
    strangers: list[tuple[str, str]] = field(default_factory=list)


def tie(form: Form, element: etree._Element) -> Tied:
    """The tree of ``element`` by the form's definitions; every node of the form is in it afterwards."""
    tied = Tied(Node(form.root.name, None, form.root))
    tied.root.attributes = {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
    _fill(element, tied.root, form.root, form.root.path, tied)
    return tied


def tie_present(form: Form, element: etree._Element) -> Node:
    """The tree of what is there alone, for a submission known to lack only what is not relevant."""
    tied = tie(form, element)
    _without(tied.root, tied.absent)
    return tied.root


def _without(node: Node, absent: set[int]) -> None:
    for name, rows in node.children.items():
        node.children[name] = [row for row in rows if id(row) not in absent]
        for row in node.children[name]:
            _without(row, absent)


def _fill(element: etree._Element, node: Node, definition: Definition, path: str, tied: Tied) -> None:
    if definition.is_leaf:
        node.text = element.text or ""
        tied.strangers += [(f"{path}/{excerpt(local(child))}", "SUB_102") for child in element]
        return
    _refuse_text(element, path, tied)
    for child in element:
        _place(child, node, definition, path, tied)
    # occurrences are kept in the form's order, whatever the order of arrival
    arrived = node.children
    node.children = {}
    for name, below in definition.children.items():
        node.children[name] = arrived.get(name, [])
        if not node.children[name] and below.repeat is None:
            _add_absent(node, below, tied)


def _place(child: etree._Element, node: Node, definition: Definition, path: str, tied: Tied) -> None:
    name = local(child)
    below = definition.children.get(name)
    if below is None:
        tied.strangers.append((f"{path}/{excerpt(name)}", "SUB_102"))
        return
    earlier = len(node.children.get(name, ()))
    if below.repeat is None and earlier:
        tied.strangers.append((f"{path}/{name}", "SUB_103"))
        return
    if child.get(_TEMPLATE) is not None:
        return
    if earlier >= MAX_ROWS:
        if earlier == MAX_ROWS and (f"{path}/{name}", "SUB_104") not in tied.strangers:
            tied.strangers.append((f"{path}/{name}", "SUB_104"))
        return
    row = node.append(Node(name, node, below))
    _fill(child, row, below, f"{path}/{name}[{earlier + 1}]" if below.repeat is not None else f"{path}/{name}", tied)


def _refuse_text(element: etree._Element, path: str, tied: Tied) -> None:
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        tied.strangers.append((path, "SUB_105"))


def _add_absent(node: Node, definition: Definition, tied: Tied) -> None:
    added = node.append(empty_row(definition))
    tied.absent.add(id(added))
    tied.absent.update(id(below) for below in added.descendants(absent=True))


def load_instance(form: Form, data: bytes) -> Instance:
    """A kept draft again: what the form no longer has is left out, what it has now is empty.

    Raises:
        InputError: the XML cannot be read.
    """
    from motcua.forms.instance import parse_submission

    parsed = parse_submission(data)
    assert parsed.element is not None
    return Instance(None, tie(form, parsed.element).root, form, data)
