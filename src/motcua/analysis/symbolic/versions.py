"""A law version in z3: everything it concludes, as `motcua.engine` weighs it, and the whole answer of a law date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import z3

from motcua.analysis.symbolic.logic import (
    ALWAYS_TRUE,
    FALSE,
    TRUE,
    Bool,
    Truth,
    Value,
    all_of,
    both,
    chosen,
    equal,
    negated,
    one_of,
)
from motcua.analysis.symbolic.reading import UNKNOWN_WORD, Reading
from motcua.conditions import Expression
from motcua.law import MAX_COUNT, TermUnit
from motcua.procedures import Decision, Document, Grid, LawVersion, Requirement, Row, Transitional

if TYPE_CHECKING:
    from motcua.analysis.symbolic.symbols import Symbols

#: Terms that end on a day of the calendar, whatever day they start from; of other units the law's own limit is shorter.
LONGEST: Final = {"months": 12 * 2000}


class State(NamedTuple):
    """The four states of a requirement; exactly one of them holds."""

    met: Bool
    unmet: Bool
    unknown: Bool
    not_applicable: Bool


class SymbolicRow(NamedTuple):
    """A row: its condition, what it gives, whether its condition counts, and whether it stands after overrides.

    ``truth`` is ``when`` where the value is known, for a row without a value does not hold; ``holds`` is whether the
    row takes part in the decision.
    """

    row: Row
    when: Truth
    given: Value
    truth: Truth
    stands: Truth
    holds: Bool


class SymbolicDecision(NamedTuple):
    """A decision: its rows, its value, whether every row is settled, and whether rows contradict each other.

    For one that collects, ``value`` is known where the engine gives a list, and has no single value.
    """

    decision: Decision
    rows: tuple[SymbolicRow, ...]
    value: Value
    settled: Bool
    conflict: Bool


class SymbolicVersion:
    """The rules of a law version over the facts of ``symbols``; ``replaced`` gives names another meaning."""

    def __init__(self, symbols: Symbols, version: LawVersion, replaced: Mapping[str, Value] | None = None) -> None:
        self.symbols = symbols
        self.law_version = version
        self._replaced = dict(replaced or {})
        self._names: dict[str, Value] = {}
        self._decided: dict[str, SymbolicDecision] = {}
        self._reading = Reading(self.name, symbols.code, symbols.terms)

    def name(self, name: str) -> Value:
        """The value of a fact, derived name or decision."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self._name(name)
        return found

    def _name(self, name: str) -> Value:
        if name in self._replaced:
            return self._replaced[name]
        if name in self.law_version.derived:
            return self.term(self.law_version.derived[name])
        if name in self.law_version.decisions:
            return self.decision(name).value
        return self.symbols.fact(name)

    def truth(self, expression: Expression | None) -> Truth:
        """A yes/no expression of this version; one that is not written is always true."""
        return ALWAYS_TRUE if expression is None else self._reading.truth(expression.tree)

    def term(self, expression: Expression) -> Value:
        """An expression of any type."""
        return self._reading.value(expression.tree)

    @cached_property
    def applies(self) -> Truth:
        """Whether the procedure is required."""
        applies = self.law_version.applies
        return ALWAYS_TRUE if applies is None else self.truth(applies.when)

    @cached_property
    def must(self) -> tuple[Truth, ...]:
        """What must hold, for each requirement in the order of the version."""
        return tuple(self.truth(each.must) for each in self.law_version.requirements)

    @cached_property
    def when(self) -> tuple[Truth, ...]:
        """When each requirement concerns the case."""
        return tuple(self.truth(each.when) for each in self.law_version.requirements)

    def state(self, requirement: Requirement | int | str) -> State:
        """The state of a requirement, told by itself, its place or its id."""
        place = _place(self.law_version.requirements, requirement)
        must, when = self.must[place], self.when[place]
        met, unmet = both(must.true, negated(when.false)), both(must.false, when.true)
        return State(met, unmet, both(negated(must.true), negated(when.false), negated(unmet)), when.false)

    def document(self, document: Document | int | str) -> Truth:
        """Whether a document is asked for, if the procedure is required at all."""
        return self.truth(self.law_version.documents[_place(self.law_version.documents, document)].when)

    def row(self, decision: Decision | str, row: Row | str) -> Truth:
        """The condition of a row."""
        return self._row(decision, row).when

    def holds(self, decision: Decision | str, row: Row | str) -> Bool:
        """Whether a row takes part in the decision, after overrides and the hit policy."""
        return self._row(decision, row).holds

    def _row(self, decision: Decision | str, row: Row | str) -> SymbolicRow:
        name = row if isinstance(row, str) else row.id
        return next(each for each in self.decision(decision).rows if each.row.id == name)

    def value(self, decision: Decision | str) -> Value:
        """What a decision says; unknown where no row holds, or rows contradict each other."""
        return self.decision(decision).value

    def conflict(self, decision: Decision | str) -> Bool:
        """Whether several rows hold and give different values, which the engine refuses to answer."""
        return self.decision(decision).conflict

    def settled(self, decision: Decision | str) -> Bool:
        """Whether it is known of every row whether it holds."""
        return self.decision(decision).settled

    def moves(self, clause: Transitional | str) -> Truth:
        """The condition of a transitional clause."""
        return self.truth(self._clause(clause).unless)

    def chosen(self, clause: Transitional | str) -> Bool:
        """Whether a law date of this version follows the clause to the later law."""
        return both(self.under(clause), self.moves(clause).true)

    def under(self, clause: Transitional | str) -> Bool:
        """Whether a law date lies before the day of the clause, and of no clause before it."""
        found = self._clause(clause)
        days = sorted(each.between for each in self.law_version.procedure.transitional)
        earlier = max((day for day in days if day < found.between), default=None)
        law_date = self.symbols.law_date
        since = TRUE if earlier is None else law_date >= earlier.toordinal()
        return both(law_date < found.between.toordinal(), since)

    def _clause(self, clause: Transitional | str) -> Transitional:
        if isinstance(clause, Transitional):
            return clause
        return next(each for each in self.law_version.procedure.transitional if each.id == clause)

    def outcome(self, word: str) -> Bool:
        """Whether the outcome is ``eligible``, ``ineligible``, ``not_required`` or ``undetermined``."""
        return self._outcomes[word]

    @cached_property
    def _outcomes(self) -> dict[str, Bool]:
        states = [self.state(place) for place in range(len(self.must))]
        unmet, unknown = one_of(each.unmet for each in states), one_of(each.unknown for each in states)
        applies = self.applies
        return {"not_required": applies.false,
                "ineligible": both(applies.true, unmet),
                "eligible": both(applies.true, negated(unmet), negated(unknown)),
                "undetermined": one_of((applies.unknown, both(applies.true, negated(unmet), unknown)))}

    def decision(self, decision: Decision | str) -> SymbolicDecision:
        """A decision with its rows."""
        name = decision if isinstance(decision, str) else decision.id
        found = self._decided.get(name)
        if found is None:
            found = self._decided[name] = self._decide(self.law_version.decisions[name])
        return found

    def _decide(self, decision: Decision) -> SymbolicDecision:
        whens = [self.truth(row.when) for row in decision.rows]
        givens = [self._given(row, decision) for row in decision.rows]
        truths = {row.id: Truth(both(when.true, given.known), when.false)
                  for row, when, given in zip(decision.rows, whens, givens, strict=True)}
        above = [[truths[other.id] for other in decision.rows if row.id in other.overrides] for row in decision.rows]
        stands = [self._stands(truths[row.id], others) for row, others in zip(decision.rows, above, strict=True)]
        holds = [each.true for each in stands]
        if decision.hit == "first":
            holds = [both(each.true, *(other.false for other in stands[:place])) for place, each in enumerate(stands)]
        rows = tuple(SymbolicRow(row, when, given, truths[row.id], stand, held) for row, when, given, stand, held in
                     zip(decision.rows, whens, givens, stands, holds, strict=True))
        settled = all_of(each.known for each in stands)
        return SymbolicDecision(decision, rows, *self._result(decision, rows, settled))

    @staticmethod
    def _stands(truth: Truth, above: Sequence[Truth]) -> Truth:
        return Truth(both(truth.true, *(each.false for each in above)),
                     one_of((truth.false, *(each.true for each in above))))

    def _result(self, decision: Decision, rows: Sequence[SymbolicRow], settled: Bool) -> tuple[Value, Bool, Bool]:
        some = one_of(row.holds for row in rows)
        if decision.hit == "collect":
            return Value(both(some, settled), z3.IntVal(UNKNOWN_WORD)), settled, FALSE
        conflict = FALSE if decision.hit == "first" else one_of(
            both(one.holds, other.holds, differ(one, other))
            for place, one in enumerate(rows) for other in rows[:place])
        if not rows:
            return Value(FALSE, self._reading.literal(_some_value(decision), decision.type).value), TRUE, FALSE
        value = rows[-1].given.value
        for row in reversed(rows[:-1]):
            value = chosen(row.holds, row.given.value, value)
        # a decision that has a row is settled, as the engine tells it, even while other rows are open
        return (Value(both(some, negated(conflict)), value), one_of((settled, some)), conflict)

    def lines(self, grid: Grid) -> list[Bool]:
        """Of each bound of a grid whether the case lies below it, or on it."""
        down, type_ = self.name(grid.down), self.law_version.procedure.types[grid.down]
        return [down.value <= self._reading.literal(bound, type_).value for bound in grid.bounds]

    def _given(self, row: Row, decision: Decision) -> Value:
        if not isinstance(row.then, Grid):
            return self.term(row.then)
        grid, types = row.then, self.law_version.procedure.types
        down, across = self.name(grid.down), self.name(grid.across)
        lines = self.lines(grid)
        columns = [across.value == self.symbols.code(types[grid.across], word) for word in grid.columns]
        value = None
        for line in range(len(grid.cells) - 1, -1, -1):
            cells = [self._reading.literal(cell, decision.type).value for cell in grid.cells[line]]
            found = cells[-1]
            for column, cell in reversed(list(zip(columns[:-1], cells[:-1], strict=True))):
                found = chosen(column, cell, found)
            value = found if value is None else chosen(lines[line], found, value)
        covered = TRUE if len(grid.cells) > len(grid.bounds) else lines[-1]
        return Value(both(down.known, across.known, one_of(columns), covered), value)


class SymbolicAnswer:
    """What an assessment says for a law date in ``version``, the transitional choice included.

    ``view`` gives the law versions to answer from; by default those of ``symbols``.
    """

    def __init__(self, symbols: Symbols, version: LawVersion,
                 view: Callable[[LawVersion], SymbolicVersion] | None = None) -> None:
        self.symbols = symbols
        self._view = view or symbols.version
        self.here = self._view(version)
        self.clauses = tuple(clause for clause in sorted(version.procedure.transitional, key=lambda each: each.between)
                             if version.interval.first is None or clause.between > version.interval.first)
        """The clauses that may move something for a law date of this version."""

    def there(self, clause: Transitional) -> SymbolicVersion:
        """The law to which a clause leads."""
        return self._view(self.here.law_version.procedure.version_on(clause.between))

    def ways(self, part: str) -> tuple[tuple[Bool, SymbolicVersion], ...]:
        """The laws from which ``part`` (a decision, or "documents") may be taken, each with when it is."""
        moved = [(self.here.chosen(clause), self.there(clause)) for clause in self.clauses if part in clause.moves]
        return (*moved, (all_of(negated(when) for when, _ in moved), self.here))

    def outcome(self, word: str) -> Bool:
        """Whether the outcome is this word."""
        return self.here.outcome(word)

    def document(self, name: str) -> Truth:
        """Whether the document of this id is asked for, if the procedure is required at all."""
        true, false = FALSE, FALSE
        for when, version in self.ways("documents"):
            truths = [version.document(each) for each in version.law_version.documents if each.id == name]
            true = one_of((true, both(when, one_of(each.true for each in truths))))
            false = one_of((false, both(when, all_of(each.false for each in truths))))
        return Truth(true, false)

    def value(self, decision: str) -> Value:
        """What the decision says."""
        *moved, (_, here) = self.ways(decision)
        found = here.value(decision)
        known, value = found.known, found.value
        for when, version in moved:
            other = version.value(decision)
            known, value = chosen(when, other.known, known), chosen(when, other.value, value)
        return Value(known, value)

    def conflict(self, decision: str) -> Bool:
        """Whether rows contradict each other in the law from which the decision is taken."""
        return one_of(both(when, version.conflict(decision)) for when, version in self.ways(decision))

    def impossible(self, decision: str) -> Bool:
        """Whether the decision is a term that the calendar cannot count, which the engine refuses to answer."""
        found = self.here.law_version.decisions[decision]
        if found.type.kind not in get_args(TermUnit) or found.hit == "collect":
            return FALSE
        term = self.value(decision)
        whole = z3.IsInt(term.value) if z3.is_real(term.value) else TRUE
        possible = (term.value >= 0, term.value <= LONGEST.get(found.type.kind, MAX_COUNT), whole)
        return both(term.known, negated(all_of(possible)))

    def collected(self, decision: str) -> dict[str, Bool]:
        """Which rows (by id) hold, for a decision that collects."""
        found: dict[str, Bool] = {}
        for when, version in self.ways(decision):
            for row in version.decision(decision).rows:
                found[row.row.id] = one_of((found.get(row.row.id, FALSE), both(when, row.holds)))
        return found


def differ(one: SymbolicRow, other: SymbolicRow) -> Bool:
    """Two rows give different values."""
    return negated(equal(one.given.value, other.given.value))


def _some_value(decision: Decision) -> Any:
    match decision.type.kind:
        case "yes/no":
            return False
        case "one of":
            return decision.type.values[0]
        case "text":
            return ""
        case "date":
            return date(2000, 1, 1)
        case "list of":
            return ()
        case _:
            return 0


def _place(items: Sequence[Any], wanted: Any) -> int:
    if isinstance(wanted, int):
        return wanted
    if isinstance(wanted, str):
        return next(place for place, item in enumerate(items) if item.id == wanted)
    return next(place for place, item in enumerate(items) if item is wanted)
