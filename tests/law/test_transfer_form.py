"""The form of the transfer of a mineral exploration right: what it asks, and what becomes of the answers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.catalogue import Catalogue
from motcua.forms import (
    Clock,
    Form,
    Instance,
    check,
    evaluate,
    extract,
    load_form,
    new_instance,
    parse_submission,
    set_value,
)
from motcua.procedures import load_facts_text

HOUSE = Path(__file__).parents[2]
TRANSFER = Catalogue.load(HOUSE / "rules")["vn.minerals.exploration-right-transfer"]
NOW = Clock(datetime(2026, 9, 15, 9, 30))


@pytest.fixture(scope="module")
def form() -> Form:
    """The form; nothing in it differs between ODK clients."""
    return load_form(HOUSE / "forms/minerals/exploration-right-transfer.xml", strict=True)


ANSWERS = {
    "/data/transferor/name": "Công ty Cổ phần Khoáng sản Ví Dụ", "/data/transferor/code": "0100000001",
    "/data/transferor/address": "1 Phố Ví Dụ, phường Cầu Giấy, Hà Nội",
    "/data/transferor/representative": "Nguyễn Văn A", "/data/transferor/phone": "024 3000 0001",
    "/data/licence/number": "12/GP-BNNMT", "/data/licence/issued_on": "2025-09-15",
    "/data/licence/issued_by": "Bộ Nông nghiệp và Môi trường", "/data/licence/expires_on": "2027-09-15",
    "/data/licence/mineral": "metal", "/data/licence/area": "85.5",
    "/data/area/offshore": "no", "/data/area/scattered_small": "no", "/data/area/provinces": "1",
    "/data/area/place[1]/province": "Lào Cai",
    "/data/work/budget": "8000", "/data/work/spent": "5000",
    "/data/transferee/name": "Công ty TNHH Thăm dò Ví Dụ", "/data/transferee/kind": "vn_enterprise",
    "/data/transferee/code": "0100000002", "/data/transferee/registered": "yes",
    "/data/transferee/address": "2 Phố Ví Dụ, phường Cầu Giấy, Hà Nội",
    "/data/transferee/representative": "Trần Thị B", "/data/transferee/phone": "024 3000 0002",
    "/data/contract/signed_on": "2026-09-01", "/data/contract/dispute": "no",
    "/data/finance/equity": "6000", "/data/finance/has_guarantee": "yes", "/data/finance/guarantee": "2000",
    "/data/finance/qualified": "no", "/data/finance/has_contractor": "yes",
    "/data/duties/done":
        "paid_dues followed_licence reported_changes compensated notified_province kept_reports",
    "/data/duties/confirmed": "yes",
    "/data/declaration/signer": "Nguyễn Văn A", "/data/declaration/truthful": "OK",
}


def filled(form: Form, clock: Clock = NOW, **changes: str) -> Instance:
    """The form filled in as a typical case; ``changes`` by group__question."""
    instance = new_instance(form, clock)
    for path, value in ANSWERS.items():
        set_value(form, instance, path, value, clock)
    for name, value in changes.items():
        set_value(form, instance, "/data/" + name.replace("__", "/"), value, clock)
    return evaluate(form, instance, clock).instance


def facts_of(form: Form, instance: Instance, clock: Clock = NOW) -> dict[str, Any]:
    """What a client would send, received and turned into facts."""
    sent = parse_submission(evaluate(form, instance, clock).instance.to_xml(pruned=True))
    report = check(form, sent, clock)
    assert report.valid, report.to_json()
    taken = extract(form, report.pruned, TRANSFER.procedure)
    assert not taken.errors
    return dict(taken.facts)


def test_a_filled_form_becomes_the_typical_case_and_is_eligible(form: Form) -> None:
    facts = facts_of(form, filled(form))
    answer = TRANSFER.check(facts).to_json()
    assert answer["outcome"] == "eligible"
    assert answer["law_date"] == "2026-09-15"
    assert set(answer["documents"]) == {"application", "contract", "report", "finance", "contractor"}
    example = load_facts_text((HOUSE / "tests/examples/transfer-facts.yaml").read_text("utf-8"))
    assert TRANSFER.check(example).to_json()["requirements"] == answer["requirements"]


def test_no_guarantee_is_a_guarantee_of_zero(form: Form) -> None:
    facts = facts_of(form, filled(form, finance__has_guarantee="no"))
    assert facts["transferee.guarantee"] == 0
    answer = TRANSFER.check(facts).to_json()
    assert (answer["outcome"], answer["failed"]) == ("ineligible", ["funds-100"])


def test_amounts_are_asked_in_million_dong(form: Form) -> None:
    facts = facts_of(form, filled(form, work__budget="7999.999999"))
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
def test_the_form_asks_only_what_matters(
    form: Form, answers: dict[str, str], asked: list[str], not_asked: list[str]
) -> None:
    state = evaluate(form, filled(form, **answers), NOW)
    assert [name for name in asked if not state.relevant(f"/data/{name}")] == []
    assert [name for name in not_asked if state.relevant(f"/data/{name}")] == []


def test_the_form_shows_the_part_carried_out(form: Form) -> None:
    state = evaluate(form, filled(form, work__budget="9", work__spent="5"), NOW)
    assert state.instance.get("/data/work/percent") == "55.56"


def test_one_place_is_asked_for_each_province(form: Form) -> None:
    assert evaluate(form, filled(form, area__provinces="3"), NOW).rows("/data/area/place") == 3


def test_a_day_before_july_2025_asks_for_the_papers_of_the_old_law(form: Form) -> None:
    clock = Clock(datetime(2025, 6, 30, 9, 0))
    state = evaluate(form, filled(form, clock, licence__issued_on="2024-06-01"), clock)
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
def test_a_wrong_answer_is_told_at_its_question(form: Form, answers: dict[str, str], path: str) -> None:
    state = evaluate(form, filled(form, **answers), NOW)
    assert [node.path for node in state.nodes if node.relevant and not node.valid] == [f"/data/{path}"]



def test_every_fact_and_document_of_the_rules_has_its_place_in_the_form(form: Form) -> None:
    ties = [tie for bind in form.binds.values() for tie in bind.attributes.items()]
    assert {value for name, value in ties if name == "fact"} == set(TRANSFER.procedure.facts)
    papers = {document.id for document in TRANSFER.procedure.documents}
    assert {value for name, value in ties if name == "document"} == papers
