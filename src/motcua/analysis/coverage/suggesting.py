"""`suggest`: the scenarios that are missing, with facts at the limits, their outcome left for a lawyer to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from motcua.analysis.coverage.goals import Item
from motcua.analysis.coverage.lens import Plan
from motcua.analysis.coverage.nearby import Base, Finder, Found
from motcua.analysis.coverage.report import Coverage, Progress, coverage
from motcua.conditions import show_value, to_json
from motcua.engine import Assessment, assess
from motcua.law import Citation, Text, fold
from motcua.procedures import Procedure, Scenario, read_facts

MAX_ID: Final = 60


@dataclass(frozen=True)
class Suggestion:
    """A scenario that is missing.

    ``facts`` are canonical values, ``given`` the same as JSON; ``changes`` are those that differ from the scenario
    ``like`` (all, where there is none; None takes a fact away). ``covers`` are the goals it shows that nothing
    showed. ``expected`` is for a lawyer to fill in; ``proposed`` is what the rules answer today.
    """

    id: str
    title: Text
    why: Text
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    like: str | None
    changes: Mapping[str, Any]
    covers: tuple[str, ...]
    proposed: Mapping[str, Any]
    expected: None = None

    def to_scenario(self, alone: bool = False) -> Scenario:
        """As an entry of a scenario file; ``alone`` writes all facts, for a file without the scenario it is like."""
        like = None if alone else self.like
        return Scenario(self.id, self.title, self.why, self.given, {}, like=like,
                        written=self.given if like is None else self.changes, proposed=self.proposed)

    def to_json(self) -> dict[str, Any]:
        """For programs and pages."""
        return {"id": self.id, "vi": self.title.vi, "en": self.title.en, "why": {"vi": self.why.vi, "en": self.why.en},
                "like": self.like, "changes": dict(self.changes), "given": dict(self.given),
                "covers": list(self.covers), "expected": None, "proposed": dict(self.proposed)}


def suggest(procedure: Procedure, scenarios: Iterable[Scenario], *, limit: int | None = None, seconds: float = 60,
            progress: Progress | None = None) -> tuple[Suggestion, ...]:
    """Few scenarios for everything that the given ones leave uncovered.

    Each is found by the solver, brought near to a scenario there is, and confirmed by the engine to show what it is
    made for. What waits for confirmation already is not suggested again. ``limit`` keeps the most useful ones.

    Raises:
        MotcuaError: PROOF_001, the solver is not installed.
    """
    given = tuple(scenarios)
    tell = progress or (lambda _share: None)
    found = coverage(procedure, given, seconds=seconds, progress=lambda share: tell(share / 2))
    return suggest_for(found, given, limit=limit, progress=lambda share: tell(0.5 + share / 2))


def suggest_for(report: Coverage, scenarios: Iterable[Scenario], *, limit: int | None = None,
                progress: Progress | None = None) -> tuple[Suggestion, ...]:
    """The same, where the coverage of the scenarios is known already."""
    tell = progress or (lambda _share: None)
    wanted = [goal.key for item in report.uncovered for goal in report.open_goals(item)
              if report.states[goal.key] != "waiting"]
    if not wanted:
        return ()
    given = tuple(scenarios)
    finder = Finder(report.plan, _bases(report, given))
    cases: dict[str, Found] = {}
    for number, key in enumerate(wanted):
        tell(number / len(wanted))
        case = finder.find(key)
        if case is not None:
            cases[key] = case
    chosen = _fewest(cases, limit)
    taken = {scenario.id for scenario in given}
    return tuple(_suggestion(report.plan, key, cases[key], covers, taken) for key, covers in chosen)


def _bases(report: Coverage, scenarios: tuple[Scenario, ...]) -> Iterable[Base]:
    confirmed = set(report.confirmed)
    for place, scenario in enumerate(scenarios):
        if scenario.id in confirmed:
            yield Base(scenario.id, place, read_facts(report.procedure, scenario.given), report.cases[scenario.id])


def _fewest(cases: Mapping[str, Found], limit: int | None) -> list[tuple[str, tuple[str, ...]]]:
    """A small choice of the cases that shows every goal: always the one that shows most of what is left."""
    left = dict.fromkeys(cases)
    chosen: list[str] = []
    while left and (limit is None or len(chosen) < limit):
        best = max(left, key=lambda key: (sum(goal in cases[key].shown for goal in left), -len(cases[key].changes)))
        chosen.append(best)
        for goal in [goal for goal in left if goal in cases[best].shown]:
            del left[goal]
    for key in list(chosen):
        others = [cases[other].shown for other in chosen if other != key]
        if all(any(goal in shown for shown in others) for goal in cases if goal in cases[key].shown):
            chosen.remove(key)
    return [(key, tuple(goal for goal in cases if goal in cases[key].shown)) for key in chosen]


def _suggestion(plan: Plan, key: str, case: Found, covers: tuple[str, ...], taken: set[str]) -> Suggestion:
    procedure = plan.procedure
    assessment = assess(procedure, case.facts)
    item = next(item for item in plan.items.values() if key in item.goals)
    base = case.base
    given = {name: _json(procedure, name, value) for name, value in case.facts.items()}
    changed = {name: given.get(name) for name in case.changes} if base else given
    return Suggestion(_id(item, key, taken), _title(plan, item, key, case), _why(plan, item, assessment), case.facts,
                      given, base.id if base else None, changed, covers, _proposed(item, assessment))


def _json(procedure: Procedure, name: str, value: Any) -> Any:
    return None if value is None else to_json(procedure.facts[name].type, value)


def _id(item: Item, key: str, taken: set[str]) -> str:
    """Words of the goal; another number where a scenario has that id."""
    what = key.removeprefix(item.key)
    words = re.sub(r"[^a-z0-9]+", "-", fold(f"{item.kind} {item.id} {what}")).strip("-")[:MAX_ID].rstrip("-")
    found, number = words, 1
    while found in taken:
        number += 1
        found = f"{words}-{number}"
    taken.add(found)
    return found


def _title(plan: Plan, item: Item, key: str, case: Found) -> Text:
    leaf = next((leaf for leaf in item.leaves.values() if any(key in way for way in leaf.ways)), None)
    goal = item.goals[key]
    texts = []
    for lang, like, with_ in (("vi", "như", "nhưng"), ("en", "like", "but")):
        about = goal.text.get(lang) if leaf is None else f"({leaf.words.get(lang)}) {goal.text.get(lang)}"
        text = f"{item.title.get(lang).rstrip('.')}: {about}"
        if case.base is not None and case.changes:
            changes = "; ".join(_change(plan.procedure, name, case.facts.get(name), lang) for name in case.changes[:4])
            text += f" ({like} {case.base.id}, {with_} {changes})"
        texts.append(text)
    return Text(*texts)


def _change(procedure: Procedure, name: str, value: Any, lang: str) -> str:
    fact = procedure.facts[name]
    unknown = "chưa biết" if lang == "vi" else "unknown"
    shown = unknown if value is None else show_value(fact.type, value, lang, procedure.labels)
    return f"{fact.title.get(lang)}: {shown}"


def _why(plan: Plan, item: Item, assessment: Assessment) -> Text:
    """The provision, as in force on the day of the case: of the item itself, or of what rests on it."""
    cites = [item.cite]
    if not item.cite:
        readers = [each for each in plan.items.values() if each.cite and assessment.law_version in each.law_versions]
        cites = [each.cite for each in readers if _rests_on(plan, each, item.id, assessment.law_version)][:1]
    if not cites or not cites[0]:
        return item.title
    whole, day = Citation.parse(cites[0]), assessment.law_date
    in_force = whole if day is None else whole.on(day, plan.procedure.sources)
    text = (in_force if in_force.places else whole).text
    return Text(text, text)


def _rests_on(plan: Plan, item: Item, name: str, law_version: str | None) -> bool:
    """Whether a rule reads a derived name, through others too."""
    version = plan.lenses[law_version or ""].version
    expressions = [part for entry in (*version.requirements, *version.documents,
                                      *((version.applies,) if version.applies else ()))
                   if entry.id == item.id for part in (getattr(entry, "must", None), entry.when) if part is not None]
    expressions += [row.when for decision in version.decisions.values() for row in decision.rows
                    if f"{decision.id}.{row.id}" == item.id and row.when is not None]
    waiting, seen = [name for each in expressions for name in each.names], set[str]()
    while waiting:
        each = waiting.pop()
        if each == name:
            return True
        if each in version.derived and each not in seen:
            seen.add(each)
            waiting.extend(version.derived[each].names)
    return False


def _proposed(item: Item, assessment: Assessment) -> dict[str, Any]:
    """What the rules answer today, as far as the scenario is about it."""
    answer = assessment.to_json()
    proposed = {key: answer[key] for key in ("outcome", "failed")}
    if item.kind in ("document", "clause"):
        proposed["documents"] = answer["documents"]
    about = item.id.split(".", 1)[0] if item.kind in ("row", "table") else None
    for name, found in answer["decisions"].items():
        if about in (None, name) and (found is not None or about == name):
            proposed[name] = found and found["value"]
    return proposed


