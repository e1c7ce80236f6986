"""Every text of the pages has a Vietnamese translation, and the compiled files are those of the sources."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[3] / "src" / "motcua"
LOCALE = SOURCE / "locale"
METHODS = [("**.py", "python"), ("**/templates/**.jinja2", "jinja2")]
OPTIONS = {"**/templates/**.jinja2": {"trimmed": "true", "newstyle_gettext": "true", "encoding": "utf-8"}}


def extracted():
    found = extract_from_dir(SOURCE, METHODS, OPTIONS)
    return {message if isinstance(message, str) else message[0] for _file, _line, message, _notes, _context in found}


def catalogue(lang) -> Catalog:
    return read_po(io.BytesIO((LOCALE / lang / "LC_MESSAGES" / "motcua.po").read_bytes()), locale=lang)


def ids(catalogue):
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_catalogue_holds_exactly_the_texts_of_the_pages(lang):
    assert extracted() == ids(catalogue(lang))


def test_the_template_for_translators_is_up_to_date():
    assert ids(read_po(io.BytesIO((LOCALE / "motcua.pot").read_bytes()))) == extracted()


def test_every_text_is_translated_into_vietnamese():
    missing = [message.id for message in catalogue("vi") if message.id and not (
        all(message.string) if isinstance(message.string, tuple) else message.string)]
    assert missing == []


def test_no_translation_is_marked_as_a_guess():
    assert [message.id for message in catalogue("vi") if message.fuzzy and message.id] == []


def test_placeholders_are_the_same_in_both_languages():
    import re

    for message in catalogue("vi"):
        if message.id:
            original = message.id if isinstance(message.id, str) else message.id[1]
            for text in message.string if isinstance(message.string, tuple) else (message.string,):
                assert sorted(re.findall(r"%\(\w+\)[sd]", original)) == sorted(re.findall(r"%\(\w+\)[sd]", text))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_compiled_file_is_that_of_its_source(lang):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(lang))
    kept = (LOCALE / lang / "LC_MESSAGES" / "motcua.mo").read_bytes()

    def texts(data):
        return {str(message.id): message.string for message in read_mo(io.BytesIO(data)) if message.id}

    assert texts(kept) == texts(compiled.getvalue())
