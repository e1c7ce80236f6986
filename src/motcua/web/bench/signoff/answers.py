"""What the long questions have answered of a text of the rules, as the report to sign off has it.

Nothing is worked out here: the tabs Checks, Coverage, Compare laws and Impact do, and keep their answers. An answer
that is not there is said to be missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from motcua.web.bench.drafts.places import DraftBench
from motcua.web.bench.questions import checks
from motcua.web.bench.questions.coverage import coverage_question
from motcua.web.bench.questions.impact import impact_question
from motcua.web.bench.questions.jobs import Job, job
from motcua.web.bench.questions.laws import Sides, compare_question

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.web.bench.questions.asking import Question
    from motcua.web.bench.resources import BenchProcedure


def checks_of(place: BenchProcedure, request: Request) -> dict[str, Any]:
    """What the proof found: open findings, those intended with their reasons, and what it could not answer."""
    found = _job(place, request, checks.QUESTION)
    if found.state != "done":
        return {"state": _state(found), "open": [], "intended": [], "unanswered": []}
    findings = [_finding(each) for each in found.result["findings"]]
    return {"state": "done", "open": [each for each in findings if each["because"] is None],
            "intended": [each for each in findings if each["because"] is not None],
            "unanswered": [_unanswered(each) for each in found.result["unanswered"]]}


def coverage_of(place: BenchProcedure, request: Request) -> dict[str, Any]:
    """How much of the rules the cases exercise, and which rules they do not exercise whole."""
    found = _job(place, request, coverage_question(place, request))
    if found.state != "done":
        return {"state": _state(found)}
    wanted = set(found.result["uncovered"])
    uncovered = [{name: each[name] for name in ("key", "vi", "en")}
                 for each in found.result["items"] if each["key"] in wanted]
    return {"state": "done", "total": _count(found.result["total"]), "mcdc": _count(found.result["mcdc"]),
            "uncovered": uncovered}


def comparison_of(place: BenchProcedure, request: Request) -> dict[str, Any] | None:
    """What a draft changes in what the rules say, each way with a case; None for the rules in force."""
    if not isinstance(place, DraftBench):
        return None
    sides = Sides(place.law.checked.procedure, place.checked.procedure, None, None, ("", ""))
    found = _job(place, request, compare_question(sides))
    if found.state != "done":
        return {"state": _state(found), "effects": []}
    effects = [{name: each[name] for name in ("state", "vi", "en")} for each in found.result["effects"] or ()]
    return {"state": "done", "vi": found.result["vi"], "en": found.result["en"],
            "effects": [each for each in effects if each["state"] != "none"]}


def impact_of(place: BenchProcedure, request: Request) -> dict[str, Any] | None:
    """What the draft would change for the stored dossiers, and when that was asked; None for the rules in force."""
    if place.draft is None:
        return None
    found = _job(place, request, impact_question(place, request))
    if found.state != "done":
        return {"state": _state(found)}
    flips = found.result["flips"]
    return {"state": "done", "at": found.at.isoformat(timespec="minutes") if found.at else None,
            "counts": found.result["counts"],
            "outcomes": [{name: each[name] for name in ("from", "to", "count")} for each in flips["outcome"]],
            "provisions": [{name: each[name] for name in ("kind", "id", "vi", "en", "count")}
                           for each in flips["provisions"]]}


def _job(place: BenchProcedure, request: Request, question: Question) -> Job:
    return job(request, place.checked.procedure, question.kind, question.arguments)


def _state(found: Job) -> str:
    return "done" if found.state == "done" else "open" if found.is_open else "absent"


def _count(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("covered", "total", "infeasible", "percent")}


def _finding(said: Mapping[str, Any]) -> dict[str, Any]:
    text = {lang: f"{said['title'][lang]}: {said[lang]}" for lang in ("vi", "en")}
    return {"id": _key(said["kind"], said["subject"], said["law_versions"], text), "kind": said["kind"],
            "subject": said["subject"], **text, "law_versions": said["law_versions"], "because": said["intended"]}


def _unanswered(said: Mapping[str, Any]) -> dict[str, Any]:
    text = {lang: f"{said['title'][lang]} ({said['subject']})" for lang in ("vi", "en")}
    versions = [said["law_version"]]
    return {"id": _key(said["kind"], said["subject"], versions, text), **text, "law_versions": versions}


def _key(kind: str, *what: Any) -> str:
    text = json.dumps(what, ensure_ascii=False, sort_keys=True)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
