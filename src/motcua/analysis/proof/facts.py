"""Facts that never matter: whatever their value, no outcome, document, decision or due date is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import z3

from motcua.analysis.proof.closure import parts_of
from motcua.analysis.proof.ends import examine_bare_ends
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.words import DROP_FACT, said
from motcua.analysis.symbolic import TRUE, SymbolicAnswer, all_of, both, equal, negated, one_of
from motcua.law import Text
from motcua.procedures import Fact, LawVersion, Procedure

Bool = Any


def examine_facts(ground: Ground, tick: Callable[[], None] = lambda: None) -> None:
    """Judge every fact but the law date and the starts of terms."""
    procedure = ground.procedure
    needed = {procedure.law_at, *_starts(procedure)}
    told = {raw.subject for raw in ground.found if raw.kind == "unused_fact"}
    read = _read_somewhere(ground)
    outputs: dict[int, list[tuple[Bool, Any]]] = {}
    for fact in procedure.facts.values():
        tick()
        if fact.id in needed or fact.id in told:
            continue
        if fact.id not in read:
            _report(ground, fact, Text("Dữ kiện “{}” không được quy tắc nào dùng.", 'No rule uses the fact "{}".'))
        elif _never_matters(ground, fact, outputs):
            examine_bare_ends(ground, fact)
            _report(ground, fact, Text(
                "Dữ kiện “{}” có được dùng nhưng không bao giờ làm thay đổi kết quả.",
                'Rules read the fact "{}", but it never changes any answer.'))


def _starts(procedure: Procedure) -> Iterator[str]:
    yield from (decision.starts_from for decision in procedure.decisions.values() if decision.starts_from)


def _read_somewhere(ground: Ground) -> frozenset[str]:
    """Facts on which some answer rests, by the letter of the rules."""
    found: set[str] = set()
    for version in ground.procedure.versions:
        parts = [version.applies.when] if version.applies else []
        parts += [part for each in version.requirements for part in (each.must, each.when) if part]
        parts += [each.when for each in version.documents if each.when]
        tables = [part for decision in version.decisions.values() for part in parts_of(decision)]
        clauses = [clause.unless for clause in ground.procedure.transitional]
        found |= ground.closure(version).of(*parts, *tables, *clauses)
    return frozenset(found)


def _report(ground: Ground, fact: Fact, text: Text) -> None:
    version = ground.procedure.versions[0]
    ground.report(Raw("unused_fact", fact.id, version, fact.id, said(text.vi, text.en, fact.title), DROP_FACT, (fact,),
                      frozenset((fact.id,)), place=fact.place))


def _never_matters(ground: Ground, fact: Fact, outputs: dict[int, list[tuple[Bool, Any]]]) -> bool:
    """Whether in no law version two cases that differ in this fact alone have different answers."""
    symbols = ground.symbols
    other = [(constant, z3.FreshConst(constant.sort(), "other")) for constant in symbols.constants[fact.id]]
    if fact.id in symbols.given:
        other.append((symbols.given[fact.id], z3.FreshConst(z3.BoolSort(), "other")))
    possible = [z3.substitute(each, *other) for each in symbols.domain]
    possible = [each for each, same in zip(possible, symbols.domain, strict=True) if not each.eq(same)]
    for version in reversed(ground.procedure.versions):
        if id(version) not in outputs:
            outputs[id(version)] = list(_outputs(ground, SymbolicAnswer(symbols, version, ground.view), version))
        differs = one_of(_differs(both_of, other) for both_of in outputs[id(version)])
        if z3.is_false(differs):
            continue
        answer = ground.search(version).possible(all_of(possible), differs)
        if answer is None:
            ground.give_up("unused_fact", fact.id, version)
        if answer is not False:
            return False
    return True


def _differs(output: tuple[Bool, Any], other: list[tuple[Any, Any]]) -> Bool:
    """Whether an output is known in one of the two cases only, or has two values."""
    known, value = output
    known_too, value_too = z3.substitute(known, *other), _put(value, other)
    same_value = equal(value, value_too)
    if known.eq(known_too):
        return both(known, negated(same_value))
    return negated(both(equal(known, known_too), z3.Implies(known, same_value)))


def _put(value: Any, other: list[tuple[Any, Any]]) -> Any:
    if isinstance(value, tuple):
        return tuple(z3.substitute(each, *other) for each in value)
    return z3.substitute(value, *other)


def _outputs(ground: Ground, answer: SymbolicAnswer, version: LawVersion) -> Iterator[tuple[Bool, Any]]:
    """Everything an assessment answers: whether it is known, and what it is."""
    required = TRUE if id(version) in ground.always_required else negated(answer.outcome("not_required"))
    yield TRUE, required
    yield TRUE, answer.here.applies.true
    # not the outcome: a requirement that is odd by itself would hide what the others answer
    for place in range(len(version.requirements)):
        yield from ((TRUE, both(required, held)) for held in answer.here.state(place))
    laws = {id(law.law_version): law.law_version for _, law in answer.ways("documents")}
    names = dict.fromkeys(document.id for law in laws.values() for document in law.documents)
    yield from ((TRUE, both(required, answer.document(name).true)) for name in names)
    for name, decision in version.decisions.items():
        if decision.hit == "collect":
            yield from ((TRUE, both(required, held)) for held in answer.collected(name).values())
        else:
            value = answer.value(name)
            yield both(required, value.known), value.value
            yield TRUE, both(required, answer.conflict(name))
