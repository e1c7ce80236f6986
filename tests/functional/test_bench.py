"""The bench: facts in, what the rules say out, every state at its own address."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.functional.bench import EIA, GOOD, TRANSFER, WELL, decision, findings, officer_of, outcome, result, without
from tests.functional.visitor import Visitor
from webtest import TestApp

from motcua.procedures import read_facts
from motcua.web.bench.trying.case import address_of


class TestWhoMaySeeIt:
    def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_case(self, wells):
        officer_of(wells)
        stranger = Visitor(wells)
        stranger.open(GOOD)
        assert stranger.path == "/login"
        stranger.press("sign-in", name="can-bo-kiem-thu", password="một câu khá dài để nhớ")
        assert stranger.path == WELL
        assert outcome(stranger) == "Đủ điều kiện"

    @pytest.mark.parametrize("place", ["", "/keep", "/scenarios", "/scenarios.yaml"])
    def test_an_applicant_may_not_open_it(self, visitor, place):
        visitor.register(f"nguoi-nop{len(place)}")
        assert "/bench" not in {url for _text, url in visitor.links(".site-navigation a").items()}
        visitor.open(f"{WELL}{place}", status=403)

    def test_an_officer_finds_it_in_the_header(self, officer):
        officer.open("/")
        assert officer.links(".site-navigation a")["Kiểm tra thử"] == "/bench"
        officer.open("/bench")
        assert officer.links()["Cấp phép khoan giếng"] == WELL

    def test_the_list_is_by_field_in_the_order_of_its_letters(self, real):
        officer = officer_of(real)
        officer.open("/bench")
        groups = {heading.text: [item.strong.text for item in heading.find_next("ul").select("li")]
                  for heading in officer.page.html.select("main h2")}
        assert groups["Đất đai"] == ["Cung cấp thông tin, dữ liệu đất đai"]
        assert groups["Địa chất và khoáng sản"] == sorted(groups["Địa chất và khoáng sản"])
        assert sum(map(len, groups.values())) == 22

    def test_an_unknown_procedure_is_not_found(self, officer):
        officer.open("/bench/vn.nothing", status=404)


class TestAnswer:
    def test_a_case_shows_everything_the_rules_say_of_it(self, officer):
        officer.open(GOOD)
        assert outcome(officer) == "Đủ điều kiện"
        assert findings(officer) == {"checks": "đáp ứng", "deposit": "đáp ứng", "not-crowded": "đáp ứng",
                                     "protection-consent": "không áp dụng", "lease": "đáp ứng"}
        assert "từ 01/7/2025" in result(officer)
        assert "Ủy ban nhân dân cấp tỉnh" in decision(officer, "authority")
        assert "1.000.000 đồng" in decision(officer, "fee")
        assert "30 ngày , chậm nhất ngày 05/8/2025" in decision(officer, "deadline")
        assert "Báo cáo khảo sát" in officer.page.html.find(id="document-survey-report").text
        assert "sha256:" in result(officer)

    def test_a_requirement_comes_with_its_citation_and_the_values_that_decided_it(self, officer):
        officer.open(GOOD.replace("8.000.000&", "7.999.999&"))
        assert outcome(officer) == "Chưa đủ điều kiện"
        finding = officer.page.html.find(id="requirement-deposit")
        text = " ".join(finding.get_text(" ").split())
        assert "Tiền ký quỹ : 7.999.999 đồng" in text.replace("ký quỹ:", "ký quỹ :")
        assert "80.000.000 đồng" in text
        assert finding.select_one(".citation").text.startswith("Điều 3")
        assert "works.deposit >= 10% * works.cost" in finding.select_one(".proof").text
        assert next(iter(findings(officer))) == "deposit"

    def test_facts_worth_asking_lead_to_their_fields(self, officer):
        officer.open(without(GOOD, "works.deposit"))
        assert outcome(officer) == "Chưa rõ có đủ điều kiện không"
        asked = officer.page.html.select(".asking a")
        assert [link["href"] for link in asked] == ["#fact-works.deposit"]
        assert officer.page.html.find(id="fact-works.deposit").name == "input"
        assert "nên hỏi" in officer.page.html.find(id="row-works.deposit").text

    def test_a_fact_that_does_not_apply_says_so(self, officer):
        officer.open(GOOD)
        assert "không áp dụng" in officer.page.html.find(id="row-site.protection_consent").text
        officer.open(without(GOOD, "site.protected"))
        assert "không áp dụng" not in officer.page.html.find(id="row-site.protection_consent").text

    def test_a_fact_the_law_version_does_not_read_is_set_apart(self, officer):
        officer.open(f"{WELL}?on=2025-06-30")
        unread = {row["data-fact"] for row in officer.page.html.select("#unread [data-fact]")}
        assert {"lease.ends_on", "works.deposit", "works.driller"} <= unread
        officer.open(f"{WELL}?on=2025-07-01")
        unread = {row["data-fact"] for row in officer.page.html.select("#unread [data-fact]")}
        assert unread == {"works.driller"}

    def test_where_the_procedure_is_not_required_the_reason_is_cited(self, officer):
        officer.open(f"{WELL}?on=2025-07-01&well.depth=5&well.use=household&well.flow=1")
        assert outcome(officer) == "Trường hợp này không phải làm thủ tục"
        assert "Điều 4" in officer.page.html.select_one(".outcome .citation").text
        assert findings(officer) == {}
        assert "không phải thực hiện thủ tục “Cấp phép khoan giếng”" in officer.page.html.find(id="reply").text

    def test_the_transitional_clause_is_named_with_what_it_moves(self, officer):
        officer.open(GOOD.replace("2025-07-01", "2025-06-30").replace("depth=25", "depth=35") +
                     "&filing.elects_new_law=yes")
        panel = " ".join(officer.page.html.select_one("#result .outcome").get_text(" ").split())
        assert "từ 01/01/2020 đến 30/6/2025" in panel
        assert "theo luật mới" in panel
        assert "Theo luật ngày 01/7/2025: Cơ quan có thẩm quyền, Thời hạn giải quyết" in panel
        assert "thành phần hồ sơ" in panel
        officer.open(GOOD.replace("2025-07-01", "2025-06-30").replace("depth=25", "depth=35"))
        assert "theo luật cũ" in officer.page.html.select_one("#result .outcome").text

    @pytest.mark.parametrize(("address", "sentence"), [
        (GOOD, "đủ điều kiện thực hiện thủ tục “Cấp phép khoan giếng”"),
        (GOOD.replace("8.000.000&", "1&"), "Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng. (Điều 3"),
        (without(GOOD, "works.deposit"), "Đề nghị cho biết: Tiền ký quỹ"),
    ])
    def test_the_applicant_would_get_whole_sentences(self, officer, address, sentence):
        officer.open(address)
        assert sentence in " ".join(officer.page.html.find(id="reply").get_text(" ").split())

    def test_it_speaks_english_too(self, officer):
        officer.open(f"{GOOD}&lang=en")
        assert outcome(officer) == "The conditions are met"
        assert "Facts of the case" in str(officer.page.html.find(id="facts"))

    def test_no_dossier_is_touched(self, officer, wells):
        archive = wells.registry["motcua.archive"]
        before = archive.run(lambda records: len(list(records.dossiers)))
        officer.open(GOOD)
        assert archive.run(lambda records: len(list(records.dossiers))) == before


class TestFaults:
    def test_facts_no_real_case_has_are_told_with_the_rule_they_break(self, officer):
        officer.open(GOOD.replace("8.000.000&", "90.000.000&"), status=422)
        assert "Tiền ký quỹ không thể lớn hơn chi phí xây dựng." in officer.errors[0]
        assert officer.page.html.find(id="fact-works.deposit")["value"] == "90.000.000"

    @pytest.fixture
    def contradictory(self, build, tmp_path, request):
        """The wells, where two rows give the same well to two authorities."""
        rules = tmp_path / "rules"
        source = request.path.parents[1] / "examples" / "rules"
        for path in source.rglob("*.yaml"):
            copy = rules / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text("utf-8").replace(", overrides: [A2]", ""), "utf-8")
        return officer_of(build(**{"motcua.rules": str(rules)}))

    def test_rules_that_contradict_themselves_are_told_naming_the_rows(self, contradictory):
        officer = contradictory
        officer.open(GOOD)
        assert outcome(officer) == "Quy định mâu thuẫn ở trường hợp này"
        assert "A2" in result(officer)
        assert "A3" in result(officer)
        assert not officer.errors

    def test_such_a_case_can_be_kept_for_whoever_repairs_the_rules(self, contradictory):
        officer = contradictory
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        officer.send("keep", {"id": "two-authorities", "vi": "Hai cơ quan cùng có thẩm quyền",
                              "expect.outcome": "eligible", "expect.authority": "province", "compare": []})
        line = officer.page.html.find(id="scenario-two-authorities")
        assert line.select_one(".tag").text == "không đạt"
        assert "A2" in line.text

    def test_a_comparison_with_a_law_that_cannot_answer_says_why(self, contradictory):
        officer = contradictory
        officer.open(GOOD.replace("on=2025-07-01", "on=2025-06-30&vs=2025-07-01"))
        assert outcome(officer) == "Trường hợp này không phải làm thủ tục"
        assert "A3" in officer.page.html.select_one(".comparison").text


class TestComparing:
    def test_the_same_facts_stand_under_two_laws_side_by_side(self, officer):
        officer.open(f"{GOOD}&vs=2025-06-30")
        table = officer.page.html.select_one(".comparison table")
        assert [head.text for head in table.select("thead th")] == ["Nội dung", "Luật ngày 01/7/2025", "Luật ngày 30/6/2025"]
        for label in table.select("tbody .small-only"):
            label.extract()
        cells = [[" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]
        assert cells[0] == ["Kết luận", "Đủ điều kiện", "Trường hợp này không phải làm thủ tục"]

    def test_what_is_the_same_is_not_in_the_way(self, officer):
        officer.open(GOOD.replace("depth=25", "depth=35") + "&vs=2025-06-30")
        rows = officer.page.html.select_one(".comparison table tbody").find_all("tr")
        titles = [" ".join(row.th.get_text(" ").split()) for row in rows]
        assert "Điều kiện Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng." in titles
        assert "Điều kiện Không có quá 3 giếng lân cận." not in titles
        assert "Không có quá 3 giếng lân cận." in officer.page.html.select_one(".comparison details").text

    def test_another_law_version_is_one_link_away_and_keeps_the_facts(self, officer):
        officer.open(GOOD)
        stops = officer.page.html.select("#versions > ol > li > a")
        officer.open(officer.page.html.select(".borders > li")[1].a["href"])
        assert officer.page.html.find(id="comparison")
        assert officer.page.html.find(id="fact-works.cost")["value"] == "80.000.000"
        officer.open(stops[1]["href"])
        assert outcome(officer) == "Trường hợp này không phải làm thủ tục"
        assert officer.page.html.select_one("#versions .current a")["href"].startswith(f"{WELL}?on=2020-01-01")

    def test_the_time_line_shows_where_the_case_stands_and_what_changed_at_each_border(self, officer):
        officer.open(f"{GOOD}&vs=2020-01-01")
        stops = [" ".join(stop.get_text(" ").split()) for stop in officer.page.html.select("#versions > ol > li")]
        assert [stop.split()[2] for stop in stops] == ["01/01/2013", "01/01/2020", "01/7/2025"]
        assert "đang so sánh" in stops[1]
        assert "trường hợp này" in stops[2]
        assert "hôm nay" in stops[2]
        assert "chuyển tiếp" in stops[2]
        assert officer.page.html.select_one("#versions [aria-current=true]").text.startswith("Luật từ 01/7/2025")
        border = " ".join(officer.page.html.find(id="border-now").get_text(" ").split())
        assert "bổ sung Điều kiện: Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng." in border
        assert "sửa đổi Nội dung giải quyết: Cơ quan có thẩm quyền" in border
        assert "Điều kiện: Không có quá 3 giếng lân cận." not in border

    def test_the_time_line_shows_the_law_that_a_transitional_clause_chose(self, officer):
        old = GOOD.replace("2025-07-01", "2025-06-30").replace("depth=25", "depth=35")
        officer.open(old)
        assert not officer.page.html.select("#versions .chosen")
        officer.open(f"{old}&filing.elects_new_law=yes")
        chosen = officer.page.html.select_one("#versions .chosen")
        assert chosen.a["href"].startswith(f"{WELL}?on=2025-07-01")
        assert "theo quy định chuyển tiếp" in chosen.text

    def test_a_comparison_is_ended_by_a_link(self, officer):
        officer.open(f"{GOOD}&vs=2025-06-30")
        officer.open(officer.links()["Thôi so sánh"])
        assert officer.page.html.find(id="comparison") is None


class TestAddress:
    def test_each_answered_form_has_an_address_of_its_own_that_shows_the_same_to_others(self, officer, wells):
        officer.open(WELL)
        officer.send("facts", {"day": "1", "month": "7", "year": "2025", "well.depth": "25,5", "well.use": "industry",
                               "well.checks": ["survey"], "site.protected": "no", "vs": "30/6/2025"})
        pairs = parse_qsl(officer.page.request.query_string)
        assert pairs == [("on", "2025-07-01"), ("vs", "2025-06-30"), ("well.depth", "25,5"), ("well.use", "industry"),
                         ("well.checks", "survey"), ("site.protected", "no")]
        colleague = officer_of(wells, "dong-nghiep")
        colleague.open(officer.page.request.path_qs)
        assert result(colleague) == result(officer)

    def test_sending_the_form_of_an_address_leads_back_to_it(self, officer):
        officer.open(f"{GOOD}&vs=2020-01-01")
        here = officer.page.request.query_string
        officer.send("facts", {})
        assert sorted(parse_qsl(officer.page.request.query_string)) == sorted(
            (name, {"lease.ends_on": "1/1/2026"}.get(name, value)) for name, value in parse_qsl(here))

    def test_a_fact_taken_back_leaves_the_address(self, officer):
        officer.open(GOOD)
        officer.send("facts", {"site.protected": "", "works.cost": ""})
        assert not {"site.protected", "works.cost"} & dict(parse_qsl(officer.page.request.query_string)).keys()

    def test_an_empty_list_differs_from_an_unknown_one(self, officer):
        officer.open(without(GOOD, "well.checks"))
        assert findings(officer)["checks"] == "chưa rõ"
        officer.open(without(GOOD, "well.checks") + "&well.checks=-")
        assert findings(officer)["checks"] == "chưa đáp ứng"

    @pytest.mark.parametrize(("pair", "field", "message"), [
        ("works.cost=10.5", "works.cost", "Viết số như 1.234.567"),
        ("works.cost=1" + "0" * 30, "works.cost", "30 chữ số"),
        ("works.cost=-1", "works.cost", "Chi phí xây dựng"),
        ("well.depth=501", "well.depth", "500 m"),
        ("well.depth=1e9", "well.depth", "1e9"),
        ("well.use=swimming", "well.use", "Mục đích sử dụng"),
        ("well.checks=survey&well.checks=-", "well.checks", "không chọn cả hai"),
        ("well.checks=nothing", "well.checks", "Việc đã kiểm tra"),
        ("site.protected=maybe", "site.protected", "Trong vùng bảo vệ nguồn nước"),
        ("lease.ends_on=2023-02-30", "lease.ends_on", "2023-02-30"),
        ("lease.ends_on=31/4/2026", "lease.ends_on", "không có ngày 31"),
        ("works.driller=" + "x" * 10_001, "works.driller", "Tên đơn vị khoan"),
        ("site.protected=yes&site.protected=no", "site.protected", "yes, no"),
    ])
    def test_what_cannot_be_read_is_told_at_its_field_and_kept_as_typed(self, officer, pair, field, message):
        officer.open(f"{WELL}?on=2025-07-01&{pair}", status=422)
        assert message in officer.errors[0]
        assert officer.page.html.select_one(".error-summary a")["href"] == f"#fact-{field}"
        control = officer.page.html.find(id=f"fact-{field}")
        assert f"fact-{field}-error" in control["aria-describedby"]
        assert officer.page.html.find(id=f"fact-{field}-error")
        typed = pair.partition("=")[2].replace("2023-02-30", "30/2/2023")
        if control.name == "input":
            assert control["value"] == typed
        assert "Cần sửa dữ kiện" in result(officer)

    def test_everything_wrong_is_told_at_once(self, officer):
        officer.open(f"{WELL}?on=2023-02-30&vs=nie&works.cost=x&well.depth=y&nothing=z", status=422)
        assert len(officer.errors) == 5

    @pytest.mark.parametrize("day", ["2023-02-30", "2012-12-31", "hôm nay", "2025-7-1", "20250701", "9999-99-99"])
    def test_a_day_that_is_none_is_told_instead_of_taking_today(self, officer, day):
        officer.open(f"{WELL}?on={day}", status=422)
        assert officer.page.html.select_one(".error-summary a")["href"] == "#on-day"
        officer.open(f"{WELL}?vs={day}", status=422)
        assert officer.page.html.select_one(".error-summary a")["href"] == "#versus"
        assert officer.page.html.find(id="versus")["value"] == day

    def test_a_name_that_is_no_fact_is_told_with_the_nearest_that_is(self, officer):
        officer.open(f"{GOOD}&well.dept=3", status=422)
        assert "well.dept" in officer.errors[0]
        assert "well.depth" in officer.errors[0]
        assert "outcome" not in [tag.get("id") for tag in officer.page.html.select("#result h2")]

    def test_a_thousand_such_names_are_told_briefly(self, officer):
        officer.open(f"{WELL}?" + "&".join(f"x{number}=1" for number in range(1000)), status=422)
        assert len(officer.errors) == 11

    @pytest.mark.parametrize("query", ["well.driller=%00", "works.driller=%ff", "%c0=1", "on=%0a"])
    def test_bytes_that_are_no_text_are_refused(self, officer, query):
        officer.app.get(f"{WELL}?{query}", status=400)

    def test_a_hostile_text_is_shown_as_text(self, officer):
        officer.open(f"{WELL}?on=2025-07-01&works.driller=<script>alert(1)</script>&<b>=1", status=422)
        assert "<script>alert" not in officer.page.text
        assert "<b>=" not in officer.page.text


class TestManyFacts:
    def test_sections_have_titles_in_words(self, examiner):
        examiner.open(f"{EIA}?on=2026-11-26")
        heads = [head.text for head in examiner.page.html.select(".section h2")]
        assert "Dự án" in heads
        assert "Tham vấn" in heads
        assert not {"project", "consultation", "filing"} & {head.lower() for head in heads}

    def test_every_fact_is_asked_once(self, examiner, real):
        examiner.open(f"{EIA}?on=2026-11-26")
        asked = [row["data-fact"] for row in examiner.page.html.select("[data-fact]")]
        facts = real.registry.motcua_catalogue["vn.environment.eia-appraisal"].procedure.facts
        assert len(asked) == len(set(asked)) > 50
        assert set(asked) == set(facts) - {"filing.received_on"}

    def test_a_link_of_the_page_is_not_longer_than_servers_take(self, examiner):
        """60 known facts stay well below the 8 KB that proxies accept."""
        examiner.open(f"{EIA}/scenarios")
        longest = max((link["href"] for link in examiner.page.html.select(".runs a")), key=len)
        assert len(longest) < 6000
        assert len(urlencode(parse_qsl(urlsplit(longest).query))) > 1000


def test_posting_to_the_bench_needs_the_form_token(wells):
    officer = officer_of(wells)
    app: TestApp = officer.app
    for place in ("keep", "forget"):
        app.post(f"{WELL}/{place}", {"id": "x", "expect.outcome": "eligible", "vi": "x"}, status=400)


NAMES = st.sampled_from(("on", "vs", "day", "month", "year", "go", "lang", "well.depth", "well.use", "well.flow", "well.checks",
                         "well.wells_nearby", "site.protected", "works.cost", "works.driller", "lease.ends_on",
                         "filing.received_on", "filing.elects_new_law", "which", "id", "q"))
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(("", "-", "?", "yes", "1e400", "NaN", "-0", "٣", "2025-07-01", "0001-01-01",
                                                         "9" * 31, "1.000.000", "survey", "31/12/9999", "0/0/0000")))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(NAMES, TEXTS), max_size=8), place=st.sampled_from(("", "/keep", "/scenarios.yaml")))
def test_no_address_is_an_error_of_ours(officer, pairs, place):
    page = officer.app.get(f"{WELL}{place}?{urlencode(pairs, errors='replace')}", expect_errors=True)
    assert page.status_int in (200, 303, 400, 422)


class TestWhatWouldChangeIt:
    def ways(self, officer):
        return [" ".join(way.ul.get_text(" ").split()) for way in officer.page.html.select("#ways-out .way")]

    def test_the_cheapest_change_is_named_and_opens_as_a_case_that_is_eligible(self, officer):
        officer.open(GOOD.replace("8.000.000&", "7.999.999&"))
        assert self.ways(officer) == ["Chi phí xây dựng: 80.000.000 đồng → 79.999.990 đồng",
                                      "Tiền ký quỹ: 7.999.999 đồng → 8.000.000 đồng"]
        officer.open(officer.links("#ways-out a")["Mở trường hợp đã thay đổi 2"])
        assert outcome(officer) == "Đủ điều kiện"
        assert officer.page.html.find(id="fact-works.deposit")["value"] == "8.000.000"
        assert officer.page.html.find(id="ways-out") is None

    def test_the_nearest_day_of_receipt_with_the_same_facts_is_named(self, officer):
        officer.open(GOOD.replace("2025-07-01", "2025-08-01"))
        assert "muộn nhất trước đó 01/7/2025" in " ".join(officer.page.html.find(id="ways-out").get_text(" ").split())
        officer.open(officer.links("#ways-out a")["01/7/2025"])
        assert outcome(officer) == "Đủ điều kiện"

    def test_where_nothing_helps_the_requirement_is_named(self, examiner, real):
        checked = real.registry.motcua_catalogue["vn.minerals.exploration-right-transfer"]
        given = next(each.given for each in checked.scenarios()[0].scenarios if each.id == "law-2010-eighty-nine-days")
        examiner.open(f"{TRANSFER}?{urlencode(address_of(checked.procedure, read_facts(checked.procedure, given)))}")
        ways = " ".join(examiner.page.html.find(id="ways-out").get_text(" ").split())
        assert "Giấy phép thăm dò còn hiệu lực ít nhất 90 ngày khi nộp hồ sơ." in ways
        assert "muộn nhất trước đó 05/5/2024" in ways
        assert self.ways(examiner) == []

    def test_what_is_left_to_ask_is_counted_and_what_no_longer_matters_is_dimmed(self, officer):
        officer.open(without(GOOD, "works.deposit", "well.wells_nearby"))
        assert "Nhiều nhất 2 câu hỏi là có kết luận." in result(officer)
        officer.open(without(GOOD, "works.deposit", "well.wells_nearby").replace("2026-01-01", "2025-07-02"))
        assert outcome(officer) == "Chưa đủ điều kiện"
        assert officer.page.html.select(".asking a") == []
        assert "không làm đổi kết luận nữa" in officer.page.html.find(id="row-works.deposit").text

    def test_a_fault_of_the_solver_does_not_take_the_page_down(self, officer, monkeypatch):
        from motcua.web.bench.trying import changing

        def broken(*_, **__):
            raise RuntimeError("bí mật")

        monkeypatch.setattr(changing, "what_would_change", broken)
        officer.open(GOOD.replace("2025-07-01", "2025-08-01"))
        assert outcome(officer) == "Chưa đủ điều kiện"
        assert "đã được ghi lại" in officer.page.html.find(id="ways-out").text
        assert "bí mật" not in officer.text

    def test_without_a_solver_the_days_are_still_told(self, officer, monkeypatch):
        from motcua.errors import MotcuaError, Problem
        from motcua.web.bench.trying import changing

        def none_installed(*_, **__):
            raise MotcuaError(Problem("PROOF_001", {"package": "z3-solver"}))

        monkeypatch.setattr(changing, "what_would_change", none_installed)
        officer.open(GOOD.replace("2025-07-01", "2025-08-01"))
        assert "motcua[analysis]" in result(officer)
        assert officer.links("#ways-out a") == {"01/7/2025": officer.links("#ways-out a")["01/7/2025"]}
