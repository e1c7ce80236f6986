"""Reading a posted page: what was typed, into values of the instance.

Only names that the page has now are read, and only those it says it showed (field `SHOWN`): a question that
was not shown keeps its value, a box left unticked was emptied on purpose. What cannot be read stays as
typed beside its error, and the instance gets the empty value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from motcua.errors import InputError, Problem
from motcua.forms.datatypes import MAX_TEXT, safe_file_name
from motcua.forms.pages import PageView, Typed
from motcua.forms.questions import ANSWERED, Question, field_names
from motcua.forms.state import FormState
from motcua.forms.typed import TypedError, read_date, read_number, read_time

#: The field that names a question shown on the page, once for each.
SHOWN = "_q"

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page said: ``changes`` path → value for the instance, and the texts and errors as typed."""

    changes: Mapping[str, str]
    typed: Typed
    shown: frozenset[str]

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """The typed fields of wrong answers, for a draft to keep: pairs of field name and text."""
        wrong = [name for name in self.typed.fields if _question_of(name, self.typed.errors)]
        return tuple((name, text) for name in wrong for text in self.typed.fields[name])


def _question_of(name: str, errors: Iterable[str]) -> bool:
    return any(name == error or name.startswith(f"{error}.") for error in errors)


def read_page(view: PageView, fields: Fields, lang: str = "vi") -> Reading:
    """Read the answers of ``view`` from the posted ``fields`` (files are read apart)."""
    shown = frozenset(fields.get(SHOWN, ()))
    changes: dict[str, str] = {}
    typed: dict[str, tuple[str, ...]] = {}
    errors: dict[str, tuple[str, str]] = {}
    read = [question for question in view.questions()
            if question.name in shown and question.kind in ANSWERED and question.kind != "file"]
    for question in read:
        typed.update({name: fields.get(name, ()) for name in field_names(question)})
        try:
            changes[question.path] = read_answer(question, fields)
        except InputError as error:
            changes[question.path] = ""
            errors[question.name] = (error.problems[0].message(lang), getattr(error, "part", None) or "")
    return Reading(changes, Typed(typed, errors, frozenset(question.name for question in read)), shown)


def read_answer(question: Question, fields: Fields) -> str:
    """The value of one answer for the instance; "" for none.

    Raises:
        InputError: WEB_1xx, what was typed is no such answer.
    """
    texts = [(fields.get(name) or ("",))[0] for name in field_names(question)]
    reader = _READERS.get(question.kind)
    if reader is not None:
        return reader(question, texts)
    if question.kind == "boxes":
        return _chosen(question, fields.get(question.name, ()))
    if question.kind in ("radios", "list"):
        return _chosen(question, [text for text in texts if text])
    return _text(question, texts[0])


def _text(question: Question, text: str) -> str:
    text = text.replace("\r\n", "\n")
    if question.kind != "lines":
        text = " ".join(text.splitlines()).strip()
    if len(text) > MAX_TEXT:
        raise InputError(Problem("WEB_112", {"most": MAX_TEXT}))
    return text if text.strip() else ""


def _number(question: Question, texts: list[str]) -> str:
    return read_number(texts[0])


def _date(question: Question, texts: list[str]) -> str:
    day, month, year = texts[:3]
    if year.strip() or month.strip():
        # a form may ask for the month or the year alone: the instance holds the first day of it
        day = day if "day" in question.parts else "1"
        month = month if "month" in question.parts else "1"
    return read_date(day, month, year)


def _datetime(question: Question, texts: list[str]) -> str:
    day, time = _date(question, texts), read_time(texts[3])
    if bool(day) != bool(time):
        raise TypedError("WEB_110" if day else "WEB_104", typed="", parts="ngày")
    return f"{day}T{time}" if day else ""


def _time(question: Question, texts: list[str]) -> str:
    return read_time(texts[0])


def _yes_no(question: Question, texts: list[str]) -> str:
    if texts[0] not in ("", "true", "false"):
        raise InputError(Problem("WEB_111"))
    return texts[0]


def _tick(question: Question, texts: list[str]) -> str:
    return "OK" if texts[0] else ""


def _point(question: Question, texts: list[str]) -> str:
    latitude, longitude = (read_number(text) for text in texts[:2])
    if bool(latitude) != bool(longitude):
        raise InputError(Problem("WEB_122"))
    return f"{latitude} {longitude} 0 0" if latitude else ""


def _rank(question: Question, texts: list[str]) -> str:
    """Each field holds the place of one choice: 1, 2, …; all of them once, or none."""
    if not any(texts):
        return ""
    places = {text: choice.value for text, choice in zip(texts, question.choices, strict=True)}
    wanted = [str(number) for number in range(1, len(question.choices) + 1)]
    if sorted(places) != sorted(wanted):
        raise InputError(Problem("WEB_118"))
    return " ".join(places[number] for number in wanted)


_READERS: Mapping[str, Callable[[Question, list[str]], str]] = {
    "number": _number, "date": _date, "datetime": _datetime, "time": _time, "yes_no": _yes_no,
    "tick": _tick, "point": _point, "rank": _rank,
}


def _chosen(question: Question, values: Iterable[str]) -> str:
    wanted = set(values)
    offered = [choice.value for choice in question.choices]
    if not wanted <= set(offered):
        raise InputError(Problem("WEB_111"))
    return " ".join(value for value in dict.fromkeys(offered) if value in wanted)


# -- what the form says of the answers


def faults(view: PageView, state: FormState, reading: Reading, lang: str = "vi") -> dict[str, tuple[str, str]]:
    """Every error of the page in page order: question name → (text, date box). One an answer."""
    found: dict[str, tuple[str, str]] = {}
    for question in view.questions():
        if not question.relevant or question.kind not in ANSWERED:
            continue
        if question.name in reading.typed.errors:
            found[question.name] = reading.typed.errors[question.name]
            continue
        message = fault_message(question, state, lang)
        if message:
            found[question.name] = (message, "")
    return found


def fault_message(question: Question, state: FormState, lang: str) -> str:
    """What the form says is wrong with an answer: its own words, else ours; "" where nothing is."""
    node = state.get(question.path)
    match node.fault if node is not None else None:
        case None:
            return ""
        case "required":
            own = state.required_message(question.path, lang)
            return own or Problem("WEB_117", {"label": question.label}).message(lang)
        case "choice":
            return Problem("WEB_111").message(lang)
        case "constraint":
            own = state.constraint_message(question.path, lang)
            return own or Problem("WEB_123", {"label": question.label}).message(lang)
        case _:
            own = state.constraint_message(question.path, lang) if question.value else ""
            return own or Problem(_TYPE_WORDS.get(question.kind, "WEB_123"),
                                  {"label": question.label, "typed": question.value[:40]}).message(lang)


_TYPE_WORDS = {"number": "WEB_102", "date": "WEB_109", "time": "WEB_110"}


def stored_name(original: str, token: str) -> str:
    """The name under which a file is kept in the instance: ours, with the ending of the applicant's.

    Raises:
        InputError: WEB_115, the applicant's own name is hostile or too long.
    """
    if not safe_file_name(original):
        raise InputError(Problem("WEB_115"))
    stem, dot, ending = original.rpartition(".")
    is_plain = dot and ending.isascii() and ending.isalnum() and len(ending) <= 8
    return f"{token}.{ending.lower()}" if is_plain and stem else token
