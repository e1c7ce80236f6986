"""The appraisal of an EIA report: what its scenarios cannot say.

- every cell of the fee table of Circular 38/2023, from its first dong to its last;
- any complete case against a second reading of the law, written plainly below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.filing import CATALOGUE, HOUSE

from motcua.procedures import load_facts_text

EIA = CATALOGUE["vn.environment.eia-appraisal"]
EXAMPLE = HOUSE / "tests/examples/eia-facts.yaml"

# Million VND. First the upper bound of the line in billion VND; "over": above the line before.
GROUPS = ("civil", "infrastructure", "agriculture", "transport", "industry", "waste_other")
FEES = """
10      8      8.6    8.8    9.2    9.6    6
20      12.5   13     13.5   14     15     9
50      21     22     22.5   23     24     15
100     37.5   38     39     41     43     27
200     41.5   42     43     45     47     30
500     54     55     56     59     62     39
1000    61     62     63.5   66     69     44
1500    65     67     68.5   72     75     48
2000    67     68     70     73.5   76.5   49
3000    70     71     73     76     79     51
5000    72.5   74     76     79     82     53
7000    77     78     80     84     87     56
over    84     86     88     92     96     61
"""
BILLION = 10**9


def fee_cases() -> Iterator[tuple[int, str, int]]:
    """(capital, group, fee) in VND: the first and the last dong of every line, in every column."""
    lowest = 0
    for line in FEES.strip().split("\n"):
        bound, *cells = line.split()
        highest = 10**9 * BILLION if bound == "over" else int(bound) * BILLION
        for group, cell in zip(GROUPS, cells, strict=True):
            for capital in (lowest, highest):
                yield capital, group, int(Decimal(cell) * 10**6)
        lowest = highest + 1


@pytest.fixture
def mine() -> dict[str, Any]:
    """The facts of an eligible mine, as an integrator would hand them in."""
    return dict(load_facts_text(EXAMPLE.read_text(encoding="utf-8"), file=EXAMPLE.name))


def test_the_example_for_integrators_is_eligible(mine: dict[str, Any]) -> None:
    answer = EIA.check(mine).to_json()
    assert (answer["outcome"], answer["failed"], answer["missing"]) == ("eligible", [], [])
    assert answer["documents"] == ["request", "report"]
    decisions = answer["decisions"]
    # the day of receipt is not counted (Civil Code 2015 art 147): 15 September + 30 days
    assert (decisions["deadline"]["value"], decisions["deadline"]["due"]) == (30, "2026-10-15")
    assert (decisions["authority"]["value"], decisions["fee"]["value"]) == ("ministry", 75_000_000)


def test_every_cell_of_the_fee_table_holds_from_its_first_dong_to_its_last(mine: dict[str, Any]) -> None:
    cases = list(fee_cases())
    assert len(cases) == 2 * 13 * 6
    for capital, group, fee in cases:
        answer = EIA.check(mine | {"project.capital": capital, "project.sector": group}).to_json()
        assert answer["decisions"]["fee"]["value"] == fee, (capital, group)


# A second reading of the law, for complete cases received since 2022

CHANGES = [date(2022, 1, 10), date(2025, 1, 6), date(2026, 1, 1), date(2026, 1, 29), date(2026, 5, 18),
           date(2026, 7, 1), date(2027, 3, 1)]
NEARBY = [day + timedelta(days=shift) for day in CHANGES for shift in (-1, 0)]
# protected land, and the area from which an EIA is needed (0: any area above it)
PROTECTED = {name: Decimal(limit) for name, limit in {
    "special_forest_ha": "0", "fishery_zone_ha": "0", "nature_reserve_ha": "0.5", "biosphere_core_ha": "0.5",
    "heritage_core_ha": "0.5", "wetland_ha": "0.2", "forest_ha": "0.2"}.items()}
YES_NO = ["polluting_type", "hazardous_waste_service", "imports_scrap", "emergency_public",
          "exempt_by_assembly", "special_public", "public_investment", "hydropower", "livestock",
          "slaughterhouse", "waste_service", "interprovincial_discharge", "sea_unassigned",
          "ministry_permit", "state_secret", "in_park", "park_approved", "park_infrastructure",
          "shares_other_park_treatment", "has_construction", "protected_purpose", "reclamation",
          "forestry_or_aquaculture", "mining", "mineral_group_1_ministry", "oil_gas", "needs_licence"]
SIZED = ["capacity", "land_use", "extraction", "land_conversion", "resettlement"]
SENSITIVE = ["residential", "drinking_water", "reserve", "forest", "heritage", "rice_2", "wetland",
             "resettlement"]
# every fact with the values worth trying, the plainest first
VALUES: dict[str, list[Any]] = {
    **{f"project.{name}": [False, True] for name in YES_NO},
    **{f"project.{name}": ["none", "small", "medium", "large"] for name in SIZED},
    **{f"protected.{name}": [0, *map(Decimal, ("0.01", "0.19", "0.2", "0.49", "0.5"))] for name in PROTECTED},
    "filing.elects_new_law": [False, True],
    "project.sensitive": [[], *([factor] for factor in SENSITIVE), ["rice_2", "heritage"]],
    "project.policy_decided_by": ["province", "na", "pm", "ministry", "other"],
    "project.provinces": [1, 2, 3], "project.secret_owner": ["defence", "police"],
    "project.capital": [600 * BILLION], "project.sector": ["industry"],
    "project.stage": ["feasibility", "appraised", "approved", "built"],
    "project.land_area_ha": [1, Decimal("49.99"), 50, Decimal("299.99"), 300],
    "project.sea_area_ha": [0, Decimal("9.99"), 10, Decimal("59.99"), 60],
    "project.nuclear": ["none", "power_plant", "research_reactor"],
    "report.own_or_consultant": ["owner", "consultant"], "report.consultant_qualified": [True, False],
    "report.already_filed": [False, True], "consultation.website_days": [15, 14, 16],
    "feasibility.ready": [True, False], "plan.consistent": [True, False],
    "consultation.community": [True, False], "consultation.park_board": [True, False]}
PLAIN = {name: values[0] for name, values in VALUES.items()}
FACTORY = PLAIN | {"project.has_construction": True, "project.polluting_type": True,
                   "project.capacity": "large"}
TOWN = PLAIN | {"project.has_construction": True, "project.land_use": "medium", "project.land_area_ha": 60}
FOREST_TOWN = TOWN | {"project.sensitive": ["forest"], "protected.forest_ha": Decimal("0.2")}
QUARRY = PLAIN | {"project.mining": True, "project.extraction": "large"}
WORKSHOP = PLAIN | {"project.has_construction": True}
DAM = WORKSHOP | {"project.hydropower": True, "project.land_use": "large", "project.land_area_ha": 300}
PROJECTS = {"factory": FACTORY, "town": TOWN, "town in a forest": FOREST_TOWN, "quarry": QUARRY,
            "workshop": WORKSHOP, "dam": DAM}
STEPS = [(name, value) for name, values in VALUES.items() for value in values]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A complete case, some steps away from a plain one."""
    received = draw(st.sampled_from(NEARBY) | st.dates(date(2022, 1, 1), date(2028, 12, 31)))
    project: dict[str, Any] = draw(st.sampled_from(list(PROJECTS.values())))
    steps = draw(st.lists(st.sampled_from(STEPS), max_size=6))
    return project | dict(steps) | {"filing.received_on": received}


class Case:
    """A case on the day whose law is asked; each method reads one provision."""

    def __init__(self, facts: dict[str, Any], on: date) -> None:
        self.facts, self.on = facts, on

    def __getattr__(self, name: str) -> Any:
        return self.facts[f"project.{name}"]

    @property
    def sensitive_site(self) -> bool:
        """LEP art 28 cl 1 pt c; Law 146/2025 dropped rice land."""
        return bool(set(self.sensitive) - (set() if self.on < date(2026, 1, 1) else {"rice_2"}))

    @property
    def group_1(self) -> bool:
        """LEP art 28 cl 3."""
        by_type = self.capacity == "large" if self.polluting_type else False
        with_site = self.sensitive_site and (
            self.capacity == "medium" if self.polluting_type else self.capacity == "large")
        by_size = any(size == "large" or (size == "medium" and self.sensitive_site)
                      for size in (self.land_use, self.extraction))
        conversion = self.land_conversion in ("medium", "large") and self.sensitive_site
        return (by_type or self.hazardous_waste_service or self.imports_scrap or with_site or by_size
                or conversion or self.resettlement == "large")

    @property
    def group_2(self) -> bool:
        """LEP art 28 cl 4 pts c to e."""
        by_size = any(size == "medium" or (size == "small" and self.sensitive_site)
                      for size in (self.land_use, self.extraction))
        conversion = self.land_conversion == "small" and self.sensitive_site
        return not self.group_1 and (by_size or conversion or self.resettlement == "medium")

    @property
    def central(self) -> bool:
        """The National Assembly or the Prime Minister decides the investment policy."""
        return self.policy_decided_by in ("na", "pm")

    @property
    def under_resolution(self) -> bool:
        """Part A of annex IX of Resolution 66.19/2026 is in force."""
        return date(2026, 5, 18) <= self.on <= date(2027, 2, 28)

    def listed(self) -> bool:
        """Resolution 66.19/2026 annex IX part A sec VI cl 1."""
        if (self.exempt_by_assembly or self.emergency_public or self.oil_gas
                or (self.in_park and self.park_approved)):
            return False
        areas = [(self.facts[f"protected.{name}"], limit) for name, limit in PROTECTED.items()]
        reached = any(area > 0 and area >= limit for area, limit in areas)
        wide = self.land_area_ha >= 50 or self.sea_area_ha >= 10
        plain_works = not (self.park_infrastructure or self.forestry_or_aquaculture)
        built = self.has_construction and ((reached and not self.protected_purpose) or (wide and plain_works))
        return (self.nuclear != "none" or built or self.reclamation or self.mining
                or (self.park_infrastructure and self.shares_other_park_treatment)
                or (self.polluting_type and self.capacity == "large" and not self.needs_licence))

    def required(self) -> bool:
        """LEP art 30 and its amendments."""
        if self.under_resolution:
            return self.listed()
        exempt = self.emergency_public or (self.on >= date(2026, 1, 1) and self.exempt_by_assembly)
        return (self.group_1 or self.group_2) and not exempt

    def failed(self) -> set[str]:
        """LEP art 31, 33, 34, 36; Decree 08/2022 art 26."""
        facts = self.facts
        stages = ["feasibility", "appraised"] if self.on >= date(2026, 1, 1) else ["feasibility"]
        online_only = self.special_public and self.on >= date(2026, 1, 29)
        holds = {
            "prepared-by": (facts["report.own_or_consultant"] == "owner"
                            or facts["report.consultant_qualified"]),
            "with-feasibility": facts["feasibility.ready"], "one-report": not facts["report.already_filed"],
            "before-decision": self.stage in stages, "plan": facts["plan.consistent"]}
        if self.on >= date(2022, 1, 10) and not self.state_secret:
            holds["online-consultation"] = facts["consultation.website_days"] >= 15
            if not online_only:
                asked = "park-board" if self.in_park else "community"
                holds[asked] = facts[f"consultation.{asked.replace('-', '_')}"]
        return {name for name, held in holds.items() if not held}

    def authority(self) -> str:
        """LEP art 35, Decree 08/2022 art 26a, Resolution 66.19/2026 annex IX part B sec I cl 1 to 3."""
        if self.state_secret:
            return str(self.secret_owner)
        if self.on < date(2026, 1, 1):
            ministry = self._ministry_until_2025()
        elif date(2026, 7, 1) <= self.on <= date(2027, 2, 28):
            ministry = self._ministry_by_resolution()
        else:
            ministry = self._ministry_since_2026()
        return "ministry" if ministry else "province"

    def _ministry_until_2025(self) -> bool:
        apart = self.sea_unassigned or self.provinces > 1
        by_law = self.group_1 or self.central or apart or self.ministry_permit
        public = self.public_investment and not self.central and not self.waste_service
        delegated = (self.on >= date(2025, 1, 6) and not apart and not self.interprovincial_discharge
                     and (public or self.livestock or self.slaughterhouse))
        return by_law and not delegated

    def _ministry_since_2026(self) -> bool:
        wide = self.land_use == "large" and not self.hydropower
        outside = self.polluting_type and self.capacity == "large" and not self.in_park
        by_law = self.group_1 and (
            self.central or self.ministry_permit or self.park_infrastructure or wide or outside)
        public = self.public_investment and not self.waste_service
        delegated = self.on >= date(2026, 1, 29) and (
            self.oil_gas or (not self.central and (public or self.hydropower)))
        return by_law and not delegated

    def _ministry_by_resolution(self) -> bool:
        protected = any(self.facts[f"protected.{name}"] > 0 for name in PROTECTED)
        wide = self.land_area_ha >= 300 or self.sea_area_ha >= 60
        left_to_province = (self.public_investment or self.hydropower) and not self.central
        built = self.has_construction and (
            (self.central and protected) or (wide and not left_to_province))
        return self.nuclear == "power_plant" or (self.mining and self.mineral_group_1_ministry) or built

    def deadline(self) -> int | None:
        """LEP art 34 cl 6; Circular 09/2026; Resolution 66.19/2026 annex IX part B sec I cl 5."""
        if self.on < date(2026, 1, 1):
            return 45 if self.group_1 else 30
        if self.on < date(2026, 1, 29) or self.on > date(2027, 2, 28):
            return None
        if self.special_public:
            return 10
        if self.on >= date(2026, 7, 1):
            return 20 if self.authority() == "province" else 30
        return 30 if self.group_1 else 20 if self.group_2 else None

    def documents(self) -> set[str]:
        """LEP art 34 cl 1; Circular 02/2022 art 13a cl 7; Resolution 66.19/2026 annex IX part B sec I."""
        third = ({"feasibility"} if self.on < date(2026, 1, 29)
                 else {"treatment-drawings"} if self.on < date(2026, 7, 1) else set())
        return {"request", "report"} | third


def laws(case: dict[str, Any]) -> tuple[Case, Case, Case]:
    """The case under the law of its receipt, of its authority, of its papers.

    Decree 48/2026 art 38 and Resolution 66.19/2026 art 5 cl 2 let the applicant ask for the new rules.
    """
    received = case["filing.received_on"]
    asked = case["filing.elects_new_law"]
    decree = asked and received < date(2026, 1, 29)
    resolution = asked and date(2026, 1, 29) <= received < date(2026, 7, 1)
    office = date(2026, 1, 29) if decree else date(2026, 7, 1) if resolution else received
    return Case(case, received), Case(case, office), Case(case, date(2026, 7, 1) if resolution else received)


def assert_answered_as_the_law_reads(case: dict[str, Any]) -> None:
    """The program's answer to a complete case is that of the second reading."""
    at_receipt, office, papers = laws(case)
    answer = EIA.check(case).to_json()
    values = {name: found and found["value"] for name, found in answer["decisions"].items()}
    if not at_receipt.required():
        assert (answer["outcome"], answer["documents"]) == ("not_required", [])
        assert set(values.values()) == {None}
        return
    expected, authority = at_receipt.failed(), office.authority()
    assert set(answer["failed"]) == expected
    assert answer["outcome"] == ("ineligible" if expected else "eligible")
    assert answer["missing"] == answer["undetermined"] == []
    assert set(answer["documents"]) == papers.documents()
    fee = 69_000_000 if authority != "province" and office.on >= date(2023, 8, 1) else None
    four_weeks = date(2026, 1, 1) <= at_receipt.on < date(2026, 1, 29)
    approval = None if four_weeks else 20 if at_receipt.on < date(2026, 1, 1) else 15
    assert values == {"authority": authority, "fee": fee, "deadline": at_receipt.deadline(),
                      "approval_days": approval, "deadline_2014": None}


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_any_complete_case_is_answered_as_the_law_reads(case: dict[str, Any]) -> None:
    assert_answered_as_the_law_reads(case)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_each_change_of_law_is_read_as_the_law_reads_on_its_day_and_the_day_before(
        project: dict[str, Any]) -> None:
    for asked in (False, True):
        for received in NEARBY:
            case = project | {"filing.elects_new_law": asked, "filing.received_on": received}
            assert_answered_as_the_law_reads(case)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_each_single_step_is_answered_as_the_law_reads_under_every_law(project: dict[str, Any]) -> None:
    for name, value in STEPS:
        if project[name] != value:
            for received in CHANGES:
                assert_answered_as_the_law_reads(project | {name: value, "filing.received_on": received})
