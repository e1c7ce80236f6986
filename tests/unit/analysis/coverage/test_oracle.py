"""What coverage says a case shows is what happens when the law itself is changed in that one place.

The oracle knows nothing of how coverage works: it turns one leaf condition of the rules round, asks the engine again,
and looks whether the assessment changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.unit.engine import laws

from motcua.analysis.coverage import coverage, planning
from motcua.analysis.coverage.leaves import LeafCondition, decides, leaf_conditions, with_leaf
from motcua.analysis.coverage.lens import Plan
from motcua.analysis.coverage.measuring import look_at
from motcua.analysis.coverage.planning import plan_of
from motcua.analysis.coverage.solving import Questions, settings_of, verdict
from motcua.conditions import Expression, Known, Node, Not, evaluate, walk
from motcua.engine import Assessment, assess
from motcua.errors import MotcuaError, RuleFault
from motcua.law import Interval, Sources
from motcua.procedures import Fact, Grid, Procedure, Requirement, Scenario

MANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
EVERY_FACT = st.fixed_dictionaries({
    "day": st.sampled_from((laws.CHANGE, laws.START)),
    **{name: laws.VALUES[type_.kind] for name, type_ in laws.FACTS.items()}})


@st.composite
def settled_procedures(draw: st.DrawFn) -> Procedure:
    """Procedures in which nothing is unknown once every fact is given, and no clause chooses another law."""
    procedure = draw(laws.procedures())
    whole = Grid("n0", "k", ("x", "y", "z"), (1, 3), ((1, 2, 3), (4, 5, 6), (7, 8, 9)))
    decisions = {name: replace(table, rows=tuple(
        replace(row, then=whole) if isinstance(row.then, Grid) else row for row in table.rows))
        for name, table in procedure.decisions.items()}
    facts = {name: replace(fact, when=None) for name, fact in procedure.facts.items()}
    return replace(procedure, facts=facts, decisions=decisions, transitional=())


def seen(procedure: Procedure, facts: dict[str, Any]) -> Any:
    """Everything an assessment shows; the fault, where rows contradict each other."""
    try:
        return shown(assess(procedure, facts, engine="conditions"))
    except RuleFault as fault:
        return "fault", [problem.params["rows"] for problem in fault.problems if "rows" in problem.params]


def shown(assessment: Assessment) -> Any:
    required = assessment.applies is None or assessment.applies.is_required
    decided = assessment.evidence.here.weighed.decided if required else {}
    return (required, [each.state for each in assessment.requirements],
            [each.state for each in assessment.document_details],
            {name: (found.rows, [value for row, value in zip(
                assessment.evidence.here.version.decisions[name].rows, found.given, strict=True) if row.id in found.rows])
             for name, found in decided.items()})


def turned(tree: Node, leaf: LeafCondition) -> Expression:
    return Expression("", with_leaf(tree, leaf.path, Not(leaf.node)), laws.YES_NO)


def mutants(plan: Plan, version: Any) -> Iterator[tuple[Any, str, LeafCondition, Procedure, Expression]]:
    """Every leaf of the rules in force: item, name, the procedure in which it is turned round, its whole condition."""
    procedure = plan.procedure

    def item(kind: str, id_: str) -> Any:
        return next(each for each in plan.items.values()
                    if (each.kind, each.id) == (kind, id_) and str(version) in each.law_versions)

    def changed(entries: tuple[Any, ...], entry: Any, **parts: Any) -> tuple[Any, ...]:
        return tuple(replace(each, **parts) if each is entry else each for each in entries)

    for kind, name in (("requirement", "requirements"), ("document", "documents"), ("applies", "applies")):
        in_force = getattr(version, name)
        for entry in in_force if isinstance(in_force, tuple) else [in_force]:
            entries = getattr(procedure, name)
            for part in ("must", "when"):
                expression = getattr(entry, part, None)
                if expression is not None and entry in entries:
                    for number, leaf in enumerate(leaf_conditions(expression.tree)):
                        law = replace(procedure, **{name: changed(entries, entry, **{part: turned(expression.tree, leaf)})})
                        yield item(kind, entry.id), f"{part} {number}", leaf, law, expression
    for name, case in version.derived.items():
        for number, leaf in enumerate(leaf_conditions(case.tree) if case.type == laws.YES_NO else ()):
            derived = procedure.derived[name]
            cases = tuple((span, turned(each.tree, leaf) if each is case else each) for span, each in derived.cases)
            law = replace(procedure, derived={**procedure.derived, name: replace(derived, cases=cases)})
            yield item("derived", name), f"is {number}", leaf, law, case
    for table in version.decisions.values():
        for row in table.rows:
            for number, leaf in enumerate(leaf_conditions(row.when.tree) if row.when else ()):
                rows = changed(procedure.decisions[table.id].rows, next(
                    each for each in procedure.decisions[table.id].rows if each.id == row.id), when=turned(row.when.tree, leaf))
                law = replace(procedure, decisions={**procedure.decisions, table.id: replace(
                    procedure.decisions[table.id], rows=rows)})
                yield item("row", f"{table.id}.{row.id}"), f"when {number}", leaf, law, row.when


@MANY
@given(settled_procedures(), st.lists(EVERY_FACT, min_size=1, max_size=4))
def test_a_leaf_is_shown_exactly_where_turning_it_round_changes_the_assessment(procedure, all_facts):
    plan = plan_of(procedure)
    for facts in all_facts:
        before = seen(procedure, facts)
        if before[0] == "fault":
            continue
        found = look_at(plan, facts).shown
        version = procedure.version_on(facts["day"])
        env = assess(procedure, facts, engine="conditions").evidence.here.weighed.env
        for item, name, leaf, law, condition in mutants(plan, version):
            value = evaluate(Expression("", leaf.node, laws.YES_NO), env)
            ways = item.leaves[f"{item.key} {name}"].ways
            sides = {True: {way[0] for way in ways}, False: {way[1] for way in ways}}
            # it, or another leaf beside it, reads a decision that gives no value: what is unknown shows nothing
            if value is None or evaluate(condition, env) is None:
                assert not (sides[True] | sides[False]) & found
                continue
            decided = seen(law, facts) != before
            assert bool(sides[value] & found) is decided, (item.key, name, value, facts)
            assert not sides[not value] & found


CONDITION = Procedure(
    id="vn.test.condition", title=laws.TEXT, field="test", law_at="day", covers=Interval(laws.START, None), sources=Sources({}),
    facts={"day": Fact("day", laws.DAY, laws.TEXT), **{each: Fact(each, laws.YES_NO, laws.TEXT) for each in "abcd"}},
    lists={})
NAMES = dict.fromkeys("abcd", laws.YES_NO)
BITS = st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=8, unique=True)


def scenario(number: int, bits: tuple[bool, ...]) -> Scenario:
    given_ = {"day": "2022-01-01", **dict(zip(NAMES, bits, strict=True))}
    return Scenario(f"s{number}", None, None, given_, {"outcome": "eligible"})


def pair_by_brute_force(tree: Node, leaf: LeafCondition, rows: list[dict[str, bool]]) -> bool:
    """An independence pair of masking MC/DC: the leaf and the whole differ, and in both the leaf decides."""
    def value(node: Node, env: dict[str, bool]) -> Any:
        return evaluate(Expression("", node, laws.YES_NO), env)

    def is_decided(env: dict[str, bool]) -> bool:
        return value(with_leaf(tree, leaf.path, Not(leaf.node)), env) != value(tree, env)

    return any(value(leaf.node, one) and not value(leaf.node, other) and value(tree, one) != value(tree, other)
               and is_decided(one) and is_decided(other) for one, other in itertools.permutations(rows, 2))


@MANY
@given(laws.conditions(NAMES), BITS, st.sampled_from((1, planning.FEW)))
def test_the_pairs_found_by_brute_force_are_ours(tree, bits, few):
    law = replace(CONDITION, requirements=(Requirement("q", laws.TEXT, laws.CITE, Interval(), laws.expression(tree)),))
    with patch.object(planning, "FEW", few):  # also as conditions of many parts are read
        report = coverage(law, [scenario(number, each) for number, each in enumerate(bits)], feasible=False)
    rows = [dict(zip(NAMES, each, strict=True)) for each in bits]
    [item] = report.items
    assert len(item.leaves) == len(leaf_conditions(tree))
    for leaf, goals in zip(leaf_conditions(tree), item.leaves.values(), strict=True):
        assert (report.leaf_state(goals) == "covered") is pair_by_brute_force(tree, leaf, rows)


@MANY
@given(laws.conditions(NAMES), st.tuples(*[st.sampled_from((True, False, None))] * 4))
def test_a_leaf_never_decides_where_what_it_rests_on_is_unknown(tree, bits):
    assume(not any(isinstance(node, Known) for node in walk(tree)))  # such a leaf is about what is unknown
    env = dict(zip(NAMES, bits, strict=True))
    for leaf in leaf_conditions(tree):
        if evaluate(Expression("", decides(tree, leaf.path), laws.YES_NO), env) is not True:
            continue
        completed = [dict(zip(NAMES, each, strict=True)) for each in itertools.product(
            *[(True, False) if bit is None else (bit,) for bit in bits])]
        for each in completed:
            values = [evaluate(Expression("", with_leaf(tree, leaf.path, node), laws.YES_NO), each)
                      for node in (leaf.node, Not(leaf.node))]
            assert values[0] != values[1]


@FEW
@given(laws.procedures(), st.lists(laws.cases(), min_size=5, max_size=20))
def test_what_is_called_impossible_is_shown_by_no_case_and_what_is_possible_by_the_solvers(procedure, all_facts):
    plan = plan_of(procedure)
    questions = Questions(plan)
    found = set[str]()
    for facts in all_facts:
        try:
            found |= look_at(plan, facts).shown
        except MotcuaError:
            continue
    for key in sorted(plan.goals)[:40]:
        answer = verdict(questions, key)
        assert answer != "unanswered"
        if answer == "never":
            assert key not in found
            continue
        for setting in settings_of(plan, key):
            facts = questions.case(setting, {})
            if facts is not None:
                try:
                    assert key in look_at(plan, facts).shown
                except RuleFault:
                    assume(False)
                break
