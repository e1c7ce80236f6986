"""Laws that hold for every expression and every state of knowledge."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.conditions import oracle
from tests.unit.conditions.strategies import (
    ANY_TEXT,
    CONDITIONS,
    MONOTONE_CONDITIONS,
    SCOPE,
    VALUE_TEXTS,
    environments,
)

from motcua.conditions import (
    Expression,
    Type,
    all_of,
    any_of,
    atoms,
    compile_expressions,
    deciding_leaves,
    describe,
    evaluate,
    negate,
    none_of,
    parse,
    unknown_names,
)

# on a busy machine many nested texts are slow to draw, which says nothing of the language
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(ANY_TEXT)
def test_what_is_shown_parses_to_the_same_tree(text):
    expression = parse(text, SCOPE)
    assert parse(expression.show(), SCOPE).tree == expression.tree


@many
@given(st.lists(ANY_TEXT, min_size=1, max_size=4), environments())
def test_compiled_expressions_agree_with_the_interpreter(texts, env):
    expressions = {f"e{index}": parse(text, SCOPE) for index, text in enumerate(texts)}
    values = compile_expressions(expressions)(env)
    expected = {key: evaluate(expression, env) for key, expression in expressions.items()}
    assert values == expected
    assert {key: type(value) for key, value in values.items()} == {
        key: type(value) for key, value in expected.items()}


@pytest.mark.parametrize(("left", "right", "total"), [
    (Decimal("0.5"), Decimal("0.5"), 1), (Decimal("123456789012345678901234567890.5"), Decimal("0.25"),
                                          Decimal("123456789012345678901234567890.75"))])
def test_money_that_rules_computed_may_have_fractions_and_stays_exact(left, right, total):
    expression = parse("spent + budget", SCOPE)
    env = {"spent": left, "budget": right}
    for found in (evaluate(expression, env), compile_expressions({"sum": expression})(env)["sum"]):
        assert (found, type(found)) == (total, type(total))


@many
@given(st.one_of(CONDITIONS, VALUE_TEXTS), environments(unknown=False))
def test_with_all_facts_known_the_value_is_that_of_exact_two_valued_arithmetic(text, facts):
    expression = parse(text, SCOPE)
    expected = oracle.value(expression.tree, facts)
    got = evaluate(expression, facts)
    assert (Fraction(got) if isinstance(expected, Fraction) else got) == expected


@many
@given(MONOTONE_CONDITIONS, environments(), environments())
def test_learning_a_fact_never_flips_a_definite_answer(text, env, more):
    expression = parse(text, SCOPE)
    before = evaluate(expression, env)
    known = {name: value for name, value in env.items() if value is not None}
    after = evaluate(expression, {**more, **known})
    assert before is None or after is before


@many
@given(ANY_TEXT, environments())
def test_a_value_is_unknown_exactly_when_names_are_left_to_ask(text, env):
    expression = parse(text, SCOPE)
    missing = unknown_names(expression, env)
    assert (evaluate(expression, env) is None) is bool(missing)
    assert all(env.get(name) is None for name in missing)
    assert list(missing) == [name for name in expression.names_in_order if name in missing]


@many
@given(MONOTONE_CONDITIONS, environments(), environments(unknown=False))
def test_facts_that_are_not_asked_for_cannot_settle_an_unknown_answer(text, env, facts):
    expression = parse(text, SCOPE)
    missing = unknown_names(expression, env)
    rest = {name: value for name, value in facts.items() if name not in missing and env.get(name) is None}
    known = {name: value for name, value in env.items() if value is not None}
    if missing:
        assert evaluate(expression, {**known, **rest}) is None


@many
@given(CONDITIONS, environments())
def test_the_facts_of_the_deciding_leaves_alone_decide(text, env):
    expression = parse(text, SCOPE)
    value = evaluate(expression, env)
    leaves = deciding_leaves(expression, env)
    kept = {name: env.get(name) for leaf in leaves for name in leaf.values}
    if value is not None:
        assert evaluate(expression, kept) is value
    for leaf in leaves:
        assert evaluate(leaf.expression, env) == leaf.value
        assert leaf.expression.text == leaf.text


@many
@given(CONDITIONS, environments())
def test_a_condition_is_the_conjunction_of_its_atoms(text, env):
    expression = parse(text, SCOPE)
    parts = [evaluate(Expression("", atom, Type("yes/no")), env) for atom in atoms(expression.tree)]
    expected = False if False in parts else None if None in parts else True
    assert evaluate(expression, env) is expected


@many
@given(st.lists(CONDITIONS, max_size=3), environments())
def test_lists_of_conditions_follow_kleene(texts, env):
    conditions = [parse(text, SCOPE) for text in texts]
    values = [evaluate(condition, env) for condition in conditions]
    one = True if True in values else None if None in values else False
    every = False if False in values else None if None in values else True
    assert evaluate(any_of(conditions), env) is one
    assert evaluate(all_of(conditions), env) is every
    assert evaluate(none_of(conditions), env) is (None if one is None else not one)
    for condition, value in zip(conditions, values, strict=True):
        assert evaluate(negate(condition), env) is (None if value is None else not value)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.sampled_from(["vi", "en"]))
def test_every_expression_has_words_without_its_operators(text, lang):
    words = describe(parse(text, SCOPE), lang, {}, {})
    assert words
    assert not any(sign in words for sign in ("<", "!=", "satisfies", "None"))
