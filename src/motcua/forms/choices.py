"""The choices of a select as they stand for one node: static items, or an itemset filtered there."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.forms import texts
from motcua.forms.model import Definition, Select1
from motcua.forms.nodes import Node
from motcua.forms.xpath.context import Run
from motcua.forms.xpath.values import folded, to_string


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """A choice offered at a node: the value stored, and the label in the run's language."""

    value: str
    label: str


def values_of(run: Run, control: Select1, node: Node) -> frozenset[str] | None:
    """The values that may be chosen at ``node``; None where the list's file is missing."""
    found = [folded(item.value) for item in control.items]
    itemset = control.itemset
    if itemset is not None:
        if itemset.missing_source:
            return None
        found += [folded(itemset.value.string(run, item, node).strip()) for item in itemset.nodeset.nodes(run, node)]
    return frozenset(found)


def offered(run: Run, control: Select1, node: Node) -> tuple[OfferedChoice, ...]:
    """The choices at ``node`` in order, with their labels."""
    found = [OfferedChoice(item.value, texts.render(run, item.label, node) or item.value) for item in control.items]
    itemset = control.itemset
    if itemset is not None:
        for item in itemset.nodeset.nodes(run, node):
            value = itemset.value.string(run, item, node).strip()
            found.append(OfferedChoice(value, _item_label(run, control, item, node) or value))
    return tuple(found)


def _item_label(run: Run, control: Select1, item: Node, node: Node) -> str:
    itemset = control.itemset
    if itemset is None or itemset.label is None:
        return ""
    label = to_string(itemset.label.value(run, item, node))
    return texts.itext(run, label, node) if itemset.label_itext else label


def label_of(run: Run, definition: Definition | None, node: Node, value: str) -> str:
    """``jr:choice-name``: the label of ``value`` among the choices of the question at ``definition``.

    A value that is not offered has no label, and so gives nothing; without the list's file, the value itself.
    """
    control = definition.control if definition is not None else None
    if not value or not isinstance(control, Select1) or run.nesting >= texts.MAX_NESTING:
        return ""
    if control.itemset is not None and control.itemset.missing_source:
        return value
    run.nesting += 1
    try:
        return _label_of(run, control, node, folded(value))
    finally:
        run.nesting -= 1


def _label_of(run: Run, control: Select1, node: Node, wanted: str) -> str:
    for choice in control.items:
        if folded(choice.value) == wanted:
            return texts.render(run, choice.label, node)
    itemset = control.itemset
    if itemset is None:
        return ""
    for item in itemset.nodeset.nodes(run, node):
        if folded(itemset.value.string(run, item, node).strip()) == wanted:
            return _item_label(run, control, item, node)
    return ""
