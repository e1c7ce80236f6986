"""Conditions in plain words, compiled together, and explained."""

from datetime import date

import pytest
from tests.unit.conditions.strategies import SCOPE

from motcua.conditions import Scope, compile_expressions, deciding_leaves, describe, parse, parse_type, unknown_names
from motcua.law import Text

TITLES = {"spent": Text("Giá trị đã thực hiện", "Part carried out"), "budget": Text("Dự toán", "Budget"),
          "licence.mineral": Text("Loại khoáng sản", "Mineral"), "duties": Text("Nghĩa vụ", "Duties"),
          "received": Text("Ngày tiếp nhận", "Received on"), "expires": Text("Ngày hết hạn", "Expiry"),
          "area": Text("Diện tích", "Area"), "park": Text("Trong khu công nghiệp", "In a park")}
LABELS = {"mineral": {"peat": Text("than bùn", "peat"), "rare_earth": Text("đất hiếm", "rare earth")},
          "duty": {"paid": Text("nộp tiền", "paid dues"), "reported": Text("báo cáo", "reported")}}


@pytest.mark.parametrize(("text", "vi", "en"), [
    ("spent >= 50% * budget", "“Giá trị đã thực hiện” ít nhất là 50% của “Dự toán”",
     '"Part carried out" is at least 50% of "Budget"'),
    ("received + 6 months <= expires", "6 tháng sau “Ngày tiếp nhận” không sau “Ngày hết hạn”",
     '6 months after "Received on" is on or before "Expiry"'),
    ("expires - received >= 90 days", "số ngày từ “Ngày tiếp nhận” đến “Ngày hết hạn” ít nhất là 90 ngày",
     'the number of days from "Received on" to "Expiry" is at least 90 days'),
    ('licence.mineral in ("peat", "rare_earth") and not(park)',
     "(“Loại khoáng sản” là than bùn hoặc đất hiếm) và “Trong khu công nghiệp” là không",
     '("Mineral" is peat or rare earth) and "In a park" is no'),
    ("area in (100 ha..50_000 ha)", "“Diện tích” trên 100 ha đến dưới 50.000 ha",
     '"Area" is more than 100 ha and less than 50,000 ha'),
    ('list contains(duties, "paid") and list contains(duties, "reported")', "“Nghĩa vụ” có nộp tiền và báo cáo",
     '"Duties" includes paid dues and reported'),
    ("not(area > 5 ha and park)", "“Diện tích” không quá 5 ha hoặc “Trong khu công nghiệp” là không",
     '"Area" is at most 5 ha or "In a park" is no'),
    ("received = null", "chưa biết “Ngày tiếp nhận”", '"Received on" is unknown'),
    ("count(duties) = 0", "“Nghĩa vụ” không có mục nào", '"Duties" has no items'),
    ("if park then 5 million VND else 0", "nếu “Trong khu công nghiệp” là có thì 5.000.000 đồng, nếu không thì 0 đồng",
     'if "In a park" is yes then 5,000,000 VND, otherwise 0 VND'),
])
def test_a_condition_reads_in_both_languages(text, vi, en):
    expression = parse(text, SCOPE)
    assert (describe(expression, "vi", TITLES, LABELS), describe(expression, "en", TITLES, LABELS)) == (vi, en)


MEASURED = {"gas": "m3_per_hour", "casing": "mm", "returned": "%", "use": "m3_per_s", "pumped": "l_per_s",
            "reservoir": "million m3", "land": "ha"}


@pytest.mark.parametrize(("text", "vi", "en"), [
    ("gas >= 20_000 m3_per_hour", "“gas” ít nhất là 20.000 m³/giờ", '"gas" is at least 20,000 m³/hour'),
    ("gas >= 480_000 m3_per_day", "“gas” ít nhất là 20.000 m³/giờ", '"gas" is at least 20,000 m³/hour'),
    ("casing < 0.25 m", "“casing” nhỏ hơn 250 mm", '"casing" is less than 250 mm'),
    ("0.25 m > casing", "250 mm lớn hơn “casing”", '250 mm is more than "casing"'),
    ("returned >= 30%", "“returned” ít nhất là 30%", '"returned" is at least 30%'),
    ("returned between 25% and 0.5", "“returned” từ 25% đến 50%", '"returned" is from 25% to 50%'),
    ("use + gas >= 2 m3_per_s", "“use” cộng “gas” ít nhất là 2 m³/s", '"use" plus "gas" is at least 2 m³/s'),
    ("max(use, gas) < 2 m3_per_s", "số lớn nhất trong (“use”, “gas”) nhỏ hơn 2 m³/s",
     'the greatest of ("use", "gas") is less than 2 m³/s'),
    ("50% * casing < 1 m", "50% của “casing” nhỏ hơn 1.000 mm", '50% of "casing" is less than 1,000 mm'),
    ("reservoir >= 20_000_000 m3", "“reservoir” ít nhất là 20 triệu m³", '"reservoir" is at least 20 million m³'),
    # 50 m³ a day is no finite number of litres a second
    ("pumped >= 50 m3_per_day", "“pumped” ít nhất là 50 m³/ngày", '"pumped" is at least 50 m³/day'),
    ("land < 2 km2", "“land” nhỏ hơn 200 ha", '"land" is less than 200 ha'),
    ("use >= gas", "“use” ít nhất là “gas”", '"use" is at least "gas"'),
])
def test_numbers_are_said_in_the_unit_in_which_the_fact_is_asked(text, vi, en):
    titles = {name: Text(name, name) for name in MEASURED}
    scope = Scope({name: parse_type("number", {}, unit) for name, unit in MEASURED.items()})
    expression = parse(text, scope)
    assert (describe(expression, "vi", titles, {}), describe(expression, "en", titles, {})) == (vi, en)


def test_expressions_compiled_together_may_read_those_before_them():
    derived = parse("spent >= 50% * budget", SCOPE)
    scope = type(SCOPE)({**SCOPE.names, "half_done": derived.type}, SCOPE.lists)
    together = {"half_done": derived, "met": parse("half_done and not(dispute)", scope)}
    values = compile_expressions(together)({"spent": 1, "budget": 2, "dispute": False})
    assert values == {"half_done": True, "met": True}
    with pytest.raises(ValueError, match="half_done"):
        compile_expressions(dict(reversed(together.items())))


@pytest.mark.parametrize(("text", "facts", "missing"), [
    ("park and secret", {}, ("park", "secret")), ("park and secret", {"park": True}, ("secret",)),
    ("park and secret", {"park": False}, ()), ("park and secret", {"secret": False}, ()),
    ("park or secret", {"secret": True}, ()), ("secret or park", {"dispute": None}, ("secret", "park")),
    ("(park and secret) or dispute", {"park": False}, ("dispute",)),
    ("if park then secret else dispute", {"park": True}, ("secret",)),
    ("if park then secret else dispute", {"secret": True, "dispute": True}, ()),
    ("if park then secret else dispute", {"secret": True}, ("park", "dispute")),
    ("if park then secret else dispute", {"secret": True, "dispute": False}, ("park",)),
    ("spent + budget > 5 VND", {"spent": 100}, ("budget",)), ("received = null", {}, ()),
])
def test_only_names_that_can_still_change_the_answer_are_asked(text, facts, missing):
    assert unknown_names(parse(text, SCOPE), facts) == missing


@pytest.mark.parametrize(("text", "facts", "leaves"), [
    ("park and secret", {"park": True, "secret": False}, {"secret": False}),
    ("park and secret", {"park": True}, {"secret": None}),
    ("park or secret", {"park": True, "secret": False}, {"park": True}),
    ("not(park or secret)", {"park": True, "secret": False}, {"park": True}),
    ("park or secret", {"park": False, "secret": False}, {"park": False, "secret": False}),
    ('licence.mineral in ("peat", "metal") and park', {"licence.mineral": "rare_earth", "park": True},
     {'licence.mineral in ("peat", "metal")': False}),
    ("area between 1 ha and 2 ha", {"area": 3}, {"area in [1 ha..2 ha]": False}),
    ("if park then secret else dispute", {"park": False, "dispute": True}, {"park": False, "dispute": True}),
])
def test_an_explanation_names_the_conditions_that_decided(text, facts, leaves):
    found = deciding_leaves(parse(text, SCOPE), facts)
    assert {leaf.text: leaf.value for leaf in found} == leaves


def test_an_explanation_carries_the_values_read():
    facts = {"received": date(2026, 1, 1), "expires": date(2026, 2, 1)}
    [leaf] = deciding_leaves(parse("received + 6 months <= expires", SCOPE), facts)
    assert (leaf.value, leaf.values) == (False, facts)
