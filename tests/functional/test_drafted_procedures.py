"""A procedure that is not yet a rule: listed and explained, and plainly marked so."""

from datetime import date

import pytest
from tests.functional.visitor import Visitor
from tests.unit.national.records import export, record

from motcua.national import read_records, write_drafts


@pytest.fixture
def visitor(build, tmp_path):
    records = read_records(export(tmp_path / "export.jsonl", record(yeu_cau_dieu_kien="- Có phao đo sóng.")))
    list(write_drafts(records, tmp_path / "rules", date(2026, 1, 1)))
    return Visitor(build(**{"motcua.rules": str(tmp_path / "rules"), "motcua.forms": str(tmp_path / "forms")}))


def test_the_list_marks_it(visitor):
    page = visitor.open("/?lang=en")
    assert "not yet checked by rules" in page.html.find("main").get_text()


def test_before_you_start_tells_what_to_prepare_and_that_an_officer_examines(visitor):
    text = visitor.open("/procedures/vn.sea.national-9-000101?lang=en").html.find("main").get_text(" ", strip=True)
    assert "Not yet checked by rules." in text
    assert "Mẫu số 02 Phụ lục I" in text
    assert "15 working days" in text
    assert "Có phao đo sóng." in text
    assert "Check whether you may apply" not in text
    assert "Fill in the form" not in text


def test_the_api_says_so(visitor):
    (listed,) = visitor.app.get("/api/procedures").json
    assert listed["is_checked"] is False
    answer = visitor.app.post_json("/api/procedures/vn.sea.national-9-000101/check",
                                   {"facts": {"filing.received_on": "2026-02-02"}}).json
    assert answer["outcome"] == "undetermined"
