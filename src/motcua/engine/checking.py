"""`assess`: facts and a date in, an assessment out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal

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
from motcua.engine.evaluation import Decided
from motcua.engine.preparation import Answerable, DayTexts, Frame, WholeTerm, frame_of, prepared
from motcua.engine.proving import NAME, Proof
from motcua.engine.reasons import missing_facts
from motcua.errors import MotcuaError, Problem, RuleFault
from motcua.law import Term, TermPart, TermUnit, default_calendar
from motcua.procedures import Decision, LawVersion, Procedure, Transitional
from motcua.version import __version__

EngineName = Literal["durable-rules", "conditions"]
READERS: Final[Mapping[str, str]] = {"durable-rules": NAME, "conditions": f"conditions {__version__}"}

_NO_PROOF: Final = Proof()


def assess(procedure: Procedure, facts: Mapping[str, Any], on: date | None = None,
           engine: EngineName = "durable-rules") -> Assessment:
    """Check facts against the rules of a procedure.

    ``facts`` maps fact ids to canonical values (see `motcua.procedures.read_facts`); None and absent are
    unknown. ``on`` is the law date where the facts do not tell it. ``engine`` "durable-rules" is the answer of
    record, "conditions" the second opinion alone.

    Raises:
        InputError: the facts contradict each other, or the rules do not speak for the law date.
        RuleFault: ENG_006, rows of a decision that contradict each other here.
        EngineDisagreement: engine and second opinion differ; no answer is given.
        RulesetRefused: the law version may not be run in this engine.
    """
    if engine not in READERS:
        raise MotcuaError(Problem("ENG_007", {"engine": engine}))
    frame = frame_of(procedure)
    known, not_asked = frame.intake.take(facts, on)
    day = known.get(procedure.law_at)
    if day is None:
        return _undated(procedure, engine)
    here = _weigh(procedure.version_on(day), known, engine)
    clause = next((item for item in frame.transitional if item.between > day), None)
    evidence = Evidence(here, here, ())
    if clause is not None and here.weighed.moves[clause.id]:
        evidence = Evidence(here, _weigh(procedure.version_on(clause.between), known, engine), clause.moves)
    return _write(frame, day, engine, evidence, clause, not_asked)


def _weigh(version: LawVersion, facts: Mapping[str, Any], engine: EngineName) -> Answer:
    ready = prepared(version)
    weighed = ready.scales.weigh(facts)
    return Answer(version, weighed, ready.prover.prove(weighed) if engine == "durable-rules" else _NO_PROOF)


def _undated(procedure: Procedure, engine: EngineName) -> Assessment:
    """Without its law date a case has no law: only that date is asked."""
    return Assessment(procedure.id, None, None, "undetermined", (), (), (procedure.law_at,), (), (),
                      dict.fromkeys(procedure.decisions), procedure.digest, READERS[engine])


def _write(frame: Frame, day: date, engine: EngineName, evidence: Evidence, clause: Transitional | None,
           not_asked: frozenset[str]) -> Assessment:
    answer = evidence.here
    version, weighed, procedure = answer.version, answer.weighed, answer.version.procedure
    is_open = weighed.outcome == "undetermined"
    is_required = weighed.outcome != "not_required"
    applies, requirements = _findings(answer, day)
    moved_day = clause.between if clause is not None and evidence.moves else day
    return Assessment(
        procedure=procedure.id, law_date=day, law_version=str(version), outcome=weighed.outcome,
        failed=_in_state("unmet", requirements) if is_required else (),
        undetermined=_in_state("unknown", requirements) if is_open and "unmet" not in weighed.states else (),
        missing=missing_facts(version, weighed, not_asked) if is_open else (),
        requirements=requirements if is_required else (),
        document_details=_documents(evidence, day, moved_day) if is_required else (),
        decisions=(_decisions(frame, evidence, day, moved_day) if is_required
                   else dict.fromkeys(procedure.decisions)),
        rules=procedure.digest, engine=READERS[engine],
        transitional=None if clause is None else _choice(clause, bool(evidence.moves), procedure),
        applies=applies, evidence=evidence)


def _in_state(state: str, requirements: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple([finding.id for finding in requirements if finding.state == state])


def _findings(answer: Answer, day: date) -> tuple[AppliesFinding | None, tuple[Finding, ...]]:
    ready, env = prepared(answer.version), answer.weighed.env
    reasons, texts = ready.reasons, ready.texts(day)
    truths = reasons.truths(answer.weighed)
    requirements = tuple([
        Finding(heading.id, state, heading.title, heading.cite, reasons.of(questions[state], truths, env))
        for heading, state, questions in zip(texts.requirements, answer.weighed.states, reasons.by_state, strict=True)])
    if (applies := answer.version.applies) is None:
        return None, requirements
    because = reasons.of(reasons.applies, truths, env)
    return AppliesFinding(applies.id, answer.weighed.applies, applies.title, texts.applies, because), requirements


def _documents(evidence: Evidence, day: date, moved_day: date) -> tuple[DocumentFinding, ...]:
    answer = evidence.answer_for("documents")
    texts = _texts(answer, evidence, day, moved_day)
    return tuple([by_state[needed] for by_state, needed in
                  zip(texts.documents, answer.weighed.documents, strict=True)])


def _texts(answer: Answer, evidence: Evidence, day: date, moved_day: date) -> DayTexts:
    """The texts of the day whose law an answer is: citations hold only what is then in force."""
    return prepared(answer.version).texts(day if answer is evidence.here else moved_day)


def _decisions(frame: Frame, evidence: Evidence, day: date, moved_day: date) -> dict[str, DecisionResult | None]:
    answers = {name: evidence.answer_for(name) for name in frame.decisions}
    decided = {name: answer.weighed.decided[name] for name, answer in answers.items()}
    results: dict[str, DecisionResult | None] = {}
    for name, found in decided.items():
        if found.conflict:
            raise RuleFault(_conflict(answers[name].version.decisions[name], found))
        if found.value is None:
            results[name] = None
            continue
        form = frame.decisions[name]
        cites = _texts(answers[name], evidence, day, moved_day).rows[name]
        cite = "; ".join(dict.fromkeys([cites[row] for row in found.rows]))
        due = _due(form.term, decided, evidence.here.weighed.env) if form.term else None
        results[name] = DecisionResult(name, found.value, _shown(form, found.value), form.unit,
                                       form.term is not None, due, found.rows, cite)
    return results


def _shown(form: Answerable, value: Any) -> Any:
    if form.is_list:
        return [to_json(form.type, each) for each in value]
    return value if value.__class__ is str else to_json(form.type, value)


def _due(term: WholeTerm, decided: Mapping[str, Decided], env: Mapping[str, Any]) -> date | None:
    """The last day of the whole term; None while a part of it, or its start, is open."""
    start = env.get(term.starts_from) if term.starts_from is not None else None
    if start is None or not all([decided[name].settled for name, _ in term.parts]):
        return None
    return _due_date(tuple([(decided[name].value, unit) for name, unit in term.parts
                            if decided[name].value is not None]), start)


@lru_cache(maxsize=4096)
def _due_date(counts: tuple[tuple[int, TermUnit], ...], start: date) -> date:
    return Term(tuple(TermPart(count, unit) for count, unit in counts)).due(start, default_calendar())


def _conflict(decision: Decision, found: Decided) -> Problem:
    given = [value for row, value in zip(decision.rows, found.given, strict=True) if row.id in found.rows]
    return Problem("ENG_006", {"decision": decision.title, "rows": ", ".join(found.rows),
                               "values": ", ".join(map(str, given))})


def _choice(clause: Transitional, is_new: bool, procedure: Procedure) -> TransitionalChoice:
    return TransitionalChoice(clause.id, "new" if is_new else "old", clause.title,
                              clause.citation.text if clause.citation else None, clause.between, clause.moves,
                              str(procedure.version_on(clause.between)))
