"""The core tree: the few nodes that every reader of the law has to know.

All sugar (``between``, ``in``, quantifiers, unit literals) is gone here. Values are canonical: numbers in
the canonical unit of their kind. Trees are at most `MAX_DEPTH` deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from motcua.conditions.types import YES_NO, Type, Value
from motcua.conditions.units import WHOLE_KINDS

MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a fact, derived name or decision; unknown when the facts do not hold it."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a name is known at all: true or false, never unknown (``x != null``)."""

    operand: Ref


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And:
    """True when all are true, false when one is false, else unknown."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one is true, false when all are false, else unknown."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Cmp:
    """A comparison: ``op`` is one of ``= != < <= > >=``; unknown when a side is unknown."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class If:
    """Choice. With an unknown condition the value is known only where both branches agree."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Arith:
    """Sum, difference or product (``op`` is ``+ - *``), dates with days or months included."""

    op: str
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS`; unknown when an argument is unknown."""

    name: str
    arguments: tuple[Node, ...]
    type: Type


Node = Lit | Ref | Known | Not | And | Or | Cmp | If | Arith | Call


def type_of(node: Node) -> Type:
    """The type of a node's value."""
    match node:
        case Lit(type=own) | Ref(type=own) | Arith(type=own) | Call(type=own):
            return own
        case If(then=then):
            return type_of(then)
        case _:
            return YES_NO


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in the order written."""
    match node:
        case Not(operand) | Known(operand):
            return (operand,)
        case And(operands) | Or(operands):
            return operands
        case Cmp(_, left, right) | Arith(_, left, right):
            return (left, right)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, as read."""
    yield node
    for child in children(node):
        yield from walk(child)


def names_in(node: Node) -> tuple[str, ...]:
    """The names a node reads, each once, in the order read."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Ref)))


def depth_of(node: Node) -> int:
    """How deep the tree is; a leaf is 1."""
    return 1 + max((depth_of(child) for child in children(node)), default=0)


def as_membership(node: Node) -> tuple[Ref, tuple[Lit, ...]] | None:
    """``x in ("a", "b")``, which is an Or of equalities of one name with constants, or None."""
    if not isinstance(node, Or) or len(node.operands) < 2:
        return None
    literals = []
    for operand in node.operands:
        match operand:
            case Cmp("=", Ref() as ref, Lit() as literal):
                literals.append((ref, literal))
            case _:
                return None
    ref = literals[0][0]
    return (ref, tuple(lit for _, lit in literals)) if all(other == ref for other, _ in literals) else None


def as_interval(node: Node) -> tuple[Ref, Cmp, Cmp] | None:
    """``x in [a..b]``, which is an And of a lower and an upper bound of one name, or None."""
    match node:
        case And((Cmp(">" | ">=", Ref() as ref, _) as lower, Cmp("<" | "<=", Ref() as other, _) as upper)):
            return (ref, lower, upper) if ref == other else None
        case _:
            return None


def atoms(node: Node) -> tuple[Node, ...]:
    """The conjuncts of a condition: it is true exactly when all are true, false when one is false.

    An atom is a comparison, a yes/no name, a call, an interval test, an Or, or the negation of such. A
    negated Or is the conjunction of the negations.
    """
    match node:
        case And(operands) if as_interval(node) is None:
            parts = operands
        case Not(Or(operands) as inner) if as_membership(inner) is None:
            parts = tuple(Not(operand) for operand in operands)
        case Not(Not(inner)):
            parts = (inner,)
        case _:
            return (node,)
    return tuple(dict.fromkeys(atom for part in parts for atom in atoms(part)))


def is_whole(node: Node) -> bool:
    """Whether a number is certainly an ``int``, so that plain ``+`` and ``*`` are exact."""
    match node:
        case Lit(value):
            return isinstance(value, int)
        case Ref(_, own):
            # money that the rules compute may have fractions; other whole kinds are refused when declared
            return own.kind in WHOLE_KINDS and own.kind != "money"
        case Arith("-", Ref(_, Type("date")) | Lit(_, Type("date")) | Arith(_, _, _, Type("date")), _, Type("days")):
            return True  # a span between two dates
        case Arith(_, left, right):
            return is_whole(left) and is_whole(right)
        case If(_, then, otherwise):
            return is_whole(then) and is_whole(otherwise)
        case Call("count" | "floor") | Call("round half up", (_,)) | Call("round half up", (_, Lit(0))):
            return True
        case Call("min" | "max" | "abs", arguments):
            return all(is_whole(argument) for argument in arguments)
        case _:
            return False
