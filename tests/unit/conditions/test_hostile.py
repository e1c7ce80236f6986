"""Texts and values from people who mean harm cost bounded time and never crash."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.conditions.strategies import SCOPE

from motcua.conditions import Scope, all_of, any_of, compile_expressions, evaluate, negate, parse, parse_type
from motcua.errors import RuleFileError

TOKENS = ["park", "share", "duties", "licence.mineral", '"peat"', "5", "7.000", "1 ha", "50%", "(", ")", "[", "]",
          "..", ",", "and", "or", "not", "in", "between", "if", "then", "else", "some", "every", "satisfies", "x",
          "=", "==", "<", "<=", "+", "-", "*", "/", "null", "true", "@", "date", "count", "list contains", "{",
           "!",
          "received", "6 months", "90 days", "\n", "'", '"', "\\", "\x00", "é", "０"]


def refused(text):
    with pytest.raises(RuleFileError) as wrong:
        parse(text, SCOPE)
    return {problem.code for problem in wrong.value.problems}


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_either_an_expression_or_refused_with_a_message(text):
    problems = None
    try:
        parse(text, SCOPE)
    except RuleFileError as wrong:
        problems = [problem.format() for problem in wrong.problems]
    assert problems is None or (problems and all(problems))


@pytest.mark.parametrize("text", [
    "not(" * 1900 + "park" + ")" * 1900, "if park then " * 400 + "secret" + " else park" * 400,
    "share" + " + share" * 1200 + " > 1",
    "share > " + "-(" * 2000 + "1" + ")" * 2000, "[" * 4000, "share > " + "abs(" * 1500 + "1" + ")" * 1500,
])
def test_deep_texts_are_refused_as_too_deep(text):
    assert refused(text) <= {"COND_004", "COND_024", "COND_106"}


def test_long_texts_are_refused_before_they_are_read():
    assert refused("park and " * 2000 + "park") == {"COND_003"}


def test_wide_texts_within_the_limit_are_fine():
    assert parse("(" * 3000 + "park" + ")" * 3000, SCOPE).show() == "park"
    wide = parse(" and ".join(["park"] * 1000), SCOPE)
    assert compile_expressions({"e": wide})({"park": True}) == {"e": True}
    many = parse("share in (" + ", ".join(map(str, range(1500))) + ")", SCOPE)
    assert compile_expressions({"e": many})({"share": 1499}) == {"e": True}


def test_quantifiers_within_quantifiers_over_long_lists_are_refused():
    lists = {"big": [f"v{number}" for number in range(200)]}
    scope = Scope({"holds": parse_type("list of big", lists)}, lists)
    text = "".join(f"some {name} in holds satisfies " for name in ("a", "b", "c", "d")) + "a = b"
    with pytest.raises(RuleFileError, match="COND_004"):
        parse(text, scope)


def test_tests_within_tests_do_not_multiply_without_end():
    text = "share > 1"
    for _ in range(40):
        text = f"(({text}) in (true, park, secret, dispute))"
    assert refused(text) == {"COND_004"}


def test_numbers_cannot_be_multiplied_into_endless_ones():
    assert refused("share > " + " * ".join(["999999999999999"] * 500)) == {"COND_123"}
    assert refused("share > 1" + "0" * 9000) == {"COND_123"}


def test_lists_of_conditions_are_bounded_too():
    def nested(condition, levels):
        inner = nested(condition, levels - 1) if levels else condition
        return negate(any_of([all_of([inner, inner]), inner]))

    with pytest.raises(RuleFileError, match="COND_004"):
        nested(parse("park", SCOPE), 50)
    with pytest.raises(RuleFileError, match="COND_106"):
        all_of([parse("share", SCOPE)])


def test_the_deepest_expression_allowed_runs_in_every_reader_within_a_deep_stack():
    text = "park"
    for _ in range(20):
        text = f"not(({text}) and (if secret then {'park'} else dispute))"
    expression = parse(text, SCOPE)
    facts = {"park": True, "secret": False, "dispute": None}
    limit = sys.getrecursionlimit()

    def deeper(levels):
        return deeper(levels - 1) if levels else evaluate(expression, facts)

    assert deeper(limit // 2) is compile_expressions({"e": expression})(facts)["e"]


def test_names_and_texts_cannot_reach_the_generated_program():
    nasty = 'note = "\\"); import os #" or note = "{x}\\\\"'
    expression = parse(nasty, SCOPE)
    compiled = compile_expressions({'"]}; import os': expression})
    assert compiled({"note": '"); import os #'}) == {'"]}; import os': True}
    assert compiled({"note": "{x}\\"}) == {'"]}; import os': True}
