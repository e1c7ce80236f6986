"""A decision model as DMN 1.3 XML, with its picture; the same model gives the same bytes."""

from __future__ import annotations

from typing import Final

from lxml import etree

from motcua.dmn.layout import Box, layout
from motcua.dmn.model import Decision, ItemType, Model, Table
from motcua.version import __version__

MODEL: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMNDI: Final = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
DI: Final = "http://www.omg.org/spec/DMN/20180521/DI/"
_PREFIXES: Final = {None: MODEL, "dmndi": DMNDI, "dc": DC, "di": DI}


def write(model: Model) -> bytes:
    """The file, UTF-8."""
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap=_PREFIXES)  # type: ignore[arg-type]
    _set(root, id=model.id, name=model.name, namespace=model.namespace, exporter="motcua",
         exporterVersion=__version__)
    _text(root, "description", model.description)
    for type_ in model.types:
        _item(root, type_)
    for given in model.inputs:
        element = _add(root, "inputData", id=given.id, name=given.name, label=given.label)
        _text(element, "description", given.description)
        _add(element, "variable", id=f"{given.id}_value", name=given.name, typeRef=given.type)
    inputs = {given.id for given in model.inputs}
    for decision in model.decisions:
        _decision(root, decision, inputs)
    _picture(root, model)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _add(parent: etree._Element, tag: str, space: str = MODEL, /, **attributes: str | None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{space}}}{tag}")
    _set(child, **attributes)
    return child


def _set(element: etree._Element, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is not None:
            element.set(name, value)


def _text(parent: etree._Element, tag: str, text: str | None) -> None:
    if text:
        _add(parent, tag).text = text


def _expression(parent: etree._Element, tag: str, text: str, **attributes: str | None) -> None:
    element = _add(parent, tag, **attributes)
    _add(element, "text").text = text


def _item(root: etree._Element, type_: ItemType) -> None:
    element = _add(root, "itemDefinition", id=f"item_{type_.name}", name=type_.name, label=type_.label,
                   isCollection="true" if type_.is_collection else None)
    _text(element, "description", type_.description)
    _add(element, "typeRef").text = type_.base
    if type_.allowed is not None:
        _expression(element, "allowedValues", type_.allowed)


def _decision(root: etree._Element, decision: Decision, inputs: set[str]) -> None:
    element = _add(root, "decision", id=decision.id, name=decision.name, label=decision.label)
    _text(element, "description", decision.description)
    _add(element, "variable", id=f"{decision.id}_value", name=decision.name, typeRef=decision.type)
    for number, need in enumerate(decision.needs, start=1):
        needed = _add(element, "informationRequirement", id=f"{decision.id}_needs_{number}")
        _add(needed, "requiredInput" if need in inputs else "requiredDecision", href=f"#{need}")
    if isinstance(decision.logic, str):
        _expression(element, "literalExpression", decision.logic, id=f"{decision.id}_logic", typeRef=decision.type)
    else:
        _table(element, decision, decision.logic)


def _table(parent: etree._Element, decision: Decision, table: Table) -> None:
    base = f"{decision.id}_table"
    element = _add(parent, "decisionTable", id=base, hitPolicy=table.hit)
    for number, column in enumerate(table.columns, start=1):
        clause = _add(element, "input", id=f"{base}_in_{number}", label=column.label)
        _expression(clause, "inputExpression", column.text, id=f"{base}_in_{number}_text", typeRef=column.type)
    output = _add(element, "output", id=f"{base}_out", name=decision.name, typeRef=table.output_type)
    if table.output_values is not None:
        _expression(output, "outputValues", table.output_values)
    _add(element, "annotation", name="motcua")
    for number, rule in enumerate(table.rules, start=1):
        line = _add(element, "rule", id=f"{base}_rule_{number}", label=rule.label)
        _text(line, "description", rule.note)
        for place, column in enumerate(table.columns, start=1):
            _expression(line, "inputEntry", rule.cells.get(column.text, "-"), id=f"{base}_rule_{number}_in_{place}")
        _expression(line, "outputEntry", rule.output, id=f"{base}_rule_{number}_out")
        _expression(line, "annotationEntry", rule.note)


def _picture(root: etree._Element, model: Model) -> None:
    """The decision requirements diagram, which DMN tools show first."""
    boxes = layout(model)
    diagram = _add(_add(root, "DMNDI", DMNDI), "DMNDiagram", DMNDI, id="picture", name=model.name)
    for element, box in boxes.items():
        shape = _add(diagram, "DMNShape", DMNDI, id=f"picture_{element}", dmnElementRef=element)
        _add(shape, "Bounds", DC, height=str(box.height), width=str(box.width), x=str(box.x), y=str(box.y))
    for decision in model.decisions:
        for number, need in enumerate(decision.needs, start=1):
            _edge(diagram, f"{decision.id}_needs_{number}", boxes[need], boxes[decision.id])


def _edge(diagram: etree._Element, requirement: str, start: Box, end: Box) -> None:
    edge = _add(diagram, "DMNEdge", DMNDI, id=f"picture_{requirement}", dmnElementRef=requirement)
    for x, y in (start.top, end.bottom):
        _add(edge, "waypoint", DI, x=str(x), y=str(y))
