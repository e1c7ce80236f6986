"""Runs of the cases as they were: who, when, why, under which rules, and what came of each case.

A run is written once. Beside the runs lie the confirmations: who said, of which case, under which rules, that what
it expects is the law, and which rules it exercised then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.procedures import Scenario, plain
from motcua.store import Content, WriteOnce


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case of a procedure: from its scenario file (``grid`` is "") or from a grid of the bench."""

    scenario: Scenario
    grid: str
    author: str
    at: datetime | None = None

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.scenario.id

    @property
    def digest(self) -> str:
        """The same for the same facts and expectations, whatever the wording."""
        said = plain({"given": self.scenario.given, "expect": self.scenario.expect,
                      "proposed": self.scenario.proposed})
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case: ``state`` is passed, failed or waiting (nothing was expected yet).

    ``expected`` and ``got`` are JSON by key of what was compared, ``differing`` the keys in which they differ;
    ``outcome`` and ``law_version`` are "" where the rules gave no answer. ``case`` is the digest of the case;
    ``exercised`` maps each rule to a fingerprint of what it said.
    """

    id: str
    grid: str
    case: str
    state: str
    outcome: str
    law_version: str
    expected: Mapping[str, Any]
    got: Mapping[str, Any]
    differing: tuple[str, ...]
    exercised: Mapping[str, str]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> CaseResult:
        """What `to_json` wrote."""
        return cls(**{**raw, "differing": tuple(raw["differing"])})

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return asdict(self)


class CaseRun(WriteOnce):
    """One run of all cases of a procedure.

    ``who`` is an account's id, or "motcua" for a run after a change of the rules; ``reason`` is as typed or says what
    changed. ``rules`` and ``form`` are digests ("" where there is no form), ``engine`` names engine and version.
    ``draft`` names the draft law they were run under, "" for the rules in force.
    """

    number: int
    at: datetime
    who: str
    reason: str
    rules: str
    form: str
    engine: str
    passed: int
    failed: int
    waiting: int
    draft: str
    content: Content

    def __init__(self, number: int, results: tuple[CaseResult, ...], *, at: datetime, who: str, reason: str,
                 rules: str, form: str, engine: str, draft: str = "") -> None:
        self.number, self.at, self.who, self.reason = number, at, who, reason
        self.rules, self.form, self.engine, self.draft = rules, form, engine, draft
        states = [result.state for result in results]
        self.passed, self.failed, self.waiting = (states.count(word) for word in ("passed", "failed", "waiting"))
        written = [result.to_json() for result in results]
        self.content = Content(json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode())

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """What came of each case, in the order run."""
        return tuple(CaseResult.from_json(each) for each in json.loads(self.content.read()))


@dataclass(frozen=True)
class Confirmation:
    """Someone's word that a case expects what the law says. Stored by field names (no slots).

    ``who`` is an account's id, or "" for a case that came with the rules; ``case`` the digest of the case, ``rules``
    that of the rules then; ``exercised`` are pairs of rule and fingerprint.
    """

    who: str
    at: datetime
    case: str
    rules: str
    exercised: tuple[tuple[str, str], ...]


class RunLog(Persistent):
    """The runs and confirmations of one procedure."""

    runs: IOBTree
    confirmations: OOBTree

    def __init__(self) -> None:
        self.runs = IOBTree()
        self.confirmations = OOBTree()


class CaseRuns(Persistent):
    """The runs and confirmations of every procedure."""

    procedures: OOBTree

    def __init__(self) -> None:
        self.procedures = OOBTree()

    def of(self, procedure: str) -> Iterator[CaseRun]:
        """The runs of a procedure, the latest first."""
        log: RunLog | None = self.procedures.get(procedure)
        if log is not None:
            for number in reversed(list(log.runs)):
                yield log.runs[number]

    def latest(self, procedure: str, draft: str = "") -> CaseRun | None:
        """The last run under the rules in force, or under a draft of them; None for none."""
        return next((run for run in self.of(procedure) if run.draft == draft), None)

    def get(self, procedure: str, number: int) -> CaseRun | None:
        """The run of that number, or None."""
        log: RunLog | None = self.procedures.get(procedure)
        found: CaseRun | None = log.runs.get(number) if log is not None and 0 < number < 2**31 else None
        return found

    def before(self, run: CaseRun, procedure: str) -> CaseRun | None:
        """The run to hold this one against: the one before under the same rules or draft, else under those in force."""
        earlier = [each for each in self.of(procedure) if each.number < run.number]
        return next((each for draft in (run.draft, "") for each in earlier if each.draft == draft), None)

    def add(self, procedure: str, results: tuple[CaseResult, ...], **about: Any) -> CaseRun:
        """Keep a run; ``about`` as for `CaseRun`. Two that are added at once conflict: one is retried."""
        log = self._log(procedure)
        number = log.runs.maxKey() + 1 if log.runs else 1
        run = log.runs[number] = CaseRun(number, results, **about)
        return run

    def confirmation(self, procedure: str, case_id: str) -> Confirmation | None:
        """The last confirmation of a case, or None."""
        log: RunLog | None = self.procedures.get(procedure)
        found: Confirmation | None = log.confirmations.get(case_id) if log is not None else None
        return found

    def confirm(self, procedure: str, case_id: str, confirmation: Confirmation) -> None:
        """Keep a confirmation in the place of the one before."""
        self._log(procedure).confirmations[case_id] = confirmation

    def _log(self, procedure: str) -> RunLog:
        log: RunLog | None = self.procedures.get(procedure)
        if log is None:
            log = self.procedures[procedure] = RunLog()
        return log
