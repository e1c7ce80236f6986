"""What the pages for integrators show is run: applications, scripts, requests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.docs.test_walkthrough import blocks, follow, write
from webtest import TestApp

from motcua.commands import main as command
from motcua.procedures import rule_files

HOUSE = Path(__file__).parents[2]
TRANSFER = "vn.minerals.exploration-right-transfer"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A folder with the project's rules and forms, to be in."""
    for name in ("rules", "forms"):
        (tmp_path / name).symlink_to(HOUSE / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def application(folder, file):
    """The application of a file on the page, on a database in memory."""
    for language, text in blocks("../integrators/embed.md"):
        if language in ("python", "ini"):
            write(folder, text)
    name = f"shown_{file.removesuffix('.py')}"
    spec = importlib.util.spec_from_file_location(name, folder / file)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return TestApp(module.main(None, **{
        "motcua.rules": "rules", "motcua.forms": "forms", "motcua.data": "var", "zodbconn.uri": "memory://"}))


def test_ten_lines_are_the_whole_application(house):
    app = application(house, "app.py")
    app.get("/").mustcontain("Chuyển nhượng quyền thăm dò khoáng sản")
    assert app.get("/api/procedures").json
    lines = [line for line in (house / "app.py").read_text().splitlines() if line.strip()]
    assert len(lines) <= 10


def test_a_part_lives_beside_other_pages(house):
    app = application(house, "part.py")
    shipped = len(list(rule_files(HOUSE / "rules")))
    assert app.get("/hello").text == f"{shipped} procedures"
    assert len(app.get("/luat/api/procedures").json) == shipped
    app.get("/procedures", status=404)


def test_a_site_of_chosen_procedures_for_chosen_people(house):
    app = application(house, "chosen.py")
    assert [entry["id"] for entry in app.get("/api/procedures").json] == [TRANSFER]
    assert app.get(f"/api/procedures/{TRANSFER}", status=401)


def test_the_scripts_say_what_the_page_says(house):
    for language, text in blocks("../integrators/python.md"):
        if language == "python":
            write(house, text)
        elif language == "console":
            follow(house, text)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="the page shows curl")
def test_the_requests_get_the_answers_shown(tmp_path):
    folder = tmp_path / "my-project"
    assert CliRunner().invoke(command, ["new", str(folder)]).exit_code == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ini = folder / "development.ini"
    ini.write_text(ini.read_text("utf-8").replace(":6543", f":{port}"), "utf-8")
    code = "import sys; from pyramid.scripts.pserve import main; sys.exit(main())"
    server = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, "development.ini"], cwd=folder,
                              env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(server, port)
        for language, text in blocks("../integrators/http.md"):
            if language == "console":
                follow(folder, text.replace("localhost:6543", f"127.0.0.1:{port}"))
            else:
                write(folder, text)
    finally:
        server.kill()
        server.wait()


def wait_for(server, port):
    """Until the server listens."""
    end = time.monotonic() + 60
    while True:
        assert server.poll() is None
        assert time.monotonic() < end
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
