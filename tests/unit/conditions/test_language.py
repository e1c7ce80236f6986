"""What the language says: each construct with its value, known and unknown."""

from datetime import date
from decimal import Decimal

import pytest
from tests.unit.conditions.strategies import LISTS, SCOPE

from motcua.conditions import Scope, Type, evaluate, literal, parse, parse_type, requires_all
from motcua.errors import RuleFileError


def value(text, **facts):
    return evaluate(parse(text, SCOPE), {name.replace("__", "."): fact for name, fact in facts.items()})


@pytest.mark.parametrize(("condition", "other", "conjunction", "disjunction"), [
    (True, True, True, True), (True, False, False, True), (True, None, None, True),
    (False, False, False, False), (False, None, False, None), (None, None, None, None),
])
def test_and_or_and_not_follow_kleene(condition, other, conjunction, disjunction):
    for left, right in ((condition, other), (other, condition)):
        assert value("park and secret", park=left, secret=right) is conjunction
        assert value("park or secret", park=left, secret=right) is disjunction
    assert value("not(park)", park=condition) is (None if condition is None else not condition)


@pytest.mark.parametrize(("condition", "then", "otherwise", "expected"), [
    (True, 1, 2, 1), (False, 1, 2, 2), (None, 1, 2, None), (None, 1, 1, 1), (None, None, 1, None),
    (True, None, 1, None), (False, None, 1, 1), (None, None, None, None),
])
def test_an_unknown_choice_has_a_value_only_where_both_branches_agree(condition, then, otherwise, expected):
    facts = {"park": condition, "spent": then, "budget": otherwise}
    assert value("if park then spent else budget", **facts) == expected
    truths = {"park": condition, "secret": None if then is None else then == 1,
              "dispute": None if otherwise is None else otherwise == 1}
    assert value("if park then secret else dispute", **truths) is (None if expected is None else expected == 1)


def test_known_and_unknown_are_two_valued():
    assert value("received = null") is True
    assert value("received != null") is False
    assert value("received != null", received=date(2024, 5, 6)) is True


def test_or_binds_weaker_than_and():
    assert value("park or secret and dispute", park=True, secret=False, dispute=False) is True
    assert value("(park or secret) and dispute", park=True, secret=False, dispute=False) is False


@pytest.mark.parametrize(("area", "closed", "opened"), [
    ("99.99", False, False), (100, True, False), (101, True, True), (50_000, True, False), (50_001, False, False)])
def test_intervals_say_whether_their_ends_count(area, closed, opened):
    assert value("area in [100 ha..50_000 ha]", area=Decimal(area)) is closed
    assert value("area in (100 ha..50_000 ha)", area=Decimal(area)) is opened
    assert value("area between 100 ha and 500 km2", area=Decimal(area)) is closed


def test_tests_after_in_may_be_mixed():
    texts = [value("count_1 in (1, [3..4], > 7)", count_1=n) for n in range(10)]
    assert texts == [False, True, False, True, True, False, False, False, True, True]


def test_lists_are_asked_with_contains_count_some_and_every():
    duties = ("paid", "reported")
    assert value('list contains(duties, "paid")', duties=duties) is True
    assert value('"compensated" in duties', duties=duties) is False
    assert value("count(duties)", duties=()) == 0
    assert value('some d in duties satisfies d != "paid"', duties=duties) is True
    assert value('every d in duties satisfies d != "paid"', duties=duties) is False
    assert value('every d in duties satisfies d = "paid"', duties=()) is True
    assert value('some d in duties satisfies d = "paid"', duties=()) is False
    assert value('some d in duties satisfies d = "paid"') is None
    assert value('every d in ["paid", "reported"] satisfies list contains(duties, d)', duties=duties) is True
    assert value('list contains(["metal", "peat"], licence.mineral)', licence__mineral="peat") is True


def test_a_list_that_must_hold_all_values_names_each_missing_one_wrong():
    condition = requires_all("duties", ["paid", "compensated"], SCOPE)
    assert evaluate(condition, {"duties": ("compensated", "paid", "reported")}) is True
    assert evaluate(condition, {"duties": ("paid",)}) is False
    with pytest.raises(RuleFileError) as wrong:
        requires_all("duties", ["payd", "compensatd"], SCOPE)
    assert [problem.code for problem in wrong.value.problems] == ["COND_104"]
    with pytest.raises(RuleFileError, match="COND_132"):
        requires_all("park", ["paid"], SCOPE)


@pytest.mark.parametrize(("text", "expected"), [
    ("10 billion VND", 10**10), ("10 tỷ đồng", 10**10), ("1.5 triệu VND", 1_500_000),
    ("50% * 4 million VND", 2 * 10**6),
    ("50 m2", Decimal("0.005")), ("2 km2", 200), ("12 m3/hour", 288), ("1 m3_per_s", 86_400), ("2 years", 24),
    ("90 days", 90), ("45 working_days", 45), ("12.5%", Decimal("0.125")), ("3 billion", 3 * 10**9),
    ("1_000.5", Decimal("1000.5")), ("7.0000", 7), ("0.125", Decimal("0.125")), ("-3 + 1", -2),
    ("7 / 8", Decimal("0.875")),
    ('@"P1Y"', 12), ('duration("P90D")', 90), ("500 mm", Decimal("0.5")), ("2 MW", 2000), ("6 ha / 2 ha", 3),
])
def test_literals_are_exact_and_in_the_canonical_unit(text, expected):
    result = evaluate(parse(text, SCOPE), {})
    assert result == expected
    assert isinstance(result, int) == (result == int(result))


def test_no_digit_is_lost_in_long_numbers():
    share = Decimal("123456789012345678.901234567891")
    assert value("share * 1.000000001 - share", share=share) == Decimal("123456789.012345678901234567891")
    assert value("abs(0 - share)", share=share) == share
    assert value("-share", share=share) == share.copy_negate()


@pytest.mark.parametrize(("number", "places", "expected"), [
    ("2.5", 0, 3), ("-2.5", 0, -3), ("2.45", 1, Decimal("2.5")), ("1249", -2, 1200), ("1250", -2, 1300)])
def test_a_half_rounds_away_from_zero(number, places, expected):
    assert value(f"round half up(share, {places})", share=Decimal(number)) == expected


def test_floor_goes_down_below_zero_too():
    assert value("floor(share)", share=Decimal("-0.5")) == -1
    assert value("floor(share)", share=Decimal("0.5")) == 0


def test_functions_take_the_least_the_greatest_and_the_total():
    facts = {"spent": 3, "budget": 7}
    assert value("min(spent, budget)", **facts) == 3
    assert value("max([spent, budget, 5 VND])", **facts) == 7
    assert value("sum(spent, budget, 1 VND)", **facts) == 11
    assert value("min(spent, budget)", spent=3) is None
    assert value("max(received, expires)", received=date(2024, 1, 1), expires=date(2025, 1, 1)) == date(2025, 1, 1)


def test_names_are_compared_in_one_normal_form():
    composed, decomposed = "hồ_sơ", "hồ_sơ"
    scope = Scope({composed: Type("yes/no")})
    assert parse(decomposed, scope).names == {composed}


def test_a_word_that_begins_like_a_keyword_is_a_name():
    scope = Scope({name: Type("yes/no") for name in ("android", "order", "input.if_any", "notice")})
    assert parse("android and order or not(input.if_any) or notice", scope).names == set(scope.names)


def test_where_a_value_of_a_list_is_wanted_its_bare_word_will_do():
    mineral = parse_type("one of mineral", LISTS)
    assert evaluate(parse("peat", SCOPE, expect=mineral), {}) == "peat"
    choice = parse('if park then "peat" else licence.mineral', SCOPE, expect=mineral)
    assert evaluate(choice, {"park": True}) == "peat"
    with pytest.raises(RuleFileError, match="COND_104"):
        parse('"gold"', SCOPE, expect=mineral)


def test_a_bare_number_counts_in_the_unit_that_is_wanted():
    assert evaluate(parse("45", SCOPE, expect=Type("days", "days")), {}) == 45
    assert evaluate(parse("8.6", SCOPE, expect=parse_type("money", {}, "million VND")), {}) == 8_600_000


def test_a_constant_made_from_a_value_shows_as_text():
    assert literal(5 * 10**6, parse_type("money", {})).show() == "5 million VND"
    assert evaluate(literal(date(2024, 5, 6), Type("date")), {}) == date(2024, 5, 6)


@pytest.mark.parametrize(("text", "shown"), [
    ("scheme >= 50% * budget", "scheme >= 50% * budget"), ("area >= 7.1250 ha", "area >= 7.1250 ha"),
    ('licence.mineral = "peat" or licence.mineral = "metal"', 'licence.mineral in ("peat", "metal")'),
    ("area >= 1 ha and area < 3 ha", "area in [1 ha..3 ha)"), ("park = false", "not(park)"),
    ("spent > 0", "spent > 0 VND"), ("budget = 20_000_000 VND", "budget = 20 million VND"),
    ("(park or secret) and not(dispute)", "(park or secret) and not(dispute)"),
])
def test_expressions_are_shown_as_a_lawyer_would_write_them(text, shown):
    scope = Scope({**SCOPE.names, "scheme": Type("money", "VND")}, LISTS)
    assert parse(text, scope).show() == shown


@pytest.mark.parametrize("text", ["(expires - received) / 8 days > 2", "spent / 5 million VND + 1 >= 3",
                                  "(expires - received) / (0 days - 2 days) = 1"])
def test_a_share_of_quantities_is_shown_so_that_it_reads_back_the_same(text):
    expression = parse(text, SCOPE)
    assert parse(expression.show(), SCOPE).tree == expression.tree


def test_a_span_between_two_dates_is_whole_and_may_be_added_to_a_date():
    facts = {"received": date(2024, 2, 28), "expires": date(2024, 3, 1)}
    assert value("received + (expires - received)", **facts) == date(2024, 3, 1)
