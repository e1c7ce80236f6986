"""The catalogue: loading, finding, searching, checking."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import motcua
from motcua import Catalogue, FormError, InputError, RuleFileError, check

RULES = Path(__file__).parents[1] / "examples" / "rules"
WELL = "vn.water.well-permit"
FACTS = {"well.depth": "25 m", "well.use": "irrigation", "well.flow": 5, "well.checks": ["survey", "neighbours"],
         "well.wells_nearby": 3, "site.protected": False, "works.cost": "80 million VND", "works.deposit": 8_000_000,
         "lease.ends_on": "2026-01-01"}


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load(RULES)


@pytest.fixture
def folder(tmp_path):
    """A rules folder with three procedures of two fields."""
    shutil.copytree(RULES, tmp_path / "rules")
    text = (RULES / "water" / "well-permit.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "land").mkdir()
    for name, field, vi, en in (("road-permit", "land", "Cấp phép mở đường", "Permit to open a road"),
                                ("land-lease", "land", "Cho thuê đất để khoan", "Lease of land for drilling")):
        changed = text.replace("vn.water.well-permit", f"vn.{field}.{name}").replace("field: water", f"field: {field}")
        changed = changed.replace("Cấp phép khoan giếng", vi).replace("Permit to drill a well", en)
        changed = changed.replace("9.000001", {"road-permit": "9.000002", "land-lease": "9.000003"}[name])
        (tmp_path / "rules" / field / f"{name}.yaml").write_text(changed, encoding="utf-8")
    return tmp_path / "rules"


def test_a_check_reads_facts_as_given_and_answers(catalogue):
    assessment = catalogue[WELL].check(FACTS, on=date(2025, 7, 1))
    assert assessment.outcome == "eligible"
    assert assessment.decisions["fee"].value == 1_000_000


def test_a_check_takes_a_procedure_or_the_path_of_its_rule_file(catalogue):
    answers = {check(given, FACTS, on=date(2025, 7, 1)).outcome for given in (
        catalogue[WELL], catalogue[WELL].procedure, RULES / "water" / "well-permit.yaml",
        str(RULES / "water" / "well-permit.yaml"))}
    assert answers == {"eligible"}


def test_a_check_refuses_facts_with_every_problem(catalogue):
    with pytest.raises(InputError) as error:
        catalogue[WELL].check({"well.dept": 1, "well.use": "x"})
    assert [problem.code for problem in error.value.problems] == ["FACT_001", "COND_213"]


def test_the_public_names_come_from_the_package():
    assert motcua.Catalogue is Catalogue
    assert motcua.check is check


def test_procedures_are_grouped_by_field(folder):
    by_field = Catalogue.load(folder).by_field()
    assert {field: [entry.id for entry in entries] for field, entries in by_field.items()} == {
        "land": ["vn.land.land-lease", "vn.land.road-permit"], "water": [WELL]}


@pytest.mark.parametrize(("text", "found"), [
    ("giếng", [WELL]), ("gieng", [WELL]), ("GIENG khoan", [WELL]), ("cap phep", ["vn.land.road-permit", WELL]),
    ("đường", ["vn.land.road-permit"]), ("duong", ["vn.land.road-permit"]), ("road", ["vn.land.road-permit"]),
    ("9.000002", ["vn.land.road-permit"]), ("land-lease", ["vn.land.land-lease"]), ("giếng road", []), ("xyz", []),
    ("khoan", ["vn.land.land-lease", WELL]), ("permit 9.000001", [WELL]),
])
def test_search_finds_titles_ids_and_codes_without_marks(folder, text, found):
    assert [entry.id for entry in Catalogue.load(folder).search(text)] == found


def test_what_has_the_same_marks_comes_first(folder):
    assert [entry.id for entry in Catalogue.load(folder).search("thuế")] == ["vn.land.land-lease"]
    path = folder / "land" / "z-tax.yaml"
    text = (folder / "land" / "land-lease.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("land-lease", "land-tax").replace("Cho thuê đất", "Nộp thuế đất"), encoding="utf-8")
    assert [entry.id for entry in Catalogue.load(folder).search("thuế")] == ["vn.land.land-tax", "vn.land.land-lease"]
    assert [entry.id for entry in Catalogue.load(folder).search("thuê")] == ["vn.land.land-lease", "vn.land.land-tax"]


def test_a_decomposed_word_is_the_same_word(folder):
    import unicodedata

    assert Catalogue.load(folder).search(unicodedata.normalize("NFD", "giếng"))[0].id == WELL


def test_searching_for_nothing_lists_all(folder):
    assert len(Catalogue.load(folder).search("  ")) == 3


def test_a_rule_file_can_be_added_with_its_own_register(catalogue, folder):
    fresh = Catalogue.load(RULES)
    assert fresh.add(folder / "land" / "road-permit.yaml").id == "vn.land.road-permit"
    assert len(fresh) == 2
    with pytest.raises(RuleFileError, match="RULE_045"):
        fresh.add(folder / "water" / "well-permit.yaml")


def test_a_rule_file_without_register_uses_that_of_the_catalogue(folder, tmp_path):
    alone = tmp_path / "alone.yaml"
    shutil.copy(folder / "land" / "road-permit.yaml", alone)
    assert Catalogue.load(RULES).add(alone).id == "vn.land.road-permit"


def test_an_unknown_procedure_is_answered_with_the_nearest(catalogue):
    with pytest.raises(InputError) as error:
        catalogue.find("vn.water.wel-permit")
    assert "Did you mean 'vn.water.well-permit'?" in error.value.problems[0].message("en")
    assert catalogue.find(WELL) is catalogue[WELL]


FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:motcua="https://motcua.vn/xforms"><h:head><h:title>T</h:title><model>
  <instance><data id="well" version="1" motcua:procedure="{id}"><depth/></data></instance>
  <bind nodeset="/data/depth" type="decimal"/></model></h:head>
  <h:body><input ref="/data/depth"><label>Sâu</label></input></h:body></h:html>"""


def test_the_form_of_a_procedure_is_found_by_the_name_it_gives(tmp_path):
    (tmp_path / "any").mkdir()
    (tmp_path / "any" / "name.xml").write_text(FORM.format(id=WELL), encoding="utf-8")
    (tmp_path / "other.xml").write_text("<a/>", encoding="utf-8")
    entry = Catalogue.load(RULES, forms=tmp_path)[WELL]
    assert entry.form_path == tmp_path / "any" / "name.xml"
    assert entry.form.id == "well"
    assert entry.to_json()["has_form"] is True


def test_two_forms_for_one_procedure_are_refused(tmp_path):
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(FORM.format(id=WELL), encoding="utf-8")
    with pytest.raises(FormError, match="RULE_046"):
        Catalogue.load(RULES, forms=tmp_path)


def test_a_procedure_without_form_has_none(catalogue):
    assert catalogue[WELL].form is None


def test_the_scenarios_beside_a_rule_file_are_its_own(catalogue, tmp_path):
    [file] = catalogue[WELL].scenarios()
    assert file.procedure_id == WELL
    assert "irrigation-25-m-new-law" in [scenario.id for scenario in file.scenarios]


def test_lists_show_id_titles_codes_and_law_versions(catalogue):
    assert catalogue[WELL].to_json() == {
        "id": WELL, "vi": "Cấp phép khoan giếng", "en": "Permit to drill a well", "field": "water",
        "codes": {"national_portal": ["9.000001"]}, "has_form": False, "is_checked": True,
        "versions": ["2013-01-01 .. 2019-12-31", "2020-01-01 .. 2025-06-30", "2025-07-01 .."]}
