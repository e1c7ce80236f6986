"""The invented well permit as text, and what goes wrong when one place in it is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from motcua.errors import Problem, RuleFileError
from motcua.law import Sources
from motcua.procedures import Procedure, load_folder, load_sources, load_text

EXAMPLES = Path(__file__).parents[2] / "examples" / "rules"

Changed = Callable[[str, str], list[Problem]]


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES


@pytest.fixture(scope="session")
def sources() -> Sources:
    return load_sources(EXAMPLES / "sources.yaml")


@pytest.fixture(scope="session")
def well() -> Procedure:
    return load_folder(EXAMPLES)["vn.water.well-permit"]


@pytest.fixture(scope="session")
def well_text() -> str:
    return (EXAMPLES / "water" / "well-permit.yaml").read_text(encoding="utf-8")


@pytest.fixture
def changed(well_text: str, sources: Sources) -> Changed:
    """The problems of the well permit after one change."""

    def load(old: str, new: str) -> list[Problem]:
        assert well_text.count(old) >= 1, f"the example no longer holds {old!r}"
        try:
            load_text(well_text.replace(old, new, 1), sources, "well.yaml")
        except RuleFileError as error:
            return list(error.problems)
        return []

    return load
