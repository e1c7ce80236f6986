"""What would change it: never more than the applicant can change, never more than needed, and the nearest days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motcua.analysis.change import cheapest_change, nearest_date, nearest_dates, what_would_change
from motcua.conditions import Scope, Type, parse
from motcua.engine import assess
from motcua.errors import MotcuaError
from motcua.law import ALWAYS, Interval, Source, Sources, Text
from motcua.procedures import (
    Fact,
    ListDef,
    Procedure,
    Requirement,
    load_folder,
    load_scenarios,
    load_text,
    read_facts,
)

ROOT = Path(__file__).parents[4]
PROCEDURES = load_folder(ROOT / "rules")
TRANSFER = PROCEDURES["vn.minerals.exploration-right-transfer"]
GIVEN = {(file.procedure_id, scenario.id): scenario.given for path in sorted((ROOT / "rules").rglob("*.scenarios.yaml"))
         for file in [load_scenarios(path)] for scenario in file.scenarios}


def case(name: str, procedure: Procedure = TRANSFER, **changed: Any) -> dict[str, Any]:
    """The facts of a shipped scenario, some changed (dots told as two underscores)."""
    own = {key.replace("__", "."): value for key, value in changed.items()}
    return read_facts(procedure, {**GIVEN[procedure.id, name], **own})


def sets_of(found: Any) -> list[tuple[str, Any]]:
    return [(each.fact, each.now) for each in found.sets]


# The cheapest change

@pytest.mark.parametrize(("name", "cost", "sets"), [
    ("law-2010-half-less-one-dong", 5, [("scheme.spent", 4_000_000_000)]),
    ("law-2010-equity-less-one-dong", 20, [("transferee.equity", 4_000_000_000)]),
    ("law-2010-neither-qualified-nor-contractor", 5, [("transferee.has_contractor", True)]),
    ("law-2010-foreign-without-office", 15, [("transferee.vn_presence", True)]),
    ("law-2010-dispute", 20, [("dispute", False)]),
    ("funds-2026-sum-one-dong-short", 10, [("transferee.guarantee", 3_000_000_000)]),
    ("rare-earth-not-approved", 60, [("pm.approval", True)])])
def test_the_cheapest_change_goes_just_to_the_threshold(name, cost, sets):
    found = cheapest_change(TRANSFER, case(name))
    assert (found.cost, sets_of(found), found.minimal) == (cost, sets, True)


def test_what_is_missing_from_a_list_is_added_and_what_is_there_stays():
    found = cheapest_change(TRANSFER, case("law-2010-no-reports"))
    (name, now), = sets_of(found)
    assert name == "transferor.duties_done"
    assert set(now) == {*case("law-2010-no-reports")[name], "kept_reports"}


def test_changes_that_cost_the_same_are_all_told():
    eia = PROCEDURES["vn.environment.eia-appraisal"]
    found = what_would_change(eia, case("unqualified-consultant", eia))
    assert [sets_of(each) for each in found.changes] == [
        [("report.own_or_consultant", "owner")], [("report.consultant_qualified", True)]]
    assert {each.cost for each in found.changes} == {20}


def test_a_fact_that_is_newly_asked_because_of_a_change_costs_too():
    # an enterprise costs 40; a foreign one 40 and its office 15 more
    found = what_would_change(TRANSFER, case("law-2010-individual"))
    assert (found.changes[0].cost, sets_of(found.changes[0])) == (40, [("transferee.kind", "vn_enterprise")])
    assert all("transferee.vn_presence" not in dict(sets_of(each)) for each in found.changes)


def test_where_nothing_the_applicant_can_change_helps_the_requirements_that_block_are_named():
    found = what_would_change(TRANSFER, case("law-2010-eighty-nine-days"))
    assert (found.state, found.changes, found.blocked_by) == ("blocked", (), ("valid-90-days",))
    assert found.to_json()["blocked_by"][0]["en"].startswith("The licence is valid for at least 90 more days")
    assert cheapest_change(TRANSFER, case("law-2010-eighty-nine-days")) is None


def test_a_fact_that_cannot_be_changed_and_is_not_known_stays_unknown():
    given = {**case("law-2010-half-less-one-dong"), "licence.expires_on": None}
    found = what_would_change(TRANSFER, given)
    assert (found.state, found.blocked_by) == ("blocked", ("valid-90-days",))


def test_a_case_that_is_not_ineligible_is_said_as_such():
    found = what_would_change(TRANSFER, case("law-2010-typical"))
    assert (found.state, found.changes, found.dates) == ("not_ineligible", (), None)


def test_without_time_there_is_no_answer_and_that_is_said():
    found = what_would_change(TRANSFER, case("law-2010-dispute"), seconds=0.0)
    assert (found.state, found.changes) == ("no_answer", ())
    assert found.text.en == "No answer within the time limit."


def test_the_law_date_may_be_given_apart():
    given = case("law-2010-dispute")
    day = given.pop(TRANSFER.law_at)
    assert what_would_change(TRANSFER, given, day).to_json() == what_would_change(
        TRANSFER, case("law-2010-dispute")).to_json()


def portion() -> list[tuple[str, str]]:
    """Every case of one procedure, and some of each other: the search costs a tenth of a second a case."""
    return [key for key in sorted(GIVEN) if key[0] == TRANSFER.id] + [
        key for name in PROCEDURES if name != TRANSFER.id
        for key in sorted(each for each in GIVEN if each[0] == name)[::6]]


@pytest.mark.parametrize("key", portion(), ids=lambda key: key[1])
def test_every_ineligible_scenario_has_a_confirmed_change_or_a_reason_why_not(key):
    procedure = PROCEDURES[key[0]]
    try:
        given = read_facts(procedure, GIVEN[key])
        outcome = assess(procedure, given, engine="conditions").outcome
    except MotcuaError:
        return  # some scenarios say that such facts are refused
    if outcome != "ineligible":
        return
    found = what_would_change(procedure, given)
    assert (found.state == "changes") == bool(found.changes)
    assert found.changes or found.blocked_by
    for each in found.changes:
        assert all(procedure.facts[one.fact].change_cost is not None for one in each.sets)
        assert assess(procedure, each.facts(given), engine="conditions").outcome == "eligible"


# What the engine refuses to answer is no way

REFUSED = """\
procedure: vn.test.refused
vi: Thử
en: Test
field: water
law_at: filing.received_on
covers: 2020-01-01 ..
facts:
  filing.received_on: {type: date, change_cost: never, vi: Ngày nhận, en: Received}
  filing.elects_new_law: {type: yes/no, change_cost: 1, vi: Chọn luật mới, en: Chooses the new law}
  works.days: {type: days, min: 0, change_cost: 1, vi: Số ngày, en: Days}
  works.safe: {type: yes/no, change_cost: 50, vi: An toàn, en: Safe}
requirements:
  - {id: long, cite: LAW art 1, vi: Đủ lâu, en: Long, must: works.days >= 40_000 days or works.safe}
  - {id: chosen, cite: LAW art 2, vi: Đã chọn, en: Chosen, must: filing.elects_new_law or works.safe}
decisions:
  term: {vi: Thời hạn, en: Term, type: days, from: filing.received_on, rows: [{id: T1, cite: LAW art 3, then: works.days}]}
  fee:
    vi: Phí
    en: Fee
    type: money
    rows:
      - {id: F1, cite: LAW art 4, in_force: 2020-01-01 .. 2025-12-31, then: 1 VND}
      - {id: F2, cite: LAW art 4, in_force: 2026-01-01 .., then: 2 VND}
      - {id: F3, cite: LAW art 4, in_force: 2026-01-01 .., when: works.days >= 5 days, then: 3 VND}
transitional:
  - {id: choice, cite: LAW art 5, vi: Chọn, en: Choice, between: 2026-01-01, default: old, unless: filing.elects_new_law,
     moves: [fee]}
"""


def refused(*edits: tuple[str, str]) -> Procedure:
    text = REFUSED
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return load_text(text, Sources({"LAW": Source("LAW", Text("Luật", "Law"), "1", ALWAYS)}))


def test_a_term_that_no_calendar_counts_is_no_way_to_become_eligible():
    facts = {"filing.received_on": date(2025, 6, 1), "filing.elects_new_law": True, "works.days": 3, "works.safe": False}
    found = what_would_change(refused(), facts)
    assert [sets_of(each) for each in found.changes] == [[("works.safe", True)]]
    blocked = what_would_change(refused(("change_cost: 50", "change_cost: never")), facts)
    assert (blocked.state, blocked.blocked_by) == ("blocked", ("long",))


def test_choosing_a_law_whose_rows_contradict_each_other_is_no_way_to_become_eligible():
    facts = {"filing.received_on": date(2025, 6, 1), "filing.elects_new_law": False, "works.days": 10, "works.safe": False}
    law = refused(("40_000 days", "10 days"))
    assert [sets_of(each) for each in what_would_change(law, facts).changes] == [
        # with fewer days the new law has one fee, but then they are too few
        [("works.safe", True)]]


def test_rows_that_contradict_each_other_in_a_law_not_followed_stand_in_no_way():
    """The fee of the day of receipt is contradictory; whoever chooses the later law does not ask for it."""
    law = refused(("40_000 days", "1 days"), ("in_force: 2020-01-01 .. 2025-12-31, then: 1", "in_force: 2020-01-01 .., then: 1"),
                  ("in_force: 2026-01-01 .., then: 2", "in_force: 2020-01-01 .. 2025-12-31, then: 2"),
                  ("in_force: 2026-01-01 .., when: works.days >= 5 days, then: 3", "in_force: 2020-01-01 .. 2025-12-31, then: 1"))
    facts = {"filing.received_on": date(2025, 6, 1), "filing.elects_new_law": True, "works.days": 0, "works.safe": False}
    found = what_would_change(law, facts)
    assert [sets_of(each) for each in found.changes] == [[("works.days", 1)]]


# Proved minimal: against trying everything

WORDS = ("x", "y", "z")
YES_NO, KIND, COUNT, DUTIES = Type("yes/no"), Type("one of", None, "kind", WORDS), Type("integer"), Type(
    "list of", None, "kind", WORDS[:2])
TEXT = Text("chữ", "text")
TYPES = {"day": Type("date"), "a": YES_NO, "b": YES_NO, "c": YES_NO, "kind": KIND, "n": COUNT, "duties": DUTIES}
VALUES = {"a": (True, False, None), "b": (True, False), "c": (True, False, None), "kind": WORDS,
          "n": (0, 1, 2, 3), "duties": ((), ("x",), ("y",), ("x", "y"))}
SCOPE = Scope(TYPES, {"kind": WORDS})
LEAVES = st.sampled_from(["a", "b", "c", "not(a)", "not(b)", "not(c)", 'kind = "x"', 'kind in ("y", "z")', "n >= 2",
                          "n < 1", "n = 3", 'list contains(duties, "x")', 'list contains(duties, "y")',
                          "count(duties) = 1"])
TESTS = st.recursive(LEAVES, lambda inner: st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
    lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"), max_leaves=5)
CHECKED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def small_procedures(draw: st.DrawFn) -> Procedure:
    costs = {name: draw(st.sampled_from((None, 0, 1, 2, 3, 5))) for name in VALUES}
    when = parse("a", SCOPE, expect="yes/no") if draw(st.booleans()) else None
    facts = {name: Fact(name, own, TEXT, None, 0 if name == "n" else None, 3 if name == "n" else None,
                        when if name == "c" else None, costs.get(name)) for name, own in TYPES.items()}
    musts = [parse(draw(TESTS), SCOPE, expect="yes/no") for _ in range(draw(st.integers(1, 4)))]
    return Procedure(id="vn.test.small", title=TEXT, field="test", law_at="day", covers=ALWAYS, facts=facts,
                     lists={"kind": ListDef("kind", dict.fromkeys(WORDS, TEXT))}, sources=Sources({}), digest="sha256:0",
                     requirements=tuple(Requirement(f"r{place}", TEXT, None, ALWAYS, must)
                                        for place, must in enumerate(musts)))


def test_what_is_known_is_never_made_unknown():
    free = {"a": 0, "n": 0}
    facts = {name: Fact(name, own, TEXT, None, None, None, parse("a", SCOPE, expect="yes/no") if name == "c" else None,
                        free.get(name)) for name, own in TYPES.items()}
    must = parse("not(c) and n >= 2", SCOPE, expect="yes/no")
    procedure = Procedure(id="vn.test.small", title=TEXT, field="test", law_at="day", covers=ALWAYS, facts=facts,
                          lists={"kind": ListDef("kind", dict.fromkeys(WORDS, TEXT))}, sources=Sources({}),
                          digest="sha256:0", requirements=(Requirement("r0", TEXT, None, ALWAYS, must),))
    # c does not apply while a is no: only a yes to a lets the answer "no" to c count
    found = what_would_change(procedure, {"day": date(2026, 1, 1), "a": False, "b": True, "c": False, "n": 0})
    assert sets_of(found.changes[0]) == [("a", True), ("n", 2)]


@CHECKED
@given(small_procedures(), st.fixed_dictionaries({name: st.sampled_from(own) for name, own in VALUES.items()}))
def test_no_cheaper_set_of_facts_makes_the_case_eligible_and_none_that_can_never_change_is_touched(procedure, given):
    known = {"day": date(2026, 1, 1), **{name: value for name, value in given.items() if value is not None}}
    assume(assess(procedure, known, engine="conditions").outcome == "ineligible")
    found = what_would_change(procedure, known)
    costs = {name: fact.change_cost for name, fact in procedure.facts.items()}
    choices = [[given[name]] if costs[name] is None else own for name, own in VALUES.items()]
    prices = [sum(costs[name] for name, value in zip(VALUES, values, strict=True) if value != given[name])
              for values in product(*choices)
              if None not in [value for name, value in zip(VALUES, values, strict=True) if given[name] is not None]
              and assess(procedure, {"day": known["day"], **dict(zip(VALUES, values, strict=True))},
                         engine="conditions").outcome == "eligible"]
    assert [each.cost for each in found.changes[:1]] == ([min(prices)] if prices else [])
    assert (found.state == "blocked", bool(found.blocked_by)) == (not prices, not prices)
    for each in found.changes:
        assert all(costs[one.fact] is not None and one.now != given[one.fact] for one in each.sets)
        assert assess(procedure, each.facts(known), engine="conditions").outcome == "eligible"


# The nearest days

@pytest.mark.parametrize(("name", "before", "after"), [
    ("law-2010-eighty-nine-days", "2024-05-05", None),  # a day earlier exactly ninety days are left
    ("funds-2026-01-15-not-added-up", "2025-07-01", "2026-01-16"),
    ("rare-earth-not-approved", "2026-01-15", None),
    ("law-2010-dispute", "2017-01-14", None),
    ("law-2010-not-registered", None, None)])
def test_the_nearest_eligible_days_lie_just_across_the_change_of_law_or_the_term(name, before, after):
    found = nearest_dates(TRANSFER, case(name))
    assert found.to_json() == {"before": before, "after": after, "nearest": found.nearest and found.nearest.isoformat()}


def test_of_two_days_the_nearer_is_the_answer():
    assert nearest_date(TRANSFER, case("funds-2026-01-15-not-added-up")) == date(2026, 1, 16)


def test_without_a_law_date_no_day_is_near():
    assert nearest_date(TRANSFER, {}) is None


DAYS = st.dates(date(2023, 12, 1), date(2024, 4, 30))
DATED = [
    "received + 1 months <= expires", "received + 30 days <= expires", "expires - received >= 10 days",
    "received = expires", "received != expires", 'received >= date("2024-01-31")', "not(received < expires)",
    "received + 1 months <= received + 30 days", "min(received + 5 days, expires) < expires", "abs(n) <= 1",
    "if received < expires then n >= 1 else n >= 2"]


@CHECKED
@given(st.lists(st.sampled_from(DATED), min_size=1, max_size=3), DAYS, DAYS, st.integers(0, 3))
def test_the_nearest_days_are_those_found_by_trying_every_day(texts, received, expires, number):
    types = {"received": Type("date"), "expires": Type("date"), "n": Type("integer")}
    scope = Scope(types, {})
    spans = (Interval(None, date(2024, 2, 28)), ALWAYS, Interval(date(2024, 1, 31), None))
    procedure = Procedure(
        id="vn.test.days", title=TEXT, field="test", law_at="received", lists={}, sources=Sources({}), digest="sha256:0",
        covers=Interval(date(2023, 11, 1), date(2024, 6, 30)), facts={name: Fact(name, own, TEXT) for name, own in types.items()},
        requirements=tuple(Requirement(f"r{place}", TEXT, None, spans[place], parse(text, scope, expect="yes/no"))
                           for place, text in enumerate(texts)))
    given = {"received": received, "expires": expires, "n": number}
    days = [date(2023, 11, 1) + timedelta(place) for place in range(243)]
    good = [day for day in days if day in procedure.covers
            and assess(procedure, {**given, "received": day}, engine="conditions").outcome == "eligible"]
    found = nearest_dates(procedure, given)
    assert found.before == max((day for day in good if day < received), default=None)
    assert found.after == min((day for day in good if day > received), default=None)
