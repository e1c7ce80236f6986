"""Transitional clauses by which no dossier, or every one, follows the later law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from motcua.analysis.proof.closure import Part, parts_of
from motcua.analysis.proof.findings import Condition
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.roots import of_facts, why
from motcua.analysis.proof.words import CHANGE_IT, plain, said
from motcua.analysis.symbolic import both
from motcua.law import Text, in_figures
from motcua.procedures import LawVersion, Transitional

_NEVER = Text("Quy định chuyển tiếp “{}” không cho hồ sơ nào theo luật mới: không hồ sơ nào nhận trước {} đáp ứng điều "
              "kiện chọn (unless).",
              'The transitional clause "{}" lets no dossier follow the later law: none received before {} meets its '
              "condition (unless).")
_ALWAYS = Text("Quy định chuyển tiếp “{}” cho mọi hồ sơ nhận trước {} theo luật mới: điều kiện chọn (unless) "
               "luôn đúng.",
               'The transitional clause "{}" lets every dossier received before {} follow the later law: its '
               "condition (unless) is always true.")


def examine_clauses(ground: Ground) -> None:
    """Judge every clause over all dossiers that come under it."""
    for clause in ground.procedure.transitional:
        if clause.unless.names:
            _judge(ground, clause)


def _judge(ground: Ground, clause: Transitional) -> None:
    answers: set[bool | None] = set()
    under: list[LawVersion] = []
    for version in ground.procedure.versions:
        view, search = ground.symbols.version(version), ground.search(version)
        basis = both(ground.required(version), view.under(clause))
        if search.possible(basis) is not False:
            under.append(version)
            found = search.reach({True: view.moves(clause).true, False: view.moves(clause).false}, basis)
            answers |= {way if answer else None for way, answer in found.items() if answer is not False}
    if None in answers:
        ground.give_up("constant", clause.id, under[0])
    elif len(answers) == 1:
        for version in under:
            _report(ground, clause, version, True in answers)


def _report(ground: Ground, clause: Transitional, version: LawVersion, is_chosen: bool) -> None:
    text = _ALWAYS if is_chosen else _NEVER
    ground.report(Raw(
        "constant", clause.id, version, id(clause),
        said(text.vi, text.en, clause.title, plain(in_figures(clause.between))), CHANGE_IT, (clause,),
        ground.closure(version).of(clause.unless, *(_left_behind(clause, version) if is_chosen else ())),
        why(ground, version, [(of_facts(ground), clause.unless, not is_chosen)], _before(ground, clause)),
        cite=clause.citation.text if clause.citation else "", place=clause.place))


def _left_behind(clause: Transitional, version: LawVersion) -> Iterator[Part]:
    """What the law reads that no dossier follows any more."""
    for name in clause.moves:
        if name in version.decisions:
            yield from parts_of(version.decisions[name])
    if "documents" in clause.moves:
        yield from (document.when for document in version.documents)


def _before(ground: Ground, clause: Transitional) -> tuple[Any, Condition]:
    """That the dossier was received before the day of the clause."""
    law_at = ground.procedure.facts[ground.procedure.law_at]
    words = said("“{}” trước {}", '"{}" is before {}', law_at.title, plain(in_figures(clause.between)))
    return (ground.symbols.law_date < clause.between.toordinal(),
            Condition(f'{law_at.id} < date("{clause.between}")', words))
