"""`assess`: facts and a date in, an assessment out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from motcua.conditions import Type, to_json
from motcua.conditions.units import CANONICAL
from motcua.engine.assessment import (
    Answer,
    AppliesFinding,
    Assessment,
    DecisionResult,
    DocumentFinding,
    DocumentState,
    Evidence,
    Finding,
    TransitionalChoice,
)
from motcua.engine.evaluation import Decided
from motcua.engine.preparation import intake_of, prepared
from motcua.engine.proving import NAME
from motcua.engine.reasons import Reasons, missing_facts
from motcua.errors import MotcuaError, Problem, RuleFault
from motcua.law import Citation, Term, TermPart, TermUnit, default_calendar
from motcua.procedures import Decision, LawVersion, Procedure, Transitional
from motcua.version import __version__

EngineName = Literal["durable-rules", "conditions"]
READERS: Final[Mapping[str, str]] = {"durable-rules": NAME, "conditions": f"conditions {__version__}"}

_TERMS: Final = frozenset(get_args(TermUnit))
_DOCUMENT_STATES: Final[Mapping[bool | None, DocumentState]] = {True: "needed", False: "not_needed", None: "unknown"}


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
    known, not_asked = intake_of(procedure).take(facts, on)
    day = known.get(procedure.law_at)
    if day is None:
        return _undated(procedure, engine)
    here = _weigh(procedure.version_on(day), known, engine)
    clause = next((item for item in _by_date(procedure) if item.between > day), None)
    moved = clause if clause is not None and here.weighed.moves[clause.id] else None
    if moved is None:
        evidence = Evidence(here, here, ())
    else:
        evidence = Evidence(here, _weigh(procedure.version_on(moved.between), known, engine), moved.moves)
    return _Writer(procedure, day, engine, evidence, clause, not_asked).write()


def _weigh(version: LawVersion, facts: Mapping[str, Any], engine: EngineName) -> Answer:
    ready = prepared(version)
    weighed = ready.scales.weigh(facts)
    return Answer(version, weighed, ready.prover.prove(weighed) if engine == "durable-rules" else {})


def _by_date(procedure: Procedure) -> list[Transitional]:
    return sorted(procedure.transitional, key=lambda clause: clause.between)


def _undated(procedure: Procedure, engine: EngineName) -> Assessment:
    """Without its law date a case has no law: only that date is asked."""
    return Assessment(procedure.id, None, None, "undetermined", (), (), (procedure.law_at,), (), (),
                      dict.fromkeys(procedure.decisions), procedure.digest, READERS[engine])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the assessment from the answers of the law at receipt and of the law some parts moved to."""

    procedure: Procedure
    day: date
    engine: EngineName
    evidence: Evidence
    clause: Transitional | None
    not_asked: frozenset[str]

    def write(self) -> Assessment:
        version, weighed = self.evidence.here.version, self.evidence.here.weighed
        reasons = Reasons(version, weighed)
        required = weighed.outcome != "not_required"
        requirements = tuple(self._findings(reasons)) if required else ()
        is_open = weighed.outcome == "undetermined"
        may_change = is_open and "unmet" not in weighed.states
        return Assessment(
            procedure=self.procedure.id, law_date=self.day, law_version=str(version), outcome=weighed.outcome,
            failed=tuple([finding.id for finding in requirements if finding.state == "unmet"]),
            undetermined=tuple([f.id for f in requirements if f.state == "unknown"]) if may_change else (),
            missing=missing_facts(version, weighed, self.not_asked) if is_open else (),
            requirements=requirements,
            document_details=tuple(self._documents()) if required else (),
            decisions=self._decisions() if required else dict.fromkeys(self.procedure.decisions),
            rules=self.procedure.digest, engine=READERS[self.engine],
            transitional=self._choice(), applies=self._applies(reasons), evidence=self.evidence)

    def _findings(self, reasons: Reasons) -> Iterator[Finding]:
        answer = self.evidence.here
        for place, (requirement, state) in enumerate(
                zip(answer.version.requirements, answer.weighed.states, strict=True)):
            yield Finding(requirement.id, state, requirement.title, self._cite(requirement.citation, answer),
                          reasons.of_finding(requirement, state), answer.rules("requirement", place, state))

    def _documents(self) -> Iterator[DocumentFinding]:
        answer = self.evidence.answer_for("documents")
        for place, (document, needed) in enumerate(
                zip(answer.version.documents, answer.weighed.documents, strict=True)):
            yield DocumentFinding(document.id, _DOCUMENT_STATES[needed], document.title,
                                  self._cite(document.citation, answer), document.copies, document.form,
                                  answer.rules("document", place, needed))

    def _decisions(self) -> dict[str, DecisionResult | None]:
        answers = {name: self.evidence.answer_for(name) for name in self.procedure.decisions}
        decided = {name: answer.weighed.decided[name] for name, answer in answers.items()}
        for name, found in decided.items():
            if found.conflict:
                raise RuleFault(_conflict(answers[name].version.decisions[name], found))
        return {name: self._result(name, decided, answers[name]) for name in decided}

    def _result(self, name: str, decided: Mapping[str, Decided], answer: Answer) -> DecisionResult | None:
        found, decision = decided[name], answer.version.decisions[name]
        if found.value is None:
            return None
        type_ = replace(decision.type, unit=None)
        shown = ([to_json(type_, value) for value in found.value] if decision.hit == "collect"
                 else to_json(type_, found.value))
        cites = dict.fromkeys(self._cite(row.citation, answer) for row in decision.rows if row.id in found.rows)
        is_term = decision.type.kind in _TERMS and decision.hit != "collect"
        due = self._due(decision, decided) if is_term else None
        return DecisionResult(name, found.value, shown, _unit(decision.type), is_term, due, found.rows,
                              "; ".join(cites))

    def _due(self, decision: Decision, decided: Mapping[str, Decided]) -> date | None:
        """The last day of the whole term that a decision is part of; None while a part or the start is open."""
        parts = _chain(decision, self.procedure.decisions)
        first = parts[0].starts_from
        start = self.evidence.here.weighed.env.get(first) if first is not None else None
        if start is None or not all(decided[part.id].settled and part.hit != "collect" for part in parts):
            return None
        counts = tuple((decided[part.id].value, part.type.kind) for part in parts if decided[part.id].value is not None)
        return _due_date(counts, start)

    def _choice(self) -> TransitionalChoice | None:
        if (clause := self.clause) is None:
            return None
        return TransitionalChoice(clause.id, "new" if self.evidence.moves else "old", clause.title,
                                  clause.citation.text if clause.citation else None, clause.between, clause.moves,
                                  str(self.procedure.version_on(clause.between)))

    def _applies(self, reasons: Reasons) -> AppliesFinding | None:
        answer = self.evidence.here
        if (applies := answer.version.applies) is None:
            return None
        state = answer.weighed.applies
        return AppliesFinding(applies.id, state, applies.title, self._cite(applies.citation, answer) or None,
                              reasons.of(applies.when), answer.rules("applies", "applies", state))

    def _cite(self, citation: Citation | None, answer: Answer) -> str:
        """A citation as of the day whose law it is: only texts then in force."""
        if citation is None:
            return ""
        day = self.day if answer is self.evidence.here or self.clause is None else self.clause.between
        return citation.on(day, self.procedure.sources).text


def _unit(type_: Type) -> str | None:
    return CANONICAL.get(type_.kind)


def _conflict(decision: Decision, found: Decided) -> Problem:
    places = [place for place, row in enumerate(decision.rows) if row.id in found.rows]
    values = ", ".join(str(found.given[place]) for place in places)
    return Problem("ENG_006", {"decision": decision.title, "rows": ", ".join(found.rows), "values": values})


def _chain(decision: Decision, decisions: Mapping[str, Decision]) -> list[Decision]:
    """The parts of the term that ``decision`` belongs to, in the order in which they run."""
    parts = [decision]
    while parts[0].after is not None:
        parts.insert(0, decisions[parts[0].after])
    while (after := next((each for each in decisions.values() if each.after == parts[-1].id), None)) is not None:
        parts.append(after)
    return parts


@lru_cache(maxsize=4096)
def _due_date(counts: tuple[tuple[int, TermUnit], ...], start: date) -> date | None:
    return Term(tuple(TermPart(count, unit) for count, unit in counts)).due(start, default_calendar())
