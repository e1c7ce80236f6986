"""What comes from outside and is wrong: refused with the right status, in words, never with a 500."""

from __future__ import annotations

import json
import logging

import pytest
from tests.functional.visitor import Visitor

WELL = "/procedures/vn.water.well-permit"


def refused(response, status):
    assert response.status_int == status
    assert "Traceback" not in response.text
    return response


@pytest.mark.parametrize(("method", "url", "status", "title"), [
    ("GET", "/nothing", 404, "Không tìm thấy trang"),
    ("GET", "/procedures/x", 404, "Không tìm thấy trang"),
    ("PUT", "/login", 405, "Trang này không làm được việc đó"),
    ("DELETE", WELL, 405, "Trang này không làm được việc đó"),
    ("GET", "/drafts/0123456789abcdef", 404, "Không tìm thấy trang"),
    ("GET", "/dossiers/MTC-240101-0001", 404, "Không tìm thấy trang"),
    ("GET", "/resume/a/b", 404, "Không tìm thấy trang"),
    ("GET", "/resume/a/b/c", 404, "Không tìm thấy trang"),
])
def test_errors_are_pages_in_vietnamese_and_problem_documents_for_programs(visitor, method, url, status, title):
    page = refused(visitor.app.request(url, method=method, expect_errors=True), status)
    assert page.html.h1.text == title
    assert page.html.html["lang"] == "vi"
    answer = visitor.app.request(url, method=method, expect_errors=True, headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.body)
    assert (problem["status"], problem["title"]) == (status, title)


@pytest.mark.parametrize("url", [
    "/?q=%ff", "/?%ff=1", "/%ff", "/procedures/%c3%28", "/?lang=%80", "/?q=%00", "/%00",
    f"{WELL}/interview?well.depth=%fe", f"{WELL}?on=%ff",
])
def test_bytes_that_are_no_text_in_the_address_are_a_bad_request(visitor, url):
    page = refused(visitor.app.get(url, expect_errors=True), 400)
    assert page.html.h1.text == "Không hiểu được yêu cầu"


@pytest.mark.parametrize("cookie", ["motcua=\xff\xfe", "lang=\xff", "x=\x01", 'motcua="%ff'])
def test_cookies_that_are_no_text_are_a_bad_request(visitor, cookie):
    refused(visitor.app.get("/", headers={"Cookie": cookie}, expect_errors=True), 400)


@pytest.mark.parametrize("cookie", ["motcua=abc", "motcua=", "lang=zz", ";;;=;", "motcua=a.b.c; motcua=d"])
def test_cookies_that_say_nothing_are_no_cookies(visitor, cookie):
    assert visitor.app.get("/", headers={"Cookie": cookie}).status_int == 200


def post(visitor, url, body, content_type, **headers):
    """Exactly these bytes; WebTest's own ``post`` reads and rewrites some of them."""
    return visitor.app.request(url, method="POST", body=body, expect_errors=True,
                               headers={"Content-Type": content_type, **headers})


def token_of(visitor):
    visitor.open("/login")
    return visitor.page.forms["sign-in"]["csrf_token"].value


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("body", "status"), [
    (b"name=%ff", 400), (b"name=\xff", 400), (b"name=%00", 400), (b"%ed%a0%80=1", 400), (b"name=%ed%a0%80", 400),
    (b"name=%01", 400), (b"&".join(b"a%d=1" % number for number in range(6000)), 413),
    (b"name=" + b"a" * 3_000_000, 413),
])
def test_form_fields_that_are_no_text_or_too_many_are_refused(visitor, body, status):
    token = token_of(visitor).encode()
    refused(post(visitor, "/login", b"csrf_token=" + token + b"&" + body, FORM), status)


def multipart(*parts, boundary="limit", end=True):
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part for part in parts)
    return body + (b"--" + boundary.encode() + b"--\r\n" if end else b"")


def part(name, value=b"", extra=b""):
    return b'Content-Disposition: form-data; name="' + name + b'"' + extra + b"\r\n\r\n" + value + b"\r\n"


@pytest.mark.parametrize(("content_type", "body", "status"), [
    ("multipart/form-data", multipart(part(b"a")), 400),
    ("multipart/form-data; boundary=", multipart(part(b"a")), 400),
    ('multipart/form-data; boundary="a b"', multipart(part(b"a"), boundary="a b"), 400),
    ("multipart/form-data; boundary=limit", multipart(part(b"a"), end=False), 400),
    ("multipart/form-data; boundary=limit", b"--limit\r\n", 400),
    ("multipart/form-data; boundary=limit", b"nothing at all", 400),
    ("multipart/form-data; boundary=limit", multipart(part(b"a", b"\xff")), 400),
    ("multipart/form-data; boundary=limit", multipart(part(b"a", b"\x00")), 400),
    ("multipart/form-data; boundary=limit", multipart(b"Broken header\r\n\r\nx\r\n"), 400),
    ("multipart/form-data; boundary=limit", multipart(*[part(b"a")] * 2000), 413),
    ("text/plain", b"csrf_token=x", 400),
    ("application/json", b'{"csrf_token": "x"}', 400),
])
def test_bodies_that_are_no_form_are_refused(visitor, content_type, body, status):
    token_of(visitor)
    refused(post(visitor, "/login", body, content_type), status)


def test_a_compressed_body_is_refused(visitor):
    refused(visitor.app.post("/login", b"\x1f\x8b", headers={"Content-Encoding": "gzip"}, expect_errors=True), 415)


class NeverRead:
    """A body that must not be touched."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readline = readlines = __iter__ = read


def test_a_body_over_the_limit_is_refused_before_a_byte_of_it_is_read(visitor):
    page = visitor.app.request("/login", method="POST", expect_errors=True, environ={
        "CONTENT_LENGTH": str(1024**3), "CONTENT_TYPE": FORM, "wsgi.input": NeverRead()})
    assert refused(page, 413).html.h1.text == "Quá lớn"


def test_a_body_without_length_is_refused(visitor):
    page = visitor.app.request("/login", method="POST", expect_errors=True, environ={
        "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": FORM, "wsgi.input": NeverRead()})
    refused(page, 411)


@pytest.mark.parametrize("body", ["name=a&password=b", "csrf_token=&name=a", "csrf_token=%s" % ("0" * 40)])
def test_a_post_without_the_forms_token_is_refused_in_words(visitor, body):
    token_of(visitor)
    page = refused(visitor.app.post("/login", body, content_type=FORM, expect_errors=True), 400)
    assert "tải lại trang" in page.text


def test_a_token_of_another_session_is_refused(visitor, wells):
    token = token_of(Visitor(wells))
    token_of(visitor)
    refused(visitor.app.post("/login", {"csrf_token": token}, expect_errors=True), 400)


def test_every_answer_carries_the_protecting_headers(visitor):
    for url in ("/", "/nothing", "/login", "/static/motcua/theme.css"):
        headers = visitor.app.get(url, expect_errors=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_have_no_inline_script_or_style(visitor):
    for url in ("/", WELL, f"{WELL}/interview", "/login"):
        visitor.open(url)
        assert not [script for script in visitor.page.html.find_all("script") if not script.get("src")]
        assert not visitor.page.html.find_all("style")
        assert not visitor.page.html.select("[style], [onclick], [onload], [onsubmit]")


def test_what_is_searched_for_is_shown_as_text(visitor):
    visitor.open('/?q="><script>alert(1)</script>')
    assert not visitor.page.html.select("main script")


def test_a_fault_of_ours_is_told_with_a_number_and_logged_without_personal_data(build, caplog):
    application = build()
    application.registry.motcua_catalogue = None
    visitor = Visitor(application)
    with caplog.at_level(logging.INFO):
        page = refused(visitor.app.get("/?q=Nguyen+Van+Bi+Mat", expect_errors=True), 500)
    number = page.headers["X-Request-Id"]
    assert number in page.text
    lines = [record.fields for record in caplog.records if hasattr(record, "fields")]
    assert [line["request"] for line in lines] == [number, number]
    assert lines[-1]["status"] == 500
    assert "Mat" not in caplog.text


def test_the_access_log_names_the_part_of_the_site_and_no_address(visitor, caplog):
    with caplog.at_level(logging.INFO, "motcua.access"):
        visitor.open(f"{WELL}/interview?well.depth=7")
    line = caplog.records[-1].fields
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["route"] == "motcua/procedures/interview"
    assert "well" not in caplog.text


def test_health_tells_the_database_and_the_rules(visitor):
    answer = visitor.app.get("/health").json
    assert answer["status"] == answer["database"] == "ok"
    assert answer["procedures"] == answer["rules"] == 1


def test_health_fails_when_the_database_does(build):
    application = build()
    visitor = Visitor(application)
    application.registry["motcua.archive"].database.db.close()
    assert visitor.app.get("/health", status=503).json["database"] == "unreachable"
