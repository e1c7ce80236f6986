"""Running scenarios: each through one reader of the law, or through all of them, which must agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from motcua.analysis.bulk import is_installed, require, sql_reader
from motcua.catalogue import Catalogue
from motcua.engine import assess
from motcua.errors import InputError, MotcuaError, Place, Problem, RuleFileError
from motcua.law import did_you_mean
from motcua.procedures import (
    SCENARIOS_SUFFIX,
    Procedure,
    Scenario,
    ScenarioFile,
    compare,
    load_scenarios,
    plain,
    read_facts,
)

EngineName = Literal["durable-rules", "conditions"]
State = Literal["passed", "failed", "waiting"]
Reader = Callable[[Procedure, Mapping[str, Any]], Mapping[str, Any]]


def _through_engine(engine: EngineName, procedure: Procedure, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return assess(procedure, facts, engine=engine).to_json()


READERS: Final[dict[str, Reader]] = {
    "durable-rules": partial(_through_engine, "durable-rules"),
    "conditions": partial(_through_engine, "conditions"),
    "sql": sql_reader,
}
"""The readers of the law: each answers with the assessment as JSON. A further one is added here by name.

One that answers many cases at once has a method ``many(procedure, cases)``, which gives an answer or a `MotcuaError`
for each.
"""

NEEDS_EXTRA: Final = frozenset({"sql"})
"""The readers that need the extra ``analysis``: without it "all" means all others."""

FILE_ITSELF: Final = "(file)"
_SCENARIOS_KEY: Final = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?scenarios[\"']?[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one scenario, as JSON; ``got`` holds only what was compared.

    One whose outcome nobody confirmed is ``waiting``: neither passed nor failed, whatever came. Its ``expected`` is
    what was proposed.
    """

    file: str
    id: str
    ok: bool
    expected: Any
    got: Any
    differing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    place: Place | None = None
    waiting: bool = False

    @property
    def state(self) -> State:
        """What it counts as."""
        return "waiting" if self.waiting else "passed" if self.ok else "failed"

    def to_json(self) -> dict[str, Any]:
        """As ``motcua test --json`` shows it."""
        shown = {"file": self.file, "id": self.id, "ok": self.ok, "expected": self.expected, "got": self.got}
        return {**shown, "waiting": True} if self.waiting else shown


def run_scenarios(catalogue: Catalogue, paths: Iterable[Path | str], engine: str = "durable-rules",
                  procedure: str | None = None) -> list[Result]:
    """Run every scenario of the files in ``paths``, and of the scenario files below its folders.

    ``engine`` is a name in `READERS`, or "all": a disagreement between readers fails the scenario. What
    cannot be read is a failed result with its message, never an end of the run.

    Raises:
        InputError: SCEN_009, no such engine.
        MotcuaError: BULK_001, what the engine needs is not installed.
    """
    readers = _readers(engine)
    results: list[Result] = []
    for path in scenario_files(paths):
        try:
            file = load_scenarios(path)
        except RuleFileError as error:
            results.append(_failed(str(path), FILE_ITSELF, {}, error.problems))
            continue
        if procedure in (None, file.procedure_id):
            results.extend(run_file(catalogue, file, readers))
    return results


def run_file(catalogue: Catalogue, file: ScenarioFile, readers: Mapping[str, Reader] | None = None,
             scenarios: Sequence[Scenario] | None = None) -> Iterator[Result]:
    """Run the scenarios of one file, or some of them, through ``readers`` (all that are installed by default)."""
    read = [(scenario, _facts(catalogue, file, scenario)) for scenario in scenarios or file.scenarios]
    cases = [facts for _, facts in read if not isinstance(facts, Result)]
    if cases:
        procedure = catalogue[file.procedure_id].procedure
        chosen = readers or _readers("all")
        answers = {name: iter(_answers(reader, procedure, cases)) for name, reader in chosen.items()}
    for scenario, facts in read:
        if isinstance(facts, Result):
            yield facts
        else:
            yield _result(file, scenario, procedure, {name: next(given) for name, given in answers.items()})


def run_scenario(catalogue: Catalogue, file: ScenarioFile, scenario: Scenario,
                 readers: Mapping[str, Reader] | None = None) -> Result:
    """Run one scenario through ``readers``: by default all but those made for many cases."""
    quick = {name: reader for name, reader in READERS.items() if not hasattr(reader, "many")}
    [result] = run_file(catalogue, file, readers or quick, [scenario])
    return result


def _facts(catalogue: Catalogue, file: ScenarioFile, scenario: Scenario) -> Mapping[str, Any] | Result:
    """The facts of a scenario, or the failed result of one that cannot be run."""
    if scenario.problem is not None:
        return _failed(file.path, scenario.id, scenario.expect, [scenario.problem], scenario.place)
    if file.procedure_id not in catalogue:
        params = {"procedure": file.procedure_id, "hint": did_you_mean(file.procedure_id, catalogue)}
        problem = Problem("SCEN_007", params, scenario.place)
        return _failed(file.path, scenario.id, scenario.expect, [problem], scenario.place)
    try:
        return read_facts(catalogue[file.procedure_id].procedure, scenario.given)
    except MotcuaError as error:
        return _failed(file.path, scenario.id, scenario.expect, error.problems, scenario.place)


def _answers(reader: Reader, procedure: Procedure, cases: Sequence[Mapping[str, Any]]
             ) -> Iterable[Mapping[str, Any] | MotcuaError]:
    many = getattr(reader, "many", None)
    if many is not None:
        answers: Iterable[Mapping[str, Any] | MotcuaError] = many(procedure, cases)
        return answers
    return (_answer(reader, procedure, facts) for facts in cases)


def _answer(reader: Reader, procedure: Procedure, facts: Mapping[str, Any]) -> Mapping[str, Any] | MotcuaError:
    try:
        return reader(procedure, facts)
    except MotcuaError as error:
        return error


def _result(file: ScenarioFile, scenario: Scenario, procedure: Procedure,
            found: Mapping[str, Mapping[str, Any] | MotcuaError]) -> Result:
    for answer in found.values():
        if isinstance(answer, MotcuaError):
            return _failed(file.path, scenario.id, scenario.expect, answer.problems, scenario.place)
    answers = {name: answer for name, answer in found.items() if not isinstance(answer, MotcuaError)}
    first = next(iter(answers.values()))
    wanted = scenario.proposed if scenario.is_waiting else scenario.expect
    comparisons = compare(wanted, first, procedure)
    problems = [each.problem for each in comparisons if each.problem]
    problems += _disagreements(answers, scenario.place)
    got = {each.key: each.got for each in comparisons}
    got.update(_error(problems) if problems else {})
    differing = tuple(each.key for each in comparisons if not each.same)
    is_waiting = scenario.is_waiting and not problems
    return Result(file.path, scenario.id, not (problems or differing or is_waiting), plain(wanted), got,
                  differing, tuple(problems), scenario.place, is_waiting)


def scenario_files(paths: Iterable[Path | str]) -> list[Path]:
    """The files among ``paths`` and the scenario files below its folders, each once.

    Below a folder these are ``*.scenarios.yaml`` and every other YAML file with the key ``scenarios``.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        below = sorted(filter(_holds_scenarios, path.rglob("*"))) if path.is_dir() else [path]
        found.update(dict.fromkeys(below))
    return list(found)


def _holds_scenarios(path: Path) -> bool:
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return False
    return path.name.endswith(SCENARIOS_SUFFIX) or _SCENARIOS_KEY.search(path.read_bytes()) is not None


def left_out(engine: str) -> tuple[str, ...]:
    """The readers that "all" leaves out here, as what they need is not installed."""
    return () if engine != "all" or is_installed() else tuple(name for name in READERS if name in NEEDS_EXTRA)


def _readers(engine: str) -> Mapping[str, Reader]:
    if engine == "all":
        return {name: reader for name, reader in READERS.items() if name not in left_out(engine)}
    if engine not in READERS:
        raise InputError(Problem("SCEN_009", {"engine": engine, "known": ", ".join([*READERS, "all"])}))
    if engine in NEEDS_EXTRA:
        require()
    return {engine: READERS[engine]}


def _failed(file: str, id_: str, expect: Mapping[str, Any], problems: Iterable[Problem],
            place: Place | None = None) -> Result:
    found = tuple(problems)
    return Result(file, id_, False, plain(expect), _error(found), (), found, place)


def _error(problems: Iterable[Problem]) -> dict[str, Any]:
    return {"error": [f"{problem.code} {problem.message('en')}" for problem in problems]}


def _disagreements(answers: Mapping[str, Mapping[str, Any]], place: Place | None) -> list[Problem]:
    (first, reference), *others = answers.items()
    problems = []
    for name, answer in others:
        keys = [key for key in reference if key != "engine" and reference[key] != answer.get(key)]
        if keys:
            params = {"first": first, "second": name, "keys": ", ".join(keys)}
            problems.append(Problem("SCEN_008", params, place))
    return problems
