"""Checks: what a proof finds about the rules of a procedure themselves, each finding with a case that can be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.errors import InputError
from motcua.law import Interval
from motcua.procedures import read_facts
from motcua.web.bench.questions.asking import Question, begin, question_page
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.case import address_of
from motcua.web.site.assessments import Words
from motcua.web.site.days import period
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

QUESTION = Question("checks")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the rules that is probably wrong, or ``intended`` for a reason, in one language.

    ``because`` are conditions in words and as written; ``paste`` the note that says it is intended. ``case_url`` opens
    the case that shows it, "" where no case can; ``telling`` are the facts that make it so, ``example`` says it.
    """

    title: str
    text: str
    citation: str
    versions: tuple[str, ...]
    because: tuple[tuple[str, str], ...]
    fix: str
    intended: str
    is_stale: bool
    paste: str
    place: str
    example: str
    telling: tuple[tuple[str, str], ...]
    case_url: str


@page(context=BenchProcedure, name="checks", request_method="GET", permission="read",
      renderer="templates/checks.jinja2")
def checks_page(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """What the proof found."""
    return _page(context, request)


@page(context=BenchProcedure, name="checks", request_method="POST", permission="test",
      renderer="templates/checks.jinja2")
def ask_checks(context: BenchProcedure, request: Request) -> Any:
    """Begin the proof."""
    leave, errors = begin(context, request, QUESTION)
    return leave or _page(context, request, errors)


def _page(context: BenchProcedure, request: Request, errors: tuple[ErrorLink, ...] = ()) -> dict[str, Any]:
    def show(found: Any) -> dict[str, Any]:
        return _shown(context, request, found) if found else {"found": None}

    return question_page(context, request, _("Checks"), QUESTION, show, errors)


def _shown(context: BenchProcedure, request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    lang = request.lang
    words = Words(context.checked.procedure, lang)
    findings = [_finding(context, request, each, words) for each in found["findings"]]
    return {
        "found": found, "open_findings": [each for each in findings if not each.intended],
        "intended": [each for each in findings if each.intended],
        "unanswered": [(each["title"][lang], each["subject"], period(Interval.parse(each["law_version"]), lang))
                       for each in found["unanswered"]],
        "unmatched": [(each["subject"], each["because"][lang]) for each in found["unmatched"]],
        "versions": len(found["law_versions"]),
    }


def _finding(context: BenchProcedure, request: Request, found: Mapping[str, Any], words: Words) -> Finding:
    lang, place = request.lang, found["place"] or {}
    versions = tuple(period(Interval.parse(each), lang) for each in found["law_versions"])
    because = tuple((each[lang], each["feel"]) for each in found["because"])
    intended = (found["intended"] or {}).get(lang, "")
    where = f"{str(place.get('file', '')).rpartition('/')[2]}:{place['line']}" if place.get("line") else ""
    case = found["case"] or {}
    telling = tuple((words.title(name), words.value(name, case[name]))
                    for name in found.get("telling") or () if name in case)
    return Finding(found["title"][lang], found[lang], words.citation(found["cite"]), versions, because,
                   found["fix"][lang], intended, bool(found["stale"]), found["paste"], where,
                   (found.get("example") or {}).get(lang, ""), telling, _case_url(context, request, found["case"]))


def _case_url(context: BenchProcedure, request: Request, facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return ""
    procedure = context.checked.procedure
    try:
        return str(request.page_url(context, query=address_of(procedure, read_facts(procedure, facts))))
    except InputError:
        return ""
