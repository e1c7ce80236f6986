"""Running the cases of a procedure, what changed since the run before and why, and which cases to confirm again.

::

    cases (files, grids) → results → run, kept with who, when, reason, rules
                                   → difference to the run before
                confirmations + rules now → stale cases, in words
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.dossiers.case_runs import CaseResult, CaseRun, Confirmation, KeptCase
from motcua.dossiers.exercised import exercised, wording
from motcua.engine import Assessment, assess
from motcua.errors import FormError
from motcua.law import VIETNAM, Text, in_figures
from motcua.procedures import Procedure, ScenarioFile
from motcua.scenarios import Result, run_scenario
from motcua.version import __version__

if TYPE_CHECKING:
    from motcua.dossiers.archive import Archive, Records

#: Who runs the cases after a change of the rules.
SYSTEM = "motcua"


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """One case, run now: the result as pages show it, and the assessment where the rules gave one."""

    case: KeptCase
    result: Result
    assessment: Assessment | None

    @property
    def state(self) -> str:
        """passed, failed, or waiting where nothing is expected yet."""
        has_nothing = not self.case.scenario.expect and not self.result.problems
        return "waiting" if has_nothing else self.result.state

    @property
    def kept(self) -> CaseResult:
        """The result as it is kept."""
        found = self.assessment
        expected = self.result.expected if isinstance(self.result.expected, dict) else {}
        return CaseResult(
            self.case.id, self.case.grid, self.case.digest, self.state,
            found.outcome if found else "", found.law_version or "" if found else "", expected,
            {str(key): value for key, value in self.result.got.items()}, self.result.differing,
            exercised(found, expected) if found else {})


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case of which two runs say different things, and why: the rules it exercised that changed, in words."""

    id: str
    before: CaseResult
    after: CaseResult
    because: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RunDifference:
    """What differs between a run and one before it."""

    changed: tuple[CaseChange, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaleCase:
    """A case confirmed under other rules, of which something it exercises has changed since.

    ``who`` and ``at`` are of its confirmation; ``reasons`` say which rules changed, and when that was seen.
    """

    id: str
    grid: str
    who: str
    at: datetime
    rules: str
    reasons: tuple[Text, ...]


def cases_of(records: Records, checked: CheckedProcedure) -> tuple[KeptCase, ...]:
    """All cases of a procedure: those of its scenario file, then those of its grids."""
    written = [KeptCase(scenario, "", "") for file in checked.scenarios() for scenario in file.scenarios]
    shelf = records.scenarios
    for grid in shelf.grids(checked.id):
        for scenario in shelf.scenarios_of(checked.id, grid):
            kept = shelf.get(checked.id, scenario.id)
            written.append(KeptCase(scenario, grid.id, kept.author if kept else "", kept.at if kept else None))
    return tuple(written)


def run_case(checked: CheckedProcedure, case: KeptCase) -> CaseOutcome:
    """Run one case now; the engine asks its second reader itself."""
    answers: list[Assessment] = []

    def reader(procedure: Procedure, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        answers.append(assess(procedure, facts))
        return answers[-1].to_json()

    procedure = checked.procedure
    catalogue = Catalogue({checked.id: procedure}, procedure.sources)
    file = ScenarioFile(checked.id, (case.scenario,))
    result = run_scenario(catalogue, file, case.scenario, {"durable-rules": reader})
    return CaseOutcome(case, result, answers[0] if answers else None)


def run_cases(records: Records, checked: CheckedProcedure, *, who: str, at: datetime, reason: str,
              draft: str = "") -> CaseRun:
    """Run every case of a procedure and keep the run; ``draft`` names the draft law that ``checked`` is.

    A case that nobody confirmed yet is taken as confirmed by whoever wrote it, under the rules in force of this run.
    """
    return _store(records, checked, _run_all(records, checked), who=who, at=at, reason=reason, draft=draft)


def _run_all(records: Records, checked: CheckedProcedure) -> tuple[CaseOutcome, ...]:
    return tuple(run_case(checked, case) for case in cases_of(records, checked))


def _store(records: Records, checked: CheckedProcedure, outcomes: tuple[CaseOutcome, ...], *, who: str, at: datetime,
           reason: str, draft: str = "") -> CaseRun:
    results = tuple(outcome.kept for outcome in outcomes)
    for outcome, result in zip(outcomes, results, strict=True):
        if draft:
            break
        before = records.case_runs.confirmation(checked.id, result.id)
        if (before is None or before.case != result.case) and result.state != "waiting":
            _confirm(records, checked, result, outcome.case.author, at)
    engines = [outcome.assessment.engine for outcome in outcomes if outcome.assessment]
    engine = " · ".join([*dict.fromkeys(engines), f"motcua {__version__}"])
    return records.case_runs.add(checked.id, results, at=at, who=who, reason=reason, rules=checked.procedure.digest,
                                 form=form_digest(checked), engine=engine, draft=draft)


def confirm(records: Records, checked: CheckedProcedure, case_ids: Iterable[str], *, who: str, at: datetime) -> int:
    """Keep that ``who`` found these cases right under the rules of now; how many there were."""
    wanted, count = set(case_ids), 0
    for case in cases_of(records, checked):
        if case.id in wanted and case.scenario.expect:
            _confirm(records, checked, run_case(checked, case).kept, who, at)
            count += 1
    return count


def _confirm(records: Records, checked: CheckedProcedure, result: CaseResult, who: str, at: datetime) -> None:
    pairs = tuple(sorted(result.exercised.items()))
    records.case_runs.confirm(checked.id, result.id,
                              Confirmation(who, at, result.case, checked.procedure.digest, pairs))


def stale_cases(records: Records, checked: CheckedProcedure,
                results: Iterable[CaseResult] | None = None) -> tuple[StaleCase, ...]:
    """The cases to confirm again, with the reasons; ``results`` where the cases were run already."""
    cases = {case.id: case for case in cases_of(records, checked)} if results is None else {}
    suspects = [name for name, case in cases.items() if _suspect(records, checked, name, case.digest)]
    found = [run_case(checked, cases[name]).kept for name in suspects] if results is None else list(results)
    history = _History(records.case_runs.of(checked.id))
    return tuple(stale for result in found if (stale := _stale(records, checked, result, history)))


def _suspect(records: Records, checked: CheckedProcedure, case_id: str, digest: str) -> Confirmation | None:
    """The confirmation of a case, where it was given under other rules."""
    given = records.case_runs.confirmation(checked.id, case_id)
    is_old = given is not None and given.case == digest and given.rules != checked.procedure.digest
    return given if is_old else None


def _stale(records: Records, checked: CheckedProcedure, result: CaseResult, history: _History) -> StaleCase | None:
    given = _suspect(records, checked, result.id, result.case)
    rules = _differing(dict(given.exercised), result.exercised) if given else ()
    if given is None or not rules:
        return None
    reasons = tuple(_changed(wording(rule, checked.procedure), history.since(result, rule)) for rule in rules)
    return StaleCase(result.id, result.grid, given.who, given.at, given.rules, reasons)


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The rules of which two runs of a case read different things, or only one read something."""
    names = dict.fromkeys([*after, *before])
    return tuple(name for name in names if before.get(name) != after.get(name))


def _changed(rule: Text, seen: datetime | None) -> Text:
    if seen is None:
        return Text(f"{rule.vi} đã thay đổi", f"{rule.en} has changed")
    day = in_figures(seen.astimezone(VIETNAM).date())
    return Text(f"{rule.vi} đã thay đổi, thấy từ ngày {day}", f"{rule.en} has changed, seen since {day}")


class _History:
    """The runs from the last one backwards, each read once and only when asked for."""

    def __init__(self, runs: Iterator[CaseRun]) -> None:
        self._runs = runs
        self._read: list[tuple[datetime, dict[str, Mapping[str, str]]]] = []

    def _backwards(self) -> Iterator[tuple[datetime, dict[str, Mapping[str, str]]]]:
        yield from self._read
        for run in self._runs:
            if run.draft:
                continue
            self._read.append((run.at, {each.id: each.exercised for each in run.results}))
            yield self._read[-1]

    def since(self, result: CaseResult, rule: str) -> datetime | None:
        """When the first of the runs took place that read the rule as the case does now; None for none."""
        seen: datetime | None = None
        for at, exercised_by in self._backwards():
            past = exercised_by.get(result.id)
            if past is None or past.get(rule) != result.exercised.get(rule):
                break
            seen = at
        return seen


def difference(old: CaseRun, new: CaseRun, procedure: Procedure | None = None) -> RunDifference:
    """What two runs say differently, and which rules account for it; ``procedure`` lends the titles."""
    before, after = ({result.id: result for result in run.results} for run in (old, new))
    changed = tuple(CaseChange(name, before[name], result, tuple(_because(before[name], result, procedure)))
                    for name, result in after.items() if name in before and _says(before[name]) != _says(result))
    return RunDifference(changed, tuple(name for name in after if name not in before),
                         tuple(name for name in before if name not in after))


def _says(result: CaseResult) -> tuple[Any, ...]:
    return result.state, result.outcome, result.law_version, dict(result.expected), dict(result.got)


def _because(before: CaseResult, after: CaseResult, procedure: Procedure | None) -> Iterator[Text]:
    if before.case != after.case:
        yield Text("trường hợp đã được sửa", "the case itself was changed")
    for rule in _differing(before.exercised, after.exercised):
        said = wording(rule, procedure) if procedure else Text(rule, rule)
        if rule not in before.exercised:
            yield Text(f"nay xét {said.vi}", f"{said.en} now takes part")
        elif rule not in after.exercised:
            yield Text(f"không còn xét {said.vi}", f"{said.en} no longer takes part")
        else:
            yield Text(f"{said.vi} đã thay đổi", f"{said.en} has changed")


def form_digest(checked: CheckedProcedure) -> str:
    """The digest of the procedure's form; "" where it has none that can be read."""
    try:
        return checked.form.digest if checked.form else ""
    except FormError:
        return ""


def run_after_changes(archive: Archive, catalogue: Mapping[str, CheckedProcedure], at: datetime) -> tuple[str, ...]:
    """Run the cases of the procedures whose rules or form changed since their last run; which they were.

    A procedure that was never run is run once, so that a later change has something to be held against.
    """
    found = []
    for checked in catalogue.values():
        if archive.run(lambda records, checked=checked: _run_if_changed(records, checked, at)):  # type: ignore[misc]
            found.append(checked.id)
    return tuple(found)


def _run_if_changed(records: Records, checked: CheckedProcedure, at: datetime) -> bool:
    reason = why_run(records, checked)
    if not reason:
        return False
    outcomes = _run_all(records, checked)
    if outcomes:
        _store(records, checked, outcomes, who=SYSTEM, at=at, reason=reason)
    return bool(outcomes)


def why_run(records: Records, checked: CheckedProcedure) -> str:
    """What changed since the last run, as its reason says it; "" for nothing."""
    last = records.case_runs.latest(checked.id)
    if last is None:
        return "Lần chạy đầu tiên / first run"
    changes = []
    for vi, en, old, new in (("Quy định", "rules", last.rules, checked.procedure.digest),
                             ("Biểu mẫu", "form", last.form, form_digest(checked))):
        if old != new:
            changes.append(f"{vi} thay đổi / {en} changed: {_short(old)} → {_short(new)}")
    return "; ".join(changes)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12] or "–"
