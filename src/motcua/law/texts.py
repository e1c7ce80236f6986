"""A text that people read, in both languages, and how it is searched."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Vietnamese, which binds, and in English."""

    vi: str
    en: str

    def get(self, lang: str = "vi") -> str:
        """The text in ``lang`` ("vi" or "en")."""
        return self.en if lang == "en" else self.vi


def fold(text: str) -> str:
    """Text for searching: no case, no diacritics (``Đỗ Thị Hằng`` → ``do thi hang``), single spaces."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
