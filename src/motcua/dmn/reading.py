"""What a DMN file says, as it says it: the parts a draft can be made of, with their lines. No meaning yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from motcua.dmn.model import KNOWN
from motcua.errors import InputError, Place, Problem
from motcua.forms import Limits, parse_xml

NAMESPACES: Final = frozenset((
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/"))
LIMITS: Final = Limits(size=10_485_760, tags=500_000, depth=64)
_FEEL: Final = ("feel", "https://www.omg.org/spec/dmn/20191111/feel/", "https://www.omg.org/spec/dmn/20211108/feel/",
                "https://www.omg.org/spec/dmn/20230324/feel/", "http://www.omg.org/spec/dmn/20180521/feel/",
                "http://www.omg.org/spec/feel/20140401", "s-feel")
#: Elements without a decision's meaning, which a draft does not miss.
_SILENT: Final = frozenset(("DMNDI", "description", "extensionElements", "itemDefinition", "inputData", "decision"))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands: the id of its element and its line."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class RawType:
    """An item definition."""

    name: str
    base: str
    allowed: str | None
    #: what a collection as a whole must be (DMN 1.5), which a draft does not say
    constraint: str | None
    is_collection: bool
    label: str | None
    description: str
    has_parts: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawInput:
    """Input data: something that decisions read."""

    name: str
    type: str | None
    label: str | None
    description: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawColumn:
    """An input column of a table; ``values`` are its allowed values, ``language`` None for FEEL.

    ``is_guard``: it only asks whether something is known, as an export's column of that heading does.
    """

    text: str
    type: str | None
    values: str | None
    language: str | None
    is_guard: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawOutput:
    """An output column."""

    name: str | None
    type: str | None
    values: str | None
    default: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawRule:
    """A line of a table."""

    label: str | None
    note: str
    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    language: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawTable:
    """A decision table."""

    hit: str
    aggregation: str | None
    columns: tuple[RawColumn, ...]
    outputs: tuple[RawOutput, ...]
    rules: tuple[RawRule, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawText:
    """A literal expression."""

    text: str
    language: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawDecision:
    """A decision; its logic is None where there is none, or the name of a kind of logic that is not read."""

    name: str
    type: str | None
    label: str | None
    description: str
    logic: RawTable | RawText | str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class RawModel:
    """A whole file."""

    name: str
    description: str
    is_ours: bool
    types: dict[str, RawType]
    inputs: tuple[RawInput, ...]
    decisions: tuple[RawDecision, ...]
    others: tuple[tuple[str, Origin], ...] = field(default=())


def read(data: bytes, file: str | None = None) -> RawModel:
    """Read a DMN file of any version from 1.1 to 1.5.

    Raises:
        InputError: SUB_0nn, no XML that is safe to read; DMN_001, no DMN.
    """
    root = parse_xml(data, LIMITS, name=file)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise InputError(Problem("DMN_001", {"element": name.localname, "namespace": name.namespace or "–"},
                                 Place(file=file, line=1)))
    return _Reader(name.namespace).model(root)


class _Reader:
    def __init__(self, namespace: str) -> None:
        self._space = namespace

    def model(self, root: etree._Element) -> RawModel:
        types = [self._type(element) for element in self._all(root, "itemDefinition")]
        others = tuple((etree.QName(child).localname, _origin(child)) for child in root if self._is_left_out(child))
        default = root.get("expressionLanguage")
        return RawModel(
            root.get("name") or root.get("id") or "dmn", self._words(root, "description"),
            root.get("exporter") == "motcua", {type_.name: type_ for type_ in types},
            tuple(self._input(element) for element in self._all(root, "inputData")),
            tuple(self._decision(element, _language(default)) for element in self._all(root, "decision")), others)

    def _is_left_out(self, element: etree._Element) -> bool:
        """Whether it says something of a kind, or in a version of DMN, that is not read."""
        name = etree.QName(element)
        return name.namespace in NAMESPACES and (name.namespace != self._space or name.localname not in _SILENT)

    def _all(self, parent: etree._Element, tag: str) -> Iterator[etree._Element]:
        return parent.iterchildren(f"{{{self._space}}}{tag}")

    def _one(self, parent: etree._Element, tag: str) -> etree._Element | None:
        return next(self._all(parent, tag), None)

    def _words(self, parent: etree._Element | None, tag: str) -> str:
        child = None if parent is None else self._one(parent, tag)
        return "" if child is None else "".join(map(str, child.itertext())).strip()

    def _inner(self, parent: etree._Element, tag: str) -> str | None:
        """The text of a child that is an expression or a list of unary tests."""
        child = self._one(parent, tag)
        return None if child is None else self._words(child, "text") or None

    def _type(self, element: etree._Element) -> RawType:
        allowed, constraint = self._inner(element, "allowedValues"), self._inner(element, "typeConstraint")
        is_many = element.get("isCollection") == "true"
        if allowed is None and not is_many:
            allowed, constraint = constraint, None
        return RawType(element.get("name") or "", _local(self._words(element, "typeRef")) or "",
                       allowed, constraint, is_many, element.get("label"), self._words(element, "description"),
                       self._one(element, "itemComponent") is not None, _origin(element))

    def _variable(self, element: etree._Element) -> tuple[str, str | None]:
        """The name under which a value is read (and the type it has)."""
        variable = self._one(element, "variable")
        name = (variable.get("name") if variable is not None else None) or element.get("name") or element.get("id")
        return name or "", _local(variable.get("typeRef") if variable is not None else None)

    def _input(self, element: etree._Element) -> RawInput:
        name, type_ = self._variable(element)
        return RawInput(" ".join(name.split()), type_, element.get("label"), self._words(element, "description"),
                        _origin(element))

    def _decision(self, element: etree._Element, language: str | None) -> RawDecision:
        name, type_ = self._variable(element)
        return RawDecision(" ".join(name.split()), type_, element.get("label"), self._words(element, "description"),
                           self._logic(element, language), _origin(element))

    def _logic(self, element: etree._Element, language: str | None) -> RawTable | RawText | str | None:
        table, literal = self._one(element, "decisionTable"), self._one(element, "literalExpression")
        if table is not None:
            return self._table(table, language)
        if literal is not None:
            text = self._words(literal, "text")
            own = _language(literal.get("expressionLanguage")) or language
            return RawText(text, own, _origin(literal)) if text else None
        kinds = ("context", "invocation", "relation", "list", "functionDefinition", "conditional", "for", "filter",
                 "some", "every")
        return next((kind for kind in kinds if self._one(element, kind) is not None), None)

    def _table(self, element: etree._Element, language: str | None) -> RawTable:
        return RawTable((element.get("hitPolicy") or "UNIQUE").upper(), element.get("aggregation"),
                        tuple(self._column(each, language) for each in self._all(element, "input")),
                        tuple(self._output(each) for each in self._all(element, "output")),
                        tuple(self._rule(each, language) for each in self._all(element, "rule")), _origin(element))

    def _column(self, element: etree._Element, language: str | None) -> RawColumn:
        expression = self._one(element, "inputExpression")
        text = self._words(expression, "text")
        type_ = _local(expression.get("typeRef")) if expression is not None else None
        own = _language(expression.get("expressionLanguage")) if expression is not None else None
        # Camunda writes the label alone where an analyst has named no expression yet
        return RawColumn(text or element.get("label") or "", type_, self._inner(element, "inputValues"),
                         own or language, element.get("label") == KNOWN, _origin(element))

    def _output(self, element: etree._Element) -> RawOutput:
        return RawOutput(element.get("name"), _local(element.get("typeRef")), self._inner(element, "outputValues"),
                         self._inner(element, "defaultOutputEntry"), _origin(element))

    def _rule(self, element: etree._Element, language: str | None) -> RawRule:
        entries = [*self._all(element, "inputEntry"), *self._all(element, "outputEntry")]
        own = next((found for entry in entries if (found := _language(entry.get("expressionLanguage")))), None)
        cells, outputs = ([self._words(entry, "text") for entry in self._all(element, tag)]
                          for tag in ("inputEntry", "outputEntry"))
        notes = [self._words(element, "description"), *(self._words(each, "text")
                                                        for each in self._all(element, "annotationEntry"))]
        return RawRule(element.get("label"), "; ".join(dict.fromkeys(note for note in notes if note)), tuple(cells),
                       tuple(outputs), own or language, _origin(element))


def _origin(element: etree._Element) -> Origin:
    return Origin(element.get("id") or etree.QName(element).localname, _line(element))


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


def _local(name: str | None) -> str | None:
    """A type's name without its prefix (``feel:string``)."""
    return name.strip().rpartition(":")[2] or None if name else None


def _language(language: str | None) -> str | None:
    """A language that is not FEEL, or None."""
    return None if not language or language.lower().rstrip("/") in {each.rstrip("/") for each in _FEEL} else language
