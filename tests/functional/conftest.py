"""The real application on a database in memory, and visitors of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.functional.bench import officer_of
from tests.functional.visitor import Visitor

from motcua.web.application import main

HERE = Path(__file__).parent
TOP = HERE.parents[1]
WELLS = {"motcua.rules": str(HERE.parent / "examples" / "rules"), "motcua.forms": str(HERE / "forms")}
REAL = {"motcua.rules": str(TOP / "rules"), "motcua.forms": str(TOP / "forms")}


def make_application(folder, **settings):
    """The application with settings; its database lives in memory unless ``zodbconn.uri`` says otherwise."""
    return main({}, **{"motcua.data": str(folder), "zodbconn.uri": "memory://", "motcua.check_replies": "true",
                       "motcua.run_cases": "false", **settings})


@pytest.fixture(scope="module")
def wells(tmp_path_factory):
    """The application with the invented well permit, for tests of pages: built once for a file of tests, so use fresh names."""
    return make_application(tmp_path_factory.mktemp("wells"), **WELLS)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The application with the project's own procedures and forms."""
    return make_application(tmp_path_factory.mktemp("real"), **REAL)


@pytest.fixture
def visitor(wells):
    """A visitor of the wells application, with cookies of its own."""
    return Visitor(wells)


@pytest.fixture
def applicant(real):
    """A visitor of the real application."""
    return Visitor(real)


@pytest.fixture
def officer(wells):
    """An officer at the bench of the wells application."""
    return officer_of(wells)


@pytest.fixture
def examiner(real):
    """An officer at the bench of the real application."""
    return officer_of(real)


@pytest.fixture
def build(tmp_path):
    """Build an application of one's own: ``build(**settings)``."""
    return lambda **settings: make_application(tmp_path / "data", **{**WELLS, **settings})
