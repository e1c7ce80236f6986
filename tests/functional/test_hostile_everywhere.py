"""Every address of the application under hostile requests: a clear refusal, nothing stored, nothing lost.

The addresses are taken from the application itself: a new view without a row in `BASES` fails here.
"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.functional.sending import SUBMISSIONS, WELL, multipart, send, submission
from tests.functional.visitor import PDF, Visitor
from webtest import TestApp, TestRequest

from motcua.dossiers import FormVersion, begin_draft, close_draft

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PARTS = "multipart/form-data; boundary=gioi-han"
CHECK = f"/api/procedures/{WELL}/check"
#: No request may take longer, whatever it holds, on however busy a machine.
LONGEST = 20.0


@pytest.fixture(scope="module")
def owner(wells):
    """A signed-in officer with a draft and a dossier, so that each address leads to something."""
    someone = Visitor(wells)
    someone.register("thu-dich-1")
    someone.begin(WELL)
    return someone


def keep_law(records):
    """A draft of the rules, and a sign-off."""
    now = datetime.now(UTC)
    records.law_drafts.begin(WELL, "hostile", f"procedure: {WELL}\n", author="lan", at=now)
    records.signoffs.add(WELL, rules="sha256:1", at=now, who="lan", name="Lan", report=b"{}", text="x")


def send_form(records):
    """A form of the owner's that was sent."""
    now = datetime.now(UTC)
    draft = begin_draft(records, procedure=WELL, form=FormVersion("f", "1", "sha256:1"), xml=b"<a/>", now=now,
                        owner="thu-dich-1", draft_id="5" * 32)
    close_draft(records, draft, "MTC-000000-0001", now=now)


@pytest.fixture(scope="module")
def bases(wells, owner):
    """Kind of resource → the address of one."""
    draft = "/".join(owner.path.split("/")[:3])
    sent = send(program(wells), submission())
    wells.registry["motcua.archive"].run(keep_law)
    wells.registry["motcua.archive"].run(send_form)
    return {
        "Root": "/", "Procedures": "/procedures", "ProcedureResource": f"/procedures/{WELL}",
        "AccountPlace": "/account", "Register": "/register", "Login": "/login", "DraftPlace": draft,
        "SentDraft": f"/drafts/{'5' * 32}",
        "PagePlace": owner.path, "ResumeLink": f"/resume/{draft.rpartition('/')[2]}/{'0' * 43}",
        "DossierPlace": f"/dossiers/{sent.json['code']}", "Dossiers": "/dossiers", "Bench": "/bench",
        "BenchProcedure": f"/bench/{WELL}", "Drafts": f"/bench/{WELL}/drafts",
        "LawDraftPlace": f"/bench/{WELL}/drafts/hostile", "DraftBench": f"/bench/{WELL}/drafts/hostile",
        "Cases": f"/bench/{WELL}/cases", "GridPlace": f"/bench/{WELL}/cases/kept",
        "Runs": f"/bench/{WELL}/runs", "RunPlace": f"/bench/{WELL}/runs/1",
        "SigningOff": f"/bench/{WELL}/sign-off", "Signed": f"/bench/{WELL}/sign-off/1",
    }


@pytest.fixture(scope="module")
def addresses(wells, bases):
    """Every address with its methods."""
    introspector = wells.registry.introspector
    patterns = {each["introspectable"]["name"]: each["introspectable"]["pattern"]
                for each in introspector.get_category("routes")}
    found = set()
    for each in introspector.get_category("views"):
        view = each["introspectable"]
        route, methods = view["route_name"], view["request_methods"] or ("GET",)
        if route is None:
            continue
        if route == "motcua":
            path = f"{bases[view['context'].__name__].rstrip('/')}/{view['name']}".rstrip("/") or "/"
        elif route.startswith("__static"):
            path = patterns[route].replace("*subpath", "nothing.css")
        else:
            path = patterns[route].format(id=WELL, code="MTC-000000-0001")
        path = path if path.startswith("/") else f"/{path}"
        found |= {(method, path) for method in ([methods] if isinstance(methods, str) else methods) if method != "HEAD"}
    return sorted(found)


def program(application):
    """A client without cookies or language."""
    return TestApp(application, extra_environ={"REMOTE_ADDR": "192.0.2.1"})


def kept(app):
    """How many things of each kind the application keeps."""
    def count(records):
        return [len(records.dossiers), len(records.drafts), len(records.accounts), len(records.instances)]

    return app.registry["motcua.archive"].run(count)


def ask(app, method, path, body=b"", **headers):
    """The answer to exactly this request, within bounds of time."""
    # without WebTest's own reading of what is sent, which fails on some of it
    request = TestRequest.blank(path, method=method, environ={"REMOTE_ADDR": app.extra_environ["REMOTE_ADDR"]})
    cookies = "; ".join(f"{name}={value}" for name, value in app.cookies.items())
    request.headers.update({"Cookie": cookies} if cookies else {})
    request.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    if body:
        request.body = body
    begun = time.monotonic()
    answer = request.get_response(app.app)
    assert time.monotonic() - begun < LONGEST, f"{method} {path}"
    assert answer.status_int < 500, f"{method} {path}: {answer.status}"
    assert b"Traceback" not in answer.body
    assert b'File "/' not in answer.body
    if answer.status_int >= 400 and method != "HEAD":
        told(path, answer)
    return answer


def told(path, answer):
    """Errors are pages in Vietnamese for people and problem documents for programs."""
    if path.startswith("/api"):
        assert answer.content_type == "application/problem+json"
        problem = json.loads(answer.body)
        assert problem["status"] == answer.status_int
        assert problem["title"]
    elif answer.content_type == "text/html":
        assert answer.html.html["lang"] == "vi"
        assert answer.html.h1.text.strip()


BODIES = {
    "nothing": (b"", FORM), "random": (random.Random(1).randbytes(5000), FORM),
    "random parts": (random.Random(2).randbytes(5000), PARTS), "random JSON": (random.Random(3).randbytes(5000), JSON),
    "random kind": (b"x", "\u00e6/\u00f8; =;;\"".encode().decode("latin-1")),
    "no kind": (b"x" * 100, ""), "many kinds": (b"x", "a/b, c/d; e=f"),
    "not UTF-8": (b"a=%ff&%c3%28=1", FORM), "surrogate": (b"a=%ed%a0%80", FORM), "NUL": (b"a=%00", FORM),
    "control": (b"a=%01%1b[2J", FORM), "no boundary": (multipart(b"<a/>")[0], "multipart/form-data"),
    "other boundary": (multipart(b"<a/>")[0], "multipart/form-data; boundary=khac"),
    "long boundary": (multipart(b"<a/>", boundary="x" * 300)[0], "multipart/form-data; boundary=" + "x" * 300),
    "cut off": (multipart(submission(), end=False)[0], PARTS), "half": (multipart(submission())[0][:700], PARTS),
    "100,000 parts": (multipart(b"<a/>", more=b"".join(
        b'--gioi-han\r\nContent-Disposition: form-data; name="%d"\r\n\r\n\r\n' % n for n in range(100_000)))[0], PARTS),
    "100,000 fields": (b"&".join(b"f%d=1" % n for n in range(100_000)), FORM),
    "huge part header": (b"--gioi-han\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n\r\n--gioi-han--\r\n", PARTS),
    "bad UTF-8 in a part": (multipart(b"<a/>", {}, more=(
        b'--gioi-han\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\n\xff\r\n'))[0], PARTS),
    "JSON NaN": (b'{"facts": {"well.depth": NaN}}', JSON), "JSON 1e400": (b'{"facts": {"well.depth": 1e400}}', JSON),
    "JSON twice": (b'{"facts": {}, "facts": {}}', JSON), "JSON deep": (b"[" * 100_000 + b"]" * 100_000, JSON),
    "JSON deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON),
    "JSON long number": (b'{"facts": {"well.depth": ' + b"9" * 100_000 + b"}}", JSON),
    "JSON surrogate": (b'{"facts": {"works.driller": "\\ud800"}}', JSON),
    "JSON UTF-16": ('{"facts": {}}'.encode("utf-16"), JSON), "JSON cut": (b'{"facts": {"well.depth": 1', JSON),
    "JSON trailing": (b'{"facts": {}} x', JSON), "JSON NUL": (b'{"facts": {"works.driller": "\x00"}}', JSON),
    "JSON many": (json.dumps({"facts": {f"f{n}": n for n in range(50_000)}}).encode(), JSON),
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_any_address_or_stores_anything(wells, owner, addresses, name):
    body, kind = BODIES[name]
    before = kept(wells)
    stranger = program(wells)
    for method, path in addresses:
        for app in (stranger, owner.app) if method == "POST" else (stranger,):
            answer = ask(app, "POST", path, body, Content_Type=kind)
            assert answer.status_int >= 400, f"{path}: {answer.status}"
    assert kept(wells) == before


UNREADABLE = ("%ff", "%c3%28", "%00", "%0a%0dX: y", "%ed%a0%80")


@pytest.mark.parametrize("suffix", [*UNREADABLE, "x" * 5000, "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/",
                                    "<script>", "{id}", "%25%32%66", "\\..\\", "a;b=c", "🏛", "~!@#$^&*()"])
def test_no_path_breaks_any_address(wells, owner, addresses, suffix):
    before = kept(wells)
    for app in (program(wells), owner.app):
        for method, path in addresses:
            place = f"{path.rstrip('/')}/{quote(suffix, safe='%/;=~!@$&*()')}"
            status = ask(app, method, place).status_int
            assert status >= 400 or suffix not in UNREADABLE, place
    assert kept(wells) == before


@pytest.mark.parametrize("query", [
    "%ff", "a=%ff", "%00=1", "lang=%80", "on=%c3%28", "on=2023-02-30", "on=0000-00-00", "on=99999-01-01", "on=9999-12-31",
    "on=-1", "q=" + "a" * 10_000, "search=" + "%F0%9F%8F%9B" * 500, "&".join(f"f{n}=1" for n in range(5_000)), "lang=xx",
    "after=x", "after=%7B%7D", "size=-1", "size=1e9", "page=-1", "next=//evil", "well.depth=1e400", "well.depth=NaN",
    "well.depth=" + "9" * 5_000, "lease.ends_on=2023-02-30", "a[]=1&a[0]=2", "=", "&&&", "%", "%zz", "state=%27%3B--",
    "view=" + "../" * 20, "well.use=industry&well.use=household", "works.cost=" + "1" * 31, "q=%27%22%3C%3E%00",
])
def test_no_query_breaks_any_address(wells, owner, addresses, query):
    before = kept(wells)
    for app in (program(wells), owner.app):
        for method, path in addresses:
            if method == "GET":
                ask(app, method, f"{path}?{query}")
    assert kept(wells) == before


@pytest.mark.parametrize(("name", "value"), [
    ("Cookie", "motcua=\xff"), ("Cookie", "lang=\xff\xfe"), ("Cookie", "x=" + "y" * 50_000), ("Cookie", "motcua=" + "A" * 4000),
    ("Cookie", "=;=;;,\""), ("Cookie", "motcua=eyJhIjoxfQ==; motcua=x"), ("Accept", "\xff/\xfe"), ("Accept", "text/html;q=x"),
    ("Accept", "*/*;" * 2_000), ("Accept-Language", "\xff"), ("Accept-Language", "en;q=9,vi;q=-1"),
    ("Accept-Language", "x-" * 5_000), ("Authorization", "\xff\xfe"), ("Authorization", "Basic \xff"),
    ("Authorization", "Basic " + "A" * 50_000), ("Authorization", "Digest x"), ("Referer", "\xff"), ("Origin", "null\xff"),
    ("X-Forwarded-For", "\xff, " * 1_000), ("X-Forwarded-Proto", "gopher"), ("Host", "a b"), ("Host", "evil.example:99999"),
    ("Host", "[::1"), ("If-Modified-Since", "\xff"), ("If-Modified-Since", "Mon, 99 Feb 2023 99:99:99 GMT"),
    ("If-None-Match", '"' * 1_000), ("Range", "bytes=5-1"), ("Range", "bytes=-" + "9" * 50), ("Expect", "x"),
    ("X-CSRF-Token", "\xff"), ("X-HTTP-Method-Override", "DELETE"), ("Content-Encoding", "\xff"), ("Content-Length", "12"),
])
def test_no_header_breaks_any_address(wells, addresses, name, value):
    before = kept(wells)
    app = program(wells)
    for method, path in addresses:
        ask(app, method, path, b"" if method == "GET" else b"{}", **{name: value})
    assert kept(wells) == before


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP", "gzip, identity", "x"])
def test_compressed_bodies_are_refused_everywhere(wells, addresses, encoding):
    app = program(wells)
    for method, path in addresses:
        if method == "POST":
            assert ask(app, method, path, b"\x1f\x8b\x08", Content_Encoding=encoding).status_int == 415


class NeverRead:
    """A body that must not be touched."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readline = readlines = __iter__ = read


@pytest.mark.parametrize(("environ", "status"), [
    ({"CONTENT_LENGTH": str(10**12)}, 413), ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}, 411)])
def test_bodies_over_the_limit_or_of_unknown_length_are_refused_unread_everywhere(wells, addresses, environ, status):
    app = program(wells)
    for method, path in addresses:
        if method == "POST":
            answer = app.request(path, method="POST", expect_errors=True,
                                 environ={"wsgi.input": NeverRead(), "CONTENT_TYPE": PARTS, **environ})
            assert answer.status_int == status
            told(path, answer)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"])
def test_other_methods_change_nothing(wells, owner, addresses, method):
    before = kept(wells)
    for app in (program(wells), owner.app):
        for _, path in addresses:
            if "/static" not in path and "static/" not in path:
                assert ask(app, method, path, b"").status_int in (400, 401, 403, 404, 405), path
    assert kept(wells) == before


# -- facts

@pytest.mark.parametrize(("body", "status"), [
    (b'{"facts": {"khong-co": 1}}', 422), (b'{"facts": {"lease.ends_on": "2023-02-30"}}', 422),
    (b'{"facts": {"works.cost": 1' + b"0" * 30 + b"}}", 422), (b'{"facts": {"works.cost": 1' + b"0" * 31 + b"}}", 400),
    (b'{"facts": {"well.depth": -0.1}}', 422), (b'{"facts": {"well.depth": true}}', 422),
    (b'{"facts": {"well.depth": "25 ha"}}', 422), (b'{"facts": {"well.depth": [1]}}', 422),
    (b'{"facts": {"well.depth": {"a": 1}}}', 422), (b'{"facts": {"well.checks": "survey"}}', 422),
    (b'{"facts": {"well.checks": ["survey", "khong"]}}', 422), (b'{"facts": {"well.use": "hotel"}}', 422),
    (b'{"facts": {"site.protected": "maybe"}}', 422), (b'{"facts": {"works.cost": 0.5}}', 422),
    (b'{"facts": {"__class__": 1}}', 422), (b'{"facts": {"": 1}}', 422), (b'{"facts": {}, "on": "2023-02-30"}', 422),
    (b"", 400), (b"\xff", 400), (b"\x00", 400), (b"null", 422), (b"[]", 422), (b'"x"', 422), (b"NaN", 400),
    (b"{" * 100_000, 400), (b'{"a":1e999999999}', 400), (b"-", 400), (b"'", 400), (b"{}" * 3_000_000, 413),
])
def test_facts_that_cannot_be_are_refused_in_words(wells, body, status):
    answer = ask(program(wells), "POST", CHECK, body, Content_Type=JSON)
    assert answer.status_int == status
    assert answer.json["detail"]
    for problem in answer.json.get("problems", ()):
        assert problem["vi"]
        assert problem["vi"] != problem["en"]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4), max_leaves=8)
FACTS = ("well.depth", "well.use", "well.flow", "well.checks", "well.wells_nearby", "site.protected", "works.cost",
         "works.deposit", "works.driller", "lease.ends_on", "filing.received_on", "filing.elects_new_law", "khac")


@settings(max_examples=150, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(facts=st.dictionaries(st.sampled_from(FACTS), JSON_VALUES, max_size=6), on=JSON_VALUES, whole=st.booleans())
def test_any_json_is_assessed_or_refused(wells, facts, on, whole):
    body = json.dumps({"facts": facts, "on": on} if whole else facts).encode()
    answer = ask(program(wells), "POST", CHECK, body, Content_Type=JSON)
    assert answer.status_int in (200, 400, 422)


@settings(max_examples=100, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_bytes_in_a_submission_are_refused_or_received_whole(wells, data):
    body = bytearray(multipart(submission())[0])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place:place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    before = kept(wells)
    answer = ask(program(wells), "POST", SUBMISSIONS, bytes(body), Content_Type=PARTS)
    assert answer.status_int in (201, 400, 413, 422)
    assert (kept(wells) != before) == (answer.status_int == 201)


# -- submissions

XXE = '<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">]>'
EXTERNAL = '<!DOCTYPE data SYSTEM "http://127.0.0.1:9/x.dtd">'


def well(text="", **changed):
    """The text of a submission behind some other text."""
    return text + submission(**changed).decode().partition("?>\n")[2]


def declared(encoding, head):
    """The same with a declaration of its encoding, in letters that all encodings have."""
    return f'<?xml version="1.0" encoding="{encoding}"?>' + well(head, name="A")


HOSTILE_XML = {
    "nothing": (b"", 400), "no XML": (b"xin chao", 400), "random": (random.Random(5).randbytes(3000), 400),
    "JSON": (b"{}", 400), "NUL": (submission(name="a\0b"), 400), "character 1": (submission(name="&#1;"), 400),
    "not UTF-8": (submission().replace("Nguyễn".encode(), b"\xff\xfe"), 400),
    "lone surrogate": (submission().replace("Nguyễn".encode(), b"\xed\xa0\x80"), 400),
    "attribute twice": (submission().replace(b'version="1"', b'version="1" version="1"'), 400),
    "prefix undeclared": (submission().replace(b"<greeting/>", b"<x:greeting/>"), 400),
    **{f"{name} in {encoding}": (declared(encoding, head).encode(codec), 400)
       for name, head in {"entity": XXE, "laughs": LAUGHS, "external": EXTERNAL}.items()
       for encoding, codec in {"UTF-8": "utf-8", "UTF-16": "utf-16", "UTF-16LE": "utf-16-le", "UTF-32": "utf-32",
                               "UTF-7": "utf-7", "IBM037": "cp037", "ISO-8859-1": "utf-8"}.items()},
    "DOCTYPE behind comments": (well("<!-- a --><?pi b?>\n<!DOCTYPE data>").encode(), 400),
    "entity in an attribute": (well(LAUGHS).replace('version="1"', 'version="&c;"').encode(), 400),
    "other encoding": (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + well().encode(), 400),
    "33 deep": (submission(extra="<a>" * 40 + "</a>" * 40), 400),
    "100,000 deep": (b"<data>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</data>", 413),
    "1,000,000 nodes": (b"<data>" + b"<a/>" * 1_000_000 + b"</data>", 413),
    "60,000 nodes": (submission(extra="<a/>" * 60_000), 422),
    "65 attributes": (submission(extra="<a " + " ".join(f'b{n}=""' for n in range(70)) + "/>"), 400),
    "2 MB of text": (submission(name="a" * 2_000_000), 413),
    "long text": (submission(name="a" * 150_000), 422), "XInclude": (submission(
        extra='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'), 422),
    "unknown version": (submission(version="0.0"), 422), "unknown form": (submission().replace(b"well-permit-pages", b"khac"), 422),
    "other root": (b"<other/>", 422), "unknown element": (submission(extra="<la/>"), 422),
    "element twice": (submission(extra="<greeting/>"), 422), "text between": (submission(extra="chu"), 422),
    "element missing": (submission().replace(b"<use>irrigation</use>", b""), 422),
    "501 rows": (submission(extra="<neighbour><who>x</who></neighbour>" * 501), 422),
    "no instanceID": (submission(meta=""), 422), "empty instanceID": (submission(meta="<instanceID/>"), 422),
    "long instanceID": (submission("x" * 5_000), 422), "instanceID of lines": (submission("a\nb"), 422),
    "date that is none": (submission().replace(b"2040-01-01", b"2023-02-30"), 422),
    "money of 31 digits": (submission().replace(b"<cost>100<", b"<cost>" + b"1" * 31 + b"<"), 422),
    "encrypted": (submission().replace(b"<data ", b'<data encrypted="yes" xmlns="http://www.opendatakit.org/xforms/encrypted" '), 400),
}


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_refused_and_nothing_is_stored(wells, name):
    xml, status = HOSTILE_XML[name]
    before = kept(wells)
    body, kind = multipart(xml)
    answer = ask(program(wells), "POST", SUBMISSIONS, body, Content_Type=kind)
    assert answer.status_int == status, answer.text[:600]
    said = [*answer.json.get("problems", ()), *answer.json.get("errors", ())]
    assert said
    for each in said:
        assert each["vi"] != each["en"]
        assert len(each["vi"]) < 400
    assert b"root:" not in answer.body
    assert kept(wells) == before


BAD_NAMES = ["../x", "..", ".x", "-x", "a/b", "a\\b", "x" * 121, "a\tb", "tep\u202efdp.exe", "", "a\x7fb", "a\0b"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_hostile_file_names_are_refused(wells, name):
    before = kept(wells)
    answer = send(program(wells), submission(), {"don.pdf": PDF, "khao-sat.pdf": PDF, name: PDF})
    assert answer.status_int == 400, answer.text
    assert kept(wells) == before


def test_a_file_name_of_another_system_is_only_a_name(wells):
    answer = send(program(wells), submission(), {"don.pdf": PDF, "C:\\khao-sat.pdf": PDF})
    assert answer.status_int == 201
    assert answer.json["notes"] == []


@pytest.mark.parametrize(("files", "status"), [
    ({f"tep-{n}.pdf": b"%PDF" for n in range(130)}, 413), ({f"tep-{n}.pdf": b"" for n in range(1_100)}, 413),
    ({"don.pdf": PDF}, 422), ({}, 422)])
def test_too_many_or_too_few_files_are_refused(wells, files, status):
    before = kept(wells)
    assert send(program(wells), submission(), files).status_int == status
    assert kept(wells) == before


def test_two_files_of_one_name_or_two_instances_are_refused(wells):
    before = kept(wells)
    again = multipart(None, {"don.pdf": PDF}, end=False)[0]
    assert send(program(wells), submission(), more=again).status_int == 400
    body = multipart(submission(), {}, end=False)[0] + multipart(submission())[0]
    assert ask(program(wells), "POST", SUBMISSIONS, body, Content_Type=PARTS).status_int == 400
    assert send(program(wells), None).status_int == 400
    assert kept(wells) == before


def test_a_file_over_the_limit_is_refused(build):
    application = build(**{"motcua.max_file": "10 KB"})
    answer = send(TestApp(application), submission(), {"don.pdf": PDF + b"x" * 20_000, "khao-sat.pdf": PDF})
    assert answer.status_int == 413
    assert kept(application) == [0, 0, 0, 0]


def test_what_was_kept_before_is_still_there_after_all_this(wells, owner, bases):
    owner.open(bases["DraftPlace"])
    assert owner.page.status_int == 200
    records = wells.registry["motcua.archive"]
    assert all(records.run(lambda found: [dossier.journal.verify() == () and bool(dossier.submission.xml)
                                          for dossier in found.dossiers.values()]))
