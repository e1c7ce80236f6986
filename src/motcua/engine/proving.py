"""The answer of record: a law version's clauses run by durable-rules, and held against the second opinion."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from motcua.conditions import Expression, Node, Type, compile_expressions
from motcua.engine import canary
from motcua.engine.compilation import Atom, Meaning, compile_version
from motcua.engine.durable import VERSION, DriverFault, Engine, ProgramRefused
from motcua.engine.evaluation import Weighed
from motcua.errors import EngineDisagreement, MotcuaError, Problem
from motcua.procedures import LawVersion

NAME: Final = f"durable-rules {VERSION}"

_log = logging.getLogger("motcua.engine")


Proof = Mapping[Meaning, tuple[str, ...]]
"""What the engine concluded, and the names of the rules that fired for it."""


class RulesetRefused(MotcuaError):
    """The rules of a law version cannot be run safely: ENG_002 or ENG_003."""


class Prover:
    """The clauses of one law version in the engine.

    Raises:
        RulesetRefused: the version passes a limit of durable-rules, or its canary died or was wrong.
    """

    def __init__(self, version: LawVersion) -> None:
        self._version = f"{version.procedure.id} {version}"
        try:
            compiled = compile_version(version)
        except ProgramRefused as error:
            raise RulesetRefused(self._problem("ENG_002", reason=str(error))) from error
        if (failure := canary.failure_of(compiled.program)) is not None:
            _log.critical("canary of %s: %s", self._version, failure)
            raise RulesetRefused(self._problem("ENG_003", reason=failure))
        self._engine = Engine(compiled.program)
        self._meanings = compiled.meanings
        self._claims = frozenset(meaning for meaning in compiled.meanings if meaning is not None)
        self._decisions = tuple(version.decisions)
        self._ready(compiled.atoms, version)

    def _ready(self, atoms: tuple[Atom, ...], version: LawVersion) -> None:
        """Compile the atoms: equal conditions are evaluated once, whether true or false is wanted."""
        keys: dict[Node, str] = {}
        self._conditions: list[tuple[str, bool, int]] = []
        self._rows: list[tuple[str, int, int]] = []
        always = []
        for number, (condition, wanted) in enumerate(atoms):
            if condition is None:
                always.append(number)
            elif isinstance(condition, tuple):
                decision, row = condition
                place = [each.id for each in version.decisions[decision].rows].index(row)
                self._rows.append((decision, place, number))
            else:
                self._conditions.append((keys.setdefault(condition, f"#{len(keys)}"), wanted, number))
        self._always = frozenset(always)
        self._read = compile_expressions({key: Expression("", node, Type("yes/no")) for node, key in keys.items()})

    def prove(self, weighed: Weighed) -> Proof:
        """Run the clauses on the case that ``weighed`` is the second opinion of.

        Raises:
            EngineDisagreement: ENG_004, the conclusions differ; ENG_005, the engine came to none.
        """
        truths = self._read(weighed.env)
        true = {number for key, wanted, number in self._conditions if truths[key] is wanted}
        true.update(number for decision, place, number in self._rows
                    if weighed.decided[decision].given[place] is not None)
        try:
            fired = self._engine.run(self._always | true)
        except DriverFault as error:
            _log.critical("engine on %s: %s", self._version, error)
            raise EngineDisagreement(self._problem("ENG_005", reason=str(error))) from error
        rules: dict[Meaning, tuple[str, ...]] = {}
        for number in fired:
            meaning = self._meanings[number]
            if meaning is not None:
                rules[meaning] = (*rules.get(meaning, ()), f"r{number}")
        self._compare(rules, weighed)
        return rules

    def _compare(self, rules: Mapping[Meaning, tuple[str, ...]], weighed: Weighed) -> None:
        should = self._claims.intersection(claims_of(weighed))
        different = [claim for claim in should ^ rules.keys() if not self._past_conflict(claim, weighed)]
        if different:
            shown = ", ".join(sorted(f"{claim.kind} {claim.id} {claim.state}" for claim in different))
            _log.critical("engine and evaluator disagree on %s: %s", self._version, shown)
            raise Disagreement(self._problem("ENG_004", differences=shown), weighed, rules)

    def _past_conflict(self, claim: Meaning, weighed: Weighed) -> bool:
        """Rows after a decision whose rows contradict each other: it has no value, or two, so nothing follows."""
        if claim.kind != "row":
            return False
        before = self._decisions[:self._decisions.index(claim.id[0])]
        return any(weighed.decided[decision].conflict for decision in before)

    def _problem(self, code: str, **params: str) -> Problem:
        return Problem(code, {"version": self._version, **params})


class Disagreement(EngineDisagreement):
    """The engine and the second opinion differ: both are kept here, neither is the answer."""

    def __init__(self, problem: Problem, weighed: Weighed, rules: Mapping[Meaning, tuple[str, ...]]) -> None:
        super().__init__(problem)
        self.weighed = weighed
        self.rules = rules


def claims_of(weighed: Weighed) -> Iterator[tuple[str, Any, Any]]:
    """The second opinion in the terms of `Meaning`; some of it the clauses never conclude."""
    for name, value in weighed.derived.items():
        yield "derived", name, value
    yield "applies", "applies", weighed.applies
    yield "outcome", "outcome", weighed.outcome
    for place, (must, when) in enumerate(weighed.musts):
        if must:
            yield "requirement", place, "met"
        if when is False:
            yield "requirement", place, "not_applicable"
        elif when and must is False:
            yield "requirement", place, "unmet"
    for place, needed in enumerate(weighed.documents):
        yield "document", place, needed
    for name, moves in weighed.moves.items():
        yield "moves", name, moves
    for name, decided in weighed.decided.items():
        for row in decided.rows:
            yield "row", (name, row), "holds"
