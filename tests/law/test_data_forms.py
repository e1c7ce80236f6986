"""The forms by which data are asked for: what becomes of the answers, and which papers and questions they ask for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.filing import (
    CATALOGUE,
    NOW,
    accepted,
    answer_to,
    answered_both_ways,
    filled,
    known,
    morning_of,
    worked_cases,
)

from motcua.forms import Clock
from motcua.procedures import Scenario

OLD = morning_of("2025-09-15")
HYDROMET, LAND = "vn.hydromet.hydromet-data-exchange", "vn.land.land-data-provision"
DATA, IMAGES = "vn.environment.data-provision", "vn.remote-sensing.remote-sensing-data"

APPLICANT = {
    "applicant/name": "Viện Nghiên cứu Ví Dụ", "applicant/kind": "organisation", "applicant/code": "0100000001",
    "applicant/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "applicant/representative": "Nguyễn Văn A, Viện trưởng",
    "applicant/phone": "024 3000 0001", "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK",
}
DELIVERY = {"delivery/way": "copy", "delivery/method": "post"}
ANSWERS = {
    HYDROMET: APPLICANT | {
        "party/foreign": "yes", "party/treaty": "no", "party/name": "Example University", "party/address": "1 Example Street",
        "party/country": "Nhật Bản", "party/identified": "yes", "exchange/purpose": "nghiên cứu lũ",
        "exchange/kinds": "station_data research", "exchange/amount": "mưa ngày của 12 trạm", "exchange/provinces": "2",
        "exchange/lawful": "yes", "term/starts_on": "2026-11-01", "term/ends_on": "2027-10-31", "term/way": "electronic",
    },
    LAND: APPLICANT | {
        "applicant/state_duty": "no", "content/parcels": "thửa 125, tờ 17", "content/items": "parcel extract",
        "content/clear": "yes", "content/about_land_user": "no", "purpose/text": "lập dự án", "purpose/lawful": "yes",
        "delivery/way": "extract", "delivery/method": "office", "declaration/signed": "yes", "office/after_15h": "no",
        "office/available": "yes", "office/from_national_system": "yes", "office/state_secret": "no",
        "office/harmful": "no", "office/fee_paid": "yes",
    },
    DATA: APPLICANT | DELIVERY | {
        "content/channel": "request", "content/field": "water", "content/holder": "provincial",
        "content/items": "lưu lượng sông Ví Dụ", "content/clear": "yes", "purpose/text": "nghiên cứu",
        "purpose/lawful": "yes", "office/secret": "no", "office/fee_due": "no", "declaration/signed": "yes",
    },
    IMAGES: APPLICANT | DELIVERY | {
        "content/channel": "form", "content/holder": "national", "content/items": "VNREDSat-1, 250 km²",
        "content/in_list": "yes", "content/months_old": "40", "purpose/kind": "ordinary", "purpose/text": "nghiên cứu",
        "delivery/complete": "yes", "office/secret": "no", "office/table_amount": "506250", "declaration/head_signed_sealed": "no",
    },
}
FOREIGNER = {
    "applicant__nationality": "Nhật Bản", "applicant__passport": "TZ1234567", "applicant__host": "Trường Đại học Ví Dụ",
}


def facts_of(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    """The facts of the form as filled in, but for ``changes``."""
    return accepted(name, filled(name, ANSWERS[name], clock, **changes), clock)


def answer(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    return answer_to(name, facts_of(name, clock, **changes))


@pytest.mark.parametrize(("name", "clock", "documents"), [
    (HYDROMET, NOW, {"request"}),
    (LAND, OLD, {"request-form-2025"}),
    (DATA, NOW, {"request-form"}),
    (IMAGES, NOW, {"request-form"}),
])
def test_a_filled_form_is_all_that_the_law_asks(name: str, clock: Clock, documents: set[str]) -> None:
    got = answer(name, clock)
    assert (got["outcome"], set(got["documents"])) == ("eligible", documents)


def test_land_data_are_no_procedure_under_the_resolution_of_2026() -> None:
    assert answer(LAND)["outcome"] == "not_required"


def shown(name: str, path: str, clock: Clock = NOW, **changes: str) -> bool:
    """Whether a page shows what is at ``path``."""
    node = filled(name, {}, clock, **changes).get(path)
    assert node is not None
    return node.relevant


@pytest.mark.parametrize(("day", "told"), [
    ("2026-05-17", False), ("2026-05-18", True), ("2027-02-28", True), ("2027-03-01", False),
])
def test_who_need_not_file_is_told_so_before_the_first_answer(day: str, told: bool) -> None:
    clock = morning_of(day)
    assert shown(LAND, "/data/applicant/not_carried_out", clock) is told
    for field, dropped in (("land", True), ("environment", True), ("water", False)):
        assert shown(DATA, "/data/content/no_procedure", clock, content__field=field) is (told and dropped)


def test_no_request_form_is_asked_while_land_data_are_no_procedure() -> None:
    assert shown(LAND, "/data/documents/form_2025", morning_of("2026-05-17"))
    assert not shown(LAND, "/data/documents/form_2025", morning_of("2026-05-18"))


def test_consent_of_the_land_user_is_asked_only_where_it_counts() -> None:
    about = {"content__about_land_user": "yes"}
    assert answer(LAND, OLD, **about, content__user_consents="no")["failed"] == ["user-consent"]
    assert answer(LAND, OLD, **about, content__user_consents="yes")["outcome"] == "eligible"
    assert answer(LAND, OLD, **about, applicant__state_duty="yes")["outcome"] == "eligible"


def test_unpublished_data_do_not_leave_the_country() -> None:
    got = answer(HYDROMET, exchange__kinds="station_data ghg_unpublished")
    assert (got["outcome"], got["failed"]) == ("ineligible", ["permitted-kind"])


@pytest.mark.parametrize("channel", ["website", "contract"])
def test_signature_and_clear_content_are_asked_of_request_forms_only(channel: str) -> None:
    facts = facts_of(DATA, content__channel=channel)
    assert not {"request.clear", "request.signed"} & set(facts)
    assert answer(DATA, content__channel=channel)["outcome"] == "eligible"


def test_a_foreigner_needs_the_confirmation_of_the_host() -> None:
    data = FOREIGNER | {"applicant__kind": "foreigner"}
    assert answer(DATA, **data, declaration__confirmed="no")["failed"] == ["foreigner-confirmed"]
    assert answer(DATA, **data, declaration__confirmed="yes")["outcome"] == "eligible"
    images = FOREIGNER | {"applicant__kind": "person_foreign", "declaration__person_signed": "yes"}
    assert answer(IMAGES, **images, declaration__host_confirmed="no")["failed"] == ["host-confirmed"]
    assert answer(IMAGES, **images, declaration__host_confirmed="yes")["documents"] == ["request-form-foreign"]


def test_the_amount_of_the_fee_table_is_asked_in_dong_as_the_table_counts() -> None:
    """250 km² at 2,025 dong a km², and half of it for images of 40 months."""
    assert facts_of(IMAGES)["fee.table_amount"] == 506_250
    assert answer(IMAGES)["decisions"]["fee"]["value"] == 253_125


ASKED_FIRST = {"request.clear": "request.channel", "request.signed": "request.channel", "request.fee_paid": "data.fee_due",
               "applicant.foreigner_confirmed": "applicant.kind", "data.user_consents": "data.about_land_user"}


def can_be_filed(name: str, case: Scenario) -> bool:
    """Where the day is known, that being the day the form is filled in, and the form can ask what is given: whether the
    land user consents, say, is not asked while it is open whether the data are about one, and a list is not left empty."""
    first = {ASKED_FIRST[key] for key in known(case) & ASKED_FIRST.keys()} & CATALOGUE[name].procedure.facts.keys()
    return {"filing.received_on"} | first <= known(case) and [] not in case.given.values()


@pytest.mark.parametrize(("name", "given"), list(worked_cases(ANSWERS, can_be_filed)))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    through_the_form, direct = answered_both_ways(name, given)
    assert through_the_form == direct
