"""Sign-off of rules: the report, who may approve it, and what stays of an approval."""

from __future__ import annotations

import pytest
from tests.functional.bench import WELL, officer_of


@pytest.fixture
def officer(wells):
    return officer_of(wells)


def test_smoke(officer):
    officer.open(f"{WELL}/sign-off")
    print(officer.text[:3000])
    officer.open(f"{WELL}/sign-off/report.pdf")
    import pathlib
    pathlib.Path("/tmp/p6/a.pdf").write_bytes(officer.page.body)
