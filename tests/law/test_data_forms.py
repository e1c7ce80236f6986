"""The forms by which data are asked for: what becomes of the answers, and which papers and questions they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.catalogue import Catalogue
from motcua.engine import assess
from motcua.forms import Clock, check, evaluate, extract, load_form, new_instance, parse_submission, set_value
from motcua.procedures import read_facts

HOUSE = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(HOUSE / "rules")
NOW = Clock(datetime(2026, 9, 15, 9, 30))
OLD = Clock(datetime(2025, 9, 15, 9, 30))
FIELDS = {
    "hydromet-data-exchange": ("hydromet", "vn.hydromet.hydromet-data-exchange"),
    "land-data-provision": ("land", "vn.land.land-data-provision"),
    "data-provision": ("other", "vn.environment.data-provision"),
    "remote-sensing-data": ("remote-sensing", "vn.remote-sensing.remote-sensing-data"),
}
FORMS = {name: load_form(HOUSE / f"forms/{field}/{name}.xml", strict=True) for name, (field, _) in FIELDS.items()}

APPLICANT = {
    "applicant/name": "Viện Nghiên cứu Ví Dụ", "applicant/kind": "organisation", "applicant/code": "0100000001",
    "applicant/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội", "applicant/representative": "Nguyễn Văn A, Viện trưởng",
    "applicant/phone": "024 3000 0001", "declaration/signer": "Nguyễn Văn A", "declaration/truthful": "OK",
}
DELIVERY = {"delivery/way": "copy", "delivery/method": "post"}
ANSWERS = {
    "hydromet-data-exchange": APPLICANT | {
        "party/foreign": "yes", "party/treaty": "no", "party/name": "Example University", "party/address": "1 Example Street",
        "party/country": "Nhật Bản", "party/identified": "yes", "exchange/purpose": "nghiên cứu lũ",
        "exchange/kinds": "station_data research", "exchange/amount": "mưa ngày của 12 trạm", "exchange/provinces": "2",
        "exchange/lawful": "yes", "term/starts_on": "2026-11-01", "term/ends_on": "2027-10-31", "term/way": "electronic",
    },
    "land-data-provision": APPLICANT | {
        "applicant/state_duty": "no", "content/parcels": "thửa 125, tờ 17", "content/items": "parcel extract",
        "content/clear": "yes", "content/about_land_user": "no", "purpose/text": "lập dự án", "purpose/lawful": "yes",
        "delivery/way": "extract", "delivery/method": "office", "declaration/signed": "yes", "office/after_15h": "no",
        "office/available": "yes", "office/from_national_system": "yes", "office/state_secret": "no",
        "office/harmful": "no", "office/fee_paid": "yes",
    },
    "data-provision": APPLICANT | DELIVERY | {
        "content/channel": "request", "content/field": "water", "content/holder": "provincial",
        "content/items": "lưu lượng sông Ví Dụ", "content/clear": "yes", "purpose/text": "nghiên cứu",
        "purpose/lawful": "yes", "office/secret": "no", "office/fee_due": "no", "declaration/signed": "yes",
    },
    "remote-sensing-data": APPLICANT | DELIVERY | {
        "content/channel": "form", "content/holder": "national", "content/items": "VNREDSat-1, 250 km²",
        "content/in_list": "yes", "content/months_old": "40", "purpose/kind": "ordinary", "purpose/text": "nghiên cứu",
        "delivery/complete": "yes", "office/secret": "no", "office/table_amount": "506250", "declaration/head_signed_sealed": "no",
    },
}
FOREIGNER = {
    "applicant__nationality": "Nhật Bản", "applicant__passport": "TZ1234567", "applicant__host": "Trường Đại học Ví Dụ",
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
    taken = extract(form, report.pruned, CATALOGUE[FIELDS[name][1]].procedure)
    assert not taken.errors
    return dict(taken.facts)


def answer(name: str, clock: Clock = NOW, **changes: str) -> dict[str, Any]:
    return assess(CATALOGUE[FIELDS[name][1]].procedure, facts_of(name, clock, **changes)).to_json()


@pytest.mark.parametrize(("name", "clock", "documents"), [
    ("hydromet-data-exchange", NOW, {"request"}),
    ("land-data-provision", OLD, {"request-form-2025"}),
    ("data-provision", NOW, {"request-form"}),
    ("remote-sensing-data", NOW, {"request-form"}),
])
def test_a_filled_form_is_all_that_the_law_asks(name: str, clock: Clock, documents: set[str]) -> None:
    got = answer(name, clock)
    assert (got["outcome"], set(got["documents"])) == ("eligible", documents)


def test_land_data_are_no_procedure_under_the_resolution_of_2026() -> None:
    assert answer("land-data-provision")["outcome"] == "not_required"


def shown(name: str, path: str, clock: Clock = NOW, **changes: str) -> bool:
    """Whether a page shows what is at ``path``."""
    form = FORMS[name]
    instance = new_instance(form, clock)
    for question, value in changes.items():
        set_value(form, instance, f"/data/{question.replace('__', '/')}", value, clock)
    return next(node for node in evaluate(form, instance, clock).nodes if node.path == path).relevant


@pytest.mark.parametrize(("day", "told"), [
    (datetime(2026, 5, 17), False), (datetime(2026, 5, 18), True), (datetime(2027, 2, 28), True), (datetime(2027, 3, 1), False),
])
def test_who_need_not_file_is_told_so_before_the_first_answer(day: datetime, told: bool) -> None:
    clock = Clock(day.replace(hour=9))
    assert shown("land-data-provision", "/data/applicant/not_carried_out", clock) is told
    for field, dropped in (("land", True), ("environment", True), ("water", False)):
        assert shown("data-provision", "/data/content/no_procedure", clock, content__field=field) is (told and dropped)


def test_no_request_form_is_asked_while_land_data_are_no_procedure() -> None:
    assert shown("land-data-provision", "/data/documents/form_2025", Clock(datetime(2026, 5, 17, 9)))
    assert not shown("land-data-provision", "/data/documents/form_2025", Clock(datetime(2026, 5, 18, 9)))


def test_consent_of_the_land_user_is_asked_only_where_it_counts() -> None:
    about = {"content__about_land_user": "yes"}
    assert answer("land-data-provision", OLD, **about, content__user_consents="no")["failed"] == ["user-consent"]
    assert answer("land-data-provision", OLD, **about, content__user_consents="yes")["outcome"] == "eligible"
    assert answer("land-data-provision", OLD, **about, applicant__state_duty="yes")["outcome"] == "eligible"


def test_unpublished_data_do_not_leave_the_country() -> None:
    got = answer("hydromet-data-exchange", exchange__kinds="station_data ghg_unpublished")
    assert (got["outcome"], got["failed"]) == ("ineligible", ["permitted-kind"])


@pytest.mark.parametrize("channel", ["website", "contract"])
def test_signature_and_clear_content_are_asked_of_request_forms_only(channel: str) -> None:
    facts = facts_of("data-provision", content__channel=channel)
    assert not {"request.clear", "request.signed"} & set(facts)
    assert answer("data-provision", content__channel=channel)["outcome"] == "eligible"


def test_a_foreigner_needs_the_confirmation_of_the_host() -> None:
    data = FOREIGNER | {"applicant__kind": "foreigner"}
    assert answer("data-provision", **data, declaration__confirmed="no")["failed"] == ["foreigner-confirmed"]
    assert answer("data-provision", **data, declaration__confirmed="yes")["outcome"] == "eligible"
    images = FOREIGNER | {"applicant__kind": "person_foreign", "declaration__person_signed": "yes"}
    assert answer("remote-sensing-data", **images, declaration__host_confirmed="no")["failed"] == ["host-confirmed"]
    assert answer("remote-sensing-data", **images, declaration__host_confirmed="yes")["documents"] == ["request-form-foreign"]


def test_the_amount_of_the_fee_table_is_asked_in_dong_as_the_table_counts() -> None:
    """250 km² at 2,025 dong a km², and half of it for images of 40 months."""
    assert facts_of("remote-sensing-data")["fee.table_amount"] == 506_250
    assert answer("remote-sensing-data")["decisions"]["fee"]["value"] == 253_125


ASKED_FIRST = {"request.clear": "request.channel", "request.signed": "request.channel", "request.fee_paid": "data.fee_due",
               "applicant.foreigner_confirmed": "applicant.kind", "data.user_consents": "data.about_land_user"}


def cases() -> Iterator[Any]:
    """The worked cases whose day is known, that being the day the form is filled in, and which the form can ask: whether
    the land user consents, say, is not asked while it is open whether the data are about one, and a list is not left empty."""
    for name, (_, procedure) in FIELDS.items():
        for file in CATALOGUE[procedure].scenarios():
            for case in file.scenarios:
                known = {key for key, value in case.given.items() if value is not None}
                first = {ASKED_FIRST[key] for key in known & ASKED_FIRST.keys()} & CATALOGUE[procedure].procedure.facts.keys()
                if {"filing.received_on"} | first <= known and [] not in case.given.values():
                    yield pytest.param(name, dict(case.given), id=f"{name}-{case.id}")


def filed(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts taken from a case that was typed into the form and sent."""
    form, law = FORMS[name], CATALOGUE[FIELDS[name][1]].procedure
    answers = read_facts(law, given)
    clock = Clock(datetime.fromisoformat(f"{given['filing.received_on']}T09:00"))
    instance = new_instance(form, clock)
    for path, bind in form.binds.items():
        value = answers.get(bind.attributes.get("fact", ""))
        if value is not None and not bind.calculate:
            typed = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            set_value(form, instance, path, " ".join(typed) if isinstance(typed, list | tuple) else str(typed), clock)
    sent = parse_submission(evaluate(form, instance, clock).instance.to_xml(pruned=True))
    pruned = check(form, sent, clock).pruned
    assert pruned is not None
    taken = extract(form, pruned, law)
    assert not taken.errors
    return dict(taken.facts)


def told(found: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, failed conditions, papers and decisions."""
    decisions = {name: decided and decided["value"] for name, decided in found["decisions"].items()}
    return {"outcome": found["outcome"], "failed": found["failed"], "documents": found["documents"], **decisions}


@pytest.mark.parametrize(("name", "given"), list(cases()))
def test_a_case_filed_through_the_form_gets_the_answer_of_the_case(name: str, given: dict[str, Any]) -> None:
    law = CATALOGUE[FIELDS[name][1]].procedure
    direct = assess(law, read_facts(law, given)).to_json()
    assert told(assess(law, filed(name, given)).to_json()) == told(direct)
