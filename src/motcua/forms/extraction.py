"""Facts and documents out of a checked submission, each with the node it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from motcua.conditions import Type, Value
from motcua.errors import InputError, Problem
from motcua.forms.binding import FactBinding, bindings, convert
from motcua.forms.check import SubmissionError
from motcua.forms.instance import Instance
from motcua.forms.model import Definition, Form
from motcua.forms.nodes import Node, node_path
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
        files = tuple(text for _, text in reading.texts(definition) if text)
        documents[name] = documents.get(name, ()) + files
    present = {name: files for name, files in documents.items() if files}
    return Extraction(reading.facts, reading.origins, present, tuple(reading.errors))


class _Reading:
    """One extraction."""

    def __init__(self, instance: Instance) -> None:
        self.root = instance.tree()
        self.facts: dict[str, Value] = {}
        self.origins: dict[str, str] = {}
        self.errors: list[SubmissionError] = []

    def texts(self, definition: Definition) -> Iterator[tuple[Node, str]]:
        """The relevant nodes of a definition with their texts."""
        found = [self.root]
        for part in definition.chain()[1:]:
            found = [child for node in found for child in node.children.get(part.name, ()) if child.relevant]
        return ((node, node.text) for node in found)

    def fact(self, binding: FactBinding) -> None:
        nodes = list(self.texts(binding.definition))
        if binding.in_repeat:
            self._rows(binding, nodes)
        elif nodes:
            node, text = nodes[0]
            value = self._converted(binding, binding.type, node, text) if text else None
            self._put(binding, value, node_path(node))
        elif binding.has_otherwise:
            self._put(binding, binding.otherwise, binding.definition.path)

    def _rows(self, binding: FactBinding, nodes: list[tuple[Node, str]]) -> None:
        """One place per row; where the fact is itself a list, the rows' words together."""
        kind = binding.type
        each = Type("one of", None, kind.list, kind.values) if kind.kind == "list of" else kind
        values = [self._converted(binding, each, node, text) if text else None for node, text in nodes]
        if kind.kind == "list of":
            words: tuple[str, ...] = tuple(dict.fromkeys(str(value) for value in values if value is not None))
            self._put(binding, words or None, binding.definition.path)
        elif any(value is not None for value in values):
            self._put(binding, tuple(values), binding.definition.path)  # type: ignore[arg-type]

    def _converted(self, binding: FactBinding, kind: Type, node: Node, text: str) -> Value | None:
        try:
            return convert(kind, text, binding.words)
        except InputError as error:
            path = node_path(node)
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
