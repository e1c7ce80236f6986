"""The one module that touches durable-rules: a small synchronous driver of its C extension.

durable-rules is sound at one thing, forward chaining over named truths, and unsafe at many others. This
driver offers only the sound one. A `Program` is a list of propositional clauses (atoms and earlier
conclusions, and what follows from them); an `Engine` runs it on a set of true atoms and says which clauses
fired, in order. No values, no text and no names of users ever reach the C code, and a program that would
pass one of its limits is refused when it is made.

Nothing of motcua is imported here: the canary's child process loads this file alone, and must be quick.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import durable_rules_engine as _c

VERSION: Final = "2.0.28"

RULES_A_GROUP: Final = 16  # the pending stack of the engine has 64 places: groups of 25 overflow it at 200 rules
ATOMS_A_GROUP: Final = 240  # 252 properties fit in a fact, and each has an id, a session id and a group
CONCLUSIONS_A_RULE: Final = 15  # 16 facts fit in one match
READERS_OF_A_CONCLUSION: Final = 200  # 256 rules ending in one condition corrupt the match list
BRANCHES: Final = 500  # 512 different conditions under one parent never end
RULES: Final = 4096
STEPS: Final = 5000

_SESSION: Final = "s"


class ProgramRefused(Exception):
    """The program would pass a limit of durable-rules; the text says which."""


class DriverFault(Exception):
    """durable-rules answered in a way that a sound program cannot cause."""


@dataclass(frozen=True, slots=True)
class Clause:
    """When all ``atoms`` are true and all ``needs`` are concluded, ``concludes`` follows.

    All three are small numbers given by the program's author; atoms and conclusions are counted apart.
    """

    atoms: tuple[int, ...]
    needs: tuple[int, ...]
    concludes: int


@dataclass(frozen=True, slots=True)
class Program:
    """Clauses within the limits of durable-rules, in groups of sixteen that share one fact.

    Raises:
        ProgramRefused: a limit is passed, or two generated names fall together in the engine's hash.
    """

    clauses: tuple[Clause, ...]
    groups: tuple[tuple[int, ...], ...] = field(init=False)  # the atoms that a group's fact may carry

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(
            tuple(sorted({atom for clause in self._members(group) for atom in clause.atoms}))
            for group in range(-(-len(self.clauses) // RULES_A_GROUP))))
        _check_limits(self)

    def _members(self, group: int) -> tuple[Clause, ...]:
        return self.clauses[group * RULES_A_GROUP:(group + 1) * RULES_A_GROUP]

    @property
    def read_conclusions(self) -> frozenset[int]:
        """The conclusions that some clause needs: only these are ever told to the engine."""
        return frozenset(need for clause in self.clauses for need in clause.needs)

    def definition(self) -> str:
        """The ruleset in the JSON of durable-rules."""
        return _dump({f"r{number}": {"all": self._patterns(number, clause), "count": 1}
                      for number, clause in enumerate(self.clauses)})

    def _patterns(self, number: int, clause: Clause) -> list[dict[str, Any]]:
        own: list[dict[str, Any]] = [{"g": number // RULES_A_GROUP}, *({f"a{atom}": True} for atom in clause.atoms)]
        wide: list[dict[str, Any]] = [{"w": {"$and": own}}] if clause.atoms else []
        return wide + [{f"d{place}": {"d": f"c{need}"}} for place, need in enumerate(clause.needs)]

    def to_plain(self) -> list[list[Any]]:
        """The clauses as JSON-able lists: what the canary's child reads, and what the digest covers."""
        return [[list(clause.atoms), list(clause.needs), clause.concludes] for clause in self.clauses]

    @classmethod
    def from_plain(cls, plain: Iterable[Iterable[Any]]) -> Program:
        """The program that `to_plain` wrote."""
        return cls(tuple(Clause(tuple(atoms), tuple(needs), concludes) for atoms, needs, concludes in plain))

    def follow(self, true_atoms: Collection[int]) -> frozenset[int]:
        """What follows, computed without the engine: the oracle of the canary."""
        true, concluded = frozenset(true_atoms), set[int]()
        waiting, left = [clause for clause in self.clauses if true.issuperset(clause.atoms)], -1
        while len(waiting) != left:
            left, still = len(waiting), list[Clause]()
            for clause in waiting:
                if concluded.issuperset(clause.needs):
                    concluded.add(clause.concludes)
                else:
                    still.append(clause)
            waiting = still
        return frozenset(concluded)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _check_limits(program: Program) -> None:
    clauses, groups = program.clauses, program.groups
    read = [need for clause in clauses for need in clause.needs]
    for count, limit, what in (
        (len(clauses), RULES, "rules"),
        (len(groups), BRANCHES, "groups"),
        (len(set(read)), BRANCHES, "conclusions read by rules"),
        (max(map(read.count, set(read)), default=0), READERS_OF_A_CONCLUSION, "rules that read one conclusion"),
        (max(map(len, groups), default=0), ATOMS_A_GROUP, "atoms in one group"),
        (max((len(clause.needs) for clause in clauses), default=0), CONCLUSIONS_A_RULE, "conclusions in one rule"),
    ):
        if count > limit:
            raise ProgramRefused(f"{count} {what}: durable-rules takes {limit} at most")
    for clause in clauses:
        if not clause.atoms and not clause.needs:
            raise ProgramRefused("a rule without condition would fire on every fact")
        if len({*clause.atoms}) < len(clause.atoms) or len({*clause.needs}) < len(clause.needs):
            raise ProgramRefused("a rule names the same condition twice")
    check_names(["g", "d", "id", "sid", "$s", *{f"a{atom}" for clause in clauses for atom in clause.atoms}])
    check_names([_SESSION, *(f"f{group}" for group in range(len(groups))), *{f"c{need}" for need in read}])


def check_names(names: Iterable[str]) -> None:
    """Refuse names that durable-rules cannot tell apart: it compares only their 32-bit FNV-1a hashes.

    Raises:
        ProgramRefused: two of the names have the same hash.
    """
    seen: dict[int, str] = {}
    for name in names:
        if (other := seen.setdefault(fnv1a(name), name)) != name:
            raise ProgramRefused(f"durable-rules cannot tell {name!r} from {other!r}")


def fnv1a(name: str) -> int:
    """The hash by which durable-rules knows a name."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


class ForkSafeLock:
    """A lock that is free again in a forked child, whoever held it in the parent."""

    def __init__(self) -> None:
        self.renew()
        _locks.add(self)

    def renew(self) -> None:
        """Forget whoever holds it: only sound where no other thread lives."""
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Engine:
    """A program loaded into durable-rules; `run` may be called from any thread and after any fork.

    One session lives at a time, under one lock, always of the same name and in the same slot: the C code
    frees uninitialised memory of a slot that never ran an action, so a first rule warms it.
    """

    def __init__(self, program: Program) -> None:
        self._lock = ForkSafeLock()
        self._definition = program.definition().removesuffix("}") + (
            "," if program.clauses else "") + '"warm":{"all":[{"m":{"warm":true}}],"count":1}}'
        self._groups = [(f'{{"id":"f{number}","sid":"{_SESSION}","g":{number}', frozenset(atoms),
                         {atom: f',"a{atom}":true' for atom in atoms})
                        for number, atoms in enumerate(program.groups)]
        read = program.read_conclusions
        self._clauses = {f"r{number}": (number, clause.concludes) for number, clause in enumerate(program.clauses)}
        self._told = {read_one: f'{{"id":"c{read_one}","sid":"{_SESSION}","d":"c{read_one}"}}' for read_one in read}
        self._build()

    def _build(self) -> None:
        self._generation = _generation
        self._handle = _c.create_ruleset("motcua", self._definition)
        weakref.finalize(self, _c.delete_ruleset, self._handle).atexit = False
        self._clean = False
        _, offset = _c.assert_fact(self._handle, f'{{"id":"w","sid":"{_SESSION}","warm":true}}')
        if _c.start_action_for_state(self._handle, offset) is None:
            raise DriverFault("the warming rule did not fire")
        _c.complete_and_start_action(self._handle, offset)
        _c.delete_state(self._handle, _SESSION)
        self._clean = True

    def run(self, true_atoms: frozenset[int]) -> list[int]:
        """The numbers of the clauses that fire when exactly ``true_atoms`` are true, each once, causes first.

        Raises:
            DriverFault: durable-rules refused a fact or did not come to rest.
        """
        facts = [head + "".join([pieces[atom] for atom in true]) + "}"
                 for head, atoms, pieces in self._groups if (true := atoms & true_atoms)]
        if not facts:
            return []
        with self._lock:
            # a session left open by a fork in mid-run, or by an interrupt, must not leak into this one
            if self._generation != _generation or not self._clean:
                self._build()
            self._clean = False
            try:
                return self._fire(facts)
            finally:
                with suppress(Exception):  # no session exists when the first fact was refused
                    _c.delete_state(self._handle, _SESSION)
                self._clean = True

    def _fire(self, facts: list[str]) -> list[int]:
        handle, clauses, told = self._handle, self._clauses, self._told
        for fact in facts:
            offset = self._tell(fact)
        fired: dict[int, None] = {}
        concluded: set[int] = set()
        started = _c.start_action_for_state(handle, offset)
        match = started and started[1]
        for _ in range(STEPS):
            if match is None:
                return list(fired)
            number, conclusion = clauses[match[2:match.index('"', 2)]]
            fired[number] = None
            if conclusion not in concluded:
                concluded.add(conclusion)
                if conclusion in told:
                    self._tell(told[conclusion])
            match = _c.complete_and_start_action(handle, offset)
        raise DriverFault(f"the engine did not come to rest in {STEPS} steps")

    def _tell(self, fact: str) -> int:
        code, offset = _c.assert_fact(self._handle, fact)
        if code > 1:  # 0: matched, 1: matched nothing so far
            raise DriverFault(f"the engine refused a fact: code {code}")
        return int(offset)


_locks: weakref.WeakSet[ForkSafeLock] = weakref.WeakSet()
_generation = 0


def _after_fork_in_child() -> None:
    global _generation
    _generation += 1
    for lock in list(_locks):
        lock.renew()


os.register_at_fork(after_in_child=_after_fork_in_child)
