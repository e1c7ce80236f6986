"""`import_dmn`: a DMN file in, a draft rule file out, with a list of what could not be taken over."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from motcua.conditions import Type
from motcua.dmn.drafting import DraftDecision, DraftDerived, Drafting, Why
from motcua.dmn.reading import RawModel, RawTable, read
from motcua.dmn.texts import id_of
from motcua.dmn.vocabulary import DraftFact, Vocabulary
from motcua.errors import InputError, Place, Problem, RuleFileError
from motcua.law import Sources, Text
from motcua.procedures import Procedure, load_text

#: With more lines a draft is always longer than a rule file may be.
_MOST_LINES: Final = 20_000
LAW_AT: Final = "filing.received_on"
_LAW_AT_TITLE: Final = Text("Ngày nhận hồ sơ", "Date the dossier was received")
_HEAD: Final = """\
# Bản nháp làm từ tệp DMN {file}. Điền căn cứ pháp lý (cite), ngày hiệu lực, tên gọi vi/en; xem "gaps" cuối tệp.
# A draft made from the DMN file {file}. Fill in citations (cite), dates in force and wordings vi/en; see "gaps" below.
"""


@dataclass(frozen=True)
class Draft:
    """A draft rule file: its text, the procedure it makes, and what of the DMN file is not in it."""

    text: str
    procedure: Procedure
    gaps: tuple[Problem, ...]


def import_dmn(data: bytes, *, file: str = "model.dmn") -> Draft:
    """Make a draft rule file from the decisions of a DMN file (1.1 to 1.5).

    What cannot be taken over is in ``gaps``, each with the id and line of its element, and in the file's own ``gaps``.

    Raises:
        InputError: SUB_0nn and DMN_001, no DMN file; DMN_002, nothing in it can be taken over; DMN_005, too long.
    """
    model = read(data, file)
    lines = sum(len(each.logic.rules) * len(each.logic.outputs) for each in model.decisions
                if isinstance(each.logic, RawTable))
    too_long = InputError(Problem("DMN_005", {"lines": lines}, Place(file=file)))
    if lines > _MOST_LINES:
        raise too_long
    words = Vocabulary(model, file)
    words.taken.add(LAW_AT)
    if any(given.label == LAW_AT or given.name == LAW_AT.replace(".", "_") for given in model.inputs):
        words.taken.discard(LAW_AT)
    words.read()
    drafting = Drafting(model, words)
    drafting.run()
    while drafting.derived or drafting.decisions:
        gaps = tuple(words.problems)
        text = _HEAD.format(file=re.sub(r"\s+", " ", file)) + _yaml(_content(model, words, drafting, gaps))
        try:
            return Draft(text, load_text(text, Sources({}), f"{file}.yaml"), gaps)
        except RuleFileError as error:
            if error.problems[0].code == "YAML_002":
                raise too_long from None
            _drop(drafting, words, error)
    raise InputError([Problem("DMN_002", {}, Place(file=file)), *words.problems])


def _drop(drafting: Drafting, words: Vocabulary, error: RuleFileError) -> None:
    """Leave out what a rule file may not say, though an expression may: each with the reason."""
    refused: dict[str, Problem] = {}
    for problem in error.problems:
        path = (problem.place.field if problem.place else None) or ""
        for name in (*drafting.decisions, *drafting.derived):
            if path.startswith((f"decisions.{name}.", f"derived.{name}.")):
                refused.setdefault(name, problem)
    if not refused:
        raise error
    for name, problem in refused.items():
        part = drafting.decisions.pop(name, None) or drafting.derived.pop(name)
        words.gap("DMN_104", part.origin, text=part.title, why=Why(RuleFileError(problem)))


def _content(model: RawModel, words: Vocabulary, drafting: Drafting, gaps: tuple[Problem, ...]) -> dict[str, Any]:
    slug = id_of(model.name.split(" (")[0]).replace(".", "_").replace("_", "-")
    content: dict[str, Any] = {
        "procedure": f"vn.draft.{slug}", "vi": model.name, "en": model.name, "field": "draft",
        "law_at": LAW_AT, "covers": "2000-01-01 ..",
        "lists": {name: {word: _word(model, words, word) for word in listed}
                  for name, listed in words.lists.items()},
        "facts": _facts(model, words),
        "derived": {each.id: _derived(model, each) for each in drafting.derived.values()},
        "decisions": {each.id: _decision(model, each) for each in drafting.decisions.values()},
        "gaps": [_gap(problem) for problem in gaps],
        "notes": [_pair(model.description)] if model.description else []}
    return {key: value for key, value in content.items() if value not in ({}, [])}


def _word(model: RawModel, words: Vocabulary, word: str) -> dict[str, str]:
    """The wording of a word of a list: that of a type's description as motcua writes it, else the value itself."""
    value = next((value for value, own in words.words.items() if own == word), word)
    for type_ in model.types.values() if model.is_ours else ():
        for line in type_.description.splitlines():
            name, _, texts = line.partition(": ")
            if name == value and " / " in texts:
                vi, _, en = texts.partition(" / ")
                return {"vi": vi, "en": en}
    return _pair(value)


def _facts(model: RawModel, words: Vocabulary) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if LAW_AT not in words.facts:
        facts[LAW_AT] = {"type": "date", "vi": _LAW_AT_TITLE.vi, "en": _LAW_AT_TITLE.en}
    for fact in words.facts.values():
        facts[fact.id] = _fact(model, fact)
    return facts


def _fact(model: RawModel, fact: DraftFact) -> dict[str, Any]:
    titles, rest = _titles(model, fact.title, fact.hint)
    shown: dict[str, Any] = {"type": _type(fact.type), **titles}
    for key, bound in zip(("min", "max"), fact.bounds, strict=True):
        if bound is not None:
            shown[key] = _number(bound)
    if fact.when is not None:
        shown["when"] = fact.when
    if rest:
        shown["hint"] = _pair(rest)
    return shown


def _derived(model: RawModel, derived: DraftDerived) -> dict[str, Any]:
    return {**_titles(model, derived.title, derived.note)[0], "is": derived.condition}


def _decision(model: RawModel, decision: DraftDecision) -> dict[str, Any]:
    titles, rest = _titles(model, decision.title, decision.note)
    shown: dict[str, Any] = {**titles, "type": _type(decision.type)}
    if decision.hit != "unique":
        shown["hit"] = decision.hit
    if rest:
        shown["note"] = _pair(rest)
    shown["rows"] = [{"id": row.id, **({"when": row.when} if row.when is not None else {}),
                      "then": _then(row.then, decision.type)} for row in decision.rows]
    return shown


def _titles(model: RawModel, title: str, description: str) -> tuple[dict[str, str], str]:
    """The wordings: the first two lines of a description that motcua wrote, else the name; and the rest of it."""
    lines = [line.strip() for line in description.splitlines() if line.strip()]
    if model.is_ours and len(lines) >= 2:
        return {"vi": lines[0], "en": lines[1]}, "\n".join(lines[2:])
    return {"vi": title, "en": title}, "\n".join(lines)


def _type(type_: Type) -> str:
    return f"{type_.kind} {type_.list}" if type_.list else type_.kind


def _then(text: str, type_: Type) -> Any:
    if type_.kind == "one of" and text.startswith('"'):
        return text[1:-1] if text[1:-1] in type_.values else text
    return _number(text) if re.fullmatch(r"-?[\d_]+", text) and type_.kind == "number" else text


def _number(text: str) -> int | str:
    value = Decimal(text.replace("_", ""))
    return int(value) if value == int(value) else format(value, "f")


def _pair(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def _gap(problem: Problem) -> dict[str, str]:
    where = f"{problem.place.field} ({problem.place.file}:{problem.place.line})" if problem.place else ""
    return {lang: f"{where}: {problem.message(lang)}" for lang in ("vi", "en")}


def _yaml(content: dict[str, Any]) -> str:
    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(_blocks(content), out)
    return out.getvalue()


def _blocks(value: Any) -> Any:
    """Texts of several lines as blocks, so that people can read them."""
    match value:
        case dict():
            return {key: _blocks(each) for key, each in value.items()}
        case list():
            return [_blocks(each) for each in value]
        case str() if "\n" in value:
            return LiteralScalarString(value)
        case _:
            return value
