"""An invented law with all that a law may have, cases that meet its limits, and a draft of it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from motcua.conditions import to_json
from motcua.engine.contract import mooring_permit
from motcua.procedures import load_procedure, load_sources, load_text

RULES = Path(__file__).parents[4] / "rules"
#: What the draft changes: when it applies, a requirement, a row's value, a row's id, a document.
CHANGES = (("boat.length > 10 m", "boat.length > 11 m"), ("5% * boat.value", "6% * boat.value"),
           ("then: 5 working_days", "then: 4 working_days"),
           ("{id: B2, cite: BOAT2018 art 10, when: boat.kind = \"ferry\"", "{id: B3, cite: BOAT2018 art 10, when: boat.kind = \"ferry\""),
           ("then: inner", "then: outer"), ("when: boat.passengers > 0", "when: boat.passengers > 12"))


@pytest.fixture(scope="session")
def permit():
    """The procedure in force."""
    return mooring_permit()


@pytest.fixture(scope="session")
def draft(permit):
    """A draft of it."""
    text = files("motcua.engine").joinpath("contract.yaml").read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    return load_text(text, permit.sources, "draft.yaml")


@pytest.fixture(scope="session", params=["environment/eia-appraisal", "minerals/exploration-right-transfer"])
def shipped(request):
    """Each procedure that comes with motcua."""
    return load_procedure(RULES / f"{request.param}.yaml", load_sources(RULES / "sources.yaml"))


def any_cases(procedure, count, seed, days=(date(2020, 1, 1), date(2027, 6, 1))):
    """Random canonical facts: one in eight unknown, numbers at round limits, dates at the ends of months."""
    chance = random.Random(seed)
    return [_case(procedure, chance, days) for _ in range(count)]


def _case(procedure, chance, days):
    facts = {fact.id: _value(fact.type, chance) for fact in procedure.facts.values() if chance.random() > 1 / 8}
    if chance.random() < 0.95:
        facts[procedure.law_at] = days[0] + timedelta(chance.randrange((days[1] - days[0]).days))
    return facts


def _value(type_, chance):
    match type_.kind:
        case "yes/no":
            return chance.random() < 0.5
        case "one of":
            return chance.choice(type_.values)
        case "list of":
            return tuple(word for word in type_.values if chance.random() < 0.3)
        case "text":
            return "chữ"
        case "date":
            month_end = date(chance.randrange(2019, 2031), chance.randrange(1, 13), 1) - timedelta(1)
            return chance.choice([month_end, month_end + timedelta(chance.randrange(-2, 3)), date(2028, 2, 29)])
        case "money":
            return chance.choice([0, 10**28, 10**18 + 1, 10**9, chance.randrange(10**12)])
        case "integer" | "days" | "months" | "working_days":
            return chance.choice([0, 1, 12, 15, 30, 50, chance.randrange(100)])
    return chance.choice([0, 10, 20, 40, 50, 100, Decimal("0.5"), Decimal("20.01"), Decimal("0.2")])


class Listed:
    """Cases as a source of an impact, as the archive would give them."""

    is_table = False

    def __init__(self, procedure, cases):
        self._procedure, self._cases = procedure, cases
        self.total = len(cases)

    def rows(self):
        for number, facts in enumerate(self._cases):
            yield f"D{number:05}", None, {name: to_json(self._procedure.facts[name].type, value)
                                          for name, value in facts.items()}
