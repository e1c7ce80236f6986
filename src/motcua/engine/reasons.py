"""Which facts decided a condition, and which missing facts could still decide it; derived names expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

from motcua.conditions import (
    CANONICAL_UNITS,
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
    as_interval,
    as_membership,
    compile_expressions,
    deciding_leaves,
    names_in,
    negate,
    to_json,
    unknown_names,
)
from motcua.engine.evaluation import Weighed
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


class Leaf(NamedTuple):
    """A leaf condition of a law version, its place among them (None: not yes or no), and the names it reads."""

    expression: Expression
    place: int | None
    names: tuple[str, ...]
    derived: tuple[str, ...]


class Leaves:
    """The leaf conditions on which some conditions of a law version rest, each once.

    Which leaves decided a condition depends only on which of them are true, false or unknown. So all are
    evaluated at once, and each pattern of a condition's leaves is thought through once.
    """

    def __init__(self, version: LawVersion, conditions: Iterable[Expression | None]) -> None:
        self._derived = version.derived
        self._places: dict[Node, int] = {}
        self._leaf: dict[Node, Leaf] = {}
        self._asked = list(_with_derived([each for each in conditions if each is not None], version.derived))
        # by identity, which costs no walk through a tree; the conditions live as long as this does
        self._questions = {id(each): _Question(self._pattern(each)) for each in self._asked}
        self._read = compile_expressions({f"#{place}": Expression("", node, _YES_NO)
                                          for node, place in self._places.items()})

    def truths(self, env: Mapping[str, Any]) -> Truths:
        """The value of every leaf in a case."""
        return tuple(self._read(env).values())

    def deciding(self, condition: Expression, truths: Truths, env: Mapping[str, Any]) -> tuple[Leaf, ...]:
        """The leaves that made a condition what it is; a derived name is a leaf."""
        question = self._questions[id(condition)]
        pattern = question.pattern_of(truths)
        found = question.leaves.get(pattern)
        if found is None:
            found = tuple(self._known(leaf.expression) for leaf in deciding_leaves(condition, env))
            _keep(question.leaves, pattern, found)
        return found

    def deciding_facts(self, condition: Expression, truths: Truths, env: Mapping[str, Any]) -> tuple[str, ...]:
        """The facts that made a condition what it is, in the order read, those behind derived names included."""
        question = self._questions[id(condition)]
        pattern = question.pattern_of(truths)
        found = question.facts.get(pattern)
        if found is None:
            found = tuple(dict.fromkeys(self._behind(condition, truths, env)))
            _keep(question.facts, pattern, found)
        return found

    def _behind(self, condition: Expression, truths: Truths, env: Mapping[str, Any]) -> Iterator[str]:
        for leaf in self.deciding(condition, truths, env):
            for name in leaf.names:
                if name in leaf.derived:
                    yield from self.deciding_facts(self._derived[name], truths, env)
                else:
                    yield name

    def _known(self, expression: Expression) -> Leaf:
        node = expression.tree
        if node not in self._leaf:
            names = names_in(node)
            derived = tuple(name for name in names if name in self._derived)
            self._leaf[node] = Leaf(expression, self._places.get(node), names, derived)
        return self._leaf[node]

    def _pattern(self, expression: Expression) -> Callable[[Truths], Any] | None:
        """Picks the values of all leaves a condition rests on; None where something in it is not yes or no."""
        leaves: dict[Node, None] = {}
        waiting, seen = [expression], set[str]()
        while waiting:
            condition = waiting.pop()
            if condition.type.kind != "yes/no":
                return None
            leaves.update(dict.fromkeys(_leaves_of(condition.tree)))
            read = {name for leaf in _leaves_of(condition.tree) for name in names_in(leaf)} - seen
            waiting += [self._derived[name] for name in sorted(read) if name in self._derived]
            seen |= read
        places = [self._places.setdefault(leaf, len(self._places)) for leaf in leaves]
        return itemgetter(*places) if places else lambda truths: ()


def _with_derived(conditions: list[Expression], derived: Mapping[str, Expression]) -> Iterator[Expression]:
    """The conditions, and the meaning of every derived name they rest on."""
    waiting, seen = list(conditions), set[str]()
    while waiting:
        condition = waiting.pop()
        yield condition
        for name in sorted(condition.names - seen):
            seen.add(name)
            if name in derived:
                waiting.append(derived[name])


class _Question:
    """One condition, with what was found so far, by the pattern of its leaves."""

    __slots__ = ("_pattern", "facts", "leaves")

    def __init__(self, pattern: Callable[[Truths], Any] | None) -> None:
        self._pattern = pattern
        self.leaves: dict[Any, tuple[Leaf, ...]] = {}
        self.facts: dict[Any, tuple[str, ...]] = {}

    def pattern_of(self, truths: Truths) -> Any:
        """The values of the condition's own leaves; where values matter, one that never comes again."""
        return object() if self._pattern is None else self._pattern(truths)


def _keep(found: dict[Any, Any], pattern: Any, what: Any) -> None:
    if pattern.__class__ is object:
        return
    if len(found) >= PATTERNS_KEPT:
        found.clear()
    found[pattern] = what


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
    """The facts that put each requirement of a law version in its state."""

    def __init__(self, version: LawVersion) -> None:
        self._shown = Shown(version.procedure.types)
        self._by_state = tuple({"not_applicable": item.when or item.must, "met": item.must,
                                "unmet": whole_condition(item), "unknown": whole_condition(item)}
                               for item in version.requirements)
        self._applies = version.applies.when if version.applies else None
        asked = [condition for states in self._by_state for condition in states.values()]
        self._leaves = Leaves(version, [self._applies, *asked])

    def of_case(self, weighed: Weighed) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """For each requirement, and for whether the procedure is required: the facts that decided, as JSON values."""
        env, deciding, show = weighed.env, self._leaves.deciding_facts, self._shown.of
        truths = self._leaves.truths(env)
        requirements = [show(deciding(states[state], truths, env), env)
                        for states, state in zip(self._by_state, weighed.states, strict=True)]
        return requirements, show(deciding(self._applies, truths, env), env) if self._applies else {}


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

