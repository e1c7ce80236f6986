"""Sign-off of rules: the report, who may approve it, and what stays of an approval."""

from __future__ import annotations

import io
import json
import shutil
import unicodedata
from copy import copy
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from tests.functional.bench import PASSWORD, WELL, officer_of
from tests.functional.conftest import WELLS, make_application
from tests.functional.test_bench_drafts import LAW, STRICTER, begin
from tests.functional.visitor import Visitor

from motcua.dossiers import VIETNAM, add_account
from motcua.web.bench.questions.jobs import Job

PROCEDURE = "vn.water.well-permit"
REASON = "Sửa theo nghị định mới, đã báo cáo Vụ"
PEOPLE = {"kiem": ("Lê Văn Kiểm", ("officer",)), "minh": ("Trần Thị Minh", ("officer",)),
          "hoa": ("Vũ Thị Hòa", ("signer",)), "son": ("Đỗ Văn Sơn", ("officer", "signer"))}


class Office:
    """An application of its own with officers and signers; everyone is signed in once."""

    def __init__(self, folder, **settings) -> None:
        self.application = make_application(folder, **{**WELLS, **settings})
        self.archive = self.application.registry["motcua.archive"]
        for name, (title, roles) in PEOPLE.items():
            self.archive.run(lambda records, name=name, title=title, roles=roles: add_account(
                records, name, PASSWORD, roles, now=datetime.now(UTC), title=title))
        self.cookies = {}
        self.count = 0

    def __call__(self, name):
        visitor = Visitor(self.application)
        if name not in self.cookies:
            visitor.open("/login")
            visitor.press("sign-in", name=name, password=PASSWORD)
            self.cookies[name] = tuple(visitor.app.cookiejar)
        for cookie in self.cookies[name]:
            visitor.app.cookiejar.set_cookie(copy(cookie))
        return visitor

    def begin(self, name="kiem", text=STRICTER):
        """Begin a draft of its own; afterwards `draft` is its address."""
        self.count += 1
        # a text of its own, so that nobody has tested or approved it
        self.text = f"{text}# {self.count}\n"
        begin(self(name), f"draft-{self.count}", self.text)
        self.draft = f"{WELL}/drafts/draft-{self.count}"

    def run(self, name):
        """Keep a run of all cases under the draft."""
        visitor = self(name)
        visitor.open(f"{self.draft}/against")
        visitor.send("run")

    def sign(self, name="hoa", status=200, read=True, reason=REASON, **more):
        """Approve the report of the draft."""
        visitor = self(name)
        visitor.open(f"{self.draft}/sign-off")
        reasons = {field: reason for field in visitor.page.forms["sign"].fields if field and field.startswith("reason.")}
        visitor.send("sign", {"read": read, **reasons, **more}, status=status)
        return visitor


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    """An office in which one draft is approved and nothing else happens."""
    office = Office(tmp_path_factory.mktemp("approved"))
    office.begin()
    office.run("minh")
    office.sign(remark="Đồng ý ban hành.")
    return office


def blocked(visitor, place):
    """Why the visitor may not sign."""
    visitor.open(f"{place}/sign-off")
    assert "sign" not in visitor.page.forms
    return visitor.page.html.find(id="approve-title").find_parent("section").select_one(".notice").text


class TestReport:
    def test_it_says_what_the_text_is_and_what_came_of_every_case(self, wells):
        officer = officer_of(wells)
        officer.open(f"{WELL}/sign-off")
        report = officer.app.get(f"{WELL}/sign-off/report.json").json
        assert report["rules"]["digest"] in officer.text
        assert report["rules"]["law_versions"] == ["2013-01-01 .. 2019-12-31", "2020-01-01 .. 2025-06-30", "2025-07-01 .."]
        assert [each["key"] for each in report["rules"]["sources"]] == ["ND50", "TT07", "WELL2012", "WELL2024"]
        assert len([case for case in report["cases"]["list"] if not case["grid"]]) == 14
        assert {case["state"] for case in report["cases"]["list"] if not case["grid"]} == {"passed"}
        assert report["gaps"][0]["vi"] == "Không xét giếng tạm dùng dưới 30 ngày."
        assert report["notes"][0]["en"] == "This procedure is invented for tests."

    def test_passing_cases_are_folded_under_their_number_and_the_others_are_not(self, wells, approved):
        officer = officer_of(wells)
        officer.open(f"{WELL}/sign-off")
        cases = officer.app.get(f"{WELL}/sign-off/report.json").json["cases"]["list"]
        passed = [case["id"] for case in cases if case["state"] == "passed"]
        [fold] = officer.page.html.select("details.folded")
        assert not fold.has_attr("open")
        assert fold.summary.text == f"{len(passed)} trường hợp đạt"
        assert [code.text for code in fold.select("code")] == passed
        reader = approved("minh")
        for place in (f"{approved.draft}/sign-off", f"{WELL}/sign-off/1"):
            reader.open(place)
            page = reader.page.html
            failing = page.select("#part-cases ~ ul .tag-bad")
            assert failing
            assert not page.select("details.folded .tag-bad")
            assert page.select("details.folded .tag-good")

    def test_the_report_is_the_same_when_nothing_changed(self, wells):
        officer = officer_of(wells)
        first, second = (officer.app.get(f"{WELL}/sign-off/report.json").body for _ in range(2))
        assert first == second

    def test_that_of_a_draft_names_its_author_its_flips_and_that_it_is_no_law(self, approved):
        reader = approved("minh")
        report = reader.app.get(f"{approved.draft}/sign-off/report.json").json
        assert (report["rules"]["draft"]["name"], report["rules"]["draft"]["version"]) == ("draft-1", 1)
        assert report["authors"] == [{"id": "kiem", "name": "Lê Văn Kiểm"}]
        assert [(each["id"], each["name"], each["runs"]) for each in report["testers"]] == [("minh", "Trần Thị Minh", 1)]
        assert {(each["law"], each["draft"]) for each in report["flips"]} == {("passed", "failed")}
        failing = {case["id"] for case in report["cases"]["list"] if case["state"] == "failed"}
        assert failing == {each["id"] for each in report["flips"]}
        assert {each["id"] for each in report["to_acknowledge"]} >= {f"case:{each}" for each in failing}
        case = next(case for case in report["cases"]["list"] if case["id"] == "irrigation-25-m-new-law")
        assert case["differs"][1] == {
            "key": "failed", "vi": "Điều kiện chưa đáp ứng", "en": "Requirements not met",
            "expected": {"value": "", "vi": "–", "en": "–"},
            "got": {"value": "not-crowded", "vi": "Không có quá 3 giếng lân cận", "en": "There are not more than 3 wells nearby"}}
        reader.open(f"{approved.draft}/sign-off")
        assert "Dự thảo, không phải luật" in reader.text


FINDING = {
    "kind": "never_fails", "subject": "lease", "title": {"vi": "Điều kiện không bao giờ không đạt", "en": "Can never fail"},
    "law_versions": ["2025-07-01 .."], "vi": "Thời hạn thuê đất luôn đủ.", "en": "The lease is always long enough.",
    "because": [], "case": None, "cite": "ND50 art 4", "fix": {"vi": "Bỏ", "en": "Drop"}, "stale": False, "rules": "1",
    "paste": "", "place": None, "intended": None}
INTENDED = {**FINDING, "kind": "gap", "subject": "fee", "intended": {"vi": "Trước 2020 chưa có phí.", "en": "No fee before 2020."}}
ANSWERS = {
    "checks": {"findings": [FINDING, INTENDED], "unanswered": [
        {"kind": "overlap", "subject": "authority", "law_version": "2025-07-01 ..", "title": {"vi": "Các dòng chồng nhau", "en": "Rows overlap"}}]},
    "compare": {"vi": "Hai luật khác nhau một chỗ.", "en": "One difference.", "effects": [
        {"state": "witness", "vi": "Kết luận có thể đổi.", "en": "The outcome can change."},
        {"state": "none", "vi": "Phí không đổi.", "en": "The fee cannot change."}]},
    "impact": {"counts": {"dossiers": 7, "compared": 6, "changed": 2}, "flips": {
        "outcome": [{"from": "eligible", "to": "ineligible", "count": 2, "dossiers": []}],
        "provisions": [{"kind": "requirement", "id": "not-crowded", "vi": "Không quá đông", "en": "Not crowded", "from": "met",
                        "to": "unmet", "count": 2, "dossiers": []}]}},
    "coverage": {"uncovered": ["row fee/F1"], "items": [{"key": "row fee/F1", "vi": "Dòng phí F1", "en": "Fee row F1"}],
                 "total": {"covered": 40, "total": 50, "infeasible": 1, "percent": "80.0"},
                 "mcdc": {"covered": 10, "total": 20, "infeasible": 0, "percent": "50.0"}}}


class TestAnswers:
    """What the long questions answered stands in the report; what is open needs a reason."""

    @pytest.fixture
    def answered(self, office, monkeypatch):
        at = datetime(2026, 11, 20, 9, 5, tzinfo=VIETNAM)
        monkeypatch.setattr("motcua.web.bench.signoff.answers.job", lambda request, procedure, kind, arguments: Job(
            "done", 1.0, ANSWERS[kind], at=at))
        office.begin()
        office.run("minh")
        return office

    def test_they_are_all_in_the_report(self, answered):
        reader = answered("minh")
        reader.open(f"{answered.draft}/sign-off")
        for words in ("Thời hạn thuê đất luôn đủ.", "Chủ ý, vì: Trước 2020 chưa có phí.", "Các dòng chồng nhau (authority)",
                      "Kết luận có thể đổi.", "Đã so sánh 6 trên 7 hồ sơ đã lưu, 2 hồ sơ có kết quả khác (hỏi ngày 20/11/2026 09:05)",
                      "Đủ điều kiện → Chưa đủ điều kiện", "Không quá đông", "40 / 50 (80,0%)", "10 / 20 (50,0%)", "Dòng phí F1"):
            assert words in reader.text
        assert "Phí không đổi." not in reader.text
        _data, pdf = pdf_of(reader, f"{answered.draft}/sign-off/report.pdf")
        assert "Chủ ý, vì: Trước 2020 chưa có phí." in words_of(pdf)

    def test_what_is_open_needs_a_reason_and_what_is_intended_needs_none(self, answered):
        report = answered("minh").app.get(f"{answered.draft}/sign-off/report.json").json
        kinds = [each["id"].partition("-")[0] for each in report["to_acknowledge"] if not each["id"].startswith("case:")]
        assert kinds == ["finding:never_fails", "unanswered:overlap"]
        answered.sign()

    def test_rules_that_were_not_proved_need_a_reason(self, office):
        office.begin()
        report = office("minh").app.get(f"{office.draft}/sign-off/report.json").json
        assert "no-checks" in [each["id"] for each in report["to_acknowledge"]]

    def test_the_law_in_force_is_not_compared_with_itself(self, answered):
        report = answered("minh").app.get(f"{WELL}/sign-off/report.json").json
        assert (report["flips"], report["comparison"], report["impact"]) == (None, None, None)


class TestRights:
    def test_whoever_only_signs_reads_but_does_not_test(self, approved):
        signer = approved("hoa")
        signer.open("/bench")
        assert f"{WELL}/sign-off" in signer.links().values()
        signer.open(f"{WELL}/sign-off")
        for page in ("", "/drafts", "/drafts/draft-1", "/drafts/draft-1/edit", "/drafts/draft-1/against", "/keep"):
            signer.open(f"{WELL}{page}", status=403)

    def test_whoever_only_tests_does_not_sign(self, approved):
        officer = approved("minh")
        assert "không được phê duyệt" in blocked(officer, approved.draft)
        officer.open(f"{WELL}/drafts")
        token = officer.page.forms["begin"]["csrf_token"].value
        officer.app.post(f"{approved.draft}/sign-off", {"csrf_token": token, "read": "1"}, status=403)

    def test_an_applicant_sees_nothing_of_it(self, visitor):
        visitor.register("nguoi-nop-phe-duyet")
        for page in ("/sign-off", "/sign-off/report.pdf", "/sign-off/report.json", "/sign-off/1"):
            visitor.open(f"{WELL}{page}", status=403)

    def test_nobody_approves_what_nobody_tested(self, office):
        office.begin()
        assert "Chưa ai chạy" in blocked(office("hoa"), office.draft)

    def test_an_author_does_not_approve_even_when_others_tested(self, office):
        office.begin("son")
        office.run("minh")
        assert "Bạn là người viết" in blocked(office("son"), office.draft)

    def test_nor_does_the_author_of_an_earlier_version(self, office):
        office.begin("son", LAW)
        kiem = office("kiem")
        kiem.open(f"{office.draft}/edit")
        kiem.send("draft", {"text": f"{office.text}# mine\n"})
        office.run("minh")
        assert "Bạn là người viết" in blocked(office("son"), office.draft)

    def test_who_begins_a_draft_with_the_law_in_force_is_no_author_of_that_law(self, office):
        begin(office("son"), "copy-of-the-law")
        report = office("hoa").app.get(f"{WELL}/sign-off/report.json").json
        assert report["authors"] == []
        report = office("hoa").app.get(f"{WELL}/drafts/copy-of-the-law/sign-off/report.json").json
        assert [each["id"] for each in report["authors"]] == ["son"]

    def test_who_alone_tested_does_not_approve_until_another_has(self, office):
        office.begin()
        office.run("son")
        assert "Chỉ một mình bạn" in blocked(office("son"), office.draft)
        office.run("minh")
        office.sign("son")

    def test_a_run_under_another_version_is_no_test_of_this_one(self, office):
        office.begin(text=LAW)
        office.run("minh")
        kiem = office("kiem")
        kiem.open(f"{office.draft}/edit")
        kiem.send("draft", {"text": f"{office.text}# mine\n"})
        assert "Chưa ai chạy" in blocked(office("hoa"), office.draft)

    def test_a_forged_approval_meets_the_same_rules(self, office):
        office.begin("son")
        office.run("son")
        son = office("son")
        son.open(f"{WELL}/drafts")
        token = son.page.forms["begin"]["csrf_token"].value
        answer = son.app.post(f"{office.draft}/sign-off", {"csrf_token": token, "read": "1"}, status=422)
        assert "Bạn là người viết" in answer.text
        assert office.archive.run(lambda records: [
            each for each in records.signoffs.of(PROCEDURE) if each.draft.startswith(f"draft-{office.count} ")]) == []


class TestApproving:
    def test_everything_open_needs_a_reason(self, office):
        office.begin()
        office.run("minh")
        signer = office.sign(status=422, reason="ok", read=False, remark="x" * 1001)
        assert any("irrigation" in line or "giếng" in line for line in signer.errors)
        assert signer.errors[-2:] == ["Ý kiến dài quá 1000 ký tự.", "Xác nhận rằng bạn đã đọc báo cáo."]
        reasons = signer.page.html.select('[id^="reason-"][id$="-error"]')
        assert len(reasons) == len(signer.page.html.select('input[name^="reason."]')) > 0
        assert signer.page.html.select_one('input[name^="reason."]')["value"] == "ok"

    def test_one_reason_stands_for_all_failing_cases_without_their_own(self, office):
        office.begin()
        office.run("minh")
        signer = office("hoa")
        signer.open(f"{office.draft}/sign-off")
        names = [field for field in signer.page.forms["sign"].fields if field and field.startswith("reason.")]
        others = {name: REASON for name in names if not name.startswith("reason.case:")}
        first = next(name for name in names if name.startswith("reason.case:"))
        signer.send("sign", {"read": True, "shared": "Mức mới của dự thảo", **others, first: "Lý do riêng"})
        number = int(signer.path.rpartition("/")[2])
        reasons = dict(office.archive.run(lambda records: records.signoffs.get(PROCEDURE, number).reasons))
        assert set(reasons) == {name.removeprefix("reason.") for name in names}
        assert reasons.pop(first.removeprefix("reason.")) == "Lý do riêng"
        assert {reason for name, reason in reasons.items() if name.startswith("case:")} == {"Mức mới của dự thảo"}

    def test_a_report_that_changed_since_it_was_read_is_read_again(self, office):
        office.begin()
        office.run("minh")
        signer = office("hoa")
        signer.open(f"{office.draft}/sign-off")
        office.run("kiem")
        fields = {field: REASON for field in signer.page.forms["sign"].fields if field and field.startswith("reason.")}
        signer.send("sign", {"read": True, **fields}, status=422)
        assert "Báo cáo đã thay đổi" in signer.errors[0]
        signer.send("sign")
        assert signer.path.startswith(f"{WELL}/sign-off/")

    def test_what_was_approved_stays_as_it_was(self, approved):
        kept = approved.archive.run(lambda records: records.signoffs.get(PROCEDURE, 1))
        reader = approved("minh")
        signed = reader.app.get(f"{WELL}/sign-off/1/report.json")
        assert signed.body == kept.report.read()
        assert reader.app.get(f"{WELL}/sign-off/1/rules.yaml").text == approved.text
        reader.open(f"{WELL}/sign-off/1")
        for words in ("Vũ Thị Hòa (hoa)", "Đồng ý ban hành.", REASON, kept.seal, kept.rules):
            assert words in reader.text
        assert (kept.who, kept.draft, kept.remark) == ("hoa", "draft-1 1", "Đồng ý ban hành.")

    def test_it_is_listed_and_says_that_it_is_for_another_text(self, approved):
        reader = approved("minh")
        reader.open(f"{WELL}/sign-off")
        assert "chưa được phê duyệt. Lần phê duyệt gần nhất, số 1" in reader.text
        assert "chuỗi còn nguyên vẹn" in reader.text
        reader.open(reader.links()["Phê duyệt số 1"])
        assert "dành cho văn bản khác với quy định đang dùng" in reader.text
        added = [line.text.strip() for line in reader.page.html.select(".difference .added")]
        assert added == ["+    must_not: well.wells_nearby > 3"]
        reader.open(f"{approved.draft}/sign-off")
        assert "đã được phê duyệt: phê duyệt số 1 của Vũ Thị Hòa" in reader.text

    def test_a_draft_approved_and_then_put_in_force_is_approved_law(self, approved, tmp_path):
        rules = tmp_path / "rules"
        shutil.copytree(WELLS["motcua.rules"], rules)
        (rules / "water" / "well-permit.yaml").write_text(approved.text)
        signed = approved.archive.run(lambda records: records.signoffs.get(PROCEDURE, 1))
        later = make_application(tmp_path / "later", **{**WELLS, "motcua.rules": str(rules)})
        later.registry["motcua.archive"].run(lambda records: records.signoffs.add(
            PROCEDURE, rules=signed.rules, at=signed.at, who="hoa", name=signed.name, report=signed.report.read(),
            text=approved.text, draft=signed.draft))
        reader = officer_of(later)
        reader.open(f"{WELL}/sign-off")
        assert "Bộ quy định này đã được phê duyệt: phê duyệt số 1" in reader.text
        reader.open(f"{WELL}/sign-off/1")
        assert "dành cho đúng quy định đang dùng" in reader.text

    def test_a_rule_file_changed_on_the_disk_is_not_approved(self, office, monkeypatch):
        office.begin()
        office.run("minh")
        monkeypatch.setattr("motcua.web.bench.signoff.page.rule_text", lambda place: LAW)
        assert "trên đĩa khác" in blocked(office("hoa"), office.draft)

    def test_an_altered_approval_is_told(self, tmp_path):
        application = make_application(tmp_path, **WELLS)
        reader = officer_of(application)
        reader.open(f"{WELL}/sign-off")
        report = reader.app.get(f"{WELL}/sign-off/report.json").body

        def forge(records):
            signed = records.signoffs.add(PROCEDURE, rules="sha256:1", at=datetime.now(UTC), who="hoa", name="Hòa",
                                          report=report, text=LAW)
            vars(signed)["name"] = "Người khác"
            signed._p_changed = True
        application.registry["motcua.archive"].run(forge)
        reader.open(f"{WELL}/sign-off")
        assert "không còn nguyên vẹn từ lần phê duyệt số 1" in reader.text
        reader.open(f"{WELL}/sign-off/1")
        assert "không còn nguyên như khi được ghi" in reader.text

    def test_no_form_is_taken_from_elsewhere(self, approved):
        approved("hoa").app.post(f"{approved.draft}/sign-off", {"read": "1"}, status=400)

    @pytest.mark.parametrize("number", ["0", "2", "01", "-1", "x", "9" * 30, "1/x", "١"])
    def test_there_are_no_other_approvals(self, approved, number):
        approved("minh").open(f"{WELL}/sign-off/{number}", status=404)

    def test_approvals_lie_with_the_law_not_below_a_draft(self, approved):
        approved("minh").open(f"{approved.draft}/sign-off/1", status=404)

    def test_what_is_typed_is_escaped(self, office):
        office.begin()
        office.run("minh")
        signer = office.sign(reason="<script>alert(1)</script>", remark="<b>đậm</b>")
        assert "<script>alert" not in signer.page.text
        assert "<b>đậm</b>" not in signer.page.text
        assert "<b>đậm</b>" in signer.text


def pdf_of(visitor, address):
    answer = visitor.app.get(address)
    assert answer.content_type == "application/pdf"
    return answer.body, PdfReader(io.BytesIO(answer.body))


def words_of(reader):
    return " ".join(unicodedata.normalize("NFC", " ".join(page.extract_text() for page in reader.pages)).split())


class TestPdf:
    def test_an_independent_reader_finds_everything_in_it(self, approved):
        reader = approved("minh")
        _data, pdf = pdf_of(reader, f"{WELL}/sign-off/1/report.pdf")
        report = json.loads(reader.app.get(f"{WELL}/sign-off/1/report.json").body)
        words = words_of(pdf)
        for case in report["cases"]["list"]:
            assert case["vi"] in words, case["id"]
        for expected in ("Vũ Thị Hòa (hoa)", "Đồng ý ban hành.", report["rules"]["digest"], "Trần Thị Minh",
                         "Không xét giếng tạm dùng dưới 30 ngày.", "Dự thảo, không phải luật"):
            assert expected in words
        assert "\ufffd" not in words

    def test_it_has_title_language_bookmarks_and_tags(self, approved):
        _data, pdf = pdf_of(approved("minh"), f"{WELL}/sign-off/1/report.pdf")
        assert pdf.metadata.title == "Báo cáo về bộ quy định: Cấp phép khoan giếng"
        root = pdf.trailer["/Root"]
        assert root["/Lang"] == "vi-VN"
        assert root["/MarkInfo"]["/Marked"].value is True
        kinds = [each.get_object()["/S"] for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
        assert kinds[:2] == ["/H1", "/P"]
        assert kinds.count("/H2") == len(pdf.outline[1])
        assert [entry.title for entry in pdf.outline[1]][:3] == ["Phê duyệt", "Văn bản quy định", "Người viết và người kiểm tra thử"]

    def test_every_font_is_within_it(self, approved):
        _data, pdf = pdf_of(approved("minh"), f"{WELL}/sign-off/1/report.pdf")
        fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            (descendant,) = font["/DescendantFonts"]
            assert "/FontFile2" in descendant.get_object()["/FontDescriptor"]

    def test_the_same_report_is_the_same_file(self, approved):
        reader = approved("minh")
        for address in (f"{WELL}/sign-off/1/report.pdf", f"{approved.draft}/sign-off/report.pdf", f"{WELL}/sign-off/report.pdf"):
            assert pdf_of(reader, address)[0] == pdf_of(reader, address)[0]

    def test_it_speaks_english_too(self, approved):
        _data, pdf = pdf_of(approved("minh"), f"{WELL}/sign-off/1/report.pdf?lang=en")
        assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
        assert "Permit to drill a well" in words_of(pdf)

    def test_an_unapproved_report_says_so_on_every_page(self, approved):
        _data, pdf = pdf_of(approved("minh"), f"{approved.draft}/sign-off/report.pdf")
        for page in pdf.pages:
            assert "Chưa phê duyệt" in " ".join(page.extract_text().split())

    def test_long_words_and_strange_letters_do_not_break_it(self, office):
        strange = "chữ 漢字 😀 và một từ rất dài " + "x" * 400
        office.begin()
        office.run("minh")
        signer = office.sign(reason=strange, remark=strange)
        _data, pdf = pdf_of(signer, f"{signer.path}/report.pdf")
        assert "x" * 40 in words_of(pdf)
        assert "và một từ rất dài" in words_of(pdf)
