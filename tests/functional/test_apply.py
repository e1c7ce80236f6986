"""Filling in: pages, repeats, files, drafts, the check against the law, sending, the receipt."""

from __future__ import annotations

import re
from copy import copy
from urllib.parse import urlsplit

import pytest
from tests.functional.conftest import HERE
from tests.functional.visitor import PDF, Visitor, enabled

from motcua.dossiers import FormVersion
from motcua.store import Content

PERMIT = "vn.water.well-permit"

#: A complete and eligible application.
ANSWERS = {
    "owner.name": "Trần Văn Giếng", "owner.story": "Dòng một\nDòng hai", "owner.born.day": "2",
    "owner.born.month": "9", "owner.born.year": "1975", "owner.agree": True,
    "well.use": "industry", "well.depth": "25,5", "well.flow": "1.250", "well.checks": ["survey", "neighbours"],
    "well.nearby": "2", "well.protected": "false", "well.spot.lat": "21,0285", "well.spot.lon": "105,85",
    "well.drilled.day": "1", "well.drilled.month": "2", "well.drilled.year": "2027", "well.drilled.time": "8h05",
    "well.at": "7:30", "well.works": "Công ty Khoan", "well.order.1": "2", "well.order.2": "1",
    "well.rate": "5", "well.month.month": "3", "well.month.year": "2027",
    "money.cost": "4.250", "money.deposit": "500", "money.lease.day": "1", "money.lease.month": "1",
    "money.lease.year": "2040",
    "files.application": ("đơn xin phép.pdf", PDF), "files.survey": ("bao-cao.pdf", PDF),
    "files.consent": ("chap-thuan.pdf", PDF),
}


@pytest.fixture
def filling(visitor):
    """A visitor on the first page with questions."""
    visitor.begin(PERMIT)
    visitor.press("fill-in", "_go")
    assert visitor.heading == "Người xin phép"
    return visitor


def go_to(visitor, page):
    """Open another page of the visitor's draft."""
    draft = re.match(r"/drafts/[^/]+", visitor.path)[0]
    return visitor.open(f"{draft}/{page}")


def value(visitor, field_id):
    element = visitor.page.html.find(id=field_id)
    return element.text.strip() if element.name == "textarea" else element.get("value", "")


class TestPages:
    def test_a_note_is_shown_as_text_and_not_as_markup(self, visitor):
        visitor.begin(PERMIT)
        assert "<script>alert(1)</script> gồm vài trang" in visitor.text
        assert not visitor.page.html.select("main script")

    def test_hint_and_error_are_tied_to_the_field_in_that_order(self, filling):
        filling.press("fill-in", "_go", status=422)
        box = filling.page.html.find("input", {"name": "owner.name"})
        hint, error = box["aria-describedby"].split()
        assert "viết đủ" in filling.page.html.find(id=hint).text
        assert not filling.page.html.find(id=hint).b
        assert "Trả lời câu hỏi này: Họ và tên" in filling.page.html.find(id=error).text
        assert box["aria-invalid"] == "true"
        assert filling.page.html.title.text.startswith("Lỗi: ")
        assert filling.page.html.select_one(".error-summary a")["href"] == f"#{box['id']}"
        assert filling.page.html.select_one(".error-summary")["role"] == "alert"

    def test_optional_questions_say_so_and_required_ones_do_not(self, filling):
        labels = {label["for"]: label.text for label in filling.page.html.select("main label")}
        assert "(không bắt buộc)" not in labels["q-owner_2e_name"]
        assert "(không bắt buộc)" in labels["q-owner_2e_story"]

    def test_the_form_speaks_english_where_it_can(self, filling):
        filling.open(f"{filling.path}?lang=en")
        assert filling.page.html.select_one(".progress-line").text.startswith("Permit")
        assert filling.heading == "Applicant"
        assert "Full name" in filling.text
        assert "(optional)" in filling.text

    def test_texts_that_the_form_has_only_in_vietnamese_are_marked_on_an_english_page(self, build, tmp_path):
        source = (HERE / "forms" / "water" / "well-permit.xml").read_text(encoding="utf-8")
        start = source.index('<translation lang="English (en)">')
        end = source.index("</translation>", start) + len("</translation>")
        form = tmp_path / "forms" / "well.xml"
        form.parent.mkdir()
        form.write_text(source[:start] + source[end:], encoding="utf-8")
        english = Visitor(build(**{"motcua.forms": str(form.parent)}))
        english.open("/?lang=en")
        english.begin(PERMIT)
        english.press("fill-in", "_go")
        label = english.page.html.find("label", {"for": "q-owner_2e_name"})
        assert label.span["lang"] == "vi"
        assert "(optional)" in english.text

    def test_ids_are_unique_and_every_label_has_its_field(self, filling):
        for page in ("greeting", "owner", "well", "money", "neighbour", "pump", "files"):
            go_to(filling, page)
            ids = [tag["id"] for tag in filling.page.html.find_all(id=True)]
            assert len(ids) == len(set(ids))
            assert all(label["for"] in ids for label in filling.page.html.select("main label[for]"))
            described = {name for tag in filling.page.html.find_all(attrs={"aria-describedby": True})
                         for name in tag["aria-describedby"].split()}
            assert described <= set(ids)

    def test_answers_are_kept_exactly_as_typed_also_wrong_ones_and_after_leaving(self, filling):
        filling.send("fill-in", {"owner.name": "  Bà  Ngọc ", "owner.born.day": "31", "owner.born.month": "02",
                                 "owner.born.year": "1999"}, "_go", status=422)
        assert filling.errors == ["Tháng 2 năm 1999 không có ngày 31."]
        assert filling.page.html.select_one(".error-summary a")["href"] == "#q-owner_2e_born-day"
        go_to(filling, "well")
        go_to(filling, "owner")
        assert [value(filling, f"q-owner_2e_born-{part}") for part in ("day", "month", "year")] == [
            "31", "02", "1999"]
        assert value(filling, "q-owner_2e_name") == "Bà  Ngọc"

    @pytest.mark.parametrize(("typed", "message"), [
        ("12.5", "Viết số như"), ("1,234.56", "Viết số như"), ("1e3", "Viết số như"), (",5", "Viết số như"),
        ("٣", "Viết số như"), ("hai mươi", "Viết số như"), ("600", "Độ sâu từ trên 0 đến 500 m."),
        ("0", "Độ sâu từ trên 0 đến 500 m."), ("", "Trả lời câu hỏi này: Độ sâu (m)"),
    ])
    def test_a_number_that_cannot_be_meant_is_refused_in_words(self, filling, typed, message):
        go_to(filling, "well")
        filling.send("fill-in", {"well.use": "irrigation", "well.protected": "false", "well.depth": typed}, "_go",
                     status=422)
        assert message in filling.errors[0]
        assert value(filling, "q-well_2e_depth") == typed

    @pytest.mark.parametrize(("typed", "stored"), [
        ("25,5", "25,5"), (" 025 ", "25"), ("1.2", None), ("100", "100"), ("4\u00a0", "4")])
    def test_a_number_is_shown_again_in_vietnamese_notation(self, filling, typed, stored):
        go_to(filling, "well")
        status = 200 if stored else 422
        filling.send("fill-in", {"well.use": "irrigation", "well.protected": "false", "well.depth": typed}, "_go",
                     status=status)
        go_to(filling, "well")
        assert value(filling, "q-well_2e_depth") == (stored or typed)

    def test_a_whole_number_takes_no_fraction(self, filling):
        go_to(filling, "well")
        filling.send("fill-in", {"well.use": "irrigation", "well.protected": "false", "well.depth": "5",
                                 "well.nearby": "2,5"}, "_go", status=422)
        assert filling.errors == ["Nhập một số nguyên, không có phần thập phân, như 12."]

    @pytest.mark.parametrize(("fields", "message"), [
        ({"well.at": "25:00"}, "Nhập giờ như 8:05"),
        ({"well.spot.lat": "21"}, "Nhập cả vĩ độ và kinh độ"),
        ({"well.order.1": "1", "well.order.2": "1"}, "Xếp thứ tự cho tất cả"),
        ({"well.order.1": "1"}, "Xếp thứ tự cho tất cả"),
        ({"well.rate": "7"}, "Câu trả lời chưa đúng yêu cầu: Mức độ gấp"),
        ({"well.month.year": "2027"}, "Ngày còn thiếu tháng"),
        ({"well.drilled.day": "1", "well.drilled.month": "2", "well.drilled.year": "2027"}, "Nhập giờ như 8:05"),
        ({"well.use": "palace"}, "Chọn một trong các mục đã cho."),
        ({"well.checks": ["survey", "magic"]}, ""),
    ])
    def test_each_kind_of_question_says_what_to_write(self, filling, fields, message):
        go_to(filling, "well")
        good = {"well.use": "irrigation", "well.protected": "false", "well.depth": "5"}
        filling.send("fill-in", {**good, **fields}, "_go", status=422 if message else 200)
        assert not message or message in filling.errors[0]

    def test_money_is_read_back_in_words(self, filling):
        go_to(filling, "money")
        filling.send("fill-in", {"money.cost": "4.250", "money.deposit": "500"}, "_update")
        assert "4 tỷ 250 triệu đồng" in filling.text
        assert "500 triệu đồng" in filling.text
        assert "11,8" in filling.text

    def test_a_question_brought_by_an_answer_is_shown_before_it_is_missed(self, filling):
        go_to(filling, "well")
        hidden = filling.page.html.find("select", {"name": "well.consent"})
        assert hidden.has_attr("disabled")
        assert hidden.find_parent(attrs={"data-question": "well.consent"}).has_attr("hidden")
        filling.send("fill-in", {"well.use": "irrigation", "well.protected": "true", "well.depth": "5"}, "_go")
        assert filling.path.endswith("/well")
        assert "Có thêm 1 câu hỏi" in filling.text
        assert not filling.page.html.find("select", {"name": "well.consent"}).has_attr("disabled")
        filling.press("fill-in", "_go", status=422)
        assert filling.errors == ["Trả lời câu hỏi này: Ban quản lý đã chấp thuận?"]

    def test_an_answer_hidden_by_another_comes_back_with_its_question(self, filling):
        go_to(filling, "well")
        filling.send("fill-in", {"well.use": "irrigation", "well.protected": "true", "well.depth": "5"}, "_update")
        filling.send("fill-in", {"well.consent": "yes"}, "_update")
        filling.send("fill-in", {"well.protected": "false"}, "_update")
        filling.send("fill-in", {"well.protected": "true"}, "_update")
        chosen = filling.page.html.select_one('select[name="well.consent"] option[selected]')
        assert chosen["value"] == "yes"

    def test_names_the_page_does_not_have_are_ignored(self, filling):
        filling.page.forms["fill-in"]["owner.name"] = "A"
        form = filling.page.forms["fill-in"]
        extra = [("well.depth", "9"), ("_q", "well.depth"), ("owner.name[2]", "x"), ("meta.instanceID", "uuid:1"),
                 ("_q", "meta.instanceID"), ("_q", "owner.nothing")]
        fields = [(name, form[name].value) for name in ("csrf_token", "revision", "owner.name")]
        filling.page = filling.app.post(form.action, [*fields, ("_q", "owner.name"), *extra, ("_go", "1")])
        go_to(filling, "well")
        assert value(filling, "q-well_2e_depth") == ""

    def test_labels_with_answers_in_them_follow(self, filling):
        filling.send("fill-in", {"owner.name": "Lê <b>Thị</b> Mười"}, "_go")
        assert "Đơn vị thi công cho Lê <b>Thị</b> Mười" in filling.text

    def test_recalculation_stores_nothing(self, filling):
        go_to(filling, "well")
        form = filling.page.forms["fill-in"]
        fields = [("csrf_token", form["csrf_token"].value), ("_q", "well.protected"), ("well.protected", "true")]
        answer = filling.app.post(f"{filling.path}/recalc", fields)
        consent = answer.html.find("select", {"name": "well.consent"})
        assert not consent.has_attr("disabled")
        assert "error" not in answer.text
        go_to(filling, "well")
        assert filling.page.html.find("select", {"name": "well.consent"}).has_attr("disabled")


class TestRepeats:
    def test_rows_are_added_and_removed_without_script_and_nothing_is_validated(self, filling):
        go_to(filling, "neighbour")
        filling.press("fill-in", "_add", value="neighbour")
        filling.press("fill-in", "_add", value="neighbour")
        assert filling.errors == []
        filling.send("fill-in", {"neighbour[1].who": "Nhà Ất", "neighbour[2].who": "Nhà Bính"}, "_update")
        filling.press("fill-in", "_remove", value="neighbour[1]")
        assert filling.heading == "Xóa mục này?"
        assert "Nhà Ất" in filling.text
        filling.press("sure", "_remove", value="neighbour[1]")
        assert value(filling, "q-neighbour_5b_1_5d__2e_who") == "Nhà Bính"
        assert "neighbour[2].who" not in enabled(filling.page.forms["fill-in"])

    def test_an_empty_row_goes_without_asking(self, filling):
        go_to(filling, "neighbour")
        filling.press("fill-in", "_add", value="neighbour")
        filling.press("fill-in", "_remove", value="neighbour[1]")
        assert filling.path.endswith("/neighbour")
        assert "neighbour[1].who" not in enabled(filling.page.forms["fill-in"])

    def test_long_rows_have_pages_of_their_own(self, filling):
        go_to(filling, "pump")
        assert "Chưa có mục nào." in filling.text
        filling.press("fill-in", "_add", value="pump")
        assert filling.path.endswith("/pump/1")
        assert filling.heading == "Máy bơm – 1"
        filling.press("fill-in", "_go", status=422)
        assert filling.errors == ["Trả lời câu hỏi này: Hãng"]
        filling.send("fill-in", {"pump[1].maker": "Hạ Long", "pump[1].year.year": "2019", "pump[1].kind": "sunk",
                                 "pump[1].photo": ("a.png", b"\x89PNG\r\n\x1a\n")}, "_go")
        assert filling.path.endswith("/pump")
        assert "Hạ Long" in filling.text
        filling.open(filling.links()["Sửa Hạ Long, 2019, Chìm"])
        assert value(filling, "q-pump_5b_1_5d__2e_year-year") == "2019"
        assert "a.png" in filling.text

    @pytest.mark.parametrize("name", ["pump[9]", "pump", "nothing[1]", "neighbour[1]", "pump[1].maker", "[", "pump[x]"])
    def test_a_row_that_is_not_there_cannot_be_removed(self, filling, name):
        go_to(filling, "pump")
        filling.press("fill-in", "_remove", value=name)
        assert filling.path.endswith("/pump")

    @pytest.mark.parametrize("row", ["0", "2", "501", "99999999999999999999"])
    def test_a_row_that_is_not_there_has_no_page(self, filling, row):
        draft = filling.path.rpartition("/")[0]
        filling.open(f"{draft}/pump/{row}", status=404)


class TestCountedRows:
    """The form says how many rows there are (the number of provinces of the mineral licence)."""

    @pytest.fixture
    def counting(self, applicant):
        applicant.begin("vn.minerals.exploration-right-transfer")
        go_to(applicant, "area")
        applicant.send("fill-in", {"area.offshore": "no", "area.scattered_small": "no"}, "_go")
        applicant.send("fill-in", {"area.provinces": "2"}, "_go")
        applicant.send("fill-in", {"area.place[1].province": "Lào Cai", "area.place[2].province": "Yên Bái"}, "_update")
        return applicant

    def test_a_smaller_number_asks_before_it_drops_answers(self, counting):
        counting.send("fill-in", {"area.provinces": "1", "area.place[1].communes": "Sa Pa"}, "_go")
        assert counting.heading == "Xóa các mục đã có câu trả lời?"
        assert "1 mục cuối" in counting.text
        counting.press("sure", "_go")
        go_to(counting, "area")
        fields = enabled(counting.page.forms["fill-in"])
        assert "area.place[2].province" not in fields
        assert counting.page.forms["fill-in"]["area.place[1].communes"].value == "Sa Pa"

    def test_whoever_keeps_them_has_lost_nothing(self, counting):
        counting.send("fill-in", {"area.provinces": "1"}, "_go")
        counting.open(counting.links()["Giữ lại"])
        form = counting.page.forms["fill-in"]
        assert (form["area.provinces"].value, form["area.place[2].province"].value) == ("2", "Yên Bái")

    def test_a_larger_number_and_empty_rows_are_no_question(self, counting):
        counting.send("fill-in", {"area.provinces": "3"}, "_update")
        counting.send("fill-in", {"area.provinces": "2"}, "_update")
        assert "area.place[3].province" not in enabled(counting.page.forms["fill-in"])


class TestFiles:
    @pytest.fixture
    def uploading(self, filling):
        go_to(filling, "files")
        return filling

    def test_a_file_is_kept_even_if_the_page_has_errors_and_can_be_replaced_and_removed(self, uploading):
        uploading.send("fill-in", {"files.application": ("đơn.pdf", PDF), "files.survey": ("x.pdf", b"no pdf")},
                       "_go", status=422)
        assert "không thuộc loại được nhận (.pdf)" in uploading.errors[0]
        assert "đơn.pdf" in uploading.text
        uploading.send("fill-in", {"files.application": ("đơn mới.pdf", PDF + b"2")}, "_update")
        assert "đơn mới.pdf" in uploading.text
        assert "đơn.pdf" not in uploading.text
        link = uploading.links()["đơn mới.pdf"]
        answer = uploading.app.get(link)
        assert answer.body == PDF + b"2"
        assert answer.content_disposition.startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        uploading.press("fill-in", "_drop", value="files.application")
        assert "đơn mới.pdf" not in uploading.text
        uploading.open(link, status=404)

    @pytest.mark.parametrize(("name", "content", "message"), [
        ("../x.pdf", PDF, "Tên tệp không dùng được"), ("x\\y.pdf", PDF, "Tên tệp không dùng được"),
        (".htaccess", PDF, "Tên tệp không dùng được"), ("-rf.pdf", PDF, "Tên tệp không dùng được"),
        ("a\u202efdp.exe", PDF, "Tên tệp không dùng được"), ("x" * 121, PDF, "Tên tệp không dùng được"),
        ("x.pdf", b"", "trống"), ("x.pdf", b"MZ\x90", "không thuộc loại"), ("x.pdf", b"<html>", "không thuộc loại"),
        ("x.pdf", b"PK\x03\x04", "không thuộc loại"),
    ])
    def test_a_file_that_cannot_be_taken_is_told_in_words(self, uploading, name, content, message):
        uploading.send("fill-in", {"files.survey": (name, content)}, "_go", status=422)
        assert message in uploading.errors[0]

    def test_a_zip_is_a_word_document_only_by_its_ending(self, uploading):
        uploading.send("fill-in", {"files.application": ("don.docx", b"PK\x03\x04rest")}, "_update")
        assert "don.docx" in uploading.text

    def test_a_file_over_the_limit_is_refused(self, build):
        visitor = Visitor(build(**{"motcua.max_file": "1 kb"}))
        visitor.begin(PERMIT)
        go_to(visitor, "files")
        visitor.send("fill-in", {"files.survey": ("x.pdf", PDF + b"0" * 2000)}, "_go", status=422)
        assert "lớn hơn" in visitor.errors[0]

    def test_what_the_law_asks_for_stands_beside_the_uploads(self, uploading):
        needed = uploading.page.html.find(id="needed-documents")
        assert "có thể cần" in needed.text
        go_to(uploading, "well")
        uploading.send("fill-in", {"well.use": "industry", "well.depth": "30", "well.protected": "false"}, "_go")
        go_to(uploading, "files")
        needed = uploading.page.html.find(id="needed-documents")
        assert "Báo cáo khảo sát" in needed.text
        assert "Văn bản chấp thuận" not in needed.text

    def test_a_file_field_sent_as_text_is_no_file(self, uploading):
        form = uploading.page.forms["fill-in"]
        fields = [(name, form[name].value) for name in ("csrf_token", "revision")]
        page = uploading.app.post(form.action, [*fields, ("_q", "files.survey"), ("files.survey", "text"),
                                                ("_go", "1")])
        assert page.status_int == 303


class TestDrafts:
    def test_a_draft_is_nobody_elses(self, filling, wells):
        Visitor(wells).open(filling.path, status=404)
        signed_in = Visitor(wells)
        signed_in.register("nguoi-la-1")
        signed_in.open(filling.path, status=404)

    def test_a_link_brings_an_anonymous_draft_to_another_browser_once(self, filling, wells):
        filling.send("fill-in", {"owner.name": "Bà Đi Xa"}, "_keep")
        filling.press("make-link")
        link = urlsplit(filling.page.html.find(id="one-time-link")["href"]).path
        other, late = Visitor(wells), Visitor(wells)
        other.open(link)
        other.press("resume")
        assert value(other, "q-owner_2e_name") == "Bà Đi Xa"
        late.open(link, status=404)
        assert "đã được dùng" in late.text
        filling.open(other.path, status=404)

    def test_opening_the_link_does_not_use_it_up(self, filling, wells):
        filling.press("fill-in", "_keep")
        filling.press("make-link")
        link = urlsplit(filling.page.html.find(id="one-time-link")["href"]).path
        Visitor(wells).open(link)
        other = Visitor(wells)
        other.open(link)
        other.press("resume")
        assert "/drafts/" in other.path

    def test_an_account_finds_its_drafts_again(self, visitor, wells):
        visitor.register("nguoi-nop-1")
        visitor.begin(PERMIT)
        visitor.press("fill-in", "_go")
        visitor.send("fill-in", {"owner.name": "Ông Trở Lại"}, "_keep")
        again = Visitor(wells)
        again.open("/dossiers")
        again.press("sign-in", name="nguoi-nop-1", password="một câu khá dài để nhớ")
        again.open(again.links()["Cấp phép khoan giếng"])
        assert value(again, "q-owner_2e_name") == "Ông Trở Lại"

    def test_whoever_signs_in_takes_the_draft_along(self, filling):
        place = filling.path
        filling.send("fill-in", {"owner.name": "Bà Theo"}, "_keep")
        filling.register("nguoi-nop-2")
        filling.open(place.rpartition("/")[0])
        filling.open("/dossiers")
        assert "Biểu mẫu đang điền dở" in filling.text

    def test_a_second_window_cannot_overwrite_what_the_first_saved(self, filling):
        old = filling.page
        filling.send("fill-in", {"owner.name": "Cửa sổ một"}, "_update")
        filling.page = old
        filling.send("fill-in", {"owner.name": "Cửa sổ hai"}, "_go", status=409)
        assert "Cửa sổ một" in filling.text
        assert "Cửa sổ hai" in filling.text
        filling.open(filling.links()["Mở trang theo bản đã lưu"])
        assert value(filling, "q-owner_2e_name") == "Cửa sổ một"

    @pytest.mark.parametrize("revision", ["", "x", "-1", "999999", "1 "])
    def test_a_revision_that_is_none_of_ours_is_a_conflict_too(self, filling, revision):
        form = filling.page.forms["fill-in"]
        form["revision"] = revision
        filling.send("fill-in", {}, "_go", status=409)

    def test_a_draft_goes_on_with_a_renewed_form_and_names_the_answers_it_no_longer_asks_for(
            self, filling, wells):
        filling.send("fill-in", {"owner.name": "Bà Cũ"}, "_update")
        draft_id = filling.path.split("/")[2]

        def as_of_an_older_form(records):
            draft = records.drafts[draft_id]
            draft.content = Content(draft.xml.replace(b"<story/>", b"<story/><nickname>Tu</nickname>"))
            draft.form = FormVersion(draft.form.id, "0", "sha256:older")

        wells.registry["motcua.archive"].run(as_of_an_older_form)
        go_to(filling, "owner")
        assert "Biểu mẫu đã được thay mới" in filling.text
        assert "nickname: Tu" in filling.text
        assert value(filling, "q-owner_2e_name") == "Bà Cũ"
        filling.press("fill-in", "_update")
        assert "Biểu mẫu đã được thay mới" not in filling.text

    def test_a_draft_of_a_procedure_no_longer_in_service_is_not_found(self, filling, wells):
        place = filling.path.rpartition("/")[0]

        def rename(records):
            records.drafts[place.rpartition("/")[2]].procedure = "vn.gone"

        wells.registry["motcua.archive"].run(rename)
        for name in ("", "/owner", "/check", "/keep"):
            filling.open(place + name, status=404)

    def test_a_draft_can_be_thrown_away(self, filling):
        place = filling.path
        filling.press("fill-in", "_keep")
        filling.press("remove")
        filling.open(place, status=404)

    def test_the_back_button_after_leaving_shows_the_saved_answers(self, filling):
        filling.send("fill-in", {"owner.name": "Đã lưu"}, "_keep")
        assert "Đã lưu câu trả lời" in filling.heading
        filling.open(filling.links()["Làm tiếp ngay"])
        assert value(filling, "q-owner_2e_name") == "Đã lưu"


class TestSending:
    @pytest.fixture
    def checked(self, filling):
        """A visitor whose complete, eligible answers wait to be sent."""
        filling.go_through(ANSWERS)
        assert filling.path.endswith("/check"), filling.errors
        return filling

    def test_every_answer_is_shown_for_checking_as_people_write_it(self, checked):
        shown = {dt.text.strip(): dt.find_next("dd").get_text(" ", strip=True)
                 for dt in checked.page.html.select(".summary-list dt")}
        assert shown["Ngày sinh"] == "2/9/1975"
        assert shown["Độ sâu (m)"] == "25,5"
        assert shown["Lưu lượng (m³/ngày)"] == "1.250"
        assert shown["Việc đã làm"] == "Khảo sát địa chất; Thông báo hộ liền kề"
        assert shown["Thứ tự ưu tiên"] == "Nhanh; Rẻ"
        assert shown["Dự kiến khoan lúc"] == "1/2/2027 8:05"
        assert shown["Trong vùng bảo vệ?"] == "Không"
        assert shown["Mục đích"] == "Công nghiệp"
        assert shown["Chi phí xây dựng (triệu đồng)"] == "4.250 4 tỷ 250 triệu đồng"
        assert "đơn xin phép.pdf" in shown["Đơn"]
        assert "Ban quản lý đã chấp thuận?" not in shown

    def test_what_the_law_says_is_told_before_sending(self, checked):
        assert checked.page.html.find(id="assessment-title").text == "Đủ điều kiện"
        assert "Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng." in checked.text
        assert "đã kèm" in checked.text
        assert "consent" not in checked.page.forms["send"].fields

    def test_nothing_is_sent_without_the_declaration(self, checked):
        checked.press("send", status=422)
        assert checked.errors == ["Đánh dấu vào ô để cam đoan nội dung khai là đúng."]
        assert checked.page.html.select_one(".error-summary a")["href"] == "#declare"

    def test_the_dossier_is_received_with_code_receipt_files_and_journal(self, checked):
        draft = checked.path.rpartition("/")[0]
        checked.press("send", declare=True)
        code = checked.page.html.find(id="code").text
        assert re.fullmatch(r"MTC-\d{6}-\d{4}", code)
        assert checked.path == f"/dossiers/{code}/receipt"
        checked.open(f"/dossiers/{code}")
        assert "Trần Văn Giếng" in checked.text
        assert "đã tiếp nhận và kiểm tra" in checked.text
        assert "còn nguyên" in checked.text
        files = checked.links("aside a")
        assert checked.app.get(files["đơn xin phép.pdf"]).body == PDF
        listed = next(line for line in checked.page.html.select("aside li") if "đơn xin phép.pdf" in line.text)
        assert "Đơn" in listed.text.replace("đơn xin phép.pdf", "")
        xml = checked.app.get(f"/dossiers/{code}/submission.xml")
        assert b"<depth>25.5</depth>" in xml.body
        assert b"<consent" not in xml.body
        assert xml.content_disposition.startswith("attachment")
        checked.open(draft, status=404)

    def test_a_dossier_is_seen_by_its_applicant_and_officers_only(self, checked, wells):
        checked.press("send", declare=True)
        place = checked.path.rpartition("/")[0]
        stranger, officer = Visitor(wells), Visitor(wells)
        stranger.register("nguoi-la-2")
        stranger.open(place, status=403)
        Visitor(wells).open(place)
        make_officer(wells, "cong-chuc-1")
        officer.open("/login")
        officer.press("sign-in", name="cong-chuc-1", password="một câu khá dài để nhớ")
        officer.open(place)
        assert "Trần Văn Giếng" in officer.text
        officer.open("/dossiers?q=tran van gieng")
        assert place.rpartition("/")[2] in officer.text

    def test_an_account_finds_its_dossier_in_the_list(self, visitor):
        visitor.register("nguoi-nop-3", title="Hợp tác xã Nước")
        visitor.begin(PERMIT)
        visitor.go_through(ANSWERS)
        visitor.press("send", declare=True)
        code = visitor.page.html.find(id="code").text
        visitor.open("/dossiers")
        assert code in visitor.text
        assert "Đủ điều kiện" in visitor.text
        visitor.open(f"/dossiers/{code}")
        assert "Hợp tác xã Nước" in visitor.text

    def test_an_ineligible_case_is_told_why_and_may_be_sent_all_the_same(self, filling):
        filling.go_through({**ANSWERS, "money.deposit": "1"})
        assert filling.page.html.find(id="assessment-title").text == "Chưa đủ điều kiện"
        assert "chưa đáp ứng" in filling.text
        filling.press("send", declare=True, status=422)
        assert filling.errors == ["Đánh dấu vào ô nếu bạn vẫn muốn gửi hồ sơ."]
        filling.press("send", declare=True, consent=True)
        assert "Đã tiếp nhận hồ sơ" in filling.heading

    def test_a_needed_document_without_its_file_keeps_the_dossier_from_being_sent(self, filling):
        filling.go_through({name: answer for name, answer in ANSWERS.items() if name != "files.survey"})
        assert "Báo cáo khảo sát" in filling.errors[0]
        assert "send" not in filling.page.forms
        filling.open(filling.page.html.select_one(".error-summary a")["href"])
        assert filling.path.endswith("/files")
        filling.send("fill-in", {"files.survey": ("bao-cao.pdf", PDF)}, "_go")
        assert filling.path.endswith("/check")
        assert "send" in filling.page.forms

    def test_what_is_unanswered_is_listed_with_links_that_come_back_to_the_check(self, filling):
        go_to(filling, "check")
        assert "Trả lời câu hỏi này: Họ và tên" in filling.errors
        assert "Trả lời câu hỏi này: Độ sâu (m)" in filling.errors
        filling.open(filling.links(".error-summary a")["Trả lời câu hỏi này: Họ và tên"])
        filling.send("fill-in", {"owner.name": "Có tên rồi"}, "_go")
        assert filling.path.endswith("/check")
        assert "Trả lời câu hỏi này: Họ và tên" not in filling.errors

    def test_a_wrong_answer_left_behind_is_not_lost_silently(self, filling):
        filling.send("fill-in", {"owner.name": "A", "owner.born.day": "31", "owner.born.month": "2",
                                 "owner.born.year": "2000"}, "_keep")
        go_to(filling, "check")
        assert any("Ngày sinh" in error and "31 2 2000" in error for error in filling.errors)

    def test_a_row_with_a_page_of_its_own_is_checked_too(self, filling):
        go_to(filling, "pump")
        filling.press("fill-in", "_add", value="pump")
        go_to(filling, "check")
        link = filling.links(".error-summary a")["Trả lời câu hỏi này: Hãng"]
        assert "/pump/1?" in link

    def test_sending_twice_makes_one_dossier(self, checked):
        page = checked.page
        checked.press("send", declare=True)
        receipt = checked.path
        checked.page = page
        checked.press("send", declare=True)
        assert (checked.path, receipt.endswith("/receipt")) == (receipt, True)

    def test_a_second_click_leads_to_the_receipt_though_the_first_answer_was_never_seen(self, checked, wells):
        clicked_again = Visitor(wells)
        for cookie in tuple(checked.app.cookiejar):
            clicked_again.app.cookiejar.set_cookie(copy(cookie))
        clicked_again.page = checked.page
        checked.press("send", declare=True)
        clicked_again.press("send", declare=True)
        assert clicked_again.path == checked.path

    def test_answers_typed_in_another_window_after_sending_are_not_lost_without_a_word(self, checked):
        page = checked.page
        go_to(checked, "money")
        typed = checked.page
        checked.page = page
        checked.press("send", declare=True)
        code = checked.path.split("/")[-2]
        checked.page = typed
        checked.press("fill-in", "_go", status=409)
        assert f"đã được gửi từ cửa sổ khác, thành hồ sơ {code}" in checked.text

    def test_answers_changed_in_another_window_are_to_be_checked_again_before_sending(self, checked):
        page = checked.page
        go_to(checked, "owner")
        checked.press("fill-in", "_go", owner__name="Bà Đổi Sau")
        checked.page = page
        checked.press("send", declare=True, status=422)
        assert checked.errors == [
            "Câu trả lời đã được thay đổi ở cửa sổ khác sau khi mở trang này. Hãy kiểm tra lại rồi gửi."]
        assert "Bà Đổi Sau" in checked.text
        checked.press("send", declare=True)
        assert checked.path.endswith("/receipt")

    def test_nobody_else_learns_which_dossier_a_sent_form_became(self, checked, wells):
        address = checked.path.removesuffix("/check")
        checked.press("send", declare=True)
        checked.open(address)
        assert checked.path.endswith("/receipt")
        Visitor(wells).open(address, status=404)

    def test_facts_that_no_case_can_have_are_told_at_the_question(self, filling):
        filling.go_through({**ANSWERS, "money.deposit": "9.000"})
        assert "Tiền ký quỹ không thể lớn hơn chi phí xây dựng." in filling.errors[0]
        assert "send" not in filling.page.forms


def make_officer(application, name):
    from datetime import UTC, datetime

    from motcua.dossiers import add_account

    application.registry["motcua.archive"].run(lambda records: add_account(
        records, name, "một câu khá dài để nhớ", ["officer"], now=datetime.now(UTC), title="Công chức"))
