"""The second opinion: a law version weighed by three-valued evaluation alone, without the engine.

In: the facts that apply. Out: `Weighed`, the value of everything the version holds. The engine's conclusions
are compared with it in every check; as the reader "conditions" it answers by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

from motcua.conditions import CompiledGroups, Expression, Type, compile_groups, literal
from motcua.engine.compilation import constant, overriders
from motcua.procedures import Decision, Grid, LawVersion

State = Literal["met", "unmet", "unknown", "not_applicable"]
Outcome = Literal["eligible", "ineligible", "not_required", "undetermined"]

ALWAYS: Final = "always #"  # the key of the condition that is not written; no name and no other key is like it
PATTERNS_KEPT: Final = 2000


class Decided(NamedTuple):
    """One decision: the rows that hold, and the value they give.

    ``given`` is what each row of the table gives, None where that is unknown. ``settled`` tells whether no
    missing fact can bring a value where there is none. ``conflict``: several rows hold and give different values.
    """

    value: Any
    rows: tuple[str, ...]
    given: tuple[Any, ...]
    settled: bool
    conflict: bool = False


class Weighed(NamedTuple):
    """What a law version says of some facts; ``env`` holds facts, derived values and decided values.

    ``musts`` (what must hold, and when), ``states`` and ``documents`` stand in the order of the version's
    requirements and documents; ``decided`` and ``moves`` go by the ids of decisions and transitional clauses.
    """

    env: Mapping[str, Any]
    musts: tuple[tuple[bool | None, bool | None], ...]
    applies: bool | None
    states: tuple[State, ...]
    documents: tuple[bool | None, ...]
    decided: Mapping[str, Decided]
    moves: Mapping[str, bool | None]
    outcome: Outcome


class _Line(NamedTuple):
    """A row with the keys of its condition and value; ``above`` are the places of the rows that override it.

    ``then`` is the place of its value among those of the table that depend on facts; None where it is constant.
    """

    id: str
    when: str
    then: int | Grid | None
    given: Any
    above: tuple[int, ...]


class _Table:
    """A decision with its lines.

    Which lines hold depends only on which of them are true, false or unknown: each pattern is thought through once,
    and where no line's value depends on facts, so is the answer.
    """

    def __init__(self, decision: Decision, keys: _Keys) -> None:
        self.id = decision.id
        self._hit = decision.hit
        self.thens: list[str] = []
        self._lines = lines = tuple(_lines(decision, keys, self.thens))
        self.whens = [line.when for line in lines]
        self._given = tuple(line.given for line in lines)
        self._is_constant = None not in self._given
        self._known: dict[tuple[bool | None, ...], Decided] = {}
        self._standings: dict[tuple[bool | None, ...], _Standing] = {}

    def decide(self, truths: tuple[Any, ...], thens: tuple[Any, ...], env: Mapping[str, Any]) -> Decided:
        """The decision under the truths of its conditions ``whens``, ``thens`` being the values of its own."""
        if not self._is_constant:
            given = tuple([_given(line, thens, env) for line in self._lines])
            return self._decided(tuple([None if truth and value is None else truth
                                        for truth, value in zip(truths, given, strict=True)]), given)
        found = self._known.get(truths)
        if found is None:
            if len(self._known) >= PATTERNS_KEPT:
                self._known.clear()
            found = self._known[truths] = self._decided(truths, self._given)
        return found

    def _decided(self, truths: tuple[bool | None, ...], given: tuple[Any, ...]) -> Decided:
        standing = self._standings.get(truths)
        if standing is None:
            if len(self._standings) >= PATTERNS_KEPT:
                self._standings.clear()
            standing = self._standings[truths] = self._standing(truths)
        places, rows, settled = standing
        if self._hit == "collect":
            values = tuple([given[place] for place in places]) if rows and settled else None
            return Decided(values, rows, given, settled)
        if not rows:
            return Decided(None, rows, given, settled)
        value = given[places[0]]
        conflict = len(places) > 1 and any(given[place] != value for place in places)
        return Decided(None if conflict else value, rows, given, True, conflict)

    def _standing(self, truths: tuple[bool | None, ...]) -> _Standing:
        standing = [_stands(truth, [truths[place] for place in line.above])
                    for truth, line in zip(truths, self._lines, strict=True)]
        settled = None not in standing
        if self._hit == "first":
            hidden = standing.index(None) if not settled else len(standing)
            holding = [standing.index(True)] if True in standing[:hidden] else []
        else:
            holding = [place for place, truth in enumerate(standing) if truth]
        return _Standing(tuple(holding), tuple(self._lines[place].id for place in holding), settled)


class _Standing(NamedTuple):
    """The places and ids of the lines that hold, and whether every line is known to hold or not."""

    places: tuple[int, ...]
    rows: tuple[str, ...]
    settled: bool


_TRUE: Final = literal(True, Type("yes/no"))


class _Keys:
    """Gives each expression of a version a key; equal conditions share one."""

    def __init__(self, prefix: str) -> None:
        self.expressions: dict[str, Expression] = {}
        self._known: dict[Hashable, str] = {}
        self._prefix = prefix

    def key(self, expression: Expression | None) -> str:
        """The key of an expression; that of the condition that is not written is always true."""
        if expression is None:
            self.expressions[ALWAYS] = _TRUE
            return ALWAYS
        key = self._known.setdefault(expression.tree, f"{self._prefix}{len(self._known)}")
        self.expressions.setdefault(key, expression)
        return key


class Scales:
    """A law version made ready to weigh facts: every expression compiled once, with its place in the answer."""

    def __init__(self, version: LawVersion) -> None:
        keys = _Keys("#")
        parts = (
            list(version.derived),
            [keys.key(item.must) for item in version.requirements],
            [keys.key(item.when) for item in version.requirements],
            [keys.key(item.when) for item in version.documents],
            [keys.key(item.unless) for item in version.procedure.transitional],
            [keys.key(version.applies.when if version.applies else None)])
        self._derived = tuple(version.derived)
        self._moves = tuple(item.id for item in version.procedure.transitional)
        # the first decisions read facts and derived names alone: one function for these and all the rest
        first, *others = list(_runs(version)) or [[]]
        self._first = tuple(_Table(decision, keys) for decision in first)
        self._read = compile_groups({**version.derived, **keys.expressions}, [*parts, *_groups(self._first)])
        self._later = tuple(_compile_run(run) for run in others)

    def weigh(self, facts: Mapping[str, Any]) -> Weighed:
        """The version's answer on these facts."""
        derived, must, when, documents, moves, (applies,), *tables = self._read(facts)
        env = dict(facts)
        env.update(zip(self._derived, derived, strict=True))
        decided: dict[str, Decided] = {}
        self._decide(self._first, tables, env, decided)
        for read, later in self._later:
            self._decide(later, read(env), env, decided)
        musts = tuple(zip(must, when, strict=True))
        states = tuple([_STATES[pair] for pair in musts])
        return Weighed(env, musts, applies, states, documents, decided, dict(zip(self._moves, moves, strict=True)),
                       _outcome(applies, states))

    @staticmethod
    def _decide(tables: tuple[_Table, ...], values: Sequence[tuple[Any, ...]], env: dict[str, Any],
                decided: dict[str, Decided]) -> None:
        following = iter(values)
        for table, truths, thens in zip(tables, following, following, strict=True):
            decided[table.id] = found = table.decide(truths, thens, env)
            env[table.id] = found.value


def picker(keys: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Takes the values of ``keys`` out of a mapping (or those at places out of a sequence), always as a tuple."""
    if not keys:
        return lambda values: ()
    if len(keys) == 1:
        only = keys[0]
        return lambda values: (values[only],)
    return itemgetter(*keys)


def _runs(version: LawVersion) -> Iterator[list[Decision]]:
    """The decisions in runs: none reads another of its own run, so that each run is one compiled function."""
    run: list[Decision] = []
    for decision in version.decisions.values():
        read = {name for row in decision.rows for part in (row.when, row.then) if part for name in part.names}
        if any(other.id in read for other in run):
            yield run
            run = []
        run.append(decision)
    if run:
        yield run


def _compile_run(run: list[Decision]) -> tuple[CompiledGroups, tuple[_Table, ...]]:
    keys = _Keys("#")
    tables = tuple(_Table(decision, keys) for decision in run)
    return compile_groups(keys.expressions, _groups(tables)), tables


def _groups(tables: tuple[_Table, ...]) -> list[list[str]]:
    """What the tables ask to be read, as they are given it again."""
    return [keys for table in tables for keys in (table.whens, table.thens)]


def _lines(decision: Decision, keys: _Keys, thens: list[str]) -> Iterator[_Line]:
    """The lines; ``thens`` gathers the keys of values that depend on facts."""
    place = {row.id: index for index, row in enumerate(decision.rows)}
    for row in decision.rows:
        given = constant(row)
        then: int | Grid | None = None
        if isinstance(row.then, Grid):
            then = row.then
        elif given is None:
            then = len(thens)
            thens.append(keys.key(row.then))
        above = tuple(place[other.id] for other in overriders(decision)[row.id])
        yield _Line(row.id, keys.key(row.when), then, given, above)


def _given(line: _Line, thens: tuple[Any, ...], env: Mapping[str, Any]) -> Any:
    if isinstance(line.then, Grid):
        return line.then.lookup(env)
    return line.given if line.then is None else thens[line.then]


def _stands(truth: bool | None, above: list[bool | None]) -> bool | None:
    """Whether a row holds when rows that override it may hold too: Kleene's "this, and none of those"."""
    if truth is False or True in above:
        return False
    return None if truth is None or None in above else True


def _state(must: bool | None, when: bool | None) -> State:
    if when is False:
        return "not_applicable"
    if must:
        return "met"
    return "unmet" if must is False and when else "unknown"


_STATES: Final = {(must, when): _state(must, when) for must in (True, False, None) for when in (True, False, None)}


def _outcome(applies: bool | None, states: tuple[State, ...]) -> Outcome:
    if applies is False:
        return "not_required"
    if applies is None:
        return "undetermined"
    if "unmet" in states:
        return "ineligible"
    return "undetermined" if "unknown" in states else "eligible"
