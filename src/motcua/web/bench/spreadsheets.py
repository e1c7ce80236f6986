"""Cases as a spreadsheet: one line a case under a head of column names, a second sheet that explains the columns.

::

    id | vi | en | why | well.depth | … | expected: outcome | expected: fee | …

The line ``(background)`` holds the facts that all cases share. An empty cell is unknown, takes what the background
says, or is not compared. What `table_of` writes, `rows_of` reads back to the same cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from motcua.conditions import Type, Value, evaluate, unit_of
from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date, show_number
from motcua.law import Text, fold
from motcua.procedures import Fact, Procedure, Scenario, did_you_mean, plain, read_facts
from motcua.web.bench.case_rows import Row, readable
from motcua.web.bench.cells import (
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
    is_expectation,
)
from motcua.web.bench.spreadsheet_files import MOST_PROBLEMS, Raw, Sheet, Table
from motcua.web.site.assessments import OUTCOMES, STATES

BACKGROUND: Final = "(background)"
EXPECTED: Final = "expected: "
SHEETS: Final = (Text("Trường hợp", "Cases"), Text("Các cột", "Columns"))
#: Columns of words, and what else their heads may be called.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("mã",), "vi": ("tiếng việt",), "en": ("tiếng anh", "english"), "why": ("căn cứ",),
    "why (en)": ("căn cứ (tiếng anh)",)}
_BACKGROUND = frozenset(fold(word) for word in (BACKGROUND, "background", "(nền)", "nền", "(nền chung)"))
_EXPECTED = re.compile(r"(?:expected|expect|mong doi)\s*:\s*(.+)")
_TITLES: Mapping[str, Text] = {
    "outcome": Text("Kết luận", "Outcome"), "failed": Text("Điều kiện chưa đáp ứng", "Requirements not met"),
    "documents": Text("Thành phần hồ sơ cần nộp", "Documents needed"),
    "undetermined": Text("Điều kiện chưa rõ", "Requirements not yet clear"),
    "missing": Text("Dữ kiện còn thiếu", "Facts missing"), "law_version": Text("Phiên bản luật", "Law version"),
    "law_date": Text("Ngày của luật", "Law date"), "transitional": Text("Quy định chuyển tiếp", "Transitional clause")}
_WITH_UNIT = re.compile(r"(?P<number>-?[\d.,]+)(?P<unit>\s*[^\d.,].*)?", re.DOTALL)


def said_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario of a file as a case is kept."""
    title, why = scenario.title, scenario.why
    reason: Any = "" if why is None else why.vi if why.vi == why.en else {"vi": why.vi, "en": why.en}
    return {"id": scenario.id, "vi": title.vi if title else "", "en": title.en if title else "", "why": reason,
            "given": plain_given(scenario.given), "expect": dict(scenario.expect)}


def plain_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Given facts with days as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


# -- writing

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
    title = _TITLES.get(path.partition(".")[0], Text(path, path))
    kind = Text("danh sách", "a list") if path in SETS else Type("text").title
    return [head, title.get(lang), kind.get(lang), None, "; ".join(words) or None]


# -- reading

@dataclass(frozen=True, slots=True)
class ReadTable:
    """The rows of a sheet as they would be typed, the background (None: the sheet has none), and where each stands.

    ``columns`` tell the column of each key ("id", "vi", "fact:…", "expect:…"); ``reasons`` the English articles by
    the line of their row, which is the row's ``place``.
    """

    rows: tuple[Row, ...]
    background: Mapping[str, str] | None
    background_line: int
    columns: Mapping[str, int]
    reasons: Mapping[str, str]


def rows_of(procedure: Procedure, sheet: Sheet) -> ReadTable:
    """The cases of a sheet, each cell as typed; InputError with every problem of head and cells, by cell."""
    _check_procedure(procedure, sheet)
    problems: list[Problem] = []
    columns = _head(procedure, sheet, problems)
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    rows: list[Row] = []
    reasons: dict[str, str] = {}
    background: dict[str, str] | None = None
    background_line = 0
    for line in sorted({line for line, _column in sheet.cells if line > 1}):
        typed = _typed_line(procedure, sheet, line, columns, problems)
        if fold(typed.get("id", "")) in _BACKGROUND:
            if background is not None:
                problems.append(sheet.problem(line, columns["id"], Problem("WEB_226")))
            background = {key.partition(":")[2]: text for key, text in typed.items() if key.startswith("fact:")}
            background_line = line
            continue
        reasons[str(line)] = typed.get("why (en)", "")
        cells = {key: typed.get(key, "") for key in columns if key not in ("id", "vi", "why (en)")}
        rows.append(Row("", typed.get("id", ""), typed.get("vi", ""), cells, place=str(line)))
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    return ReadTable(tuple(rows), background, background_line, columns, reasons)


def _check_procedure(procedure: Procedure, sheet: Sheet) -> None:
    for cells in sheet.others.values():
        for (line, column), value in cells.items():
            if column == 1 and value == "procedure" and cells.get((line, 2), procedure.id) != procedure.id:
                raise InputError(Problem("WEB_227", {"other": str(cells[line, 2])[:80], "this": procedure.id}))


def _head(procedure: Procedure, sheet: Sheet, problems: list[Problem]) -> dict[str, int]:
    """Column key → column; what no column is called is a problem."""
    found: dict[str, int] = {}
    last = max((column for _line, column in sheet.cells), default=0)
    for column in range(1, last + 1):
        raw = sheet.cells.get((1, column))
        if raw is None:
            line = min((line for line, each in sheet.cells if each == column), default=0)
            if line:
                problems.append(sheet.problem(line, column, Problem("WEB_228")))
            continue
        try:
            key = _key(procedure, str(raw).strip())
        except InputError as error:
            problems += [sheet.problem(1, column, problem) for problem in error.problems]
            continue
        if key in found:
            first = sheet.problem(1, found[key], Problem("WEB_228")).params["cell"]
            problems.append(sheet.problem(1, column, Problem("WEB_229", {"name": str(raw)[:60], "first": first})))
        found.setdefault(key, column)
    if "id" not in found:
        problems.insert(0, sheet.problem(1, 1, Problem("WEB_290")))
    return found


def _key(procedure: Procedure, head: str) -> str:
    said = fold(head)
    for word, others in WORDS.items():
        if said in (word, *map(fold, others)):
            return word
    if head in procedure.facts:
        return f"fact:{head}"
    expected = _EXPECTED.fullmatch(said)
    if expected is not None:
        return f"expect:{_path(procedure, head.partition(':')[2].strip())}"
    named = [fact.id for fact in procedure.facts.values() if said in (fold(fact.title.vi), fold(fact.title.en))]
    if len(named) != 1:
        known = [*WORDS, *procedure.facts, *(f"{EXPECTED}{path}" for path in expectation_paths(procedure))]
        raise InputError(Problem("WEB_291", {"name": head[:60], "hint": did_you_mean(head[:80], known)}))
    return f"fact:{named[0]}"


def _path(procedure: Procedure, name: str) -> str:
    if is_expectation(procedure, name):
        return name
    titles = {**_TITLES, **{each.id: each.title for each in procedure.decisions.values()}}
    named = [path for path, title in titles.items() if fold(name) in (fold(title.vi), fold(title.en))]
    if len(named) != 1:
        known = [*expectation_paths(procedure), *_TITLES]
        raise InputError(Problem("WEB_291", {"name": name[:60], "hint": did_you_mean(name[:80], known)}))
    return named[0]


def _typed_line(procedure: Procedure, sheet: Sheet, line: int, columns: Mapping[str, int],
                problems: list[Problem]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for key, column in columns.items():
        raw = sheet.cells.get((line, column))
        if raw is None:
            continue
        try:
            typed[key] = _typed(_type_of(procedure, key), raw, sheet.notation)
        except InputError as error:
            problems += [sheet.problem(line, column, problem) for problem in error.problems]
    return {key: text.removeprefix("'") if key in WORDS else text for key, text in typed.items()}


def _type_of(procedure: Procedure, key: str) -> Type:
    kind, _colon, name = key.partition(":")
    if kind == "fact":
        return procedure.facts[name].type
    decision, _dot, part = name.partition(".")
    if kind == "expect" and decision in procedure.decisions and part in ("", "value"):
        return procedure.decisions[decision].type
    return Type("date") if name == "law_date" or part in ("due", "between") else Type("text")


def _typed(type_: Type, raw: Raw, notation: str) -> str:
    """A cell as one would type it on the page; what has another type than its column is refused."""
    if isinstance(raw, str):
        return _in_comma_notation(raw) if type_.is_number and notation == "point" else raw
    if isinstance(raw, bool):
        if type_.kind != "yes/no":
            raise InputError(Problem("WEB_292", {"type": type_.title, "value": Text("có/không", "yes/no")}))
        return "yes" if raw else "no"
    if isinstance(raw, date):
        if type_.kind != "date":
            raise InputError(Problem("WEB_292", {"type": type_.title, "value": show_date(raw.isoformat())}))
        return show_date(raw.isoformat())
    text = format(Decimal(raw), "f")
    if type_.kind in ("date", "yes/no"):
        raise InputError(Problem("WEB_292", {"type": type_.title, "value": show_number(text)}))
    return text.replace(".", ",") if type_.is_number else text


def _in_comma_notation(text: str) -> str:
    """1,234.5 → 1234,5, with its unit; what is no such number stays, to be told as it is."""
    match = _WITH_UNIT.fullmatch(text.strip())
    if match is None:
        return text
    number, unit = match["number"], match["unit"] or ""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", number):
        # 12,5 would be read as 12.5 here, and as 125 by the spreadsheet that wrote it
        raise InputError(Problem("WEB_293", {"value": text.strip()[:40]}))
    return number.replace(".", ",") + unit


def with_ids(read: ReadTable, taken: frozenset[str]) -> tuple[ReadTable, int]:
    """The rows with a new id where theirs is taken elsewhere in the procedure, and how many were renamed."""
    used = {*taken, *(row.id.strip() for row in read.rows)}
    rows, count = [], 0
    for row in read.rows:
        name = row.id.strip()
        if name in taken:
            name = next(free for number in range(2, len(used) + 3) if (free := f"{name[:74]}-{number}") not in used)
            used.add(name)
            count += 1
        rows.append(replace(row, id=name))
    return replace(read, rows=tuple(rows)), count
