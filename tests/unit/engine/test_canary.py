"""A ruleset is published only after a child process ran it, lived, and was right."""

import threading
import time
from types import SimpleNamespace

import pytest

from motcua.engine import RulesetRefused, assess, canary
from motcua.engine.contract import mooring_permit
from motcua.engine.durable import Clause, Program
from motcua.engine.preparation import Prepared

PROGRAM = Program((Clause((1,), (), 0), Clause((2,), (0,), 1)))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_CANARY_CACHE", str(tmp_path / "passed"))
    monkeypatch.setattr(canary, "_passed", set())
    return tmp_path / "passed"


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Replace the child by a script."""
    def replace(code):
        script = tmp_path / "child.py"
        script.write_text(code)
        monkeypatch.setattr(canary, "_HERE", script)
        (tmp_path / "durable.py").write_text("")
    return replace


@pytest.fixture
def started(monkeypatch):
    """Counts the child processes."""
    runs, run = [], canary.subprocess.run
    monkeypatch.setattr(canary.subprocess, "run", lambda *args, **more: runs.append(1) or run(*args, **more))
    return runs


def test_a_sound_program_passes():
    assert canary.failure_of(PROGRAM) is None


def test_a_pass_is_remembered_by_the_process_and_by_the_next_one(started, monkeypatch):
    for _ in range(3):
        assert canary.failure_of(PROGRAM) is None
    monkeypatch.setattr(canary, "_passed", set())
    assert canary.failure_of(PROGRAM) is None
    assert len(started) == 1


def test_another_program_is_tried_anew(started):
    canary.failure_of(PROGRAM)
    canary.failure_of(Program((Clause((1,), (), 0), Clause((3,), (0,), 1))))
    assert len(started) == 2


def test_the_cache_can_be_switched_off_and_its_loss_does_no_harm(started, monkeypatch, tmp_path):
    for folder in ("off", str(tmp_path / "file" / "below")):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MOTCUA_CANARY_CACHE", folder)
        monkeypatch.setattr(canary, "_passed", set())
        assert canary.failure_of(PROGRAM) is None
    assert len(started) == 2


def test_a_forged_or_damaged_memory_is_not_believed(started, own_cache):
    canary.failure_of(PROGRAM)
    for file in own_cache.iterdir():
        file.write_text("")
    canary._passed.clear()
    canary.failure_of(PROGRAM)
    assert len(started) == 2


def test_a_memory_that_is_no_text_is_not_believed(started, own_cache):
    canary.failure_of(PROGRAM)
    for file in own_cache.iterdir():
        file.write_bytes(b"\xff\xfe")
    canary._passed.clear()
    assert canary.failure_of(PROGRAM) is None
    assert len(started) == 2


def test_a_folder_that_others_can_write_to_is_neither_believed_nor_written(started, own_cache):
    canary.failure_of(PROGRAM)
    own_cache.chmod(0o777)
    canary._passed.clear()
    canary.failure_of(PROGRAM)
    assert len(started) == 2
    canary.failure_of(Program((Clause((1,), (), 0),)))
    assert len(list(own_cache.iterdir())) == 1


def test_a_user_without_a_home_leaves_no_folder_where_it_works(monkeypatch, tmp_path):
    monkeypatch.delenv("MOTCUA_CANARY_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(canary.os.path, "expanduser", str)
    monkeypatch.chdir(tmp_path)
    assert canary.failure_of(PROGRAM) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("code", "reason"), [
    ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
    ("import sys; sys.exit('with atoms [1] true the engine concluded []')", "concluded"),
    ("raise MemoryError('no room')", "no room"),
])
def test_a_child_that_crashes_or_disagrees_is_a_failure_with_its_reason(child, code, reason):
    child(code)
    assert reason in canary.failure_of(PROGRAM)


def test_a_failure_is_not_remembered_as_a_pass(child, started):
    child("raise SystemExit(3)")
    assert canary.failure_of(PROGRAM)
    assert canary.failure_of(PROGRAM)
    assert len(started) == 2


def test_a_child_that_never_answers_is_ended(child, monkeypatch):
    child("import time; time.sleep(60)")
    monkeypatch.setattr(canary, "TIMEOUT_SECONDS", 0.3)
    begun = time.monotonic()
    assert "0.3 seconds" in canary.failure_of(PROGRAM)
    assert time.monotonic() - begun < 10


def test_the_child_finds_an_engine_that_is_wrong():
    class Wrong:
        def __init__(self, program):
            self.program = program

        def run(self, true):
            return [0] if 1 in true else []

    with pytest.raises(SystemExit, match="the engine concluded"):
        canary.try_out(SimpleNamespace(Engine=Wrong), PROGRAM)


def test_a_server_full_of_threads_can_run_it():
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    try:
        assert canary.failure_of(PROGRAM) is None
    finally:
        stop.set()


def test_checks_on_a_refused_ruleset_say_so_and_try_only_once(child, started, monkeypatch):
    child("raise SystemExit('it died')")
    procedure = mooring_permit.__wrapped__()
    for _ in range(2):
        with pytest.raises(RulesetRefused) as refused:
            assess(procedure, {"filing.received_on": procedure.covers.first})
        assert "it died" in refused.value.problems[0].message("en")
        assert "it died" in refused.value.problems[0].message("vi")
    assert len(started) == 1


def test_the_other_reader_answers_while_the_engine_may_not(child):
    child("raise SystemExit('it died')")
    procedure = mooring_permit.__wrapped__()
    assert assess(procedure, {}, procedure.covers.first, engine="conditions").outcome == "undetermined"


def test_every_law_version_of_the_contract_passes():
    for version in mooring_permit.__wrapped__().versions:
        assert Prepared(version).prover is not None


def test_eight_threads_that_come_first_share_one_trial(started):
    procedure = mooring_permit.__wrapped__()
    facts = {"filing.received_on": procedure.covers.first}
    start, found = threading.Barrier(8), []

    def work():
        start.wait()
        found.append(assess(procedure, facts))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(answer.to_json()) for answer in found}) == 1
    assert (len(found), len(started)) == (8, 1)
