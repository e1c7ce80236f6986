"""The form for the appraisal of an EIA report: what it asks, and what becomes of the answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.law import filing
from tests.law.filing import CATALOGUE, HOUSE, NOW, accepted, answer_to, hidden, morning_of

from motcua.forms import Clock, FormState
from motcua.procedures import load_facts_text

EIA = "vn.environment.eia-appraisal"

# the mine of tests/examples/eia-facts.yaml
_MINE: dict[str, dict[str, str]] = {
    "owner": {"kind": "enterprise", "name": "Công ty Cổ phần Khoáng sản Ví Dụ", "number": "0100000001",
              "address": "1 Phố Ví Dụ, Thanh Hóa", "representative": "Nguyễn Thị A", "phone": "0237 300 0001"},
    "project": {"name": "Khai thác mỏ chì kẽm Ví Dụ", "address": "Xã Ví Dụ", "sector": "industry",
                "capital": "1200000", "policy": "province", "stage": "feasibility", "provinces": "1"},
    "places/place[1]": {"province": "Thanh Hóa", "commune": "Xã Ví Dụ", "area": "85.5"},
    "status": {"public_investment": "no", "exempt_by_assembly": "no", "state_secret": "no",
               "ministry_permit": "yes", "needs_licence": "yes"},
    "kind": {"polluting": "no", "capacity": "medium", "kinds": "mining", "mineral_group_1": "yes",
             "nuclear": "none", "has_construction": "yes"},
    "land": {"land_area": "85.5", "uses_sea": "no", "land_use": "medium", "extraction": "large",
             "conversion": "none", "resettlement": "none"},
    "surroundings": {"has_sensitive": "no", "interprovincial": "no", "in_park": "no", "uses_protected": "no"},
    "report": {"author": "consultant", "consultant": "Viện Ví Dụ", "qualified": "yes", "already_filed": "no",
               "feasibility": "yes", "plan": "yes"},
    "consultation": {"website_days": "20", "community": "yes", "experts": "3"},
    "documents": {"request": "de-nghi.pdf", "report": "bao-cao.pdf"},
    "declaration": {"signer": "Nguyễn Thị A", "truth": "OK"},
}
ANSWERS = {f"{group}/{name}": answer for group, answers in _MINE.items() for name, answer in answers.items()}


def filled(clock: Clock = NOW, **changes: str) -> FormState:
    """The form filled in for the mine, but for ``changes``."""
    return filing.filled(EIA, ANSWERS, clock, **changes)


def facts_of(**changes: str) -> dict[str, Any]:
    return accepted(EIA, filled(**changes), files=("de-nghi.pdf", "bao-cao.pdf"))


def test_a_filled_form_becomes_the_facts_of_the_mine_and_is_eligible() -> None:
    facts = facts_of()
    example = load_facts_text((HOUSE / "tests/examples/eia-facts.yaml").read_text("utf-8"))
    answer = answer_to(EIA, facts)
    assert answer == CATALOGUE[EIA].check(example).to_json()
    assert (answer["outcome"], answer["law_date"]) == ("eligible", "2026-09-15")


def test_capital_is_asked_in_million_dong_and_read_to_the_last_dong() -> None:
    facts = facts_of(project__capital="10000.000001")
    assert facts["project.capital"] == 10_000_000_001


def test_hidden_questions_mean_no_and_nothing() -> None:
    facts = facts_of()
    assert facts["project.sea_area_ha"] == facts["protected.forest_ha"] == 0
    assert facts["project.special_public"] is facts["project.emergency_public"] is False
    assert facts["project.sensitive"] == ()
    assert facts["filing.received_on"] == date(2026, 9, 15)


def test_protected_land_is_asked_by_kind() -> None:
    kinds = ("special_forest", "fishery_zone", "nature_reserve", "biosphere_core", "heritage_core", "wetland")
    areas = {f"protected__{name}": "0" for name in kinds} | {"protected__forest": "0.2", "protected__purpose": "no"}
    facts = facts_of(surroundings__uses_protected="yes", surroundings__has_sensitive="yes",
                     surroundings__sensitive="forest heritage", kind__kinds="nothing", **areas)
    assert facts["protected.forest_ha"] == Decimal("0.2")
    assert facts["project.sensitive"] == ("forest", "heritage")
    assert facts["project.mining"] is False
    answer = answer_to(EIA, facts)
    assert (answer["outcome"], answer["decisions"]["authority"]["value"]) == ("eligible", "province")


@pytest.mark.parametrize(("answers", "asked", "not_asked"), [
    ({}, ["kind/mineral_group_1", "report/qualified", "consultation/community", "documents/request"],
     ["kind/shares_treatment", "status/special_public", "status/secret_owner", "protected", "land/sea_area",
      "consultation/park_board", "law", "documents/feasibility", "documents/drawings"]),
    ({"status__public_investment": "yes", "status__special_public": "yes"},
     ["status/emergency_public", "consultation/website_days"], ["consultation/community"]),
    ({"status__state_secret": "yes"}, ["status/secret_owner"], ["consultation"]),
    ({"kind__kinds": "park_infrastructure scrap"}, ["kind/shares_treatment"], ["kind/mineral_group_1"]),
    ({"land__uses_sea": "yes"}, ["land/sea_area", "land/sea_unassigned"], []),
    ({"surroundings__in_park": "yes"}, ["surroundings/park_approved", "consultation/park_board"],
     ["consultation/community"]),
    ({"surroundings__has_sensitive": "yes"}, ["surroundings/sensitive"], []),
    ({"report__author": "owner"}, [], ["report/qualified", "report/consultant"]),
    ({"owner__kind": "person"}, ["owner/name"], ["owner/representative", "owner/position"]),
])
def test_the_form_asks_only_what_matters(answers: dict[str, str], asked: list[str], not_asked: list[str]) -> None:
    assert hidden(filled(**answers), asked + not_asked) == not_asked


@pytest.mark.parametrize(("day", "papers"), [
    ("2021-12-31", {"request_2014", "report_2014", "feasibility_2014"}),
    ("2022-01-01", {"request", "report", "feasibility"}),
    ("2026-01-28", {"request", "report", "feasibility"}),
    ("2026-01-29", {"request", "report", "drawings"}),
    ("2026-06-30", {"request", "report", "drawings"}),
    ("2026-07-01", {"request", "report"}),
])
def test_each_day_asks_for_the_papers_of_its_law(day: str, papers: set[str]) -> None:
    state = filled(morning_of(day))
    uploads = [node.path.rpartition("/")[2] for node in state.nodes if node.path.startswith("/data/documents/")]
    assert {name for name in uploads if state.relevant(f"/data/documents/{name}")} == papers


@pytest.mark.parametrize(("answers", "path"), [
    ({"owner__phone": "gọi tôi"}, "owner/phone"),
    ({"owner__email": "hoa@congty"}, "owner/email"),
    ({"project__capital": "0"}, "project/capital"),
    ({"project__provinces": "64"}, "project/provinces"),
    ({"project__sector": "tourism"}, "project/sector"),
    ({"kind__kinds": "mining nothing"}, "kind/kinds"),
    ({"land__land_area": "-1"}, "land/land_area"),
    ({"consultation__website_days": ""}, "consultation/website_days"),
    ({"declaration__truth": ""}, "declaration/truth"),
])
def test_a_wrong_answer_is_told_at_its_question(answers: dict[str, str], path: str) -> None:
    assert [node.path for node in filled(**answers).nodes if node.relevant and not node.valid] == [f"/data/{path}"]
