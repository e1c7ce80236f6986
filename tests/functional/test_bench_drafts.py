"""Draft law on the bench: written, tried like the law in force, compared with it, and never law."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.functional.bench import GOOD, WELL, decision, officer_of, outcome
from tests.functional.visitor import Visitor

from motcua.web.bench.drafts import files

LAW = (Path(__file__).parents[1] / "examples" / "rules" / "water" / "well-permit.yaml").read_text()
#: Not more than two wells nearby; a wrong number; a fact that is not there.
STRICTER = LAW.replace("must_not: well.wells_nearby > 3", "must_not: well.wells_nearby > 2")
WRONG = LAW.replace("min: 0, max: 500", "min: 0x, max: 500").replace("must: works.deposit >=", "must: works.deposits >=")
DRAFTS = f"{WELL}/drafts"


@pytest.fixture
def second(wells):
    return officer_of(wells, "nguoi-thu-hai")


def begin(officer, name, text=None, status=200):
    """Begin a draft, from a text as an uploaded file or from the law in force."""
    officer.open(DRAFTS)
    answers = {"name": name}
    if text is not None:
        answers["file"] = ("rules.yaml", text.encode() if isinstance(text, str) else text)
    return officer.send("begin", answers, status=status)


def save(officer, name, text, status=200, **more):
    """Write a text over that of a draft."""
    officer.open(f"{DRAFTS}/{name}/edit")
    return officer.send("draft", {"text": text, **more}, status=status)


def told(officer):
    """Place and words of every problem on the page."""
    return [(item.a.text if item.a else "", [line.text for line in item.find_all("p")[1:]], item.pre.text if item.pre else "")
            for item in officer.page.html.select(".problem")]


def written(officer):
    """The text in the text area."""
    return officer.page.forms["draft"]["text"].value.replace("\r\n", "\n")


class TestWriting:
    def test_a_draft_begins_with_the_law_in_force(self, officer):
        begin(officer, "of-law")
        assert officer.path == f"{DRAFTS}/of-law/edit"
        assert written(officer) == LAW
        assert officer.page.html.select(".problem-bad") == []

    def test_the_lines_are_numbered_without_any_script(self, officer):
        begin(officer, "numbered")
        numbers = [span.text for span in officer.page.html.select(".code-lines span")]
        assert numbers == [str(number + 1) for number in range(LAW.count("\n") + 1)]
        area = officer.page.html.find("textarea", id="text")
        assert int(area["rows"]) >= len(numbers)
        assert area["wrap"] == "off"

    def test_all_mistakes_are_shown_at_once_in_both_languages_with_their_places(self, officer):
        begin(officer, "wrong", WRONG, status=422)
        assert written(officer) == WRONG
        first, second = told(officer)
        assert first[0] == "Dòng 27, cột 44"
        assert first[1] == ["Trong “0x” không hiểu đơn vị “x”.", "In '0x' the unit 'x' is not known."]
        line, caret = first[2].split("\n")
        assert line.index("0x") == caret.index("^")
        assert second[0] == "Dòng 86, cột 11"
        assert "works.deposit" in second[1][1]
        assert [link["href"] for link in officer.page.html.select(".error-summary a")] == ["#line-27", "#line-86"]
        assert {span.text for span in officer.page.html.select(".marked-bad")} == {"27", "86"}

    def test_a_draft_with_mistakes_is_kept_but_cannot_be_tried(self, officer):
        begin(officer, "unready", WRONG, status=422)
        officer.open(f"{DRAFTS}/unready")
        assert officer.path == f"{DRAFTS}/unready/edit"
        assert written(officer) == WRONG
        # whichever page of it one had open, or was offered as a draft to compare: the text says what is wrong
        for view in ("", "/against", "/cases", "/scenarios", "/checks", "/coverage", "/compare", "/impact", "/sign-off"):
            officer.open(f"{DRAFTS}/unready{view}")
            assert officer.path == f"{DRAFTS}/unready/edit"
            assert officer.page.html.select(".problem-bad")
        officer.open(DRAFTS)
        assert "2 lỗi" in officer.page.html.find(id="draft-unready").text

    def test_nothing_typed_is_lost_when_it_is_wrong_and_it_is_a_version_already(self, officer):
        begin(officer, "lossless")
        half = STRICTER + "\n  <b>&amp;</b> \"quoted\" 'x'\n"
        save(officer, "lossless", half, status=422)
        assert written(officer) == half
        officer.open(f"{DRAFTS}/lossless/edit")
        assert written(officer) == half

    def test_every_version_stays_and_can_be_downloaded(self, officer, second):
        begin(officer, "versions")
        save(second, "versions", STRICTER)
        assert second.app.get(f"{DRAFTS}/versions/rules.yaml").text == STRICTER
        assert second.app.get(f"{DRAFTS}/versions/rules.yaml?version=1").text == LAW
        officer.open(f"{DRAFTS}/versions/edit?version=1")
        assert written(officer) == LAW
        officer.send("draft")
        assert officer.app.get(f"{DRAFTS}/versions/rules.yaml?version=3").text == LAW
        for absent in ("0", "9", "x", "-1", "1e9", "9" * 20):
            officer.open(f"{DRAFTS}/versions/rules.yaml?version={absent}", status=404)

    def test_two_who_write_at_once_do_not_overwrite_each_other(self, officer, second):
        begin(officer, "both")
        officer.open(f"{DRAFTS}/both/edit")
        save(second, "both", STRICTER)
        mine = LAW + "# mine\n"
        officer.send("draft", {"text": mine}, status=422)
        assert written(officer) == mine
        assert "bản 2" in officer.errors[0]
        assert officer.app.get(f"{DRAFTS}/both/rules.yaml").text == STRICTER
        officer.send("draft")
        assert officer.app.get(f"{DRAFTS}/both/rules.yaml?version=3").text == mine

    def test_it_may_cite_legal_texts_that_the_register_does_not_have_yet(self, officer):
        cited = LAW.replace("cite: ND50 art 3", "cite: ND99 art 3")
        begin(officer, "new-decree", cited, status=422)
        assert "ND99" in told(officer)[0][1][0]
        officer.send("draft", {"register": "ND99: {vi: Nghị định mới, en: New decree, number: 99/2027/NĐ-CP, in_force: 2025-07-01 ..}"})
        officer.open(GOOD.replace(WELL, f"{DRAFTS}/new-decree"))
        assert "Điều 3 Nghị định mới số 99/2027/NĐ-CP" in officer.text

    def test_mistakes_in_the_further_legal_texts_are_told_there(self, officer):
        begin(officer, "bad-register")
        save(officer, "bad-register", LAW, status=422, register="ND99: {vi: Nghị định mới, in_force: never}")
        assert told(officer)[0][0].startswith("Văn bản pháp luật bổ sung, dòng 1")
        assert officer.page.html.find(id="register").text.strip().startswith("ND99")

    @pytest.mark.parametrize("name", ["", "A", "có dấu", "../x", "a/b", "x" * 61])
    def test_a_name_that_is_no_address_is_told_at_its_field(self, officer, name):
        begin(officer, name, status=422)
        assert officer.page.html.find(id="name-error") is not None

    def test_a_name_is_taken_once(self, officer):
        begin(officer, "taken")
        begin(officer, "taken", status=422)
        assert "taken" in officer.errors[0]


class TestTrying:
    @pytest.fixture
    def stricter(self, officer):
        officer.open(DRAFTS)
        if "stricter" not in officer.links():
            begin(officer, "stricter", STRICTER)
        return officer

    def test_the_same_case_has_the_drafts_answer_and_every_page_says_it_is_a_draft(self, stricter):
        stricter.open(GOOD)
        assert outcome(stricter) == "Đủ điều kiện"
        stricter.open(GOOD.replace(WELL, f"{DRAFTS}/stricter"))
        assert outcome(stricter) == "Chưa đủ điều kiện"
        for page in ("", "/edit", "/against", "/sign-off", "/cases"):
            stricter.open(f"{DRAFTS}/stricter{page}")
            assert "Dự thảo, không phải luật" in stricter.page.html.select_one(".draft-banner").text, page
        for page in ("", "/drafts", "/sign-off"):
            stricter.open(f"{WELL}{page}")
            assert stricter.page.html.select_one(".draft-banner") is None, page

    def test_the_law_in_force_is_untouched(self, stricter, applicant):
        answer = Visitor(stricter.app.app).app.post_json(
            "/api/procedures/vn.water.well-permit/check", {"facts": {
                "filing.received_on": "2025-07-01", "well.depth": 25, "well.use": "irrigation", "well.flow": 5,
                "well.checks": ["survey", "neighbours"], "well.wells_nearby": 3, "site.protected": False,
                "works.cost": 80_000_000, "works.deposit": 8_000_000, "lease.ends_on": "2026-01-01"}})
        assert answer.json["outcome"] == "eligible"

    def test_every_case_is_run_under_both_and_what_flips_comes_first(self, stricter):
        stricter.open(f"{DRAFTS}/stricter/against")
        # other tests of this site may have kept cases beside the fourteen of the file
        [passed] = re.findall(r"Theo luật hiện hành: (\d+) đạt[^.]*\. Theo dự thảo:", stricter.text)
        assert int(passed) >= 14
        broken = stricter.page.html.find(id="flips-broken").find_next("ul")
        assert "irrigation-25-m-new-law" in broken.text
        assert "exactly-20-m" not in broken.text
        links = [link["href"] for link in broken.li.find_all("a")]
        stricter.open(links[0])
        assert outcome(stricter) == "Chưa đủ điều kiện"
        stricter.open(links[1])
        assert outcome(stricter) == "Đủ điều kiện"

    def test_the_lines_that_differ_are_shown(self, stricter):
        stricter.open(f"{DRAFTS}/stricter/against")
        html = stricter.page.html
        assert [line.text.strip() for line in html.select(".difference .removed")] == ["-    must_not: well.wells_nearby > 3"]
        assert [line.text.strip() for line in html.select(".difference .added")] == ["+    must_not: well.wells_nearby > 2"]

    def test_a_case_is_kept_with_the_law_in_force(self, stricter):
        stricter.open(GOOD.replace(WELL, f"{DRAFTS}/stricter").replace("?", "/keep?"))
        assert stricter.path == f"{WELL}/keep"
        assert stricter.page.forms["keep"]["expect.outcome"].value == "eligible"

    def test_a_draft_has_no_drafts(self, stricter):
        stricter.open(f"{DRAFTS}/stricter/drafts", status=404)
        assert f"{DRAFTS}/stricter/drafts" not in stricter.links().values()

    def test_a_draft_that_becomes_law_changes_nothing(self, build):
        officer = officer_of(build())  # a site of its own: no case that another test has kept
        begin(officer, "as-law")
        officer.open(f"{DRAFTS}/as-law/against")
        assert "14 trên 14" in officer.text
        assert "Toàn văn dự thảo trùng với quy định hiện hành" in officer.text


class TestRights:
    def test_only_officers_write(self, wells, visitor):
        begin(officer_of(wells), "guarded")
        visitor.register("nguoi-nop-du-thao")
        for page in ("", "/guarded", "/guarded/edit", "/guarded/rules.yaml"):
            visitor.open(f"{DRAFTS}{page}", status=403)
        stranger = Visitor(wells)
        stranger.open(f"{DRAFTS}/guarded")
        assert stranger.path == "/login"

    def test_only_who_began_a_draft_takes_it_away(self, officer, second):
        begin(officer, "removed")
        second.open(DRAFTS)
        assert "remove-removed" not in second.page.forms
        token = second.page.forms["begin"]["csrf_token"].value
        second.app.post(f"{DRAFTS}/removed/remove", {"csrf_token": token}, status=403)
        officer.open(DRAFTS)
        officer.send("remove-removed")
        assert "removed" not in officer.links()
        officer.open(f"{DRAFTS}/removed", status=404)

    @pytest.mark.parametrize(("place", "fields"), [
        ("", {"name": "forged"}), ("/csrf/edit", {"text": "x", "base": "1"}), ("/csrf/remove", {}), ("/csrf/against", {})])
    def test_no_form_is_taken_from_elsewhere(self, officer, place, fields):
        officer.open(DRAFTS)
        if "csrf" not in officer.links():
            begin(officer, "csrf")
        officer.app.post(f"{DRAFTS}{place}", fields, status=400)


class TestHostile:
    @pytest.mark.parametrize("text", [
        "[]", "- a\n" * 10, "procedure: vn.water.well-permit", "a: &a [*a]", "a: !!python/object:os.system x",
        "%TAG ! tag:x,2000:\n---\na: b", "a: 1\n---\nb: 2", "{" * 5000, "[" * 100_000, "? a\n: b", "a: \"\\x00\"", "\ufeff\ufeff",
        "procedure: <script>alert(1)</script>", "a: " + "9" * 100_000, "a: >-\n" + " x\n" * 50_000,
        LAW.replace("well.wells_nearby > 3", "not(" * 500 + "true" + ")" * 500),
        LAW.replace("well.wells_nearby > 3", " or ".join(["well.depth > 1 m"] * 5000)),
        LAW.replace("vn.water.well-permit", "vn.other.procedure"),
        LAW.replace("then: 30 days", "then: " + "9" * 29 + " days")], ids=lambda text: text[:20].encode("unicode_escape").decode())
    def test_whatever_is_sent_there_are_words_and_no_fault(self, officer, text):
        officer.open(DRAFTS)
        name = f"hostile-{abs(hash(text))}"
        form = officer.page.forms["begin"]
        answer = officer.app.post(DRAFTS, {"csrf_token": form["csrf_token"].value, "name": name}, expect_errors=True,
                                  upload_files=[("file", "x.yaml", text.encode())])
        assert answer.status_int in (303, 422)
        assert "<script>alert" not in answer.text
        officer.open(f"{DRAFTS}/{name}/edit")
        assert written(officer).strip("\n") == text.lstrip("\ufeff").replace("\r", "\n").strip("\n") or "\ufeff" in text
        if not officer.page.html.select(".problem-bad"):
            officer.open(f"{DRAFTS}/{name}/against")

    def test_another_procedures_rules_are_no_draft_of_this_one(self, officer):
        begin(officer, "foreign", LAW.replace("procedure: vn.water.well-permit", "procedure: vn.water.other"), status=422)
        assert "procedure: vn.water.well-permit" in told(officer)[0][1][0]

    @pytest.mark.parametrize("data", [b"\xff\xfe\x00a", b"PK\x03\x04\x00\x00", b"a: \x1b[31m", b"\x00"])
    def test_a_file_that_is_no_text_is_refused_and_nothing_is_begun(self, officer, data):
        begin(officer, "binary", data, status=422)
        assert "UTF-8" in officer.errors[0]
        assert officer.page.forms["begin"]["name"].value == "binary"
        assert "binary" not in officer.links()

    @pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf\n", b" \n\t", "\u2028\u2029\x85".encode()])
    def test_an_empty_file_begins_nothing(self, officer, data):
        begin(officer, "empty-file", data, status=422)
        assert officer.errors == ["Tệp “rules.yaml” không có nội dung. Chọn tệp khác, hoặc không chọn tệp để bắt đầu "
                                  "bằng quy định hiện hành."]
        assert officer.page.forms["begin"]["name"].value == "empty-file"
        assert "empty-file" not in officer.links()

    def test_an_emptied_text_is_not_saved(self, officer):
        begin(officer, "emptied")
        save(officer, "emptied", " \n", status=422)
        assert "trống nên chưa được lưu" in officer.errors[0]
        assert officer.page.html.select_one(".error-summary a")["href"] == "#text"
        assert officer.app.get(f"{DRAFTS}/emptied/rules.yaml").text == LAW

    def test_the_way_back_leads_over_the_drafts_to_the_law_in_force(self, officer):
        begin(officer, "way-back")
        for view in ("edit", "against", "cases"):
            officer.open(f"{DRAFTS}/way-back/{view}")
            assert [(each.text, each["href"]) for each in officer.page.html.select(".breadcrumbs a")] == [
                ("Kiểm tra thử", "/bench"), ("Cấp phép khoan giếng (quy định hiện hành)", WELL), ("Các dự thảo", DRAFTS)]
        officer.open(DRAFTS)
        assert [each.text for each in officer.page.html.select(".breadcrumbs a")] == ["Kiểm tra thử"]

    def test_a_file_that_is_too_large_is_refused_with_what_was_typed_kept(self, officer):
        begin(officer, "large")
        save(officer, "large", LAW + "#" + "ệ" * 200_000, status=422)
        assert "512 KB" in officer.errors[0]
        assert written(officer).endswith("ệ")
        assert officer.app.get(f"{DRAFTS}/large/rules.yaml").text == LAW

    def test_too_many_law_versions_are_told(self, officer):
        intervals = "\n".join(
            f"  - {{id: d{year}, vi: Giấy {year}, en: Paper {year}, copies: '1', cite: WELL2012 art 9, in_force: {year}-01-01 .. {year}-06-30}}"
            for year in range(2100, 2200))
        begin(officer, "many-versions", LAW.replace("documents:\n", f"documents:\n{intervals}\n"), status=422)
        assert "phiên bản luật" in told(officer)[0][1][0]

    def test_a_draft_that_takes_too_long_is_stopped(self, officer, monkeypatch):
        monkeypatch.setattr("motcua.web.bench.drafts.files._CHILD", Path(__file__).with_name("endless.py"))
        monkeypatch.setattr("motcua.web.bench.drafts.files.MOST_SECONDS", 0.2)
        begin(officer, "endless", LAW + "# endless\n", status=422)
        assert "0.2" in told(officer)[0][1][0]
        monkeypatch.undo()
        officer.open(f"{DRAFTS}/endless/edit")
        assert told(officer) == []

    def test_files_that_another_request_takes_away_at_this_moment_are_made_again(self, officer, monkeypatch):
        begin(officer, "taken-away", LAW + "# taken away\n")
        touch = files.os.utime

        def taken_away(folder):
            monkeypatch.setattr(files.os, "utime", touch)
            # as another request does that finds it the oldest
            monkeypatch.setattr(files, "MOST_KEPT", 0)
            files._tidy(folder.parent, Path())
            assert list(folder.parent.iterdir()) == []
            touch(folder)

        monkeypatch.setattr(files.os, "utime", taken_away)
        officer.open(GOOD.replace(WELL, f"{DRAFTS}/taken-away"))
        assert outcome(officer) == "Đủ điều kiện"

    def test_files_are_taken_away_all_at_once(self, tmp_path, monkeypatch):
        folder = tmp_path / "draft"
        folder.mkdir()
        (folder / "rules.yaml").touch()
        monkeypatch.setattr(files, "MOST_KEPT", 0)
        seen = []
        monkeypatch.setattr(files.shutil, "rmtree", lambda path, **_: seen.append((Path(path).name[:4], folder.exists())))
        files._tidy(tmp_path, Path())
        assert seen == [("new-", False)]

    def test_rules_that_the_engine_refuses_are_told_in_words(self, officer, monkeypatch):
        begin(officer, "refused", STRICTER.replace("> 2", "> 1"))
        monkeypatch.setattr("motcua.engine.canary.failure_of", lambda program: "killed by a test")
        officer.open(GOOD.replace(WELL, f"{DRAFTS}/refused"))
        assert "killed by a test" in officer.text


def test_the_fee_of_the_draft_is_shown_on_its_bench(officer):
    begin(officer, "fees", LAW.replace("cells: [0.5, 1, 2]", "cells: [0.5, 3, 2]"))
    officer.open(GOOD.replace(WELL, f"{DRAFTS}/fees"))
    assert "3.000.000 đồng" in decision(officer, "fee")
