"""The services of the office as reported, and what of them is here."""

import shutil
from urllib.parse import urlencode

import pytest
from tests.functional.bench import officer_of
from tests.functional.conftest import REAL, WELLS, make_application
from tests.functional.visitor import Visitor

from motcua.errors import RuleFileError
from motcua.lint import lint
from motcua.procedures import load_services

SERVICES = """\
reported: {vi: Báo cáo giếng, en: The report on wells, total: 9, level_3: 5, level_4: 4, on_national_portal: 3,
  on_national_portal_at_level_4: 1, planned: 2}
fields:
  water: {level_4: 4, planned: 2}
  land: {level_4: 0, planned: 0}
services:
  - {vi: Cấp phép khoan giếng, en: Permit to drill a well, field: water, codes: ["9.000001"], level: 4, planned: 2021-07, status: in_force}
  - {vi: Trả lại giếng, en: Giving back a well, field: water, status: merged, successors: ["9.000009"], confidence: low}
  - {vi: Đo đạc giếng, en: Surveying a well, field: land, codes: ["9.000002"]}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The invented well permit with a list of services beside it."""
    folder = tmp_path_factory.mktemp("services")
    shutil.copytree(WELLS["motcua.rules"], folder / "rules")
    (folder / "rules" / "services.yaml").write_text(SERVICES, encoding="utf-8")
    return make_application(folder / "data", **{**WELLS, "motcua.rules": str(folder / "rules")})


def text_of(page):
    return " ".join(page.html.find("main").get_text(" ").split())


def test_services_are_listed_by_field_with_what_is_here_for_them(site):
    page = Visitor(site).open("/services?lang=en")
    text = text_of(page)
    assert "The report on wells" in text
    assert "Permit to drill a well rules and form" in text
    assert "level 4 in 2021" in text
    assert "now part of 9.000009" in text
    assert "planned for 07/2021" in text
    links = {link["href"] for link in page.html.find("main").find_all("a")}
    assert "/procedures/vn.water.well-permit" in links


@pytest.mark.parametrize(("query", "found"), [
    ("khoan gieng", ["Permit to drill a well"]), ("9.000002", ["Surveying a well"]), ("SURVEYING well", ["Surveying a well"]),
    ("9.000009", ["Giving back a well"]), ("nothing of that name", []), ("<script>", []),
])
def test_a_search_by_name_or_code_in_both_languages(site, query, found):
    page = Visitor(site).open("/services?" + urlencode({"q": query, "lang": "en"}))
    assert [each.get_text() for each in page.html.find("main").select("li strong:first-child")] == found


@pytest.mark.parametrize("query", ["%00", "%ff", "x" * 5000, "%F0%9F%90%9B", "q=1&q=2", "%25"])
def test_whatever_is_searched_gets_an_answer(site, query):
    assert Visitor(site).app.get(f"/services?q={query}", status="*").status_int in (200, 400)


def test_progress_is_for_the_staff_and_counts_what_is_here(site):
    assert "/login" in Visitor(site).app.get("/services/progress").headers["Location"]
    officer = officer_of(site)
    officer.open("/services?lang=en")
    page = officer.open(officer.links()["Progress against the report and the plan"])
    rows = {row.th.get_text(): [cell.contents[-1] for cell in row.find_all("td")]
            for row in page.html.find("tbody").find_all("tr")}
    assert rows == {"Water resources": ["4", "2", "1", "1", "2", "1", "1"], "Land": ["0", "1", "0", "0", "0", "0", "0"]}
    assert "2 services were planned; 1 of them are known by name" in text_of(page)


def test_without_a_list_there_is_no_page_and_no_entry_in_the_header(visitor):
    assert visitor.app.get("/services", status=404)
    assert "/services" not in {link["href"] for link in visitor.open("/").html.find("header").find_all("a")}


def test_the_ministrys_services_ship_with_the_counts_of_its_report():
    services = load_services(REAL["motcua.rules"])
    assert (services.total, services.level_3, services.level_4) == (107, 53, 54)
    assert (services.on_national_portal, services.on_national_portal_at_level_4, services.planned) == (38, 18, 13)
    assert sum(count.level_4 for count in services.fields.values()) == services.level_4
    assert sum(count.planned for count in services.fields.values()) == services.planned
    assert {service.field for service in services.services} <= set(services.fields)


@pytest.mark.parametrize(("old", "new"), [
    ("level: 4,", "level: 5,"), ("planned: 2021-07", "planned: 2021-13"), ('"9.000001"', '"../1"'), ("total: 9", "total: -9"),
    ("field: land,", "fild: land,"), ("reported:", "reporte:"),
])
def test_what_is_wrong_with_the_file_is_told_where_it_stands(tmp_path, old, new):
    (tmp_path / "services.yaml").write_text(SERVICES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFileError) as error:
        load_services(tmp_path)
    assert all(problem.place.line for problem in error.value.problems)


def test_a_service_of_no_procedure_here_is_told(tmp_path):
    shutil.copytree(WELLS["motcua.rules"], tmp_path / "rules")
    text = SERVICES.replace("field: land,", "field: land, procedure: vn.water.well-permits,")
    (tmp_path / "rules" / "services.yaml").write_text(text, encoding="utf-8")
    assert [problem.code for problem in lint(tmp_path / "rules")] == ["SCEN_007"]
