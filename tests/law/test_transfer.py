"""The transfer of a mineral exploration right: what its scenarios cannot say.

- months and days at every day of some years, against calendars counted by hand (ND158 art 27,
  ND193 art 40 cl 1 pt b);
- any complete case against a second reading of the law, written plainly below;
- the outcome is open exactly where a missing fact can still change it;
- how many copies on which form, and the day on which an answer is due.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.filing import CATALOGUE

from motcua.conditions import evaluate
from motcua.procedures import Procedure

TRANSFER = CATALOGUE["vn.minerals.exploration-right-transfer"]
PROCEDURE: Procedure = TRANSFER.procedure

def days_from(first: date, last: date) -> Iterator[date]:
    """Every day of the interval."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def met(requirement: str, received: date, expires: date) -> Any:
    """Whether the requirement on the remaining time holds, read on the day of receipt."""
    found = {entry.id: entry for entry in PROCEDURE.version_on(received).requirements}[requirement]
    return evaluate(found.must, {"filing.received_on": received, "licence.expires_on": expires})


def test_ninety_days_are_counted_from_every_day_until_june_2025() -> None:
    for received in days_from(date(2024, 1, 1), date(2025, 7, 1)):
        for left in (89, 90, 91):
            assert met("valid-90-days", received, received + timedelta(days=left)) is (left >= 90)


def half_a_year_after(day: date) -> date:
    """The same day number six months later, or the last day of that month: read off a calendar."""
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    days = [number for week in calendar.monthcalendar(year, month) for number in week if number]
    return date(year, month, day.day if day.day in days else days[-1])


def test_six_months_are_counted_from_every_day_since_july_2025() -> None:
    for received in days_from(date(2025, 7, 2), date(2028, 3, 1)):
        last = half_a_year_after(received)
        for shift in (-1, 0, 1):
            assert met("valid-6-months", received, last + timedelta(days=shift)) is (shift >= 0), received


# A second reading of the law, for complete cases

GROUP_1 = {"metal", "energy", "gemstone", "industrial", "rare_earth", "radioactive"}
GROUP_3 = {"common_building", "peat", "mineral_water"}
MINERALS = sorted(GROUP_1 | GROUP_3 | {"cement_tile", "industrial_building"})
KINDS = ["vn_enterprise", "cooperative", "cooperative_union", "foreign_enterprise", "household_business",
         "individual", "public_unit"]
DUTIES = ["followed_licence", "reported_changes", "compensated", "notified_province", "kept_reports",
          "paid_dues"]
BOUNDARIES = [date(2025, 7, 2), date(2026, 1, 1), date(2026, 1, 16), date(2026, 7, 1)]
CHANGES = [*BOUNDARIES, date(2024, 3, 21), date(2025, 7, 1), date(2027, 3, 1)]
NEARBY = [day + timedelta(days=shift) for day in CHANGES for shift in (-1, 0)]
# 1 July 2025 lies between the law and its decree: see the gaps of the rule file
RECEIVED = st.one_of(st.sampled_from(NEARBY), st.dates(date(2021, 1, 1), date(2028, 12, 31))).filter(
    lambda day: day != date(2025, 7, 1))
YES_NO = ["filing.elects_new_law", "licence.scattered_small", "licence.offshore",
          "transferor.duties_confirmed", "dispute", "transferee.registered", "transferee.vn_presence",
          "transferee.qualified", "transferee.has_contractor", "pm.approval"]
DAYS_LEFT = [0, 89, 90, 180, 181, 184, 400]
MONEY = st.sampled_from([0, 1, 499_999_999, 500_000_000, 500_000_001, 999_999_999, 10**9, 2 * 10**9])


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A complete case, near the limits of the law."""
    received = draw(RECEIVED)
    return {name: draw(st.booleans()) for name in YES_NO} | {
        "filing.received_on": received,
        "licence.expires_on": received + timedelta(days=draw(st.sampled_from(DAYS_LEFT))),
        "licence.area": draw(st.sampled_from([0, 99, 100, 50_000, 50_001])),
        "licence.mineral": draw(st.sampled_from(MINERALS)), "licence.provinces": draw(st.integers(1, 3)),
        "scheme.budget": 10**9, "scheme.spent": draw(MONEY),
        "transferee.equity": draw(MONEY), "transferee.guarantee": draw(MONEY),
        "transferee.kind": draw(st.sampled_from(KINDS)),
        "transferor.duties_done": draw(st.just(DUTIES) | st.lists(st.sampled_from(DUTIES), unique=True))}


def of_ministry(case: dict[str, Any]) -> bool:
    """Whose licence it is since July 2025 (DCKS2024 art 108)."""
    small = case["licence.scattered_small"]
    return case["licence.offshore"] or (case["licence.mineral"] in GROUP_1 and not small)


def may_hold(case: dict[str, Any], household_minerals: set[str]) -> bool:
    """Whether the transferee may hold an exploration licence (LKS2010 art 34, DCKS2024 art 37)."""
    kind = case["transferee.kind"]
    if kind == "foreign_enterprise":
        return bool(case["transferee.vn_presence"])
    if kind == "household_business":
        return case["licence.mineral"] in household_minerals
    return kind in ("vn_enterprise", "cooperative", "cooperative_union")


def failed_before_july_2025(case: dict[str, Any]) -> set[str]:
    """What fails under the Mineral Law 2010 with Decree 158/2016."""
    done = set(case["transferor.duties_done"])
    left = (case["licence.expires_on"] - case["filing.received_on"]).days
    holds = {
        "transferee-organisation": may_hold(case, {"common_building"}),
        "qualified-or-contract": case["transferee.qualified"] or case["transferee.has_contractor"],
        "funds-50": 2 * case["transferee.equity"] >= case["scheme.budget"],
        "duties-2010": {"followed_licence", "reported_changes", "compensated", "kept_reports"} <= done,
        "no-dispute": not case["dispute"],
        "valid-90-days": left >= 90,
    }
    return {name for name, held in holds.items() if not held}


def failed_since_july_2025(case: dict[str, Any]) -> set[str]:
    """What fails under the Geology and Minerals Law 2024 with Decree 193/2025."""
    received, budget = case["filing.received_on"], case["scheme.budget"]
    equity, guarantee = case["transferee.equity"], case["transferee.guarantee"]
    holds = {
        "transferee-organisation-2024": may_hold(case, GROUP_3),
        "duties-2024": set(DUTIES) <= set(case["transferor.duties_done"]),
        "duties-confirmed": not of_ministry(case) or case["transferor.duties_confirmed"],
        "valid-6-months": half_a_year_after(received) <= case["licence.expires_on"],
    }
    if received < date(2026, 1, 16):
        holds["funds-100-either"] = max(equity, guarantee) >= budget
    else:
        holds["funds-100"] = equity + guarantee >= budget
        holds["rare-earth"] = case["licence.mineral"] != "rare_earth" or case["pm.approval"]
    return {name for name, held in holds.items() if not held}


def expected_failures(case: dict[str, Any]) -> set[str]:
    """All requirements the case does not meet, judged by the law of the day of receipt."""
    failed = set() if case["transferee.registered"] else {"registered"}
    if 2 * case["scheme.spent"] < case["scheme.budget"]:
        failed.add("half-done")
    old = case["filing.received_on"] < date(2025, 7, 1)
    return failed | (failed_before_july_2025(case) if old else failed_since_july_2025(case))


def law_for_procedure(case: dict[str, Any]) -> date:
    """The day whose law gives order, competence and papers: the next change where the applicant chose it."""
    received = case["filing.received_on"]
    later = [day for day in BOUNDARIES if day > received]
    return later[0] if case["filing.elects_new_law"] and later else received


def expected_authority(case: dict[str, Any], on: date) -> str:
    """Who decides."""
    if on < date(2025, 7, 1):
        small = case["licence.mineral"] in ("common_building", "peat") or case["licence.scattered_small"]
        return "province" if small else "ministry"
    if date(2026, 7, 1) <= on <= date(2027, 2, 28):
        return "province"
    return "ministry" if of_ministry(case) else "province"


def expected_province(case: dict[str, Any], on: date) -> str | None:
    """Which province decides where Resolution 66.19/2026 delegates."""
    if not date(2026, 7, 1) <= on <= date(2027, 2, 28):
        return None
    if case["licence.offshore"]:
        return "nearest"
    return "largest" if case["licence.provinces"] > 1 else "own"


def expected_terms(case: dict[str, Any], on: date) -> tuple[int | None, int | None]:
    """Calendar days, then working days."""
    if on < date(2025, 7, 2):
        return 45, None
    if on < date(2026, 1, 16):
        return 20, 10
    return None, 29 if case["licence.mineral"] == "rare_earth" else 26


def expected_documents(case: dict[str, Any], on: date) -> set[str]:
    """The papers."""
    if on < date(2025, 7, 2):
        office = {"vn-office"} if case["transferee.kind"] == "foreign_enterprise" else set()
        return {"application", "contract", "report", "registration", "duties-proof"} | office
    service = set() if case["transferee.qualified"] else {"contractor"}
    return {"application", "contract", "report", "finance"} | service


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_any_complete_case_is_answered_as_the_law_reads(case: dict[str, Any]) -> None:
    expected, on = expected_failures(case), law_for_procedure(case)
    answer = TRANSFER.check(case).to_json()
    assert set(answer["failed"]) == expected
    assert answer["outcome"] == ("ineligible" if expected else "eligible")
    assert answer["missing"] == answer["undetermined"] == []
    values = {name: found and found["value"] for name, found in answer["decisions"].items()}
    days, working_days = expected_terms(case, on)
    area = case["licence.area"]
    assert values == {
        "authority": expected_authority(case, on), "deciding_province": expected_province(case, on),
        "deadline": days, "deadline_working": working_days,
        "fee": 2_000_000 if area < 100 else 5_000_000 if area <= 50_000 else 7_500_000}
    assert set(answer["documents"]) == expected_documents(case, on)


ALL_RIGHT = {"transferee.registered": True, "scheme.spent": 10**9, "transferee.equity": 10**9, "dispute": False,
             "transferor.duties_done": DUTIES, "transferor.duties_confirmed": True, "transferee.qualified": True,
             "transferee.kind": "vn_enterprise", "pm.approval": True}
POSSIBLE: dict[str, list[Any]] = {
    **{name: [True, False] for name in YES_NO}, "licence.mineral": MINERALS, "transferee.kind": KINDS,
    "scheme.spent": [0, 499_999_999, 500_000_000], "licence.area": [0, 100], "licence.provinces": [1, 2],
    "transferee.equity": [0, 499_999_999, 500_000_000, 999_999_999, 10**9],
    "transferee.guarantee": [0, 1, 500_000_000, 10**9], "transferor.duties_done": [[], DUTIES[:3], DUTIES]}


@settings(max_examples=150, deadline=None)
@given(case=cases(), right=st.booleans(), hidden=st.lists(st.sampled_from(sorted(POSSIBLE)), max_size=3, unique=True))
def test_the_outcome_is_open_exactly_where_a_missing_fact_can_still_change_it(
    case: dict[str, Any], right: bool, hidden: list[str]
) -> None:
    case |= ALL_RIGHT if right else {}
    completions = [dict(zip(hidden, values, strict=True)) for values in product(*(POSSIBLE[name] for name in hidden))]
    outcomes = {"ineligible" if expected_failures(case | facts) else "eligible" for facts in completions}
    answer = TRANSFER.check({name: value for name, value in case.items() if name not in hidden}).to_json()
    assert answer["outcome"] == (outcomes.pop() if len(outcomes) == 1 else "undetermined")
    assert set(answer["missing"]) <= set(hidden)
    assert bool(answer["missing"]) == (answer["outcome"] == "undetermined")


# Copies, forms and due days


def details(received: str, **more: Any) -> dict[str, Any]:
    """The answer to a dossier of that day of which little else is known."""
    facts = {"filing.received_on": date.fromisoformat(received), "licence.mineral": "metal", **more}
    return TRANSFER.check(facts).to_json()


@pytest.mark.parametrize(("received", "document", "copies", "form"), [
    ("2017-03-14", "application", "1 original", None),
    ("2017-03-15", "application", "1 original", "Form 06 of Circular 45/2016/TT-BTNMT"),
    ("2025-07-01", "application", "1 original", "Form 06 of Circular 45/2016/TT-BTNMT"),
    ("2025-07-02", "application", "1 original", "Form 06 of annex I of Circular 37/2025/TT-BNNMT"),
    ("2025-07-01", "contract", "1 original", None),
    ("2025-07-02", "contract", "1 copy", None),
    ("2025-07-01", "report", "1 original", None),
    ("2025-07-02", "report", "1 original", "Form 32 of annex V of Circular 37/2025/TT-BNNMT"),
])
def test_copies_and_forms_are_those_of_the_day(
    received: str, document: str, copies: str, form: str | None
) -> None:
    found = {entry["id"]: entry for entry in details(received)["document_details"]}[document]
    assert (found["copies"], found["form"]) == (copies, form)


@pytest.mark.parametrize(("received", "mineral", "due"), [
    ("2024-05-06", "metal", "2024-06-20"),  # 45 days
    ("2024-05-09", "metal", "2024-06-24"),  # day 45 is Sunday 23 June (Civil Code 2015 art 148)
    ("2025-07-02", "metal", "2025-08-05"),  # 20 days end on 22 July, then 10 working days
    ("2026-01-16", "metal", "2026-03-02"),  # 26 working days over Tet (16 to 20 February 2026 off)
    ("2026-01-16", "rare_earth", "2026-03-05"),  # 29 working days
    ("2026-09-15", "metal", "2026-10-21"),  # 26 working days
])
def test_the_answer_is_due_on_the_day_counted_by_hand(received: str, mineral: str, due: str) -> None:
    decisions = details(received, **{"licence.mineral": mineral})["decisions"]
    last = decisions["deadline_working"] or decisions["deadline"]
    assert last["due"] == due


def test_both_parts_of_a_term_show_when_the_whole_ends() -> None:
    decisions = details("2025-07-02")["decisions"]
    assert decisions["deadline"]["due"] == decisions["deadline_working"]["due"] == "2025-08-05"


@pytest.mark.parametrize(("received", "cited"), [
    ("2024-05-06", "LKS2010 art 43 cl 3"),
    ("2025-07-01", "DCKS2024 art 46 cl 1"),
    ("2026-09-15", "DCKS2024 art 46 cl 1; ND193 art 40 cl 1 pt a"),
])
def test_a_finding_cites_the_text_in_force_that_day(received: str, cited: str) -> None:
    found = {entry["id"]: entry["cite"] for entry in details(received)["requirements"]}
    assert found["half-done"] == cited
