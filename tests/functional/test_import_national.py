"""``motcua import-national`` as a rule author runs it."""

import json

from click.testing import CliRunner
from tests.unit.national.records import export, record

from motcua.commands import main


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_drafts_are_written_once_and_their_checks_leave_the_outcome_to_an_officer(tmp_path):
    file, to = export(tmp_path / "export.jsonl", record(), record(ma_thu_tuc="9.000102")), tmp_path / "rules"
    first = run("import-national", file, "--to", to, "--on", "2026-01-01", "--json")
    assert [draft["written"] for draft in json.loads(first.output)["drafts"]] == [True, True]
    again = run("import-national", file, "--to", to)
    assert "0 drafts written, 2 left as they were" in again.output
    lint = run("lint", to, "--json")
    assert lint.exit_code == 0
    (tmp_path / "facts.json").write_text('{"filing.received_on": "2026-02-02"}', encoding="utf-8")
    answer = run("check", "vn.sea.national-9-000101", "--rules", to, "--facts", tmp_path / "facts.json", "--json")
    assert json.loads(answer.output)["outcome"] == "undetermined"


def test_one_code_may_be_chosen_and_an_unknown_one_is_told(tmp_path):
    file = export(tmp_path / "export.jsonl", record(), record(ma_thu_tuc="9.000102"))
    chosen = run("import-national", file, "--to", tmp_path / "rules", "--code", "9.000102")
    assert chosen.output.startswith("9.000102 ")
    refused = run("import-national", file, "--to", tmp_path / "rules", "--code", "9.000103")
    assert (refused.exit_code, "NAT_008" in refused.output) == (2, True)


def test_a_bad_export_writes_nothing(tmp_path):
    file = export(tmp_path / "export.jsonl", record(), {"ma_thu_tuc": "9.000102"})
    refused = run("import-national", file, "--to", tmp_path / "rules")
    assert (refused.exit_code, (tmp_path / "rules").exists()) == (2, False)
    assert "NAT_004" in refused.output
