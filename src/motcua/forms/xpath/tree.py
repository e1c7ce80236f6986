"""The syntax tree of an XPath expression: frozen values, chains flattened so that depth stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal; ``text`` as written."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``$name``: forms have no variables, so it reads as empty."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Logic:
    """``a or b or c`` (operator "or") or ``a and b`` (operator "and")."""

    operator: str
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``first op a op b``, left to right; nearly always one pair."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``first + a - b`` or ``first * a div b mod c``, left to right."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Union:
    """``a | b``."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; ``position`` is the 0-based place of its name in the text."""

    name: str
    arguments: tuple[Expr, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Step:
    """One location step. ``test`` is a local name, ``*``, ``node()``, ``text()`` or ``comment()``."""

    axis: str
    test: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A location path: from the root (``absolute``), from ``base``, or from the context node."""

    absolute: bool
    base: Expr | None
    steps: tuple[Step, ...]
    position: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """A primary expression with predicates: ``instance('x')[1]``."""

    primary: Expr
    predicates: tuple[Expr, ...]


Expr = Number | Literal | Variable | Logic | Compare | Arithmetic | Negate | Union | Call | Path | Filter


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, predicates included."""
    match expr:
        case Logic(_, operands) | Union(operands):
            return operands
        case Compare(first, rest) | Arithmetic(first, rest):
            return (first, *(operand for _, operand in rest))
        case Negate(operand):
            return (operand,)
        case Call(_, arguments, _):
            return arguments
        case Path(_, base, steps, _):
            inner = tuple(predicate for step in steps for predicate in step.predicates)
            return (base, *inner) if base is not None else inner
        case Filter(primary, predicates):
            return (primary, *predicates)
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts, outermost first."""
    pending = [expr]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(reversed(children(found)))
