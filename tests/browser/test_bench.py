"""The bench in Chromium: accessible in every state, by keyboard alone, with scripts and without."""

from __future__ import annotations

import re

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import check
from tests.functional.bench import EIA, GOOD, TRANSFER, WELL, without

from motcua.web.bench.questions import jobs

pytestmark = pytest.mark.browser

OPEN = (f"{TRANSFER}?on=2024-05-06&licence.area=85,5&licence.mineral=metal&scheme.budget=8.000.000.000"
        "&scheme.spent=3.999.999.999&transferor.duties_done=-&dispute=no")
WRONG = (f"{TRANSFER}?on=2023-02-30&vs=x&licence.area=a&licence.mineral=b&licence.expires_on=c&transferor.duties_done=d"
         "&dispute=e&nothing=f")


def looking(officer, site, scripts):
    """A page for axe, which needs scripts itself: without them, those of the site are not delivered."""
    page = officer(site)
    if not scripts:
        page.route("**/*.js*", lambda route: route.abort())
    return page


def outcome(page):
    return page.locator("#outcome").inner_text()


def wait_for_outcome(page, words):
    page.locator("#outcome", has_text=re.compile(f"^{words}$")).wait_for()


@pytest.mark.parametrize("scripts", [True, False])
class TestAccessibility:
    @pytest.mark.parametrize("address", [
        "/bench", OPEN, f"{OPEN}&vs=2026-07-02", f"{OPEN}&lang=en", WRONG, f"{EIA}?on=2026-11-26",
        OPEN.replace("?", "/keep?"), WRONG.replace("?", "/keep?"), f"{TRANSFER}/scenarios",
        OPEN.replace("?", "/picture?"), f"{OPEN}&part=all&whole=1".replace("?", "/picture?"), WRONG.replace("?", "/picture?"),
        f"{TRANSFER}/coverage", f"{TRANSFER}/checks", f"{TRANSFER}/impact", f"{TRANSFER}/compare",
        f"{TRANSFER}/compare?from=2026-01-10&to=2026-07-01", f"{TRANSFER}/compare?from=x&to=2026-07-01",
    ])
    def test_axe_finds_nothing(self, officer, real_site, address, scripts):
        page = looking(officer, real_site, scripts)
        page.goto(real_site.url + address)
        check(page)

    def test_nor_with_everything_unfolded(self, officer, real_site, scripts):
        page = looking(officer, real_site, scripts)
        page.goto(f"{real_site.url}{OPEN}&vs=2026-07-02")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        check(page)

    def test_nor_on_a_scenario_refused(self, officer, real_site, scripts):
        page = looking(officer, real_site, scripts)
        page.goto(real_site.url + OPEN.replace("?", "/keep?"))
        page.fill("[name='expect.fee']", "nhiều tiền")
        page.click("#keep button")
        assert page.locator(".error-summary li").count() == 3
        check(page)


@pytest.mark.parametrize(("view", "there"), [
    ("coverage", ".figures"), ("compare?from=2025-06-30&to=2025-07-01", "#differences")])
def test_a_long_question_shows_how_far_it_is_and_then_its_answer(officer, wells_site, view, there):
    page = officer(wells_site)
    page.goto(f"{wells_site.url}/bench/vn.water.well-permit/{view}")
    if page.locator("#job button").count():
        page.click("#job button")
    page.locator(there).wait_for(timeout=90_000)
    check(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    check(page)


STOPPED = re.compile("đã dừng việc tính")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_question_is_stopped_by_its_button(officer, wells_site, monkeypatch, scripts):
    monkeypatch.setitem(jobs.KINDS, "checks", "tests.functional.test_bench_questions:endless")
    page = officer(wells_site, NARROW, scripts=scripts)
    page.goto(f"{wells_site.url}{WELL}/checks")
    page.click("#job button")
    page.locator("#job[data-job=running], #job[data-job=waiting]").wait_for()
    if scripts:
        check(page)
    page.click("#job button:has-text('Dừng tính')")
    page.locator("#job", has_text=STOPPED).wait_for()
    assert page.locator("#job button").inner_text() == "Kiểm chứng bộ quy định"
    if scripts:
        check(page)


def test_what_is_folded_away_is_printed(officer, wells_site):
    page = officer(wells_site)
    page.goto(f"{wells_site.url}{WELL}/sign-off")
    case = page.locator("details.folded li").first
    assert not case.is_visible()
    page.emulate_media(media="print")
    assert case.is_visible()
    page.emulate_media(media="screen")
    # a browser that cannot do so by its style sheet unfolds by script, and folds again
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert case.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not case.is_visible()


def test_two_laws_side_by_side_are_told_apart_on_a_phone(officer, wells_site):
    page = officer(wells_site, NARROW)
    page.goto(f"{wells_site.url}{GOOD}&vs=2025-06-30")
    first = page.locator(".comparison tbody tr").first
    assert first.locator("td").all_inner_texts() == [
        "Luật ngày 01/7/2025: Đủ điều kiện", "Luật ngày 30/6/2025: Trường hợp này không phải làm thủ tục"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


class TestPicture:
    @pytest.fixture
    def page(self, officer, wells_site):
        page = officer(wells_site)
        page.goto(wells_site.url + GOOD.replace("?", "/picture?"))
        return page

    def test_it_is_a_picture_and_not_its_source(self, page):
        assert page.locator(".picture-frame > svg").evaluate("each => each.namespaceURI").endswith("/svg")
        assert "<svg" not in page.locator(".picture-frame").inner_text()

    def test_a_box_under_the_focus_keeps_its_way_and_the_rest_fades(self, page):
        page.focus("[data-node='fact works.deposit']")
        assert page.locator("[data-node='requirement deposit']:not(.faded)").count() == 1
        assert page.locator("[data-node='fact lease.ends_on'].faded").count() == 1
        page.keyboard.press("Escape")
        assert page.locator(".picture .faded").count() == 0

    def test_the_words_in_a_box_stay_inside_it(self, page, officer, real_site):
        page.goto(page.url + "&part=all&whole=1")
        other = officer(real_site)
        other.goto(f"{real_site.url}{OPEN}&part=all&whole=1".replace("?", "/picture?"))
        for each in (page, other):
            assert each.evaluate("""() => [...document.querySelectorAll('[data-node]')].flatMap(box => {
                const frame = box.querySelector('rect').getBBox();
                return [...box.querySelectorAll('text')].map(text => text.getBBox())
                    .filter(text => text.x + text.width > frame.x + frame.width || text.y + text.height > frame.y + frame.height + 2)
                    .map(text => `${box.dataset.node}: ${text.width} in ${frame.width}`);
            })""") == []

    def test_a_box_leads_to_its_place_in_the_case(self, page):
        page.focus("[data-node='requirement deposit']")
        page.keyboard.press("Enter")
        page.wait_for_url("**#requirement-deposit")
        assert page.locator("#requirement-deposit").is_visible()

    def test_printed_the_whole_picture_is_on_the_sheet(self, page):
        page.emulate_media(media="print")
        frame, sheet = page.locator(".picture").bounding_box(), page.viewport_size
        assert frame["width"] <= sheet["width"]
        assert page.locator(".choices").is_hidden()


class TestTimeLine:
    def test_each_stretch_can_be_reached_and_chosen_by_keyboard(self, officer, real_site):
        page = officer(real_site)
        page.goto(real_site.url + OPEN)
        page.focus("#versions > ol > li:first-child a")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**on=2017-01-01**")
        assert page.locator("#versions .current a").get_attribute("aria-current") == "true"
        assert "01/01/2017" in page.locator("#versions .current").inner_text()
        assert page.input_value("[name='scheme.spent']") == "3.999.999.999"

    def test_it_moves_with_the_day_without_loading_the_page_again(self, officer, real_site):
        page = officer(real_site)
        page.goto(real_site.url + OPEN)
        page.evaluate("window.same = true")
        page.fill("[name='year']", "2018")
        page.keyboard.press("Tab")
        page.locator("#versions .current", has_text="15/3/2017").wait_for()
        assert page.evaluate("window.same")

    def test_on_a_phone_no_stretch_is_cut_off(self, officer, real_site):
        page = officer(real_site, NARROW)
        page.goto(f"{real_site.url}{EIA}?on=2026-11-26")
        for stretch in page.locator("#versions > ol > li").all():
            box = stretch.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= NARROW["width"]


def test_without_scripts_the_button_does_it_all(officer, wells_site):
    page = officer(wells_site, scripts=False)
    page.goto(wells_site.url + without(GOOD, "works.deposit"))
    assert outcome(page) == "Chưa rõ có đủ điều kiện không"
    page.fill("[name='works.deposit']", "7.999.999")
    page.fill("#versus", "30/6/2025")
    page.click("#facts .bench-actions button")
    assert outcome(page) == "Chưa đủ điều kiện"
    assert page.locator("#comparison").is_visible()
    assert "works.deposit=7.999.999" in page.url
    assert "vs=2025-06-30" in page.url


class TestLive:
    @pytest.fixture
    def page(self, officer, wells_site):
        page = officer(wells_site)
        page.goto(wells_site.url + without(GOOD, "works.deposit", "site.protected"))
        page.evaluate("window.same = true")
        return page

    def settled(self, page, words):
        wait_for_outcome(page, words)
        assert page.evaluate("window.same"), "the page was loaded again"

    def test_a_change_of_a_fact_shows_at_once_and_has_its_address(self, page, officer, wells_site):
        page.check("[id='fact-site.protected-2']")
        page.fill("[name='works.deposit']", "8.000.000")
        page.keyboard.press("Tab")
        self.settled(page, "Đủ điều kiện")
        assert page.locator("#short").inner_text() == "Đủ điều kiện"
        assert page.locator("#announced").text_content() == "Đủ điều kiện"
        page.wait_for_url("**works.deposit=8.000.000**")
        other = officer(wells_site)
        other.goto(page.url)
        assert other.locator("#result").inner_text() == page.locator("#result").inner_text()

    def test_the_field_one_types_in_keeps_the_focus_and_its_text(self, page):
        page.fill("[name='works.deposit']", "8.000.000")
        page.keyboard.press("Tab")
        page.fill("[name='well.depth']", "300")
        page.wait_for_url("**works.deposit=8.000.000**")
        assert page.evaluate("document.activeElement.name") == "well.depth"
        assert page.input_value("[name='well.depth']") == "300"

    def test_enter_checks_without_leaving_the_field(self, page):
        page.focus("[name='works.deposit']")
        page.keyboard.type("100")
        page.keyboard.press("Enter")
        self.settled(page, "Chưa đủ điều kiện")
        assert page.evaluate("document.activeElement.name") == "works.deposit"

    def test_what_cannot_be_read_is_told_at_its_field_while_typing_goes_on(self, page):
        page.fill("[name='works.deposit']", "8.5")
        page.keyboard.press("Tab")
        page.locator("[id='fact-works.deposit-error']").wait_for()
        assert page.input_value("[name='works.deposit']") == "8.5"
        assert page.get_attribute("[name='works.deposit']", "aria-invalid") == "true"
        assert "Cần sửa dữ kiện" in page.locator("#result").inner_text()
        check(page)
        page.fill("[name='works.deposit']", "8.000.000")
        page.keyboard.press("Enter")
        page.locator("[id='fact-works.deposit-error']").wait_for(state="detached")
        assert page.locator(".error-summary").count() == 0

    def test_a_fact_that_no_longer_applies_says_so(self, page):
        assert "không áp dụng" not in page.locator("[id='row-site.protection_consent']").inner_text()
        page.check("[id='fact-site.protected-2']")
        page.locator("[id='row-site.protection_consent'] .tag").wait_for()

    def test_the_language_can_be_changed_with_the_facts_kept(self, page):
        page.fill("[name='works.deposit']", "100")
        page.keyboard.press("Tab")
        self.settled(page, "Chưa đủ điều kiện")
        page.click(".site-languages a")
        assert outcome(page) == "The conditions are not met"
        assert page.input_value("[name='works.deposit']") == "100"

    def test_a_state_with_errors_has_its_address_too(self, page):
        page.fill("[name='works.deposit']", "8.5")
        page.keyboard.press("Tab")
        page.wait_for_url("**works.deposit=8.5**")
        page.reload()
        assert page.input_value("[name='works.deposit']") == "8.5"
        assert page.locator(".error-summary").is_visible()

    def test_an_unfolded_reason_stays_unfolded(self, page):
        page.locator("#requirement-checks .why summary").click()
        page.fill("[name='works.deposit']", "100")
        page.keyboard.press("Tab")
        page.locator("#requirement-deposit .tag-bad").wait_for()
        assert page.locator("#requirement-checks .why .proof").is_visible()

    def test_a_fact_worth_asking_is_one_click_away(self, page):
        for fact in ("works.deposit", "site.protected"):
            page.click(f".asking a[href='#fact-{fact}']")
            page.wait_for_function("name => document.activeElement.name === name", arg=fact)

    def test_a_fact_is_found_by_its_words_without_marks(self, page):
        page.fill("#find", "ky quy")
        shown = page.locator("[data-fact]:visible")
        assert shown.count() == 1
        assert shown.first.get_attribute("data-fact") == "works.deposit"
        page.keyboard.press("Enter")
        page.fill("#find", "")
        assert page.locator("[data-fact]:visible").count() > 8

    def test_a_server_that_does_not_answer_leaves_the_facts_as_they_are(self, page):
        page.route("**/bench/**", lambda route: route.abort())
        page.fill("[name='works.deposit']", "8.000.000")
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)
        assert page.input_value("[name='works.deposit']") == "8.000.000"
        assert outcome(page) == "Chưa rõ có đủ điều kiện không"


def test_the_answer_stays_in_sight_beside_sixty_facts(officer, real_site):
    page = officer(real_site)
    page.goto(f"{real_site.url}{EIA}?on=2026-11-26")
    for height in (0, 1500, 2500):
        page.evaluate(f"window.scrollTo(0, {height})")
        box = page.locator("#outcome").bounding_box()
        assert 0 <= box["y"] < WIDE["height"]


def test_on_a_phone_the_outcome_and_the_button_stay_in_sight(officer, real_site):
    page = officer(real_site, NARROW)
    page.goto(f"{real_site.url}{EIA}?on=2026-11-26")
    page.evaluate("window.scrollTo(0, 2000)")
    for shown in (page.locator("#short"), page.locator(".bench-actions button")):
        box = shown.bounding_box()
        assert 0 <= box["y"] <= NARROW["height"] - box["height"]


def test_the_whole_bench_works_by_keyboard(officer, wells_site):
    page = officer(wells_site)
    page.goto(wells_site.url + without(GOOD, "works.deposit", "site.protected"))
    page.focus("[id='fact-site.protected-unknown']")
    label = page.locator("label[for='fact-site.protected-unknown']")
    page.keyboard.press("ArrowLeft")
    label = page.locator("label[for='fact-site.protected-2']")
    assert page.is_checked("[id='fact-site.protected-2']")
    assert label.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.href || document.activeElement.tagName"))
        if page.evaluate("document.activeElement.name") == "works.deposit":
            page.keyboard.type("8.000.000")
    assert {"works.deposit", "lease.ends_on", "result", "SUMMARY"} <= seen
    wait_for_outcome(page, "Đủ điều kiện")


def test_printed_it_shows_the_facts_given_and_the_answer(officer, wells_site):
    page = officer(wells_site, scripts=False)
    page.goto(wells_site.url + GOOD)
    page.emulate_media(media="print")
    assert page.locator("#facts").is_hidden()
    assert "80.000.000 đồng" in page.locator(".print-only").inner_text()
    assert page.locator("#reply").is_visible()
