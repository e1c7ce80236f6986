"""What is computed once: for a procedure which facts apply, for a law version its scales, clauses and texts.

Everything is made when first needed and kept with the procedure itself, one per process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from motcua.conditions import compile_expressions
from motcua.engine.durable import ForkSafeLock
from motcua.engine.evaluation import Read, Scales
from motcua.engine.proving import Prover
from motcua.errors import InputError, Place, Problem, closest
from motcua.law import Text
from motcua.procedures import LawVersion, Procedure

Made = TypeVar("Made")

_CONDITION: Final = "when "  # no fact id holds a space, so these keys never stand for a fact

_making = ForkSafeLock()


def once(owner: object, name: str, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, made once for ``owner`` and kept in it, whichever thread asks first."""
    kept = vars(owner)
    if name not in kept:
        with _making:
            if name not in kept:
                kept[name] = make()
    found: Made = kept[name]
    return found


class Intake:
    """Which of the given facts apply, and whether they can all be true together."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._conditions = tuple(_levels(procedure))
        self._always = compile_expressions({rule.id: rule.holds for rule in procedure.always})

    def take(self, given: Mapping[str, Any], on: date | None) -> tuple[dict[str, Any], frozenset[str]]:
        """The known facts that apply, and the ids of those that do not apply.

        ``on`` stands for the law date where the facts do not tell it.

        Raises:
            InputError: ENG_001, facts that no real case has; ENG_008, a fact the procedure does not know.
        """
        facts = {name: value for name, value in given.items() if value is not None}
        self._check_names(facts)
        if on is not None:
            facts.setdefault(self._procedure.law_at, on)
        dropped: set[str] = set()
        for read in self._conditions:
            for key, applies in read(facts).items():
                if applies is False:
                    name = key.removeprefix(_CONDITION)
                    dropped.add(name)
                    facts.pop(name, None)
        self._check_always(facts)
        return facts, frozenset(dropped)

    def _check_names(self, facts: Mapping[str, Any]) -> None:
        if unknown := facts.keys() - self._procedure.facts.keys():
            raise InputError(_unknown_fact(name, self._procedure) for name in sorted(unknown))

    def _check_always(self, facts: Mapping[str, Any]) -> None:
        holds = self._always(facts)
        if False in holds.values():
            broken = [rule for rule in self._procedure.always if holds[rule.id] is False]
            raise InputError(Problem("ENG_001", {"rule": rule.title}, Place(field=rule.id)) for rule in broken)


def _unknown_fact(name: str, procedure: Procedure) -> Problem:
    near = closest(name, procedure.facts)
    hint = Text(f" Có phải “{near}”?", f' Did you mean "{near}"?') if near else Text("", "")
    return Problem("ENG_008", {"name": name, "hint": hint}, Place(field=name))


def _levels(procedure: Procedure) -> list[Read]:
    """The conditions of facts, those first on which others rest: a fact that does not apply is unknown to them."""
    waiting = {fact.id: fact.when for fact in procedure.facts.values() if fact.when is not None}
    levels: list[Read] = []
    while waiting:
        ready = {name: when for name, when in waiting.items() if not when.names & waiting.keys()}
        levels.append(compile_expressions({_CONDITION + name: when for name, when in ready.items()}))
        waiting = {name: when for name, when in waiting.items() if name not in ready}
    return levels


class Prepared:
    """A law version made ready for both readers."""

    def __init__(self, version: LawVersion) -> None:
        self.version = version
        self.scales = Scales(version)

    @property
    def prover(self) -> Prover:
        """Its clauses in durable-rules.

        Raises:
            RulesetRefused: see `Prover`; the same answer each time, without another trial.
        """
        return once(self, "_prover", lambda: Prover(self.version))


def intake_of(procedure: Procedure) -> Intake:
    """The procedure's intake of facts."""
    return once(procedure, "_motcua_intake", lambda: Intake(procedure))


def prepared(version: LawVersion) -> Prepared:
    """The law version made ready."""
    return once(version, "_motcua_prepared", lambda: Prepared(version))
