"""What was kept by an earlier release opens and reads the same."""

from __future__ import annotations

import tarfile
from decimal import Decimal

import pytest
from tests.unit.dossiers.databases.make import ASSESSMENT, FORM, HERE, NOW, PASSWORD, PDF, XML

from motcua.dossiers import authenticate, find_draft, open_archive, page, receive

RELEASES = sorted(path.name.removesuffix(".tar.xz") for path in HERE.glob("*.tar.xz"))
FIRST, SECOND = "000.00.12.G12-261126-0001", "000.00.12.G12-261126-0002"


@pytest.fixture(params=RELEASES)
def old(request, tmp_path):
    with tarfile.open(HERE / f"{request.param}.tar.xz") as tar:
        tar.extractall(tmp_path, filter="data")
    with open_archive(f"file://{tmp_path / 'Data.fs'}", agency="000.00.12.G12") as archive:
        yield archive


def test_there_is_a_database_of_each_release():
    assert "0.1.0" in RELEASES


def test_dossiers_read_as_they_were_kept(old):
    def look(records):
        first, second = records.dossiers[FIRST], records.dossiers[SECOND]
        for dossier in (first, second):
            assert dossier.submission.xml == XML
            assert dossier.submission.form == FORM
            assert dossier.file("contract.pdf").read() == PDF
            assert dossier.file("contract.pdf").original_name == "Hợp đồng.pdf"
            assert dossier.receipts[0].assessment_json.read() == ASSESSMENT
            assert dossier.receipts[0].facts == {"scheme.spent": Decimal("2.5")}
            assert dossier.journal.verify() == ()
        assert (first.state, second.state) == ("received", "withdrawn")
        assert [entry.what for entry in second.journal] == ["receive", "withdraw"]
    old.run(look)


def test_lists_are_made_from_it(old):
    assert [(line.code, line.state, line.outcome, line.authority, line.applicant_name)
            for line in page(old.read_model, words="hang").lines] == [
        (SECOND, "withdrawn", "eligible", "ministry", "Đỗ Thị Hằng"),
        (FIRST, "received", "eligible", "ministry", "Đỗ Thị Hằng")]


def test_people_sign_in_drafts_go_on_scenarios_are_there(old):
    def look(records):
        assert authenticate(records, "hang.do", PASSWORD).title == "Đỗ Thị Hằng"
        assert authenticate(records, "lan", PASSWORD).roles == ("officer", "signer")
        draft = find_draft(records, "draft-1", now=NOW, account="hang.do")
        assert (draft.xml, draft.page, draft.revision, draft.answers) == (
            XML, "wells", 2, (("/data/depth", "12.5"),))
        assert draft.files["map.pdf"].read() == b"map"
        kept = records.scenarios.get(FORM.id, "nửa dự toán")
        assert (kept.scenario, kept.author) == ({"given": {"scheme.spent": 1}}, "lan")
    old.run(look)


def test_it_goes_on_receiving_with_new_numbers_and_knows_what_was_sent(old):
    def send(records, instance_id):
        sent = receive(records, procedure="p", form=FORM, instance_id=instance_id, xml=XML, now=NOW)
        return sent.dossier.code, sent.is_new
    assert old.run(lambda records: send(records, "uuid:0")) == (FIRST, False)
    code, is_new = old.run(lambda records: send(records, "uuid:new"))
    assert is_new
    assert code not in (FIRST, SECOND)


def test_it_takes_draft_law_and_sign_offs(old):
    def begin(records):
        records.law_drafts.begin("p", "draft", "procedure: p", author="lan", at=NOW)
        records.signoffs.add("p", rules="sha256:1", at=NOW, who="lan", name="Lan", report=b"{}", text="procedure: p")
    old.run(begin)
    assert old.run(lambda records: records.law_drafts.get("p", "draft").latest.text) == "procedure: p"
    assert old.run(lambda records: records.signoffs.verify("p")) == ()


def test_cases_kept_before_there_were_grids_lie_in_one(old):
    def look(records):
        (grid,) = records.scenarios.grids(FORM.id)
        assert (grid.id, grid.cases, grid.background_facts) == ("kept", ("nửa dự toán",), {})
        (scenario,) = records.scenarios.scenarios(FORM.id)
        assert (scenario.id, scenario.given) == ("nửa dự toán", {"scheme.spent": 1})
        assert records.case_runs.latest(FORM.id) is None
        records.scenarios.put(FORM.id, "another", {"given": {}}, author="lan", at=NOW)
        assert records.scenarios.grid(FORM.id, "kept").cases == ("nửa dự toán", "another")
    old.run(look)
