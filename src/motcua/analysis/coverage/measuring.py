"""Which goals a case shows: its assessment, looked at through the lens of the law versions that decided it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from motcua.analysis.coverage.lens import (
    HERE,
    SEES_APPLIES,
    SEES_DOCUMENTS,
    SEES_FINDINGS,
    Plan,
    sees_clause,
    sees_decision,
)
from motcua.engine import Assessment, assess


class Case(NamedTuple):
    """What a case shows: the keys of goals, its law version (None where its law date is unknown), its outcome."""

    shown: frozenset[str]
    law_version: str | None
    outcome: str


def look_at(plan: Plan, facts: Mapping[str, Any]) -> Case:
    """What facts show, as canonical values.

    Raises:
        MotcuaError: the rules give no answer to these facts.
    """
    assessment = assess(plan.procedure, facts, engine="conditions")
    return Case(frozenset(_shown(plan, assessment)), assessment.law_version, assessment.outcome)


def _shown(plan: Plan, assessment: Assessment) -> set[str]:
    evidence = assessment.evidence
    if evidence is None or assessment.law_version is None:
        return set()
    here, moved = evidence.here, frozenset(evidence.moves)
    clause = assessment.transitional.id if assessment.transitional else None
    is_required = assessment.applies is None or assessment.applies.is_required is True
    flags = flags_of(plan, moved, is_required, clause)
    shown = set(plan.lenses[assessment.law_version].shown({**here.weighed.env, **flags}))
    if moved:
        there, flags = evidence.there, flags_there(plan, moved, is_required)
        shown.update(plan.lenses[str(there.version)].shown({**there.weighed.env, **flags}))
    return shown


def flags_of(plan: Plan, moved: frozenset[str], is_required: bool, clause: str | None) -> dict[str, bool]:
    """What an assessment shows of the law version of its day; ``moved`` is shown from another one."""
    flags = {SEES_APPLIES: True, SEES_FINDINGS: is_required, HERE: True,
             SEES_DOCUMENTS: is_required and "documents" not in moved}
    flags.update((sees_decision(name), is_required and name not in moved) for name in plan.procedure.decisions)
    flags.update((sees_clause(each.id), each.id == clause) for each in plan.procedure.transitional)
    return flags


def flags_there(plan: Plan, moved: frozenset[str], is_required: bool) -> dict[str, bool]:
    """What an assessment shows of the law version to which a transitional clause moved some of it."""
    flags = {SEES_APPLIES: False, SEES_FINDINGS: False, HERE: False,
             SEES_DOCUMENTS: is_required and "documents" in moved}
    flags.update((sees_decision(name), is_required and name in moved) for name in plan.procedure.decisions)
    flags.update((sees_clause(each.id), False) for each in plan.procedure.transitional)
    return flags
