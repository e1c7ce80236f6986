"""What people type: read strictly as Vietnamese, refused rather than guessed, shown as they write it."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.forms.typed import (
    TypedError,
    date_parts,
    money_in_words,
    read_date,
    read_date_text,
    read_number,
    read_time,
    show_date,
    show_number,
    show_time,
)


@pytest.mark.parametrize(("typed", "value"), [
    ("1.234.567,89", "1234567.89"), ("1234567,89", "1234567.89"), ("1.234", "1234"), ("1 234", "1234"),
    ("1\u00a0234\u00a0567", "1234567"), ("1\u202f234", "1234"), ("0", "0"), ("-5", "-5"), ("12,50", "12.50"),
    ("007", "007"), (" 7 ", "7"), ("", ""), ("   ", ""),
])
def test_numbers_are_read_as_vietnamese(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", [
    "12.5", "1,234.56", "1e3", ",5", "5,", "٣", "1.23.456", "1.2345", "1.234.", "--1", "+1", "1 2", "0x10", "NaN",
    "1_000", "½", "1,2,3", "một", "1.234 567x", "−5",
])
def test_what_could_be_meant_in_two_ways_or_in_none_is_refused(typed):
    with pytest.raises(TypedError) as refused:
        read_number(typed)
    assert refused.value.problem.code == "WEB_101"


def test_a_whole_number_may_be_written_with_zeros_after_the_comma():
    assert read_number("12,00", whole=True) == "12"
    with pytest.raises(TypedError) as refused:
        read_number("12,50", whole=True)
    assert refused.value.problem.code == "WEB_102"


def test_numbers_have_an_end():
    assert read_number("9" * 30) == "9" * 30
    with pytest.raises(TypedError) as refused:
        read_number("9" * 31)
    assert refused.value.problem.code == "WEB_103"


@given(st.integers(-10**25, 10**25), st.text("0123456789", max_size=4))
def test_a_number_shown_can_be_typed_again(integral, fraction):
    text = f"{integral}.{fraction}" if fraction else str(integral)
    assert Decimal(read_number(show_number(text))) == Decimal(text)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused_and_never_breaks(typed):
    try:
        value = read_number(typed)
    except TypedError:
        return
    assert re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?)?", value)


@pytest.mark.parametrize(("boxes", "code", "part"), [
    (("31", "2", "2026"), "WEB_108", "day"), (("30", "2", "2024"), "WEB_108", "day"),
    (("0", "1", "2026"), "WEB_108", "day"), (("1", "13", "2026"), "WEB_106", "month"),
    (("1", "0", "2026"), "WEB_106", "month"), (("1", "1", "26"), "WEB_107", "year"),
    (("1", "1", "0999"), "WEB_107", "year"), (("", "1", "2026"), "WEB_104", "day"),
    (("1", "", ""), "WEB_104", "month"), (("x", "1", "2026"), "WEB_105", "day"),
    (("1", "tư", "2026"), "WEB_105", "month"), (("1", "1", "12026"), "WEB_105", "year"),
    (("٣", "1", "2026"), "WEB_105", "day"), (("-1", "1", "2026"), "WEB_105", "day"),
])
def test_a_wrong_date_names_the_box(boxes, code, part):
    with pytest.raises(TypedError) as refused:
        read_date(*boxes)
    assert (refused.value.problem.code, refused.value.part) == (code, part)
    assert refused.value.problem.message("vi")
    assert refused.value.problem.message("en")


def test_the_parts_a_date_lacks_are_all_named():
    with pytest.raises(TypedError) as refused:
        read_date("27", "", "")
    assert refused.value.problem.message("vi") == "Ngày còn thiếu tháng và năm. Nhập ngày như 27/3/2026."


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(9999, 12, 31)))
def test_every_real_date_is_read_from_boxes_and_text_and_shown_again(day):
    iso = day.isoformat()
    assert read_date(*date_parts(iso)) == iso
    assert read_date_text(show_date(iso)) == iso


@pytest.mark.parametrize(("typed", "iso"), [
    ("27/3/2026", "2026-03-27"), ("27-03-2026", "2026-03-27"), ("27.3.2026", "2026-03-27"),
    (" 7 / 3 / 2026 ", "2026-03-07"), ("", ""),
])
def test_a_date_in_one_box_takes_three_separators(typed, iso):
    assert read_date_text(typed) == iso


@pytest.mark.parametrize("typed", ["2026-03-27", "27/3/26", "27 3 2026", "hôm nay", "٢٧/٣/٢٠٢٦", "27/3/2026 8:00"])
def test_a_date_written_otherwise_is_refused(typed):
    with pytest.raises(TypedError):
        read_date_text(typed)


@pytest.mark.parametrize(("typed", "value"), [
    ("8:05", "08:05:00.000+07:00"), ("8h05", "08:05:00.000+07:00"), ("14:30", "14:30:00.000+07:00"),
    ("8 giờ 05", "08:05:00.000+07:00"), ("", ""),
])
def test_times_are_read_on_24_hours(typed, value):
    assert read_time(typed) == value


@pytest.mark.parametrize("typed", ["24:00", "8:60", "8", "8:5", "8:05 chiều", "٨:٠٥"])
def test_other_times_are_refused(typed):
    with pytest.raises(TypedError):
        read_time(typed)


def test_a_time_is_shown_without_seconds():
    assert show_time("08:05:00.000+07:00") == "8:05"
    assert show_time("?") == "?"


@pytest.mark.parametrize(("amount", "vi", "en"), [
    (4_250_000_000, "4 tỷ 250 triệu đồng", "4 billion 250 million VND"),
    (1_500, "1 nghìn 500 đồng", "1 thousand 500 VND"), (0, "0 đồng", "0 VND"),
    (-2_000_000, "-2 triệu đồng", "-2 million VND"),
    (1_000_000_000_000, "1.000 tỷ đồng", "1,000 billion VND"), (Decimal("7500000"), "7 triệu 500 nghìn đồng",
                                                                 "7 million 500 thousand VND"),
])
def test_money_is_said_in_words(amount, vi, en):
    assert money_in_words(amount, "vi") == vi
    assert money_in_words(amount, "en") == en


@given(st.integers(0, 10**15))
def test_the_words_of_money_add_up(amount):
    scales = {"tỷ": 10**9, "triệu": 10**6, "nghìn": 10**3}
    words = money_in_words(amount, "vi").removesuffix(" đồng").replace(".", "").split()
    pairs = zip(words[::2], words[1::2], strict=False)
    total = sum(int(count) * scales[scale] for count, scale in pairs)
    assert total + (int(words[-1]) if len(words) % 2 else 0) == amount
