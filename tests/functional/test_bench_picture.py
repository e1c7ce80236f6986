"""The picture of a case: what leads to what, drawn and in words, the same in both."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from tests.functional.bench import EIA, GOOD, TRANSFER, WELL, without

from motcua.procedures import read_facts
from motcua.web.bench.picture.drawing import width_of, wrap
from motcua.web.bench.trying.case import address_of

SVG = "{http://www.w3.org/2000/svg}"


def picture(address, **more):
    """The address of the picture of a case."""
    path, _, query = address.partition("?")
    return f"{path}/picture?{query}" + "".join(f"&{name}={value}" for name, value in more.items())


def boxes(officer):
    """Node → what the picture says of it."""
    return {box["data-node"]: box["aria-label"] for box in officer.page.html.select("svg [data-node]")}


def lines(officer):
    return {(path["data-from"], path["data-to"]) for path in officer.page.html.select("svg path")}


def in_words(officer):
    """The lines of the text below the picture, and each with what stands over it."""
    found, over = {}, set()
    for item in officer.page.html.select(".in-words li"):
        own = words_of(item)
        found[own] = item
        parent = item.find_parent("li")
        if parent is not None:
            over.add((own, words_of(parent)))
    return found, over


def words_of(item):
    parts = [part.get_text() if getattr(part, "name", "") else str(part) for part in item.children
             if getattr(part, "name", "") != "ul"]
    kind = next(part for part in parts if part.strip())
    tag = item.find("strong", recursive=False).get_text()
    title = "".join(str(part) for part in item.children if not getattr(part, "name", "")).strip().rstrip(".")
    return f"{kind} {title}: {tag}" if title else f"{kind} {tag}"


def test_the_tab_of_the_case_leads_back_to_it_without_what_the_picture_was_asked(officer):
    officer.open(GOOD.replace("?", "/picture?") + "&part=documents&whole=1")
    [tab] = officer.page.html.select(".tabs [aria-current]")
    officer.open(tab["href"])
    assert officer.path == WELL
    assert not officer.errors
    assert officer.page.html.find(id="fact-works.cost")["value"] == "80.000.000"


class TestContent:
    def test_a_case_that_fails_shows_the_facts_that_made_it_fail(self, officer):
        officer.open(picture(GOOD.replace("8.000.000&", "7.999.999&")))
        shown = boxes(officer)
        assert shown["outcome"] == "Kết luận: Chưa đủ điều kiện"
        assert shown["requirement deposit"].endswith("10% chi phí xây dựng: chưa đáp ứng")
        assert shown["fact works.deposit"] == "Dữ kiện: Tiền ký quỹ: 7.999.999 đồng"
        assert {("fact works.deposit", "requirement deposit"), ("fact works.cost", "requirement deposit"),
                ("requirement deposit", "outcome")} <= lines(officer)

    def test_terms_stand_between_facts_and_what_rests_on_them(self, officer):
        officer.open(picture(GOOD))
        assert {("fact well.depth", "derived deep"), ("derived deep", "derived industrial_or_deep"),
                ("derived industrial_or_deep", "applies needed-2024"), ("applies needed-2024", "outcome")} <= lines(officer)
        assert boxes(officer)["derived deep"] == "Khái niệm: Giếng sâu: có"

    def test_only_what_decided_the_case_is_shown_and_all_on_request(self, officer):
        officer.open(picture(GOOD))
        few = boxes(officer)
        assert "requirement protection-consent" not in few
        assert "fact well.flow" not in few
        officer.open(officer.links()["Mọi điều luật có thể xét"])
        everything = boxes(officer)
        assert everything["requirement protection-consent"].endswith("không áp dụng")
        assert everything["fact site.protection_consent"].endswith("không áp dụng")
        assert {*few, "fact well.flow", "fact well.use"} <= set(everything)

    @pytest.mark.parametrize(("part", "there", "missing"), [
        ("documents", "document application", "outcome"), ("decisions", "decision fee", "outcome"),
        ("all", "outcome", "fact works.driller")])
    def test_documents_and_decisions_have_pictures_of_their_own(self, officer, part, there, missing):
        officer.open(picture(GOOD.replace("protected=no", "protected=yes"), part=part))
        assert there in boxes(officer)
        assert missing not in boxes(officer)

    def test_a_table_of_fees_rests_on_the_facts_it_is_looked_up_by(self, officer):
        officer.open(picture(GOOD, part="decisions"))
        assert {("fact works.cost", "decision fee"), ("fact well.use", "decision fee")} <= lines(officer)
        assert boxes(officer)["decision fee"] == "Nội dung giải quyết: Phí: 1.000.000 đồng"

    def test_what_is_not_known_is_said_and_framed_otherwise(self, officer):
        officer.open(picture(without(GOOD, "works.deposit")))
        assert boxes(officer)["fact works.deposit"] == "Dữ kiện: Tiền ký quỹ: chưa biết"
        frame = officer.page.html.select_one('[data-node="fact works.deposit"] rect')
        assert frame["stroke-dasharray"]

    def test_the_transitional_clause_and_what_it_moved_are_shown(self, officer):
        officer.open(picture(GOOD.replace("2025-07-01", "2025-06-30").replace("depth=25", "depth=35")
                             + "&filing.elects_new_law=yes", part="decisions"))
        shown = boxes(officer)
        clause = next(name for name in shown if name.startswith("transitional"))
        assert shown[clause].endswith("theo luật mới")
        assert ("fact filing.elects_new_law", clause) in lines(officer)
        assert ("derived deep", "derived industrial_or_deep") in lines(officer)

    @pytest.mark.parametrize("whole", ["0", "1"])
    @pytest.mark.parametrize("part", ["outcome", "documents", "decisions", "all"])
    def test_the_words_say_the_same_as_the_picture(self, officer, part, whole):
        officer.open(picture(without(GOOD, "works.deposit"), part=part, whole=whole))
        found, over = in_words(officer)
        shown = boxes(officer)
        if lines(officer):
            assert set(found) == set(shown.values())
            assert over >= {(shown[source], shown[target]) for source, target in lines(officer)}

    def test_every_scenario_of_the_project_can_be_drawn(self, examiner, real):
        for path in (EIA, TRANSFER):
            checked = real.registry.motcua_catalogue[path.rpartition("/")[2]]
            for scenario in checked.scenarios()[0].scenarios[::17]:
                facts = read_facts(checked.procedure, scenario.given)
                for whole in "01":
                    examiner.open(f"{path}/picture?{urlencode(address_of(checked.procedure, facts))}&part=all&whole={whole}")
                    assert "outcome" in boxes(examiner)
                    assert all(source in boxes(examiner) for source, _target in lines(examiner))


class TestLooks:
    def test_no_box_lies_over_another_and_all_lie_in_the_picture(self, examiner, real):
        checked = real.registry.motcua_catalogue["vn.environment.eia-appraisal"]
        facts = read_facts(checked.procedure, checked.scenarios()[0].scenarios[0].given)
        examiner.open(f"{EIA}/picture?{urlencode(address_of(checked.procedure, facts))}&part=all&whole=1")
        svg = examiner.page.html.find("svg")
        frames = [[float(box.rect[name]) for name in ("x", "y", "width", "height")] for box in svg.select("[data-node]")]
        assert len(frames) > 50
        for number, (x, y, width, height) in enumerate(frames):
            assert x >= 0
            assert x + width <= float(svg["width"])
            assert y + height <= float(svg["height"])
            for left, top, wide, high in frames[number + 1:]:
                assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y

    def test_the_same_case_is_drawn_the_same(self, officer):
        officer.open(picture(GOOD, part="all"))
        first = str(officer.page.html.find("svg"))
        officer.open(picture(GOOD, part="all"))
        assert str(officer.page.html.find("svg")) == first

    def test_long_words_are_broken_or_cut_and_marks_take_no_room(self):
        assert wrap("Đánh giá tác động môi trường", 100, 9) == ["Đánh giá tác", "động môi", "trường"]
        assert wrap("một hai ba bốn năm sáu bảy", 60, 2)[-1].endswith("…")
        assert all(width_of(line) <= 60 for line in wrap("x" * 200, 60, 3))
        assert width_of("ế") == width_of("e")


class TestAddress:
    def test_a_box_leads_to_its_place_on_the_page_of_the_case(self, officer):
        officer.open(GOOD)
        officer.open(officer.links()["Sơ đồ từ dữ kiện đến kết luận"])
        links = {link["data-node"]: link["href"] for link in officer.page.html.select("svg a")}
        officer.open(links["requirement deposit"].partition("#")[0])
        for link in links.values():
            assert officer.page.html.find(id=link.partition("#")[2]), link

    def test_it_can_be_saved_as_a_file(self, officer):
        officer.open(picture(GOOD))
        officer.open(officer.links()["Tải sơ đồ (SVG)"])
        assert officer.page.content_type == "image/svg+xml"
        assert "attachment" in officer.page.headers["Content-Disposition"]
        root = ElementTree.fromstring(officer.page.body)
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text.startswith("Từ dữ kiện đến kết luận")
        assert all(link.get("href").startswith("http://") for link in root.iter(f"{SVG}a"))

    @pytest.mark.parametrize("view", ["picture", "picture.svg"])
    def test_what_cannot_be_read_is_told(self, officer, view):
        officer.open(f"{WELL}/{view}?on=2025-07-01&well.depth=x&nothing=1", status=422)
        assert "nothing" in officer.text

    @pytest.mark.parametrize("more", ["part=x", "whole=x", "part=&whole="])
    def test_unknown_choices_show_the_outcome(self, officer, more):
        officer.open(f"{picture(GOOD)}&{more}")
        assert "outcome" in boxes(officer)

    def test_names_of_facts_cannot_break_out_of_the_picture(self, officer):
        officer.open(picture(f"{GOOD}&works.driller=%3Cscript%3E%22"))
        assert "<script>\"" not in officer.page.text
