"""What pages call fields of administration and sections of facts: data beside the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from motcua.catalogue import Catalogue
from motcua.errors import RuleFileError
from motcua.law import Text
from motcua.lint import lint
from motcua.procedures import Titles, load_titles

RULES = Path(__file__).parents[3] / "rules"


def test_a_word_without_a_title_stands_for_itself(tmp_path):
    titles = load_titles(tmp_path)
    assert titles == Titles()
    assert titles.field("remote-sensing") == Text("Remote sensing", "Remote sensing")
    assert titles.section("sea_bed") == Text("Sea bed", "Sea bed")
    assert titles.section("") == Text("Dữ kiện khác", "Other facts")


def test_titles_are_read_and_are_no_rule_file(tmp_path):
    (tmp_path / "sources.yaml").write_text("{}\n", encoding="utf-8")
    (tmp_path / "titles.yaml").write_text("fields:\n  sea: {vi: Biển, en: Sea}\n", encoding="utf-8")
    assert load_titles(tmp_path).field("sea") == Text("Biển", "Sea")
    assert lint(tmp_path) == []
    assert Catalogue.load(tmp_path).titles.field("sea").vi == "Biển"


@pytest.mark.parametrize(("text", "line"), [
    ("field:\n  sea: {vi: Biển, en: Sea}\n", 1), ("fields:\n  sea: {vi: Biển}\n", 2), ("fields:\n  Sea: {vi: B, en: S}\n", 2),
    ("sections:\n  a.b: {vi: B, en: S}\n", 2), ("- 1\n", 1)])
def test_a_mistake_is_told_with_its_place(tmp_path, text, line):
    (tmp_path / "sources.yaml").write_text("{}\n", encoding="utf-8")
    (tmp_path / "titles.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as refused:
        load_titles(tmp_path)
    assert refused.value.problems[0].place.line == line
    assert [problem.code for problem in lint(tmp_path)] == [each.code for each in refused.value.problems]


def test_what_comes_later_fills_gaps_and_changes_nothing():
    mine = Titles({"sea": Text("Biển", "Sea")})
    both = mine.with_more(Titles({"sea": Text("x", "x"), "land": Text("Đất", "Land")}))
    assert both.field("sea").vi == "Biển"
    assert both.field("land").vi == "Đất"


def test_every_field_and_section_of_the_project_has_a_title():
    catalogue = Catalogue.load(RULES)
    for checked in catalogue.values():
        assert checked.procedure.field in catalogue.titles.fields
        prefixes = {name.rpartition(".")[0].partition(".")[0] for name in checked.procedure.facts} - {""}
        assert prefixes <= set(catalogue.titles.sections)
