"""Scenarios at the bench: kept, run, taken away, downloaded; and every scenario as an address."""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyramid.testing import DummyRequest
from tests.functional.bench import EIA, GOOD, TRANSFER, WELL, officer_of, outcome, result, without
from webob.multidict import MultiDict

from motcua.catalogue import Catalogue
from motcua.commands import main
from motcua.dossiers import VIETNAM
from motcua.procedures import load_scenarios, read_facts
from motcua.scenarios import run_scenarios
from motcua.web.bench.trying.case import address_of, read_case

TEXTS = {"vi": "Giếng tưới sâu 25 m từ 01/7/2025", "en": "A 25 m irrigation well since 1 July 2025", "why": "WELL2024 art 4"}


def keep(officer, name, address=GOOD, status=200, **changed):
    """Keep the case of an address; afterwards the officer looks at the scenarios, or at what is wrong."""
    officer.open(address)
    officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
    answers = {"id": name, **TEXTS, **{key.replace("__", "."): value for key, value in changed.items()}}
    return officer.send("keep", answers, status=status)


def downloaded(officer, place, folder, query="?which=kept"):
    """The scenarios of the downloaded file, by id, and the file as ``kept.scenarios.yaml`` in the folder."""
    officer.open(f"{place}/scenarios.yaml{query}")
    path = folder / "kept.scenarios.yaml"
    path.write_bytes(officer.page.body)
    return {each.id: each for each in load_scenarios(path).scenarios}


def tag(officer, name):
    """Whether a scenario passes, as the page says."""
    return officer.page.html.find(id=f"scenario-{name}").select_one(".tag").text


class TestKeeping:
    def test_the_form_is_filled_in_with_what_the_rules_say_now(self, officer):
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        form = officer.page.forms["keep"]
        assert form["expect.outcome"].value == "eligible"
        assert form["expect.fee"].value == "1.000.000"
        assert form["expect.authority"].value == "province"
        assert form["expect.deadline"].value == "30"
        ticked = {box["value"] for box in officer.page.html.select('[name="expect.documents"][checked]')}
        assert ticked == {"application", "survey-report"}

    def test_a_kept_case_is_run_with_the_others_and_leads_back_to_the_bench(self, officer):
        keep(officer, "kept-1")
        assert tag(officer, "kept-1") == "đạt"
        line = officer.page.html.find(id="scenario-kept-1")
        assert "Lê Văn Kiểm lưu ngày" in line.text
        officer.open(line.a["href"])
        assert outcome(officer) == "Đủ điều kiện"

    def test_it_fails_while_the_rules_say_otherwise_and_names_both(self, officer):
        keep(officer, "kept-2", expect__outcome="ineligible", expect__fee="2.000.000", expect__authority="commune",
             expect__failed=["deposit"])
        assert tag(officer, "kept-2") == "không đạt"
        text = " ".join(officer.page.html.find(id="scenario-kept-2").get_text(" ").split())
        assert "Kết luận: mong đợi Chưa đủ điều kiện, quy định cho Đủ điều kiện" in text
        assert "Phí: mong đợi 2.000.000 đồng, quy định cho 1.000.000 đồng" in text
        assert "Cơ quan có thẩm quyền: mong đợi Ủy ban nhân dân cấp xã, quy định cho" in text
        assert "Điều kiện chưa đáp ứng: mong đợi Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng, quy định cho –" in text

    def test_what_is_left_blank_is_not_compared(self, officer, tmp_path):
        keep(officer, "kept-3", expect__outcome="eligible", compare=[], expect__fee="", expect__authority="",
             expect__deadline="", expect__deadline_result="", expect__documents=[])
        assert downloaded(officer, WELL, tmp_path)["kept-3"].expect == {"outcome": "eligible"}

    def test_a_dash_expects_that_a_decision_gives_nothing(self, officer, tmp_path):
        keep(officer, "kept-4", address=GOOD.replace("2025-07-01", "2019-01-01").replace("depth=25", "depth=35"))
        assert tag(officer, "kept-4") == "đạt"
        expect = downloaded(officer, WELL, tmp_path)["kept-4"].expect
        assert "fee" in expect
        assert expect["fee"] is None

    @pytest.mark.parametrize(("changed", "field", "message"), [
        ({"id": ""}, "keep-id", "Đặt mã"), ({"id": "Có dấu"}, "keep-id", "Đặt mã"),
        ({"id": "../../etc"}, "keep-id", "Đặt mã"), ({"id": "x" * 81}, "keep-id", "Đặt mã"),
        ({"id": "exactly-20-m"}, "keep-id", "Đã có tình huống"),
        ({"vi": "", "en": ""}, "keep-vi", "một câu"), ({"why": "x" * 501}, "keep-why", "500"),
        ({"expect.fee": "một tỷ"}, "expect-fee", "một tỷ"), ({"expect.deadline": "30,5"}, "expect-deadline", "30"),
        ({"expect.outcome": "maybe"}, "expect-outcome", "Chọn"),
        ({"expect.authority": "king"}, "expect-authority", "Chọn"),
    ])
    def test_what_cannot_be_kept_is_told_at_its_field_with_all_else_as_typed(self, officer, changed, field, message):
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        typed = {"id": "refused", **TEXTS, "expect.failed": ["lease"], **changed}
        officer.send("keep", typed, status=422)
        assert message in officer.errors[0]
        assert officer.page.html.select_one(".error-summary a")["href"] == f"#{field}"
        assert f"{field}-error" in officer.page.html.find(id=field)["aria-describedby"]
        form = officer.page.forms["keep"]
        assert form["en"].value == typed["en"]
        assert [box["value"] for box in officer.page.html.select('[name="expect.failed"][checked]')] == ["lease"]
        officer.open(f"{WELL}/scenarios")
        assert officer.page.html.find(id="scenario-refused") is None

    def test_a_document_that_does_not_exist_is_refused(self, officer):
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        form = officer.page.forms["keep"]
        fields = [("csrf_token", form["csrf_token"].value), ("id", "x"), ("vi", "x"), ("compare", "documents"),
                  ("expect.documents", "passport")]
        page = officer.app.post(form.action, fields, status=422)
        assert page.html.select_one(".error-summary a")["href"] == "#expect-documents"

    def test_an_id_is_kept_once(self, officer):
        keep(officer, "kept-5")
        keep(officer, "kept-5", status=422)
        assert "Đã có tình huống" in officer.errors[0]

    def test_facts_no_real_case_has_cannot_be_kept(self, officer):
        officer.open(f"{GOOD.replace(WELL, WELL + '/keep').replace('8.000.000&', '90.000.000&')}", status=422)
        assert "Tiền ký quỹ không thể lớn hơn" in officer.errors[0]
        assert "keep" not in officer.page.forms

    def test_an_address_that_cannot_be_read_cannot_be_kept(self, officer):
        officer.open(f"{WELL}/keep?on=2023-02-30", status=422)
        assert "keep" not in officer.page.forms

    def test_an_open_case_can_be_kept_too(self, officer):
        keep(officer, "kept-6", address=without(GOOD, "works.deposit"))
        assert tag(officer, "kept-6") == "đạt"

    def test_a_kept_scenario_can_be_taken_away_and_is_gone_for_good(self, officer):
        keep(officer, "kept-7")
        form = next(form for form in officer.page.forms.values() if form.action.endswith("forget")
                    and form["id"].value == "kept-7")
        officer.page = form.submit().follow()
        assert officer.page.html.find(id="scenario-kept-7") is None
        assert form.submit(expect_errors=True).status_int == 404


class TestRunning:
    @pytest.mark.parametrize("place", [EIA, TRANSFER])
    def test_every_scenario_of_the_real_procedures_passes(self, examiner, place):
        examiner.open(f"{place}/scenarios")
        tags = [line.select_one(".tag").text for line in examiner.page.html.select(".runs > li")]
        assert len(tags) > 100
        assert set(tags) == {"đạt"}

    def test_each_leads_to_a_case_with_the_outcome_it_expects(self, examiner, real):
        procedure = real.registry.motcua_catalogue["vn.minerals.exploration-right-transfer"]
        expected = {each.id: each.expect["outcome"] for each in procedure.scenarios()[0].scenarios
                    if "outcome" in each.expect}
        words = {"eligible": "Đủ điều kiện", "ineligible": "Chưa đủ điều kiện",
                 "not_required": "Trường hợp này không phải làm thủ tục", "undetermined": "Chưa rõ có đủ điều kiện không"}
        examiner.open(f"{TRANSFER}/scenarios")
        links = {line["id"].removeprefix("scenario-"): line.a["href"]
                 for line in examiner.page.html.select(".runs > li") if line.a}
        for name in list(expected)[::12]:
            examiner.open(links[name])
            assert outcome(examiner) == words[expected[name]], name


    def test_a_kept_scenario_that_the_rules_outgrew_fails_with_what_is_wrong(self, officer, wells):
        def put(records):
            records.scenarios.put("vn.water.well-permit", "outgrown", {
                "id": "outgrown", "vi": "Dữ kiện đã bỏ", "en": "", "why": "", "given": {"well.colour": "green"},
                "expect": {"outcome": "eligible"}}, author="nobody", at=datetime.now(VIETNAM))

        archive = wells.registry["motcua.archive"]
        archive.run(put)
        officer.open(f"{WELL}/scenarios")
        line = officer.page.html.find(id="scenario-outgrown")
        assert line.select_one(".tag").text == "không đạt"
        assert "well.colour" in line.text
        assert line.a is None
        archive.run(lambda records: records.scenarios.remove("vn.water.well-permit", "outgrown"))


    def test_a_scenario_file_is_run_as_it_is_now(self, build, tmp_path, request):
        rules = tmp_path / "rules"
        shutil.copytree(request.path.parents[1] / "examples" / "rules", rules)
        officer = officer_of(build(**{"motcua.rules": str(rules)}))
        officer.open(f"{WELL}/scenarios")
        assert tag(officer, "exactly-20-m") == "đạt"
        path = next(rules.rglob("well-permit.scenarios.yaml"))
        path.write_text(path.read_text("utf-8").replace("{well.depth: 20}", "{well.depth: 21}"), "utf-8")
        os.utime(path, (1, 1))
        officer.open(f"{WELL}/scenarios")
        assert tag(officer, "exactly-20-m") == "không đạt"


class TestDownload:
    def test_all_scenarios_load_again_as_they_were(self, examiner, tmp_path, real):
        procedure = real.registry.motcua_catalogue["vn.environment.eia-appraisal"]
        assert tuple(downloaded(examiner, EIA, tmp_path, "").values()) == procedure.scenarios()[0].scenarios
        assert "attachment" in examiner.page.headers["Content-Disposition"]

    def test_those_kept_pass_the_command_that_tests_scenario_files(self, examiner, tmp_path, request):
        address = (f"{TRANSFER}?on=2024-05-06&licence.area=85,5&licence.mineral=metal&scheme.budget=8.000.000.000"
                   "&transferor.duties_done=-&dispute=no&licence.expires_on=2025-05-06")
        keep(examiner, "kept-at-the-bench", address)
        kept = downloaded(examiner, TRANSFER, tmp_path)
        assert "kept-at-the-bench" in kept  # others are kept by other tests of the same site
        assert str(kept["kept-at-the-bench"].given["licence.area"]) == "85.5"
        top = request.path.parents[2]
        run = CliRunner().invoke(main, ["test", "--rules", str(top / "rules"), str(tmp_path)])
        assert run.exit_code == 0, run.output

    def test_the_kept_ones_pass_through_every_reader(self, officer, tmp_path, request):
        keep(officer, "kept-8")
        downloaded(officer, WELL, tmp_path)
        catalogue = Catalogue.load(request.path.parents[1] / "examples" / "rules")
        results = {each.id: each.ok for each in run_scenarios(catalogue, [tmp_path], "all")}
        assert results["kept-8"]


def typed_again(procedure, facts, now):
    """The facts that the bench reads from the address of facts."""
    request = DummyRequest(now=now, lang="vi", translate=str)
    request.GET = MultiDict(address_of(procedure, facts))
    case = read_case(request, procedure)
    assert not case.errors
    return case.facts


@pytest.mark.parametrize("name", ["vn.environment.eia-appraisal", "vn.minerals.exploration-right-transfer"])
def test_the_address_of_every_scenario_gives_its_facts_back(real, name):
    checked = real.registry.motcua_catalogue[name]
    now = datetime.now(VIETNAM)
    tried = 0
    for scenario in checked.scenarios()[0].scenarios:
        facts = read_facts(checked.procedure, scenario.given)
        if checked.procedure.law_at in facts:
            assert typed_again(checked.procedure, facts, now) == facts, scenario.id
            tried += 1
    assert tried > 100


VALUES = {
    "well.depth": st.decimals(0, 500, places=3), "well.use": st.sampled_from(("household", "irrigation", "industry")),
    "well.flow": st.decimals(0, 10**12, places=6), "site.protected": st.booleans(),
    "well.checks": st.lists(st.sampled_from(("survey", "neighbours", "utilities")), unique=True).map(tuple),
    "well.wells_nearby": st.integers(0, 10**20), "works.cost": st.integers(0, 10**29),
    "lease.ends_on": st.dates(min_value=date(1800, 1, 1),
                              max_value=date(2999, 12, 31)),
}


@given(st.fixed_dictionaries({"filing.received_on": st.dates(date(2013, 1, 1),
                                                             date(2999, 12, 31))},
                             optional=VALUES))
def test_the_address_of_any_facts_gives_them_back(well_permit, facts):
    assert typed_again(well_permit, facts, datetime(2026, 1, 1, tzinfo=VIETNAM)) == facts


@pytest.fixture(scope="module")
def well_permit(wells):
    return wells.registry.motcua_catalogue["vn.water.well-permit"].procedure


def test_a_state_sent_as_a_link_says_the_same_byte_for_byte(officer, wells):
    officer.open(f"{GOOD}&vs=2020-05-05")
    first = result(officer)
    colleague = officer_of(wells, "dong-nghiep")
    colleague.open(officer.page.request.path_qs)
    assert result(colleague) == first
