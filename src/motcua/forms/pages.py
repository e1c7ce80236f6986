"""A form as pages: which pages there are, and what a page shows now.

In: a `Form` and its `FormState`. Out: plain values for templates; nothing here knows how they are drawn.
A page is a top-level group, the loose questions around groups, or a repeat with more than `INLINE_QUESTIONS`
questions a row (its rows then have pages of their own). Names of fields are node paths with rows, without
the root (``well[2].depth``); ids are made from names so that no two are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from motcua.conditions import Type, read_value
from motcua.errors import InputError
from motcua.forms.choices import OfferedChoice
from motcua.forms.model import Control, Definition, Form, FormText, Group, Repeat, Select1, Upload
from motcua.forms.questions import (
    ANSWERED,
    Question,
    date_boxes,
    field_names,
    id_of,
    kind_of,
    name_of,
    shown_value,
    texts_of,
    width_of,
)
from motcua.forms.state import FormState
from motcua.forms.texts import language_code, language_for
from motcua.forms.typed import money_in_words
from motcua.procedures import Procedure

#: A row with more questions than this has a page of its own.
INLINE_QUESTIONS = 4
#: Up to so many choices are radio buttons.
MOST_RADIOS = 7
#: Page ids that addresses of a draft already use.
RESERVED = frozenset({"check", "assessment", "send", "recalc", "file", "remove", "keep", "link"})

@dataclass(frozen=True, slots=True)
class Page:
    """One page of the plan. ``repeat`` is set where the page is the list of a repeat's rows."""

    id: str
    label: FormText | None
    ref: str | None
    controls: tuple[Control, ...]
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group inside a page: a fieldset where it has a label."""

    kind: Literal["section"]
    id: str
    label: str
    hint: str
    relevant: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeat; ``name`` is what the buttons send, ``summary`` its first answers."""

    id: str
    name: str
    number: int
    summary: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeat inside a page, or the list page of one (``own_pages``)."""

    kind: Literal["rows"]
    id: str
    name: str
    path: str
    label: str
    hint: str
    relevant: bool
    rows: tuple[Row, ...]
    may_change: bool
    own_pages: bool = False


Item = Question | Section | Rows


@dataclass(frozen=True, slots=True)
class PageView:
    """What a page shows: its title and items. ``single`` is set where one question makes the page."""

    page: Page
    title: str
    hint: str
    items: tuple[Item, ...]
    row: int | None = None

    def questions(self) -> tuple[Question, ...]:
        """Every question in page order, non-relevant ones too."""
        return tuple(_questions(self.items))

    @property
    def single(self) -> Question | None:
        """The one relevant question whose label is the page's title, if that is so."""
        only = self.items[0] if len(self.items) == 1 else None
        fits = isinstance(only, Question) and only.kind in ANSWERED - {"tick"} and only.label == self.title
        return only if fits and isinstance(only, Question) else None


def _questions(items: Iterable[Item]) -> Iterator[Question]:
    for item in items:
        if isinstance(item, Question):
            yield item
        elif isinstance(item, Section):
            yield from _questions(item.items)
        else:
            for row in item.rows:
                yield from _questions(row.items)


# -- the plan


@lru_cache(maxsize=256)
def plan(form: Form) -> tuple[Page, ...]:
    """The pages of a form, in order; the same for every filling of it."""
    found: list[Page] = []
    loose: list[Control] = []
    for control in _unwrapped(form, form.body):
        if isinstance(control, Group) or _is_big(control):
            found += _loose_page(loose)
            loose = []
            found += _group_pages(form, control)
        else:
            loose.append(control)
    found += _loose_page(loose)
    return _named(found)


def _unwrapped(form: Form, controls: Iterable[Control]) -> Iterator[Control]:
    """Top-level controls; a group with neither label nor ref is only its children."""
    for control in controls:
        if isinstance(control, Group) and control.label is None and control.ref is None:
            yield from _unwrapped(form, control.children)
        else:
            yield control


def _group_pages(form: Form, control: Control) -> list[Page]:
    """The page of a group, cut at the big repeats directly in it."""
    if isinstance(control, Repeat):
        return [Page("", control.label, control.ref, (control,), control)]
    assert isinstance(control, Group)
    found: list[Page] = []
    loose: list[Control] = []
    for child in control.children:
        repeat = wrapped_repeat(child)
        if repeat is not None and _is_big(repeat):
            if loose:
                found.append(Page("", control.label, control.ref, tuple(loose)))
                loose = []
            found.append(Page("", child.label or repeat.label or control.label, repeat.ref, (repeat,), repeat))
        else:
            loose.append(child)
    if loose:
        found.append(Page("", control.label, control.ref, tuple(loose)))
    return found


def wrapped_repeat(control: Control) -> Repeat | None:
    """The repeat itself, or the one that a group (as pyxform writes them) is only the heading of."""
    if isinstance(control, Repeat):
        return control
    if isinstance(control, Group) and len(control.children) == 1 and isinstance(control.children[0], Repeat):
        return control.children[0]
    return None


def _is_big(control: Control) -> bool:
    return isinstance(control, Repeat) and sum(1 for _ in _leaves(control.children)) > INLINE_QUESTIONS


def _leaves(controls: Iterable[Control]) -> Iterator[Control]:
    for control in controls:
        if isinstance(control, (Group, Repeat)):
            yield from _leaves(control.children)
        else:
            yield control


def _loose_page(controls: list[Control]) -> list[Page]:
    if not controls:
        return []
    label = controls[0].label if len(controls) == 1 else None
    return [Page("", label, None, tuple(controls))]


def _named(pages: list[Page]) -> tuple[Page, ...]:
    """Give each page its id: the name of its node where that is free and fit for an address, else a number."""
    taken = set(RESERVED)
    named = []
    for number, page in enumerate(pages, start=1):
        word = (page.ref or (page.controls[0].ref if len(page.controls) == 1 else "") or "").rpartition("/")[2]
        fit = word.isascii() and word.replace("_", "").replace("-", "").isalnum()
        page_id = word if fit and word not in taken and not word.isdigit() else f"page-{number}"
        taken.add(page_id)
        named.append(replace(page, id=page_id))
    return tuple(named)


def shown_pages(form: Form, state: FormState) -> tuple[Page, ...]:
    """The pages with something to answer or read now."""
    return tuple(page for page in plan(form) if _has_content(form, state, page))


def _has_content(form: Form, state: FormState, page: Page) -> bool:
    return _is_anything_shown(Viewer(form, state), page.controls)


def _is_anything_shown(viewer: Viewer, controls: Iterable[Control]) -> bool:
    """Whether a question or an open repeat is relevant; rows need not be looked into."""
    for control in controls:
        repeat = wrapped_repeat(control)
        if repeat is not None:
            if viewer.is_repeat_shown(repeat):
                return True
        elif isinstance(control, Group):
            if _is_anything_shown(viewer, control.children):
                return True
        else:
            node = viewer.state.get(viewer.path_of(control.ref or "", {}))
            if node is not None and node.relevant:
                return True
    return False


def all_rows(items: Iterable[Item]) -> Iterator[Rows]:
    """Every repeat of a page, those in rows of others too."""
    for item in items:
        if isinstance(item, Section):
            yield from all_rows(item.items)
        elif isinstance(item, Rows):
            yield item
            for row in item.rows:
                yield from all_rows(row.items)


# -- what a page shows


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed on a page: the texts of fields by field name, and the errors by question name."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()


class Viewer:
    """Makes views of pages of one state in one language."""

    def __init__(self, form: Form, state: FormState, lang: str = "vi", typed: Typed | None = None,
                 procedure: Procedure | None = None) -> None:
        self.form, self.state, self.lang = form, state, lang
        self.typed = typed or Typed()
        self.procedure = procedure

    def page(self, page: Page, row: int | None = None) -> PageView:
        """The page, or with ``row`` the page of that row of its repeat."""
        title = self.state.text(page.label, page.ref, self.lang) if page.label else ""
        title = title or self.state.form.title
        if page.repeat is None:
            return PageView(page, title, "", tuple(self._items(page.controls, {})))
        repeat = page.repeat
        if row is None:
            rows = self._rows(repeat, {}, page.label, own_pages=True)
            return PageView(page, title, "", (rows,))
        numbers = {repeat.ref or "": row}
        return PageView(page, f"{title} – {row}", "", tuple(self._items(repeat.children, numbers)), row)

    def _items(self, controls: Iterable[Control], numbers: Mapping[str, int]) -> Iterator[Item]:
        for control in controls:
            repeat = wrapped_repeat(control)
            if repeat is not None:
                yield self._rows(repeat, numbers, control.label or repeat.label)
            elif isinstance(control, Group):
                yield self._section(control, numbers)
            else:
                yield self.question(control, self.path_of(control.ref or "", numbers))

    def path_of(self, ref: str, numbers: Mapping[str, int]) -> str:
        """``ref`` with the row numbers of ``numbers`` (by repeat path) in it."""
        path, plain = "", ""
        for step in ref.split("/")[1:]:
            plain += f"/{step}"
            definition = self.form.definitions.get(plain)
            numbered = definition is not None and definition.repeat is not None
            path += f"/{step}[{numbers.get(plain, 1)}]" if numbered else f"/{step}"
        return path

    def _section(self, group: Group, numbers: Mapping[str, int]) -> Section:
        path = self.path_of(group.ref, numbers) if group.ref else None
        items = tuple(self._items(group.children, numbers))
        relevant = self.state.relevant(path) if path else True
        key = path or f"/x/group-{group.line}-{'-'.join(map(str, numbers.values()))}"
        return Section("section", id_of(name_of(key)), self.state.label(group, path, self.lang),
                       self.state.hint(group, path, self.lang), relevant, items)

    def _rows(self, repeat: Repeat, numbers: Mapping[str, int], label: FormText | None, *,
              own_pages: bool = False) -> Rows:
        ref = repeat.ref or ""
        path = self.path_of(ref, numbers).rpartition("[")[0]
        count = self.state.rows(path)
        rows = tuple(self._row(repeat, path, {**numbers, ref: number}, number, own_pages=own_pages)
                     for number in range(1, count + 1))
        above = path.rpartition("/")[0]
        relevant = self.is_repeat_shown(repeat, numbers)
        shown = tuple(row for row in rows if self.state.relevant(f"{path}[{row.number}]"))
        return Rows("rows", id_of(name_of(path)), name_of(path), path, self.state.text(label, above, self.lang),
                    self.state.hint(repeat, above, self.lang), relevant, shown, not repeat.fixed, own_pages)

    def is_repeat_shown(self, repeat: Repeat, numbers: Mapping[str, int] | None = None) -> bool:
        """Whether a repeat has rows to show, or may be given one."""
        path = self.path_of(repeat.ref or "", numbers or {}).rpartition("[")[0]
        if self.state.rows(path):
            return self.state.relevant(f"{path}[1]")
        above = path.rpartition("/")[0]
        return not repeat.fixed and (above.count("/") <= 1 or self.state.relevant(above))

    def _row(self, repeat: Repeat, path: str, numbers: Mapping[str, int], number: int, *,
             own_pages: bool) -> Row:
        items = tuple(self._items(repeat.children, numbers))
        shown = [question.shown for question in _questions(items)
                 if question.relevant and question.kind in ANSWERED]
        summary = ", ".join([text for text in shown if text][:3])
        name = f"{name_of(path)}[{number}]"
        return Row(id_of(name), name, number, summary, () if own_pages else items)

    # -- one question

    def question(self, control: Control, path: str) -> Question:
        """The question at ``path`` (with rows) as it stands."""
        node = self.state.get(path)
        definition = self.form.definitions[control.ref or ""]
        name = name_of(path)
        kind = kind_of(control, definition, node)
        value = node.value if node else ""
        # a value hidden by relevance is kept in the instance, and shown again with its question
        kept = value or self.state.instance.get(path)
        error, part = self.typed.errors.get(name, ("", ""))
        base = Question(
            kind, id_of(name), name, path, self.state.label(control, path, self.lang) or name,
            self.state.hint(control, path, self.lang), self.state.guidance(control, path, self.lang),
            required=bool(node and node.required), relevant=bool(node and node.relevant), value=value,
            error=error, wrong_part=part, parts=date_boxes(control.appearance),
            document=_motcua(definition, "document"), autocomplete=_motcua(definition, "autocomplete"))
        return self._filled(base, control, definition, kept)

    @property
    def text_language(self) -> str:
        """The language the form's texts come in, where it is not the one asked for; else ""."""
        code = language_code(language_for(self.form, self.lang)).partition("-")[0]
        return "" if code == self.lang or len(code) not in (2, 3) else code

    def _filled(self, base: Question, control: Control, definition: Definition, kept: str) -> Question:
        typed = self._typed_texts(base, kept)
        width, accept = width_of(control, definition), ""
        choices: tuple[OfferedChoice, ...] = ()
        if isinstance(control, Select1):
            choices = self.state.choices(control, base.path, self.lang)
            if base.kind == "radios" and len(choices) > MOST_RADIOS:
                base = replace(base, kind="list")
        if isinstance(control, Upload):
            accept = control.accept or ("" if control.mediatype == "*/*" else control.mediatype)
        chosen = frozenset(typed if base.kind in ("yes_no", "radios", "list", "boxes", "tick") else ())
        words = self._in_words(base, definition, kept) if base.kind in ("number", "shown") else ""
        filled = replace(base, typed=typed, choices=choices, chosen=chosen, width=width, accept=accept,
                         in_words=words)
        return replace(filled, shown=shown_value(filled, self.lang))

    def _typed_texts(self, question: Question, kept: str) -> tuple[str, ...]:
        """The texts of the question's boxes: as typed where it was just posted, else from the instance."""
        if question.name in self.typed.read:
            nothing = () if question.kind in ("boxes", "radios", "list", "yes_no", "tick") else ("",)
            fields = self.typed.fields
            return tuple(text for name in field_names(question) for text in fields.get(name) or nothing)
        return texts_of(question.kind, kept)

    def _in_words(self, question: Question, definition: Definition, kept: str) -> str:
        attributes = definition.bind.attributes if definition.bind else {}
        fact = self.procedure.facts.get(attributes.get("fact", "")) if self.procedure else None
        if fact is None or fact.type.kind != "money" or not kept:
            return ""
        try:
            amount = read_value(Type("money", attributes.get("unit") or fact.type.unit), Decimal(kept))
        except (InputError, ArithmeticError):
            return ""
        assert isinstance(amount, (int, Decimal))
        return money_in_words(amount, self.lang)


def _motcua(definition: Definition, name: str) -> str:
    """A ``motcua:`` attribute of the node's bind, or ""."""
    return definition.bind.attributes.get(name, "") if definition.bind else ""
