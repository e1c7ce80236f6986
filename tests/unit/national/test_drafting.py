"""A record of the national database as a draft rule file."""

from datetime import date

import pytest
from tests.unit.national.records import HEAD, PAPERS, export, record

from motcua.catalogue import Catalogue
from motcua.lint import lint
from motcua.national import read_records, write_drafts
from motcua.procedures import load_folder

SEEN = date(2032, 1, 1)
ID = "vn.sea.national-9-000101"


@pytest.fixture
def drafted(tmp_path):
    """Drafts the record and loads it."""

    def draft(**changed):
        records = read_records(export(tmp_path / "export.jsonl", record(**changed)))
        list(write_drafts(records, tmp_path / "rules", SEEN))
        assert {problem.code for problem in lint(tmp_path / "rules")} == {"RULE_112", "RULE_115"}
        (procedure,) = load_folder(tmp_path / "rules").values()
        return procedure

    return draft


def test_a_draft_holds_what_the_record_says(drafted):
    procedure = drafted(yeu_cau_dieu_kien="- Có phao.\n- Đã đóng phí.")
    assert (procedure.id, procedure.field, procedure.title.vi) == (ID, "sea", "Cấp phép đặt phao đo sóng")
    assert procedure.codes == {"national_portal": ("9.000101",)}
    assert [(paper.title.vi, paper.form.vi, paper.copies.en) for paper in procedure.documents] == [
        ("Đơn đề nghị theo Mẫu 02 Phụ lục I", "Mẫu số 02 Phụ lục I", "1 original")]
    assert [gap.vi for gap in procedure.gaps][1:] == ["Có phao.", "Đã đóng phí."]
    assert {source.number for source in procedure.sources.values()} == {"19/2031/QH18", "5/2032/NĐ-CP", "77/QĐ-BNNMT"}
    assert "not yet rules" in procedure.unchecked.en
    assert (procedure.summary.vi, procedure.result.vi) == ("Doanh nghiệp, Hợp tác xã", "Giấy phép đặt phao")


def test_no_check_of_a_draft_is_eligible_before_an_officer_has_examined_it(drafted):
    procedure = Catalogue({ID: drafted()}, None)[ID]
    answer = procedure.check({}, on=date(2032, 2, 2)).to_json()
    assert (answer["outcome"], answer["missing"]) == ("undetermined", ["office.conditions_met"])
    assert (answer["decisions"]["deadline_working"]["value"], answer["decisions"]["fee"]["value"]) == (15, 0)
    assert procedure.check({"office.conditions_met": True}, on=date(2032, 2, 2)).outcome == "eligible"


def test_time_limits_that_differ_with_the_way_to_hand_in_have_a_row_each(drafted):
    procedure = drafted(cach_thuc_thuc_hien=f"{HEAD}Trực tiếp5 Ngày làm việc1,000 VNĐTrực tuyến9 NgàyMiễn phí")
    answers = {channel: procedure_answers(procedure, {"filing.channel": channel}) for channel in ("direct", "online")}
    assert answers == {"direct": {"deadline_working": 5, "deadline": None, "fee": 1000},
                       "online": {"deadline_working": None, "deadline": 9, "fee": 0}}


def procedure_answers(procedure, facts):
    decisions = Catalogue({ID: procedure}, None)[ID].check(facts, on=SEEN).to_json()["decisions"]
    return {name: found and found["value"] for name, found in decisions.items() if name != "authority"}


@pytest.mark.parametrize("cell", [
    "Trực tiếp5 Ngày làm việcMiễn phíTrực tuyến9 Ngày làm việcMiễn phíDịch vụ bưu chínhKhông có thông tinMiễn phí",
    "Trực tiếp5 Ngày làm việcMiễn phíTrực tiếp9 Ngày làm việcMiễn phí", "Trực tiếp5MiễnTrực tiếp5Miễn phí",
    "Trực tiếp4 GiờMiễn phí", "Trực tiếp5 NgàyKhông có thông tin",
])
def test_what_the_record_leaves_open_is_said_as_a_gap_and_not_guessed(drafted, cell):
    assert len(drafted(cach_thuc_thuc_hien=HEAD + cell).gaps) > 1


def test_what_the_record_says_whole_leaves_the_conditions_alone_as_a_gap(drafted):
    assert len(drafted().gaps) == 1


def test_papers_of_several_cases_are_asked_in_their_cases_only(drafted):
    procedure = drafted(thanh_phan_ho_so=(
        f"A{PAPERS}Đơn1 bản chínhẢnh0 bản chính,1 bản saob) B{PAPERS}Đơn1 bản chínhSơ đồ1 bản chính"))
    asked = {case: Catalogue({ID: procedure}, None)[ID].check({"filing.case": case}, on=SEEN).to_json()["documents"]
             for case in ("case_1", "case_2")}
    assert [paper.title.vi for paper in procedure.documents] == ["Đơn", "Ảnh", "Sơ đồ"]
    assert asked == {"case_1": ["paper-1", "paper-2"], "case_2": ["paper-1", "paper-3"]}


def test_drafts_join_a_rules_folder_and_leave_alone_what_is_there(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    register = 'LP2031: {vi: Luật Phao, en: Buoy Law, number: "19/2031/QH18", in_force: 2031-01-01 ..}\n'
    (rules / "sources.yaml").write_text(register, encoding="utf-8")
    first, second = record(), record(ma_thu_tuc="9.000102")
    records = read_records(export(tmp_path / "export.jsonl", first, second))
    assert [is_new for *_, is_new in write_drafts(records[:1], rules, SEEN)] == [True]
    draft = rules / "sea" / "national-9-000101.yaml"
    draft.write_text(draft.read_text("utf-8") + "# mine\n", encoding="utf-8")
    assert [is_new for *_, is_new in write_drafts(records, rules, SEEN)] == [False, True]
    assert draft.read_text("utf-8").endswith("# mine\n")
    assert (rules / "sources.yaml").read_text("utf-8").startswith(register)
    assert {problem.code for problem in lint(rules)} == {"RULE_112", "RULE_115"}
    assert [place.source for place in load_folder(rules)[ID].requirements[0].citation.places] == [
        "LP2031", "ND5_2032_ND_CP", "QD77_QD_BNNMT"]
