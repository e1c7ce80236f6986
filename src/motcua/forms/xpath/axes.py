"""The steps of location paths: from some nodes to those along an axis."""

from __future__ import annotations

from collections.abc import Callable

from motcua.forms.nodes import Node
from motcua.forms.xpath.context import Context
from motcua.forms.xpath.tree import Step

StepRun = Callable[[Context, list[Node]], list[Node]]


def axis_of(step: Step) -> StepRun:
    """What a step does, its predicates apart."""
    name = step.test
    anything = name in ("*", "node()")
    match step.axis:
        case "child" if name == "text()":
            return lambda ctx, nodes: [node for node in nodes if node.text]
        case "child" if anything:
            return lambda ctx, nodes: [
                child for node in nodes for rows in node.children.values() for child in rows if child.relevant
            ]
        case "child":
            return _child(name)
        case "self":
            return lambda ctx, nodes: nodes if anything else [node for node in nodes if node.name == name]
        case "parent":
            return _parent
        case "attribute":
            return lambda ctx, nodes: [_attribute(node, name) for node in nodes if name in node.attributes]
        case _:
            return _wide_axis(step.axis, name, anything)


def _child(name: str) -> StepRun:
    def run(ctx: Context, nodes: list[Node]) -> list[Node]:
        if len(nodes) == 1:
            found = nodes[0].children.get(name)
            if found is None:
                return []
            if len(found) == 1:
                return found if found[0].relevant else []
            ctx.run.spend(len(found))
            return [child for child in found if child.relevant]
        return [child for node in nodes for child in node.children.get(name, ()) if child.relevant]

    return run


def _parent(ctx: Context, nodes: list[Node]) -> list[Node]:
    if len(nodes) == 1:
        above = nodes[0].parent
        return [] if above is None else [above]
    found: dict[int, Node] = {}
    for node in nodes:
        if node.parent is not None:
            found[id(node.parent)] = node.parent
    return list(found.values())


def _attribute(node: Node, name: str) -> Node:
    made = Node(name, node)
    made.text = node.attributes[name]
    return made


def _wide_axis(axis: str, name: str, anything: bool) -> StepRun:
    def reach(node: Node) -> list[Node]:
        if axis.startswith("descendant"):
            return ([node] if axis.endswith("self") else []) + list(node.descendants())
        if axis.startswith("ancestor"):
            found = [node] if axis.endswith("self") else []
            above = node.parent
            while above is not None:
                found.append(above)
                above = above.parent
            return found
        return _siblings(node, after=axis.startswith("following"))

    def run(ctx: Context, nodes: list[Node]) -> list[Node]:
        found: dict[int, Node] = {}
        for node in nodes:
            reached = reach(node)
            ctx.run.spend(len(reached))
            found.update({id(one): one for one in reached if anything or one.name == name})
        return list(found.values())

    return run


def _siblings(node: Node, *, after: bool) -> list[Node]:
    if node.parent is None:
        return []
    beside = [child for rows in node.parent.children.values() for child in rows if child.relevant]
    at = next((place for place, child in enumerate(beside) if child is node), 0)
    return beside[at + 1 :] if after else beside[:at][::-1]
