"""Citations are read tolerantly and shown in the order each language uses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import Citation, CitedPlace, Interval, Source, Sources, Text

SOURCES = Sources({key: Source(key, Text(vi, en), number, Interval.parse(in_force)) for key, vi, en, number, in_force in [
    ("LKS2010", "Luật Khoáng sản số 60/2010/QH12", "Mineral Law 2010", "60/2010/QH12", "2011-07-01 .. 2025-06-30"),
    ("DCKS2024", "Luật Địa chất và khoáng sản", "Geology and Minerals Law 2024", "54/2024/QH15", "2025-07-01 .."),
    ("ND21", "Nghị định 21/2026/NĐ-CP", "Decree 21/2026", "21/2026/NĐ-CP", "2026-01-16 .."),
    ("NQ6619", "Nghị quyết 66.19/2026/NQ-CP", "Resolution 66.19/2026", "66.19/2026/NQ-CP",
     "2026-05-18 .. 2027-02-28"),
]})


@pytest.mark.parametrize(("text", "vi", "en"), [
    ("LKS2010 art 43 cl 3 pt a", "điểm a khoản 3 Điều 43 Luật Khoáng sản số 60/2010/QH12",
     "Mineral Law 2010, art. 43 cl. 3 pt. a"),
    ("NQ6619 annex IX part A sec VI cl 1 pt đ",
     "điểm đ khoản 1 mục VI phần A Phụ lục IX Nghị quyết 66.19/2026/NQ-CP",
     "Resolution 66.19/2026, annex IX part A sec. VI cl. 1 pt. đ"),
    ("DCKS2024 art 47 cl 2 pt a, b and đ",
     "điểm a, b và đ khoản 2 Điều 47 Luật Địa chất và khoáng sản số 54/2024/QH15",
     "Geology and Minerals Law 2024, art. 47 cl. 2 pt. a, b and đ"),
    ("DCKS2024 art 46 cl 1 as replaced by ND21 art 1 cl 5",
     "khoản 1 Điều 46 Luật Địa chất và khoáng sản số 54/2024/QH15 được thay thế bởi khoản 5 Điều 1 Nghị định 21/2026/NĐ-CP",
     "Geology and Minerals Law 2024, art. 46 cl. 1 as replaced by Decree 21/2026, art. 1 cl. 5"),
    ("ND21 art 110c cl 2 and 5 (added by ND21 art 1 cl 44)",
     "khoản 2 và 5 Điều 110c Nghị định 21/2026/NĐ-CP (được bổ sung bởi khoản 44 Điều 1 Nghị định 21/2026/NĐ-CP)",
     "Decree 21/2026, art. 110c cl. 2 and 5 (added by Decree 21/2026, art. 1 cl. 44)"),
    ("ND21 art 5 cl 1 to 3", "khoản 1 đến 3 Điều 5 Nghị định 21/2026/NĐ-CP", "Decree 21/2026, art. 5 cl. 1 to 3"),
    ("ND21", "Nghị định 21/2026/NĐ-CP", "Decree 21/2026"),
    ("ND21 fee table part II", "Nghị định 21/2026/NĐ-CP fee table part II", "Decree 21/2026, fee table part II"),
    ("XYZ1 art 2", "Điều 2 XYZ1", "XYZ1, art. 2"),
    ("Law on fees (list; annexed)", "Law on fees (list; annexed)", "Law on fees (list; annexed)"),
])
def test_a_place_reads_from_small_to_large_in_vietnamese_and_back_in_english(text, vi, en):
    citation = Citation.parse(text)
    assert (citation.show("vi", SOURCES), citation.show("en", SOURCES)) == (vi, en)


def test_several_places_are_told_apart():
    citation = Citation.parse("LKS2010 art 40 cl 1 pt c and cl 2, art 43 cl 1; ND21")
    assert citation.places == (
        CitedPlace("LKS2010", "art 40 cl 1 pt c"), CitedPlace("LKS2010", "art 40 cl 2"),
        CitedPlace("LKS2010", "art 43 cl 1"), CitedPlace("ND21", ""))


def test_on_a_day_only_sources_in_force_are_cited():
    citation = Citation.parse("LKS2010 art 43 cl 3; DCKS2024 art 46 cl 1")
    assert citation.on(date(2024, 5, 6), SOURCES).text == "LKS2010 art 43 cl 3"
    assert citation.on(date(2025, 7, 1), SOURCES).text == "DCKS2024 art 46 cl 1"
    assert Citation.parse("ND21 art 1").on(date(2020, 1, 1), SOURCES).text == "ND21 art 1"


def test_a_citation_in_force_as_a_whole_keeps_its_words():
    citation = Citation.parse("DCKS2024  art 46;ND21 art 1")
    assert citation.on(date(2026, 2, 1), SOURCES) is citation


def test_keys_that_are_not_in_the_register_are_named():
    assert Citation.parse("LKS2010 art 1; XYZ1 art 2; XYZ1 art 3").unknown_sources(SOURCES) == ("XYZ1",)


@given(st.lists(st.sampled_from(["LKS2010", "art", "43", "cl", "pt", "đ", ",", ";", "and", "(", ")", "with", "as amended by",
                                 "annex", "IX", "to", "những lời khác", "cl 2"]),
                                 max_size=12).map(" ".join) | st.text())
def test_whatever_is_written_is_shown_and_never_an_error(text):
    citation = Citation.parse(text)
    shown = citation.show("vi", SOURCES)
    assert bool(shown.strip()) == bool(citation.places)
    for word in ("43", "IX", "lời"):
        assert (word in shown) >= (word in text and "LKS2010" not in text)
