"""The forms of the water licences: what becomes of the answers, and which papers and questions they ask for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.filing import NOW, accepted, answer_to, filled, morning_of

from motcua.forms import Clock

OLD = morning_of("2025-09-15")
GROUNDWATER, EXPLORATION = "vn.water.groundwater-licence", "vn.water.groundwater-exploration-licence"
SURFACE_WATER = "vn.water.surface-water-licence"

APPLICANT = {
    "applicant/name": "Công ty TNHH Nước Ví Dụ", "applicant/code": "0100000001",
    "applicant/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "applicant/representative": "Nguyễn Văn A",
    "applicant/phone": "024 3000 0001", "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK",
    "works/province": "Hà Nội", "works/communes": "xã Ví Dụ",
}
ANSWERS = {
    GROUNDWATER: APPLICANT | {
        "works/existing": "no", "extraction/aquifer": "qp, có áp", "extraction/wells": "2", "extraction/flow": "800",
        "extraction/regime": "20 giờ một ngày", "extraction/years": "5", "works/purpose": "sản xuất", "works/case": "none",
        "conditions/banned": "no",
    },
    EXPLORATION: APPLICANT | {
        "extraction/flow": "800", "extraction/aquifer": "qp, có áp", "extraction/wells": "2", "increase/licensed": "no",
        "works/purpose": "sản xuất", "works/case": "none", "conditions/driller": "Công ty Khoan Ví Dụ",
        "conditions/driller_licensed": "yes", "conditions/banned": "no",
    },
    SURFACE_WATER: APPLICANT | {
        "works/name": "Trạm bơm Ví Dụ", "works/form": "trạm bơm", "works/state": "planned", "intakes/source": "sông Ví Dụ",
        "amount/kind": "business", "amount/flow_day": "2000", "amount/years": "10", "consultation/needed": "no",
    },
}


def facts_of(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    """The facts of the form as filled in, but for ``changes``."""
    return accepted(name, filled(name, ANSWERS[name], clock, **changes), clock)


def answer(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    return answer_to(name, facts_of(name, clock, **changes))


@pytest.mark.parametrize(("name", "documents"), [
    (GROUNDWATER, {"application", "exploration-report"}),
    (EXPLORATION, {"application", "scheme"}),
    (SURFACE_WATER, {"application", "scheme"}),
])
def test_a_filled_form_is_all_that_the_law_of_today_asks(name: str, documents: set[str]) -> None:
    got = answer(name)
    assert (got["outcome"], set(got["documents"])) == ("eligible", documents)


@pytest.mark.parametrize("name", [GROUNDWATER, EXPLORATION])
@pytest.mark.parametrize("case", ["household", "public_purpose", "emergency_domestic", "mine_pit"])
def test_one_choice_tells_which_use_needs_no_licence(name: str, case: str) -> None:
    facts = facts_of(name, works__case=case)
    assert {fact for fact, value in facts.items() if fact.startswith("use.") and value} == {f"use.{case}"}
    assert answer(name, works__case=case)["outcome"] == "not_required"


def test_the_rise_of_licensed_works_is_asked_in_per_cent() -> None:
    increase = {"increase__licensed": "yes", "increase__wells_added": "yes"}
    assert answer(EXPLORATION, **increase, increase__percent="25")["outcome"] == "not_required"
    assert answer(EXPLORATION, **increase, increase__percent="25.1")["outcome"] == "eligible"


def test_the_volume_of_a_reservoir_is_asked_in_million_cubic_metres() -> None:
    reservoir = {"amount__kind": "agriculture", "amount__reservoir": "yes", "amount__flow_s": "0.3"}
    assert answer(SURFACE_WATER, **reservoir, amount__volume="0.2")["outcome"] == "not_required"
    assert answer(SURFACE_WATER, **reservoir, amount__volume="0.21")["outcome"] == "eligible"


def test_consultation_is_asked_of_large_works() -> None:
    got = answer(GROUNDWATER, extraction__flow="12000", conditions__consulted="no")
    assert (got["outcome"], got["failed"]) == ("ineligible", ["consultation"])


@pytest.mark.parametrize("name", [GROUNDWATER, SURFACE_WATER])
def test_before_january_2026_the_age_of_the_analysis_is_asked(name: str) -> None:
    assert answer(name, OLD, earlier_law__analysed_on="2025-03-15")["outcome"] == "eligible"
    assert answer(name, OLD, earlier_law__analysed_on="2025-03-14")["failed"] == ["analysis-6-months"]
    assert "analysis.made_on" not in facts_of(name)
