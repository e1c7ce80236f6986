"""Facts that lie in PostgreSQL, typed and compared there: only what comes out otherwise leaves it.

All tables made are temporary, in a transaction that is never committed. Facts that are not plainly right (an unknown
word, a number out of bounds, a text with a unit) are read one by one as those of a single case are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Protocol

import pyarrow as pa
import sqlglot
from sqlglot import expressions as sql

from motcua.analysis.bulk.facts import FINEST, LARGEST, ROW, Column, Key, key_of, kind_of
from motcua.analysis.bulk.lowering import parts_of
from motcua.analysis.bulk.plan import BITS, EPOCH_DAY, LAST_DAY, NARROW, days_of
from motcua.analysis.bulk.reading import BothReaders, Cases, placed
from motcua.analysis.bulk.report import Progress, Unreadable
from motcua.conditions import WHOLE_KINDS, Type, unit_of
from motcua.errors import InputError
from motcua.procedures import Fact, Procedure

_PLAIN_NUMBER: Final = r"^-?[0-9]{1,60}(\.[0-9]{1,40})?$"
_PLAIN_DATE: Final = r"^(1[89]|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class PostgresSource(Protocol):
    """Facts in PostgreSQL: ``statement`` selects ``code`` and ``facts`` (JSON text) of ``procedure``, its parameter."""

    statement: str
    procedure: str

    def connection(self) -> AbstractContextManager[Any]:
        """A connection of the driver."""


class Postgres:
    """PostgreSQL through a connection of its driver."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run a statement that gives nothing."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    def make(self, name: str, statement: str) -> None:
        """A temporary table of what a statement gives."""
        self.run(f"CREATE TEMPORARY TABLE {name} AS {fenced(statement)}")

    def rows(self, statement: str) -> pa.Table:
        """What a statement gives."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            names = [column.name for column in cursor.description]
            found = cursor.fetchall()
        return pa.table({name: [row[place] for row in found] for place, name in enumerate(names)})


def fenced(statement: str) -> str:
    """The statement with a fence about each step: without, PostgreSQL would write common parts out again and again."""
    tree = sqlglot.parse_one(statement, read="postgres")
    for step in tree.find_all(sql.Subquery):
        if isinstance(step.this, sql.Select):
            step.this.offset(0, copy=False)
    return tree.sql("postgres")


class PostgresTable:
    """A table of facts in PostgreSQL."""

    def __init__(self, database: Postgres, sides: Sequence[Procedure], readers: BothReaders) -> None:
        self.database = database
        self._sides = sides
        self._readers = readers
        self.apart: dict[int, tuple[Mapping[str, Any], ...]] = {}
        self.columns: Mapping[Key, Column] = {}
        self.unreadable: list[Unreadable] = []
        self._facts = _facts_by_key(sides)

    def make(self, source: PostgresSource) -> list[str]:
        """Type the facts of a source; the codes of its cases."""
        database = self.database
        database.run("CREATE TEMPORARY TABLE cases AS SELECT row_number() OVER (ORDER BY code) - 1 AS row, code, "  # noqa: S608
                     f"facts::jsonb AS facts FROM ({source.statement}) AS given WHERE facts IS NOT NULL",
                     (source.procedure,))
        names = {key: f"f{number}" for number, key in enumerate(self._facts)}
        read = ", ".join(f"{_read(key, facts)} AS {names[key]}" for key, facts in self._facts.items())
        database.run(f"CREATE TEMPORARY TABLE read AS SELECT row, facts, {read} FROM cases")  # noqa: S608
        odd = " OR ".join(_odd(key, facts, names[key]) for key, facts in self._facts.items()) or "FALSE"
        database.run(f"CREATE TEMPORARY TABLE odd AS SELECT row FROM read WHERE {odd}")  # noqa: S608
        self._take_apart()
        self._type(names)
        codes: list[str] = database.rows("SELECT code FROM cases ORDER BY row")["code"].to_pylist()
        return codes

    def _take_apart(self) -> None:
        """Read the odd cases one by one: each cannot be read, or stands apart."""
        found = self.database.rows("SELECT row, code, facts::text AS facts FROM cases "
                                    "WHERE row IN (SELECT row FROM odd) ORDER BY row")
        for case in found.to_pylist():
            try:
                self.apart[case["row"]] = self._readers.read(_json(case["facts"]))
            except InputError as error:
                problems = tuple(placed(each, None, case["code"]) for each in error.problems)
                self.unreadable.append(Unreadable(case["code"], problems))

    def _type(self, names: Mapping[Key, str]) -> None:
        """The table of facts: numbers as whole numbers of the scale that the data needs."""
        numbers = [key for key in names if key[1] == "number"]
        asked = ", ".join(f"max(abs({name})) AS b_{name}, max(scale(trim_scale({name}))) AS s_{name}"
                          for name in (names[key] for key in numbers)) or "1 AS none"
        plain = "read WHERE row NOT IN (SELECT row FROM odd)"
        [found] = self.database.rows(f"SELECT {asked} FROM {plain}").to_pylist()  # noqa: S608
        columns: dict[Key, Column] = {}
        typed = []
        for key, name in names.items():
            if key[1] == "list of":
                parts = [name] + [f"{name}_{part}" for part in range(1, parts_of(Type("list of", values=key[2])))]
                columns[key] = Column(tuple(parts), "bits")
                typed += [f"{_bits(key, part)} AS {each}" for part, each in enumerate(parts)]
            elif key[1] == "number":
                scale = int(found[f"s_{name}"] or 0)
                bound = int((found[f"b_{name}"] or 0) * Decimal(10) ** scale)
                columns[key] = Column((name,), "number", scale, bound)
                type_ = "bigint" if bound < NARROW else "numeric(38, 0)"
                typed.append(f"CAST({name} * {10**scale} AS {type_}) AS {name}")
            else:
                columns[key] = Column((name,), kind_of(key), 0, LAST_DAY if key[1] == "date" else 0)
                typed.append(name)
        self.columns = columns
        self.database.run(f"CREATE TEMPORARY TABLE facts AS SELECT row, {', '.join(typed)} FROM {plain}")  # noqa: S608

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""
        types = {"truth": pa.bool_(), "word": pa.string()}
        return pa.schema([(ROW, pa.int64()), *(
            (name, types.get(column.kind, pa.decimal128(38, 0) if column.bound >= NARROW else pa.int64()))
            for column in self.columns.values() for name in column.names)])

    def rows(self) -> list[int]:
        """The numbers of the cases in the table."""
        numbers: list[int] = self.database.rows("SELECT row FROM facts ORDER BY row")["row"].to_pylist()
        return numbers

    def of_rows(self, rows: Sequence[int]) -> dict[int, tuple[Mapping[str, Any], ...]]:
        """The canonical facts of some cases, read anew from what is stored."""
        if not rows:
            return {}
        listed = ", ".join(map(str, rows))
        found = self.database.rows(f"SELECT row, facts::text AS facts FROM cases WHERE row IN ({listed})")  # noqa: S608
        return {case["row"]: self._readers.read(_json(case["facts"])) for case in found.to_pylist()}

    def put(self) -> None:
        """It is there."""

    def without_large(self, limit: int) -> PostgresTable:
        """The same with cases apart that have a large number."""
        numbers = [column.names[0] for column in self.columns.values() if column.kind == "number"]
        large = " OR ".join(f"abs({name}) >= {limit}" for name in numbers) if limit else "TRUE"
        rows = self.database.rows(f"SELECT row FROM facts WHERE {large}")["row"].to_pylist()  # noqa: S608
        self.apart.update(self.of_rows(rows))
        self.database.run(f"DELETE FROM facts WHERE {large}")  # noqa: S608
        self.columns = {key: Column(column.names, column.kind, column.scale, min(column.bound, limit))
                        if column.kind == "number" else column for key, column in self.columns.items()}
        return self


def cases_in_postgres(sides: Sequence[Procedure], source: PostgresSource, connection: Any,
                      progress: Progress) -> Cases:
    """The cases of a source, typed where they lie."""
    database, readers = Postgres(connection), BothReaders(sides)
    [counted] = _fetch(connection, f"SELECT count(*), count(facts) FROM ({source.statement}) AS given",  # noqa: S608
                       (source.procedure,))
    progress(0, counted[0])
    table = PostgresTable(database, sides, readers)
    codes = table.make(source)
    known = {fact for each in sides for fact in each.facts}
    given = database.rows("SELECT name, count(*) AS n FROM cases, jsonb_object_keys(facts) AS name "
                          "GROUP BY name ORDER BY name")
    ignored = {row["name"]: row["n"] for row in given.to_pylist() if row["name"] not in known}
    progress(counted[0], counted[0])
    unreadable = tuple(table.unreadable)
    return Cases(table, codes, len(codes) - len(unreadable), counted[0] - counted[1], ignored, unreadable)


def _fetch(connection: Any, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _json(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return read


def _facts_by_key(sides: Sequence[Procedure]) -> dict[Key, list[Fact]]:
    """The facts, of each procedure that has it, that lie in a column: they may be in different units."""
    found: dict[Key, list[Fact]] = {}
    for procedure in sides:
        for fact in procedure.facts.values():
            found.setdefault(_key(fact), []).append(fact)
    return found


def _key(fact: Fact) -> Key:
    return key_of(fact.id, fact.type)


# -- SQL over `facts`, the JSON of a case

def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _of(key: Key) -> tuple[str, str, str]:
    """The value of a fact as JSON, as text, and the kind of JSON it is."""
    name = _quoted(key[0])
    return f"(facts -> {name})", f"(facts ->> {name})", f"jsonb_typeof(facts -> {name})"


def _factor(fact: Fact) -> Fraction:
    unit = unit_of(fact.type)
    return unit.factor if unit else Fraction(1)


def _read(key: Key, facts: Sequence[Fact]) -> str:
    """The value in SQL, NULL where it is not plainly right; numbers in the canonical unit."""
    value, text, kind = _of(key)
    match key[1]:
        case "yes/no":
            return f"CASE WHEN {kind} = 'boolean' THEN CAST({text} AS boolean) END"
        case "date":
            month = f"CAST(substr({text}, 1, 7) || '-01' AS date)"
            last = f"extract(day FROM {month} + INTERVAL '1 month' - INTERVAL '1 day')"
            return (f"CASE WHEN {kind} = 'string' AND {text} ~ '{_PLAIN_DATE}' THEN "
                    f"CASE WHEN CAST(substr({text}, 9) AS int) <= {last} "
                    f"THEN CAST({text} AS date) - DATE '{EPOCH_DAY}' END END")
        case "number":
            factor = _factor(facts[0])
            return (f"CASE WHEN {kind} = 'number' OR ({kind} = 'string' AND {text} ~ '{_PLAIN_NUMBER}') "
                    f"THEN CAST({text} AS numeric) * {_decimal(factor)} END")
        case "list of":
            words = ", ".join(map(_quoted, key[2]))
            return f"CASE WHEN {kind} = 'array' AND {value} <@ jsonb_build_array({words}) THEN {value} END"
    return f"CASE WHEN {kind} = 'string' THEN {text} END"


def _decimal(factor: Fraction) -> str:
    """A factor of a unit, a finite decimal, written out."""
    return format(Decimal(factor.numerator) / Decimal(factor.denominator), "f")


def _odd(key: Key, facts: Sequence[Fact], name: str) -> str:
    """True where a value is given and not plainly right for each procedure."""
    _, text, kind = _of(key)
    wrong = [f"{name} IS NULL", *(check for fact in facts for check in _checks(key, fact, name))]
    return f"({text} IS NOT NULL AND {kind} <> 'null' AND ({' OR '.join(wrong)}))"


def _checks(key: Key, fact: Fact, name: str) -> Iterator[str]:
    if key[1] == "number":
        yield f"abs({name}) >= {LARGEST} OR scale(trim_scale({name})) > {FINEST}"
        if fact.type.kind in WHOLE_KINDS:
            yield f"{name} <> trunc({name})"
        if fact.type.kind == "months":
            yield f"{name} < 0"
    if key[1] == "one of":
        yield f"{name} NOT IN ({', '.join(map(_quoted, fact.type.values))})"
    for sign, bound in (("<", fact.min), (">", fact.max)):
        if bound is not None:
            yield f"{name} {sign} {bound if key[1] == 'number' else days_of(bound)}"


def _bits(key: Key, part: int) -> str:
    name = _quoted(key[0])
    bits = " + ".join(f"CASE WHEN jsonb_exists(facts -> {name}, {_quoted(word)}) THEN {1 << place} ELSE 0 END"
                      for place, word in enumerate(key[2][part * BITS:(part + 1) * BITS]))
    return f"CASE WHEN jsonb_typeof(facts -> {name}) = 'array' THEN CAST({bits or 0} AS bigint) END"
