"""The guides for officers name what stands on the pages: each button, link and tab one is told to press is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import motcua

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "officers").glob("*.md"))
CATALOGUE = Path(motcua.__file__).parent / "locale" / "vi" / "LC_MESSAGES" / "motcua.po"
#: What comes before the name of something to press or to open.
ORDERS = {"vi": r"[Bb]ấm(?: vào| nút)?|[Tt]hẻ|[Mm]ở(?: mục| thẻ)?|rồi|[Ll]iên kết|[Tt]rang|[Mm]ục", "en": r"[Pp]ress|[Tt]abs?|[Oo]pen|[Cc]hoose"}


def texts(lang):
    """All page texts in a language, as patterns: a value that is put in may be anything."""
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            said = message.string if lang == "vi" else message.id
            for text in said if isinstance(said, list | tuple) else [said]:
                pattern = re.escape(text)
                yield re.compile(re.sub(r"%\\\([a-z_]+\\\)[sd]|\\\$\\\{[a-z_]+\\\}", ".+", pattern), re.IGNORECASE)


def told(guide, lang):
    """The names that a guide tells one to press or open."""
    vietnamese, _, english = guide.read_text(encoding="utf-8").partition("\n---\n")
    text = " ".join((english if lang == "en" else vietnamese).split())
    found = re.findall(rf"(?:{ORDERS[lang]}) \*\*([^*]+)\*\*", text)
    return [name.strip(" .,:") for name in found]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_one_is_told_to_press_is_on_a_page(lang):
    known = list(texts(lang))
    names = {(guide.name, name) for guide in GUIDES for name in told(guide, lang)}
    assert len(names) > 15
    # “Run all … cases” leaves a number out
    assert not [pair for pair in sorted(names)
                if not any(each.fullmatch(pair[1].replace("…", "7")) for each in known)]
