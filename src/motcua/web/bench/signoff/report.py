"""The report that is signed off: what a text of the rules is, how it was tested, what is open.

The report is JSON in both languages, the same for the same rules, cases, runs and answers: no time of day is in it
but that of the runs. A sign-off keeps it as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motcua.conditions import read_value, show_value
from motcua.dossiers import SYSTEM, CaseOutcome, cases_of, run_case
from motcua.errors import InputError
from motcua.law import Text
from motcua.version import __version__
from motcua.web.bench.drafts.comparing import flips_of, runs_under
from motcua.web.bench.drafts.page import law_text
from motcua.web.bench.drafts.places import DraftBench
from motcua.web.bench.signoff.answers import checks_of, comparison_of, coverage_of, impact_of

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.procedures import Document, Procedure, Requirement
    from motcua.web.bench.resources import BenchProcedure


def report_of(place: BenchProcedure, request: Request) -> dict[str, Any]:
    """The report of the rules of a place, worked out now."""
    procedure = place.checked.procedure
    outcomes = [run_case(place.checked, case) for case in cases_of(request.records, place.checked)]
    report: dict[str, Any] = {
        "procedure": {"id": procedure.id, **_text(procedure.title)},
        "rules": {"digest": procedure.digest, "file": file_of(place), "draft": _draft(place, request),
                  "law_versions": [str(version) for version in procedure.versions],
                  "sources": [_source(procedure, key) for key in sorted(_cited(procedure))],
                  "motcua": __version__},
        "authors": [{"id": each, "name": _name(request, each)} for each in authors_of(place, request)],
        "testers": testers_of(place, request),
        "cases": _cases(outcomes, procedure),
        "coverage": coverage_of(place, request),
        "checks": checks_of(place, request),
        "flips": _flips(place, request),
        "comparison": comparison_of(place, request),
        "impact": impact_of(place, request),
        "unchecked": _text(procedure.unchecked) if procedure.unchecked else None,
        "gaps": [_text(gap) for gap in procedure.gaps],
        "notes": [_text(note) for note in procedure.notes],
    }
    return {**report, "to_acknowledge": list(_to_acknowledge(report))}


def bytes_of(report: Mapping[str, Any]) -> bytes:
    """The report as it is kept: the same bytes for the same report."""
    return json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(report: Mapping[str, Any]) -> str:
    """By which a reader tells that the report is still the one that was read."""
    return hashlib.sha256(bytes_of(report)).hexdigest()


def rule_text(place: BenchProcedure) -> str:
    """The rule file the report is about."""
    return place.draft.latest.text if place.draft is not None else law_text(place.checked)


def file_of(place: BenchProcedure) -> str:
    """The name of the rule file as people know it."""
    if place.draft is not None:
        return f"{place.draft.name}.yaml"
    path = Path(place.checked.procedure.path)
    return f"{path.parent.name}/{path.name}"


def authors_of(place: BenchProcedure, request: Request) -> tuple[str, ...]:
    """Who wrote the text: the authors of the draft, or of the drafts that became these rules."""
    if place.draft is not None:
        return place.draft.authors
    return tuple(request.records.law_drafts.writers_of(place.checked.id, rule_text(place)))


def testers_of(place: BenchProcedure, request: Request) -> list[dict[str, Any]]:
    """The people who ran the cases under exactly these rules, with their last run."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs_under(place, request):
        if run.who == SYSTEM:
            continue
        about = found.setdefault(run.who, {
            "id": run.who, "name": _name(request, run.who), "last": run.at.isoformat(timespec="minutes"), "runs": 0,
            "passed": run.passed, "failed": run.failed, "waiting": run.waiting, "engine": run.engine})
        about["runs"] += 1
    return list(found.values())


def _draft(place: BenchProcedure, request: Request) -> dict[str, Any] | None:
    draft = place.draft
    if draft is None:
        return None
    latest = draft.latest
    return {"name": draft.name, "version": latest.number, "by": _name(request, latest.author),
            "at": latest.at.isoformat(timespec="minutes")}


def _cases(outcomes: list[CaseOutcome], procedure: Procedure) -> dict[str, Any]:
    states = [outcome.result.state for outcome in outcomes]
    return {**{state: states.count(state) for state in ("passed", "failed", "waiting")},
            "list": [_case(outcome, procedure) for outcome in outcomes]}


def _case(outcome: CaseOutcome, procedure: Procedure) -> dict[str, Any]:
    scenario, result = outcome.case.scenario, outcome.result
    title = scenario.title or Text(scenario.id, scenario.id)
    kept = outcome.kept
    problems = [{"vi": problem.message("vi"), "en": problem.message("en")} for problem in result.problems]
    return {"id": scenario.id, **_text(title), "why": _text(scenario.why) if scenario.why else None,
            "grid": outcome.case.grid, "state": result.state, "outcome": kept.outcome,
            "law_version": kept.law_version, "problems": problems,
            "differs": [{"key": key, **_text(_title_of(key, procedure)),
                         "expected": _worded(key, kept.expected.get(key), procedure),
                         "got": _worded(key, kept.got.get(key), procedure)} for key in result.differing]}


def _title_of(key: str, procedure: Procedure) -> Text:
    known = {"outcome": Text("Kết luận", "Outcome"), "failed": Text("Điều kiện chưa đáp ứng", "Requirements not met"),
             "documents": Text("Giấy tờ cần nộp", "Documents needed")}
    decision = procedure.decisions.get(key)
    return decision.title if decision else known.get(key, Text(key, key))


def _flips(place: BenchProcedure, request: Request) -> list[dict[str, Any]] | None:
    """The cases that come out otherwise than under the rules in force; None where these are the rules in force."""
    if not isinstance(place, DraftBench):
        return None
    return [{"id": flip.scenario.id, **_text(flip.scenario.title or Text(flip.scenario.id, flip.scenario.id)),
             "law": flip.law.state, "draft": flip.draft.state}
            for flip in flips_of(place, request) if flip.kind in ("broken", "repaired", "changed")]


def _to_acknowledge(report: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What may not be passed over: each needs a reason of whoever signs."""
    cases = report["cases"]
    if report["unchecked"]:
        yield {"id": "unchecked", **report["unchecked"]}
    if not cases["list"]:
        yield {"id": "no-cases", "vi": "Không có trường hợp thử nào.", "en": "There are no cases."}
    for case in cases["list"]:
        if case["state"] == "failed":
            yield {"id": f"case:{case['id']}", "vi": f"Không đạt: {case['vi']} ({case['id']})",
                   "en": f"Fails: {case['en']} ({case['id']})"}
    checks = report["checks"]
    if checks["state"] != "done":
        yield {"id": "no-checks", "vi": "Chưa có kết quả chứng minh cho bộ quy định này.",
               "en": "These rules have not been proved: there is no answer of the checks."}
    for finding in checks["open"]:
        yield {"id": f"finding:{finding['id']}", "vi": finding["vi"], "en": finding["en"]}
    for unanswered in checks["unanswered"]:
        yield {"id": f"unanswered:{unanswered['id']}", "vi": f"Chưa trả lời được: {unanswered['vi']}",
               "en": f"Not answered: {unanswered['en']}"}


def _cited(procedure: Procedure) -> set[str]:
    rows = (row for decision in procedure.decisions.values() for row in decision.rows)
    parts: tuple[Any, ...] = (*procedure.applies, *procedure.requirements, *procedure.documents,
                              *procedure.transitional, *rows)
    return {place.source for part in parts if part.citation for place in part.citation.places
            if place.source in procedure.sources}


def _source(procedure: Procedure, key: str) -> dict[str, str]:
    source = procedure.sources[key]
    return {"key": key, "vi": source.show("vi"), "en": source.show("en"), "in_force": str(source.in_force)}


def _name(request: Request, account_id: str) -> str:
    account = request.records.accounts.get(account_id)
    return account_id if account is None else str(account.title or account.name)


def _text(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _worded(key: str, value: Any, procedure: Procedure) -> dict[str, str]:
    """A value of a case in both languages, and as it is written: pages have words of their own for outcomes."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return {"value": "; ".join(map(str, values)),
            **{lang: "; ".join(_shown(key, each, procedure, lang) for each in values) or "–" for lang in ("vi", "en")}}


def _shown(key: str, value: Any, procedure: Procedure, lang: str) -> str:
    named: dict[str, tuple[Requirement | Document, ...]] = {
        "failed": procedure.requirements, "documents": procedure.documents}
    decision = procedure.decisions.get(key)
    if decision is not None:
        try:
            return show_value(decision.type, read_value(decision.type, value), lang, procedure.labels)
        except InputError:
            return str(value)
    return next((each.title.get(lang).rstrip(".") for each in named.get(key, ()) if each.id == value), str(value))
