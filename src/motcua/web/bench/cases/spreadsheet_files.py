"""Spreadsheet files, .xlsx and .csv: their bytes from cells, and cells from the bytes of anybody.

A cell read holds a text, an exact number, a day, yes or no. Nothing is computed: a formula, a cell of joined cells,
or a number that a spreadsheet has already rounded is refused with the cell's name. What a file may be is bounded before
it is opened.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from motcua.errors import InputError, Place, Problem
from motcua.law import Text, fold

Raw = str | int | Decimal | date | bool

#: Octets of a file, and of all that a .xlsx holds once it is unpacked.
LARGEST_FILE: Final = 3 * 1024**2
LARGEST_UNPACKED: Final = 24 * 1024**2
MOST_MEMBERS: Final = 200
#: Lines and columns of a sheet; characters of a cell.
MOST_LINES: Final = 600
MOST_COLUMNS: Final = 300
LONGEST_CELL: Final = 12_000
#: Digits a spreadsheet keeps of a number; longer ones are written as text.
EXACT_DIGITS: Final = 15
#: Cells that may be merged before the file is not even opened.
MOST_MERGED: Final = 20_000
#: Problems of one file that are told one by one.
MOST_PROBLEMS: Final = 50

_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets count a day that never was
# _x0041_ is how a .xlsx writes a character by its number; a text that looks so is written _x005F_x0041_
_ESCAPED, _UNESCAPED = re.compile(r"_(x[0-9A-Fa-f]{4}_)"), re.compile(r"_x005F_(x[0-9A-Fa-f]{4}_)")
_MERGED = re.compile(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([^\"']*)")
_LINKED = re.compile(rb"hyperlink\s[^>]*?ref\s*=\s*[\"']([^\"']*)")
_RANGE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: A text with a sign before it that is a number, perhaps with its unit, or the dash for nothing.
_SIGNED = re.compile(r"[+-]\d[\d.,]*(\s*[^\W\d_][\w/% ]*)?|-")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet by line and column, both from 1; empty cells are not there.

    ``notation`` tells how numbers are written as text: "point" (1,234.5, as in English spreadsheets) or "comma"
    (1.234,5, as the pages of the site). ``name`` is "" for a .csv.
    """

    name: str
    cells: Mapping[tuple[int, int], Raw]
    notation: str = "comma"
    others: Mapping[str, Mapping[tuple[int, int], Raw]] = field(default_factory=dict)

    def problem(self, line: int, column: int, said: Problem) -> Problem:
        """A problem of one cell: sheet and cell, then what is wrong."""
        return at_cell(self.name, line, column, said)


def cell_name(line: int, column: int) -> str:
    """``C7``."""
    return f"{column_name(column)}{line}"


def column_name(column: int) -> str:
    """``A`` for 1, ``AA`` for 27."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def in_words(problem: Problem) -> Text:
    """A problem's message, as a parameter of the one that tells its place."""
    return Text(problem.message("vi"), problem.message("en"))


def at_cell(sheet: str, line: int, column: int, said: Problem) -> Problem:
    """A problem of one cell: sheet and cell, then what is wrong."""
    name = cell_name(line, column)
    params = {"cell": name, "said": in_words(said)}
    place = Place(sheet, line, column, name)
    return Problem("WEB_211", {"sheet": sheet, **params}, place) if sheet else Problem("WEB_212", params, place)


# -- writing

Table = list[list[Raw | None]]


def write_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """A workbook of these sheets, the first line of each being its head; no cell is a formula."""
    from openpyxl import Workbook  # half a second, which only those pay who use spreadsheets
    from openpyxl.styles import Font, PatternFill

    bold, shade = Font(bold=True), PatternFill("solid", fgColor="E8EFE9")
    book = Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "B2"
        for line, row in enumerate(table, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    _write_cell(sheet.cell(line, column), value)
                if line == 1:
                    sheet.cell(line, column).font, sheet.cell(line, column).fill = bold, shade
        for column in range(1, max(map(len, table), default=0) + 1):
            sheet.column_dimensions[column_name(column)].width = 32 if column == 2 else 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_cell(cell: Any, value: Raw) -> None:
    if isinstance(value, date) and value < _FIRST_DAY:
        value = f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and _digits(value) > EXACT_DIGITS:
        value = format(Decimal(value), "f").replace(".", ",")
    if isinstance(value, str):
        cell.value = _ESCAPED.sub(r"_x005F_\1", _NOT_XML.sub("\ufffd", value))
        cell.data_type = "s"
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"


def _digits(number: int | Decimal) -> int:
    _sign, digits, _exponent = Decimal(number).as_tuple()
    return len("".join(map(str, digits)).strip("0"))


def write_csv(table: Table, notation: str) -> bytes:
    """One table as spreadsheets of the notation read it: ``;`` and 1234,5, or ``,`` and 1234.5; UTF-8 with a mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if notation == "comma" else ",", lineterminator="\r\n")
    for row in table:
        writer.writerow([_csv_text(value, notation) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_text(value: Raw | None, notation: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return value.isoformat()
    text = format(Decimal(value), "f")
    return text.replace(".", ",") if notation == "comma" else text


# -- reading

def read_spreadsheet(data: bytes, wanted: tuple[str, ...]) -> Sheet:
    """The sheet of a file: of a .xlsx the one named as in ``wanted`` (or its only one), of a .csv the whole.

    Raises:
        InputError: WEB_211 to WEB_224, every problem with sheet and cell.
    """
    if len(data) > LARGEST_FILE:
        raise InputError(Problem("WEB_214", {"limit": f"{LARGEST_FILE // 1024**2} MB"}))
    if data.startswith(b"PK"):
        return _read_xlsx(data, wanted)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(Problem("WEB_215"))
    return _read_csv(data)


def _read_xlsx(data: bytes, wanted: tuple[str, ...]) -> Sheet:
    from openpyxl import load_workbook

    _check_package(data)
    try:
        book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    except Exception as error:  # the library raises whatever it stumbles over
        raise InputError(Problem("WEB_216")) from error
    matching = [name for name in sheets if fold(name) in map(fold, wanted)]
    if not matching and len(sheets) == 1:
        matching = list(sheets)
    if len(matching) != 1:
        params = {"wanted": wanted[0], "found": ", ".join(list(sheets)[:8]) or "–"}
        raise InputError(Problem("WEB_217", params))
    problems: list[Problem] = []
    cells = _cells(sheets[matching[0]], problems)
    others = {name: _cells(sheet, []) for name, sheet in sheets.items() if name != matching[0]}
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    return Sheet(matching[0], cells, "comma", others)


def _check_package(data: bytes) -> None:
    """Refuse what is no plain .xlsx, or unpacks to too much, before anything of it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            names = [member.filename for member in members]
            if "xl/workbook.xml" not in names or len(set(names)) != len(names):
                raise InputError(Problem("WEB_216"))
            if any(name.endswith("vbaProject.bin") for name in names):
                raise InputError(Problem("WEB_218"))
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise InputError(Problem("WEB_219", {"limit": f"{LARGEST_UNPACKED // 1024**2} MB"}))
            for member in members:
                _check_member(package, member)
    except InputError:
        raise
    except Exception as error:  # broken archives raise a dozen things
        raise InputError(Problem("WEB_216")) from error


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if not member.filename.endswith((".xml", ".rels", ".vml")):
        return
    with package.open(member) as stream:  # no more comes out than the size it says
        text = stream.read().replace(b"\0", b"")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise InputError(Problem("WEB_216"))
    # the library makes an object for each cell of a merged or linked range: told here, before it makes millions
    if sum(_area(ref) for ref in _LINKED.findall(text)) > MOST_MERGED:
        raise InputError(Problem("WEB_216"))
    merged = _MERGED.findall(text)
    areas = [_area(ref) for ref in merged]
    if sum(areas) > MOST_MERGED:
        raise InputError(Problem("WEB_220", {"range": merged[areas.index(max(areas))][:40].decode("latin-1")}))


def _area(ref: bytes) -> int:
    """How many cells a range has; too many where it is not written as ranges are."""
    match = _RANGE.fullmatch(ref.strip().upper())
    if match is None:
        return MOST_MERGED + 1
    left, top, right, bottom = match.groups()
    across = abs(_column_number(right or left) - _column_number(left)) + 1
    return across * (abs(int(bottom or top) - int(top)) + 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _cells(sheet: Any, problems: list[Problem]) -> dict[tuple[int, int], Raw]:
    name = sheet.title
    for joined in list(sheet.merged_cells.ranges)[:MOST_PROBLEMS]:
        problems.append(at_cell(name, joined.min_row, joined.min_col, Problem("WEB_220", {"range": str(joined)})))
    found: dict[tuple[int, int], Raw] = {}
    # only the cells that are there: a sheet may call itself a million lines long
    filled = [cell for cell in sheet._cells.values() if getattr(cell, "value", None) not in (None, "")]
    if any(cell.row > MOST_LINES or cell.column > MOST_COLUMNS for cell in filled):
        problems.append(Problem("WEB_221", {"sheet": name, "lines": MOST_LINES, "columns": MOST_COLUMNS}))
        return {}
    for cell in filled:
        try:
            found[cell.row, cell.column] = _raw(cell)
        except InputError as error:
            problems += [at_cell(name, cell.row, cell.column, problem) for problem in error.problems]
    return found


def _raw(cell: Any) -> Raw:
    value = cell.value
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float | datetime | date):
        raise InputError(Problem("WEB_213" if cell.data_type == "f" else "WEB_222", {"value": str(value)[:40]}))
    if cell.data_type == "e":
        raise InputError(Problem("WEB_222", {"value": str(value)[:40]}))
    if isinstance(value, str):
        return _text(_UNESCAPED.sub(r"_\1", value))
    if isinstance(value, datetime):
        if value.time() != time():
            raise InputError(Problem("WEB_222", {"value": str(value)[:40]}))
        return value.date()
    if isinstance(value, bool | int | date):
        return value
    number = Decimal(repr(value))
    if not number.is_finite() or _digits(number) > EXACT_DIGITS:
        raise InputError(Problem("WEB_223", {"value": format(number, "f")[:60], "digits": EXACT_DIGITS}))
    return int(number) if number == number.to_integral_value() else number


def _text(value: str) -> str:
    if value.startswith("="):
        raise InputError(Problem("WEB_213", {"value": value[:40]}))
    if len(value) > LONGEST_CELL:
        raise InputError(Problem("WEB_224", {"limit": LONGEST_CELL}))
    return value


def _read_csv(data: bytes) -> Sheet:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # a picture or another program's file has octets that no text has; Excel's own Unicode text begins with a mark
        is_text = b"\0" not in data or data.startswith((b"\xff\xfe", b"\xfe\xff"))
        raise InputError(Problem("WEB_225" if is_text else "WEB_216")) from error
    if "\0" in text:
        raise InputError(Problem("WEB_216"))
    delimiter = delimiter_of(text)
    notation = "point" if delimiter == "," else "comma"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(Problem("WEB_216")) from error
    if len(rows) > MOST_LINES or any(len(row) > MOST_COLUMNS for row in rows):
        raise InputError(Problem("WEB_221", {"sheet": "csv", "lines": MOST_LINES, "columns": MOST_COLUMNS}))
    found: dict[tuple[int, int], Raw] = {}
    problems: list[Problem] = []
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value.strip():
                found[line, column] = value
                problems += [at_cell("", line, column, problem) for problem in _csv_problems(value)]
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    return Sheet("", found, notation)


def delimiter_of(text: str) -> str:
    """What stands between the cells of a .csv, by its first line."""
    return max(";,\t", key=text.partition("\n")[0].count)


def _csv_problems(value: str) -> Iterator[Problem]:
    """A text cell that a spreadsheet would compute, or that is too long."""
    is_sum = value.startswith(("+", "-")) and _SIGNED.fullmatch(value.strip()) is None
    if is_sum or value.startswith(("=", "@")):
        yield Problem("WEB_213", {"value": value[:40]})
    if len(value) > LONGEST_CELL:
        yield Problem("WEB_224", {"limit": LONGEST_CELL})
