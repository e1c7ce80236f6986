"""`coverage`: what the scenarios of a procedure exercise, and what they leave untried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from motcua.analysis.coverage.goals import KINDS, Goal, Item, LeafGoals
from motcua.analysis.coverage.lens import Plan
from motcua.analysis.coverage.measuring import Case, look_at
from motcua.analysis.coverage.planning import plan_of
from motcua.analysis.coverage.solving import Verdict, examine
from motcua.errors import MotcuaError, Problem
from motcua.procedures import Procedure, Scenario, read_facts

State = Literal["covered", "waiting", "uncovered", "infeasible", "unanswered"]
Progress = Callable[[float], None]

SCENARIOS_NAMED: Final = 5
_WORST_FIRST: Final[tuple[State, ...]] = ("infeasible", "unanswered", "uncovered", "waiting")
_BY_VERDICT: Final[Mapping[Verdict | None, State]] = {
    "never": "infeasible", "unanswered": "unanswered", "possible": "uncovered", None: "uncovered"}


@dataclass(frozen=True, slots=True)
class Count:
    """How much of something is covered. What can never be shown (``infeasible``) is no part of ``total``."""

    covered: int
    total: int
    infeasible: int = 0

    @property
    def percent(self) -> str:
        """With one decimal and rounded down: 100.0 is all of it."""
        tenths = 1000 if not self.total else self.covered * 1000 // self.total
        return f"{tenths // 10}.{tenths % 10}"

    def to_json(self) -> dict[str, Any]:
        """As the report shows it."""
        return {"covered": self.covered, "total": self.total, "infeasible": self.infeasible, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class VersionCoverage:
    """One law version: the scenarios of its days, the items in force, and what is covered of them.

    ``count`` asks whether the rules in force are covered at all, ``own`` how much of that the scenarios of this
    law version show by themselves.
    """

    law_version: str
    scenarios: tuple[str, ...]
    items: tuple[str, ...]
    count: Count
    own: Count

    def to_json(self) -> dict[str, Any]:
        """As the report shows it."""
        return {"law_version": self.law_version, "scenarios": len(self.scenarios), "items": list(self.items),
                "count": self.count.to_json(), "own": self.own.to_json()}


@dataclass(frozen=True, slots=True)
class Unusable:
    """A scenario that shows nothing, and why."""

    id: str
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """As the report shows it."""
        return {"id": self.id, "problems": [problem.to_json() for problem in self.problems]}


@dataclass(frozen=True, eq=False)
class Coverage:
    """What the scenarios of a procedure exercise.

    ``states`` and ``shown_by`` (scenario ids) go by goal key, ``cases`` by scenario id. ``confirmed`` and
    ``waiting`` are the scenarios that count and those nobody has confirmed yet. ``is_examined`` tells whether a solver
    was there to say what can never be shown.
    """

    plan: Plan
    states: Mapping[str, State]
    shown_by: Mapping[str, tuple[str, ...]]
    cases: Mapping[str, Case]
    confirmed: tuple[str, ...]
    waiting: tuple[str, ...]
    unusable: tuple[Unusable, ...]
    is_examined: bool

    @property
    def procedure(self) -> Procedure:
        """The procedure."""
        return self.plan.procedure

    @property
    def items(self) -> tuple[Item, ...]:
        """Every distinct rule in force at some time, in the order of the rule file's law versions."""
        return tuple(self.plan.items.values())

    @cached_property
    def needed(self) -> Mapping[str, tuple[str, ...]]:
        """The goal keys of each item that count; of a leaf that can be shown in two ways, those of the better one."""
        found = {}
        for item in self.items:
            of_leaves = {key for leaf in item.leaves.values() for way in leaf.ways for key in way}
            keys = [key for key in item.goals if key not in of_leaves]
            keys += [key for leaf in item.leaves.values() for key in self.way(leaf)]
            found[item.key] = tuple(keys)
        return found

    def way(self, leaf: LeafGoals) -> tuple[str, str]:
        """The pair of goals by which a leaf is shown, or can most nearly be."""
        def missing(way: tuple[str, str]) -> list[int]:
            states = [self.states[key] for key in way]
            return [states.count(state) for state in _WORST_FIRST]

        return min(leaf.ways, key=missing)

    def leaf_state(self, leaf: LeafGoals) -> State:
        """Whether the leaf is shown to decide on its own both ways."""
        states = [self.states[key] for key in self.way(leaf)]
        return next((state for state in _WORST_FIRST if state in states), "covered")

    @cached_property
    def mcdc(self) -> Count:
        """The leaf conditions shown to decide on their own, true and false."""
        return _count(self.leaf_state(leaf) for item in self.items for leaf in item.leaves.values())

    @cached_property
    def total(self) -> Count:
        """All goals."""
        return _count(self.states[key] for keys in self.needed.values() for key in keys)

    def count_of(self, item: Item) -> Count:
        """The goals of one item."""
        return _count(self.states[key] for key in self.needed[item.key])

    @cached_property
    def uncovered(self) -> tuple[Item, ...]:
        """The items with something left to show."""
        return tuple(item for item in self.items if self.open_goals(item))

    def open_goals(self, item: Item) -> tuple[Goal, ...]:
        """What is left to show of an item: nothing shows it, or only what nobody has confirmed."""
        return tuple(item.goals[key] for key in self.needed[item.key]
                     if self.states[key] in ("uncovered", "unanswered", "waiting"))

    def impossible_goals(self, item: Item) -> tuple[Goal, ...]:
        """What no case can show of an item; no part of the figures."""
        return tuple(item.goals[key] for key in self.needed[item.key] if self.states[key] == "infeasible")

    @cached_property
    def versions(self) -> Mapping[str, VersionCoverage]:
        """The law versions, oldest first."""
        return {name: self._version(name) for name in self.plan.lenses}

    def _version(self, name: str) -> VersionCoverage:
        inside = tuple(item for item in self.items if name in item.law_versions)
        scenarios = tuple(each for each in self.confirmed if self.cases[each].law_version == name)
        keys = [key for item in inside for key in self.needed[item.key]]
        own = set(scenarios)
        shown: list[State] = [self.states[key] if self.states[key] == "infeasible" else
                              "covered" if own.intersection(self.shown_by.get(key, ())) else "uncovered"
                              for key in keys]
        return VersionCoverage(name, scenarios, tuple(item.key for item in inside),
                               _count(self.states[key] for key in keys), _count(shown))

    def to_json(self) -> dict[str, Any]:
        """The whole report."""
        by_kind = {kind: _count(self.states[key] for item in self.items if item.kind == kind
                                for key in self.needed[item.key]) for kind in KINDS}
        return {
            "procedure": self.procedure.id, "rules": self.procedure.digest,
            "scenarios": {"confirmed": len(self.confirmed), "waiting": list(self.waiting),
                          "unusable": [each.to_json() for each in self.unusable]},
            "total": self.total.to_json(), "mcdc": self.mcdc.to_json(), "is_examined": self.is_examined,
            "kinds": [{"kind": kind, "vi": KINDS[kind].vi, "en": KINDS[kind].en, **by_kind[kind].to_json()}
                      for kind in KINDS],
            "uncovered": [item.key for item in self.uncovered],
            "items": [self._item_json(item) for item in self.items],
            "versions": [version.to_json() for version in self.versions.values()],
        }

    def _item_json(self, item: Item) -> dict[str, Any]:
        of_leaves = {key for leaf in item.leaves.values() for way in leaf.ways for key in way}
        return {"key": item.key, "kind": item.kind, "id": item.id, "vi": item.title.vi, "en": item.title.en,
                "cite": item.cite, "law_versions": item.law_versions, **self.count_of(item).to_json(),
                "goals": [self._goal_json(item.goals[key]) for key in item.goals if key not in of_leaves],
                "leaves": [self._leaf_json(item, leaf) for leaf in item.leaves.values()]}

    def _leaf_json(self, item: Item, leaf: LeafGoals) -> dict[str, Any]:
        true, false = (self._goal_json(item.goals[key]) for key in self.way(leaf))
        return {"key": leaf.key, "text": leaf.text, "vi": leaf.words.vi, "en": leaf.words.en,
                "state": self.leaf_state(leaf), "true": true, "false": false}

    def _goal_json(self, goal: Goal) -> dict[str, Any]:
        return {"key": goal.key, "what": goal.what, "vi": goal.text.vi, "en": goal.text.en,
                "state": self.states[goal.key], "scenarios": list(self.shown_by.get(goal.key, ())[:SCENARIOS_NAMED])}


def coverage(procedure: Procedure, scenarios: Iterable[Scenario], *, feasible: bool = True, seconds: float = 60,
             progress: Progress | None = None) -> Coverage:
    """What scenarios exercise of a procedure, law version by law version.

    Only scenarios with an expected outcome count. ``feasible`` asks the solver, for what nothing shows, whether
    anything could; without it, or where the solver is not installed, such things stay uncovered. ``seconds`` is what
    the solver may take for all of it. ``progress`` is told how far it is, from 0 to 1.
    """
    tell = progress or (lambda _share: None)
    whole = plan_of(procedure)
    shown: dict[str, dict[str, None]] = {}
    proposed: set[str] = set()
    cases: dict[str, Case] = {}
    confirmed, waiting, unusable = [], [], []
    given = tuple(scenarios)
    for number, scenario in enumerate(given):
        tell(0.5 * number / len(given))
        try:
            case = _case(whole, scenario)
        except MotcuaError as error:
            unusable.append(Unusable(scenario.id, error.problems))
            continue
        if not scenario.expect:
            waiting.append(scenario.id)
            proposed.update(case.shown)
            continue
        confirmed.append(scenario.id)
        cases[scenario.id] = case
        for key in sorted(case.shown):
            shown.setdefault(key, {})[scenario.id] = None
    verdicts: Mapping[str, Verdict] = {}
    open_keys = [key for key in whole.goals if key not in shown and key not in proposed]
    if feasible:
        verdicts = examine(whole, open_keys, seconds, lambda share: tell(0.5 + 0.5 * share))
    states = {key: _state(key, shown, proposed, verdicts) for key in whole.goals}
    tell(1)
    return Coverage(whole, states, {key: tuple(ids) for key, ids in shown.items()}, cases, tuple(confirmed),
                    tuple(waiting), tuple(unusable), bool(verdicts) or not open_keys)


def _case(whole: Plan, scenario: Scenario) -> Case:
    if scenario.problem is not None:
        raise MotcuaError(scenario.problem)
    return look_at(whole, read_facts(whole.procedure, scenario.given))


def _state(key: str, shown: Mapping[str, Any], proposed: set[str], verdicts: Mapping[str, Verdict]) -> State:
    if key in shown:
        return "covered"
    if key in proposed:
        return "waiting"
    return _BY_VERDICT[verdicts.get(key)]


def _count(states: Iterable[State]) -> Count:
    counts = Counter(states)
    infeasible = counts.pop("infeasible", 0)
    return Count(counts["covered"], sum(counts.values()), infeasible)
