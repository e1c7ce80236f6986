"""Long questions on the bench: coverage, comparison, impact, checks, each begun with a button and found again."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import new_uri
from tests.functional.bench import WELL, officer_of, outcome
from tests.functional.conftest import WELLS, make_application
from tests.functional.sending import send, submission
from tests.functional.visitor import Visitor
from webtest import TestApp

from motcua.web.bench.questions import asking, checks, impact, jobs, working

NAME = WELL.rpartition("/")[2]
#: The wells draft: the deposit rises from 10% to 15%, and the fee of irrigation to 3 million.
CHANGES = ((">= 10% * works.cost", ">= 15% * works.cost"), ("cells: [0.5, 1, 2]", "cells: [0.5, 3, 2]"))


def make_draft(application, name, *changes):
    """A draft of the wells rules with some texts changed."""
    procedure = application.registry.motcua_catalogue[NAME].procedure
    text = Path(procedure.path).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    application.registry["motcua.archive"].run(
        lambda records: records.law_drafts.get(NAME, name) or records.law_drafts.begin(
            NAME, name, text, author="tac-gia", at=datetime.now(UTC)))
    return f"{WELL}/drafts/{name}"


@pytest.fixture
def draft(wells):
    return make_draft(wells, "ky-quy-15", *CHANGES)


def press(officer, status=303):
    """Press the one button of the question whose page is open."""
    [form] = officer.page.html.select("#job form")
    officer.page = officer.app.post(form["action"], params={
        field["name"]: field["value"] for field in form.select("input")}, expect_errors=True)
    assert officer.page.status_int == status, officer.text[:300]


def settle(officer, seconds=90):
    """Look again and again at a question under work, until it is no longer that; what it is then."""
    end = time.monotonic() + seconds
    while (state := officer.page.html.find(id="job")["data-job"]) in ("waiting", "running"):
        assert time.monotonic() < end
        assert officer.page.html.select_one("#job progress")
        time.sleep(0.3)
        officer.page = officer.app.get(officer.page.request.path_qs)
    return state


def ask(officer, address):
    """Press the button of a question and wait for its answer."""
    officer.open(address)
    press(officer)
    officer.page = officer.page.follow()
    assert settle(officer) == "done", officer.text[:600]


def answer_to(officer, address):
    """Open the answer of a question, asked now unless another test has."""
    officer.open(address)
    if officer.page.html.find(id="job")["data-job"] == "absent":
        ask(officer, address)


class TestAsking:
    def test_a_question_is_begun_by_its_button_alone_and_its_answer_is_found_by_others(self, tmp_path):
        untouched = make_application(tmp_path, **WELLS)
        officer = officer_of(untouched)
        officer.open(f"{WELL}/coverage")
        assert officer.page.html.find(id="job")["data-job"] == "absent"
        officer.open(f"{WELL}/coverage")
        assert officer.page.html.find(id="job")["data-job"] == "absent"
        ask(officer, f"{WELL}/coverage")
        colleague = officer_of(untouched, "dong-nghiep-hoi")
        colleague.open(f"{WELL}/coverage")
        assert "trên 108" in colleague.text

    def test_without_scripts_the_page_looks_again_by_itself(self, officer, wells, monkeypatch):
        monkeypatch.setattr(jobs, "look", lambda folder, **_: jobs.Job("running", 0.42, folder=folder))
        officer.open(f"{WELL}/coverage")
        assert officer.page.html.select_one("head noscript meta")["http-equiv"] == "refresh"
        assert "Đang tính, 42 %" in officer.text
        assert officer.page.html.select_one("#job progress")["value"] == "42"

    def test_why_there_is_no_answer_is_told(self, officer, monkeypatch):
        told = {"vi": "Vì thế này.", "en": "Because."}
        monkeypatch.setattr(jobs, "look", lambda folder, **_: jobs.Job("failed", problems=(told,), folder=folder))
        officer.open(f"{WELL}/coverage")
        assert "Vì thế này." in officer.text
        assert officer.page.html.select_one("#job button").text.strip() == "Thử lại"

    def test_too_many_open_questions_are_refused_in_words(self, officer, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_ALIVE", 0)
        officer.open(f"{WELL}/compare?from=2024-06-30&to=2025-07-01")
        press(officer, status=429)
        assert "Vài phút nữa" in officer.errors[0]

    @pytest.mark.parametrize("view", ["coverage", "checks", "compare", "impact"])
    def test_nobody_else_may_ask(self, wells, view):
        stranger = Visitor(wells)
        stranger.open(f"{WELL}/{view}")
        assert stranger.path == "/login"
        applicant = Visitor(wells)
        applicant.register(f"khong-phai-can-bo-{view}")
        applicant.open(f"{WELL}/{view}", status=403)

    @pytest.mark.parametrize("view", ["coverage", "checks", "compare", "impact"])
    def test_nothing_begins_without_the_token_of_the_page(self, officer, view):
        assert officer.app.post(f"{WELL}/{view}", expect_errors=True).status_int == 400


def endless(asked):
    """Work that does not end by itself."""
    asked.progress(1, 4)
    time.sleep(600)


def checks_once(asked):
    """The checks; the second time, work that does not end by itself."""
    if (asked.folder / "asked-before").exists():
        endless(asked)
    (asked.folder / "asked-before").touch()
    return working.checks(asked)


def endless_in_sql(asked):
    """A statement that does not end by itself."""
    asked.progress(1, 4)
    with working._engine(asked.arguments["sql"]).connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(600)"))


def until(is_so, seconds=30):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)


class TestStopping:
    @pytest.fixture
    def begun(self, officer, monkeypatch):
        """A question under work, with its page open."""
        monkeypatch.setitem(jobs.KINDS, "checks", f"{__name__}:endless")
        officer.open(f"{WELL}/checks")
        press(officer)
        officer.page = officer.page.follow()
        assert officer.page.html.find(id="job")["data-job"] in ("waiting", "running")
        yield officer
        officer.open(f"{WELL}/checks")
        if officer.page.html.find(id="job")["data-job"] in ("waiting", "running"):
            press(officer)

    def test_its_button_stops_it_and_the_page_says_so_and_asks_again(self, begun):
        assert begun.page.html.select_one("#job button").text.strip() == "Dừng tính"
        press(begun)
        begun.page = begun.page.follow()
        job = begun.page.html.find(id="job")
        assert job["data-job"] == "stopped"
        assert "Lê Văn Kiểm đã dừng việc tính" in " ".join(job.text.split())
        assert begun.page.html.select_one("head meta[http-equiv=refresh]") is None
        assert job.button.text.strip() == "Kiểm chứng bộ quy định"
        press(begun)
        begun.page = begun.page.follow()
        assert begun.page.html.find(id="job")["data-job"] in ("waiting", "running")

    def test_asked_anew_and_stopped_it_shows_the_earlier_answer_and_says_so(self, officer, monkeypatch):
        monkeypatch.setitem(jobs.KINDS, "checks", f"{__name__}:checks_once")
        ask(officer, f"{WELL}/checks")
        answer, token = officer.page.html.select_one(".outcome h2").text, officer.page.html.select_one(".asked input")
        officer.page = officer.app.post(officer.page.request.path_qs, params={
            token["name"]: token["value"], "again": "1"}).follow()
        assert officer.page.html.find(id="job")["data-job"] in ("waiting", "running")
        press(officer)
        officer.page = officer.page.follow()
        notice, shown = officer.page.html.select(".outcome")[:2]
        assert "Lê Văn Kiểm đã dừng lần tính lại; dưới đây là kết quả trước đó." in notice.text
        assert shown.h2.text == answer
        assert officer.page.html.select_one(".asked button").text.strip() == "Tính lại"

    def test_pressing_it_twice_or_going_back_does_no_harm(self, begun):
        back = begun.page
        for _ in range(2):
            begun.page = back
            press(begun)
            begun.page = begun.page.follow()
            assert begun.page.html.find(id="job")["data-job"] == "stopped"

    def test_a_colleague_who_may_test_stops_it_too(self, begun, wells):
        colleague = officer_of(wells, "dong-nghiep-dung")
        colleague.open(f"{WELL}/checks")
        press(colleague)
        begun.open(f"{WELL}/checks")
        assert begun.page.html.find(id="job")["data-job"] == "stopped"

    def test_nothing_stops_without_the_token_of_the_page_or_the_right_to_test(self, begun, wells):
        assert begun.app.post(f"{WELL}/checks", params={"stop": "1"}, expect_errors=True).status_int == 400
        applicant = Visitor(wells)
        applicant.register("khong-duoc-dung")
        applicant.open("/")
        token = applicant.page.html.select_one("input[name=csrf_token]")
        assert applicant.app.post(f"{WELL}/checks", params={"stop": "1", "csrf_token": token["value"] if token else ""},
                                  expect_errors=True).status_int in (400, 403)
        begun.open(f"{WELL}/checks")
        assert begun.page.html.find(id="job")["data-job"] in ("waiting", "running")

    def test_all_that_is_worked_out_stands_on_the_bench_and_is_stopped_there(self, begun):
        begun.open("/bench")
        [item] = begun.page.html.select("#working ~ ul > li")
        assert item.a.text == "Kiểm chứng: Cấp phép khoan giếng"
        assert item.a["href"] == f"{WELL}/checks"
        assert "Lê Văn Kiểm yêu cầu lúc" in " ".join(item.text.split())
        form = item.form
        begun.page = begun.app.post(form["action"], params={
            field["name"]: field["value"] for field in form.select("input")}).follow()
        assert begun.page.html.find(id="working") is None
        begun.open(f"{WELL}/checks")
        assert begun.page.html.find(id="job")["data-job"] == "stopped"

    def test_a_question_that_no_page_asks_any_more_is_found_there(self, begun, monkeypatch):
        monkeypatch.setattr(checks, "QUESTION", asking.Question("checks", {"more": 1}))
        begun.open(f"{WELL}/checks")
        assert begun.page.html.find(id="job")["data-job"] == "absent"
        begun.open("/bench")
        form = begun.page.html.select_one("#working ~ ul form")
        begun.app.post(form["action"], params={field["name"]: field["value"] for field in form.select("input")})
        monkeypatch.undo()
        begun.open("/bench")
        assert begun.page.html.find(id="working") is None

    @pytest.mark.parametrize("name", ["", "../../x", "0/checks-0", "\x00"])
    def test_what_is_no_open_question_is_not_stopped(self, begun, name):
        begun.open("/bench")
        token = begun.page.html.select_one("#working ~ ul form input[name=csrf_token]")["value"]
        answer = begun.app.post("/bench", params={"csrf_token": token, "stop": name}, expect_errors=True)
        assert answer.status_int in (303, 400)
        assert begun.app.post("/bench", params={"stop": name}, expect_errors=True).status_int == 400
        begun.open(f"{WELL}/checks")
        assert begun.page.html.find(id="job")["data-job"] in ("waiting", "running")

    def test_who_only_signs_off_sees_no_button(self, begun, wells):
        signer = officer_of(wells, "chi-doc-dung", roles=("signer",))
        signer.open(f"{WELL}/checks")
        assert signer.page.html.find(id="job")["data-job"] in ("waiting", "running")
        assert signer.page.html.select_one("#job form") is None
        signer.open("/bench")
        assert signer.page.html.find(id="working") is None


class TestCoverage:
    @pytest.fixture
    def measured(self, officer):
        answer_to(officer, f"{WELL}/coverage")
        return officer

    def test_what_no_case_shows_is_named_with_its_citation(self, measured):
        rules = {" ".join(item.p.get_text(" ").split()): item for item in measured.page.html.select("#missing ~ ul > li")}
        fee = rules["Dòng quyết định: Phí"]
        assert "Điều 4" in fee.select_one(".citation").text
        assert "Tưới tiêu; trên 1.000.000.000 đồng" in fee.text

    def test_a_law_version_can_be_looked_at_alone(self, measured):
        measured.open(measured.links("table a")["từ 01/7/2025"])
        assert "Giếng sâu" not in " ".join(item.p.text for item in measured.page.html.select("#missing ~ ul > li"))
        assert measured.page.html.select_one("table [aria-current]").text == "từ 01/7/2025"

    def test_a_missing_case_opens_and_is_kept_with_its_outcome_left_open(self, measured, wells):
        item = measured.page.html.select(".suggested li")[0]
        links = [link["href"] for link in item.select("a")]
        measured.open(links[0])
        assert outcome(measured) == "Đủ điều kiện"
        measured.open(links[1])
        form = measured.page.forms["keep"]
        assert form["id"].value
        assert form["vi"].value
        assert form["expect.outcome"].value == ""
        assert [field.checked for field in form.fields["compare"]] == [False, False]
        measured.send("keep", {"id": "tu-goi-y"}, status=422)
        assert "Nêu kết quả theo luật" in " ".join(measured.errors)
        measured.send("keep", {"id": "tu-goi-y", "expect.outcome": "eligible"})
        assert "tu-goi-y" in measured.text
        wells.registry["motcua.archive"].run(lambda records: records.scenarios.remove(NAME, "tu-goi-y"))

    @pytest.mark.parametrize("version", ["x", "2025-07-01%20..%20", "'"])
    def test_an_unknown_law_version_shows_all(self, measured, version):
        measured.open(f"{WELL}/coverage?version={version}")
        assert measured.page.html.select_one("table [aria-current]") is None


class TestCompare:
    def test_two_days_are_chosen_and_each_effect_opens_as_a_case(self, officer):
        officer.open(f"{WELL}/compare")
        assert officer.page.html.find(id="job") is None
        officer.send("choose", {"from": "30/6/2025", "to": "1/7/2025"})
        answer_to(officer, officer.page.request.path_qs)
        differences = [" ".join(each.get_text(" ").split()) for each in officer.page.html.select(".difference h3")]
        assert "bổ sung Điều kiện: Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng." in differences
        effects = officer.page.html.select(".effects > li")
        assert effects
        for effect in effects:
            for link in effect.select("p.no-print a"):
                officer.open(link["href"])
                assert officer.page.html.select_one(".comparison tbody tr"), effect.text

    def test_both_texts_stand_side_by_side(self, officer):
        answer_to(officer, f"{WELL}/compare?from=2025-06-30&to=2025-07-01")
        cells = [cell.get_text(" ") for cell in officer.page.html.select(".sides td")]
        assert any("WELL2012" in cell or "2012" in cell for cell in cells)
        assert [" ".join(head.text.split()) for head in officer.page.html.select_one(".sides thead").select("th")][1:] == [
            "từ 01/01/2020 đến 30/6/2025", "từ 01/7/2025"]

    def test_a_draft_is_compared_with_the_law_in_force_on_every_day(self, officer, draft):
        officer.open(f"{WELL}/compare")
        officer.open(officer.links("details a")["Dự thảo “ky-quy-15”"])
        ask(officer, officer.page.request.path_qs)
        text = officer.text
        assert "10% * works.cost" in text
        assert "15% * works.cost" in text
        effect = next(each for each in officer.page.html.select(".effects > li") if "không đủ điều kiện" in each.text)
        here, there = (link["href"] for link in effect.select("p.no-print a"))
        officer.open(here)
        assert officer.path == WELL
        first = outcome(officer)
        officer.open(there)
        assert officer.path == draft
        assert {first, outcome(officer)} >= {"Chưa đủ điều kiện"}

    @pytest.mark.parametrize(("query", "field"), [
        ("from=x&to=2025-07-01", "from"), ("from=2025-07-01&to=1999-01-01", "to"), ("from=2025-07-01", "to"),
        ("to=2025-07-01", "from"), ("from=2023-02-30&to=9999-99-99", "from")])
    def test_days_that_cannot_be_read_are_told_at_their_field(self, officer, query, field):
        officer.open(f"{WELL}/compare?{query}", status=422)
        assert officer.page.html.select_one(".error-summary a")["href"] == f"#{field}"
        assert officer.page.html.find(id="job") is None


class TestChecks:
    @pytest.fixture
    def faulty(self, wells):
        """A draft whose authority has two answers, and which asks for something that nobody can do."""
        return make_draft(wells, "mau-thuan", (", overrides: [A2]", ""),
                          ("works.deposit >= 10% * works.cost", "works.deposit > works.cost"))

    def test_each_finding_comes_with_a_case_that_shows_it(self, officer, faulty):
        ask(officer, f"{faulty}/checks")
        findings = {" ".join(item.select_one(".tag").text.split()): item for item in officer.page.html.select("#open ~ ol > li")}
        assert {"Các dòng chồng lên nhau với giá trị khác nhau", "Điều kiện không bao giờ đạt"} <= set(findings)
        overlap = findings["Các dòng chồng lên nhau với giá trị khác nhau"]
        assert "kind: overlap" in overlap.pre.text
        assert "Điều 10" in overlap.select_one(".citation").text
        officer.open(overlap.select_one("p.no-print a")["href"])
        assert outcome(officer) == "Quy định mâu thuẫn ở trường hợp này"

    def test_of_the_rules_in_force_what_is_found_is_said(self, officer):
        ask(officer, f"{WELL}/checks")
        assert officer.page.html.select_one("#job ~ .outcome h2")


TABLE = """dossier,filing.received_on,well.depth,well.use,well.flow,well.checks,well.wells_nearby,site.protected,works.cost,works.deposit,lease.ends_on
A-1,2025-07-01,25,irrigation,5,survey; neighbours,3,false,80000000,8000000,2026-01-01
A-2,2025-07-01,25,irrigation,5,survey; neighbours,3,false,80000000,12000000,2026-01-01
A-3,2025-07-01,25,industry,5,survey; neighbours,3,false,80000000,,2026-01-01
"""


class TestImpact:
    def test_on_the_rules_in_force_a_draft_is_chosen(self, officer, draft):
        officer.open(f"{WELL}/impact")
        assert officer.links()["Dự thảo “ky-quy-15”"] == f"{draft}/impact"

    def test_a_table_shows_who_would_come_out_otherwise(self, officer, draft):
        officer.open(f"{draft}/impact")
        form = officer.page.forms["upload"]
        officer.page = officer.app.post(form.action, params={"csrf_token": form["csrf_token"].value},
                                        upload_files=[("table", "bang.csv", TABLE.encode())])
        officer.page = officer.page.follow()
        ask(officer, officer.page.request.path_qs)
        figures = [each.get_text(" ", strip=True) for each in officer.page.html.select(".figure .big")]
        assert figures == ["3", "2", "0"]
        flips = [" ".join(each.get_text(" ").split()) for each in officer.page.html.select(".flips li")]
        assert flips[0].startswith("Đủ điều kiện → Chưa đủ điều kiện 1 trường hợp")
        assert "A-1" in flips[0]
        assert any("Tiền ký quỹ" in each and "đáp ứng → chưa đáp ứng" in each for each in flips)
        assert any("Phí" in each and "1.000.000 đồng → 3.000.000 đồng 2 trường hợp" in each for each in flips)
        officer.open(officer.links()["Tải mọi thay đổi (CSV)"])
        lines = list(csv.DictReader(io.StringIO(officer.page.body.decode("utf-8-sig"))))
        assert {line["dossier"] for line in lines} == {"A-1", "A-2"}

    def upload(self, officer, draft, body):
        """Send a table and ask about it; how far the answer has come."""
        officer.open(f"{draft}/impact")
        form = officer.page.forms["upload"]
        officer.page = officer.app.post(form.action, params={"csrf_token": form["csrf_token"].value},
                                        upload_files=[("table", "bang.csv", body)], expect_errors=True)
        if officer.page.status_int != 303:
            return "refused"
        officer.page = officer.page.follow()
        if officer.page.html.find(id="job")["data-job"] == "absent":
            press(officer)
            officer.page = officer.page.follow()
        until(lambda: self.state(officer) not in ("waiting", "running"), 60)
        return self.state(officer)

    def state(self, officer):
        officer.page = officer.app.get(officer.page.request.path_qs)
        return officer.page.html.find(id="job")["data-job"]

    @pytest.mark.parametrize("body", [
        # as a spreadsheet set up for Vietnamese saves it, with titles and words as the pages have them
        "\ufeffHồ sơ;Ngày nhận hồ sơ;Độ sâu giếng;Mục đích sử dụng;Lưu lượng khai thác;Việc đã kiểm tra;Số giếng lân cận;"
        "Trong vùng bảo vệ nguồn nước;Chi phí xây dựng;Tiền ký quỹ;Ngày hết hạn thuê đất\r\n"
        'A-1;01/7/2025;25;Tưới tiêu;5,0;"Khảo sát địa chất; Thông báo cho hộ liền kề";3;không;80.000.000;8.000.000;1/1/2026\r\n'
        'A-2;01/7/2025;0,025 km;Tưới tiêu;5;"survey; neighbours";3;Không;80 triệu;12.000.000;1/1/2026\r\n'
        "\r\n"
        'A-3;01/7/2025;25,0;Công nghiệp;5;"survey; neighbours";3;false;80000000;chưa biết;1/1/2026\r\n',
        # with tabs, and in the English way
        TABLE.replace(",", "\t").replace("80000000", "80.000.000"),
        TABLE.replace(",80000000", ',"80,000,000.0"').replace("2025-07-01", "1/7/2025")])
    def test_a_table_is_read_as_spreadsheets_write_it(self, officer, draft, body):
        assert self.upload(officer, draft, body.encode()) == "done", officer.text
        figures = [each.get_text(" ", strip=True) for each in officer.page.html.select(".figure .big")]
        assert figures == ["3", "2", "0"]
        assert "A-1" in officer.page.html.select_one(".flips li").text

    def test_each_bad_cell_is_told_with_its_line_and_column(self, officer, draft):
        body = "Hồ sơ;Ngày nhận hồ sơ;works.cost\nA;31/2/2026;5\n\nB;1/7/2025;nhiều\n"
        assert self.upload(officer, draft, body.encode()) == "failed"
        told = [each.text for each in officer.page.html.select("#job p")]
        assert any(each.startswith("Dòng 2, cột “Ngày nhận hồ sơ”: ") for each in told)
        assert any(each.startswith("Dòng 4, cột “Chi phí xây dựng”: ") for each in told)
        assert "table.csv" not in officer.text
        body = "dossier,works.cost\n" + "".join(f"A{number},x\n" for number in range(80))
        assert self.upload(officer, draft, body.encode()) == "failed"
        told = [each.text for each in officer.page.html.select("#job p")]
        assert len(told) == 51
        assert told[-1].startswith("Còn 30 lỗi khác")

    @pytest.mark.parametrize("body", [b"", b"\n\n", b"dossier;works.cost\n", b"PK\x03\x04\xff"])
    def test_a_table_of_nothing_is_refused_at_once(self, officer, draft, body):
        assert self.upload(officer, draft, body) == "refused"
        assert officer.page.status_int == 422
        assert officer.page.html.select_one(".error-summary a")["href"] == "#table"

    def test_quotation_marks_in_the_wrong_place_are_told_by_line(self, officer, draft):
        assert self.upload(officer, draft, b'dossier,works.cost\nA,1\n"B"x,2\n') == "failed"
        assert "Dòng 3: dấu ngoặc kép" in officer.page.html.find(id="job").text

    def test_an_empty_table_with_all_columns_can_be_downloaded_and_filled_in(self, officer, draft):
        officer.open(f"{draft}/impact")
        sample = officer.app.get(officer.links()["Tải bảng trống có đủ các cột (CSV)"]).body
        head = sample.decode("utf-8-sig").strip().split(";")
        assert head[:3] == ["Hồ sơ", "Ngày nhận hồ sơ", "Người nộp chọn luật mới"]
        line = ";".join({"Hồ sơ": "A", "Ngày nhận hồ sơ": "1/7/2025"}.get(name, "") for name in head)
        assert self.upload(officer, draft, sample + line.encode()) == "done"
        assert officer.page.html.select_one(".figure .big").text.strip() == "1"

    def test_where_no_dossier_is_stored_nothing_is_called_unchanged(self, tmp_path):
        application = make_application(tmp_path, **{**WELLS, "zodbconn.uri": ""})
        place = make_draft(application, "moi", *CHANGES)
        officer = officer_of(application)
        ask(officer, f"{place}/impact")
        assert "Chưa lưu hồ sơ nào của thủ tục này" in officer.text
        assert "Không trường hợp nào có kết quả khác" not in officer.text

    @pytest.mark.parametrize(("body", "words"), [
        (b"\xff\xfe", "CSV mã hóa UTF-8"), (b"dossier,khong-co\nA,1\n", "khong-co"),
        (b"dossier,works.cost\nA,nhi\xe1\xbb\x81u\n", "nhiều")])
    def test_a_table_that_cannot_be_read_is_told(self, officer, draft, body, words):
        officer.open(f"{draft}/impact")
        form = officer.page.forms["upload"]
        officer.page = officer.app.post(form.action, params={"csrf_token": form["csrf_token"].value},
                                        upload_files=[("table", "bang.csv", body)], expect_errors=True)
        if officer.page.status_int == 303:
            officer.page = officer.page.follow()
            press(officer)
            officer.page = officer.page.follow()
            assert settle(officer) == "failed"
        else:
            assert officer.page.status_int == 422
        assert words in officer.text

    def test_dossiers_in_memory_alone_cannot_be_worked_on_and_that_is_told_before_anybody_asks(self, officer, draft):
        officer.open(f"{draft}/impact")
        assert "memory://" in officer.page.html.select_one("main .notice-warning:not(.draft-banner)").text
        assert officer.page.html.find(id="job") is None
        assert officer.page.html.find(id="upload").find_parent("details").has_attr("open")
        token = officer.page.forms["upload"]["csrf_token"].value
        officer.page = officer.app.post(f"{draft}/impact", params={"csrf_token": token}, expect_errors=True)
        assert officer.page.status_int == 422
        assert "memory://" in officer.errors[0]

    @pytest.mark.parametrize("query", ["on=x", "on=1999-01-01", "table=../../x&on=2023-02-30"])
    def test_what_the_address_says_wrongly_is_told(self, officer, draft, query):
        officer.open(f"{draft}/impact?{query}", status=422)
        assert officer.errors

    @pytest.mark.parametrize("place", ["/impact.csv", "/drafts/ky-quy-15/impact.csv?on=2030-01-01"])
    def test_a_file_that_is_not_there_is_not_found(self, officer, draft, place):
        officer.open(f"{WELL}{place}", status=404)

    @pytest.mark.parametrize(("kind", "where"), [("sqlite", "DuckDB"), ("postgresql", "PostgreSQL")])
    def test_all_stored_dossiers_are_compared_where_they_lie_and_nothing_is_written_to_them(
            self, tmp_path, request, kind, where):
        application = make_application(tmp_path, **{**WELLS, "zodbconn.uri": new_uri(kind, tmp_path, request)})
        sent = send(TestApp(application), submission())
        assert sent.status_int == 201
        place = make_draft(application, "moi", *CHANGES)
        officer = officer_of(application)
        ask(officer, f"{place}/impact?on=2025-07-01")
        assert officer.page.html.select_one(".figure .big").text.strip() == "1"
        assert where in officer.page.html.select_one(".figure .quiet").text
        code = sent.json["code"]
        for link in officer.page.html.select(".flips a"):
            assert link.text == code
            officer.open(link["href"])
            assert officer.page.status_int == 200

    def test_dossiers_in_memory_with_lists_in_postgresql_can_be_worked_on(self, tmp_path, postgres_server):
        uri = postgres_server.new_database()
        application = make_application(tmp_path, **WELLS, **{"motcua.sql": uri.replace("postgresql:", "postgresql+psycopg2:", 1)})
        assert send(TestApp(application), submission()).status_int == 201
        place = make_draft(application, "moi", *CHANGES)
        officer = officer_of(application)
        ask(officer, f"{place}/impact?on=2025-07-01")
        assert "PostgreSQL" in officer.page.html.select_one(".figure .quiet").text

    def test_a_database_that_does_not_answer_is_told_without_its_address(self, tmp_path, postgres_server, monkeypatch):
        application = make_application(tmp_path, **{**WELLS, "zodbconn.uri": postgres_server.new_database()})
        place = make_draft(application, "moi", *CHANGES)
        officer = officer_of(application)
        known = impact.impact_question

        def gone(context, request):
            question = known(context, request)
            url = question.secrets["sql"].replace("/motcua_", "/khong_co_")
            return replace(question, secrets={**question.secrets, "sql": url})

        monkeypatch.setattr(impact, "impact_question", gone)
        officer.open(f"{place}/impact")
        press(officer)
        officer.page = officer.page.follow()
        assert settle(officer) == "failed"
        assert "không trả lời hoặc từ chối (OperationalError)" in officer.page.html.find(id="job").text
        assert "khong_co_" not in officer.text

    def test_postgresql_gives_up_the_work_of_a_question_that_was_stopped(self, tmp_path, postgres_server, monkeypatch):
        monkeypatch.setitem(jobs.KINDS, "impact", f"{__name__}:endless_in_sql")
        uri = postgres_server.new_database()
        application = make_application(tmp_path, **{**WELLS, "zodbconn.uri": uri})
        place = make_draft(application, "moi", *CHANGES)
        officer = officer_of(application)
        officer.open(f"{place}/impact")
        press(officer)
        engine = sa.create_engine(application.registry["motcua.archive"].read_model.engine.url)
        query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'")

        def at_work():
            with engine.connect() as sql:
                return sql.execute(query).scalar_one()

        try:
            until(lambda: at_work() == 1)
            officer.page = officer.page.follow()
            press(officer)
            until(lambda: at_work() == 0)
        finally:
            engine.dispose()
