"""Reading cases from a sheet: its head and its cells, each told by its name where it cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from motcua.conditions import Type
from motcua.errors import InputError, Problem
from motcua.forms.typed import show_date, show_number
from motcua.law import Text, did_you_mean, fold
from motcua.procedures import Procedure
from motcua.web.bench.cases.cells import expectation_paths, is_expectation
from motcua.web.bench.cases.rows import Row
from motcua.web.bench.cases.spreadsheet_files import MOST_PROBLEMS, Raw, Sheet
from motcua.web.bench.cases.spreadsheets import BACKGROUND, EXPECTED, TITLES, WORDS

_BACKGROUND = frozenset(fold(word) for word in (BACKGROUND, "background", "(nền)", "nền", "(nền chung)"))
_EXPECTED = re.compile(r"(?:expected|expect|mong doi)\s*:\s*(.+)")
_WITH_UNIT = re.compile(r"(?P<number>-?[\d.,]+)(?P<unit>\s*[^\d.,].*)?", re.DOTALL)


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
    titles = {**TITLES, **{each.id: each.title for each in procedure.decisions.values()}}
    named = [path for path, title in titles.items() if fold(name) in (fold(title.vi), fold(title.en))]
    if len(named) != 1:
        known = [*expectation_paths(procedure), *TITLES]
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
