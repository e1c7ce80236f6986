"""What the long questions have answered of a text of the rules, as the report to sign off has it.

Nothing is worked out here: the tabs Checks, Coverage and Impact do, and keep their answers. An answer that is not
there is said to be missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from motcua.web.bench.coverage import coverage_question
from motcua.web.bench.jobs import Job, job

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.web.bench.resources import BenchProcedure


def checks_of(place: BenchProcedure, request: Request) -> dict[str, Any]:
    """What the proof found: open findings, those intended with their reasons, and what it could not answer."""
    found = job(request, place.checked.procedure, "checks", {})
    empty: dict[str, Any] = {"state": _state(found), "open": [], "intended": [], "unanswered": []}
    if found.state != "done":
        return empty
    findings = [_finding(each) for each in found.result.get("findings", ())]
    return {**empty, "open": [each for each in findings if each["because"] is None],
            "intended": [each for each in findings if each["because"] is not None],
            "unanswered": [_finding(each) for each in found.result.get("unanswered", ())]}


def coverage_of(place: BenchProcedure, request: Request) -> dict[str, Any]:
    """How much of the rules the cases exercise, and which rules they do not exercise whole."""
    question = coverage_question(place, request)
    found = job(request, place.checked.procedure, question.kind, question.arguments)
    if found.state != "done":
        return {"state": _state(found)}
    wanted = set(found.result["uncovered"])
    uncovered = [{name: each[name] for name in ("key", "vi", "en")}
                 for each in found.result["items"] if each["key"] in wanted]
    return {"state": "done", "total": _count(found.result["total"]), "mcdc": _count(found.result["mcdc"]),
            "uncovered": uncovered}


def impact_of(place: BenchProcedure, request: Request) -> dict[str, Any] | None:
    """What the draft would change of the stored dossiers; None for the rules in force."""
    return None


def _state(found: Job) -> str:
    return "done" if found.state == "done" else "open" if found.is_open else "absent"


def _count(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said.get(name) for name in ("covered", "total", "infeasible", "percent")}


def _finding(said: Mapping[str, Any]) -> dict[str, Any]:
    words, because = said.get("text") or said, said.get("intended")
    kind, subject = str(said.get("kind", "")), str(said.get("subject", ""))
    text = {"vi": str(words.get("vi", "")), "en": str(words.get("en", ""))}
    key = json.dumps([kind, subject, text], ensure_ascii=False)
    return {"id": f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:10]}", "kind": kind, "subject": subject, **text,
            "law_versions": [str(each) for each in said.get("law_versions") or ()],
            "because": {lang: str(because.get(lang, "")) for lang in ("vi", "en")} if because else None}
