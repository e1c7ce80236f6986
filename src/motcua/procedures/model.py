"""A procedure as data: what a rule file says, typed and frozen.

Everything here is a value: nothing reads the clock, a file or the network. The loader makes these values,
`motcua.engine` reads them. Intervals in force include both ends; a `None` as condition means "always".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal, TypeVar

from motcua.conditions import Expression, Type, literal
from motcua.errors import InputError, Place, Problem
from motcua.law import ALWAYS, Citation, Interval, Sources, Text, in_figures, split_by

Hit = Literal["unique", "first", "collect"]
Dated = TypeVar("Dated", "Applies", "Requirement", "Document", "Row")

NEVER: Final = literal(False, Type("yes/no"))
NONE_IN_FORCE: Final = Text("Vào ngày này không có quy định nào bắt buộc thực hiện thủ tục.",
                            "On this date no text in force requires the procedure.")


@dataclass(frozen=True, slots=True)
class ListDef:
    """A closed list of words that facts and decisions may hold, with the wording of each."""

    name: str
    values: Mapping[str, Text]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed, named thing the rules ask about; it may be unknown.

    ``min`` and ``max`` are in the canonical unit of the type. Where ``when`` is false the fact does not
    apply. ``change_cost`` says how hard it is for an applicant to change it; None means it cannot be changed.
    """

    id: str
    type: Type
    title: Text
    hint: Text | None = None
    min: Any = None
    max: Any = None
    when: Expression | None = None
    change_cost: int | None = 10
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Always:
    """What no real case breaks: facts against it are refused with this text."""

    id: str
    title: Text
    holds: Expression
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A named conclusion from facts, said once and used by many; its meaning may change with the law."""

    id: str
    title: Text
    type: Type
    cases: tuple[tuple[Interval, Expression], ...]
    place: Place | None = field(default=None, compare=False, repr=False)

    def on(self, interval: Interval) -> Expression | None:
        """What it means during ``interval`` (a law version), or None where it does not exist."""
        return next((case for in_force, case in self.cases if in_force.overlaps(interval)), None)


@dataclass(frozen=True, slots=True)
class Applies:
    """Whether the procedure is required at all; ``citation`` is None where the file cites nothing."""

    id: str
    title: Text
    citation: Citation | None
    in_force: Interval
    when: Expression
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A cited condition. ``must`` is already negated where the file says ``must_not``."""

    id: str
    title: Text
    citation: Citation | None
    in_force: Interval
    must: Expression
    when: Expression | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper the law asks for, where ``when`` holds."""

    id: str
    title: Text
    citation: Citation | None
    in_force: Interval
    copies: Text
    form: Text | None = None
    when: Expression | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Grid:
    """A two-way table: line ``i`` holds values of ``down`` over ``bounds[i - 1]``, up to ``bounds[i]``.

    The upper bound belongs to its line; the last line is open above when there is one line more than bounds.
    ``across`` names a fact of a list, whose values are the columns. Cells are values of the decision's type,
    in its canonical unit.
    """

    down: str
    across: str
    columns: tuple[str, ...]
    bounds: tuple[Any, ...]
    cells: tuple[tuple[Any, ...], ...]

    def lookup(self, env: Mapping[str, Any]) -> Any:
        """The cell for these values, or None where one of the two is unknown or outside the table."""
        down, across = env.get(self.down), env.get(self.across)
        if down is None or across not in self.columns:
            return None
        line = next((i for i, bound in enumerate(self.bounds) if down <= bound), len(self.bounds))
        return self.cells[line][self.columns.index(across)] if line < len(self.cells) else None

    def unknown(self, env: Mapping[str, Any]) -> tuple[str, ...]:
        """The names it reads that are unknown in ``env``."""
        return tuple(name for name in (self.down, self.across) if env.get(name) is None)

    @property
    def names(self) -> frozenset[str]:
        """The two names it reads."""
        return frozenset((self.down, self.across))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a decision table; ``overrides`` names rows that give way when this one is true."""

    id: str
    citation: Citation | None
    in_force: Interval
    when: Expression | None
    then: Expression | Grid
    overrides: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A question the law answers from facts: authority, fee, deadline.

    A term starts on the date of the fact ``starts_from``, where the term ``after`` ends, or as ``starts``
    says.
    """

    id: str
    title: Text
    type: Type
    hit: Hit
    rows: tuple[Row, ...]
    starts_from: str | None = None
    starts: Text | None = None
    after: str | None = None
    note: Text | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Transitional:
    """A choice of law: before ``between`` and with ``unless`` true, ``moves`` follow the law of that day."""

    id: str
    title: Text
    citation: Citation | None
    between: date
    unless: Expression
    moves: tuple[str, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Intended:
    """A finding about the law itself that is meant to be so: of this kind, about this subject, and why.

    ``rules`` is the short digest of the rules it speaks of: once these change, the note no longer counts. It speaks
    of the law versions ``in_force`` alone.
    """

    kind: str
    subject: str
    because: Text
    rules: str
    in_force: Interval = ALWAYS
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Procedure:
    """One procedure: its law as rules, of all dates that ``covers`` spans, and the sources it cites.

    ``unchecked`` says why these are not yet rules, where they are not: conditions that somebody must examine by hand.
    """

    id: str
    title: Text
    field: str
    law_at: str
    covers: Interval
    facts: Mapping[str, Fact]
    lists: Mapping[str, ListDef]
    sources: Sources
    unchecked: Text | None = None
    summary: Text | None = None
    codes: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    always: tuple[Always, ...] = ()
    derived: Mapping[str, Derived] = dataclasses.field(default_factory=dict)
    applies: tuple[Applies, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    documents: tuple[Document, ...] = ()
    decisions: Mapping[str, Decision] = dataclasses.field(default_factory=dict)
    transitional: tuple[Transitional, ...] = ()
    result: Text | None = None
    gaps: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    intended: tuple[Intended, ...] = ()
    path: str = ""
    digest: str = ""

    @cached_property
    def versions(self) -> tuple[LawVersion, ...]:
        """The law versions, oldest first: they cover ``covers`` whole and without overlap."""
        return tuple(law_version(self, span) for span in split_by(intervals_of(self), within=self.covers))

    def version_on(self, day: date) -> LawVersion:
        """The law version of a day.

        Raises:
            InputError: FACT_009, the rules do not speak for that day.
        """
        for version in self.versions:
            if day in version.interval:
                return version
        place = Place(field=self.law_at)
        raise InputError(Problem("FACT_009", {"day": in_figures(day), "covers": self.covers.words()}, place))

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The type of every name a condition may use: facts, derived names, decisions."""
        named: dict[str, Type] = {fact.id: fact.type for fact in self.facts.values()}
        named.update((name, derived.type) for name, derived in self.derived.items())
        named.update((name, decision.type) for name, decision in self.decisions.items())
        return named

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """The title of every name a condition may use."""
        named: tuple[Fact | Derived | Decision, ...] = (
            *self.facts.values(), *self.derived.values(), *self.decisions.values())
        return {thing.id: thing.title for thing in named}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Text]]:
        """The wording of every list value: list name → value → text."""
        return {name: listing.values for name, listing in self.lists.items()}


@dataclass(frozen=True, eq=False)
class LawVersion:
    """The rules of a procedure as they stand on every day of ``interval``.

    ``derived`` is in dependency order. ``applies`` is None where the procedure is always required; where the
    file lists when it applies and nothing is in force, it is an `Applies` that is false. ``decisions`` hold
    only the rows in force; a decision without any is kept with no rows.
    """

    interval: Interval
    derived: Mapping[str, Expression]
    applies: Applies | None
    requirements: tuple[Requirement, ...]
    documents: tuple[Document, ...]
    decisions: Mapping[str, Decision]
    procedure: Procedure = field(repr=False)

    def __str__(self) -> str:
        return str(self.interval)


def law_version(procedure: Procedure, interval: Interval) -> LawVersion:
    """The rules of ``procedure`` during ``interval``, in which nothing of them changes."""
    derived = {name: case for name, item in procedure.derived.items()
               if (case := item.on(interval)) is not None}
    decisions = {name: replace(decision, rows=_in_force(decision.rows, interval))
                 for name, decision in procedure.decisions.items()}
    return LawVersion(interval, derived, _applies(procedure, interval),
                      _in_force(procedure.requirements, interval), _in_force(procedure.documents, interval),
                      decisions, procedure)


def intervals_of(procedure: Procedure) -> Iterator[Interval]:
    """Every interval in force in the rules: at their ends the law changes."""
    dated: tuple[Applies | Requirement | Document, ...] = (
        *procedure.applies, *procedure.requirements, *procedure.documents)
    yield from (item.in_force for item in dated)
    for derived in procedure.derived.values():
        yield from (in_force for in_force, _ in derived.cases)
    for decision in procedure.decisions.values():
        yield from (row.in_force for row in decision.rows)


def _applies(procedure: Procedure, interval: Interval) -> Applies | None:
    if not procedure.applies:
        return None
    in_force = _in_force(procedure.applies, interval)
    return in_force[0] if in_force else Applies("none-in-force", NONE_IN_FORCE, None, interval, NEVER)


def _in_force(items: tuple[Dated, ...], interval: Interval) -> tuple[Dated, ...]:
    return tuple(item for item in items if item.in_force.overlaps(interval))
