"""Which facts decided a condition, and which missing facts could still decide it; derived names expanded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from motcua.conditions import CANONICAL_UNITS, Expression, Type, any_of, negate, to_json, unknown_names
from motcua.engine.evaluation import State, Weighed
from motcua.engine.leaves import Leaves, Truths
from motcua.procedures import Fact, LawVersion, Requirement

_AS_THEY_ARE: Final = frozenset({bool, str, type(None)})


def whole_condition(requirement: Requirement) -> Expression:
    """What a requirement asks in all: that it does not concern the case, or is met."""
    if requirement.when is None:
        return requirement.must
    return any_of([negate(requirement.when), requirement.must])


class Shown:
    """Values of names as JSON, in the units of their facts."""

    def __init__(self, types: Mapping[str, Type]) -> None:
        self._types = types
        self._canonical = frozenset(
            name for name, type_ in types.items() if type_.unit == CANONICAL_UNITS.get(type_.kind))

    def of(self, names: Iterable[str], env: Mapping[str, Any]) -> dict[str, Any]:
        """The value of each name, None where it is unknown."""
        shown = {}
        for name in names:
            value = env.get(name)
            own = value.__class__
            plain = own in _AS_THEY_ARE or (own is int and name in self._canonical)
            shown[name] = value if plain else to_json(self._types[name], value)
        return shown


class Reasons:
    """The leaves of all conditions of a law version, and the facts that put each requirement in its state."""

    def __init__(self, version: LawVersion) -> None:
        self.shown = Shown(version.procedure.types)
        self._by_state = tuple(map(_by_state, version.requirements))
        self._applies = version.applies.when if version.applies else None
        self.leaves = Leaves(version, [*_conditions(version),
                                       *[each for states in self._by_state for each in states.values()]])

    def of_case(self, weighed: Weighed, truths: Truths) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """For each requirement, and for whether the procedure is required: the facts that decided, as JSON values.

        ``truths`` are those of `leaves` in this case.
        """
        env, facts, show = weighed.env, self.leaves.facts, self.shown.of
        behind: dict[str, tuple[str, ...]] = {}
        requirements = [show(facts(states[state], truths, env, behind), env)
                        for states, state in zip(self._by_state, weighed.states, strict=True)]
        return requirements, show(facts(self._applies, truths, env, behind), env) if self._applies else {}


def _conditions(version: LawVersion) -> Iterator[Expression | None]:
    """All conditions that an explanation takes apart."""
    yield version.applies.when if version.applies else None
    for requirement in version.requirements:
        yield from (requirement.when, requirement.must)
    yield from [document.when for document in version.documents]
    yield from [row.when for decision in version.decisions.values() for row in decision.rows]
    yield from [clause.unless for clause in version.procedure.transitional]


def _by_state(requirement: Requirement) -> dict[State, Expression]:
    """The condition that tells why a requirement is in a state."""
    whole = whole_condition(requirement)
    return {"not_applicable": requirement.when or requirement.must, "met": requirement.must, "unmet": whole,
            "unknown": whole}


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

