"""What a rule rests on: the facts, derived names and decisions it reads, directly and through others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.conditions import Expression, Known, walk
from motcua.procedures import Decision, Grid, LawVersion, Procedure, Row

Part = Expression | Grid | None


class Closure:
    """The names behind expressions of a law version."""

    def __init__(self, version: LawVersion) -> None:
        self._version = version
        self._known: dict[str, frozenset[str]] = {}

    def of(self, *parts: Part) -> frozenset[str]:
        """Every name on which the parts rest; of a fact also what decides whether it applies."""
        return frozenset().union(*(self._behind(name) for part in parts if part is not None for name in part.names))

    def _behind(self, name: str) -> frozenset[str]:
        found = self._known.get(name)
        if found is None:
            self._known[name] = frozenset((name,))  # a circle cannot be: the loader refuses it
            found = self._known[name] = self.of(*self._parts(name)) | {name}
        return found

    def _parts(self, name: str) -> Iterator[Part]:
        if name in self._version.derived:
            yield self._version.derived[name]
        elif name in self._version.decisions:
            yield from parts_of(self._version.decisions[name])
        else:
            yield self._version.procedure.facts[name].when

    def is_dated(self, *parts: Part) -> bool:
        """Whether the parts depend on the law date, so that they are judged over all law versions together."""
        return self._version.procedure.law_at in self.of(*parts)


def parts_of(decision: Decision) -> Iterator[Part]:
    """What the rows of a decision read."""
    for row in decision.rows:
        yield from parts_of_row(row)


def parts_of_row(row: Row) -> tuple[Part, Part]:
    """What a row reads."""
    return row.when, row.then


def every_expression(procedure: Procedure) -> Iterator[Expression]:
    """All expressions of a procedure, those of all law versions included."""
    found: list[Part] = [fact.when for fact in procedure.facts.values()]
    found += [rule.holds for rule in procedure.always]
    found += [case for derived in procedure.derived.values() for _, case in derived.cases]
    found += [applies.when for applies in procedure.applies]
    for requirement in procedure.requirements:
        found += [requirement.must, requirement.when]
    found += [document.when for document in procedure.documents]
    found += [part for decision in procedure.decisions.values() for part in parts_of(decision)]
    found += [clause.unless for clause in procedure.transitional]
    yield from (part for part in found if isinstance(part, Expression))


def asks_what_is_known(expressions: Iterable[Expression]) -> bool:
    """Whether a condition asks if a fact is known at all, so that complete facts do not tell everything."""
    return any(isinstance(node, Known) for expression in expressions for node in walk(expression.tree))
