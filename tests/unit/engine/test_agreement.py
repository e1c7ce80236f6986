"""The engine and the evaluator agree on any law and any case."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine.laws import CHANGE, CITE, DAY, FACTS, START, TEXT, VALUES, YES_NO, cases, expression, procedures

from motcua.conditions import If, Known, Ref, walk
from motcua.engine import READERS, assess, canary, explain
from motcua.errors import RuleFault
from motcua.law import ALWAYS, Interval, Sources
from motcua.procedures import Derived, Fact, Procedure, Requirement


@pytest.fixture(autouse=True)
def no_canary(monkeypatch):
    """Thousands of laws: each is compared with the evaluator here, and the driver's own tests run the canary."""
    monkeypatch.setattr(canary, "failure_of", lambda program: None)


def answer(procedure, facts, reader):
    try:
        found = assess(procedure, facts, engine=reader)
    except RuleFault as fault:
        return str(fault)
    return json.dumps({**found.to_json(), "engine": None})


@settings(max_examples=100, deadline=None)
@given(procedures(), st.lists(cases(), min_size=1, max_size=6))
def test_both_readers_give_the_same_assessment(procedure, given_cases):
    for facts in given_cases:
        first, second = (answer(procedure, facts, reader) for reader in READERS)
        assert first == second


@settings(max_examples=50, deadline=None)
@given(procedures(), cases(), st.data())
def test_a_decided_outcome_stays_whatever_the_missing_facts_turn_out_to_be(procedure, facts, data):
    if conditions_read_whether_a_fact_is_known(procedure) or any(fact.when for fact in procedure.facts.values()):
        return
    try:
        before = assess(procedure, facts)
        whole = {name: data.draw(VALUES[type_.kind]) for name, type_ in FACTS.items()} | facts
        after = assess(procedure, whole)
    except RuleFault:
        return
    if before.outcome != "undetermined":
        assert after.outcome == before.outcome
    for earlier, later in zip(before.requirements, after.requirements, strict=False):
        assert earlier.state in ("unknown", "met", later.state)


@settings(max_examples=50, deadline=None)
@given(procedures(), cases(), st.data())
def test_facts_that_are_not_missing_cannot_change_an_undetermined_outcome(procedure, facts, data):
    if conditions_read_whether_a_fact_is_known(procedure):
        return
    try:
        before = assess(procedure, facts)
        others = {name: data.draw(VALUES[type_.kind]) for name, type_ in FACTS.items()
                  if name not in facts and name not in before.missing}
        after = assess(procedure, facts | others)
    except RuleFault:
        return
    if before.outcome == "undetermined" and before.missing:
        assert after.outcome == "undetermined"


@settings(max_examples=40, deadline=None)
@given(procedures(), cases())
def test_every_assessment_can_be_explained_and_written(procedure, facts):
    for reader in READERS:
        try:
            found = assess(procedure, facts, engine=reader)
        except RuleFault:
            continue
        tree = explain(found)
        json.dumps([found.to_json(), tree.to_json()])
        states = {node.id: node.state for node in tree.children if node.kind == "requirement"}
        assert states == {finding.id: finding.state for finding in found.requirements}


def conditions_read_whether_a_fact_is_known(procedure):
    """``x != null`` is the one condition that more knowledge may turn from true to false."""
    parts = [*procedure.requirements, *procedure.documents, *procedure.applies, *procedure.transitional]
    read = [getattr(part, name, None) for part in parts for name in ("must", "when", "unless")]
    read += [case for derived in procedure.derived.values() for _, case in derived.cases]
    read += [row.when for decision in procedure.decisions.values() for row in decision.rows]
    return any(isinstance(node, Known) for each in read if each is not None for node in walk(each.tree))


@pytest.mark.parametrize(("branches", "state"), [
    ((True, True), "met"), ((False, False), "unmet"), ((True, False), "unknown")])
def test_a_choice_on_an_unknown_derived_name_is_known_where_both_branches_agree(branches, state):
    derived = {name: Derived(name, TEXT, YES_NO, ((ALWAYS, expression(Ref(fact, YES_NO))),))
               for name, fact in (("d0", "b0"), ("d1", "b1"), ("d2", "b2"))}
    must = expression(If(*(Ref(name, YES_NO) for name in derived)))
    procedure = Procedure("vn.test.choice", TEXT, "test", "day", Interval(START, None),
                          {"day": Fact("day", DAY, TEXT), **{f"b{n}": Fact(f"b{n}", YES_NO, TEXT) for n in range(3)}},
                          {}, Sources({}), derived=derived,
                          requirements=(Requirement("q", TEXT, CITE, ALWAYS, must),))
    for reader in READERS:
        found = assess(procedure, {"day": CHANGE, "b1": branches[0], "b2": branches[1]}, engine=reader)
        assert [each.state for each in found.requirements] == [state]
