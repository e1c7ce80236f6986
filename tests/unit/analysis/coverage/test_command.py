"""``motcua coverage`` and ``motcua scenarios suggest`` from the shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.commands.main import main
from motcua.procedures import load_scenarios

RULES = Path(__file__).parents[3] / "examples" / "rules"
WELLS = RULES / "water" / "well-permit.scenarios.yaml"
NAME = "vn.water.well-permit"


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments), "--rules", str(RULES), "--forms", "none"])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def copy(tmp_path) -> Path:
    path = tmp_path / "wells.scenarios.yaml"
    path.write_bytes(WELLS.read_bytes())
    return path


def test_the_table_names_what_is_left_in_both_languages():
    shown = run("coverage", NAME)
    assert "Điều kiện / Requirements" in shown
    assert 'list contains(well.checks, "survey"): sai, và quyết định kết quả / false, and it decides' in shown
    assert "2020-01-01 .. 2025-06-30" in shown
    # the consent is asked inside a zone alone
    assert "can happen in no case, not counted:\n    - protection-consent: site.protected: sai" in shown


def test_less_than_asked_for_ends_with_1(copy):
    share = json.loads(run("coverage", NAME, "--json"))["total"]
    assert share["covered"] < share["total"]
    run("coverage", NAME, "--fail-under", "50")
    run("coverage", NAME, "--fail-under", "100", code=1)
    run("coverage", "vn.water.wel-permit", code=2)


def test_suggestions_are_added_to_a_file_that_stays_as_it_is_and_cover_all_once_confirmed(copy):
    old = copy.read_text(encoding="utf-8")
    count = len(load_scenarios(copy).scenarios)
    assert "được đề xuất / scenarios proposed" in run("scenarios", "suggest", NAME, "--scenarios", copy, "--write", copy)
    text = copy.read_text(encoding="utf-8")
    assert text.startswith(old.rstrip("\n"))
    assert "    like: " in text[len(old):]
    told = json.loads(run("test", copy, "--json", "--engine", "conditions"))
    assert (told["passed"], told["failed"], told["waiting"]) == (count, 0, len(load_scenarios(copy).scenarios) - count)
    assert json.loads(run("coverage", NAME, "--scenarios", copy, "--json"))["scenarios"]["waiting"]
    run("coverage", NAME, "--scenarios", copy, "--fail-under", "100", code=1)
    copy.write_text(text.replace("    proposed:\n", "    expect:\n"), encoding="utf-8")
    run("coverage", NAME, "--scenarios", copy, "--fail-under", "100")
    assert json.loads(run("test", copy, "--json", "--engine", "conditions"))["failed"] == 0
    assert "0 tình huống" in run("scenarios", "suggest", NAME, "--scenarios", copy)


def test_without_a_file_they_are_printed_as_one_that_stands_alone(tmp_path, copy):
    printed = run("scenarios", "suggest", NAME, "--limit", "2")
    alone = tmp_path / "new.scenarios.yaml"
    alone.write_text(printed, encoding="utf-8")
    assert [each.is_waiting for each in load_scenarios(alone).scenarios] == [True, True]
    written = tmp_path / "written.scenarios.yaml"
    run("scenarios", "suggest", NAME, "--limit", "2", "--write", written)
    assert [each.like for each in load_scenarios(written).scenarios] == [None, None]
    assert len(json.loads(run("scenarios", "suggest", NAME, "--limit", "2", "--json"))) == 2


def test_a_file_to_which_nothing_can_be_added_stays_as_it_is(copy):
    text = copy.read_text(encoding="utf-8") + "notes: after the list\n"
    copy.write_text(text, encoding="utf-8")
    assert "COV_002" in run("scenarios", "suggest", NAME, "--write", copy, code=2)
    assert copy.read_text(encoding="utf-8") == text
    other = text.replace(NAME, "vn.water.pond")
    copy.write_text(other, encoding="utf-8")
    assert "COV_003" in run("scenarios", "suggest", NAME, "--write", copy, code=2)
    assert copy.read_text(encoding="utf-8") == other


def test_without_the_solver_coverage_is_told_all_the_same_and_suggesting_says_what_to_install(tmp_path):
    (tmp_path / "z3.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def motcua(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("motcua")
        return subprocess.run([program, *arguments, NAME, "--rules", str(RULES), "--forms", "none"],
                              capture_output=True, text=True, env=environment, check=False)

    done = motcua("coverage")
    assert (done.returncode, done.stderr) == (0, "")
    assert "pip install 'motcua[analysis]'" in done.stdout
    refused = motcua("scenarios", "suggest")
    assert refused.returncode == 2
    assert "COV_001" in refused.stderr
