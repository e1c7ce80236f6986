"""What an attacker would try first: guessing passwords, sending people elsewhere, reading what is not theirs."""

from __future__ import annotations

import base64
import io
import itertools
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.functional.conftest import WELLS, make_application
from tests.functional.sending import WELL, send, submission
from tests.functional.visitor import Visitor
from webtest import TestApp

from motcua.dossiers import Throttle
from motcua.errors import InputError
from motcua.web.server import serve
from motcua.web.site.access_log import JsonLines

PASSWORD = "một câu khá dài để nhớ"
_ADDRESSES = (f"198.51.100.{number}" for number in itertools.count(1))


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def sign_in(visitor, name, password="đoán mò mật khẩu", headers=None):
    """Try to sign in; the status of the answer."""
    visitor.open("/login")
    token = visitor.page.forms["sign-in"]["csrf_token"].value
    return visitor.app.post("/login", {"csrf_token": token, "name": name, "password": password},
                            headers=headers, expect_errors=True).status_int


# -- guessing passwords

def test_one_address_cannot_try_a_password_on_every_account_of_the_api(wells):
    program = TestApp(wells, extra_environ={"REMOTE_ADDR": next(_ADDRESSES)})
    statuses = [program.get("/api/procedures", headers=basic(f"ai-{number}", "Mật-khẩu-1"), expect_errors=True)
                .status_int for number in range(31)]
    assert statuses == [401] * 30 + [429]
    elsewhere = TestApp(wells, extra_environ={"REMOTE_ADDR": next(_ADDRESSES)})
    assert elsewhere.get("/api/procedures", headers=basic("ai-31", "x"), expect_errors=True).status_int == 401


def test_an_address_cannot_pass_for_others_by_a_header(wells):
    guesser = Visitor(wells)
    statuses = [sign_in(guesser, f"ai-khác-{number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
                for number in range(31)]
    assert statuses == [422] * 30 + [429]


def test_an_account_has_one_count_of_failures_however_its_name_is_written(visitor, wells):
    # 45 letters of two or three code points when they are written apart: each spelling is cut at another place
    name = "công-ty-cổ-phần-khoáng-sản-" + "ế" * 18
    visitor.register(name)
    apart = "e\u0302\u0301"
    spellings = [name.replace("ế" * 18, "ế" * (18 - number) + apart * number) for number in range(13, 19)]
    assert [sign_in(Visitor(wells), spelling) for spelling in spellings] == [422] * 5 + [429]


# -- asking for too much

def test_one_address_cannot_fill_the_disk_with_forms(build):
    application = build()
    visitor = Visitor(application)
    visitor.open(f"/procedures/{WELL}/apply")
    token = visitor.page.forms["start"]["csrf_token"].value
    statuses = [visitor.app.post(f"/procedures/{WELL}/apply", {"csrf_token": token}, expect_errors=True).status_int
                for _ in range(101)]
    assert statuses == [303] * 100 + [429]
    assert Visitor(application).begin(WELL).status_int == 200


def test_one_address_cannot_open_accounts_without_end(build):
    application = build()
    application.registry.motcua_opened = Throttle(3)
    visitor = Visitor(application)
    for number in range(3):
        visitor.register(f"nhieu-{number}")
    visitor.open("/register")
    visitor.press("register", status=429, name="nhieu-3", title="Bà Nhiều", password=PASSWORD, again=PASSWORD)
    Visitor(application).register("nhieu-3")


# -- sessions

def test_a_copied_cookie_is_worth_nothing_after_signing_out(visitor, wells):
    visitor.register("sao-chep")
    thief = Visitor(wells)
    thief.app.set_cookie("motcua", visitor.app.cookies["motcua"].strip('"'))
    assert thief.open("/account").request.path == "/account"
    visitor.open("/account")
    visitor.press("sign-out")
    assert thief.open("/account").request.path == "/login"
    visitor.open("/login")
    visitor.press("sign-in", name="sao-chep", password=PASSWORD)
    assert visitor.open("/account").request.path == "/account"
    assert thief.open("/account").request.path == "/login"


# -- being sent elsewhere

@pytest.mark.parametrize("target", ["/a\r\nX-Evil: 1", "/ế", "//[", "/\t/evil.example", "/a b", "http://[", "/\\evil.example"])
def test_an_address_to_go_back_to_that_no_header_can_carry_leads_home(visitor, target):
    visitor.open("/login")
    token = visitor.page.forms["sign-in"]["csrf_token"].value
    name = f"ve-{target.encode().hex()[:20]}"
    Visitor(visitor.app.app).register(name)
    page = visitor.app.post("/login", {"csrf_token": token, "name": name, "password": PASSWORD, "next": target})
    assert (page.status_int, page.location) == (303, "http://localhost/")


def test_the_switch_of_languages_stays_on_this_site(wells):
    page = TestApp(wells).get("/", extra_environ={"PATH_INFO": "//evil.example/x"}, headers={"Accept": "text/html"},
                              status=404)
    assert page.html.select_one(".site-languages a")["href"] == "/evil.example/x?lang=en"


# -- what lies on the disk

@pytest.mark.parametrize("uri", ["", "file://"])
def test_the_data_folder_is_for_its_owner_only(tmp_path, uri):
    make_application(tmp_path / "data", **WELLS, **{"zodbconn.uri": uri, "motcua.secret": "a" * 40})
    assert list((tmp_path / "data").glob("*"))
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


# -- being used by another site

@pytest.mark.parametrize(("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 201),
                                              ("none", 201), (None, 201)])
def test_no_other_site_can_send_with_the_credentials_a_browser_remembers(wells, site, status):
    name = f"nho-{site or 'program'}"
    Visitor(wells).register(name)
    headers = {**basic(name, PASSWORD), **({"Sec-Fetch-Site": site} if site else {})}
    assert send(TestApp(wells), submission(), headers=headers).status_int == status


# -- in production

def test_no_demo_accounts_are_made_in_production(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_SECRET", "x" * 40)
    ini = tmp_path / "production.ini"
    settings = {**WELLS, "motcua.data": tmp_path / "data", "motcua.production": "true", "motcua.https": "true",
                "zodbconn.uri": "memory://"}
    ini.write_text("[app:main]\nuse = egg:motcua\n" + "".join(
        f"{name} = {value}\n" for name, value in settings.items()), "utf-8")
    monkeypatch.setattr("motcua.web.server.set_up_logs", lambda ini: None)
    monkeypatch.setattr("motcua.web.server.create_server", lambda *given, **named: pytest.fail("it was started"))
    with pytest.raises(InputError, match="WEB_007"):
        serve(ini, port=0, demo=True)
    assert not (tmp_path / "data" / "demo-logins.json").exists()


# -- what the log says

def test_the_log_says_where_a_fault_arose_and_not_what_was_sent(build):
    application = build()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    application.registry.motcua_catalogue = Broken()
    logging.getLogger("motcua.web").addHandler(handler)
    try:
        TestApp(application).get("/?q=Nguyen+Van+Bi+Mat", status=500)
    finally:
        logging.getLogger("motcua.web").removeHandler(handler)
    line = json.loads(written.getvalue())
    assert "Bi Mat" not in written.getvalue()
    assert line["traceback"].endswith("builtins.ValueError")
    assert "builtins.KeyError" in line["traceback"]
    assert "in search" in line["traceback"]


class Broken:
    """A catalogue whose faults quote what was sent."""

    def search(self, words):
        try:
            return {}[words]
        except KeyError as error:
            raise ValueError(f"nothing for {words}") from error


def test_a_fault_of_the_database_is_told_without_the_rows(tmp_path):
    archive = make_application(tmp_path, **WELLS).registry["motcua.archive"]
    with archive.read_model.engine.connect() as sql, pytest.raises(DBAPIError) as refused:
        sql.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Nguyễn Thị Bí Mật"})
    assert "Bí Mật" not in str(refused.value)
