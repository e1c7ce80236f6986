"""No answer where engine and second opinion differ, and nothing of the case in the log."""

import logging

import pytest

from motcua.engine import Disagreement, assess, preparation
from motcua.engine.contract import GIVEN, mooring_permit
from motcua.engine.durable import DriverFault
from motcua.errors import EngineDisagreement
from motcua.procedures import read_facts


@pytest.fixture
def procedure():
    return mooring_permit.__wrapped__()


@pytest.fixture
def facts(procedure):
    return read_facts(procedure, {**GIVEN, "boat.value": 987_654_321, "owner.deposit": 49_382_717})


@pytest.fixture
def engine(procedure, facts):
    """The engine of the law version of the facts, once it has answered."""
    assess(procedure, facts)
    return preparation.frame_of(procedure).version_on(facts["filing.received_on"]).prover._engine


@pytest.mark.parametrize("wrong", [
    lambda fired: fired[:-1], lambda fired: [], lambda fired: [*fired, 0, 1, 2, 3],
    lambda fired: [number for number in fired if number != fired[0]],
])
def test_a_wrong_engine_gives_no_answer(procedure, facts, engine, monkeypatch, wrong):
    run = engine.run_pieces
    monkeypatch.setattr(engine, "run_pieces", lambda truths: wrong(run(truths)))
    with pytest.raises(EngineDisagreement) as raised:
        assess(procedure, facts)
    assert raised.value.problems[0].code == "ENG_004"


def test_a_disagreement_keeps_everything_and_logs_nothing_of_the_case(procedure, facts, engine, monkeypatch, caplog):
    monkeypatch.setattr(engine, "run_pieces", lambda truths: [])
    with caplog.at_level(logging.CRITICAL), pytest.raises(Disagreement) as raised:
        assess(procedure, facts)
    assert raised.value.weighed.env["boat.value"] == 987_654_321
    assert raised.value.proof.fired == ()
    assert "vn.example.mooring-permit 2024-01-01 .." in caplog.text
    assert "outcome outcome eligible" in caplog.text
    assert "987" not in caplog.text + str(raised.value)


def test_an_engine_that_fails_gives_no_answer_and_works_again_after(procedure, facts, engine, monkeypatch):
    def fail(truths):
        raise DriverFault("code 2")
    with monkeypatch.context() as patch:
        patch.setattr(engine, "run_pieces", fail)
        with pytest.raises(EngineDisagreement) as raised:
            assess(procedure, facts)
    assert raised.value.problems[0].code == "ENG_005"
    assert assess(procedure, facts).outcome == "eligible"


def test_the_engine_is_told_only_what_is_true_and_never_a_value(procedure, facts, engine, monkeypatch):
    told, real = [], engine.__class__._run.__globals__["_c"]

    class Listening:
        def __getattr__(self, name):
            return getattr(real, name)

        def assert_fact(self, handle, fact):
            told.append(fact)
            return real.assert_fact(handle, fact)

    monkeypatch.setitem(engine.__class__._run.__globals__, "_c", Listening())
    assess(procedure, facts)
    assert told
    for fact in told:
        assert "987" not in fact
        assert "cargo" not in fact
        assert "boat" not in fact
