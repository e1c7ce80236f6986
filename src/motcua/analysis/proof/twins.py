"""One fact written in the place of another: the rule is odd, and the other fact idle. One mistake, told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from motcua.analysis.proof.closure import every_expression
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Draft, Raw
from motcua.analysis.proof.words import said
from motcua.analysis.symbolic import both
from motcua.conditions import Expression, Node, Ref
from motcua.procedures import Document, Fact, Requirement

Parts = Sequence[Expression | None]


def without_twins(ground: Ground, drafts: Sequence[Draft]) -> list[Draft]:
    """The findings to tell: of a rule that would be sound with a fact that no rule uses, one finding with this hint."""
    told = list(drafts)
    for idle in [draft for draft in told if draft.raw.kind == "unused_fact" and draft.note is None]:
        fact = ground.procedure.facts[idle.raw.subject]
        if fact.id in _read_by_letter(ground):
            continue
        for place, draft in enumerate(told):
            other = _stands_for(ground, draft.raw, fact) if draft.note is None else None
            if other is not None:
                text = said("{} Dữ kiện “{}” không được quy tắc nào dùng: có lẽ nó phải đứng ở đây thay cho “{}”.",
                            '{} No rule uses the fact "{}": perhaps it belongs here instead of "{}".',
                            draft.raw.text, fact.title, other.title)
                told[place] = replace(draft, raw=replace(draft.raw, text=text))
                told.remove(idle)
                break
    return told


def _read_by_letter(ground: Ground) -> frozenset[str]:
    return frozenset().union(*(expression.names for expression in every_expression(ground.procedure)))


def _stands_for(ground: Ground, raw: Raw, fact: Fact) -> Fact | None:
    """The fact of the same type in whose place the idle one would make an odd rule sound."""
    parts = _parts(raw)
    for place, part in enumerate(parts):
        for name in part.names_in_order if part is not None else ():
            other = ground.procedure.facts.get(name)
            if part is None or other is None or other.type != fact.type:
                continue
            for tree in _each_replaced(part.tree, name, Ref(fact.id, fact.type)):
                changed = Expression("", tree, part.type)
                if _is_sound(ground, raw, [*parts[:place], changed, *parts[place + 1:]]):
                    return other
    return None


def _parts(raw: Raw) -> Parts:
    """The conditions of the odd rule: those that must hold, the last apart from when it does."""
    rule = next((each for each in raw.rules if id(each) == raw.item), None)
    if isinstance(rule, Requirement):
        return [rule.when, rule.must]
    if isinstance(rule, Document):
        return [rule.when]
    return [raw.version.derived[raw.subject]] if raw.kind == "constant" and raw.subject in raw.version.derived else []


def _is_sound(ground: Ground, raw: Raw, parts: Parts) -> bool:
    """Whether the last condition can be true and false where those before it hold."""
    view = ground.symbols.version(raw.version)
    *given, last = [view.truth(part) for part in parts]
    basis = both(ground.required(raw.version), *(each.true for each in given))
    return all(ground.search(raw.version).reach({True: last.true, False: last.false}, basis).values())


def _each_replaced(node: Any, name: str, new: Ref) -> Iterator[Any]:
    """A node, or nodes, with the name replaced in one place, for each place."""
    if isinstance(node, tuple):
        for place, child in enumerate(node):
            yield from ((*node[:place], changed, *node[place + 1:]) for changed in _each_replaced(child, name, new))
    elif isinstance(node, Ref):
        if node.name == name:
            yield new
    elif isinstance(node, Node):
        for field in fields(node):
            for changed in _each_replaced(getattr(node, field.name), name, new):
                yield replace(node, **{field.name: changed})
