"""What a procedure says of all cases, whatever their law date: its law versions side by side in one statement.

The days are cut into spans in which neither the law version nor the transitional clause changes. Cases of each span are
computed by the rules of that span alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from motcua.analysis.bulk.facts import Column, Key, columns_of
from motcua.analysis.bulk.lowering import OUTCOMES, Columns, Intake, Table, Weighing, first_of, unknown
from motcua.analysis.bulk.plan import Plan, TooWideError, Value, days_of
from motcua.engine import Assessment
from motcua.errors import InputError, MotcuaError, RuleFault
from motcua.law import MAX_COUNT
from motcua.procedures import Decision, LawVersion, Procedure, Transitional

PartKind = Literal["outcome", "requirement", "document", "decision", "row"]
OUTCOME: Final = {word: place for place, word in enumerate(OUTCOMES)}
#: Decision → row → its number.
Places = Mapping[str, Mapping[str, int]]
#: Outcomes with which requirements, documents and decisions mean something.
REQUIRED: Final = frozenset(OUTCOME[word] for word in ("eligible", "ineligible", "undetermined"))
_TERMS: Final = frozenset({"days", "months", "years", "working_days"})
_MOST_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a procedure says of a case: its outcome, or the state or value of a provision."""

    kind: PartKind
    id: str


OUTCOME_PART: Final = Part("outcome", "outcome")


def parts_of(procedure: Procedure) -> list[Part]:
    """All parts of what a procedure says, whatever the law date, in the order of the file."""
    parts = [OUTCOME_PART]
    parts += [Part("requirement", item.id) for item in procedure.requirements]
    parts += [Part("document", item.id) for item in procedure.documents]
    for decision in procedure.decisions:
        parts += [Part("decision", decision), Part("row", decision)]
    return list(dict.fromkeys(parts))


def places_of(procedures: Iterable[Procedure]) -> Places:
    """A number for each row of each decision, the same in all these procedures."""
    found: dict[str, dict[str, int]] = {}
    for procedure in procedures:
        for name, decision in procedure.decisions.items():
            places = found.setdefault(name, {})
            for row in decision.rows:
                places.setdefault(row.id, len(places))
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """Days (both included, since 1970-01-01; None: unbounded) of one law version, None where the rules do not speak.

    ``clause`` may bring parts of the law of a later day. A case without a law date lies in no span.
    """

    first: int | None
    last: int | None
    version: LawVersion | None
    clause: Transitional | None

    def holds(self, day: int) -> bool:
        """Whether a day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def cuts_of(procedure: Procedure) -> set[int]:
    """The days on which a span begins."""
    cuts = {days_of(clause.between) for clause in procedure.transitional}
    for version in procedure.versions:
        if version.interval.first is not None:
            cuts.add(days_of(version.interval.first))
        if version.interval.last is not None:
            cuts.add(days_of(version.interval.last) + 1)
    return cuts


def span_on(procedure: Procedure, day: int, first: int | None, last: int | None) -> Span:
    """The span of a day, told its ends."""
    own = date.fromordinal(day + date(1970, 1, 1).toordinal())
    clauses = sorted(procedure.transitional, key=lambda clause: clause.between)
    clause = next((clause for clause in clauses if clause.between > own), None)
    try:
        version = procedure.version_on(own)
    except InputError:
        version = None
    return Span(first, last, version, clause)


def spans(cuts: Sequence[int]) -> Iterator[tuple[int, int | None, int | None]]:
    """For each span between sorted cuts a day of it, its first and its last day."""
    if not cuts:
        yield 0, None, None
        return
    yield cuts[0] - 1, None, cuts[0] - 1
    for place, first in enumerate(cuts):
        last = cuts[place + 1] - 1 if place + 1 < len(cuts) else None
        yield first, first, last


class Side:
    """A procedure in one span, over the columns of a plan: the value of each part."""

    def __init__(self, plan: Plan, procedure: Procedure, columns: Mapping[Key, Column], span: Span | None,
                 on: date | None, places: Places) -> None:
        self._plan = plan
        self._places = places
        self._procedure = procedure
        given = dict(columns_of(plan, procedure, columns))
        if on is not None:
            given[procedure.law_at] = plan.day(on)
        self._intake = intake = Intake(plan, procedure, given)
        self._span = span
        self._here = self._there = None
        if span is not None and span.version is not None:
            self._here = Weighing(plan, span.version, intake.facts)
            if span.clause is not None:
                self._there = self._new_law(span.clause, intake.facts)

    def _new_law(self, clause: Transitional, facts: Columns) -> Weighing | None:
        try:
            return Weighing(self._plan, self._procedure.version_on(clause.between), facts)
        except InputError:
            return None

    def values(self) -> dict[Part, Value]:
        """The value of each part; those that the law of the span does not have are unknown."""
        plan, code = self._plan, self._plan.number
        found = dict.fromkeys(parts_of(self._procedure), plan.null("number"))
        for name, decision in self._procedure.decisions.items():
            found[Part("decision", name)] = first_of(unknown(plan, decision.type))
        if self._here is None:
            # the facts are looked at before the law is looked up
            plain = "undetermined" if self._span is None else "not_covered"
            found[OUTCOME_PART] = plan.pick([(self._intake.refused, code(OUTCOME["refused"]))], code(OUTCOME[plain]))
            return found
        found.update(self._requirements(self._here))
        found.update(self._documents(self._here))
        tables = {name: self._tables(name) for name in self._procedure.decisions}
        for name, pair in tables.items():
            found[Part("decision", name)] = self._either(name, *[table.value for table in pair])
            found[Part("row", name)] = self._either(name, *[self._row(name, table) for table in pair])
        found[OUTCOME_PART] = self._outcome(self._here, tables)
        return found

    def _outcome(self, here: Weighing, tables: Mapping[str, tuple[Table, Table]]) -> Value:
        plan, code = self._plan, self._plan.number
        faults = [self._either(name, *[table.conflict for table in pair]) for name, pair in tables.items()]
        fault = plan.either([*faults, *self._impossible_terms(tables)])
        undated = self._intake.dropped.get(self._procedure.law_at, plan.false)
        not_required = plan.negation(here.applies)
        required = here.outcome if fault is plan.false else plan.pick(
            [(not_required, code(OUTCOME["not_required"])), (fault, code(OUTCOME["fault"]))], here.outcome)
        return plan.pick([(self._intake.refused, code(OUTCOME["refused"])), (undated, code(OUTCOME["undetermined"]))],
                         required)

    def _requirements(self, here: Weighing) -> dict[Part, Value]:
        return {Part("requirement", item.id): here.state(place) for place, item in enumerate(here.version.requirements)}

    def _documents(self, here: Weighing) -> dict[Part, Value]:
        old = self._needs(here)
        if self._there is None or not self._moves("documents"):
            return old
        new, nothing = self._needs(self._there), self._plan.null("number")
        return {part: self._chosen(old.get(part, nothing), new.get(part, nothing)) for part in {**old, **new}}

    def _needs(self, weighing: Weighing) -> dict[Part, Value]:
        plan, code = self._plan, self._plan.number
        return {Part("document", item.id): plan.pick([(needed, code(0)), (plan.negation(needed), code(1))], code(2))
                for item, needed in zip(weighing.version.documents, weighing.documents, strict=True)}

    def _tables(self, name: str) -> tuple[Table, Table]:
        """A decision under the old law, and under the new where a clause moves it."""
        assert self._here is not None
        old = self._here.tables[name]
        return (old, self._there.tables[name]) if self._there is not None and self._moves(name) else (old, old)

    def _moves(self, part: str) -> bool:
        assert self._span is not None
        return self._span.clause is not None and part in self._span.clause.moves

    def _chosen(self, old: Value, new: Value) -> Value:
        assert self._here is not None
        assert self._span is not None
        assert self._span.clause is not None
        moved = self._here.moves(self._procedure)[self._span.clause.id]
        return self._plan.pick([(moved, new)], old)

    def _either(self, name: str, old: Value, new: Value) -> Value:
        return old if old is new else self._chosen(old, new)

    def _row(self, name: str, table: Table) -> Value:
        """The first row that holds, as its place among all rows; for a decision that collects, a bit for each."""
        plan = self._plan
        places = self._places[name]
        held = [(holds, places[row.id]) for row, holds in zip(table.decision.rows, table.holds, strict=True)]
        if table.decision.hit != "collect":
            first = plan.pick([(holds, plan.number(place)) for holds, place in held], plan.null("number"))
            return plan.pick([(table.conflict, plan.null("number"))], first)
        if len(places) > _MOST_ROWS:
            raise TooWideError
        bits = [plan.pick([(holds, plan.number(1 << place))], plan.number(0)) for holds, place in held]
        some = plan.both([table.settled, plan.either([holds for holds, _ in held])])
        return plan.pick([(some, plan.total(bits))], plan.null("number"))

    def _impossible_terms(self, tables: Mapping[str, tuple[Table, Table]]) -> Iterator[Value]:
        """True where a term whose start is known has a part that is no whole number of days or months."""
        plan, decisions = self._plan, self._procedure.decisions
        for chain in _terms(decisions):
            values = [self._either(name, tables[name][0].value, tables[name][1].value) for name in chain]
            start = decisions[chain[0]].starts_from
            wrong = plan.either(self._is_no_count(value) for value in values)
            if start is not None and wrong is not plan.false:
                settled = [self._either(name, tables[name][0].settled, tables[name][1].settled) for name in chain]
                given = self._intake.facts.get(start)
                if given is not None:
                    yield plan.both([wrong, plan.known(first_of(given)), *settled])

    def _is_no_count(self, value: Value) -> Value:
        plan = self._plan
        if all(each.is_constant and _is_count(each) for each in _results(value)):
            return plan.false
        part = plan.compare("!=", plan.floor(value), value)
        return plan.either([part, plan.compare("<", value, plan.number(0)),
                            plan.compare(">", value, plan.number(MAX_COUNT))])


def _results(value: Value) -> list[Value]:
    """What a value may be: the results of a choice, choices within it opened, else itself."""
    if value.op != "pick":
        return [value]
    return [each for result in (*value.args[1:-1:2], value.args[-1]) for each in _results(result)]


def _is_count(value: Value) -> bool:
    unit = 10**value.scale
    return value.fixed is None or (0 <= value.fixed <= MAX_COUNT * unit and value.fixed % unit == 0)


def _terms(decisions: Mapping[str, Decision]) -> list[list[str]]:
    """The decisions that are one term together, in the order in which its parts run."""
    chains = []
    for name, decision in decisions.items():
        if decision.after is None:
            chain = [name]
            following = {each.after: each.id for each in reversed(list(decisions.values()))}
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            parts = [decisions[each] for each in chain]
            if all(part.type.kind in _TERMS and part.hit != "collect" for part in parts):
                chains.append(chain)
    return chains


# -- the same of an assessment

def said(procedure: Procedure, assessment: Assessment, places: Places) -> dict[Part, Any]:
    """What an assessment says of each part, as the statement does; what the law of its day does not have is None."""
    found: dict[Part, Any] = dict.fromkeys(parts_of(procedure))
    found[OUTCOME_PART] = OUTCOME[assessment.outcome]
    found.update((Part("requirement", each.id), _STATES[each.state]) for each in assessment.requirements)
    found.update((Part("document", each.id), _NEEDS[each.state]) for each in assessment.document_details)
    for name, result in assessment.decisions.items():
        if result is None:
            continue
        collects = procedure.decisions[name].hit == "collect"
        found[Part("decision", name)] = None if collects else result.value
        numbers = [places[name][row] for row in result.rows]
        found[Part("row", name)] = sum(1 << number for number in numbers) if collects else numbers[0]
    return found


_STATES: Final = {"met": 0, "unmet": 1, "unknown": 2, "not_applicable": 3}
_NEEDS: Final = {"needed": 0, "not_needed": 1, "unknown": 2}


def refusal(error: MotcuaError) -> int:
    """The outcome of a case for which the engine gives no assessment; any other error is raised again."""
    codes = {problem.code for problem in error.problems}
    if isinstance(error, RuleFault):
        return OUTCOME["fault"]
    if codes == {"ENG_001"}:
        return OUTCOME["refused"]
    if codes == {"FACT_009"}:
        return OUTCOME["not_covered"]
    raise error
