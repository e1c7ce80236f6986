"""Which amounts need not be whole đồng, and that the linter says so at the row."""

import pytest

from motcua.procedures import load_text
from motcua.procedures.linter import lint_procedure
from motcua.procedures.whole_money import rows_with_fractions

FEE = """  half:
    {vi: Một nửa, en: Half, type: money, rows: [{id: H1, cite: TT07 art 4, then: 50% * works.cost}]}
  charge:
    vi: Tiền
    en: Charge
    type: money
    rows:
      - {id: C1, cite: TT07 art 4, in_force: 2020-01-01 .., then: '%s'}
"""


@pytest.fixture
def with_charge(well_text, sources):
    def load(amount, fee=FEE):
        added = fee.replace("%s", amount)
        return load_text(well_text.replace("\n  fee:\n", f"\n{added}  fee:\n", 1), sources, "well.yaml")

    return load


@pytest.mark.parametrize("amount", [
    "works.cost",
    "0 VND",
    "50% * 5 million VND",
    "25% * (4 * works.cost)",
    "2.5 * 1_000 VND + works.cost",
    "round half up(30% * works.cost)",
    "round half up(half, -3)",
    "round half up(works.cost, 2)",
    "floor(works.cost * 3%)",
    "min(5 million VND, 2 * works.cost)",
    "max(works.cost - 1 million VND, 0 VND)",
    "abs(works.cost)",
    "sum(works.cost, works.cost)",
    'if well.use = "industry" then works.cost else 7 VND',
    "count(well.checks) * 100_000 VND",
    "round half up(half) + works.cost",
])
def test_an_amount_that_is_always_whole_is_none_of_them(with_charge, amount):
    assert [row.id for _, row in rows_with_fractions(with_charge(amount))] == ["H1"]


@pytest.mark.parametrize("amount", [
    "50% * works.cost",
    "1.5 VND",
    "0.1% * works.cost",
    "half",
    "2.5 * works.cost",
    "25% * (2 * works.cost)",
    "round half up(30% * works.cost, 1)",
    "min(5 million VND, 10% * works.cost)",
    'if well.use = "industry" then works.cost else half',
    "works.cost + 1% * works.cost",
    "floor(half) * 0.5",
])
def test_an_amount_that_need_not_be_whole_is_told_at_its_row(with_charge, amount):
    found = [problem for problem in lint_procedure(with_charge(amount)) if problem.code == "RULE_116"]
    assert [(problem.params["decision"], problem.params["id"]) for problem in found] == [("half", "H1"), ("charge", "C1")]
    assert {problem.severity for problem in found} == {"warning"}
    assert "id: C1" in found[1].place.source_line
    for language in ("vi", "en"):
        assert "round half up" in found[1].message(language)


def test_twice_a_half_is_whole(with_charge):
    assert [row.id for _, row in rows_with_fractions(with_charge("2 * half"))] == ["H1"]


def test_the_cells_of_a_grid_are_whole_and_half_of_one_need_not_be(with_charge, well_text, sources):
    assert list(rows_with_fractions(load_text(well_text, sources, "well.yaml"))) == []
    after = FEE.replace("%s", "1% * fee").replace("  half:", "  deadline_fee:", 1)
    text = well_text.replace("\n  deadline:\n", f"\n{after}  deadline:\n", 1)
    found = {(decision.id, row.id) for decision, row in rows_with_fractions(load_text(text, sources, "well.yaml"))}
    assert found == {("deadline_fee", "H1")}, "1% of cells of at least half a million is whole"
