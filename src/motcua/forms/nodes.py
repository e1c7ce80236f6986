"""The data tree of one filling: plain nodes, cheap to walk, with their place in the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.forms.model import Definition


class Node:
    """One element. ``children`` maps a name to its occurrences: document order is the form's order.

    ``relevant`` is the node's own answer; a node below a non-relevant one is reached by nobody.
    """

    __slots__ = ("attributes", "children", "definition", "name", "parent", "relevant", "text")

    def __init__(self, name: str, parent: Node | None = None, definition: Definition | None = None) -> None:
        self.name = name
        self.parent = parent
        self.definition = definition
        self.children: dict[str, list[Node]] = {}
        self.text = ""
        self.relevant = True
        self.attributes: dict[str, str] = {}

    def append(self, child: Node) -> Node:
        """Put ``child`` after its namesakes."""
        child.parent = self
        self.children.setdefault(child.name, []).append(child)
        return child

    def present(self, name: str) -> list[Node]:
        """The relevant children of that name."""
        return [child for child in self.children.get(name, ()) if child.relevant]

    def copy(self, parent: Node | None = None) -> Node:
        """The whole subtree again."""
        twin = Node(self.name, parent, self.definition)
        twin.text, twin.relevant, twin.attributes = self.text, self.relevant, self.attributes
        for name, rows in self.children.items():
            twin.children[name] = [row.copy(twin) for row in rows]
        return twin

    def descendants(self, *, absent: bool = False) -> Iterator[Node]:
        """All nodes below, in document order; non-relevant ones only when ``absent``."""
        for rows in self.children.values():
            for row in rows:
                if row.relevant or absent:
                    yield row
                    yield from row.descendants(absent=absent)

    def root(self) -> Node:
        """The topmost node."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def position(self) -> int:
        """1-based place among same-named siblings."""
        if self.parent is None:
            return 1
        return self.parent.children[self.name].index(self) + 1


def string_value(node: Node) -> str:
    """The node's text, or for a group the texts below it, joined."""
    if not node.children:
        return node.text
    return node.text + "".join(string_value(row) for rows in node.children.values() for row in rows if row.relevant)


def node_path(node: Node) -> str:
    """``/data/well[2]/depth``: rows of repeats carry their number, also where there is one."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None:
        repeated = at.definition is not None and at.definition.repeat is not None
        parts.append(f"{at.name}[{at.position()}]" if repeated else at.name)
        at = at.parent
    return "/" + "/".join(reversed(parts))
