"""Facts for a goal that read well: as few as possible away from a known case, and at the limits of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from motcua.analysis.coverage.lens import Plan
from motcua.analysis.coverage.measuring import Case, look_at
from motcua.analysis.coverage.solving import Questions, Setting, facts_read, settings_of
from motcua.conditions import WHOLE_KINDS, Cmp, Expression, Node, Ref, Type, evaluate, names_in, type_of, walk
from motcua.errors import MotcuaError
from motcua.procedures import Fact

BASES_TRIED: Final = 3


@dataclass(frozen=True, eq=False)
class Base:
    """A scenario to stay near to: its place among all, its facts as canonical values, and what it shows."""

    id: str
    place: int
    facts: Mapping[str, Any]
    case: Case


@dataclass(frozen=True)
class Found:
    """Facts that show a goal, and the scenario (None for none) from which they are taken with few changes."""

    facts: Mapping[str, Any]
    base: Base | None
    shown: frozenset[str]

    @property
    def changes(self) -> tuple[str, ...]:
        """The facts that are not as in the base."""
        known = self.base.facts if self.base else {}
        return tuple(name for name in {**known, **self.facts} if known.get(name) != self.facts.get(name))


class Finder:
    """Finds facts that show goals, near to the scenarios there are."""

    def __init__(self, plan: Plan, bases: Iterable[Base]) -> None:
        self.plan = plan
        self.bases = tuple(bases)
        self.questions = Questions(plan)
        self._known = Counter(str(base.case.law_version) for base in self.bases if base.case.outcome == "eligible")
        self._item_of = {key: item for item in plan.items.values() for key in item.goals}

    def find(self, key: str) -> Found | None:
        """The nearest case that shows a goal, confirmed by the engine; None where none was found."""
        # where lawyers have written most, a further case is understood best; a choice of another law comes last
        for setting in sorted(settings_of(self.plan, key),
                              key=lambda each: (len(each.conditions), -self._known[str(each.law_version)])):
            best: Found | None = None
            for base in self._ranked(key, setting) or (None,):
                facts = self.questions.case(setting, base.facts if base else {})
                if facts is None:
                    break
                found = self._polished(key, setting, facts, base)
                if found is not None and (best is None or len(found.changes) < len(best.changes)):
                    best = found
                if best is not None and len(best.changes) <= 1:
                    break
            if best is not None:
                return best
        return None

    def _ranked(self, key: str, setting: Setting) -> tuple[Base, ...]:
        """The scenarios most like what is looked for: of the same law version, showing other sides of the rule."""
        goals, name = set(self._item_of[key].goals), str(setting.law_version)
        leaf = key.rsplit(" ", 1)[0]
        versions = list(self.plan.lenses)

        def rank(base: Base) -> tuple[Any, ...]:
            shown, version, outcome = base.case
            away = len(versions) if version is None else abs(versions.index(version) - versions.index(name))
            is_sibling = any(each.startswith(leaf + " ") for each in shown)
            return (away, outcome != "eligible", not is_sibling, -len(goals & shown), base.place)

        return tuple(sorted(self.bases, key=rank)[:BASES_TRIED])

    def _polished(self, key: str, setting: Setting, facts: dict[str, Any], base: Base | None) -> Found | None:
        trial = _Trial(self.plan, key, facts)
        if not trial.holds(facts):
            return None
        known = dict(base.facts) if base else {}
        read = facts_read(self.plan, setting)
        trial.drop([name for name in trial.facts if name not in known and name not in read])
        for name in [name for name in trial.facts if name not in known]:
            trial.drop([name])
        for name in [name for name in known if trial.facts.get(name) != known[name]]:
            trial.set(name, known[name])
        for name in [name for name in trial.facts if trial.facts[name] != known.get(name)]:
            for value in self._plain_values(name, trial.facts, known, setting, read):
                if value == trial.facts[name] or trial.set(name, value):
                    break
            else:
                trial.approach(name, self.plan.procedure.facts[name].type, known.get(name))
        return Found(trial.facts, base, trial.shown)

    def _plain_values(self, name: str, facts: Mapping[str, Any], known: Mapping[str, Any], setting: Setting,
                      read: frozenset[str]) -> Iterator[Any]:
        fact, interval = self.plan.procedure.facts[name], setting.law_version.interval
        if name == self.plan.procedure.law_at:
            yield from (day for day in (interval.first, interval.last) if day is not None)
            return
        if name in read:
            yield from self._limits(fact, facts, setting)
        match fact.type.kind:
            case "one of":
                yield from fact.type.values
            case "list of":
                old = known.get(name, ())
                yield from (tuple(word for word in fact.type.values if word in {*old, more})
                            for more in fact.type.values if more not in old)
                yield from (tuple(word for word in old if word != less) for less in old)
            case _ if fact.type.is_number:
                yield from (value for value in (fact.min, 0, 1) if value is not None)

    def _limits(self, fact: Fact, facts: Mapping[str, Any], setting: Setting) -> Iterator[Any]:
        """The limits the rules set to a number or a date, as they are for these facts, and one unit beside them."""
        values: dict[Any, None] = {}
        for version, node in setting.conditions:
            env: dict[str, Any] = dict(facts)
            trees: list[Node] = [node]
            for derived, case in version.derived.items():
                env[derived] = evaluate(case, env)
                trees.append(case.tree)
            for comparison in (part for tree in trees for part in walk(tree) if isinstance(part, Cmp)):
                for side, other in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
                    if isinstance(side, Ref) and side.name == fact.id and fact.id not in names_in(other):
                        values[evaluate(Expression("", other, type_of(other)), env)] = None
        limits = [value for value in values if value is not None and not isinstance(value, str | bool | tuple)]
        for limit in limits:
            yield from _beside(fact.type, limit)


class _Trial:
    """Facts that show a goal, and go on to do so while they are changed."""

    def __init__(self, plan: Plan, key: str, facts: dict[str, Any]) -> None:
        self._plan = plan
        self._key = key
        self.facts = dict(facts)
        self.shown: frozenset[str] = frozenset()

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether these facts show the goal in a case that is settled."""
        try:
            case = look_at(self._plan, facts)
        except MotcuaError:
            return False
        if self._key not in case.shown or case.outcome == "undetermined":
            return False
        self.shown = case.shown
        return True

    def drop(self, names: list[str]) -> bool:
        """Leave facts out, if the goal is shown all the same."""
        return bool(names) and self._take({name: value for name, value in self.facts.items() if name not in names})

    def set(self, name: str, value: Any) -> bool:
        """Give a fact another value, if the goal is shown all the same."""
        return self._take({**self.facts, name: value})

    def approach(self, name: str, type_: Type, known: Any) -> None:
        """Bring a number as near as can be to the one that does not show the goal."""
        found = self.facts[name]
        if not type_.is_number or known is None or isinstance(found, tuple):
            return
        unit = _unit(type_)
        away = _plain(type_, Decimal(found - known) / unit)
        near, far = 0, int(away)
        while abs(far - near) > 1:
            middle = (near + far) // 2
            if self.set(name, _plain(type_, known + middle * unit)):
                far = middle
            else:
                near = middle

    def _take(self, facts: dict[str, Any]) -> bool:
        if not self.holds(facts):
            return False
        self.facts = facts
        return True


def _beside(type_: Type, limit: Any) -> Iterator[Any]:
    """A limit, and one unit on either side of it."""
    if isinstance(limit, date):
        yield from (limit, limit - timedelta(days=1), limit + timedelta(days=1))
        return
    unit = _unit(type_)
    yield from (_plain(type_, value) for value in (limit, limit - unit, limit + unit))


def _unit(type_: Type) -> int | Decimal:
    return 1 if type_.kind in WHOLE_KINDS else Decimal("0.1")


def _plain(type_: Type, value: Any) -> Any:
    """A number as facts hold it; a fraction of something counted whole is rounded up."""
    number = Decimal(value)
    if number == number.to_integral_value():
        return int(number)
    return -(-number // 1).__int__() if type_.kind in WHOLE_KINDS else number.normalize()
