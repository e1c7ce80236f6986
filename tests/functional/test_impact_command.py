"""``motcua impact`` from the shell: stored dossiers, a table, what it says and what it refuses."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.dossiers.samples import submission

from motcua.analysis.bulk import extra
from motcua.commands import main
from motcua.dossiers import open_archive, receive

RULES = Path(__file__).parents[1] / "examples" / "rules"
WELL = "vn.water.well-permit"
GIVEN = {"filing.received_on": "2025-07-01", "well.depth": 25, "well.use": "irrigation", "well.flow": 1,
         "well.checks": ["survey", "neighbours"], "well.wells_nearby": 0, "site.protected": False, "works.cost": 0,
         "works.deposit": 0, "lease.ends_on": "2030-01-01"}


@pytest.fixture
def draft(tmp_path):
    """The well permit, needed from 26 m instead of 20 m on; it lies away from the register of texts."""
    text = (RULES / "water" / "well-permit.yaml").read_text(encoding="utf-8")
    assert text.count("well.depth > 20 m") == 1
    target = tmp_path / "draft.yaml"
    target.write_text(text.replace("well.depth > 20 m", "well.depth > 26 m"), encoding="utf-8")
    return target


@pytest.fixture
def ini(tmp_path):
    """The settings of a site with three dossiers."""
    uri = f"sqlite://{tmp_path / 'data'}"
    with open_archive(uri, agency="000.00.12.G12") as archive:
        for number, depth in enumerate((25, 27, None)):
            facts = json.dumps({**GIVEN, "well.depth": depth}).encode()
            archive.run(lambda records, n=number, facts=facts: receive(
                records, **submission(f"uuid:{n}", procedure=WELL, facts=facts, assessment=b"{}")) and None)
    path = tmp_path / "site.ini"
    path.write_text(f"[app:main]\nuse = egg:motcua\nzodbconn.uri = {uri}\n", encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["impact", WELL, "--rules", str(RULES), "--forms", "none", *map(str, arguments)])


def test_what_a_draft_changes_for_the_stored_dossiers_as_json_and_as_a_table(draft, ini, tmp_path):
    target = tmp_path / "changes.csv"
    shown = run("--with", draft, "--ini", ini, "--json", "--csv", target)
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert found["counts"] == {"dossiers": 3, "compared": 3, "changed": 1, "without_facts": 0, "unreadable": 0}
    [flip] = found["flips"]["outcome"]
    assert (flip["from"], flip["to"], flip["count"]) == ("eligible", "not_required", 1)
    with target.open(encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file)
    assert (line["dossier"], line["kind"], line["from"], line["to"]) == (
        flip["dossiers"][0], "outcome", "eligible", "not_required")


def test_for_a_person_it_counts_and_names_the_changes(draft, ini):
    shown = run("--with", draft, "--ini", ini)
    assert shown.exit_code == 0
    assert "outcome outcome: eligible → not_required   (1)" in shown.output
    assert "checked by the engine: 3" in shown.output


def test_a_table_of_facts_on_another_day(draft, tmp_path):
    table = tmp_path / "wells.csv"
    table.write_text("dossier,filing.received_on,well.depth,well.flow,well.use\nA,2026-01-01,0.025 km,2,household\n", encoding="utf-8")
    flips = [json.loads(run("--with", draft, "--facts", table, "--json", *day).stdout)["flips"]["outcome"]
             for day in ((), ("--on", "2025-06-30"))]
    # under the law of that day 25 m is no deep well, with the draft or without
    assert [[flip["dossiers"] for flip in each] for each in flips] == [[["A"]], []]


def test_bad_cells_and_drafts_exit_with_2_and_are_named(draft, tmp_path):
    table = tmp_path / "wells.csv"
    table.write_text("dossier,well.depth\nA,600\nB,deep\n", encoding="utf-8")
    shown = run("--with", draft, "--facts", table)
    assert shown.exit_code == 2
    assert "wells.csv:2 [well.depth]: error FACT_004" in shown.output
    assert "wells.csv:3 [well.depth]: error COND_203" in shown.output
    draft.write_text("procedure: [", encoding="utf-8")
    assert run("--with", draft, "--facts", table).exit_code == 2


def test_without_the_extra_it_says_what_to_install(draft, ini, monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    shown = run("--with", draft, "--ini", ini)
    assert shown.exit_code == 2
    assert "pip install 'motcua[analysis]'" in shown.output


def test_without_the_extra_scenarios_are_run_by_the_other_readers(monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    ask = ["test", "--rules", str(RULES), "--forms", "none"]
    shown = CliRunner().invoke(main, ask)
    assert shown.exit_code == 0
    assert "BULK_003" in shown.stderr
    assert "BULK_003" not in shown.stdout
    refused = CliRunner().invoke(main, [*ask, "--engine", "sql"])
    assert refused.exit_code == 2
    assert "pip install 'motcua[analysis]'" in refused.output


def test_checking_facts_loads_no_database_for_analysis(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(GIVEN), encoding="utf-8")
    program = ("import sys; from motcua.commands import main; "
               f"main(['check', {WELL!r}, '--facts', {str(facts)!r}, '--rules', {str(RULES)!r}, '--forms', 'none'], "
               "standalone_mode=False); import motcua.scenarios; "
               "print([name for name in ('ibis', 'duckdb', 'pyarrow', 'z3') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
