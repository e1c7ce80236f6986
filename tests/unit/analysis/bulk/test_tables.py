"""A law over a table of one's own says of each row what the engine says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from tests.unit.analysis.bulk.conftest import any_cases

from motcua.analysis.bulk import assess_table
from motcua.engine import assess
from motcua.errors import InputError, MotcuaError

TYPES = {"yes/no": pa.bool_(), "one of": pa.string(), "date": pa.date32(), "money": pa.decimal128(30, 0),
         "length": pa.decimal128(18, 4), "list of": pa.list_(pa.string())}


def table_of(procedure, cases):
    """The facts in the natural types of a database."""
    columns = {"code": pa.array([f"D{place}" for place in range(len(cases))])}
    for fact in procedure.facts.values():
        values = [facts.get(fact.id) for facts in cases]
        type_ = TYPES.get(fact.type.kind, pa.int64())
        columns[fact.id] = pa.array([Decimal(value) if pa.types.is_decimal(type_) and value is not None else value
                                     for value in values], type_)
    return ibis.memtable(pa.table(columns))


@pytest.mark.parametrize("on", [None, date(2023, 6, 30)])
def test_every_row_is_answered_as_the_engine_answers(permit, on):
    cases = any_cases(permit, 150, 31)
    rows = assess_table(permit, table_of(permit, cases), on).to_pyarrow().to_pylist()
    assert len(rows) == len(cases)
    answers = {row["code"]: row for row in rows}
    for place, facts in enumerate(cases):
        row = answers[f"D{place}"]
        try:
            found = assess(permit, {**facts, permit.law_at: on} if on else facts, engine="conditions")
        except MotcuaError:
            assert row["outcome"] in ("refused", "not_covered", "fault")
            continue
        assert row["outcome"] == found.outcome
        assert {each.id: row[f"requirement.{each.id}"] for each in found.requirements} == {
            each.id: each.state for each in found.requirements}
        fee = found.decisions["fee"]
        if fee is not None:
            assert (int(row["decision.fee"]), row["row.fee"]) == (fee.value, fee.rows[0])


def test_floating_point_is_refused(permit):
    with pytest.raises(InputError, match="BULK_010"):
        assess_table(permit, ibis.memtable(pa.table({"boat.length": [1.5]})))
