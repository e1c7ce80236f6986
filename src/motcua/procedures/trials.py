"""Trying the rows of decisions on telling cases, to find rows that overlap and cases that no row answers.

The cases are values at and around each limit that the conditions name, and every value of a list. Whatever is
found is real, for the conditions were evaluated; that nothing is found proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Any, Final

from motcua.conditions import WHOLE_KINDS, Expression, Lit, Node, Type, Value, children, evaluate, show_value
from motcua.errors import Problem
from motcua.law import Text
from motcua.procedures.model import Decision, Grid, LawVersion, Procedure, Row
from motcua.procedures.vocabulary import is_term

MAX_CASES: Final = 1500
MAX_SHOWN: Final = 5

Case = dict[str, Any]
Search = Callable[[LawVersion, Decision], Iterator[Problem]]


def overlaps(procedure: Procedure) -> Iterator[Problem]:
    """Rows of one decision that are true together with different values, each pair once."""
    yield from _each_table(procedure, _overlaps)


def gaps(procedure: Procedure) -> Iterator[Problem]:
    """Cases of a single fact, or of a single decision above, that no row of a decision answers."""
    yield from _each_table(procedure, _gaps)


def _each_table(procedure: Procedure, search: Search) -> Iterator[Problem]:
    """Search each decision once for every set of rows and derived meanings that it has over time."""
    seen: set[tuple[object, ...]] = set()
    reported: set[tuple[str, str]] = set()
    for version in procedure.versions:
        for decision in version.decisions.values():
            read = _expanded(_names(decision.rows), version)
            meanings = (id(case) for name, case in version.derived.items() if name in read)
            key = (decision.id, *map(id, decision.rows), *meanings)
            if key in seen or not decision.rows:
                continue
            seen.add(key)
            for problem in search(version, decision):
                told = (problem.code, f"{decision.id} {problem.params.get('rows', problem.params['case'])}")
                if told not in reported:
                    reported.add(told)
                    yield problem


def _overlaps(version: LawVersion, decision: Decision) -> Iterator[Problem]:
    if decision.hit != "unique" or len(decision.rows) < 2:
        return
    found: set[tuple[str, str]] = set()
    for case in _cases(version, decision.rows) or ():
        rows = [row for row in decision.rows if row.when is None or evaluate(row.when, case) is True]
        true = _standing(rows)
        for one, other in combinations(true, 2):
            if (one.id, other.id) not in found and _differ(one, other, case):
                found.add((one.id, other.id))
                pair = f"{one.id}, {other.id}"
                yield _problem("RULE_108", version, decision, _facts_of(case, version), rows=pair)


def _gaps(version: LawVersion, decision: Decision) -> Iterator[Problem]:
    conditions = [row.when for row in decision.rows]
    known = [when for when in conditions if when is not None]
    facts = _expanded(_names(decision.rows), version) - set(version.derived)
    if len(known) < len(conditions) or len(facts) != 1:
        return
    others = [row.when for part in _other_parts(version, decision) for row in part.rows]
    if None in others:
        return
    silent = [*known, *(when for when in others if when is not None)]
    unanswered = [_facts_of(case, version) for case in _cases(version, decision.rows) or ()
                  if all(evaluate(when, case) is False for when in silent)]
    if unanswered:
        yield _problem("RULE_109", version, decision, *unanswered)


def _other_parts(version: LawVersion, decision: Decision) -> list[Decision]:
    """The other parts of a term, in other units: what one leaves open, another may answer."""
    if not is_term(decision.type):
        return []
    return [other for other in version.decisions.values() if is_term(other.type) and other.id != decision.id]


def _standing(true: Sequence[Row]) -> list[Row]:
    gone = {name for row in true for name in row.overrides}
    return [row for row in true if row.id not in gone]


def _differ(one: Row, other: Row, case: Case) -> bool:
    values = [row.then.lookup(case) if isinstance(row.then, Grid) else evaluate(row.then, case)
              for row in (one, other)]
    return None not in values and values[0] != values[1]


def _names(rows: Iterable[Row]) -> set[str]:
    return {name for row in rows if row.when is not None for name in row.when.names}


def _expanded(names: set[str], version: LawVersion) -> set[str]:
    """The names and everything that the derived ones among them are made of."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(version.derived[name].names if name in version.derived else ())
    return found


def _cases(version: LawVersion, rows: Sequence[Row]) -> Iterator[Case] | None:
    """Cases worth trying, with derived names worked out, or None where there are too many."""
    names = _expanded(_names(rows), version)
    basic = sorted(names - set(version.derived))
    if len(basic) > 1 and any(name in version.decisions for name in basic):
        return None  # a decision and the facts it rests on do not vary freely
    trees = [row.when.tree for row in rows if row.when is not None]
    trees += [version.derived[name].tree for name in names if name in version.derived]
    values = [_telling(version.procedure, name, trees) for name in basic]
    if any(not each for each in values) or prod(map(len, values)) > MAX_CASES:
        return None
    tried = (_complete(dict(zip(basic, each, strict=True)), version) for each in product(*values))
    return (case for case in tried if _possible(case, version))


def _complete(case: Case, version: LawVersion) -> Case:
    for name, meaning in version.derived.items():
        case[name] = evaluate(meaning, case)
    return case


def _possible(case: Case, version: LawVersion) -> bool:
    """Whether nothing known of the case says that it cannot be, or is not the procedure's."""
    procedure = version.procedure
    needed: list[Expression] = [always.holds for always in procedure.always]
    asked = [procedure.facts[name].when for name in case if name in procedure.facts]
    needed += [when for when in asked if when is not None]
    needed += [version.applies.when] if version.applies is not None else []
    return all(evaluate(condition, case) is not False for condition in needed)


def _telling(procedure: Procedure, name: str, trees: Sequence[Node]) -> list[Value]:
    """Values of a name at which conditions may change: list values, and limits with their neighbours."""
    type_ = procedure.types[name]
    match type_.kind:
        case "yes/no":
            return [True, False]
        case "one of":
            return list(type_.values)
        case "list of":
            return [(), *((value,) for value in type_.values), type_.values]
        case "text":
            return []
    fact = procedure.facts.get(name)
    low, high = (fact.min, fact.max) if fact is not None else (None, None)
    limits = {limit for tree in trees for limit in _limits(tree, type_)}
    near: set[Any] = {value for limit in limits for value in _beside(limit, type_)}
    near |= {bound for bound in (low, high) if bound is not None}
    return sorted(value for value in near
                  if (low is None or value >= low) and (high is None or value <= high))


def _limits(tree: Node, type_: Type) -> Iterator[Any]:
    if isinstance(tree, Lit) and _comparable(tree.type, type_):
        yield tree.value
    for child in children(tree):
        yield from _limits(child, type_)


def _comparable(one: Type, other: Type) -> bool:
    numbers = ("number", "integer")
    return one.kind == other.kind or (one.kind in numbers and other.kind in numbers)


def _beside(limit: Any, type_: Type) -> tuple[Any, ...]:
    if isinstance(limit, date):
        return limit - timedelta(1), limit, limit + timedelta(1)
    step = 1 if type_.kind in WHOLE_KINDS else Decimal("0.001")
    return limit - step, limit, limit + step


def _facts_of(case: Case, version: LawVersion) -> Text:
    procedure = version.procedure
    shown = [(procedure.titles[name], procedure.types[name], value) for name, value in case.items()
             if name not in version.derived]
    return Text(*(", ".join(f"{title.get(lang)} = {show_value(type_, value, lang, procedure.labels)}"
                            for title, type_, value in shown) for lang in ("vi", "en")))


def _problem(code: str, version: LawVersion, decision: Decision, *cases: Text, **params: str) -> Problem:
    told = cases[:MAX_SHOWN]
    more = "; ..." if len(cases) > MAX_SHOWN else ""
    case = Text("; ".join(each.vi for each in told) + more, "; ".join(each.en for each in told) + more)
    named: Mapping[str, Any] = {"decision": decision.title, "subject": decision.id, "in_force": str(version),
                                "case": case, **params}
    return Problem(code, named, decision.place, "warning")
