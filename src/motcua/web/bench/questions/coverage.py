"""Coverage: what the cases of a procedure exercise of its rules, and which cases are missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.dossiers import cases_of
from motcua.errors import InputError, Problem
from motcua.law import Interval
from motcua.procedures import Procedure, plain, read_facts
from motcua.web.bench.questions.asking import Question, begin, question_page
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.case import address_of
from motcua.web.bench.trying.keeping import WORDS
from motcua.web.site.assessments import OUTCOMES, Words
from motcua.web.site.days import period
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: State of something to be shown → colour of its tag, and its word.
STATES: Mapping[str, tuple[str, Any]] = {
    "covered": ("good", _("shown")), "uncovered": ("bad", _("not shown")),
    "waiting": ("open", _("waits for confirmation")),
    "unanswered": ("open", _("not known whether it can happen")), "infeasible": ("quiet", _("can never happen"))}


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of something is shown, of what can be: for a bar and its figures."""

    title: str
    covered: int
    total: int
    infeasible: int
    percent: str
    more: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to be shown of a rule: in words, its state, the cases that show it."""

    text: str
    colour: str
    word: Any
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with something left to show: its kind, title, citation, law versions; its goals by leaf condition."""

    kind: str
    title: str
    citation: str
    versions: tuple[str, ...]
    goals: tuple[Goal, ...]
    leaves: tuple[tuple[str, str, tuple[Goal, ...]], ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A case that is missing: what it shows, what the rules answer, where it can be opened and kept."""

    title: str
    why: str
    outcome: str
    case_url: str
    keep_url: str
    covers: int


@page(context=BenchProcedure, name="coverage", request_method="GET", permission="read",
      renderer="templates/coverage.jinja2")
def coverage_page(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """What the cases exercise."""
    return _page(context, request)


@page(context=BenchProcedure, name="coverage", request_method="POST", permission="test",
      renderer="templates/coverage.jinja2")
def ask_coverage(context: BenchProcedure, request: Request) -> Any:
    """Work it out."""
    leave, errors = begin(context, request, coverage_question(context, request))
    return leave or _page(context, request, errors)


def coverage_question(context: BenchProcedure, request: Request) -> Question:
    """The question of a procedure's coverage by its cases as they are now."""
    cases = [plain({"id": each.scenario.id, "given": each.scenario.given, "expect": each.scenario.expect,
                    "proposed": each.scenario.proposed}) for each in cases_of(request.records, context.checked)]
    text = json.dumps(cases, sort_keys=True, default=str)
    return Question("coverage", {"cases": hashlib.sha256(text.encode()).hexdigest()}, {"all": json.loads(text)})


def _page(context: BenchProcedure, request: Request, errors: tuple[ErrorLink, ...] = ()) -> dict[str, Any]:
    def show(found: Any) -> dict[str, Any]:
        return _shown(context, request, found) if found else {"found": None}

    return question_page(context, request, _("Coverage"), coverage_question(context, request), show, errors)


def _shown(context: BenchProcedure, request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    lang, procedure = request.lang, context.checked.procedure
    words = Words(procedure, lang)
    chosen = next((each for each in found["versions"] if each["law_version"] == request.GET.get("version")), None)
    wanted = set(found["uncovered"])
    items = [item for item in found["items"] if item["key"] in wanted
             and (chosen is None or item["key"] in chosen["items"])]
    kinds = {each["kind"]: each[lang] for each in found["kinds"]}
    return {
        "found": found, "chosen": chosen, "all_url": request.page_url(context, "coverage"),
        "chosen_words": _period(chosen["law_version"], lang) if chosen else "",
        "total": _bar("", found["total"], lang), "mcdc": _bar("", found["mcdc"], lang),
        "kinds": [_bar(each[lang], each, lang) for each in found["kinds"] if each["total"]],
        "versions": [_bar(_period(each["law_version"], lang), each["count"], lang, str(each["scenarios"]),
                          request.page_url(context, "coverage", query={"version": each["law_version"]}))
                     for each in found["versions"]],
        "rules": [_rule(item, kinds, words) for item in items],
        "install": "" if found["is_examined"] else Problem("COV_001").message(lang),
        "suggestions": list(_suggested(context, request, procedure, found["suggestions"])),
        "unusable": [(each["id"], [problem[lang] for problem in each["problems"]])
                     for each in found["scenarios"]["unusable"]],
    }


def _bar(title: str, count: Mapping[str, Any], lang: str, more: str = "", url: str = "") -> Bar:
    percent = count["percent"].removesuffix(".0")
    return Bar(title, count["covered"], count["total"], count["infeasible"],
               percent if lang == "en" else percent.replace(".", ","), more, url)


def _period(law_version: str, lang: str) -> str:
    return period(Interval.parse(law_version), lang)


def _rule(item: Mapping[str, Any], kinds: Mapping[str, str], words: Words) -> Rule:
    lang = words.lang
    leaves = tuple((leaf[lang], leaf["text"], (_goal(leaf["true"], lang), _goal(leaf["false"], lang)))
                   for leaf in item["leaves"] if leaf["state"] not in ("covered", "infeasible"))
    goals = tuple(_goal(goal, lang) for goal in item["goals"] if goal["state"] not in ("covered", "infeasible"))
    return Rule(kinds[item["kind"]], item[lang], words.citation(item["cite"]),
                tuple(_period(each, lang) for each in item["law_versions"]), goals, leaves)


def _goal(goal: Mapping[str, Any], lang: str) -> Goal:
    colour, word = STATES[goal["state"]]
    return Goal(goal[lang], colour, word, tuple(goal["scenarios"]))


def _suggested(context: BenchProcedure, request: Request, procedure: Procedure,
               suggestions: list[Mapping[str, Any]]) -> Iterator[Suggested]:
    for each in suggestions:
        try:
            pairs = address_of(procedure, read_facts(procedure, each["given"]))
        except InputError:
            continue
        hints = zip(WORDS, (each["id"], each["vi"], each["en"], each["why"][request.lang]), strict=True)
        outcome = OUTCOMES.get(str(each["proposed"].get("outcome")))
        yield Suggested(each[request.lang], each["why"][request.lang],
                        request.translate(outcome[1]) if outcome else "", request.page_url(context, query=pairs),
                        request.page_url(context, "keep", query=[*pairs, *hints]), len(each["covers"]))
