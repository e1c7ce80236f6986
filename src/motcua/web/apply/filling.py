"""One filling under way: the draft's instance, what a posted page changes in it, and its files."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from multipart import MultipartPart

from motcua.dossiers import DocumentFile, Draft, FormVersion, save_draft
from motcua.errors import InputError, Problem
from motcua.forms import (
    SUBMISSION_LIMITS,
    Clock,
    FormState,
    Instance,
    add_row,
    evaluate,
    is_accepted,
    load_instance,
    media_type,
    parse_xml,
    remove_row,
    set_value,
)
from motcua.forms.pages import PageView, Rows, Typed, Viewer, all_rows
from motcua.forms.posted import SHOWN, Reading, faults, read_page, stored_name
from motcua.forms.questions import Question

if TYPE_CHECKING:
    from motcua.forms import Form
    from motcua.forms.nodes import Node
    from motcua.procedures import Procedure

#: Bytes of a file that its kind is judged by.
SAMPLE = 4096



@dataclass(slots=True)
class Filling:
    """A draft being changed. Nothing is stored before `save`."""

    draft: Draft
    form: Form
    procedure: Procedure
    now: datetime
    lang: str
    instance: Instance
    files: dict[str, DocumentFile | None] = field(default_factory=dict)
    file_errors: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft, form: Form, procedure: Procedure, now: datetime, lang: str) -> Filling:
        """The filling as the draft has it."""
        return cls(draft, form, procedure, now, lang, load_instance(form, draft.xml))

    @property
    def clock(self) -> Clock:
        """The instant of this request."""
        return Clock(self.now)

    def state(self) -> FormState:
        """The computed state of the answers so far."""
        return evaluate(self.form, self.instance, self.clock, self.lang)

    def viewer(self, state: FormState, typed: Typed | None = None) -> Viewer:
        """Makes views of its pages."""
        return Viewer(self.form, state, self.lang, typed, self.procedure)

    def kept_typed(self) -> Typed:
        """The wrong answers the draft keeps as typed, for all pages."""
        fields: dict[str, tuple[str, ...]] = {}
        for name, text in self.draft.answers:
            fields[name] = (*fields.get(name, ()), text)
        return Typed(fields)

    def answer(self, view: PageView, fields: Mapping[str, tuple[str, ...]]) -> Reading:
        """Take the answers of a posted page into the instance."""
        reading = read_page(view, fields, self.lang)
        for path, value in reading.changes.items():
            if self.instance.get(path) != value:
                set_value(self.form, self.instance, path, value, self.clock)
        return reading

    def take_files(self, view: PageView, uploads: Mapping[str, MultipartPart], most: int) -> None:
        """Keep the files posted with a page, also when other answers of it are wrong."""
        for question in view.questions():
            part = uploads.get(question.name)
            if question.kind != "file" or part is None or (not part.filename and not part.size):
                continue
            try:
                file = accept_file(question, part, most)
            except InputError as error:
                self.file_errors[question.name] = (error.problems[0].message(self.lang), "")
                continue
            self._replace_file(question.path, file)

    def drop_file(self, question: Question) -> None:
        """Remove the file of a question."""
        self._replace_file(question.path, None)

    def _replace_file(self, path: str, file: DocumentFile | None) -> None:
        old = self.instance.get(path)
        if old:
            self.files[old] = None
        if file is not None:
            self.files[file.name] = file
        set_value(self.form, self.instance, path, file.name if file else "", self.clock)

    def file(self, name: str) -> DocumentFile | None:
        """A file of the filling by its stored name, as it will be after saving."""
        found: DocumentFile | None = self.files[name] if name in self.files else self.draft.files.get(name)
        return found

    def change_rows(self, action: str, name: str, view: PageView) -> str | None:
        """Add or remove a row that the page shows; the path of a new row, or None."""
        for rows in all_rows(view.items):
            if not rows.may_change:
                continue
            if action == "add" and name == rows.name:
                return self._add_row(rows)
            row = next((row for row in rows.rows if row.name == name), None)
            if action == "remove" and row is not None:
                self._drop_files_below(f"{rows.path}[{row.number}]")
                remove_row(self.form, self.instance, f"{rows.path}[{row.number}]")
        return None

    def _add_row(self, rows: Rows) -> str:
        add_row(self.form, self.instance, rows.path, self.clock)
        return f"{rows.path}[{self.instance.rows(rows.path)}]"

    def _drop_files_below(self, row: str) -> None:
        for node in self.state().nodes:
            if node.path.startswith(f"{row}/") and self.instance.get(node.path) in self.draft.files:
                self.files[self.instance.get(node.path)] = None

    def rows_to_be_lost(self) -> int:
        """How many answered rows the answers as they stand would drop, where the form counts the rows."""
        return _lost_rows(self.instance.tree(), self.state().instance.tree())

    def errors(self, view: PageView, state: FormState, reading: Reading) -> dict[str, tuple[str, str]]:
        """The errors of a page in page order, those of files among them."""
        found = faults(view, state, reading, self.lang)
        found.update(self.file_errors)
        order = [question.name for question in view.questions()]
        return {name: found[name] for name in sorted(found, key=order.index)}

    def dropped(self) -> tuple[str, ...]:
        """Answers of the draft that today's version of the form no longer asks for, as they were."""
        if self.draft.form.digest == self.form.digest:
            return ()
        return tuple(f"{path.rpartition('/')[2]}: {text}" for path, text in leaves(self.draft.xml)
                     if path not in self.form.definitions)

    def save(self, *, revision: int, page: str, reading: Reading | None, view: PageView | None,
             life: timedelta) -> None:
        """Store it as the draft's next revision, with the wrong answers of the page as typed."""
        answers = tuple(pair for pair in self.draft.answers if not _is_of(pair[0], view))
        state = self.state()
        save_draft(self.draft, revision=revision, xml=state.instance.to_xml(), page=page, now=self.now,
                   files=self.files, answers=(*answers, *(reading.wrong if reading else ())), life=life)
        self.draft.form = form_version(self.form)


def _lost_rows(before: Node, after: Node) -> int:
    lost = 0
    for name, rows in before.children.items():
        kept = after.children.get(name, [])
        lost += sum(any(node.text for node in row.descendants(absent=True)) for row in rows[len(kept):])
        lost += sum(_lost_rows(row, twin) for row, twin in zip(rows, kept, strict=False))
    return lost


def form_version(form: Form) -> FormVersion:
    """Which form a filling is on."""
    return FormVersion(form.id, form.version, form.digest)


def leaves(xml: bytes) -> Iterator[tuple[str, str]]:
    """Path without row numbers, and text, of every answered leaf of an instance."""
    pending = [(parse_xml(xml, SUBMISSION_LIMITS), "")]
    while pending:
        element, above = pending.pop()
        path = f"{above}/{str(element.tag).rpartition('}')[2]}"
        pending.extend((child, path) for child in reversed(element))
        if len(element) == 0 and (element.text or "").strip():
            yield path, (element.text or "").strip()


def _is_of(name: str, view: PageView | None) -> bool:
    """Whether a kept text belongs to a question of the page being saved."""
    return view is not None and any(name == question.name or name.startswith(f"{question.name}.")
                                    for question in view.questions())


def split_posted(posted: Any) -> tuple[dict[str, tuple[str, ...]], dict[str, MultipartPart]]:
    """The text fields and the files of a posted form, by name; of several files of one name the first."""
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, MultipartPart] = {}
    for name, value in posted.items():
        if isinstance(value, MultipartPart):
            files.setdefault(name, value)
        else:
            fields[name] = (*fields.get(name, ()), value)
    return fields, files


def accept_file(question: Question, part: MultipartPart, most: int) -> DocumentFile:
    """A posted file as it is stored.

    Raises:
        InputError: WEB_113 to WEB_116: too large, of another kind, a hostile name, empty.
    """
    original = part.filename or ""
    name = stored_name(original, secrets.token_hex(8))
    if part.size == 0:
        raise InputError(Problem("WEB_116", {"name": original}))
    if part.size > most:
        raise InputError(Problem("WEB_113", {"name": original, "most": most // 1024**2}))
    part.file.seek(0)
    kind = media_type(part.file.read(SAMPLE), original)
    part.file.seek(0)
    if not is_accepted(kind, question.accept):
        raise InputError(Problem("WEB_114", {"name": original, "accept": question.accept}))
    return DocumentFile(part.file, name=name, document=question.document or None, original_name=original,
                        media_type=kind)


def new_questions(view: PageView, fields: Mapping[str, tuple[str, ...]]) -> tuple[Question, ...]:
    """The relevant questions that the posted page did not show yet: they have appeared by its answers."""
    shown = set(fields.get(SHOWN, ()))
    return tuple(question for question in view.questions()
                 if question.relevant and question.kind not in ("shown", "note") and question.name not in shown)

