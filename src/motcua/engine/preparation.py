"""What is computed once: for a procedure which facts apply, for a law version its scales, clauses and texts.

Everything is made when first needed and kept with the procedure itself, one per process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar, cast, get_args

from motcua.conditions import CANONICAL_UNITS, CompiledGroups, Type, compile_expressions, compile_groups
from motcua.engine.assessment import DocumentFinding, DocumentState
from motcua.engine.durable import ForkSafeLock
from motcua.engine.evaluation import Scales
from motcua.engine.proving import Prover, RulesetRefused
from motcua.engine.reasons import Reasons
from motcua.errors import InputError, Place, Problem
from motcua.law import Citation, Sources, TermUnit, Text, did_you_mean
from motcua.procedures import (
    Applies,
    Decision,
    Document,
    LawVersion,
    Procedure,
    Requirement,
    Row,
)

Made = TypeVar("Made")

DAYS_KEPT: Final = 400

_DOCUMENT_STATES: Final[Mapping[bool | None, DocumentState]] = {True: "needed", False: "not_needed", None: "unknown"}
_TERMS: Final = frozenset(get_args(TermUnit))
_CONDITION: Final = "when "  # no fact id holds a space, so these keys never stand for a fact

_making = ForkSafeLock()


def once(owner: object, name: str, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, made once for ``owner`` and kept in it, whichever thread asks first."""
    kept = vars(owner)
    if name not in kept:
        with _making:
            if name not in kept:
                kept[name] = make()
    found: Made = kept[name]
    return found


class Intake:
    """Which of the given facts apply, and whether they can all be true together."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._names = frozenset(procedure.facts)
        self._conditions = _levels(procedure)
        self._always = compile_expressions({rule.id: rule.holds for rule in procedure.always})

    def take(self, given: Mapping[str, Any], on: date | None) -> tuple[dict[str, Any], frozenset[str]]:
        """The known facts that apply, and the ids of those that do not apply.

        ``on`` stands for the law date where the facts do not tell it.

        Raises:
            InputError: ENG_001, facts that no real case has; ENG_008, a fact the procedure does not know.
        """
        facts = {name: value for name, value in given.items() if value is not None}
        if not self._names.issuperset(facts):
            unknown = sorted(facts.keys() - self._names)
            raise InputError(_unknown_fact(name, self._procedure) for name in unknown)
        if on is not None:
            facts.setdefault(self._procedure.law_at, on)
        dropped: set[str] = set()
        for names, read in self._conditions:
            without = [name for name, applies in zip(names, read(facts)[0], strict=True) if applies is False]
            dropped.update(without)
            for name in without:
                facts.pop(name, None)
        self._check_always(facts)
        return facts, frozenset(dropped)

    def _check_always(self, facts: Mapping[str, Any]) -> None:
        if self._procedure.always and False in (holds := self._always(facts)).values():
            broken = [rule for rule in self._procedure.always if holds[rule.id] is False]
            raise InputError(Problem("ENG_001", {"rule": rule.title}, Place(field=rule.id)) for rule in broken)


def _unknown_fact(name: str, procedure: Procedure) -> Problem:
    return Problem("ENG_008", {"name": name, "hint": did_you_mean(name, procedure.facts)}, Place(field=name))


def _levels(procedure: Procedure) -> list[tuple[tuple[str, ...], CompiledGroups]]:
    """The conditions of facts, those first on which others rest: a fact that does not apply is unknown to them."""
    waiting = {fact.id: fact.when for fact in procedure.facts.values() if fact.when is not None}
    levels: list[tuple[tuple[str, ...], CompiledGroups]] = []
    while waiting:
        ready = {name: when for name, when in waiting.items() if not when.names & waiting.keys()}
        conditions = {_CONDITION + name: when for name, when in ready.items()}
        levels.append((tuple(ready), compile_groups(conditions, [list(conditions)])))
        waiting = {name: when for name, when in waiting.items() if name not in ready}
    return levels


class Headings(NamedTuple):
    """What an assessment says of the requirements in any case: their ids, texts, and citations as of the day."""

    ids: tuple[str, ...]
    titles: tuple[Text, ...]
    cites: tuple[str, ...]


class DayTexts(NamedTuple):
    """The fixed texts of a law version on one day: citations hold only texts then in force."""

    applies: str | None
    requirements: Headings
    documents: tuple[Mapping[bool | None, DocumentFinding], ...]
    rows: Mapping[str, Mapping[str, str]]


class Prepared:
    """A law version made ready for both readers; ``name`` is its interval in words."""

    def __init__(self, version: LawVersion) -> None:
        self.version = version
        self.name = str(version)
        self.scales = Scales(version)
        self.reasons = Reasons(version)
        self._days: dict[date, DayTexts] = {}
        self._lock = ForkSafeLock()
        self._prover: Prover | None = None
        self._refused: tuple[Problem, ...] | None = None

    @property
    def prover(self) -> Prover:
        """Its clauses in durable-rules, made when first asked for.

        Raises:
            RulesetRefused: see `Prover`; once refused it stays so in this process, without another trial.
        """
        if self._prover is None:
            # a lock of its own: a trial takes its time, and other laws go on meanwhile
            with self._lock:
                if self._refused is not None:
                    raise RulesetRefused(self._refused)
                if self._prover is None:
                    self._prover = self._prove()
        return self._prover

    def _prove(self) -> Prover:
        try:
            return Prover(self.version, self.reasons.leaves)
        except RulesetRefused as error:
            self._refused = error.problems
            raise

    def texts(self, day: date) -> DayTexts:
        """The fixed texts of a day, which many dossiers share."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = self._texts(day)
        return found

    def _texts(self, day: date) -> DayTexts:
        version = self.version
        cites = {id(part): _cite(part.citation, day, version.procedure.sources) for part in _cited(version)}
        return DayTexts(
            (cites[id(version.applies)] or None) if version.applies else None,
            Headings(tuple(item.id for item in version.requirements),
                     tuple(item.title for item in version.requirements),
                     tuple(cites[id(item)] for item in version.requirements)),
            tuple({needed: DocumentFinding(item.id, state, item.title, cites[id(item)], item.copies, item.form)
                   for needed, state in _DOCUMENT_STATES.items()} for item in version.documents),
            {name: {row.id: cites[id(row)] for row in decision.rows} for name, decision in version.decisions.items()})


def _cited(version: LawVersion) -> Iterator[Applies | Requirement | Document | Row]:
    if version.applies is not None:
        yield version.applies
    yield from version.requirements
    yield from version.documents
    for decision in version.decisions.values():
        yield from decision.rows


def _cite(citation: Citation | None, day: date, sources: Sources) -> str:
    return "" if citation is None else citation.on(day, sources).text


class WholeTerm(NamedTuple):
    """The whole term that a decision is part of: decisions and their units in the order in which they run."""

    parts: tuple[tuple[str, TermUnit], ...]
    starts_from: str | None


class Answerable(NamedTuple):
    """How a decision's value is shown: its type in the canonical unit, and the term it is part of."""

    type: Type
    unit: str | None
    is_list: bool
    term: WholeTerm | None


def _answerable(decision: Decision, decisions: Mapping[str, Decision]) -> Answerable:
    type_ = replace(decision.type, unit=None)
    return Answerable(type_, CANONICAL_UNITS.get(type_.kind), decision.hit == "collect", _term(decision, decisions))


def _term(decision: Decision, decisions: Mapping[str, Decision]) -> WholeTerm | None:
    """None where the decision is no term, or one of its parts collects several values."""
    parts = [decision]
    while parts[0].after is not None:
        parts.insert(0, decisions[parts[0].after])
    while (after := next((each for each in decisions.values() if each.after == parts[-1].id), None)) is not None:
        parts.append(after)
    if any(part.type.kind not in _TERMS or part.hit == "collect" for part in parts):
        return None
    return WholeTerm(tuple((part.id, cast(TermUnit, part.type.kind)) for part in parts), parts[0].starts_from)


class Frame:
    """What is the same in all law versions of a procedure, and the version of each day."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.intake = Intake(procedure)
        self.transitional = tuple(sorted(procedure.transitional, key=lambda clause: clause.between))
        self.decisions = {name: _answerable(decision, procedure.decisions)
                          for name, decision in procedure.decisions.items()}
        self._days: dict[date, Prepared] = {}

    def version_on(self, day: date) -> Prepared:
        """The law version of a day, made ready; InputError where the rules do not speak for it."""
        found = self._days.get(day)
        if found is None:
            version = self.procedure.version_on(day)
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = prepared(version)
        return found


def frame_of(procedure: Procedure) -> Frame:
    """The frame of a procedure."""
    return once(procedure, "_motcua_frame", lambda: Frame(procedure))


def prepared(version: LawVersion) -> Prepared:
    """The law version made ready."""
    return once(version, "_motcua_prepared", lambda: Prepared(version))
