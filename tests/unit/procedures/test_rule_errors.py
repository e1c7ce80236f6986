"""Each mistake a rule author can make: its code, and the very place the message points at."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.errors import Problem, RuleFileError, catalogue
from motcua.law import Sources
from motcua.procedures import load_procedure, load_text


def pointed_at(problem: Problem) -> str:
    """The text from the caret to the end of the line."""
    place = problem.place
    assert place is not None
    assert place.source_line is not None
    assert place.column is not None
    return place.source_line[place.column - 1:]


# what the file says → what the author wrote instead, the code, where the caret stands
MISTAKES = {
    "misspelt key": ("    must_not: well", "    must_nt: well", "RULE_002", "must_nt: well.wells_nearby > 3"),
    "missing key": ("law_at: filing.received_on\n", "", "RULE_003", "procedure: vn.water.well-permit"),
    "missing text": ("copies: {vi: 1 bản chính, en: 1 original}, form", "copies: {vi: 1 bản chính}, form",
                     "RULE_003", "{vi: 1 bản chính}"),
    "number for a text": ("    en: A geological survey was made.", "    en: 2012", "RULE_004", "2012"),
    "text for a list": ("moves: [authority, deadline, deadline_result, documents]", "moves: authority",
                        "RULE_004", "authority"),
    "unknown hit policy": ("hit: first", "hit: any", "RULE_004", "any"),
    "name with a capital": ("  deep:\n", "  Deep:\n", "RULE_005", "Deep:"),
    "impossible day": ("between: 2025-07-01", "between: 2025-02-30", "RULE_006", "2025-02-30"),
    "unregistered source": ("cite: ND50 art 3", "cite: ND51 art 3", "RULE_007", "ND51 art 3"),
    "group with two words": ("is: {any: [deep,", "is: {any: [deep], all: [deep,", "RULE_008", "{any: [deep], all"),
    "empty group": ("when: {any: [industrial_or_deep, well.flow >= 10 m3_per_day]}", "when: {any: []}",
                    "RULE_008", "{any: []}"),
    "requires_all_of without values": ("{fact: well.checks, values: [survey]}", "{fact: well.checks}",
                                       "RULE_009", "{fact: well.checks}"),
    "decision in a requirement": ("must_not: well.wells_nearby > 3",
                                  "must_not: 'well.wells_nearby > 3 and authority = \"commune\"'",
                                  "RULE_010", "authority = \"commune\"'"),
    "derived name in always": ("is: works.deposit <= works.cost", "is: deep", "RULE_010", "deep}"),
    "decision used before it is made": ("industrial_or_deep, then: province",
                                        "deadline > 20 days, then: province",
                                        "RULE_011", "deadline > 20 days, then: province, overrides: [A2]}"),
    "name used twice": ("  fee:\n", "  deep:\n", "RULE_012", "deep:"),
    "bounds of a truth value": ("site.protected: {type: yes/no,", "site.protected: {type: yes/no, min: 0,",
                                "RULE_013", "0, vi: Trong vùng"),
    "bounds the wrong way round": ("min: 0, max: 500", "min: 0, max: -1", "RULE_014", "-1, vi: Độ sâu"),
    "fact that waits for itself": ("when: site.protected, vi: Có", "when: site.protection_consent, vi: Có",
                                   "RULE_015", "site.protection_consent: {type"),
    "law date that does not exist": ("law_at: filing.received_on", "law_at: filing.recieved_on",
                                     "RULE_016", "filing.recieved_on"),
    "law date that is no date": ("law_at: filing.received_on", "law_at: well.depth", "RULE_017", "well.depth"),
    "two wordings on one day": ("    in_force: 2025-07-01 ..\n    cite: WELL2024 art 6; ND50 art 2",
                                "    in_force: 2025-06-30 ..\n    cite: WELL2024 art 6; ND50 art 2",
                                "RULE_018", "id: checks"),
    "derived name with two types": ("is: well.depth > 20 m}", "is: well.depth + 20 m}", "RULE_019", "deep:"),
    "circle of derived names": ("is: well.depth > 30 m}", "is: industrial_or_deep}", "RULE_020", "deep:"),
    "must and must_not": ("    must_not: well", "    must: true\n    must_not: well", "RULE_021",
                          "id: not-crowded"),
    "row without a result": ("in_force: 2013-01-01 .. 2025-06-30, then: province}",
                             "in_force: 2013-01-01 .. 2025-06-30}", "RULE_022", "{id: A1"),
    "start of something that is no term": ("    type: money\n", "    type: money\n    after: deadline\n",
                                           "RULE_023", "after: deadline"),
    "term after an unknown term": ("after: deadline", "after: dedline", "RULE_024", "dedline"),
    "terms that wait for each other": ("    hit: first\n", "    hit: first\n    after: deadline_result\n",
                                       "RULE_025", "deadline_result"),
    "half days of a term": ("then: 30 days}", "then: 50% * 15 days}", "RULE_048", "50% * 15 days"),
    "half days with a name": ("is: well.depth > 20 m}", "is: 0.5 * (lease.ends_on - filing.received_on)}", "RULE_048",
                              "0.5 * (lease"),
    "override of an unknown row": ("overrides: [A2]", "overrides: [A7]", "RULE_026", "A7]}"),
    "override of itself": ("overrides: [A2]", "overrides: [A3]", "RULE_027", "A3]}"),
    "grid over an expression": ("down: works.cost", "down: works.cost + works.deposit", "RULE_028",
                                "works.cost + works.deposit"),
    "word of the language as a name": ("  works.driller: {", "  every: {", "RULE_029", "every: {type: text"),
    "grid over a list": ("down: works.cost", "down: well.use", "RULE_030", "well.use"),
    "grid across a number": ("across: well.use", "across: works.cost", "RULE_031", "works.cost"),
    "unknown grid column": ("columns: [household, irrigation", "columns: [household, irigation", "RULE_032",
                            "irigation, industry]"),
    "grid column twice": ("columns: [household, irrigation", "columns: [household, household", "RULE_033",
                          "household, industry]"),
    "grid line without bound": ("{above: 1 billion VND, cells", "{cells", "RULE_034", "{cells: [2, 4, 9]}"),
    "gap below the last grid line": ("above: 1 billion", "above: 2 billion", "RULE_035", "2 billion VND"),
    "grid bounds that do not rise": ("{upto: 1 billion VND", "{upto: 10 million VND", "RULE_036",
                                     "10 million VND"),
    "grid bounds that repeat": ("{upto: 1 billion VND", "{upto: 100 million VND", "RULE_036", "100 million VND"),
    "ragged grid": ("cells: [1, 2, 4.5]", "cells: [1, 2]", "RULE_037", "[1, 2]}"),
    "transition outside the file": ("between: 2025-07-01", "between: 2012-12-31", "RULE_041", "2012-12-31"),
    "moves nothing known": ("deadline_result, documents]", "deadline_result, document]", "RULE_042", "document]"),
    "derived name without meaning then": ("{in_force: 2013-01-01 .. 2025-06-30, is: well.depth > 30 m}",
                                          "{in_force: 2014-01-01 .. 2025-06-30, is: well.depth > 30 m}",
                                          "RULE_043", "{any: [deep"),
    "impossible interval": ("in_force: 2013-01-01 .. 2025-06-30, is", "in_force: 2025-07-01 .. 2025-06-30, is",
                            "LAW_002", "2025-07-01 .. 2025-06-30"),
    "unknown list": ("{type: one of use,", "{type: one of uses,", "COND_302", "one of uses"),
    "unknown name in a condition": ("must: works.deposit >= 10% * works.cost",
                                    "must: works.deposit >= 10% * works.costs", "COND_101", "works.costs"),
    "unknown list value in a condition": ("'well.use = \"industry\"'", "'well.use = \"industri\"'", "COND_104",
                                          "\"industri\"'"),
    "duplicate key": ("law_at: filing.received_on\n", "law_at: filing.received_on\nlaw_at: lease.ends_on\n",
                      "YAML_003", "law_at: lease.ends_on"),
    "anchor": ("summary: {", "summary: &s {", "YAML_004", "&s {"),
    "tag": ("summary: {", "summary: !x {", "YAML_005", "!x {"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_where_it_stands(mistake, changed):
    old, new, code, at = MISTAKES[mistake]
    problems = changed(old, new)
    found = [problem for problem in problems if problem.code == code]
    assert found, [problem.format() for problem in problems]
    assert any(pointed_at(problem).startswith(at) for problem in found), [pointed_at(each) for each in found]
    assert all(problem.message("vi") != problem.message("en") for problem in problems)


def test_a_wrong_word_is_answered_with_the_nearest_right_one(changed):
    [problem] = changed("cite: ND50 art 3", "cite: ND5O art 3")
    assert "Did you mean 'ND50'?" in problem.message("en")
    assert "Có phải là “ND50”?" in problem.message("vi")


def test_a_misspelt_key_is_answered_with_the_keys_of_that_place(changed):
    problems = changed("    must_not: well", "    must_nt: well")
    assert any("Did you mean 'must_not'?" in problem.message("en") for problem in problems)


def test_a_condition_cut_by_a_comma_is_told_to_use_quotes(changed):
    problems = changed("when: site.protected}", "when: min(works.cost, works.deposit) > 5 VND}")
    assert any("single quotes" in problem.message("en") for problem in problems)
    [problem] = changed("when: site.protected}", "when: well.use in (\"household\", \"industry\")}")
    assert problem.code == "YAML_001"
    assert "quotes are missing" in problem.message("en")


def test_all_problems_of_a_file_come_at_once_in_the_order_of_the_file(well_text, sources):
    text = well_text.replace("cite: ND50 art 3", "cite: ND51 art 3").replace("    hit: first", "    hit_: first")
    text = text.replace("min: 0, max: 500", "min: 0, max: 5 kg").replace("must: site.protection_consent",
                                                                         "must: site.consent")
    with pytest.raises(RuleFileError) as error:
        load_text(text, sources)
    lines = [problem.place.line for problem in error.value.problems]
    assert [problem.code for problem in error.value.problems] == ["COND_209", "RULE_007", "COND_101", "RULE_002"]
    assert lines == sorted(lines)


def test_a_condition_over_several_lines_is_pointed_at_in_its_own_line(changed):
    [problem] = changed("    must: works.deposit >= 10% * works.cost",
                        "    must: >-\n      works.deposit\n      >= 10% * works.costs")
    assert pointed_at(problem) == "works.costs"
    assert problem.place.source_line == "      >= 10% * works.costs"


@pytest.mark.parametrize(("old", "new"), [
    ("{type: one of use,", "{type: oneof use,"), ("is: well.depth > 20 m}", "is: well.dept > 20 m}"),
    ("    type: one of authority", "    type: one of authorities"), ("  use:\n    household", "  uses:\n    household"),
])
def test_a_broken_name_is_told_once_not_at_each_use(changed, old, new):
    assert len(changed(old, new)) == 1


@pytest.mark.parametrize(("old", "new", "says"), [
    ("then: commune", "then: comune", "Did you mean 'commune'?"),
    ('codes: {national_portal: "9.000001"}', "codes: {national_portal: 9.000001}", "in quotes if it is a number"),
    ("change_cost: 20", "change_cost: often", "a whole number from 0, or never"),
    ("    vi: Đã khảo sát địa chất.", "\tvi: x", "Replace each tab with spaces"),
])
def test_the_message_says_what_to_write(changed, old, new, says):
    [problem] = changed(old, new)
    assert says in problem.message("en")


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path, sources):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("vi: Giếng".encode("utf-16"))
    for path in (tmp_path / "missing.yaml", latin):
        with pytest.raises(RuleFileError) as error:
            load_procedure(path, sources)
        assert error.value.problems[0].code == "RULE_001"


@pytest.mark.parametrize("text", ["", "- a", "5", "null", "a: b: c", "a: [", "--- a\n--- b", "%YAML 1.1\n---\na: 1"])
def test_what_is_no_rule_file_is_refused_with_its_problems(text):
    with pytest.raises(RuleFileError):
        load_text(text, Sources({}))


splinters = st.sampled_from(["null", "true", "5", "-1", "1.5", "[]", "{}", "''", "..", "{a: 1}", "[deep]", "not(", ")",
                             "\n", "  ", "all", "is", "when", '"', "if", "then", "9" * 40, "2025-13-01", "- x",
                             ": ", ", "])


@settings(max_examples=60)
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.none() | splinters), min_size=1, max_size=3))
def test_any_damage_to_a_rule_file_is_survived(damage, well_text, sources):
    tokens = re.findall(r"\w+|\s+|[^\w\s]", well_text)
    for place, splinter in damage:
        tokens[int(place * len(tokens))] = splinter or ""
    with contextlib.suppress(RuleFileError):
        assert load_text("".join(tokens), sources).versions


def test_each_code_of_the_loader_has_a_test():
    tested = {code for _, _, code, _ in MISTAKES.values()} | {"RULE_001"}
    elsewhere = {"RULE_040", "RULE_045", "RULE_046", "RULE_047", "RULE_049", "RULE_050"}
    codes = {code for code in catalogue() if code.startswith("RULE_0")}
    assert codes - tested - elsewhere == set()
