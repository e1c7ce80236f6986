"""Facts of many cases from a file: CSV or Parquet, a column for each fact.

The header names facts by their ids; a column ``dossier`` (``code``, ``Hồ sơ``) names the case, else its line does.
Cells are as in files of facts: numbers in the fact's unit or with a unit, true or false, ISO dates, words of lists
separated by ``;``. An empty cell is unknown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from motcua.conditions import TRUTHS
from motcua.errors import InputError, Place, Problem
from motcua.law import fold
from motcua.procedures import Procedure

#: The columns that name the case, as the page calls them too.
CODES: Final = ("dossier", "code", "ho so", "ma ho so")
#: What other programs put between the cells.
_SEPARATORS: Final = ";\t|"


class FactsFile:
    """The cases of a CSV or Parquet file, for the facts of some procedures."""

    is_table = True

    def __init__(self, path: Path | str, *procedures: Procedure) -> None:
        self.path = Path(path)
        self._kinds = {fact.id: fact.type.kind for each in reversed(procedures) for fact in each.facts.values()}

    @property
    def total(self) -> int | None:
        """How many there are; not known of a CSV before it is read."""
        if not self._is_parquet():
            return None
        from pyarrow.parquet import ParquetFile

        return int(ParquetFile(self.path).metadata.num_rows)

    def rows(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        """Each case with its line; InputError BULK_006 and BULK_011 to 014 for a file that is no such table."""
        try:
            yield from self._parquet() if self._is_parquet() else self._csv()
        except UnicodeDecodeError as error:
            raise self._refused("BULK_011", self._first_foreign_line()) from error
        except OSError as error:
            raise self._refused("BULK_006", why=error.strerror or "–") from error

    def _is_parquet(self) -> bool:
        if self.path.suffix.lower() == ".parquet":
            return True
        if not self.path.is_file():
            return False  # what a pipe gives can be read once only
        with self.path.open("rb") as file:
            return file.read(4) == b"PAR1"

    def _refused(self, code: str, line: int | None = None, **said: Any) -> InputError:
        return InputError(Problem(code, said, Place(str(self.path), line)))

    def _first_foreign_line(self) -> int:
        """The first line that is no UTF-8."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    line.decode("utf-8-sig")
                except UnicodeDecodeError:
                    return number
        return 1

    def _csv(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            names: list[str] = []
            for line, cells in self._lines(csv.reader(file, strict=True)):
                if not names:
                    names = self._header(cells, line)
                    continue
                if len(cells) != len(names):
                    raise self._refused("BULK_013", line, cells=len(cells), columns=len(names))
                yield self._case(line, {name: self._typed(name, cell.strip()) for name, cell in
                                        zip(names, cells, strict=True)})
            if not names:
                raise self._refused("BULK_006", 1, why="–")

    def _lines(self, read: Any) -> Iterator[tuple[int, list[str]]]:
        """The lines that say something, each with its number: where it begins, if a cell has several."""
        first = 1
        while True:
            try:
                cells = next(read, None)
            except csv.Error as error:
                raise self._refused("BULK_014", first) from error
            if cells is None:
                return
            if any(cells):
                yield first, cells
            first = read.line_num + 1

    def _header(self, names: list[str], line: int = 1) -> list[str]:
        names = [name.strip() for name in names]
        separator = next((sign for sign in _SEPARATORS if sign in names[0]), None) if len(names) == 1 else None
        if separator is not None:
            raise self._refused("BULK_012", line, sign={"\t": "tab"}.get(separator, separator))
        twice = [name for name in names if names.count(name) > 1 or not name]
        if not names or twice:
            raise self._refused("BULK_006", line, why=", ".join(dict.fromkeys(twice)) or "–")
        return names

    def _typed(self, name: str, cell: str) -> Any:
        """A cell of text as the value JSON would have."""
        if not cell:
            return None
        match self._kinds.get(name):
            case "yes/no":
                return TRUTHS.get(fold(cell), cell)
            case "list of":
                return [word.strip() for word in cell.split(";") if word.strip()]
        return cell

    def _parquet(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        number = 0
        try:
            file = ParquetFile(self.path)
            self._header(file.schema_arrow.names)
            for batch in file.iter_batches():
                for cells in batch.to_pylist():
                    number += 1
                    yield self._case(number, {name: self._plain(name, cell) for name, cell in cells.items()})
        except InputError:
            raise
        except (pa.ArrowException, ValueError) as error:  # a point in time finer than Python's is a ValueError
            raise self._refused("BULK_006", why="Parquet") from error

    def _plain(self, name: str, cell: Any) -> Any:
        """A cell of Parquet as the value JSON would have: a day that was written as its midnight is that day."""
        if isinstance(cell, str):
            return self._typed(name, cell.strip())
        is_day = isinstance(cell, datetime) and cell.tzinfo is None and cell == datetime.combine(cell.date(), time())
        return cell.date() if is_day else cell

    def _case(self, line: int, cells: dict[str, Any]) -> tuple[str, Place | None, Mapping[str, Any] | None]:
        named = {fold(name): str(cell) for name, cell in cells.items() if name not in self._kinds and cell is not None}
        code = next((named[name] for name in CODES if name in named), str(line))
        facts = {name: cell for name, cell in cells.items() if name in self._kinds or fold(name) not in CODES}
        return code, Place(str(self.path), line), facts
