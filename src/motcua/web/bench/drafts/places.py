"""``/bench/<procedure id>/drafts`` and ``/bench/<procedure id>/drafts/<name>``.

A draft that can be read as rules is a procedure on the bench like the one in force; every page of the bench works
on it. One that cannot has only the pages about its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motcua.catalogue import Catalogue
from motcua.web.bench.drafts.files import ReadDraft, read_draft
from motcua.web.bench.resources import BenchProcedure
from motcua.web.site.resources import Resource

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure
    from motcua.dossiers import LawDraft


class Drafts(Resource):
    """The drafts of a procedure's rules."""

    kind = "bench"

    def __init__(self, request: Request, parent: BenchProcedure, name: str) -> None:
        super().__init__(request, parent, name)
        if parent.draft is not None:
            raise KeyError(name)  # a draft has no drafts
        self.law = parent

    def __getitem__(self, name: str) -> Resource:
        draft = self.request.records.law_drafts.get(self.law.checked.id, name)
        if draft is None:
            raise KeyError(name)
        # reading costs time: not for those who may not see it
        if self.request.has_permission("read", self):
            read = read_law_draft(self.request, self.law.checked, draft)
            if read.checked is not None:
                bench = DraftBench(self.request, self, name, read.checked)
                bench.draft = draft
                return bench
        return place_of(self, draft)


class LawDraftPlace(Resource):
    """A draft as text; ``draft`` is set by `place_of`."""

    kind = "bench"
    draft: LawDraft

    @property
    def law(self) -> BenchProcedure:
        """The procedure in force."""
        drafts: Any = self.__parent__
        law: BenchProcedure = drafts.law
        return law


class DraftBench(BenchProcedure, LawDraftPlace):
    """A draft that can be tried like the rules in force."""

    draft: LawDraft

    @property
    def catalogue(self) -> Catalogue:
        """A catalogue of the draft alone."""
        procedure = self.checked.procedure
        forms = {} if self.checked.form_path is None else {procedure.id: self.checked.form_path}
        return Catalogue({procedure.id: procedure}, procedure.sources, forms)


def place_of(drafts: Drafts, draft: LawDraft) -> LawDraftPlace:
    """The place of a draft as text."""
    place = LawDraftPlace(drafts.request, drafts, draft.name)
    place.draft = draft
    return place


def read_law_draft(request: Request, law: CheckedProcedure, draft: LawDraft) -> ReadDraft:
    """The latest version of a draft, read."""
    return read_draft(request, law, draft.latest.text, draft.latest.register)
