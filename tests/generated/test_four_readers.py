"""Engine, evaluator, SQL and z3 say the same of any law and any case; and a fault in one of them is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from unittest import mock

import pytest
import z3
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from tests.generated.facts import Places, cases
from tests.generated.procedures import LAW_AT, LISTS, NAMES, START, TEXT, procedures
from tests.generated.readers import OUTCOMES, Tally, compare, without_trials

from motcua.analysis.bulk.lowering import Weighing
from motcua.analysis.bulk.plan import Plan
from motcua.analysis.symbolic import SymbolicVersion, Truth, reading
from motcua.conditions import Scope, compilation, parse
from motcua.engine import evaluation
from motcua.law import ALWAYS, Citation, Interval, Sources
from motcua.procedures import Decision, Fact, ListDef, Procedure, Requirement, Row

#: The budget of `make test`; `python -m benchmarks.agreement` compares as many as it is told to.
LAWS, CASES = 36, 8
QUIETLY = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@st.composite
def laws_with_cases(draw: st.DrawFn):
    """A law, cases under it, and for each a whole case behind it."""
    law = draw(procedures())
    places = Places(law)
    some = draw(st.lists(cases(law, places), min_size=CASES, max_size=CASES))
    whole = draw(st.lists(cases(law, places, unknown=0), min_size=CASES, max_size=CASES))
    return law, some, whole


@pytest.mark.slow
def test_the_four_readers_agree_on_generated_laws_and_facts():
    everything = Tally()

    @seed(2)  # the same laws and cases in every run
    @settings(max_examples=LAWS, **QUIETLY)
    @given(laws_with_cases())
    def run(example):
        law, some, whole = example
        here = Tally()
        compare(here, law, some, whole)
        assert here.differing == []
        compare_counts(everything, here)

    with without_trials():
        run()
    assert everything.cases >= LAWS * CASES
    assert [word for word in OUTCOMES if not everything.answers[word]] == []
    assert [what for what in ("state", "document", "value", "rows", "refusal") if not everything.compared[f"z3 {what}"]] == []


def compare_counts(total, here):
    total.cases += here.cases
    total.answers += here.answers
    total.compared += here.compared


def _drawn(law, number):
    found = []

    @seed(7)
    @settings(max_examples=number, **QUIETLY)
    @given(cases(law, Places(law), unknown=3), cases(law, Places(law), unknown=0))
    def collect(some, whole):
        found.append((some, whole))

    collect()
    return [some for some, _ in found], [whole for _, whole in found]


def _law() -> Procedure:
    """A small law in which each part has something to get wrong."""
    def said(text, type_="yes/no"):
        return parse(text, Scope(NAMES, LISTS), expect=type_)

    def row(name, when, then, type_, overrides=()):
        return Row(name, cite, ALWAYS, said(when) if when else None, said(then, type_), overrides)

    cite = Citation.parse("điều 1")
    money, mineral = NAMES["budget"], NAMES["licence.mineral"]
    musts = ("received + 1 months <= expires", "if dispute then park else secret", "spent >= 50% * budget")
    return Procedure(
        id="vn.test.faults", title=TEXT, field="test", law_at=LAW_AT, covers=Interval(START, None), sources=Sources({}),
        facts={name: Fact(name, type_, TEXT) for name, type_ in NAMES.items()},
        lists={name: ListDef(name, dict.fromkeys(words, TEXT)) for name, words in LISTS.items()},
        requirements=tuple(Requirement(f"q{place}", TEXT, cite, ALWAYS, said(must))
                           for place, must in enumerate(musts)),
        decisions={
            "fee": Decision("fee", TEXT, money, "unique", (
                row("R0", "park", "5 million VND", money), row("R1", "secret", "8 million VND", money, ("R0",)))),
            "kind": Decision("kind", TEXT, mineral, "first", (
                row("R0", "dispute", '"metal"', mineral), row("R1", None, '"peat"', mineral)))},
        digest="sha256:0")


#: Cases that the small law is about, whatever is drawn beside them.
EDGES = [
    {"received": date(2025, 1, 31), "expires": date(2025, 2, 28)},
    {"received": date(2024, 1, 31), "expires": date(2024, 2, 29), "spent": 50, "budget": 100},
    {"received": date(2024, 2, 29), "park": True, "secret": True}, {"received": date(2024, 2, 29), "park": False, "secret": False},
    {"received": date(2025, 8, 31), "dispute": True}, {"received": date(2025, 8, 31), "park": True, "dispute": False},
]


@lru_cache(maxsize=1)
def small_law():
    """The small law with cases, drawn when first needed."""
    law = _law()
    some, whole = _drawn(law, 60)
    return law, EDGES + some, whole[:len(EDGES)] + whole


def differing_readers():
    """The readers that differ from the engine, on a fresh copy of the law: nothing compiled before counts."""
    tally = Tally()
    law, some, whole = small_law()
    with without_trials():
        compare(tally, replace(law), some, whole)
    return {reader for reader, *_ in tally.differing}


def test_without_a_fault_they_agree_on_the_small_law():
    assert differing_readers() == set()


def spilling(day, months):
    """The fault of counting the days beyond a month's end into the next month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) + timedelta(day.day - 1)


def first_row(self, decision):
    """The fault of taking the first row that is true, whatever is unknown above it."""
    return _DECIDE(self, replace(decision, hit="unique") if decision.hit == "first" else decision)


_DECIDE = SymbolicVersion._decide


def either_branch(condition, then, otherwise):
    """The fault of leaving a choice open while its condition is unknown."""
    return Truth(*(z3.Or(z3.And(condition.true, one), z3.And(condition.false, other))
                   for one, other in zip(then, otherwise, strict=True)))


FAULTS = {
    # the engine runs on the evaluator's truths: a fault there shows against SQL and z3
    "evaluator: months without clamp": (
        lambda: mock.patch.dict(compilation._RUNTIME, {"_add_months": spilling}), {"sql", "z3"}),
    "evaluator: overrides forgotten": (
        lambda: mock.patch.object(evaluation, "_stands", lambda truth, above: truth), {"sql", "z3"}),
    "sql: months without clamp": (
        lambda: mock.patch.object(Plan, "add_months", lambda self, day, months: self.add_days(
            day, self.multiply(months, self.number(30)), 1)), {"sql"}),
    "sql: no agreement of branches": (
        lambda: mock.patch.object(Plan, "choice", lambda self, condition, then, otherwise: self.either(
            [self.both([condition, then]), self.both([self.negation(condition), otherwise])])), {"sql"}),
    "sql: overrides forgotten": (
        lambda: mock.patch.object(Weighing, "_stands", lambda self, place, decision, truths: truths[place]), {"sql"}),
    "z3: months as thirty days": (
        lambda: mock.patch.object(reading, "_moved", lambda day, span, months: day + 30 * months), {"z3"}),
    "z3: no agreement of branches": (
        lambda: mock.patch.object(reading.Reading, "_choice", staticmethod(either_branch)), {"z3"}),
    "z3: overrides forgotten": (
        lambda: mock.patch.object(SymbolicVersion, "_stands", staticmethod(lambda truth, above: truth)), {"z3"}),
    "z3: first row that is true": (lambda: mock.patch.object(SymbolicVersion, "_decide", first_row), {"z3"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_one_reader_is_noticed_and_its_reader_named(fault):
    broken, readers = FAULTS[fault]
    with broken():
        assert differing_readers() - {"conditions"} == readers
