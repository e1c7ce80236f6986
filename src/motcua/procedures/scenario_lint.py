"""What a scenario file should not say: unknown keys, facts and expectations, nothing expected, no title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from motcua.conditions import read_value
from motcua.errors import InputError, Place, Problem, RuleFileError
from motcua.law import did_you_mean
from motcua.procedures.facts import read_facts
from motcua.procedures.loader import read_file
from motcua.procedures.model import Procedure
from motcua.procedures.scenarios import AS_SETS, AS_WORDS, DECISION_KEYS, load_scenarios
from motcua.procedures.schema import ScenarioShape
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import YamlText

_KEYS = tuple(ScenarioShape.model_fields)
_OTHER = ("requirements", "transitional")
_OUTCOMES = ("eligible", "ineligible", "not_required", "undetermined")


def lint_scenarios(path: Path, procedures: Mapping[str, Procedure]) -> list[Problem]:
    """Every error and warning of a scenario file, without running it."""
    try:
        file = load_scenarios(path)
        source = read_file(path, aliases=True)
        entries = source.data["scenarios"]
    except RuleFileError as error:
        return list(error.problems)
    procedure = procedures.get(file.procedure_id)
    if procedure is None:
        hint = did_you_mean(file.procedure_id, procedures)
        return [Problem("SCEN_007", {"procedure": file.procedure_id, "hint": hint}, Place(str(path), 1, 1))]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, (scenario, entry) in enumerate(zip(file.scenarios, entries, strict=True)):
        problems.extend(_written(entry, scenario.place, scenario.id in seen))
        seen.add(scenario.id)
        if scenario.problem is not None:
            problems.append(scenario.problem)
            continue
        problems.extend(_placed(_given(procedure, scenario.given, scenario.written), source, index, "given"))
        problems.extend(_placed(expectations(procedure, scenario.expect), source, index, "expect"))
        problems.extend(_placed(expectations(procedure, scenario.proposed), source, index, "proposed"))
    return problems


def expectations(procedure: Procedure, expect: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with an ``expect`` before anything is run."""
    known = [*procedure.decisions, *AS_SETS, *AS_WORDS, *_OTHER]
    for key, expected in expect.items():
        decision = procedure.decisions.get(key)
        if decision is None:
            if key not in known:
                place = Place(field=key)
                yield Problem("SCEN_006", {"key": key, "hint": did_you_mean(key, known)}, place)
            yield from _unknown_words(procedure, key, expected)
            continue
        wanted = expected if isinstance(expected, dict) else {"value": expected}
        for part in wanted:
            if part not in DECISION_KEYS:
                hint = did_you_mean(str(part), DECISION_KEYS)
                yield Problem("SCEN_006", {"key": f"{key}.{part}", "hint": hint}, Place(field=key))
        try:
            if wanted.get("value") is not None and not isinstance(wanted["value"], list):
                read_value(decision.type, wanted["value"])
        except InputError as error:
            yield from (replace(problem, place=Place(field=key)) for problem in error.problems)


def _unknown_words(procedure: Procedure, key: str, expected: Any) -> Iterator[Problem]:
    """Outcomes and ids that no assessment of the procedure can hold."""
    requirements = [each.id for each in procedure.requirements]
    known = {"outcome": _OUTCOMES, "failed": requirements, "undetermined": requirements,
             "documents": [each.id for each in procedure.documents], "missing": list(procedure.facts)}.get(key)
    if known is None or expected is None:
        return
    code = "SCEN_014" if key == "outcome" else "SCEN_015"
    for word in expected if isinstance(expected, list) else [expected]:
        if str(word) not in known:
            params = {"key": key, "value": shown(word), "hint": did_you_mean(str(word), known),
                      "known": ", ".join(_OUTCOMES)}
            yield Problem(code, params, Place(field=key))


def _given(procedure: Procedure, given: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the facts; those taken over with `like` are told where they are written."""
    try:
        read_facts(procedure, given)
    except InputError as error:
        for problem in error.problems:
            fact = problem.place.field if problem.place else None
            if fact not in given or fact in written:
                yield problem


def _written(entry: Mapping[str, Any], place: Place | None, again: bool) -> Iterator[Problem]:
    id_ = str(entry["id"])
    if again:
        yield Problem("SCEN_012", {"id": id_}, place)
    for key in entry:
        if key not in _KEYS:
            yield Problem("SCEN_010", {"id": id_, "key": key, "hint": did_you_mean(key, _KEYS)}, place)
    if entry.get("proposed"):
        yield Problem("SCEN_017" if entry.get("expect") else "SCEN_016", {"id": id_}, place, "warning")
    elif not entry.get("expect"):
        yield Problem("SCEN_011", {"id": id_}, place, "warning")
    if not (entry.get("vi") and entry.get("en")):
        yield Problem("SCEN_013", {"id": id_}, place, "warning")


def _placed(problems: Iterator[Problem], source: YamlText, index: int, part: str) -> Iterator[Problem]:
    """Each problem at the key of ``given``, ``expect`` or ``proposed`` that its field names."""
    for problem in problems:
        at = problem.place.field if problem.place else None
        path = ("scenarios", index) if at is None else ("scenarios", index, part, at)
        yield replace(problem, place=replace(source.place(path, key=at is not None), field=at))
