"""The answer of record: a law version's clauses run by durable-rules, and held against the second opinion."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from operator import getitem
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from motcua.conditions import Expression, Node, Type, compile_groups, literal
from motcua.engine import canary
from motcua.engine.compilation import Atom, Meaning, compile_version
from motcua.engine.durable import VERSION, DriverFault, Engine, ProgramRefused
from motcua.engine.evaluation import ALWAYS, PATTERNS_KEPT, Weighed
from motcua.engine.leaves import Leaves, Truths
from motcua.errors import EngineDisagreement, MotcuaError, Problem
from motcua.procedures import LawVersion

NAME: Final = f"durable-rules {VERSION}"

_log = logging.getLogger("motcua.engine")


Says = Mapping[tuple[str, Any, Any], tuple[tuple[int, str], ...]]
"""By what may be said of a part of the law version: the number and name of each rule that says it."""


class Proof(NamedTuple):
    """The engine's rules that fired, in order; ``says`` is what the rules of the program say."""

    fired: tuple[int, ...] = ()
    says: Says = MappingProxyType({})

    def rules(self, kind: str, part: object, state: object) -> tuple[str, ...]:
        """The names of the rules that proved a part of the law version to be in a state."""
        fired = self.fired
        return tuple([name for number, name in self.says.get((kind, part, state), ()) if number in fired])


def _says(meanings: tuple[Meaning | None, ...]) -> Says:
    found: dict[tuple[str, Any, Any], tuple[tuple[int, str], ...]] = {}
    for number, meaning in enumerate(meanings):
        if meaning is not None:
            found[meaning] = (*found.get(meaning, ()), (number, f"r{number}"))
    return found


class RulesetRefused(MotcuaError):
    """The rules of a law version cannot be run safely: ENG_002 or ENG_003."""


class Prover:
    """The clauses of one law version in the engine.

    Raises:
        RulesetRefused: the version passes a limit of durable-rules, or its canary died or was wrong.
    """

    def __init__(self, version: LawVersion, leaves: Leaves) -> None:
        self._version = f"{version.procedure.id} {version}"
        try:
            compiled = compile_version(version)
        except ProgramRefused as error:
            raise RulesetRefused(self._problem("ENG_002", reason=str(error))) from error
        if (failure := canary.failure_of(compiled.program)) is not None:
            _log.critical("canary of %s: %s", self._version, failure)
            raise RulesetRefused(self._problem("ENG_003", reason=failure))
        self._engine = Engine(compiled.program)
        self._meanings, self._says = compiled.meanings, _says(compiled.meanings)
        self._decisions = tuple(version.decisions)
        self._ready(compiled.atoms, version, leaves)
        self._claims = _Claims(compiled.meanings, version)

    def _ready(self, atoms: tuple[Atom, ...], version: LawVersion, leaves: Leaves) -> None:
        """Compile the atoms and leaves: equal conditions are evaluated once, whether true or false is wanted."""
        keys: dict[Node, str] = dict(leaves.keys)
        asked: list[tuple[str, Mapping[bool | None, str]]] = []
        self._rows: list[tuple[str, int, int, str]] = []
        for number, ((condition, wanted), piece) in enumerate(zip(atoms, self._engine.pieces, strict=False)):
            key = ALWAYS
            if isinstance(condition, tuple):
                decision, row = condition
                place = [each.id for each in version.decisions[decision].rows].index(row)
                self._rows.append((decision, place, number, piece))
                piece = ""
            elif condition is not None:
                key = keys.setdefault(condition, f"atom {len(keys)}")
            asked.append((key, {truth: piece if truth is wanted else "" for truth in (True, False, None)}))
        self._told = tuple(told for _, told in asked)
        yes_no = Type("yes/no")
        conditions = {key: Expression("", node, yes_no) for node, key in keys.items()} | {ALWAYS: literal(True, yes_no)}
        self._read = compile_groups(conditions, [[key for key, _ in asked], list(leaves.expressions)])

    def prove(self, weighed: Weighed) -> tuple[Proof, Truths]:
        """Run the clauses on the case that ``weighed`` is the second opinion of; tell the truths of leaves too.

        Raises:
            EngineDisagreement: ENG_004, the conclusions differ; ENG_005, the engine came to none.
        """
        atoms, truths = self._read(weighed.env)
        told = list(map(getitem, self._told, atoms))
        for decision, place, number, piece in self._rows:
            if weighed.decided[decision].given[place] is not None:
                told[number] = piece
        try:
            fired = self._engine.run_pieces(told)
        except DriverFault as error:
            _log.critical("engine on %s: %s", self._version, error)
            raise EngineDisagreement(self._problem("ENG_005", reason=str(error))) from error
        proof = Proof(tuple(fired), self._says)
        if not self._claims.hold(fired, weighed):
            self._compare(proof, weighed)
        return proof, truths

    def _compare(self, proof: Proof, weighed: Weighed) -> None:
        """Say what differs, where it matters."""
        claimed = {meaning for number in proof.fired if (meaning := self._meanings[number]) is not None}
        different = [claim for claim in claimed ^ self._claims.expected(weighed)
                     if not self._past_conflict(claim, weighed)]
        if different:
            shown = ", ".join(sorted(f"{claim.kind} {claim.id} {claim.state}" for claim in different))
            _log.critical("engine and evaluator disagree on %s: %s", self._version, shown)
            raise Disagreement(self._problem("ENG_004", differences=shown), weighed, proof)

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

    def __init__(self, problem: Problem, weighed: Weighed, proof: Proof) -> None:
        super().__init__(problem)
        self.weighed = weighed
        self.proof = proof


class _Claims:
    """All that the clauses of a program may say, each a bit, to be compared with the second opinion at once."""

    def __init__(self, meanings: tuple[Meaning | None, ...], version: LawVersion) -> None:
        self._bits: dict[Meaning, int] = {}
        self._of_clause = tuple(0 if meaning is None else self._bits.setdefault(meaning, 1 << len(self._bits))
                                for meaning in meanings)
        self._derived = tuple(dict.fromkeys(meaning.id for meaning in self._bits if meaning.kind == "derived"))
        bits_of = self._bits_of
        # for each part of the version, in the order of `_due`: the bits that a value of it calls for
        self._tables = (
            *[bits_of("derived", name) for name in self._derived],
            *[_requirement(bits_of("requirement", place)) for place in range(len(version.requirements))],
            *[bits_of("document", place) for place in range(len(version.documents))],
            *[_Rows({id_[1]: bits for (kind, id_, _), bits in self._bits.items() if kind == "row" and id_[0] == name})
              for name in version.decisions],
            *[bits_of("moves", clause.id) for clause in version.procedure.transitional],
            bits_of("applies", "applies"), bits_of("outcome", "outcome"))

    def _bits_of(self, kind: str, part: object) -> Mapping[Any, int]:
        return defaultdict(int, {meaning.state: bit for meaning, bit in self._bits.items()
                                 if (meaning.kind, meaning.id) == (kind, part)})

    def hold(self, fired: list[int], weighed: Weighed) -> bool:
        """Whether the clauses that fired say what the second opinion says, no more and no less."""
        said, of_clause = 0, self._of_clause
        for number in fired:
            said |= of_clause[number]
        return said == self._due(weighed)

    def expected(self, weighed: Weighed) -> set[Meaning]:
        """What the clauses ought to say."""
        due = self._due(weighed)
        return {meaning for meaning, bit in self._bits.items() if due & bit}

    def _due(self, weighed: Weighed) -> int:
        env = weighed.env
        values = (*[env[name] for name in self._derived], *weighed.musts, *weighed.documents,
                  *[decided.rows for decided in weighed.decided.values()], *weighed.moves.values(),
                  weighed.applies, weighed.outcome)
        # no two parts share a bit, so their sum is all of them together
        return sum(map(getitem, self._tables, values))


class _Rows(dict[tuple[str, ...], int]):
    """The bits of the rows of a decision, by the rows that hold."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        super().__init__()
        self._bits = bits

    def __missing__(self, rows: tuple[str, ...]) -> int:
        found = sum(self._bits.get(row, 0) for row in rows)
        if len(self) < PATTERNS_KEPT:
            self[rows] = found
        return found


def _requirement(bits: Mapping[Any, int]) -> Mapping[tuple[bool | None, bool | None], int]:
    """What ought to be said of a requirement: a case it does not concern may meet it all the same."""
    known = (True, False, None)
    return {(must, when): (bits["met"] if must else 0) + (bits["not_applicable"] if when is False else 0)
            + (bits["unmet"] if must is False and when else 0) for must in known for when in known}
