"""Facts and documents out of a checked submission, each with the node it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from motcua.conditions import Type, Value
from motcua.errors import InputError, Problem
from motcua.forms.binding import FactBinding, Reader, bindings, reader
from motcua.forms.check import SubmissionError
from motcua.forms.instance import Instance
from motcua.forms.model import Definition, Form
from motcua.forms.names import namespace_of
from motcua.forms.nodes import node_path
from motcua.procedures import Procedure


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a submission says in the words of a procedure.

    ``facts`` hold typed values in canonical units (lists over rows hold None where a row is empty);
    ``origins`` the node of each; ``documents`` the file names of each document; ``errors`` the nodes whose
    text is no value of their fact.
    """

    facts: Mapping[str, Value]
    origins: Mapping[str, str]
    documents: Mapping[str, tuple[str, ...]]
    errors: tuple[SubmissionError, ...] = ()


def extract(form: Form, instance: Instance, procedure: Procedure) -> Extraction:
    """Facts of ``instance``, the pruned data of a check or the data of a draft's `FormState`.

    Empty and non-relevant nodes give no fact, except where the form says ``motcua:otherwise``.
    """
    found = bindings(form, procedure)
    reading = _Reading(instance)
    for binding in found.facts:
        reading.fact(binding)
    documents: dict[str, tuple[str, ...]] = {}
    for definition, name in found.documents:
        files = tuple(text for text in reading.every_text(definition) if text)
        documents[name] = documents.get(name, ()) + files
    present = {name: files for name, files in documents.items() if files}
    return Extraction(reading.facts, reading.origins, present, tuple(reading.errors))


@lru_cache(maxsize=4096)
def steps_below(definition: Definition, namespace: str) -> str:
    """The steps from the root element to a definition, for `lxml`'s ``find``."""
    prefix = f"{{{namespace}}}" if namespace else ""
    return "/".join(prefix + part.name for part in definition.chain()[1:])


def element_path(element: etree._Element, definition: Definition) -> str:
    """The path of the element of ``definition``, with the numbers of its rows."""
    at: etree._Element | None = element
    parts: list[str] = []
    for part in reversed(definition.chain()):
        if at is None:
            break
        number = 1 + sum(1 for _ in at.itersiblings(at.tag, preceding=True)) if part.repeat is not None else 0
        parts.append(f"{part.name}[{number}]" if number else part.name)
        at = at.getparent()
    return "/" + "/".join(reversed(parts))


class _Reading:
    """One extraction."""

    def __init__(self, instance: Instance) -> None:
        # a submission that was shown to have no fault is still XML: its nodes are looked up there
        self.element = instance.element if instance.root is None else None
        self.root = None if self.element is not None else instance.tree()
        self.namespace = "" if self.element is None else namespace_of(self.element)
        self._prefix = f"{{{self.namespace}}}" if self.namespace else ""
        self._groups: dict[Definition | None, dict[str, str]] = {}
        self.facts: dict[str, Value] = {}
        self.origins: dict[str, str] = {}
        self.errors: list[SubmissionError] = []

    def texts(self, definition: Definition) -> list[tuple[str, str]]:
        """The paths of a definition's relevant nodes with their texts."""
        if self.element is not None:
            steps = steps_below(definition, self.namespace)
            return [(element_path(found, definition), found.text or "") for found in self.element.findall(steps)]
        nodes = [self.root] if self.root is not None else []
        for part in definition.chain()[1:]:
            nodes = [child for node in nodes for child in node.children.get(part.name, ()) if child.relevant]
        return [(node_path(node), node.text) for node in nodes]

    def every_text(self, definition: Definition) -> list[str]:
        """The texts of a definition's relevant nodes, without their paths."""
        if self.element is None or definition.repeats():
            return [text for _, text in self.texts(definition)]
        text = self._only_text(definition)
        return [] if text is None else [text]

    def _only_text(self, definition: Definition) -> str | None:
        """The text of a node outside repeats; None where it is not there."""
        if self.element is None:
            found = self.texts(definition)
            return found[0][1] if found else None
        above = definition.parent
        beside = self._groups.get(above)
        if beside is None:
            group = (
                self.element
                if above is None or above.parent is None
                else self.element.find(steps_below(above, self.namespace))
            )
            beside = {} if group is None else {child.tag: child.text or "" for child in group}
            self._groups[above] = beside
        return beside.get(self._prefix + definition.name)

    def fact(self, binding: FactBinding) -> None:
        if binding.in_repeat:
            self._rows(binding, self.texts(binding.definition))
            return
        text = self._only_text(binding.definition)
        if text is not None:
            path = binding.definition.path
            self._put(binding, self._converted(binding.read, path, text) if text else None, path)
        elif binding.has_otherwise:
            self._put(binding, binding.otherwise, binding.definition.path)

    def _rows(self, binding: FactBinding, nodes: list[tuple[str, str]]) -> None:
        """One place per row; where the fact is itself a list, the rows' words together."""
        kind = binding.type
        each = Type("one of", None, kind.list, kind.values) if kind.kind == "list of" else kind
        read = binding.read if each is kind else reader(each, binding.words)
        values = [self._converted(read, path, text) if text else None for path, text in nodes]
        if kind.kind == "list of":
            words: tuple[str, ...] = tuple(dict.fromkeys(str(value) for value in values if value is not None))
            self._put(binding, words or None, binding.definition.path)
        elif any(value is not None for value in values):
            self._put(binding, tuple(values), binding.definition.path)  # type: ignore[arg-type]

    def _converted(self, read: Reader, path: str, text: str) -> Value | None:
        try:
            return read(text)
        except InputError as error:
            self.errors.extend(
                SubmissionError(path, "type", problem.message("vi"), problem.message("en"))
                for problem in error.problems
            )
            return None

    def _put(self, binding: FactBinding, value: Value | None, path: str) -> None:
        if value is None:
            return
        name = binding.fact.id
        earlier = self.origins.get(name)
        if earlier is not None:
            problem = Problem("SUB_131", {"fact": binding.fact.title, "first": earlier})
            self.errors.append(SubmissionError(path, "constraint", problem.message("vi"), problem.message("en")))
            return
        self.facts[name] = value
        self.origins[name] = path
