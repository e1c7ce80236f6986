"""`assess`: facts and a date in, an assessment out; `assess_weighed` for other readers of the law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final, Literal, cast

from motcua.conditions import to_json
from motcua.engine.assessment import (
    Answer,
    AppliesFinding,
    Assessment,
    DecisionResult,
    DocumentFinding,
    Evidence,
    Finding,
    TransitionalChoice,
)
from motcua.engine.evaluation import Decided, Weighed
from motcua.engine.preparation import Answerable, DayTexts, Frame, Prepared, WholeTerm, frame_of
from motcua.engine.proving import NAME, Proof
from motcua.engine.reasons import missing_facts
from motcua.errors import InputError, MotcuaError, Problem, RuleFault
from motcua.law import Term, TermPart, TermUnit, default_calendar
from motcua.procedures import Decision, LawVersion, Procedure, Transitional
from motcua.version import __version__

EngineName = Literal["durable-rules", "conditions"]
READERS: Final[Mapping[str, str]] = {"durable-rules": NAME, "conditions": f"conditions {__version__}"}

_NO_PROOF: Final = Proof()
# what a named tuple does too, without a call of Python for each
_finding: Final = cast(Callable[[tuple[Any, ...]], Finding], partial(tuple.__new__, Finding))


def assess(procedure: Procedure, facts: Mapping[str, Any], on: date | None = None,
           engine: EngineName = "durable-rules") -> Assessment:
    """Check facts against the rules of a procedure.

    ``facts`` maps fact ids to canonical values (see `motcua.procedures.read_facts`); None and absent are
    unknown. ``on`` is the law date where the facts do not tell it. ``engine`` "durable-rules" is the answer of
    record, "conditions" the second opinion alone.

    Raises:
        InputError: the facts contradict each other, or the rules do not speak for the law date.
        RuleFault: ENG_006, rows of a decision contradict each other here; ENG_009, a term is no whole number of
            days or months, or below 0.
        EngineDisagreement: engine and second opinion differ; no answer is given.
        RulesetRefused: the law version may not be run in this engine.
    """
    if engine not in READERS:
        raise MotcuaError(Problem("ENG_007", {"engine": engine}))
    return _assess(procedure, facts, on, partial(_weigh, engine), READERS[engine])


def assess_weighed(procedure: Procedure, facts: Mapping[str, Any], weigh: Callable[[LawVersion], Weighed],
                   reader: str) -> Assessment:
    """The assessment of facts that another reader of the law has weighed.

    ``weigh`` gives what a law version says of these facts; it is asked for the version of the law date, and for the new
    one where a transitional clause chooses that. ``reader`` is the reader and its version, as the assessment shows it.
    Arguments and errors else as for `assess`.
    """
    def answer(ready: Prepared, _facts: Mapping[str, Any]) -> Answer:
        weighed = weigh(ready.version)
        return Answer(ready.version, weighed, _NO_PROOF, ready.reasons.leaves.truths(weighed.env))

    return _assess(procedure, facts, None, answer, reader)


def _assess(procedure: Procedure, facts: Mapping[str, Any], on: date | None,
            weigh: Callable[[Prepared, Mapping[str, Any]], Answer], reader: str) -> Assessment:
    frame = frame_of(procedure)
    known, not_asked = frame.intake.take(facts, on)
    day = known.get(procedure.law_at)
    if day is None:
        return _undated(procedure, reader)
    here = weigh(frame.version_on(day), known)
    clause = next((item for item in frame.transitional if item.between > day), None)
    evidence = Evidence(here, here, ())
    if clause is not None and here.weighed.moves[clause.id]:
        evidence = Evidence(here, weigh(frame.version_on(clause.between), known), clause.moves)
    return _Writer(frame, day, evidence, clause).write(reader, not_asked)


def _weigh(engine: EngineName, ready: Prepared, facts: Mapping[str, Any]) -> Answer:
    weighed = ready.scales.weigh(facts)
    if engine == "durable-rules":
        return Answer(ready.version, weighed, *ready.prover.prove(weighed))
    return Answer(ready.version, weighed, _NO_PROOF, ready.reasons.leaves.truths(weighed.env))


def _undated(procedure: Procedure, reader: str) -> Assessment:
    """Without its law date a case has no law: only that date is asked."""
    return Assessment(procedure.id, None, None, "undetermined", (), (), (procedure.law_at,), (), (),
                      dict.fromkeys(procedure.decisions), procedure.digest, reader)


class _Writer:
    """Writes an assessment: each part from the law version that decides it, with the texts of that law's day."""

    def __init__(self, frame: Frame, day: date, evidence: Evidence, clause: Transitional | None) -> None:
        self._frame = frame
        self._day = day
        self._evidence = evidence
        self._clause = clause
        self._ready = frame.version_on(day)
        self._texts = self._moved_texts = self._ready.texts(day)
        if clause is not None and evidence.moves:
            self._moved_texts = frame.version_on(clause.between).texts(clause.between)

    def write(self, engine: str, not_asked: frozenset[str]) -> Assessment:
        """The assessment by the reader named; facts that do not apply are ``not_asked``."""
        weighed, procedure = self._evidence.here.weighed, self._frame.procedure
        is_open = weighed.outcome == "undetermined"
        is_required = weighed.outcome != "not_required"
        applies, requirements = self._findings()
        return Assessment(
            procedure=procedure.id, law_date=self._day, law_version=self._ready.name, outcome=weighed.outcome,
            failed=_in_state("unmet", requirements) if is_required else (),
            undetermined=_in_state("unknown", requirements) if is_open and "unmet" not in weighed.states else (),
            missing=missing_facts(self._ready.version, weighed, not_asked) if is_open else (),
            requirements=requirements if is_required else (),
            document_details=self._documents() if is_required else (),
            decisions=self._decisions() if is_required else dict.fromkeys(procedure.decisions),
            rules=procedure.digest, engine=engine, transitional=self._choice(), applies=applies,
            evidence=self._evidence)

    def _findings(self) -> tuple[AppliesFinding | None, tuple[Finding, ...]]:
        weighed, applies = self._evidence.here.weighed, self._ready.version.applies
        because, because_required = self._ready.reasons.of_case(weighed, self._evidence.here.truths)
        ids, titles, cites = self._texts.requirements
        requirements = tuple(map(_finding, zip(ids, weighed.states, titles, cites, because, strict=True)))
        if applies is None:
            return None, requirements
        return AppliesFinding(applies.id, weighed.applies, applies.title, self._texts.applies,
                              because_required), requirements

    def _documents(self) -> tuple[DocumentFinding, ...]:
        answer, texts = self._law_of("documents")
        return tuple([by_state[needed] for by_state, needed in
                      zip(texts.documents, answer.weighed.documents, strict=True)])

    def _law_of(self, part: str) -> tuple[Answer, DayTexts]:
        if part in self._evidence.moves:
            return self._evidence.there, self._moved_texts
        return self._evidence.here, self._texts

    def _decisions(self) -> dict[str, DecisionResult | None]:
        decided = self._evidence.here.weighed.decided
        if self._evidence.moves:
            decided = {name: self._law_of(name)[0].weighed.decided[name] for name in self._frame.decisions}
        results: dict[str, DecisionResult | None] = {}
        for name, form in self._frame.decisions.items():
            found, results[name] = decided[name], None
            if found.conflict:
                raise RuleFault(_conflict(self._law_of(name)[0].version.decisions[name], found))
            if found.value is not None:
                cites = self._law_of(name)[1].rows[name]
                cite = (cites[found.rows[0]] if len(found.rows) == 1
                        else "; ".join(dict.fromkeys([cites[row] for row in found.rows])))
                due = self._due(form.term, decided) if form.term else None
                results[name] = DecisionResult(name, found.value, _shown(form, found.value), form.unit,
                                               form.term is not None, due, found.rows, cite)
        return results

    def _due(self, term: WholeTerm, decided: Mapping[str, Decided]) -> date | None:
        """The last day of the whole term; None while a part of it, or its start, is open."""
        first = term.starts_from
        start = self._evidence.here.weighed.env.get(first) if first is not None else None
        if start is None or not all(decided[name].settled for name, _ in term.parts):
            return None
        parts = [(name, decided[name].value, unit) for name, unit in term.parts if decided[name].value is not None]
        try:
            return _due_date(tuple([(value, unit) for _, value, unit in parts]), start)
        except InputError as error:
            shown = ", ".join(f"{name} = {value}" for name, value, _ in parts)
            raise RuleFault(Problem("ENG_009", {"term": shown})) from error

    def _choice(self) -> TransitionalChoice | None:
        if (clause := self._clause) is None:
            return None
        return TransitionalChoice(clause.id, "new" if self._evidence.moves else "old", clause.title,
                                  clause.citation.text if clause.citation else None, clause.between, clause.moves,
                                  self._frame.version_on(clause.between).name)


def _in_state(state: str, requirements: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple([finding.id for finding in requirements if finding.state == state])


def _shown(form: Answerable, value: Any) -> Any:
    if form.is_list:
        return [to_json(form.type, each) for each in value]
    # in the canonical unit whole numbers are shown as they are
    return value if value.__class__ in (str, int) else to_json(form.type, value)


@lru_cache(maxsize=4096)
def _due_date(counts: tuple[tuple[int, TermUnit], ...], start: date) -> date:
    return Term(tuple(TermPart(count, unit) for count, unit in counts)).due(start, default_calendar())


def _conflict(decision: Decision, found: Decided) -> Problem:
    given = [value for row, value in zip(decision.rows, found.given, strict=True) if row.id in found.rows]
    return Problem("ENG_006", {"decision": decision.title, "rows": ", ".join(found.rows),
                               "values": ", ".join(map(str, given))})
