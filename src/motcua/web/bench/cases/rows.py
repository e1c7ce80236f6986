"""The rows of a grid: from kept cases to what the page types into its cells, and from what was typed back to cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from motcua.conditions import Value, evaluate, to_json
from motcua.dossiers import Grid, ShelvedScenario
from motcua.errors import InputError, Problem
from motcua.procedures import Procedure, Scenario, plain, read_facts
from motcua.web.bench.cases.cells import (
    NOT_APPLICABLE_WORDS,
    NotApplicable,
    Unknown,
    expectation_text,
    fact_text,
    flat,
    read_expectation,
    read_fact,
    unflat,
)

#: What the id of a case is made of, and how long its words may be.
CASE_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LONGEST_ID = 80
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One case as it is typed. ``was`` is its id so far ("" for a new one), ``cells`` are by column key.

    ``errors`` are by column key too ("id", "vi", "fact:…"), "" for the row as a whole. ``place`` is where the row
    stands for whoever reads a message: its number, or its line in a spreadsheet.
    """

    was: str = ""
    id: str = ""
    vi: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    picked: bool = False
    errors: Mapping[str, Problem] = field(default_factory=dict)
    place: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in a new row."""
        return not (self.was or self.id.strip() or self.vi.strip() or any(map(str.strip, self.cells.values())))


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read: the case as it is kept, and its effective facts."""

    row: Row
    scenario: dict[str, Any]


def row_of(procedure: Procedure, kept: ShelvedScenario, keys: Iterable[str], number: int) -> Row:
    """A kept case as a row; only the cells of the columns in ``keys``."""
    said = kept.scenario
    cells = dict(_cells(procedure, said, keys))
    return Row(kept.id, kept.id, str(said.get("vi") or ""), cells, place=str(number))


def _cells(procedure: Procedure, said: Mapping[str, Any], keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    given, expect = said.get("given") or {}, flat(said.get("expect") or {})
    for key in keys:
        kind, colon, name = key.partition(":")
        if not colon:
            yield key, words_of(said, key)
        elif kind == "fact" and name in given:
            yield key, given_text(procedure, name, given[name])
        elif kind == "expect" and name in expect:
            yield key, expectation_text(procedure, name, expect[name])


def words_of(said: Mapping[str, Any], key: str) -> str:
    """The English title, or the article, of a case as it is kept."""
    words = said.get(key)
    return str(words.get("vi") or words.get("en") or "") if isinstance(words, Mapping) else str(words or "")


def given_text(procedure: Procedure, name: str, raw: Any) -> str:
    """A given JSON value as a cell writes it; what cannot be read stays as it is."""
    fact = procedure.facts.get(name)
    if fact is None:
        return str(raw)
    try:
        value = read_facts(procedure, {name: raw}).get(name)
    except InputError:
        return str(raw)
    return fact_text(fact, value)


def read_background(procedure: Procedure, cells: Mapping[str, str],
                    lang: str) -> tuple[dict[str, Any], dict[str, Problem]]:
    """The facts of a background from its cells by fact id, as JSON; and what is wrong with them, by fact id."""
    facts: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name, text in cells.items():
        fact = procedure.facts[name]
        try:
            value = read_fact(procedure, fact, text, lang)
            if value is not None and not isinstance(value, Unknown | NotApplicable):
                facts[name] = to_json(fact.type, value)
        except InputError as error:
            problems[name] = error.problems[0]
    return facts, problems


def read_rows(procedure: Procedure, rows: Iterable[Row], kept: Mapping[str, ShelvedScenario],
              background: Mapping[str, Any], taken: frozenset[str], lang: str) -> tuple[list[ReadRow], list[Row]]:
    """The rows as cases, and the rows with their errors; what is not in a row's cells stays as it was ``kept``.

    ``taken`` are the ids of cases elsewhere in the procedure.
    """
    read: list[ReadRow] = []
    wrong: list[Row] = []
    seen: set[str] = set()
    for row in named(rows, taken):
        errors = dict(_wrong_words(row, taken | seen))
        seen.add(row.id.strip())
        scenario, found = _scenario(procedure, row, kept.get(row.was), background, lang)
        errors.update(found)
        if errors:
            wrong.append(replace(row, errors=errors))
        else:
            read.append(ReadRow(row, scenario))
    return read, wrong


def named(rows: Iterable[Row], taken: frozenset[str]) -> list[Row]:
    """The rows, each new one without an id named ``case-1``, ``case-2``…"""
    found = list(rows)
    used = {*taken, *(row.id.strip() for row in found)}
    numbers = (name for number in range(1, len(used) + len(found) + 2) if (name := f"case-{number}") not in used)
    return [row if row.id.strip() else replace(row, id=next(numbers)) for row in found]


def _wrong_words(row: Row, taken: frozenset[str] | set[str]) -> Iterator[tuple[str, Problem]]:
    name = row.id.strip()
    if name != row.was and (not CASE_ID.fullmatch(name) or len(name) > LONGEST_ID):
        yield "id", Problem("WEB_204", {"id": name[:40]})
    elif name in taken:
        yield "id", Problem("WEB_205", {"id": name})
    for key, text in (("vi", row.vi), *((key, row.cells.get(key, "")) for key in ("en", "why"))):
        if len(text) > MOST_WORDS:
            yield key, Problem("WEB_206", {"limit": MOST_WORDS})


def _scenario(procedure: Procedure, row: Row, kept: ShelvedScenario | None, background: Mapping[str, Any],
              lang: str) -> tuple[dict[str, Any], dict[str, Problem]]:
    before: dict[str, Any] = kept.scenario if kept else {}
    given, errors = _given(procedure, row, before.get("given") or {}, background, lang)
    expect, wrong = _expect(procedure, row, before.get("expect") or {}, lang)
    words = {key: row.cells[key].strip() for key in ("en", "why")
             if key in row.cells and row.cells[key].strip() != words_of(before, key)}
    scenario = {"en": "", "why": "", **before, **words, "vi": row.vi.strip(), "given": given, "expect": expect}
    if expect:
        scenario.pop("proposed", None)
    return scenario, {**errors, **wrong}


def _given(procedure: Procedure, row: Row, before: Mapping[str, Any], background: Mapping[str, Any],
           lang: str) -> tuple[dict[str, Any], dict[str, Problem]]:
    """The facts of a row as JSON: null takes one of the background away; what a cell left as it was stays."""
    given, errors, absent = dict(before), {}, []
    for key, text in row.cells.items():
        kind, _colon, name = key.partition(":")
        if kind != "fact" or (name in before and _same(text, given_text(procedure, name, before[name]))):
            continue
        try:
            value = read_fact(procedure, procedure.facts[name], text, lang)
        except InputError as error:
            errors[key] = error.problems[0]
            continue
        given.pop(name, None)
        if isinstance(value, NotApplicable):
            absent.append(name)
        if isinstance(value, Unknown | NotApplicable):
            if name in background:
                given[name] = None
        elif value is not None:
            given[name] = to_json(procedure.facts[name].type, value)
    errors.update(_applying(procedure, {**background, **given}, absent))
    return given, errors


def _same(text: str, shown: str) -> bool:
    """Whether a cell says what it said: a browser sends other ends of lines."""
    return text.replace("\r\n", "\n").strip() == shown.replace("\r\n", "\n").strip() != ""


def _applying(procedure: Procedure, given: Mapping[str, Any], absent: Iterable[str]) -> Iterator[tuple[str, Problem]]:
    """The facts of which a cell says that they do not apply, and they do."""
    names = list(absent)
    if not names:
        return
    facts = readable(procedure, given)
    for name in names:
        when = procedure.facts[name].when
        if when is None or evaluate(when, facts) is not False:
            yield f"fact:{name}", Problem("WEB_207", {"words": NOT_APPLICABLE_WORDS})


def readable(procedure: Procedure, given: Mapping[str, Any]) -> dict[str, Value]:
    """Those of the facts that can be read."""
    found: dict[str, Value] = {}
    for name, raw in given.items():
        try:
            found.update(read_facts(procedure, {name: raw}))
        except InputError:
            continue
    return found


def _expect(procedure: Procedure, row: Row, before: Mapping[str, Any],
            lang: str) -> tuple[dict[str, Any], dict[str, Problem]]:
    expected, errors = flat(plain(before)), {}
    for key, text in row.cells.items():
        kind, _colon, path = key.partition(":")
        if kind != "expect":
            continue
        if path in expected and _same(text, expectation_text(procedure, path, expected[path])):
            continue
        expected.pop(path, None)
        if text.strip():
            try:
                expected[path] = read_expectation(procedure, path, text, lang)
            except InputError as error:
                errors[key] = error.problems[0]
    try:
        return unflat(expected), errors
    except InputError as error:
        return {}, {**errors, "": error.problems[0]}


def scenario_of(read: ReadRow, grid: Grid | None, background: Mapping[str, Any]) -> Scenario:
    """A row that was read, as a scenario with all its facts, to be run."""
    own = read.scenario["given"]
    given = {name: value for name, value in {**background, **own}.items() if value is not None}
    return Scenario(read.row.id.strip(), None, None, given, read.scenario["expect"],
                    like=grid.background_id if grid and background else None, written=own,
                    proposed=read.scenario.get("proposed") or {})
