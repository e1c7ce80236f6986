"""The journal proves that nothing in it was changed afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.dossiers.samples import NOW

from motcua.dossiers import Journal

texts = st.text(max_size=8)
entries = st.lists(st.tuples(texts, texts, st.dictionaries(texts, texts, max_size=3)), min_size=2, max_size=6)


def journal_of(items, code="MTC-240506-0001"):
    journal = Journal(code)
    for who, what, details in items:
        journal.add(NOW, who, what, details)
    return journal


def put(journal, number, entry):
    """Write over an entry, as nobody may."""
    journal.entries = (*journal.entries[:number - 1], entry, *journal.entries[number:])


@given(entries)
def test_a_chain_as_written_is_sound(items):
    journal = journal_of(items)
    assert journal.verify() == ()
    assert [(entry.who, entry.what, dict(entry.details)) for entry in journal] == items
    assert len(journal) == len(items)
    assert journal.head == list(journal)[-1].seal


@given(entries, st.data())
def test_any_changed_field_breaks_the_chain_there(items, data):
    journal = journal_of(items)
    number = data.draw(st.integers(1, len(items)))
    old = journal.entries[number - 1]
    change = data.draw(st.sampled_from([
        {"who": old.who + "x"}, {"what": "x" + old.what}, {"at": old.at.replace(year=2020)},
        {"details": (*old.details, ("zz", ""))}, {"previous": "0" * 64}, {"seal": "0" * 64}, {"number": 9}]))
    put(journal, number, replace(old, **change))
    problem, = journal.verify()
    assert problem.code == "DOS_010"
    assert problem.params["number"] in (number, number + 1)


@given(entries, st.data())
def test_an_entry_rewritten_with_a_right_seal_breaks_the_chain_behind_it(items, data):
    journal = journal_of(items)
    number = data.draw(st.integers(1, len(items) - 1))
    forged = replace(journal.entries[number - 1], what="forged")
    put(journal, number, replace(forged, seal=forged.computed_seal()))
    assert journal.verify()[0].params["number"] == number + 1


@given(entries)
def test_a_missing_entry_and_entries_of_another_dossier_are_seen(items):
    journal = journal_of(items)
    moved = Journal("MTC-240506-0002")
    moved.entries = journal.entries
    assert moved.verify()[0].params["number"] == 1
    journal.entries = journal.entries[1:]
    assert journal.verify()[0].params["number"] == 1


def test_two_details_cannot_be_read_as_one():
    one = journal_of([("a", "b", {"x": "1", "y": "2"})])
    two = journal_of([("a", "b", {"x": '1"],["y","2'})])
    assert one.head != two.head


def test_a_time_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        Journal("x").add(datetime(2024, 5, 6), "a", "b")


def test_an_empty_journal_is_sound_and_its_head_depends_on_the_code():
    assert Journal("a").verify() == ()
    assert Journal("a").head != Journal("b").head
