"""The answers of a filled-in form, page by page, as they are shown for checking and on a dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from motcua.dossiers import DocumentFile
from motcua.forms import Form, FormState, pages
from motcua.forms.pages import Page, PageView, Rows, Section, Viewer
from motcua.forms.questions import Question


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer: label, what was answered ("" for nothing), the file it names, the place to change it."""

    label: str
    answer: str
    file: DocumentFile | None = None
    change_url: str = ""
    in_words: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers under one heading."""

    title: str
    lines: tuple[AnswerLine, ...]
    depth: int = 0


def answer_groups(form: Form, state: FormState, viewer: Viewer, files: Mapping[str, DocumentFile],
                  url_of: Callable[[Page, int | None, Question], str] | None = None) -> tuple[AnswerGroup, ...]:
    """The relevant answers of every shown page, rows under headings of their own."""
    found: list[AnswerGroup] = []
    for page in pages.shown_pages(form, state):
        found += _page_groups(viewer, page, viewer.page(page), files, url_of)
    # a heading stays when something stands under it
    following = [*found[1:], AnswerGroup("", ())]
    return tuple(group for group, after in zip(found, following, strict=True)
                 if group.lines or after.depth > group.depth)


def _page_groups(viewer: Viewer, page: Page, view: PageView, files: Mapping[str, DocumentFile],
                 url_of: Callable[[Page, int | None, Question], str] | None) -> list[AnswerGroup]:
    found: list[AnswerGroup] = []

    def collect(title: str, items: tuple[pages.Item, ...], depth: int, row: int | None) -> None:
        lines: list[AnswerLine] = []
        found.append(AnswerGroup(title, (), depth))
        here = len(found) - 1
        for item in items:
            if isinstance(item, Question):
                lines += _line(page, item, files, row, url_of)
            elif isinstance(item, Section) and item.relevant:
                collect(item.label or title, item.items, depth + 1, row)
            elif isinstance(item, Rows) and item.relevant:
                for each in item.rows:
                    below = each.items if not item.own_pages else viewer.page(page, each.number).items
                    number = each.number if item.own_pages else row
                    collect(f"{item.label or title} {each.number}", below, depth + 1, number)
        found[here] = AnswerGroup(title, tuple(lines), depth)

    collect(view.title, view.items, 0, None)
    return found


def _line(page: Page, question: Question, files: Mapping[str, DocumentFile], row: int | None,
          url_of: Callable[[Page, int | None, Question], str] | None) -> list[AnswerLine]:
    if not question.relevant or question.kind == "note":
        return []
    file = files.get(question.value) if question.kind == "file" else None
    may_change = url_of is not None and question.kind != "shown"
    url = url_of(page, row, question) if url_of is not None and may_change else ""
    answer = (file.original_name if file else "") if question.kind == "file" else question.shown
    return [AnswerLine(question.label, answer, file, url, question.in_words)]
