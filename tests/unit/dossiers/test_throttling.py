"""Guessing passwords becomes slow, and costs the server no memory."""

from __future__ import annotations

import tracemalloc

from motcua.dossiers import Throttle


def test_after_the_limit_a_key_waits_for_the_window_to_pass():
    throttle = Throttle(limit=3, window=60)
    for now in (0.0, 10.0):
        throttle.failed("hang", now)
    assert throttle.wait("hang", 20) == 0
    throttle.failed("hang", 20)
    assert throttle.wait("hang", 21) == 39
    assert throttle.wait("an", 21) == 0
    assert throttle.wait("hang", 60) == 0
    throttle.failed("hang", 61)
    assert throttle.wait("hang", 61) == 9


def test_success_forgets_the_failures():
    throttle = Throttle(limit=1, window=60)
    throttle.failed("hang", 0)
    throttle.succeeded("hang")
    throttle.succeeded("nobody")
    assert throttle.wait("hang", 1) == 0


def test_the_keys_kept_are_bounded_and_the_longest_unused_goes_first():
    throttle = Throttle(limit=1, window=60, capacity=3)
    for key in ("a", "b", "a", "c", "d"):
        throttle.failed(key, 0)
    assert [key for key in "abcd" if throttle.wait(key, 1)] == ["a", "c", "d"]


def test_long_keys_cost_no_more_memory_than_short_ones():
    throttle = Throttle(limit=1, window=60, capacity=100)
    tracemalloc.start()
    for number in range(100):
        throttle.failed(f"{number}" * 100_000, 0)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000
    assert throttle.wait("7" * 100_000, 1) == 59
    assert throttle.wait("half a pair \ud800", 1) == 0
