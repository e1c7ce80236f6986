"""Values from outside are read strictly, shown in both languages, and kept exactly."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.conditions.strategies import LISTS, SCOPE, value_of

from motcua.conditions import Type, parse_type, read_value, show_value, to_json
from motcua.errors import InputError, RuleFileError
from motcua.law import Text


def type_of(text, unit=None):
    return parse_type(text, LISTS, unit)


def refusal(text, raw, unit=None):
    with pytest.raises(InputError) as refused:
        read_value(type_of(text, unit), raw)
    [problem] = refused.value.problems
    assert all("{" not in problem.message(lang) and "Text(" not in problem.message(lang) for lang in ("vi", "en"))
    return problem.code


@pytest.mark.parametrize(("text", "unit", "raw", "value"), [
    ("money", None, "10 billion VND", 10**10), ("money", None, "1.5 tỷ đồng", 15 * 10**8), ("money", None, 5, 5),
    ("money", None, "10 tỷ", 10**10), ("money", None, "5 million", 5_000_000), ("money", None, "10tỉ", 10**10),
    ("money", "million VND", "10 tỷ", 10**10), ("money", None, "1.5  tỷ VNĐ", 15 * 10**8),
    ("money", "million VND", Decimal("8.6"), 8_600_000), ("money", "million VND", "3 VND", 3),
    ("area", None, "50 m2", Decimal("0.005")), ("area", "m2", 50_000, 5), ("area", None, "1.5 ha", Decimal("1.5")),
    ("area", None, 0.1, Decimal("0.1")), ("area", None, 1.0, 1), ("number", "m3/day", 3000, 3000),
    ("number", "m3/hour", 2, 48), ("number", "m3/s", 0.5, 43_200), ("number", "kW", 50, 50),
    ("number", "mm", 1, Decimal("0.001")),
    ("number", "million m3", 2, 2_000_000), ("years", None, 2.5, 30), ("number", "years", 1, 12),
    ("percent", None, 50, Decimal("0.5")),
    ("percent", None, "51%", Decimal("0.51")), ("number", None, "2 million", 2_000_000),
    ("days", None, "90 days", 90),
    ("days", None, -3, -3), ("number", None, "1_000", 1000), ("integer", None, Decimal("3.0"), 3),
    ("number", None, "-2.5", Decimal("-2.5")),
    ("number", None, "0", 0), ("number", None, Decimal("0E+3"), 0), ("yes/no", None, False, False),
    ("date", None, "2024-02-29", date(2024, 2, 29)), ("date", None, date(2024, 5, 6), date(2024, 5, 6)),
    ("one of mineral", None, "peat", "peat"),
    ("list of duty", None, ["paid", "reported", "paid"], ("paid", "reported")),
    ("list of duty", None, [], ()), ("text", None, "hồ sơ", "hồ sơ"), ("text", None, "a\nb", "a\nb"),
])
def test_values_become_canonical_and_exact(text, unit, raw, value):
    read = read_value(type_of(text, unit), raw)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("text", "raw", "code"), [
    ("yes/no", "yes", "COND_202"), ("yes/no", 1, "COND_202"), ("yes/no", "true", "COND_202"),
    ("money", True, "COND_203"), ("money", "much", "COND_203"), ("money", None, "COND_203"),
    ("number", [1], "COND_203"),
    ("number", float("nan"), "COND_203"), ("number", float("inf"), "COND_203"),
    ("number", Decimal("-Infinity"), "COND_203"),
    ("number", "1e400", "COND_204"), ("number", "NaN", "COND_203"), ("number", "", "COND_203"),
    ("number", "1,5", "COND_205"), ("money", "1,5 tỷ đồng", "COND_205"), ("money", "10,000,000", "COND_205"),
    ("area", "5 tỷ", "COND_204"),
    ("number", Decimal("1e400"), "COND_206"), ("number", Decimal("1e-400"), "COND_206"),
    ("number", 10**30, "COND_206"),
    ("number", "9" * 150, "COND_206"),
    ("money", "7.000", "COND_205"), ("money", "7.000.000 VND", "COND_205"), ("money", "10 bilion VND", "COND_204"),
    ("money", "5 ha", "COND_209"), ("area", "5 days", "COND_209"), ("days", "3 months", "COND_209"),
    ("money", Decimal("0.5"), "COND_207"), ("days", 1.5, "COND_207"), ("integer", "2.5", "COND_207"),
    ("months", -1, "COND_208"),
    ("date", "2023-02-30", "COND_211"), ("date", "6/5/2024", "COND_210"), ("date", 20240506, "COND_210"),
    ("date", datetime(2024, 5, 6), "COND_210"), ("date", "2024-05-06T00:00", "COND_210"),
    ("date", "0024-05-06", "COND_212"),
    ("date", "２０２４-05-06", "COND_210"), ("one of mineral", "gold", "COND_213"), ("one of mineral", 3, "COND_213"),
    ("one of mineral", ["peat"], "COND_213"), ("list of duty", "paid", "COND_214"),
    ("list of duty", ["gold"], "COND_213"),
    ("text", 5, "COND_216"), ("text", "a" * 10_001, "COND_215"), ("text", "a\x00b", "COND_217"),
    ("text", "\ud800", "COND_217"),
    ("text", "\x1b[31m", "COND_217"), ("number", "٣", "COND_203"),
])
def test_doubtful_values_are_refused_with_what_to_write_instead(text, raw, code):
    assert refusal(text, raw) == code


def test_numbers_too_long_to_print_are_refused_without_printing_them():
    assert refusal("number", 10**5000) == "COND_206"
    assert refusal("number", "9" * 5000) == "COND_203"
    assert refusal("yes/no", [10**5000]) == "COND_202"


def test_a_refusal_names_the_value_the_type_and_a_near_word():
    with pytest.raises(InputError) as refused:
        read_value(type_of("one of mineral"), "rare_eart")
    message = refused.value.problems[0].message("en")
    assert "'rare_eart'" in message
    assert "Did you mean 'rare_earth'?" in message


@given(st.sampled_from(sorted(SCOPE.names)).flatmap(lambda name: st.tuples(st.just(name), value_of(name))))
def test_json_reads_back_to_the_same_value(named):
    name, value = named
    own = SCOPE.names[name]
    written = json.dumps(to_json(own, value))
    assert read_value(own, json.loads(written, parse_float=Decimal)) == value


@given(st.integers(-10**12, 10**12), st.sampled_from(["million VND", "billion VND", "VND"]))
def test_a_value_goes_back_into_the_unit_it_was_given_in(number, unit):
    own = type_of("money", unit)
    assert to_json(own, read_value(own, number)) == number


def test_numbers_that_json_readers_would_round_become_strings():
    own, exact = type_of("number"), Decimal("12345678901234567.125")
    assert to_json(own, exact) == "12345678901234567.125"
    assert read_value(own, to_json(own, exact)) == exact
    assert to_json(own, Decimal("0.1")) == 0.1
    assert to_json(own, None) is None


LABELS = {"mineral": {"peat": Text("than bùn", "peat"), "metal": Text("kim loại", "metal")}}


@pytest.mark.parametrize(("text", "unit", "value", "vi", "en"), [
    ("money", None, 1_234_567, "1.234.567 đồng", "1,234,567 VND"),
    ("area", None, Decimal("1234.5"), "1.234,5 ha", "1,234.5 ha"),
    ("area", "m2", Decimal("0.005"), "50 m²", "50 m²"),
    ("money", "million VND", 8_600_000, "8,6 triệu đồng", "8.6 million VND"),
    ("date", None, date(2026, 3, 27), "27/3/2026", "27 March 2026"), ("yes/no", None, True, "có", "yes"),
    ("yes/no", None, False, "không", "no"), ("one of mineral", None, "peat", "than bùn", "peat"),
    ("list of mineral", None, ("peat", "metal"), "than bùn; kim loại", "peat; metal"),
    ("list of mineral", None, (), "không có", "none"),
    ("percent", None, Decimal("0.5"), "50%", "50%"), ("working_days", None, 1, "1 ngày làm việc", "1 working day"),
    ("years", None, 24, "2 năm", "2 years"), ("number", "m3/hour", 48, "2 m³/giờ", "2 m³/hour"),
    ("number", None, None, "chưa biết", "unknown"),
    ("number", "m3/hour", 1, "0,0416666667 m³/giờ", "0.0416666667 m³/hour"),
])
def test_values_are_shown_as_people_write_them(text, unit, value, vi, en):
    own = type_of(text, unit)
    assert (show_value(own, value, "vi", LABELS), show_value(own, value, "en", LABELS)) == (vi, en)


@pytest.mark.parametrize(("text", "unit", "code"), [
    ("mony", None, "COND_301"), ("one of minerals", None, "COND_302"), ("number", "kWW", "COND_303"),
    ("area", "VND", "COND_304")])
def test_types_that_do_not_exist_are_refused(text, unit, code):
    with pytest.raises(RuleFileError) as refused:
        parse_type(text, LISTS, unit)
    [problem] = refused.value.problems
    assert problem.code == code
    assert 'Did you mean' in problem.message("en") or code == "COND_304"


def test_a_number_with_a_unit_is_a_quantity_of_that_kind():
    assert type_of("number", "kW") == Type("power", "kW")
    assert type_of("list of duty").values == LISTS["duty"]
    assert str(type_of("one of mineral")) == "one of mineral"
