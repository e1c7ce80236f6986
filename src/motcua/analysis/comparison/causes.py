"""Which changes stand behind something that goes another way, and what only the passing of time does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.analysis.comparison.differences import Change
from motcua.analysis.comparison.provisions import Part
from motcua.conditions import Expression
from motcua.procedures import Decision, Grid, LawVersion, Row

Key = tuple[Part, str, str]
"""A provision: its part, the decision or list it stands in (or ""), its id."""


class Behind:
    """What the provisions of one law version rest on, derived names and decisions followed."""

    def __init__(self, version: LawVersion) -> None:
        self._version = version
        self._known: dict[str, frozenset[Key]] = {}

    def of(self, *expressions: Expression | Grid | None) -> frozenset[Key]:
        """The derived names, decisions, rows and facts that the expressions read."""
        return frozenset().union(*[self._name(name) for each in expressions if each is not None
                                   for name in sorted(each.names)])

    def _name(self, name: str) -> frozenset[Key]:
        if name not in self._known:
            self._known[name] = frozenset()  # names are acyclic; only a broken file could come back here
            self._known[name] = frozenset(self._search(name))
        return self._known[name]

    def _search(self, name: str) -> Iterator[Key]:
        version = self._version
        if name in version.derived:
            yield ("derived", "", name)
            yield from self.of(version.derived[name])
        elif name in version.decisions:
            yield from self.decision(version.decisions[name])
        else:
            yield ("fact", "", name)
            fact = version.procedure.facts.get(name)
            if fact is not None and fact.when is not None:
                yield from self.of(fact.when)

    def requirement(self, name: str) -> frozenset[Key]:
        """What a requirement rests on, itself included."""
        items = [item for item in self._version.requirements if item.id == name]
        return self.of(*(part for item in items for part in (item.must, item.when))) | {("requirement", "", name)}

    def document(self, name: str) -> frozenset[Key]:
        """What a document rests on, itself included."""
        items = [item for item in self._version.documents if item.id == name]
        return self.of(*(item.when for item in items)) | {("document", "", name)}

    def applies(self) -> frozenset[Key]:
        """What decides whether the procedure is required."""
        applies = self._version.applies
        return frozenset() if applies is None else self.of(applies.when) | {("applies", "", applies.id)}

    def row(self, decision: str, row: Row) -> frozenset[Key]:
        """What a row rests on, itself included."""
        return self.of(row.when, row.then) | {("row", decision, row.id), ("decision", "", decision)}

    def decision(self, decision: Decision) -> frozenset[Key]:
        """What a decision rests on."""
        own: frozenset[Key] = frozenset({("decision", "", decision.id)})
        return own.union(*[self.row(decision.id, row) for row in decision.rows])


class Causes:
    """The changes that matter, by the provisions they concern."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changes = [change for change in changes if change.touches]
        self._by_key: dict[Key, list[int]] = {}
        for place, change in enumerate(self._changes):
            for key in _keys(change):
                self._by_key.setdefault(key, []).append(place)

    def behind(self, *rests: frozenset[Key]) -> tuple[Change, ...]:
        """The changes behind something that rests on all of these, in the order told."""
        places = {place for rest in rests for key in rest for place in self._by_key.get(key, ())}
        return tuple(self._changes[place] for place in sorted(places))

    def clauses(self) -> tuple[Change, ...]:
        """The changes of transitional clauses."""
        return tuple(change for change in self._changes if change.part == "transitional")

    def of_starts(self) -> tuple[str, ...]:
        """The decisions whose terms are counted from another day, or run after another term."""
        return tuple(change.id for change in self._changes if change.part == "decision" and change.kind == "changed"
                     and not {"from", "after"}.isdisjoint(change.fields))

    def of_facts(self) -> tuple[Change, ...]:
        """The changes that let other cases in: of facts, lists, and of what always holds."""
        return tuple(change for change in self._changes if change.part in ("fact", "list", "always"))


def _keys(change: Change) -> set[Key]:
    keys: set[Key] = {(change.part, change.of, each.id) for each in (change.was, change.now) if each is not None}
    if change.part == "list":
        keys = set()
    return keys
