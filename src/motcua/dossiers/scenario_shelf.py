"""Cases that officers keep on the bench: invented facts and what the rules shall say of them, in grids.

A grid is a named set of cases of one procedure with a background: facts that all its cases share unless a case
says otherwise, as ``like`` does in a scenario file. Each kept case lies in one grid; ids are unique in a procedure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.errors import InputError, Problem
from motcua.law import Text, fold
from motcua.procedures import Scenario

#: Where a case goes that names no grid.
KEPT_GRID: Final = "kept"
#: Cases of one grid, and grids of one procedure.
MOST_CASES: Final = 500
MOST_GRIDS: Final = 50
LONGEST_TITLE: Final = 200

_GRID_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class ShelvedScenario:
    """A kept case: ``text`` is its JSON, ``author`` an account's id.

    Its ``given`` says what differs from the background of its grid; null takes a fact of the background away.
    """

    id: str
    text: str
    author: str
    at: datetime

    @property
    def scenario(self) -> dict[str, Any]:
        """The case as a plain dict, as in a scenario file."""
        read: dict[str, Any] = json.loads(self.text)
        return read


class Grid(Persistent):
    """A set of cases with a background. Written by the shelf alone.

    ``background`` is the JSON of its facts; ``columns`` name the columns shown ("fact:…", "expect:…", empty: those
    in use), ``cases`` its cases in order. ``revision`` counts the changes, so that nobody overwrites another's.
    """

    id: str
    title: str
    background: str
    columns: tuple[str, ...]
    cases: tuple[str, ...]
    revision: int

    def __init__(self, grid_id: str, title: str = "", cases: tuple[str, ...] = ()) -> None:
        self.id = grid_id
        self.title = title
        self.background = "{}"
        self.columns = ()
        self.cases = cases
        self.revision = 0

    @property
    def background_facts(self) -> dict[str, Any]:
        """The facts that all cases share, as JSON values in the facts' units."""
        read: dict[str, Any] = json.loads(self.background)
        return read

    @property
    def background_id(self) -> str:
        """The id under which a scenario file has the background, for ``like``."""
        return f"{self.id}-background"


class ScenarioShelf(Persistent):
    """The kept cases and the grids of every procedure."""

    procedures: OOBTree
    grids_of: OOBTree

    def __init__(self) -> None:
        self.procedures = OOBTree()
        self.grids_of = OOBTree()

    # -- cases

    def put(self, procedure: str, scenario_id: str, scenario: Mapping[str, Any], *, author: str,
            at: datetime, grid: str = KEPT_GRID) -> ShelvedScenario:
        """Keep ``scenario`` (JSON values only) under its id, in the place of an older one of that id.

        A new one goes to the end of ``grid``. InputError DOS_011 for an id that is empty or over 80 characters,
        DOS_040 where the grid is full.
        """
        if not 1 <= len(scenario_id) <= 80 or not scenario_id.isprintable():
            raise InputError(Problem("DOS_011", {"id": scenario_id[:40]}))
        text = json.dumps(scenario, ensure_ascii=False, allow_nan=False)
        kept = ShelvedScenario(scenario_id, text, author, at)
        shelf = self._tree(self.procedures, procedure)
        if scenario_id in shelf:
            for each in self.grids(procedure):
                each.revision += scenario_id in each.cases
        else:
            place = self.grid(procedure, grid) or self._new_grid(procedure, grid, "")
            if len(place.cases) >= MOST_CASES:
                raise InputError(Problem("DOS_040", {"limit": MOST_CASES}))
            place.cases = (*place.cases, scenario_id)
            place.revision += 1
        shelf[scenario_id] = kept
        return kept

    def get(self, procedure: str, scenario_id: str) -> ShelvedScenario | None:
        """The kept case, or None."""
        found: ShelvedScenario | None = self.procedures.get(procedure, {}).get(scenario_id)
        return found

    def of(self, procedure: str) -> Iterator[ShelvedScenario]:
        """The procedure's kept cases, by id; what they share with others of their grid is not in them."""
        yield from self.procedures.get(procedure, {}).values()

    def remove(self, procedure: str, scenario_id: str) -> None:
        """Take one away; KeyError where there is none."""
        del self.procedures[procedure][scenario_id]
        for grid in self.grids(procedure):
            if scenario_id in grid.cases:
                grid.cases = tuple(each for each in grid.cases if each != scenario_id)
                grid.revision += 1

    def rename(self, procedure: str, scenario_id: str, new_id: str) -> None:
        """Give a case another id, in its place; KeyError where there is none, ValueError where the new one is taken."""
        shelf = self.procedures[procedure]
        if new_id in shelf:
            raise ValueError(new_id)
        old: ShelvedScenario = shelf.pop(scenario_id)
        shelf[new_id] = ShelvedScenario(new_id, old.text, old.author, old.at)
        for grid in self.grids(procedure):
            if scenario_id in grid.cases:
                grid.cases = tuple(new_id if each == scenario_id else each for each in grid.cases)

    def scenarios(self, procedure: str) -> tuple[Scenario, ...]:
        """The kept cases as scenarios with all their facts, grid by grid, each in its order."""
        return tuple(scenario for grid in self.grids(procedure) for scenario in self.scenarios_of(procedure, grid))

    def scenarios_of(self, procedure: str, grid: Grid) -> tuple[Scenario, ...]:
        """The cases of one grid as scenarios with all their facts."""
        shelf = self.procedures.get(procedure, {})
        return tuple(_scenario(shelf[name], grid) for name in grid.cases)

    # -- grids

    def grids(self, procedure: str) -> tuple[Grid, ...]:
        """The procedure's grids, that of the kept cases first, then by id."""
        found = self.grids_of.get(procedure, {}).values()
        return tuple(sorted(found, key=lambda grid: grid.id != KEPT_GRID))

    def grid(self, procedure: str, grid_id: str) -> Grid | None:
        """The grid, or None."""
        found: Grid | None = self.grids_of.get(procedure, {}).get(grid_id)
        return found

    def begin_grid(self, procedure: str, title: str) -> Grid:
        """A new grid without cases; its id is made from the title.

        InputError DOS_041 for a title that is empty or too long, DOS_042 where the procedure has too many.
        """
        title = title.strip()
        if not 1 <= len(title) <= LONGEST_TITLE or not title.isprintable():
            raise InputError(Problem("DOS_041", {"limit": LONGEST_TITLE}))
        taken = {grid.id for grid in self.grids(procedure)} | {KEPT_GRID}
        if len(taken) > MOST_GRIDS:
            raise InputError(Problem("DOS_042", {"limit": MOST_GRIDS}))
        return self._new_grid(procedure, _free_id(title, taken), title)

    def change_grid(self, procedure: str, grid_id: str, *, title: str | None = None,
                    background: Mapping[str, Any] | None = None, columns: tuple[str, ...] | None = None,
                    cases: tuple[str, ...] | None = None) -> Grid:
        """Change what is given of a grid; ``cases`` puts the same cases into another order. KeyError: no such grid."""
        grid: Grid = self.grids_of[procedure][grid_id]
        if title is not None:
            if not 1 <= len(title.strip()) <= LONGEST_TITLE or not title.isprintable():
                raise InputError(Problem("DOS_041", {"limit": LONGEST_TITLE}))
            grid.title = title.strip()
        if background is not None:
            grid.background = json.dumps(background, ensure_ascii=False, allow_nan=False)
        if columns is not None:
            grid.columns = columns
        if cases is not None:
            if sorted(cases) != sorted(grid.cases):
                raise ValueError("an order holds the same cases")
            grid.cases = cases
        grid.revision += 1
        return grid

    def remove_grid(self, procedure: str, grid_id: str) -> None:
        """Take a grid away with its cases; KeyError where there is none."""
        grid = self.grids_of[procedure].pop(grid_id)
        for name in grid.cases:
            del self.procedures[procedure][name]
        # written, so that whoever saves a case into it at this moment meets this and looks again
        grid.cases = ()

    def _new_grid(self, procedure: str, grid_id: str, title: str) -> Grid:
        if not _GRID_ID.fullmatch(grid_id):
            raise InputError(Problem("DOS_041", {"limit": LONGEST_TITLE}))
        grid = self._tree(self.grids_of, procedure)[grid_id] = Grid(grid_id, title)
        return grid

    @staticmethod
    def _tree(trees: OOBTree, procedure: str) -> OOBTree:
        found = trees.get(procedure)
        if found is None:
            found = trees[procedure] = OOBTree()
        return found


def put_cases_into_grids(shelf: ScenarioShelf) -> None:
    """Evolution: cases kept before there were grids lie in one grid of their procedure, by id."""
    shelf.grids_of = OOBTree()
    for procedure, kept in shelf.procedures.items():
        if kept:
            shelf.grids_of[procedure] = OOBTree({KEPT_GRID: Grid(KEPT_GRID, "", tuple(kept))})


def _free_id(title: str, taken: set[str]) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:40].strip("-") or "grid"
    return next(name for number in range(1, MOST_GRIDS + 3)
                if (name := words if number == 1 else f"{words}-{number}") not in taken)


def _scenario(kept: ShelvedScenario, grid: Grid) -> Scenario:
    plain, background = kept.scenario, grid.background_facts
    own: dict[str, Any] = plain.get("given") or {}
    given = {name: value for name, value in {**background, **own}.items() if value is not None}
    title = _both(plain.get("vi"), plain.get("en"))
    return Scenario(kept.id, title, _why(plain.get("why")), given, plain.get("expect") or {},
                    like=grid.background_id if background else None, written=own, proposed=plain.get("proposed") or {})


def _both(vi: Any, en: Any) -> Text | None:
    return Text(str(vi or en), str(en or vi)) if vi or en else None


def _why(why: Any) -> Text | None:
    return _both(why.get("vi"), why.get("en")) if isinstance(why, dict) else _both(why, why)
