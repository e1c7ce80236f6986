"""Impact: every case under the rules in force and under a draft, in one statement, and what comes out otherwise."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pyarrow as pa

from motcua.analysis.bulk.databases import facts_table, open_database, to_sql
from motcua.analysis.bulk.facts import ROW
from motcua.analysis.bulk.lowering import NEEDS, OUTCOMES, STATES
from motcua.analysis.bulk.plan import TooWideError
from motcua.analysis.bulk.reading import Cases, read_cases
from motcua.analysis.bulk.report import Flip, Impact, Progress, Source
from motcua.analysis.bulk.sides import OUTCOME_PART, REQUIRED, Part, parts_of, places_of, refusal, said
from motcua.analysis.bulk.statement import SIDES, Kept, Statement, law_columns, statement_of
from motcua.conditions import to_json
from motcua.engine import assess
from motcua.errors import EngineDisagreement, InputError, MotcuaError, Problem
from motcua.law import Text
from motcua.procedures import Decision, Document, Procedure, Requirement

SEED: Final = 6619

_ABSENT: Final = "not_in_force"


def impact(procedure: Procedure, draft: Procedure, source: Source, *, on: date | None, backend: str, sample: int,
           progress: Progress | None) -> Impact:
    """See `motcua.analysis.bulk.impact`."""
    if draft.id != procedure.id:
        raise InputError(Problem("BULK_004", {"procedure": procedure.id, "draft": draft.id}))
    sides, told = (procedure, draft), progress or (lambda done, total: None)
    if backend == "postgres":
        return _in_postgres(sides, source, on, sample, told)
    with open_database(backend) as database:
        return Comparing(sides, on, read_cases(sides, source, database, told)).impact(sample, backend)


def _in_postgres(sides: tuple[Procedure, Procedure], source: Source, on: date | None, sample: int,
                 progress: Progress) -> Impact:
    from motcua.analysis.bulk.postgres import cases_in_postgres

    there = getattr(source, "postgres", None)
    if there is None:
        raise InputError(Problem("BULK_009"))
    with there.connection() as connection:
        return Comparing(sides, on, cases_in_postgres(sides, there, connection, progress)).impact(sample, "postgres")


# -- computing

class Comparing:
    """One comparison in one database: `compute` fills ``outcomes`` and ``changes``."""

    def __init__(self, sides: tuple[Procedure, Procedure], on: date | None, cases: Cases) -> None:
        self._sides: dict[str, Procedure] = dict(zip(SIDES, sides, strict=True))
        self._on = on
        self._cases = cases
        self._facts = cases.table
        self._database = cases.table.database
        self._places = places_of(self._sides.values())
        self._kept: Mapping[tuple[str, Part], Kept] = {}
        self.outcomes: list[dict[str, int]] = []
        self.changes: list[Change] = []

    def impact(self, sample: int, backend: str) -> Impact:
        """The whole of it."""
        self.compute()
        outcomes, changes = list(self.outcomes), list(self.changes)
        sampled = self._check(sample, {row for change in changes for row in change.rows.to_pylist()})
        changes += self._apart(outcomes)
        flips = [flip for part in self._parts() for flip in self._flips(part, [c for c in changes if c.part == part])]
        cases, (before, after) = self._cases, self._sides.values()
        return Impact(before.id, (before.digest, after.digest), self._on, backend, cases.codes,
                      (outcomes[0], outcomes[1]), tuple(flips), cases.compared, cases.without_facts, cases.ignored,
                      cases.unreadable, sampled)

    def _parts(self) -> list[Part]:
        return list(dict.fromkeys(part for each in self._sides.values() for part in parts_of(each)))

    def compute(self) -> None:
        """Make the table of answers, count the outcomes and find what comes out otherwise."""
        self._make_answers()
        self.outcomes = [self._counted(side) for side in self._sides]
        self.changes = list(self._changes())

    def _make_answers(self) -> None:
        """The table of answers; cases with numbers too large for it stand apart, all if need be."""
        for limit in (None, 10**15, 0):
            if limit is not None:
                self._facts = self._facts.without_large(limit)
            if not self._facts.rows():
                return
            self._facts.put()
            try:
                statement = self._statement()
            except TooWideError:
                continue
            self._kept = statement.kept
            self._database.make("answers", to_sql(statement.table, self._database.dialect))
            return

    def _statement(self) -> Statement:
        columns = self._facts.columns
        first, second = law_columns(self._sides, columns)
        found = self._database.rows(f"SELECT DISTINCT {first} AS b, {second} AS a FROM facts").to_pylist()  # noqa: S608
        days = [(row["b"], row["a"]) for row in found]
        table = facts_table(self._facts.schema, "facts")
        return statement_of(table, self._sides, columns, self._on, days, self._places)

    def _counted(self, side: str) -> dict[str, int]:
        counted = dict.fromkeys(OUTCOMES, 0)
        if self._kept:
            name = self._kept[side, OUTCOME_PART].name
            query = f"SELECT {name} AS o, COUNT(*) AS n FROM answers GROUP BY {name}"  # noqa: S608
            counted.update((OUTCOMES[row["o"]], row["n"]) for row in self._database.rows(query).to_pylist())
        return counted

    def _changes(self) -> Iterator[Change]:
        """For each part the cases that come out otherwise: what is asked of the database is which rows differ."""
        if not self._kept:
            return
        required = ", ".join(map(str, sorted(REQUIRED)))
        both = " AND ".join(f"{self._kept[side, OUTCOME_PART].name} IN ({required})" for side in SIDES)
        for part in self._parts():
            kept = [self._kept.get((side, part)) for side in SIDES]
            if kept[0] is kept[1]:
                continue
            where = _differ(part, kept) if part.kind == "outcome" else f"{both} AND {_differ(part, kept)}"
            if part.kind == "row":
                # where the value differs, that is what is told
                value = [self._kept.get((side, Part("decision", part.id))) for side in SIDES]
                where += f" AND NOT ({_differ(Part('decision', part.id), value)})"
            shown = ", ".join(f"{column.name} AS {side}" for side, column in zip(SIDES, kept, strict=True) if column)
            found = self._database.rows(f"SELECT {ROW} AS r, {shown} FROM answers WHERE {where} ORDER BY {ROW}")  # noqa: S608
            if found.num_rows:
                yield Change(part, found["r"], *[_Values(found, side, column)
                                                 for side, column in zip(SIDES, kept, strict=True)])

    def _flips(self, part: Part, changes: Sequence[Change]) -> Iterator[Flip]:
        """The changes of a part, those alike together, the most frequent first."""
        rows: dict[tuple[Any, Any], list[int]] = {}
        for change in changes:
            pairs = zip(change.before.all(), change.after.all(), strict=True)
            for row, pair in zip(change.rows.to_pylist(), pairs, strict=True):
                rows.setdefault(pair, []).append(row)
        for before, after in sorted(rows, key=lambda pair: (-len(rows[pair]), repr(pair))):
            shown = [self._shown(side, part, value) for side, value in zip(SIDES, (before, after), strict=True)]
            kind = "decision" if self._collects(part) else part.kind
            yield Flip(kind, part.id, self._title(part), shown[0], shown[1], tuple(sorted(rows[before, after])))

    def _collects(self, part: Part) -> bool:
        return part.kind == "row" and any(
            part.id in each.decisions and each.decisions[part.id].hit == "collect" for each in self._sides.values())

    def _title(self, part: Part) -> Text:
        if part.kind == "outcome":
            return _OUTCOME
        for each in reversed(self._sides.values()):
            items: dict[str, Sequence[Requirement | Document | Decision]] = {
                "requirement": each.requirements, "document": each.documents}
            named = items.get(part.kind, tuple(each.decisions.values()))
            if titles := [item.title for item in named if item.id == part.id]:
                return titles[-1]
        raise AssertionError(part)

    def _shown(self, side: str, part: Part, value: Any) -> Any:
        """A value of a part as JSON."""
        words = {"outcome": OUTCOMES, "requirement": STATES, "document": NEEDS}.get(part.kind)
        if words is not None:
            return _ABSENT if value is None else words[value]
        decision = self._sides[side].decisions.get(part.id)
        if value is None or decision is None:
            return None
        if part.kind == "decision":
            return to_json(replace(decision.type, unit=None), value)
        names = {number: row for row, number in self._places[part.id].items()}
        if decision.hit == "collect":
            return [row for number, row in sorted(names.items()) if value >> number & 1]
        return names[value]

    # -- by the engine

    def _said(self, side: str, facts: Mapping[str, Any], engine: Any) -> dict[Part, Any]:
        """What the engine says of a case."""
        procedure = self._sides[side]
        if self._on is not None:
            facts = {**facts, procedure.law_at: self._on}
        try:
            return said(procedure, assess(procedure, facts, engine=engine), self._places)
        except MotcuaError as error:
            return {OUTCOME_PART: refusal(error)}

    def _check(self, sample: int, changed: set[int]) -> int:
        """Ask the engine of record about some cases: any, and some that change.

        Raises:
            EngineDisagreement: BULK_008, naming the case.
        """
        if not self._kept:
            return 0
        chance = random.Random(SEED)  # noqa: S311
        rows = self._facts.rows()
        chosen = {*chance.sample(rows, min(sample, len(rows))),
                  *chance.sample(sorted(changed), min(sample, len(changed)))}
        listed = ", ".join(map(str, sorted(chosen)))
        if not listed:
            return 0
        answers = self._database.rows(f"SELECT * FROM answers WHERE {ROW} IN ({listed}) ORDER BY {ROW}")  # noqa: S608
        facts = self._facts.of_rows(sorted(chosen))
        for answer in answers.to_pylist():
            for side, own in zip(SIDES, facts[answer[ROW]], strict=True):
                self._compare(self._cases.codes[answer[ROW]], side, answer, self._said(side, own, "durable-rules"))
        return len(chosen)

    def _compare(self, code: str, side: str, answer: Mapping[str, Any], expected: Mapping[Part, Any]) -> None:
        found = {part: column.value(answer[column.name]) for (own, part), column in self._kept.items() if own == side}
        if found[OUTCOME_PART] not in REQUIRED:
            found = {OUTCOME_PART: found[OUTCOME_PART]}
        different = [part for part, value in found.items() if value != expected.get(part)]
        if different:
            named = ", ".join(f"{part.kind} {part.id}" for part in different)
            raise EngineDisagreement(Problem("BULK_008", {"dossier": code, "parts": named}))

    def _apart(self, outcomes: Sequence[dict[str, int]]) -> list[Change]:
        """The cases that are not in the table, by evaluation one at a time; their outcomes are counted too."""
        changes = []
        for row, facts in sorted(self._facts.apart.items()):
            answers = [self._said(side, own, "conditions") for side, own in zip(SIDES, facts, strict=True)]
            for counted, answer in zip(outcomes, answers, strict=True):
                counted[OUTCOMES[answer[OUTCOME_PART]]] += 1
            changes += [Change(part, pa.array([row]), _Same(before), _Same(after))
                        for part, before, after in _apart_changes(*answers)]
        return changes


class _Values:
    """The values of a column of what was found, read when they are asked for."""

    def __init__(self, found: pa.Table, name: str, kept: Kept | None) -> None:
        self.stored = found[name] if kept else pa.nulls(found.num_rows)
        self._kept = kept

    def all(self) -> list[Any]:
        """As canonical values."""
        stored: list[Any] = self.stored.to_pylist()
        return stored if self._kept is None else [self._kept.value(each) for each in stored]


class _Same:
    """A canonical value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def all(self) -> list[Any]:
        """The one value."""
        return [self._value]


@dataclass(frozen=True, slots=True)
class Change:
    """Cases of which a part differs, with its values before and after."""

    part: Part
    rows: pa.Array
    before: _Values | _Same
    after: _Values | _Same


_OUTCOME: Final = Text("Kết luận", "Outcome")
#: What the absence of a provision amounts to: one not in force asks nothing.
_NOTHING: Final = {"requirement": STATES.index("not_applicable"), "document": NEEDS.index("not_needed")}


def _differ(part: Part, kept: Sequence[Kept | None]) -> str:
    """SQL for whether a part differs."""
    names = [column.name if column else "NULL" for column in kept]
    nothing = _NOTHING.get(part.kind)
    if nothing is not None:
        return " <> ".join(f"COALESCE({name}, {nothing})" for name in names)
    if part.kind == "outcome":
        return " <> ".join(names)
    if None in kept or len({column.kind for column in kept if column}) > 1:
        return "(" + " OR ".join(f"{name} IS NOT NULL" for name in names) + ")"
    return " IS DISTINCT FROM ".join(names)


def _apart_changes(before: Mapping[Part, Any], after: Mapping[Part, Any]) -> Iterator[tuple[Part, Any, Any]]:
    """What differs between two answers of the evaluator."""
    are_required = all(each[OUTCOME_PART] in REQUIRED for each in (before, after))
    for part in dict.fromkeys((*before, *after)):
        values = before.get(part), after.get(part)
        nothing = _NOTHING.get(part.kind)
        plain = [nothing if value is None else value for value in values]
        if plain[0] == plain[1] or not (are_required or part.kind == "outcome"):
            continue
        value = Part("decision", part.id)
        if part.kind != "row" or before.get(value) == after.get(value):
            yield part, *values
