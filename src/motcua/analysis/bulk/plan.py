"""What is to be computed of every row: typed values, each once, before any SQL is written.

A `Value` is a node of a graph. The same computation asked for twice is one node, which becomes one column of one step,
so that no database has to find common parts by itself (DuckDB's search for them answers true for unknown; see
`motcua.analysis.bulk.tables`). None is unknown, in Kleene's logic.

Numbers are whole: a value of scale 3 is kept as thousandths. ``bound`` is proved to be at least its absolute value, so
it is known before the run that nothing overflows. Dates are days since 1970-01-01; a list fact is whole numbers whose
bits are its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

Kind = Literal["truth", "number", "word", "bits"]

EPOCH_DAY: Final = date(1970, 1, 1)
EPOCH: Final = EPOCH_DAY.toordinal()
FIRST_DAY: Final = date.min.toordinal() - EPOCH
LAST_DAY: Final = date.max.toordinal() - EPOCH
#: What a 64-bit and what a 38-digit number of a database can hold.
NARROW: Final = 2**63
WIDE: Final = 10**38
#: Bits of one number of a list fact.
BITS: Final = 60
#: Days from 1 March of the year 0, after whose February no month is irregular, to 1970-01-01.
TO_MARCH_0: Final = 719_468
#: More months than any date of the calendar has before it.
MOST_MONTHS: Final = 12 * 10_000

INVERSE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class TooWideError(Exception):
    """A number that no database keeps exactly: its rows are reckoned one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A computation over others (``args``) and constants (``fixed``)."""

    op: str
    args: tuple[Value, ...]
    fixed: Any
    kind: Kind
    scale: int = 0
    bound: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether it needs more than 64 bits."""
        return self.bound >= NARROW

    @property
    def is_constant(self) -> bool:
        """Whether no row changes it."""
        return self.op == "constant"


class Plan:
    """Makes values, each once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Value] = {}
        self.true = self._constant(True, "truth")
        self.false = self._constant(False, "truth")
        self.unknown = self._constant(None, "truth")

    def _make(self, op: str, args: tuple[Value, ...], fixed: Any, kind: Kind, scale: int = 0, bound: int = 0) -> Value:
        if bound >= WIDE:
            raise TooWideError
        key = (op, tuple(map(id, args)), type(fixed), fixed, kind, scale)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Value(op, args, fixed, kind, scale, bound)
        return found

    def _constant(self, fixed: Any, kind: Kind, scale: int = 0) -> Value:
        bound = abs(fixed) if kind == "number" and fixed is not None else 0
        return self._make("constant", (), fixed, kind, scale, bound)

    # -- leaves

    def column(self, name: str, kind: Kind, scale: int = 0, bound: int = 0) -> Value:
        """A column of the table."""
        return self._make("column", (), name, kind, scale, bound)

    def number(self, number: int | Decimal) -> Value:
        """A constant number."""
        scaled, scale = as_scaled(number)
        return self._constant(scaled, "number", scale)

    def day(self, day: date) -> Value:
        """A constant date."""
        return self._constant(days_of(day), "number")

    def word(self, word: str) -> Value:
        """A constant word or text."""
        return self._constant(word, "word")

    def null(self, kind: Kind, scale: int = 0) -> Value:
        """What is unknown in every row."""
        return self.unknown if kind == "truth" else self._constant(None, kind, scale)

    # -- truths

    def both(self, parts: Iterable[Value]) -> Value:
        """True where all are true, false where one is false."""
        return self._join("and", parts, self.true, self.false)

    def either(self, parts: Iterable[Value]) -> Value:
        """True where one is true, false where all are false."""
        return self._join("or", parts, self.false, self.true)

    def _join(self, op: str, parts: Iterable[Value], neutral: Value, decisive: Value) -> Value:
        kept: dict[Value, None] = {}
        for part in parts:
            if part is decisive:
                return decisive
            if part is not neutral:
                kept[part] = None
        if len(kept) <= 1:
            return next(iter(kept), neutral)
        return self._make(op, tuple(kept), None, "truth")

    def negation(self, truth: Value) -> Value:
        """False where true, true where false; never written as NOT (Ibis prints that wrongly before IS NULL)."""
        if truth.is_constant:
            return self.unknown if truth.fixed is None else self._constant(not truth.fixed, "truth")
        match truth.op:
            case "not":
                return truth.args[0]
            case "compare":
                return self._make("compare", truth.args, INVERSE[truth.fixed], "truth")
            case "known":
                return self._make("missing", truth.args, None, "truth")
            case "missing":
                return self._make("known", truth.args, None, "truth")
        return self._make("not", (truth,), None, "truth")

    def known(self, value: Value) -> Value:
        """Whether a value is known: true or false, never unknown."""
        if value.is_constant:
            return self.false if value.fixed is None else self.true
        return self._make("known", (value,), None, "truth")

    def if_known(self, value: Value) -> Value:
        """True where a value is known, else unknown."""
        return self.pick([(self.known(value), self.true)], self.unknown)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        """A comparison of two values of one kind; unknown where one is."""
        if left.kind == "number":
            left, right = self._aligned(left, right)
        for side in (left, right):
            if side.is_constant and side.fixed is None:
                return self.unknown
        if left.is_constant and right.is_constant:
            return self._constant(_COMPARE[op](left.fixed, right.fixed), "truth")
        return self._make("compare", (left, right), op, "truth")

    def holds_word(self, bits: tuple[Value, ...], place: int) -> Value:
        """Whether the word at ``place`` of its list is among a list fact's."""
        of = bits[place // BITS]
        if of.is_constant and of.fixed is None:
            return self.unknown
        masked = self._make("mask", (of,), 1 << place % BITS, "number", 0, 1 << BITS)
        return self.compare("!=", masked, self.number(0))

    def count(self, bits: tuple[Value, ...], words: int) -> Value:
        """How many words a list fact has."""
        ones = [self._make("one", (self.holds_word(bits, place),), None, "number", 0, 1) for place in range(words)]
        return self.total(ones)

    def any_bits(self, bits: tuple[Value, ...]) -> Value:
        """Whether a list fact has a word at all."""
        return self.either(self.compare("!=", part, self._constant(0, "bits")) for part in bits)

    # -- choices

    def pick(self, cases: Iterable[tuple[Value, Value]], otherwise: Value) -> Value:
        """The value of the first case that is true; an unknown case is not."""
        kept: list[tuple[Value, Value]] = []
        for condition, value in cases:
            if condition is self.true:
                otherwise = value
                break
            if not (condition.is_constant or (kept and kept[-1][0] is condition)):
                kept.append((condition, value))
        if not kept:
            return otherwise
        values = [value for _, value in kept] + [otherwise]
        if all(value is otherwise for value in values):
            return otherwise
        kind = next((value.kind for value in values if not _is_null(value)), otherwise.kind)
        scale = max(value.scale for value in values)
        if kind == "number":
            values = [self.at_scale(value, scale) for value in values]
        values = [self.null(kind, scale) if _is_null(value) else value for value in values]
        args = tuple(part for (condition, _), value in zip(kept, values, strict=False) for part in (condition, value))
        return self._make("pick", (*args, values[-1]), None, kind, scale, max(value.bound for value in values))

    def choice(self, condition: Value, then: Value, otherwise: Value) -> Value:
        """``if``: with an unknown condition the value is known only where both branches agree."""
        if then is otherwise:
            return then
        if then.kind == "truth":
            return self.either([self.both([condition, then]), self.both([self.negation(condition), otherwise]),
                                self.both([then, otherwise])])
        same = self.compare("=", then, otherwise)
        return self.pick([(condition, then), (self.negation(condition), otherwise), (same, then)], self.null(
            then.kind, then.scale))

    # -- numbers

    def at_scale(self, number: Value, scale: int) -> Value:
        """The same number kept at a finer scale."""
        if number.scale == scale:
            return number
        factor = 10 ** (scale - number.scale)
        if number.is_constant:
            return self._constant(None if number.fixed is None else number.fixed * factor, "number", scale)
        return self._make("times", (number,), factor, "number", scale, number.bound * factor)

    def _aligned(self, left: Value, right: Value) -> tuple[Value, Value]:
        scale = max(left.scale, right.scale)
        return self.at_scale(left, scale), self.at_scale(right, scale)

    def add(self, left: Value, right: Value) -> Value:
        """A sum."""
        return self._sum("+", left, right)

    def subtract(self, left: Value, right: Value) -> Value:
        """A difference."""
        return self._sum("-", left, right)

    def _sum(self, op: str, left: Value, right: Value) -> Value:
        left, right = self._aligned(left, right)
        if _is_null(left) or _is_null(right):
            return self.null("number", left.scale)
        if left.is_constant and right.is_constant:
            return self._constant(left.fixed + (right.fixed if op == "+" else -right.fixed), "number", left.scale)
        return self._make(op, (left, right), None, "number", left.scale, left.bound + right.bound)

    def total(self, numbers: Iterable[Value]) -> Value:
        """The sum of several."""
        result = self.number(0)
        for each in numbers:
            result = each if result is self.number(0) else self.add(result, each)
        return result

    def multiply(self, left: Value, right: Value) -> Value:
        """A product; the language has none of two variables, but of constants behind a name it may."""
        if left.is_constant:
            left, right = right, left
        if _is_null(left) or _is_null(right):
            return self.null("number", left.scale + right.scale)
        if left.is_constant:
            return self._constant(left.fixed * right.fixed, "number", left.scale + right.scale)
        scale, bound = left.scale + right.scale, left.bound * right.bound
        if right.is_constant:
            return self._make("times", (left,), right.fixed, "number", scale, bound)
        return self._make("*", (left, right), None, "number", scale, bound)

    def extreme(self, op: Literal["<=", ">="], numbers: Iterable[Value]) -> Value:
        """The least or greatest of several; unknown where one is (LEAST and GREATEST of SQL pass over those)."""
        first, *others = numbers
        for other in others:
            left, right = self._aligned(first, other)
            first = self.pick([(self.compare(op, left, right), left), (self.compare(INVERSE[op], left, right), right)],
                              self.null("number", left.scale))
        return first

    def absolute(self, number: Value) -> Value:
        """The number without its sign."""
        return self.pick([(self.compare("<", number, self.number(0)), self.subtract(self.number(0), number))], number)

    def floor(self, number: Value) -> Value:
        """The greatest whole number not above; kept at the scale it has, so that nothing is divided."""
        if number.scale == 0:
            return number
        unit = 10**number.scale
        if number.is_constant:
            return self._constant(None if number.fixed is None else number.fixed // unit * unit, "number", number.scale)
        rest = self._rest(number, unit)
        below = self.pick([(self.compare("<", rest, self._constant(0, "number", number.scale)),
                            self._constant(unit, "number", number.scale))], self._constant(0, "number", number.scale))
        return self.subtract(self.subtract(number, rest), below)

    def round_half_up(self, number: Value, places: int) -> Value:
        """Rounded to ``places`` decimals, a half away from zero."""
        if number.scale <= places:
            return number
        unit = 10 ** (number.scale - places)
        if unit >= WIDE:
            raise TooWideError
        rest, scale = self._rest(number, unit), number.scale
        twice = self._make("times", (rest,), 2, "number", scale, 2 * unit)
        up = self.pick([(self.compare(">=", twice, self._constant(unit, "number", scale)),
                         self._constant(unit, "number", scale)),
                        (self.compare("<=", twice, self._constant(-unit, "number", scale)),
                         self._constant(-unit, "number", scale))], self._constant(0, "number", scale))
        return self.add(self.subtract(number, rest), up)

    def _rest(self, number: Value, unit: int) -> Value:
        """What is left over ``unit``, with the sign of the number, as SQL has it everywhere."""
        if number.is_constant:
            rest = None if number.fixed is None else abs(number.fixed) % unit * (1 if number.fixed >= 0 else -1)
            return self._constant(rest, "number", number.scale)
        return self._make("rest", (number,), unit, "number", number.scale, min(unit, number.bound))

    # -- dates

    def add_days(self, day: Value, days: Value, sign: int) -> Value:
        """The day that many days later; the first or last of the calendar where that is beyond it."""
        moved = self.add(day, days) if sign > 0 else self.subtract(day, days)
        first, last = self._constant(FIRST_DAY, "number"), self._constant(LAST_DAY, "number")
        if moved.bound <= -FIRST_DAY * 10**moved.scale or _is_null(moved):
            return moved
        clamped = self.pick([(self.compare(">", moved, last), last), (self.compare("<", moved, first), first)], moved)
        return self._bounded(clamped, LAST_DAY * 10**clamped.scale)

    def _bounded(self, number: Value, bound: int) -> Value:
        """The number with a bound proved otherwise."""
        if number.is_constant or number.bound <= bound:
            return number
        return self._make("same", (number,), bound, "number", number.scale, bound)

    def add_months(self, day: Value, months: Value) -> Value:
        """The same day so many months later, or the last of its month; the last day of the calendar at most."""
        if _is_null(day) or _is_null(months):
            return self.null("number")
        most = self.number(MOST_MONTHS)
        if months.bound > MOST_MONTHS * 10**months.scale:
            months = self._bounded(self.pick([(self.compare(">", months, most), most)], months),
                                   MOST_MONTHS * 10**months.scale)
        month, since = self._month_of(day)
        month = self.add(month, self.over(months, 10**months.scale) if months.scale else months)
        same = self.add(self._first_of(month), since)
        last = self.subtract(self._first_of(self.add(month, self.number(1))), self.number(1))
        end = self._constant(LAST_DAY, "number")
        is_same = self.both([self.compare("<=", same, last), self.compare("<=", same, end)])
        later = self.pick([(is_same, same), (self.compare("<=", last, end), last), (self.known(same), end)],
                          self.null("number"))
        return self._bounded(later, LAST_DAY)

    def _month_of(self, day: Value) -> tuple[Value, Value]:
        """The month of a day, counted from March of the year 0, and the days of it before (Hinnant's way)."""
        n, over, times = self.number, self.over, self._times
        since = self.add(self._bounded(day, LAST_DAY), n(TO_MARCH_0))
        era = over(since, 146_097)
        of_era = self._bounded(self.subtract(since, times(era, 146_097)), 146_096)
        leap_free = self.subtract(self.add(self.subtract(of_era, over(of_era, 1_460)), over(of_era, 36_524)),
                                  over(of_era, 146_096))
        year = over(leap_free, 365)
        before = self.subtract(self.add(times(year, 365), over(year, 4)), over(year, 100))
        of_year = self._bounded(self.subtract(of_era, before), 366)
        month = over(self.add(times(of_year, 5), n(2)), 153)
        since_first = self.subtract(of_year, self._month_start(month))
        months = self.add(times(self.add(year, times(era, 400)), 12), month)
        return self._bounded(months, MOST_MONTHS), self._bounded(since_first, 30)

    def _first_of(self, month: Value) -> Value:
        """The first day of a month that is counted from March of the year 0."""
        over, times = self.over, self._times
        year = over(month, 12)
        of_year = self._bounded(self.subtract(month, times(year, 12)), 11)
        days = self.subtract(self.add(times(year, 365), over(year, 4)), over(year, 100))
        days = self.add(self.add(days, over(year, 400)), self._month_start(of_year))
        return self.subtract(days, self.number(TO_MARCH_0))

    def _month_start(self, month: Value) -> Value:
        return self.over(self.add(self._times(month, 153), self.number(2)), 5)

    def _times(self, number: Value, factor: int) -> Value:
        return self.multiply(number, self.number(factor))

    def over(self, number: Value, divisor: int) -> Value:
        """A number of at most 53 bits that is not negative, divided and rounded down."""
        if number.bound >= 2**53:
            raise TooWideError
        if number.is_constant:
            return self._constant(None if number.fixed is None else number.fixed // divisor, "number")
        return self._make("over", (number,), divisor, "number", 0, number.bound // divisor)


def exclude_each_other(first: Value, second: Value) -> bool:
    """Whether it is plain from their shape that two truths are never both true.

    One says a thing and the other its opposite, or they name different words of one column. False proves nothing.
    """
    return any(_opposed(one, other) for one in _conjuncts(first) for other in _conjuncts(second))


def _conjuncts(truth: Value) -> list[Value]:
    return [each for part in truth.args for each in _conjuncts(part)] if truth.op == "and" else [truth]


def _opposed(one: Value, other: Value) -> bool:
    if one.op == "not" or other.op == "not":
        return one.args[:1] == (other,) or other.args[:1] == (one,)
    if one.op == other.op == "compare" and one.args == other.args:
        return bool(INVERSE[one.fixed] == other.fixed)
    first, second = _words(one), _words(other)
    return first is not None and second is not None and first[0] is second[0] and not first[1] & second[1]


def _words(truth: Value) -> tuple[Value, frozenset[str]] | None:
    """A value and the words of which it must be one, where a truth says that."""
    parts = truth.args if truth.op == "or" else (truth,)
    words = []
    for part in parts:
        if part.op != "compare" or part.fixed != "=" or part.args[0].kind != "word" or not part.args[1].is_constant:
            return None
        words.append(part)
    named = {part.args[0] for part in words}
    return (named.pop(), frozenset(part.args[1].fixed for part in words)) if len(named) == 1 else None


def _is_null(value: Value) -> bool:
    return value.is_constant and value.fixed is None


def as_scaled(number: int | Decimal) -> tuple[int, int]:
    """A number as a whole number and its scale."""
    if isinstance(number, int):
        return number, 0
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits))) * (-1 if sign else 1)
    places = -int(exponent)
    return (whole, places) if places >= 0 else (whole * 10**-places, 0)


def from_scaled(number: int, scale: int) -> int | Decimal:
    """The number again, as the conditions keep it: whole where it is, else without zeros at its end."""
    while scale and number % 10 == 0:
        number, scale = number // 10, scale - 1
    return number if scale == 0 else Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -scale))


def days_of(day: date) -> int:
    """A date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(days: int) -> date:
    """The date again."""
    return date.fromordinal(int(days) + EPOCH)


_COMPARE: Final[dict[str, Any]] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}
