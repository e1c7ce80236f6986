"""The value that a node's text gives a fact, by type, unit and words of the form."""

from datetime import date
from decimal import Decimal

import pytest

from motcua.conditions import Type
from motcua.errors import InputError
from motcua.forms.binding import convert, reader

MINERAL = ("metal", "peat")


@pytest.mark.parametrize(("kind", "text", "value"), [
    (Type("money"), "1000000", 1_000_000),
    (Type("money"), "007", 7),
    (Type("money"), "5.0", 5),
    (Type("integer"), "-3", -3),
    (Type("number"), "999999999999999999", 999_999_999_999_999_999),
    (Type("number"), "1000000000000000000", 1_000_000_000_000_000_000),
    (Type("number"), "2.50", Decimal("2.5")),
    (Type("number", "%"), "50", Decimal("0.5")),
    (Type("area"), "12", 12),
    (Type("area", "km2"), "2", 200),
    (Type("money", "million VND"), "3", 3_000_000),
    (Type("months"), "6", 6),
    (Type("months", "years"), "2", 24),
    (Type("date"), "2024-05-06", date(2024, 5, 6)),
    (Type("date"), "2024-05-06T23:30:00.000Z", date(2024, 5, 7)),
    (Type("yes/no"), "yes", True),
    (Type("yes/no"), "0", False),
    (Type("text"), " mỏ ", "mỏ"),
    (Type("list of", None, "mineral", MINERAL), "peat metal peat", ("peat", "metal")),
    (Type("list of", None, "mineral", MINERAL), "", ()),
    (Type("one of", None, "mineral", MINERAL), "peat", "peat"),
    *[(Type(kind), "", None) for kind in ("money", "number", "date", "yes/no", "text")],
])
def test_a_text_gives_the_value_of_its_type(kind, text, value):
    read = reader(kind, {})
    assert (read(text), read(text), convert(kind, text, {})) == (value, value, value)
    assert type(read(text)) is type(value)


@pytest.mark.parametrize(("kind", "text"), [
    (Type("money"), "0.5"), (Type("integer"), "1.5"), (Type("months"), "-1"), (Type("number"), "1" * 31),
    (Type("number"), "٣"), (Type("number"), "1e3x"), (Type("date"), "2024-02-30"), (Type("yes/no"), "maybe"),
    (Type("one of", None, "mineral", MINERAL), "gold"),
])
def test_a_text_that_is_no_value_of_its_type_is_refused(kind, text):
    with pytest.raises(InputError):
        reader(kind, {})(text)


def test_words_of_the_form_mean_values_of_the_list():
    words = {"kl": "metal", "none_of_these": None, "co": "yes"}
    assert reader(Type("one of", None, "mineral", MINERAL), words)("kl") == "metal"
    assert reader(Type("list of", None, "mineral", MINERAL), words)("kl none_of_these") == ("metal",)
    assert reader(Type("yes/no"), words)("co") is True
    with pytest.raises(InputError):
        reader(Type("one of", None, "mineral", MINERAL), words)("none_of_these")
