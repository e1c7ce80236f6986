"""The four readers of the law beside each other: the engine, the evaluator, SQL and z3.

The first three give a whole assessment each, which must be the same JSON. Of z3 everything is asked that an assessment
concludes: whether the facts are refused, the outcome, every state, every document, every decision with its rows; and a
fact that is not given has some value there all the same, so that a leak of what is unknown would show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import z3

from motcua.analysis.bulk import sql_reader
from motcua.analysis.symbolic import Symbols
from motcua.engine import Assessment, assess, canary
from motcua.errors import MotcuaError
from motcua.procedures import Procedure

OUTCOMES = ("eligible", "ineligible", "not_required", "undetermined")
#: Faults that are about a term as a whole, which z3 does not count.
OF_TERMS = "ENG_009"

Facts = Mapping[str, Any]


@dataclass
class Tally:
    """What was compared, and where readers differ: (reader, what, engine's answer, its answer, facts)."""

    procedures: int = 0
    cases: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[str, str, Any, Any, Facts]] = field(default_factory=list)

    def note(self, reader: str, what: str, expected: Any, got: Any, facts: Facts) -> None:
        """Count one comparison."""
        self.compared[f"{reader} {what.split()[0]}"] += 1
        if expected != got:
            self.differing.append((reader, what, expected, got, facts))


@contextmanager
def without_trials() -> Iterator[None]:
    """Thousands of laws: each answer is compared here, so no child process tries each law first."""
    with mock.patch.object(canary, "failure_of", return_value=None):
        yield


def compare(tally: Tally, procedure: Procedure, cases: Sequence[Facts], hidden: Sequence[Facts]) -> None:
    """Ask all four of each case; ``hidden`` are whole cases from which z3 takes values of facts that are not given."""
    tally.procedures += 1
    answers = [_asked(procedure, facts, "durable-rules") for facts in cases]
    for reader, others in (("conditions", [_asked(procedure, facts, "conditions") for facts in cases]),
                           ("sql", sql_reader.many(procedure, cases))):
        for facts, answer, other in zip(cases, answers, others, strict=True):
            tally.note(reader, "assessment", _plain(answer), _plain(other), facts)
    symbols = Symbols(procedure, complete=False)
    for facts, behind, answer in zip(cases, hidden, answers, strict=True):
        tally.cases += 1
        tally.answers[answer.outcome if isinstance(answer, Assessment) else _codes(answer)] += 1
        if facts.get(procedure.law_at) is not None and not _is_about_terms(answer):
            _Solved(symbols, facts, behind).compare(tally, answer)


def _asked(procedure: Procedure, facts: Facts, engine: Any) -> Assessment | MotcuaError:
    try:
        return assess(procedure, facts, engine=engine)
    except MotcuaError as error:
        return error


def _codes(error: MotcuaError) -> str:
    return " ".join(sorted({problem.code for problem in error.problems}))


def _is_about_terms(answer: Assessment | MotcuaError) -> bool:
    return isinstance(answer, MotcuaError) and OF_TERMS in _codes(answer)


def _plain(answer: Assessment | MotcuaError | Mapping[str, Any]) -> Any:
    if isinstance(answer, MotcuaError):
        return _codes(answer)
    return {**(answer.to_json() if isinstance(answer, Assessment) else answer), "engine": None}


class _Solved:
    """One case in z3: every fact has a value, and whether it is given is fixed."""

    def __init__(self, symbols: Symbols, facts: Facts, behind: Facts) -> None:
        self._symbols, self._facts = symbols, facts
        given = {name for name, value in facts.items() if value is not None}
        solver = z3.Solver()
        for name, own in symbols.given.items():
            solver.add(own if name in given else z3.Not(own))
            value = facts[name] if name in given else behind.get(name)
            if value is not None:
                solver.add(symbols.is_value(name, value))
        assert solver.check() == z3.sat, facts
        self._model = solver.model()

    def _is(self, truth: Any) -> bool:
        return z3.is_true(self._model.eval(truth, model_completion=True))

    def _kleene(self, truth: Any) -> bool | None:
        return True if self._is(truth.true) else False if self._is(truth.false) else None

    def compare(self, tally: Tally, answer: Assessment | MotcuaError) -> None:
        procedure, facts = self._symbols.procedure, self._facts
        version = procedure.version_on(facts[procedure.law_at])
        found = self._symbols.answer(version)
        refused = not all(map(self._is, self._symbols.always))
        is_refusal = isinstance(answer, MotcuaError) and "ENG_001" in _codes(answer)
        tally.note("z3", "refusal", is_refusal, refused, facts)
        if is_refusal or refused:
            return
        outcomes = [word for word in OUTCOMES if self._is(found.outcome(word))]
        conflicts = [name for name in procedure.decisions if self._is(found.conflict(name))]
        if isinstance(answer, MotcuaError):
            tally.note("z3", "conflict", True, bool(conflicts), facts)
            return
        tally.note("z3", "outcome", [answer.outcome], outcomes, facts)
        if answer.outcome == "not_required":
            return
        tally.note("z3", "conflict", [], conflicts, facts)
        for place, finding in enumerate(answer.requirements):
            state = found.here.state(place)
            states = [word for word in state._fields if self._is(getattr(state, word))]
            tally.note("z3", f"state {finding.id}", [finding.state], states, facts)
        for document in answer.document_details:
            needed = {"needed": True, "not_needed": False}.get(document.state)
            tally.note("z3", f"document {document.id}", needed, self._kleene(found.document(document.id)), facts)
        for name, result in answer.decisions.items():
            self._decision(tally, found, name, result)

    def _decision(self, tally: Tally, found: Any, name: str, result: Any) -> None:
        value, decision = found.value(name), self._symbols.procedure.decisions[name]
        tally.note("z3", f"decision {name}", result is not None, self._is(value.known), self._facts)
        if result is None or not self._is(value.known):
            return
        if decision.hit == "collect":
            rows = {row for row, holds in found.collected(name).items() if self._is(holds)}
            tally.note("z3", f"rows {name}", set(result.rows), rows, self._facts)
            return
        wanted = self._symbols.reading.literal(result.value, decision.type).value
        same = self._is(value.value == wanted)
        got = result.value if same else self._model.eval(value.value, model_completion=True)
        tally.note("z3", f"value {name}", result.value, got, self._facts)
