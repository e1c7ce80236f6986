"""Drafts of rules and their versions are kept as they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.dossiers.samples import NOW

from motcua.dossiers import LARGEST_TEXT
from motcua.errors import InputError

TEXT = "procedure: vn.x\nvi: Thủ tục thử\n"


def begin(records, name="phi-2027", text=TEXT, procedure="p"):
    return records.law_drafts.begin(procedure, name, text, author="lan", at=NOW)


def refusal(work, archive):
    with pytest.raises(InputError) as error:
        archive.run(work)
    return [problem.code for problem in error.value.problems]


def test_every_version_comes_back_with_who_and_when(kept_archive):
    kept_archive.run(begin)
    kept_archive.run(lambda records: records.law_drafts.get("p", "phi-2027").save(
        TEXT + "en: x\n", author="minh", at=NOW + timedelta(days=1)))
    draft = kept_archive.run(lambda records: records.law_drafts.get("p", "phi-2027"))
    assert [(each.number, each.text, each.author, each.at) for each in draft.versions.values()] == [
        (1, TEXT, "lan", NOW), (2, TEXT + "en: x\n", "minh", NOW + timedelta(days=1))]
    assert draft.latest.number == 2
    assert (draft.author, draft.authors) == ("lan", ("lan", "minh"))


def test_saving_the_same_text_makes_no_version(archive):
    def work(records):
        draft = begin(records)
        assert draft.save(TEXT, author="minh", at=NOW).number == 1
        return list(draft.versions), draft.authors
    assert archive.run(work) == ([1], ("lan",))


def test_further_legal_texts_and_the_number_of_errors_are_kept_with_the_version(archive):
    def work(records):
        draft = begin(records)
        draft.save(TEXT, "ND1: {number: '1'}", problems=3, author="lan", at=NOW)
        return [(each.register, each.problems) for each in draft.versions.values()]
    assert archive.run(work) == [("", 0), ("ND1: {number: '1'}", 3)]


def test_drafts_are_listed_by_procedure_and_removed(archive):
    def work(records):
        for name in ("b", "a"):
            begin(records, name)
        begin(records, "c", procedure="q")
        records.law_drafts.remove("p", "b")
        return [[draft.name for draft in records.law_drafts.of(procedure)] for procedure in ("p", "q", "none")]
    assert archive.run(work) == [["a"], ["c"], []]
    with pytest.raises(KeyError):
        archive.run(lambda records: records.law_drafts.remove("none", "b"))


@pytest.mark.parametrize("name", ["", "x" * 61, "A", "a b", "../a", "a/b", "phí", "-a", "a--b", "a\n"])
def test_a_name_that_is_no_address_is_refused(archive, name):
    assert refusal(lambda records: begin(records, name), archive) == ["DOS_030"]


def test_a_taken_name_is_refused(archive):
    archive.run(begin)
    assert refusal(begin, archive) == ["DOS_032"]


def test_size_counts_octets_not_letters(archive):
    fits = "ệ" * (LARGEST_TEXT // 3)
    archive.run(lambda records: begin(records, text=fits))
    assert refusal(lambda records: begin(records, "b", text=fits + "ệ"), archive) == ["DOS_031"]


def test_there_is_an_end_to_versions_and_drafts(archive, monkeypatch):
    monkeypatch.setattr("motcua.dossiers.law_drafts.MOST_VERSIONS", 2)
    monkeypatch.setattr("motcua.dossiers.law_drafts.MOST_DRAFTS", 1)
    archive.run(begin)
    archive.run(lambda records: records.law_drafts.get("p", "phi-2027").save("two", author="lan", at=NOW))
    assert refusal(lambda records: records.law_drafts.get("p", "phi-2027").save("three", author="lan", at=NOW),
                   archive) == ["DOS_033"]
    assert refusal(lambda records: begin(records, "b"), archive) == ["DOS_034"]


def test_who_wrote_a_text_is_known_even_when_the_draft_is_gone(kept_archive):
    def write(records):
        draft = begin(records)
        draft.save("two", author="minh", at=NOW)
        begin(records, "other", "two")
        return records.law_drafts.writers_of("p", "two")
    assert kept_archive.run(write) == ("lan", "minh")
    kept_archive.run(lambda records: records.law_drafts.remove("p", "phi-2027"))
    kept_archive.run(lambda records: records.law_drafts.remove("p", "other"))
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", "two")) == ("lan", "minh")
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", TEXT)) == ("lan", "minh")
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("q", TEXT)) == ()
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", "three")) == ()


def test_who_begins_with_the_rules_in_force_has_not_written_them(kept_archive):
    def begin(records):
        draft = records.law_drafts.begin("p", "copy", TEXT, author="lan", at=NOW, is_copy=True)
        draft.save("two", author="minh", at=NOW)
        # back to where it began is no text of its own either
        draft.save(TEXT, author="minh", at=NOW)

    kept_archive.run(begin)
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", TEXT)) == ()
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", "two")) == ("lan", "minh")
    kept_archive.run(lambda records: records.law_drafts.remove("p", "copy"))
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", TEXT)) == ()
    assert kept_archive.run(lambda records: records.law_drafts.writers_of("p", "two")) == ("lan", "minh")
