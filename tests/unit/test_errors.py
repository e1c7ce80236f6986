"""What motcua says when something is wrong: each code once, in two languages, used and complete."""

from __future__ import annotations

import pickle
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from ruamel.yaml import YAML

from motcua.dossiers import DraftUnknown, SubmissionConflict
from motcua.errors import InputError, MotcuaError, Place, Problem, catalogue, closest

PACKAGE = Path(str(files("motcua")))
CODE = re.compile(r"\b[A-Z]{3,5}_\d{3}\b")
WORDINGS = sorted((PACKAGE / "locale" / "problems").glob("*.yaml"))


def codes_in_source() -> set[str]:
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.jinja2")]
    prefixes = {code.split("_")[0] for code in catalogue()}
    found = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    return {code for code in found if code.split("_")[0] in prefixes}


def placeholders(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name is not None}


def test_every_code_has_a_wording_and_every_wording_a_use():
    assert codes_in_source() == set(catalogue())


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_say_the_same_with_the_same_values(code):
    entry = catalogue()[code]
    assert set(entry) == {"name", "vi", "en"}
    assert all(entry.values())
    assert placeholders(entry["vi"]) == placeholders(entry["en"])
    assert entry["vi"] != entry["en"]


def test_no_two_files_word_the_same_code():
    read = YAML(typ="safe", pure=True).load
    per_file = [set(read(path.read_text(encoding="utf-8"))) for path in WORDINGS]
    assert sum(map(len, per_file)) == len(catalogue())


def test_a_problem_shows_its_place_and_a_caret_under_the_column_even_after_tabs():
    place = Place("a.yaml", 3, 4, "facts.x", "\tx: 1")
    shown = Problem("STORE_003", {"scheme": "sqlite"}, place).format().splitlines()
    assert shown[0].startswith("a.yaml:3:4 [facts.x]: error STORE_003: ")
    assert "needs a folder" in shown[1]
    assert shown[2:] == ["    \tx: 1", "    \t  ^"]


def test_the_nearest_word_is_offered_only_when_it_is_near():
    assert closest("scheme.spend", ["scheme.spent", "licence.area"]) == "scheme.spent"
    assert closest("zzz", ["scheme.spent"]) is None


@pytest.mark.parametrize("error", [
    InputError([Problem("STORE_003", {"scheme": "sqlite"}), Problem("DOS_023")]),
    SubmissionConflict("MTC-240506-0001", "uuid:1"), DraftUnknown("d1")], ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_in_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again), vars(again)) == (
        type(error), error.problems, str(error), vars(error))
    assert isinstance(again, MotcuaError)
