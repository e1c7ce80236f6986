"""The facts of a procedure as z3 constants, with everything that holds of real cases.

One constant a fact, named by its id; of a list one for each word, named ``fact: word``. So the same fact is the
same constant in every law version, and in two procedures that both have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import z3

from motcua.analysis.symbolic.logic import (
    FALSE,
    TRUE,
    Bool,
    Term,
    Value,
    all_of,
    both,
    negated,
    one_of,
)
from motcua.analysis.symbolic.reading import Reading, number
from motcua.conditions import WHOLE_KINDS, Expression, Type
from motcua.law import Interval
from motcua.procedures import Fact, LawVersion, Procedure

if TYPE_CHECKING:
    from motcua.analysis.symbolic.versions import SymbolicAnswer, SymbolicVersion

FIRST_DAY: Final = date(1800, 1, 1)
LAST_DAY: Final = date(2999, 12, 31)
"""Dates outside these are refused wherever facts are read."""


class NotADecimalError(ValueError):
    """A model gives a fact a value that no finite decimal is; ``constant`` is the z3 constant."""

    def __init__(self, constant: Term) -> None:
        super().__init__(str(constant))
        self.constant = constant


class Symbols:
    """The facts of ``procedure`` for z3.

    With ``complete`` every fact that applies is known; else each may be missing. A fact whose ``when`` is false
    does not apply and is unknown. Where two procedures are compared, ``words`` gives, by list, the order of words that
    fixes their codes, and both are given the same ``texts``, in which the codes of texts are kept.
    """

    def __init__(self, procedure: Procedure, complete: bool = True,
                 words: Mapping[str, Sequence[str]] | None = None, texts: dict[str, int] | None = None) -> None:
        self.procedure = procedure
        self.complete = complete
        lists = {name: tuple(listing.values) for name, listing in procedure.lists.items()}
        lists.update((name, tuple(dict.fromkeys(each))) for name, each in (words or {}).items())
        self._codes = {name: {word: index for index, word in enumerate(each)} for name, each in lists.items()}
        self._texts: dict[str, int] = {} if texts is None else texts
        self._facts: dict[str, Value] = {}
        self._versions: dict[int, SymbolicVersion] = {}
        self._answers: dict[int, SymbolicAnswer] = {}
        self.terms: dict[Any, Any] = {}
        self.reading = Reading(self.fact, self.code, self.terms)
        self.constants: Mapping[str, tuple[Term, ...]] = {
            fact.id: _constants(fact) for fact in procedure.facts.values()}
        """The z3 constants that hold the value of each fact."""
        self.given: Mapping[str, Bool] = {} if complete else {
            name: z3.Bool(f"{name} is given") for name in procedure.facts}
        """For incomplete facts: whether each is given at all."""

    def code(self, type_: Type, word: str) -> int:
        """The number that stands for a word of a list, or for a text."""
        if type_.list is None:
            return self._texts.setdefault(word, len(self._texts))
        codes = self._codes.setdefault(type_.list, {})
        return codes.setdefault(word, len(codes))

    def fact(self, name: str) -> Value:
        """A fact as conditions see it."""
        found = self._facts.get(name)
        if found is None:
            found = self._facts[name] = self._fact(self.procedure.facts[name])
        return found

    def _fact(self, fact: Fact) -> Value:
        constants = self.constants[fact.id]
        known = self.given.get(fact.id, TRUE)
        if fact.when is not None:
            asked = self.reading.truth(fact.when.tree)
            # a fact that is given counts until it is sure that it does not apply
            known = asked.true if self.complete else both(known, negated(asked.false))
        match fact.type.kind:
            case "list of":
                return Value(known, constants)
            case "date":
                return Value(known, constants[0], self._span(fact))
            case _:
                return Value(known, constants[0])

    def _span(self, fact: Fact) -> tuple[int, int]:
        first, last = fact.min or FIRST_DAY, fact.max or LAST_DAY
        if fact.id == self.procedure.law_at:
            first = max(first, self.procedure.covers.first or first)
            last = min(last, self.procedure.covers.last or last)
        return max(first, FIRST_DAY).toordinal(), max(min(last, LAST_DAY), first).toordinal()

    @cached_property
    def bounds(self) -> tuple[Bool, ...]:
        """What holds of all facts by their types and bounds."""
        bounds = (bound for fact in self.procedure.facts.values() for bound in self.bounds_of(fact))
        return tuple(bound for bound in bounds if not bound.eq(TRUE))

    @cached_property
    def always(self) -> tuple[Bool, ...]:
        """What holds of all facts by the rules under ``always``, in their order."""
        return tuple(negated(self.reading.truth(rule.holds.tree).false) for rule in self.procedure.always)

    @property
    def domain(self) -> tuple[Bool, ...]:
        """All that holds of the facts of real cases: types, bounds, and ``always``."""
        return (*self.bounds, *self.always)

    def bounds_of(self, fact: Fact) -> Iterable[Bool]:
        """What holds of a fact by its type and bounds, if it has a value."""
        term = self.constants[fact.id][0] if self.constants[fact.id] else TRUE
        match fact.type.kind:
            case "yes/no" | "list of":
                return
            case "one of":
                codes = sorted(self.code(fact.type, word) for word in fact.type.values)
                consecutive = bool(codes) and codes[-1] - codes[0] == len(codes) - 1
                yield (both(term >= codes[0], term <= codes[-1]) if consecutive
                       else one_of(term == code for code in codes))
            case "text":
                yield term >= 0
            case "date":
                first, last = self._span(fact)
                yield both(term >= first, term <= last)
            case _:
                low = 0 if fact.type.kind == "months" and fact.min is None else fact.min
                yield TRUE if low is None else term >= number(low)
                yield TRUE if fact.max is None else term <= number(fact.max)

    @property
    def law_date(self) -> Term:
        """The constant of the date whose law applies."""
        return self.constants[self.procedure.law_at][0]

    def within(self, days: Interval) -> Bool:
        """The law date is known and lies in an interval."""
        return both(self.fact(self.procedure.law_at).known,
                    TRUE if days.first is None else self.law_date >= days.first.toordinal(),
                    TRUE if days.last is None else self.law_date <= days.last.toordinal())

    def solver(self, version: LawVersion | None = None, seconds: float | None = None) -> Any:
        """A z3 solver that knows what holds of all facts, and that the law date is one of ``version``.

        ``seconds`` bound each of its questions.
        """
        solver = z3.Solver()
        if seconds is not None:
            solver.set(timeout=max(1, int(seconds * 1000)))
        solver.add(*self.domain)
        if version is not None:
            solver.add(self.within(version.interval))
        return solver

    def version(self, version: LawVersion) -> SymbolicVersion:
        """A law version over these facts."""
        from motcua.analysis.symbolic.versions import SymbolicVersion

        found = self._versions.get(id(version))
        if found is None:
            found = self._versions[id(version)] = SymbolicVersion(self, version)
        return found

    def answer(self, version: LawVersion) -> SymbolicAnswer:
        """The whole answer for a law date in ``version``, the transitional choice included."""
        from motcua.analysis.symbolic.versions import SymbolicAnswer

        found = self._answers.get(id(version))
        if found is None:
            found = self._answers[id(version)] = SymbolicAnswer(self, version)
        return found

    def value(self, name: str, value: Any) -> Any:
        """The z3 literal of a canonical value of a fact; of a list one truth for each word."""
        return self.reading.literal(value, self.procedure.facts[name].type).value

    def is_value(self, name: str, value: Any) -> Bool:
        """The fact has this canonical value (whether or not it is given and applies)."""
        wanted = self.value(name, value)
        parts = wanted if isinstance(wanted, tuple) else (wanted,)
        return all_of(_same(constant, part) for constant, part in zip(self.constants[name], parts, strict=True))

    def equal(self, facts: Mapping[str, Any], only: bool = False) -> Bool:
        """The facts given here have these canonical values; None is unknown.

        With ``only``, whatever is not given here is unknown, which makes sense for incomplete facts alone.
        """
        known = {name: value for name, value in facts.items() if value is not None}
        parts = [self.is_value(name, value) for name, value in known.items()]
        parts += [self.given[name] for name in known if name in self.given]
        parts += [negated(given) for name, given in self.given.items()
                  if name not in known and (only or name in facts)]
        return all_of(parts)

    def facts_of(self, model: Any) -> dict[str, Any]:
        """The facts of a model, as canonical values; what is unknown or does not apply is absent.

        Raises:
            NotADecimalError: the model gives a number that no finite decimal is.
        """
        found = {}
        for name, fact in self.procedure.facts.items():
            if z3.is_true(model.eval(self.fact(name).known, model_completion=True)):
                found[name] = self._read(fact, model)
        return found

    def _read(self, fact: Fact, model: Any) -> Any:
        values = [model.eval(constant, model_completion=True) for constant in self.constants[fact.id]]
        match fact.type.kind:
            case "yes/no":
                return z3.is_true(values[0])
            case "list of":
                return tuple(word for word, held in zip(fact.type.values, values, strict=True) if z3.is_true(held))
            case "date":
                return date.fromordinal(values[0].as_long())
            case "one of":
                return self._word(fact.type, values[0].as_long())
            case "text":
                return self._text(values[0].as_long())
            case _:
                return _decimal(values[0], self.constants[fact.id][0])

    def _word(self, type_: Type, code: int) -> str:
        return next(word for word in type_.values if self.code(type_, word) == code)

    def _text(self, code: int) -> str:
        known = next((text for text, each in self._texts.items() if each == code), None)
        if known is not None:
            return known
        new = f"văn bản {code}"
        while new in self._texts:
            new += "'"
        return new

    def truth_of(self, expression: Expression, model: Any) -> bool | None:
        """What a condition over facts alone says under a model."""
        truth = self.reading.truth(expression.tree)
        true, false = (z3.is_true(model.eval(rail, model_completion=True)) for rail in truth)
        return True if true else False if false else None


def _constants(fact: Fact) -> tuple[Term, ...]:
    match fact.type.kind:
        case "yes/no":
            return (z3.Bool(fact.id),)
        case "list of":
            return tuple(z3.Bool(f"{fact.id}: {word}") for word in fact.type.values)
        case "one of" | "text" | "date":
            return (z3.Int(fact.id),)
        case kind:
            return (z3.Int(fact.id) if kind in WHOLE_KINDS else z3.Real(fact.id),)


def _same(constant: Term, part: Any) -> Bool:
    if part.eq(TRUE) or part.eq(FALSE):
        return constant if part.eq(TRUE) else negated(constant)
    return constant == part


def _decimal(value: Any, constant: Term) -> int | Decimal:
    if z3.is_int_value(value):
        return int(value.as_long())
    if not z3.is_rational_value(value):
        raise NotADecimalError(constant)
    found = Fraction(value.numerator_as_long(), value.denominator_as_long())
    if found.denominator == 1:
        return found.numerator
    rest, places = found.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    if rest != 1 or places > 30:
        raise NotADecimalError(constant)
    return Decimal(found.numerator * 10**places // found.denominator).scaleb(-places)
