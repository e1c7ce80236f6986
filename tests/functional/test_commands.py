"""The command line as scripts use it: output, exit codes, problems on standard error."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.commands import main
from motcua.commands.main import SUBCOMMANDS

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "tests/examples/rules")
WELL = "vn.water.well-permit"
TRANSFER = "vn.minerals.exploration-right-transfer"
TRANSFER_FACTS = str(ROOT / "tests/examples/transfer-facts.yaml")


@pytest.fixture
def motcua(monkeypatch):
    """Run ``motcua ARGUMENTS`` in the project's folder."""
    monkeypatch.chdir(ROOT)

    def run(*arguments, input=None):
        return CliRunner().invoke(main, list(arguments), input=input, catch_exceptions=False)

    return run


def test_the_list_of_subcommands_is_whole_and_imports_none_of_them():
    run = "import sys; from motcua.commands import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    *lines, modules = shown.splitlines()
    listed = dict(line.split(maxsplit=1) for line in lines if line.split()[:1] and line.split()[0] in SUBCOMMANDS)
    assert listed == {name: said for name, (_module, _name, said) in SUBCOMMANDS.items()}
    assert not {"motcua.catalogue", "pyramid", "ZODB", "sqlalchemy", "z3", "ibis", "pandas"} & set(modules.split())


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_is_there_and_tells_how_it_is_used(motcua, name):
    done = motcua(name, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: main {name}")


def test_check_answers_with_the_assessment_of_the_contract(motcua):
    done = motcua("check", TRANSFER, "--facts", TRANSFER_FACTS, "--json")
    answer = json.loads(done.stdout)
    contract = ["procedure", "law_date", "law_version", "outcome", "failed", "undetermined", "missing", "requirements",
                "documents", "document_details", "decisions", "rules", "engine"]
    assert list(answer)[: len(contract)] == contract
    assert (done.exit_code, answer["outcome"]) == (0, "eligible")
    assert answer["engine"] == "durable-rules 2.0.28"
    assert answer["rules"].startswith("sha256:")


def test_an_ineligible_case_is_no_failure_of_the_command(motcua):
    facts = json.dumps({"scheme.budget": "4 billion VND", "scheme.spent": 1_000_000_000, "dispute": None})
    done = motcua("check", TRANSFER, "--facts", "-", "--on", "2024-05-06", "--json", input=facts)
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["outcome"], answer["failed"]) == (0, "ineligible", ["half-done"])
    assert answer["requirements"][0]["because"] == {"scheme.spent": 1_000_000_000, "scheme.budget": 4_000_000_000}


def test_the_date_of_the_facts_wins_over_the_option(motcua):
    facts = json.dumps({"filing.received_on": "2024-05-06"})
    done = motcua("check", TRANSFER, "--facts", "-", "--on", "2026-05-06", "--json", input=facts)
    assert json.loads(done.stdout)["law_date"] == "2024-05-06"


@pytest.mark.parametrize(("facts", "named"), [
    ('{"scheme.budgt": 1}', "scheme.budget"),
    ('{"scheme.budget": NaN}', "NaN"),
    ('{"scheme.budget": 1, "scheme.budget": 2}', "scheme.budget"),
    ('{"filing.received_on": "2023-02-30"}', "2023-02-30"),
    ('{"scheme.budget": 1e400}', "1e400"),
    ('{"scheme.budget": %d}' % 10**30, "scheme.budget"),
    ("[1, 2]", "list"),
    ("{", "JSON"),
])
def test_bad_facts_exit_with_2_and_are_named_on_standard_error(motcua, facts, named):
    done = motcua("check", TRANSFER, "--facts", "-", "--on", "2024-05-06", input=facts)
    assert (done.exit_code, done.stdout) == (2, "")
    assert named in done.stderr


def test_a_check_without_json_names_what_decided_each_requirement_that_is_not_met(motcua):
    done = motcua("check", TRANSFER, "--facts", "-", "--on", "2024-05-06",
                  input='{"scheme.budget": "4 billion VND", "scheme.spent": "1 billion VND"}')
    assert done.exit_code == 0
    assert "ineligible   2024-05-06   (2024-03-21 .. 2025-06-30)" in done.stdout
    assert "unmet           half-done   LKS2010 art 43 cl 3" in done.stdout
    assert "    scheme.spent = 1000000000\n    scheme.budget = 4000000000\n" in done.stdout


def test_every_problem_of_the_facts_is_told_at_once(motcua):
    wrong = '{"nothing.here": 1, "dispute": "maybe", "licence.area": -1}'
    done = motcua("check", TRANSFER, "--facts", "-", input=wrong)
    assert done.exit_code == 2
    assert all(name in done.stderr for name in ("nothing.here", "dispute", "licence.area"))


def test_facts_that_are_no_text_exit_with_2(motcua, tmp_path):
    file = tmp_path / "facts.json"
    file.write_bytes(b"\xff\xfe{}")
    done = motcua("check", TRANSFER, "--facts", str(file))
    assert done.exit_code == 2
    assert "UTF-8" in done.stderr


def test_an_unknown_procedure_names_the_nearest(motcua):
    done = motcua("check", "vn.minerals.exploration-right-transfr", "--facts", "-", input="{}")
    assert done.exit_code == 2
    assert TRANSFER in done.stderr


@pytest.mark.parametrize("day", ["2023-02-30", "6/5/2024", "20240506", "2024-W01-1"])
def test_a_date_that_is_none_exits_with_2(motcua, day):
    done = motcua("check", TRANSFER, "--facts", "-", "--on", day, input="{}")
    assert (done.exit_code, day in done.stderr) == (2, True)


def test_scenarios_run_wherever_they_lie_and_a_failed_one_exits_with_1(motcua, tmp_path):
    file = tmp_path / "mine.scenarios.yaml"
    file.write_text(f"""
procedure: {TRANSFER}
scenarios:
  - id: right
    given: {{filing.received_on: 2024-05-06, scheme.budget: 4 billion VND, scheme.spent: 1 billion VND}}
    expect: {{outcome: ineligible, failed: [half-done]}}
  - id: wrong
    like: right
    given: {{scheme.spent: 2 billion VND}}
    expect: {{outcome: ineligible}}
""", encoding="utf-8")
    done = motcua("test", str(file), "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["passed"], answer["failed"]) == (1, 1, 1)
    assert [(each["id"], each["ok"]) for each in answer["results"]] == [("right", True), ("wrong", False)]
    assert answer["results"][1]["got"] == {"outcome": "undetermined"}


@pytest.mark.parametrize("engine", ["durable-rules", "conditions", "all"])
def test_scenarios_pass_in_every_reader(motcua, engine):
    done = motcua("test", "--engine", engine, "--procedure", WELL, "--rules", EXAMPLE)
    assert done.exit_code == 0
    assert ", 0 failed" in done.stdout


def test_scenarios_of_a_procedure_that_does_not_exist_are_bad_input_not_a_success(motcua):
    done = motcua("test", "--procedure", TRANSFER + "r", "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert TRANSFER in done.stderr


def test_lint_finds_no_error_in_the_shipped_rules_and_forms(motcua):
    done = motcua("lint")
    assert done.exit_code == 0
    assert "0 errors" in done.stdout


def test_a_broken_rule_file_is_named_with_line_and_column(motcua, tmp_path):
    (tmp_path / "sources.yaml").write_text("L: {vi: x, en: x, number: '1', in_force: 2020-01-01 ..}", encoding="utf-8")
    (tmp_path / "x.yaml").write_text("procedure: a.b\nvi: x\nen: x\nfield: [\n", encoding="utf-8")
    done = motcua("lint", "--rules", str(tmp_path), "--forms", str(tmp_path / "none"))
    assert done.exit_code == 1
    assert "x.yaml:5:1" in done.stdout


def test_procedures_lists_ids_and_names(motcua):
    listed = json.loads(motcua("procedures", "--json").stdout)
    assert {"vn.environment.eia-appraisal", TRANSFER} <= {each["id"] for each in listed}
    assert all(each["vi"] and each["en"] for each in listed)


def test_form_prints_the_written_form_and_can_make_one(motcua):
    written = motcua("form", TRANSFER).stdout_bytes
    assert written == (ROOT / "forms/minerals/exploration-right-transfer.xml").read_bytes()
    made = motcua("form", TRANSFER, "--generated").stdout_bytes
    assert made != written
    assert b"motcua:fact=\"scheme.budget\"" in made


def test_form_eval_computes_relevance_and_validity(motcua, tmp_path):
    form = tmp_path / "form.xml"
    form.write_text("""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>t</h:title><model><instance><data id="t" version="1"><age/><school/></data></instance>
<bind nodeset="/data/age" type="int" required="true()" constraint=". &lt; 150"/>
<bind nodeset="/data/school" type="string" relevant="/data/age &lt; 18"/></model></h:head>
<h:body><input ref="/data/age"><label>a</label></input>
<input ref="/data/school"><label>s</label></input></h:body></h:html>
""", encoding="utf-8")
    empty = json.loads(motcua("form", "eval", str(form), "--json").stdout)
    assert (empty["valid"], empty["nodes"][0]) == (False, {"path": "/data/age", "value": "", "relevant": True,
                                                           "required": True, "readonly": False, "valid": False})
    child = json.loads(motcua("form", "eval", str(form), "--set", "/data/age=7", "--json").stdout)
    assert [(node["value"], node["relevant"], node["valid"]) for node in child["nodes"]] == [
        ("7", True, True), ("", True, True)]
    adult = json.loads(motcua("form", "eval", str(form), "--set", "/data/age=200", "--json").stdout)
    assert [(node["relevant"], node["valid"]) for node in adult["nodes"]] == [(True, False), (False, True)]
    assert motcua("form", "eval", str(form), "--set", "/data/age").exit_code == 2


def test_a_malformed_submission_is_reported_not_raised(motcua, tmp_path):
    file = tmp_path / "submission.xml"
    file.write_text("<!DOCTYPE x []><data/>", encoding="utf-8")
    form = ROOT / "forms/minerals/exploration-right-transfer.xml"
    done = motcua("submission", "check", str(form), str(file), "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["valid"], answer["errors"][0]["kind"]) == (0, False, "malformed")
    assert set(answer["errors"][0]) == {"path", "kind", "vi", "en"}


def test_accounts_are_made_once_from_the_shell(motcua, tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    made = ("user", "add", "can-bo", "--role", "officer", "--password", "a long enough phrase")
    assert motcua(*made).exit_code == 0
    again = motcua(*made)
    assert (again.exit_code, "DOS_009" in again.stderr) == (2, True)
    assert motcua("user", "password", "nobody", "--password", "a long enough phrase").exit_code == 2
    assert motcua("reindex").exit_code == 0
    assert motcua("purge").stdout == "0\n"


def test_a_port_in_use_is_told_plainly(motcua, tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = motcua("serve", "--port", str(taken.getsockname()[1]))
    assert (done.exit_code, "CLI_008" in done.stderr) == (2, True)
