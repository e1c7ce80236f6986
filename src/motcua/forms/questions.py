"""A question as it stands: how it is asked, the texts of its boxes, and its answer in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from motcua.forms.choices import OfferedChoice
from motcua.forms.model import Control, Definition, Input, Range, Rank, Select, Select1, Trigger, Upload
from motcua.forms.state import NodeState
from motcua.forms.typed import date_parts, show_date, show_number, show_time

Kind = Literal["text", "lines", "number", "date", "time", "datetime", "yes_no", "radios", "list", "boxes",
               "rank", "tick", "file", "point", "shown", "note"]
#: Kinds that one answers; the others are only shown.
ANSWERED: frozenset[str] = frozenset({"text", "lines", "number", "date", "time", "datetime", "yes_no", "radios",
                                      "list", "boxes", "rank", "tick", "file", "point"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands. ``typed`` are the texts of its boxes; ``value`` is the instance's."""

    kind: Kind
    id: str
    name: str
    path: str
    label: str
    hint: str = ""
    guidance: str = ""
    required: bool = False
    relevant: bool = True
    value: str = ""
    typed: tuple[str, ...] = ("",)
    error: str = ""
    wrong_part: str = ""
    choices: tuple[OfferedChoice, ...] = ()
    chosen: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ("day", "month", "year")
    in_words: str = ""
    width: str = ""
    accept: str = ""
    document: str = ""
    autocomplete: str = ""
    shown: str = ""

    def place_of(self, choice: str, index: int) -> str:
        """The place typed for a choice of a rank: by position where it was just posted, else its order."""
        if len(self.typed) == len(self.choices) and all(text == "" or text.isdigit() for text in self.typed):
            return self.typed[index]
        return str(self.typed.index(choice) + 1) if choice in self.typed else ""

    @property
    def target(self) -> str:
        """The id of the element an error of this question leads to."""
        match self.kind:
            case "yes_no" | "radios" | "boxes" | "rank":
                return f"{self.id}-1"
            case "date" | "datetime":
                return f"{self.id}-{self.wrong_part or self.parts[0]}"
            case "point":
                return f"{self.id}-lat"
            case _:
                return self.id


def name_of(path: str) -> str:
    """``/data/well[2]/depth`` → ``well[2].depth``; a point inside a node's name is doubled."""
    return ".".join(step.replace(".", "..") for step in path.split("/")[2:])


def id_of(name: str) -> str:
    """An id for a name: letters, digits and hyphens stay, everything else becomes its code between ``_``."""
    return "q-" + "".join(char if char.isascii() and (char.isalnum() or char == "-") else f"_{ord(char):x}_"
                          for char in name)


def kind_of(control: Control, definition: Definition, node: NodeState | None) -> Kind:
    """How a question is asked."""
    bind = definition.bind
    if bind is not None and (bind.calculate is not None or (node is not None and node.readonly)):
        has_value = bind.calculate is not None or bool(node and node.value)
        return "shown" if has_value or not isinstance(control, Input) else "note"
    match control:
        case Rank():
            return "rank"
        case Select():
            return "boxes"
        case Select1():
            return "radios" if "minimal" not in control.appearance else "list"
        case Upload():
            return "file"
        case Trigger():
            return "tick"
        case Range():
            return "number"
        case _:
            return _INPUT_KINDS.get(definition.type, "lines" if _is_long(control) else "text")


_INPUT_KINDS: Mapping[str, Kind] = {
    "int": "number", "decimal": "number", "date": "date", "time": "time", "dateTime": "datetime",
    "boolean": "yes_no", "geopoint": "point",
}


def _is_long(control: Control) -> bool:
    return "multiline" in control.appearance or (isinstance(control, Input) and (control.rows or 1) > 1)


def width_of(control: Control, definition: Definition) -> str:
    """How wide the box is, as the theme names it; "" for the usual width."""
    if definition.type in ("int", "decimal"):
        return "20" if "thousands-sep" in control.appearance else "10"
    return "10" if definition.type == "time" or "numbers" in control.appearance else ""


def date_boxes(appearance: Iterable[str]) -> tuple[str, ...]:
    """The boxes of a date: ``month-year`` and ``year`` drop some."""
    words = set(appearance)
    return ("year",) if "year" in words else ("month", "year") if "month-year" in words else ("day", "month", "year")


def field_names(question: Question) -> tuple[str, ...]:
    """The names of the fields that make the question's answer."""
    match question.kind:
        case "date":
            return tuple(f"{question.name}.{part}" for part in ("day", "month", "year"))
        case "datetime":
            return tuple(f"{question.name}.{part}" for part in ("day", "month", "year", "time"))
        case "point":
            return (f"{question.name}.lat", f"{question.name}.lon")
        case "rank":
            return tuple(f"{question.name}.{number}" for number in range(1, len(question.choices) + 1))
        case _:
            return (question.name,)


def texts_of(kind: Kind, value: str) -> tuple[str, ...]:
    """The texts of the boxes for a value of the instance."""
    match kind:
        case "number":
            return (show_number(value),)
        case "date":
            return date_parts(value)
        case "datetime":
            return (*date_parts(value), show_time(value.partition("T")[2]))
        case "time":
            return (show_time(value),)
        case "boxes" | "rank":
            return tuple(value.split())
        case "point":
            parts = value.split()
            return (show_number(parts[0]), show_number(parts[1])) if len(parts) > 1 else ("", "")
        case "radios" | "list" | "yes_no" | "tick":
            return (value,) if value else ()
        case _:
            return (value,)


_YES_NO_WORDS = {"true": ("Có", "Yes"), "1": ("Có", "Yes"), "false": ("Không", "No"), "0": ("Không", "No")}


def shown_value(question: Question, lang: str) -> str:
    """An answer in words: labels of choices, 27/3/2026, 1.234,5."""
    value = question.value
    match question.kind:
        case "radios" | "list" | "boxes" | "rank":
            labels = {choice.value: choice.label for choice in question.choices}
            words = [value] if question.kind in ("radios", "list") else value.split()
            return "; ".join(labels.get(word, word) for word in words if word)
        case "yes_no":
            vi, en = _YES_NO_WORDS.get(value, ("", ""))
            return en if lang == "en" else vi
        case "tick":
            return "✓" if value else ""
        case "number":
            return show_number(value)
        case "date":
            return "/".join(part for name, part in zip(("day", "month", "year"), date_parts(value), strict=True)
                            if name in question.parts) if date_parts(value)[0] else value
        case "datetime":
            return f"{show_date(value)} {show_time(value.partition('T')[2])}".strip()
        case "time":
            return show_time(value)
        case "shown":
            return show_date(value) if date_parts(value)[0] and len(value) == 10 else show_number(value)
        case _:
            return value
