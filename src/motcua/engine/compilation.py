"""From a law version to propositional clauses for durable-rules.

Each yes/no condition has two rails: clauses that prove it true and clauses that prove it false; where
neither proves anything it is unknown, which is Kleene's logic exactly. A clause reads **atoms**, which are
evaluated in Python, and earlier conclusions: the rails of derived names, findings, values of decisions.
Nothing is ever concluded from the absence of a conclusion, so the order of firing cannot matter.

What a clause says of the case is its `Meaning`; clauses of the same meaning are its alternatives.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from motcua.conditions import And, Cmp, Expression, If, Lit, Node, Not, Or, Ref, Type, atoms, evaluate
from motcua.engine.durable import Clause, Program
from motcua.procedures import Decision, Grid, LawVersion, Row


class Meaning(NamedTuple):
    """What a fired clause says: this part of the law version (``kind``, ``id``) is in this ``state``.

    ``derived``, ``applies`` and ``document`` have the states True and False; ``requirement`` "met", "unmet" and
    "not_applicable"; ``row`` (id: decision and row) "holds"; ``moves`` True; ``outcome`` the outcome.
    """

    kind: str
    id: Any
    state: Any


class Atom(NamedTuple):
    """A condition evaluated in Python; the engine is told of it when its value is ``wanted``.

    A decision and row as ``condition`` ask whether what the row gives is known; None always holds.
    """

    condition: Node | tuple[str, str] | None
    wanted: bool


class Conj(NamedTuple):
    """Atoms and conclusions that must all hold, by number."""

    atoms: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()

    def with_(self, other: Conj) -> Conj:
        """Both together, each condition once."""
        return Conj(tuple(dict.fromkeys(self.atoms + other.atoms)), tuple(dict.fromkeys(self.needs + other.needs)))


@dataclass(frozen=True, slots=True)
class Compiled:
    """The clauses of a law version: ``atoms[i]`` is what atom ``i`` asks, ``meanings[i]`` what clause ``i`` says.

    Clauses that only gather others have no meaning.
    """

    program: Program
    atoms: tuple[Atom, ...]
    meanings: tuple[Meaning | None, ...]


MULTIPLIED_OUT = 4

Clauses = dict[tuple[Conj, int, Meaning | None], None]


@dataclass(slots=True)
class _Builder:
    """Collects clauses; names atoms and conclusions by what they stand for."""

    version: LawVersion
    clauses: Clauses = field(default_factory=dict)
    atoms: dict[Atom, int] = field(default_factory=dict)
    conclusions: dict[Hashable, int] = field(default_factory=dict)
    rails: set[tuple[str, bool]] = field(default_factory=set)

    def atom(self, condition: Node | tuple[str, str] | None, wanted: bool = True) -> Conj:
        while isinstance(condition, Not):
            condition, wanted = condition.operand, not wanted
        return Conj((self.atoms.setdefault(Atom(condition, wanted), len(self.atoms)),))

    def conclusion(self, key: Hashable) -> int:
        return self.conclusions.setdefault(key, len(self.conclusions))

    def need(self, key: Hashable) -> Conj:
        return Conj((), (self.conclusion(key),))

    def add(self, conj: Conj, concludes: Hashable, meaning: Meaning | None = None) -> None:
        """A clause; one without any condition rests on the atom that always holds."""
        conj = conj if conj.atoms or conj.needs else self.atom(None)
        self.clauses[conj, self.conclusion(concludes), meaning] = None

    def add_any(self, alternatives: Iterable[Conj], concludes: Hashable, meaning: Meaning | None = None) -> None:
        for conj in alternatives:
            self.add(conj, concludes, meaning)

    def all_of(self, parts: Iterable[tuple[Conj, ...]]) -> tuple[Conj, ...]:
        """Every part must hold: few alternatives are multiplied out, many become a conclusion of their own."""
        whole: tuple[Conj, ...] = (Conj(),)
        for alternatives in sorted(parts, key=len):
            if len(alternatives) > 1 and len(whole) * len(alternatives) > MULTIPLIED_OUT:
                key = ("any", alternatives)
                self.add_any(alternatives, key)
                alternatives = (self.need(key),)
            whole = tuple(dict.fromkeys(one.with_(other) for one in whole for other in alternatives))
        return whole

    def prove(self, node: Node | None, wanted: bool) -> tuple[Conj, ...]:
        """The alternatives, each enough to prove ``node`` true (or false); no condition at all is true."""
        match node:
            case None:
                return (Conj(),) if wanted else ()
            case Lit(value):
                return (Conj(),) if value is wanted else ()
            case Not(operand):
                return self.prove(operand, not wanted)
            case Ref(name) if self.is_chained(node):
                self.rails.add((name, wanted))
                return (self.need(("derived", name, wanted)),)
            case _ if not self.is_chained(node):
                return (self.all_atoms(atoms(node)),) if wanted else (self.atom(node, False),)
            case And(operands) | Or(operands):
                return self._junction(operands, type(node), wanted)
            case If(condition, then, otherwise):
                both = Or((And((condition, then)), And((Not(condition), otherwise)), And((then, otherwise))))
                opposite = Or((And((condition, Not(then))), And((Not(condition), Not(otherwise))),
                               And((Not(then), Not(otherwise)))))
                return self.prove(both if wanted else opposite, True)
            case _:
                return self._by_decision(node, wanted)

    def all_atoms(self, parts: Iterable[Node]) -> Conj:
        whole = Conj()
        for part in parts:
            whole = whole.with_(self.atom(part))
        return whole

    def _junction(self, operands: tuple[Node, ...], kind: type[And] | type[Or], wanted: bool) -> tuple[Conj, ...]:
        """All (And true, Or false) or any (And false, Or true) of the operands; unchained ones stay together."""
        operands = tuple(_flat(operands, kind))
        chained = [operand for operand in operands if self.is_chained(operand)]
        plain = tuple(operand for operand in operands if operand not in chained)
        together = [kind(plain) if len(plain) > 1 else plain[0]] if plain else []
        proofs = [self.prove(operand, wanted) for operand in [*together, *chained]]
        if (kind is And) == wanted:
            return self.all_of(proofs)
        return tuple(dict.fromkeys(conj for proof in proofs for conj in proof))

    def _by_decision(self, node: Node, wanted: bool) -> tuple[Conj, ...]:
        """A condition on an earlier decision alone: true for some of its values, false for the others."""
        decision = self.decision_tested(node)
        assert decision is not None
        expression = Expression("", node, Type("yes/no"))
        values = dict.fromkeys(constant(row) for row in decision.rows)
        return tuple(self.need(("value", decision.id, value)) for value in values
                     if evaluate(expression, {decision.id: value}) is wanted)

    def is_chained(self, node: Node) -> bool:
        """Whether the engine itself concludes what ``node`` reads, rather than being told its value."""
        match node:
            case Ref(name):
                return name in self.version.derived and node.type.kind == "yes/no"
            case Not(operand):
                return self.is_chained(operand)
            case And(operands) | Or(operands):
                return any(self.is_chained(operand) for operand in operands)
            case If(condition, then, otherwise):
                return any(map(self.is_chained, (condition, then, otherwise)))
            case _:
                return self.decision_tested(node) is not None

    def decision_tested(self, node: Node) -> Decision | None:
        """The one decision a comparison reads, where its values are constants."""
        match node:
            case Cmp(_, Ref(name), Lit()) | Cmp(_, Lit(), Ref(name)) if name in self.version.decisions:
                decision = self.version.decisions[name]
                constants = decision.hit != "collect" and all(constant(row) is not None for row in decision.rows)
                return decision if constants else None
            case _:
                return None


def compile_version(version: LawVersion) -> Compiled:
    """The clauses of everything a law version concludes, derived names first, the outcome last.

    Raises:
        ProgramRefused: the version passes a limit of durable-rules.
    """
    build = _Builder(version)
    for part in (_applies, _requirements, _documents, _decisions, _moves, _outcome):
        part(build)
    clauses = {**_derived(build), **build.clauses}
    return Compiled(Program(tuple(Clause(*conj, concludes) for conj, concludes, _ in clauses)),
                    tuple(build.atoms), tuple(meaning for _, _, meaning in clauses))


def constant(row: Row) -> Any:
    """What a row gives whatever the facts are, or None where it depends on them."""
    return None if isinstance(row.then, Grid) or row.then.names else evaluate(row.then, {})


def overriders(decision: Decision) -> Mapping[str, tuple[Row, ...]]:
    """For each row the rows before which it gives way."""
    return {row.id: tuple(other for other in decision.rows if row.id in other.overrides) for row in decision.rows}


def _flat(operands: Iterable[Node], kind: type[And] | type[Or]) -> Iterator[Node]:
    """``a or (b or c)`` is ``a or b or c``: the fewer conditions stand apart, the fewer rules."""
    for operand in operands:
        if isinstance(operand, kind):
            yield from _flat(operand.operands, kind)
        else:
            yield operand


def _derived(build: _Builder) -> Clauses:
    """The rails that something reads; first those on which others rest, so that causes stand before effects."""
    found, build.clauses = build.clauses, {}
    ordered: Clauses = {}
    for name, expression in reversed(list(build.version.derived.items())):
        build.clauses = {}
        for wanted in (True, False):
            if (name, wanted) in build.rails:
                build.add_any(build.prove(expression.tree, wanted), ("derived", name, wanted),
                              Meaning("derived", name, wanted))
        ordered = {**build.clauses, **ordered}
    build.clauses = found
    return ordered


def _applies(build: _Builder) -> None:
    if (applies := build.version.applies) is not None:
        for wanted in (True, False):
            build.add_any(build.prove(applies.when.tree, wanted), ("applies", wanted),
                          Meaning("applies", "applies", wanted))


def _requirements(build: _Builder) -> None:
    for index, requirement in enumerate(build.version.requirements):
        must, when = requirement.must.tree, _tree(requirement.when)
        broken = Not(must) if when is None else And((when, Not(must)))
        for proofs, state in ((build.prove(must, True), "met"), (build.prove(when, False), "not_applicable")):
            build.add_any(proofs, ("kept", index), Meaning("requirement", index, state))
        build.add_any(build.prove(broken, True), "broken", Meaning("requirement", index, "unmet"))


def _documents(build: _Builder) -> None:
    """Only those with a condition: that a document is always needed is not concluded from anything."""
    for index, document in enumerate(build.version.documents):
        if document.when is not None:
            for wanted in (True, False):
                build.add_any(build.prove(document.when.tree, wanted), ("document", index, wanted),
                              Meaning("document", index, wanted))


def _decisions(build: _Builder) -> None:
    for decision in build.version.decisions.values():
        above = overriders(decision)
        earlier: list[tuple[Conj, ...]] = []
        for row in decision.rows:
            standing = [build.prove(_tree(other.when), False) for other in above[row.id]]
            holds = build.all_of([_is_true(build, decision, row), *standing, *earlier])
            given = constant(row)
            key = ("row", decision.id, row.id) if given is None else ("value", decision.id, given)
            build.add_any(holds, key, Meaning("row", (decision.id, row.id), "holds"))
            if decision.hit == "first":
                gone = [build.prove(_tree(row.when), False), *(_is_true(build, decision, o) for o in above[row.id])]
                earlier.append(tuple(dict.fromkeys(conj for proofs in gone for conj in proofs)))


def _is_true(build: _Builder, decision: Decision, row: Row) -> tuple[Conj, ...]:
    """The row's condition holds and what it gives is known."""
    proofs = build.prove(_tree(row.when), True)
    return proofs if constant(row) is not None else build.all_of([proofs, (build.atom((decision.id, row.id)),)])


def _moves(build: _Builder) -> None:
    first = build.version.interval.first
    for clause in build.version.procedure.transitional:
        if first is None or clause.between > first:
            build.add_any(build.prove(clause.unless.tree, True), ("moves", clause.id),
                          Meaning("moves", clause.id, True))


def _outcome(build: _Builder) -> None:
    required = Conj()
    if build.version.applies is not None:
        required = build.need(("applies", True))
        build.add(build.need(("applies", False)), "outcome", Meaning("outcome", "outcome", "not_required"))
    kept = required
    for index in range(len(build.version.requirements)):
        kept = kept.with_(build.need(("kept", index)))
    build.add(required.with_(build.need("broken")), "outcome", Meaning("outcome", "outcome", "ineligible"))
    build.add(kept, "outcome", Meaning("outcome", "outcome", "eligible"))


def _tree(expression: Expression | None) -> Node | None:
    return None if expression is None else expression.tree
