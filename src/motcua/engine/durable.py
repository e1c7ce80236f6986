"""The one module that touches durable-rules: a small synchronous driver of its C extension.

durable-rules is sound at one thing, forward chaining over named truths, and unsafe at many others. This driver
offers only the sound one. A `Program` is a list of propositional clauses (atoms and earlier conclusions, and
what follows from them) in strata; an `Engine` runs it on a set of true atoms and says which clauses fired, in
order. Every rule reads one flat fact of booleans: the fact of its group of sixteen, told when the strata before
have come to rest. No values, no text and no names of users ever reach the C code, and a program that would pass
one of its limits is refused when it is made.

Nothing of motcua is imported here: the canary's child process loads this file alone, and must be quick.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, Final

import durable_rules_engine as _c

VERSION: Final = "2.0.28"

RULES_A_GROUP: Final = 16  # the engine's pending stack has 64 places: groups of 25 overflow it at 200 rules
NAMES_A_GROUP: Final = 240  # a fact holds 252 properties: these, its id, session and group
GROUPS: Final = 500  # 512 different conditions under one parent never end
RULES: Final = 4096
STEPS: Final = 5000

RUNS_A_SESSION: Final = 10_000  # a session is begun anew after so many, whatever they may have left behind

_SESSION: Final = "s"
_RULE_NAME: Final = slice(2, 7)  # where a match ``{"r0012":...`` holds the name of its rule


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
class Group:
    """Up to sixteen clauses of one stratum, by number, with the atoms and conclusions they read."""

    stratum: int
    clauses: tuple[int, ...]
    atoms: frozenset[int]
    needs: frozenset[int]


@dataclass(frozen=True, slots=True)
class Program:
    """Clauses within the limits of durable-rules, in strata: each reads only conclusions of strata before it.

    Raises:
        ProgramRefused: a limit is passed, a conclusion rests on itself, or two generated names fall together in
            the engine's hash.
    """

    clauses: tuple[Clause, ...]
    groups: tuple[Group, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        strata: dict[int, list[int]] = {}
        for number, stratum in enumerate(_strata(self.clauses)):
            strata.setdefault(stratum, []).append(number)
        groups = [self._group(stratum, numbers[start:start + RULES_A_GROUP])
                  for stratum, numbers in sorted(strata.items()) for start in range(0, len(numbers), RULES_A_GROUP)]
        object.__setattr__(self, "groups", tuple(groups))
        _check_limits(self)

    def _group(self, stratum: int, numbers: list[int]) -> Group:
        members = [self.clauses[number] for number in numbers]
        return Group(stratum, tuple(numbers), frozenset(atom for clause in members for atom in clause.atoms),
                     frozenset(need for clause in members for need in clause.needs))

    def definition(self) -> str:
        """The ruleset in the JSON of durable-rules."""
        return _dump({_rule_name(number): _rule(place, self.clauses[number])
                      for place, group in enumerate(self.groups) for number in group.clauses})

    def to_plain(self) -> list[list[Any]]:
        """The clauses as JSON-able lists: what the canary's child reads, and what the digest covers."""
        return [[list(clause.atoms), list(clause.needs), clause.concludes] for clause in self.clauses]

    @classmethod
    def from_plain(cls, plain: Iterable[Iterable[Any]]) -> Program:
        """The program that `to_plain` wrote."""
        return cls(tuple(Clause(tuple(atoms), tuple(needs), concludes) for atoms, needs, concludes in plain))

    def follow(self, true_atoms: frozenset[int]) -> frozenset[int]:
        """What follows, computed without the engine and without strata: the oracle of the canary."""
        concluded = set[int]()
        waiting, left = [clause for clause in self.clauses if true_atoms.issuperset(clause.atoms)], -1
        while len(waiting) != left:
            left, still = len(waiting), list[Clause]()
            for clause in waiting:
                if concluded.issuperset(clause.needs):
                    concluded.add(clause.concludes)
                else:
                    still.append(clause)
            waiting = still
        return frozenset(concluded)


def _strata(clauses: tuple[Clause, ...]) -> list[int]:
    """The stratum of each clause: one more than the highest of those whose conclusions it reads."""
    stratum = [0] * len(clauses)
    for _ in range(len(clauses) + 1):
        above = {clause.concludes: 0 for clause in clauses}
        for clause, own in zip(clauses, stratum, strict=True):
            above[clause.concludes] = max(above[clause.concludes], own + 1)
        raised = [max((above.get(need, 0) for need in clause.needs), default=0) for clause in clauses]
        if raised == stratum:
            return stratum
        stratum = raised
    raise ProgramRefused("a conclusion rests on itself")


def _rule_name(number: int) -> str:
    """Of five letters, up to the 4096 rules that a program may have."""
    return f"r{number:04}"


def _rule(group: int, clause: Clause) -> dict[str, Any]:
    names = [*(f"a{atom}" for atom in clause.atoms), *(f"c{need}" for need in clause.needs)]
    return {"all": [{"w": {"$and": [{"g": group}, *({name: True} for name in names)]}}], "count": 1}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _check_limits(program: Program) -> None:
    clauses, groups = program.clauses, program.groups
    for count, limit, what in (
        (len(clauses), RULES, "rules"),
        (len(groups), GROUPS, "groups of rules"),
        (max((len(group.atoms) + len(group.needs) for group in groups), default=0), NAMES_A_GROUP,
         "conditions in one group of rules"),
    ):
        if count > limit:
            raise ProgramRefused(f"{count} {what}: durable-rules takes {limit} at most")
    for clause in clauses:
        if not clause.atoms and not clause.needs:
            raise ProgramRefused("a rule without condition would fire on every fact")
        if len({*clause.atoms}) < len(clause.atoms) or len({*clause.needs}) < len(clause.needs):
            raise ProgramRefused("a rule names the same condition twice")
    read = {f"a{atom}" for group in groups for atom in group.atoms}
    read.update(f"c{need}" for group in groups for need in group.needs)
    check_names(["g", "id", "sid", "$s", "warm", *sorted(read)])
    check_names([_SESSION, "w", *(f"f{place}" for place in range(len(groups)))])


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
    frees uninitialised memory of a slot that never ran an action, so a first rule warms it. A session holds half
    a megabyte that is cleared when it begins, so it serves many runs; the facts of each are retracted after it. A
    fact left behind could not go unseen: the engine refuses to be told it again.
    """

    def __init__(self, program: Program) -> None:
        self._lock = ForkSafeLock()
        self._definition = program.definition().removesuffix("}") + (
            "," if program.clauses else "") + '"warm":{"all":[{"m":{"warm":true}}],"count":1}}'
        atoms = max((atom for clause in program.clauses for atom in clause.atoms), default=-1) + 1
        self.pieces = tuple(f',"a{atom}":true' for atom in range(atoms))
        needs = {need for clause in program.clauses for need in (*clause.needs, clause.concludes)}
        self._open = [""] * (max(needs, default=-1) + 1)
        # by the name of a rule: its number, the place of its conclusion among all pieces, and that piece
        self._rules = {_rule_name(number): (number, atoms + clause.concludes, f',"c{clause.concludes}":true')
                       for number, clause in enumerate(program.clauses)}
        self._strata = [[_Wide(place, group, atoms) for place, group in enumerate(program.groups)
                         if group.stratum == stratum]
                        for stratum in sorted({group.stratum for group in program.groups})]
        self._build()

    def _build(self) -> None:
        self._generation = _generation
        self._handle = _c.create_ruleset("motcua", self._definition)
        weakref.finalize(self, _c.delete_ruleset, self._handle).atexit = False
        self._is_clean = False
        _, offset = _c.assert_fact(self._handle, f'{{"id":"w","sid":"{_SESSION}","warm":true}}')
        if _c.start_action_for_state(self._handle, offset) is None:
            raise DriverFault("the warming rule did not fire")
        _c.complete_and_start_action(self._handle, offset)
        self._end_session()

    def _end_session(self) -> None:
        with suppress(Exception):  # no session exists when no fact was told
            _c.delete_state(self._handle, _SESSION)
        self._runs_left = RUNS_A_SESSION
        self._is_clean = True

    def run(self, true_atoms: Set[int]) -> list[int]:
        """The numbers of the clauses that fire when exactly ``true_atoms`` are true, each once, causes first.

        Raises:
            DriverFault: durable-rules refused a fact or did not come to rest.
        """
        return self.run_pieces([piece if atom in true_atoms else "" for atom, piece in enumerate(self.pieces)])

    def run_pieces(self, truths: list[str]) -> list[int]:
        """The same, told of each atom its piece of ``pieces`` where it is true, and "" where it is not."""
        with self._lock:
            # a session left open by a fork in mid-run, or by an interrupt, must not leak into this one
            if self._generation != _generation or not self._is_clean:
                self._build()
            self._is_clean = False
            try:
                fired = self._run(truths)
                self._runs_left -= 1
                self._is_clean = self._runs_left > 0
            finally:
                if not self._is_clean:
                    self._end_session()
            return fired

    def _run(self, truths: list[str]) -> list[int]:
        handle, assert_fact, rules = self._handle, _c.assert_fact, self._rules
        pieces = truths + self._open
        fired: dict[int, None] = {}  # a rule that matches twice counts once
        told: list[str] = []
        for stratum in self._strata:
            offset = None
            for wide in stratum:
                if (true := "".join(wide.pick(pieces))):
                    code, offset = assert_fact(handle, f"{wide.head}{true}}}")
                    if code > 1:  # 0: matched, 1: matched nothing
                        raise DriverFault(f"the engine refused a fact: code {code}")
                    told.append(wide.name)
            if offset is not None:
                for match in self._fire(offset):
                    number, conclusion, piece = rules[match[_RULE_NAME]]
                    fired[number] = None
                    pieces[conclusion] = piece
        retract_fact = _c.retract_fact
        for name in told:
            retract_fact(handle, name)
        return list(fired)

    def _fire(self, offset: int) -> list[str]:
        """Take every match of the facts told so far."""
        started = _c.start_action_for_state(self._handle, offset)
        if started is None:
            return []
        advance = partial(_c.complete_and_start_action, self._handle, offset)
        matches = [started[1], *islice(iter(advance, None), STEPS)]
        if len(matches) > STEPS:
            raise DriverFault(f"the engine did not come to rest in {STEPS} steps")
        return matches


class _Wide:
    """Writes the one fact of a group: which of its atoms are true and which of its needs concluded.

    ``name`` is the fact as it is retracted, ``head`` how it begins when it is told; ``pick`` takes what is true of
    the group out of the pieces of all atoms, after which stand those of all conclusions.
    """

    __slots__ = ("head", "name", "pick")

    def __init__(self, place: int, group: Group, atoms: int) -> None:
        self.name = f'{{"id":"f{place}","sid":"{_SESSION}"}}'
        self.head = f'{self.name[:-1]},"g":{place}'
        self.pick = _picker([*sorted(group.atoms), *(atoms + need for need in sorted(group.needs))])


def _picker(places: list[int]) -> Callable[[list[str]], Iterable[str]]:
    """Takes the items at the places, of which there is at least one, out of a list."""
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


_locks: weakref.WeakSet[ForkSafeLock] = weakref.WeakSet()
_generation = 0


def _after_fork_in_child() -> None:
    global _generation
    _generation += 1
    for lock in list(_locks):
        lock.renew()


os.register_at_fork(after_in_child=_after_fork_in_child)
