"""What all examinations of one procedure share: its symbols, searches, and what is set aside as already reported.

A rule that is reported as the root of trouble is set aside before others are judged: a constant conclusion may then
be either, a requirement that can never be met is left out. So what only follows from it is not reported again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from itertools import product
from typing import Any, Final, TypeVar

import z3

from motcua.analysis.proof.closure import Closure, asks_what_is_known, every_expression
from motcua.analysis.proof.findings import Kind, Unanswered
from motcua.analysis.proof.raw import Raw
from motcua.analysis.proof.search import Search
from motcua.analysis.proof.words import Words
from motcua.analysis.symbolic import TRUE, SymbolicVersion, Symbols, Value, all_of, any_of, both, negated
from motcua.conditions import Type
from motcua.procedures import LawVersion, Procedure

Key = TypeVar("Key", bound=Hashable)
Bool = Any
Way = tuple[LawVersion, Bool]
TERMS: Final = frozenset(("days", "months", "working_days"))
MOST_TOLD: Final = 6
"""So many reported conclusions are tried both ways, each with each."""


class Ground:
    """The common ground of all questions about ``procedure``; each question has ``seconds``."""

    def __init__(self, procedure: Procedure, seconds: float) -> None:
        self.procedure = procedure
        self.seconds = seconds
        self.symbols = Symbols(procedure, complete=not asks_what_is_known(every_expression(procedure)))
        self.words = Words(procedure)
        self.found: list[Raw] = []
        self.fine: set[tuple[str, Hashable]] = set()
        """What was judged to be in order in some law version: kind, and key of the rule."""
        self.unanswered: list[Unanswered] = []
        self.set_aside: dict[int, dict[str, Value]] = {id(version): {} for version in procedure.versions}
        self.told: dict[int, set[str]] = {id(version): set() for version in procedure.versions}
        """The conclusions set aside that are reported themselves, by law version."""
        self.always_required: set[int] = set()
        self.sound: dict[int, tuple[int, ...]] = {}
        """By law version: places of the requirements that can all be met in one case."""
        self._searches: dict[tuple[int, bool], Search] = {}
        self._views: dict[int, tuple[int, SymbolicVersion]] = {}
        self._closures: dict[int, Closure] = {}

    def search(self, version: LawVersion | None, always: bool = True) -> Search:
        """The search among cases of a law version."""
        key = (id(version), always)
        if key not in self._searches:
            self._searches[key] = Search(self.symbols, version, self.seconds, always)
        return self._searches[key]

    def closure(self, version: LawVersion) -> Closure:
        """What rules of a law version rest on."""
        return self._closures.setdefault(id(version), Closure(version))

    def view(self, version: LawVersion) -> SymbolicVersion:
        """A law version in which what was reported is set aside."""
        aside = self.set_aside[id(version)]
        if not aside:
            return self.symbols.version(version)
        count, view = self._views.get(id(version), (0, None))
        if view is None or count != len(aside):
            view = SymbolicVersion(self.symbols, version, aside)
            self._views[id(version)] = (len(aside), view)
        return view

    def put_aside(self, version: LawVersion, name: str, type_: Type) -> None:
        """From now on ``name`` may be anything of its type."""
        if type_.kind != "yes/no":
            return
        value = z3.Bool(f"{name} set aside")
        # where conditions ask whether something is known at all, it may be unknown too
        known = TRUE if self.symbols.complete else z3.Bool(f"{name} set aside is known")
        self.set_aside[id(version)][name] = Value(known, both(known, value), None, both(known, negated(value)))

    def whatever_is_told(self, version: LawVersion, wanted: Bool) -> Bool:
        """That it is so whatever the conclusions are that are reported already; ``wanted`` is of `view`."""
        told = sorted(self.told[id(version)])[:MOST_TOLD]
        ways = product((True, False), repeat=len(told))
        return all_of(z3.substitute(wanted, *((z3.Bool(f"{name} set aside"), z3.BoolVal(value))
                                              for name, value in zip(told, way, strict=True))) for way in ways)

    def rests_on_what_is_aside(self, version: LawVersion, reads: frozenset[str]) -> bool:
        """Whether names that a rule rests on are set aside in a law version."""
        return bool(reads & self.set_aside[id(version)].keys())

    def required(self, version: LawVersion) -> Bool:
        """The procedure is required."""
        return TRUE if id(version) in self.always_required else self.view(version).applies.true

    @cached_property
    def _ways(self) -> Mapping[tuple[str, int], list[Way]]:
        found: dict[tuple[str, int], list[Way]] = {}
        for version in self.procedure.versions:
            for part in ("documents", *self.procedure.decisions):
                for when, law in self.symbols.answer(version).ways(part):
                    if not z3.is_false(when):
                        ways = found.setdefault((part, id(law.law_version)), [])
                        ways.insert(0 if law.law_version is version else len(ways), (version, when))
        return found

    def ways(self, part: str, version: LawVersion) -> list[Way]:
        """The law dates from which a part is taken from ``version``: its own first, then those that chose it."""
        return self._ways.get((part, id(version)), [])

    def reach(self, part: str, version: LawVersion, goals: Mapping[Key, Bool]) -> dict[Key, bool | None]:
        """Which goals can be, in a required procedure, on some way into the law version."""
        found: dict[Key, bool | None] = dict.fromkeys(goals, False)
        for law, when in self.ways(part, version):
            waiting = {key: goal for key, goal in goals.items() if found[key] is not True}
            if waiting:
                reached = self.search(law).reach(waiting, self.required(law), when)
                found.update((key, answer) for key, answer in reached.items() if answer is not False)
        return found

    def accepted(self, version: LawVersion, view: SymbolicVersion | None = None) -> Bool:
        """No requirement of the version refuses the case, those apart that are reported."""
        view = view or self.symbols.version(version)
        places = self.sound.get(id(version), ())
        return all_of(any_of(view.must[place].true, view.when[place].false) for place in places)

    def answerable(self, version: LawVersion) -> Bool:
        """As the file stands, the procedure is required and the engine answers."""
        return both(self.symbols.version(version).applies.true, self.answered(version))

    def answered(self, version: LawVersion) -> Bool:
        """No decision contradicts itself, and terms are numbers of days, whether or not the procedure is required."""
        answer = self.symbols.answer(version)
        return both(*(negated(refused(name)) for name in version.decisions
                      for refused in (answer.conflict, answer.impossible)))

    def as_it_stands(self, version: LawVersion) -> Bool:
        """As the file stands, whatever is reported: the procedure is required, and terms are numbers of days."""
        answer = self.symbols.answer(version)
        return both(answer.here.applies.true, *(negated(answer.impossible(name)) for name in version.decisions))

    def way_to(self, kind: Kind, part: str, version: LawVersion, wanted: Bool,
               basis: Callable[[LawVersion], Bool]) -> Way | None:
        """The first way on which the wanted can be, or None; ``basis`` is what else must hold of its law version."""
        for law, when in self.ways(part, version):
            found = self.search(law).possible(basis(law), when, wanted)
            if found:
                return law, when
            if found is None:
                self.give_up(kind, part, version)
        return None

    def give_up(self, kind: Kind, subject: str, version: LawVersion) -> None:
        """No answer came in time."""
        entry = Unanswered(kind, subject, str(version))
        if entry not in self.unanswered:
            self.unanswered.append(entry)

    def report(self, raw: Raw) -> None:
        """Note a finding."""
        self.found.append(raw)
