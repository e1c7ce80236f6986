"""Long questions about the law: worked out beside the site, kept, and never lost without a word."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from motcua.errors import InputError
from motcua.web.bench.questions import jobs
from motcua.web.bench.questions.working import NICENESS, write_whole


def echo(asked):
    asked.progress(1, 4)
    return {"procedure": asked.procedure.id, "arguments": dict(asked.arguments), "priority": os.nice(0)}


def forever(asked):
    asked.progress(3, 10)
    write_whole(asked.folder / "pid", str(os.getpid()))
    time.sleep(600)


def with_a_helper(asked):
    """Work that has started a program of its own."""
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    write_whole(asked.folder / "helper", str(helper.pid))
    forever(asked)


def broken(asked):
    raise RuntimeError("bí mật")


def unknown_law(asked):
    asked.procedure.version_on(asked.procedure.covers.first.replace(year=1900))


def unsolved(asked):
    raise ModuleNotFoundError("No module named 'z3'", name="z3")


def once(asked):
    """Work that is done the first time, and later does what it is told to."""
    told = asked.folder / "later"
    if told.is_file():
        {"forever": forever, "broken": broken}[told.read_text()](asked)
    return "đầu tiên"


@pytest.fixture
def site(tmp_path, wells, monkeypatch):
    """A request of the wells application with a data folder of its own, and the procedure."""
    for work in (echo, forever, with_a_helper, broken, unknown_law, unsolved, once):
        monkeypatch.setitem(jobs.KINDS, work.__name__, f"{__name__}:{work.__name__}")
    registry = SimpleNamespace(settings={**wells.registry.settings, "motcua.data": str(tmp_path)})
    procedure = wells.registry.motcua_catalogue["vn.water.well-permit"].procedure
    yield SimpleNamespace(request=SimpleNamespace(registry=registry), procedure=procedure, folder=tmp_path)
    for file in tmp_path.glob("analysis/*/*/pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


def meanwhile(monkeypatch, owner, name, other):
    """Let ``other()`` happen within the next call of a function, before it does its own work."""
    real = getattr(owner, name)

    def paused(*args, **kwargs):
        monkeypatch.setattr(owner, name, real)
        other()
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, paused)


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


def lives(number):
    """Whether a process is there and not merely waits to be buried."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    with suppress(OSError), open(f"/proc/{number}/stat", encoding="utf-8") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
    return True


def is_gone(number, seconds=10):
    end = time.monotonic() + seconds
    while lives(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not lives(number)


class TestStopping:
    def stop(self, site, kind, arguments=()):
        return jobs.stop(site.request, site.procedure, kind, dict(arguments), by="Lê Văn Kiểm")

    def test_the_process_ends_and_who_stopped_it_is_told(self, site):
        begin(site, "forever")
        number = int((running(site).folder / "pid").read_text())
        stopped = self.stop(site, "forever")
        assert (stopped.state, stopped.by, stopped.is_open) == ("stopped", "Lê Văn Kiểm", False)
        assert stopped.at is not None
        assert is_gone(number)

    def test_what_it_had_started_ends_with_it(self, site):
        begin(site, "with_a_helper")
        found = running(site, "with_a_helper")
        helper = int((found.folder / "helper").read_text())
        assert lives(helper)
        assert self.stop(site, "with_a_helper").state == "stopped"
        assert is_gone(helper)

    def test_another_server_process_can_stop_it(self, site):
        begin(site, "forever")
        found = running(site)
        number = int((found.folder / "pid").read_text())
        order = json.dumps({"by": "Người khác", "at": "2026-11-26T08:00:00+07:00"})
        subprocess.run([sys.executable, "-c", "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])",
                        str(found.folder / jobs.STOP), order], check=True)
        assert is_gone(number)
        assert until(site, "forever", "stopped").by == "Người khác"

    def test_it_can_be_asked_again_and_the_places_are_free(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_ALIVE", 1)
        monkeypatch.setattr(jobs, "MOST_WORKING", 1)
        for _ in range(2):
            begin(site, "forever")
            running(site)
            assert self.stop(site, "forever").state == "stopped"
        begin(site, "echo")
        assert until(site, "echo", "done").result

    def test_what_waits_for_its_turn_is_stopped_before_it_begins(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "MOST_WORKING", 1)
        begin(site, "forever")
        first = running(site)
        begin(site, "echo")
        until(site, "echo", "waiting")
        assert self.stop(site, "echo").state == "stopped"
        end(first)
        assert jobs.job(site.request, site.procedure, "echo", {}).state == "stopped"

    def test_what_is_answered_failed_or_was_never_asked_stays_as_it_is(self, site):
        assert self.stop(site, "forever").state == "absent"
        begin(site, "echo")
        until(site, "echo", "done")
        assert self.stop(site, "echo").state == "done"
        begin(site, "broken")
        until(site, "broken", "failed")
        assert self.stop(site, "broken").state == "failed"

    def test_it_is_said_to_be_stopping_until_the_process_has_ended(self, site, monkeypatch):
        monkeypatch.setattr(jobs, "PATIENCE", 0)
        begin(site, "forever")
        found = running(site)
        os.kill(int((found.folder / "pid").read_text()), signal.SIGSTOP)
        stopping = self.stop(site, "forever")
        assert (stopping.state, stopping.is_open, stopping.can_be_stopped) == ("stopping", True, False)
        os.kill(int((found.folder / "pid").read_text()), signal.SIGCONT)
        assert until(site, "forever", "stopped").by == "Lê Văn Kiểm"


class TestEarlierAnswer:
    """Asking anew loses no answer, whatever becomes of the new attempt."""

    def ask_anew(self, site, later):
        begin(site, "once")
        first = until(site, "once", "done")
        (first.folder / "later").write_text(later)
        begin(site, "once", again=True)
        return first

    def test_it_is_there_again_when_the_new_attempt_is_stopped(self, site):
        first = self.ask_anew(site, "forever")
        running(site, "once")
        stopped = jobs.stop(site.request, site.procedure, "once", {}, by="Lê Văn Kiểm")
        assert (stopped.state, stopped.result, stopped.at) == ("done", "đầu tiên", first.at)
        assert (stopped.by, stopped.is_open) == ("Lê Văn Kiểm", False)

    def test_it_is_there_again_when_the_new_attempt_fails(self, site):
        first = self.ask_anew(site, "broken")
        failed = until(site, "once", "done")
        assert (failed.result, failed.at) == ("đầu tiên", first.at)
        assert "RuntimeError" in failed.reasons("vi")[0]

    def test_a_second_attempt_that_succeeds_takes_its_place(self, site):
        first = self.ask_anew(site, "broken")
        until(site, "once", "done")
        (first.folder / "later").unlink()
        begin(site, "once", again=True)
        done = until(site, "once", "done")
        assert done.at > first.at
        assert (done.by, done.problems) == ("", ())

    def test_it_outlives_two_attempts_that_are_stopped(self, site):
        first = self.ask_anew(site, "forever")
        for _ in range(2):
            (running(site, "once").folder / "pid").unlink()
            jobs.stop(site.request, site.procedure, "once", {}, by="Lê Văn Kiểm")
            begin(site, "once", again=True)
        end(running(site, "once"))
        assert until(site, "once", "done").at == first.at


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


def test_several_may_write_the_same_file_at_once(tmp_path, monkeypatch):
    file = tmp_path / "stop.json"
    meanwhile(monkeypatch, os, "fsync", lambda: write_whole(file, "người thứ hai"))
    write_whole(file, "người thứ nhất")
    assert file.read_text(encoding="utf-8") == "người thứ nhất"
    assert [each.name for each in tmp_path.iterdir()] == ["stop.json"]


def test_answers_that_another_request_takes_away_meanwhile_break_nothing(site, monkeypatch):
    real = Path.glob
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "MOST_KEPT", 0)
        # it was there as the folder was listed
        patched.setattr(Path, "glob", lambda folder, pattern: [*real(folder, pattern), folder / "gone" / "begun"])
        assert begin(site, "echo").is_open


def test_a_question_that_is_taken_away_as_it_is_asked_anew_is_asked_all_the_same(site, monkeypatch):
    begin(site, "echo")
    folder = until(site, "echo", "done").folder
    meanwhile(monkeypatch, jobs, "_hold", lambda: shutil.rmtree(folder))
    assert begin(site, "echo", again=True).is_open
    until(site, "echo", "done")


def test_a_question_that_is_begun_anew_is_not_taken_away(site, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_KEPT", 0)
    begin(site, "once")
    folder = until(site, "once", "done").folder
    (folder / "later").write_text("forever")
    # the one who tidies has seen the answer, which nobody worked on then
    begun = []
    meanwhile(monkeypatch, shutil, "rmtree", lambda: begun.append(begin(site, "once", again=True)))
    begin(site, "echo")
    assert [each.is_open for each in begun] == [folder.exists()]


def test_whoever_looks_as_a_question_is_asked_anew_is_not_told_that_it_failed(site, monkeypatch):
    begin(site, "once")
    folder = until(site, "once", "done").folder
    (folder / "later").write_text("forever")
    meanwhile(monkeypatch, jobs, "_answer", lambda: begin(site, "once", again=True))
    found = jobs.job(site.request, site.procedure, "once", {})
    assert found.is_open or not found.problems
