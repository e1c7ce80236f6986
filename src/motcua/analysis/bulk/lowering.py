"""A law version as values to compute: the conditions of its rules in the terms of `motcua.analysis.bulk.plan`.

What comes out for each row is what `motcua.engine` weighs: derived values, states, documents, decisions, the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from motcua.analysis.bulk.plan import BITS, Plan, TooWideError, Value, exclude_each_other
from motcua.conditions import And, Arith, Call, Cmp, Expression, If, Known, Lit, Node, Not, Or, Ref, Type
from motcua.procedures import Decision, Grid, LawVersion, Procedure, Row

#: A list fact is several values, each of which holds some of its words.
Shape = Value | tuple[Value, ...]
Columns = Mapping[str, Shape]

OUTCOMES: Final = ("eligible", "ineligible", "not_required", "undetermined", "refused", "not_covered", "fault")
STATES: Final = ("met", "unmet", "unknown", "not_applicable")
NEEDS: Final = ("needed", "not_needed", "unknown")


class Lowering:
    """Expressions under the values of their names."""

    def __init__(self, plan: Plan, env: dict[str, Shape]) -> None:
        self.plan = plan
        self.env = env
        self._known: dict[Node, Shape] = {}

    def truth(self, expression: Expression | None) -> Value:
        """A condition; one that is not written is true."""
        return self.plan.true if expression is None else self.value(expression)

    def value(self, expression: Expression) -> Value:
        """The value of an expression."""
        return one(self._of(expression.tree))

    def _of(self, node: Node) -> Shape:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._lower(node)
        return found

    def _one(self, node: Node) -> Value:
        return one(self._of(node))

    def _lower(self, node: Node) -> Shape:
        plan = self.plan
        match node:
            case Lit(value, own):
                return constant(plan, own, value)
            case Ref(name, own):
                return self.env[name] if name in self.env else unknown(plan, own)
            case Known(Ref(name)):
                return plan.known(first_of(self.env[name])) if name in self.env else plan.false
            case Not(operand):
                return plan.negation(self._one(operand))
            case And(operands):
                return plan.both([self._one(operand) for operand in operands])
            case Or(operands):
                return plan.either([self._one(operand) for operand in operands])
            case Cmp():
                return self._compare(node)
            case If(condition, then, otherwise):
                return self._choice(self._one(condition), self._of(then), self._of(otherwise))
            case Arith(op, left, right):
                return self._arith(op, left, right)
            case Call(name, arguments):
                return self._call(name, arguments)
        raise AssertionError(node)

    def _compare(self, node: Cmp) -> Value:
        match node:
            # whether a list fact has any word is asked of its bits at once
            case Cmp(op, Call("count", (listed,)), Lit(int() as limit)) if (op, limit) in _NONE_OR_SOME:
                some = self.plan.any_bits(bits_of(self._of(listed)))
                return some if _NONE_OR_SOME[op, limit] else self.plan.negation(some)
        return self.plan.compare(node.op, self._one(node.left), self._one(node.right))

    def _choice(self, condition: Value, then: Shape, otherwise: Shape) -> Shape:
        plan = self.plan
        if isinstance(then, Value):
            return plan.choice(condition, then, one(otherwise))
        pairs = list(zip(then, bits_of(otherwise), strict=True))
        same = plan.both([plan.compare("=", left, right) for left, right in pairs])
        negated = plan.negation(condition)
        return tuple(plan.pick([(condition, left), (negated, right), (same, left)], plan.null("bits"))
                     for left, right in pairs)

    def _arith(self, op: str, left: Node, right: Node) -> Value:
        plan, kinds = self.plan, (kind_of(left), kind_of(right))
        first, second = self._one(left), self._one(right)
        if kinds[0] == "date" and kinds[1] == "months":
            return plan.add_months(first, second)
        if kinds[0] == "date" and kinds[1] != "date":
            return plan.add_days(first, second, 1 if op == "+" else -1)
        return {"+": plan.add, "-": plan.subtract, "*": plan.multiply}[op](first, second)

    def _call(self, name: str, arguments: tuple[Node, ...]) -> Value:
        plan, first = self.plan, arguments[0]
        match name:
            case "list contains":
                return self._contains(first, arguments[1])
            case "count":
                return plan.count(bits_of(self._of(first)), len(type_of(first).values))
            case "min" | "max":
                return plan.extreme("<=" if name == "min" else ">=", [self._one(each) for each in arguments])
            case "sum":
                return plan.total([self._one(each) for each in arguments])
            case "abs":
                return plan.absolute(self._one(first))
            case "floor":
                return plan.floor(self._one(first))
        return plan.round_half_up(self._one(first), _places(arguments))

    def _contains(self, holder: Node, item: Node) -> Value:
        plan, bits, words = self.plan, bits_of(self._of(holder)), type_of(holder).values
        wanted = self._one(item)
        if wanted.is_constant:
            return plan.unknown if wanted.fixed is None else plan.holds_word(bits, words.index(wanted.fixed))
        # the word itself is a fact: it is one of its list, or unknown
        found = plan.either([plan.both([plan.compare("=", wanted, plan.word(word)), plan.holds_word(bits, place)])
                             for place, word in enumerate(words)])
        return plan.pick([(plan.both([plan.known(wanted), plan.known(bits[0])]), found)], plan.unknown)


_NONE_OR_SOME: Final = {(">", 0): True, (">=", 1): True, ("!=", 0): True, ("=", 0): False, ("<", 1): False,
                        ("<=", 0): False}


def _places(arguments: tuple[Node, ...]) -> int:
    match arguments:
        case (_, Lit(int() as places)):
            return places
    return 0


def one(shape: Shape) -> Value:
    """The single value of what is no list."""
    assert isinstance(shape, Value)
    return shape


def bits_of(shape: Shape) -> tuple[Value, ...]:
    """The values of a list fact."""
    assert isinstance(shape, tuple)
    return shape


def first_of(shape: Shape) -> Value:
    """One of the values: all are unknown together."""
    return shape if isinstance(shape, Value) else shape[0]


def type_of(node: Node) -> Type:
    """The type of what is no condition."""
    match node:
        case If(_, then, _):
            return type_of(then)
        case Lit(type=own) | Ref(type=own) | Arith(type=own) | Call(type=own):
            return own
    return Type("yes/no")


def kind_of(node: Node) -> str:
    """The kind of its type."""
    return type_of(node).kind


def parts_of(type_: Type) -> int:
    """How many columns a list fact of a type takes."""
    return max(1, -(-len(type_.values) // BITS))


def constant(plan: Plan, type_: Type, value: Any) -> Value:
    """A constant of a type."""
    if isinstance(value, bool):
        return plan.true if value else plan.false
    if isinstance(value, date):
        return plan.day(value)
    if isinstance(value, str):
        return plan.word(value)
    assert type_.kind != "list of"
    return plan.number(value)


def unknown(plan: Plan, type_: Type) -> Shape:
    """An unknown value of a type."""
    match type_.kind:
        case "yes/no":
            return plan.unknown
        case "one of" | "text":
            return plan.null("word")
        case "list of":
            return (plan.null("bits"),) * parts_of(type_)
    return plan.null("number")


@dataclass(frozen=True, slots=True)
class Table:
    """A decision: which rows hold (true, else not), what each gives, and what comes of it.

    ``value`` is unknown for a decision that collects; ``settled`` and ``conflict`` as in `motcua.engine.Decided`.
    """

    decision: Decision
    holds: tuple[Value, ...]
    given: tuple[Value, ...]
    value: Value
    settled: Value
    conflict: Value


class Weighing:
    """One law version over the columns of the facts that apply. Parts are made when asked for."""

    def __init__(self, plan: Plan, version: LawVersion, facts: Columns) -> None:
        self.plan = plan
        self.version = version
        self._env: dict[str, Shape] = dict(facts)
        self._lower = Lowering(plan, self._env)
        self._tables: dict[str, Table] = {}
        for name, expression in version.derived.items():
            self._env[name] = self._lower._of(expression.tree)
        for decision in version.decisions.values():
            self._tables[decision.id] = table = self._decide(decision)
            self._env[decision.id] = table.value

    @property
    def derived(self) -> dict[str, Shape]:
        """The derived values."""
        return {name: self._env[name] for name in self.version.derived}

    @property
    def tables(self) -> Mapping[str, Table]:
        """The decisions by id."""
        return self._tables

    @cached_property
    def applies(self) -> Value:
        """Whether the procedure is required."""
        return self._lower.truth(self.version.applies.when if self.version.applies else None)

    @cached_property
    def musts(self) -> list[tuple[Value, Value]]:
        """For each requirement what must hold, and when."""
        return [(self._lower.truth(item.must), self._lower.truth(item.when)) for item in self.version.requirements]

    @cached_property
    def documents(self) -> list[Value]:
        """Whether each document is needed."""
        return [self._lower.truth(item.when) for item in self.version.documents]

    def moves(self, procedure: Procedure) -> dict[str, Value]:
        """Whether each transitional clause chooses the new law."""
        return {item.id: self._lower.truth(item.unless) for item in procedure.transitional}

    @cached_property
    def fulfilled(self) -> Value:
        """False where a requirement is unmet, else unknown where one is, else true."""
        return self.plan.both([self._whole(must, when) for must, when in self.musts])

    def _whole(self, must: Value, when: Value) -> Value:
        return self.plan.either([self.plan.negation(when), must])

    def state(self, place: int) -> Value:
        """The state of a requirement, as a place in `STATES`."""
        plan, (must, when) = self.plan, self.musts[place]
        code = [plan.number(number) for number in range(len(STATES))]
        unmet = plan.negation(self._whole(must, when))
        return plan.pick([(plan.negation(when), code[3]), (must, code[0]), (unmet, code[1])], code[2])

    @cached_property
    def outcome(self) -> Value:
        """The outcome as a place in `OUTCOMES`, were there no contradiction."""
        plan = self.plan
        code = [plan.number(number) for number in range(len(OUTCOMES))]
        return plan.pick([(plan.negation(self.applies), code[2]), (plan.negation(plan.known(self.applies)), code[3]),
                          (self.fulfilled, code[0]), (plan.negation(self.fulfilled), code[1])], code[3])

    # -- decisions

    def _decide(self, decision: Decision) -> Table:
        plan = self.plan
        given = tuple(self._given(row, decision) for row in decision.rows)
        truths = [plan.both([self._lower.truth(row.when), plan.if_known(value)])
                  for row, value in zip(decision.rows, given, strict=True)]
        stands = [self._stands(place, decision, truths) for place in range(len(truths))]
        settled = plan.both([plan.if_known(stand) for stand in stands])
        settled = plan.known(settled)
        if decision.hit == "first":
            stands = [plan.both([stand, *map(plan.negation, stands[:place])]) for place, stand in enumerate(stands)]
        conflict = self._conflict(stands, given) if decision.hit == "unique" else plan.false
        nothing = self._nothing(decision)
        if decision.hit == "collect":
            return Table(decision, tuple(stands), given, nothing, settled, conflict)
        value = plan.pick([(conflict, nothing), *zip(stands, given, strict=True)], nothing)
        some = plan.pick([(plan.either(stands), plan.true)], settled)
        return Table(decision, tuple(stands), given, value, some, conflict)

    def _nothing(self, decision: Decision) -> Value:
        """An unknown value of the decision."""
        shape = unknown(self.plan, decision.type)
        if isinstance(shape, tuple):
            raise TooWideError
        return shape

    def _given(self, row: Row, decision: Decision) -> Value:
        if isinstance(row.then, Grid):
            return self._cell(row.then, decision.type)
        return self._lower.value(row.then)

    def _cell(self, grid: Grid, type_: Type) -> Value:
        """The cell of a grid: by the line of ``down``, then by the column of ``across``."""
        plan = self.plan
        empty = one(unknown(plan, type_))
        down = one(self._env.get(grid.down, plan.null("number")))
        across = one(self._env.get(grid.across, plan.null("word")))
        rest: list[tuple[Value, Value]] = []
        for column, name in enumerate(grid.columns):
            cells = [constant(plan, type_, line[column]) if line[column] is not None else empty for line in grid.cells]
            over = cells[len(grid.bounds)] if len(cells) > len(grid.bounds) else empty
            lines = [(plan.compare("<=", down, self._bound(bound)), cell)
                     for bound, cell in zip(grid.bounds, cells, strict=False)]
            above = plan.pick([(plan.known(down), over)], empty)
            rest.append((plan.compare("=", across, plan.word(name)), plan.pick(lines, above)))
        return plan.pick(rest, empty)

    def _bound(self, bound: Any) -> Value:
        return self.plan.day(bound) if isinstance(bound, date) else self.plan.number(bound)

    def _stands(self, place: int, decision: Decision, truths: Sequence[Value]) -> Value:
        row = decision.rows[place]
        above = [truth for other, truth in zip(decision.rows, truths, strict=True) if row.id in other.overrides]
        return self.plan.both([truths[place], *map(self.plan.negation, above)])

    def _conflict(self, stands: Sequence[Value], given: Sequence[Value]) -> Value:
        """True where two rows hold that give different values."""
        plan = self.plan
        same: dict[Value, list[Value]] = {}
        for stand, value in zip(stands, given, strict=True):
            same.setdefault(value, []).append(stand)
        groups = [(plan.either(each), value) for value, each in same.items()]
        pairs = [(first, second) for place, first in enumerate(groups) for second in groups[place + 1:]
                 if not exclude_each_other(first[0], second[0])]
        if len(pairs) > 3 and all(value.is_constant for _, value in groups):
            # of several different constants the first and the last that hold are then not the same
            place = [(stand, plan.number(number)) for number, (stand, _) in enumerate(groups)]
            nothing = plan.null("number")
            return plan.compare("!=", plan.pick(place, nothing), plan.pick(reversed(place), nothing))
        return plan.either(plan.both([first, second, plan.compare("!=", one_value, other)])
                           for (first, one_value), (second, other) in pairs)


class Intake:
    """Which facts of a procedure apply in a row, and whether they can all be true together."""

    def __init__(self, plan: Plan, procedure: Procedure, given: Columns) -> None:
        self.facts: dict[str, Shape] = dict(given)
        self.dropped: dict[str, Value] = {}
        waiting = {fact.id: fact.when for fact in procedure.facts.values() if fact.when is not None}
        while waiting:
            ready = {name: when for name, when in waiting.items() if not when.names & waiting.keys()}
            lower = Lowering(plan, dict(self.facts))
            for name, when in ready.items():
                self.dropped[name] = absent = plan.negation(lower.truth(when))
                if name in self.facts:
                    self.facts[name] = _without(plan, self.facts[name], absent)
            waiting = {name: when for name, when in waiting.items() if name not in ready}
        always = Lowering(plan, dict(self.facts))
        #: True where a rule that no real case breaks is broken.
        self.refused = plan.either(plan.negation(always.truth(rule.holds)) for rule in procedure.always)


def _without(plan: Plan, shape: Shape, absent: Value) -> Shape:
    if isinstance(shape, tuple):
        return tuple(plan.pick([(absent, plan.null("bits"))], part) for part in shape)
    return plan.pick([(absent, plan.null(shape.kind, shape.scale))], shape)

