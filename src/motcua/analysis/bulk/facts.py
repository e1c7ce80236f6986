"""Facts of many cases as one typed table: a column for each fact, NULL where it is unknown.

Values are read as strictly as those of one case; numbers become whole numbers of a scale found from the data, dates
days since 1970-01-01, list facts whole numbers whose bits are the words. Cases with a number that no database keeps
exactly stand apart, to be reckoned one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from motcua.analysis.bulk.lowering import Columns, Shape, parts_of
from motcua.analysis.bulk.plan import BITS, NARROW, Kind, Plan, as_scaled, day_of, days_of, from_scaled
from motcua.conditions import Type
from motcua.errors import InputError, Problem
from motcua.procedures import Procedure, read_facts

ROW: Final = "row"
#: A fact, the kind of its values, and the words of a list or the unit of a number: what two procedures must share to
#: share a column. A number is given in the fact's unit, so that another unit makes it another number.
Key = tuple[str, str, tuple[str, ...]]

#: Numbers of so many digits before and after the point still fit into 38 digits; cases with longer ones stand apart.
LARGEST: Final = 10**29
FINEST: Final = 9
_CHUNK: Final = 20_000
_KEPT: Final = 20_000
_WIDE: Final = pa.decimal128(38, 0)


def key_of(name: str, type_: Type) -> Key:
    """The column in which a fact of a procedure lies."""
    if type_.is_number:
        return name, "number", (type_.unit or "",)
    return name, type_.kind, type_.values if type_.kind == "list of" else ()


def kind_of(key: Key) -> Kind:
    """How values of a column are kept."""
    kinds: dict[str, Kind] = {"yes/no": "truth", "one of": "word", "text": "word", "list of": "bits"}
    return kinds.get(key[1], "number")


@dataclass(frozen=True, slots=True)
class Column:
    """The columns of a fact in the table (several for a long list), and what is known of their numbers."""

    names: tuple[str, ...]
    kind: Kind
    scale: int = 0
    bound: int = 0

    def in_plan(self, plan: Plan, key: Key) -> Shape:
        """The values to compute with."""
        if key[1] == "list of":
            return tuple(plan.column(name, "bits") for name in self.names)
        return plan.column(self.names[0], self.kind, self.scale, self.bound)


def columns_of(plan: Plan, procedure: Procedure, columns: Mapping[Key, Column]) -> Columns:
    """The facts of a procedure as values to compute with."""
    keys = {fact.id: key_of(fact.id, fact.type) for fact in procedure.facts.values()}
    return {name: columns[key].in_plan(plan, key) for name, key in keys.items() if key in columns}


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of facts: ``table`` has the number of each case (``row``) and the columns of its facts.

    ``apart`` holds the canonical facts, one mapping a procedure, of cases that are not in the table.
    """

    table: pa.Table
    columns: Mapping[Key, Column]
    apart: Mapping[int, tuple[Mapping[str, Any], ...]]

    def of_case(self, place: int, procedure: Procedure) -> dict[str, Any]:
        """The known canonical facts of the case at a place of the table."""
        found: dict[str, Any] = {}
        for fact in procedure.facts.values():
            key = key_of(fact.id, fact.type)
            column = self.columns[key]
            value = _value(key, column, [self.table[name][place].as_py() for name in column.names])
            if value is not None:
                found[fact.id] = value
        return found

    def without_large(self, procedures: Sequence[Procedure], limit: int) -> Facts:
        """The same, with cases apart that have a number (in its scale) of ``limit`` or more."""
        numbers = [(key, column) for key, column in self.columns.items() if column.kind == "number"]
        places: set[int] = set()
        for _, column in numbers:
            if column.bound >= limit:
                values = self.table[column.names[0]].to_pylist()
                places.update(place for place, value in enumerate(values) if value is not None and abs(value) >= limit)
        rows = self.table[ROW]
        apart = {rows[place].as_py(): tuple(self.of_case(place, each) for each in procedures) for place in places}
        mask = pa.array([place not in places for place in range(self.table.num_rows)])
        smaller = {key: replace(column, bound=min(column.bound, limit)) for key, column in numbers}
        table = self.table.filter(mask)
        for name in (column.names[0] for _, column in numbers):
            if limit < NARROW and table.schema.field(name).type == _WIDE:
                table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.int64()))
        return Facts(table, {**self.columns, **smaller}, {**self.apart, **apart})


def _value(key: Key, column: Column, stored: Sequence[Any]) -> Any:
    """A canonical value from what the table keeps."""
    first = stored[0]
    if first is None:
        return None
    match key[1]:
        case "list of":
            return tuple(word for place, word in enumerate(key[2]) if stored[place // BITS] >> place % BITS & 1)
        case "date":
            return day_of(first)
        case "number":
            return from_scaled(int(first), column.scale)
    return first


class FactReader:
    """Reads the facts of many cases of one procedure as `motcua.procedures.read_facts` does; equal values once.

    Facts that the procedure does not have are counted in ``ignored`` and left out.
    """

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._known: dict[str, dict[Any, Any]] = {name: {} for name in procedure.facts}
        self.ignored: dict[str, int] = {}

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Canonical values of the known facts; InputError with every problem."""
        facts: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, value in raw.items():
            if value is None:
                continue
            known = self._known.get(name)
            if known is None:
                self.ignored[name] = self.ignored.get(name, 0) + 1
                continue
            found = self._value(name, value, known)
            if isinstance(found, InputError):
                problems.extend(found.problems)
            else:
                facts[name] = found
        if problems:
            raise InputError(problems)
        return facts

    def _value(self, name: str, raw: Any, known: dict[Any, Any]) -> Any:
        # True, 1 and 1.0 are equal, but not the same fact
        key = (raw.__class__, tuple(raw) if isinstance(raw, list) else raw)
        try:
            return known[key]
        except KeyError:
            pass
        except TypeError:
            return self._read(name, raw)
        if len(known) >= _KEPT:
            known.clear()
        found = known[key] = self._read(name, raw)
        return found

    def _read(self, name: str, raw: Any) -> Any:
        try:
            return read_facts(self._procedure, {name: raw})[name]
        except InputError as error:
            return error


class _Slot:
    """The values of one column, as they come."""

    def __init__(self, key: Key, number: int) -> None:
        self.key = key
        self.kind = kind_of(key)
        self.values: list[Any] = []
        parts = parts_of(Type("list of", values=key[2])) if key[1] == "list of" else 1
        self.names = tuple(f"f{number}" if part == 0 else f"f{number}_{part}" for part in range(parts))
        self._places = {word: place for place, word in enumerate(key[2])}
        self._chunks: list[list[pa.Array]] = []
        self._scales: list[int] = []
        self._bounds: list[int] = []

    def close(self) -> None:
        """Pack the values that have come."""
        values, self.values = self.values, []
        scale = bound = 0
        if self.kind == "number":
            values, scale = _scaled(values) if self.key[1] == "number" else ([_days(each) for each in values], 0)
            bound = max((abs(each) for each in values if each is not None), default=0)
            self._chunks.append([_whole_numbers(values)])
        elif self.kind == "bits":
            self._chunks.append([pa.array([self._bits(words, part) for words in values], pa.int64())
                                 for part in range(len(self.names))])
        else:
            self._chunks.append([pa.array(values, pa.bool_() if self.kind == "truth" else pa.string())])
        self._scales.append(scale)
        self._bounds.append(bound)

    def _bits(self, words: tuple[str, ...] | None, part: int) -> int | None:
        if words is None:
            return None
        places = (self._places[word] - part * BITS for word in words)
        return sum(1 << place for place in places if 0 <= place < BITS)

    def finished(self) -> tuple[Column, dict[str, pa.ChunkedArray]]:
        """The column and its data."""
        scale = max(self._scales)
        bound = max(bound * 10 ** (scale - own) for bound, own in zip(self._bounds, self._scales, strict=True))
        arrays: dict[str, pa.ChunkedArray] = {}
        for place, name in enumerate(self.names):
            chunks = [chunk[place] for chunk in self._chunks]
            if self.kind == "number":
                chunks = [_rescaled(chunk, 10 ** (scale - own), bound >= NARROW)
                          for chunk, own in zip(chunks, self._scales, strict=True)]
            arrays[name] = pa.chunked_array(chunks)
        return Column(self.names, self.kind, scale, bound), arrays


def _days(day: date | None) -> int | None:
    return None if day is None else days_of(day)


def _scaled(values: list[Any]) -> tuple[list[Any], int]:
    """Numbers as whole numbers of one scale."""
    pairs = [as_scaled(value) for value in values if value.__class__ is Decimal]
    if not pairs:
        return values, 0
    scale = max(own for _, own in pairs)
    return [None if value is None else _at(value, scale) for value in values], scale


def _at(number: int | Decimal, scale: int) -> int:
    whole, own = as_scaled(number)
    return whole * int(10 ** (scale - own))


def _whole_numbers(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, pa.int64())
    except (OverflowError, pa.ArrowInvalid):
        return pa.array([None if value is None else Decimal(value) for value in values], _WIDE)


def _rescaled(chunk: pa.Array, factor: int, is_wide: bool) -> pa.Array:
    if factor != 1:
        values = chunk.to_pylist()
        chunk = _whole_numbers([None if value is None else int(value) * factor for value in values])
    return chunk.cast(_WIDE) if is_wide and chunk.type != _WIDE else chunk


class Gathering:
    """Gathers the facts of cases, read for each of some procedures, into one table."""

    def __init__(self, procedures: Sequence[Procedure]) -> None:
        self._names = [[(fact.id, key_of(fact.id, fact.type)) for fact in procedure.facts.values()]
                       for procedure in procedures]
        keys = dict.fromkeys(key for names in self._names for _, key in names)
        self._slots = {key: _Slot(key, number) for number, key in enumerate(keys)}
        self._rows: list[int] = []
        self._closed: list[pa.Array] = []
        self._apart: dict[int, tuple[Mapping[str, Any], ...]] = {}
        # the facts whose columns each procedure fills: those that an earlier one has already are the same
        self._fills = [[(name, self._slots[key]) for name, key in names if not any(
            (name, key) in earlier for earlier in self._names[:place])] for place, names in enumerate(self._names)]

    def add(self, row: int, *facts: Mapping[str, Any]) -> None:
        """A case: its number, and its canonical facts for each procedure in turn."""
        if any(_is_large(value) for each in facts for value in each.values() if isinstance(value, (int, Decimal))):
            self._apart[row] = facts
            return
        for each, fills in zip(facts, self._fills, strict=True):
            for name, slot in fills:
                slot.values.append(each.get(name))
        self._rows.append(row)
        if len(self._rows) == _CHUNK:
            self._close()

    def _close(self) -> None:
        self._closed.append(pa.array(self._rows, pa.int64()))
        self._rows = []
        for slot in self._slots.values():
            slot.close()

    def facts(self) -> Facts:
        """All of them."""
        self._close()
        columns: dict[Key, Column] = {}
        arrays: dict[str, Any] = {ROW: pa.chunked_array(self._closed)}
        for key, slot in self._slots.items():
            columns[key], data = slot.finished()
            arrays.update(data)
        return Facts(pa.table(arrays), columns, self._apart)


def _is_large(number: int | Decimal) -> bool:
    return not -LARGEST < number < LARGEST or as_scaled(number)[1] > FINEST


def gather(procedure: Procedure, cases: Iterable[Mapping[str, Any]]) -> Facts:
    """The table of the canonical facts of cases of one procedure; a None is unknown."""
    gathering = Gathering([procedure])
    for row, facts in enumerate(cases):
        gathering.add(row, facts)
    return gathering.facts()
