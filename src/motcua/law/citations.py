"""Legal sources, and citations of places in them.

A citation is written ``LKS2010 art 43 cl 3 pt a; ND193 annex IX part A sec VI cl 1``: the key of a source in
the register, then the place, from the large to the small; several are separated by ``;``. The reader is
tolerant: what it does not understand is kept and shown word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from motcua.law.intervals import Interval
from motcua.law.texts import Text

# Level in a legal text: how it is written in a citation, and its words in Vietnamese and English.
_LEVELS = {
    "annex": ("Phụ lục", "annex"), "chapter": ("Chương", "chapter"), "part": ("phần", "part"),
    "sec": ("mục", "sec."), "art": ("Điều", "art."), "cl": ("khoản", "cl."), "pt": ("điểm", "pt."),
    "form": ("Mẫu số", "form"),
}
_NUMBER = r"(?-i:[0-9]+(?:\.[0-9]+)*[a-zđ]{0,2}|[IVXLC]+|[a-zđ]|[A-ZĐ])(?!\w)"
_STEP = re.compile(
    rf"\s*(?P<level>{'|'.join(_LEVELS)})\.?\s+(?P<numbers>{_NUMBER}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+to\s+)"
    rf"{_NUMBER})*)", re.IGNORECASE)
_KEY = re.compile(r"\s*([A-Z][A-Za-z0-9_]*[A-Z0-9_][A-Za-z0-9_]*)(?![\w/-])\s*")
_NEXT_PLACE = re.compile(rf"\s*(?:,\s*and\b|,|\band\b)\s*(?=(?P<level>{'|'.join(_LEVELS)})\b)")
_RELATIONS = {
    "as amended by": "được sửa đổi bởi", "as replaced by": "được thay thế bởi",
    "as added by": "được bổ sung bởi", "added by": "được bổ sung bởi",
    "as rewritten by": "được viết lại bởi", "with": "và",
}
_RELATION = re.compile(
    rf"(?P<open>\(?)(?P<words>{'|'.join(_RELATIONS)})\s+(?P<cited>[A-Z].*?)(?P<close>\)?)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A legal text in the register: its key, title, official number, and when it is in force."""

    key: str
    title: Text
    number: str
    in_force: Interval

    def show(self, lang: str) -> str:
        """The title, in Vietnamese always with the official number."""
        title = self.title.get(lang)
        complete = lang == "en" or not self.number or self.number in title
        return title if complete else f"{title} số {self.number}"


class Sources(Mapping[str, Source]):
    """The register of legal texts, by key."""

    def __init__(self, sources: Mapping[str, Source] | None = None) -> None:
        self._sources = dict(sources or {})

    def __getitem__(self, key: str) -> Source:
        return self._sources[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """One place in one source: the key of the source ("" when none was named) and the place as written."""

    source: str
    place: str

    def show(self, lang: str, sources: Sources) -> str:
        """The place in words: ``điểm a khoản 3 Điều 43 Luật ...``, or ``Mineral Law 2010, art. 43 cl. 3``."""
        if not self.source:
            return self.place
        title = sources[self.source].show(lang) if self.source in sources else self.source
        steps, rest = _read_steps(self.place)
        rest = _show_rest(rest, lang, sources)
        return _in_vietnamese(title, steps, rest) if lang == "vi" else _in_english(title, steps, rest)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a rule rests on: the text as written, and the places it names."""

    text: str
    places: tuple[CitedPlace, ...]

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read a citation; anything not understood stays as the text of a place, never an error."""
        places = [place for part in _parts(text) for place in _read_part(part)]
        return cls(text, tuple(places))

    def on(self, day: date, sources: Sources) -> Citation:
        """Only the places whose source is in force on ``day``.

        Places without a registered source stay. Where nothing would remain the citation stays whole: a
        finding without its ground would tell less.
        """
        kept = tuple(place for place in self.places
                     if place.source not in sources or day in sources[place.source].in_force)
        if not kept or kept == self.places:
            return self
        return Citation("; ".join(f"{place.source} {place.place}".strip() for place in kept), kept)

    def show(self, lang: str, sources: Sources) -> str:
        """The citation in words of ``lang``."""
        return "; ".join(place.show(lang, sources) for place in self.places)

    def unknown_sources(self, sources: Sources) -> tuple[str, ...]:
        """Keys named here that the register does not hold, for the linter."""
        return tuple(dict.fromkeys(p.source for p in self.places if p.source and p.source not in sources))


def _parts(text: str) -> list[str]:
    """Split at the semicolons outside parentheses."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == ";" and depth <= 0:
            parts.append(text[start:index])
            start = index + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _read_part(part: str) -> Iterator[CitedPlace]:
    key = _KEY.match(part)
    if key is None:
        yield CitedPlace("", part)
        return
    rest = part[key.end():].strip()
    while (cut := _next_place(rest)) is not None:
        this, rest = cut
        yield CitedPlace(key.group(1), this)
    yield CitedPlace(key.group(1), rest)


def _next_place(text: str) -> tuple[str, str] | None:
    """Cut off the first of several places; a second clause or point stands in the article named before."""
    position = 0
    above: dict[str, str] = {}
    while (step := _STEP.match(text, position)) is not None:
        position = step.end()
        above[step.group("level").lower()] = step.group().strip()
        further = _NEXT_PLACE.match(text, position)
        if further is not None:
            levels = list(above)
            level = further.group("level").lower()
            shared = levels[:levels.index(level)] if level in levels else []
            prefix = " ".join(above[name] for name in shared)
            return text[:position].strip(), f"{prefix} {text[further.end():]}".strip()
    return None


def _read_steps(place: str) -> tuple[list[tuple[str, str]], str]:
    steps, position = [], 0
    while (step := _STEP.match(place, position)) is not None:
        steps.append((step.group("level").lower(), step.group("numbers")))
        position = step.end()
    return steps, place[position:].strip()


def _show_rest(rest: str, lang: str, sources: Sources) -> str:
    """The words after the place; ``as amended by KEY art ...`` is shown like a citation of its own."""
    relation = _RELATION.match(rest)
    if relation is None:
        return rest
    before, words, cited, after = relation.group("open", "words", "cited", "close")
    others = ", ".join(place.show(lang, sources) for place in _read_part(cited))
    return f"{before}{_RELATIONS[words] if lang == 'vi' else words} {others}{after}"


def _in_vietnamese(title: str, steps: list[tuple[str, str]], rest: str) -> str:
    words = [f"{_LEVELS[level][0]} {_joined(numbers, 'và', 'đến')}" for level, numbers in reversed(steps)]
    return " ".join(part for part in [*words, title, rest] if part)


def _in_english(title: str, steps: list[tuple[str, str]], rest: str) -> str:
    words = " ".join(f"{_LEVELS[level][1]} {_joined(numbers, 'and', 'to')}" for level, numbers in steps)
    place = " ".join(part for part in (words, rest) if part)
    return f"{title}, {place}" if place else title


def _joined(numbers: str, word_and: str, word_to: str) -> str:
    shown = re.sub(r"\s*,\s*and\s+|\s+and\s+", f" {word_and} ", numbers)
    return re.sub(r"\s*,\s*", ", ", re.sub(r"\s+to\s+", f" {word_to} ", shown))
