"""A cell of a grid of cases: a fact or an expectation as one types it, and its value; the two ways are inverse.

A cell is written as on the bench (``1.234,5``, ``27/3/2026``, ``yes``, a word of a list) and read more kindly: words
of both languages, ``có``, ``không``, titles of list words. An empty cell is unknown, or not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from motcua.conditions import TRUTHS, Type, Value, read_value, to_json
from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date, show_number
from motcua.law import Text, did_you_mean, fold
from motcua.procedures import Decision, Fact, Procedure, out_of_bounds
from motcua.web.site.assessments import OUTCOMES, STATES
from motcua.web.site.questions import NONE, UNKNOWN, read_answer

#: How a cell says: unknown although the background knows it; does not apply; known to be empty; no value.
UNKNOWN_WORDS: Final = Text("chưa biết", "unknown")
NOT_APPLICABLE_WORDS: Final = Text("không áp dụng", "does not apply")
NONE_WORDS: Final = Text("không có mục nào", "none of them")
NO_VALUE_WORDS: Final = Text("không có giá trị", "no value")
YES_WORDS, NO_WORDS = Text("có", "yes"), Text("không", "no")
OUTCOME_WORDS: Final[Mapping[str, Text]] = {
    "eligible": Text("đủ điều kiện", "eligible"), "ineligible": Text("chưa đủ điều kiện", "ineligible"),
    "not_required": Text("không phải làm thủ tục", "not required"),
    "undetermined": Text("chưa rõ", "undetermined"),
}
#: Other words for an outcome that people write.
_OUTCOME_TOO: Final[Mapping[str, tuple[str, ...]]] = {
    "ineligible": ("không đủ điều kiện",), "undetermined": ("chưa xác định", "chưa rõ có đủ điều kiện không"),
    "not_required": ("trường hợp này không phải làm thủ tục",)}

_UNKNOWN = frozenset((UNKNOWN, *(fold(word) for word in (UNKNOWN_WORDS.vi, UNKNOWN_WORDS.en))))
_NOT_APPLICABLE = frozenset(("n/a", *(fold(word) for word in (NOT_APPLICABLE_WORDS.vi, NOT_APPLICABLE_WORDS.en))))
_NOTHING = frozenset((NONE, "–", *(fold(word) for text in (NONE_WORDS, NO_VALUE_WORDS) for word in (text.vi, text.en))))
#: A number without grouping: however long, it is read digit by digit.
_EXACT_NUMBER = re.compile(r"-?[0-9]+(,[0-9]+)?")
#: What a text may not begin with in a cell, lest a spreadsheet takes it for a formula; see `guarded`.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
#: Expectations that are sets of ids.
SETS: Final = ("failed", "documents", "undetermined", "missing")


class NotApplicable:
    """What a cell holds that says of its fact: it does not apply here."""


NOT_APPLICABLE: Final = NotApplicable()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a cell holds that says: unknown, although the background knows it."""


TAKEN_AWAY: Final = Unknown()


# -- facts

def fact_text(fact: Fact, value: Value | None) -> str:
    """A fact's value as a cell writes it; None (taken away from the background) is ``?``."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(value) or NONE
        case str() if fact.type.kind == "text":
            return guarded(value)
    shown = to_json(fact.type, value)
    if fact.type.is_number:
        return show_number(format(Decimal(str(shown)), "f"))
    return show_date(str(shown)) if fact.type.kind == "date" else str(shown)


def read_fact(procedure: Procedure, fact: Fact, text: str, lang: str) -> Value | Unknown | NotApplicable | None:
    """The value of a cell; None where it is empty. InputError with its one problem."""
    said = _folded(text) if text.strip() else ""
    if not said:
        return None
    if said in _UNKNOWN:
        return TAKEN_AWAY
    if said in _NOT_APPLICABLE:
        return NOT_APPLICABLE
    kind = fact.type.kind
    if kind == "yes/no":
        if said not in TRUTHS:
            raise InputError(Problem("WEB_200", {"value": _short(text)}))
        return TRUTHS[said]
    if kind == "text":
        return read_value(fact.type, unguarded(text))
    if kind in ("one of", "list of"):
        return _words(procedure, fact.type, text, said)
    if fact.type.is_number and _EXACT_NUMBER.fullmatch(text.strip()):
        return _bounded(procedure, fact, Decimal(text.strip().replace(",", ".")))
    value: Value | None = read_answer(fact, (text.strip(),), lang)
    return value


def _bounded(procedure: Procedure, fact: Fact, number: Decimal) -> Value:
    value = read_value(fact.type, int(number) if number == number.to_integral_value() else number)
    if procedure.facts.get(fact.id) is fact:
        problems = out_of_bounds(procedure, {fact.id: value})
        if problems:
            raise InputError(problems)
    return value


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    # a grid says the same few words thousands of times
    return fold(text)


def guarded(text: str) -> str:
    """A text so that a cell shows it as text: an apostrophe before what would mean something else."""
    means_more = fold(text) in _UNKNOWN | _NOT_APPLICABLE | _NOTHING | {""}
    return f"'{text}" if means_more or text.startswith(_FORMULA_SIGNS) or text.strip() != text else text


def unguarded(text: str) -> str:
    """The text that `guarded` wrote."""
    return text[1:] if text.startswith("'") else text


def _words(procedure: Procedure, type_: Type, text: str, said: str) -> Value:
    if type_.kind == "one of":
        return _word(procedure, type_, text.strip())
    if said in _NOTHING:
        return ()
    parts = [part.strip() for part in text.replace("\n", ";").split(";")]
    return tuple(dict.fromkeys(_word(procedure, type_, part) for part in parts if part))


def _word(procedure: Procedure, type_: Type, text: str) -> str:
    if text in type_.values:
        return text
    labels = procedure.labels.get(type_.list or "", {})
    named = [word for word in type_.values
             if fold(text) in (fold(word), *(fold(each) for each in _texts(labels.get(word))))]
    if len(named) != 1:
        near = did_you_mean(text[:60], type_.values)
        raise InputError(Problem("WEB_201", {"value": _short(text), "hint": near, "values": _some(type_.values)}))
    return named[0]


def _texts(text: Text | None) -> tuple[str, ...]:
    return (text.vi, text.en) if text else ()


# -- expectations

def flat(expect: Mapping[str, Any]) -> dict[str, Any]:
    """An ``expect`` with one value a key: ``{"fee": {"value": 1, "row": "F1"}}`` → ``fee.value``, ``fee.row``."""
    found: dict[str, Any] = {}
    for key, value in expect.items():
        if isinstance(value, Mapping) and value:
            found.update((f"{key}.{part}", each) for part, each in value.items())
        else:
            found[str(key)] = value
    return found


def unflat(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What `flat` was made from."""
    found: dict[str, Any] = {}
    for path, value in cells.items():
        key, dot, part = path.partition(".")
        if dot:
            inner = found.setdefault(key, {})
            if not isinstance(inner, dict):
                raise InputError(Problem("WEB_202", {"key": key}))
            inner[part] = value
        elif key in found:
            raise InputError(Problem("WEB_202", {"key": key}))
        else:
            found[key] = value
    return found


def expectation_paths(procedure: Procedure) -> tuple[str, ...]:
    """The expectations a grid offers: outcome, sets, every decision; others appear when they are in use."""
    return ("outcome", "failed", "documents", *procedure.decisions)


def is_expectation(procedure: Procedure, path: str) -> bool:
    """Whether a path names something that a case can expect."""
    key, dot, part = path.partition(".")
    if key in procedure.decisions:
        return not dot or part in ("value", "row", "due", "unit", "cite")
    if key == "requirements":
        return part in {each.id for each in procedure.requirements}
    if key == "transitional":
        return not dot or part in ("id", "chosen", "cite", "vi", "en", "between", "law_version")
    return not dot and key in (*SETS, "outcome", "law_version", "law_date")


def expectation_text(procedure: Procedure, path: str, value: Any) -> str:
    """An expected value as a cell writes it."""
    if value is None:
        return NONE
    if isinstance(value, list | tuple):
        return "; ".join(expectation_text(procedure, path, each) for each in value) or "[]"
    decision = _decision(procedure, path)
    if decision is None:
        text = value.isoformat() if isinstance(value, date) else str(value)
        return show_date(text) if path == "law_date" or path.endswith(".due") else _plain(text)
    try:
        shown = to_json(decision.type, read_value(decision.type, value))
    except InputError:
        return _plain(str(value))
    if decision.type.is_number:
        return show_number(format(Decimal(str(shown)), "f"))
    if decision.type.kind == "date":
        return show_date(str(shown))
    return guarded(str(shown)) if decision.type.kind == "text" else _plain(str(shown))


def read_expectation(procedure: Procedure, path: str, text: str, lang: str) -> Any:
    """The expected value of a cell as a scenario file writes it. InputError with its one problem."""
    said = fold(text)
    decision = _decision(procedure, path)
    if path in SETS:
        return list(_ids(procedure, path, "" if said in _NOTHING or said == "[]" else text))
    if said in _NOTHING:
        return None
    if path == "outcome":
        return _one_of(text, {name: [name, *_texts(OUTCOME_WORDS[name]), *_OUTCOME_TOO.get(name, ())]
                              for name in OUTCOMES})
    if path.startswith("requirements."):
        return _one_of(text, {name: [name] for name in STATES})
    if decision is not None:
        return expected_value(procedure, decision, text, lang)
    if path == "law_date" or path.endswith((".due", ".between")):
        day = Fact(path, Type("date"), Text(path, path))
        return to_json(day.type, read_answer(day, (text.strip(),), lang))
    return unguarded(text.strip())


def expected_value(procedure: Procedure, decision: Decision, text: str, lang: str) -> Any:
    """What is expected of a decision, as JSON in its unit; several values with ``;`` where it collects."""
    if decision.hit == "collect":
        parts = [] if text.strip() == "[]" else text.split(";")
        return [_expected_one(procedure, decision, part, lang) for part in parts]
    return _expected_one(procedure, decision, text, lang)


def _expected_one(procedure: Procedure, decision: Decision, text: str, lang: str) -> Any:
    # the answer of a decision is written like that of a fact of its type
    value = read_fact(procedure, Fact(decision.id, decision.type, decision.title), text, lang)
    if value is None or isinstance(value, Unknown | NotApplicable):
        raise InputError(Problem("WEB_203", {"value": _short(text)}))
    return to_json(decision.type, value)


def _decision(procedure: Procedure, path: str) -> Decision | None:
    """The decision whose value a path is."""
    key, dot, part = path.partition(".")
    return procedure.decisions.get(key) if not dot or part == "value" else None


def _plain(text: str) -> str:
    return text if text not in ("", NONE) and not text.startswith(_FORMULA_SIGNS) else f"'{text}"


def _ids(procedure: Procedure, path: str, text: str) -> Iterator[str]:
    titles = dict(_known(procedure, path))
    for part in filter(None, (part.strip() for part in text.replace("\n", ";").replace(",", ";").split(";"))):
        if part in titles:
            yield part
            continue
        named = {name for name, title in titles.items() if fold(part) in map(fold, _texts(title))}
        if len(named) != 1:
            hint = did_you_mean(part[:60], tuple(titles))
            raise InputError(Problem("WEB_201", {"value": _short(part), "hint": hint, "values": _some(titles)}))
        yield named.pop()


def _known(procedure: Procedure, path: str) -> Iterator[tuple[str, Text]]:
    if path == "documents":
        yield from ((each.id, each.title) for each in procedure.documents)
    elif path == "missing":
        yield from ((each.id, each.title) for each in procedure.facts.values())
    else:
        yield from ((each.id, each.title) for each in procedure.requirements)


def _one_of(text: str, words: Mapping[str, Iterable[str]]) -> str:
    for name, spellings in words.items():
        if fold(text) in map(fold, spellings):
            return name
    hint = did_you_mean(text.strip()[:60], tuple(words))
    raise InputError(Problem("WEB_201", {"value": _short(text), "hint": hint, "values": _some(words)}))


def _some(values: Iterable[str]) -> str:
    names = list(values)
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
