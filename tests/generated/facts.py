"""Facts for any procedure, for hypothesis: unknown, ordinary, and at the places where answers change.

The places come from the rules themselves: the constants of a type and their neighbours, dates that lie a term of the
rules before or after another, shares of another amount; and from the calendar: month ends, leap days, changes of law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from motcua.conditions import WHOLE_KINDS, Arith, Expression, Lit, Type, walk
from motcua.law import add_months
from motcua.procedures import Fact, Grid, Procedure

CALENDAR = (date(2023, 2, 28), date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29),
            date(2024, 3, 1), date(2024, 12, 31), date(2025, 1, 31), date(2025, 3, 31), date(2025, 4, 30),
            date(2025, 5, 31), date(2025, 8, 30), date(2025, 8, 31), date(2025, 10, 31), date(2026, 2, 28))
#: One fact in so many is unknown.
UNKNOWN = 6


class Places:
    """The values at which a procedure's answers change."""

    def __init__(self, procedure: Procedure) -> None:
        self.by_kind: dict[str, set[Any]] = {}
        self.months: set[int] = {6}
        self.days: set[int] = {30}
        self.shares: set[Any] = {1}
        for expression in expressions(procedure):
            for node in walk(expression.tree):
                self._note(node)
        for row in (row for decision in procedure.decisions.values() for row in decision.rows):
            if isinstance(row.then, Grid):
                self.by_kind.setdefault(procedure.types[row.then.down].kind, set()).update(row.then.bounds)
        changes = {version.interval.first for version in procedure.versions} - {None}
        changes |= {clause.between for clause in procedure.transitional}
        self.dates = sorted({*CALENDAR, *(day + timedelta(shift) for day in changes for shift in (-1, 0, 1)),
                             *self.by_kind.get("date", ())})

    def _note(self, node: Any) -> None:
        match node:
            case Lit(value, Type(kind="months")):
                self.months.add(value)
            case Lit(value, Type(kind="days")):
                self.days.add(value)
            case Arith("*", Lit(value), _) | Arith("*", _, Lit(value)):
                self.shares.add(value)
        if isinstance(node, Lit):
            self.by_kind.setdefault(node.type.kind, set()).add(node.value)

    def numbers(self, type_: Type) -> list[Any]:
        """Constants of the type with their neighbours."""
        kinds = ("number", "integer") if type_.kind in ("number", "integer") else (type_.kind,)
        found = {value for kind in kinds for value in self.by_kind.get(kind, ())} | {0, 1}
        step = 1 if type_.kind in WHOLE_KINDS else Decimal("0.25")
        values = {value + shift for value in found for shift in (-step, 0, step)}
        return sorted(value for each in values if (value := whole(each)) is not None
                      and (isinstance(value, int) or type_.kind not in WHOLE_KINDS))


def whole(value: Any) -> Any:
    """The number as facts hold it: an int where it has no fraction."""
    return int(value) if value == int(value) else Decimal(value).normalize()


def expressions(procedure: Procedure) -> Iterator[Expression]:
    """Every condition and value in the rules."""
    yield from (rule.holds for rule in procedure.always)
    yield from (case for derived in procedure.derived.values() for _, case in derived.cases)
    yield from (applies.when for applies in procedure.applies)
    yield from (requirement.must for requirement in procedure.requirements)
    yield from (clause.unless for clause in procedure.transitional)
    rows = [row for decision in procedure.decisions.values() for row in decision.rows]
    yield from (row.then for row in rows if not isinstance(row.then, Grid))
    for part in (*procedure.facts.values(), *procedure.requirements, *procedure.documents, *rows):
        if part.when is not None:
            yield part.when


@st.composite
def cases(draw: st.DrawFn, procedure: Procedure, places: Places, *, law_date_known: bool = True,
          unknown: int = UNKNOWN) -> dict[str, Any]:
    """Facts of a procedure as `motcua.engine.assess` takes them; what is unknown is absent."""
    found: dict[str, Any] = {}
    law_at = procedure.law_at
    if law_date_known or draw(st.integers(0, 9)):
        days = [day for day in places.dates if day in procedure.covers]
        found[law_at] = draw(st.sampled_from(days) | st.sampled_from(days).map(lambda day: day + timedelta(9)))
    for fact in procedure.facts.values():
        if fact.id != law_at and (unknown == 0 or draw(st.integers(0, unknown - 1))):
            found[fact.id] = draw(_value(fact, places, found))
    return found


def _value(fact: Fact, places: Places, found: dict[str, Any]) -> st.SearchStrategy[Any]:
    match fact.type.kind:
        case "yes/no":
            return st.booleans()
        case "one of":
            return st.sampled_from(fact.type.values)
        case "list of":
            return st.lists(st.sampled_from(fact.type.values), unique=True).map(tuple)
        case "text":
            return st.sampled_from(["", "a", 'q"\\', *sorted(places.by_kind.get("text", ()))])
        case "date":
            return _day(places, [value for value in found.values() if isinstance(value, date)])
    others = [value for value in found.values() if isinstance(value, int) and not isinstance(value, bool)]
    return _number(fact, places, others).filter(lambda value: _within(fact, value))


def _day(places: Places, others: list[date]) -> st.SearchStrategy[date]:
    if not others:
        return st.sampled_from(places.dates)
    shifts = st.sampled_from((-1, 0, 0, 1))
    later = st.builds(lambda day, count, shift: add_months(day, count) + timedelta(shift),
                      st.sampled_from(others), st.sampled_from(sorted(places.months)), shifts)
    near = st.builds(lambda day, count, sign, shift: day + timedelta(sign * count + shift), st.sampled_from(others),
                     st.sampled_from(sorted(places.days)), st.sampled_from((-1, 1)), shifts)
    return st.sampled_from(places.dates) | later | near


def _number(fact: Fact, places: Places, others: list[int]) -> st.SearchStrategy[Any]:
    known = places.numbers(fact.type)
    low = 0 if fact.type.kind in ("money", "months") else -9
    plain = st.integers(low, 40)
    if fact.type.kind == "money" and others:
        amounts = [other for other in others if other >= 0]
        shares = st.builds(lambda share, amount, shift: int(share * amount) + shift,
                           st.sampled_from(sorted(places.shares)), st.sampled_from(amounts or [0]),
                           st.sampled_from((-1, 0, 0, 1)))
        return (st.sampled_from(known) | shares | plain.map(lambda n: n * 10**8)).filter(lambda n: n >= 0)
    return (st.sampled_from(known) | plain).filter(lambda n: fact.type.kind != "months" or n >= 0)


def _within(fact: Fact, value: Any) -> bool:
    return (fact.min is None or value >= fact.min) and (fact.max is None or value <= fact.max)
