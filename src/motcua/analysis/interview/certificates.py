"""What a condition needs: the facts without which it cannot come true, and the fewest that can make it true.

Conditions are read as trees in which each leaf may become true or false by its own facts. Leaves that exclude one
another are not recognised, so what is told here is an order of asking, never an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.conditions import And, Expression, If, Node, Not, Or, Ref, Type, evaluate, names_in
from motcua.procedures import LawVersion, Requirement

_YES_NO = Type("yes/no")
Facts = frozenset[str]


class Certificates:
    """The conditions of a law version under known facts."""

    def __init__(self, version: LawVersion, known: Mapping[str, Any]) -> None:
        self._version = version
        self._derived = version.derived
        self._env = dict(known)
        for name, meaning in version.derived.items():
            self._env[name] = evaluate(meaning, self._env)
        self._fewest: dict[tuple[int, bool], Facts | None] = {}

    def fewest(self, requirement: Requirement) -> Facts | None:
        """The fewest unknown facts that can meet a requirement, or None where it cannot be met."""
        met = self._of(requirement.must.tree, True)
        if requirement.when is None:
            return met
        return _smaller(self._of(requirement.when.tree, False), met)

    def indispensable(self, requirement: Requirement, fact: str) -> bool:
        """Whether the requirement cannot come true while ``fact`` is unknown."""
        if self._can(requirement.must.tree, True, fact):
            return False
        return requirement.when is None or not self._can(requirement.when.tree, False, fact)

    def of_outcome(self) -> Facts:
        """Every fact that the outcome can rest on, those included on which it rests whether a fact is asked."""
        expressions = [part for item in self._version.requirements for part in (item.must, item.when)]
        expressions.append(self._version.applies.when if self._version.applies is not None else None)
        found: set[str] = set()
        waiting = [name for each in expressions if each is not None for name in self.facts(each.tree)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                when = self._version.procedure.facts[name].when
                waiting += [] if when is None else self.facts(when.tree)
        return frozenset(found)

    def _of(self, node: Node, want: bool) -> Facts | None:
        key = (id(node), want)
        if key not in self._fewest:
            self._fewest[key] = self._search(node, want)
        return self._fewest[key]

    def _search(self, node: Node, want: bool) -> Facts | None:
        value = evaluate(Expression("", node, _YES_NO), self._env)
        if value is not None:
            return frozenset() if value is want else None
        match node:
            case Not(operand):
                return self._of(operand, not want)
            case And(operands) | Or(operands):
                parts = [self._of(operand, want) for operand in operands]
                return _all(parts) if isinstance(node, And) is want else _least(parts)
            case If(condition, then, otherwise):
                return _least([_all([self._of(condition, True), self._of(then, want)]),
                               _all([self._of(condition, False), self._of(otherwise, want)])])
            case Ref(name) if name in self._derived:
                return self._of(self._derived[name].tree, want)
            case _:
                return frozenset(fact for fact in self.facts(node) if self._env.get(fact) is None)

    def _can(self, node: Node, want: bool, without: str) -> bool:
        value = evaluate(Expression("", node, _YES_NO), self._env)
        if value is not None:
            return value is want
        match node:
            case Not(operand):
                return self._can(operand, not want, without)
            case And(operands) | Or(operands):
                parts = (self._can(operand, want, without) for operand in operands)
                return all(parts) if isinstance(node, And) is want else any(parts)
            case If(condition, then, otherwise):
                return (self._can(condition, True, without) and self._can(then, want, without)) or (
                    self._can(condition, False, without) and self._can(otherwise, want, without))
            case Ref(name) if name in self._derived:
                return self._can(self._derived[name].tree, want, without)
            case _:
                return without not in self.facts(node)

    def facts(self, node: Node) -> Facts:
        """The facts a node reads, derived names followed."""
        found: set[str] = set()
        for name in names_in(node):
            found |= self.facts(self._derived[name].tree) if name in self._derived else {name}
        return frozenset(found)


def _all(parts: list[Facts | None]) -> Facts | None:
    return None if None in parts else frozenset().union(*[part for part in parts if part is not None])


def _least(parts: list[Facts | None]) -> Facts | None:
    least: Facts | None = None
    for part in parts:
        least = _smaller(least, part)
    return least


def _smaller(one: Facts | None, other: Facts | None) -> Facts | None:
    if one is None or other is None:
        return other if one is None else one
    return other if len(other) < len(one) else one
