"""``/bench/<id>/cases``, ``/bench/<id>/cases/<grid>``, ``/bench/<id>/runs`` and ``/bench/<id>/runs/<number>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.httpexceptions import HTTPForbidden

from motcua.dossiers import CaseRun, Grid
from motcua.web.bench.resources import BenchProcedure
from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure


class CasePlace(Resource):
    """A place below a procedure on the bench."""

    kind = "bench"

    def __init__(self, request: Request, parent: Resource, name: str) -> None:
        super().__init__(request, parent, name)
        self.checked: CheckedProcedure = parent.checked  # type: ignore[attr-defined]

    @property
    def bench(self) -> BenchProcedure:
        """The procedure on the bench that this place lies below."""
        place = self.__parent__
        while not isinstance(place, BenchProcedure):
            assert place is not None
            place = place.__parent__
        return place


    @property
    def draft(self) -> str:
        """The name of the draft law whose bench this is; "" for the rules in force."""
        draft = self.bench.draft
        return draft.name if draft is not None else ""

    def refuse_draft(self) -> None:
        """403 where the rules are a draft: cases are written, and confirmed, under the rules in force."""
        if self.draft:
            raise HTTPForbidden


class Cases(CasePlace):
    """All cases of the procedure; its children are the grids."""

    def __getitem__(self, name: str) -> GridPlace:
        grid = self.request.records.scenarios.grid(self.checked.id, name)
        if grid is None:
            raise KeyError(name)
        return GridPlace(self.request, self, name, grid)


class GridPlace(CasePlace):
    """One grid."""

    def __init__(self, request: Request, parent: Cases, name: str, grid: Grid) -> None:
        super().__init__(request, parent, name)
        self.grid = grid


class Runs(CasePlace):
    """The kept runs; its children are the runs by number."""

    def __getitem__(self, name: str) -> RunPlace:
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
        run = self.request.records.case_runs.get(self.checked.id, number)
        if run is None or str(number) != name or (self.draft and run.draft != self.draft):
            raise KeyError(name)
        return RunPlace(self.request, self, name, run)


class RunPlace(CasePlace):
    """One run."""

    def __init__(self, request: Request, parent: Runs, name: str, run: CaseRun) -> None:
        super().__init__(request, parent, name)
        self.run = run


def includeme(config: Configurator) -> None:
    """Hang both places below each procedure of the bench."""
    config.add_bench_place("cases", Cases)
    config.add_bench_place("runs", Runs)
