"""`motcua lint`: rules, scenarios and forms together."""

import shutil
from pathlib import Path

import pytest

from motcua.catalogue import Catalogue
from motcua.forms import generate_form
from motcua.lint import lint

RULES = Path(__file__).parents[1] / "examples" / "rules"


@pytest.fixture
def project(tmp_path):
    shutil.copytree(RULES, tmp_path / "rules")
    return tmp_path


def codes(problems):
    return [problem.code for problem in problems if problem.params.get("name") != "works.driller"]


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_example_has_a_scenario_on_both_sides_of_each_requirement(project):
    assert codes(lint(project / "rules")) == []


def test_a_requirement_that_no_scenario_breaks_is_told_with_its_wording(project):
    change(project / "rules" / "water" / "well-permit.scenarios.yaml", "given: {well.checks: []}",
           "given: {well.checks: [survey]}")
    [problem] = [each for each in lint(project / "rules") if each.code == "RULE_113"]
    assert problem.severity == "warning"
    assert problem.message("en") == ("No scenario makes the requirement 'checks' (2013-01-01 .. 2025-06-30) unmet.")


def test_a_procedure_without_scenarios_is_told(project):
    (project / "rules" / "water" / "well-permit.scenarios.yaml").unlink()
    assert codes(lint(project / "rules")) == ["RULE_112"]


def test_problems_of_rules_and_scenarios_come_together(project):
    change(project / "rules" / "water" / "well-permit.yaml", "cite: ND50 art 3", "cite: ND51 art 3")
    shutil.copy(RULES / "water" / "well-permit.yaml", project / "rules" / "water" / "other.yaml")
    change(project / "rules" / "water" / "other.yaml", "vn.water.well-permit", "vn.water.other")
    found = codes(lint(project / "rules"))
    assert found == ["RULE_007", "RULE_112"], "the sound file is examined although the other is broken"


def test_a_type_that_does_not_exist_is_one_problem_not_several(project):
    change(project / "rules" / "water" / "well-permit.yaml", "type: length", "type: lenght")
    assert codes(lint(project / "rules")) == ["COND_301"], "nothing about the scenarios, nor about min and max"


@pytest.mark.parametrize(("name", "text", "code"), [
    ("titles.yaml", "field: {}\n", "RULE_002"),
    ("services.yaml", "codes: []\n", "RULE_003"),
    ("shared/wells.yaml", "derived:\n  well.is_deep: {is: well.depth > 20 m, vi: Sâu, en: Deep}\n", "RULE_114"),
])
def test_titles_services_and_shared_parts_are_examined_too(project, name, text, code):
    path = project / "rules" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    found = lint(project / "rules")
    assert code in codes(found)
    assert {problem.place.file for problem in found if problem.code == code} == {str(path)}


def test_only_one_file_or_folder_can_be_asked_for(project):
    shutil.copytree(project / "rules" / "water", project / "rules" / "land")
    change(project / "rules" / "land" / "well-permit.yaml", "vn.water.well-permit", "vn.land.well-permit")
    for field in ("water", "land"):
        change(project / "rules" / field / "well-permit.yaml", "kind: unused_fact", "kind: dead_row")
    everything = lint(project / "rules")
    assert len({problem.place.file for problem in everything}) == 2
    only = lint(project / "rules", only=project / "rules" / "land")
    assert {Path(problem.place.file).parent.name for problem in only} == {"land"}
    assert lint(project / "rules", only=project / "rules" / "sources.yaml") == []


def test_a_form_for_no_known_procedure_is_told(project):
    (project / "forms").mkdir()
    (project / "forms" / "f.xml").write_text('<a xmlns:motcua="x" motcua:procedure="vn.water.wel-permit"/>',
                                             encoding="utf-8")
    [problem] = [each for each in lint(project / "rules", project / "forms") if each.code == "SCEN_007"]
    assert "vn.water.well-permit" in problem.message("en")


def test_what_is_odd_in_a_form_is_told_even_where_it_can_be_used(project):
    checked = Catalogue.load(project / "rules")["vn.water.well-permit"]
    (project / "forms").mkdir()
    form = project / "forms" / "f.xml"
    form.write_bytes(generate_form(checked.procedure).replace(b'nodeset="/data/well/depth"', b'nodeset="/data/well/dept"'))
    [problem] = [each for each in lint(project / "rules", project / "forms") if each.code == "FORM_012"]
    assert problem.severity == "warning"
    assert problem.place.file == str(form)
