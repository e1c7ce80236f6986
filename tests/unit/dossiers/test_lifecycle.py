"""A dossier moves only along the table, and every move is in its journal and its row."""

from __future__ import annotations

import pytest
from tests.unit.dossiers.samples import NOW, submission

from motcua.dossiers import STATES, TRANSITIONS, TransitionRefused, move, page, possible, receive


def withdraw(records, code):
    move(records.dossiers[code], "withdraw", who="hang", at=NOW, read_model=records.archive.read_model,
         details={"reason": "nộp nhầm"})


def test_an_applicant_can_withdraw_a_received_dossier_once(kept_archive):
    code = kept_archive.run(lambda records: receive(records, **submission()).dossier.code)
    kept_archive.run(lambda records: withdraw(records, code))
    dossier = kept_archive.run(lambda records: (
        records.dossiers[code].state, possible(records.dossiers[code]),
        [(entry.what, entry.details) for entry in records.dossiers[code].journal][1:],
        records.dossiers[code].journal.verify()))
    assert dossier == ("withdrawn", (), [("withdraw", (("reason", "nộp nhầm"),))], ())
    assert [line.code for line in page(kept_archive.read_model, state="withdrawn").lines] == [code]
    with pytest.raises(TransitionRefused) as error:
        kept_archive.run(lambda records: withdraw(records, code))
    assert "Đã rút" in error.value.problems[0].message("vi")


def test_a_way_that_is_not_in_the_table_is_refused_and_changes_nothing(archive):
    def work(records):
        dossier = receive(records, **submission()).dossier
        with pytest.raises(TransitionRefused):
            move(dossier, "sign", who="x", at=NOW, read_model=records.archive.read_model)
        return dossier.state, len(dossier.journal), [way.id for way in possible(dossier)]
    assert archive.run(work) == ("received", 1, ["withdraw"])


def test_the_table_is_sound():
    for transition in TRANSITIONS.values():
        assert transition.target in STATES
        assert all(not STATES[source].final for source in transition.sources)
        assert transition.title.vi != transition.title.en
