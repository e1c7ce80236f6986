"""Telling apart again what an export of the national database has run together."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.national.records import HEAD, PAPERS, TEXTS, export, record

from motcua.errors import InputError
from motcua.national import Channel, read_records
from motcua.national.records import read_channels, read_conditions, read_papers, read_results, read_texts


def papers(cell):
    return [[(paper.name, paper.form, paper.originals, paper.copies) for paper in group.papers]
            for group in read_papers(cell)]


@pytest.mark.parametrize(("cell", "channels"), [
    ("Trực tiếp7 Ngày làm việcMiễn phí(chưa quy định)- Nộp tại Sở.", [Channel("direct", 7, "Ngày làm việc", 0)]),
    ("Trực tuyến32 Ngày12,500,000 Việt Nam Đồng2.2.1. Cách nộpDịch vụ bưu chính3 Tháng500.000 VNĐ(x)",
     [Channel("online", 32, "Ngày", 12_500_000), Channel("post", 3, "Tháng", 500_000)]),
    ("Trực tuyếnKhông có thông tinKhông có thông tin(1) nộp Trực tiếp hoặc Trực tuyến đều được",
     [Channel("online", None, None, None)]),
    ("Trực tuyến15Miễn phíTrực tiếp2 GiờMiễn phí", [Channel("online", 15, None, 0), Channel("direct", 2, "Giờ", 0)]),
])
def test_ways_to_hand_in_are_told_apart_with_their_time_and_fee(cell, channels):
    assert list(read_channels(HEAD + cell)) == channels


@pytest.mark.parametrize(("cell", "found"), [
    (f"--{PAPERS}- Đơn theo Mẫu số 37 Phụ lục I của Nghị định.Mau37.docx1 bản chính,2 bản sao- Sơ đồ0 bản chính,1 bản sao",
     [[("Đơn theo Mẫu số 37 Phụ lục I của Nghị định.", "Mẫu số 37 Phụ lục I", 1, 2), ("Sơ đồ", None, 0, 1)]]),
    (f"{PAPERS}- 01 bản chính đơn (02 bản chính nếu thuê)Mau don.doc1 bản chính",
     [[("01 bản chính đơn (02 bản chính nếu thuê)", None, 1, 0)]]),
    (f"{PAPERS}Đơn theo Mẫu số 181 bản chính,1 bản sao", [[("Đơn theo Mẫu số 18", "Mẫu số 18", 1, 1)]]),
    (f"{PAPERS}Đơn theo Nghị định số 112/2026/NĐ-CPMẫu số 03.docx1 bản chính",
     [[("Đơn theo Nghị định số 112/2026/NĐ-CP", None, 1, 0)]]),
    (f"Trường hợp A{PAPERS}Đơn1 bản chínhb) Trường hợp B:{PAPERS}Ảnh0 bản chính,3 bản sao",
     [[("Đơn", None, 1, 0)], [("Ảnh", None, 0, 3)]]),
])
def test_papers_are_told_apart_with_forms_and_copies(cell, found):
    assert papers(cell) == found


def test_cases_of_a_dossier_keep_their_headings():
    cell = f"Trường hợp A{PAPERS}Đơn1 bản chínhb) Trường hợp B:{PAPERS}Ảnh0 bản chính,3 bản sao"
    assert [group.heading for group in read_papers(cell)] == ["Trường hợp A", "b) Trường hợp B:"]


@pytest.mark.parametrize(("cell", "numbers"), [
    ("Nghị định 27/2019/NĐ-CP27/2019/NĐ-CPLuật 27/2018/QH1427/2018/QH14", ["27/2019/NĐ-CP", "27/2018/QH14"]),
    ("07/2025/TT-BTNMTThông tư 36/2025/TT-BNNMT", ["07/2025/TT-BTNMT", "36/2025/TT-BNNMT"]),
    ("Nghị quyết 66.19/2026/NQ-CP66.19/2026/NQ-CP", ["66.19/2026/NQ-CP"]),
    ("Một cửa118/2025/NĐ-CLuật", ["118/2025/NĐ-CP"]),
    ("ngày 17/01/2026 của Chính phủ", []),
])
def test_legal_texts_are_found_by_their_numbers_each_once(cell, numbers):
    assert list(read_texts(TEXTS + cell)) == numbers


def test_conditions_are_lines_and_results_stand_before_their_codes():
    assert list(read_conditions("a) Điều kiện:\n\n- Có giấy phép.\n+ Đã nộp thuế.")) == [
        "a) Điều kiện:", "Có giấy phép.", "Đã nộp thuế."]
    assert list(read_conditions("Không quy định.")) == []
    assert list(read_results("Giấy phépMã: KQ.G10.000671Quyết định thu hồiMã: KQ.G10.000672Từ khóaMã: x")) == [
        "Giấy phép", "Quyết định thu hồi"]


@pytest.mark.parametrize(("line", "code"), [
    ("{", "NAT_003"), ("[]", "NAT_003"), ('{"ma_thu_tuc": 1}', "NAT_004"),
    ('{"ma_thu_tuc": "9.000101", "ma_thu_tuc": "9.000102"}', "NAT_003"),
    (json.dumps(record(ma_thu_tuc="../../etc")), "NAT_006"), (json.dumps(record(ten_thu_tuc=" ")), "NAT_006"),
    (json.dumps(record(linh_vuc=None)), "NAT_004"), (json.dumps(record()), "NAT_005"),
])
def test_every_bad_line_is_told_with_its_number(tmp_path, line, code):
    path = tmp_path / "export.jsonl"
    path.write_text(f"{json.dumps(record())}\n\n{line}\n[\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_records(path)
    assert [(problem.code, problem.place.line) for problem in error.value.problems] == [(code, 3), ("NAT_003", 4)]


def test_an_export_that_is_no_text_or_not_there_is_told(tmp_path):
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "a", tmp_path / "b", tmp_path):
        with pytest.raises(InputError) as error:
            read_records(path)
        assert error.value.problems[0].code == "NAT_001"


words = st.sampled_from(["Trực tiếp", "Trực tuyến", "7 Ngày", "15", "Miễn phí", "5,000 VNĐ", "(x)", PAPERS, HEAD, "1 bản chính",
                         ",2 bản sao", "Mẫu số 1", ".docx", "Mau", "Mã: KQ.G1.000001", "19/2031/QH18", "\n", "- ", "Đơn", " ", "\x00"])


@given(st.dictionaries(st.sampled_from(["cach_thuc_thuc_hien", "thanh_phan_ho_so", "can_cu_phap_ly", "ket_qua_xu_ly",
                                        "yeu_cau_dieu_kien", "linh_vuc", "co_quan_co_tham_quyen"]),
                       st.lists(words, max_size=12).map("".join) | st.text(max_size=30)))
def test_whatever_stands_in_the_tables_every_record_becomes_a_sound_draft(tmp_path_factory, changed):
    from datetime import date

    from motcua.lint import lint
    from motcua.national import write_drafts

    folder = tmp_path_factory.mktemp("drafts")
    records = read_records(export(folder / "export.jsonl", record(**changed)))
    list(write_drafts(records, folder / "rules", date(2032, 1, 1)))
    assert {problem.code for problem in lint(folder / "rules")} == {"RULE_112", "RULE_115"}
