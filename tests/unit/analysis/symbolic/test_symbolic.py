"""What z3 is told of a law is what the evaluator and the engine say of it, fact by fact and word by word."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.conditions.strategies import ANY_TEXT, SCOPE, environments
from tests.unit.engine import laws

from motcua.analysis.symbolic import SymbolicAnswer, SymbolicVersion, Symbols, Truth, Value
from motcua.conditions import evaluate, parse
from motcua.engine import assess
from motcua.errors import MotcuaError, RuleFault
from motcua.law import Interval, Sources, Text, add_months
from motcua.procedures import Fact, ListDef, Procedure, load_rule_file, load_scenarios, read_facts

ROOT = Path(__file__).parents[4]
TEXT = Text("chữ", "text")
PROCEDURE = Procedure(
    id="vn.test.expressions", title=TEXT, field="test", law_at="law.day", covers=Interval(), sources=Sources({}),
    facts={"law.day": Fact("law.day", laws.DAY, TEXT), **{name: Fact(name, own, TEXT) for name, own in SCOPE.names.items()}},
    lists={name: ListDef(name, dict.fromkeys(words, TEXT)) for name, words in SCOPE.lists.items()})
CHECKED = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
INCOMPLETE, COMPLETE = Symbols(PROCEDURE, complete=False), Symbols(PROCEDURE)


class Given:
    """Facts put in place of the constants of a symbolic value."""

    def __init__(self, symbols: Symbols, facts: dict[str, Any]) -> None:
        self._read: dict[int, Any] = {}
        self.pairs = []
        known = {name: value for name, value in facts.items() if value is not None}
        for name, constants in symbols.constants.items():
            value = symbols.value(name, known.get(name, unimportant(symbols.procedure.facts[name])))
            parts = value if isinstance(value, tuple) else (value,)
            self.pairs += [(constant, converted(constant, part)) for constant, part in zip(constants, parts, strict=True)]
        self.pairs += [(constant, z3.BoolVal(name in known)) for name, constant in symbols.given.items()]

    def read(self, term: Any) -> Any:
        known = self._read.get(term.get_id())
        return z3.simplify(z3.substitute(term, *self.pairs)) if known is None else known

    def read_at_once(self, terms: list[Any]) -> None:
        """Work out many terms together: what they share is worked out once."""
        together = z3.Function("together", *(term.sort() for term in terms), z3.BoolSort())(*terms)
        values = z3.simplify(z3.substitute(together, *self.pairs)).children()
        self._kept = terms  # a term that is let go lets another have its number
        self._read = {term.get_id(): value for term, value in zip(terms, values, strict=True)}

    def truth(self, truth: Truth) -> bool | None:
        true, false = (z3.is_true(self.read(rail)) for rail in truth)
        assert not (true and false)
        return True if true else False if false else None

    def holds(self, term: Any) -> bool:
        found = self.read(term)
        assert z3.is_true(found) or z3.is_false(found), found
        return z3.is_true(found)

    def value(self, value: Value, own: Any, code: Any) -> Any:
        """The canonical value, or None where it is unknown."""
        if not self.holds(value.known):
            return None
        if isinstance(value.value, tuple):
            return {word for word, held in zip(own.values, value.value, strict=True) if self.holds(held)}
        found = self.read(value.value)
        match own.kind:
            case "yes/no":
                return z3.is_true(found)
            case "date":
                return date.fromordinal(found.as_long())
            case "one of" | "text":
                return found.as_long()
            case _:
                return Fraction(str(found.as_fraction()) if z3.is_real(found) else found.as_long())


def unimportant(fact: Fact) -> Any:
    """Some value for a fact that is not given: nothing may depend on it."""
    match fact.type.kind:
        case "yes/no":
            return True
        case "one of":
            return fact.type.values[0]
        case "list of":
            return fact.type.values
        case "date":
            return date(2024, 2, 29)
        case "text":
            return "?"
        case _:
            return fact.min or 0


def converted(constant: Any, part: Any) -> Any:
    return z3.RealVal(part.as_long()) if z3.is_real(constant) and z3.is_int_value(part) else part


def comparable(value: Any, own: Any, code: Any) -> Any:
    if isinstance(value, tuple):
        return set(value)
    if isinstance(value, str):
        return code(own, value)
    return Fraction(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


@given(ANY_TEXT, environments(unknown=True))
@CHECKED
def test_every_expression_means_what_the_evaluator_says(text, facts):
    expression, symbols = parse(text, SCOPE), INCOMPLETE
    found = Given(symbols, facts).value(symbols.reading.value(expression.tree), expression.type, symbols.code)
    wanted = evaluate(expression, facts)
    assert found == (None if wanted is None else comparable(wanted, expression.type, symbols.code))


@given(ANY_TEXT, environments(unknown=False))
@CHECKED
def test_so_it_does_with_complete_facts(text, facts):
    expression, symbols = parse(text, SCOPE), COMPLETE
    found = Given(symbols, facts).value(symbols.reading.value(expression.tree), expression.type, symbols.code)
    assert found == comparable(evaluate(expression, facts), expression.type, symbols.code)


ENDS = [date(2024, 2, 28), date(2024, 2, 29), date(2023, 2, 28), date(2025, 8, 29), date(2025, 8, 31), date(2025, 12, 31),
        date(1900, 2, 28), date(2000, 2, 29), date(2100, 2, 28), date(1800, 1, 1), date(2999, 12, 31)]


@pytest.mark.parametrize("months", [0, 1, 2, 6, 11, 12, 13, 24, 48, 119, 1200, 100_000])
def test_months_are_exact_at_month_ends_and_in_leap_years(months):
    symbols = COMPLETE
    fixed = symbols.reading.value(parse(f"received + {months} months", SCOPE).tree).value
    open_ = symbols.reading.value(parse("received + term", SCOPE).tree).value
    for end in ENDS:
        for day in (end + timedelta(n) for n in (-3, -2, -1, 0, 1, 2, 3)):
            if not date(1800, 1, 1) <= day <= date(2999, 12, 31):
                continue
            wanted = add_months(day, months) if months < 90_000 else date.max
            known = Given(symbols, {"received": day, "term": months})
            assert date.fromordinal(known.read(fixed).as_long()) == wanted, (day, months)
            assert date.fromordinal(known.read(open_).as_long()) == wanted, (day, months)


@given(st.dates(date(1800, 1, 1), date(2999, 12, 31)), st.sampled_from([1, 3, 6, 18, 60, 333]))
@settings(max_examples=100, deadline=None)
def test_months_are_exact_on_any_day(day, months):
    symbols = COMPLETE
    known = Given(symbols, {"received": day, "term": months})
    for text in (f"received + {months} months", "received + term"):
        found = known.read(symbols.reading.value(parse(text, SCOPE).tree).value)
        assert date.fromordinal(found.as_long()) == add_months(day, months)


def test_the_solver_finds_the_day_on_which_six_months_and_180_days_differ():
    symbols = Symbols(PROCEDURE)
    solver = symbols.solver(seconds=30)
    later = symbols.reading.truth(parse("received + 6 months <= expires", SCOPE).tree)
    days = symbols.reading.truth(parse("received + 180 days <= expires", SCOPE).tree)
    solver.add(later.false, days.true, symbols.reading.truth(parse('received >= date("2026-01-01")', SCOPE).tree).true)
    assert solver.check() == z3.sat
    facts = symbols.facts_of(solver.model())
    assert facts["received"] + timedelta(180) <= facts["expires"] < add_months(facts["received"], 6)
    solver.reset()
    solver.add(*symbols.domain, later.true, symbols.reading.truth(parse("received + 180 days <= expires", SCOPE).tree).false)
    assert solver.check() == z3.unsat


def terms_of(version: SymbolicVersion, answer: SymbolicAnswer, procedure: Procedure) -> list[Any]:
    law = version.law_version
    terms = [answer.outcome(word) for word in ("eligible", "ineligible", "not_required", "undetermined")]
    terms += [rail for place in range(len(law.requirements)) for rail in version.state(place)]
    terms += [rail for document in procedure.documents for rail in answer.document(document.id)]
    for name, decision in procedure.decisions.items():
        terms += [answer.conflict(name), answer.value(name).known, answer.value(name).value]
        terms += answer.collected(name).values() if decision.hit == "collect" else ()
    return terms


def agree(version: SymbolicVersion, symbols: Symbols, procedure: Procedure, facts: dict[str, Any]) -> None:
    """The law version in z3 and the assessment of the evaluator say the same of the facts."""
    known, answer = Given(symbols, facts), symbols.answer(version.law_version)
    known.read_at_once(terms_of(version, answer, procedure))
    assert known.holds(z3.And(*symbols.domain, symbols.within(version.law_version.interval)))
    conflicts = [name for name in procedure.decisions if known.holds(answer.conflict(name))]
    try:
        assessment = assess(procedure, facts, engine="conditions")
    except RuleFault:
        assert conflicts
        return
    outcomes = [word for word in ("eligible", "ineligible", "not_required", "undetermined") if known.holds(answer.outcome(word))]
    assert outcomes == [assessment.outcome]
    if assessment.outcome == "not_required":
        return
    assert not conflicts
    for place, finding in enumerate(assessment.requirements):
        states = version.state(place)
        assert [word for word, held in zip(states._fields, states, strict=True) if known.holds(held)] == [finding.state]
    for finding in assessment.document_details:
        wanted = {"needed": True, "not_needed": False, "unknown": None}[finding.state]
        assert known.truth(answer.document(finding.id)) is wanted
    for name, result in assessment.decisions.items():
        own = procedure.decisions[name]
        found = answer.value(name)
        assert known.holds(found.known) is (result is not None), name
        if result is not None and own.hit == "collect":
            assert {row for row, held in answer.collected(name).items() if known.holds(held)} == set(result.rows)
        elif result is not None:
            wanted = comparable(result.value, own.type, symbols.code)
            assert known.value(found, own.type, symbols.code) == wanted, name


@given(laws.procedures(), st.lists(laws.cases(), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_laws_mean_what_the_engine_says(procedure, cases):
    symbols = Symbols(procedure, complete=False)
    for facts in cases:
        version = symbols.version(procedure.version_on(facts["day"]))
        agree(version, symbols, procedure, facts)


FILES = [ROOT / "rules" / "environment" / "eia-appraisal.yaml",
         ROOT / "rules" / "minerals" / "exploration-right-transfer.yaml",
         ROOT / "tests" / "examples" / "rules" / "water" / "well-permit.yaml"]
PROCEDURES = {procedure.id: procedure for procedure in map(load_rule_file, FILES)}
SCENARIOS = [(PROCEDURES[file.procedure_id], scenario) for path in FILES
             for file in [load_scenarios(path.with_suffix(".scenarios.yaml"))] for scenario in file.scenarios]


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_the_scenarios_of_our_procedures_mean_the_same(name):
    procedure = PROCEDURES[name]
    symbols = Symbols(procedure, complete=False)
    checked = 0
    for owner, scenario in SCENARIOS:
        if owner.id != name:
            continue
        try:
            facts = read_facts(procedure, scenario.given)
            assess(procedure, facts, engine="conditions")
        except MotcuaError as error:
            if not isinstance(error, RuleFault):
                continue
        if facts.get(procedure.law_at) is None:
            continue
        agree(symbols.version(procedure.version_on(facts[procedure.law_at])), symbols, procedure, facts)
        checked += 1
    assert checked > 0
