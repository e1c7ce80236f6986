"""Filling in as people do: with scripts and without, by keyboard, zoomed, in two windows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.browser.conftest import NARROW
from tests.browser.test_accessibility import WELL, begin, file_a_dossier

pytestmark = pytest.mark.browser


@pytest.fixture
def well_page(open_page, wells_site):
    """A browser with scripts on the page of the well."""
    page = open_page()
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/well")
    return page


def consent(page):
    return page.locator("[name='well.consent']")


def test_a_question_appears_with_the_answer_that_brings_it_and_is_announced(well_page):
    assert consent(well_page).is_hidden()
    well_page.check("[name='well.protected'][value=true]")
    consent(well_page).wait_for(state="visible")
    assert consent(well_page).is_enabled()
    assert well_page.locator("#announcement").inner_text() == "Số câu hỏi mới: 1"
    assert well_page.evaluate("document.activeElement.name") == "well.protected"
    well_page.check("[name='well.protected'][value=false]")
    consent(well_page).wait_for(state="hidden")
    assert consent(well_page).is_disabled()


def test_what_is_typed_meanwhile_is_left_alone(well_page):
    well_page.fill("[name='well.depth']", "12.5")
    well_page.check("[name='well.protected'][value=true]")
    consent(well_page).wait_for(state="visible")
    assert well_page.input_value("[name='well.depth']") == "12.5"
    assert well_page.locator(".field-error").count() == 0


def test_what_is_answered_while_the_server_thinks_is_left_alone(open_page, wells_site):
    page = open_page()
    # the page's clock stands still: its questions to the server leave when the test says so
    page.clock.install()
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/well")
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    held = []
    page.route("**/recalc", lambda route: held.append(route))
    page.check("[name='well.protected'][value=true]")
    page.clock.run_for(100)
    page.wait_for_timeout(20)
    for _ in range(500):
        if held:
            break
        page.wait_for_timeout(20)
    page.check("[name='well.checks'][value=survey]")
    page.locator("[name='well.depth']").focus()
    with page.expect_response("**/recalc"):
        held[0].continue_()
    consent(page).wait_for(state="visible")
    assert page.is_checked("[name='well.checks'][value=survey]")
    page.unroute("**/recalc")
    with page.expect_response("**/recalc"):
        page.clock.run_for(100)
    page.clock.resume()
    page.locator("#fill-in .actions .button-primary").click()
    assert page.is_checked("[name='well.checks'][value=survey]")


def test_sums_and_words_follow_the_typing(open_page, wells_site):
    page = open_page()
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/money")
    page.fill("[name='money.cost']", "4.250")
    page.fill("[name='money.deposit']", "500")
    page.locator("[name='money.lease.day']").focus()
    page.get_by_text("4 tỷ 250 triệu đồng").wait_for()
    page.get_by_text("11,8").wait_for()


def test_when_the_server_does_not_answer_the_page_works_as_without_script(well_page):
    well_page.route("**/recalc", lambda route: route.abort())
    well_page.check("[name='well.protected'][value=true]")
    well_page.wait_for_timeout(200)
    well_page.check("[name='well.use'][value=irrigation]")
    well_page.fill("[name='well.depth']", "9")
    well_page.locator("#fill-in .actions .button-primary").click()
    assert consent(well_page).is_visible()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(well_page):
    well_page.locator("#fill-in .actions .button-primary").click()
    assert "error-summary" in well_page.evaluate("document.activeElement.className")
    well_page.get_by_role("link", name="Trả lời câu hỏi này: Độ sâu (m)").click()
    assert well_page.evaluate("document.activeElement.name") == "well.depth"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_dossier_is_filed_from_begin_to_receipt(open_page, wells_site, scripts, monkeypatch):
    if not scripts:
        # axe is a script: the pages are checked with scripts on
        monkeypatch.setattr("tests.browser.test_accessibility.check", lambda page: None)
    page = open_page(NARROW, scripts=scripts)
    file_a_dossier(page, wells_site)
    assert page.locator("h1").inner_text() == "Đã tiếp nhận hồ sơ"


def test_without_scripts_a_question_appears_by_the_update_button(open_page, wells_site):
    page = open_page(scripts=False)
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/well")
    page.check("[name='well.protected'][value=true]")
    page.get_by_role("button", name="Cập nhật câu hỏi").click()
    assert consent(page).is_visible()
    assert page.url.endswith("#q-well_2e_consent")


def test_a_page_is_filled_in_and_sent_by_keyboard_alone(open_page, wells_site):
    page = open_page()
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/owner")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip() == "‹ Quay lại"
    page.keyboard.press("Tab")
    page.keyboard.type("Bà Bàn Phím")
    for _ in range(2):
        page.keyboard.press("Tab")
    for text in ("2", "9", "1960"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/well")


def test_focus_is_always_visible(open_page, wells_site):
    page = open_page()
    begin(page, wells_site, WELL)
    page.goto(f"{page.url.rpartition('/')[0]}/well")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("""() => { const s = getComputedStyle(document.activeElement);
            return s.outlineStyle + s.outlineWidth }""")
        assert style == "solid3px"


def test_the_page_holds_together_at_200_percent_zoom(open_page, wells_site):
    page = open_page({"width": 640, "height": 480}, device_scale_factor=2)
    for path in ("/", WELL, f"{WELL}/interview"):
        page.goto(wells_site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_double_click_sends_a_form_once(open_page, wells_site):
    page = open_page()
    page.goto(f"{wells_site.url}{WELL}/apply")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.locator("#start button").dblclick()
    page.wait_for_url("**/drafts/**")
    assert len(posts) == 1


def test_printing_leaves_out_what_paper_cannot_use(open_page, wells_site):
    page = open_page()
    page.goto(wells_site.url + WELL)
    page.emulate_media(media="print")
    assert page.locator(".site-header").is_hidden()
    assert page.locator("h1").is_visible()
