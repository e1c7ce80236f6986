"""From bytes to dossier: what a submission to the real procedures is found to be, and what is kept of it."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.functional.conftest import WELLS
from tests.functional.sending import submission
from tests.law.test_eia_form import ANSWERS as EIA_ANSWERS
from tests.law.test_transfer_form import ANSWERS as TRANSFER_ANSWERS

from motcua.catalogue import Catalogue
from motcua.dossiers import (
    VIETNAM,
    DocumentFile,
    SubmissionConflict,
    examine,
    file_dossier,
    received_before,
    received_facts,
    upload_places,
)
from motcua.errors import EngineDisagreement, InputError, Problem, RuleFault
from motcua.forms import Clock, evaluate, new_instance, set_value
from motcua.procedures import load_facts_text

HOUSE = Path(__file__).parents[3]
NOW = datetime(2026, 9, 15, 9, 30, tzinfo=VIETNAM)
PDF = "application/pdf"


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load(HOUSE / "rules", forms=HOUSE / "forms")


@pytest.fixture(scope="module")
def eia(catalogue):
    return catalogue["vn.environment.eia-appraisal"]


@pytest.fixture(scope="module")
def transfer(catalogue):
    return catalogue["vn.minerals.exploration-right-transfer"]


def filled(checked, answers, now=NOW, **uploads):
    """The form of a procedure filled in; ``uploads``: document → name of its file."""
    clock, form = Clock(now), checked.form
    instance = new_instance(form, clock)
    for path, value in answers.items():
        set_value(form, instance, f"/data/{path}", value, clock)
    places = {document: path for path, document in upload_places(form)}
    for document, name in uploads.items():
        set_value(form, instance, places[document.replace("_", "-")], name, clock)
    return evaluate(form, instance, clock).instance.to_xml(pruned=True)


def eia_xml(now=NOW, **changes):
    return filled(eia_xml.checked, EIA_ANSWERS | {n.replace("__", "/"): v for n, v in changes.items()}, now)


EIA_FILES = {"de-nghi.pdf": PDF, "bao-cao.pdf": PDF}


@pytest.fixture(autouse=True)
def _eia(eia):
    eia_xml.checked = eia


def document_files(names):
    return [DocumentFile(io.BytesIO(b"%PDF " + name.encode()), name=name, media_type=PDF) for name in names]


def test_the_filled_form_of_the_mine_is_the_mine(eia):
    found = examine(eia, eia_xml(), NOW, EIA_FILES)
    example = load_facts_text((HOUSE / "tests/examples/eia-facts.yaml").read_text("utf-8"))
    assert found.acceptable, found.errors
    assert found.assessment.to_json() == eia.check(example).to_json()
    assert (found.missing_documents, found.extra_documents) == ((), ())


@pytest.mark.parametrize("sent", ["1999-12-31", "2016-01-01", "2019-06-01", "2026-09-01", "2031-01-01"])
def test_the_law_is_that_of_the_day_of_receipt_whatever_the_xml_says(eia, sent):
    found = examine(eia, eia_xml().replace(b"2026-09-15", sent.encode()), NOW, EIA_FILES)
    assert found.facts["filing.received_on"] == date(2026, 9, 15)
    assert found.assessment.law_date == date(2026, 9, 15)


def test_a_dossier_keeps_the_offices_day_of_receipt_and_the_bytes_as_sent(eia, archive):
    dated = eia_xml().replace(b"2026-09-15", b"2026-09-01")
    assert b"2026-09-01" in dated
    found = examine(eia, dated, NOW, EIA_FILES)
    assert found.acceptable, found.errors

    def kept(records):
        dossier = file_dossier(records, eia, found, now=NOW, files=document_files(EIA_FILES)).dossier
        return (dossier.received_at.date(), dossier.assessment["law_date"],
                json.loads(dossier.receipts[0].facts_json.read())["filing.received_on"], dossier.submission.xml)

    assert archive.run(kept) == (date(2026, 9, 15), "2026-09-15", "2026-09-15", dated)


@pytest.mark.parametrize(("moment", "day"), [
    (datetime(2026, 9, 15, 16, 59, tzinfo=UTC), date(2026, 9, 15)),
    (datetime(2026, 9, 15, 17, 0, tzinfo=UTC), date(2026, 9, 16)),
    (datetime(2026, 9, 15, 23, 59, tzinfo=VIETNAM), date(2026, 9, 15)),
])
def test_the_day_of_receipt_is_a_day_in_viet_nam(eia, moment, day):
    assert received_facts(eia.procedure, {}, moment) == {"filing.received_on": day}


def test_a_document_asked_for_and_not_attached_is_missing_at_its_question(transfer):
    found = examine(transfer, filled(transfer, TRANSFER_ANSWERS), NOW, {})
    needed = found.assessment.documents
    assert set(found.missing_documents) == set(needed)
    places = {document: path for path, document in upload_places(transfer.form)}
    assert {(error.path, error.kind) for error in found.errors} == {
        (places[name], "missing") for name in needed if name in places}
    assert not found.acceptable


def all_uploads(transfer, **more):
    """The transfer with every document it needs."""
    needed = examine(transfer, filled(transfer, TRANSFER_ANSWERS), NOW, {}).assessment.documents
    places = {document for _, document in upload_places(transfer.form)}
    uploads = {name.replace("-", "_"): f"{name}.pdf" for name in needed if name in places} | more
    return filled(transfer, TRANSFER_ANSWERS, **uploads), dict.fromkeys(uploads.values(), PDF)


def test_a_complete_file_is_received_with_what_it_says_kept_byte_for_byte(transfer, archive):
    xml, files = all_uploads(transfer)
    found = examine(transfer, xml, NOW, files)
    assert found.acceptable, found.errors
    assert (found.assessment.outcome, found.missing_documents) == ("eligible", ())

    def file(records):
        dossier = file_dossier(records, transfer, found, now=NOW, files=document_files(files)).dossier
        return dossier.submission.xml, dossier.assessment, [each.name for each in dossier.files], dossier.journal.verify()

    kept, assessment, names, faults = archive.run(file)
    assert (kept, names, faults) == (xml, list(files), ())
    assert assessment == found.assessment.to_json()


def test_a_file_of_another_kind_is_an_error_of_type(transfer):
    xml, files = all_uploads(transfer)
    wrong = next(iter(files))
    found = examine(transfer, xml, NOW, {**files, wrong: "application/x-msdownload"})
    assert [error.kind for error in found.errors] == ["type"]
    assert wrong in found.errors[0].vi


def test_a_named_file_that_did_not_come_is_missing_once(transfer):
    xml, files = all_uploads(transfer)
    files.pop(next(iter(files)))
    assert [error.kind for error in examine(transfer, xml, NOW, files).errors] == ["missing"]


def test_a_document_nobody_asked_for_is_kept_and_noted(archive):
    wells = Catalogue.load(WELLS["motcua.rules"], forms=WELLS["motcua.forms"])["vn.water.well-permit"]
    day = datetime(2024, 6, 3, 9, 0, tzinfo=VIETNAM)  # the survey report came with the law of July 2025
    files = {"don.pdf": PDF, "khao-sat.pdf": PDF}
    found = examine(wells, submission(depth="35"), day, files)
    assert found.acceptable, found.errors
    assert found.assessment.documents == ("application",)
    assert found.extra_documents == ("survey-report",)
    names = archive.run(lambda records: [each.name for each in file_dossier(
        records, wells, found, now=day, files=document_files(files)).dossier.files])
    assert names == list(files)


def test_an_outcome_other_than_eligible_is_received_and_kept(transfer, archive):
    answers = {**TRANSFER_ANSWERS, "work/spent": "1000"}
    first = examine(transfer, filled(transfer, answers), NOW, {})
    places = {document for _, document in upload_places(transfer.form)}
    uploads = {name.replace("-", "_"): f"{name}.pdf" for name in first.missing_documents if name in places}
    found = examine(transfer, filled(transfer, answers, **uploads), NOW, dict.fromkeys(uploads.values(), PDF))
    assert found.acceptable, found.errors
    assert found.assessment.outcome == "ineligible"
    kept = archive.run(lambda records: file_dossier(records, transfer, found, now=NOW).dossier.assessment)
    assert kept["failed"] == ["half-done"]


def test_what_no_real_case_breaks_is_an_error_at_its_question(transfer):
    xml = filled(transfer, {**TRANSFER_ANSWERS, "work/spent": "999999999"})
    found = examine(transfer, xml, NOW, {})
    assert not found.acceptable
    assert {error.kind for error in found.errors} & {"constraint"}


def test_one_question_gets_one_message(transfer):
    xml = filled(transfer, TRANSFER_ANSWERS).replace(b">8000<", b">tam nghin<")
    paths = [error.path for error in examine(transfer, xml, NOW, {}).errors if error.path != "/"]
    assert "/data/work/budget" in paths
    assert len(paths) == len(set(paths))


def test_what_has_errors_is_not_filed(transfer, archive):
    found = examine(transfer, filled(transfer, TRANSFER_ANSWERS), NOW, {})
    with pytest.raises(InputError) as refused:
        archive.run(lambda records: file_dossier(records, transfer, found, now=NOW))
    assert refused.value.problems[0].code == "DOS_021"
    assert archive.run(lambda records: len(records.dossiers)) == 0


def test_the_same_bytes_again_give_the_same_dossier_and_other_bytes_a_conflict(transfer, archive):
    xml, files = all_uploads(transfer)
    found, changed = examine(transfer, xml, NOW, files), examine(transfer, xml + b"\n", NOW, files)

    def file(examination):
        return archive.run(lambda records: (lambda it: (it.dossier.code, it.is_new))(
            file_dossier(records, transfer, examination, now=NOW)))

    code, is_new = file(found)
    assert is_new
    assert file(found) == (code, False)
    with pytest.raises(SubmissionConflict):
        file(changed)
    later = examine(transfer, xml, NOW, {})  # without its files it would be refused now
    assert not later.acceptable
    assert archive.run(lambda records: received_before(records, later).code) == code
    assert archive.run(lambda records: received_before(records, changed)) is None


def test_a_procedure_without_a_form_receives_nothing():
    checked = Catalogue.load(HOUSE / "rules")["vn.minerals.exploration-right-transfer"]
    with pytest.raises(InputError) as refused:
        examine(checked, b"<data/>", NOW)
    assert refused.value.problems[0].code == "DOS_020"


@pytest.mark.parametrize("fault", [RuleFault, EngineDisagreement])
def test_a_submission_the_rules_cannot_answer_is_received_unassessed_and_alerted(transfer, caplog, monkeypatch, fault):
    def give_no_answer(*arguments, **options):
        raise fault(Problem("ENG_006", {"rows": "A, B", "decision": "fee", "values": "1, 2"}))

    monkeypatch.setattr("motcua.dossiers.filing.assess", give_no_answer)
    found = examine(transfer, filled(transfer, TRANSFER_ANSWERS), NOW)
    assert found.assessment is None
    assert found.facts["scheme.budget"] > 0
    assert [error.kind for error in found.errors if error.kind != "missing"] == []
    assert [record.fields["codes"] for record in caplog.records] == [["ENG_006"]]
