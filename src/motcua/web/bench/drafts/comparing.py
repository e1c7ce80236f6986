"""A draft against the rules in force: every scenario under both, and the two texts side by side."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pyramid.httpexceptions import HTTPSeeOther

from motcua.dossiers import cases_of, run_case, run_cases
from motcua.errors import InputError
from motcua.procedures import read_facts
from motcua.scenarios import Result
from motcua.web.bench.drafts.page import law_text, name_of
from motcua.web.bench.drafts.places import DraftBench
from motcua.web.bench.trying.case import address_of
from motcua.web.bench.trying.scenarios import Difference, differences
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.dossiers import CaseRun
    from motcua.procedures import Scenario
    from motcua.web.bench.resources import BenchProcedure

#: Runs of a procedure, or of a draft, that are looked through.
MOST_RUNS: Final = 2000
#: Lines of a text that are compared, and lines of the difference that are shown.
MOST_COMPARED: Final = 6000
MOST_SHOWN: Final = 2000


@dataclass(frozen=True, slots=True)
class Flip:
    """A scenario under the rules in force and under the draft, with what the draft says otherwise than expected."""

    scenario: Scenario
    law: Result
    draft: Result
    url: str
    law_url: str
    differences: tuple[Difference, ...]

    @property
    def kind(self) -> str:
        """What became of it: broken, repaired, failing (under both), changed, waiting (nothing expected) or same."""
        if "waiting" in (self.law.state, self.draft.state):
            return "waiting"
        if self.law.ok != self.draft.ok:
            return "broken" if self.law.ok else "repaired"
        if self.draft.ok:
            return "same"
        return "failing" if self.law.got == self.draft.got else "changed"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the difference: added, removed, place (where it is) or same."""

    kind: str
    text: str


#: Kinds of flips in the order shown, with their words.
KINDS: Final = (("broken", _("Passes under the law in force, fails under the draft")),
                ("repaired", _("Fails under the law in force, passes under the draft")),
                ("changed", _("Fails under both, with other answers")),
                ("failing", _("Fails under both alike")))


#: Further questions about a draft: the view that answers each.
FURTHER: Final = (("compare", _("Each provision that differs, and each way in which a case can come out otherwise, "
                                "with a case that shows it")),
                  ("impact", _("The stored dossiers that would come out otherwise")),
                  ("checks", _("What a proof finds about the draft itself")),
                  ("coverage", _("What the cases exercise of the draft")))


@page(context=DraftBench, name="against", request_method="GET", permission="test",
      renderer="templates/against.jinja2")
def against(context: DraftBench, request: Request) -> dict[str, Any]:
    """What the draft changes."""
    flips = list(flips_of(context, request))
    law, draft = law_text(context.law.checked), context.draft.latest.text
    difference = difference_of(law, draft)
    return {
        "title": request.translate(_("Draft ${name} against the law in force", mapping={"name": context.draft.name})),
        "procedure": context.checked.procedure, "crumbs": crumbs(request), "flips": flips,
        "groups": [(words, kind, [each for each in flips if each.kind == kind]) for kind, words in KINDS],
        "passed_law": sum(each.law.ok for each in flips), "passed_draft": sum(each.draft.ok for each in flips),
        "same": sum(each.kind == "same" for each in flips), "is_same_text": law == draft,
        "difference": difference[:MOST_SHOWN] if difference is not None else None,
        "more": max(0, len(difference or ()) - MOST_SHOWN),
        "runs": [(run, name_of(request, run.who)) for run in runs_under(context, request)],
        "run_url": request.page_url(context, "against"),
        "further": [(words, request.page_url(context, name)) for name, words in FURTHER],
        "law_digest": context.law.checked.procedure.digest, "draft_digest": context.checked.procedure.digest,
    }


@page(context=DraftBench, name="against", request_method="POST", permission="test")
def keep_run(context: DraftBench, request: Request) -> HTTPSeeOther:
    """Keep that the cases were run under the draft as it is, by whom and when."""
    draft = context.draft
    reason = request.translate(_("Draft ${name}, version ${number}", mapping={
        "name": draft.name, "number": draft.latest.number}))
    run_cases(request.records, context.checked, who=request.visitor.id, at=request.now, reason=reason, draft=draft.name)
    return HTTPSeeOther(request.page_url(context, "against"))


@page(context=DraftBench, name="keep", permission="test")
def keep_with_the_law(context: DraftBench, request: Request) -> HTTPSeeOther:
    """Cases are kept with the law in force: to the form there, with the case of this address."""
    return HTTPSeeOther(request.page_url(context.law, "keep", query=list(request.GET.items())))


def runs_under(place: BenchProcedure, request: Request) -> Iterator[CaseRun]:
    """The runs under exactly these rules, in force or as a draft, the latest first."""
    digest = place.checked.procedure.digest
    for run in islice(request.records.case_runs.of(place.checked.id), MOST_RUNS):
        if run.rules == digest:
            yield run


def flips_of(context: DraftBench, request: Request) -> Iterator[Flip]:
    """Every case of the procedure, of its scenario file and kept on the bench, under both."""
    for case in cases_of(request.records, context.checked):
        law, draft = (run_case(place.checked, case).result for place in (context.law, context))
        told = tuple(differences(context.checked.procedure, draft, request)) if not draft.ok else ()
        yield Flip(case.scenario, law, draft, case_url(context, request, case.scenario),
                   case_url(context.law, request, case.scenario), told)


def case_url(place: BenchProcedure, request: Request, scenario: Scenario) -> str:
    """The scenario as a case on the bench; "" where its facts are none of these rules."""
    try:
        facts = read_facts(place.checked.procedure, scenario.given)
    except InputError:
        return ""
    return str(request.page_url(place, query=address_of(place.checked.procedure, facts)))


def difference_of(old: str, new: str) -> list[DiffLine] | None:
    """Where two texts differ, with three lines around each place; None where they are too long to compare."""
    left, right = old.splitlines(), new.splitlines()
    if max(len(left), len(right)) > MOST_COMPARED:
        return None
    return list(_lines(difflib.unified_diff(left, right, n=3, lineterm="")))


def _lines(found: Iterable[str]) -> Iterator[DiffLine]:
    kinds = {"+": "added", "-": "removed", "@": "place"}
    for number, line in enumerate(found):
        if number >= 2:  # the first two name files
            yield DiffLine(kinds.get(line[:1], "same"), line)


