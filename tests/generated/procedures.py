"""Whole procedures for hypothesis: every part a rule file may have, over facts of every type.

Conditions are drawn as text (`tests.unit.conditions.strategies`) and parsed, so that each procedure is one that a rule
file could hold.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.unit.conditions.strategies import CONDITIONS, LISTS, MONOTONE_CONDITIONS, TYPES, _number_texts

from motcua.conditions import Expression, Scope, Type, parse, parse_type
from motcua.law import ALWAYS, Citation, Interval, Sources, Text
from motcua.procedures import (
    Always,
    Applies,
    Decision,
    Derived,
    Document,
    Fact,
    Grid,
    ListDef,
    Procedure,
    Requirement,
    Row,
    Transitional,
)

TEXT, CITE = Text("chữ", "text"), Citation.parse("điều 1")
START, LEAP, END = date(2023, 1, 1), date(2024, 2, 29), date(2025, 8, 31)
BEFORE, BETWEEN, AFTER = (Interval(None, LEAP - timedelta(1)), Interval(LEAP, END - timedelta(1)),
                          Interval(END, None))
SPANS = st.sampled_from((ALWAYS, ALWAYS, ALWAYS, BEFORE, BETWEEN, AFTER, Interval(LEAP, None)))
NAMES = {name: parse_type(text, LISTS) for name, text in TYPES.items()}
LAW_AT = "received"
#: Facts that may be asked only under a condition; each condition may rest on the ones before it.
CONDITIONAL = {"secret": "park", "left": "dispute or secret", "project.size": 'licence.mineral != "peat"',
               "spent": "count_1 > 0", "expires": 'not(project.size = "none")'}
ALWAYS_RULES = ("spent <= 2 * budget", "received <= expires", "not(park and dispute)", "area >= 0 ha")
RESULTS: dict[str, st.SearchStrategy[str]] = {
    "one of mineral": st.sampled_from([f'"{word}"' for word in LISTS["mineral"]] + ["licence.mineral"]),
    "money": st.sampled_from(["5 million VND", "8 million VND", "50% * budget", "max(spent, 2 million VND)", "budget",
                              "if park then 5 million VND else spent"]),
    "days": st.sampled_from(["10 days", "10 days", "45 days", "abs(left)", "max(expires - received, 5 days)"]),
    "working_days": st.sampled_from(["3 working_days", "10 working_days"]),
    "months": st.sampled_from(["1 months", "6 months", "term"]),
    "number": _number_texts(),
    "text": st.sampled_from(['"a"', '"b"', "note"]),
    "date": st.sampled_from(["received", "expires", "received + 6 months", "received + term", "expires - 30 days"]),
    "yes/no": MONOTONE_CONDITIONS,
}
#: The kinds a decision of a rule file commonly has; "date" and "yes/no" are given by derived names only.
TABLES = ("one of mineral", "money", "days", "working_days", "months", "number", "text")


def conditions(names: dict[str, Type], known: bool = True) -> st.SearchStrategy[Expression]:
    """Conditions over the facts and whatever else is named."""
    scope = Scope(names, LISTS)
    own = [_about(name, type_) for name, type_ in names.items() if name not in TYPES]
    plain = CONDITIONS if known else MONOTONE_CONDITIONS
    if own:
        further = st.sampled_from([test for tests in own for test in tests])
        plain = st.one_of(plain, further, further, st.tuples(plain, st.sampled_from(("and", "or")), further).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"))
    return plain.map(lambda text: parse(text, scope, expect="yes/no"))


def _about(name: str, type_: Type) -> list[str]:
    """Tests of a derived name or decision."""
    tests = {"yes/no": [name, f"not({name})"], "money": [f"{name} >= 5 million VND", f"{name} = budget"],
             "one of": [f'{name} = "{word}"' for word in type_.values] + [f'{name} != "metal"'],
             "date": [f"{name} <= expires", f"{name} > received + 1 months"], "number": [f"{name} > 3"],
             "days": [f"{name} <= 30 days"], "months": [f"{name} >= 6 months"], "text": [f'{name} = "a"'],
             "working_days": [f"{name} > 3 working_days"]}
    return tests[type_.kind]


@st.composite
def procedures(draw: st.DrawFn, *, known: bool = True, transitional: bool = True) -> Procedure:
    """A procedure of up to four law versions; without ``known`` no condition asks whether a fact is known."""
    facts = draw(_facts())
    names = dict(NAMES)
    derived = draw(_derived(names, known))
    tables = draw(_tables(dict(names), known))
    some = conditions(names, known)
    return Procedure(
        id="vn.test.generated", title=TEXT, field="test", law_at=LAW_AT, covers=Interval(START, None), facts=facts,
        lists={name: ListDef(name, {word: Text(word, word) for word in words}) for name, words in LISTS.items()},
        sources=Sources({}), derived=derived,
        always=tuple(Always(f"a{number}", TEXT, parse(text, Scope(NAMES, LISTS), expect="yes/no"))
                     for number, text in enumerate(sorted(draw(st.sets(st.sampled_from(ALWAYS_RULES), max_size=1))))),
        applies=(Applies("a", TEXT, None, draw(SPANS), draw(some)),) if draw(st.integers(0, 3)) == 0 else (),
        requirements=tuple(Requirement(f"q{number}", TEXT, CITE, draw(SPANS), draw(some), draw(st.none() | some))
                           for number in range(draw(st.integers(1, 4)))),
        documents=tuple(Document(f"p{number}", TEXT, CITE, draw(SPANS), TEXT, None, draw(st.none() | some))
                        for number in range(draw(st.integers(0, 3)))),
        decisions=tables, transitional=draw(_clauses(tables, known)) if transitional else (), digest="sha256:0")


@st.composite
def _facts(draw: st.DrawFn) -> dict[str, Fact]:
    asked = draw(st.sets(st.sampled_from(sorted(CONDITIONAL)), max_size=3))
    scope = Scope(NAMES, LISTS)
    lowest = {"money": 0, "months": 0}
    return {name: Fact(name, type_, TEXT, None, lowest.get(type_.kind), None,
                       parse(CONDITIONAL[name], scope, expect="yes/no") if name in asked else None)
            for name, type_ in NAMES.items()}


@st.composite
def _derived(draw: st.DrawFn, names: dict[str, Type], known: bool) -> dict[str, Derived]:
    """A chain of derived names, some with another meaning after a change of law; they are added to ``names``."""
    found = {}
    for number in range(draw(st.integers(0, 4))):
        name = f"d{number}"
        kind = draw(st.sampled_from(("yes/no", "yes/no", "yes/no", "money", "date", "number")))
        if kind == "yes/no":
            meanings = [draw(conditions(names, known)) for _ in range(draw(st.sampled_from((1, 2))))]
        else:
            meanings = [parse(draw(RESULTS[kind]), Scope(names, LISTS)) for _ in range(2)]
        cases: Any = ((ALWAYS, meanings[0]),) if len(meanings) == 1 else (
            (BEFORE, meanings[0]), (Interval(LEAP, None), meanings[1]))
        found[name] = Derived(name, TEXT, meanings[0].type, cases)
        names[name] = parse_type(kind, LISTS)
    return found


@st.composite
def _tables(draw: st.DrawFn, names: dict[str, Type], known: bool) -> dict[str, Decision]:
    tables: dict[str, Decision] = {}
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(TABLES))
        type_, hit = parse_type(kind, LISTS), draw(st.sampled_from(("unique", "first", "collect")))
        name, is_term = f"t{number}", kind in ("days", "working_days", "months") and hit != "collect"
        terms = [each.id for each in tables.values() if each.starts_from or each.after]
        after = terms[-1] if is_term and terms and draw(st.booleans()) else None
        tables[name] = Decision(name, TEXT, type_, hit, draw(_rows(kind, type_, names, known)),
                                LAW_AT if is_term and after is None else None, None, after)
        if hit != "collect":
            names[name] = type_
    return tables


@st.composite
def _rows(draw: st.DrawFn, kind: str, type_: Type, names: dict[str, Type], known: bool) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 4))):
        then: Any = parse(draw(RESULTS[kind]), Scope(names, LISTS), expect=type_)
        if kind == "money" and draw(st.booleans()):
            then = Grid("spent", "project.size", ("none", "small"), (10**9, 2 * 10**9), ((10, 20), (30, 40), (50, 60)))
        elif kind == "days" and draw(st.integers(0, 2)) == 0:
            then = Grid("received", "licence.mineral", ("metal", "peat"), (LEAP, END), ((1, 2), (3, 4)))
        when = draw(conditions(names, known)) if draw(st.integers(0, 3)) else None
        overrides = sorted(draw(st.sets(st.sampled_from([row.id for row in rows]), max_size=2))) if rows else ()
        rows.append(Row(f"R{number}", CITE, draw(SPANS), when, then, tuple(overrides)))
    return tuple(rows)


@st.composite
def _clauses(draw: st.DrawFn, tables: dict[str, Decision], known: bool) -> tuple[Transitional, ...]:
    moves = st.sets(st.sampled_from([*tables, "documents"]), min_size=1).map(lambda found: tuple(sorted(found)))
    some = conditions(dict(NAMES), known)
    return tuple(Transitional(f"c{number}", TEXT, CITE, day, draw(some), draw(moves))
                 for number, day in enumerate(sorted(draw(st.sets(st.sampled_from((LEAP, END)), max_size=2)))))
