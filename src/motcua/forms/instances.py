"""The primary instance of a form: its elements become definitions, its values the defaults."""

from __future__ import annotations

from lxml import etree

from motcua.forms.model import Definition, RepeatPlan
from motcua.forms.names import JAVAROSA, line_of, local
from motcua.forms.nodes import Node

_TEMPLATE = f"{{{JAVAROSA}}}template"


def define(root: etree._Element) -> tuple[Definition, dict[str, Definition]]:
    """The definitions of all elements, rows of one name merged, and the same by path."""
    top = Definition(local(root), f"/{local(root)}", None, str(root.tag), line=line_of(root))
    by_path = {top.path: top}
    _define_children(root, top, by_path)
    return top, by_path


def _define_children(element: etree._Element, definition: Definition, by_path: dict[str, Definition]) -> None:
    for child in element:
        name = local(child)
        known = definition.children.get(name)
        if known is None:
            path = f"{definition.path}/{name}"
            known = Definition(name, path, definition, str(child.tag), line=line_of(child))
            definition.children[name] = known
            by_path[path] = known
        _define_children(child, known, by_path)


def plan_repeats(root: etree._Element, top: Definition, repeats: dict[str, bool]) -> None:
    """Give each repeat (path to "rows are fixed") its empty row.

    The values of a new row come from ``jr:template`` alone; without one they are empty, even where the
    form's first row has values (both engines do so).
    """
    for path, fixed in repeats.items():
        definition = _at(top, path)
        if definition is not None:
            definition.repeat = RepeatPlan(Node(definition.name), fixed=fixed)
    for path in repeats:
        definition = _at(top, path)
        if definition is not None and definition.repeat is not None:
            source = _template_element(root, definition)
            definition.repeat.template = _row(definition, source)


def plain_rows(root: etree._Element, top: Definition) -> dict[str, int | None]:
    """Elements that are there several times, or as a template, without a repeat in the body: path and line."""
    found: dict[str, int | None] = {}

    def look(element: etree._Element, definition: Definition) -> None:
        seen: set[str] = set()
        for child in element:
            below = definition.children[local(child)]
            if below.name in seen or child.get(_TEMPLATE) is not None:
                found.setdefault(below.path, line_of(child))
            seen.add(below.name)
            look(child, below)

    look(root, top)
    return found


def _at(top: Definition, path: str) -> Definition | None:
    at: Definition | None = top
    for name in path.split("/")[2:]:
        at = at.children.get(name) if at is not None else None
    return at


def _template_element(root: etree._Element, definition: Definition) -> etree._Element | None:
    found = [root]
    for part in definition.chain()[1:]:
        found = [child for element in found for child in element if local(child) == part.name]
    return next((element for element in found if element.get(_TEMPLATE) is not None), None)


def empty_row(definition: Definition) -> Node:
    """A node of that definition with everything below it, all empty, repeats without rows."""
    return _row(definition, None)


def _row(definition: Definition, source: etree._Element | None) -> Node:
    """An empty row, or the template's; repeats inside it start without rows unless the template has some."""
    node = Node(definition.name, None, definition)
    if source is not None and definition.is_leaf:
        node.text = (source.text or "").strip()
    below = {} if source is None else _by_name(source)
    for child in definition.children.values():
        own = below.get(child.name, [])
        rows = [found for found in own if found.get(_TEMPLATE) is None]
        if child.repeat is None:
            node.append(_row(child, own[0] if own else None))
        for row in rows if child.repeat is not None else []:
            node.append(_row(child, row))
        node.children.setdefault(child.name, [])
    return node


def _by_name(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        found.setdefault(local(child), []).append(child)
    return found


def build_template(element: etree._Element, definition: Definition) -> Node:
    """The data of a new filling: every element with its default, without the template rows."""
    node = Node(definition.name, None, definition)
    node.attributes = {
        str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items() if name != _TEMPLATE
    }
    node.text = (element.text or "").strip() if definition.is_leaf else ""
    below = _by_name(element)
    for child in definition.children.values():
        own = below.get(child.name, [])
        rows = [found for found in own if found.get(_TEMPLATE) is None]
        if child.repeat is None and not rows:
            rows = own[:1]
        for row in rows:
            node.append(build_template(row, child))
        if child.repeat is not None:
            child.repeat.initial = max(child.repeat.initial, len(rows))
        elif not rows:
            node.append(_row(child, None))
        node.children.setdefault(child.name, [])
    return node
