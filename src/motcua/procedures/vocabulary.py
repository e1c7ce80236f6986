"""The words of a rule file: its lists, its facts, and the names it derives from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from motcua.conditions import Expression, Scope, Type, literal, parse_type
from motcua.errors import MotcuaError
from motcua.law import ALWAYS, Interval, did_you_mean
from motcua.procedures.model import Derived, Fact, ListDef
from motcua.procedures.reading import YES_NO, NameKind, Names, Reader, mentioned
from motcua.procedures.schema import DerivedCase, DerivedShape, FactShape, RuleFileShape
from motcua.procedures.shaping import check_shape
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import Path

_RESERVED: Final = frozenset(("and", "or", "not", "in", "between", "if", "then", "else", "some", "every", "satisfies",
                              "true", "false", "null", "for", "return", "function", "instance"))
_TERMS: Final = ("days", "months", "working_days")


@dataclass(slots=True)
class Vocabulary:
    """What conditions may name, with types; built in the order in which the parts need each other."""

    lists: dict[str, ListDef] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    derived: dict[str, Derived] = field(default_factory=dict)
    decisions: dict[str, Type] = field(default_factory=dict)
    kinds: dict[str, NameKind] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each list."""
        return {name: tuple(listing.values) for name, listing in self.lists.items()}

    def names(self, *allowed: NameKind, later: frozenset[str] = frozenset()) -> Names:
        """All names, of which a condition may use the ``allowed`` kinds."""
        types = {name: fact.type for name, fact in self.facts.items()}
        types.update((name, derived.type) for name, derived in self.derived.items())
        types.update(self.decisions)
        return Names(Scope(types, self.values), self.kinds, frozenset(allowed), later, frozenset(self.broken))


def read_vocabulary(shape: RuleFileShape, reader: Reader) -> Vocabulary:
    """Lists, facts, decision types and derived names; the facts' own conditions last."""
    words = Vocabulary()
    for name, values in shape.lists.items():
        texts = {value: text.text for value, text in values.items()}
        words.lists[name] = ListDef(name, texts, reader.source.place(("lists", name), key=True))
    _declare(shape, reader, words)
    for name, fact in shape.facts.items():
        words.facts[name] = _fact(name, fact, reader, words)
    for name, decision in shape.decisions.items():
        type_ = _type(("decisions", name), decision.type, decision.unit, reader, words)
        words.decisions[name] = type_
    for name in _dependency_order(shape, reader):
        words.derived[name] = _derived(name, shape.derived[name], reader, words)
    for name, fact in shape.facts.items():
        if fact.when is not None:
            words.facts[name] = replace(words.facts[name], when=_fact_when(name, fact, reader, words))
    waits = {name: set(fact.when.names) for name, fact in words.facts.items() if fact.when is not None}
    for circle in _circles(waits)[1]:
        reader.report("RULE_015", ("facts", circle[0]), at_key=True, circle=" → ".join(circle))
    _check_law_at(shape, reader, words)
    return words


def is_term(type_: Type) -> bool:
    """Whether values of the type are spans of time that end on a due date."""
    return type_.kind in _TERMS


def _declare(shape: RuleFileShape, reader: Reader, words: Vocabulary) -> None:
    sections: tuple[tuple[str, NameKind, Mapping[str, Any]], ...] = (
        ("facts", "fact", shape.facts), ("derived", "derived", shape.derived),
        ("decisions", "decision", shape.decisions))
    for section, kind, entries in sections:
        for name in entries:
            if name in _RESERVED:
                reader.report("RULE_029", (section, name), at_key=True, name=name)
            if name in words.kinds:
                reader.report("RULE_012", (section, name), at_key=True, name=name)
            words.kinds.setdefault(name, kind)


def _type(path: Path, text: str, unit: str | None, reader: Reader, words: Vocabulary) -> Type:
    try:
        return parse_type(text, words.values, unit, reader.source.place((*path, "type")))
    except MotcuaError as error:
        reader.problems.extend(error.problems)
        words.broken.add(str(path[-1]))
        return YES_NO


def _fact(name: str, shape: FactShape, reader: Reader, words: Vocabulary) -> Fact:
    path: Path = ("facts", name)
    type_ = _type(path, shape.type, shape.unit, reader, words)
    low, high = (_bound((*path, end), type_, raw, reader, words.broken)
                 for end, raw in (("min", shape.min), ("max", shape.max)))
    if low is not None and high is not None and low > high:
        reader.report("RULE_014", (*path, "max"), min=shown(shape.min), max=shown(shape.max))
    cost = None if shape.change_cost == "never" else shape.change_cost
    return Fact(name, type_, shape.text, shape.hint.text if shape.hint else None, low, high,
                change_cost=cost, place=reader.source.place(path, key=True))


def _bound(path: Path, type_: Type, raw: Any, reader: Reader, broken: Set[str]) -> Any:
    if raw is None or path[1] in broken:
        return None  # what is wrong with the type is told where it stands
    if not type_.is_ordered:
        reader.report("RULE_013", path, type=type_.title)
        return None
    return reader.value(path, type_, raw)


def _fact_when(name: str, shape: FactShape, reader: Reader, words: Vocabulary) -> Expression | None:
    path: Path = ("facts", name, "when")
    return reader.condition(path, shape.when, words.names("fact"))


def _check_law_at(shape: RuleFileShape, reader: Reader, words: Vocabulary) -> None:
    fact = words.facts.get(shape.law_at)
    if fact is None:
        hint = did_you_mean(shape.law_at, words.facts)
        reader.report("RULE_016", ("law_at",), name=shape.law_at, hint=hint)
    elif fact.type.kind != "date":
        reader.report("RULE_017", ("law_at",), name=shape.law_at, type=fact.type.title)


def _derived(name: str, shape: DerivedShape, reader: Reader, words: Vocabulary) -> Derived:
    cases: list[tuple[Interval, Expression]] = []
    for path, in_force, raw in _cases(name, shape, reader):
        if any(in_force.overlaps(other) for other, _ in cases):
            reader.report("RULE_018", path, id=name, in_force=str(in_force))
        meaning = _meaning(path, raw, reader, words)
        if meaning is None:
            words.broken.add(name)
        # a stand-in keeps the checks going; a file with a problem never becomes a procedure
        cases.append((in_force, literal(False, YES_NO) if meaning is None else meaning))
    type_ = cases[0][1].type if cases else YES_NO
    for in_force, case in cases[1:]:
        if case.type.kind != type_.kind and name not in words.broken:
            reader.report("RULE_019", ("derived", name), at_key=True, name=name, in_force=str(in_force),
                          first=type_.title, other=case.type.title)
    return Derived(name, shape.text, type_, tuple(cases), reader.source.place(("derived", name), key=True))


def _cases(name: str, shape: DerivedShape, reader: Reader) -> Iterator[tuple[Path, Interval, Any]]:
    path: Path = ("derived", name, "is")
    if not isinstance(shape.is_, list):
        yield path, ALWAYS, shape.is_
        return
    for index, raw in enumerate(shape.is_):
        case = check_shape(DerivedCase, reader.source, raw, (*path, index))
        if isinstance(case, list):
            reader.problems.extend(case)
        else:
            in_force = reader.interval((*path, index, "in_force"), case.in_force)
            yield (*path, index, "is"), in_force, case.is_


def _meaning(path: Path, raw: Any, reader: Reader, words: Vocabulary) -> Expression | None:
    names = words.names("fact", "derived")
    read = reader.counted if isinstance(raw, str) else reader.condition
    return read(path, raw, names)


def _dependency_order(shape: RuleFileShape, reader: Reader) -> list[str]:
    """Derived names, each after those it uses; a circle is a problem and is cut where it closes."""
    uses = {name: _mentioned(each.is_) & set(shape.derived) for name, each in shape.derived.items()}
    order, circles = _circles(uses)
    for circle in circles:
        reader.report("RULE_020", ("derived", circle[0]), at_key=True, circle=" → ".join(circle))
    return order


def _circles(uses: Mapping[str, set[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The names in an order in which each comes after those it uses, and the circles in which that fails."""
    graph = {name: sorted(used) for name, used in uses.items()}
    circles: list[tuple[str, ...]] = []
    while True:
        try:
            return list(TopologicalSorter(graph).static_order()), circles
        except CycleError as error:
            circle = tuple(reversed(error.args[1]))
            circles.append(circle)
            graph[circle[0]].remove(circle[1])


def _mentioned(raw: Any) -> set[str]:
    """Names that stand in a condition, before it can be parsed: everything but the words in quotes."""
    if isinstance(raw, str):
        return set(mentioned(raw))
    parts = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return set().union(*(_mentioned(part) for part in parts)) if parts else set()
