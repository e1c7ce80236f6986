"""Requests that meet others on the same records: done again from the beginning, and told in words where that is no use."""

from __future__ import annotations

from tests.functional.sending import send, submission
from tests.functional.visitor import Visitor
from ZODB.POSException import ConflictError

from motcua.web.api import submissions


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
