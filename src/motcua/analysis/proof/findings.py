"""What a proof of the law finds, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from motcua.errors import Place
from motcua.law import Text
from motcua.procedures import Intended

Kind = Literal["never_fails", "never_met", "constant", "always_asked", "never_asked", "dead_row", "overlap", "gap",
               "contradiction", "unused_fact", "repealed_citation"]

KINDS: Final[Mapping[str, Text]] = {
    "never_fails": Text("Điều kiện không bao giờ không đạt", "A requirement that can never fail"),
    "never_met": Text("Điều kiện không bao giờ đạt", "A requirement that can never be met"),
    "constant": Text("Kết luận luôn như nhau", "A conclusion that is always the same"),
    "always_asked": Text("Giấy tờ có điều kiện nhưng lúc nào cũng phải nộp",
                         "A conditional document that is always asked for"),
    "never_asked": Text("Giấy tờ không bao giờ phải nộp", "A document that is never asked for"),
    "dead_row": Text("Dòng không bao giờ được áp dụng", "A row that never applies"),
    "overlap": Text("Các dòng chồng lên nhau với giá trị khác nhau", "Rows that overlap with different values"),
    "gap": Text("Trường hợp không có câu trả lời", "Cases without an answer"),
    "contradiction": Text("Các điều kiện không thể cùng đạt", "Requirements that cannot be met together"),
    "unused_fact": Text("Dữ kiện không bao giờ có ý nghĩa", "A fact that never matters"),
    "repealed_citation": Text("Căn cứ không còn hoặc chưa có hiệu lực", "A ground that is not in force"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the file that has its part in a finding: as written, and in words."""

    feel: str
    text: Text

    def to_json(self) -> dict[str, str]:
        """As JSON."""
        return {"feel": self.feel, "vi": self.text.vi, "en": self.text.en}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the law itself that is probably wrong.

    ``subject`` names the rule: the id of a requirement, document, derived name, fact or decision; ``fee/F1+F2`` for
    rows of a decision; ids joined by ``+`` for several requirements. ``because`` are the conditions that together
    make it so. ``case`` holds facts (as JSON, in the facts' units) on which the engine itself showed it; None where
    no case can show it; ``telling`` are the facts among them that make it so, whatever the others are, and ``example``
    says these in words. ``rules`` is the short digest of the rules it speaks of, ``intended`` why it is meant to be so,
    ``stale`` whether a note said so of rules that have changed since.
    """

    kind: Kind
    subject: str
    law_versions: tuple[str, ...]
    text: Text
    case: Mapping[str, Any] | None
    intended: Text | None
    cite: str
    fix: Text
    because: tuple[Condition, ...] = ()
    telling: tuple[str, ...] = ()
    example: Text | None = None
    rules: str = ""
    stale: bool = False
    place: Place | None = field(default=None, compare=False)

    @property
    def title(self) -> Text:
        """What kind of finding it is, in words."""
        return KINDS[self.kind]

    @property
    def paste(self) -> str:
        """The lines to write under ``intended:`` in the rule file where it is meant to be so."""
        return (f"  - kind: {self.kind}\n    subject: {_quoted(self.subject)}\n    rules: \"{self.rules}\"\n"
                f"{self._days}    because:\n      vi: …\n      en: …")

    @property
    def _days(self) -> str:
        """The line that bounds a note about a table: the same rows may lack an answer on other days by mistake."""
        if self.kind != "gap":
            return ""
        first, last = self.law_versions[0].partition("..")[0], self.law_versions[-1].partition("..")[2]
        return f'    in_force: "{f"{first}..{last}".strip()}"\n'

    def to_json(self) -> dict[str, Any]:
        """As JSON; keys always the same, in this order."""
        return {
            "kind": self.kind, "subject": self.subject, "title": _pair(self.title),
            "law_versions": list(self.law_versions), "vi": self.text.vi, "en": self.text.en,
            "because": [each.to_json() for each in self.because],
            "case": None if self.case is None else dict(self.case),
            "telling": list(self.telling), "example": _pair_or_none(self.example), "cite": self.cite,
            "fix": _pair(self.fix), "intended": _pair_or_none(self.intended), "stale": self.stale,
            "rules": self.rules, "paste": self.paste, "place": _place(self.place)}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question to which no answer was found in time."""

    kind: Kind
    subject: str
    law_version: str

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.kind, "subject": self.subject, "law_version": self.law_version,
                "title": _pair(KINDS[self.kind])}


@dataclass(frozen=True)
class Report:
    """All findings about a procedure, in the order of its law versions; ``rules`` is the digest of the rule file.

    ``unmatched`` are notes of the rule file that say of a finding that it is intended where there is no such finding.
    """

    procedure: str
    rules: str
    law_versions: tuple[str, ...]
    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...] = ()
    unmatched: tuple[Intended, ...] = ()

    @cached_property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has said to be intended."""
        return tuple(finding for finding in self.findings if finding.intended is None)

    def to_json(self) -> dict[str, Any]:
        """As JSON; the same rules give the same bytes."""
        return {
            "procedure": self.procedure, "rules": self.rules, "law_versions": list(self.law_versions),
            "open": len(self.open), "findings": [finding.to_json() for finding in self.findings],
            "unanswered": [each.to_json() for each in self.unanswered],
            "unmatched": [{"kind": note.kind, "subject": note.subject, "because": _pair(note.because),
                           "place": _place(note.place)} for note in self.unmatched]}


def _pair(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _pair_or_none(text: Text | None) -> dict[str, str] | None:
    return None if text is None else _pair(text)


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}


def _quoted(word: str) -> str:
    return f'"{word}"' if any(char in word for char in "+:#, ") else word
