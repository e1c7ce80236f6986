"""The leaf conditions of a law version, and which of them made a condition what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

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
    as_interval,
    as_membership,
    compile_groups,
    deciding_leaves,
)
from motcua.engine.evaluation import PATTERNS_KEPT, picker
from motcua.procedures import LawVersion

FEW: Final = 6  # leaves, of which there are 729 patterns at most

_YES_NO: Final = Type("yes/no")
Truths = tuple[Any, ...]
Decider = Callable[[Truths], tuple[Any, tuple[int, ...]]]
"""From the truths of all leaves to a condition's value, and the places of the leaves that decided it."""


class Leaf(NamedTuple):
    """A leaf condition of a law version, its place among them (None: not yes or no), and the names it reads."""

    expression: Expression
    place: int | None
    names: tuple[str, ...]
    derived: tuple[str, ...]


class Deciding(NamedTuple):
    """The leaves that made a condition what it is, the names they read, and whether some of those are derived.

    ``value`` is what the condition is where it is yes or no.
    """

    value: bool | None
    leaves: tuple[Leaf, ...]
    names: tuple[str, ...]
    has_derived: bool


class Leaves:
    """The leaf conditions on which some conditions of a law version rest, each once; a derived name is a leaf.

    Which leaves decided a condition depends only on which of them are true, false or unknown. So all are
    evaluated at once, and each pattern of a condition's leaves is thought through once. ``keys`` and ``expressions``
    are those of the leaves in their order, for a function that reads other conditions too.
    """

    def __init__(self, version: LawVersion, conditions: Iterable[Expression | None]) -> None:
        self._derived = version.derived
        self._leaves: dict[Node, Leaf] = {}
        # by identity, which costs no walk through a tree; the conditions live as long as this does
        self._asked = list(_with_derived([each for each in conditions if each is not None], version.derived))
        self._questions = {id(each): self._question(each) for each in self._asked}
        self._by_place = tuple(self._leaves.values())
        self.keys = {node: f"leaf {place}" for place, node in enumerate(self._leaves)}
        self.expressions = {key: Expression("", node, _YES_NO) for node, key in self.keys.items()}
        self._read = compile_groups(self.expressions, [list(self.expressions)])

    def truths(self, env: Mapping[str, Any]) -> Truths:
        """The value of every leaf in a case."""
        return self._read(env)[0]

    def deciding(self, condition: Expression, truths: Truths, env: Mapping[str, Any]) -> Deciding:
        """The leaves that made a condition what it is."""
        question = self._questions[id(condition)]
        if question is None:
            return self._computed(condition, env)
        pattern = question.pick(truths)
        return question.known.get(pattern) or self._decided(question, pattern, truths)

    def _decided(self, question: _Question, pattern: Any, truths: Truths) -> Deciding:
        if len(question.known) >= PATTERNS_KEPT:
            question.known.clear()
        value, places = question.decide(truths)
        found = _deciding(value, [self._by_place[place] for place in dict.fromkeys(places)])
        question.known[pattern] = found
        return found

    def facts(self, condition: Expression, truths: Truths, env: Mapping[str, Any],
              behind: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The facts that made a condition what it is, in the order read, those behind derived names included.

        ``behind`` keeps the facts behind each derived name, in one case.
        """
        question = self._questions[id(condition)]
        found = (question and question.known.get(question.pick(truths))) or self.deciding(condition, truths, env)
        if not found.has_derived:
            return found.names
        facts: list[str] = []
        for name in found.names:
            if (meaning := self._derived.get(name)) is None:
                facts.append(name)
                continue
            if name not in behind:
                behind[name] = self.facts(meaning, truths, env, behind)
            facts += behind[name]
        return tuple(dict.fromkeys(facts))

    def _computed(self, condition: Expression, env: Mapping[str, Any]) -> Deciding:
        """Of a condition that is a number or a word: its values matter, so every case is thought through."""
        return _deciding(None, [self._leaves.get(leaf.expression.tree) or self._leaf(leaf.expression, None)
                                for leaf in deciding_leaves(condition, env)])

    def _leaf(self, expression: Expression, place: int | None) -> Leaf:
        names = expression.names_in_order
        return Leaf(expression, place, names, tuple(name for name in names if name in self._derived))

    def _question(self, condition: Expression) -> _Question | None:
        if condition.type.kind != "yes/no":
            return None
        places: dict[int, None] = {}
        decide = self._decider(condition.tree, places)
        return _Question(itemgetter(*places) if places else lambda truths: (), decide)

    def _decider(self, node: Node, places: dict[int, None]) -> Decider:
        """What `deciding_leaves` does, for one condition; ``places`` gathers the leaves it rests on."""
        if as_membership(node) is None and as_interval(node) is None:
            own: dict[int, None] = {}
            match node:
                case Not(operand) if not isinstance(operand, Known):
                    return _negation(self._decider(operand, places))
                case And(operands) | Or(operands):
                    decide = _junction([self._decider(each, own) for each in operands], isinstance(node, Or))
                case If(condition, then, otherwise):
                    decide = _choice(*(self._decider(each, own) for each in (condition, then, otherwise)))
                case Lit(value):
                    return lambda truths: (value, ())
                case _:
                    return self._leaf_decider(node, places)
            places.update(own)
            return _remembering(decide, list(own)) if 1 < len(own) <= FEW else decide
        return self._leaf_decider(node, places)

    def _leaf_decider(self, node: Node, places: dict[int, None]) -> Decider:
        leaf = self._leaves.get(node)
        if leaf is None:
            text = Expression("", node, _YES_NO).show()
            leaf = self._leaves[node] = self._leaf(Expression(text, node, _YES_NO), len(self._leaves))
        place = leaf.place
        assert place is not None  # only conditions that are yes or no are taken apart here
        places[place] = None
        return lambda truths: (truths[place], (place,))


class _Question:
    """One condition, with what was found so far, by the pattern of its leaves."""

    __slots__ = ("decide", "known", "pick")

    def __init__(self, pick: Callable[[Truths], Any], decide: Decider) -> None:
        self.pick = pick
        self.decide = decide
        self.known: dict[Any, Deciding] = {}


def _deciding(value: bool | None, leaves: list[Leaf]) -> Deciding:
    names = tuple(dict.fromkeys([name for leaf in leaves for name in leaf.names]))
    return Deciding(value, tuple(leaves), names, any(leaf.derived for leaf in leaves))


def _remembering(decide: Decider, places: list[int]) -> Decider:
    """The same, thought through once for each pattern of its few leaves."""
    pick, known = picker(places), dict[Any, tuple[Any, tuple[int, ...]]]()

    def remember(truths: Truths) -> tuple[Any, tuple[int, ...]]:
        pattern = pick(truths)
        found = known.get(pattern)
        if found is None:
            found = known[pattern] = decide(truths)
        return found

    return remember


def _negation(inner: Decider) -> Decider:
    def decide(truths: Truths) -> tuple[Any, tuple[int, ...]]:
        value, places = inner(truths)
        return None if value is None else not value, places

    return decide


def _junction(parts: list[Decider], decisive: bool) -> Decider:
    """``and`` (decided by False) or ``or`` (decided by True): the operands that are what the whole is."""

    def decide(truths: Truths) -> tuple[Any, tuple[int, ...]]:
        found = [part(truths) for part in parts]
        values = [value for value, _ in found]
        own = decisive if decisive in values else None if None in values else not decisive
        return own, tuple([place for value, places in found if value is own for place in places])

    return decide


def _choice(condition: Decider, then: Decider, otherwise: Decider) -> Decider:
    def decide(truths: Truths) -> tuple[Any, tuple[int, ...]]:
        chosen, why = condition(truths)
        branches = then(truths), otherwise(truths)
        if chosen is not None:
            value, places = branches[0 if chosen else 1]
            return value, why + places
        (value, places), (other, others) = branches
        if value is not None and value == other:
            return value, places + others
        return None, why + (places if value is None else ()) + (others if other is None else ())

    return decide


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
