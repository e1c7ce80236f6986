"""The interview: fewer questions than the order of what is missing, none in vain, and the outcome of the whole case."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.analysis.interview import next_question, no_longer_matter, plan
from motcua.conditions import Scope, Type, parse
from motcua.engine import assess
from motcua.errors import MotcuaError
from motcua.law import ALWAYS, Sources, Text
from motcua.procedures import Always, Fact, Procedure, Requirement, load_folder, load_scenarios, read_facts

ROOT = Path(__file__).parents[4]
PROCEDURES = load_folder(ROOT / "rules")
TRANSFER = PROCEDURES["vn.minerals.exploration-right-transfer"]
EIA = PROCEDURES["vn.environment.eia-appraisal"]


def stories(procedure: Procedure) -> dict[str, dict[str, Any]]:
    """The facts of every scenario that can be assessed."""
    found = {}
    for path in sorted((ROOT / "rules").rglob("*.scenarios.yaml")):
        file = load_scenarios(path)
        for scenario in file.scenarios if file.procedure_id == procedure.id else ():
            try:
                facts = read_facts(procedure, scenario.given)
                assess(procedure, facts, engine="conditions")
            except MotcuaError:
                continue
            if facts.get(procedure.law_at) is not None:
                found[scenario.id] = facts
    return found


STORIES = {procedure.id: stories(procedure) for procedure in (TRANSFER, EIA)}


def interviewed(procedure: Procedure, facts: dict[str, Any], ask: Any) -> tuple[list[str], str]:
    """Everything asked until the outcome is settled, answered from ``facts``; what they do not tell stays unknown."""
    known, asked = {procedure.law_at: facts[procedure.law_at]}, []
    while (name := ask(procedure, known, asked)) is not None:
        asked.append(name)
        if facts.get(name) is not None:
            known[name] = facts[name]
    return asked, assess(procedure, known, engine="conditions").outcome


def first_missing(procedure: Procedure, known: dict[str, Any], asked: list[str]) -> str | None:
    """The plain way: whatever the assessment misses first."""
    missing = assess(procedure, known, engine="conditions").missing
    return next((name for name in missing if name not in asked), None)


@pytest.mark.parametrize("procedure", [TRANSFER, EIA], ids=lambda each: each.id)
def test_over_all_scenarios_fewer_questions_are_asked_and_of_eligible_cases_never_more(procedure):
    plain = {name: interviewed(procedure, facts, first_missing) for name, facts in STORIES[procedure.id].items()}
    ours = {name: interviewed(procedure, facts, next_question) for name, facts in STORIES[procedure.id].items()}
    assert len(ours) > 100
    assert sum(len(asked) for asked, _ in ours.values()) < sum(len(asked) for asked, _ in plain.values())
    settled = [name for name, (_, outcome) in ours.items() if outcome != "ineligible"]
    assert [name for name in settled if len(ours[name][0]) > len(plain[name][0])] == []


@pytest.mark.parametrize("procedure", [TRANSFER, EIA], ids=lambda each: each.id)
def test_the_interview_comes_to_the_outcome_of_the_whole_case(procedure):
    for facts in STORIES[procedure.id].values():
        outcome = assess(procedure, facts, engine="conditions").outcome
        assert interviewed(procedure, facts, next_question)[1] == outcome


@pytest.mark.parametrize("procedure", [TRANSFER, EIA], ids=lambda each: each.id)
def test_never_more_questions_come_than_the_plan_says(procedure):
    for facts in list(STORIES[procedure.id].values())[::7]:
        known, asked, left = {procedure.law_at: facts[procedure.law_at]}, [], 1000
        while (now := plan(procedure, known, asked)).question is not None:
            assert now.at_most < left
            assert now.question == now.can_matter[0]
            left = now.at_most
            asked.append(now.question)
            if facts.get(now.question) is not None:
                known[now.question] = facts[now.question]


@pytest.mark.parametrize(("procedure", "name"), [(TRANSFER, "law-2010-typical"), (TRANSFER, "rare-earth-not-approved"),
                                                 (EIA, "factory-2024"), (EIA, "community-not-heard-2026")])
def test_on_the_way_three_valued_evaluation_finds_all_that_the_solver_proves_idle(procedure, name):
    facts, known, asked = STORIES[procedure.id][name], {}, []
    known[procedure.law_at] = facts[procedure.law_at]
    while (question := next_question(procedure, known, asked)) is not None:
        if len(asked) % 4 == 0:
            assert no_longer_matter(procedure, known) == plan(procedure, known).no_longer_matter
        asked.append(question)
        if facts.get(question) is not None:
            known[question] = facts[question]


def test_what_only_fee_and_authority_need_is_not_asked():
    found = plan(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1)})
    assert {"licence.area", "licence.provinces", "filing.elects_new_law"} <= set(found.no_longer_matter)


def test_a_settled_outcome_leaves_nothing_to_ask():
    found = plan(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1), "transferee.registered": False})
    assert (found.outcome, found.question, found.can_matter, found.at_most) == ("ineligible", None, (), 0)
    assert "dispute" in found.no_longer_matter


def test_what_every_case_needs_is_asked_before_what_only_some_need():
    order = plan(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1)}).can_matter
    assert order.index("transferee.registered") < order.index("scheme.budget") < order.index("licence.mineral")
    assert order.index("licence.mineral") < order.index("pm.approval")


def test_without_a_law_date_that_is_asked_first_and_everything_may_matter():
    found = plan(EIA, {"project.mining": True})
    assert (found.question, found.outcome) == ("filing.received_on", "undetermined")
    assert "project.mining" not in found.can_matter
    assert {"project.nuclear", "project.lep2014_class", "project.capacity"} <= set(found.can_matter)
    assert "project.capital" in found.no_longer_matter


def test_what_was_answered_with_not_known_is_not_asked_again():
    first = next_question(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1)})
    assert next_question(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1)}, [first]) not in (first, None)


# What only all rules together show

TEXT, YES_NO = Text("chữ", "text"), Type("yes/no")
TYPES = {"day": Type("date"), **dict.fromkeys("abcd", YES_NO), "n": Type("integer"), "m": Type("integer")}
SCOPE = Scope(TYPES, {})


def small(musts: list[str], always: list[str] = ()) -> Procedure:
    return Procedure(
        id="vn.test.small", title=TEXT, field="test", law_at="day", covers=ALWAYS, lists={}, sources=Sources({}),
        facts={name: Fact(name, own, TEXT, None, 0 if name == "n" else None) for name, own in TYPES.items()},
        always=tuple(Always(f"a{place}", TEXT, parse(text, SCOPE, expect="yes/no")) for place, text in enumerate(always)),
        requirements=tuple(Requirement(f"r{place}", TEXT, None, ALWAYS, parse(text, SCOPE, expect="yes/no"))
                           for place, text in enumerate(musts)), digest="sha256:0")


@pytest.mark.parametrize(("musts", "always", "known", "idle", "open_"), [
    (["a", "a or b"], [], {}, {"b"}, {"a"}),  # where b could decide, a has failed already
    (["a or b"], ["not(a)"], {}, {"a"}, {"b"}),  # what always holds tells that a is false
    (["a and b or a and not(b)"], [], {}, {"b"}, {"a"}),
    (["a or m >= 1"], ["m <= n"], {"n": 0}, {"m"}, {"a"})])
def test_with_a_solver_facts_are_left_aside_that_only_all_rules_together_show_to_be_idle(musts, always, known, idle, open_):
    procedure, facts = small(musts, always), {"day": date(2026, 1, 1), **known}
    assert set(plan(procedure, facts).can_matter) == idle | open_
    assert set(plan(procedure, facts, exact=True).can_matter) == open_
    assert idle <= set(no_longer_matter(procedure, facts))


def test_what_the_engine_holds_open_is_asked_even_where_the_solver_knows_the_outcome():
    procedure, facts = small(["a or n >= 0"]), {"day": date(2026, 1, 1)}
    assert assess(procedure, facts).outcome == "undetermined"
    assert next_question(procedure, facts) == plan(procedure, facts, exact=True).question == "a"


LEAVES = st.sampled_from([*"abcd", "not(a)", "not(b)", "not(c)", "n >= 1", "n >= 0"])
TESTS = st.recursive(LEAVES, lambda inner: st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
    lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"), max_leaves=5)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TESTS, min_size=1, max_size=3), st.dictionaries(st.sampled_from("abcd"), st.booleans(), max_size=2))
def test_a_fact_that_no_longer_matters_changes_no_outcome_and_one_that_can_matter_does(musts, known):
    procedure, day = small(musts), {"day": date(2026, 1, 1)}
    values = {**dict.fromkeys("abcd", (True, False)), "n": (0, 1), "m": (0,)}
    unknown = [name for name in values if name not in known]
    worlds = [{}]
    for name in unknown:
        worlds = [{**world, name: value} for world in worlds for value in values[name]]
    outcomes = {tuple(sorted(world.items())): assess(procedure, {**day, **known, **world}, engine="conditions").outcome
                for world in worlds}

    def matters(name: str) -> bool:
        return any(outcomes[tuple(sorted({**world, name: value}.items()))] != outcomes[tuple(sorted(world.items()))]
                   for world in worlds for value in values[name])

    found = plan(procedure, {**day, **known}, exact=True)
    truly = {name for name in unknown if matters(name)}
    assert truly.isdisjoint(found.no_longer_matter)
    assert not truly or truly == set(found.can_matter)


def test_the_questions_need_no_solver(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    assert next_question(TRANSFER, {TRANSFER.law_at: date(2026, 3, 1)}) == "licence.expires_on"
