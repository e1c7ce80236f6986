"""The computed state of a filling: what each node and each control is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from motcua.errors import Problem
from motcua.forms import choices, texts
from motcua.forms.choices import OfferedChoice
from motcua.forms.instance import Instance, find_node
from motcua.forms.model import Control, Form, FormText, Media, Select1
from motcua.forms.nodes import Node
from motcua.forms.xpath.context import Run


@dataclass(frozen=True, slots=True)
class NodeState:
    """One leaf. A node that is not relevant shows the empty value: its own is kept in the instance.

    ``fault`` is what is wrong: "required", "type", "choice", "constraint", or None.
    """

    path: str
    value: str
    relevant: bool
    required: bool
    readonly: bool
    fault: str | None
    node: Node = field(repr=False, compare=False)

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.fault is None

    def to_json(self) -> dict[str, Any]:
        """As ``motcua form eval --json`` shows it."""
        return {
            "path": self.path,
            "value": self.value,
            "relevant": self.relevant,
            "required": self.required,
            "readonly": self.readonly,
            "valid": self.valid,
        }


class FormState:
    """What `motcua.forms.evaluate` found. Paths carry row numbers: ``/data/well[2]/depth``.

    ``instance`` is the data after calculation; ``nodes`` the leaves in document order.
    """

    def __init__(self, form: Form, instance: Instance, run: Run, nodes: tuple[NodeState, ...]) -> None:
        self.form, self.instance, self.nodes = form, instance, nodes
        self._run = run

    @property
    def valid(self) -> bool:
        """Whether every node is."""
        return all(state.fault is None for state in self.nodes)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Values that could not be read as an expression meant, e.g. a date that does not exist."""
        return tuple(Problem(code, {"text": about[:40]}, severity="warning") for code, about in self._run.notes)

    @cached_property
    def _by_path(self) -> Mapping[str, NodeState]:
        return {state.path: state for state in self.nodes}

    def get(self, path: str) -> NodeState | None:
        """The leaf at ``path``."""
        return self._by_path.get(path)

    def relevant(self, path: str) -> bool:
        """Whether the node at ``path`` (leaf, group or row) and all around it are relevant."""
        at = self._node(path)
        if at is None:
            return False
        while at is not None:
            if not at.relevant:
                return False
            at = at.parent
        return True

    def rows(self, path: str) -> int:
        """How many rows the repeat at ``path`` has."""
        return self.instance.rows(path)

    def label(self, control: Control, path: str | None = None, lang: str = "vi") -> str:
        """The control's label where it stands; ``path`` is its node with rows, or the root's."""
        return self.text(control.label, path, lang)

    def hint(self, control: Control, path: str | None = None, lang: str = "vi") -> str:
        """The control's hint."""
        return self.text(control.hint, path, lang)

    def guidance(self, control: Control, path: str | None = None, lang: str = "vi") -> str:
        """The longer guidance beside the hint."""
        return self.text(control.hint, path, lang, part="guidance")

    def media(self, text: FormText | None, lang: str = "vi") -> tuple[Media, ...]:
        """Pictures, sounds and films of a text."""
        wording = texts.wording_of(self.form, text, lang) if text is not None else None
        return wording.media if wording is not None else ()

    def text(self, text: FormText | None, path: str | None = None, lang: str = "vi", *, part: str = "parts") -> str:
        """Any text of the form with its outputs computed at ``path``: plain text, to be escaped when shown."""
        node = self._node(path) if path is not None else self._run.root
        return texts.render(self._in(lang), text, node or self._run.root, part=part)

    def choices(self, control: Select1, path: str, lang: str = "vi") -> tuple[OfferedChoice, ...]:
        """The choices offered at ``path`` now, in order."""
        node = self._node(path)
        return choices.offered(self._in(lang), control, node) if node is not None else ()

    def required_message(self, path: str, lang: str = "vi") -> str:
        """The form's own words for an empty required answer, or nothing."""
        node = self._node(path)
        bind = node.definition.bind if node is not None and node.definition is not None else None
        return self.text(bind.required_message, path, lang) if bind is not None else ""

    def constraint_message(self, path: str, lang: str = "vi") -> str:
        """The form's own words for a broken constraint, or nothing."""
        node = self._node(path)
        bind = node.definition.bind if node is not None and node.definition is not None else None
        return self.text(bind.constraint_message, path, lang) if bind is not None else ""

    def to_json(self) -> dict[str, Any]:
        """``motcua form eval --json``."""
        return {"valid": self.valid, "nodes": [state.to_json() for state in self.nodes]}

    def _node(self, path: str) -> Node | None:
        return find_node(self._run.root, path)

    def _in(self, lang: str) -> Run:
        return self._run if lang == self._run.lang else texts.in_language(self._run, lang)
