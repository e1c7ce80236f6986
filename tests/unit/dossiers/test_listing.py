"""Dossiers are found by word, state and person, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import STORES, new_uri
from tests.unit.dossiers.samples import NOW, submission

from motcua.dossiers import count, fold, open_archive, page, receive

PEOPLE = [("hang", "Đỗ Thị Hằng"), ("duc", "Công ty TNHH Đức Phát"), ("an", "Nguyễn Văn An 100%"),
          ("hang", "Đỗ Thị Hằng")]


@pytest.fixture(scope="module", params=STORES)
def filled(request, tmp_path_factory):
    uri = new_uri(request.param, tmp_path_factory.mktemp("listing"), request)
    with open_archive(uri, agency="000.00.12.G12") as archive:
        yield fill(archive)


def fill(archive):
    for number, (applicant, name) in enumerate(PEOPLE):
        sent = submission(f"uuid:{number}", applicant=applicant, applicant_name=name,
                          now=NOW + timedelta(minutes=number), procedure="p1" if number < 2 else "p2")
        archive.run(lambda records, sent=sent: receive(records, **sent).dossier.code)
    return archive.read_model


def numbers(found):
    return [int(line.code[-4:]) for line in found.lines]


@pytest.mark.parametrize(("text", "folded"), [
    ("Đỗ  Thị\tHằng", "do thi hang"), ("ĐƯỜNG Ươm", "duong uom"), ("", ""), ("G12-0001", "g12-0001")])
def test_search_text_has_no_case_and_no_accents(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(("words", "found"), [
    ("hang do", [4, 1]), ("HẰNG", [4, 1]), ("đức phat", [2]), ("240506-0003", [3]), ("100%", [3]),
    ("1_0", []), ("p2 hang", [4]), ("nobody", [])])
def test_all_words_must_occur_in_any_order(filled, words, found):
    assert numbers(page(filled, words=words)) == found
    assert count(filled, words=words) == len(found)


@pytest.mark.parametrize(("only", "found"), [
    ({"applicant": "hang"}, [4, 1]), ({"procedure": "p1"}, [2, 1]), ({"state": "withdrawn"}, []),
    ({"outcome": "eligible", "applicant": "an"}, [3]),
    ({"authority": "ministry", "state": None}, [4, 3, 2, 1])])
def test_lists_can_be_narrowed(filled, only, found):
    assert numbers(page(filled, **only)) == found
    assert count(filled, **only) == len(found)


def test_pages_follow_each_other_without_gap_or_overlap(filled):
    first = page(filled, size=3)
    rest = page(filled, size=3, after=first.next)
    assert (numbers(first), numbers(rest), rest.next) == ([4, 3, 2], [1], None)


def test_a_list_cannot_be_narrowed_by_what_it_does_not_know(filled):
    with pytest.raises(TypeError, match="colour"):
        page(filled, colour="red")


@pytest.mark.parametrize("name", ["Hằng\x00 Đỗ", "Hằng\ud800 Đỗ", "Hằng\n Đỗ"])
def test_a_name_that_sql_cannot_hold_stops_no_list(store_uri, name):
    with open_archive(store_uri, agency="000.00.12.G12") as archive:
        archive.run(lambda records: receive(records, **submission("uuid:1", applicant_name=name)).dossier.code)
        assert [line.applicant_name for line in page(archive.read_model, words="hang do").lines] == ["Hằng  Đỗ"]
        assert archive.read_model.reindex() == 1
