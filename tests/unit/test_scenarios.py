"""Running scenarios: what passes, what fails and how it says so; the plug-in of pytest; the linter of it all."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua import Catalogue, InputError
from motcua.commands.main import main
from motcua.procedures import dump_scenarios, lint_scenarios, load_scenarios
from motcua.scenarios import READERS, run_scenarios

RULES = Path(__file__).parents[1] / "examples" / "rules"
HEAD = "procedure: vn.water.well-permit\nscenarios:\n"
GIVEN = ("given: {filing.received_on: 2025-07-01, well.depth: 25, well.use: irrigation, well.checks: [survey], "
         "well.wells_nearby: 0, site.protected: false, works.cost: 0, works.deposit: 0, lease.ends_on: 2030-01-01}")


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load(RULES)


@pytest.fixture
def run(catalogue, tmp_path):
    def run(text, **options):
        path = tmp_path / "t.scenarios.yaml"
        path.write_text(text, encoding="utf-8")
        return run_scenarios(catalogue, [path], **options)

    return run


@pytest.mark.parametrize("engine", [*READERS, "all"])
def test_the_scenarios_of_the_example_pass_with_every_reader(catalogue, engine):
    results = run_scenarios(catalogue, [RULES], engine=engine)
    assert len(results) == 14
    assert [result.to_json() for result in results if not result.ok] == []


def test_below_a_folder_every_yaml_file_with_scenarios_is_run_whatever_its_name(catalogue, tmp_path):
    scenario = HEAD + "  - {id: a, " + GIVEN + ", expect: {outcome: ineligible}}\n"
    for name in ("a.scenarios.yaml", "deep/b.yaml", "c.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(scenario, encoding="utf-8")
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfscenarios:\n" + scenario.encode().partition(b"scenarios:\n")[2]
                                        + b"procedure: vn.water.well-permit\n")
    (tmp_path / "rules.yaml").write_text("procedure: x\nnotes: [of scenarios, 'no scenarios: here']\n", encoding="utf-8")
    (tmp_path / "scenarios.txt").write_text(scenario, encoding="utf-8")
    results = run_scenarios(catalogue, [tmp_path], engine="conditions")
    assert [Path(result.file).name for result in results] == ["a.scenarios.yaml", "bom.yaml", "c.yml", "b.yaml"]
    assert all(result.ok for result in results)


def test_a_failure_shows_what_was_expected_and_what_came_of_the_compared_keys_only(run):
    [result] = run(HEAD + "  - {id: a, " + GIVEN + ", expect: {outcome: eligible, failed: [], fee: {row: F1}}}\n")
    assert not result.ok
    assert result.to_json()["expected"] == {"outcome": "eligible", "failed": [], "fee": {"row": "F1"}}
    assert result.to_json()["got"] == {"outcome": "ineligible", "failed": ["checks"], "fee": {"row": "F1"}}
    assert result.differing == ("outcome", "failed")


@pytest.mark.parametrize(("text", "id_", "code"), [
    (HEAD + "  - {id: a, given: {well.dept: 1}, expect: {outcome: eligible}}\n", "a", "FACT_001"),
    (HEAD + "  - {id: a, given: {well.use: x}, expect: {outcome: eligible}}\n", "a", "COND_213"),
    (HEAD + "  - {id: a, given: {filing.received_on: 2000-01-01}, expect: {outcome: eligible}}\n", "a", "FACT_009"),
    (HEAD + "  - {id: a, like: b, expect: {outcome: eligible}}\n", "a", "SCEN_004"),
    (HEAD + "  - {id: a, expect: {outcom: eligible}}\n", "a", "SCEN_006"),
    (HEAD + "  - {id: a, " + GIVEN + ", expect: {fee: much}}\n", "a", "COND_203"),
    ("procedure: vn.water.pond\nscenarios: [{id: a}]\n", "a", "SCEN_007"),
    ("procedure: [", "(file)", "YAML_001"),
    ("scenarios: []", "(file)", "SCEN_001"),
])
def test_what_cannot_be_read_fails_that_scenario_with_its_message(run, text, id_, code):
    [result] = run(text)
    assert (result.id, result.ok) == (id_, False)
    assert any(message.startswith(code) for message in result.to_json()["got"]["error"])


def test_the_other_scenarios_of_a_file_are_run_all_the_same(run):
    results = run(HEAD + "  - {id: a, given: {well.dept: 1}}\n  - {id: b, expect: {outcome: undetermined}}\n")
    assert [(result.id, result.ok) for result in results] == [("a", False), ("b", True)]


def test_only_the_scenarios_of_one_procedure_can_be_asked_for(run):
    assert run(HEAD + "  - {id: a}\n", procedure="vn.water.pond") == []
    assert len(run(HEAD + "  - {id: a}\n", procedure="vn.water.well-permit")) == 1


def test_an_unknown_reader_is_refused(catalogue):
    with pytest.raises(InputError, match="SCEN_009"):
        run_scenarios(catalogue, [RULES], engine="drools")


def test_readers_that_differ_fail_the_scenario(run, monkeypatch):
    def other(procedure, facts):
        return {**READERS["conditions"](procedure, facts), "outcome": "eligible"}

    monkeypatch.setitem(READERS, "other", other)
    [result] = run(HEAD + "  - {id: a, " + GIVEN + ", expect: {outcome: ineligible}}\n", engine="all")
    assert not result.ok
    assert result.problems[0].code == "SCEN_008"
    assert "outcome" in result.problems[0].message("en")


def test_a_file_named_twice_is_run_once(catalogue):
    assert len(run_scenarios(catalogue, [RULES, RULES / "water" / "well-permit.scenarios.yaml"])) == 14


def pytest_in(folder: Path, *arguments: str):
    # only the plug-in under test: those of other packages take seconds to start
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "motcua.testing", *arguments]
    return subprocess.run(command,
                          cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


@pytest.fixture
def project(tmp_path):
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


def test_installing_motcua_registers_the_plug_in():
    [entry] = [each for each in entry_points(group="pytest11") if each.name == "motcua"]
    assert entry.value == "motcua.testing"


def test_pytest_runs_each_scenario_as_a_test(project):
    ran = pytest_in(project, "rules", "-v")
    assert "14 passed" in ran.stdout, ran.stdout + ran.stderr
    assert "::deposit-below-tenth PASSED" in ran.stdout


def test_pytest_shows_what_differs_in_a_failed_scenario(project):
    path = project / "rules" / "water" / "well-permit.scenarios.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("outcome: ineligible, failed: [lease]", "outcome: eligible, failed: [lease]"),
                    encoding="utf-8")
    ran = pytest_in(project, "rules")
    assert ran.returncode == 1
    assert "1 failed, 13 passed" in ran.stdout
    assert "outcome: expected 'eligible', got 'ineligible'" in ran.stdout
    assert "failed: expected" not in ran.stdout
    assert "Traceback" not in ran.stdout


def test_pytest_finds_the_rules_for_scenarios_that_lie_elsewhere(project):
    (project / "elsewhere").mkdir()
    shutil.move(project / "rules" / "water" / "well-permit.scenarios.yaml", project / "elsewhere")
    assert "14 passed" in pytest_in(project, "elsewhere").stdout
    (project / "rules").rename(project / "law")
    assert "14 passed" in pytest_in(project, "elsewhere", "-o", "motcua_rules=law").stdout


def test_pytest_tells_the_problems_of_the_rules_instead_of_a_traceback(project):
    path = project / "rules" / "water" / "well-permit.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("law_at: filing", "law_at: filling"), encoding="utf-8")
    ran = pytest_in(project, "rules")
    assert "RULE_016" in ran.stdout
    assert "Traceback" not in ran.stdout


def test_the_plug_in_does_nothing_without_scenario_files_and_costs_nothing(project):
    (project / "test_one.py").write_text("def test_one():\n    pass\n", encoding="utf-8")
    (project / "conftest.py").write_text(
        "import sys\n\ndef pytest_unconfigure():\n"
        "    print('LOADED', sorted({name for name in sys.modules if name.split('.')[0] in "
        "('pyramid', 'ruamel', 'lark', 'durable', 'ZODB') or name.startswith('motcua.')}))\n", encoding="utf-8")
    ran = pytest_in(project, "test_one.py", "-s")
    assert "1 passed" in ran.stdout
    assert "LOADED ['motcua.testing', 'motcua.version']" in ran.stdout


WAITING = HEAD + "  - {id: a, vi: a, en: b, " + GIVEN + ", proposed: {outcome: eligible, failed: []}}\n"


def test_what_is_only_proposed_waits_for_confirmation_and_neither_passes_nor_fails(run):
    [result] = run(WAITING)
    assert (result.state, result.ok) == ("waiting", False)
    assert result.to_json()["waiting"] is True
    assert (result.expected, result.got) == ({"outcome": "eligible", "failed": []},
                                             {"outcome": "ineligible", "failed": ["checks"]})


def test_what_is_proposed_counts_no_longer_once_an_outcome_is_expected(run):
    text = WAITING.replace("}}\n", "}, expect: {outcome: ineligible}}\n")
    assert [result.state for result in run(text)] == ["passed"]


def test_a_waiting_scenario_that_cannot_be_read_fails(run):
    assert [result.state for result in run(WAITING.replace("well.depth", "well.dept"))] == ["failed"]


def test_waiting_scenarios_are_counted_apart_and_end_no_run(tmp_path):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(WAITING, encoding="utf-8")
    shown = CliRunner().invoke(main, ["test", str(path), "--rules", str(RULES), "--forms", str(tmp_path / "none")])
    assert shown.exit_code == 0
    assert "WAITING FOR CONFIRMATION" in shown.output
    assert "0 passed, 0 failed, 1 waiting for confirmation" in shown.output
    told = CliRunner().invoke(main, ["test", str(path), "--rules", str(RULES), "--json"])
    assert {key: json.loads(told.output)[key] for key in ("passed", "failed", "waiting")} == {
        "passed": 0, "failed": 0, "waiting": 1}


def test_the_linter_says_what_waits_and_what_is_said_twice(tmp_path, catalogue):
    path = tmp_path / "t.scenarios.yaml"
    procedures = {name: checked.procedure for name, checked in catalogue.items()}
    path.write_text(WAITING, encoding="utf-8")
    assert [problem.code for problem in lint_scenarios(path, procedures)] == ["SCEN_016"]
    path.write_text(WAITING.replace("}}\n", "}, expect: {outcome: ineligible}}\n"), encoding="utf-8")
    assert [problem.code for problem in lint_scenarios(path, procedures)] == ["SCEN_017"]
    path.write_text(WAITING.replace("failed: []", "fee: much"), encoding="utf-8")
    assert [problem.code for problem in lint_scenarios(path, procedures)] == ["SCEN_016", "COND_203"]


def test_a_waiting_scenario_reads_back_as_it_was_written(tmp_path):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(WAITING, encoding="utf-8")
    [scenario] = load_scenarios(path).scenarios
    path.write_text(dump_scenarios(load_scenarios(path)), encoding="utf-8")
    [again] = load_scenarios(path).scenarios
    assert again.is_waiting
    assert (again.proposed, again.given, again.expect) == (scenario.proposed, scenario.given, {})


def test_pytest_skips_a_waiting_scenario(tmp_path):
    (tmp_path / "w.scenarios.yaml").write_text(WAITING, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-o",
                           f"motcua_rules={RULES}", str(tmp_path)], capture_output=True, text=True, cwd=tmp_path,
                          check=False)
    assert "1 skipped" in done.stdout
    assert "waiting for confirmation" in done.stdout
