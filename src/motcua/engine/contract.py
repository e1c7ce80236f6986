# ruff: noqa: D102  (the names of the promises are sentences)
"""What every reader of the law must do, as a test class that others can run on theirs.

::

    class TestMyReader(EngineContract):
        reader = "durable-rules"

A reader is known to `motcua.engine.assess` by name; a class may override the method `assess` instead. The law
is the invented mooring permit of ``contract.yaml``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from motcua.engine.assessment import Assessment
from motcua.engine.checking import assess
from motcua.errors import InputError, RuleFault
from motcua.law import Interval, Source, Sources, Text
from motcua.procedures import Procedure, load_text, read_facts

GIVEN: Mapping[str, Any] = {
    "filing.received_on": "2024-05-06", "boat.kind": "cargo", "boat.length": 15, "boat.passengers": 20,
    "boat.value": 100_000_000, "owner.insured": True, "owner.deposit": 5_000_000, "mooring.days": 30,
    "mooring.protected": False,
}


@cache
def mooring_permit() -> Procedure:
    """The invented procedure of the contract."""
    sources = Sources({
        "BOAT2018": Source("BOAT2018", Text("Luật Tàu 2018", "Boats Act 2018"), "18/2018/QH99",
                           Interval.parse("2019-01-01 .. 2023-12-31")),
        "BOAT2023": Source("BOAT2023", Text("Luật Tàu 2023", "Boats Act 2023"), "23/2023/QH99",
                           Interval.parse("2024-01-01 ..")),
    })
    text = files("motcua.engine").joinpath("contract.yaml").read_text(encoding="utf-8")
    return load_text(text, sources, "contract.yaml")


class EngineContract:
    """Each test is one promise. Subclasses name the reader."""

    reader: Any = "durable-rules"

    def assess(self, procedure: Procedure, facts: Mapping[str, Any], on: date | None = None) -> Assessment:
        """Ask the reader."""
        return assess(procedure, facts, on, engine=self.reader)

    def check(self, on: date | None = None, **changed: Any) -> Assessment:
        """The case of `GIVEN` with some facts changed (``boat__length=9``), None making one unknown."""
        changes = {name.replace("__", "."): value for name, value in changed.items()}
        return self.assess(mooring_permit(), read_facts(mooring_permit(), {**GIVEN, **changes}), on)

    def state(self, requirement: str, **changed: Any) -> str:
        """The state of one requirement in the changed case."""
        return next(found.state for found in self.check(**changed).requirements if found.id == requirement)

    def value(self, decision: str, **changed: Any) -> Any:
        """The value of one decision in the changed case, None where it has none."""
        found = self.check(**changed).decisions[decision]
        return None if found is None else found.shown

    def test_all_requirements_met_is_eligible(self) -> None:
        found = self.check()
        assert (found.outcome, found.failed, found.missing) == ("eligible", (), ())
        assert {each.id: each.state for each in found.requirements} == {
            "insured": "met", "deposit": "met", "consent": "not_applicable"}

    def test_one_unmet_requirement_is_ineligible_and_named(self) -> None:
        found = self.check(owner__insured=False)
        assert (found.outcome, found.failed) == ("ineligible", ("insured",))

    @pytest.mark.parametrize(("deposit", "state"), [(4_999_999, "unmet"), (5_000_000, "met"), (5_000_001, "met")])
    def test_a_limit_is_exact(self, deposit: int, state: str) -> None:
        assert self.state("deposit", owner__deposit=deposit) == state

    def test_money_beyond_64_bits_is_exact(self) -> None:
        value = 10**28
        assert self.state("deposit", boat__value=value, owner__deposit=value // 20) == "met"
        assert self.state("deposit", boat__value=value, owner__deposit=value // 20 - 1) == "unmet"

    def test_a_missing_fact_that_matters_leaves_the_outcome_undetermined(self) -> None:
        found = self.check(owner__insured=None)
        assert (found.outcome, found.undetermined, found.missing) == ("undetermined", ("insured",), ("owner.insured",))

    def test_a_missing_fact_that_cannot_change_the_outcome_is_not_asked(self) -> None:
        found = self.check(owner__insured=False, owner__deposit=None, mooring__days=None)
        assert (found.outcome, found.undetermined, found.missing) == ("ineligible", (), ())

    def test_an_or_is_decided_by_one_known_side(self) -> None:
        assert self.check(boat__length=None).applies.is_required is True  # type: ignore[union-attr]
        assert self.check(boat__length=9, boat__passengers=12).outcome == "not_required"
        assert self.check(boat__length=None, boat__passengers=12).outcome == "undetermined"

    def test_where_it_is_not_known_whether_the_procedure_is_required_that_is_asked_first(self) -> None:
        found = self.check(boat__length=None, boat__passengers=None, owner__insured=None)
        assert found.missing == ("boat.length", "boat.passengers", "owner.insured")
        found = self.check(boat__length=None, boat__passengers=None, owner__insured=False, owner__deposit=None)
        assert (found.missing, found.undetermined) == (("boat.length", "boat.passengers"), ())

    def test_the_fact_on_which_most_requirements_wait_is_asked_before_others(self) -> None:
        found = self.check(boat__kind=None, owner__deposit=None, owner__insured=None)
        assert set(found.missing) == {"boat.kind", "owner.deposit", "owner.insured"}

    def test_a_procedure_that_is_not_required_asks_and_decides_nothing(self) -> None:
        found = self.check(boat__length=9, boat__passengers=0, owner__insured=False)
        assert found.outcome == "not_required"
        assert (found.requirements, found.documents, found.failed, found.missing) == ((), (), (), ())
        assert set(found.decisions.values()) == {None}

    @pytest.mark.parametrize(("day", "required"), [("2023-12-31", False), ("2024-01-01", True)])
    def test_the_law_is_that_of_the_law_date(self, day: str, required: bool) -> None:
        found = self.check(filing__received_on=day, boat__length=11, boat__passengers=0)
        assert (found.outcome != "not_required") is required

    def test_requirements_not_in_force_do_not_exist(self) -> None:
        ids = [found.id for found in self.check(filing__received_on="2023-12-31").requirements]
        assert ids == ["insured", "consent", "short"]

    def test_only_texts_in_force_on_the_law_date_are_cited(self) -> None:
        cites = {found.id: found.cite for found in self.check().requirements}
        assert cites["insured"] == "BOAT2023 art 3"

    def test_without_the_law_date_only_that_date_is_asked(self) -> None:
        found = self.check(filing__received_on=None)
        assert (found.outcome, found.law_date, found.missing) == ("undetermined", None, ("filing.received_on",))

    def test_the_date_given_beside_the_facts_counts_where_they_have_none(self) -> None:
        assert self.check(on=date(2023, 5, 6), filing__received_on=None).law_version == "2019-01-01 .. 2023-12-31"
        assert self.check(on=date(2023, 5, 6)).law_version == "2024-01-01 .."

    def test_a_date_of_which_the_rules_do_not_speak_is_refused(self) -> None:
        with pytest.raises(InputError):
            self.check(filing__received_on="2018-12-31")

    def test_facts_no_real_case_has_are_refused_with_the_rule(self) -> None:
        with pytest.raises(InputError) as refused:
            self.check(owner__deposit=100_000_001)
        assert "cannot exceed" in refused.value.problems[0].message("en")

    def test_a_fact_that_does_not_apply_is_dropped_and_never_asked(self) -> None:
        assert self.state("consent", mooring__protected=False, mooring__consent=False) == "not_applicable"
        assert "mooring.consent" not in self.check(mooring__protected=False).missing

    def test_a_requirement_that_may_concern_the_case_is_unknown_unless_it_is_met_anyway(self) -> None:
        assert self.state("deposit", boat__kind=None) == "met"
        assert self.state("deposit", boat__kind=None, owner__deposit=1) == "unknown"
        found = self.check(mooring__protected=None)
        assert (found.undetermined, found.missing) == (("consent",), ("mooring.protected", "mooring.consent"))

    def test_what_decided_is_told_in_facts_even_through_derived_names(self) -> None:
        because = {found.id: dict(found.because) for found in self.check(owner__deposit=1).requirements}
        assert because["deposit"] == {"boat.kind": "cargo", "owner.deposit": 1, "boat.value": 100_000_000}
        assert because["consent"] == {"mooring.protected": False}

    def test_documents_are_those_whose_condition_is_true_and_unknown_ones_are_told_apart(self) -> None:
        assert self.check().documents == ("application", "passenger-list", "deposit-slip")
        found = self.check(boat__kind=None, boat__passengers=0, boat__length=15)
        assert found.documents == ("application",)
        details = {each["id"]: each["state"] for each in found.to_json()["document_details"]}
        assert details == {"application": "needed", "deposit-slip": "unknown"}

    def test_a_row_gives_way_to_the_row_that_overrides_it(self) -> None:
        assert self.value("authority") == "province"
        assert self.value("authority", boat__kind="fishing") == "district"
        assert self.value("authority", boat__kind=None) is None

    def test_a_decision_may_rest_on_an_earlier_one(self) -> None:
        assert self.value("fee", boat__kind="fishing") == 100_000
        assert self.value("fee") == 1_000_000
        assert self.value("fee", boat__kind=None) is None

    @pytest.mark.parametrize(("length", "fee"), [(20, 1_000_000), (20.01, 2_000_000), (40, 2_000_000), (41, None)])
    def test_a_line_of_a_grid_holds_its_upper_bound(self, length: float, fee: int | None) -> None:
        assert self.value("fee", boat__length=str(length)) == fee

    def test_rows_that_contradict_each_other_are_a_fault_of_the_law_not_an_answer(self) -> None:
        with pytest.raises(RuleFault) as fault:
            self.check(boat__kind="ferry", boat__length=20)
        assert "B1, B2" in fault.value.problems[0].message("en")

    def test_a_case_outside_the_procedure_meets_no_contradiction(self) -> None:
        found = self.check(boat__kind="ferry", boat__length=9, boat__passengers=0)
        assert (found.outcome, found.decisions["berth"]) == ("not_required", None)

    def test_a_decision_without_a_true_row_has_no_value(self) -> None:
        assert self.value("berth") is None

    def test_a_collecting_decision_gives_all_values_once_every_row_is_known(self) -> None:
        assert self.value("inspections", mooring__protected=True, mooring__consent=True) == ["hull", "diver"]
        assert self.value("inspections") == ["hull"]
        assert self.value("inspections", mooring__protected=None) is None
        assert self.value("inspections", boat__kind="fishing") is None

    def test_the_first_true_row_counts_only_when_no_row_before_it_may_be_true(self) -> None:
        assert self.value("deadline", mooring__protected=True, mooring__consent=True) == 20
        assert self.value("deadline") == 10
        assert self.value("deadline", mooring__protected=None) is None

    def test_a_term_of_several_parts_is_due_when_all_of_it_is_over(self) -> None:
        decisions = self.check().decisions
        # 10 days from Monday 6 May 2024 end on Thursday 16 May, two working days later is Monday 20 May
        assert {decisions[name].due for name in ("deadline", "deadline_result")} == {date(2024, 5, 20)}  # type: ignore[union-attr]

    def test_a_term_is_not_due_while_a_part_of_it_is_open(self) -> None:
        found = self.check(boat__passengers=None).decisions["deadline"]
        assert found is not None
        assert (found.shown, found.due) == (10, None)

    def test_an_old_dossier_stays_with_the_old_law_unless_the_new_one_is_chosen(self) -> None:
        old: dict[str, Any] = {"filing__received_on": "2023-12-29"}
        for chosen, elected in (("old", None), ("old", False), ("new", True)):
            found = self.check(**old, filing__elects_new_law=elected)
            assert found.transitional is not None
            assert found.transitional.chosen == chosen
            assert ("deposit-slip" in found.documents) is (chosen == "new")
            assert found.decisions["authority"].value == ("province" if chosen == "new" else "district")  # type: ignore[union-attr]
            assert [each.id for each in found.requirements] == ["insured", "consent", "short"]

    def test_from_the_day_of_the_change_on_there_is_nothing_to_choose(self) -> None:
        found = self.check(filing__received_on="2024-01-01", filing__elects_new_law=False)
        assert found.transitional is None
        assert found.decisions["authority"].value == "province"  # type: ignore[union-attr]
        last = self.check(filing__received_on="2023-12-31", filing__elects_new_law=None)
        assert last.transitional is not None

    def test_moved_parts_are_due_with_the_new_law_and_the_rest_with_the_old(self) -> None:
        found = self.check(filing__received_on="2023-12-29", filing__elects_new_law=True)
        # 10 days from 29 December 2023 end on Monday 8 January 2024, two working days later is the 10th
        assert found.decisions["deadline"].due == date(2024, 1, 10)  # type: ignore[union-attr]

    def test_the_same_facts_give_the_same_bytes(self) -> None:
        texts = {json.dumps(self.check(owner__deposit=None, boat__kind="ferry").to_json()) for _ in range(3)}
        assert len(texts) == 1

    def test_every_fact_may_be_unknown(self) -> None:
        found = self.assess(mooring_permit(), {}, date(2024, 5, 6))
        assert found.outcome == "undetermined"
        assert {"boat.length", "boat.passengers"} == set(found.missing[:2])
