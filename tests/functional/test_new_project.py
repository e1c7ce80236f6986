"""`motcua new`: the project it makes works as it stands."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from webtest import TestApp

from motcua.commands import main
from motcua.web.server import load_application

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project just made."""
    folder = tmp_path_factory.mktemp("new") / "giếng của tôi"
    done = CliRunner().invoke(main, ["new", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def run(project, *command):
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_its_own_tests_and_scenarios_pass(project):
    done = run(project, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_its_rules_and_form_are_without_fault(project):
    done = run(project, "motcua", "lint")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert run(project, "motcua", "test").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("command", [("motcua", "serve", "--ini", "try.ini", "--port"), ("pserve", "try.ini")])
def test_it_serves(project, command):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ini = (project / "development.ini").read_text("utf-8").replace("127.0.0.1:6543", f"127.0.0.1:{port}")
    (project / "try.ini").write_text(ini, "utf-8")
    script, *arguments = command
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", **({"PYTHONPATH": "."} if script == "pserve" else {})}
    server = subprocess.Popen([BIN / script, *arguments, *([str(port)] if script == "motcua" else [])], cwd=project,
                              env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert "Đăng ký giếng khai thác nước" in first_page(server, f"http://127.0.0.1:{port}/")
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


def test_motcua_serve_serves_the_application_of_the_project(project, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "app", raising=False)
    app = project / "app.py"
    source = app.read_text("utf-8")
    app.write_text(source.replace('config.include("motcua")', 'config.include("motcua.web.api")'), "utf-8")
    try:
        site = TestApp(load_application(project / "development.ini"))
        assert site.get("/api/procedures").json
        site.get("/", status=404)
    finally:
        app.write_text(source, "utf-8")
        sys.modules.pop("app", None)


def first_page(server, url):
    """The page at ``url`` as soon as the server answers."""
    end = time.monotonic() + 60
    while True:
        assert server.poll() is None, server.stderr.read().decode()
        assert time.monotonic() < end
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(main, ["new", str(tmp_path)])
    assert done.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_application_is_ten_lines(project):
    lines = [line for line in (project / "app.py").read_text().splitlines() if line.strip()]
    assert len(lines) <= 10
