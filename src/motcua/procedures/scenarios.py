"""Scenarios: worked examples in YAML, what they expect, and how an assessment differs from it.

Files may come from anywhere and from anyone: an unknown key is left to the linter, and what cannot be read in
one scenario fails that scenario alone. Running them is in `motcua.scenarios`, above the engine.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Final

from ruamel.yaml import YAML

from motcua.conditions import Type, Value, read_value, to_json
from motcua.errors import MotcuaError, Place, Problem, RuleFileError
from motcua.law import Interval, Text, did_you_mean
from motcua.procedures.loader import read_file
from motcua.procedures.model import Decision, Procedure
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import YamlText

AS_SETS: Final = ("failed", "documents", "undetermined", "missing")
AS_WORDS: Final = ("outcome", "law_version", "law_date")
DECISION_KEYS: Final = ("value", "row", "due", "unit", "cite")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Given facts, expected outcome. ``given`` is complete: what ``like`` names is already in it.

    ``written`` is what the scenario itself says. ``problem`` is why it cannot be run at all. ``proposed`` is what
    somebody who does not answer for the law took for the outcome, such as the rules themselves.
    """

    id: str
    title: Text | None
    why: Text | None
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    place: Place | None = field(default=None, compare=False, repr=False)
    like: str | None = None
    written: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    proposed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_waiting(self) -> bool:
        """Whether its outcome is only proposed: nobody has confirmed it yet, so it proves nothing."""
        return bool(self.proposed) and not self.expect


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one procedure that one file holds."""

    procedure_id: str
    scenarios: tuple[Scenario, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One key of ``expect``, as JSON; ``problem`` says why it cannot be compared."""

    key: str
    expected: Any
    got: Any
    same: bool
    problem: Problem | None = None


def load_scenarios(path: FilePath | str) -> ScenarioFile:
    """The scenarios of a file.

    Raises:
        RuleFileError: the file is not strict YAML, or names no procedure or no scenarios.
    """
    source = read_file(FilePath(path), aliases=True)
    data = source.data
    if not isinstance(data, dict) or not isinstance(data.get("procedure"), str):
        raise RuleFileError(Problem("SCEN_001", {"key": "procedure"}, source.place()))
    entries = data.get("scenarios")
    if not isinstance(entries, list):
        raise RuleFileError(Problem("SCEN_001", {"key": "scenarios"}, source.place()))
    broken = [Problem("SCEN_002", {}, source.place(("scenarios", index)))
              for index, entry in enumerate(entries) if not _has_id(entry)]
    if broken:
        raise RuleFileError(broken)
    return ScenarioFile(data["procedure"], _resolved(entries, source), str(path))


def _has_id(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("id") not in (None, "")


def _resolved(entries: list[dict[str, Any]], source: YamlText) -> tuple[Scenario, ...]:
    by_id: dict[str, dict[str, Any]] = {}
    for entry in entries:
        by_id.setdefault(str(entry["id"]), entry)
    return tuple(_scenario(entry, by_id, source.place(("scenarios", index)))
                 for index, entry in enumerate(entries))


def _scenario(entry: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], place: Place) -> Scenario:
    given, problem = _given(entry, by_id, place)
    written, expect, proposed = entry.get("given"), entry.get("expect"), entry.get("proposed")
    for key, part in (("given", written), ("expect", expect), ("proposed", proposed)):
        if part is not None and not isinstance(part, dict):
            problem = problem or Problem("SCEN_003", {"key": key, "value": shown(part)}, place)
    like = entry.get("like")
    return Scenario(str(entry["id"]), _text(entry.get("vi"), entry.get("en")), _why(entry.get("why")),
                    given, _mapping(expect), place, None if like is None else str(like), _mapping(written),
                    problem, _mapping(proposed))


def _mapping(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {}


def _given(entry: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]],
           place: Place) -> tuple[dict[str, Any], Problem | None]:
    """The facts of the whole chain of ``like``; the nearest word wins, and null removes."""
    chain, trail = [entry], [str(entry["id"])]
    while chain[-1].get("like") is not None:
        like = str(chain[-1]["like"])
        if like not in by_id:
            return {}, Problem("SCEN_004", {"like": like, "hint": did_you_mean(like, by_id)}, place)
        if like in trail:
            return {}, Problem("SCEN_005", {"circle": " → ".join([*trail, like])}, place)
        trail.append(like)
        chain.append(by_id[like])
    given: dict[str, Any] = {}
    for each in reversed(chain):
        given.update(_mapping(each.get("given")))
    return {name: value for name, value in given.items() if value is not None}, None


def _text(vi: Any, en: Any) -> Text | None:
    if vi is None and en is None:
        return None
    return Text(str(en if vi is None else vi), str(vi if en is None else en))


def _why(why: Any) -> Text | None:
    return _text(why.get("vi"), why.get("en")) if isinstance(why, dict) else _text(why, why)


def compare(expect: Mapping[str, Any], assessment: Mapping[str, Any],
            procedure: Procedure) -> list[Comparison]:
    """Every key of ``expect`` against the assessment as JSON (`Assessment.to_json`)."""
    return [_compare(key, expected, assessment, procedure) for key, expected in expect.items()]


def _compare(key: str, expected: Any, assessment: Mapping[str, Any], procedure: Procedure) -> Comparison:
    if key in AS_SETS:
        return _compare_set(key, expected, assessment.get(key) or [])
    if key in AS_WORDS:
        got = assessment.get(key)
        return Comparison(key, plain(expected), got, _normal(expected) == _normal(got))
    if key == "requirements" and isinstance(expected, dict):
        states = {finding["id"]: finding["state"] for finding in assessment.get("requirements") or []}
        states = {name: states.get(name) for name in expected}
        return Comparison(key, plain(expected), states, states == expected)
    if key == "transitional":
        clause = assessment.get("transitional") or {}
        got = {part: clause.get(part) for part in expected} if isinstance(expected, dict) else clause.get("id")
        return Comparison(key, plain(expected), got, expected == got)
    decision = procedure.decisions.get(key)
    if decision is None:
        known = [*procedure.decisions, *AS_SETS, *AS_WORDS, "requirements", "transitional"]
        params = {"key": shown(key), "hint": did_you_mean(key, known)}
        problem = Problem("SCEN_006", params, Place(field=key))
        return Comparison(key, plain(expected), None, False, problem)
    return _compare_decision(decision, expected, (assessment.get("decisions") or {}).get(key))


def _compare_set(key: str, expected: Any, got: Iterable[str]) -> Comparison:
    wanted = expected if isinstance(expected, list) else [] if expected is None else [expected]
    same = {str(each) for each in wanted} == set(got)
    return Comparison(key, plain(expected), list(got), same)


def _compare_decision(decision: Decision, expected: Any, got: Mapping[str, Any] | None) -> Comparison:
    if isinstance(expected, dict):
        keys = [str(key) for key in expected]
        found = None if got is None else {key: got.get(key) for key in keys}
        same = found is not None
        for key, wanted in expected.items():
            if key == "value":
                value = _compare_value(decision, wanted, found and found["value"])
                if value.problem:
                    return value
                same = same and value.same
            else:
                same = same and found is not None and _normal(wanted) == _normal(found[key])
        return Comparison(decision.id, plain(expected), found, same)
    return _compare_value(decision, expected, None if got is None else got.get("value"))


def _compare_value(decision: Decision, expected: Any, got: Any) -> Comparison:
    if expected is None or got is None:
        return Comparison(decision.id, plain(expected), got, expected is None and got is None)
    try:
        wanted = _read_all(decision.type, expected)
    except MotcuaError as error:
        return Comparison(decision.id, plain(expected), got, False, error.problems[0])
    return Comparison(decision.id, plain(expected), got, wanted == _read_all(decision.type, got))


def _read_all(type_: Type, raw: Any) -> Value | list[Value]:
    """A value, or the values of a decision that collects."""
    return [read_value(type_, each) for each in raw] if isinstance(raw, list) else read_value(type_, raw)


def _normal(value: Any) -> Any:
    """Intervals compare as intervals, everything else as the words written."""
    if isinstance(value, str) and ".." in value:
        try:
            return str(Interval.parse(value))
        except RuleFileError:
            return value.strip()
    return str(value).strip() if value is not None else None


def plain(value: Any) -> Any:
    """A YAML value as JSON."""
    if isinstance(value, Decimal):
        return to_json(Type("number"), value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def dump_scenarios(file: ScenarioFile) -> str:
    """The scenarios as YAML that `load_scenarios` reads back to the same."""
    entries = [_entry(scenario) for scenario in file.scenarios]
    yaml = YAML()
    yaml.allow_unicode, yaml.width = True, 110
    yaml.representer.add_representer(Decimal, _represent_decimal)
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump({"procedure": file.procedure_id, "scenarios": entries}, out)
    return out.getvalue()


def _entry(scenario: Scenario) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": scenario.id}
    if scenario.title is not None:
        entry.update(vi=scenario.title.vi, en=scenario.title.en)
    if scenario.why is not None:
        same = scenario.why.vi == scenario.why.en
        entry["why"] = scenario.why.vi if same else {"vi": scenario.why.vi, "en": scenario.why.en}
    if scenario.like is not None:
        entry["like"] = scenario.like
    entry["given"] = _writable(scenario.written if scenario.like is not None else scenario.given)
    if scenario.proposed:
        entry["proposed"] = _writable(scenario.proposed)
    if scenario.expect or not scenario.proposed:
        entry["expect"] = _writable(scenario.expect)
    return entry


def _writable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _writable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _represent_decimal(representer: Any, value: Decimal) -> Any:
    # digit by digit: a float would not be the same number
    return representer.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))
