"""The site as it is started: ini files, the embedded store, a real server, demo accounts."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.functional.conftest import TOP, WELLS, make_application
from tests.functional.visitor import Visitor

from motcua.errors import FormError, InputError
from motcua.web.application import configure
from motcua.web.server import demo_logins, read_ini

PERMIT = "vn.water.well-permit"


def test_what_was_saved_is_there_after_a_restart_and_so_is_the_session(tmp_path):
    first = Visitor(make_application(tmp_path, **{**WELLS, "zodbconn.uri": ""}))
    first.register("nguoi-cu")
    first.begin(PERMIT)
    first.press("fill-in", "_go")
    first.send("fill-in", {"owner.name": "Bà Bền"}, "_go")
    place = first.path.rpartition("/")[0]
    again = Visitor(make_application(tmp_path, **{**WELLS, "zodbconn.uri": ""}))
    again.app.set_cookie("motcua", first.app.cookies["motcua"].strip('"'))
    again.open(f"{place}/owner")
    assert again.page.html.find(id="q-owner_2e_name")["value"] == "Bà Bền"


def test_development_ini_starts_with_the_embedded_store(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    settings = configure(read_ini(TOP / "development.ini")).registry.settings
    assert settings["motcua.rules"] == TOP / "rules"
    assert (tmp_path / "main.sqlite3").exists()


def test_production_ini_starts_only_with_a_secret_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    monkeypatch.delenv("MOTCUA_SECRET", raising=False)
    with pytest.raises(InputError, match="WEB_003"):
        configure(read_ini(TOP / "production.ini"))
    monkeypatch.setenv("MOTCUA_SECRET", "s" * 40)
    settings = configure(read_ini(TOP / "production.ini")).registry.settings
    assert settings["motcua.https"] is True
    assert not (tmp_path / "session.secret").exists()


def test_no_secret_lies_in_the_ini_files():
    for name in ("development.ini", "production.ini"):
        lines = (TOP / name).read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if re.match(r"\s*motcua\.secret", line)]


def test_a_form_tied_to_a_fact_that_does_not_exist_stops_the_start(tmp_path):
    forms = tmp_path / "forms"
    shutil.copytree(WELLS["motcua.forms"], forms)
    form = forms / "water" / "well-permit.xml"
    text = form.read_text("utf-8")
    form.write_text(text.replace('motcua:fact="well.depth"', 'motcua:fact="well.dept"'), "utf-8")
    with pytest.raises(FormError, match="FORM_202") as refused:
        configure({**WELLS, "motcua.forms": str(forms), "motcua.data": str(tmp_path), "zodbconn.uri": "memory://"})
    assert refused.value.problems[0].place.file == str(form)


def test_demo_accounts_are_made_once_and_open_the_site(tmp_path):
    application = make_application(tmp_path, **WELLS)
    archive = application.registry["motcua.archive"]
    logins = demo_logins(archive, tmp_path)
    assert logins == demo_logins(archive, tmp_path)
    assert (tmp_path / "demo-logins.json").stat().st_mode & 0o077 == 0
    officer = Visitor(application)
    officer.open("/login")
    officer.press("sign-in", name="demo-officer", password=logins["demo-officer"])
    officer.open("/dossiers")
    assert officer.heading == "Hồ sơ"


@pytest.fixture
def served(tmp_path):
    """``motcua serve`` in a process of its own; (host, port)."""
    rules, forms = (Path(WELLS[name]) for name in ("motcua.rules", "motcua.forms"))
    environ = {**os.environ, "MOTCUA_RULES": str(rules), "MOTCUA_FORMS": str(forms), "MOTCUA_DATA": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", "from motcua.web.server import serve; serve(port=0, demo=True)"]
    process = subprocess.Popen(command, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        found = re.match(r"http://([\d.]+):(\d+)/", line)
        if found:
            break
    else:
        pytest.fail("the server did not start")
    yield found[1], int(found[2])
    process.terminate()
    process.wait(10)


def test_the_server_answers_and_refuses_what_is_too_large_without_reading_it(served):
    client = http.client.HTTPConnection(*served, timeout=20)
    client.request("GET", "/health")
    answer = client.getresponse()
    assert json.loads(answer.read())["status"] == "ok"
    assert answer.headers["Server"] == "motcua"
    client.request("GET", "/")
    assert "Cấp phép khoan giếng" in client.getresponse().read().decode()
    client.close()
    client.putrequest("POST", "/login")
    client.putheader("Content-Length", str(10**12))
    client.endheaders()
    assert client.getresponse().status == 413
    client.close()
