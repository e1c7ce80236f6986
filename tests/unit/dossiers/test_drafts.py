"""A draft is kept for its owner or the bearer of its token, and two tabs cannot overwrite each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.dossiers.samples import FORM, NOW, XML, a_file, submission

from motcua.dossiers import (
    DraftConflict,
    DraftSent,
    DraftUnknown,
    adopt_draft,
    begin_draft,
    close_draft,
    drafts_of,
    find_draft,
    purge_drafts,
    receive,
    remove_draft,
    save_draft,
)

DAY = timedelta(days=1)


def begin(archive, owner="hang", now=NOW):
    return archive.run(lambda records: begin_draft(
        records, procedure="p", form=FORM, xml=XML, now=now, page="applicant", owner=owner).id)


def test_a_saved_page_is_there_when_the_draft_is_opened_again(kept_archive):
    draft_id = begin(kept_archive)

    def save(records):
        draft = find_draft(records, draft_id, now=NOW, account="hang")
        save_draft(draft, revision=1, xml=b"<new/>", page="wells", now=NOW + DAY,
                   files={"map.pdf": a_file(b"map", "map.pdf")}, answers=(("/data/depth", "12.5"),))
    kept_archive.run(save)

    def look(records):
        draft = find_draft(records, draft_id, now=NOW, account="hang")
        return (draft.xml, draft.page, draft.revision, draft.form, draft.answers,
                draft.files["map.pdf"].read(), draft.expires_at)
    assert kept_archive.run(look) == (
        b"<new/>", "wells", 2, FORM, (("/data/depth", "12.5"),), b"map", NOW + 31 * DAY)


def test_the_second_of_two_tabs_is_told_and_sees_what_is_there(archive):
    draft_id = begin(archive)

    def both(records):
        draft = find_draft(records, draft_id, now=NOW, account="hang")
        save_draft(draft, revision=1, xml=b"<first/>", page="b", now=NOW)
        with pytest.raises(DraftConflict) as error:
            save_draft(draft, revision=1, xml=b"<second/>", page="b", now=NOW)
        return error.value.draft.xml, error.value.problems[0].code, draft.revision
    assert archive.run(both) == (b"<first/>", "DOS_002", 2)


def test_a_file_can_be_replaced_and_taken_away(archive):
    draft_id = begin(archive)

    def work(records):
        draft = records.drafts[draft_id]
        for revision, files in enumerate([{"a": a_file(b"1"), "b": a_file(b"2")},
                                          {"a": a_file(b"3"), "b": None, "c": None}], start=1):
            save_draft(draft, revision=revision, xml=XML, page="", now=NOW, files=files)
        return {name: file.read() for name, file in draft.files.items()}
    assert archive.run(work) == {"a": b"3"}


def test_only_the_owner_or_the_bearer_of_the_last_token_opens_a_draft(archive):
    mine, free = begin(archive), begin(archive, owner=None)
    old = archive.run(lambda records: records.drafts[free].new_token())
    token = archive.run(lambda records: records.drafts[free].new_token())

    def opens(draft_id, **who):
        try:
            return archive.run(lambda records: find_draft(records, draft_id, now=NOW, **who).id) == draft_id
        except DraftUnknown:
            return False

    assert opens(mine, account="hang")
    assert opens(free, token=token)
    assert opens(free, account="hang", token=token)
    refused = [(mine, {"account": "an"}), (mine, {}), (mine, {"token": ""}), (mine, {"token": token}),
               (free, {"account": "hang"}), (free, {"token": old}), (free, {"account": None}),
               (free, {"token": "\udc80"}), ("no-such", {"account": "hang"})]
    assert not [case for case in refused if opens(case[0], **case[1])]


def test_a_token_has_128_bits_and_is_nowhere_in_the_database(tmp_path):
    from motcua.dossiers import open_archive

    with open_archive(f"file://{tmp_path / 'Data.fs'}") as archive:
        draft_id = begin(archive, owner=None)
        token = archive.run(lambda records: records.drafts[draft_id].new_token())
    assert len(token) * 6 >= 128
    assert token.encode() not in (tmp_path / "Data.fs").read_bytes()


def listed(archive, now):
    return archive.run(lambda records: [draft.id for draft in drafts_of(records, "hang", now=now)])


def test_an_account_sees_its_drafts_last_saved_first(archive):
    older, newer = begin(archive), begin(archive, now=NOW + DAY)
    begin(archive, owner="an")
    assert listed(archive, NOW + 2 * DAY) == [newer, older]
    assert archive.run(lambda records: drafts_of(records, "nobody", now=NOW)) == ()


def test_a_draft_begun_without_an_account_can_become_an_accounts(archive):
    free, other = begin(archive, owner=None), begin(archive, owner="an")

    def adopt(records):
        draft = records.drafts[free]
        token = draft.new_token()
        adopt_draft(records, draft, "hang")
        with pytest.raises(DraftUnknown):
            find_draft(records, free, now=NOW, token=token)
        with pytest.raises(DraftUnknown):
            adopt_draft(records, records.drafts[other], "hang")
        return find_draft(records, free, now=NOW, account="hang").id
    assert archive.run(adopt) == free
    assert listed(archive, NOW) == [free]


def test_an_expired_draft_is_not_opened_nor_listed_and_is_purged(archive):
    old, young = begin(archive), begin(archive, now=NOW + 10 * DAY)
    later = NOW + 30 * DAY
    with pytest.raises(DraftUnknown):
        archive.run(lambda records: find_draft(records, old, now=later, account="hang"))
    assert listed(archive, later) == [young]
    assert archive.run(lambda records: purge_drafts(records, now=later)) == 1
    assert archive.run(lambda records: list(records.drafts)) == [young]
    assert archive.run(lambda records: list(records.drafts_of["hang"])) == [young]


def test_a_sent_draft_says_for_a_day_as_which_dossier_and_keeps_nothing_else(kept_archive):
    draft_id = begin(kept_archive)

    def send(records):
        draft = records.drafts[draft_id]
        save_draft(draft, revision=1, xml=XML, page="", now=NOW, files={"a": a_file(b"1")}, answers=(("/a", "x"),))
        close_draft(records, draft, "MTC-240506-0001", now=NOW)

    def look(records):
        draft = records.drafts[draft_id]
        return draft.xml, dict(draft.files), draft.answers

    kept_archive.run(send)
    assert kept_archive.run(look) == (b"", {}, ())
    assert listed(kept_archive, NOW) == []
    with pytest.raises(DraftSent) as sent:
        kept_archive.run(lambda records: find_draft(records, draft_id, now=NOW, account="hang"))
    assert sent.value.code == "MTC-240506-0001"
    for who, now in (("an", NOW), ("hang", NOW + DAY)):
        with pytest.raises(DraftUnknown) as unknown:
            kept_archive.run(lambda records, who=who, now=now: find_draft(records, draft_id, now=now, account=who))
        assert not isinstance(unknown.value, DraftSent)
    assert kept_archive.run(lambda records: purge_drafts(records, now=NOW + DAY)) == 1


def test_purging_is_done_in_bounded_steps(archive):
    for _ in range(5):
        begin(archive, owner=None)
    later = NOW + 40 * DAY
    steps = [archive.run(lambda records: purge_drafts(records, now=later, limit=2)) for _ in range(4)]
    assert steps == [2, 2, 1, 0]


def test_a_file_that_went_into_a_dossier_stays_when_the_draft_goes(kept_archive):
    draft_id = begin(kept_archive)
    kept_archive.run(lambda records: save_draft(
        records.drafts[draft_id], revision=1, xml=XML, page="", now=NOW,
        files={"a.pdf": a_file(b"kept", "a.pdf")}))

    def send(records):
        draft = find_draft(records, draft_id, now=NOW, account="hang")
        dossier = receive(records, **submission(files=draft.files.values())).dossier
        remove_draft(records, draft)
        return dossier.code
    code = kept_archive.run(send)
    assert kept_archive.run(lambda records: records.dossiers[code].file("a.pdf").read()) == b"kept"
    assert kept_archive.run(lambda records: len(records.drafts)) == 0


def test_a_given_draft_id_is_used_once(archive):
    def begin_twice(records):
        for _ in range(2):
            begin_draft(records, procedure="p", form=FORM, xml=XML, now=NOW, draft_id="openrosa-1")
    with pytest.raises(ValueError, match="exists"):
        archive.run(begin_twice)
