"""Requests that meet others on the same records: done again from the beginning, and told in words where that is no use."""

from __future__ import annotations

import logging

import pytest
from tests.functional.sending import send, submission
from tests.functional.visitor import Visitor
from ZODB.POSException import ConflictError

from motcua.web.api import submissions
from motcua.web.site import storage


def meets_others(monkeypatch, times, module=submissions, name="file_dossier"):
    """Let the work of a view meet others on the same records, so many times; how often it was tried."""
    real, tries = getattr(module, name), []

    def work(*args, **kwargs):
        tries.append(1)
        done = real(*args, **kwargs)
        if len(tries) <= times:
            raise ConflictError
        return done

    monkeypatch.setattr(module, name, work)
    return tries


def test_a_form_with_files_that_met_another_request_is_read_again_whole(wells, monkeypatch):
    tries = meets_others(monkeypatch, 1)
    answer = send(Visitor(wells).app, submission())
    assert (answer.status_int, len(tries)) == (201, 2)


def test_a_request_that_is_done_again_is_no_error_in_the_log(wells, monkeypatch, caplog):
    meets_others(monkeypatch, 1)
    assert send(Visitor(wells).app, submission()).status_int == 201
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_of_eight_who_meet_each_time_the_last_is_served_too(wells, monkeypatch):
    tries = meets_others(monkeypatch, 7)
    answer = send(Visitor(wells).app, submission())
    assert (answer.status_int, len(tries)) == (201, 8)


@pytest.mark.parametrize(("language", "words"), [
    ("vi", "Nhiều người đang cùng lưu"), ("en", "What you sent has not been stored")])
def test_who_loses_each_time_is_told_in_words_and_may_send_again(wells, monkeypatch, caplog, language, words):
    monkeypatch.setattr(storage, "LONGEST_PAUSE", 0)
    tries = meets_others(monkeypatch, 1000)
    sent = submission()
    answer = send(Visitor(wells).app, sent, headers={"Accept-Language": language})
    assert (answer.status_int, len(tries), answer.headers["Retry-After"]) == (503, storage.ATTEMPTS, "5")
    assert words in answer.json["detail"]
    logged = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(record.levelname, record.exc_info) for record in logged] == [("WARNING", None)]
    monkeypatch.undo()
    assert send(Visitor(wells).app, sent).status_int == 201
