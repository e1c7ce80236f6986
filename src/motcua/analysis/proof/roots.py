"""What must be known before rules are judged: facts never asked, constant conclusions, whether anything is required."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import z3

from motcua.analysis.proof.findings import Condition
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.words import CHANGE_IT, CHANGE_WHEN, said
from motcua.analysis.symbolic import Truth, Value, both, negated
from motcua.conditions import Expression, Not, Ref, atoms
from motcua.law import Text, quoted
from motcua.procedures import Always, Fact, LawVersion

Bool = Any
Part = tuple[Bool, Condition]
Reader = Callable[[Expression], Truth]


def examine_roots(ground: Ground) -> None:
    """Judge facts, conclusions and ``applies`` of every law version, and set aside what is reported."""
    possible = [version for version in ground.procedure.versions if _is_possible(ground, version)]
    if possible:
        _facts_never_asked(ground)
        _facts_left_no_choice(ground)
    for version in possible:
        _conclusions(ground, version)
        _applies(ground, version)


def _is_possible(ground: Ground, version: LawVersion) -> bool:
    """Whether the rules under ``always`` leave any case."""
    possible = ground.search(version).possible()
    if possible is None:
        ground.give_up("contradiction", "always", version)
    if possible is not False:
        return True
    parts = [(holds, rule) for holds, rule in zip(ground.symbols.always, ground.procedure.always, strict=True)]
    core = ground.search(version, always=False).core(parts)
    ground.report(Raw(
        "contradiction", "+".join(rule.id for rule in core), version, tuple(rule.id for rule in core),
        Text("Các quy tắc ở mục always không thể cùng đúng: không trường hợp nào được chấp nhận.",
             "The rules under always cannot hold together: no case would be accepted."),
        CHANGE_IT, tuple(core), frozenset(), tuple(_of_always(rule) for rule in core),
        place=core[0].place if core else None))
    return False


def _of_always(rule: Always) -> Condition:
    return Condition(rule.holds.show(), rule.title)


def _facts_never_asked(ground: Ground) -> None:
    guarded = {fact.id: fact for fact in ground.procedure.facts.values() if fact.when is not None}
    asked = ground.search(None).reach({name: ground.symbols.fact(name).known for name in guarded})
    for name in _those_first_on_which_others_rest(ground, guarded):
        fact = guarded[name]
        if asked[name] is None:
            ground.give_up("unused_fact", name, ground.procedure.versions[0])
        if asked[name] is not False or any(asked[other] is False for other in _others(fact, guarded)):
            continue
        assert fact.when is not None
        ground.report(Raw(
            "unused_fact", name, ground.procedure.versions[0], name,
            said("Dữ kiện “{}” không bao giờ được hỏi: điều kiện hỏi (when) không thể đúng.",
                 'The fact "{}" is never asked: its condition (when) cannot be true.', fact.title),
            CHANGE_WHEN, (fact,), frozenset((name,)), why(ground, None, [(of_facts(ground), fact.when, True)]),
            place=fact.place))
        for version in ground.procedure.versions:
            constant = ground.symbols.constants[name]
            value = constant if fact.type.kind == "list of" else constant[0]
            ground.set_aside[id(version)][name] = Value(z3.BoolVal(True), value, ground.symbols.fact(name).span)


def _facts_left_no_choice(ground: Ground) -> None:
    """Yes/no facts of which what always holds leaves one answer: whoever gives the other is refused."""
    every = list(zip(ground.symbols.always, ground.procedure.always, strict=True))
    forced: dict[tuple[str, ...], tuple[list[Always], list[Fact]]] = {}
    for name in sorted({name for _, rule in every for name in rule.holds.names}):
        fact = ground.procedure.facts[name]
        if fact.type.kind != "yes/no":
            continue
        value = of_facts(ground)(Expression(name, Ref(name, fact.type), fact.type))
        answers = {True: value.true, False: value.false}
        left = [way for way, answer in ground.search(None).reach(answers).items() if answer is False]
        if len(left) == 1:
            core = ground.search(None, always=False).core([*every, (answers[left[0]], None)])
            rules = [rule for rule in core if rule is not None]
            forced.setdefault(tuple(rule.id for rule in rules), (rules, []))[1].append(fact)
    for rules, facts in forced.values():
        _report_no_choice(ground, rules, facts)


def _report_no_choice(ground: Ground, rules: list[Always], facts: list[Fact]) -> None:
    for version in ground.procedure.versions:
        ground.report(Raw(
            "constant", "+".join(rule.id for rule in rules), version, "always",
            said("Quy tắc ở mục always ({}) chỉ để lại một câu trả lời cho {}: ai trả lời khác đều bị từ chối.",
                 "The rule under always ({}) leaves one answer alone to {}: whoever gives another is refused.",
                 quoted(rule.title for rule in rules), quoted(fact.title for fact in facts)),
            CHANGE_IT, tuple(rules), frozenset(fact.id for fact in facts), tuple(_of_always(rule) for rule in rules),
            place=rules[0].place))


def of_facts(ground: Ground) -> Reader:
    """Reads conditions over facts alone."""
    return lambda expression: ground.symbols.reading.truth(expression.tree)


def _others(fact: Fact, guarded: dict[str, Fact]) -> Iterator[str]:
    assert fact.when is not None
    yield from (name for name in sorted(fact.when.names) if name in guarded)


def _those_first_on_which_others_rest(ground: Ground, guarded: dict[str, Fact]) -> list[str]:
    order: list[str] = []

    def visit(name: str) -> None:
        for other in _others(guarded[name], guarded):
            visit(other)
        if name not in order:
            order.append(name)

    for name in guarded:
        visit(name)
    return order


def _conclusions(ground: Ground, version: LawVersion) -> None:
    """Derived names that are constant in a law version although they read something."""
    closure, plain = ground.closure(version), ground.symbols.version(version)
    for name, meaning in version.derived.items():
        if not meaning.names:
            # a conclusion written as constant is meant so; nothing that rests on it is odd for that
            ground.put_aside(version, name, meaning.type)
    goals = {(name, wanted): _rail(plain.truth(meaning), wanted) for name, meaning in version.derived.items()
             if meaning.names and meaning.type.kind == "yes/no" for wanted in (True, False)}
    reached = _reach(ground, version, goals)
    for name, meaning in version.derived.items():
        if not meaning.names:
            continue
        if meaning.type.kind != "yes/no":
            _constant_value(ground, version, name, meaning)
            continue
        answers = {wanted: reached[name, wanted] for wanted in (True, False)}
        if False in answers.values() and ground.rests_on_what_is_aside(version, closure.of(meaning)):
            truth = ground.view(version).truth(meaning)
            answers = _reach(ground, version, {wanted: _rail(truth, wanted) for wanted in (True, False)})
        _judge(ground, version, name, meaning, answers)


def _reach(ground: Ground, version: LawVersion, goals: dict[Any, Bool]) -> dict[Any, bool | None]:
    """Which goals can be for a law date of the version, or for one that chose it."""
    found = ground.search(version).reach(goals)
    for part in ("documents", *version.decisions):
        for law, when in ground.ways(part, version):
            waiting = {key: goal for key, goal in goals.items() if found[key] is False}
            if law is not version and waiting:
                found.update(ground.search(law).reach(waiting, when))
    return found


def _rail(truth: Truth, wanted: bool) -> Bool:
    return truth.true if wanted else truth.false


def _judge(ground: Ground, version: LawVersion, name: str, meaning: Expression,
           answers: dict[bool, bool | None]) -> None:
    dated = ground.closure(version).is_dated(meaning)
    ground.fine.update(("constant", (id(meaning), wanted)) for wanted, answer in answers.items() if answer)
    if None in answers.values():
        ground.give_up("constant", name, version)
    if answers[True] is not False and answers[False] is not False:
        return
    value = answers[True] is not False
    if answers[not value] is False and answers[value] is not False:
        derived = ground.procedure.derived[name]
        shown = Text("có", "yes") if value else Text("không", "no")
        ground.report(Raw(
            "constant", name, version, (id(meaning), not value),
            said("Kết luận “{}” luôn là {}, dù phụ thuộc vào dữ kiện.",
                 'The conclusion "{}" is always {}, although it depends on facts.', derived.title, shown),
            CHANGE_IT, (derived,), ground.closure(version).of(meaning),
            why(ground, version, [(ground.view(version).truth, meaning, not value)]), dated=dated, place=derived.place,
            is_partial=bool(ground.search(version).possible(ground.view(version).truth(meaning).unknown))))
        if not dated:
            ground.told[id(version)].add(name)
    if not dated:
        ground.put_aside(version, name, meaning.type)


def _constant_value(ground: Ground, version: LawVersion, name: str, meaning: Expression) -> None:
    search, value = ground.search(version), ground.view(version).term(meaning)
    if isinstance(value.value, tuple) or not search.possible(value.known):
        return
    first = search.model.eval(value.value, model_completion=True)
    differs = _reach(ground, version, {0: both(value.known, negated(value.value == first))})[0]
    if differs is None:
        ground.give_up("constant", name, version)
    if differs:
        ground.fine.add(("constant", (id(meaning), None)))
    if differs is False:
        derived = ground.procedure.derived[name]
        ground.report(Raw(
            "constant", name, version, (id(meaning), None),
            said("Kết luận “{}” luôn có cùng một giá trị, dù phụ thuộc vào dữ kiện.",
                 'The conclusion "{}" always has the same value, although it depends on facts.', derived.title),
            CHANGE_IT, (derived,), ground.closure(version).of(meaning),
            dated=ground.closure(version).is_dated(meaning), place=derived.place))


def _applies(ground: Ground, version: LawVersion) -> None:
    """Whether the procedure can be required, and can be not required."""
    applies = version.applies
    if applies is None or not applies.when.names:
        return
    truth = ground.view(version).applies
    answers = ground.search(version).reach({True: truth.true, False: truth.false})
    dated = ground.closure(version).is_dated(applies.when)
    ground.fine.update(("constant", (id(applies), wanted)) for wanted, answer in answers.items() if answer)
    if None in answers.values():
        ground.give_up("constant", applies.id, version)
    if False not in answers.values() or answers[True] is answers[False]:
        return
    value = answers[True] is not False
    text = (Text("Thủ tục luôn bắt buộc, dù có điều kiện ở mục applies.",
                 "The procedure is always required, although applies has a condition.") if value else
            Text("Thủ tục không bao giờ bắt buộc: điều kiện ở mục applies không thể đúng.",
                 "The procedure is never required: the condition of applies cannot be true."))
    ground.report(Raw(
        "constant", applies.id, version, (id(applies), not value), text, CHANGE_IT, (applies,),
        ground.closure(version).of(applies.when),
        why(ground, version, [(ground.view(version).truth, applies.when, not value)]),
        dated=dated, cite=applies.citation.text if applies.citation else "", place=applies.place))
    if not dated and not value:
        ground.always_required.add(id(version))


def why(ground: Ground, version: LawVersion | None, wanted: Sequence[tuple[Reader, Expression, bool]],
        *given: Part) -> tuple[Condition, ...]:
    """The conditions, as few as can be, that cannot be together: each ``(reader, expression, true or false)``."""
    parts: list[Part] = [(holds, _of_always(rule)) for holds, rule in
                         zip(ground.symbols.always, ground.procedure.always, strict=True)]
    parts += given
    for reader, expression, as_this in wanted:
        parts += conjuncts(ground, reader, expression, as_this)
    search = ground.search(version, always=False)
    if search.possible(*(each for each, _ in parts)) is not False:
        return ()
    return tuple({each.feel: each for each in search.core(parts)}.values())


def conjuncts(ground: Ground, reader: Reader, expression: Expression, wanted: bool = True) -> Iterator[Part]:
    """The conditions that must all hold for an expression to be true (or false), each with its words."""
    for atom in atoms(expression.tree if wanted else Not(expression.tree)):
        each = Expression("", atom, expression.type)
        yield reader(each).true, ground.words.condition(each)
