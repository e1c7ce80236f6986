"""What a check costs, against other engines evaluating the same conditions.

The conditions are all that one check of the EIA procedure evaluates under the law of 26 November 2026: derived
names, when it applies, requirements, documents, rows of decisions, the conditions of facts. Each engine compiles
them once, in its own language, and must give the same answers on every dossier before it is timed. Only
motcua's answer is three-valued, cites and explains.

zen-engine is measured in two ways, one decision whose single node holds all conditions in either. The promise is
against the "basic usage" of its documentation: a decision made once from text with ``create_decision`` and evaluated
for each dossier. So used, zen-engine compiles the expressions anew in each call, and gives some of the work to a
thread of its own, whose processor time counts too and varies with how busy the machine is. The fastest way we know is
its static loader, which compiles the decision beforehand, answers on the caller's thread, and takes about a third of
that time or less: each row against it says "at its fastest", and there a check is several times slower. Facts go in as
nested dicts, answers come out as a dict: both conversions are part of either side.

Each dossier is a new one: there are as many as are checked in all rounds, so that no answer, nor anything kept by
the values of facts, comes from a dossier seen before. The facts are random, which is hard on what is kept by pattern:
real cases are more alike.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.contenders import (
    Contender,
    nested,
    openfisca,
    plain,
    spiff,
    three_valued,
    two_valued,
    walk,
    zen_decision,
    zen_static,
)
from benchmarks.run import Row, alternately

from motcua.conditions import (
    Call,
    Expression,
    Node,
    Ref,
)
from motcua.engine import Reason, assess, explain
from motcua.engine.preparation import prepared
from motcua.errors import MotcuaError
from motcua.procedures import LawVersion, Procedure, load_procedure, load_sources

RULES = Path(__file__).parent.parent / "rules"
DAY = date(2026, 11, 26)
DOSSIERS = 3000


def eia() -> Procedure:
    return load_procedure(RULES / "environment" / "eia-appraisal.yaml", load_sources(RULES / "sources.yaml"))


def conditions(version: LawVersion) -> dict[str, Expression]:
    """The conditions of a check by key, each once; derived names first, by their own names."""
    found: dict[str, Expression] = dict(version.derived)
    parts: list[Expression | None] = [version.applies.when if version.applies else None]
    for requirement in version.requirements:
        parts += [requirement.must, requirement.when]
    parts += [document.when for document in version.documents]
    parts += [row.when for decision in version.decisions.values() for row in decision.rows]
    parts += [fact.when for fact in version.procedure.facts.values()]
    parts += [clause.unless for clause in version.procedure.transitional]
    trees = {expression.tree: expression for expression in parts if expression is not None}
    return found | {f"c{number}": expression for number, expression in enumerate(trees.values())}


def dossiers(procedure: Procedure, outcomes: tuple[str, ...] = ("eligible", "ineligible")) -> list[dict[str, Any]]:
    """Complete facts of cases in which the procedure is required; the same at each run."""
    chance = random.Random(66_19)
    found: list[dict[str, Any]] = []
    while len(found) < DOSSIERS:
        facts = {fact.id: value(fact.type.kind, fact, chance) for fact in procedure.facts.values()}
        facts |= {procedure.law_at: DAY, "filing.elects_new_law": False}
        try:
            if assess(procedure, facts).outcome in outcomes:
                found.append(facts)
        except MotcuaError:
            continue
    return found


def value(kind: str, fact: Any, chance: random.Random) -> Any:
    match kind:
        case "yes/no":
            return chance.random() < 0.4
        case "one of":
            return chance.choice(fact.type.values)
        case "list of":
            return tuple(word for word in fact.type.values if chance.random() < 0.3)
        case "date":
            return date.fromordinal(DAY.toordinal() + chance.randrange(1000))
        case "text":
            return "chữ"
        case "money":
            return chance.randrange(10**9, 10**13)
        case _:
            return min(max(chance.randrange(0, 400), fact.min or 0), fact.max or 400)


# ---- measuring ---------------------------------------------------------------------------------------------------

def in_turn(work: Callable[[Any], object], items: list[Any]) -> Callable[[], object]:
    """Work on the next item at each call."""
    following = itertools.cycle(items)
    return lambda: work(next(following))


def agree(keys: Mapping[str, Expression], contender: Contender, given: list[dict[str, Any]],
          cases: list[dict[str, Any]]) -> None:
    """Every contender must answer as the interpreter does before it is timed."""
    reference = three_valued(keys)
    for facts, own in zip(cases, given, strict=True):
        expected, found = reference(facts), contender(own)
        different = [key for key in keys if bool(found[key]) is not expected[key]]
        assert not different, f"{different[0]}: {keys[different[0]].text}"


def measure() -> list[Row]:
    """The first three promises, and what explains them."""
    made_with = eia()
    cases = dossiers(made_with)
    # decisions that rows read are given, as no contender but motcua decides them
    weigh = prepared(made_with.version_on(DAY)).scales.weigh
    known = [{**facts, **{name: found.value for name, found in weigh(facts).decided.items()}} for facts in cases]
    keys = conditions(made_with.version_on(DAY))
    return [*_whole(cases, known, keys), *_twenty(few(keys), known[:100])]


def few(keys: Mapping[str, Expression], count: int = 20) -> dict[str, Expression]:
    """The first conditions that stand on plain facts, numbers, yes or no and single words alone."""
    simple = {key: each for key, each in keys.items() if not any(map(is_list_or_date, walk(each.tree)))}
    chosen: dict[str, Expression] = {}
    for key, each in simple.items():
        derived = {name for name in each.names if name in keys}
        if derived <= chosen.keys() and len(chosen) < count and "authority" not in each.names:
            chosen[key] = each
    return chosen


def assessed(procedure: Procedure, facts: dict[str, Any]) -> dict[str, Any]:
    return assess(procedure, facts).to_json()


def explained(procedure: Procedure, facts: dict[str, Any]) -> tuple[Any, Reason]:
    found = assess(procedure, facts)
    return found.to_json(), explain(found)


def is_list_or_date(node: Node) -> bool:
    return isinstance(node, Call) or (isinstance(node, Ref) and node.type.kind in ("list of", "date"))


def _new(work: Callable[[Procedure, dict[str, Any]], object], cases: list[dict[str, Any]]) -> Callable[[], object]:
    """Work on the cases in turn with a procedure that has not met them yet, but is ready."""
    procedure = eia()
    work(procedure, cases[-1])
    return in_turn(lambda facts: work(procedure, facts), cases)


def _whole(cases: list[dict[str, Any]], known: list[dict[str, Any]], keys: Mapping[str, Expression]) -> list[Row]:
    contexts = [nested(facts) for facts in known]
    copies = [{name: plain(given) for name, given in facts.items()} for facts in known]
    made_once, fastest, by_hand = zen_decision(keys), zen_static(keys), two_valued(keys)
    for contender, given in ((made_once, contexts), (fastest, contexts), (by_hand, copies)):
        agree(keys, contender, given, known)
    ordinary, rust = in_turn(made_once, contexts), in_turn(fastest, contexts)
    same, facts = f"the same {len(keys)} conditions", f"{len(eia().facts)} facts"
    ordinarily = f"zen-engine, {same}, one decision made once and evaluated (create_decision); no explanation"
    at_best = f"zen-engine at its fastest (static loader), {same}"
    whole = f"one check of the EIA procedure ({facts}): the assessment, with reasons, as JSON"
    proved = "one check of the EIA procedure with the whole proof tree"
    weigh = prepared(eia().version_on(DAY)).scales.weigh
    return [
        Row(whole, ordinarily, alternately(_new(assessed, cases), ordinary), 1.0, promise=1),
        Row(proved, ordinarily, alternately(_new(explained, cases), ordinary), 2.0),
        Row(whole, f"{at_best}; no explanation", alternately(_new(assessed, cases), rust), 4.0),
        Row(proved, f"{at_best}; no explanation", alternately(_new(explained, cases), rust), 7.0),
        Row("the same, three-valued evaluation only", "hand-written two-valued Python",
            alternately(in_turn(three_valued(keys), known), in_turn(by_hand, copies)), 6.0, promise=2),
        Row("the second opinion: findings, documents, decisions, outcome", at_best,
            alternately(in_turn(weigh, cases), rust), 0.5),
    ]


def _twenty(keys: Mapping[str, Expression], known: list[dict[str, Any]]) -> list[Row]:
    what = f"three-valued evaluation of {len(keys)} of its conditions"
    ours = in_turn(three_valued(keys), known)
    underscored = [{name.replace(".", "_"): given for name, given in facts.items()} for facts in known]
    rows = []
    for name, make, given, limit, promise in (
            ("zen-engine at its fastest (static loader)", zen_static, [nested(facts) for facts in known], 0.3, 0),
            ("SpiffWorkflow DMN", spiff, underscored, 0.3, 3),
            ("OpenFisca, one person", openfisca, known, 0.3, 3),
            ("hand-written two-valued Python", two_valued, [dict(facts) for facts in known], 6.0, 0)):
        contender = make(keys)
        agree(keys, contender, given, known)
        rows.append(Row(what, name, alternately(ours, in_turn(contender, given)), limit, promise))
    return rows


if __name__ == "__main__":
    for row in measure():
        print(row)
