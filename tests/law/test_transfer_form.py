"""The form of the transfer of a mineral exploration right: what it asks, and what becomes of the answers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law import filing
from tests.law.filing import CATALOGUE, HOUSE, NOW, accepted, answer_to, hidden, morning_of

from motcua.forms import Clock, FormState
from motcua.procedures import load_facts_text

TRANSFER = "vn.minerals.exploration-right-transfer"

ANSWERS = {
    "transferor/name": "Công ty Cổ phần Khoáng sản Ví Dụ", "transferor/code": "0100000001",
    "transferor/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội",
    "transferor/representative": "Nguyễn Văn A", "transferor/phone": "024 3000 0001",
    "licence/number": "12/GP-BNNMT", "licence/issued_on": "2025-09-15",
    "licence/issued_by": "Bộ Nông nghiệp và Môi trường", "licence/expires_on": "2027-09-15",
    "licence/mineral": "metal", "licence/area": "85.5",
    "area/offshore": "no", "area/scattered_small": "no", "area/provinces": "1",
    "area/place[1]/province": "Lào Cai",
    "work/budget": "8000", "work/spent": "5000",
    "transferee/name": "Công ty TNHH Thăm dò Ví Dụ", "transferee/kind": "vn_enterprise",
    "transferee/code": "0100000002", "transferee/registered": "yes",
    "transferee/address": "2 Phố Ví Dụ, phường Cầu Giấy, Hà Nội",
    "transferee/representative": "Trần Thị B", "transferee/phone": "024 3000 0002",
    "contract/signed_on": "2026-09-01", "contract/dispute": "no",
    "finance/equity": "6000", "finance/has_guarantee": "yes", "finance/guarantee": "2000",
    "finance/qualified": "no", "finance/has_contractor": "yes",
    "duties/done":
        "paid_dues followed_licence reported_changes compensated notified_province kept_reports",
    "duties/confirmed": "yes",
    "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK",
}


def filled(clock: Clock = NOW, **changes: str) -> FormState:
    """The form filled in as a typical case, but for ``changes``."""
    return filing.filled(TRANSFER, ANSWERS, clock, **changes)


def facts_of(**changes: str) -> dict[str, Any]:
    return accepted(TRANSFER, filled(**changes))


def test_a_filled_form_becomes_the_typical_case_and_is_eligible() -> None:
    facts = facts_of()
    answer = answer_to(TRANSFER, facts)
    assert answer["outcome"] == "eligible"
    assert answer["law_date"] == "2026-09-15"
    assert set(answer["documents"]) == {"application", "contract", "report", "finance", "contractor"}
    example = load_facts_text((HOUSE / "tests/examples/transfer-facts.yaml").read_text("utf-8"))
    assert CATALOGUE[TRANSFER].check(example).to_json()["requirements"] == answer["requirements"]


def test_no_guarantee_is_a_guarantee_of_zero() -> None:
    facts = facts_of(finance__has_guarantee="no")
    assert facts["transferee.guarantee"] == 0
    answer = answer_to(TRANSFER, facts)
    assert (answer["outcome"], answer["failed"]) == ("ineligible", ["funds-100"])


def test_amounts_are_asked_in_million_dong() -> None:
    facts = facts_of(work__budget="7999.999999")
    assert facts["scheme.budget"] == 7_999_999_999


@pytest.mark.parametrize(("answers", "asked", "not_asked"), [
    ({}, ["area/provinces", "duties/confirmed", "transferee/code", "documents/contractor"],
     ["duties/pm_approval", "transferee/vn_presence", "earlier_law/registration"]),
    ({"licence__mineral": "rare_earth"}, ["duties/pm_approval", "duties/confirmed"], []),
    ({"licence__mineral": "peat"}, [], ["duties/confirmed", "duties/pm_approval"]),
    ({"licence__mineral": "peat", "area__offshore": "yes"}, ["duties/confirmed"], ["area/provinces"]),
    ({"area__scattered_small": "yes"}, [], ["duties/confirmed"]),
    ({"transferee__kind": "foreign_enterprise"}, ["transferee/vn_presence"], ["transferee/code"]),
    ({"finance__qualified": "yes"}, [],
     ["finance/has_contractor", "finance/contractor", "documents/contractor"]),
])
def test_the_form_asks_only_what_matters(answers: dict[str, str], asked: list[str], not_asked: list[str]) -> None:
    assert hidden(filled(**answers), asked + not_asked) == not_asked


def test_the_form_shows_the_part_carried_out() -> None:
    assert filled(work__budget="9", work__spent="5").instance.get("/data/work/percent") == "55.56"


def test_one_place_is_asked_for_each_province() -> None:
    assert filled(area__provinces="3").rows("/data/area/place") == 3


def test_a_day_before_july_2025_asks_for_the_papers_of_the_old_law() -> None:
    state = filled(morning_of("2025-06-30"), licence__issued_on="2024-06-01")
    assert state.relevant("/data/earlier_law/registration")
    assert state.relevant("/data/earlier_law/duties_proof")
    assert not state.relevant("/data/earlier_law/vn_office")


@pytest.mark.parametrize(("answers", "path"), [
    ({"transferor__code": "12345"}, "transferor/code"),
    ({"licence__expires_on": "2025-01-01"}, "licence/expires_on"),
    ({"licence__area": "0"}, "licence/area"),
    ({"area__provinces": "0"}, "area/provinces"),
    ({"work__spent": "-1"}, "work/spent"),
    ({"contract__signed_on": "2026-09-16"}, "contract/signed_on"),
    ({"licence__mineral": "gold"}, "licence/mineral"),
    ({"duties__done": ""}, "duties/done"),
    ({"declaration__truthful": ""}, "declaration/truthful"),
])
def test_a_wrong_answer_is_told_at_its_question(answers: dict[str, str], path: str) -> None:
    assert [node.path for node in filled(**answers).nodes if node.relevant and not node.valid] == [f"/data/{path}"]
