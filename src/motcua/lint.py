"""``motcua lint``: everything that can be said of rule, scenario and form files together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from motcua.catalogue import find_forms
from motcua.engine import assess
from motcua.errors import FormError, MotcuaError, Place, Problem
from motcua.law import Text, did_you_mean
from motcua.procedures import (
    SCENARIOS_SUFFIX,
    Procedure,
    Requirement,
    lint_common,
    lint_procedure,
    lint_scenarios,
    load_scenarios,
    read_facts,
    read_folder,
    warning,
)

_STATES: Mapping[str, Text] = {"met": Text("đạt", "met"), "unmet": Text("không đạt", "unmet")}


def lint(rules: Path, forms: Path | None = None, only: Path | None = None) -> list[Problem]:
    """Every error and warning of a rules folder and a forms folder.

    Args:
        rules: folder with ``sources.yaml``, rule files, scenario files and what procedures have in common.
        forms: folder of the XForms, or None to leave forms out.
        only: tell only the problems of this file, or of the files below this folder.
    """
    found, problems = read_folder(rules)
    unread = any(problem.severity == "error" for problem in problems)
    for path in sorted(rules.rglob(f"*{SCENARIOS_SUFFIX}")):
        problems += lint_scenarios(path, found)
    for procedure in found.values():
        problems += [*lint_procedure(procedure), *_scenario_coverage(procedure)]
    problems += lint_common(rules, found)
    problems += [] if forms is None else _forms(forms, found)
    # scenarios and forms of a rule file that cannot be read wait until it is repaired
    problems = [problem for problem in problems if not (unread and problem.code == "SCEN_007")]
    return [problem for problem in problems if only is None or _is_within(problem, only)]


def _is_within(problem: Problem, only: Path) -> bool:
    file = problem.place.file if problem.place else None
    return file is not None and Path(file).absolute().is_relative_to(only.absolute())


def _scenario_coverage(procedure: Procedure) -> Iterator[Problem]:
    """Each wording of each requirement wants a scenario in which it is met and one in which it is not."""
    path = Path(procedure.path)
    beside = path.with_name(path.stem + SCENARIOS_SUFFIX)
    if not beside.is_file():
        first = next((requirement.place for requirement in procedure.requirements), None)
        yield warning("RULE_112", first, file=beside.name)
        return
    reached = _states_reached(procedure, beside)
    for requirement in procedure.requirements:
        for state, text in _STATES.items():
            if requirement.in_force.overlaps(procedure.covers) and (id(requirement), state) not in reached:
                yield warning("RULE_113", requirement.place, id=requirement.id,
                              in_force=str(requirement.in_force), state=text)


def _states_reached(procedure: Procedure, scenarios: Path) -> set[tuple[int, str]]:
    reached: set[tuple[int, str]] = set()
    try:
        file = load_scenarios(scenarios)
    except MotcuaError:
        return reached  # already told by the linter of scenarios
    for scenario in file.scenarios:
        if scenario.is_waiting:
            continue  # nobody stands for it yet
        try:
            assessment = assess(procedure, read_facts(procedure, scenario.given), engine="conditions")
        except MotcuaError:
            continue  # a scenario that cannot be run is told where it stands
        if assessment.law_date is None:
            continue
        wordings: dict[str, Requirement] = {
            each.id: each for each in procedure.version_on(assessment.law_date).requirements}
        reached.update((id(wordings[each.id]), each.state) for each in assessment.requirements)
    return reached


def _forms(folder: Path, procedures: Mapping[str, Procedure]) -> Iterator[Problem]:
    # a project without forms need not read the package of forms
    from motcua.forms import check_bindings, load_form

    try:
        paths = find_forms(folder)
    except FormError as error:
        yield from error.problems
        return
    for name, path in paths.items():
        try:
            if name in procedures:
                form = load_form(path)
                yield from (*form.warnings, *check_bindings(form, procedures[name]))
            else:
                params = {"procedure": name, "hint": did_you_mean(name, procedures)}
                yield Problem("SCEN_007", params, Place(str(path)))
        except FormError as error:
            yield from error.problems
