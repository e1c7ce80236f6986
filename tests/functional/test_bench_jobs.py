"""Long questions about the law: worked out beside the site, kept, and never lost without a word."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from motcua.errors import InputError
from motcua.web.bench import jobs
from motcua.web.bench.working import NICENESS, write_whole


def echo(asked):
    asked.progress(1, 4)
    return {"procedure": asked.procedure.id, "arguments": dict(asked.arguments), "priority": os.nice(0)}


def forever(asked):
    asked.progress(3, 10)
    write_whole(asked.folder / "pid", str(os.getpid()))
    time.sleep(600)


def broken(asked):
    raise RuntimeError("bí mật")


def unknown_law(asked):
    asked.procedure.version_on(asked.procedure.covers.first.replace(year=1900))


def unsolved(asked):
    raise ModuleNotFoundError("No module named 'z3'", name="z3")


@pytest.fixture
def site(tmp_path, wells, monkeypatch):
    """A request of the wells application with a data folder of its own, and the procedure."""
    for work in (echo, forever, broken, unknown_law, unsolved):
        monkeypatch.setitem(jobs.KINDS, work.__name__, f"{__name__}:{work.__name__}")
    registry = SimpleNamespace(settings={**wells.registry.settings, "motcua.data": str(tmp_path)})
    procedure = wells.registry.motcua_catalogue["vn.water.well-permit"].procedure
    yield SimpleNamespace(request=SimpleNamespace(registry=registry), procedure=procedure, folder=tmp_path)
    for file in tmp_path.glob("analysis/*/*/pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


def begin(site, kind, arguments=(), **more):
    return jobs.start(site.request, site.procedure, kind, dict(arguments), **more)


def until(site, kind, *states, arguments=(), seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = jobs.job(site.request, site.procedure, kind, dict(arguments))
        if found.state in states:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def end(found):
    file = found.folder / "pid"
    number = int(file.read_text())
    file.unlink()
    os.kill(number, signal.SIGKILL)


def running(site, kind="forever", arguments=()):
    found = until(site, kind, "running", arguments=arguments)
    while not (found.folder / "pid").is_file():
        time.sleep(0.02)
    return until(site, kind, "running", arguments=arguments)


class TestAnswer:
    def test_a_question_is_answered_once_and_found_again(self, site):
        assert jobs.job(site.request, site.procedure, "echo", {"a": 1}).state == "absent"
        assert begin(site, "echo", {"a": 1}, secrets={"b": 2}).is_open
        done = until(site, "echo", "done", arguments={"a": 1})
        assert done.result["procedure"] == "vn.water.well-permit"
        assert done.result["arguments"] == {"a": 1, "b": 2}
        assert done.result["priority"] >= NICENESS
        assert begin(site, "echo", {"a": 1}).at == done.at
        assert jobs.job(site.request, site.procedure, "echo", {"a": 2}).state == "absent"

    def test_secrets_are_in_no_file(self, site):
        begin(site, "broken", {}, secrets={"password": "rất-bí-mật"})
        until(site, "broken", "failed")
        kept = [path for path in site.folder.rglob("*") if path.is_file()]
        assert kept
        assert all("rất-bí-mật".encode() not in path.read_bytes() for path in kept)

    def test_other_rules_are_another_question(self, site):
        begin(site, "echo")
        until(site, "echo", "done")
        changed = replace(site.procedure, digest="sha256:" + "0" * 64)
        assert jobs.job(site.request, changed, "echo", {}).state == "absent"

    def test_it_can_be_asked_anew(self, site):
        begin(site, "echo")
        first = until(site, "echo", "done")
        time.sleep(0.5)
        begin(site, "echo", again=True)
        assert until(site, "echo", "done").at > first.at

    def test_only_one_works_on_a_question_however_many_ask(self, site):
        threads = [threading.Thread(target=begin, args=(site, "forever")) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        found = running(site)
        assert found.progress == 0.3
        held = [number for number in range(jobs.MOST_ALIVE) if jobs._is_held(site.folder / "analysis" / f"open-{number}")]
        end(found)
        assert len(held) == 1


class TestFailure:
    def test_a_killed_child_is_seen_as_failed_in_words_and_can_be_begun_again(self, site):
        begin(site, "forever")
        end(running(site))
        failed = until(site, "forever", "failed")
        assert "bị dừng giữa chừng" in failed.reasons("vi")[0]
        assert "broke off" in failed.reasons("en")[0]
        begin(site, "forever")
        end(running(site))

    def test_a_fault_of_ours_is_told_without_its_text(self, site):
        begin(site, "broken")
        failed = until(site, "broken", "failed")
        assert "RuntimeError" in failed.reasons("en")[0]
        assert "bí mật" not in failed.reasons("vi")[0]
        assert "bí mật" in (failed.folder / "log").read_text()

    def test_problems_are_told_as_they_are(self, site):
        begin(site, "unknown_law")
        assert "1900" in until(site, "unknown_law", "failed").reasons("vi")[0]

    def test_what_must_be_installed_is_named(self, site):
        begin(site, "unsolved")
        assert "motcua[analysis]" in until(site, "unsolved", "failed").reasons("en")[0]

    def test_rules_that_changed_since_the_start_are_not_answered_for(self, site):
        site.procedure = replace(site.procedure, digest="sha256:" + "0" * 64)
        begin(site, "echo")
        assert "khởi động lại" in until(site, "echo", "failed").reasons("vi")[0]

    def test_a_question_without_end_is_ended(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "SECONDS", 1)
        begin(site, "forever")
        assert "không có câu trả lời" in until(site, "forever", "failed").reasons("vi")[0].lower()

    def test_a_torn_result_is_not_shown(self, site):
        begin(site, "echo")
        done = until(site, "echo", "done")
        (done.folder / "result.json").write_text('{"a": ')
        assert until(site, "echo", "failed").result is None


class TestBounds:
    def test_so_many_work_at_once_and_others_wait_for_their_turn(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_WORKING", 1)
        begin(site, "forever", {"n": 1})
        first = running(site, arguments={"n": 1})
        begin(site, "echo")
        time.sleep(1)
        assert jobs.job(site.request, site.procedure, "echo", {}).state == "waiting"
        end(first)
        assert until(site, "echo", "done").result

    def test_more_than_a_few_open_questions_are_refused(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_ALIVE", 1)
        begin(site, "forever")
        found = running(site)
        with pytest.raises(InputError) as refused:
            begin(site, "echo")
        assert "Vài phút nữa" in str(refused.value)
        assert jobs.job(site.request, site.procedure, "echo", {}).state == "absent"
        end(found)

    def test_the_oldest_answers_are_taken_away(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_KEPT", 2)
        for number in range(4):
            begin(site, "echo", {"n": number})
            until(site, "echo", "done", arguments={"n": number})
            time.sleep(0.02)
        states = [jobs.job(site.request, site.procedure, "echo", {"n": number}).state for number in range(4)]
        assert states == ["absent", "absent", "done", "done"]

    def test_the_folder_is_for_its_owner_alone(self, site):
        begin(site, "echo")
        done = until(site, "echo", "done")
        assert done.folder.stat().st_mode & 0o077 == 0
        assert json.loads((done.folder / "result.json").read_text())
