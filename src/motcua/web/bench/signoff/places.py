"""``/bench/<id>/sign-off`` and the sign-offs below it; a draft has its report, its approvals lie with the law's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.bench.resources import BenchProcedure
from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.dossiers import SignOff


class SigningOff(Resource):
    """The report of a procedure's rules, or of a draft's, and the approvals of the procedure."""

    kind = "bench"

    def __init__(self, request: Request, parent: BenchProcedure, name: str) -> None:
        super().__init__(request, parent, name)
        self.place = parent

    @property
    def home(self) -> SigningOff:
        """Where the approvals lie."""
        law = getattr(self.place, "law", self.place)
        return SigningOff(self.request, law, str(self.__name__))

    def __getitem__(self, name: str) -> Signed:
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 9 else 0
        signed = self.request.records.signoffs.get(self.place.checked.id, number)
        if signed is None or str(number) != name or self.place.draft is not None:
            raise KeyError(name)
        return Signed(self.request, self, name, signed)


class Signed(Resource):
    """One approval."""

    kind = "bench"

    def __init__(self, request: Request, home: SigningOff, name: str, signed: SignOff) -> None:
        super().__init__(request, home, name)
        self.home = home
        self.signed = signed
