"""Draft law on the bench: written, tried like the law in force, compared with it, and never law."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.functional.bench import WELL, officer_of

LAW = (Path(__file__).parents[1] / "examples" / "rules" / "water" / "well-permit.yaml").read_text()


@pytest.fixture
def officer(wells):
    return officer_of(wells)


def begin(officer, name, text=None, status=200):
    """Begin a draft, from a text as an uploaded file or from the law in force."""
    officer.open(f"{WELL}/drafts")
    answers = {"name": name}
    if text is not None:
        answers["file"] = ("rules.yaml", text.encode() if isinstance(text, str) else text)
    return officer.send("begin", answers, status=status)


def test_smoke(officer):
    begin(officer, "smoke")
    print(officer.path, officer.text[:300])
    officer.send("draft", {"text": LAW.replace("min: 0", "min: 0x", 1)}, status=422)
    print(officer.text[:1500])
    officer.open(f"{WELL}/drafts/smoke/against")
    officer.send("draft", {"text": LAW.replace("well.wells_nearby > 3", "well.wells_nearby > 2").replace("0.5, 1, 2", "0.5, 3, 2")})
    officer.open(f"{WELL}/drafts/smoke/against")
    print(officer.text[:1500])
