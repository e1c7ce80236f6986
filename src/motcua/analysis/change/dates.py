"""The nearest days on which the same facts would be eligible: through the law versions, and within each.

Within a law version a day matters only through comparisons that read the law date. Nearly all of them change at most
once as the day moves on (``received + 6 months <= expires``): where, is found by halving. Only a comparison
that reads the day twice is tried day by day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from motcua.conditions import Arith, Call, Cmp, Expression, Node, Ref, Type, children, evaluate, walk
from motcua.engine import assess
from motcua.errors import InputError, RuleFault
from motcua.law import Interval
from motcua.procedures import LawVersion, Procedure

#: How far from the law date a day is looked for.
YEARS: Final = 40
_YES_NO: Final = Type("yes/no")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dates:
    """The last eligible day before the law date and the first after it; None where there is none within `YEARS`."""

    day: date
    before: date | None
    after: date | None

    @property
    def nearest(self) -> date | None:
        """The nearer of the two; of two as near, the later."""
        near = [day for day in (self.after, self.before) if day is not None]
        return min(near, key=lambda day: abs(day - self.day), default=None)

    def to_json(self) -> dict[str, Any]:
        """The days as pages and programs show them."""
        shown = {"before": self.before, "after": self.after, "nearest": self.nearest}
        return {name: day.isoformat() if day else None for name, day in shown.items()}


def nearest_dates(procedure: Procedure, facts: Mapping[str, Any]) -> Dates | None:
    """The nearest days, before and after, on which the same facts are eligible; None without a law date."""
    day: date | None = facts.get(procedure.law_at)
    if day is None:
        return None
    spans = [span for version in procedure.versions for span in _spans(version, facts, day)]
    later = (span.first for span in spans if span.first is not None and span.first > day)
    earlier = (span.last for span in reversed(spans) if span.last is not None and span.last < day)
    return Dates(day, _first_eligible(procedure, facts, earlier), _first_eligible(procedure, facts, later))


def nearest_date(procedure: Procedure, facts: Mapping[str, Any]) -> date | None:
    """The nearest day on which the same facts are eligible, or None where there is none within `YEARS`."""
    found = nearest_dates(procedure, facts)
    return None if found is None else found.nearest


def _first_eligible(procedure: Procedure, facts: Mapping[str, Any], days: Iterator[date]) -> date | None:
    return next((day for day in days if is_eligible(procedure, {**facts, procedure.law_at: day})), None)


def is_eligible(procedure: Procedure, facts: Mapping[str, Any]) -> bool:
    """Whether the rules call these facts eligible; facts that no real case has are not."""
    try:
        return assess(procedure, facts, engine="conditions").outcome == "eligible"
    except (InputError, RuleFault):
        return False


def _spans(version: LawVersion, facts: Mapping[str, Any], day: date) -> Iterator[Interval]:
    """The law version cut where the day changes a condition; the law date is cut out as a span of its own."""
    first, last = _bounds(version.interval, day)
    if first > last:
        return
    course = _Course(version, facts)
    starts = {first, *(each for each in (day, day + _DAY) if first < each <= last)}
    for comparison in course.comparisons():
        starts.update(course.turns(comparison, first, last))
    ordered = sorted(starts)
    for start, following in zip(ordered, [*ordered[1:], last + _DAY], strict=True):
        yield Interval(start, following - _DAY)


def _bounds(interval: Interval, day: date) -> tuple[date, date]:
    reach = timedelta(days=round(YEARS * 365.25))
    earliest = date.min + reach if day - date.min > reach else date.min
    first = max(interval.first or date.min, day - reach if earliest != date.min else date.min)
    last = min(interval.last or date.max - _DAY, day + reach if date.max - day > reach else date.max - _DAY)
    return first, last


class _Course:
    """How the conditions of a law version go as the law date moves and all else stays."""

    def __init__(self, version: LawVersion, facts: Mapping[str, Any]) -> None:
        self._version = version
        self._facts = dict(facts)
        self._law_at = version.procedure.law_at
        self._moving = {self._law_at}
        for name, meaning in version.derived.items():
            if meaning.names & self._moving:
                self._moving.add(name)
            else:
                self._facts[name] = evaluate(meaning, self._facts)

    def comparisons(self) -> Iterator[Cmp]:
        """Every comparison that reads the law date; an equality as its two bounds."""
        seen = set()
        for expression in self._expressions():
            for node in walk(expression.tree):
                if isinstance(node, Cmp) and node not in seen and self._readings(node):
                    seen.add(node)
                    if node.op in ("=", "!="):
                        yield from (replace(node, op="<"), replace(node, op="<="))
                    else:
                        yield node

    def _expressions(self) -> Iterator[Expression]:
        version, procedure = self._version, self._version.procedure
        yield from (fact.when for fact in procedure.facts.values() if fact.when is not None)
        yield from (rule.holds for rule in procedure.always)
        yield from version.derived.values()
        if version.applies is not None:
            yield version.applies.when
        for requirement in version.requirements:
            yield requirement.must
            if requirement.when is not None:
                yield requirement.when

    def turns(self, comparison: Cmp, first: date, last: date) -> Iterator[date]:
        """The days on which the comparison begins to say something else."""
        if not self._is_steady(comparison):
            yield from (day for day in _days(first + _DAY, last)
                        if self._says(comparison, day) is not self._says(comparison, day - _DAY))
            return
        low, high, said = first, last, self._says(comparison, first)
        if self._says(comparison, last) is said:
            return
        while high - low > _DAY:
            middle = low + (high - low) // 2
            if self._says(comparison, middle) is said:
                low = middle
            else:
                high = middle
        yield high

    def _says(self, comparison: Cmp, day: date) -> Any:
        env = {**self._facts, self._law_at: day}
        for name, meaning in self._version.derived.items():
            if name in self._moving:
                env[name] = evaluate(meaning, env)
        return evaluate(Expression("", comparison, _YES_NO), env)

    def _readings(self, node: Node) -> int:
        """How often a node reads the law date, derived names followed."""
        if isinstance(node, Ref):
            if node.name == self._law_at:
                return 1
            meaning = self._version.derived.get(node.name)
            return 0 if meaning is None or node.name not in self._moving else self._readings(meaning.tree)
        return sum(self._readings(child) for child in children(node))

    def _is_steady(self, comparison: Cmp) -> bool:
        """Whether it changes at most once: the day is read once, and only added to, scaled, or compared."""
        return self._readings(comparison) == 1 and all(self._keeps_order(side) for side in
                                                       (comparison.left, comparison.right))

    def _keeps_order(self, node: Node) -> bool:
        if not self._readings(node):
            return True
        match node:
            case Ref(name):
                return name == self._law_at or self._keeps_order(self._version.derived[name].tree)
            case Arith() | Call("min" | "max" | "floor" | "round half up" | "sum"):
                return all(self._keeps_order(child) for child in children(node))
            case _:
                return False


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
