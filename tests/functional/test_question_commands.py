"""``motcua compare``, ``change`` and ``interview``: what scripts and people get."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.commands import main

ROOT = Path(__file__).parents[2]
EIA = "vn.environment.eia-appraisal"
TRANSFER = "vn.minerals.exploration-right-transfer"
RULES = ROOT / "rules/minerals/exploration-right-transfer.yaml"
FACTS = {"filing.received_on": "2024-05-06", "licence.expires_on": "2025-05-06", "licence.mineral": "metal",
         "licence.scattered_small": False, "licence.offshore": False, "scheme.budget": "8 billion VND",
         "scheme.spent": "3 billion VND", "dispute": False, "transferee.kind": "cooperative",
         "transferor.duties_done": ["followed_licence", "reported_changes", "compensated", "kept_reports"],
         "transferee.registered": True, "transferee.equity": "4 billion VND", "transferee.qualified": True}


@pytest.fixture
def motcua(monkeypatch):
    """Run ``motcua ARGUMENTS`` in the project's folder."""
    monkeypatch.chdir(ROOT)

    def run(*arguments, input=None):
        return CliRunner().invoke(main, [str(each) for each in arguments], input=input, catch_exceptions=False)

    return run


@pytest.fixture
def draft(tmp_path):
    """The rules in force with one threshold flipped, in a folder of its own."""
    text = RULES.read_text(encoding="utf-8").replace("must: scheme.spent >= 50% * ", "must: scheme.spent > 50% * ")
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_draft_is_compared_with_the_rules_in_force(motcua, draft):
    done = motcua("compare", TRANSFER, "--with", draft, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert [(each["change"], each["id"], each["fields"]) for each in found["changes"]] == [("changed", "half-done", ["must"])]
    witness, = [each for each in found["effects"] if each["state"] == "witness"]
    assert (witness["was"], witness["now"], witness["case"]["differs"]) == ("eligible", "ineligible", ["scheme.spent"])


def test_two_files_are_compared_on_one_day_and_told_in_both_languages(motcua, draft):
    done = motcua("compare", RULES, draft, "--on", "2024-05-06")
    assert done.exit_code == 0
    assert "thay đổi: nội dung" in done.stdout
    assert "Outcome: from eligible to not eligible because of requirement" in done.stdout
    assert "scheme.spent = 5000000000" in done.stdout


def test_two_days_are_compared_without_a_solver_when_only_the_texts_are_asked(motcua):
    done = motcua("compare", TRANSFER, "--from", "2024-05-06", "--to", "2026-03-01", "--text-only", "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["effects"]) == (0, None)
    assert {"funds-50", "funds-100"} <= {each["id"] for each in found["changes"]}


@pytest.mark.parametrize(("arguments", "code"), [
    ((TRANSFER,), "CMP_004"), ((TRANSFER, "--from", "2024-05-06"), "CMP_001"),
    ((TRANSFER, "--from", "2024-05-06", "--to", "2026-01-01", "--on", "2026-01-01"), "CMP_004"),
    ((RULES, ROOT / "rules/environment/eia-appraisal.yaml"), "CMP_002"), (("vn.none", "--from", "2024-05-06"), "CLI_002"),
    ((RULES, ROOT / "setup.cfg"), "setup.cfg:"), ((TRANSFER, "--from", "1999-05-06", "--to", "2024-05-06"), "FACT_009")])
def test_what_cannot_be_compared_is_refused(motcua, arguments, code):
    done = motcua("compare", *arguments)
    assert (done.exit_code, code in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_the_cheapest_change_is_told_to_scripts_and_to_people(motcua):
    found = json.loads(motcua("change", TRANSFER, "--facts", "-", "--json", input=json.dumps(FACTS)).stdout)
    assert (found["state"], found["outcome"]) == ("changes", "ineligible")
    change, = found["changes"]
    assert [(each["fact"], each["was"], each["now"]) for each in change["sets"]] == [
        ("scheme.spent", 3_000_000_000, 4_000_000_000)]
    shown = motcua("change", TRANSFER, "--facts", "-", input=json.dumps(FACTS))
    assert (shown.exit_code, "3.000.000.000 đồng → 4.000.000.000 đồng" in shown.stdout) == (0, True)


def test_what_blocks_is_told(motcua):
    facts = {**FACTS, "scheme.spent": "8 billion VND", "licence.expires_on": "2024-05-07"}
    shown = motcua("change", TRANSFER, "--facts", "-", input=json.dumps(facts))
    assert "Nothing the applicant can change" in shown.stdout
    assert "valid-90-days" in shown.stdout
    assert "before 2024-02-07" in shown.stdout


def test_bad_facts_are_refused(motcua):
    done = motcua("change", TRANSFER, "--facts", "-", input='{"scheme.budgt": 1}')
    assert (done.exit_code, "scheme.budget" in done.stderr) == (2, True)


def test_the_next_question_is_told_where_nobody_can_be_asked(motcua):
    done = motcua("interview", TRANSFER, "--facts", "-", "--json", input='{"filing.received_on": "2026-03-01"}')
    found = json.loads(done.stdout)
    assert (done.exit_code, found["next_question"]) == (0, "licence.expires_on")
    assert found["at_most"] == len(found["can_matter"])
    assert "licence.area" in found["no_longer_matter"]
    shown = motcua("interview", TRANSFER, "--on", "2026-03-01")
    assert "Ngày hết hạn giấy phép thăm dò / Expiry date of the exploration licence" in shown.stdout


def test_at_a_terminal_the_questions_are_asked_until_the_outcome_is_settled(motcua, monkeypatch):
    monkeypatch.setattr("motcua.commands.interview.is_terminal", lambda: True)
    answers = ["2027-01-01", "?", "a firm", "vn_enterprise", "không"]
    done = motcua("interview", TRANSFER, "--on", "2026-03-01", input="\n".join(answers) + "\n")
    assert done.exit_code == 0
    assert "vn_enterprise" in done.stdout  # the words of a list are shown with the question, and after a wrong answer
    assert "ineligible   2026-03-01" in done.stdout


def test_at_a_terminal_no_question_is_asked_that_the_solver_knows_to_be_idle(motcua, monkeypatch, tmp_path):
    """Small land decides the same as little converted land: without sensitive places neither, with them both."""
    monkeypatch.setattr("motcua.commands.interview.is_terminal", lambda: True)
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({
        "filing.received_on": "2024-06-03", "project.polluting_type": False, "project.capacity": "medium", "project.land_use": "small",
        "project.hazardous_waste_service": False, "project.imports_scrap": False, "project.extraction": "none"}))
    done = motcua("interview", EIA, "--facts", facts, input="none\n-\n")
    assert done.exit_code == 0, done.output
    assert "project.land_conversion (" not in done.stdout
    assert "not_required" in done.stdout


def test_an_answer_that_contradicts_earlier_ones_is_told_and_asked_again(motcua, monkeypatch, tmp_path):
    monkeypatch.setattr("motcua.commands.interview.is_terminal", lambda: True)
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({**FACTS, "scheme.spent": None}))
    done = motcua("interview", TRANSFER, "--facts", facts, input="80 billion VND\n3 billion VND\n")
    assert done.exit_code == 0, done.output
    assert "ENG_001" in done.stdout
    assert done.stdout.count("scheme.spent (") == 2
    assert "ineligible   2024-05-06" in done.stdout


@pytest.mark.parametrize(("command", "words"), [
    ("prove vn.x --rules nowhere", "Không có thư mục 'nowhere'"),
    ("prove vn.x --rules setup.cfg", "'setup.cfg' là tệp"),
    (f"compare {TRANSFER} --with rules", "'rules' là thư mục"),
    (f"compare {TRANSFER} --with nothing.yaml", "Không có 'nothing.yaml'"),
    (f"prove {TRANSFER} --seconds nan", "“nan” không phải số giây"),
    (f"change {TRANSFER} --facts - --seconds inf", "“inf” không phải số giây"),
    (f"compare {TRANSFER} --from 2024-13-01 --to 2026-01-01", "[--from]: error COND_211"),
    (f"scenarios suggest {TRANSFER} --write /nonexistent/more.yaml", "Không đọc hoặc ghi được '/nonexistent/more.yaml'"),
    (f"impact {TRANSFER} --with {RULES} --ini setup.cfg", "'setup.cfg' không phải tệp cấu hình .ini"),
    ("lint setup.cfg", "không nằm trong thư mục luật 'rules'"),
    ("serve --ini setup.cfg --port 0", "'setup.cfg' không phải tệp cấu hình .ini")])
def test_bad_input_is_told_in_both_languages_with_exit_code_2(motcua, command, words):
    done = motcua(*command.split())
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert len(done.stderr.strip().splitlines()) == 2, done.stderr


def test_rules_outside_the_rules_folder_are_linted_with_their_own_register(motcua, tmp_path):
    (tmp_path / "sources.yaml").write_text("{}\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("procedure: vn.bad\n", encoding="utf-8")
    done = motcua("lint", tmp_path)
    assert done.exit_code == 1
    assert "RULE_003" in done.output
