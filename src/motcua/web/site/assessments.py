"""An assessment as pages show it: outcome, each requirement with its values and citation, documents, decisions.

It is made from the assessment's JSON, which is what dossiers keep; the procedure lends titles, units and
the names of its sources, and may be missing for a dossier whose procedure is no longer in service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.conditions import Type, read_value, show_value
from motcua.errors import InputError
from motcua.law import Citation, Text
from motcua.procedures import Procedure
from motcua.web.site.languages import _

#: Outcome → colour of its panel, and its sentence.
OUTCOMES: Mapping[str, tuple[str, Any]] = {
    "eligible": ("good", _("The conditions are met")),
    "ineligible": ("bad", _("The conditions are not met")),
    "not_required": ("good", _("This procedure is not required here")),
    "undetermined": ("open", _("Not yet clear whether the conditions are met")),
}
#: State of a requirement → colour of its tag, and its word.
STATES: Mapping[str, tuple[str, Any]] = {
    "met": ("good", _("met")),
    "unmet": ("bad", _("not met")),
    "unknown": ("open", _("not yet clear")),
    "not_applicable": ("quiet", _("does not apply")),
    "not_in_force": ("quiet", _("not in force")),
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A requirement: its state as tag, its text, the values that made it so."""

    id: str
    state: str
    colour: str
    word: Any
    text: str
    citation: str
    because: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document: ``needed`` or ``unknown``; ``names`` of the files given for it."""

    id: str
    state: str
    text: str
    copies: str
    form: str
    citation: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """An answered decision: title, value in words, due date where it is a term."""

    id: str
    title: str
    value: str
    due: date | None
    citation: str


@dataclass(frozen=True, slots=True)
class ShownAssessment:
    """The whole, in one language."""

    outcome: str
    colour: str
    sentence: Any
    law_date: date | None
    law_version: str
    findings: tuple[ShownFinding, ...]
    documents: tuple[ShownDocument, ...]
    decisions: tuple[ShownDecision, ...]
    missing: tuple[tuple[str, str], ...]
    transitional: str
    rules: str
    engine: str

    def in_state(self, *states: str) -> tuple[ShownFinding, ...]:
        """The findings in one of ``states``, in file order."""
        return tuple(finding for finding in self.findings if finding.state in states)


def show_assessment(assessment: Mapping[str, Any], procedure: Procedure | None, lang: str,
                    files: Mapping[str, list[str]] | None = None) -> ShownAssessment:
    """Put the JSON of an assessment into words; ``files`` are the names of files given, by document id."""
    words = Words(procedure, lang)
    colour, sentence = OUTCOMES[assessment["outcome"]]
    law_date = assessment.get("law_date")
    transitional = assessment.get("transitional") or {}
    return ShownAssessment(
        assessment["outcome"], colour, sentence, date.fromisoformat(law_date) if law_date else None,
        assessment.get("law_version") or "",
        tuple(words.finding(each) for each in assessment.get("requirements") or ()),
        tuple(words.document(each, files or {}) for each in assessment.get("document_details") or ()),
        tuple(words.decision(name, each) for name, each in (assessment.get("decisions") or {}).items() if each),
        tuple((name, words.title(name)) for name in assessment.get("missing") or ()),
        words.text(transitional) if isinstance(transitional, Mapping) else "",
        str(assessment.get("rules", "")), str(assessment.get("engine", "")))


class Words:
    """The wording of one procedure in one language; ids stand for what it does not know."""

    def __init__(self, procedure: Procedure | None, lang: str) -> None:
        self.procedure = procedure
        self.lang = lang

    def text(self, both: Mapping[str, Any]) -> str:
        """The text of a pair of texts."""
        return str(both.get(self.lang) or both.get("vi") or "")

    def title(self, name: str) -> str:
        """The title of a fact, derived name or decision."""
        found: Text | None = self.procedure.titles.get(name) if self.procedure else None
        return found.get(self.lang) if found else name

    def citation(self, text: str | None) -> str:
        """A citation in words."""
        if not text or self.procedure is None:
            return text or ""
        return Citation.parse(text).show(self.lang, self.procedure.sources)

    def value(self, name: str, raw: Any) -> str:
        """A fact's or decision's JSON value as people read it."""
        type_: Type | None = self.procedure.types.get(name) if self.procedure else None
        if type_ is None or self.procedure is None:
            return str(raw)
        try:
            value = None if raw is None else read_value(type_, raw)
        except InputError:
            return str(raw)
        return show_value(type_, value, self.lang, self.procedure.labels)

    def finding(self, raw: Mapping[str, Any]) -> ShownFinding:
        """A requirement."""
        colour, word = STATES[raw["state"]]
        because = tuple((self.title(name), self.value(name, value))
                        for name, value in (raw.get("because") or {}).items())
        return ShownFinding(raw["id"], raw["state"], colour, word, self.text(raw),
                            self.citation(raw.get("cite")), because)

    def document(self, raw: Mapping[str, Any], files: Mapping[str, list[str]]) -> ShownDocument:
        """A document."""
        return ShownDocument(raw["id"], raw["state"], self.text(raw), self._wording(raw, "copies"),
                             self._wording(raw, "form"), self.citation(raw.get("cite")),
                             tuple(files.get(raw["id"], ())))

    def _wording(self, raw: Mapping[str, Any], name: str) -> str:
        # English stands under the plain name, Vietnamese beside it where it differs
        return str((raw.get(f"{name}_vi") if self.lang == "vi" else None) or raw.get(name) or "")

    def decision(self, name: str, raw: Mapping[str, Any]) -> ShownDecision:
        """A decision."""
        due = raw.get("due")
        return ShownDecision(name, self.title(name), self.value(name, raw.get("value")),
                             date.fromisoformat(due) if due else None, self.citation(raw.get("cite")))
