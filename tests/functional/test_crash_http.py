"""A server killed in the middle of its work: every dossier it acknowledged is there after a restart, whole."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from tests.functional.conftest import WELLS
from tests.functional.sending import SUBMISSIONS, multipart, new_id, submission

from motcua.dossiers import open_archive, page

SENDERS, ROUNDS, SPELL = 3, 2, 1.5
INI = """
[app:main]
use = egg:motcua
motcua.rules = {rules}
motcua.forms = {forms}
motcua.data = {data}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A real ``motcua serve`` on a data folder."""

    def __init__(self, folder) -> None:
        ini = folder / "crash.ini"
        rules, forms = WELLS["motcua.rules"], WELLS["motcua.forms"]
        ini.write_text(INI.format(rules=rules, forms=forms, data=folder / "data"))
        self.port = free_port()
        code = "import sys; from motcua.commands import main; main(sys.argv[1:])"
        python = [sys.executable, "-X", "faulthandler", "-W", "ignore", "-c", code]
        self.process = subprocess.Popen(
            [*python, "serve", "--ini", str(ini), "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=(folder / "log").open("ab"))
        end = time.monotonic() + 60
        while not self.is_up():
            assert self.process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.1)

    def is_up(self):
        try:
            return self.ask("GET", "/health")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, kind=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, xml, files):
        status, body = self.ask("POST", SUBMISSIONS, *multipart(xml, files))
        return status, json.loads(body)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def one(instance_id):
    """A submission and its files, the same for the same id."""
    draw = random.Random(instance_id)
    files = {name: b"%PDF-1.7\n" + draw.randbytes(30_000) for name in ("don.pdf", "khao-sat.pdf")}
    return submission(instance_id, name=f"Bà {instance_id[-6:]}"), files


def send_until_killed(server, acknowledged, ends):
    """Send one submission after another; what is answered 201 is acknowledged, anything else is the end."""
    while True:
        instance_id = new_id()
        try:
            status, answer = server.send(*one(instance_id))
        except (OSError, http.client.HTTPException, ValueError) as error:
            ends.append(repr(error))
            return
        if status != 201:
            ends.append(answer)
            return
        acknowledged[answer["code"]] = instance_id


def kill_under_load(folder):
    """What a server acknowledged before it was killed."""
    server, acknowledged, ends = Server(folder), {}, []
    senders = [threading.Thread(target=send_until_killed, args=(server, acknowledged, ends)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        while not acknowledged and not ends:
            time.sleep(0.01)
        time.sleep(SPELL)
        assert not ends, (server.process.poll(), (folder / "log").read_text())
    finally:
        server.kill()
    for sender in senders:
        sender.join()
    return acknowledged


def assert_whole(dossier, instance_id):
    xml, files = one(instance_id)
    assert dossier.submission.xml == xml
    assert {file.name: file.sha256 for file in dossier.files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert all(dossier.file(name).read() == data for name, data in files.items())
    assert dossier.assessment["law_date"] == dossier.received_at.date().isoformat()
    assert dossier.journal.verify() == ()


@pytest.mark.slow
def test_every_acknowledged_dossier_outlives_kill_9_of_the_server(tmp_path):
    acknowledged = {}
    for _ in range(ROUNDS):
        got = kill_under_load(tmp_path)
        assert not set(got) & set(acknowledged), "a code was given twice"
        acknowledged |= got
    assert len(acknowledged) > ROUNDS * SENDERS
    server = Server(tmp_path)
    try:
        for code, instance_id in list(acknowledged.items())[-10:]:
            status, answer = server.send(*one(instance_id))
            assert (status, answer["code"]) == (202, code)
        assert server.send(*one(new_id()))[0] == 201
    finally:
        server.kill()
    with open_archive(f"sqlite://{tmp_path / 'data'}") as archive:
        listed = set()
        lines = page(archive.read_model, size=100)
        listed |= {line.code for line in lines.lines}
        while lines.next:
            lines = page(archive.read_model, size=100, after=lines.next)
            listed |= {line.code for line in lines.lines}

        def check(records):
            for code, instance_id in acknowledged.items():
                assert_whole(records.dossiers[code], instance_id)
            # killed between commit and answer: whole as well, and at most one for each sender
            for dossier in records.dossiers.values():
                assert_whole(dossier, dossier.submission.instance_id)
            assert len(records.dossiers) <= len(acknowledged) + ROUNDS * SENDERS + 1
            return set(records.dossiers)

        assert archive.run(check) == listed
