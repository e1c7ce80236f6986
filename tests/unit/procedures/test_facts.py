"""Facts from outside: read exactly, or refused with every problem."""

import contextlib
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import InputError
from motcua.procedures import load_facts_text, load_json_strict, read_facts


def refused(call, *arguments):
    with pytest.raises(InputError) as error:
        call(*arguments)
    for problem in error.value.problems:
        assert problem.format()
    return error.value.problems


def test_values_come_in_canonical_units(well):
    facts = read_facts(well, {
        "filing.received_on": "2025-07-01", "well.depth": "2500 cm", "works.cost": "1.5 billion VND",
        "works.deposit": "8 triệu đồng", "well.flow": "2 l/s", "well.checks": ["survey"], "well.use": "industry",
        "site.protected": True})
    assert facts == {
        "filing.received_on": date(2025, 7, 1), "well.depth": 25, "works.cost": 1_500_000_000,
        "works.deposit": 8_000_000, "well.flow": Decimal("172.8"), "well.checks": ("survey",), "well.use": "industry",
        "site.protected": True}
    assert not any(isinstance(value, float) for value in facts.values())


def test_null_is_unknown_like_absent(well):
    assert read_facts(well, {"well.depth": None}) == {}


def test_all_problems_come_at_once_each_with_its_fact(well):
    problems = refused(read_facts, well, {
        "well.dept": 1, "well.depth": "501 m", "works.deposit": -1, "well.use": "irigation", "site.protected": "yes",
        "lease.ends_on": "2023-02-30", "works.cost": "5 ha", "well.wells_nearby": 1.5})
    assert [(problem.code, problem.place.field) for problem in problems] == [
        ("FACT_001", "well.dept"), ("FACT_004", "well.depth"), ("FACT_003", "works.deposit"),
        ("COND_213", "well.use"), ("COND_202", "site.protected"), ("COND_211", "lease.ends_on"),
        ("COND_209", "works.cost"), ("COND_207", "well.wells_nearby")]


def test_a_misspelt_fact_is_answered_with_the_nearest(well):
    [problem] = refused(read_facts, well, {"well.dept": 1})
    assert "Did you mean 'well.depth'?" in problem.message("en")


def test_a_bound_belongs_to_what_is_allowed(well):
    assert read_facts(well, {"well.depth": 500}) == {"well.depth": 500}
    [problem] = refused(read_facts, well, {"well.depth": Decimal("500.001")})
    assert problem.message("vi") == "“Độ sâu giếng” là 500,001 m, lớn hơn mức cao nhất 500 m."


def test_problems_are_bounded(well):
    assert len(refused(read_facts, well, {f"x{index}": 1 for index in range(5000)})) == 100


@pytest.mark.parametrize("raw", [[1], "text", 5, None, True])
def test_what_is_no_mapping_is_no_facts(well, raw):
    assert [problem.code for problem in refused(read_facts, well, raw)] == ["FACT_002"]


@pytest.mark.parametrize(("text", "code"), [
    ('{"a": 1, "a": 1}', "FACT_006"), ('{"a": {"b": 1, "b": 2}}', "FACT_006"), ('{"a": NaN}', "FACT_007"),
    ('{"a": -Infinity}', "FACT_007"), ('{"a": 1e400}', "FACT_007"), ('{"a": 1e-400}', "FACT_007"),
    ('{"a": 1e999999999999}', "FACT_007"), ('{"a": ' + "9" * 5000 + "}", "FACT_007"), ('{"a": 1', "FACT_005"),
    ("[" * 100 + "]" * 100, "FACT_008"), ("[" * 100_000, "FACT_008"), ('{"a": "' + "x" * 1_000_001 + '"}', "FACT_008"),
    (b"\xff\xfe", "FACT_005"), ("", "FACT_005"), ("{'a': 1}", "FACT_005"),
])
def test_the_traps_of_json_are_refused(text, code):
    assert {problem.code for problem in refused(load_json_strict, text)} == {code}


def test_all_traps_of_a_text_are_told():
    problems = refused(load_json_strict, '{"a": NaN, "b": 1e400, "c": {"d": 1, "d": 2}}')
    assert [problem.code for problem in problems] == ["FACT_007", "FACT_007", "FACT_006"]


def test_decimals_stay_exact():
    assert load_json_strict('{"a": 0.1, "b": 1.50, "c": 12}') == {"a": Decimal("0.1"), "b": Decimal("1.50"), "c": 12}


def test_brackets_in_text_are_not_depth():
    assert load_json_strict(json.dumps({"a": "[" * 100 + '"'})) == {"a": "[" * 100 + '"'}


@pytest.mark.parametrize(("text", "facts"), [
    ('{"a": 1}', {"a": 1}), ("a: 1", {"a": 1}), ("{a: 1.5, b: no}", {"a": Decimal("1.5"), "b": "no"}),
    ("\ufeffa: 2025-07-01", {"a": "2025-07-01"}), ("# nothing\na: [x]", {"a": ["x"]}),
])
def test_json_and_yaml_are_told_apart_by_the_text(text, facts):
    assert load_facts_text(text) == facts


@pytest.mark.parametrize(("text", "code"), [
    ("a: 1\na: 2", "YAML_003"), ("5", "FACT_002"), ("", "FACT_002"), ("[1]", "FACT_002"), ('{"a": 1e400}', "FACT_007"),
    ("[1", "FACT_005"), ("a: b: c", "YAML_001"),
])
def test_a_text_that_holds_no_facts_says_why(text, code):
    assert [problem.code for problem in refused(load_facts_text, text)] == [code]


def test_a_json_problem_shows_its_line():
    [problem] = refused(load_json_strict, '{"a": 1,\n "b": }', "facts.json")
    assert (problem.place.file, problem.place.line, problem.place.source_line) == ("facts.json", 2, ' "b": }')


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                           lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@given(given=st.data())
def test_any_value_for_any_fact_is_read_or_refused(given, well):
    names = st.sampled_from([*well.facts, "unknown.fact"]) | st.text(max_size=5)
    raw = given.draw(st.dictionaries(names, json_values, max_size=4))
    with contextlib.suppress(InputError):
        assert set(read_facts(well, raw)) <= set(well.facts)


jsonish = st.lists(st.sampled_from(['{', '}', '[', ']', '"a"', '"', ":", ",", "1", "1e9", "-", ".", "NaN", "null",
                                    "true", "\\", "\\ud800", " ", "\n", "é", "'", "a: b"])).map("".join)


@given(st.text() | jsonish)
def test_any_text_of_facts_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        assert isinstance(load_facts_text(text), dict)


def test_the_bounds_of_a_fact_belong_to_it(well):
    assert read_facts(well, {"well.depth": 500, "works.deposit": 0}) == {"well.depth": 500, "works.deposit": 0}
    assert [problem.code for problem in refused(read_facts, well, {"well.depth": "500.01 m"})] == ["FACT_004"]
