"""The HTTP API as programs meet it: what it answers, in which language, to whom."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate
from pyramid.config import Configurator
from pyramid.response import Response
from tests.functional.conftest import WELLS
from tests.functional.sending import FILES, SUBMISSIONS, WELL, send, submission
from tests.functional.visitor import PDF
from webtest import TestApp

from motcua.commands import main as command
from motcua.dossiers import add_account

CHECK = f"/api/procedures/{WELL}/check"
EIA, TRANSFER = "vn.environment.eia-appraisal", "vn.minerals.exploration-right-transfer"
FACTS = {"well.depth": 25, "well.use": "irrigation", "well.checks": ["survey"]}


@pytest.fixture
def app(wells):
    """A program that calls the API."""
    return TestApp(wells)


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def people(wells):
    """The headers of an applicant, another applicant and an officer."""
    archive = wells.registry["motcua.archive"]
    passwords = {name: f"mật khẩu dài của {name}" for name in ("chu-gieng", "nguoi-khac", "can-bo")}
    for name, password in passwords.items():
        roles = ("officer",) if name == "can-bo" else ("applicant",)
        archive.run(lambda records, name=name, password=password, roles=roles: add_account(
            records, name, password, roles, now=datetime.now(UTC), title=f"Bà {name}") and None)
    return {name: basic(name, password) for name, password in passwords.items()}


def test_the_document_is_openapi_and_names_exactly_what_is_served(app):
    document = app.get("/api/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    described = {(path, method.upper()) for path, item in document["paths"].items()
                 for method in item if method != "parameters"}
    views = app.app.registry.introspector.get_category("views")
    routes = {each["introspectable"]["name"]: each["introspectable"]["pattern"]
              for each in app.app.registry.introspector.get_category("routes")}
    served = {(routes[view["introspectable"]["route_name"]], method)
              for view in views if (view["introspectable"]["route_name"] or "").startswith("motcua.api.")
              for method in [*([view["introspectable"]["request_methods"]]
                               if isinstance(view["introspectable"]["request_methods"], str)
                               else view["introspectable"]["request_methods"] or ())] if method != "HEAD"}
    assert described == served - {("/api/openapi.json", "GET")}


def test_the_catalogue_lists_and_finds_procedures(app):
    everything = app.get("/api/procedures").json
    assert [entry["id"] for entry in everything] == [WELL]
    assert everything[0]["vi"] == "Cấp phép khoan giếng"
    assert everything[0]["has_form"] is True
    assert app.get("/api/procedures", {"search": "khoan gieng"}).json == everything
    assert app.get("/api/procedures", {"search": "đất hiếm"}).json == []
    assert app.get("/api/procedures", {"field": "minerals"}).json == []


def test_a_procedure_is_shown_with_the_law_of_the_day_asked_for(app):
    now = app.get(f"/api/procedures/{WELL}").json
    before = app.get(f"/api/procedures/{WELL}", {"on": "2025-06-30"}).json
    assert now["law_at"] == "filing.received_on"
    assert before["law_version"].endswith(".. 2025-06-30")
    assert {document["id"] for document in before["documents"]} == {"application", "board-consent"}
    assert {document["id"] for document in now["documents"]} == {"application", "survey-report", "board-consent"}
    use = next(fact for fact in now["facts"] if fact["id"] == "well.use")
    assert [value["value"] for value in use["values"]] == ["household", "irrigation", "industry"]


def test_the_form_is_served_byte_for_byte(app):
    answer = app.get(f"/api/procedures/{WELL}/form")
    assert answer.content_type == "text/xml"
    assert answer.body == (Path(WELLS["motcua.forms"]) / "water" / "well-permit.xml").read_bytes()


def as_the_command_says(facts, on):
    """What ``motcua check --json`` prints."""
    arguments = ["check", WELL, "--facts", "-", "--json", "--rules", WELLS["motcua.rules"], "--on", on]
    done = CliRunner().invoke(command, arguments, input=json.dumps(facts))
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_check_says_what_the_command_line_says_in_every_way_of_asking(app):
    expected = as_the_command_says(FACTS, "2024-05-06")
    assert expected["law_date"] == "2024-05-06"
    answers = [
        app.post_json(CHECK, {"facts": FACTS, "on": "2024-05-06"}),
        app.post_json(f"{CHECK}?on=2024-05-06", {"facts": FACTS}),
        app.post_json(f"{CHECK}?on=2024-05-06", FACTS),
        app.post_json(CHECK, {**FACTS, "filing.received_on": "2024-05-06"}),
        app.post_json(f"{CHECK}?on=2020-01-01", {"facts": FACTS, "on": "2024-05-06"}),
    ]
    assert {answer.content_type for answer in answers} == {"application/json"}
    for answer in answers:
        assert list(answer.json.items()) == list(expected.items())


@pytest.mark.parametrize("procedure", [EIA, TRANSFER])
def test_every_scenario_gets_over_http_the_assessment_that_the_library_gives(real, procedure):
    app, checked = TestApp(real), real.registry.motcua_catalogue[procedure]
    outcomes = set()
    for file in checked.scenarios():
        for scenario in file.scenarios:
            body = json.dumps(scenario.given, default=str).encode()
            answer = app.request(f"/api/procedures/{procedure}/check", method="POST", body=body,
                                 headers={"Content-Type": "application/json"}).json
            assert answer == checked.check(scenario.given).to_json(), scenario.id
            outcomes.add(answer["outcome"])
    assert outcomes >= {"eligible", "ineligible", "undetermined"}


def test_letters_are_themselves_and_numbers_are_exact(real):
    app = TestApp(real)
    facts = {"licence.area": 0.1, "scheme.budget": "4.000000001 billion VND", "scheme.spent": 1}
    answer = app.post_json(f"/api/procedures/{TRANSFER}/check", {"facts": facts, "on": "2024-05-06"})
    assert "Bên chuyển nhượng".encode() in answer.body
    assert b"\\u" not in answer.body
    half = next(each for each in answer.json["requirements"] if each["id"] == "half-done")
    assert half["because"] == {"scheme.spent": 1, "scheme.budget": 4_000_000_001}


@pytest.mark.parametrize(("body", "status", "code", "field"), [
    ({"facts": {"well.dept": 3}}, 422, "FACT_001", "well.dept"),
    ({"facts": {"well.depth": -1}}, 422, "FACT_003", "well.depth"),
    ({"facts": {"lease.ends_on": "2023-02-30"}}, 422, None, "lease.ends_on"),
    ({"facts": {"works.cost": 1, "works.deposit": 2}}, 422, "ENG_001", None),
    ({"facts": {}, "on": "2023-02-30"}, 422, "COND_211", "on"),
    ({"facts": {}, "on": "20240506"}, 422, "COND_210", "on"),
    ({"facts": {}, "on": 5}, 422, "COND_210", "on"),
    ({"facts": {}, "am": "2024-05-06"}, 422, "WEB_022", "am"),
    ({"facts": {}, "on": "1999-01-01"}, 422, "FACT_009", None),
    ({"facts": [1]}, 422, "FACT_001", "facts"),
    ([], 422, "WEB_021", "body"),
    ("x", 422, "WEB_021", "body"),
    (None, 422, "WEB_021", "body"),
])
def test_facts_that_cannot_be_are_refused_with_their_code_and_field(app, body, status, code, field):
    answer = app.post_json(CHECK, body, expect_errors=True)
    assert (answer.status_int, answer.content_type) == (status, "application/problem+json")
    problem = answer.json["problems"][0]
    assert code is None or problem["code"] == code
    assert field is None or problem["field"] == field
    assert problem["vi"] != problem["en"]


def test_all_wrong_facts_are_named_at_once(app):
    answer = app.post_json(CHECK, {"well.depth": "x", "well.use": "y", "z": 1}, status=422)
    assert [problem["field"] for problem in answer.json["problems"]] == ["well.depth", "well.use", "z"]


@pytest.mark.parametrize("query", ["on=2023-02-30", "on=hom-nay", "on="])
def test_a_date_in_the_query_must_be_a_date(app, query):
    for method, url in (("GET", f"/api/procedures/{WELL}"), ("POST", CHECK)):
        answer = app.request(f"{url}?{query}", method=method, body=b"{}" if method == "POST" else b"",
                             headers={"Content-Type": "application/json"}, expect_errors=True)
        assert answer.status_int == 422
        assert answer.json["problems"][0]["field"] == "on"


@pytest.mark.parametrize(("url", "headers", "title"), [
    ("/api/nothing", {}, "Không tìm thấy trang"),
    ("/api/nothing?lang=en", {}, "Page not found"),
    ("/api/nothing", {"Accept-Language": "en-GB,en;q=0.8"}, "Page not found"),
    ("/api/nothing", {"Accept-Language": "fr, vi;q=0.5"}, "Không tìm thấy trang"),
    ("/api/nothing?lang=vi", {"Accept-Language": "en"}, "Không tìm thấy trang"),
    ("/api/nothing", {"Accept": "text/html"}, "Không tìm thấy trang"),
])
def test_problems_speak_the_language_asked_for_and_are_never_pages(app, url, headers, title):
    answer = app.get(url, headers=headers, status=404)
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"] == title
    assert answer.json["status"] == 404
    assert answer.json["request"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("url", ["/api", "/api/", "/api/procedures/", "/api/procedures/x", "/api/procedures/x/check",
                                 f"/api/procedures/{WELL}/checks", "/api/Procedures", "/api/dossiers"])
def test_what_is_not_there_is_a_problem_document(app, url):
    assert app.get(url, status=404).content_type == "application/problem+json"


@pytest.mark.parametrize(("method", "url", "allowed"), [
    ("DELETE", "/api/procedures", "GET, HEAD"), ("POST", f"/api/procedures/{WELL}", "GET, HEAD"),
    ("GET", CHECK, "POST"), ("PUT", SUBMISSIONS, "POST"), ("OPTIONS", "/api/dossiers/x", "GET, HEAD"),
    ("POST", "/api/openapi.json", "GET, HEAD"), ("PATCH", f"/procedures/{WELL}/apply", None),
])
def test_a_wrong_method_is_told_the_right_ones(app, method, url, allowed):
    answer = app.request(url, method=method, expect_errors=True)
    assert answer.status_int == 405
    assert allowed is None or answer.headers["Allow"] == allowed
    assert answer.headers["Allow"]


def test_head_asks_what_get_asks(app):
    answer = app.head("/api/procedures")
    assert (answer.status_int, answer.body) == (200, b"")


def test_a_submission_is_received_once_and_its_repeat_gets_the_same_dossier(app, people):
    xml = submission()
    first = send(app, xml, headers=people["chu-gieng"])
    assert first.status_int == 201
    code = first.json["code"]
    assert first.location.endswith(f"/api/dossiers/{code}")
    assert first.json["assessment"]["procedure"] == WELL
    again = send(app, xml, headers=people["chu-gieng"])
    assert (again.status_int, again.json["code"]) == (202, code)
    other = send(app, xml + b"\n", headers=people["chu-gieng"])
    assert other.status_int == 409
    dossier = app.get(f"/api/dossiers/{code}", headers=people["chu-gieng"]).json
    assert [each["size"] for each in dossier["submissions"]] == [len(xml)]
    assert {each["document"]: each["original_name"] for each in dossier["documents"]} == {
        "application": "don.pdf", "survey-report": "khao-sat.pdf"}
    assert dossier["journal"][0]["details"]["submission"] == dossier["submissions"][0]["sha256"]


@pytest.mark.parametrize("number", ["25.5", "24.33333333333333333333"])
def test_reasons_that_hold_a_fraction_are_answered_as_they_were_kept(app, people, number):
    xml = submission(depth=number)
    first = send(app, xml, headers=people["chu-gieng"])
    assert first.status_int == 201
    assert first.json["assessment"]["applies"]["because"]["well.depth"] == (25.5 if number == "25.5" else number)
    again = send(app, xml, headers=people["chu-gieng"])
    assert (again.status_int, again.json["assessment"]) == (202, first.json["assessment"])
    code = first.json["code"]
    shown = app.get(f"/api/dossiers/{code}", headers=people["chu-gieng"])
    assert shown.json["assessment"] == first.json["assessment"]


def test_a_repeat_is_a_repeat_even_without_its_files(app):
    xml = submission()
    code = send(app, xml).json["code"]
    again = send(app, xml, {})
    assert (again.status_int, again.json["code"]) == (202, code)


def test_files_that_no_answer_names_are_noted_and_not_kept(app, people):
    answer = send(app, submission(), {**FILES, "thua.pdf": PDF}, headers=people["chu-gieng"])
    assert answer.status_int == 201
    assert [(note["kind"], note["sent"]) for note in answer.json["notes"]] == [("unnamed", "thua.pdf")]
    dossier = app.get(answer.location, headers=people["chu-gieng"]).json
    assert [each["name"] for each in dossier["documents"]] == list(FILES)


@pytest.mark.parametrize(("changed", "files", "path", "kind"), [
    ({"survey": ""}, FILES, "/data/files/survey", "missing"),
    ({}, {"don.pdf": PDF}, "/data/files/survey", "missing"),
    ({"name": ""}, FILES, "/data/owner/name", "required"),
    ({"depth": "sâu"}, FILES, "/data/well/depth", "type"),
    ({"depth": "501"}, FILES, "/data/well/depth", "constraint"),
    ({"version": "9"}, FILES, "/data", "unexpected"),
    ({"extra": "<la>x</la>"}, FILES, "/data/la", "unexpected"),
    ({"meta": ""}, FILES, "/meta/instanceID", "missing"),
])
def test_a_submission_with_errors_is_refused_with_each_place_once(app, changed, files, path, kind):
    answer = send(app, submission(**changed), files)
    assert (answer.status_int, answer.content_type) == (422, "application/problem+json")
    places = [error["path"] for error in answer.json["errors"]]
    assert len(places) == len(set(places))
    assert {"path": path, "kind": kind} in [{"path": e["path"], "kind": e["kind"]} for e in answer.json["errors"]]


def test_a_dossier_is_for_its_owner_and_officers(app, people):
    code = send(app, submission(), headers=people["chu-gieng"]).json["code"]
    address = f"/api/dossiers/{code}"
    for name in ("chu-gieng", "can-bo"):
        assert app.get(address, headers=people[name]).json["code"] == code
    assert app.get(address, headers=people["nguoi-khac"], expect_errors=True).status_int == 403
    stranger = app.get(address, status=401)
    assert stranger.headers["WWW-Authenticate"].startswith("Basic")
    # a stranger cannot tell which codes exist
    unknown = app.get("/api/dossiers/MTC-000000-0000", status=401)
    assert unknown.json["title"] == stranger.json["title"]
    assert app.get("/api/dossiers/MTC-000000-0000", headers=people["can-bo"], expect_errors=True).status_int == 404


@pytest.mark.parametrize("given", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(),
                                   basic("chu-gieng", "không phải")["Authorization"], basic("", "")["Authorization"]])
def test_wrong_credentials_are_refused_everywhere(app, people, given):
    for url in ("/api/procedures", f"/api/procedures/{WELL}", "/api/dossiers/x"):
        answer = app.get(url, headers={"Authorization": given, "X-Real-Ip": "x"}, expect_errors=True)
        assert answer.status_int in (401, 429)
    assert answer.content_type == "application/problem+json"


def test_a_session_needs_its_token_to_write_and_other_sites_have_none(visitor):
    visitor.register("api-phien")
    refused = send(visitor.app, submission())
    assert refused.status_int == 400
    visitor.open("/account")
    token = visitor.page.forms["password"]["csrf_token"].value
    assert send(visitor.app, submission(), headers={"X-CSRF-Token": token}).status_int == 201


def test_a_dossier_sent_over_http_is_on_its_owners_list(wells, app, people):
    from motcua.dossiers import page

    code = send(app, submission(name="Ngọc Tìm Thấy"), headers=people["chu-gieng"]).json["code"]
    lines = page(wells.registry["motcua.archive"].read_model, size=100).lines
    assert code in [line.code for line in lines]


# -- as a part of another application

def integrate(folder, configure, **settings):
    config = Configurator(settings={"motcua.data": str(folder), "zodbconn.uri": "memory://",
                                    "motcua.check_replies": "true", **WELLS, **settings})
    configure(config)
    return TestApp(config.make_wsgi_app())


def test_the_api_alone_is_one_line_of_an_integrators_application(tmp_path):
    app = integrate(tmp_path, lambda config: config.include("motcua.web.api"))
    assert app.post_json(CHECK, {"facts": FACTS, "on": "2024-05-06"}).json["outcome"]
    assert send(app, submission()).status_int == 201
    assert app.get("/", expect_errors=True).status_int == 404


def test_the_api_lives_below_a_prefix_of_the_integrators_choice(tmp_path):
    app = integrate(tmp_path, lambda config: config.include("motcua.web.api", route_prefix="/luat"))
    assert app.get("/luat/api/openapi.json").json["servers"] == [{"url": "/luat"}]
    assert app.post_json(f"/luat{CHECK}", {"facts": FACTS}).json["outcome"]
    sent = send(app, submission(), url=f"/luat{SUBMISSIONS}")
    assert sent.location.endswith(f"/luat/api/dossiers/{sent.json['code']}")
    assert app.get("/luat/api/nothing", status=404).content_type == "application/problem+json"


OWN = """
openapi: 3.1.0
info: {title: theirs, version: "1"}
paths:
  /greet:
    get:
      parameters: [{name: name, in: query, required: true, schema: {type: string, minLength: 2}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: string}}}},
                  "400": {description: refused, content: {application/json: {schema: {type: array}}}}}
"""


def test_an_integrators_own_openapi_document_keeps_its_ways(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN)

    def configure(config):
        config.include("pyramid_openapi3")
        config.include("motcua.web.api")
        config.pyramid_openapi3_spec(str(tmp_path / "own.yaml"), route="/own.yaml")
        config.add_route("greet", "/greet")
        config.add_view(lambda request: f"hello {request.openapi_validated.parameters.query['name']}",
                        route_name="greet", renderer="json", openapi=True)

    app = integrate(tmp_path / "var", configure)
    assert app.get("/greet?name=Hoa").json == "hello Hoa"
    refused = app.get("/greet?name=H", status=400)
    assert (refused.content_type, refused.json[0]["exception"]) == ("application/json", "ValidationError")
    assert app.post_json(CHECK, [], status=422).content_type == "application/problem+json"
    assert app.post_json(CHECK, {"facts": FACTS}).json["outcome"]


def test_an_integrators_bearer_tokens_are_not_ours_to_judge(tmp_path):
    app = integrate(tmp_path, lambda config: config.include("motcua.web.api"))
    assert app.get("/api/procedures", headers={"Authorization": "Bearer abc"}).status_int == 200


def test_a_reply_that_breaks_the_document_is_told_as_our_fault_and_stores_nothing(tmp_path, monkeypatch):
    from motcua.web.api import submissions

    app = integrate(tmp_path, lambda config: config.include("motcua"))
    monkeypatch.setattr(submissions, "remarks", lambda examination: {"notes": "none"})
    archive = app.app.registry["motcua.archive"]
    answer = send(app, submission())
    assert (answer.status_int, answer.content_type) == (500, "application/problem+json")
    assert archive.run(lambda records: len(records.dossiers)) == 0


def test_an_unknown_answer_of_a_view_is_not_hidden_by_the_reply_check(tmp_path):
    def configure(config):
        config.include("motcua.web.api")
        config.add_route("theirs", "/api/theirs")
        config.add_view(lambda request: Response("fine"), route_name="theirs")

    assert integrate(tmp_path, configure).get("/api/theirs").text == "fine"
