"""A law over a table of one's own: the answers as a further Ibis table, in whatever database the table lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from motcua.analysis.bulk.emission import emit
from motcua.analysis.bulk.facts import Column, Key, key_of, kind_of
from motcua.analysis.bulk.lowering import NEEDS, OUTCOMES, STATES
from motcua.analysis.bulk.lowering import parts_of as columns_needed
from motcua.analysis.bulk.plan import BITS, EPOCH_DAY, LAST_DAY, NARROW, WIDE, Plan, TooWideError, days_of
from motcua.analysis.bulk.sides import Part, Side, Span, cuts_of, places_of, span_on, spans
from motcua.analysis.bulk.statement import SIDES, kept_columns
from motcua.conditions import Type
from motcua.errors import InputError, Problem
from motcua.procedures import Procedure

_WORDS: Mapping[str, Sequence[str]] = {"outcome": OUTCOMES, "requirement": STATES, "document": NEEDS}


def assess_table(procedure: Procedure, table: ir.Table, on: date | None = None) -> ir.Table:
    """The outcome, the states of requirements and documents, and the decisions of each row of ``table``.

    Columns are named by the ids of facts and typed: boolean, string, date, int64 or decimal (in the canonical unit of
    the fact: VND, ha, days ...), array of string for a list; NULL is unknown, a fact without a column too. Other
    columns are kept. New ones: ``outcome``, ``requirement.ID``, ``document.ID``, ``decision.ID`` and ``row.ID`` (NULL:
    not in force, or no value). With ``on`` every row is of that law date, else each of its own. On a DuckDB connection
    of your own, run ``SET disabled_optimizers = 'common_subexpressions'`` first: that optimizer answers true for
    unknown now and then.

    Raises:
        InputError: BULK_010, a column cannot hold the fact.
    """
    names = {name: place for place, name in enumerate(procedure.facts) if name in table.columns}
    keep = [name for name in table.columns if name not in names]
    read, columns = _read(procedure, table, names)
    typed = table.select(*keep, **read)
    law = columns.get(_law_key(procedure))
    computed, parts = [], []
    for span in _spans(procedure, on, None if law is None else law.names[0]):
        plan = Plan()
        try:
            said = Side(plan, procedure, columns, span, on, places_of([procedure])).values()
        except TooWideError:
            raise InputError(Problem("BULK_010", {"name": ", ".join(names), "type": "decimal(38)"})) from None
        computed.append((plan, span, {(SIDES[0], part): value for part, value in said.items()}))
    kept = kept_columns({SIDES[0]: procedure}, [values for _, _, values in computed])
    for plan, span, values in computed:
        own = typed if on is not None or law is None else _within(typed, law.names[0], span)
        outputs = {kept[key].name: plan.at_scale(value, kept[key].scale) if value.kind == "number" else value
                   for key, value in values.items() if key in kept}
        parts.append(emit(own, outputs, keep, {column.name: column.type for column in kept.values()}))
    answers = parts[0] if len(parts) == 1 else ibis.union(*parts, distinct=False)
    shown = {f"{part.kind}.{part.id}" if part.kind != "outcome" else "outcome":
             _worded(procedure, part, answers[column.name], column.scale, column.is_day)
             for (_, part), column in kept.items()}
    return answers.select(*keep, **shown)


def _law_key(procedure: Procedure) -> Key:
    return key_of(procedure.law_at, procedure.facts[procedure.law_at].type)


def _spans(procedure: Procedure, on: date | None, law: str | None) -> Iterator[Span | None]:
    if on is not None:
        yield span_on(procedure, days_of(on), None, None)
        return
    yield None
    if law is not None:
        for day, first, last in spans(sorted(cuts_of(procedure))):
            yield span_on(procedure, day, first, last)


def _within(table: ir.Table, law: str, span: Span | None) -> ir.Table:
    if span is None:
        return table.filter(table[law].isnull())
    first = table if span.first is None else table.filter(table[law] >= span.first)
    return first.filter(first[law].notnull()) if span.last is None else first.filter(first[law] <= span.last)


def _read(procedure: Procedure, table: ir.Table, names: Mapping[str, int]
          ) -> tuple[dict[str, Any], dict[Key, Column]]:
    """The columns as they are computed with: whole numbers, days, bits."""
    read: dict[str, Any] = {}
    columns: dict[Key, Column] = {}
    for name, place in names.items():
        key, value = key_of(name, procedure.facts[name].type), table[name]
        made = list(_made(key, value))
        if not made:
            raise InputError(Problem("BULK_010", {"name": name, "type": str(value.type())}))
        own = tuple(f"f{place}" if part == 0 else f"f{place}_{part}" for part in range(len(made)))
        read.update(zip(own, made, strict=True))
        scale, bound = _size(key, value)
        columns[key] = Column(own, kind_of(key), scale, bound)
    return read, columns


def _made(key: Key, value: Any) -> Iterable[Any]:
    """The expressions of a fact's columns; none where the type does not fit."""
    type_ = value.type()
    match key[1]:
        case "yes/no" if type_.is_boolean():
            return [value]
        case "one of" | "text" if type_.is_string():
            return [value]
        case "date" if type_.is_date():
            return [value.delta(ibis.date(EPOCH_DAY), unit="day").cast("int64")]
        case "number" if type_.is_integer():
            return [value.cast("int64")]
        case "number" if type_.is_decimal() and type_.scale is not None:
            whole = value * 10**type_.scale if type_.scale else value
            return [whole.cast("int64" if type_.precision <= 18 else "decimal(38, 0)")]
        case "list of" if type_.is_array():
            return [_bits(key[2][part * BITS:(part + 1) * BITS], value)
                    for part in range(columns_needed(Type("list of", values=key[2])))]
    return []


def _bits(words: Sequence[str], value: Any) -> Any:
    bits = ibis.literal(0, "int64")
    for place, word in enumerate(words):
        bits = bits + value.contains(word).cast("int64") * (1 << place)
    return ibis.cases((value.isnull(), ibis.null("int64")), else_=bits)


def _size(key: Key, value: Any) -> tuple[int, int]:
    type_ = value.type()
    if key[1] == "date":
        return 0, LAST_DAY
    if key[1] != "number":
        return 0, 0
    if type_.is_decimal():
        return int(type_.scale), min(10 ** int(type_.precision), WIDE - 1)
    return 0, NARROW - 1


def _worded(procedure: Procedure, part: Part, value: Any, scale: int, is_day: bool) -> Any:
    """A part as people read it: words, values in canonical units, ids of rows."""
    if part.kind in _WORDS:
        words = enumerate(_WORDS[part.kind])
        return ibis.cases(*((value == code, word) for code, word in words), else_=ibis.null("string"))
    if part.kind == "row" and procedure.decisions[part.id].hit != "collect":
        rows = {place: row for row, place in places_of([procedure])[part.id].items()}
        return ibis.cases(*((value == place, row) for place, row in rows.items()), else_=ibis.null("string"))
    if is_day:
        return (ibis.date(EPOCH_DAY) + value.as_interval("D")).cast("date")
    return value.cast(f"decimal(38, {scale})") / 10**scale if scale else value
