"""Working days and terms, against the yearly notices on days off and the Civil Code 2015."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import InputError
from motcua.law import Calendar, Term, TermPart, add_months, default_calendar

CALENDAR = default_calendar()
days = st.dates(date(2011, 1, 1), date(2035, 12, 31))

# First and last day off of the official holidays, weekends included.
OFFICIAL = [
    ("2021-02-10", "2021-02-16"), ("2022-01-29", "2022-02-06"), ("2023-01-20", "2023-01-26"),
    ("2024-02-08", "2024-02-14"),
    ("2025-01-25", "2025-02-02"), ("2026-02-14", "2026-02-22"), ("2022-09-01", "2022-09-04"),
    ("2023-09-01", "2023-09-04"),
    ("2024-08-31", "2024-09-03"), ("2025-08-30", "2025-09-02"), ("2026-08-29", "2026-09-02"),
    ("2024-04-27", "2024-05-01"),
    ("2025-04-30", "2025-05-04"), ("2023-04-29", "2023-05-03"), ("2022-04-30", "2022-05-03"),
    ("2026-01-01", "2026-01-04"),
    ("2025-04-05", "2025-04-07"), ("2026-04-25", "2026-04-27"), ("2026-04-30", "2026-05-03"),
]


@pytest.mark.parametrize(("first", "last"), OFFICIAL)
def test_the_official_holidays_are_days_off_and_the_days_around_them_are_worked(first, last):
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    off = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    assert not any(CALENDAR.is_working_day(day) for day in off)
    before, after = start - timedelta(days=1), end + timedelta(days=1)
    assert all(CALENDAR.is_working_day(day) for day in (before, after) if day.weekday() < 5)
    assert after.weekday() < 5


@pytest.mark.parametrize("day", ["2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"])
def test_saturdays_swapped_for_a_day_off_are_worked(day):
    assert CALENDAR.is_working_day(date.fromisoformat(day))


def test_extra_days_win_over_the_computed_ones():
    extra = Calendar([date(2024, 5, 6)], [date(2024, 5, 11)])
    assert not extra.is_working_day(date(2024, 5, 6))
    assert extra.is_working_day(date(2024, 5, 11))


@given(days, st.integers(0, 80))
def test_so_many_working_days_lie_after_the_start_up_to_the_end(start, count):
    end = CALENDAR.add_working_days(start, count)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.is_working_day(day) for day in between) == count
    assert count == 0 or CALENDAR.is_working_day(end)


@given(days, st.integers(0, 600))
def test_months_agree_with_dateutil(day, count):
    assert add_months(day, count) == day + relativedelta(months=count)


def due(start, *parts):
    return Term(tuple(TermPart(count, unit) for count, unit in parts)).due(date.fromisoformat(start), CALENDAR).isoformat()


@pytest.mark.parametrize(("start", "parts", "end"), [
    # Civil Code art 147 cl 2: the first day is not counted.
    ("2024-05-06", [(1, "days")], "2024-05-07"),
    ("2024-05-06", [(45, "days")], "2024-06-20"),
    # art 148 cl 3: the corresponding day, or the last day of a month without it.
    ("2024-10-31", [(1, "months")], "2024-12-02"),
    ("2025-03-31", [(1, "months")], "2025-05-05"),
    ("2024-01-31", [(1, "months")], "2024-02-29"),
    ("2024-02-29", [(1, "years")], "2025-02-28"),
    # art 148 cl 5: a last day on a Saturday (2026-02-28) or holiday moves to the next working day.
    ("2025-08-31", [(6, "months")], "2026-03-02"),
    ("2026-01-17", [(30, "days")], "2026-02-23"),
    # Nine weeks without a holiday.
    ("2024-05-06", [(45, "working_days")], "2024-07-08"),
    ("2024-04-26", [(1, "working_days")], "2024-05-02"),
    ("2024-05-03", [(1, "working_days")], "2024-05-04"),
    ("2026-02-13", [(5, "working_days")], "2026-02-27"),
    # 20 days end on Monday 2025-08-25; then ten working days over National Day (1 and 2 September).
    ("2025-08-05", [(20, "days"), (10, "working_days")], "2025-09-10"),
    # 20 days end on Saturday, that is on Monday 2025-08-25.
    ("2025-08-03", [(20, "days"), (10, "working_days")], "2025-09-10"),
    # Working days first: 3 end on Friday, 20 days later is Thursday.
    ("2025-08-05", [(3, "working_days"), (20, "days")], "2025-08-28"),
    # A month and ten days are one stretch: its middle (Saturday 2025-05-31) does not move.
    ("2025-04-30", [(1, "months"), (10, "days")], "2025-06-09"),
    # "the same day" on a Sunday is the Monday (art 148 cl 5)
    ("2026-05-17", [(0, "working_days")], "2026-05-18"), ("2026-05-15", [(0, "working_days")], "2026-05-15"),
])
def test_a_term_ends_where_the_civil_code_says(start, parts, end):
    assert due(start, *parts) == end


@pytest.mark.parametrize("count", [-1, 36_526, 10**30, Decimal("2.5")])
def test_a_term_that_no_law_sets_is_refused(count):
    with pytest.raises(InputError, match="LAW_003"):
        TermPart(count, "working_days")
