"""Cases as a spreadsheet: one line a case under a head of column names, a second sheet that explains the columns.

::

    id | vi | en | why | well.depth | … | expected: outcome | expected: fee | …

The line ``(background)`` holds the facts that all cases share. An empty cell is unknown, takes what the background
says, or is not compared. What `table_of` writes, `cases.spreadsheet_reading` reads back to the same cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from motcua.conditions import Type, Value, evaluate, unit_of
from motcua.errors import InputError
from motcua.law import Text
from motcua.procedures import Fact, Procedure, Scenario, plain, read_facts
from motcua.web.bench.cases.cells import (
    NO_VALUE_WORDS,
    NO_WORDS,
    NONE_WORDS,
    NOT_APPLICABLE_WORDS,
    SETS,
    UNKNOWN_WORDS,
    YES_WORDS,
    expectation_paths,
    expectation_text,
    fact_text,
    flat,
    guarded,
)
from motcua.web.bench.cases.rows import readable
from motcua.web.bench.cases.spreadsheet_files import Raw, Table
from motcua.web.site.assessments import OUTCOMES, STATES

BACKGROUND: Final = "(background)"
EXPECTED: Final = "expected: "
SHEETS: Final = (Text("Trường hợp", "Cases"), Text("Các cột", "Columns"))
#: Columns of words, and what else their heads may be called.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("mã",), "vi": ("tiếng việt",), "en": ("tiếng anh", "english"), "why": ("căn cứ",),
    "why (en)": ("căn cứ (tiếng anh)",)}
#: Expectations that are no decisions, in words.
TITLES: Final[Mapping[str, Text]] = {
    "outcome": Text("Kết luận", "Outcome"), "failed": Text("Điều kiện chưa đáp ứng", "Requirements not met"),
    "documents": Text("Thành phần hồ sơ cần nộp", "Documents needed"),
    "undetermined": Text("Điều kiện chưa rõ", "Requirements not yet clear"),
    "missing": Text("Dữ kiện còn thiếu", "Facts missing"), "law_version": Text("Phiên bản luật", "Law version"),
    "law_date": Text("Ngày của luật", "Law date"), "transitional": Text("Quy định chuyển tiếp", "Transitional clause")}


def said_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario of a file as a case is kept."""
    title, why = scenario.title, scenario.why
    reason: Any = "" if why is None else why.vi if why.vi == why.en else {"vi": why.vi, "en": why.en}
    return {"id": scenario.id, "vi": title.vi if title else "", "en": title.en if title else "", "why": reason,
            "given": plain_given(scenario.given), "expect": dict(scenario.expect)}


def plain_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Given facts with days as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def table_of(procedure: Procedure, cases: Iterable[Mapping[str, Any]], background: Mapping[str, Any], lang: str,
             columns: Iterable[str] = ()) -> Table:
    """The sheet of cases; each case as kept, with its ``id``. ``columns`` name further columns to write."""
    found = list(cases)
    facts = {name for case in found for name in case.get("given") or {}} | set(background)
    facts |= {key.partition(":")[2] for key in columns if key.startswith("fact:")} | {procedure.law_at}
    paths = {path: None for case in found for path in flat(case.get("expect") or {})}
    paths.update({key.partition(":")[2]: None for key in columns if key.startswith("expect:")})
    names = [name for name in procedure.facts if name in facts]
    ordered = [path for path in expectation_paths(procedure) if path in paths or path == "outcome"]
    ordered += [path for path in paths if path not in ordered]
    two_reasons = any(isinstance(case.get("why"), Mapping) for case in found)
    words = [word for word in WORDS if word != "why (en)" or two_reasons]
    table: Table = [[*words, *names, *(f"{EXPECTED}{path}" for path in ordered)]]
    if background:
        table.append([BACKGROUND, *([None] * (len(words) - 1)),
                      *(_fact_cell(procedure, name, background.get(name), lang) for name in names)])
    table += [[*_words(case, words), *_given_cells(procedure, case, background, names, lang),
               *_expect_cells(procedure, case, ordered, lang)] for case in found]
    return table


def _words(case: Mapping[str, Any], words: list[str]) -> Iterator[Raw | None]:
    why = case.get("why") or ""
    said = {"id": case["id"], "vi": case.get("vi"), "en": case.get("en"),
            "why": why.get("vi") if isinstance(why, Mapping) else why,
            "why (en)": why.get("en") if isinstance(why, Mapping) else ""}
    yield from (guarded(str(said[word])) if said[word] else None for word in words)


def _given_cells(procedure: Procedure, case: Mapping[str, Any], background: Mapping[str, Any], names: list[str],
                 lang: str) -> Iterator[Raw | None]:
    own = case.get("given") or {}
    facts = readable(procedure, {**background, **own})
    for name in names:
        when = procedure.facts[name].when
        if name in own and own[name] is None:
            yield UNKNOWN_WORDS.get(lang)
        elif name in own:
            yield _fact_cell(procedure, name, own[name], lang)
        elif name not in background and when is not None and evaluate(when, facts) is False:
            yield NOT_APPLICABLE_WORDS.get(lang)
        else:
            yield None


def _fact_cell(procedure: Procedure, name: str, raw: Any, lang: str) -> Raw | None:
    """A given JSON value as a cell; what cannot be read stays as it is written."""
    fact = procedure.facts[name]
    try:
        value = read_facts(procedure, {name: raw}).get(name)
    except InputError:
        return guarded(str(raw))
    if value is None:
        return None
    return _cell(fact, value, lang)


def _cell(fact: Fact, value: Value, lang: str) -> Raw:
    if isinstance(value, bool):
        return (YES_WORDS if value else NO_WORDS).get(lang)
    if isinstance(value, date):
        return value
    text = fact_text(fact, value)
    if not fact.type.is_number:
        return NONE_WORDS.get(lang) if value == () else text
    number = Decimal(text.replace(".", "").replace(",", "."))
    return int(number) if number == number.to_integral_value() else number


def _expect_cells(procedure: Procedure, case: Mapping[str, Any], paths: list[str], lang: str) -> Iterator[Raw | None]:
    expected = flat(plain(case.get("expect") or {}))
    for path in paths:
        if path not in expected:
            yield None
            continue
        if expected[path] is None or (path in SETS and not expected[path]):
            yield (NONE_WORDS if path in SETS else NO_VALUE_WORDS).get(lang)
            continue
        text = expectation_text(procedure, path, expected[path])
        decision = procedure.decisions.get(path.partition(".")[0])
        is_value = decision is not None and path in (decision.id, f"{decision.id}.value")
        if is_value and decision is not None and decision.type.is_number and re.fullmatch(r"-?[\d.]+(,\d+)?", text):
            number = Decimal(text.replace(".", "").replace(",", "."))
            yield int(number) if number == number.to_integral_value() else number
        else:
            yield text


def explanation_of(procedure: Procedure, table: Table, lang: str) -> Table:
    """The second sheet: every column of the first with title, type, unit and words; at its end the procedure."""
    heads = (Text("Cột", "Column"), Text("Ý nghĩa", "Meaning"), Text("Kiểu", "Type"), Text("Đơn vị", "Unit"),
             Text("Các từ dùng được", "Words that may be used"))
    found: Table = [[head.get(lang) for head in heads]]
    about = {"id": Text("Mã của trường hợp; dòng (background) là nền chung", "Id of the case; (background) is shared"),
             "vi": Text("Tình huống cho thấy điều gì, tiếng Việt", "What it shows, in Vietnamese"),
             "en": Text("Tình huống cho thấy điều gì, tiếng Anh", "What it shows, in English"),
             "why": Text("Căn cứ", "By which article"),
             "why (en)": Text("Căn cứ, tiếng Anh", "By which article, in English")}
    for head in map(str, table[0]):
        if head in about:
            found.append([head, about[head].get(lang), Type("text").title.get(lang), None, None])
        elif head in procedure.facts:
            fact = procedure.facts[head]
            found.append(_explained(procedure, head, fact.title, fact.type, lang))
        else:
            found.append(_expectation_explained(procedure, head, lang))
    return [*found, ["procedure", procedure.id]]


def _explained(procedure: Procedure, head: str, title: Text, type_: Type, lang: str) -> list[Raw | None]:
    unit = unit_of(type_)
    labels = procedure.labels.get(type_.list or "", {})
    words = [f"{word} = {labels[word].get(lang)}" if word in labels else word for word in type_.values]
    if type_.kind == "yes/no":
        words = [YES_WORDS.get(lang), NO_WORDS.get(lang)]
    return [head, guarded(title.get(lang)), type_.title.get(lang), unit.shown.get(lang) if unit else None,
            guarded("; ".join(words)) if words else None]


def _expectation_explained(procedure: Procedure, head: str, lang: str) -> list[Raw | None]:
    path = head.removeprefix(EXPECTED)
    decision = procedure.decisions.get(path.partition(".")[0])
    if decision is not None:
        type_ = decision.type if path in (decision.id, f"{decision.id}.value") else Type("text")
        return _explained(procedure, head, decision.title, type_, lang)
    words = {"outcome": tuple(OUTCOMES), "failed": tuple(dict.fromkeys(each.id for each in procedure.requirements)),
             "undetermined": tuple(dict.fromkeys(each.id for each in procedure.requirements)),
             "documents": tuple(dict.fromkeys(each.id for each in procedure.documents))}.get(path, ())
    words = tuple(STATES) if path.startswith("requirements.") else words
    title = TITLES.get(path.partition(".")[0], Text(path, path))
    kind = Text("danh sách", "a list") if path in SETS else Type("text").title
    return [head, title.get(lang), kind.get(lang), None, "; ".join(words) or None]
