"""The search for effects: each way as a question to the solver, each answer as a case that the engine confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

import z3

from motcua.analysis.comparison.causes import Behind, Causes, Key
from motcua.analysis.comparison.differences import Change
from motcua.analysis.comparison.effects import OUTCOMES, WITH, WITHOUT, Effect, Flip
from motcua.analysis.comparison.halves import Half, Pair, halves, same_truth, values_differ
from motcua.analysis.comparison.telling import Goal, Teller
from motcua.analysis.symbolic import FALSE, SOLVING, NotADecimalError, all_of, any_of, both, equal, negated
from motcua.analysis.witness import NoAnswerError, TimedSolver, ask, choose, keep, plain_values
from motcua.engine import Assessment, assess
from motcua.errors import InputError, MotcuaError, Problem, RuleFault
from motcua.procedures import Procedure, out_of_bounds

Bool = Any
MOST_VALUES: Final = 12
"""Of a decision with more ways than this, each pair of rows is told once, not each pair of values."""
MOST_WAYS: Final = 60
PLAIN_SECONDS: Final = 10.0
"""So long at most is a plain case looked for: it only makes the others read well."""


class Search:
    """The effects of one pair of law dates."""

    def __init__(self, old: Procedure, new: Procedure, pair: Pair, changes: Sequence[Change],
                 seconds: float) -> None:
        self._seconds = seconds
        self._causes = Causes(changes)
        with SOLVING:
            self._old, self._new = halves(old, new, pair)
            self._behind = Behind(self._old.version), Behind(self._new.version)
            self._teller = Teller(self._old, self._new, self._causes)
            self._solver = TimedSolver(seconds)
            self._sides = ((self._old, self._new), (self._new, self._old))
            self._solver.add(*self._old.domain, *self._new.domain, *self._steady(), *self._one_case(),
                             *(negated(each) for half, other in self._sides for each in half.strange(other)))
        self._base: dict[str, Any] = {}
        self._plain: list[tuple[Any, Any]] = []

    def effects(self, progress: Callable[[int, int], None] | None) -> Iterator[Effect]:
        """Every effect, and every way proved to be none."""
        with SOLVING:
            parts: list[Callable[[], Iterator[Effect]]] = [
                self._admissions, self._contradictions, self._outcomes,
                *(partial(self._document, name) for name in self._all_documents()),
                *(partial(self._decision, name) for name in self._all_decisions()),
                *(partial(self._due, name) for name in self._causes.of_starts())]
            self._settle_base()
            for done, part in enumerate(parts):
                if progress is not None:
                    progress(done, len(parts))
                yield from part()

    # What holds of both

    def _one_case(self) -> Iterator[Bool]:
        """The case of both laws is one: its numbers are the same, and no fact is in doubt for either."""
        for half, other in self._sides:
            yield from half.settled(other)
            yield from half.linked(other)

    def _steady(self) -> Iterator[Bool]:
        """Unchanged provisions that read the law date say the same on both days: time alone is no effect."""
        if self._old.days == self._new.days:
            return
        was, now = self._timed(0), self._timed(1)
        yield from (same_truth(was[key], now[key]) for key in was if key in now)

    def _timed(self, side: int) -> dict[Key, tuple[Bool, ...]]:
        """The truths of the unchanged provisions of a side that read the law date."""
        half, behind, law = (self._old, self._new)[side], self._behind[side], self._law_dates()
        version = half.version
        found: dict[Key, tuple[Bool, ...]] = {}

        def note(key: Key, rest: frozenset[Key], truth: Callable[[], tuple[Bool, ...]]) -> None:
            if rest & law and not self._causes.behind(rest):
                found[key] = truth()

        for item in version.requirements:
            note(("requirement", "", item.id), behind.requirement(item.id), partial(half.state, item.id))
        for document in version.documents:
            note(("document", "", document.id), behind.document(document.id), partial(half.truth, document.when))
        if version.applies is not None:
            note(("applies", "", version.applies.id), behind.applies(), partial(half.truth, version.applies.when))
        for decision in version.decisions.values():
            for row in decision.rows:
                note(("row", decision.id, row.id), behind.of(row.when) | {("row", decision.id, row.id)},
                     partial(half.truth, row.when))
        return found

    def _law_dates(self) -> frozenset[Key]:
        return frozenset(("fact", "", half.procedure.law_at) for half in (self._old, self._new))

    def _settle_base(self) -> None:
        """A plain case: eligible under both laws where that can be, with the plainest values; none if time is short."""
        self._solver.restart(PLAIN_SECONDS)
        self._solver.push()
        try:
            self._plain, self._base = self._plainest(self._solver)
        except (NoAnswerError, NotADecimalError):
            self._plain, self._base = [], {}
        finally:
            # whatever was wished of the plain case holds of no other
            self._solver.pop()

    def _plainest(self, solver: Any) -> tuple[list[tuple[Any, Any]], dict[str, Any]]:
        wishes = [both(self._old.sound, self._new.sound), self._old.outcome("eligible"), self._new.outcome("eligible")]
        for wish in wishes:
            if ask(solver, wish):
                solver.add(wish)
        for half in (self._old, self._new):
            for fact in half.procedure.facts.values():
                if fact.id != half.procedure.law_at or half.days is not half.day:
                    self._settle(solver, half, fact.id)
        if not ask(solver):
            return [], {}
        model = solver.model()
        plain = [(constant, model.eval(constant, model_completion=True)) for constant in self._constants()]
        return plain, self._facts(model)

    def _settle(self, solver: Any, half: Half, name: str) -> None:
        wanted = list(plain_values(half.procedure.facts[name], half.symbols, self._old.day))
        for constant in half.symbols.constants[name]:
            values = [value for each, value in wanted if each.eq(constant)]
            near = values[0] if values else constant
            choose(solver, constant, values, near)

    def _constants(self) -> list[Any]:
        """The constants of all facts, each once."""
        found: dict[int, Any] = {}
        for half in (self._old, self._new):
            for _, constant in half.constants():
                found.setdefault(constant.get_id(), constant)
        return list(found.values())

    def _facts(self, model: Any) -> dict[str, Any]:
        return {**self._new.facts(model), **self._old.facts(model)}

    # The ways

    def _admissions(self) -> Iterator[Effect]:
        """Cases that one file takes and the other refuses."""
        if self._old.procedure is self._new.procedure or not self._causes.of_facts():
            return
        for was, now, taking, refusing in (("accepted", "refused", self._old, self._new),
                                           ("refused", "accepted", self._new, self._old)):
            solver = TimedSolver(self._seconds)
            solver.add(*taking.domain, refusing.refused(taking), *self._one_case())
            yield self._answer(Goal("admission", None, was, now, z3.BoolVal(True)), solver)

    def _contradictions(self) -> Iterator[Effect]:
        for name in self._all_decisions():
            for was, now, one, other in (("sound", "contradiction", self._old, self._new),
                                         ("contradiction", "sound", self._new, self._old)):
                formula = both(one.sound, other.conflict(name), other.is_required)
                if not formula.eq(FALSE):
                    yield self._answer(Goal("contradiction", name, was, now, formula, rests=self._rest(name),
                                            with_clauses=self._is_moved(name)))

    def _outcomes(self) -> Iterator[Effect]:
        sound = both(self._old.sound, self._new.sound)
        for was in OUTCOMES:
            for now in OUTCOMES:
                if was != now:
                    formula = both(sound, self._old.outcome(was), self._new.outcome(now))
                    yield from self._by_cause(was, now, formula)

    def _by_cause(self, was: str, now: str, formula: Bool) -> Iterator[Effect]:
        """One effect for each requirement that can make it, else one for the whole."""
        if "not_required" in (was, now):
            yield self._by_scope(was, now, formula)
            return
        if "undetermined" in (was, now):
            # whether the procedure is required may itself be open: then no requirement stands against the outcome
            is_open = (self._new if now == "undetermined" else self._old).is_open
            by_scope = self._by_scope(was, now, both(formula, is_open))
            if by_scope.state != "none":
                yield by_scope
            formula = both(formula, negated(is_open))
        found = [effect for goal in self._single(was, now, formula) if (effect := self._first(*goal)).state != "none"]
        yield from found
        if not found:
            rests = tuple(behind.applies() for behind in self._behind)
            yield self._answer(Goal("outcome", None, was, now, formula, (), rests))

    def _by_scope(self, was: str, now: str, formula: Bool) -> Effect:
        """One effect for what makes the procedure required, or not."""
        flips = tuple(dict.fromkeys(("applies", "", half.version.applies.id) for half in (self._old, self._new)
                                    if half.version.applies is not None))
        return self._answer(Goal("outcome", None, was, now, formula, flips,
                                 tuple(behind.applies() for behind in self._behind)))

    def _single(self, was: str, now: str, formula: Bool) -> Iterator[tuple[Goal, Goal]]:
        """For each requirement that can stand against an outcome: it does so alone, and it does so at all."""
        word = "ineligible" if "ineligible" in (was, now) else "undetermined"
        half, state = self._new if now == word else self._old, 1 if word == "ineligible" else 2
        if not self._can(formula):
            return
        stands = {name: half.state(name)[state] for name in half.requirements}
        for name, own in stands.items():
            rest = tuple(behind.requirement(name) for behind in self._behind)
            goal = Goal("outcome", None, was, now, both(formula, own), (("requirement", "", name),), rest)
            others = (negated(other) for each, other in stands.items() if each != name)
            yield goal._replace(formula=both(goal.formula, *others)), goal

    def _first(self, alone: Goal, goal: Goal) -> Effect:
        effect = self._answer(alone)
        return self._answer(goal) if effect.state == "none" else effect

    def _can(self, formula: Bool) -> bool:
        self._solver.restart()
        try:
            return ask(self._solver, formula)
        except NoAnswerError:
            return True

    def _document(self, name: str) -> Iterator[Effect]:
        rests = tuple(behind.document(name) for behind in self._behind)
        old, new = (half.document(name) if name in half.documents else None for half in (self._old, self._new))
        for was, now, before, after in (("asked", "not_asked", old, new), ("not_asked", "asked", new, old)):
            # one direction reads the old law first, the other the new one
            formula = FALSE if before is None else both(self._sound, before.true, z3.BoolVal(True) if after is None
                                                        else negated(after.true))
            yield self._answer(Goal("document", name, was, now, formula, (("document", "", name),), rests,
                                    self._is_moved("documents")))

    def _decision(self, name: str) -> Iterator[Effect]:
        if any(half.procedure.decisions[name].hit == "collect" for half in (self._old, self._new)
               if name in half.procedure.decisions):
            yield from self._collected(name)
            return
        formula = both(self._sound, self._differ(name))
        effects = list(self._ways(name, formula, self._pair, MOST_VALUES))
        if len(effects) > MOST_VALUES:
            effects = list(self._ways(name, formula, self._pair_of_rows, MOST_WAYS))
        yield from effects or [self._answer(self._goal(name, "any", "other", formula))]

    def _differ(self, name: str) -> Bool:
        """The laws give different values of a decision; as many days of another kind are another value."""
        was, now = self._old.value(name), self._new.value(name)
        differ = values_differ(was, now)
        return any_of(differ, both(was[0], now[0])) if self._is_of_another_kind(name) else differ

    def _is_of_another_kind(self, name: str) -> bool:
        kinds = {half.procedure.decisions[name].type.kind for half in (self._old, self._new)
                 if name in half.procedure.decisions}
        return len(kinds) > 1

    def _goal(self, name: str, was: Any, now: Any, formula: Bool) -> Goal:
        return Goal("decision", name, was, now, formula, (), self._rest(name), self._is_moved(name))

    def _ways(self, name: str, formula: Bool, key: Callable[[str, Any], Bool], most: int) -> Iterator[Effect]:
        """One effect after another, each unlike those before."""
        for _ in range(most + 1):
            effect, model = self._answered(self._goal(name, "any", "other", formula))
            if effect.state == "none":
                return
            yield effect
            if effect.state == "no_answer":
                return
            formula = both(formula, negated(key(name, model)))

    def _pair(self, name: str, model: Any) -> Bool:
        """The same values as in the model."""
        return both(*(self._valued(half, name, model) for half in (self._old, self._new)))

    @staticmethod
    def _valued(half: Half, name: str, model: Any) -> Bool:
        known, value = half.value(name)
        if not z3.is_true(model.eval(known, model_completion=True)):
            return negated(known)
        return both(known, equal(value, model.eval(value, model_completion=True)))

    def _pair_of_rows(self, name: str, model: Any) -> Bool:
        """The same rows as in the model, and the value goes the same way (up or down)."""
        parts = []
        values = []
        for half in (self._old, self._new):
            held = half.collected(name)
            parts += [truth if z3.is_true(model.eval(truth, model_completion=True)) else negated(truth)
                      for truth in held.values()]
            known, value = half.value(name)
            values += [value] if z3.is_true(model.eval(known, model_completion=True)) else []
        if len(values) == 2 and all(z3.is_arith(value) for value in values):
            rises = values[0] < values[1]
            parts.append(rises if z3.is_true(model.eval(rises, model_completion=True)) else negated(rises))
        return all_of(parts)

    def _due(self, name: str) -> Iterator[Effect]:
        """A term that is counted otherwise: a case in which both laws give it, from days that differ."""
        halves = self._old, self._new
        (_, was), (_, now) = starts = [half.start(name) for half in halves]
        known = [half.value(name)[0] for half in halves] + [is_known for is_known, day in starts if day is not None]
        apart = z3.BoolVal(True) if was is None or now is None or was.eq(now) else negated(equal(was, now))
        formula = both(self._sound, *known, apart)
        yield self._answer(Goal("due", name, "any", "other", formula, (), (frozenset({("decision", "", name)}),)))

    @cached_property
    def _sound(self) -> Bool:
        """Both laws require the procedure and give an answer."""
        return both(self._old.sound, self._new.sound, self._old.is_required, self._new.is_required)

    def _collected(self, name: str) -> Iterator[Effect]:
        """Of a decision that collects: each value that is gained or lost."""
        old, new = self._old.gathered(name), self._new.gathered(name)
        for value in dict.fromkeys([*old, *new]):
            was, now = old.get(value, FALSE), new.get(value, FALSE)
            for one, other, formula in ((WITH, WITHOUT, both(was, negated(now))),
                                        (WITHOUT, WITH, both(now, negated(was)))):
                wanted = both(self._sound, formula)
                yield self._answer(self._goal(name, f"{one}{value}", f"{other}{value}", wanted))

    def _rest(self, name: str) -> tuple[frozenset[Key], ...]:
        return tuple(Behind(version).decision(version.decisions[name]) for half in (self._old, self._new)
                     for version in half.versions_of(name) if name in version.decisions)

    def _is_moved(self, part: str) -> bool:
        return part in self._old.moves or part in self._new.moves

    def _all_documents(self) -> list[str]:
        return list(dict.fromkeys([*self._old.documents, *self._new.documents]))

    def _all_decisions(self) -> list[str]:
        return list(dict.fromkeys([*self._old.procedure.decisions, *self._new.procedure.decisions]))

    # The answers

    def _answer(self, goal: Goal, solver: Any = None) -> Effect:
        return self._answered(goal, solver)[0]

    def _answered(self, goal: Goal, solver: Any = None) -> tuple[Effect, Any]:
        """The effect, with the model of its case."""
        solver = self._solver if solver is None else solver
        solver.restart()
        solver.push()
        try:
            solver.add(goal.formula)
            if not ask(solver):
                return self._teller.effect(goal, "none"), None
            model = self._readable(solver)
        except NoAnswerError:
            return self._teller.effect(goal, "no_answer"), None
        finally:
            solver.pop()
        try:
            return self._witness(goal, model), model
        except NotADecimalError:
            # a number that no person could write down shows nobody anything
            return self._teller.effect(goal, "no_answer"), None

    def _readable(self, solver: Any) -> Any:
        """The model that keeps most of the plain case; what must differ has the value nearest to it."""
        plain = {constant.get_id(): value for constant, value in self._plain}
        for constant in keep(solver, self._plain):
            choose(solver, constant, self._words(constant), plain[constant.get_id()])
        ask(solver)
        return solver.model()

    def _words(self, constant: Any) -> list[Any]:
        """For a word of a list: the words in their order, so that the first that can be is taken."""
        for half in (self._old, self._new):
            for name, each in half.constants():
                fact = half.procedure.facts[name]
                if each.eq(constant) and fact.type.kind == "one of":
                    return [z3.IntVal(half.symbols.code(fact.type, word)) for word in fact.type.values]
        return [z3.BoolVal(False), z3.BoolVal(True)] if z3.is_bool(constant) else []

    def _witness(self, goal: Goal, model: Any) -> Effect:
        """The effect with its case, after the engine has confirmed it under both laws."""
        facts = [self._read(half, other, model) for half, other in self._sides]
        said = [self._said(half, each) for half, each in zip((self._old, self._new), facts, strict=True)]
        was, now = (self._of(goal, each) for each in said)
        expected = (goal.was, goal.now)
        if was == now and (goal.subject == "due" or (goal.subject == "decision" and goal.was != "any")):
            # the same day by another count, or the same list from other rows: nothing is shown, and nothing proved
            return self._teller.effect(goal, "no_answer")
        is_expected = (was, now) == expected if goal.subject not in ("decision", "due") else (
            was != now or self._is_of_another_kind(str(goal.id)))
        if not is_expected:
            raise MotcuaError(Problem("CMP_003", {"subject": f"{goal.subject} {goal.id or ''}".strip(),
                                                  "expected": f"{goal.was} → {goal.now}", "got": f"{was} → {now}"}))
        flips = goal.flips if goal.subject != "decision" else self._rows_of(goal, said)
        dates = tuple(each.get(half.procedure.law_at, half.day)
                      for half, each in zip((self._old, self._new), facts, strict=True))
        moved = tuple(each.transitional.id for each in said if isinstance(each, Assessment) and each.transitional
                      and each.transitional.chosen == "new")
        found = goal._replace(was=was, now=now, flips=flips)
        return self._teller.effect(found, "witness", self._teller.case(facts, self._base), dates, moved)

    @staticmethod
    def _read(half: Half, other: Half, model: Any) -> dict[str, Any]:
        """The facts as this law reads them; nothing where they hold a word that its lists do not have."""
        if any(z3.is_true(model.eval(held, model_completion=True)) for held in other.strange(half)):
            return {}
        try:
            return half.facts(model)
        except StopIteration:
            return {}

    @staticmethod
    def _said(half: Half, facts: Mapping[str, Any]) -> Assessment | str:
        if not facts or out_of_bounds(half.procedure, facts):
            return "refused"
        try:
            return assess(half.procedure, facts)
        except InputError:
            return "refused"
        except RuleFault:
            return "contradiction"

    def _of(self, goal: Goal, said: Assessment | str) -> Any:
        """What the engine says of the goal's subject."""
        if goal.subject == "admission":
            return "refused" if said == "refused" else "accepted"
        if goal.subject == "contradiction" or isinstance(said, str):
            return said if isinstance(said, str) else "sound"
        match goal.subject:
            case "outcome":
                return said.outcome
            case "document":
                return "asked" if goal.id in said.documents else "not_asked"
            case "due":
                term = said.decisions.get(str(goal.id))
                return None if term is None or term.due is None else term.due.isoformat()
            case _:
                found = said.decisions.get(str(goal.id))
                return None if found is None else found.shown

    def _rows_of(self, goal: Goal, said: Sequence[Assessment | str]) -> tuple[Flip, ...]:
        """The rows that give the value under each law."""
        name = str(goal.id)
        rows = [row for each in said if isinstance(each, Assessment) and (found := each.decisions.get(name)) is not None
                for row in found.rows]
        return tuple(("row", name, row) for row in dict.fromkeys(rows))
