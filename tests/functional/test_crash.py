"""Killed while it writes, the archive loses nothing it has acknowledged."""

from __future__ import annotations

import hashlib
import os
import select
import signal
import subprocess
import sys
import time

import pytest

from motcua.dossiers import count, open_archive, page

WRITER = """
import io, itertools, random, sys
from datetime import datetime
from motcua.dossiers import VIETNAM, DocumentFile, FormVersion, open_archive, receive
uri, name = sys.argv[1:]
with open_archive(uri) as archive:
    for number in itertools.count():
        words = f"{name}-{number}"
        random.seed(words)
        xml, data = random.randbytes(20_000), random.randbytes(100_000)
        def work(records):
            file = DocumentFile(io.BytesIO(data), name="a.bin")
            return receive(
                records, procedure="p", form=FormVersion("f", "1", "d"), instance_id=words, xml=xml,
                files=[file],
                now=datetime(2024, 5, 6, 8, tzinfo=VIETNAM), assessment=b'{"outcome": "eligible"}',
                applicant_name=words).dossier.code
        print(archive.run(work), words, flush=True)
"""

#: Killed after the record has its dossier and before the list has its row, or just before either has it.
KILLED_BETWEEN = """
import os, signal, sys
from datetime import datetime
from motcua.dossiers import VIETNAM, FormVersion, open_archive, receive
from motcua.store import ReadModel
uri, moment = sys.argv[1:]
def die(*_args):
    os.kill(os.getpid(), signal.SIGKILL)
with open_archive(uri) as archive:
    setattr(ReadModel, moment, die)
    archive.run(lambda records: receive(
        records, procedure="p", form=FormVersion("f", "1", "d"), instance_id="one", xml=b"<a/>",
        now=datetime(2024, 5, 6, 8, tzinfo=VIETNAM)))
"""

#: How often the writer is killed, and how long it writes each time, in seconds.
ROUNDS, SPELL = 3, 0.7


def acknowledged_until_killed(uri, name):
    """What a writer acknowledged before SIGKILL hit it in the middle of its work."""
    command = [sys.executable, "-W", "ignore", "-c", WRITER, uri, name]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    os.set_blocking(writer.stdout.fileno(), False)
    received, end = b"", None
    while end is None or time.monotonic() < end:
        ready, _, _ = select.select([writer.stdout], [], [], 0.05)
        if ready:
            received += writer.stdout.read() or b""
        if received and end is None:
            end = time.monotonic() + SPELL
        assert writer.poll() is None, "the writer ended by itself"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    os.set_blocking(writer.stdout.fileno(), True)
    received += writer.stdout.read()
    writer.stdout.close()
    return dict(line.split() for line in received.decode().split("\n")[:-1])


def assert_whole(dossier, words):
    """The dossier holds what the writer sent under these words, byte for byte."""
    import random

    random.seed(words)
    xml, data = random.randbytes(20_000), random.randbytes(100_000)
    assert dossier.submission.xml == xml
    assert dossier.submission.sha256 == hashlib.sha256(xml).hexdigest()
    assert dossier.file("a.bin").read() == data
    assert dossier.assessment == {"outcome": "eligible"}
    assert dossier.journal.verify() == ()
    assert dict(next(iter(dossier.journal)).details)["submission"] == dossier.submission.sha256


def all_lines(archive):
    """Every line of the list, page after page."""
    found = page(archive.read_model, size=100)
    lines = list(found.lines)
    while found.next:
        found = page(archive.read_model, size=100, after=found.next)
        lines.extend(found.lines)
    return lines


@pytest.mark.slow
def test_every_acknowledged_dossier_is_whole_and_listed_after_kill_9(store_uri):
    acknowledged = {}
    for number in range(ROUNDS):
        got = acknowledged_until_killed(store_uri, f"round{number}")
        assert got, "the writer must have written something"
        assert not set(got) & set(acknowledged), "a number was issued twice"
        acknowledged.update(got)
    with open_archive(store_uri) as archive:
        listed = {line.code: line.applicant_name for line in all_lines(archive)}

        def check(records):
            for code, words in acknowledged.items():
                assert_whole(records.dossiers[code], words)
                assert records.instances[f"f\n{words}"] == code
            # a kill between commit and acknowledgement leaves at most one more a round, whole as well
            assert len(records.dossiers) <= len(acknowledged) + ROUNDS
            for dossier in records.dossiers.values():
                assert_whole(dossier, dossier.applicant_name)
            return {dossier.code: dossier.applicant_name for dossier in records.dossiers.values()}

        assert archive.run(check) == listed
        assert count(archive.read_model) == len(listed)


@pytest.mark.parametrize(("moment", "kept"), [("_before_commit", 0), ("_write", 1)])
def test_a_kill_between_record_and_list_leaves_them_in_agreement(store_uri, moment, kept):
    command = [sys.executable, "-W", "ignore", "-c", KILLED_BETWEEN, store_uri, moment]
    assert subprocess.run(command, timeout=60).returncode == -signal.SIGKILL
    with open_archive(store_uri) as archive:
        assert archive.run(lambda records: len(records.dossiers)) == kept
        assert len(all_lines(archive)) == kept
