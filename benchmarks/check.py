"""What a check costs, against other engines evaluating the same conditions.

The conditions are all that one check of the EIA procedure evaluates under the law of 26 November 2026: derived
names, when it applies, requirements, documents, rows of decisions, the conditions of facts. Each engine compiles
them once, in its own language, and must give the same answers on every dossier before it is timed. Only
motcua's answer is three-valued, cites and explains.

zen-engine is called in the fastest way its Python binding has: one decision whose single node holds all conditions,
given to its static loader, which compiles it beforehand and answers on the caller's thread. (A decision made from
text with ``create_decision``, as its first example shows, compiles its expressions anew in each call and takes three
times as long.) Facts go in as nested dicts, answers come out as a dict: both conversions are part of either side.

Each dossier is a new one: there are as many as are checked in all rounds, so that no answer, nor anything kept by
the values of facts, comes from a dossier seen before. The facts are random, which is hard on what is kept by pattern:
real cases are more alike.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.run import Row, alternately

from motcua.conditions import (
    And,
    Arith,
    Call,
    Cmp,
    Expression,
    If,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    compile_expressions,
)
from motcua.conditions.tree import as_membership
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


# ---- one core tree, written in each language --------------------------------------------------------------------

class Dialect:
    """Python; the others differ in a few words."""

    operators: ClassVar[Mapping[str, str]] = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
    true, false = "True", "False"
    conjunction, disjunction = " and ", " or "

    def name(self, ref: Ref) -> str:
        return f"f[{ref.name!r}]"

    def literal(self, given: Any) -> str:
        if isinstance(given, bool):
            return self.true if given else self.false
        if isinstance(given, date):
            return str(given.toordinal())
        return f"'{given}'" if isinstance(given, str) else str(Decimal(given))

    def contains(self, holder: str, item: str) -> str:
        return f"({item} in {holder})"

    def count(self, holder: str) -> str:
        return f"len({holder})"

    def among(self, ref: str, words: list[str]) -> str:
        return f"({ref} in ({', '.join(words)},))"

    def negation(self, operand: str) -> str:
        return f"(not {operand})"

    def write(self, node: Node) -> str:
        if (found := as_membership(node)) is not None:
            return self.among(self.name(found[0]), [self.literal(each.value) for each in found[1]])
        match node:
            case Ref():
                return self.name(node)
            case Lit(given):
                return self.literal(given)
            case Not(operand):
                return self.negation(self.write(operand))
            case And(operands):
                return f"({self.conjunction.join(map(self.write, operands))})"
            case Or(operands):
                return f"({self.disjunction.join(map(self.write, operands))})"
            case Cmp(op, left, right):
                return f"({self.write(left)} {self.operators[op]} {self.write(right)})"
            case Arith(op, left, right):
                return f"({self.write(left)} {op} {self.write(right)})"
            case Call("list contains", (holder, item)):
                return self.contains(self.write(holder), self.write(item))
            case Call("count", (holder,)):
                return self.count(self.write(holder))
            case If() | Known() | Call():
                raise ValueError(f"not in the EIA rules when this was written: {node}")
        raise AssertionError(node)


class Zen(Dialect):
    """The language of zen-engine: facts as nested objects, earlier keys of the node under ``$``."""

    true, false = "true", "false"

    def __init__(self, keys: Mapping[str, Expression]) -> None:
        self.keys = keys

    def name(self, ref: Ref) -> str:
        return f"$.{ref.name}" if ref.name in self.keys else ref.name

    def among(self, ref: str, words: list[str]) -> str:
        return f"({ref} in [{', '.join(words)}])"


class Plain(Dialect):
    """Python over plain names, as decision tables of SpiffWorkflow hold it."""

    def name(self, ref: Ref) -> str:
        return ref.name.replace(".", "_")


class Vector(Plain):
    """Numpy, as OpenFisca formulas hold it; its texts are bytes."""

    conjunction, disjunction = " & ", " | "

    def name(self, ref: Ref) -> str:
        return f"p({ref.name.replace('.', '_')!r}, period)"

    def literal(self, given: Any) -> str:
        return f"b'{given}'" if isinstance(given, str) else super().literal(given)

    def negation(self, operand: str) -> str:
        return f"(~{operand})"

    def among(self, ref: str, words: list[str]) -> str:
        return "(" + " | ".join(f"({ref} == {word})" for word in words) + ")"


# ---- the contenders: each gives a function from a dossier to {key: answer} ---------------------------------------

Contender = Callable[[dict[str, Any]], Mapping[str, Any]]


def three_valued(keys: Mapping[str, Expression]) -> Contender:
    return compile_expressions(dict(keys))


def two_valued(keys: Mapping[str, Expression]) -> Contender:
    """What one would write by hand: plain short-circuiting Python, each derived name computed once."""
    dialect = Dialect()
    lines = [f"    r[{key!r}] = f[{key!r}] = {dialect.write(each.tree)}" for key, each in keys.items()]
    scope: dict[str, Any] = {}
    exec("def answer(f):\n    r = {}\n" + "\n".join(lines) + "\n    return r\n", scope)
    answer: Contender = scope["answer"]
    return answer


def zen(keys: Mapping[str, Expression]) -> Contender:
    import zen as library

    dialect = Zen(keys)
    expressions = [{"id": key, "key": key, "value": dialect.write(each.tree)} for key, each in keys.items()]
    node = {"position": {"x": 0, "y": 0}}
    content = {"contentType": "application/vnd.gorules.decision",
               "nodes": [{**node, "id": "in", "type": "inputNode", "name": "in"},
                         {**node, "id": "all", "type": "expressionNode", "name": "all",
                          "content": {"expressions": expressions}},
                         {**node, "id": "out", "type": "outputNode", "name": "out"}],
               "edges": [{"id": "1", "type": "edge", "sourceId": "in", "targetId": "all"},
                         {"id": "2", "type": "edge", "sourceId": "all", "targetId": "out"}]}
    engine = library.ZenEngine({"loader": {"type": "static", "content": {"check": content}}})
    return lambda context: engine.evaluate("check", context)["result"]  # type: ignore[no-any-return]


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A dossier as zen-engine takes it: objects within objects, dates as day numbers."""
    whole: dict[str, Any] = {}
    for name, given in facts.items():
        *path, last = name.split(".")
        place = whole
        for step in path:
            place = place.setdefault(step, {})
        place[last] = plain(given)
    return whole


def plain(given: Any) -> Any:
    if isinstance(given, date):
        return given.toordinal()
    return list(given) if isinstance(given, tuple) else given


def spiff(keys: Mapping[str, Expression]) -> Contender:
    """A decision table for each condition: one input, one rule where it is true."""
    from types import SimpleNamespace

    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

    dialect, engine = Plain(), PythonScriptEngine()
    tables: dict[str, DMNEngine] = {}
    for key, each in keys.items():
        table = DecisionTable(key, key, "UNIQUE")
        column, answer = Input("i", "", "", dialect.write(each.tree), "boolean"), Output("o", "", "answer", "boolean")
        rule = Rule("r")
        entry, given = InputEntry("e", column), OutputEntry("g", answer)
        entry.description, entry.lhs = "", ["True"]
        given.description, given.text = "", "True"
        given.parsedRef = given.text
        rule.inputEntries, rule.outputEntries = [entry], [given]
        table.inputs, table.outputs, table.rules = [column], [answer], [rule]
        tables[key] = DMNEngine(table)

    def answer_all(facts: dict[str, Any]) -> dict[str, Any]:
        data = dict(facts)
        task = SimpleNamespace(data=data, workflow=SimpleNamespace(script_engine=engine))
        for key, table in tables.items():
            data[key] = bool(table.decide(task))
        return {key: data[key] for key in tables}

    return answer_all


def openfisca(keys: Mapping[str, Expression]) -> Contender:
    """A tax-benefit system of one entity; the simulation of one person is built for each dossier."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    dialect = Vector()
    person = entities.build_entity(key="person", plural="persons", label="", is_person=True)
    system = taxbenefitsystems.TaxBenefitSystem([person])
    read = {node.name: node.type.kind for each in keys.values() for node in walk(each.tree) if isinstance(node, Ref)}
    for name, kind in read.items():
        if name not in keys:
            value_type = {"yes/no": bool, "one of": str}.get(kind, float)
            system.add_variable(_variable(variables, person, name.replace(".", "_"), value_type, None))
    for key, each in keys.items():
        scope: dict[str, Any] = {}
        exec(f"def formula(p, period):\n    return {dialect.write(each.tree)}", scope)
        system.add_variable(_variable(variables, person, key, bool, scope["formula"]))
    period = periods.period("2026")
    inputs = [(name, name.replace(".", "_")) for name in read if name not in keys]

    def answer(facts: dict[str, Any]) -> dict[str, Any]:
        builder = simulations.SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("person", ["p"])
        simulation = builder.build(system)
        for name, variable in inputs:
            simulation.set_input(variable, period, [facts[name]])
        return {key: bool(simulation.calculate(key, period)[0]) for key in keys}

    return answer


def _variable(variables: Any, person: Any, name: str, value_type: type, formula: Any) -> Any:
    from openfisca_core.periods import DateUnit

    body = {"value_type": value_type, "entity": person, "definition_period": DateUnit.YEAR, "label": name}
    if formula is not None:
        body["formula"] = formula
    if value_type is str:
        body["max_length"] = 30
    return type(name, (variables.Variable,), body)


def walk(node: Node) -> Iterator[Node]:
    from motcua.conditions.tree import walk as walk_tree

    return walk_tree(node)


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
    engine, by_hand = zen(keys), two_valued(keys)
    agree(keys, engine, contexts, known)
    agree(keys, by_hand, copies, known)
    rust = in_turn(engine, contexts)
    count, facts = f"zen-engine, the same {len(keys)} conditions", f"{len(eia().facts)} facts"
    weigh = prepared(eia().version_on(DAY)).scales.weigh
    return [
        Row(f"one check of the EIA procedure ({facts}): the assessment, with reasons, as JSON",
            f"{count}, no explanation", alternately(_new(assessed, cases), rust), 1.0, promise=1),
        Row("one check of the EIA procedure with the whole proof tree", f"{count}, no explanation",
            alternately(_new(explained, cases), rust), 2.0),
        Row("the same, three-valued evaluation only", "hand-written two-valued Python",
            alternately(in_turn(three_valued(keys), known), in_turn(by_hand, copies)), 6.0, promise=2),
        Row("the second opinion: findings, documents, decisions, outcome", count,
            alternately(in_turn(weigh, cases), rust), 0.5),
    ]


def _twenty(keys: Mapping[str, Expression], known: list[dict[str, Any]]) -> list[Row]:
    what = f"three-valued evaluation of {len(keys)} of its conditions"
    ours = in_turn(three_valued(keys), known)
    underscored = [{name.replace(".", "_"): given for name, given in facts.items()} for facts in known]
    rows = []
    for name, make, given, limit, promise in (
            ("zen-engine", zen, [nested(facts) for facts in known], 0.3, 0),
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
