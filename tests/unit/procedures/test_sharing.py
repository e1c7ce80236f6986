"""Parts of a rule file that several procedures share."""

import json
import shutil

import jsonschema
import pytest

from motcua.errors import RuleFileError
from motcua.lint import lint
from motcua.procedures import (
    load_folder,
    load_procedure,
    load_sources,
    read_facts,
    rule_file_schema,
    rule_files,
)
from motcua.procedures.yamltext import read_yaml

WELL = "vn.water.well-permit"
SHARED = """\
lists:
  use:
    household: {vi: Sinh hoạt gia đình, en: Household}
    irrigation: {vi: Tưới tiêu, en: Irrigation}
    industry: {vi: Công nghiệp, en: Industry}
facts:
  well.depth: {type: length, unit: m, min: 0, max: 500, vi: Độ sâu giếng, en: Depth of the well, change_cost: 20}
derived:
  industrial_or_deep:
    vi: Giếng công nghiệp hoặc giếng sâu
    en: Industrial or deep well
    is: {any: [deep, 'well.use = "industry"']}
"""


def replaced(text, start, end, new):
    """The text with what stands from ``start`` up to ``end`` replaced."""
    at = text.index(start)
    return text[:at] + new + text[text.index(end, at):]


@pytest.fixture
def folder(examples, tmp_path, well_text):
    """The well permit with a list, a fact, a derived name and its requirements in ``shared/wells.yaml``."""
    rules = tmp_path / "rules"
    shutil.copytree(examples, rules)
    source, _ = read_yaml(well_text, "well-permit.yaml")
    at = [source.place(("requirements", n)).line for n in range(len(source.data["requirements"]))]
    end = next(n for n, line in enumerate(well_text.splitlines(), 1) if line.startswith("documents:"))
    lines = well_text.splitlines(keepends=True)
    requirements = "".join(lines[at[0] - 1: end - 1]).rstrip() + "\n"
    ids = list(dict.fromkeys(each["id"] for each in source.data["requirements"]))
    text = replaced(well_text, requirements, "documents:",
                    "".join(f"  - {{shared: wells, id: {each}}}\n" for each in ids) + "\n")
    text = replaced(text, "  use:\n", "  check:", "  use: {shared: wells}\n")
    text = replaced(text, "  well.depth: {", "  well.use: {", "  well.depth: {shared: wells}\n")
    text = replaced(text, "  industrial_or_deep:\n", "applies:", "  industrial_or_deep: {shared: wells}\n\n")
    (rules / "water" / "well-permit.yaml").write_text(text, encoding="utf-8")
    (rules / "shared").mkdir()
    (rules / "shared" / "wells.yaml").write_text(SHARED + "requirements:\n" + requirements, encoding="utf-8")
    return rules


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems_of(folder):
    with pytest.raises(RuleFileError) as error:
        load_folder(folder)
    return error.value.problems


def content(procedure):
    return {name: getattr(procedure, name) for name in
            ("facts", "lists", "always", "derived", "applies", "requirements", "documents", "decisions", "transitional")}


def test_a_part_that_is_shared_says_what_it_would_say_in_the_file_itself(folder, well):
    assert content(load_folder(folder)[WELL]) == content(well)


def test_shared_files_are_no_procedures_and_lint_finds_nothing_more_for_them(folder, examples):
    assert [path.name for path in rule_files(folder)] == ["well-permit.yaml"]
    assert [problem.code for problem in lint(folder)] == [problem.code for problem in lint(examples)]


def test_a_change_of_a_shared_part_changes_the_digest_and_that_of_another_part_does_not(folder):
    before = load_folder(folder)[WELL]
    change(folder / "shared" / "wells.yaml", "max: 500", "max: 400")
    after = load_folder(folder)[WELL]
    assert after.digest != before.digest
    assert read_facts(before, {"well.depth": 450}) == {"well.depth": 450}
    assert after.facts["well.depth"].max == 400
    change(folder / "shared" / "wells.yaml", "derived:", "  well.age: {type: number, vi: Tuổi, en: Age}\nderived:")
    assert load_folder(folder)[WELL].digest == after.digest


def test_what_is_wrong_with_a_shared_part_is_told_once_where_it_stands(folder):
    shutil.copy(folder / "water" / "well-permit.yaml", folder / "water" / "other.yaml")
    change(folder / "water" / "other.yaml", "procedure: vn.water.well-permit", "procedure: vn.water.other")
    change(folder / "shared" / "wells.yaml", 'well.use = "industry"', 'well.use = "industri"')
    (problem,) = problems_of(folder)
    line = next(n for n, text in enumerate((folder / "shared" / "wells.yaml").read_text().splitlines(), 1)
                if '"industri"' in text)
    assert problem.place.file == str(folder / "shared" / "wells.yaml")
    assert (problem.place.line, problem.place.source_line[problem.place.column - 1:][:8]) == (line, '"industr')


def test_problems_after_shared_entries_still_point_at_their_own_line(folder):
    path = folder / "water" / "well-permit.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.index("cite:", text.index("\ndocuments:"))
    path.write_text(text[:first] + "cyte:" + text[first + 5:], encoding="utf-8")
    (problem,) = problems_of(folder)
    assert (problem.code, problem.place.source_line[problem.place.column - 1:][:5]) == ("RULE_002", "cyte:")


@pytest.mark.parametrize(("old", "new", "code", "hint"), [
    ("use: {shared: wells}", "use: {shared: well}", "RULE_049", "wells"),
    ("well.depth: {shared: wells}", "well.depht: {shared: wells}", "RULE_050", "well.depth"),
    ("industrial_or_deep: {shared: wells}", "industrial_or_deep: {shared: walls}", "RULE_049", "wells"),
])
def test_a_part_that_is_not_there_is_told_with_the_nearest_name(folder, old, new, code, hint):
    change(folder / "water" / "well-permit.yaml", old, new)
    problem = next(each for each in problems_of(folder) if each.code == code)
    assert hint in problem.message("en")
    assert problem.place.source_line.strip().startswith(new.split(":")[0])


def test_an_entry_that_is_not_there_is_told_in_its_line(folder):
    path = folder / "water" / "well-permit.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("- {shared: wells, id: ")
    path.write_text(text[:at] + "- {shared: wells, id: nobody}\n  " + text[at:], encoding="utf-8")
    (problem,) = problems_of(folder)
    assert (problem.code, problem.place.source_line.strip()) == ("RULE_050", "- {shared: wells, id: nobody}")


def test_a_shared_part_that_nobody_uses_is_a_warning(folder):
    change(folder / "shared" / "wells.yaml", "derived:", "  well.age: {type: number, vi: Tuổi, en: Age}\nderived:")
    (problem,) = (each for each in lint(folder) if each.place.file.endswith("shared/wells.yaml"))
    assert (problem.code, problem.severity, problem.place.line) == ("RULE_114", "warning", 8)


@pytest.mark.parametrize("wrong", ["lists: [", "procedure: x\n", "facts: {a: {shared: b}}\n", "[]", "requirements: {a: 1}\n"])
def test_a_shared_file_of_a_wrong_shape_is_told_in_words(folder, wrong):
    (folder / "shared" / "more.yaml").write_text(wrong, encoding="utf-8")
    assert {problem.place.file for problem in problems_of(folder)} == {str(folder / "shared" / "more.yaml")}


@pytest.mark.parametrize("old", ["{shared: wells}", "{shared: wells, id: "])
def test_whatever_stands_where_a_shared_part_is_named_gives_words(folder, old):
    for new in ("{shared: }", "{shared: [a]}", "{shared: {a: b}, id: [1]}", "{shared: wells, id: }", "[shared]", "{id: x}"):
        path = folder / "water" / "well-permit.yaml"
        text = path.read_text(encoding="utf-8")
        at = text.index(old)
        path.write_text(text[:at] + new + text[text.index("}", at) + 1:], encoding="utf-8")
        assert all(problem.format() for problem in problems_of(folder))
        path.write_text(text, encoding="utf-8")


def test_editors_know_that_parts_may_be_shared(folder):
    text = (folder / "water" / "well-permit.yaml").read_text(encoding="utf-8")
    data, _ = read_yaml(text, "f.yaml")
    plain = json.loads(json.dumps(data.data, default=float))
    jsonschema.validate(plain, rule_file_schema())
    plain["facts"]["well.depth"] = {"shared": "wells", "type": "length"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, rule_file_schema())


def test_a_lone_rule_file_finds_what_it_shares_beside_its_register(folder):
    path = folder / "water" / "well-permit.yaml"
    assert load_procedure(path, load_sources(folder / "sources.yaml")).id == WELL
