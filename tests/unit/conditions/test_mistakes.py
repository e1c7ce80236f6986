"""Wrong texts: the mistake is named, at its place, in both languages."""

import re

import pytest
from tests.unit.conditions.strategies import SCOPE

from motcua.conditions import parse
from motcua.errors import Place, RuleFileError, catalogue


def problems(text, **options):
    with pytest.raises(RuleFileError) as refused:
        parse(text, SCOPE, **options)
    return refused.value.problems


# "¦" marks where the mistake is.
TYPICAL = [
    ("count_1 ¦== 5", "COND_010"), ("park ¦&& secret", "COND_011"), ("park ¦|| secret", "COND_011"),
    ("park ¦AND secret", "COND_011"), ("park ¦và secret", "COND_011"), ('licence.mineral ¦is "peat"', "COND_012"),
    ('licence.mineral ¦is not "peat"', "COND_012"), ("¦!park", "COND_013"), ("share > ¦7.000", "COND_014"),
    ("duties ¦has all {paid, reported}", "COND_015"), ('duties ¦contains "paid"', "COND_015"),
    ("licence.mineral in ¦{peat, metal}", "COND_016"), ("licence.mineral = ¦peat", "COND_017"),
    ("licence.mineral in (¦peat, ¦metal)", "COND_017"), ("share > 7¦,000", "COND_018"),
    ("share in (1¦,500)", "COND_018"), ("share > 1¦,5", "COND_018"), ("1 <= share ¦<= 5", "COND_019"),
    ("¦not park", "COND_020"), ("park or ¦not secret", "COND_020"), ("share ¦<> 5", "COND_021"),
    ("licence.mineral = ¦'peat'", "COND_022"), ("licence.mineral = ¦“peat”", "COND_022"),
    ('licence.mineral = ¦"peat', "COND_023"), ("¦(park and secret", "COND_024"), ("share in ¦[1..5", "COND_024"),
    ("park and ¦if secret then park else dispute", "COND_025"), ("¦if park then secret", "COND_026"),
    ("share > ¦0123", "COND_027"), ("park and secret¦)", "COND_028"), ("park and ¦or secret", "COND_029"),
    ("¦and park", "COND_029"), ('licence.mineral ¦not in ("peat")', "COND_030"), ("share ¦^ 2 > 4", "COND_031"),
    ("share ¦=> 5", "COND_032"), ("share ¦≥ 5", "COND_032"), ("share in ¦1..5", "COND_034"),
    ("park = ¦yes", "COND_035"), ("park and¦", "COND_002"), ("¦", "COND_005"), ("park ¦secret", "COND_001"),
    ("¦licence.minerl = 3", "COND_101"), ("¦area > 3 days", "COND_102"), ("¦park > secret", "COND_103"),
    ('licence.mineral = ¦"peet"', "COND_104"), ("area > ¦5", "COND_105"), ("¦share and park", "COND_106"),
    ("¦cuont(duties) > 1", "COND_107"), ("¦count(park) > 1", "COND_108"), ("area > 5 ¦hb", "COND_109"),
    ("area > 5 ¦bilion m2", "COND_109"), ("¦spent * budget > 5 VND", "COND_110"),
    ("¦share / count_1 > 1", "COND_110"),
    ("share / ¦3 > 1", "COND_111"), ("share / ¦0 > 1", "COND_111"), ("¦null", "COND_118"),
    ("share > ¦null", "COND_118"),
    ("¦[1, 2] = share", "COND_119"), ("some ¦share in duties satisfies park", "COND_120"),
    ("share > ¦1234567890123456789012345678901", "COND_123"), ("-¦park > 2", "COND_126"),
    ('¦duties = "paid"', "COND_102"), ("¦duties = duties", "COND_131"),
    ("some x in ¦park satisfies x", "COND_132"),
]


@pytest.mark.parametrize(("marked", "code"), TYPICAL, ids=[f"{code} {text}" for text, code in TYPICAL])
def test_a_typical_mistake_is_called_by_its_name_at_its_place(marked, code):
    offsets = [match.start() - index for index, match in enumerate(re.finditer("¦", marked))]
    found = problems(marked.replace("¦", ""))
    assert [problem.code for problem in found] == [code] * len(offsets)
    assert [problem.place.column - 1 for problem in found] == offsets


def test_every_message_of_the_catalogue_can_be_reached_and_filled():
    reached = {code for _, code in TYPICAL} | {
        "COND_003", "COND_004", "COND_033", "COND_121", "COND_112", "COND_113", "COND_114", "COND_115", "COND_116",
        "COND_117", "COND_125", "COND_127"}
    known = {code for code in catalogue() if re.fullmatch(r"COND_[01]\d\d", code)}
    assert known == reached
    for text, _ in TYPICAL:
        for problem in problems(text.replace("¦", "")):
            assert "{" not in problem.message("en").replace("{fact: NAME, values: [a, b]}", "")
            assert "Text(" not in problem.message("vi")


def test_all_wrong_names_and_types_of_one_text_are_reported_at_once():
    text = 'licence.minerl = "peat" and area > 5 and budget > 7.000 VND and licence.mineral = "peet"'
    assert [problem.code for problem in problems(text)] == ["COND_101", "COND_105", "COND_014", "COND_104"]


def test_did_you_mean_names_the_nearest_word():
    assert "licence.mineral" in problems("licence.minerl = 3")[0].message("vi")
    assert "Did you mean 'rare_earth'?" in problems('licence.mineral = "rare_earh"')[0].message("en")
    assert "tháng" not in problems("area > 5 hb")[0].message("vi")
    assert "'billion'" in problems("spent > 5 bilion VND")[0].message("en")


def test_the_caret_stands_under_the_mistake_in_the_file():
    line = "    must: area > 5 and share > 1"
    place = Place("rules/x.yaml", 12, 11, "must", line)
    [problem] = problems("area > 5 and share > 1", place=place)
    assert (problem.place.line, problem.place.column, problem.place.field) == (12, 18, "must")
    assert problem.place.caret().splitlines()[1].index("^") == 4 + line.index("5")


def test_the_caret_finds_a_quoted_text_behind_its_quote():
    line = "  when: 'area > 5'"
    [problem] = problems("area > 5", place=Place("x.yaml", 3, 9, None, line))
    assert problem.place.column == line.index("5") + 1


def test_in_a_text_of_several_lines_the_line_is_counted_on():
    [problem] = problems("share > 1 and\n  area > 5", place=Place("x.yaml", 12, 7, None, "    share > 1 and"))
    assert (problem.place.line, problem.place.column) == (13, 10)
    assert problem.place.caret().splitlines()[0].strip() == "area > 5"


@pytest.mark.parametrize(("text", "wanted"), [("share", "yes/no"), ("park", "money"), ("area", "days")])
def test_a_text_of_another_type_than_wanted_is_refused(text, wanted):
    assert [problem.code for problem in problems(text, expect=wanted)] == ["COND_121"]
