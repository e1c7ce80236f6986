"""Which question comes next, how many there can be, and what no longer matters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from motcua.analysis.interview.certificates import Certificates
from motcua.engine import Assessment, assess
from motcua.procedures import LawVersion, Procedure

SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How an interview goes on: ``question`` is the fact to ask now, None where the outcome is settled or none helps.

    ``at_most`` questions can still come, whatever the answers are; ``can_matter`` are the facts they can be about, the
    next one first; ``no_longer_matter`` are the unknown facts that cannot change the outcome any more.
    """

    question: str | None
    can_matter: tuple[str, ...]
    no_longer_matter: tuple[str, ...]
    outcome: str
    at_most: int

    def to_json(self) -> dict[str, Any]:
        """The plan as pages and programs show it."""
        return {"outcome": self.outcome, "next_question": self.question, "at_most": self.at_most,
                "can_matter": list(self.can_matter), "no_longer_matter": list(self.no_longer_matter)}


def plan(procedure: Procedure, facts: Mapping[str, Any], asked: Collection[str] = (), *, exact: bool = False,
         seconds: float = SECONDS) -> Plan:
    """How to go on from these facts; ``asked`` were answered with "I do not know" and are not asked again.

    Facts are canonical values (see `motcua.procedures.read_facts`), None and absent are unknown. With ``exact``, and a
    solver installed, facts are left aside too that only all rules together show to be idle; ``seconds`` bound
    the proof for each. Three-valued evaluation alone finds nearly all of them.

    Raises:
        InputError: the facts contradict each other, or the rules do not speak for the law date.
    """
    assessment = assess(procedure, facts, engine="conditions")
    if assessment.law_date is None:
        return _undated(procedure, facts, asked)
    open_ = assessment.missing
    if exact and open_ and find_spec("z3") is not None:
        open_ = _without_idle(procedure, assessment, facts, seconds)
    return _plan(procedure, assessment, open_, facts, asked)


def next_question(procedure: Procedure, facts: Mapping[str, Any], asked: Collection[str] = ()) -> str | None:
    """The fact to ask next; None where the outcome is settled or nothing more can be asked. Raises as `plan`."""
    return plan(procedure, facts, asked).question


def no_longer_matter(procedure: Procedure, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The unknown facts that cannot change the outcome any more, in file order: exactly, where a solver is installed.

    Raises as `plan`.
    """
    return plan(procedure, facts, exact=True).no_longer_matter


def _without_idle(procedure: Procedure, assessment: Assessment, facts: Mapping[str, Any],
                  seconds: float) -> tuple[str, ...]:
    """The open facts that can matter; all of them where none is left, so that what is open gets its answer."""
    from motcua.analysis.interview.exact import idle  # loads the solver

    known = {**{name: value for name, value in facts.items() if value is not None},
             procedure.law_at: assessment.law_date}
    proved = idle(procedure, known, assessment.missing, seconds)
    return tuple(name for name in assessment.missing if name not in proved) or assessment.missing


def _plan(procedure: Procedure, assessment: Assessment, open_: Collection[str], facts: Mapping[str, Any],
          asked: Collection[str]) -> Plan:
    order = _order(procedure, assessment, [name for name in open_ if name not in asked])
    idle = tuple(name for name in procedure.facts
                 if facts.get(name) is None and name not in open_ and name != procedure.law_at)
    at_most = sum(name not in asked for name in assessment.missing)
    return Plan(order[0] if order else None, tuple(order), idle, assessment.outcome, at_most)


def _undated(procedure: Procedure, facts: Mapping[str, Any], asked: Collection[str]) -> Plan:
    """Without its law date a case has no law: that is asked, and whatever decides under any law may matter."""
    read = {procedure.law_at}
    for version in procedure.versions:
        read |= Certificates(version, {}).of_outcome()
    unknown = [name for name in procedure.facts if facts.get(name) is None]
    open_ = [procedure.law_at, *(name for name in unknown if name in read and name != procedure.law_at)]
    can_matter = tuple(name for name in open_ if name not in asked)
    idle = tuple(name for name in unknown if name not in read)
    question = procedure.law_at if procedure.law_at not in asked else None
    return Plan(question, can_matter if question else (), idle, "undetermined", len(can_matter) if question else 0)


def _order(procedure: Procedure, assessment: Assessment, open_: list[str]) -> list[str]:
    """What every eligible case needs comes first, the requirement that takes the fewest questions leading.

    While it is open whether the procedure is required at all, the order of the assessment stays: what decides
    that comes first. So it does for facts that only some cases need: most are never asked.
    """
    if len(open_) < 2 or assessment.evidence is None or _is_open(assessment):
        return open_
    here = assessment.evidence.here
    known = {name: value for name, value in here.weighed.env.items() if name in procedure.facts}
    needed = _needed(here.version, known, open_)
    return sorted(open_, key=lambda name: (needed.get(name, len(open_) + 1), open_.index(name)))


def _is_open(assessment: Assessment) -> bool:
    return assessment.applies is not None and assessment.applies.is_required is None


def _needed(version: LawVersion, known: Mapping[str, Any], open_: list[str]) -> dict[str, int]:
    """For each fact that no eligible case can do without: the fewest questions of a requirement that needs it."""
    certificates = Certificates(version, known)
    needed: dict[str, int] = {}
    for requirement in version.requirements:
        fewest = certificates.fewest(requirement)
        if not fewest:
            continue
        for name in open_:
            if certificates.indispensable(requirement, name):
                needed[name] = min(needed.get(name, len(open_)), len(fewest))
    return needed
