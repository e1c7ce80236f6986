"""The engines that a check is measured against: each is given the same conditions, written in its own language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

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
    as_membership,
    compile_expressions,
)


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


def zen_decision(keys: Mapping[str, Expression]) -> Contender:
    """One decision made once with ``create_decision`` and evaluated, as the documentation of zen-engine shows."""
    import zen as library

    decision = library.ZenEngine().create_decision(json.dumps(_zen_model(keys)))
    return lambda context: decision.evaluate(context)["result"]  # type: ignore[no-any-return]


def zen_static(keys: Mapping[str, Expression]) -> Contender:
    """The same model given to the static loader, which compiles it beforehand."""
    import zen as library

    engine = library.ZenEngine({"loader": {"type": "static", "content": {"check": _zen_model(keys)}}})
    return lambda context: engine.evaluate("check", context)["result"]  # type: ignore[no-any-return]


def _zen_model(keys: Mapping[str, Expression]) -> dict[str, Any]:
    """A decision whose single node holds all conditions."""
    dialect = Zen(keys)
    expressions = [{"id": key, "key": key, "value": dialect.write(each.tree)} for key, each in keys.items()]
    node = {"position": {"x": 0, "y": 0}}
    return {"contentType": "application/vnd.gorules.decision",
            "nodes": [{**node, "id": "in", "type": "inputNode", "name": "in"},
                      {**node, "id": "all", "type": "expressionNode", "name": "all",
                       "content": {"expressions": expressions}},
                      {**node, "id": "out", "type": "outputNode", "name": "out"}],
            "edges": [{"id": "1", "type": "edge", "sourceId": "in", "targetId": "all"},
                      {"id": "2", "type": "edge", "sourceId": "all", "targetId": "out"}]}


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
