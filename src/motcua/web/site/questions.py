"""A fact as a question of a page, and the reading of its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from motcua.conditions import Type, read_value, show_value, unit_of
from motcua.errors import InputError, Problem
from motcua.forms.typed import date_parts, read_date_text, read_number, show_date
from motcua.law import Text
from motcua.procedures import Fact, Procedure

#: How the address writes "I do not know" and "none of them".
UNKNOWN, NONE = "?", "-"
_YES_NO = (("yes", Text("Có", "Yes")), ("no", Text("Không", "No")))
# 5 tỷ, 1,5 ha, 200 m3/ngày: a number as people type it, then its unit
_WITH_UNIT = re.compile(r"(?P<number>-?[\d.,]+)\s*(?P<unit>(?![eE]\d)[^\W\d].*)")
#: Up to so many choices are shown as radio buttons.
MOST_RADIOS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """How a fact is asked: ``kind`` is radios, list, boxes, date, number or text."""

    kind: str
    name: str
    value: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    is_unknown: bool = False

    @property
    def first_id(self) -> str:
        """The id of the element an error leads to."""
        return "answer-1" if self.kind in ("radios", "boxes") else "answer"


def control_of(fact: Fact, procedure: Procedure, lang: str, typed: tuple[str, ...]) -> Control:
    """The question for ``fact``, filled with what was typed before."""
    kind, unknown = fact.type.kind, typed == (UNKNOWN,)
    value = typed[0] if typed and not unknown else ""
    if kind == "yes/no":
        choices = tuple(Choice(word, text.get(lang), word == value) for word, text in _YES_NO)
        return Control("radios", fact.id, choices=choices, is_unknown=unknown)
    if kind in ("one of", "list of"):
        labels = procedure.labels.get(fact.type.list or "", {})
        choices = tuple(Choice(word, labels[word].get(lang) if word in labels else word, word in typed)
                        for word in fact.type.values)
        shape = "boxes" if kind == "list of" else "radios" if len(choices) <= MOST_RADIOS else "list"
        return Control(shape, fact.id, choices=choices, is_unknown=unknown)
    if kind == "date":
        return Control("date", fact.id, show_date(value) if date_parts(value)[0] else value, is_unknown=unknown)
    if fact.type.is_number:
        return Control("number", fact.id, value, unit_words(fact.type, lang), is_unknown=unknown)
    return Control("text", fact.id, value, is_unknown=unknown)


def unit_words(type_: Type, lang: str) -> str:
    """The unit a number is asked in, as people read it; nothing for a bare number."""
    unit = unit_of(type_)
    return unit.shown.get(lang) if unit else ""


def read_answer(fact: Fact, typed: tuple[str, ...], lang: str) -> Any:
    """The value of an answer, or None for "I do not know".

    Raises `InputError` with the one problem of the answer (WEB_1xx or COND_2xx).
    """
    if typed == (UNKNOWN,):
        return None
    text, kind = typed[0].strip() if typed else "", fact.type.kind
    if kind == "list of":
        chosen = [value for value in typed if value not in (NONE, "")]
        if not set(chosen) <= set(fact.type.values):
            raise InputError(Problem("WEB_111"))
        return read_value(fact.type, chosen)
    if not text:
        raise InputError(Problem("WEB_117", {"label": fact.title}))
    if kind in ("yes/no", "one of"):
        words: tuple[str, ...] = ("yes", "no") if kind == "yes/no" else fact.type.values
        if text not in words:
            raise InputError(Problem("WEB_111"))
        return text == "yes" if kind == "yes/no" else text
    return _bounded(fact, _measured(fact, text))


def _measured(fact: Fact, text: str) -> Any:
    if fact.type.kind == "date":
        iso = text if date_parts(text)[0] and len(text) == 10 else read_date_text(text)
        return read_value(fact.type, iso)
    with_unit = _WITH_UNIT.fullmatch(text) if unit_of(fact.type) is not None else None
    if with_unit is not None:  # 5 tỷ; 1,5 ha
        return read_value(fact.type, f"{read_number(with_unit['number'])} {with_unit['unit']}")
    if fact.type.is_number:
        number = Decimal(read_number(text))
        return read_value(fact.type, int(number) if number == number.to_integral_value() else number)
    return read_value(fact.type, text)


def _bounded(fact: Fact, value: Any) -> Any:
    if fact.min is not None and value < fact.min:
        raise InputError(Problem("WEB_120", {"bound": _Bound(fact, fact.min)}))
    if fact.max is not None and value > fact.max:
        raise InputError(Problem("WEB_121", {"bound": _Bound(fact, fact.max)}))
    return value


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound of a fact, shown in the language of the message."""

    fact: Fact
    value: Any

    def get(self, lang: str) -> str:
        return show_value(self.fact.type, self.value, lang)
