"""Which facts decided a condition, and which missing facts could still decide it; derived names expanded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from motcua.conditions import Expression, any_of, deciding_leaves, negate, to_json, unknown_names
from motcua.engine.evaluation import State, Weighed
from motcua.procedures import Fact, LawVersion, Requirement


def whole_condition(requirement: Requirement) -> Expression:
    """What a requirement asks in all: that it does not concern the case, or is met."""
    if requirement.when is None:
        return requirement.must
    return any_of([negate(requirement.when), requirement.must])


class Reasons:
    """The deciding facts of one law version in one case; each derived name is looked into once."""

    def __init__(self, version: LawVersion, weighed: Weighed) -> None:
        self._derived = version.derived
        self._facts = version.procedure.facts
        self._env = weighed.env
        self._behind: dict[str, tuple[str, ...]] = {}

    def of_finding(self, requirement: Requirement, state: State) -> dict[str, Any]:
        """The facts that put a requirement in its state."""
        if state == "not_applicable" and requirement.when is not None:
            return self.of(requirement.when)
        if state == "met":
            return self.of(requirement.must)
        return self.of(whole_condition(requirement))

    def of(self, expression: Expression) -> dict[str, Any]:
        """The facts that decided a condition, in the order read, with their values as JSON."""
        return {name: to_json(self._facts[name].type, self._env.get(name)) for name in self._deciding(expression)}

    def _deciding(self, expression: Expression) -> Iterator[str]:
        for leaf in deciding_leaves(expression, self._env):
            for name in leaf.values:
                yield from self._facts_behind(name)

    def _facts_behind(self, name: str) -> tuple[str, ...]:
        if name not in self._derived:
            return (name,)
        if name not in self._behind:
            self._behind[name] = tuple(dict.fromkeys(self._deciding(self._derived[name])))
        return self._behind[name]


def missing_facts(version: LawVersion, weighed: Weighed, not_asked: frozenset[str]) -> tuple[str, ...]:
    """The unknown facts that could still change an undetermined outcome, the most useful first.

    A fact that decides whether the procedure is required comes first, then those on which most requirements
    wait; a fact that is asked only under a condition comes after the facts of that condition.
    """
    votes: dict[str, int] = {}
    search = _Search(version, weighed, not_asked)
    if version.applies is not None and weighed.applies is None:
        for name in search.behind(version.applies.when):
            votes[name] = len(weighed.states) + 1
    if "unmet" not in weighed.states:
        for requirement, state in zip(version.requirements, weighed.states, strict=True):
            if state == "unknown":
                for name in search.behind(whole_condition(requirement)):
                    votes[name] = votes.get(name, 0) + 1
    order = {name: place for place, name in enumerate(version.procedure.facts)}
    return tuple(sorted(votes, key=lambda name: (-votes[name], search.depth(name), order[name])))


class _Search:
    """Finds missing facts behind unknown conditions, through derived names and conditions of facts."""

    def __init__(self, version: LawVersion, weighed: Weighed, not_asked: frozenset[str]) -> None:
        self._version = version
        self._env = weighed.env
        self._not_asked = not_asked

    def behind(self, expression: Expression) -> tuple[str, ...]:
        """The missing facts that can still change the value of ``expression``."""
        return tuple(dict.fromkeys(self._walk(unknown_names(expression, self._env))))

    def _walk(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if (meaning := self._version.derived.get(name)) is not None:
                yield from self._walk(unknown_names(meaning, self._env))
            elif (fact := self._fact(name)) is not None:
                if fact.when is not None:
                    yield from self._walk(unknown_names(fact.when, self._env))
                yield name

    def _fact(self, name: str) -> Fact | None:
        return None if name in self._not_asked else self._version.procedure.facts.get(name)

    def depth(self, name: str) -> int:
        """How many facts must be asked before this one makes sense."""
        when = self._version.procedure.facts[name].when
        return 0 if when is None else 1 + max((self.depth(each) for each in when.names), default=0)

