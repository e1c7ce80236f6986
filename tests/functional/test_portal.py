"""The portal: home, search, languages, "Before you start", the interview."""

from __future__ import annotations

import pytest

WELL = "/procedures/vn.water.well-permit"


def test_the_home_page_lists_procedures_under_their_field(visitor):
    visitor.open("/")
    section = visitor.page.html.select_one(".directory section")
    assert section.h2.text == "Tài nguyên nước"
    assert section.a["href"] == WELL
    assert section.a.text == "Cấp phép khoan giếng"


@pytest.mark.parametrize("words", ["khoan gieng", "KHOAN GIẾNG", "well drill", "9.000001"])
def test_the_search_finds_a_procedure_without_case_or_diacritics_in_both_languages(visitor, words):
    visitor.open(f"/?q={words}")
    assert "Cấp phép khoan giếng" in visitor.text
    assert "Có 1 thủ tục" in visitor.text


def test_a_search_without_result_says_so_and_leads_back_to_all(visitor):
    visitor.open("/?q=đất hiếm")
    assert "Có 0 thủ tục" in visitor.text
    assert visitor.links()["Xem tất cả thủ tục"] == "/"


def test_the_language_switch_keeps_the_address_and_is_remembered(visitor):
    visitor.open(f"{WELL}?on=2020-01-01")
    english = visitor.page.html.select_one(".site-languages a")
    assert english["href"] == f"{WELL}?on=2020-01-01&lang=en"
    visitor.open(english["href"])
    assert visitor.page.html.html["lang"] == "en"
    assert visitor.heading == "Permit to drill a well"
    visitor.open(WELL)
    assert visitor.heading == "Permit to drill a well"


def test_an_unknown_language_is_vietnamese(visitor):
    visitor.open("/?lang=xx")
    assert visitor.page.html.html["lang"] == "vi"


def test_before_you_start_shows_the_law_of_today(visitor):
    visitor.open(WELL)
    text = visitor.text
    assert "Đã khảo sát địa chất và thông báo cho hộ liền kề." in text
    assert "Đã khảo sát địa chất. " not in text
    assert "Báo cáo khảo sát" in text
    assert "1 bản chính" in text
    assert "Ủy ban nhân dân cấp xã" in text
    assert "từ 01/7/2025" in text


def test_before_you_start_shows_the_law_of_another_day(visitor):
    visitor.open(WELL)
    visitor.press("choose-day", day="30", month="6", year="2025")
    assert visitor.page.request.query_string == "on=2025-06-30"
    assert "Đã khảo sát địa chất." in visitor.text
    assert "Báo cáo khảo sát" not in visitor.text
    assert "Theo luật ngày 30/6/2025" in visitor.text


def test_a_procedure_that_a_text_has_put_to_rest_says_so_and_invites_nobody_to_file(applicant):
    land = "/procedures/vn.land.land-data-provision"
    # Resolution 66.19/2026, annex VI part A section I: not carried out from 18 May 2026
    applicant.open(f"{land}?on=2026-05-18")
    assert "Thủ tục không được thực hiện vào ngày này: không phải nộp hồ sơ." in applicant.text
    assert "Nghị quyết 66.19/2026/NQ-CP" in applicant.text
    assert [link["href"] for link in applicant.page.html.select("nav.contents a")] == ["#result", "#gaps"]
    assert not applicant.page.html.select(".actions .button")
    # the licence to discharge has been part of the environmental licence since 1 January 2022 (Law 72/2020, article 39)
    applicant.open("/procedures/vn.water.wastewater-discharge-licence?on=2022-01-01")
    assert "không phải nộp hồ sơ" in applicant.text
    applicant.open(f"{land}?on=2026-05-17")
    assert "không phải nộp hồ sơ" not in applicant.text
    assert applicant.page.html.select(".actions .button")


@pytest.mark.parametrize("name", ["vn.water.surface-water-licence", "vn.environment.eia-appraisal"])
def test_the_contents_lead_to_every_part_of_the_page_in_its_order(applicant, name):
    applicant.open(f"/procedures/{name}")
    html = applicant.page.html
    parts = [heading["id"] for heading in html.select("main h2[id]") if not heading.find_parent(["nav", "aside"])]
    assert [link["href"] for link in html.select("nav.contents a")] == [f"#{each}" for each in parts]


@pytest.mark.parametrize(("day", "month", "year", "message", "box"), [
    ("31", "2", "2026", "Tháng 2 năm 2026 không có ngày 31.", "on-day"),
    ("1", "13", "2026", "Không có tháng 13", "on-month"),
    ("1", "1", "26", "Ghi năm đủ bốn chữ số", "on-year"),
    ("1", "1", "", "Ngày còn thiếu năm", "on-year"),
    ("1", "1", "1990", "01/01/1990", "on-day"),
])
def test_a_wrong_date_is_answered_with_what_is_wrong_and_a_link_to_its_box(
        visitor, day, month, year, message, box):
    visitor.open(WELL)
    visitor.press("choose-day", status=422, day=day, month=month, year=year)
    assert message in visitor.errors[0]
    assert visitor.page.html.select_one(".error-summary a")["href"] == f"#{box}"
    assert visitor.page.html.find(id="on-day")["value"] == day
    assert visitor.page.html.find(id=box) is not None


def test_a_condition_of_a_document_is_said_in_words(visitor):
    visitor.open(WELL)
    consent = next(item for item in visitor.page.html.select("#documents ~ ul li") if "chấp thuận" in item.text)
    assert "Cần khi: “Trong vùng bảo vệ nguồn nước” là có" in " ".join(consent.text.split())


def test_an_unknown_procedure_is_not_found(visitor):
    visitor.open("/procedures/vn.nothing", status=404)
    assert visitor.heading == "Không tìm thấy trang"


class TestInterview:
    def answer(self, visitor, answer, status=200):
        form = visitor.page.forms["question"]
        name = form["q"].value
        return visitor.send("question", {name: answer}, status=status)

    def fact(self, visitor):
        return visitor.page.forms["question"]["q"].value

    def test_it_asks_one_question_at_a_time_and_ends_with_the_reasons(self, visitor):
        visitor.open(f"{WELL}/interview")
        answers = {"well.depth": "25,5", "well.use": "industry", "well.flow": "5", "well.wells_nearby": "1",
                   "well.checks": ["survey", "neighbours"], "site.protected": "no", "works.cost": "100.000.000",
                   "works.deposit": "9.000.000", "lease.ends_on": "1/1/2040"}
        asked = []
        while "question" in visitor.page.forms:
            asked.append(self.fact(visitor))
            self.answer(visitor, answers[asked[-1]])
        assert visitor.heading == "Chưa đủ điều kiện"
        assert "Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng." in visitor.text
        assert "9.000.000 đồng" in visitor.text
        assert "works.driller" not in asked
        assert len(asked) == len(set(asked))

    def test_a_fact_that_no_longer_matters_is_not_asked(self, visitor):
        visitor.open(f"{WELL}/interview?well.depth=5&well.use=household&well.flow=2")
        assert visitor.heading == "Trường hợp này không phải làm thủ tục"

    def test_each_state_has_an_address_that_gives_the_same_page_to_someone_else(self, visitor, wells):
        from tests.functional.visitor import Visitor

        visitor.open(f"{WELL}/interview")
        self.answer(visitor, "25" if self.fact(visitor) == "well.depth" else "industry")
        other = Visitor(wells)
        other.open(visitor.page.request.path_qs)
        assert other.heading == visitor.heading
        assert self.fact(other) == self.fact(visitor)

    def test_an_amount_may_carry_a_unit(self, visitor):
        visitor.open(f"{WELL}/interview?well.depth=0,02+km&q=well.depth")
        assert visitor.path == f"{WELL}/interview"
        assert "well.depth=0%2C02+km" in visitor.page.request.url
        visitor.open(f"{WELL}/interview?well.depth=3+ha&q=well.depth", status=422)
        assert "“ha”" in visitor.errors[0]

    def test_a_refused_answer_does_not_count_as_a_question_answered(self, visitor):
        visitor.open(f"{WELL}/interview?well.use=household&well.depth=12.5&q=well.depth", status=422)
        assert "Câu hỏi 2" in visitor.text
        back = visitor.links()["Quay lại"]
        assert "well.depth" not in back
        assert "well.use" not in back

    def test_an_answer_that_cannot_be_read_is_kept_as_typed(self, visitor):
        visitor.open(f"{WELL}/interview?well.depth=12.5&q=well.depth", status=422)
        assert "Viết số như 1.234.567 hoặc 12,5" in visitor.errors[0]
        assert visitor.page.html.find(id="answer")["value"] == "12.5"
        assert visitor.page.html.title.text.startswith("Lỗi: ")

    def test_an_answer_beyond_the_bounds_of_the_fact_names_the_bound(self, visitor):
        visitor.open(f"{WELL}/interview?well.depth=501&q=well.depth", status=422)
        assert "500 m" in visitor.errors[0]

    def test_nothing_chosen_is_told(self, visitor):
        visitor.open(f"{WELL}/interview?q=well.use", status=422)
        assert "Trả lời câu hỏi này: Mục đích sử dụng" in visitor.errors[0]

    def test_no_box_ticked_is_an_answer(self, visitor):
        visitor.open(f"{WELL}/interview?well.use=industry&q=well.checks")
        assert "well.checks=-" in visitor.page.request.query_string

    def test_not_knowing_leaves_the_outcome_open_and_names_the_condition(self, visitor):
        query = ("well.depth=25&well.use=industry&well.flow=5&well.wells_nearby=1&well.checks=survey&"
                 "well.checks=neighbours&site.protected=no&works.cost=100&works.deposit=?&lease.ends_on=1/1/2040")
        visitor.open(f"{WELL}/interview?{query}")
        assert visitor.heading == "Chưa rõ có đủ điều kiện không"
        assert "chưa biết" in visitor.text

    def test_an_answer_can_be_changed_from_the_outcome(self, visitor):
        visitor.open(f"{WELL}/interview?well.depth=5&well.use=household&well.flow=2")
        visitor.open(visitor.links()["Sửa Mục đích sử dụng"])
        assert self.fact(visitor) == "well.use"
        self.answer(visitor, "industry")
        assert "question" in visitor.page.forms

    def test_the_law_of_another_day_is_kept_on_the_way(self, visitor):
        visitor.open(f"{WELL}/interview?on=2025-06-30&well.depth=25&well.use=household")
        assert visitor.heading == "Trường hợp này không phải làm thủ tục"
        assert "Theo luật ngày 30/6/2025" in visitor.text
        assert all("on=2025-06-30" in url for text, url in visitor.links().items() if text.startswith("Sửa"))

    def test_facts_that_no_case_can_have_are_told_and_not_an_error_of_ours(self, visitor):
        query = ("well.depth=25&well.use=industry&well.flow=5&well.wells_nearby=1&well.checks=survey&"
                 "well.checks=neighbours&site.protected=no&works.cost=100&works.deposit=200&lease.ends_on=1/1/2040")
        visitor.open(f"{WELL}/interview?{query}", status=422)
        assert "Tiền ký quỹ không thể lớn hơn chi phí xây dựng." in visitor.errors[0]
        assert "Sửa Tiền ký quỹ" in visitor.links()


class TestInterviewsOfTheRealProcedures:
    @pytest.mark.parametrize("procedure", ["vn.minerals.exploration-right-transfer", "vn.environment.eia-appraisal"])
    @pytest.mark.parametrize("choose", ["unknown", "first", "last"])
    def test_every_way_through_ends_with_an_outcome(self, applicant, procedure, choose):
        applicant.open(f"/procedures/{procedure}/interview")
        asked = []
        while "question" in applicant.page.forms:
            asked.append(applicant.page.forms["question"]["q"].value)
            assert len(asked) == len(set(asked)) < 70
            if choose == "unknown":
                query = applicant.page.request.query_string
                applicant.open(f"/procedures/{procedure}/interview?{query}&{asked[-1]}=%3F")
            else:
                applicant.send("question", {asked[-1]: self.some(applicant, asked[-1], choose)})
        assert applicant.page.html.select_one(".outcome h1")
        if choose == "unknown":
            assert applicant.heading == "Chưa rõ có đủ điều kiện không"

    def some(self, visitor, name, choose):
        field = visitor.page.forms["question"].fields[name][0]
        if field.attrs.get("type") == "checkbox":
            return [each._value for each in visitor.page.forms["question"].fields[name]][: 99 if choose == "last" else 1]
        options = [option[0] for option in getattr(field, "options", []) if option[0] not in ("", "?")]
        if options:
            return options[0 if choose == "first" else -1]
        return "1/1/2031" if "27/3/2026" in visitor.text else "12"
