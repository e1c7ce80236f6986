"""What lies in the root of the database, and how an old database becomes a new one.

The root holds one PersistentMapping, ``root["motcua"]``: the parts by name, ``"identity"`` (random, made
with the database) and ``"evolution"``, the names of the steps already done. A database made new has all
parts in their present shape, so every step counts as done. An old one runs the missing steps in their
order, each in one transaction with its name as note: a stop between two steps loses nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from persistent.mapping import PersistentMapping
from ZODB import DB
from ZODB.Connection import Connection

from motcua.errors import Problem, StoreError
from motcua.store.transactions import run_in_transaction

ROOT = "motcua"


@dataclass(frozen=True, slots=True)
class Step:
    """An evolution step: ``work(root)`` changes the old shape into the new, in one transaction."""

    name: str
    work: Callable[[PersistentMapping], None]


@dataclass(frozen=True, slots=True)
class Schema:
    """The parts of a new database, the steps in order, and what the lists show (`Projection`)."""

    parts: Mapping[str, Callable[[], Any]] = field(default_factory=lambda: MappingProxyType({}))
    steps: tuple[Step, ...] = ()
    projections: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise StoreError(Problem("STORE_006", {"name": min(twice)}))

    def add_step(
        self, name: str, work: Callable[[PersistentMapping], None], after: str | None = None
    ) -> Schema:
        """The schema with one more step, at the end or right behind ``after``."""
        names = [step.name for step in self.steps]
        if after is not None and after not in names:
            raise StoreError(Problem("STORE_007", {"name": name, "after": after}))
        at = len(names) if after is None else names.index(after) + 1
        return replace(self, steps=(*self.steps[:at], Step(name, work), *self.steps[at:]))


def root_of(connection: Connection) -> PersistentMapping:
    """motcua's own root in an opened database."""
    return connection.root()[ROOT]


def evolve(db: DB, schema: Schema) -> tuple[str, ...]:
    """Make the root, or bring an old one up to date; the names of the steps run now, in order.

    Several processes may do this at once: the losers of a conflict look again and find the work done.
    StoreError STORE_005 if the database knows a step that this program does not, so is newer.
    """
    run_in_transaction(db, lambda connection: _make(connection, schema), note="motcua: new database")
    _refuse_newer(db, schema)
    return tuple(step.name for step in schema.steps
                 if run_in_transaction(db, partial(_run, step), note=f"motcua: {step.name}"))


def _make(connection: Connection, schema: Schema) -> None:
    if ROOT in connection.root():
        return
    connection.root()[ROOT] = PersistentMapping({
        **{name: make() for name, make in schema.parts.items()},
        "identity": secrets.token_hex(16),
        "evolution": tuple(step.name for step in schema.steps),
    })


def _refuse_newer(db: DB, schema: Schema) -> None:
    done: Iterable[str] = run_in_transaction(db, lambda connection: root_of(connection)["evolution"])
    unknown = [name for name in done if name not in {step.name for step in schema.steps}]
    if unknown:
        raise StoreError(Problem("STORE_005", {"steps": ", ".join(unknown)}))


def _run(step: Step, connection: Connection) -> bool:
    root = root_of(connection)
    if step.name in root["evolution"]:
        return False
    step.work(root)
    root["evolution"] = (*root["evolution"], step.name)
    return True
