"""axe-core finds nothing on any page, also with all errors shown, wide and at 360 px."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WELL = "/procedures/vn.water.well-permit"
TRANSFER = "/procedures/vn.minerals.exploration-right-transfer"
EIA = "/procedures/vn.environment.eia-appraisal"


@cache
def axe_source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


#: What can differ at another width; the rest is found at the first.
BY_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable", "region", "skip-link"]


def check(page):
    """No violation and no sideways scrolling, wide and at 360 px."""
    # the page's policy forbids adding a script; evaluating one is the debugger's right
    page.evaluate(axe_source())
    for size, only in ((WIDE, {"type": "tag", "values": RULES}), (NARROW, {"type": "rule", "values": BY_WIDTH})):
        page.set_viewport_size(size)
        # as tall as the page: what a bar that sticks to the edge covers for the moment can be scrolled to
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({**size, "height": max(size["height"], height)})
        found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
        told = [f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
                for violation in found["violations"] for node in violation["nodes"]]
        assert told == [], f"{page.url} at {size['width']} px\n" + "\n".join(told)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide at {size['width']} px"
    page.set_viewport_size(WIDE)


@pytest.fixture
def page(open_page):
    return open_page()


def refuse(page):
    """Press "Continue" with nothing filled in, and check the page with its errors, if it has any."""
    page.locator("#fill-in .actions .button-primary").click()
    if page.locator(".error-summary").count():
        check(page)


@pytest.mark.parametrize("path", [
    "/", "/services", "/?q=khoáng", "/?lang=en", TRANSFER, f"{TRANSFER}?on=2012-01-01", f"{TRANSFER}?day=31&month=2&year=2020",
    EIA, f"{EIA}?lang=en", f"{TRANSFER}/interview", f"{TRANSFER}/interview?licence.mineral=x&q=licence.mineral",
    f"{TRANSFER}/interview?licence.mineral=metal&edit=transferor.duties_done",
    f"{TRANSFER}/interview?licence.mineral=metal&edit=transferee.kind",
    f"{TRANSFER}/interview?licence.mineral=metal&edit=licence.expires_on",
    f"{TRANSFER}/interview?licence.mineral=metal&edit=scheme.budget",
    f"{TRANSFER}/apply", "/login", "/register", "/nothing",
])
def test_pages_for_everybody(page, real_site, path):
    page.goto(real_site.url + path)
    check(page)


def test_the_outcome_of_the_interview(page, wells_site):
    page.goto(wells_site.url + WELL + "/interview?well.depth=25&well.use=industry&well.flow=5&well.wells_nearby=7&"
              "well.checks=survey&site.protected=no&works.cost=100&works.deposit=?&lease.ends_on=1/1/2040")
    assert page.locator(".outcome h1").count() == 1
    check(page)
    page.locator("details summary").first.click()
    check(page)


def begin(page, site, procedure):
    page.goto(f"{site.url}{procedure}/apply")
    page.click("#start button")


@pytest.mark.parametrize("procedure", [TRANSFER, EIA])
def test_every_page_of_the_real_forms_also_with_all_errors(page, real_site, procedure):
    begin(page, real_site, procedure)
    draft = page.url.rpartition("/")[0]
    catalogue = real_site.application.registry.motcua_catalogue
    from motcua.forms import pages

    for planned in pages.plan(catalogue[procedure.rpartition("/")[2]].form):
        page.goto(f"{draft}/{planned.id}")
        check(page)
        refuse(page)
    page.goto(f"{draft}/check")
    check(page)
    page.goto(f"{draft}/keep")
    check(page)


def test_every_kind_of_question(page, wells_site):
    begin(page, wells_site, WELL)
    draft = page.url.rpartition("/")[0]
    for name in ("greeting", "owner", "well", "money", "neighbour", "pump", "files"):
        page.goto(f"{draft}/{name}")
        if name in ("neighbour", "pump"):
            page.locator("button[name=_add]").click()
        check(page)
        refuse(page)
    page.goto(f"{draft}/pump")
    check(page)


def test_account_dossiers_and_receipt(page, wells_site):
    name = "axe@example.org"
    page.goto(f"{wells_site.url}/register")
    for field, text in (("title", "Bà Thử"), ("name", name), ("password", "một câu khá dài"), ("again", "một câu khá dài")):
        page.fill(f"#{field}", text)
    page.click("#register button")
    page.goto(f"{wells_site.url}/account")
    check(page)
    page.goto(f"{wells_site.url}/dossiers")
    check(page)
    file_a_dossier(page, wells_site)
    assert page.locator("#code").inner_text().startswith("MTC-")
    check(page)
    page.goto(page.url.removesuffix("/receipt"))
    check(page)
    page.goto(f"{wells_site.url}/dossiers")
    check(page)


def file_a_dossier(page, site):
    """Fill in the well permit by hand, page by page, and send it."""
    pdf = {"name": "don.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 test"}
    begin(page, site, WELL)
    proceed = page.locator("#fill-in .actions .button-primary")
    proceed.click()
    page.fill("[name='owner.name']", "Trần Văn Giếng")
    proceed.click()
    page.check("[name='well.use'][value=industry]")
    page.fill("[name='well.depth']", "25,5")
    page.check("[name='well.checks'][value=survey]")
    page.check("[name='well.checks'][value=neighbours]")
    page.fill("[name='well.nearby']", "1")
    page.check("[name='well.protected'][value=false]")
    proceed.click()
    page.fill("[name='money.cost']", "100")
    page.fill("[name='money.deposit']", "50")
    for part, text in (("day", "1"), ("month", "1"), ("year", "2040")):
        page.fill(f"[name='money.lease.{part}']", text)
    for _ in range(3):
        proceed.click()
    page.set_input_files("[name='files.application']", pdf)
    page.set_input_files("[name='files.survey']", pdf)
    proceed.click()
    check(page)
    page.check("#declare")
    page.click("#send button")
