"""Whether anything at all can show a goal, and which facts do: questions put to the solver.

A goal can be shown by a case of its own law version, or by one of an older day whose applicant chose the newer law
for the thing in question. Each such way is a `Setting`: conditions of one or two law versions that must all hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from motcua.analysis.coverage.lens import (
    HERE,
    NEVER_KNOWN,
    SEES_APPLIES,
    SEES_DOCUMENTS,
    SEES_FINDINGS,
    Lens,
    Plan,
    sees_clause,
    sees_decision,
)
from motcua.analysis.coverage.logic import FALSE, TRUE, YES_NO, conj, disj, neg, replaced
from motcua.analysis.coverage.planning import next_clauses
from motcua.conditions import Cmp, Expression, Known, Lit, Node, Ref, names_in, walk
from motcua.errors import MotcuaError
from motcua.procedures import LawVersion, Transitional

if TYPE_CHECKING:
    from motcua.analysis.symbolic import Symbols

Verdict = Literal["possible", "never", "unanswered"]

SECONDS_A_QUESTION: Final = 5
HARDEST: Final = 10**9
_VERDICTS: Final[Mapping[str, Verdict]] = {"sat": "possible", "unsat": "never", "unknown": "unanswered"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A case of the days of ``law_version`` in which ``conditions`` (law version, condition) all hold."""

    law_version: LawVersion
    conditions: tuple[tuple[LawVersion, Node], ...]


def settings_of(plan: Plan, key: str) -> Iterator[Setting]:
    """The ways in which a case can show a goal."""
    holding = [lens for lens in plan.lenses.values() if key in lens.goals]
    for lens in holding:
        node = replaced(lens.condition(key), _flags(plan, lens.version))
        if node != FALSE:
            yield Setting(lens.version, ((lens.version, node),))
    for lens in holding:
        yield from _moved(plan, key, lens)


def _flags(plan: Plan, version: LawVersion) -> dict[str, Node]:
    """What the assessment shows of the law version of its own day, as conditions."""
    required = version.applies.when.tree if version.applies else TRUE
    clauses = list(_clauses(plan, version))

    def shown(thing: str) -> Node:
        moving = disj(conj([is_next, clause.unless.tree]) for clause, is_next in clauses if thing in clause.moves)
        return conj([required, neg(moving)])

    flags: dict[str, Node] = {SEES_APPLIES: TRUE, HERE: TRUE, SEES_FINDINGS: required, NEVER_KNOWN: FALSE,
                              SEES_DOCUMENTS: shown("documents")}
    flags.update((sees_decision(name), shown(name)) for name in plan.procedure.decisions)
    flags.update((sees_clause(each.id), FALSE) for each in plan.procedure.transitional)
    flags.update((sees_clause(clause.id), is_next) for clause, is_next in clauses)
    return flags


def _moved(plan: Plan, key: str, lens: Lens) -> Iterator[Setting]:
    """Cases of an older day that a transitional clause brings under this law version."""
    flags = {SEES_APPLIES: FALSE, HERE: FALSE, SEES_FINDINGS: FALSE, NEVER_KNOWN: FALSE,
             **{sees_clause(each.id): FALSE for each in plan.procedure.transitional}}
    for older in plan.lenses.values():
        for clause, is_next in _clauses(plan, older.version):
            if clause.between not in lens.version.interval or older is lens:
                continue
            moved = {sees_decision(name): TRUE if name in clause.moves else FALSE for name in plan.procedure.decisions}
            moved[SEES_DOCUMENTS] = TRUE if "documents" in clause.moves else FALSE
            node = replaced(lens.condition(key), {**flags, **moved})
            if node != FALSE:
                required = older.version.applies.when.tree if older.version.applies else TRUE
                first = conj([required, is_next, clause.unless.tree])
                yield Setting(older.version, ((older.version, first), (lens.version, node)))


def _clauses(plan: Plan, version: LawVersion) -> Iterator[tuple[Transitional, Node]]:
    """The clauses that may come next after a day of the law version, and on which of its days each does."""
    procedure, interval = plan.procedure, version.interval
    day = Ref(procedure.law_at, procedure.facts[procedure.law_at].type)
    for clause in next_clauses(version):
        bounds = []
        if interval.last is None or interval.last >= clause.between:
            bounds.append(Cmp("<", day, Lit(clause.between, day.type)))
        for earlier in procedure.transitional:
            if earlier.between < clause.between and (interval.first is None or interval.first < earlier.between):
                bounds.append(Cmp(">=", day, Lit(earlier.between, day.type)))
        yield clause, conj(bounds)


class Questions:
    """A solver that knows the facts of a procedure, and is asked one thing after the other.

    Raises:
        MotcuaError: PROOF_001, the solver is not installed.
    """

    def __init__(self, plan: Plan) -> None:
        from motcua.analysis.symbolic import SOLVING, Symbols

        self.plan = plan
        self._make, self._alone = Symbols, SOLVING
        self._made: dict[bool, tuple[Symbols, Any]] = {}
        self._wishes: dict[tuple[bool, str, Any], Any] = {}

    def symbols(self, complete: bool) -> tuple[Symbols, Any]:
        """The facts as the solver sees them, all known or some unknown, and a solver with what no case breaks."""
        if complete not in self._made:
            symbols = self._make(self.plan.procedure, complete=complete)
            solver = symbols.solver(seconds=SECONDS_A_QUESTION)
            self._made[complete] = symbols, solver
        return self._made[complete]

    def ask(self, setting: Setting) -> Verdict:
        """Whether a case can be as the setting says."""
        with self._asked(setting) as (_, solver):
            return _VERDICTS[str(solver.check())]

    def case(self, setting: Setting, wishes: Mapping[str, Any]) -> dict[str, Any] | None:
        """The facts of a case that is as the setting says, or None where there is none, or no answer in time.

        They are as near to ``wishes`` as can be, what is hard to change (``change_cost``) being kept first; what is
        left open gets plain values.
        """
        from motcua.analysis.symbolic import CaseFinder

        with self._asked(setting) as (symbols, solver):
            if str(solver.check()) != "sat":
                return None
            self._keep(solver, [self._wish(symbols, name, wishes[name]) for name in sorted(wishes, key=self._hardness)])
            return CaseFinder(symbols).plain(solver, wishes, setting.law_version)

    @contextmanager
    def _asked(self, setting: Setting) -> Iterator[tuple[Symbols, Any]]:
        # what is true of incomplete facts stays true when they are completed, but for questions of what is known
        complete = not any(isinstance(part, Known) for _, node in setting.conditions for part in walk(node))
        with self._alone:
            symbols, solver = self.symbols(complete)
            depth = solver.num_scopes()
            solver.push()
            try:
                solver.add(symbols.within(setting.law_version.interval))
                for version, node in setting.conditions:
                    solver.add(symbols.version(version).truth(Expression("", node, YES_NO)).true)
                yield symbols, solver
            finally:
                solver.pop(solver.num_scopes() - depth)

    def _hardness(self, name: str) -> int:
        cost = self.plan.procedure.facts[name].change_cost
        return -HARDEST if cost is None else -cost

    def _wish(self, symbols: Symbols, name: str, value: Any) -> Any:
        key = (symbols.complete, name, value)
        if key not in self._wishes:
            self._wishes[key] = symbols.equal({name: value})
        return self._wishes[key]

    def _keep(self, solver: Any, wishes: Sequence[Any]) -> None:
        """Assert each wish that those before it still allow; whole runs of them at once where that can be."""
        if str(solver.check(*wishes)) == "sat":
            solver.add(*wishes)
        elif len(wishes) > 1:
            middle = len(wishes) // 2
            self._keep(solver, wishes[:middle])
            self._keep(solver, wishes[middle:])


def examine(plan: Plan, keys: Iterable[str], seconds: float, tell: Callable[[float], None]) -> Mapping[str, Verdict]:
    """For each goal whether any case can show it; empty where no solver is installed."""
    wanted = tuple(keys)
    try:
        questions = Questions(plan) if wanted else None
    except MotcuaError:
        return {}
    verdicts: dict[str, Verdict] = {}
    until = time.monotonic() + seconds
    for number, key in enumerate(wanted):
        tell(number / len(wanted))
        verdicts[key] = "unanswered" if time.monotonic() > until or questions is None else verdict(questions, key)
    return verdicts


def verdict(questions: Questions, key: str) -> Verdict:
    """Whether any case can show a goal."""
    found: Verdict = "never"
    for setting in settings_of(questions.plan, key):
        answer = questions.ask(setting)
        if answer == "possible":
            return answer
        if answer == "unanswered":
            found = answer
    return found


def facts_read(plan: Plan, setting: Setting) -> frozenset[str]:
    """The facts that the conditions of a setting read, through derived names too."""
    found: set[str] = set()
    for version, node in setting.conditions:
        waiting = list(names_in(node))
        while waiting:
            name = waiting.pop()
            if name in version.derived:
                waiting.extend(version.derived[name].names)
            elif name in plan.procedure.facts:
                found.add(name)
    return frozenset(found)
