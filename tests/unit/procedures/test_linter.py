"""What the linter finds in a rule file that loads."""

import pytest

from motcua.procedures import load_text
from motcua.procedures.linter import lint_procedure


@pytest.fixture
def linted(well_text, sources):
    def lint(*changes):
        text = well_text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        return [problem for problem in lint_procedure(load_text(text, sources, "well.yaml"))
                if problem.params.get("name") != "works.driller"]

    return lint


def test_the_example_is_clean_for_it_says_of_the_one_fact_nobody_asks_that_this_is_meant(well, well_text, sources):
    assert lint_procedure(well) == []
    silent = well_text.replace("intended:\n  - kind: unused_fact", "intended:\n  - kind: dead_row")
    [problem] = lint_procedure(load_text(silent, sources, "well.yaml"))
    assert (problem.code, problem.params["name"], problem.severity) == ("RULE_105", "works.driller", "warning")


@pytest.mark.parametrize(("old", "new", "code", "severity", "line_holds"), [
    ("    cite: ND50 art 3\n", "", "RULE_101", "error", "- id: deposit"),
    ("{id: A1, cite: WELL2012 art 10, ", "{id: A1, ", "RULE_101", "error", "{id: A1"),
    ("cite: WELL2012 art 9; WELL2024 art 9}", "cite: WELL2012 art 9}", "RULE_102", "error", "id: application"),
    ("    in_force: 2025-07-01 ..\n    cite: ND50 art 3", "    in_force: 2020-01-01 ..\n    cite: ND50 art 3",
     "RULE_102", "error", "id: deposit"),
    ("    cite: ND50 art 3\n", "    cite: the decree\n", "RULE_103", "warning", "id: deposit"),
    ("    in_force: 2025-07-01 ..\n    cite: ND50 art 3", "    in_force: .. 2012-12-31\n    cite: ND50 art 3",
     "RULE_104", "warning", "id: deposit"),
    ("  site.protected: {", "  site.far: {type: yes/no, vi: Xa, en: Far}\n  site.protected: {", "RULE_105",
     "warning", "site.far"),
    ("derived:\n", "derived:\n  never_used: {vi: K, en: N, is: site.protected}\n", "RULE_106", "warning",
     "never_used"),
    ("lists:\n", "lists:\n  colour: {red: {vi: Đỏ, en: Red}}\n", "RULE_107", "warning", "colour"),
    ("  use:\n", "  use:\n    fish: {vi: Nuôi cá, en: Fish farming}\n", "RULE_110", "warning", "- id: F1"),
    ("vi: Báo cáo khảo sát,", "vi: Đơn xin phép,", "RULE_111", "warning", "survey-report"),
])
def test_each_finding_stands_at_its_entry(linted, old, new, code, severity, line_holds):
    problems = linted((old, new))
    assert [(problem.code, problem.severity) for problem in problems] == [(code, severity)]
    assert line_holds in problems[0].place.source_line
    assert problems[0].format()


def test_a_text_repealed_for_part_of_the_time_is_told_with_that_time(linted):
    [problem] = linted(("cite: WELL2012 art 9; WELL2024 art 9}", "cite: WELL2012 art 9}"))
    assert problem.params["in_force"] == "2025-07-01 .."


def rows(*lines):
    cited = "cite: WELL2012 art 11; WELL2024 art 11"
    return ("      - {id: D1, cite: WELL2024 art 11 cl 2, in_force: 2025-07-01 .., "
            "when: 'authority = \"commune\"', then: 10 days}\n"
            "      - {id: D2, cite: WELL2012 art 11; WELL2024 art 11 cl 1, then: 30 days}",
            "\n".join(f"      - {{id: D{index}, {cited}, when: '{when}', then: {then} days}}"
                      for index, (when, then) in enumerate(lines)))


UNIQUE = ("    hit: first\n", "")


def test_rows_that_meet_at_a_limit_overlap_there(linted):
    [problem] = linted(UNIQUE, rows(("well.depth <= 40 m", 1), ("well.depth >= 40 m", 2)))
    assert (problem.code, problem.params["rows"]) == ("RULE_108", "D0, D1")
    assert problem.params["case"].vi == "Độ sâu giếng = 40 m"


def test_rows_that_miss_a_limit_leave_a_gap_there(linted):
    [problem] = linted(UNIQUE, rows(("well.depth < 40 m", 1), ("well.depth > 40 m", 2)))
    assert problem.code == "RULE_109"
    assert problem.params["case"].en == "Depth of the well = 40 m"


def test_a_list_value_without_row_is_a_gap(linted):
    [problem] = linted(UNIQUE, rows(('well.use = "industry"', 1), ('well.use = "irrigation"', 2)))
    assert (problem.code, problem.params["case"].en) == ("RULE_109", "Use of the well = Household")


def test_rows_over_two_facts_are_tried_together(linted):
    [problem] = linted(UNIQUE, rows(('well.use = "industry"', 1), ('well.use != "industry" or site.protected', 2)))
    assert problem.code == "RULE_108"
    assert problem.params["case"].en == "Inside a water protection zone = yes, Use of the well = Industry"


@pytest.mark.parametrize("lines", [
    [("well.depth < 40 m", 1), ("well.depth >= 40 m", 2)],
    [("well.depth <= 40 m", 1), ("well.depth >= 40 m", 1)],
    [("deep", 1), ("not(deep)", 2)],
    [('authority = "commune"', 1), ('authority = "province"', 2)],
    [("well.depth <= 600 m", 1), ("well.depth > 600 m", 2)],
])
def test_rows_that_part_every_case_are_fine(linted, lines):
    assert linted(UNIQUE, rows(*lines)) == []


def test_a_row_that_is_overridden_does_not_overlap(linted):
    assert linted() == [], "A3 overrides A2 in the example"
    assert [problem.code for problem in linted((", overrides: [A2]", ""))] == ["RULE_108"]


def test_first_hit_rows_may_overlap(linted):
    assert linted(rows(("well.depth <= 40 m", 1), ("well.depth >= 40 m", 2))) == []
