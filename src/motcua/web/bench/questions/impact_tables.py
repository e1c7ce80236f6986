"""A table of facts as officers send it, rewritten as the bulk run reads it.

Spreadsheets set up for Vietnamese write ``;`` between cells, ``1.234,5`` and ``27/3/2026``; the bulk run reads ``,``,
``1234.5`` and ``2026-03-27``. A cell that is neither stays as it is, to be told with its line and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from motcua.errors import InputError, Problem
from motcua.forms.typed import TypedError, read_date_text
from motcua.law import Text, fold
from motcua.procedures import Fact, Procedure
from motcua.web.bench.cases.spreadsheet_files import Table, delimiter_of, in_words, write_csv

#: The column that names the case, as a table may call it.
CASE: Final = Text("Hồ sơ", "dossier")
_CASE_NAMES: Final = frozenset(("dossier", "code", "ho so", "ma ho so", "case"))
_UNKNOWN: Final = frozenset(("?", "chua biet", "unknown"))
_NONE: Final = frozenset(("-", "–", "khong co muc nao", "none of them"))
_UNIT: Final = r"(?P<unit>\s*[^\d.,].*)?"
_POINT: Final = re.compile(r"(?P<whole>-?\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d+))?" + _UNIT, re.DOTALL)
_COMMA: Final = re.compile(r"(?P<whole>-?(?:\d{1,3}(?:\.\d{3})+|\d+))(?:,(?P<part>\d+))?" + _UNIT, re.DOTALL)
#: Problems that are told one by one.
MOST_TOLD: Final = 50


def plain_table(source: Path, target: Path, *procedures: Procedure) -> None:
    """Rewrite a table of facts of ``procedures``; lines keep their numbers.

    Raises:
        InputError: WEB_271, quotation marks that do not fit together, with the line.
    """
    text = source.read_text(encoding="utf-8-sig")
    delimiter = delimiter_of(text)
    number = _comma_number if delimiter != "," else _point_number
    readers: list[Callable[[str], str]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        try:
            for line in lines:
                if not readers and any(line):
                    names = [_name(each, procedures) for each in line]
                    readers = [_reader(name, procedures, number) for name in names]
                    writer.writerow(names)
                else:
                    wide = [*readers, *[str.strip] * len(line)]
                    writer.writerow([read(cell) for read, cell in zip(wide, line, strict=False)])
        except csv.Error as error:
            raise InputError(Problem("WEB_271", {"line": lines.line_num})) from error


def sample_table(procedure: Procedure) -> bytes:
    """The head of a table for the facts of a procedure, as a spreadsheet opens it."""
    titles = [fact.title.vi for fact in procedure.facts.values()]
    head: Table = [[CASE.vi, *(fact.title.vi if titles.count(fact.title.vi) == 1 else fact.id
                               for fact in procedure.facts.values())]]
    return write_csv(head, "comma")


def placed(problems: tuple[Problem, ...], *procedures: Procedure) -> list[Problem]:
    """What is wrong with a table, each with its line and column in words, the first of many."""
    told = [_placed(each, procedures) for each in problems[:MOST_TOLD]]
    left = len(problems) - len(told)
    return [*told, Problem("WEB_272", {"count": left})] if left else told


def _placed(problem: Problem, procedures: tuple[Procedure, ...]) -> Problem:
    place = problem.place
    if place is None or place.line is None:
        return problem
    said = {"line": place.line, "said": in_words(problem)}
    if not place.field:
        return Problem("WEB_273", said, place)
    fact = next((each.facts[place.field] for each in reversed(procedures) if place.field in each.facts), None)
    return Problem("WEB_270", {**said, "column": fact.title if fact else place.field}, place)


def _name(head: str, procedures: tuple[Procedure, ...]) -> str:
    """The id of the fact that a column is called by; what no fact is called stays."""
    name, said = head.strip(), fold(head)
    if any(name in each.facts for each in procedures):
        return name
    if said in _CASE_NAMES:
        return "dossier"
    named = {fact.id for each in procedures for fact in each.facts.values()
             if said in (fold(fact.title.vi), fold(fact.title.en))}
    return named.pop() if len(named) == 1 else name


def _reader(name: str, procedures: tuple[Procedure, ...], number: Callable[[str], str]) -> Callable[[str], str]:
    facts = [each.facts[name] for each in reversed(procedures) if name in each.facts]
    if not facts:
        return str.strip
    kind, words = facts[0].type.kind, dict(_words(facts[0], procedures))

    def read(cell: str) -> str:
        text = cell.strip()
        said = fold(text)
        if not text or said in _UNKNOWN:
            return ""
        match kind:
            case "date":
                return _day(text)
            case "list of":
                return ";" if said in _NONE else "; ".join(_word(part, words) for part in text.split(";"))
            case "one of":
                return _word(text, words)
        return number(text) if facts[0].type.is_number else text

    return read


def _words(fact: Fact, procedures: tuple[Procedure, ...]) -> Iterator[tuple[str, str]]:
    """What the words of a fact's list are called → the word."""
    for procedure in procedures:
        labels: Mapping[str, Any] = procedure.labels.get(fact.type.list or "", {})
        for word, title in labels.items():
            yield from ((fold(each), word) for each in (title.vi, title.en))


def _word(text: str, words: Mapping[str, str]) -> str:
    return text.strip() if text.strip() in words.values() else words.get(fold(text), text.strip())


def _day(text: str) -> str:
    try:
        return read_date_text(text)
    except TypedError:
        return text


def _comma_number(text: str) -> str:
    """1.234,5 tỷ → 1234.5000 tỷ."""
    return _plain(_COMMA.fullmatch(text), ".", text)


def _point_number(text: str) -> str:
    """1,234.5 → 1234.5000; without groups a number is plain already."""
    return _plain(_POINT.fullmatch(text), ",", text)


def _plain(match: re.Match[str] | None, grouping: str, text: str) -> str:
    if match is None:
        return text
    # three decimals alone would be taken for thousands, perhaps
    part = f".{match['part'].ljust(4, '0')}" if match["part"] else ""
    return f"{match['whole'].replace(grouping, '')}{part}{match['unit'] or ''}"
