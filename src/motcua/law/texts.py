"""A text that people read, in both languages, how it is searched, and the words that messages share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from motcua.errors import closest


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Vietnamese, which binds, and in English."""

    vi: str
    en: str

    def get(self, lang: str = "vi") -> str:
        """The text in ``lang`` ("vi" or "en")."""
        return self.en if lang == "en" else self.vi


def in_figures(day: date) -> str:
    """A day as offices write it: ``27/3/2026``, ``01/7/2026``, ``28/02/2027``.

    A nought stands before days below 10 and before the months 1 and 2 (Decree 30/2020/NĐ-CP, annex I).
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def fold(text: str) -> str:
    """Text for searching: no case, no diacritics (``Đỗ Thị Hằng`` → ``do thi hang``), single spaces."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def quoted(titles: Iterable[Text]) -> Text:
    """Titles in the quotation marks of each language."""
    both = [(f"“{title.vi}”", f'"{title.en}"') for title in titles]
    return Text(", ".join(vi for vi, _ in both), ", ".join(en for _, en in both))


def did_you_mean(word: str, words: Iterable[str]) -> Text:
    """The end of a message: the nearest known word, or nothing."""
    near = closest(word, words)
    return Text(f" Có phải là “{near}”?", f" Did you mean '{near}'?") if near else Text("", "")
