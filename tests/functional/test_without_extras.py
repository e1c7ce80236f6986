"""A plain installation, without solver and databases: what needs them says what to install, all else works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
RULES = TOP / "tests/examples/rules"
WELL = "vn.water.well-permit"
INSTALL = "pip install 'motcua[analysis]'"
INELIGIBLE = {"filing.received_on": "2025-07-01", "well.depth": 25, "well.use": "irrigation", "well.flow": 5,
              "well.checks": ["survey", "neighbours"], "well.wells_nearby": 3, "site.protected": False,
              "works.cost": 80_000_000, "works.deposit": 1, "lease.ends_on": "2026-01-01"}

#: Read by each Python process that is started: packages of the extras are not there.
BARE = """
from importlib.machinery import PathFinder

MISSING = {"z3", "ibis", "duckdb", "pyarrow", "pandas", "numpy", "sqlglot", "pyspark"}
look = PathFinder.find_spec
PathFinder.find_spec = classmethod(
    lambda cls, name, path=None, target=None: None if name in MISSING else look(name, path, target))
"""

#: Runs commands, each a JSON list of arguments, and prints exit code and output of each.
COMMANDS = """
import json, sys
from click.testing import CliRunner
from motcua.commands import main

answers = []
for arguments in json.load(sys.stdin):
    done = CliRunner().invoke(main, arguments)
    answers.append([done.exit_code, done.output, repr(done.exception)])
print(json.dumps(answers))
"""

PAGES = """
import json, sys, time
from tests.functional.bench import GOOD, WELL, officer_of
from tests.functional.conftest import WELLS, make_application
from tests.functional.test_bench_questions import make_draft

application = make_application(sys.argv[1], **{**WELLS, "zodbconn.uri": ""})
officer = officer_of(application)
draft = make_draft(application, "ky-quy-15", (">= 10% * works.cost", ">= 15% * works.cost"))
said = {}
for page in (f"{WELL}/checks", f"{WELL}/coverage", f"{WELL}/compare?from=2025-06-30&to=2025-07-01", f"{draft}/impact"):
    officer.open(page)
    form = officer.page.html.select("#job form")[-1]
    officer.app.post(form["action"], params={each["name"]: each["value"] for each in form.select("input")})
    while officer.open(page).html.find(id="job")["data-job"] in ("waiting", "running"):
        time.sleep(0.2)
    said[page.partition("?")[0].rpartition("/")[2]] = officer.text
officer.open(GOOD.replace("8.000.000&", "7.999.999&"))
said["case"] = officer.text
for name in ("cases", "runs", "drafts", "sign-off", "picture"):
    said[name] = officer.open(f"{WELL}/{name}").status
said["report"] = officer.open(f"{WELL}/sign-off/report.pdf").content_type
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Run a program where the extras are not installed; what it prints last, as JSON."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sitecustomize.py").write_text(BARE, encoding="utf-8")

    def run(program, *arguments, given=""):
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)], cwd=TOP, text=True,
                              input=given, capture_output=True, check=False,
                              env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(TOP)])})
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="module")
def commands(bare, tmp_path_factory):
    """Run many ``motcua ARGUMENTS`` there: exit code, output and exception of each."""
    facts = tmp_path_factory.mktemp("facts") / "facts.json"
    facts.write_text(json.dumps(INELIGIBLE), encoding="utf-8")
    table = facts.with_name("facts.csv")
    table.write_text("dossier,well.depth\nA,5\n", encoding="utf-8")
    draft = next(RULES.rglob("well-permit.yaml"))
    names = {"FACTS": facts, "TABLE": table, "DRAFT": draft}

    def run(*lines):
        asked = [[str(names.get(word, word)) for word in line.split()] + ["--rules", str(RULES)] for line in lines]
        return bare(COMMANDS, given=json.dumps(asked))

    return run


def test_commands_that_need_an_extra_say_what_to_install(commands):
    lines = (f"prove {WELL}", f"prove {WELL} --json", f"compare {WELL} --from 2025-06-30 --to 2025-07-01",
             f"change {WELL} --facts FACTS", f"scenarios suggest {WELL}",
             f"impact {WELL} --with DRAFT --facts TABLE", f"impact {WELL} --with DRAFT --facts TABLE --backend spark",
             "test --engine sql")
    for line, (code, output, exception) in zip(lines, commands(*lines), strict=True):
        assert (code, exception) == (2, "SystemExit(2)"), f"{line}: {output}"
        assert INSTALL in output, line


def test_all_other_commands_answer(commands):
    lines = (f"check {WELL} --facts FACTS", "test", "test --engine all", f"test --procedure {WELL} --engine conditions",
             f"coverage {WELL}", f"interview {WELL} --facts FACTS --json",
             f"compare {WELL} --from 2025-06-30 --to 2025-07-01 --text-only",
             f"export-dmn {WELL} --on 2025-07-01", "procedures")
    answers = dict(zip(lines, commands(*lines), strict=True))
    assert {line: output for line, (code, output, _) in answers.items() if code} == {}
    assert INSTALL in answers[f"coverage {WELL}"][1]
    assert INSTALL in answers["test --engine all"][1]


def test_pages_say_what_to_install_and_what_needs_nothing_is_shown(bare, tmp_path):
    said = bare(PAGES, tmp_path)
    for page in ("checks", "coverage", "compare", "impact", "case"):
        assert INSTALL in said[page], page
    assert "Từng vế điều kiện (MC/DC)" in said["coverage"]
    assert {said[page] for page in ("cases", "runs", "drafts", "sign-off", "picture")} == {"200 OK"}
    assert said["report"] == "application/pdf"


def test_starting_the_site_loads_no_extra_and_nothing_that_takes_its_time():
    program = ("import sys, tempfile; from tests.functional.conftest import WELLS, make_application; "
               "make_application(tempfile.mkdtemp(), **WELLS); "
               "print([name for name in ('z3', 'ibis', 'duckdb', 'pyarrow', 'pyspark', 'fpdf', 'openpyxl') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=TOP, capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONPATH": str(TOP)})
    assert done.stdout.splitlines()[-1] == "[]"
