"""What a scenario file should not say: unknown keys, facts and expectations, nothing expected, no title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from motcua.conditions import read_value
from motcua.errors import InputError, Place, Problem, RuleFileError
from motcua.procedures.facts import read_facts
from motcua.procedures.loader import read_file
from motcua.procedures.model import Procedure
from motcua.procedures.scenarios import AS_SETS, AS_WORDS, DECISION_KEYS, load_scenarios
from motcua.procedures.schema import ScenarioShape
from motcua.procedures.wording import did_you_mean

_KEYS = tuple(ScenarioShape.model_fields)
_OTHER = ("requirements", "transitional")


def lint_scenarios(path: Path, procedures: Mapping[str, Procedure]) -> list[Problem]:
    """Every error and warning of a scenario file, without running it."""
    try:
        file = load_scenarios(path)
        entries = read_file(path, aliases=True).data["scenarios"]
    except RuleFileError as error:
        return list(error.problems)
    procedure = procedures.get(file.procedure_id)
    if procedure is None:
        hint = did_you_mean(file.procedure_id, procedures)
        return [Problem("SCEN_007", {"procedure": file.procedure_id, "hint": hint}, Place(str(path), 1, 1))]
    problems: list[Problem] = []
    seen: set[str] = set()
    for scenario, entry in zip(file.scenarios, entries, strict=True):
        problems.extend(_written(entry, scenario.place, scenario.id in seen))
        seen.add(scenario.id)
        if scenario.problem is not None:
            problems.append(scenario.problem)
            continue
        problems.extend(_placed(_given(procedure, scenario.given), scenario.place))
        problems.extend(_placed(expectations(procedure, scenario.expect), scenario.place))
    return problems


def expectations(procedure: Procedure, expect: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with an ``expect`` before anything is run."""
    known = [*procedure.decisions, *AS_SETS, *AS_WORDS, *_OTHER]
    for key, expected in expect.items():
        decision = procedure.decisions.get(key)
        if decision is None:
            if key not in known:
                yield Problem("SCEN_006", {"key": key, "hint": did_you_mean(key, known)})
            continue
        wanted = expected if isinstance(expected, dict) else {"value": expected}
        for part in wanted:
            if part not in DECISION_KEYS:
                hint = did_you_mean(str(part), DECISION_KEYS)
                yield Problem("SCEN_006", {"key": f"{key}.{part}", "hint": hint})
        try:
            if wanted.get("value") is not None and not isinstance(wanted["value"], list):
                read_value(decision.type, wanted["value"])
        except InputError as error:
            yield from error.problems


def _given(procedure: Procedure, given: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        read_facts(procedure, given)
    except InputError as error:
        yield from error.problems


def _written(entry: Mapping[str, Any], place: Place | None, again: bool) -> Iterator[Problem]:
    id_ = str(entry["id"])
    if again:
        yield Problem("SCEN_012", {"id": id_}, place)
    for key in entry:
        if key not in _KEYS:
            yield Problem("SCEN_010", {"id": id_, "key": key, "hint": did_you_mean(key, _KEYS)}, place)
    if not entry.get("expect"):
        yield Problem("SCEN_011", {"id": id_}, place, "warning")
    if not (entry.get("vi") and entry.get("en")):
        yield Problem("SCEN_013", {"id": id_}, place, "warning")


def _placed(problems: Iterator[Problem], place: Place | None) -> Iterator[Problem]:
    for problem in problems:
        at = problem.place.field if problem.place else None
        where = None if place is None else Place(place.file, place.line, place.column, at, place.source_line)
        yield Problem(problem.code, problem.params, where, problem.severity)
