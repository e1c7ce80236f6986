"""Scenarios that officers keep on the bench: invented facts and what the rules shall say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.errors import InputError, Problem


@dataclass(frozen=True)
class ShelvedScenario:
    """A kept scenario: ``text`` is its JSON, ``author`` an account's id."""

    id: str
    text: str
    author: str
    at: datetime

    @property
    def scenario(self) -> dict[str, Any]:
        """The scenario as a plain dict, as in a scenario file."""
        read: dict[str, Any] = json.loads(self.text)
        return read


class ScenarioShelf(Persistent):
    """The kept scenarios of every procedure."""

    procedures: OOBTree

    def __init__(self) -> None:
        self.procedures = OOBTree()

    def put(self, procedure: str, scenario_id: str, scenario: Mapping[str, Any], *, author: str,
            at: datetime) -> ShelvedScenario:
        """Keep ``scenario`` (JSON values only) under its id, in the place of an older one of that id.

        InputError DOS_011 for an id that is empty or over 80 characters.
        """
        if not 1 <= len(scenario_id) <= 80 or not scenario_id.isprintable():
            raise InputError(Problem("DOS_011", {"id": scenario_id[:40]}))
        text = json.dumps(scenario, ensure_ascii=False, allow_nan=False)
        kept = ShelvedScenario(scenario_id, text, author, at)
        shelf = self.procedures.get(procedure)
        if shelf is None:
            shelf = self.procedures[procedure] = OOBTree()
        shelf[scenario_id] = kept
        return kept

    def get(self, procedure: str, scenario_id: str) -> ShelvedScenario | None:
        """The kept scenario, or None."""
        found: ShelvedScenario | None = self.procedures.get(procedure, {}).get(scenario_id)
        return found

    def of(self, procedure: str) -> Iterator[ShelvedScenario]:
        """The procedure's kept scenarios, by id."""
        yield from self.procedures.get(procedure, {}).values()

    def remove(self, procedure: str, scenario_id: str) -> None:
        """Take one away; KeyError where there is none."""
        del self.procedures[procedure][scenario_id]
