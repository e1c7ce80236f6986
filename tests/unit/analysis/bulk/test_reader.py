"""The reader "sql" does what every reader must, and says what the evaluator says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.analysis.bulk.conftest import any_cases

from motcua.analysis.bulk import sql_reader
from motcua.engine import assess
from motcua.engine.contract import EngineContract, mooring_permit
from motcua.errors import MotcuaError


class TestSqlReader(EngineContract):
    def assess(self, procedure, facts, on=None):
        [found] = sql_reader.assessments(procedure, [facts], on)
        if isinstance(found, MotcuaError):
            raise found
        return found


def answer(procedure, facts):
    try:
        return assess(procedure, facts, engine="conditions").to_json()
    except MotcuaError as error:
        return error


def differing(procedure, cases):
    """The cases of which SQL says anything else than the evaluator, refusals included."""
    found = []
    for facts, got in zip(cases, sql_reader.many(procedure, cases), strict=True):
        expected = answer(procedure, facts)
        if isinstance(expected, MotcuaError) or isinstance(got, MotcuaError):
            same = str(expected) == str(got)
        else:
            same = all(expected[key] == got[key] for key in expected if key != "engine")
            assert got["engine"].startswith("sql ")
        if not same:
            found.append((facts, expected, got))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_an_invented_law_with_all_that_a_law_may_have(permit, seed):
    assert differing(permit, any_cases(permit, 600, seed)) == []


def test_the_shipped_procedures_under_every_law_version(shipped):
    assert differing(shipped, any_cases(shipped, 500, 3)) == []


def test_numbers_that_no_database_keeps_are_still_answered_exactly(permit):
    cases = [{**facts, "boat.value": value, "owner.deposit": deposit} for facts in any_cases(permit, 20, 5)
             for value, deposit in [(10**30 - 1, 10**29), (10**30 - 1, 5 * 10**28), (10**28, 10**27)]]
    cases += [{**facts, "boat.length": Decimal(f"20.{'0' * 27}1")} for facts in any_cases(permit, 20, 6)]
    assert differing(permit, cases) == []


def test_a_reader_that_is_wrong_would_be_seen(permit):
    cases = any_cases(permit, 50, 4)
    changed = [{**facts, "owner.insured": not facts.get("owner.insured", True)} for facts in cases]
    answers = zip(sql_reader.many(permit, changed), (answer(permit, facts) for facts in cases), strict=True)
    assert any(str(got) != str(expected) for got, expected in answers)


def test_the_same_question_is_compiled_once(monkeypatch):
    from motcua.analysis.bulk import reader

    permit = mooring_permit()
    asked, make = [], reader.to_sql
    monkeypatch.setattr(reader, "to_sql", lambda *arguments: asked.append(1) or make(*arguments))
    own = reader.SqlReader()
    for seed in (8, 8):
        own.many(permit, any_cases(permit, 40, seed))
    first = len(asked)
    own.many(permit, any_cases(permit, 40, 8))
    assert len(asked) == first > 0
