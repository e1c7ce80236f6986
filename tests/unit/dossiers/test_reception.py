"""A submission makes one dossier, whole, however often it is sent."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.unit.dossiers.samples import ASSESSMENT, FACTS, FORM, NOW, XML, a_file, submission

from motcua.dossiers import SubmissionConflict, find_submission, open_archive, page, receive


def send(archive, instance_id="uuid:1", **changes):
    def work(records):
        reception = receive(records, **submission(instance_id, **changes))
        return reception.dossier.code, reception.is_new
    return archive.run(work)


def test_a_dossier_holds_what_was_received_byte_for_byte(kept_archive, store_uri):
    long = b"x" * 3_000_000
    code, is_new = send(kept_archive, files=[a_file(document="contract", original_name="Hợp đồng.pdf",
                                                    media_type="application/pdf"), a_file(long, "map.tif")])
    assert is_new
    kept_archive.close()
    with open_archive(store_uri) as archive:
        def look(records):
            dossier = records.dossiers[code]
            contract = dossier.file("contract.pdf")
            assert dossier.submission.xml == XML
            assert dossier.submission.form == FORM
            assert (dossier.state, dossier.received_at, dossier.applicant) == ("received", NOW, "hang")
            assert contract.read() == b"%PDF-1.7 ..."
            assert (contract.document, contract.original_name, contract.media_type, contract.size) == (
                "contract", "Hợp đồng.pdf", "application/pdf", 12)
            assert dossier.file("map.tif").read() == long
            assert dossier.receipts[0].assessment_json.read() == ASSESSMENT
            assert dossier.receipts[0].facts_json.read() == FACTS
            assert dossier.receipts[0].facts["scheme.budget"] == Decimal("4000000000.5")
            assert dossier.journal.verify() == ()
            with pytest.raises(KeyError):
                dossier.file("other.pdf")
        archive.run(look)


def test_of_two_files_of_one_name_the_last_counts_and_both_are_kept(archive):
    code, _ = send(archive, files=[a_file(b"first"), a_file(b"second")])
    kept = archive.run(lambda records: (records.dossiers[code].file("contract.pdf").read(),
                                        [file.read() for file in records.dossiers[code].files]))
    assert kept == (b"second", [b"first", b"second"])


def test_the_journal_seals_the_digests_of_all_that_was_received(archive):
    code, _ = send(archive, files=[a_file(), a_file(b"2")])

    def look(records):
        dossier = records.dossiers[code]
        entry, = dossier.journal
        assert (entry.what, entry.who, entry.at) == ("receive", "hang", NOW)
        assert dict(entry.details) == {
            "submission": dossier.submission.sha256,
            "file:1:contract.pdf": dossier.files[0].sha256, "file:2:contract.pdf": dossier.files[1].sha256,
            "assessment": dossier.receipts[0].assessment_json.sha256,
            "facts": dossier.receipts[0].facts_json.sha256}
    archive.run(look)


def test_the_same_bytes_again_give_the_same_dossier(kept_archive):
    first = send(kept_archive)
    again = send(kept_archive, now=NOW.replace(day=7), assessment=None)
    assert again == (first[0], False)
    assert kept_archive.run(lambda records: len(records.dossiers)) == 1


def test_the_same_submission_sent_eight_times_at_once_makes_one_dossier(kept_archive):
    start, found = threading.Barrier(8), []

    def work():
        start.wait()
        found.append(send(kept_archive))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({code for code, _ in found}) == 1
    assert [is_new for _, is_new in found].count(True) == 1
    assert kept_archive.run(lambda records: len(records.dossiers)) == 1
    assert len(page(kept_archive.read_model).lines) == 1


def test_other_bytes_under_the_same_id_are_a_conflict_that_names_the_dossier(archive):
    code, _ = send(archive)
    with pytest.raises(SubmissionConflict) as error:
        send(archive, xml=XML + b" ")
    assert error.value.code == code
    assert error.value.problems[0].code == "DOS_001"
    assert archive.run(lambda records: len(records.dossiers)) == 1


def test_the_same_instance_id_of_another_form_is_another_submission(archive):
    send(archive)
    other = type(FORM)("other-form", "1", "sha256:0")
    assert send(archive, form=other)[1]
    assert archive.run(lambda records: find_submission(records, "third", "uuid:1")) is None


def test_the_code_says_agency_vietnamese_day_and_number(archive):
    late = datetime(2024, 5, 6, 18, 0, tzinfo=UTC)  # already the 7th in Viet Nam
    codes = [send(archive, f"uuid:{n}", now=now)[0] for n, now in enumerate([NOW, NOW, late])]
    assert codes == ["000.00.12.G12-240506-0001", "000.00.12.G12-240506-0002", "000.00.12.G12-240507-0001"]


def test_a_number_whose_transaction_failed_is_issued_to_the_next(archive):
    def fail(records):
        receive(records, **submission("uuid:lost"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        archive.run(fail)
    assert [send(archive, f"uuid:{n}")[0][-4:] for n in range(3)] == ["0001", "0002", "0003"]


def test_a_submission_without_assessment_is_received_all_the_same(archive):
    code, _ = send(archive, assessment=None, applicant=None)
    line, = page(archive.read_model).lines
    assert (line.code, line.outcome, line.law_date, line.applicant) == (code, None, None, None)
    assert archive.run(lambda records: records.dossiers[code].assessment) is None


def test_the_list_shows_what_the_assessment_says(kept_archive):
    code, _ = send(kept_archive, files=[a_file()])
    line, = page(kept_archive.read_model).lines
    assert (line.code, line.state, line.outcome, line.authority, line.law_date, line.due, line.files) == (
        code, "received", "eligible", "ministry", date(2024, 5, 6), date(2024, 7, 9), 1)
    assert line.received_at == NOW
