"""Truths with two rails, values that may be unknown, and connectives that fold constants.

Z3 objects belong to one context, which is not made for several threads: hold `SOLVING` around any use of them
outside a process of one's own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from motcua.errors import MotcuaError, Problem

try:
    import z3
except ImportError as error:
    raise MotcuaError(Problem("PROOF_001", {"package": "z3-solver"})) from error

Bool = Any
"""A z3 truth; z3 comes without types."""
Term = Any
"""A z3 number (also a day, or the code of a word), or one truth a word for a list."""

TRUE: Final[Bool] = z3.BoolVal(True)
FALSE: Final[Bool] = z3.BoolVal(False)
SOLVING: Final = threading.RLock()

# objects are also let go by the collector, in whichever thread it runs
z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())


class Truth(NamedTuple):
    """A condition under facts of which some are unknown: surely true, surely false, or neither."""

    true: Bool
    false: Bool

    @property
    def known(self) -> Bool:
        """Whether it is true or false."""
        return any_of(self.true, self.false)

    @property
    def unknown(self) -> Bool:
        """Whether missing facts leave it open."""
        return both(negated(self.true), negated(self.false))

    @property
    def opposite(self) -> Truth:
        """Its negation."""
        return Truth(self.false, self.true)


class Value(NamedTuple):
    """A value and whether it is known; of a yes/no the value is a truth, of a list one truth for each word.

    ``span`` are the least and greatest day that a date can be. Of a yes/no made of others ``value`` is that it is
    surely true, and ``false`` that it is surely false.
    """

    known: Bool
    value: Any
    span: tuple[int, int] | None = None
    false: Bool | None = None

    @property
    def truth(self) -> Truth:
        """The value of a yes/no as a condition."""
        if self.false is not None:
            return Truth(self.value, self.false)
        return Truth(both(self.known, self.value), both(self.known, negated(self.value)))


ALWAYS_TRUE: Final = Truth(TRUE, FALSE)
NEVER_TRUE: Final = Truth(FALSE, TRUE)


def both(*parts: Bool) -> Bool:
    """All of the parts."""
    return all_of(parts)


def any_of(*parts: Bool) -> Bool:
    """One of the parts or more."""
    return one_of(parts)


def all_of(parts: Iterable[Bool]) -> Bool:
    """All of the parts; of none, true."""
    return _joined(parts, TRUE, FALSE, z3.And)


def one_of(parts: Iterable[Bool]) -> Bool:
    """One of the parts or more; of none, false."""
    return _joined(parts, FALSE, TRUE, z3.Or)


def _joined(parts: Iterable[Bool], neutral: Bool, decisive: Bool, join: Any) -> Bool:
    kept: dict[int, Bool] = {}
    for part in parts:
        if part.eq(decisive):
            return decisive
        if not part.eq(neutral):
            kept.setdefault(part.get_id(), part)
    found = list(kept.values())
    return neutral if not found else found[0] if len(found) == 1 else join(found)


def negated(part: Bool) -> Bool:
    """Not that."""
    if part.eq(TRUE):
        return FALSE
    if part.eq(FALSE):
        return TRUE
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def chosen(condition: Bool, then: Any, otherwise: Any) -> Any:
    """``then`` where the condition is true, else ``otherwise``; lists word by word."""
    if isinstance(then, tuple):
        return tuple(chosen(condition, one, other) for one, other in zip(then, otherwise, strict=True))
    if condition.eq(TRUE) or then.eq(otherwise):
        return then
    return otherwise if condition.eq(FALSE) else z3.If(condition, then, otherwise)


def equal(one: Any, other: Any) -> Bool:
    """Whether two values are the same."""
    if isinstance(one, tuple):
        return all_of(equal(each, same) for each, same in zip(one, other, strict=True))
    return TRUE if one.eq(other) else one == other
