"""Coverage of small invented procedures, worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from motcua.analysis.coverage import Coverage, coverage, suggest
from motcua.law import Interval, Source, Sources, Text
from motcua.procedures import Procedure, Scenario, load_text

SOURCES = Sources({"L": Source("L", Text("Luật", "Law"), "1", Interval.parse("2000-01-01 .."))})
HEAD = """
procedure: vn.test.shop
vi: Mở quán
en: Open a shop
field: test
law_at: filed
covers: 2020-01-01 ..
lists:
  kind: {tea: {vi: Trà, en: Tea}, beer: {vi: Bia, en: Beer}, rice: {vi: Cơm, en: Rice}}
  office: {ward: {vi: Phường, en: Ward}, city: {vi: Thành phố, en: City}}
facts:
  filed: {type: date, vi: Ngày nộp, en: Filed on}
  newer: {type: yes/no, vi: Chọn luật mới, en: New law chosen}
  shop.kind: {type: one of kind, vi: Loại quán, en: Kind}
  shop.area: {type: integer, min: 0, vi: Diện tích, en: Area}
  adult: {type: yes/no, vi: Đủ tuổi, en: Of age}
  trained: {type: yes/no, vi: Có tập huấn, en: Trained}
"""
REQUIREMENT = HEAD + """
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: adult and trained}
"""
PLAIN = {"filed": "2024-05-06", "newer": False, "shop.kind": "tea", "shop.area": 10, "adult": True, "trained": True}


def law(text: str) -> Procedure:
    return load_text(text, SOURCES)


def case(name: str, **facts: object) -> Scenario:
    given = {**PLAIN, **{key.replace("__", "."): value for key, value in facts.items()}}
    return Scenario(name, None, None, {key: value for key, value in given.items() if value is not None}, {"outcome": "eligible"})


def left(report: Coverage) -> list[tuple[str, list[str]]]:
    """What is left to show: the id of each rule, with what of it."""
    return [(item.id, [goal.key.removeprefix(item.key + " ") for goal in report.open_goals(item)])
            for item in report.uncovered]


def test_a_conjunction_of_two_needs_three_cases_and_no_fewer():
    both, young, untrained = case("both"), case("young", adult=False), case("untrained", trained=False)
    full = coverage(law(REQUIREMENT), [both, young, untrained])
    assert left(full) == []
    assert (full.mcdc.covered, full.mcdc.total, full.mcdc.percent) == (2, 2, "100.0")
    # met and unmet, and each of two leaves both ways
    assert (full.total.covered, full.total.total) == (6, 6)
    assert left(coverage(law(REQUIREMENT), [both, young])) == [("skilled", ["must 1 false"])]
    assert left(coverage(law(REQUIREMENT), [both, untrained])) == [("skilled", ["must 0 false"])]
    assert left(coverage(law(REQUIREMENT), [young, untrained])) == [("skilled", ["met", "must 0 true", "must 1 true"])]


def test_both_false_at_once_shows_neither_leaf_deciding():
    report = coverage(law(REQUIREMENT), [case("both"), case("neither", adult=False, trained=False)])
    assert left(report) == [("skilled", ["must 0 false", "must 1 false"])]


def test_a_case_with_a_missing_fact_is_no_proof_of_a_leaf():
    report = coverage(law(REQUIREMENT), [case("both"), case("untrained", trained=False, adult=None)])
    # surely unmet, but whether being trained alone decides is not known
    assert left(report) == [("skilled", ["must 0 false", "must 1 false"])]


def test_a_leaf_behind_a_derived_name_must_decide_something_shown():
    text = HEAD + """
derived:
  careful: {vi: a, en: b, is: adult and trained}
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: careful or shop.area < 20}
"""
    # the small area alone meets the requirement: what is behind `careful` decides nothing
    small = [case("both"), case("young", adult=False), case("untrained", trained=False)]
    assert dict(left(coverage(law(text), small)))["careful"] == [
        "true", "false", "is 0 true", "is 0 false", "is 1 true", "is 1 false"]
    large = [case("a", shop__area=20), case("b", adult=False, shop__area=20), case("c", trained=False, shop__area=20)]
    assert left(coverage(law(text), large)) == [("skilled", ["must 1 true"])]
    assert left(coverage(law(text), [*large, case("d", adult=False)])) == []


def test_nothing_of_the_findings_counts_where_the_procedure_is_not_required():
    text = REQUIREMENT + """
applies: [{id: big, vi: a, en: b, cite: L art 2, in_force: 2020-01-01 .., when: shop.area >= 10}]
"""
    report = coverage(law(text), [case("both"), case("young", adult=False, shop__area=9), case("untrained", trained=False)])
    assert left(report) == [("skilled", ["must 0 false"])]


TABLE = HEAD + """
requirements:
  - {id: of-age, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: adult}
decisions:
  office:
    vi: a
    en: b
    type: one of office
    rows:
      - {id: R1, cite: L art 3, in_force: 2020-01-01 .., when: shop.area < 100, then: ward}
      - {id: R2, cite: L art 3, in_force: 2020-01-01 .., when: 'shop.kind = "beer"', then: city, overrides: [R1]}
"""


def test_rows_the_default_and_what_a_row_overrides():
    cases = [case("ward"), case("young", adult=False), case("beer", shop__kind="beer", shop__area=100)]
    assert left(coverage(law(TABLE), cases)) == [
        ("office.R1", ["when 0 false"]), ("office.R2", ["over R1"]), ("office", ["no_row"])]
    cases += [case("none", shop__area=100), case("small beer", shop__kind="beer")]
    assert left(coverage(law(TABLE), cases)) == []


def test_an_untested_row_is_named_and_nothing_else():
    cases = [case("ward"), case("young", adult=False), case("beer", shop__kind="beer", shop__area=100),
             case("none", shop__area=100), case("small beer", shop__kind="beer")]
    seeded = TABLE + "      - {id: R3, cite: L art 9, in_force: 2020-01-01 .., when: 'shop.kind = \"rice\" and shop.area >= 500', then: city}\n"
    report = coverage(law(seeded), cases)
    assert [item.id for item in report.uncovered] == ["office.R3"]


def test_each_cell_of_a_grid_is_wanted():
    text = HEAD + """
requirements:
  - {id: of-age, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: adult}
decisions:
  fee:
    vi: a
    en: b
    type: money
    rows:
      - id: F
        cite: L art 4
        in_force: 2020-01-01 ..
        grid: {unit: VND, down: shop.area, across: shop.kind, columns: [tea, beer], rows: [{upto: 10, cells: [1, 2]}, {above: 10, cells: [3, 4]}]}
"""
    cases = [case("a"), case("b", adult=False), case("c", shop__kind="beer", shop__area=11)]
    assert left(coverage(law(text), cases)) == [("fee.F", ["cell 1 beer", "cell 2 tea"])]
    assert left(coverage(law(text), [*cases, case("d", shop__kind="beer"), case("e", shop__area=11)])) == []
    # rice has no column: the row is true, but has no value
    assert left(coverage(law(text), [case("rice", shop__kind="rice")]))[0] == ("of-age", ["unmet", "must 0 false"])
    assert len(left(coverage(law(text), [case("rice", shop__kind="rice")]))[1][1]) == 4


DATED = HEAD + """
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .. 2021-12-31, must: adult}
  - {id: skilled, vi: c, en: d, cite: L art 2, in_force: 2022-01-01 .., must: adult}
documents:
  - {id: paper, vi: a, en: b, cite: L art 3, in_force: 2023-01-01 .., copies: "1", when: trained}
"""


def test_a_rule_that_asks_the_same_under_a_new_law_needs_its_leaves_once_and_each_side_of_the_change():
    cases = [case("met", filed="2024-01-01"), case("unmet", filed="2024-01-01", adult=False),
             case("no paper", filed="2024-01-01", trained=False)]
    report = coverage(law(DATED), cases)
    assert left(report) == [("skilled", ["until 2021-12-31", "since 2022-01-01"]), ("paper", ["before 2022-12-31"])]
    assert [item.law_versions for item in report.items] == [
        ["2020-01-01 .. 2021-12-31", "2022-01-01 .. 2022-12-31", "2023-01-01 .."], ["2023-01-01 .."]]
    report = coverage(law(DATED), [*cases, case("old", filed="2020-05-05"), case("between", filed="2022-12-31")])
    assert left(report) == []
    assert [(len(each.scenarios), each.own.covered, each.own.total) for each in report.versions.values()] == [
        (1, 3, 6), (1, 3, 6), (3, 9, 12)]


def test_a_transitional_clause_is_wanted_chosen_and_not_chosen():
    text = DATED + """
transitional:
  - {id: choice, vi: a, en: b, cite: L art 5, between: 2023-01-01, default: old, unless: newer, moves: [documents]}
"""
    cases = [case("met", filed="2024-01-01"), case("unmet", filed="2024-01-01", adult=False), case("no paper", filed="2024-01-01", trained=False),
             case("old", filed="2020-05-05"), case("between", filed="2022-12-31")]
    assert left(coverage(law(text), cases)) == [("choice", ["new", "unless 0 true"])]
    # one that chose the new law shows documents of that law
    chosen = case("chosen", filed="2022-12-31", newer=True, trained=False)
    assert left(coverage(law(text), [each for each in cases if each.id != "no paper"] + [chosen])) == []
    assert left(coverage(law(text), [*cases, case("unknown", filed="2022-12-31", newer=None)])) == [
        ("choice", ["new", "unless 0 true"])]


def test_a_leaf_that_can_never_decide_is_left_out_and_named():
    text = HEAD + """
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: shop.area >= 10 or shop.area >= 20}
"""
    cases = [case("large"), case("small", shop__area=9)]
    report = coverage(law(text), cases)
    assert left(report) == []
    # an area of 20 or more is already 10 or more: the second leaf is never the one that makes it true
    assert (report.mcdc.covered, report.mcdc.total, report.mcdc.infeasible) == (1, 1, 1)
    [item] = report.items
    assert [report.leaf_state(leaf) for leaf in item.leaves.values()] == ["covered", "infeasible"]
    unexamined = coverage(law(text), cases, feasible=False)
    assert (unexamined.is_examined, unexamined.mcdc.percent) == (False, "50.0")


def test_a_fact_that_is_asked_only_then_makes_a_leaf_impossible():
    text = HEAD.replace("trained: {type: yes/no,", "trained: {type: yes/no, when: adult,") + """
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: adult and trained}
"""
    report = coverage(law(text), [case("both"), case("untrained", trained=False), case("young", adult=False)])
    assert left(report) == []
    assert report.mcdc.infeasible == 1


def test_a_long_list_of_alternatives_is_read_through():
    words = " or ".join(f"shop.area = {number}" for number in range(120))
    text = HEAD + f"""
requirements:
  - {{id: listed, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: {words}}}
"""
    cases = [case("out", shop__area=500), *(case(f"area-{number}", shop__area=number) for number in range(119))]
    assert left(coverage(law(text), cases)) == [("listed", ["must 119 true"])]


def test_the_condition_of_a_choice_is_shown_one_way_or_the_other():
    text = HEAD + """
requirements:
  - {id: skilled, vi: a, en: b, cite: L art 1, in_force: 2020-01-01 .., must: if adult then trained else newer}
"""
    # adult decides where trained and newer differ: the same way in both cases, so that the outcome differs
    right = [case("a"), case("b", adult=False)]
    report = coverage(law(text), right)
    assert report.leaf_state(next(iter(report.items[0].leaves.values()))) == "covered"
    wrong = [case("a"), case("b", adult=False, trained=False, newer=True)]
    report = coverage(law(text), wrong)
    assert report.leaf_state(next(iter(report.items[0].leaves.values()))) == "uncovered"


def test_what_nobody_confirmed_is_told_apart_and_does_not_count():
    waiting = replace(case("untrained", trained=False), expect={}, proposed={"outcome": "ineligible"})
    report = coverage(law(REQUIREMENT), [case("both"), case("young", adult=False), waiting])
    assert report.waiting == ("untrained",)
    assert left(report) == [("skilled", ["must 1 false"])]
    assert report.mcdc.covered == 1
    [key] = [goal.key for item in report.uncovered for goal in report.open_goals(item)]
    assert report.states[key] == "waiting"
    assert suggest(law(REQUIREMENT), [case("both"), case("young", adult=False), waiting]) == ()


def test_a_scenario_that_cannot_be_run_is_named_and_shows_nothing():
    report = coverage(law(REQUIREMENT), [case("both"), case("odd", shop__kind="wine")])
    assert [(each.id, [problem.code for problem in each.problems]) for each in report.unusable] == [("odd", ["COND_213"])]
    assert report.confirmed == ("both",)


def test_the_report_as_json_holds_every_rule_with_what_shows_it():
    report = coverage(law(REQUIREMENT), [case("both"), case("young", adult=False)])
    told = json.loads(json.dumps(report.to_json(), ensure_ascii=False))
    assert told["mcdc"] == {"covered": 1, "total": 2, "infeasible": 0, "percent": "50.0"}
    assert told["uncovered"] == ["requirement:skilled@2020-01-01"]
    [item] = told["items"]
    assert (item["kind"], item["id"], item["cite"], item["covered"], item["total"]) == ("requirement", "skilled", "L art 1", 5, 6)
    assert [(goal["what"], goal["state"], goal["scenarios"]) for goal in item["goals"]] == [
        ("met", "covered", ["both"]), ("unmet", "covered", ["young"])]
    assert [(leaf["text"], leaf["state"], leaf["true"]["state"], leaf["false"]["state"]) for leaf in item["leaves"]] == [
        ("adult", "covered", "covered", "covered"), ("trained", "uncovered", "covered", "uncovered")]
    assert json.dumps(report.to_json()) == json.dumps(
        coverage(law(REQUIREMENT), [case("both"), case("young", adult=False)]).to_json())


@pytest.mark.parametrize(("covered", "total", "percent"), [(0, 0, "100.0"), (999, 1000, "99.9"), (9999, 10000, "99.9"), (1, 3, "33.3")])
def test_only_all_of_it_is_a_hundred_percent(covered, total, percent):
    from motcua.analysis.coverage import Count

    assert Count(covered, total).percent == percent
