"""The one statement of an impact: every span of days by its own law, before and after, under one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from motcua.analysis.bulk.emission import emit
from motcua.analysis.bulk.facts import ROW, Column, Key, key_of
from motcua.analysis.bulk.plan import NARROW, Plan, Value, day_of, days_of, from_scaled
from motcua.analysis.bulk.sides import Part, Places, Side, Span, cuts_of, span_on, spans
from motcua.procedures import Procedure

SIDES: Final = ("b", "a")
_CODES: Final = frozenset({"outcome", "requirement", "document"})

Sides = Mapping[str, Procedure]
#: The days that law dates of the cases have, before and after; None is unknown.
Days = Sequence[tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The column of a part in the answers, and how its values are read."""

    name: str
    kind: str
    type: str
    scale: int
    is_day: bool

    def value(self, stored: Any) -> Any:
        """The canonical value."""
        if stored is None or self.kind != "number":
            return stored
        return day_of(int(stored)) if self.is_day else from_scaled(int(stored), self.scale)


@dataclass(frozen=True, slots=True)
class Statement:
    """The answers as an Ibis table, and the column of each part on each side."""

    table: ir.Table
    kept: Mapping[tuple[str, Part], Kept]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Cases of one span before and after, and the condition for them."""

    spans: tuple[Span | None, Span | None]
    ranges: tuple[tuple[str, Span | None], ...]

    def of(self, table: ir.Table) -> ir.Table:
        """The cases of the piece."""
        for name, span in self.ranges:
            if span is None:
                table = table.filter(table[name].isnull())
                continue
            if span.first is not None:
                table = table.filter(table[name] >= span.first)
            if span.last is not None:
                table = table.filter(table[name] <= span.last)
        return table


def law_columns(sides: Sides, columns: Mapping[Key, Column]) -> tuple[str, str]:
    """The columns of the law dates, before and after."""
    before, after = (columns[key_of(each.law_at, each.facts[each.law_at].type)].names[0] for each in sides.values())
    return before, after


def statement_of(table: ir.Table, sides: Sides, columns: Mapping[Key, Column], on: date | None, days: Days,
                 places: Places) -> Statement:
    """The statement over a table of facts; TooWideError where a number would not fit."""
    pieces = [_Piece(tuple(span_on(each, days_of(on), None, None) for each in sides.values()), ())  # type: ignore[arg-type]
              ] if on is not None else list(_pieces(sides, law_columns(sides, columns), days))
    computed = []
    for piece in pieces:
        plan = Plan()
        values = {(name, part): value for (name, each), span in zip(sides.items(), piece.spans, strict=True)
                  for part, value in Side(plan, each, columns, span, on, places).values().items()}
        computed.append((piece, plan, values))
    kept = kept_columns(sides, [values for _, _, values in computed])
    parts = [_emitted(piece.of(table), plan, values, kept) for piece, plan, values in computed]
    return Statement(parts[0] if len(parts) == 1 else ibis.union(*parts, distinct=False), kept)


def _pieces(sides: Sides, names: tuple[str, str], days: Days) -> Iterator[_Piece]:
    """The pieces in which there are cases."""
    before, after = sides.values()
    is_one = names[0] == names[1]
    cuts = [sorted(cuts_of(each) | (cuts_of(before) | cuts_of(after) if is_one else set())) for each in (before, after)]
    known: dict[tuple[Any, Any], _Piece] = {}
    for pair in days:
        first, second = (_span(each, own, day) for each, own, day in zip(sides.values(), cuts, pair, strict=True))
        key = _ends(first), _ends(second)
        if key not in known:
            known[key] = _Piece((first, second), tuple(dict(zip(names, (first, second), strict=True)).items()))
    yield from (known[key] for key in sorted(known, key=repr))


def _ends(span: Span | None) -> tuple[int | None, int | None] | None:
    return None if span is None else (span.first, span.last)


def _span(procedure: Procedure, cuts: Sequence[int], day: int | None) -> Span | None:
    if day is None:
        return None
    first, last = next((first, last) for _, first, last in spans(cuts)
                       if (first is None or first <= day) and (last is None or day <= last))
    return span_on(procedure, day, first, last)


def kept_columns(sides: Sides, computed: Sequence[Mapping[tuple[str, Part], Value]]) -> dict[tuple[str, Part], Kept]:
    """One column for each part of each side, that fits all pieces; numbers of both sides at one scale.

    A part that is one and the same value on both sides has one column, one that no law here has has none.
    """
    kept: dict[tuple[str, Part], Kept] = {}
    for number, (side, part) in enumerate(dict.fromkeys(key for values in computed for key in values)):
        values = [values[side, part] for values in computed]
        if all(value.is_constant and value.fixed is None for value in values):
            continue
        before = kept.get((SIDES[0], part))
        if before is not None and all(values.get((SIDES[0], part)) is values[side, part] for values in computed):
            kept[side, part] = before
            continue
        both = [each[other, part] for each in computed for other in sides if (other, part) in each]
        scale = max((value.scale for value in both if value.kind == "number"), default=0)
        is_wide = any(value.bound * 10 ** (scale - value.scale) >= NARROW for value in both if value.kind == "number")
        is_day = part.kind == "decision" and sides[side].decisions[part.id].type.kind == "date"
        kept[side, part] = Kept(f"{side}{number}", values[0].kind, _type(part, values[0].kind, is_wide), scale, is_day)
    return kept


def _type(part: Part, kind: str, is_wide: bool) -> str:
    if part.kind in _CODES:
        return "int8"
    return {"truth": "boolean", "word": "string"}.get(kind, "decimal(38, 0)" if is_wide else "int64")


def _emitted(table: ir.Table, plan: Plan, values: Mapping[tuple[str, Part], Value],
             kept: Mapping[tuple[str, Part], Kept]) -> ir.Table:
    outputs = {kept[key].name: plan.at_scale(value, kept[key].scale) if value.kind == "number" else value
               for key, value in values.items() if key in kept}
    return emit(table, outputs, [ROW], {column.name: column.type for column in kept.values()})
