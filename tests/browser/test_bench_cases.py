"""Grids of cases in Chromium: accessible wide and at 360 px, with scripts and without; the comfort of the script."""

from __future__ import annotations

import pytest
from tests.browser.conftest import NARROW
from tests.browser.test_accessibility import check
from tests.functional.bench import WELL, officer_of
from tests.functional.sending import send, submission
from tests.functional.test_bench_cases import begin, cells, save, upload
from tests.functional.visitor import Visitor

pytestmark = pytest.mark.browser

CASES = f"{WELL}/cases"


@pytest.fixture(scope="module")
def grid(wells_site):
    """The address of a grid with a right, a wrong and an undecided row, a background and a kept run."""
    visitor = begin(officer_of(wells_site.application), background=["works.cost"])
    save(visitor, {"shared.works.cost": "80.000.000", "1.id": "browser-right", "1.vi": "Đúng",
                   **cells(expect={"outcome": "eligible"}, works__cost="")}, "add")
    save(visitor, {"2.id": "browser-wrong", **cells(2, {"outcome": "ineligible", "fee": "1"}, works__cost="")}, "add")
    save(visitor, {"3.id": "browser-waiting", **cells(3, works__cost="")})
    url = visitor.url
    visitor.open(CASES)
    visitor.press("run", reason="Thử trang")
    return url


@pytest.mark.parametrize("scripts", [True, False])
class TestAccessibility:
    @pytest.mark.parametrize("path", ["", "/import", "?blank=2", "?lang=en"])
    def test_axe_finds_nothing_on_a_grid(self, officer, wells_site, grid, path, scripts):
        page = officer(wells_site)
        if not scripts:
            page.route("**/*.js*", lambda route: route.abort())
        page.goto(wells_site.url + grid + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        check(page)

    def test_nor_on_one_with_errors(self, officer, wells_site, grid, scripts):
        page = officer(wells_site)
        if not scripts:
            page.route("**/*.js*", lambda route: route.abort())
        page.goto(wells_site.url + grid)
        page.fill("[name='1.id']", "Có dấu")
        page.fill("[name='1.fact:well.depth']", "sâu")
        page.fill("[name='shared.works.cost']", "nhiều")
        page.click("button[value=save]")
        assert page.locator(".error-summary li").count() == 3
        check(page)
        page.click(".error-summary a >> nth=1")
        assert page.evaluate("document.activeElement.name") == "1.id"


@pytest.mark.parametrize("path", [CASES, f"{WELL}/runs", f"{WELL}/runs/1", f"{CASES}/import", f"{WELL}/scenarios"])
def test_axe_finds_nothing_around_the_grids(officer, wells_site, grid, path):
    page = officer(wells_site)
    page.goto(wells_site.url + path)
    check(page)


def test_axe_finds_nothing_where_a_dossier_is_tried(officer, wells_site):
    code = send(Visitor(wells_site.application).app, submission()).json["code"]
    page = officer(wells_site)
    for path in (f"/dossiers/{code}", f"/dossiers/{code}/try"):
        page.goto(wells_site.url + path)
        check(page)
    page.click("main .button-primary")
    assert page.url.startswith(f"{wells_site.url}{WELL}?on=")


class TestComfort:
    @pytest.fixture
    def page(self, officer, wells_site):
        visitor = officer_of(wells_site.application)
        visitor.open(f"{CASES}/import")
        upload(visitor, "Dán.csv", b"id;well.depth;well.use;site.protected\npaste-1;1;;\npaste-2;2;;\npaste-3;3;;\n")
        page = officer(wells_site)
        page.goto(wells_site.url + visitor.path)
        return page

    def value(self, page, name):
        return page.input_value(f"[name='{name}']")

    def test_arrows_and_enter_go_from_row_to_row(self, page):
        page.focus("[name='1.fact:well.depth']")
        for key, name in (("ArrowDown", "2.fact:well.depth"), ("Enter", "3.fact:well.depth"), ("ArrowUp", "2.fact:well.depth"),
                          ("Shift+Enter", "1.fact:well.depth"), ("ArrowUp", "1.fact:well.depth")):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.name") == name

    def test_a_block_of_a_spreadsheet_is_pasted_over_the_cells(self, page):
        page.focus("[name='2.fact:well.depth']")
        page.evaluate("""() => {
            const data = new DataTransfer();
            data.setData("text/plain", "12,5\\tTưới tiêu\\tCó\\n30\\tbơi lội\\tKhông\\n99\\tx\\ty\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""")
        assert [self.value(page, f"{row}.fact:well.depth") for row in (1, 2, 3)] == ["1", "12,5", "30"]
        assert [self.value(page, f"{row}.fact:well.use") for row in (2, 3)] == ["irrigation", "bơi lội"]
        assert [self.value(page, f"{row}.fact:site.protected") for row in (2, 3)] == ["yes", "no"]
        page.click("button[value=save]")
        assert "bơi lội" in page.locator(".error-summary").inner_text()
        assert self.value(page, "3.fact:well.use") == "bơi lội"


def test_on_a_phone_one_writes_and_runs_a_case_without_scripts(officer, wells_site, grid):
    page = officer(wells_site, NARROW, scripts=False)
    page.goto(f"{wells_site.url}{grid}?blank=1")
    page.fill("[name='4.id']", "from-a-phone")
    page.fill("[name='4.fact:well.depth']", "20")
    page.fill("[name='4.fact:filing.received_on']", "1/7/2025")
    page.select_option("[name='4.expect:outcome']", "undetermined")
    page.click("button[value=save]")
    assert page.locator("#row-4 .case-state .tag").inner_text() == "đạt"
