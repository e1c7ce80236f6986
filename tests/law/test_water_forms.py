"""The forms of the water licences: what becomes of the answers, and which papers and questions they ask for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.catalogue import Catalogue
from motcua.engine import assess
from motcua.forms import Clock, check, evaluate, extract, load_form, new_instance, parse_submission, set_value

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules")
NOW = Clock(datetime(2026, 9, 15, 9, 30))
OLD = Clock(datetime(2025, 9, 15, 9, 30))
FORMS = {
    name: load_form(HOUSE / f"forms/water/{name}.xml", strict=True)
    for name in ("groundwater-licence", "groundwater-exploration-licence", "surface-water-licence")
}

APPLICANT = {
    "applicant/name": "Công ty TNHH Nước Ví Dụ", "applicant/code": "0100000001",
    "applicant/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "applicant/representative": "Nguyễn Văn A",
    "applicant/phone": "024 3000 0001", "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK",
    "works/province": "Hà Nội", "works/communes": "xã Ví Dụ",
}
ANSWERS = {
    "groundwater-licence": APPLICANT | {
        "works/existing": "no", "extraction/aquifer": "qp, có áp", "extraction/wells": "2", "extraction/flow": "800",
        "extraction/regime": "20 giờ một ngày", "extraction/years": "5", "works/purpose": "sản xuất", "works/case": "none",
        "conditions/banned": "no",
    },
    "groundwater-exploration-licence": APPLICANT | {
        "extraction/flow": "800", "extraction/aquifer": "qp, có áp", "extraction/wells": "2", "increase/licensed": "no",
        "works/purpose": "sản xuất", "works/case": "none", "conditions/driller": "Công ty Khoan Ví Dụ",
        "conditions/driller_licensed": "yes", "conditions/banned": "no",
    },
    "surface-water-licence": APPLICANT | {
        "works/name": "Trạm bơm Ví Dụ", "works/form": "trạm bơm", "works/state": "planned", "intakes/source": "sông Ví Dụ",
        "amount/kind": "business", "amount/flow_day": "2000", "amount/years": "10", "consultation/needed": "no",
    },
}


def facts_of(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    """What a client would send of the form as filled in, received and turned into facts."""
    form = FORMS[name]
    instance = new_instance(form, clock)
    changed = {question.replace("__", "/"): answer for question, answer in changes.items()}
    for question, answer in (ANSWERS[name] | changed).items():
        set_value(form, instance, f"/data/{question}", answer, clock)
    sent = parse_submission(evaluate(form, instance, clock).instance.to_xml(pruned=True))
    report = check(form, sent, clock)
    assert report.valid, report.to_json()
    taken = extract(form, report.pruned, CATALOGUE[f"vn.water.{name}"].procedure)
    assert not taken.errors
    return dict(taken.facts)


def answer(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    return assess(CATALOGUE[f"vn.water.{name}"].procedure, facts_of(name, clock, **changes)).to_json()


@pytest.mark.parametrize(("name", "documents"), [
    ("groundwater-licence", {"application", "exploration-report"}),
    ("groundwater-exploration-licence", {"application", "scheme"}),
    ("surface-water-licence", {"application", "scheme"}),
])
def test_a_filled_form_is_all_that_the_law_of_today_asks(name: str, documents: set[str]) -> None:
    got = answer(name)
    assert (got["outcome"], set(got["documents"])) == ("eligible", documents)


@pytest.mark.parametrize("name", ["groundwater-licence", "groundwater-exploration-licence"])
@pytest.mark.parametrize("case", ["household", "public_purpose", "emergency_domestic", "mine_pit"])
def test_one_choice_tells_which_use_needs_no_licence(name: str, case: str) -> None:
    facts = facts_of(name, works__case=case)
    assert {fact for fact, value in facts.items() if fact.startswith("use.") and value} == {f"use.{case}"}
    assert answer(name, works__case=case)["outcome"] == "not_required"


def test_the_rise_of_licensed_works_is_asked_in_per_cent() -> None:
    increase = {"increase__licensed": "yes", "increase__wells_added": "yes"}
    assert answer("groundwater-exploration-licence", **increase, increase__percent="25")["outcome"] == "not_required"
    assert answer("groundwater-exploration-licence", **increase, increase__percent="25.1")["outcome"] == "eligible"


def test_the_volume_of_a_reservoir_is_asked_in_million_cubic_metres() -> None:
    reservoir = {"amount__kind": "agriculture", "amount__reservoir": "yes", "amount__flow_s": "0.3"}
    assert answer("surface-water-licence", **reservoir, amount__volume="0.2")["outcome"] == "not_required"
    assert answer("surface-water-licence", **reservoir, amount__volume="0.21")["outcome"] == "eligible"


def test_consultation_is_asked_of_large_works() -> None:
    got = answer("groundwater-licence", extraction__flow="12000", conditions__consulted="no")
    assert (got["outcome"], got["failed"]) == ("ineligible", ["consultation"])


@pytest.mark.parametrize("name", ["groundwater-licence", "surface-water-licence"])
def test_before_january_2026_the_age_of_the_analysis_is_asked(name: str) -> None:
    assert answer(name, OLD, earlier_law__analysed_on="2025-03-15")["outcome"] == "eligible"
    assert answer(name, OLD, earlier_law__analysed_on="2025-03-14")["failed"] == ["analysis-6-months"]
    assert "analysis.made_on" not in facts_of(name)
