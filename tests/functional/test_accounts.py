"""Accounts: register, sign in, sign out, change the password; roles and their limits."""

from __future__ import annotations

from copy import copy

import pytest
from tests.functional.visitor import Visitor

PASSWORD = "một câu khá dài để nhớ"


def sign_in(visitor, name, password=PASSWORD, status=200):
    visitor.open("/login")
    return visitor.press("sign-in", name=name, password=password, status=status)


def test_whoever_registers_is_signed_in_and_can_sign_out(visitor):
    visitor.register("thu-1@example.org")
    assert "Tài khoản của bạn" in visitor.page.text
    visitor.open("/account")
    assert "thu-1@example.org" in visitor.text
    visitor.press("sign-out")
    assert "Đăng nhập" in visitor.page.html.select_one(".site-navigation").text


def test_signing_out_in_two_windows_ends_the_session_and_is_no_error(visitor, wells):
    visitor.register("ra-hai-lan")
    visitor.open("/account")
    other = Visitor(wells)
    for cookie in tuple(visitor.app.cookiejar):
        other.app.cookiejar.set_cookie(copy(cookie))
    other.page = visitor.page
    visitor.press("sign-out")
    other.press("sign-out")
    assert other.path == "/"
    assert "Đăng nhập" in other.page.text


def test_signing_in_leads_back_to_the_page_that_asked_for_it(visitor, wells):
    visitor.register("thu-2")
    other = Visitor(wells)
    other.open("/dossiers?q=x")
    assert other.path == "/login"
    other.press("sign-in", name="THU-2", password=PASSWORD)
    assert other.page.request.path_qs == "/dossiers?q=x"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(visitor, wells, target):
    visitor.register(f"thu-3{abs(hash(target))}")
    other = Visitor(wells)
    other.open("/login")
    form = other.page.forms["sign-in"]
    page = other.app.post("/login", {
        "csrf_token": form["csrf_token"].value, "next": target,
        "name": f"thu-3{abs(hash(target))}", "password": PASSWORD})
    assert page.location == "http://localhost/"


@pytest.mark.parametrize(("changed", "message", "field"), [
    ({"title": " "}, "Nhập họ và tên", "title"),
    ({"again": "khác hẳn câu kia"}, "Hai mật khẩu khác nhau", "again"),
    ({"password": "ngắn", "again": "ngắn"}, "10", "password"),
    ({"name": "a b"}, "a b", "name"),
])
def test_a_registration_that_cannot_be_says_what_to_change_and_keeps_what_was_typed(
        visitor, changed, message, field):
    visitor.open("/register")
    typed = {"name": "thu-4", "title": "Bà Thử", "password": PASSWORD, "again": PASSWORD, **changed}
    visitor.press("register", status=422, **typed)
    assert message in visitor.errors[0]
    assert visitor.page.html.select_one(".error-summary a")["href"] == f"#{field}"
    box = visitor.page.html.find(id=field)
    assert f"{field}-error" in box["aria-describedby"]
    assert visitor.page.html.find(id="name")["value"] == typed["name"]
    assert PASSWORD not in visitor.page.text


def test_a_name_can_be_taken_once(visitor, wells):
    visitor.register("thu-5")
    other = Visitor(wells)
    other.open("/register")
    other.press("register", status=422, name="Thu-5", title="B", password=PASSWORD, again=PASSWORD)
    assert "Thu-5" in other.errors[0]


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(visitor, wells):
    visitor.register("thu-6")
    wrong, unknown = Visitor(wells), Visitor(wells)
    sign_in(wrong, "thu-6", "sai hoàn toàn rồi", status=422)
    sign_in(unknown, "không-có-ai", "sai hoàn toàn rồi", status=422)
    assert wrong.errors == unknown.errors != []


def test_after_five_wrong_passwords_the_account_must_wait_even_with_the_right_one(visitor, wells):
    visitor.register("thu-7")
    guesser = Visitor(wells)
    for _ in range(5):
        sign_in(guesser, "thu-7", "đoán mò mật khẩu", status=422)
    sign_in(guesser, "thu-7", status=429)
    assert "năm phút" in guesser.errors[0]


def test_changing_the_password_ends_all_other_sessions(visitor, wells):
    visitor.register("thu-8")
    elsewhere = Visitor(wells)
    sign_in(elsewhere, "thu-8")
    visitor.open("/account")
    visitor.press("password", current=PASSWORD, new="một câu mới cũng dài", again="một câu mới cũng dài")
    assert "Đã đổi mật khẩu" in visitor.text
    elsewhere.open("/account")
    assert elsewhere.path == "/login"
    visitor.open("/account")
    assert visitor.path == "/account"


@pytest.mark.parametrize(("changed", "field"), [
    ({"current": "không phải câu này"}, "current"), ({"again": "không giống nhau"}, "again"),
    ({"new": "ngắn", "again": "ngắn"}, "new"),
])
def test_a_refused_change_of_password_changes_nothing(visitor, wells, changed, field):
    name = f"thu-9-{field}"
    visitor.register(name)
    visitor.open("/account")
    typed = {"current": PASSWORD, "new": "một câu mới cũng dài", "again": "một câu mới cũng dài", **changed}
    visitor.press("password", status=422, **typed)
    assert visitor.page.html.select_one(".error-summary a")["href"] == f"#{field}"
    sign_in(Visitor(wells), name)


def test_a_session_begun_before_signing_in_is_not_the_one_after(visitor):
    visitor.open("/login")
    before = visitor.app.cookies["motcua"]
    visitor.register("thu-10")
    assert visitor.app.cookies["motcua"] != before


def test_a_forged_session_is_nobodys(visitor):
    visitor.register("thu-11")
    cookie = visitor.app.cookies["motcua"]
    visitor.app.set_cookie("motcua", cookie[:-4] + ("AAAA" if not cookie.endswith("AAAA") else "BBBB"))
    visitor.open("/account")
    assert visitor.path == "/login"


def test_registration_can_be_switched_off(build):
    visitor = Visitor(build(**{"motcua.registration": "false"}))
    visitor.open("/register", status=404)
    visitor.open("/login")
    assert "/register" not in visitor.page.text


def test_cookies_are_kept_from_scripts_and_from_plain_http(build):
    secure = Visitor(build(**{"motcua.https": "true"}))
    secure.open("/login?lang=en")
    cookies = [value for name, value in secure.page.headers.items() if name == "Set-Cookie"]
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "secure" in cookie.lower()
        assert "SameSite=Lax" in cookie
    assert secure.page.headers["Strict-Transport-Security"].startswith("max-age=")
