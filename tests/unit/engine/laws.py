"""Random small procedures and cases, for hypothesis: every part of a law, with all of its links."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from motcua.conditions import And, Arith, Cmp, Expression, If, Known, Lit, Node, Not, Or, Ref, Type
from motcua.law import ALWAYS, Citation, Interval, Sources, Text
from motcua.procedures import (
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

YES_NO, INTEGER, DAY, DAYS = Type("yes/no"), Type("integer"), Type("date"), Type("days", "days")
KIND = Type("one of", None, "kind", ("x", "y", "z"))
CHANGE, START = date(2022, 1, 1), date(2020, 1, 1)
SPANS = (ALWAYS, ALWAYS, Interval(None, CHANGE - timedelta(1)), Interval(CHANGE, None))
FACTS = {**{f"b{n}": YES_NO for n in range(4)}, **{f"n{n}": INTEGER for n in range(3)}, "k": KIND}
TEXT = Text("chữ", "text")
CITE = Citation.parse("điều 1")

span = st.sampled_from(SPANS)


def expression(node: Node, type_: Type = YES_NO) -> Expression:
    return Expression("", node, type_)


@st.composite
def conditions(draw: st.DrawFn, names: dict[str, Type], depth: int = 3) -> Node:
    """A yes/no tree over the names."""
    shape = draw(st.sampled_from(("leaf", "leaf", "and", "or", "not", "if") if depth else ("leaf",)))
    if shape == "leaf":
        return draw(leaves(names))
    parts = [draw(conditions(names, depth - 1)) for _ in range({"not": 1, "if": 3}.get(shape) or draw(st.integers(2, 3)))]
    match shape:
        case "and":
            return And(tuple(parts))
        case "or":
            return Or(tuple(parts))
        case "not":
            return Not(parts[0])
        case _:
            return If(*parts)


@st.composite
def leaves(draw: st.DrawFn, names: dict[str, Type]) -> Node:
    name = draw(st.sampled_from(sorted(names)))
    own = names[name]
    ref = Ref(name, own)
    if draw(st.integers(0, 15)) == 0:
        return draw(st.sampled_from((Known(ref), Lit(True, YES_NO), Lit(False, YES_NO))))
    if own.kind == "yes/no":
        return ref
    if own.kind == "one of":
        return Cmp(draw(st.sampled_from(("=", "!="))), ref, Lit(draw(st.sampled_from(own.values)), own))
    left: Node = ref
    others = [other for other in sorted(names) if names[other].kind == "integer"]
    if others and draw(st.booleans()):
        left = Arith("+", ref, Ref(draw(st.sampled_from(others)), INTEGER), INTEGER)
    return Cmp(draw(st.sampled_from(("=", "<", "<=", ">", ">=", "!="))), left, Lit(draw(st.integers(0, 4)), INTEGER))


def maybe(draw: st.DrawFn, names: dict[str, Type]) -> Expression | None:
    return expression(draw(conditions(names))) if draw(st.booleans()) else None


@st.composite
def decisions(draw: st.DrawFn, name: str, names: dict[str, Type], after: str | None) -> Decision:
    own = draw(st.sampled_from((KIND, DAYS)))
    rows = []
    for number in range(draw(st.integers(1, 4))):
        then: Any = expression(Lit(draw(st.sampled_from(own.values or (5, 10))), own), own)
        if own is DAYS and draw(st.integers(0, 3)) == 0:
            then = Grid("n0", "k", ("x", "y"), (1, 3), ((1, 2), (3, 4)))
        elif own is DAYS and draw(st.integers(0, 3)) == 0:
            then = expression(Ref("n1", INTEGER), DAYS)
        earlier = [row.id for row in rows]
        overrides = draw(st.sets(st.sampled_from(earlier), max_size=2)) if earlier else set()
        rows.append(Row(f"R{number}", CITE, draw(span), maybe(draw, names), then, tuple(sorted(overrides))))
    hit = draw(st.sampled_from(("unique", "unique", "first", "collect")))
    return Decision(name, TEXT, own, hit, tuple(rows), "day" if after is None else None, None,
                    after if own is DAYS and hit != "collect" else None)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """A procedure with two law versions, derived chains, decisions that read each other, and a choice of law."""
    names = dict(FACTS)
    derived = {}
    for number in range(draw(st.integers(0, 4))):
        if draw(st.integers(0, 4)):
            meaning = expression(draw(conditions(names)))
        else:
            meaning = expression(Arith("+", Ref("n0", INTEGER), Lit(1, INTEGER), INTEGER), INTEGER)
        cases = ((ALWAYS, meaning),)
        if meaning.type is YES_NO and draw(st.booleans()):
            cases = ((SPANS[2], meaning), (SPANS[3], expression(draw(conditions(names)))))
        derived[f"d{number}"] = Derived(f"d{number}", TEXT, meaning.type, cases)
        names[f"d{number}"] = meaning.type
    tables: dict[str, Decision] = {}
    readable = dict(names)
    for number in range(draw(st.integers(0, 3))):
        terms = [each.id for each in tables.values() if each.type is DAYS and each.hit != "collect"]
        table = draw(decisions(f"t{number}", readable, terms[-1] if terms and draw(st.booleans()) else None))
        tables[table.id] = table
        if table.type is KIND and table.hit != "collect":
            readable[table.id] = KIND
    conditions_of_facts = draw(st.sets(st.sampled_from(("b2", "b3", "n2")), max_size=2))
    plain = {name: FACTS[name] for name in ("b0", "b1", "n0", "k")}
    facts = {name: Fact(name, type_, TEXT, when=expression(draw(conditions(plain, 1)))
                        if name in conditions_of_facts else None) for name, type_ in FACTS.items()}
    return Procedure(
        id="vn.test.random", title=TEXT, field="test", law_at="day", covers=Interval(START, None),
        facts={"day": Fact("day", DAY, TEXT), **facts}, lists={"kind": ListDef("kind", dict.fromkeys("xyz", TEXT))},
        sources=Sources({}), derived=derived,
        applies=tuple(draw(st.lists(st.builds(Applies, st.just("a"), st.just(TEXT), st.none(), span,
                                              conditions(names).map(expression)), max_size=1))),
        requirements=tuple(Requirement(f"q{number}", TEXT, CITE, draw(span), expression(draw(conditions(names))),
                                       maybe(draw, names)) for number in range(draw(st.integers(0, 4)))),
        documents=tuple(Document(f"p{number}", TEXT, CITE, draw(span), TEXT, None, maybe(draw, names))
                        for number in range(draw(st.integers(0, 3)))),
        decisions=tables,
        transitional=(Transitional("c", TEXT, CITE, CHANGE, expression(draw(conditions(plain, 1))),
                                   tuple(sorted(draw(st.sets(st.sampled_from([*tables, "documents"])))))),),
    )


VALUES = {"yes/no": st.booleans(), "integer": st.integers(0, 5), "one of": st.sampled_from(KIND.values)}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Facts, each known or not, before or after the change of law."""
    known = {name: draw(VALUES[type_.kind]) for name, type_ in FACTS.items() if draw(st.integers(0, 4))}
    return {"day": draw(st.sampled_from((CHANGE - timedelta(1), CHANGE, date(2021, 3, 4)))), **known}
