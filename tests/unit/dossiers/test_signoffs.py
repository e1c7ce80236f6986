"""Sign-offs are written once, and whoever alters one is found out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.dossiers.samples import NOW

from motcua.store import Packed

REPORT = b'{"rules":"sha256:1"}'


def sign(records, number=1, procedure="p", **changes):
    given = {"rules": f"sha256:{number}", "at": NOW + timedelta(days=number), "who": "hoa", "name": "Vũ Thị Hòa",
             "report": REPORT, "text": f"procedure: p\nvi: Bản {number}\n", "reasons": [("gap:fee", "đã báo cáo")]}
    return records.signoffs.add(procedure, **{**given, **changes})


def three(records):
    for number in (1, 2, 3):
        sign(records, number)


def test_a_sign_off_comes_back_as_it_was_given(kept_archive):
    kept_archive.run(lambda records: sign(records, draft="phi-2027, bản 2", remark="Đồng ý"))
    kept = kept_archive.run(lambda records: records.signoffs.get("p", 1))
    assert (kept.number, kept.procedure, kept.rules, kept.draft, kept.who, kept.name, kept.remark, kept.at) == (
        1, "p", "sha256:1", "phi-2027, bản 2", "hoa", "Vũ Thị Hòa", "Đồng ý", NOW + timedelta(days=1))
    assert kept.reasons == (("gap:fee", "đã báo cáo"),)
    assert kept.report.read() == REPORT
    assert kept.text.read().decode() == "procedure: p\nvi: Bản 1\n"
    assert kept_archive.run(lambda records: records.signoffs.verify("p")) == ()


def test_each_procedure_has_its_own_chain(archive):
    def work(records):
        three(records)
        sign(records, procedure="q")
        return [[each.number for each in records.signoffs.of(name)] for name in ("p", "q", "none")]
    assert archive.run(work) == [[1, 2, 3], [1], []]
    assert archive.run(lambda records: records.signoffs.verify("none")) == ()


def test_nothing_of_a_sign_off_can_be_set_again(archive):
    archive.run(three)
    with pytest.raises(AttributeError):
        archive.run(lambda records: setattr(records.signoffs.get("p", 1), "remark", "khác"))


@pytest.mark.parametrize("field", ["rules", "draft", "at", "who", "name", "remark", "reasons", "report", "text", "seal"])
def test_whatever_is_altered_breaks_the_chain_there(archive, field):
    altered = {"at": NOW, "reasons": (), "report": Packed.of(b"{}"), "text": Packed.of(b"x")}.get(field, "altered")

    def alter(records):
        three(records)
        signed = records.signoffs.get("p", 2)
        vars(signed)[field] = altered
        signed._p_changed = True
    archive.run(alter)
    (problem,) = archive.run(lambda records: records.signoffs.verify("p"))
    assert (problem.code, problem.params["number"]) == ("DOS_035", 2)


@pytest.mark.parametrize("field", ["report", "text"])
def test_altered_bytes_under_an_unaltered_digest_are_found(archive, field):
    def alter(records):
        three(records)
        signed = records.signoffs.get("p", 1)
        sound = vars(signed)[field]
        vars(signed)[field] = Packed(Packed.of(b"other").compressed, sound.sha256, sound.size)
        signed._p_changed = True
    archive.run(alter)
    assert [problem.code for problem in archive.run(lambda records: records.signoffs.verify("p"))] == ["DOS_035"]


def test_one_taken_out_or_put_in_is_found(archive):
    def take_out(records):
        three(records)
        del records.signoffs.procedures["p"][2]
    archive.run(take_out)
    assert [problem.params["number"] for problem in archive.run(lambda records: records.signoffs.verify("p"))] == [2]
    archive.run(lambda records: sign(records, 4))
    assert archive.run(lambda records: records.signoffs.get("p", 4)).number == 4


def test_a_time_without_its_offset_is_refused(archive):
    with pytest.raises(ValueError, match="offset"):
        archive.run(lambda records: sign(records, at=NOW.replace(tzinfo=None)))
