"""Impact: every case under the rules in force and under a draft, in one statement, and what comes out otherwise."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import pyarrow as pa

from motcua.analysis.bulk.databases import Database, facts_table, open_database, to_sql
from motcua.analysis.bulk.facts import ROW, FactReader, Facts, Gathering
from motcua.analysis.bulk.lowering import NEEDS, OUTCOMES, STATES
from motcua.analysis.bulk.plan import TooWideError
from motcua.analysis.bulk.sides import OUTCOME_PART, REQUIRED, Part, PartKind, parts_of, places_of, refusal, said
from motcua.analysis.bulk.statement import SIDES, Kept, Statement, law_columns, statement_of
from motcua.conditions import to_json
from motcua.engine import assess
from motcua.errors import EngineDisagreement, InputError, MotcuaError, Place, Problem
from motcua.law import Text
from motcua.procedures import Procedure, did_you_mean

Progress = Callable[[int, int | None], None]

#: Dossiers named with each flip in the JSON; the table of all is `Impact.write_csv`.
NAMED: Final = 50
#: Cases read between two calls of the progress.
STEP: Final = 2_000
SEED: Final = 6619

_ABSENT: Final = "not_in_force"


class Source(Protocol):
    """Where the facts of many cases come from."""

    @property
    def total(self) -> int | None:
        """How many there are, where that is known beforehand."""

    @property
    def is_table(self) -> bool:
        """Whether a person wrote it: then every cell must be right. Else what cannot be read is told and left out."""

    def rows(self) -> Iterator[tuple[str, Place | None, Mapping[str, Any] | None]]:
        """Each case: its code, its place, and its facts as JSON values; None where it has no facts."""


@dataclass(frozen=True, slots=True)
class Flip:
    """Cases of which one thing comes out otherwise: ``before`` and ``after`` as JSON values."""

    part: Part
    title: Text
    before: Any
    after: Any
    rows: tuple[int, ...]

    def to_json(self, codes: Sequence[str]) -> dict[str, Any]:
        """With the codes of the first dossiers."""
        return {"kind": self.part.kind, "id": self.part.id, "vi": self.title.vi, "en": self.title.en,
                "from": self.before, "to": self.after, "count": len(self.rows),
                "dossiers": [codes[row] for row in self.rows[:NAMED]]}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A case whose facts one of the procedures cannot read."""

    code: str
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """As the bench shows it."""
        return {"dossier": self.code, "problems": [problem.to_json() for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Impact:
    """What a draft would change. ``outcomes`` counts cases by outcome, before and after.

    ``flips`` hold those of the outcome first, then those of requirements, documents and decisions, in the order of the
    rule file, of cases in which the procedure is required by both. ``sampled`` cases were checked by the engine of record.
    """

    procedure: str
    rules: tuple[str, str]
    on: date | None
    backend: str
    codes: Sequence[str] = field(repr=False)
    outcomes: tuple[Mapping[str, int], Mapping[str, int]]
    flips: tuple[Flip, ...]
    compared: int
    without_facts: int
    ignored: Mapping[str, int]
    unreadable: tuple[Unreadable, ...]
    sampled: int

    @property
    def changed(self) -> int:
        """How many cases come out otherwise in anything."""
        return len({row for flip in self.flips for row in flip.rows})

    @property
    def counts(self) -> dict[str, int]:
        """How many cases there are, were compared, come out otherwise, have no facts, cannot be read."""
        left = {"without_facts": self.without_facts, "unreadable": len(self.unreadable)}
        return {"dossiers": self.compared + sum(left.values()), "compared": self.compared, "changed": self.changed, **left}

    def to_json(self) -> dict[str, Any]:
        """All of it, with at most `NAMED` dossiers for each flip."""
        shown = [flip.to_json(self.codes) for flip in self.flips]
        return {
            "procedure": self.procedure, "rules": list(self.rules), "on": self.on.isoformat() if self.on else None,
            "backend": self.backend, "counts": self.counts,
            "outcomes": {"before": dict(self.outcomes[0]), "after": dict(self.outcomes[1])},
            "flips": {"outcome": [flip for flip in shown if flip["kind"] == "outcome"],
                      "provisions": [flip for flip in shown if flip["kind"] != "outcome"]},
            "ignored": dict(self.ignored), "unreadable": [each.to_json() for each in self.unreadable],
            "sampled": self.sampled,
        }

    def write_csv(self, target: Path | str | TextIO) -> None:
        """Every case and what of it comes out otherwise, one a line, as CSV."""
        if isinstance(target, (str, Path)):
            with open(target, "w", encoding="utf-8-sig", newline="") as file:
                self.write_csv(file)
            return
        lines = csv.writer(target)
        lines.writerow(["dossier", "kind", "id", "title_vi", "title_en", "from", "to"])
        for flip in self.flips:
            for row in flip.rows:
                lines.writerow([_safe(self.codes[row]), flip.part.kind, flip.part.id, flip.title.vi, flip.title.en,
                                _cell(flip.before), _cell(flip.after)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _safe(code: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{code}" if code.startswith(("=", "+", "-", "@", "\t", "\r")) else code


def impact(procedure: Procedure, draft: Procedure, source: Source, *, on: date | None = None, backend: str = "duckdb",
           sample: int = 200, progress: Progress | None = None) -> Impact:
    """What comes out otherwise under ``draft`` than under ``procedure``, for all cases of a source.

    ``on``: as if each case were received on that day. ``backend``: "duckdb" (in this process), "spark", or "postgres",
    where the source lies there. Of the cases, ``sample`` chosen at random (the same in each run) and as many of those that
    change are given to the engine of record as well.

    Raises:
        InputError: BULK_004 to 006, the draft is of another procedure; a table has columns that are no facts;
            COND_2xx and FACT_00x with the place of each bad cell of a table.
        EngineDisagreement: BULK_002, a sampled case comes out otherwise in the engine; nothing is answered.
        MotcuaError: BULK_001, what the backend needs is not installed; BULK_007, no such backend.
    """
    if draft.id != procedure.id:
        raise InputError(Problem("BULK_004", {"procedure": procedure.id, "draft": draft.id}))
    read = _read(procedure, draft, source, progress or (lambda done, total: None))
    with open_database(backend) as database:
        run = _Run(procedure, draft, on, read, database)
        return run.impact(sample, backend)


# -- reading

@dataclass(frozen=True, slots=True)
class _Read:
    """What was read: the facts of cases by their place in ``codes``, and what could not be."""

    facts: Facts
    codes: list[str]
    without_facts: int
    ignored: Mapping[str, int]
    unreadable: tuple[Unreadable, ...]


def _read(procedure: Procedure, draft: Procedure, source: Source, progress: Progress) -> _Read:
    sides = [procedure, draft]
    readers = [FactReader(each) for each in sides]
    gathering, codes, unreadable, problems, empty = Gathering(sides), [], [], [], 0
    same = _read_alike(procedure, draft)
    for done, (code, place, raw) in enumerate(source.rows()):
        if done % STEP == 0:
            progress(done, source.total)
        if raw is None:
            empty += 1
            continue
        try:
            facts = [readers[0].read(raw)]
            facts.append(facts[0] if same else readers[1].read(raw))
        except InputError as error:
            found = tuple(_placed(problem, place, code) for problem in error.problems)
            problems.extend(found)
            unreadable.append(Unreadable(code, found))
            if source.is_table and len(problems) >= 100:
                break
            continue
        gathering.add(len(codes), *facts)
        codes.append(code)
    if source.is_table and (wrong := [*_unknown_columns(sides, readers), *problems]):
        raise InputError(wrong)
    progress(len(codes) + len(unreadable) + empty, source.total)
    ignored = {name: min(reader.ignored.get(name, 0) for reader in readers)
               for name in readers[0].ignored if same or name in readers[1].ignored}
    return _Read(gathering.facts(), codes, empty, dict(sorted(ignored.items())), tuple(unreadable))


def _read_alike(procedure: Procedure, draft: Procedure) -> bool:
    """Whether both read every fact in the same way."""
    def shape(each: Procedure) -> dict[str, tuple[Any, ...]]:
        return {fact.id: (fact.type, fact.min, fact.max) for fact in each.facts.values()}

    return shape(procedure) == shape(draft)


def _placed(problem: Problem, place: Place | None, code: str) -> Problem:
    own = problem.place.field if problem.place else None
    base = place or Place(file=code)
    return Problem(problem.code, problem.params, Place(base.file, base.line, None, own), problem.severity)


def _unknown_columns(sides: Sequence[Procedure], readers: Sequence[FactReader]) -> Iterator[Problem]:
    for name in readers[0].ignored:
        if all(name not in each.facts for each in sides):
            yield Problem("BULK_005", {"name": name, "hint": did_you_mean(name, sides[0].facts)})


# -- computing

class _Run:
    """One comparison in one database."""

    def __init__(self, procedure: Procedure, draft: Procedure, on: date | None, read: _Read, database: Database) -> None:
        self._sides: dict[str, Procedure] = dict(zip(SIDES, (procedure, draft), strict=True))
        self._on = on
        self._read = read
        self._facts = read.facts
        self._database = database
        self._places = places_of(self._sides.values())
        self._kept: Mapping[tuple[str, Part], Kept] = {}

    def impact(self, sample: int, backend: str) -> Impact:
        """The whole of it."""
        self._compute()
        outcomes = [self._counted(side) for side in self._sides]
        changes = list(self._changes())
        sampled = self._check(sample, {row for change in changes for row in change.rows})
        changes += self._apart(outcomes)
        flips = [flip for part in self._parts() for flip in self._flips(part, [c for c in changes if c.part == part])]
        read, (before, after) = self._read, self._sides.values()
        return Impact(before.id, (before.digest, after.digest), self._on, backend, read.codes,
                      (outcomes[0], outcomes[1]), tuple(flips), len(read.codes), read.without_facts, read.ignored,
                      read.unreadable, sampled)

    def _parts(self) -> list[Part]:
        return list(dict.fromkeys(part for each in self._sides.values() for part in parts_of(each)))

    def _compute(self) -> None:
        """Make the table of answers; cases with numbers too large for it stand apart, all if need be."""
        for limit in (None, 10**15, 0):
            if limit is not None:
                self._facts = self._facts.without_large(list(self._sides.values()), limit)
            if self._facts.table.num_rows == 0:
                return
            self._database.put("facts", self._facts.table)
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
        table = facts_table(self._facts.table.schema, "facts")
        return statement_of(table, self._sides, columns, self._on, days, self._places)

    def _counted(self, side: str) -> dict[str, int]:
        counted = dict.fromkeys(OUTCOMES, 0)
        if self._kept:
            name = self._kept[side, OUTCOME_PART].name
            query = f"SELECT {name} AS o, COUNT(*) AS n FROM answers GROUP BY {name}"  # noqa: S608
            counted.update((OUTCOMES[row["o"]], row["n"]) for row in self._database.rows(query).to_pylist())
        return counted

    def _changes(self) -> Iterator[_Change]:
        """For each part the cases that come out otherwise: what is asked of the database is which rows differ."""
        if not self._kept:
            return
        required = ", ".join(map(str, sorted(REQUIRED)))
        both = " AND ".join(f"{self._kept[side, OUTCOME_PART].name} IN ({required})" for side in SIDES)
        for part in self._parts():
            kept = [self._kept.get((side, part)) for side in SIDES]
            where = _differ(part, kept) if part.kind == "outcome" else f"{both} AND {_differ(part, kept)}"
            if part.kind == "row":
                # where the value differs, that is what is told
                value = [self._kept.get((side, Part("decision", part.id))) for side in SIDES]
                where += f" AND NOT ({_differ(Part('decision', part.id), value)})"
            shown = ", ".join(f"{column.name} AS {side}" for side, column in zip(SIDES, kept, strict=True) if column)
            found = self._database.rows(f"SELECT {ROW} AS r, {shown} FROM answers WHERE {where} ORDER BY {ROW}")  # noqa: S608
            if found.num_rows:
                values = [_values(found, side, column) for side, column in zip(SIDES, kept, strict=True)]
                yield _Change(part, found["r"].to_pylist(), values[0], values[1])

    def _flips(self, part: Part, changes: Sequence[_Change]) -> Iterator[Flip]:
        """The changes of a part, those alike together, the most frequent first."""
        rows: dict[tuple[Any, Any], list[int]] = {}
        for change in changes:
            for row, *pair in zip(change.rows, change.before, change.after, strict=True):
                rows.setdefault((pair[0], pair[1]), []).append(row)
        for before, after in sorted(rows, key=lambda pair: (-len(rows[pair]), repr(pair))):
            shown = [self._shown(side, part, value) for side, value in zip(SIDES, (before, after), strict=True)]
            kind: PartKind = "decision" if self._collects(part) else part.kind
            yield Flip(Part(kind, part.id), self._title(part), shown[0], shown[1], tuple(sorted(rows[before, after])))

    def _collects(self, part: Part) -> bool:
        return part.kind == "row" and any(
            part.id in each.decisions and each.decisions[part.id].hit == "collect" for each in self._sides.values())

    def _title(self, part: Part) -> Text:
        if part.kind == "outcome":
            return _OUTCOME
        for each in reversed(self._sides.values()):
            items: Sequence[Any] = {"requirement": each.requirements, "document": each.documents}.get(
                part.kind, tuple(each.decisions.values()))
            if (titles := [item.title for item in items if item.id == part.id]):
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
            EngineDisagreement: BULK_002, naming the case.
        """
        if not self._kept:
            return 0
        chance = random.Random(SEED)  # noqa: S311
        table = self._facts.table
        rows = table[ROW].to_pylist()
        place = {row: place for place, row in enumerate(rows)}
        chosen = {*chance.sample(rows, min(sample, len(rows))),
                  *chance.sample(sorted(changed), min(sample, len(changed)))}
        listed = ", ".join(map(str, sorted(chosen)))
        if not listed:
            return 0
        answers = self._database.rows(f"SELECT * FROM answers WHERE {ROW} IN ({listed}) ORDER BY {ROW}")  # noqa: S608
        for answer in answers.to_pylist():
            for side, procedure in self._sides.items():
                facts = self._facts.of_case(place[answer[ROW]], procedure)
                self._compare(self._read.codes[answer[ROW]], side, answer, self._said(side, facts, "durable-rules"))
        return len(chosen)

    def _compare(self, code: str, side: str, answer: Mapping[str, Any], expected: Mapping[Part, Any]) -> None:
        found = {part: column.value(answer[column.name]) for (own, part), column in self._kept.items() if own == side}
        if found[OUTCOME_PART] not in REQUIRED:
            found = {OUTCOME_PART: found[OUTCOME_PART]}
        different = [part for part, value in found.items() if value != expected.get(part)]
        if different:
            named = ", ".join(f"{part.kind} {part.id}" for part in different)
            raise EngineDisagreement(Problem("BULK_008", {"dossier": code, "parts": named}))

    def _apart(self, outcomes: Sequence[dict[str, int]]) -> list[_Change]:
        """The cases that are not in the table, by evaluation one at a time; their outcomes are counted too."""
        changes = []
        for row, facts in sorted(self._facts.apart.items()):
            answers = [self._said(side, own, "conditions") for side, own in zip(SIDES, facts, strict=True)]
            for counted, answer in zip(outcomes, answers, strict=True):
                counted[OUTCOMES[answer[OUTCOME_PART]]] += 1
            changes += [_Change(part, [row], [before], [after]) for part, before, after in _apart_changes(*answers)]
        return changes


@dataclass(frozen=True, slots=True)
class _Change:
    """Cases of which a part differs, with its canonical values before and after."""

    part: Part
    rows: list[int]
    before: list[Any]
    after: list[Any]


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


def _values(found: pa.Table, side: str, kept: Kept | None) -> list[Any]:
    if kept is None:
        return [None] * found.num_rows
    return [kept.value(stored) for stored in found[side].to_pylist()]


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
