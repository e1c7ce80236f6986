"""Checking comparisons, tests after ``in``, and the meeting of two types."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from motcua.conditions.tree import And, Call, Cmp, If, Known, Lit, Node, Not, Or, Ref
from motcua.conditions.typed import Findings, Typed, unit_examples
from motcua.conditions.types import YES_NO, Type, same_kind

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}
_EQUALITY = ("=", "!=")


def fit_to(findings: Findings, operand: Typed, wanted: Type) -> Typed:
    """`Findings.fit`, also into the branches of an ``if``."""
    match operand.node:
        case If(condition, then, otherwise) if operand.type and not same_kind(operand.type, wanted):
            first, second = (fit_to(findings, Typed(branch, operand.type, operand.at), wanted)
                             for branch in (then, otherwise))
            if first.type is None or second.type is None:
                return findings.bad(operand.at)
            return replace(operand, node=If(condition, first.node, second.node), type=first.type)
    return findings.fit(operand, wanted)


def meet(findings: Findings, left: Typed, right: Typed, at: int) -> tuple[Typed, Typed] | None:
    """Both operands with types that may be compared, or None after reporting why they may not."""
    if left.type is None or right.type is None:
        return None
    left_type, right_type = left.type, right.type
    left, right = fit_to(findings, left, right_type), fit_to(findings, right, left_type)
    if left.type is None or right.type is None:
        return None
    if same_kind(left.type, right.type):
        return left, right
    kinds = {left_type.kind, right_type.kind}
    for operand, other in ((left, right), (right, left)):
        if isinstance(operand.node, Lit) and _is_plain(operand.type) and _has_unit(other.type):
            findings.problem("COND_105", operand.at, **unit_examples(other.type or YES_NO))
            return None
    findings.problem(_mismatch(kinds), at, left=left.type.title, right=right.type.title)
    return None


def _mismatch(kinds: set[str]) -> str:
    if kinds <= {"days", "months", "working_days"}:
        return "COND_115"
    return "COND_033" if "date" in kinds and kinds & {"text", "number"} else "COND_102"


def _is_plain(type_: Type | None) -> bool:
    return type_ is not None and type_.kind in ("number", "integer")


def _has_unit(type_: Type | None) -> bool:
    return type_ is not None and type_.is_number and not _is_plain(type_)


def compare(findings: Findings, op: str, left: Typed, right: Typed, at: int) -> Typed:
    """A comparison; with true or false it becomes the condition itself or its negation."""
    met = meet(findings, left, right, at)
    if met is None:
        return findings.bad(at)
    left, right = met
    assert left.type is not None
    if left.type.kind == "list of":
        findings.problem("COND_131", at)
        return findings.bad(at)
    if op not in _EQUALITY and not left.type.is_ordered:
        findings.problem("COND_103", at, op=op, type=left.type.title)
        return findings.bad(at)
    match left.node, right.node:
        case Lit(one), Lit(two):
            return findings.make(Lit(COMPARE[op](one, two), YES_NO), YES_NO, at)
    for constant, other in ((left, right), (right, left)):
        if left.type == YES_NO and isinstance(constant.node, Lit):
            same = constant.node.value is (op == "=")
            return other if same else findings.make(Not(other.node), YES_NO, at, other)
    return findings.make(Cmp(op, left.node, right.node), YES_NO, at, left, right)


def compare_null(findings: Findings, op: str, operand: Typed, at: int, null_at: int) -> Typed:
    """``x = null`` (is unknown) and ``x != null`` (is known)."""
    if operand.type is None:
        return findings.bad(at)
    if op not in _EQUALITY or not isinstance(operand.node, Ref):
        findings.problem("COND_118", null_at)
        return findings.bad(at)
    known = findings.make(Known(operand.node), YES_NO, at, operand)
    return known if op == "!=" else findings.make(Not(known.node), YES_NO, at, known)


def contains(findings: Findings, holder: Typed, item: Typed, at: int) -> Typed:
    """Whether a list fact holds a value."""
    if holder.type is None or item.type is None:
        return findings.bad(at)
    if holder.type.kind != "list of":
        findings.problem("COND_132", holder.at, type=holder.type.title)
        return findings.bad(at)
    wanted = Type("one of", None, holder.type.list, holder.type.values)
    item = fit_to(findings, item, wanted)
    if item.type is None:
        return findings.bad(at)
    if not same_kind(item.type, wanted):
        findings.problem("COND_102", at, left=item.type.title, right=wanted.title)
        return findings.bad(at)
    return findings.make(Call("list contains", (holder.node, item.node), YES_NO), YES_NO, at, holder, item)


def join(findings: Findings, kind: type[And] | type[Or], parts: list[Typed], at: int) -> Typed:
    """``and`` or ``or`` over conditions; of one, that one; of none, true or false."""
    good = True
    for part in parts:
        if part.type is not None and part.type != YES_NO:
            findings.problem("COND_106", part.at, type=part.type.title)
        good = good and part.type == YES_NO
    if not good:
        return findings.bad(at)
    if len(parts) == 1:
        return parts[0]
    operands: tuple[Node, ...] = tuple(part.node for part in parts)
    node = kind(operands) if parts else Lit(kind is And, YES_NO)
    return findings.make(node, YES_NO, at, *parts)
