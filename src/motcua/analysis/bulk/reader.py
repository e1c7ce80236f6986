"""The reader "sql": cases weighed in one statement for each law version, their assessments written by the engine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from motcua.analysis.bulk.databases import DuckDB, facts_table, to_sql
from motcua.analysis.bulk.emission import emit
from motcua.analysis.bulk.facts import ROW, Column, Facts, Key, columns_of, gather
from motcua.analysis.bulk.lowering import STATES, Intake, Shape, Table, Weighing
from motcua.analysis.bulk.plan import BITS, WIDE, Plan, TooWideError, Value, day_of, from_scaled
from motcua.conditions import Type
from motcua.engine import Assessment, Decided, Weighed, assess, assess_weighed
from motcua.errors import EngineDisagreement, InputError, MotcuaError, Problem
from motcua.procedures import LawVersion, Procedure
from motcua.version import __version__

NAME: Final = f"sql {__version__}"
#: Bounds of numbers are rounded up to these, so that a statement serves other cases too.
_BOUNDS: Final = (10**6, 10**10, 10**14, 10**17, 10**20, 10**25, 10**30)
_STATEMENTS_KEPT: Final = 200

_OUTCOMES: Final = ("eligible", "ineligible", "not_required", "undetermined")

Answer = Assessment | MotcuaError
Decode = Callable[[Mapping[str, Any]], Any]


class SqlReader:
    """Answers as the other readers do, one case when called, or `many`, which is how it is meant to be used."""

    def __init__(self) -> None:
        self._statements: dict[Any, _Question] = {}

    def __call__(self, procedure: Procedure, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """The assessment of canonical facts as JSON; errors as those of `motcua.engine.assess`."""
        [answer] = self.many(procedure, [facts])
        if isinstance(answer, MotcuaError):
            raise answer
        return answer

    def many(self, procedure: Procedure, cases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | MotcuaError]:
        """The assessment of each case as JSON, or why there is none."""
        return [answer if isinstance(answer, MotcuaError) else answer.to_json()
                for answer in self.assessments(procedure, cases)]

    def assessments(self, procedure: Procedure, cases: Sequence[Mapping[str, Any]], on: date | None = None
                    ) -> list[Answer]:
        """The assessment of each case, or why there is none: one statement for each law version concerned.

        ``on`` is the law date of cases whose facts do not tell it.
        """
        given = {} if on is None else {procedure.law_at: on}
        known = [{**given, **{name: value for name, value in facts.items() if value is not None}} for facts in cases]
        answers: list[Answer | None] = [_not_readable(procedure, facts) for facts in known]
        asked: dict[LawVersion, list[int]] = {}
        for place, facts in enumerate(known):
            if answers[place] is None:
                for version in _versions(procedure, facts.get(procedure.law_at)):
                    asked.setdefault(version, []).append(place)
        weighed: dict[tuple[int, LawVersion], tuple[bool, Weighed]] = {}
        for version, places in asked.items():
            for place, found in self._weigh(version, {place: known[place] for place in places}):
                weighed[place, version] = found
        return [answer if answer is not None else _assessment(
                    procedure, known[place], {version: weighed[key] for version in asked
                                              if (key := (place, version)) in weighed})
                for place, answer in enumerate(answers)]

    def _weigh(self, version: LawVersion, cases: Mapping[int, Mapping[str, Any]]
               ) -> Iterator[tuple[int, tuple[bool, Weighed]]]:
        places = list(cases)
        facts = gather(version.procedure, cases.values())
        try:
            question = self._question(version, facts)
        except TooWideError:
            facts = facts.without_large([version.procedure], 10**15)
            with contextlib.suppress(TooWideError):
                question = self._question(version, facts)
                yield from _answers(question, facts, places, cases)
            return
        yield from _answers(question, facts, places, cases)

    def _question(self, version: LawVersion, facts: Facts) -> _Question:
        columns = {key: replace(column, bound=next((bound for bound in _BOUNDS if bound >= column.bound), WIDE - 1))
                   if column.kind == "number" else column for key, column in facts.columns.items()}
        kinds = tuple(str(kind) for kind in facts.table.schema.types)
        key = (version, kinds, tuple((column.scale, column.bound) for column in columns.values()))
        if key not in self._statements:
            if len(self._statements) >= _STATEMENTS_KEPT:
                self._statements.clear()
            self._statements[key] = _Question(version, facts, columns)
        return self._statements[key]


def _not_readable(procedure: Procedure, facts: Mapping[str, Any]) -> MotcuaError | None:
    """Facts that the procedure does not have: the engine says so."""
    if facts.keys() <= procedure.facts.keys():
        return None
    try:
        assess(procedure, facts, engine="conditions")
    except InputError as error:
        return error
    raise AssertionError(facts)


def _versions(procedure: Procedure, day: date | None) -> list[LawVersion]:
    """The law versions that a case of that law date may be weighed under."""
    versions = []
    clause = None if day is None else next(
        (item for item in sorted(procedure.transitional, key=lambda item: item.between) if item.between > day), None)
    for each in (day, clause.between if clause else None):
        if each is not None:
            with contextlib.suppress(InputError):
                versions.append(procedure.version_on(each))
    return list(dict.fromkeys(versions))


def _assessment(procedure: Procedure, facts: Mapping[str, Any],
                weighed: Mapping[LawVersion, tuple[bool, Weighed]]) -> Answer:
    """What the engine writes of what SQL weighed; cases with numbers too large for SQL are weighed by evaluation."""
    try:
        if facts.get(procedure.law_at) is not None and not weighed:
            return replace(assess(procedure, facts, engine="conditions"), engine=NAME)
        found = assess_weighed(procedure, facts, lambda version: weighed[version][1], NAME)
    except MotcuaError as error:
        return error
    if any(refused for refused, _ in weighed.values()):
        return EngineDisagreement(Problem("BULK_002", {"parts": "always"}))
    return found


class _Question:
    """The statement that weighs a law version, and how its answers are read."""

    def __init__(self, version: LawVersion, facts: Facts, columns: Mapping[Key, Column]) -> None:
        plan = Plan()
        intake = Intake(plan, version.procedure, columns_of(plan, version.procedure, columns))
        self.version = version
        self._weighing = weighing = Weighing(plan, version, intake.facts)
        self._outputs: dict[str, Value] = {}
        self._refused = self._output(intake.refused)
        self._dropped = {name: self._output(value) for name, value in intake.dropped.items()}
        types = version.procedure.types
        self._derived = {name: self._read(shape, types[name]) for name, shape in weighing.derived.items()}
        self._applies = self._output(weighing.applies)
        self._musts = [(self._output(must), self._output(when)) for must, when in weighing.musts]
        self._states = [self._output(weighing.state(place)) for place in range(len(weighing.musts))]
        self._documents = [self._output(value) for value in weighing.documents]
        self._tables = [_Columns(self, table) for table in weighing.tables.values()]
        self._moves = {name: self._output(value) for name, value in weighing.moves(version.procedure).items()}
        self._outcome = self._output(weighing.outcome)
        table = facts_table(facts.table.schema, "facts")
        self.statement = to_sql(emit(table, self._outputs, [ROW]), DuckDB.dialect)

    def _output(self, value: Value) -> str:
        name = next((name for name, other in self._outputs.items() if other is value), f"o{len(self._outputs)}")
        self._outputs[name] = value
        return name

    def _read(self, shape: Shape, type_: Type) -> Decode:
        """How the value of a shape is read from a row."""
        if isinstance(shape, tuple):
            names = [self._output(part) for part in shape]
            return lambda row: _words(type_, [row[name] for name in names])
        name, scale = self._output(shape), shape.scale
        if type_.kind == "date":
            return lambda row: None if row[name] is None else day_of(row[name])
        if shape.kind == "number":
            return lambda row: None if row[name] is None else from_scaled(int(row[name]), scale)
        return lambda row: row[name]

    def weighed(self, row: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[bool, Weighed]:
        """Whether the facts break what no real case breaks, and what the version says of them."""
        env = {name: value for name, value in facts.items() if not row.get(self._dropped.get(name, ""))}
        env.update((name, read(row)) for name, read in self._derived.items())
        decided = {table.id: table.decided(row) for table in self._tables}
        env.update((name, found.value) for name, found in decided.items())
        return row[self._refused] is True, Weighed(
            env, tuple((row[must], row[when]) for must, when in self._musts), row[self._applies],
            tuple(STATES[row[name]] for name in self._states),
            tuple(row[name] for name in self._documents), decided,
            {name: row[column] for name, column in self._moves.items()},
            _OUTCOMES[row[self._outcome]])


class _Columns:
    """How a decision is read from a row."""

    def __init__(self, question: _Question, table: Table) -> None:
        decision = table.decision
        self.id = decision.id
        self._collects = decision.hit == "collect"
        self._rows = [(row.id, question._output(holds)) for row, holds in zip(decision.rows, table.holds, strict=True)]
        self._given = [question._read(value, decision.type) for value in table.given]
        self._value = question._read(table.value, decision.type)
        self._settled = question._output(table.settled)
        self._conflict = question._output(table.conflict)

    def decided(self, row: Mapping[str, Any]) -> Decided:
        """What the decision is."""
        places = [place for place, (_, holds) in enumerate(self._rows) if row[holds]]
        rows = tuple(self._rows[place][0] for place in places)
        given = tuple(read(row) for read in self._given)
        settled = row[self._settled] is True
        value = self._value(row)
        if self._collects:
            value = tuple(given[place] for place in places) if rows and settled else None
        return Decided(value, rows, given, settled, row[self._conflict] is True)


def _words(type_: Type, parts: Sequence[int | None]) -> tuple[str, ...] | None:
    if parts[0] is None:
        return None
    return tuple(word for place, word in enumerate(type_.values) if (parts[place // BITS] or 0) >> place % BITS & 1)


def _answers(question: _Question, facts: Facts, places: Sequence[int], cases: Mapping[int, Mapping[str, Any]]
             ) -> Iterator[tuple[int, tuple[bool, Weighed]]]:
    database = DuckDB()
    try:
        database.put("facts", facts.table)
        for row in database.rows(question.statement).to_pylist():
            place = places[row[ROW]]
            yield place, question.weighed(row, cases[place])
    finally:
        database.close()
