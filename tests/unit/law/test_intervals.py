"""Intervals in force include both ends; law versions are the pieces between changes."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import RuleFileError
from motcua.law import Interval, Text, in_figures, split_by

ends = st.none() | st.dates(date(2010, 1, 1), date(2030, 12, 31))
intervals = st.tuples(ends, ends).map(
    lambda pair: Interval(*pair) if None in pair else Interval(min(pair), max(pair)))
days = st.dates(date(2009, 1, 1), date(2032, 1, 1))


@pytest.mark.parametrize("text", ["2022-01-01 .. 2025-01-05", "2022-01-01 ..", ".. 2021-12-31", ".."])
def test_an_interval_is_written_as_it_is_read(text):
    assert str(Interval.parse(text)) == text


@pytest.mark.parametrize(("text", "vi", "en"), [
    ("2025-07-02 .. 2025-12-31", "từ 02/7/2025 đến 31/12/2025", "from 02/7/2025 to 31/12/2025"),
    ("2025-07-02 ..", "từ 02/7/2025", "from 02/7/2025"), (".. 2025-12-31", "đến 31/12/2025", "to 31/12/2025"),
    ("2025-07-01 .. 2025-07-01", "ngày 01/7/2025", "on 01/7/2025"), ("..", "", ""),
])
def test_an_interval_is_told_as_offices_write_days(text, vi, en):
    assert Interval.parse(text).words() == Text(vi, en)


def test_both_ends_are_in_force():
    interval = Interval.parse("2022-01-01..2025-01-05")
    assert [day in interval for day in (date(2021, 12, 31), date(2022, 1, 1), date(2025, 1, 5), date(2025, 1, 6))] == [
        False, True, True, False]


@pytest.mark.parametrize(("text", "code"), [
    ("2022-01-01", "LAW_001"), ("2022-02-30 ..", "LAW_001"), ("2022-1-1 ..", "LAW_001"), ("", "LAW_001"),
    ("2025-01-05 .. 2022-01-01", "LAW_002")])
def test_wrong_intervals_are_refused(text, code):
    with pytest.raises(RuleFileError, match=code):
        Interval.parse(text)


@given(intervals, intervals, days)
def test_a_day_is_in_the_intersection_when_it_is_in_both(one, other, day):
    both = one.intersect(other)
    assert (both is not None and day in both) == (day in one and day in other)
    assert one.overlaps(other) == (both is not None)


@given(st.lists(intervals, max_size=5), intervals, days)
def test_law_versions_cover_every_day_once_and_nothing_changes_within_one(changing, within, day):
    versions = split_by(changing, within)
    assert sum(day in version for version in versions) == (day in within)
    for version in versions:
        inside = [day for day in (version.first, version.last) if day is not None]
        states = {tuple(day in interval for interval in changing) for day in inside}
        assert len(states) <= 1
    for earlier, later in itertools.pairwise(versions):
        assert earlier.last + timedelta(days=1) == later.first
        before, after = ([day in interval for interval in changing] for day in (earlier.last, later.first))
        assert before != after


def test_law_versions_of_the_eia_begin_where_a_text_begins_or_has_ended():
    texts = ["2022-01-01 .. 2025-01-05", "2025-01-06 ..", "2022-01-10 .."]
    versions = split_by([Interval.parse(text) for text in texts], Interval.parse("2022-01-01 .."))
    assert [str(version) for version in versions] == [
        "2022-01-01 .. 2022-01-09", "2022-01-10 .. 2025-01-05", "2025-01-06 .."]


@pytest.mark.parametrize(("day", "shown"), [
    (date(2026, 3, 27), "27/3/2026"), (date(2026, 7, 1), "01/7/2026"), (date(2027, 2, 28), "28/02/2027"),
    (date(2026, 1, 9), "09/01/2026"), (date(2026, 10, 10), "10/10/2026")])
def test_days_are_written_as_decree_30_of_2020_has_them(day, shown):
    assert in_figures(day) == shown
