"""One filling of a form: its data tree, how it is read from XML, written again, and changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from motcua.errors import InputError, Problem, closest
from motcua.forms.clock import Clock
from motcua.forms.model import Definition, Form
from motcua.forms.names import OPENROSA, attribute, local
from motcua.forms.nodes import Node
from motcua.forms.xml import SUBMISSION_LIMITS, excerpt, parse_xml

MAX_ROWS = 500
_STEP = re.compile(r"([^\[\]]+)(?:\[([0-9]{1,4})\])?")
_UUID = re.compile(r"uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Instance:
    """The data of one filling. ``element`` is the XML it came from; ``root`` the tree, once tied to a form."""

    element: etree._Element | None = None
    root: Node | None = None
    form: Form | None = field(default=None, repr=False)
    source: bytes | None = field(default=None, repr=False)

    @property
    def form_id(self) -> str:
        """The form it says it belongs to."""
        return self._own("id")

    @property
    def version(self) -> str:
        """The version of the form it says it belongs to."""
        return self._own("version")

    @property
    def instance_id(self) -> str | None:
        """``uuid:…`` of ``meta/instanceID``, or None where it is absent or not a UUID."""
        text = self._meta("instanceID")
        return text if _UUID.fullmatch(text) else None

    def _own(self, name: str) -> str:
        if self.element is not None:
            return attribute(self.element, name, OPENROSA) or ""
        return self.root.attributes.get(name, "") if self.root is not None else ""

    def _meta(self, name: str) -> str:
        if self.root is not None:
            cells = [cell for meta in self.root.children.get("meta", ()) for cell in meta.children.get(name, ())]
            return cells[0].text.strip() if cells else ""
        for meta in self.element if self.element is not None else ():
            for cell in meta if local(meta) == "meta" else ():
                if local(cell) == name:
                    return (cell.text or "").strip()
        return ""

    def copy(self) -> Instance:
        """Another one with the same data, to be changed freely."""
        return Instance(None, self.tree().copy(), self.form, self.source)

    def tree(self) -> Node:
        """The data tree; the instance must be tied to a form."""
        if self.root is None:
            from motcua.forms.structure import tie_present

            if self.element is None:
                raise ValueError("the instance has no data")
            self.root = tie_present(self._form(), self.element)
        return self.root

    def to_xml(self, *, pruned: bool = False) -> bytes:
        """The XML of the data; ``pruned`` leaves out what is not relevant."""
        if self.form is None or (self.root is None and self.source is not None):
            return self.source or _serialised(self.element)
        element = to_element(self.form, self.tree(), pruned=pruned)
        return _serialised(element)

    def get(self, path: str) -> str:
        """The text at ``path`` (rows numbered from 1; without a number the first), empty where absent."""
        node = find_node(self.tree(), path)
        return node.text if node is not None else ""

    def value(self, path: str) -> str | None:
        """The text at ``path``, or None where the instance has no such node."""
        node = find_node(self.tree(), path)
        return node.text if node is not None else None

    def set(self, path: str, value: str, clock: Clock | None = None) -> None:
        """Answer the question at ``path``; see `motcua.forms.editing.set_value`."""
        from motcua.forms import editing

        editing.set_value(self._form(), self, path, value, clock or Clock.current())

    def add_row(self, path: str, clock: Clock | None = None) -> str:
        """Add a row to the repeat at ``path``; its path."""
        from motcua.forms import editing

        return editing.add_row(self._form(), self, path, clock or Clock.current())

    def remove_row(self, path: str) -> None:
        """Remove the row at ``path``."""
        from motcua.forms import editing

        editing.remove_row(self._form(), self, path)

    def _form(self) -> Form:
        if self.form is None:
            raise ValueError("the instance is not tied to a form")
        return self.form

    def rows(self, path: str) -> int:
        """How many rows the repeat at ``path`` has."""
        above, _, name = path.rpartition("/")
        parent = find_node(self.tree(), above)
        return len(parent.children.get(name, ())) if parent is not None else 0


def parse_submission(data: bytes) -> Instance:
    """Read a submission's XML; what it means is for `motcua.forms.check`.

    Raises:
        InputError: ``SUB_0nn``, also for an encrypted submission.
    """
    element = parse_xml(data, SUBMISSION_LIMITS)
    if (element.get("encrypted") or "").lower() in ("yes", "true"):
        raise InputError(Problem("SUB_009"))
    return Instance(element, None, None, data)


def _serialised(element: etree._Element | None) -> bytes:
    written: bytes = b"" if element is None else etree.tostring(element, encoding="utf-8", xml_declaration=True)
    return written


def to_element(form: Form, root: Node, *, pruned: bool = False) -> etree._Element:
    """The XML element of a data tree, with the namespaces and attributes of the form."""
    namespaces: Any = {prefix or None: uri for prefix, uri in form.namespaces.items() if prefix != "h"}
    element = etree.Element(form.root_tag, nsmap=namespaces)
    for name, value in {**form.root_attributes, **{k: v for k, v in root.attributes.items() if k == "id"}}.items():
        element.set(name, value)
    _fill(element, root, pruned)
    return element


def _fill(element: etree._Element, node: Node, pruned: bool) -> None:
    if node.text:
        element.text = node.text
    for rows in node.children.values():
        for row in rows:
            if not pruned or row.relevant:
                tag = row.definition.tag if row.definition is not None else row.name
                _fill(etree.SubElement(element, tag), row, pruned)


def find_node(root: Node, path: str) -> Node | None:
    """The node at ``path``, or None."""
    at = root
    for name, number in _steps(path)[1:]:
        rows = at.children.get(name, [])
        wanted = 1 if number is None else number
        if not 1 <= wanted <= len(rows):
            return None
        at = rows[wanted - 1]
    return at


def _steps(path: str) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for part in path.strip().strip("/").split("/"):
        match = _STEP.fullmatch(part.strip())
        if match is None:
            raise InputError(Problem("SUB_021", {"path": excerpt(path, 80)}))
        found.append((match[1].rpartition(":")[2], int(match[2]) if match[2] else None))
    return found


def definition_at(form: Form, path: str) -> Definition:
    """The definition a path with rows belongs to.

    Raises:
        InputError: the form has no such node.
    """
    plain = "/" + "/".join(name for name, _ in _steps(path))
    found = form.definitions.get(plain)
    if found is None:
        near = closest(plain, form.definitions) or "–"
        raise InputError(Problem("SUB_022", {"path": excerpt(path, 80), "closest": near}))
    return found


def ensure_node(form: Form, root: Node, path: str) -> tuple[Node, list[Node]]:
    """The node at ``path``, and the rows made on the way there (at most 500 of one repeat)."""
    definition_at(form, path)
    at, made = root, []
    for name, number in _steps(path)[1:]:
        wanted = 1 if number is None else number
        if wanted > MAX_ROWS or wanted < 1:
            raise InputError(Problem("SUB_023", {"path": excerpt(path, 80), "limit": MAX_ROWS}))
        rows = at.children.setdefault(name, [])
        plan = rows[0].definition if rows else (at.definition.children[name] if at.definition else None)
        while len(rows) < wanted and plan is not None:
            if plan.repeat is None:
                raise InputError(Problem("SUB_021", {"path": excerpt(path, 80)}))
            made.append(at.append(plan.repeat.template.copy()))
        at = rows[wanted - 1]
    return at, made
