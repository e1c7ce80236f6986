"""From the rules of a procedure to what scenarios must show, each goal as a condition of its own.

A goal of a law version is a condition over facts, derived values and a few flags that tell what the assessment
shows. It is true for a scenario that shows the thing, so that one function tells what a scenario covers, and a
solver can find the facts that would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from motcua.analysis.coverage.goals import WORDS, Item, Kind, LeafGoals, border_text
from motcua.analysis.coverage.leaves import (
    LeafCondition,
    decides,
    is_condition,
    leaf_conditions,
    neutral,
    others_of,
    with_leaf,
)
from motcua.analysis.coverage.lens import (
    HERE,
    SEES_APPLIES,
    SEES_DOCUMENTS,
    SEES_FINDINGS,
    Lens,
    Plan,
    sees_clause,
    sees_decision,
)
from motcua.analysis.coverage.logic import (
    FALSE,
    TRUE,
    YES_NO,
    conj,
    disj,
    known,
    named,
    neg,
    replaced,
    xor,
)
from motcua.analysis.coverage.tables import (
    decisions_differ,
    has_value,
    holding_rows,
    states_differ,
    tree_of,
    truth,
    truth_key,
)
from motcua.conditions import (
    And,
    Cmp,
    Expression,
    Known,
    Lit,
    Node,
    Or,
    Ref,
    Type,
    describe,
    show_value,
)
from motcua.errors import Place
from motcua.law import Citation, Interval, Text
from motcua.procedures import (
    Decision,
    Document,
    Grid,
    LawVersion,
    Procedure,
    Requirement,
    Transitional,
)

FEW: Final = 8


@lru_cache(maxsize=16)
def plan_of(procedure: Procedure) -> Plan:
    """What there is to cover in a procedure."""
    register = _Register({}, {}, {})
    lenses = {str(version): _Maker(version, register).lens() for version in procedure.versions}
    for day, goals in register.beyond.items():
        lenses[str(procedure.version_on(day))].goals.update(goals)
    items = register.items
    return Plan(procedure, items, lenses, {key: goal for item in items.values() for key, goal in item.goals.items()})


def next_clauses(version: LawVersion) -> Iterator[Transitional]:
    """The clauses that may come next after a day of the law version, the earlier first."""
    first, last = version.interval.first, version.interval.last
    earlier: date | None = None
    for clause in sorted(version.procedure.transitional, key=lambda each: each.between):
        if (first is None or first < clause.between) and (earlier is None or last is None or last >= earlier):
            yield clause
        earlier = clause.between


class _Register(NamedTuple):
    """What is entered while the law versions are gone through.

    ``items`` by key, and ``same`` by what they ask; ``beyond`` holds goals of other law versions, by a day in them.
    """

    items: dict[str, Item]
    same: dict[tuple[Any, ...], Item]
    beyond: dict[date, dict[str, Node]]


class _Case(NamedTuple):
    """One case of a derived name, dated like other rules."""

    id: str
    in_force: Interval
    place: Place | None = None


class _Maker:
    """Makes the lens of one law version, and enters its rules in the register."""

    def __init__(self, version: LawVersion, register: _Register) -> None:
        self.version = version
        self.procedure = version.procedure
        self.register = register
        self.helpers: dict[str, Node] = {}
        self.goals: dict[str, Node] = {}
        self._around: dict[int, tuple[list[Node], list[Node]]] = {}

    def lens(self) -> Lens:
        version = self.version
        for decision in version.decisions.values():
            for row in decision.rows:
                self.helpers[truth_key(decision, row)] = truth(row, self.procedure)
        self._derived()
        self._applies()
        for requirement in version.requirements:
            self._requirement(requirement)
        for document in version.documents:
            self._document(document)
        for decision in version.decisions.values():
            self._decision(decision)
        for clause in next_clauses(version):
            self._clause(clause)
        return Lens(version, self.helpers, self.goals)

    # What each rule is to show

    def _applies(self) -> None:
        applies = self.version.applies
        if applies is None or applies not in self.procedure.applies:
            return
        item = self._item("applies", applies.id, applies.title, applies, (applies.when.tree,))
        shown, when = named(SEES_APPLIES), applies.when.tree
        self._goal(item, "required", [shown, when])
        if not isinstance(when, Lit):
            self._goal(item, "not_required", [shown, neg(when)])
        self._leaves(item, "when", when, [shown])
        self._borders(item, applies, self.procedure.applies, [shown, known(when)], [shown])

    def _requirement(self, requirement: Requirement) -> None:
        must, when = requirement.must.tree, tree_of(requirement.when)
        item = self._item("requirement", requirement.id, requirement.title, requirement, (must, when))
        shown = named(SEES_FINDINGS)
        self._goal(item, "met", [shown, when, must])
        self._goal(item, "unmet", [shown, when, neg(must)])
        if requirement.when is not None:
            self._goal(item, "not_applicable", [shown, neg(when)])
            self._leaves(item, "when", when, [shown, known(must)])
        self._leaves(item, "must", must, [shown, when])
        self._borders(item, requirement, self.procedure.requirements,
                      [shown, disj([neg(when), conj([when, known(must)])])], [shown])

    def _document(self, document: Document) -> None:
        when = tree_of(document.when)
        item = self._item("document", document.id, document.title, document, (when,))
        shown = named(SEES_DOCUMENTS)
        self._goal(item, "needed", [shown, when])
        if document.when is not None:
            self._goal(item, "not_needed", [shown, neg(when)])
            self._leaves(item, "when", when, [shown])
        self._borders(item, document, self.procedure.documents, [shown, known(when)], [shown])

    def _clause(self, clause: Transitional) -> None:
        unless = clause.unless.tree
        item = self._item("clause", clause.id, clause.title, clause, (unless,))
        shown = named(sees_clause(clause.id))
        self._goal(item, "new", [shown, unless])
        self._goal(item, "old", [shown, neg(unless)])
        self._leaves(item, "unless", unless, [shown])

    def _decision(self, decision: Decision) -> None:
        shown = named(sees_decision(decision.id))
        truths = {row.id: named(truth_key(decision, row)) for row in decision.rows}
        holding = holding_rows(decision, truths)
        everyone = self.procedure.decisions[decision.id].rows
        for row in decision.rows:
            when, then = tree_of(row.when), row.then
            item = self._item("row", f"{decision.id}.{row.id}", decision.title, row,
                              (when, then if isinstance(then, Grid) else then.tree))
            holds = [shown, holding[row.id]]
            if isinstance(then, Grid):
                self._cells(item, then, holds)
            else:
                self._goal(item, "chosen", holds)
                self._leaves(item, "then", then.tree, holds)
            if row.when is not None:
                turned = [holding_rows(decision, {**truths, row.id: value}) for value in (TRUE, FALSE)]
                seen = disj(xor(turned[0][other.id], turned[1][other.id]) for other in decision.rows)
                self._leaves(item, "when", when, [shown, seen, has_value(row, self.procedure)])
            for other in row.overrides:
                if other in truths:
                    text = Text(f"thắng dòng {other} khi cả hai đúng", f"goes before row {other} where both are true")
                    self._goal(item, f"over {other}", [*holds, truths[other]], text)
            self._borders(item, row, everyone, holds, [named(SEES_FINDINGS)])
        if decision.rows and all(row.when is not None for row in decision.rows):
            # that no row holds is a thing of the table as it stands, not of a row
            whens = tuple(tree_of(row.when) for row in decision.rows)
            item = self._item("table", decision.id, decision.title, decision, whens)
            self._goal(item, "no_row", [shown, *map(neg, whens)])

    def _cells(self, item: Item, grid: Grid, holds: list[Node]) -> None:
        down, across = self.procedure.types[grid.down], self.procedure.types[grid.across]
        labels = self.procedure.labels.get(across.list or "", {})
        for line in range(len(grid.cells)):
            lower = grid.bounds[line - 1] if line else None
            upper = grid.bounds[line] if line < len(grid.bounds) else None
            bounds = [Cmp(op, Ref(grid.down, down), Lit(bound, down))
                      for op, bound in ((">", lower), ("<=", upper)) if bound is not None]
            for column in grid.columns:
                text = _cell_text(labels.get(column, Text(column, column)), lower, upper, down)
                self._goal(item, f"cell {line + 1} {column}",
                           [*holds, *bounds, Cmp("=", Ref(grid.across, across), Lit(column, across))], text)

    def _derived(self) -> None:
        for name, case in self.version.derived.items():
            derived = self.procedure.derived[name]
            span = next(span for span, each in derived.cases if each is case)
            dated = _Case(name, span, derived.place)
            item = self._item("derived", name, derived.title, dated, (case.tree,))
            reference = Ref(name, derived.type)
            if is_condition(case.tree):
                seen = named(f"seen {name}")
                self.helpers[f"seen {name}"] = self._seen(name, TRUE, FALSE)
                self._goal(item, "true", [seen, reference])
                self._goal(item, "false", [seen, neg(reference)])
                self._leaves(item, "is", case.tree, [seen])
            else:
                self._goal(item, "used", [named(HERE), Known(reference)])
                for number, leaf in enumerate(leaf_conditions(case.tree)):
                    key = f"seen {name} {number}"
                    self.helpers[key] = self._seen(name, *(with_leaf(case.tree, leaf.path, value)
                                                           for value in (TRUE, FALSE)))
                    self._leaf(item, f"is {number}", case.tree, leaf, [named(key)])
            everyone = tuple(_Case(name, each) for each, _ in derived.cases)
            self._borders(item, dated, everyone, [named(HERE), Known(reference)], [named(HERE)])

    # Whether a derived value decides something that the assessment shows

    def _seen(self, name: str, one: Node, other: Node) -> Node:
        """Whether something shown differs between the two values of a derived name."""
        sides: list[dict[str, Node]] = [{name: one}, {name: other}]
        for side, values in zip("+-", sides, strict=True):
            for reader, case in self.version.derived.items():
                if reader != name and not values.keys().isdisjoint(case.names):
                    key = f"{reader} if {name}{side} {len(self.helpers)}"
                    self.helpers[key] = replaced(case.tree, values)
                    values[reader] = Ref(key, case.type)
        return disj(self._differences(*sides))

    def _differences(self, one: Mapping[str, Node], other: Mapping[str, Node]) -> Iterator[Node]:
        version, changed = self.version, one.keys()

        def turned(expression: Expression | None) -> tuple[Node, Node]:
            tree = tree_of(expression)
            return replaced(tree, one), replaced(tree, other)

        if version.applies is not None and not changed.isdisjoint(version.applies.when.names):
            yield conj([named(SEES_APPLIES), xor(*turned(version.applies.when))])
        for requirement in version.requirements:
            if not changed.isdisjoint(_names(requirement.must, requirement.when)):
                yield conj([named(SEES_FINDINGS), states_differ(turned(requirement.must), turned(requirement.when))])
        for document in version.documents:
            if document.when is not None and not changed.isdisjoint(document.when.names):
                yield conj([named(SEES_DOCUMENTS), xor(*turned(document.when))])
        for decision in version.decisions.values():
            if any(not changed.isdisjoint(_names(row.when, row.then)) for row in decision.rows):
                yield conj([named(sees_decision(decision.id)), decisions_differ(self.procedure, decision, one, other)])
        for clause in self.procedure.transitional:
            if not changed.isdisjoint(clause.unless.names):
                yield conj([named(sees_clause(clause.id)), xor(*turned(clause.unless))])

    # Entering

    def _item(self, kind: Kind, id_: str, title: Text, entry: Any, trees: tuple[Any, ...]) -> Item:
        """The item of a rule: one for all its wordings that ask the same, whatever else changed in them."""
        same = (kind, id_, *trees)
        item = self.register.same.get(same)
        if item is None:
            first = getattr(entry, "in_force", self.version.interval).first
            key = f"{kind}:{id_}" + (f"@{first}" if first else "")
            while key in self.register.items:
                key += "'"
            citation: Citation | None = getattr(entry, "citation", None)
            item = Item(key, kind, id_, title, citation.text if citation else "", place=entry.place)
            self.register.items[key] = self.register.same[same] = item
        if str(self.version) not in item.law_versions:
            item.law_versions.append(str(self.version))
        return item

    def _goal(self, item: Item, what: str, parts: list[Node], text: Text | None = None) -> None:
        self.goals[item.goal(what, text)] = conj(parts)

    def _leaves(self, item: Item, part: str, tree: Node, shown: list[Node]) -> None:
        for number, leaf in enumerate(leaf_conditions(tree)):
            self._leaf(item, f"{part} {number}", tree, leaf, [*shown, decides(tree, leaf.path, self._others)])

    def _others(self, node: And | Or, place: int) -> Node:
        """What `others_of` says; of many operands the parts before and after a place are worked out once."""
        if len(node.operands) <= FEW:
            return others_of(node, place)
        if id(node) not in self._around:
            parts = neutral(node)
            self._around[id(node)] = self._running(parts), self._running(parts[::-1])
        before, after = self._around[id(node)]
        return conj([before[place], after[len(node.operands) - 1 - place]])

    def _running(self, parts: tuple[Node, ...]) -> list[Node]:
        """For each part, that all before it hold; under a name of its own."""
        found: list[Node] = [TRUE]
        for part in parts[:-1]:
            name = f"until {len(self.helpers)}"
            self.helpers[name] = conj([found[-1], part])
            found.append(named(name))
        return found

    def _leaf(self, item: Item, name: str, tree: Node, leaf: LeafCondition, shown: list[Node]) -> None:
        """That the leaf decides, once true and once false, the whole coming out differently each time."""
        yes, no = [*shown, leaf.node], [*shown, neg(leaf.node)]
        ways = [("", yes, no)]
        if leaf.sign == 0 and is_condition(tree):
            ways = [("+", [*yes, tree], [*no, neg(tree)]), ("-", [*yes, neg(tree)], [*no, tree])]
        keys = []
        for suffix, *sides in ways:
            pair = []
            for side, parts in zip(("true", "false"), sides, strict=True):
                key = item.goal(f"{name} {side}{suffix}", _WORDS_OF_LEAF[side])
                self.goals[key] = conj(parts)
                pair.append(key)
            keys.append((pair[0], pair[1]))
        key = f"{item.key} {name}"
        if key not in item.leaves:
            expression = Expression("", leaf.node, YES_NO)
            words = (describe(expression, lang, self.procedure.titles, self.procedure.labels) for lang in ("vi", "en"))
            item.leaves[key] = LeafGoals(key, expression.show(), Text(*words), tuple(keys))

    def _borders(self, item: Item, entry: Any, everyone: tuple[Any, ...], own: list[Node], without: list[Node]) -> None:
        """At the days on which the rule comes and goes, it is to be tried on both sides."""
        here, span, covers = self.version.interval, entry.in_force, self.procedure.covers
        first, last = here.first, here.last
        if first is not None and first == span.first and first != covers.first:
            self._border(item, "since", first, [named(HERE), *own])
        if last is not None and last == span.last and last != covers.last:
            self._border(item, "until", last, [named(HERE), *own])
        others = [each for each in everyone if each.id == entry.id]
        for side, day in (("before", _day(span.first, -1)), ("after", _day(span.last, 1))):
            if day is not None and day in covers and not any(day in each.in_force for each in others):
                key = item.goal(f"{side} {day}", border_text(side, day))
                self.register.beyond.setdefault(day, {})[key] = conj([named(HERE), *without])

    def _border(self, item: Item, side: str, day: date, parts: list[Node]) -> None:
        self._goal(item, f"{side} {day}", parts, border_text(side, day))


_WORDS_OF_LEAF: Final = {side: WORDS[side] for side in ("true", "false")}


def _names(*parts: Expression | Grid | None) -> frozenset[str]:
    return frozenset[str]().union(*(part.names for part in parts if part is not None))


def _day(day: date | None, step: int) -> date | None:
    return None if day is None or day in (date.min, date.max) else day + timedelta(days=step)


def _cell_text(column: Text, lower: Any, upper: Any, type_: Type) -> Text:
    """One cell of a grid in words."""
    texts = []
    for lang, over, upto in (("vi", "trên", "đến"), ("en", "over", "up to")):
        bounds = [f"{word} {show_value(type_, bound, lang)}" for word, bound in ((over, lower), (upto, upper))
                  if bound is not None]
        texts.append(f"{column.get(lang)}; {' '.join(bounds)}")
    return Text(*texts)
