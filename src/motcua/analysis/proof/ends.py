"""Requirements that can be met only at the very end of what a number can be, as where a budget is 0.

Such a requirement is asked about only where a fact that it reads turned out never to matter: then it is the reason. A
rule that honestly wants a number to be 0 makes no fact useless.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Answered, Question, Raw
from motcua.analysis.proof.requirements import required_parts
from motcua.analysis.proof.roots import why
from motcua.analysis.proof.words import CHANGE_IT, said
from motcua.analysis.symbolic import negated
from motcua.engine import Assessment
from motcua.procedures import Fact, LawVersion


def examine_bare_ends(ground: Ground, idle: Fact) -> None:
    """Report the requirements that can be met at an end alone, for which the fact ``idle`` does not matter."""
    told = {(id(raw.version), raw.item) for raw in ground.found if raw.kind == "never_met"}
    for version in ground.procedure.versions:
        for place, requirement in enumerate(version.requirements):
            reads = ground.closure(version).of(requirement.must)
            if idle.id not in reads or (id(version), id(requirement)) in told:
                continue
            only = (end for end in _ends(ground, reads - {idle.id}) if _only_at(ground, version, place, *end))
            for fact, bound in islice(only, 1):
                _report(ground, version, place, fact, bound)


def _ends(ground: Ground, reads: frozenset[str]) -> Iterator[tuple[Fact, Any]]:
    """The facts among the names that are bounded numbers, with either bound."""
    for name, fact in ground.procedure.facts.items():
        if name in reads:
            yield from ((fact, bound) for bound in (fact.min, fact.max) if bound is not None)


def _only_at(ground: Ground, version: LawVersion, place: int, fact: Fact, bound: Any) -> bool:
    """Whether a requirement can be met where the fact has this value, and nowhere else."""
    view, search, required = ground.view(version), ground.search(version), ground.required(version)
    met, is_bound = (view.when[place].true, view.must[place].true), ground.symbols.is_value(fact.id, bound)
    return search.possible(required, *met) is True and search.possible(required, *met, negated(is_bound)) is False


def _report(ground: Ground, version: LawVersion, place: int, fact: Fact, bound: Any) -> None:
    requirement, closure = version.requirements[place], ground.closure(version)
    wanted = [(ground.view(version).truth, each, True) for each in (requirement.when, requirement.must) if each]
    met = ground.symbols.version(version).state(place).met
    elsewhere = (negated(ground.symbols.is_value(fact.id, bound)), ground.words.other_than(fact, bound))

    def shown(answer: Answered) -> bool:
        return isinstance(answer, Assessment) and any(
            found.id == requirement.id and found.state == "met" for found in answer.requirements)

    ground.report(Raw(
        "never_met", requirement.id, version, id(requirement),
        said("Điều kiện “{}” không bao giờ đạt, trừ khi {}.", 'The requirement "{}" can never be met, except where {}.',
             requirement.title, ground.words.facts({fact.id: bound})),
        CHANGE_IT, tuple(each for each in ground.procedure.requirements if each.id == requirement.id),
        closure.of(requirement.must, requirement.when),
        why(ground, version, wanted, elsewhere, *required_parts(ground, version)),
        Question(version, (ground.answerable(version), met), shown, met),
        cite=requirement.citation.text if requirement.citation else "", place=requirement.place))
