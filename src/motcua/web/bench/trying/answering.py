"""What the rules say of a case, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from motcua import engine
from motcua.errors import InputError, RuleFault
from motcua.procedures import Procedure
from motcua.web.site.assessments import ShownAssessment, Words, show_assessment
from motcua.web.site.languages import _

#: State of a condition or row in the proof → its word.
TRUTHS: Mapping[Any, Any] = {
    True: _("true"),
    False: _("false"),
    None: _("unknown"),
    "holds": _("this row"),
    "passed_over": _("true, but another row goes first"),
}


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A node of the proof: its wording, whether it holds, the values it read, the engine's rules that fired."""

    title: str
    word: Any
    is_open: bool
    text: str
    values: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    children: tuple[ShownReason, ...]


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """A document that the facts spare the applicant."""

    id: str
    title: str
    citation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say of the case: the assessment in words and its proof.

    ``clause`` and ``applies`` are what the transitional choice and the need for the procedure rest on; ``moved``
    the decisions (and "documents") taken from the new law.
    ``refused`` tells why there is none for facts that no real case has, ``faults`` why the rules cannot answer.
    """

    assessment: engine.Assessment | None = None
    shown: ShownAssessment | None = None
    proof: Mapping[tuple[str, str], tuple[ShownReason, ...]] = field(default_factory=dict)
    not_needed: tuple[NotNeeded, ...] = ()
    moved: tuple[str, ...] = ()
    clause: str = ""
    applies: str = ""
    refused: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def answer_of(procedure: Procedure, facts: Mapping[str, Any], lang: str) -> Answer:
    """Assess the facts; facts that no real case has, and rules that contradict themselves or cannot run, are told.

    Readers of the law that disagree are an error of ours, as everywhere.
    """
    try:
        assessment = engine.assess(procedure, facts)
    except InputError as error:
        return Answer(refused=tuple(problem.message(lang) for problem in error.problems))
    except (RuleFault, engine.RulesetRefused) as error:
        return Answer(faults=tuple(problem.message(lang) for problem in error.problems))
    words = Words(procedure, lang)
    proof: dict[tuple[str, str], tuple[ShownReason, ...]] = {
        (reason.kind, reason.id): tuple(_shown(child, words) for child in reason.children)
        for reason in engine.explain(assessment).children}
    spared = tuple(NotNeeded(each.id, each.title.get(lang), words.citation(each.cite))
                   for each in assessment.document_details if each.state == "not_needed")
    choice = assessment.transitional
    moved = choice.moves if choice is not None and choice.chosen == "new" else ()
    return Answer(assessment, show_assessment(assessment.to_json(), procedure, lang), proof, spared, moved,
                  clause=words.citation(choice.cite) if choice else "",
                  applies=words.citation(assessment.applies.cite) if assessment.applies else "")


def _shown(reason: engine.Reason, words: Words) -> ShownReason:
    facts = words.procedure.facts if words.procedure else {}
    values = tuple((words.title(name), words.value(name, value))
                   for name, value in reason.values.items() if name in facts)
    return ShownReason(reason.title.get(words.lang), TRUTHS.get(reason.state), reason.state is None, reason.text,
                       values, reason.rules, tuple(_shown(child, words) for child in reason.children))
