"""A decision model as DMN knows it: inputs, decisions with their logic, and what each needs. No XML here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: The heading of a column that only asks whether something is known.
KNOWN = "đã biết? / known?"

HitPolicy = Literal["UNIQUE", "FIRST", "COLLECT", "ANY"]


@dataclass(frozen=True, slots=True)
class ItemType:
    """A named type: a base type of FEEL, or a collection of another, with the values allowed (unary tests)."""

    name: str
    base: str
    allowed: str | None = None
    is_collection: bool = False
    label: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """What a decision is made from; ``label`` is the id of the fact."""

    id: str
    name: str
    type: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: an expression and the base type of its values."""

    text: str
    type: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a cell for each column that matters (by its expression), what it gives, and where it comes from."""

    label: str
    cells: Mapping[str, str]
    output: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table with one output."""

    hit: HitPolicy
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    output_type: str
    output_values: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic is an expression or a table; ``needs`` are the ids of inputs and decisions it reads."""

    id: str
    name: str
    type: str
    label: str
    description: str
    logic: str | Table
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A whole file: everything in the order in which it can be worked out."""

    id: str
    name: str
    namespace: str
    description: str
    types: tuple[ItemType, ...]
    inputs: tuple[Input, ...]
    decisions: tuple[Decision, ...] = field(default=())
