"""Folders of rule files, and their register of sources."""

import shutil

import pytest

from motcua.errors import RuleFileError
from motcua.procedures import load_folder, load_rule_file, load_sources, rule_files


@pytest.fixture
def folder(examples, tmp_path):
    shutil.copytree(examples, tmp_path / "rules")
    return tmp_path / "rules"


def test_scenarios_and_the_register_are_no_rule_files(folder):
    assert [path.name for path in rule_files(folder)] == ["well-permit.yaml"]


def test_problems_of_all_files_come_at_once(folder, well_text):
    for name, wrong in (("one", "art 3\n    vi: Giếng"), ("two", "art 5\n    vi: Đã")):
        key = wrong.split("\n")[0]
        text = well_text.replace(f"WELL2012 {key}", f"WEL2012 {key}", 1).replace("well-permit", f"well-{name}", 1)
        (folder / "water" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as error:
        load_folder(folder)
    files = [problem.place.file.rsplit("/", 1)[-1] for problem in error.value.problems]
    assert files == ["one.yaml", "two.yaml"]


def test_a_procedure_described_twice_is_refused(folder):
    shutil.copy(folder / "water" / "well-permit.yaml", folder / "water" / "z-copy.yaml")
    with pytest.raises(RuleFileError) as error:
        load_folder(folder)
    assert [problem.code for problem in error.value.problems] == ["RULE_045"]
    assert error.value.problems[0].place.file.endswith("z-copy.yaml")


def test_a_folder_without_register_says_so(tmp_path, well_text):
    (tmp_path / "well.yaml").write_text(well_text, encoding="utf-8")
    with pytest.raises(RuleFileError, match="RULE_001"):
        load_folder(tmp_path)
    with pytest.raises(RuleFileError, match="RULE_047"):
        load_rule_file(tmp_path / "well.yaml")


def test_one_rule_file_finds_the_register_above_it(folder):
    assert load_rule_file(folder / "water" / "well-permit.yaml").id == "vn.water.well-permit"


def test_a_register_entry_that_is_wrong_is_pointed_at(tmp_path):
    register = tmp_path / "sources.yaml"
    register.write_text("A1: {vi: a, en: b, number: c, in_force: 2025-01-01}\n"
                        "b2: {vi: a, en: b, nummer: c, in_force: ..}\n", encoding="utf-8")
    with pytest.raises(RuleFileError) as error:
        load_sources(register)
    assert {problem.code for problem in error.value.problems} == {"RULE_002", "RULE_003", "RULE_005"}
    assert {problem.place.line for problem in error.value.problems} == {2}
    register.write_text("A1: {vi: a, en: b, number: c, in_force: 2025-01-01}\n", encoding="utf-8")
    with pytest.raises(RuleFileError) as error:
        load_sources(register)
    assert error.value.problems[0].code == "LAW_001"
    assert error.value.problems[0].place.column == 41
