"""The forms for the transfer of a mining right and for extensions: what they ask, and what becomes of the answers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law import filing
from tests.law.filing import NOW, accepted, answer_to, hidden, morning_of

from motcua.forms import Clock, FormState

TRANSFER, MINING = "vn.minerals.mining-right-transfer", "vn.minerals.mining-licence-extension"
EXPLORATION = "vn.minerals.exploration-licence-extension"

PARTY = {"name": "Công ty Cổ phần Khoáng sản Ví Dụ", "code": "0100000001",
         "address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "representative": "Nguyễn Văn A", "phone": "024 3000 0001"}
LICENCE = {"licence/number": "12/GP-BNNMT", "licence/issued_on": "2022-09-15", "licence/mineral": "metal",
           "licence/issued_by": "Bộ Nông nghiệp và Môi trường", "licence/expires_on": "2027-09-15",
           "area/offshore": "no", "area/scattered_small": "no", "area/province": "Lào Cai",
           "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK"}
ANSWERS = {
    TRANSFER: LICENCE | {f"transferor/{name}": value for name, value in PARTY.items()} | {
        "licence/fee_class": "open_pit_no_explosives", "area/size": "85.5", "mine/construction_done": "yes",
        "transferee/name": "Công ty TNHH Mỏ Ví Dụ", "transferee/kind": "vn_enterprise",
        "transferee/code": "0100000002", "transferee/registered": "yes",
        "transferee/address": "2 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "transferee/representative": "Trần Thị B",
        "transferee/phone": "024 3000 0002", "contract/signed_on": "2026-09-01",
        "finance/investment": "200000", "finance/equity": "60000", "finance/has_funds": "no",
        "duties/done": "paid_dues kept_schedule registered_start full_recovery kept_records reported compensated",
        "duties/confirmed": "yes"},
    MINING: LICENCE | {f"applicant/{name}": value for name, value in PARTY.items()} | {
        "licence/new_fee": "40", "area/river_sand": "no", "area/size": "85.5", "reserve/left": "yes",
        "extension/requested": "36", "extension/reason": "Còn trữ lượng"},
    EXPLORATION: LICENCE | {f"applicant/{name}": value for name, value in PARTY.items()} | {
        "licence/area": "85.5", "work/budget": "8000", "work/spent": "4000", "work/finished": "no",
        "extension/second": "no", "extension/months": "12", "extension/reason": "Chưa hoàn thành khối lượng"},
}


def filled(name: str, clock: Clock = NOW, **changes: str) -> FormState:
    """The form filled in as a typical case, but for ``changes``."""
    return filing.filled(name, ANSWERS[name], clock, **changes)


def answered(name: str, **changes: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts a client would send in, and the assessment of them."""
    facts = accepted(name, filled(name, **changes))
    return facts, answer_to(name, facts)


@pytest.mark.parametrize(("name", "authority", "fee", "working_days", "papers"), [
    (TRANSFER, "ministry", 20_000_000, 34, {"application", "contract", "map", "report"}),
    (MINING, "ministry", 20_000_000, 34, {"application", "map", "report"}),
    (EXPLORATION, "province", 2_000_000, 26, {"application", "report"}),
])
def test_a_filled_form_is_an_eligible_case(
    name: str, authority: str, fee: int, working_days: int, papers: set[str]
) -> None:
    _, answer = answered(name)
    assert (answer["outcome"], answer["law_date"]) == ("eligible", "2026-09-15")
    values = {decision: answer["decisions"][decision] for decision in ("authority", "fee", "deadline_working")}
    assert {key: value and value["value"] for key, value in values.items()} == {
        "authority": authority, "fee": fee, "deadline_working": working_days}
    assert set(answer["documents"]) == papers


def test_no_committed_funds_are_funds_of_zero() -> None:
    facts, answer = answered(TRANSFER, finance__equity="59999.999999")
    assert (facts["transferee.equity"], facts["transferee.other_funds"]) == (59_999_999_999, 0)
    assert (answer["outcome"], answer["failed"]) == ("ineligible", ["funds-2026"])


def test_committed_funds_replace_the_equity() -> None:
    _, answer = answered(TRANSFER, finance__equity="40000", finance__has_funds="yes", finance__other_funds="160000")
    assert answer["outcome"] == "eligible"


@pytest.mark.parametrize(("name", "last_asked", "first_not_asked"), [
    (MINING, "2026-10-14", "2026-10-15"),  # 29 and 30 days after 15 September 2026
    (EXPLORATION, "2026-10-29", "2026-10-30"),  # 44 and 45 days after it
])
def test_the_reasons_of_a_late_filing_are_asked_only_when_it_is_late(
    name: str, last_asked: str, first_not_asked: str
) -> None:
    late = filled(name, licence__expires_on=last_asked, delay__force_majeure="no", delay__sanctioned="no")
    assert late.relevant("/data/delay/sanctioned")
    _, answer = answered(name, licence__expires_on=last_asked, delay__force_majeure="no", delay__sanctioned="no")
    assert answer["failed"] == ["filed-in-time"]
    _, answer = answered(name, licence__expires_on=last_asked, delay__force_majeure="no", delay__sanctioned="yes")
    assert answer["outcome"] == "eligible"
    assert not filled(name, licence__expires_on=first_not_asked).relevant("/data/delay/force_majeure")
    _, answer = answered(name, licence__expires_on=first_not_asked)
    assert answer["outcome"] == "eligible"


@pytest.mark.parametrize(("so_far", "failed"), [("84", []), ("85", ["sand-ten-years"])])
def test_river_sand_is_asked_for_its_whole_term(so_far: str, failed: list[str]) -> None:
    assert not filled(MINING).relevant("/data/extension/term_so_far")
    _, answer = answered(MINING, licence__mineral="common_building", area__river_sand="yes",
                         extension__term_so_far=so_far)
    assert answer["failed"] == failed


def test_a_second_extension_is_asked_for_what_came_before() -> None:
    second = filled(EXPLORATION, extension__second="yes", extension__spent_before="4000", work__spent="6000")
    assert second.instance.get("/data/extension/rest_percent") == "50"
    facts, answer = answered(EXPLORATION, extension__second="yes", extension__spent_before="4000", work__spent="5999")
    assert facts["scheme.spent_before"] == 4_000_000_000
    assert answer["failed"] == ["half-of-the-rest"]


@pytest.mark.parametrize(("name", "papers"), [
    (TRANSFER, ["earlier_law/registration", "earlier_law/duties_proof"]),
    (EXPLORATION, ["earlier_law/returned_percent", "earlier_law/map"]),
])
def test_a_day_before_july_2025_asks_what_the_old_law_asks(name: str, papers: list[str]) -> None:
    signed = {"contract__signed_on": "2025-06-01"} if name == TRANSFER else {}
    assert hidden(filled(name, morning_of("2025-06-30"), **signed), papers) == []
    assert hidden(filled(name), papers) == papers


@pytest.mark.parametrize(("answers", "asked", "not_asked"), [
    ({}, ["duties/confirmed", "transferee/code"], ["duties/pm_approval", "finance/other_funds"]),
    ({"licence__mineral": "rare_earth"}, ["duties/pm_approval", "duties/confirmed"], []),
    ({"licence__mineral": "peat"}, [], ["duties/confirmed", "duties/pm_approval"]),
    ({"licence__mineral": "peat", "area__offshore": "yes"}, ["duties/confirmed"], []),
    ({"area__scattered_small": "yes"}, [], ["duties/confirmed"]),
    ({"transferee__kind": "foreign_enterprise"}, [], ["transferee/code"]),
])
def test_the_transfer_asks_only_what_matters(
    answers: dict[str, str], asked: list[str], not_asked: list[str]
) -> None:
    assert hidden(filled(TRANSFER, **answers), asked + not_asked) == not_asked
