"""`prove` names each defect and nothing else, with a case that the engine confirms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.unit.analysis.proof.seeded import DEFECTS, FILES, ROOT, loaded, procedure, text_of
from tests.unit.engine import laws

from motcua.analysis.proof import KINDS, Finding, Report, prove
from motcua.commands import main
from motcua.engine import assess
from motcua.errors import RuleFault
from motcua.procedures import read_facts


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {file: prove(procedure(file)) for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_our_own_rules_have_no_open_finding(file, reports):
    report = reports[file]
    assert [(finding.kind, finding.subject) for finding in report.open] == []
    assert (report.unanswered, report.unmatched) == ((), ())


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_named_and_nothing_else(name):
    defect, law = DEFECTS[name], DEFECTS[name].procedure
    report = prove(law)
    assert [(finding.kind, finding.subject) for finding in report.open] == [(defect.kind, defect.subject)]
    assert report.unanswered == ()
    finding = report.open[0]
    assert finding.place is not None
    assert finding.text.vi != finding.text.en
    if finding.case is not None:
        confirm(law, finding)


def confirm(law, finding: Finding) -> None:
    """The engine says of the case what the finding says."""
    facts = read_facts(law, finding.case)
    day = facts[law.law_at]
    if finding.kind == "overlap":
        with pytest.raises(RuleFault):
            assess(law, facts)
        return
    found = assess(law, facts)
    assert found.outcome != "not_required"
    subject = finding.subject.split("/")[0]
    if finding.kind == "gap" and subject in law.decisions:
        assert found.decisions[subject] is None
    if finding.kind == "never_met":
        # one that can be met at the end of a number alone is shown there
        assert (subject in found.failed) is (" trừ khi " not in finding.text.vi)
    if finding.kind == "contradiction":
        assert set(subject.split("+")) & set(found.failed)
    assert isinstance(day, date)


def test_a_finding_tells_the_few_facts_that_make_it_so():
    finding = prove(DEFECTS["a limit that belongs to two rows"].procedure).open[0]
    assert finding.telling == ("licence.area",)
    assert finding.case is not None
    assert finding.case["licence.area"] == 100
    assert finding.example is not None
    assert finding.example.vi == "Diện tích khu vực thăm dò = 100 ha"


def test_a_requirement_met_at_the_end_of_a_number_alone_is_told_with_that_end():
    finding = prove(DEFECTS["a threshold out of reach but where there is nothing to spend"].procedure).open[0]
    assert finding.text.vi.endswith("không bao giờ đạt, trừ khi Tổng dự toán đề án thăm dò được chấp thuận = 0 đồng.")
    assert finding.case is not None
    assert (finding.case["scheme.budget"], finding.telling) == (0, ("scheme.budget",))


def test_a_requirement_that_honestly_wants_nothing_is_no_finding():
    honest = procedure("transfer", ("must_not: dispute", "must_not: scheme.budget - scheme.spent > 0 VND"),
                       ("any: [transferee.qualified, transferee.has_contractor]",
                        "any: [transferee.qualified, transferee.has_contractor, dispute]"))
    assert prove(honest).open == ()


def test_a_ground_is_told_by_its_title_and_days_as_offices_write_them():
    finding = prove(DEFECTS["a repealed article left in a table"].procedure).open[0]
    assert finding.text.vi.endswith("Thông tư 191/2016/TT-BTC (từ 21/3/2024).")
    assert finding.text.en.endswith("Circular 191/2016 (Ministry of Finance) (from 21/3/2024).")


def test_a_single_day_without_a_ground_is_told_as_one_day():
    finding = prove(procedure("hydromet", ("in_force: 2025-07-01 .., when: exchange.provinces < 2, then: 13",
                                           "in_force: 2025-06-30 .., when: exchange.provinces < 2, then: 13"))).open[0]
    assert (finding.kind, finding.text.vi.partition(": ")[2], finding.text.en.partition(": ")[2]) == (
        "repealed_citation", "Thông tư 21/2025/TT-BNNMT (ngày 30/6/2025).", "Circular 21/2025 (MAE) (on 30/6/2025).")


def test_a_fact_not_asked_is_named_in_the_quotation_marks_of_each_language():
    finding = prove(DEFECTS["a fact not asked where it is needed"].procedure).open[0]
    assert "“Có chấp thuận của ban quản lý vùng bảo vệ”" in finding.text.vi
    assert '"The zone\'s board consents"' in finding.text.en


def test_of_facts_not_asked_only_the_wanted_is_named():
    """A rule that reads a flow, a volume and a power wants of a cooling works the flow alone."""
    finding = prove(DEFECTS["one of many facts not asked where scopes of several laws read it"].procedure).open[0]
    assert finding.text.vi.endswith("trường hợp này không hỏi “Lượng nước khai thác cho mục đích khác”, nhưng quy tắc lại cần.")
    assert finding.text.en.endswith('the rule needs "Amount taken for other purposes", which is not asked in this case.')


@pytest.mark.parametrize(("file", "old", "new", "holes"), [
    # the hole that a note is about, above the last number, and the new one beside it
    ("mapping", "[6..8]", "[7..8]", ["= (1[5-9]|[2-9][0-9])", "= 6"]),
    ("transfer", "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area between 100 ha and 50_000 ha",
     "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area > 100 ha and licence.area < 50_000 ha",
     ["= 100 ha", "= 50.000 ha"]),
    # one hole, however many numbers or words lie in it
    ("transfer", "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area between 100 ha",
     "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area between 110 ha", ["= 100 ha"]),
    ("remote", '("leaders", "defence", "emergency")', '("leaders")', ["= An ninh, quốc phòng"]),
])
def test_each_hole_of_a_table_is_told_with_an_example(file, old, new, holes):
    law = procedure(file, (old, new))
    finding, = prove(law).open
    assert finding.example is not None
    further = [hole.removesuffix(".") for hole in finding.text.vi.split(" Cũng không có câu trả lời khi ")[1:]]
    told = [finding.example.vi, *further]
    assert [any(re.search(f"{hole}$", each) for each in told) for hole in holes] == [True] * len(told)
    assert finding.text.en.count("No answer either where") == len(further)
    confirm(law, finding)


def test_a_fact_written_in_the_place_of_another_is_one_finding_that_names_both():
    finding = prove(DEFECTS["a fact that waits for itself, and not for another"].procedure).open[0]
    assert finding.text.vi.endswith("Dữ kiện “Dữ liệu phải trả phí” không được quy tắc nào dùng: có lẽ nó phải đứng ở đây "
                                    "thay cho “Đã thực hiện nghĩa vụ tài chính (nếu có)”.")
    assert finding.text.en.startswith('The requirement "The fee is paid before the data are handed over." can never fail')
    assert '"The data are subject to a fee"' in finding.text.en


def test_an_idle_fact_that_would_mend_nothing_is_told_by_itself():
    law = procedure("well", ("works.deposit >= 10% * works.cost", "works.deposit > 100% * works.cost"),
                    ("\nfacts:\n", "\nfacts:\n  well.colour: {type: text, vi: Màu, en: Colour}\n"))
    assert {(finding.kind, finding.subject) for finding in prove(law).open} == {
        ("never_met", "deposit"), ("unused_fact", "well.colour")}


def test_a_row_that_comes_before_others_is_named_once_with_all_it_hides():
    finding = prove(DEFECTS["a first row that takes all cases"].procedure).open[0]
    assert finding.text.vi.endswith("dòng A1 luôn được ưu tiên. Cùng nguyên nhân: authority/A3, authority/A4, authority/A5.")
    assert finding.text.en.endswith("row A1 always comes before it. The same cause: authority/A3, authority/A4, authority/A5.")
    assert finding.fix.en == "Correct the order or the conditions of the rows, or note that it is intended."


def test_a_note_under_rows_that_are_odd_themselves_is_not_called_idle():
    """The gap that the note is about needs the authority, which is contradictory: once that is mended it is there again."""
    report = prove(procedure("sea", ("    hit: first\n", "")))
    assert {finding.kind for finding in report.open} == {"overlap"}
    assert report.unmatched == ()


def test_a_clause_is_told_with_the_day_before_which_no_dossier_chooses():
    finding = prove(DEFECTS["a choice that no dossier has"].procedure).open[0]
    assert finding.text.en.endswith("none received before 01/7/2025 meets its condition (unless).")
    assert "không cho hồ sơ nào theo luật mới" in finding.text.vi
    assert [each.feel for each in finding.because] == ['filing.received_on > date("2025-07-01")']
    assert finding.law_versions[-1].endswith(".. 2025-06-30")


def test_what_cannot_be_is_told_with_the_conditions_that_exclude_each_other():
    finding = prove(DEFECTS["months against months"].procedure).open[0]
    assert [each.feel for each in finding.because] == [
        "filing.received_on + 5 months > licence.expires_on", "filing.received_on + 6 months <= licence.expires_on"]


def test_a_rule_that_depends_on_the_law_date_is_judged_over_all_law_versions():
    """It ends on a day on which the law changes: an end, not a defect."""
    law = procedure("well", ("must_not: well.wells_nearby > 3",
                             "must_not: 'well.wells_nearby > 3 and filing.received_on < date(\"2020-01-01\")'"))
    assert [(finding.kind, finding.subject) for finding in prove(law).open] == []


def test_a_note_silences_a_finding_until_its_rule_changes(reports):
    noted = [finding for finding in reports["eia"].findings if finding.subject == "fee/F1"]
    assert [finding.intended is not None for finding in noted] == [True]
    report = prove(procedure("eia", ('when: authority in ("ministry", "defence", "police")', 'when: authority in ("ministry", "police")')))
    found = [finding for finding in report.open if finding.subject == "fee/F1"]
    assert [(finding.kind, finding.stale) for finding in found] == [("gap", True)]


@pytest.mark.parametrize(("file", "old", "new"), [
    ("eia", "cells: [21.0, 22.0, 22.5, 23.0, 24.0, 15.0]", "cells: [21.0, 22.0, 22.5, 23.0, 42.0, 15.0]"),
    ("eia", "upto: 50 billion VND", "upto: 60 billion VND"),
    ("mapping", "then: 4_090_000", "then: 4_900_000"),
    # and other days, of which the file does not speak
    ("data", "in_force: 2017-08-01 .., when: request.channel = \"request\", then: 5",
     "in_force: 2017-07-31 .., when: request.channel = \"request\", then: 5"),
])
def test_a_note_about_cases_without_an_answer_outlives_another_amount_for_the_others(file, old, new):
    assert prove(procedure(file, (old, new))).open == ()


def test_a_number_that_is_counted_is_told_at_the_limits_of_the_rules():
    """Not as a thousand million provinces."""
    finding = prove(DEFECTS["a repealed term left beside the new one"].procedure).open[0]
    assert finding.example.en == "Number of provinces the data cover = 2"
    finding = prove(DEFECTS["a number left out between two rows"].procedure).open[0]
    assert finding.case["activities.needing_licence"] == 6


def test_what_rests_on_a_constant_conclusion_is_told_once_that_one_is_meant_so():
    law = DEFECTS["a conclusion that is never so, and rows that rest on it"].procedure
    constant = prove(law).open[0]
    text = text_of("drilling").replace("none: [small_scale, medium_scale]", "all: [small_scale, medium_scale]")
    noted = prove(loaded("drilling", f"{text}\nintended:\n{constant.paste}\n"))
    assert [(finding.kind, finding.subject) for finding in noted.open] == [("gap", "authority/A1+A2")]


def test_what_one_condition_makes_impossible_is_told_once_with_all_that_it_stops():
    finding = prove(DEFECTS["a scope that leaves some rows no case"].procedure).open[0]
    assert finding.text.vi.endswith("Cùng nguyên nhân: fee/F3, fee/F4.")
    assert "activities.needing_licence >= 10" in [each.feel for each in finding.because]


def test_a_fact_that_only_contradictory_rows_read_is_not_called_useless():
    law = procedure("remote", ('when: data.holder = "national"', 'when: data.holder = "national" or data.holder != "national"'),
                    ('when: data.holder = "province"', 'when: data.holder = "province" or data.holder != "province"'))
    assert [(finding.kind, finding.subject) for finding in prove(law).open] == [("overlap", "authority/A1+A2+A3")]


def test_a_number_left_open_is_ten_of_its_own_unit():
    """Not ten of the unit in which it is kept: 0.4166666667 m³ an hour."""
    law = procedure("well", ("unit: m3_per_day", "unit: m3_per_hour"), ("well.flow >= 10 m3_per_day", "well.flow >= 480 m3_per_day"),
                    ("must_not: well.wells_nearby > 3", "must_not: well.wells_nearby > 3 or well.wells_nearby <= 3"))
    case = next(finding.case for finding in prove(law).open if finding.subject == "not-crowded")
    assert case["well.flow"] == 10


def test_a_note_without_a_finding_is_told():
    report = prove(procedure("well", ("subject: works.driller", "subject: well.use")))
    assert [note.subject for note in report.unmatched] == ["well.use"]
    assert [finding.subject for finding in report.open] == ["works.driller"]


def test_the_lines_to_paste_silence_the_finding():
    text, _, _ = text_of("well").partition("intended:")
    finding = prove(loaded("well", text)).open[0]
    assert prove(loaded("well", f"{text}intended:\n{finding.paste}\n")).open == ()


def test_the_same_rules_give_the_same_bytes(reports):
    again = prove(procedure("well"))
    assert json.dumps(again.to_json()) == json.dumps(reports["well"].to_json())
    defect = DEFECTS["a threshold turned round"]
    texts = {json.dumps(prove(defect.procedure).to_json()) for _ in range(2)}
    assert len(texts) == 1


def test_only_the_law_of_one_day_can_be_asked_for():
    law = DEFECTS["a limit beyond the bounds of the fact"].procedure
    assert prove(law, versions=[law.version_on(date(2024, 1, 1))]).open == ()
    assert [finding.subject for finding in prove(law, versions=[law.version_on(date(2026, 1, 1))]).open] == ["deep"]


def test_a_question_without_an_answer_in_time_is_told():
    report = prove(DEFECTS["months against months"].procedure, seconds=0.001)
    assert report.unanswered
    assert {each.kind for each in report.unanswered} <= set(KINDS)


def test_progress_goes_to_the_end():
    steps: list[tuple[int, int]] = []
    prove(procedure("well"), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(done, steps[-1][1]) for done in range(1, steps[-1][1] + 1)]


@pytest.mark.parametrize(("arguments", "code"), [
    (["vn.water.well-permit"], 0), (["vn.water.well-permit", "--on", "2026-01-01", "--json"], 0),
    (["vn.water.nothing"], 2), (["vn.water.well-permit", "--on", "1999-01-01"], 2)])
def test_the_command_says_by_its_exit_code_whether_anything_is_open(arguments, code):
    rules = ROOT / "tests" / "examples" / "rules"
    result = CliRunner().invoke(main, ["prove", *arguments, "--rules", str(rules)])
    assert result.exit_code == code, result.output
    if "--json" in arguments:
        assert json.loads(result.output)["open"] == 0


def test_an_open_finding_is_printed_with_its_lines_and_exit_code_1(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    defect = DEFECTS["an override forgotten"]
    text = text_of("well").replace(defect.old, defect.new)
    (rules / "well.yaml").write_text(text, encoding="utf-8")
    sources = (ROOT / FILES["well"]).parents[1] / "sources.yaml"
    (rules / "sources.yaml").write_text(sources.read_text(encoding="utf-8"), encoding="utf-8")
    result = CliRunner().invoke(main, ["prove", "vn.water.well-permit", "--rules", str(rules)])
    assert result.exit_code == 1
    for expected in ("overlap authority/A2+A3", "well.yaml:", "- kind: overlap", 'subject: "authority/A2+A3"'):
        assert expected in result.output


def test_without_the_solver_the_command_says_what_to_install():
    code = ("import sys; sys.modules['z3'] = None\n"
            "from motcua.commands import main\n"
            f"main(['prove', 'vn.water.well-permit', '--rules', {str(ROOT / 'tests' / 'examples' / 'rules')!r}])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "pip install 'motcua[analysis]'" in done.stderr


SOME = {"yes/no": True, "integer": 1, "one of": "x"}
COMPLETE = {name: SOME[type_.kind] for name, type_ in laws.FACTS.items()}


@given(laws.procedures(), st.lists(laws.cases(), min_size=6, max_size=6))
@settings(max_examples=20, phases=(Phase.explicit, Phase.reuse, Phase.generate), deadline=None, suppress_health_check=list(HealthCheck))
def test_no_case_speaks_against_a_finding(law, cases):
    report = prove(law)
    assert report.unanswered == ()
    for some in cases:
        facts = {**COMPLETE, **some}
        try:
            found = assess(law, facts, engine="conditions")
        except RuleFault:
            continue
        # a finding speaks of the cases that the procedure surely concerns
        if found.applies is None or found.applies.is_required:
            assert [finding for finding in report.findings
                    if found.law_version in finding.law_versions and refuted(finding, found)] == []


def refuted(finding: Finding, found) -> bool:
    """Whether an assessment shows that a finding is wrong."""
    states = {each.id: each.state for each in found.requirements}
    is_old = found.transitional is None or found.transitional.chosen == "old"
    name, _, row = finding.subject.partition("/")
    match finding.kind:
        case "never_met":
            return states[name] == "met"
        case "never_fails":
            return states[name] == "unmet"
        case "never_asked":
            return is_old and name in found.documents
        case "dead_row":
            return is_old and found.decisions[name] is not None and row in found.decisions[name].rows
        case "contradiction":
            return all(states.get(each) == "met" for each in finding.subject.split("+"))
    return False
