"""What the words of rule files are called on pages: fields of administration, and sections of facts.

``titles.yaml`` beside the register of sources holds them, ``fields: {water: {vi, en}}`` and ``sections: {project: {vi,
en}}`` (a section is the first part of a fact's id), so that a new procedure needs no program. A word without a title
stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Final

from motcua.errors import RuleFileError
from motcua.law import Text
from motcua.procedures.loader import TITLES_FILE, read_file
from motcua.procedures.schema import TitlesShape
from motcua.procedures.shaping import check_shape

_OTHERS: Final = Text("Dữ kiện khác", "Other facts")


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of fields and of sections of facts, by word."""

    fields: Mapping[str, Text] = field(default_factory=dict)
    sections: Mapping[str, Text] = field(default_factory=dict)

    def field(self, word: str) -> Text:
        """What a field of administration is called."""
        return self.fields.get(word) or _as_word(word)

    def section(self, word: str) -> Text:
        """What a section of facts is called; "" is that of facts without one."""
        return self.sections.get(word) or (_as_word(word) if word else _OTHERS)

    def with_more(self, others: Titles) -> Titles:
        """These titles, and those of others for words that have none here."""
        return Titles({**others.fields, **self.fields}, {**others.sections, **self.sections})


def load_titles(folder: FilePath | str) -> Titles:
    """The titles of a rules folder; none where it has no ``titles.yaml``.

    Raises:
        RuleFileError: with every problem of the file.
    """
    path = FilePath(folder) / TITLES_FILE
    if not path.is_file():
        return Titles()
    source = read_file(path)
    shape = check_shape(TitlesShape, source, source.data)
    if isinstance(shape, list):
        raise RuleFileError(shape)
    return Titles({word: title.text for word, title in shape.fields.items()},
                  {word: title.text for word, title in shape.sections.items()})


def _as_word(word: str) -> Text:
    shown = word.replace("-", " ").replace("_", " ").capitalize()
    return Text(shown, shown)
