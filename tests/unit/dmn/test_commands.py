"""``motcua export-dmn`` and ``motcua import-dmn``, and what the page about them shows."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.dmn.test_import import SOUND, model, table

from motcua.commands import main
from motcua.dmn import export_dmn
from motcua.procedures import load_folder

ROOT = Path(__file__).parents[3]
RULES = ROOT / "tests" / "examples" / "rules"
WELL = "vn.water.well-permit"


def run(*arguments, **more):
    return CliRunner().invoke(main, [str(each) for each in arguments], **more)


def test_the_law_version_of_a_day_is_written_to_a_file_or_to_standard_output(tmp_path):
    version = load_folder(RULES)[WELL].version_on(date(2019, 1, 1))
    done = run("export-dmn", WELL, "--rules", RULES, "--on", "2019-01-01", "-o", tmp_path / "well.dmn")
    assert done.exit_code == 0
    assert str(version) in done.stderr
    assert (tmp_path / "well.dmn").read_bytes() == export_dmn(version)
    assert run("export-dmn", WELL, "--rules", RULES, "--on", "2019-01-01", "--plain").stdout_bytes == export_dmn(
        version, guarded=False)


def test_every_law_version_is_a_file_of_its_own(tmp_path):
    assert run("export-dmn", WELL, "--rules", RULES, "--all", "-o", tmp_path / "new" / "folder").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        f"{WELL}_{day}.dmn" for day in ("2013-01-01", "2020-01-01", "2025-07-01")]


@pytest.mark.parametrize(("arguments", "code"), [
    ((WELL, "--on", "1999-01-01"), "FACT_009"), ((WELL, "--all"), "DMN_003"), (("vn.water.well",), "CLI_002"),
    ((WELL, "-o", "/nowhere/to/be/written.dmn"), "DMN_004")])
def test_what_cannot_be_exported_exits_with_2_and_a_reason(arguments, code):
    done = run("export-dmn", *arguments, "--rules", RULES)
    assert done.exit_code == 2
    assert code in done.stderr
    assert "Traceback" not in done.output


def test_a_draft_is_written_and_what_is_not_in_it_told_with_its_place(tmp_path):
    body = SOUND + "\n" + table([("y", "number", "")], [("1", "1")], "PRIORITY", name="other")
    (tmp_path / "m.dmn").write_bytes(model(body))
    done = run("import-dmn", tmp_path / "m.dmn", "-o", tmp_path / "draft.yaml")
    assert done.exit_code == 0
    assert "m.dmn:2 [tab]: warning DMN_102" in done.stderr
    text = (tmp_path / "draft.yaml").read_text(encoding="utf-8")
    assert "tab (m.dmn:2)" in text
    piped = run("import-dmn", "-", input=(tmp_path / "m.dmn").read_bytes())
    assert piped.stdout.replace("stdin", "m.dmn") == text


@pytest.mark.parametrize(("content", "code"), [(b"<a/>", "DMN_001"), (b"nonsense", "SUB_006"), (model(""), "DMN_002"),
                                               (None, "CLI_001")])
def test_what_is_no_model_exits_with_2_and_a_reason(tmp_path, content, code):
    if content is not None:
        (tmp_path / "m.dmn").write_bytes(content)
    done = run("import-dmn", tmp_path / "m.dmn")
    assert done.exit_code == 2
    assert code in done.stderr


def test_the_python_of_the_page_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "integrators" / "dmn.md").read_text(encoding="utf-8")
    code, = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out.startswith("Competent authority ")


def test_the_command_of_the_page_says_what_the_page_says(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "integrators" / "dmn.md").read_text(encoding="utf-8")
    command, said = re.search(r"\$ motcua (export-dmn .*)\n(.*)\n", page).groups()
    done = run(*command.replace("transfer.dmn", str(tmp_path / "t.dmn")).split())
    assert done.stderr.strip() == said
