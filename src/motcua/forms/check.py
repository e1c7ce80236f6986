"""Checks a submission against its form: structure, types, choices, required, constraints, read-only nodes.

The slow path words every error; `fastcheck` first tells whether there can be any.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from motcua.errors import InputError, Problem
from motcua.forms import texts
from motcua.forms.actions import new_run, nodes_of
from motcua.forms.clock import Clock
from motcua.forms.evaluation import fault_of, recalculate
from motcua.forms.fastcheck import FastCheck, accepted_by, fast_check, may_be_composed, uploads_of
from motcua.forms.filetypes import is_accepted
from motcua.forms.instance import Instance, parse_submission
from motcua.forms.model import Bind, Definition, Form, FormText
from motcua.forms.names import namespace_of
from motcua.forms.nodes import Node, node_path
from motcua.forms.readonly import always_readonly, defaults_of, given_by_form
from motcua.forms.structure import Tied, tie
from motcua.forms.xml import excerpt
from motcua.forms.xpath.context import BudgetSpentError, Run

BUDGET_SECONDS = 2.0
MAX_ERRORS = 200

_KINDS = {
    "required": ("required", "SUB_111"),
    "type": ("type", "SUB_112"),
    "choice": ("constraint", "SUB_113"),
    "constraint": ("constraint", "SUB_114"),
}


@dataclass(frozen=True, slots=True)
class SubmissionError:
    """One thing wrong with a submission.

    ``kind``: required, constraint, type, unexpected, missing or malformed. ``path`` has row numbers.
    """

    path: str
    kind: str
    vi: str
    en: str

    def to_json(self) -> dict[str, str]:
        """As the contract shows it."""
        return {"path": self.path, "kind": self.kind, "vi": self.vi, "en": self.en}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that is no error.

    ``kind``: recomputed (our value differs from the one sent), dropped (a value where nothing is asked),
    unnamed (a file no answer names).
    """

    path: str
    kind: str
    sent: str
    ours: str = ""


@dataclass(frozen=True, slots=True)
class FormReport:
    """What a check found. ``pruned`` is the submission without what is not relevant, with our calculations."""

    errors: tuple[SubmissionError, ...]
    notes: tuple[Note, ...] = ()
    pruned: Instance | None = field(default=None, repr=False)

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @classmethod
    def malformed(cls, problems: Iterable[Problem]) -> FormReport:
        """The report of a submission that could not be read."""
        return cls(tuple(SubmissionError("/", "malformed", p.message("vi"), p.message("en")) for p in problems))

    def to_json(self) -> dict[str, Any]:
        """``motcua submission check --json``."""
        return {"valid": self.valid, "errors": [error.to_json() for error in self.errors]}


def check_bytes(form: Form, data: bytes, clock: Clock, files: Collection[str] | None = None) -> FormReport:
    """Parse and check; what cannot be read is reported as malformed, never raised."""
    try:
        return check(form, parse_submission(data), clock, files)
    except InputError as error:
        return FormReport.malformed(error.problems)


def check(form: Form, instance: Instance, clock: Clock, files: Collection[str] | None = None) -> FormReport:
    """Check a submission received at ``clock``.

    ``files``: the names of the files that came with it, if known; a mapping of names to media types has them
    held against what each upload accepts, too.
    """
    if instance.element is None:
        instance = parse_submission(instance.to_xml())
    assert instance.element is not None
    strange = _identity_fault(form, instance)
    if strange is not None:
        return FormReport((strange,))
    if _fits_quickly(form, instance, clock, files):
        return FormReport((), (), Instance(instance.element, None, form, instance.source))
    return check_slowly(form, instance, clock, files)


def check_slowly(form: Form, instance: Instance, clock: Clock, files: Collection[str] | None = None) -> FormReport:
    """The check by our own evaluation alone: `check` gives the same answer, sooner."""
    assert instance.element is not None
    checking = _Checking(form, tie(form, instance.element), clock)
    try:
        checking.run_all(files)
    except BudgetSpentError:
        checking.add(form.root.path, "constraint", "SUB_120")
    return FormReport(tuple(checking.errors[:MAX_ERRORS]), tuple(checking.notes), checking.pruned(form, instance))


def _fits_quickly(form: Form, instance: Instance, clock: Clock, files: Collection[str] | None) -> bool:
    element = instance.element
    if element is None or may_be_composed(instance.source):
        return False
    fast = fast_check(form, namespace_of(element))
    if fast is None or not fast.shows_no_fault(element, clock):
        return False
    if isinstance(files, Mapping) and not _fit_anywhere(fast, files.values()):
        return False  # which file is for which question is to be seen
    return files is None or set(files) == set(fast.file_names(element))


def _fit_anywhere(fast: FastCheck, kinds: Collection[str]) -> bool:
    """Whether every upload of the form takes files of all these media types."""
    return all(is_accepted(kind, accept) for kind in set(kinds) for accept in fast.accepts)


def _identity_fault(form: Form, instance: Instance) -> SubmissionError | None:
    """The wrong root, form id or version: nothing else can be said then."""
    element = instance.element
    assert element is not None
    name = str(element.tag).rpartition("}")[2]
    if name != form.root.name:
        return _error(f"/{excerpt(name)}", "unexpected", "SUB_106", name=excerpt(name), wanted=form.root.name)
    if form.id and instance.form_id != form.id and "id" in form.root_attributes:
        return _error(form.root.path, "unexpected", "SUB_107", id=excerpt(instance.form_id), wanted=form.id)
    if instance.version and instance.version != form.version:
        version = excerpt(instance.version)
        return _error(form.root.path, "unexpected", "SUB_108", version=version, wanted=form.version)
    return None


def _error(path: str, kind: str, code: str, /, **params: object) -> SubmissionError:
    problem = Problem(code, params)
    return SubmissionError(path, kind, problem.message("vi"), problem.message("en"))


class _Checking:
    """One check: the tree, its run, and what was found so far."""

    def __init__(self, form: Form, tied: Tied, clock: Clock) -> None:
        self.form, self.tied = form, tied
        self.run: Run = new_run(form, tied.root, clock, deadline=time.monotonic() + BUDGET_SECONDS)
        self.errors: list[SubmissionError] = []
        self.notes: list[Note] = []

    def add(self, path: str, kind: str, code: str, /, **params: object) -> None:
        """Note an error."""
        self.errors.append(_error(path, kind, code, **params))

    def run_all(self, files: Collection[str] | None) -> None:
        for path, code in self.tied.strangers[:MAX_ERRORS]:
            self.add(path, "unexpected", code)
        sent = self._calculated_texts()
        readonly = self._readonly_faults()
        counts = self._row_counts()
        recalculate(self.form, self.run, keep=True)
        self._compare_rows(counts)
        self._note_recomputed(sent)
        self._leaves(readonly)
        if files is not None:
            self._files(files)

    def _calculated_texts(self) -> list[tuple[Node, str]]:
        definitions = [definition for kind, definition in self.form.order if kind == "calculate"]
        nodes = [node for definition in definitions for node in nodes_of(self.tied.root, definition)]
        return [(node, node.text) for node in nodes if id(node) not in self.tied.absent]

    def _note_recomputed(self, sent: list[tuple[Node, str]]) -> None:
        for node, text in sent:
            if node.text != text and _is_live(node):
                self.notes.append(Note(node_path(node), "recomputed", text, node.text))

    def _row_counts(self) -> list[tuple[Node, Definition, int]]:
        """How many rows arrived for each repeat with a count."""
        counted = [definition for kind, definition in self.form.order if kind == "count"]
        return [
            (parent, definition, len(parent.children.get(definition.name, ())))
            for definition in counted
            if definition.parent is not None
            for parent in nodes_of(self.tied.root, definition.parent)
        ]

    def _compare_rows(self, counts: list[tuple[Node, Definition, int]]) -> None:
        for parent, definition, sent in counts:
            rows = parent.children.get(definition.name, [])
            path = f"{node_path(parent)}/{definition.name}"
            if len(rows) < sent and _is_live(parent):
                self.add(f"{path}[{len(rows) + 1}]", "unexpected", "SUB_109", sent=sent, wanted=len(rows))
            for row in rows[sent:]:
                self.tied.absent.add(id(row))
                self.tied.absent.update(id(below) for below in row.descendants(absent=True))

    def _readonly_faults(self) -> set[int]:
        """Nodes that are always read-only and yet hold what neither the form nor an action gave them."""
        found: set[int] = set()
        for definition in self.form.definitions.values():
            if definition.is_leaf and always_readonly(definition) and not given_by_form(self.form, definition):
                allowed = defaults_of(self.form, definition)
                found.update(
                    id(node)
                    for node in nodes_of(self.tied.root, definition)
                    if node.text not in allowed and id(node) not in self.tied.absent
                )
        return found

    def _leaves(self, readonly: set[int]) -> None:
        pending: list[tuple[Node, bool]] = [(self.tied.root, True)]
        while pending:
            node, relevant = pending.pop()
            definition = node.definition
            if definition is None:
                continue
            relevant = relevant and node.relevant
            if definition.children:
                below = [row for rows in node.children.values() for row in rows]
                pending.extend((row, relevant) for row in reversed(below))
            elif relevant:
                self._leaf(node, definition, readonly)
            elif node.text:
                self.notes.append(Note(node_path(node), "dropped", node.text))

    def _leaf(self, node: Node, definition: Definition, readonly: set[int]) -> None:
        bind = definition.bind
        required = bind is not None and bind.required is not None and bind.required.boolean(self.run, node)
        fault = fault_of(self.run, node, definition, bind, required)
        if fault == "required" and id(node) in self.tied.absent:
            self.add(node_path(node), "missing", "SUB_115")
        elif fault is not None:
            self._fault(node, bind, fault, definition)
        elif id(node) in readonly:
            self.add(node_path(node), "constraint", "SUB_116")

    def _fault(self, node: Node, bind: Bind | None, fault: str, definition: Definition) -> None:
        kind, code = _KINDS[fault]
        path = node_path(node)
        if fault == "type":
            code = {"date": "SUB_117", "int": "SUB_118", "decimal": "SUB_119"}.get(definition.type, code)
        plain = _error(path, kind, code, type=definition.type, value=excerpt(node.text))
        message = _own_message(bind, fault)
        if message is None:
            self.errors.append(plain)
            return
        vi, en = (texts.render(texts.in_language(self.run, lang), message, node) for lang in ("vi", "en"))
        self.errors.append(SubmissionError(path, kind, vi or plain.vi, en or plain.en))

    def _files(self, files: Collection[str]) -> None:
        """Each file an answer names must have come; others are kept and noted."""
        named = {node.text: node for node in self.uploads() if node.text and _is_live(node)}
        for name, node in named.items():
            if name not in files:
                self.add(node_path(node), "missing", "SUB_121", file=excerpt(name))
            elif isinstance(files, Mapping) and not is_accepted(files[name], accepted_by(node.definition)):
                self.add(node_path(node), "type", "SUB_122", file=excerpt(name), kind=files[name])
        self.notes.extend(Note("/", "unnamed", name) for name in files if name not in named)

    def uploads(self) -> list[Node]:
        """The nodes that name files."""
        return [node for definition in uploads_of(self.form) for node in nodes_of(self.tied.root, definition)]

    def pruned(self, form: Form, instance: Instance) -> Instance:
        """The data without non-relevant nodes."""
        root = self.tied.root
        _prune(root)
        return Instance(None, root, form, instance.source)


def _own_message(bind: Bind | None, fault: str) -> FormText | None:
    if bind is None or fault in ("type", "choice"):
        return None
    return bind.required_message if fault == "required" else bind.constraint_message


def _is_live(node: Node) -> bool:
    at: Node | None = node
    while at is not None:
        if not at.relevant:
            return False
        at = at.parent
    return True


def _prune(node: Node) -> None:
    for name, rows in node.children.items():
        node.children[name] = [row for row in rows if row.relevant]
        for row in node.children[name]:
            _prune(row)
