"""Draft law and sign-off in Chromium: accessible in every state, wide and at 360 px, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE, serve
from tests.browser.test_accessibility import check
from tests.functional.bench import WELL
from tests.functional.test_bench_drafts import LAW, STRICTER, WRONG
from tests.functional.test_bench_signoff import Office

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An office with a draft that is tried and approved, and one with mistakes."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.begin(text=LAW)
    kiem = made("kiem")
    kiem.open(f"{made.draft}/edit")
    kiem.send("draft", {"text": WRONG}, status=422)
    made.wrong = made.draft
    made.begin(text=STRICTER)
    made.run("minh")
    made.sign()
    return made


@pytest.fixture(scope="module")
def site(office):
    server, served = serve(office.application)
    yield served.url
    server.close()


@pytest.fixture
def visit(office, site, open_page):
    """A browser page of somebody signed in, at an address: ``visit(name, address)``."""
    def new(name, address, size=WIDE, *, scripts=True):
        page = open_page(size, scripts=scripts)
        page.set_default_timeout(15_000)
        office(name)
        page.context.add_cookies([{"name": each.name, "value": each.value, "url": site} for each in office.cookies[name]])
        page.goto(site + address)
        return page
    return new


@pytest.mark.parametrize(("name", "address"), [
    ("kiem", "/drafts"), ("kiem", "{wrong}/edit"), ("kiem", "{draft}/edit?version=1"), ("kiem", "{draft}"),
    ("kiem", "{draft}/against"), ("kiem", "{draft}/against?lang=en"), ("kiem", "{draft}/sign-off"), ("kiem", "/sign-off"),
    ("hoa", "/sign-off?lang=en"), ("hoa", "/sign-off/1"), ("hoa", "{wrong}/sign-off"), ("son", "{draft}/sign-off")])
def test_axe_finds_nothing(visit, office, name, address):
    place = address.format(draft=office.draft, wrong=office.wrong)
    page = visit(name, place if place.startswith(WELL) else f"{WELL}{place}")
    check(page)


def test_a_form_to_approve_with_all_its_errors(visit, office):
    office.begin(text=STRICTER)
    office.run("minh")
    page = visit("hoa", f"{office.draft}/sign-off")
    page.locator("#sign .button-primary").click()
    assert page.locator(".error-summary li").count() > 1
    check(page)


@pytest.mark.parametrize(("size", "scripts"), [(WIDE, True), (NARROW, False)])
def test_numbers_stand_beside_their_lines_and_a_mistake_leads_to_its_line(visit, office, size, scripts):
    page = visit("kiem", f"{office.wrong}/edit", size, scripts=scripts)
    area, last = (page.locator(each).bounding_box() for each in ("#text", f"#line-{WRONG.count(chr(10)) + 1}"))
    assert area["y"] < last["y"] < area["y"] + area["height"]
    height = page.locator("#line-2").bounding_box()["y"] - page.locator("#line-1").bounding_box()["y"]
    assert float(page.locator("#text").evaluate("area => getComputedStyle(area).lineHeight").removesuffix("px")) == height
    page.locator(".problem a").first.click()
    assert page.evaluate("location.hash") == "#line-27"
    expect(page.locator("#line-27")).to_be_in_viewport()


def test_a_draft_is_written_tried_and_compared_without_a_script(visit, office):
    page = visit("kiem", f"{WELL}/drafts", scripts=False)
    page.fill("#name", "by-hand")
    page.locator("#begin .button-primary").click()
    page.fill("#text", STRICTER)
    page.locator("#draft .button-primary").click()
    page.locator(".notice-done a").first.click()
    assert page.locator("#flips-broken").count() == 1
    page.locator("#run button").click()
    assert "Lê Văn Kiểm" in page.locator("#run").inner_text()
    page.locator("ul.list-ruled a").first.click()
    assert "by-hand" in page.locator(".draft-banner").inner_text()
