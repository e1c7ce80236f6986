"""Two people change what belongs together at the same moment: one of them sees what the other did, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.dossiers.samples import FORM, NOW

from motcua.dossiers import DraftConflict, DraftUnknown, begin_draft, close_draft, find_draft, remove_draft, save_draft


def crossing(archive, slow, quick):
    """Let ``quick`` be committed when ``slow`` has done its work and is not yet committed; how often that was done."""
    runs = []

    def work(records):
        runs.append(1)
        done = slow(records)
        if len(runs) == 1:
            archive.run(quick)
        return done

    try:
        archive.run(work)
    finally:
        archive.runs = len(runs)


#: So many cases that two of them lie in different records.
OTHERS = [f"k{number:03}" for number in range(100)]


class TestGrids:
    @pytest.fixture(autouse=True)
    def _grid(self, kept_archive):
        def begin(records):
            records.scenarios.begin_grid("p", "giếng")
            put(records, "b")
            for name in OTHERS:
                put(records, name, "kept")
        kept_archive.run(begin)

    def test_a_case_is_not_saved_into_a_grid_that_is_taken_away(self, kept_archive):
        with pytest.raises(KeyError):
            crossing(kept_archive, lambda records: change(records, "z"), take_away)
        assert kept_archive.runs == 2
        assert kept_archive.run(ids) == OTHERS

    def test_a_grid_is_taken_away_with_the_case_saved_meanwhile(self, kept_archive):
        crossing(kept_archive, take_away, lambda records: put(records, "z"))
        assert kept_archive.run(ids) == OTHERS


def put(records, name, grid="gieng"):
    records.scenarios.put("p", name, {"given": {}, "expect": {}}, author="lan", at=NOW, grid=grid)


def ids(records):
    return [each.id for each in records.scenarios.of("p")]


def change(records, name):
    """As the page of the grid does, which is found by its id first."""
    if records.scenarios.grid("p", "gieng") is None:
        raise KeyError("gieng")
    put(records, name)


def take_away(records):
    records.scenarios.remove_grid("p", "gieng")


class TestLawDrafts:
    @pytest.fixture(autouse=True)
    def _draft(self, kept_archive):
        kept_archive.run(lambda records: records.law_drafts.begin("p", "phi", "bản 1", author="lan", at=NOW))

    def test_a_version_is_not_saved_into_a_draft_that_is_taken_away(self, kept_archive):
        with pytest.raises(AttributeError):
            crossing(kept_archive, save, lambda records: records.law_drafts.remove("p", "phi"))
        assert kept_archive.runs == 2

    def test_a_draft_taken_away_remembers_who_wrote_the_version_saved_meanwhile(self, kept_archive):
        crossing(kept_archive, lambda records: records.law_drafts.remove("p", "phi"), save)
        assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", "bản 2")) == ("lan", "minh")


def save(records):
    records.law_drafts.get("p", "phi").save("bản 2", author="minh", at=NOW)


class TestFilledInForms:
    @pytest.fixture(autouse=True)
    def _draft(self, kept_archive):
        kept_archive.run(lambda records: begin_draft(
            records, procedure="p", form=FORM, xml=b"<a/>", now=NOW, owner="lan", draft_id="d"))

    @pytest.mark.parametrize("end", ["send", "remove"])
    def test_a_page_is_not_saved_into_a_form_that_is_sent_or_removed(self, kept_archive, end):
        with pytest.raises(DraftUnknown):
            crossing(kept_archive, save_page, ENDS[end])
        assert kept_archive.runs == 2

    @pytest.mark.parametrize("end", ["send", "remove"])
    def test_a_form_is_not_sent_or_removed_without_the_page_saved_meanwhile(self, kept_archive, end):
        with pytest.raises(DraftConflict):
            crossing(kept_archive, ENDS[end], save_page)
        assert kept_archive.run(find).xml == b"<b/>"


def find(records):
    return find_draft(records, "d", now=NOW, account="lan")


def save_page(records):
    save_draft(find(records), revision=1, xml=b"<b/>", page="", now=NOW + timedelta(minutes=1))


def as_it_was(records):
    draft = find(records)
    if draft.revision != 1:
        raise DraftConflict(draft, 1)
    return draft


ENDS = {"send": lambda records: close_draft(records, as_it_was(records), "MTC-1", now=NOW),
        "remove": lambda records: remove_draft(records, as_it_was(records))}
