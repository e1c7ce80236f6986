"""Which facts decided a condition, and which missing facts could still decide it; derived names expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from motcua.conditions import (
    And,
    Expression,
    If,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Type,
    any_of,
    compile_expressions,
    deciding_leaves,
    names_in,
    negate,
    to_json,
    unknown_names,
)
from motcua.conditions.tree import as_interval, as_membership
from motcua.conditions.units import CANONICAL
from motcua.engine.evaluation import State, Weighed
from motcua.procedures import Fact, LawVersion, Requirement

PATTERNS_KEPT: Final = 2000

_YES_NO: Final = Type("yes/no")
_AS_THEY_ARE: Final = frozenset({bool, str, type(None)})
Truths = tuple[Any, ...]


def whole_condition(requirement: Requirement) -> Expression:
    """What a requirement asks in all: that it does not concern the case, or is met."""
    if requirement.when is None:
        return requirement.must
    return any_of([negate(requirement.when), requirement.must])


class Reasons:
    """The deciding facts of a law version's conditions.

    They depend only on which leaf conditions are true, false or unknown. So all leaves are evaluated at once,
    and each pattern of a condition's leaves is thought through once.
    """

    def __init__(self, version: LawVersion) -> None:
        self._version = version
        self._leaves: dict[Node, int] = {}
        when = [_Question(self, item.when) if item.when else None for item in version.requirements]
        must = [_Question(self, item.must) for item in version.requirements]
        whole = [_Question(self, whole_condition(item)) for item in version.requirements]
        self.by_state: tuple[Mapping[State, _Question | None], ...] = tuple(
            {"not_applicable": when, "met": must, "unmet": whole, "unknown": whole}
            for when, must, whole in zip(when, must, whole, strict=True))
        self.applies = _Question(self, version.applies.when) if version.applies else None
        self._read = compile_expressions({f"#{place}": Expression("", leaf, _YES_NO)
                                          for leaf, place in self._leaves.items()})
        self._whole_numbers = frozenset(fact.id for fact in version.procedure.facts.values()
                                        if fact.type.unit == CANONICAL.get(fact.type.kind))

    def truths(self, weighed: Weighed) -> Truths:
        """The value of every leaf in a case."""
        return tuple(self._read(weighed.env).values())

    def of(self, question: _Question | None, truths: Truths, env: Mapping[str, Any]) -> dict[str, Any]:
        """The facts that decided a condition, in the order read, with their values as JSON."""
        if question is None:
            return {}
        facts, shown = self._version.procedure.facts, {}
        for name in question.deciding(truths, env):
            value = env.get(name)
            plain = value.__class__ in _AS_THEY_ARE or (value.__class__ is int and name in self._whole_numbers)
            shown[name] = value if plain else to_json(facts[name].type, value)
        return shown

    def places(self, expression: Expression) -> tuple[int, ...] | None:
        """The places of all leaves a condition rests on, None where something in it is not yes or no."""
        leaves: dict[Node, None] = {}
        waiting, seen = [expression], set[str]()
        while waiting:
            condition = waiting.pop()
            if condition.type.kind != "yes/no":
                return None
            leaves.update(dict.fromkeys(_leaves_of(condition.tree)))
            read = {name for leaf in _leaves_of(condition.tree) for name in names_in(leaf)} - seen
            waiting += [self._version.derived[name] for name in sorted(read) if name in self._version.derived]
            seen |= read
        return tuple(self._leaves.setdefault(leaf, len(self._leaves)) for leaf in leaves)

    def think(self, expression: Expression, env: Mapping[str, Any]) -> tuple[str, ...]:
        """The facts that decide a condition under ``env``."""
        return tuple(dict.fromkeys(self._deciding(expression, env)))

    def _deciding(self, expression: Expression, env: Mapping[str, Any]) -> Iterator[str]:
        for leaf in deciding_leaves(expression, env):
            for name in leaf.values:
                meaning = self._version.derived.get(name)
                yield from (name,) if meaning is None else self._deciding(meaning, env)


class _Question:
    """One condition, with the answers found so far by the pattern of its leaves."""

    def __init__(self, reasons: Reasons, expression: Expression) -> None:
        self._reasons = reasons
        self._expression = expression
        places = reasons.places(expression)
        self._pattern: Callable[[Truths], Any] | None = itemgetter(*places) if places else None
        self._known: dict[Any, tuple[str, ...]] = {}

    def deciding(self, truths: Truths, env: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the facts that decided it."""
        if self._pattern is None:
            return self._reasons.think(self._expression, env)
        pattern = self._pattern(truths)
        found = self._known.get(pattern)
        if found is None:
            if len(self._known) >= PATTERNS_KEPT:
                self._known.clear()
            found = self._known[pattern] = self._reasons.think(self._expression, env)
        return found


def _leaves_of(node: Node) -> Iterator[Node]:
    """Every condition of a tree that may decide it: what `deciding_leaves` chooses from."""
    if as_membership(node) is not None or as_interval(node) is not None:
        yield node
        return
    match node:
        case Not(operand) if not isinstance(operand, Known):
            yield from _leaves_of(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from _leaves_of(operand)
        case If(condition, then, otherwise):
            for part in (condition, then, otherwise):
                yield from _leaves_of(part)
        case Lit():
            return
        case _:
            yield node


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

