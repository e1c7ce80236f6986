"""An assessment: the whole answer of the rules for some facts on a law date, as a frozen receipt.

The same facts, rules and reader give the same assessment, byte for byte: nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from motcua.engine.evaluation import Outcome, State, Weighed
from motcua.engine.leaves import Truths
from motcua.engine.proving import Proof
from motcua.law import Text
from motcua.procedures import LawVersion

DocumentState = Literal["needed", "not_needed", "unknown"]


class Answer(NamedTuple):
    """A law version, the second opinion, and the engine's rules that fired (none for the reader "conditions").

    ``truths`` are the values of the version's leaf conditions.
    """

    version: LawVersion
    weighed: Weighed
    proof: Proof
    truths: Truths


class Evidence(NamedTuple):
    """What an explanation needs: the answer of the law at receipt, and that of the law to which ``moves`` went."""

    here: Answer
    there: Answer
    moves: tuple[str, ...]


class Finding(NamedTuple):
    """A requirement in this case.

    ``because`` holds the facts that decided it, as JSON values in the fact's unit; None is an unknown fact.
    """

    id: str
    state: State
    title: Text
    cite: str
    because: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The finding as the API shows it."""
        id_, state, title, cite, because = self
        return {"id": id_, "state": state, "cite": cite, "vi": title.vi, "en": title.en, "because": dict(because)}


class DocumentFinding(NamedTuple):
    """A document in this case: needed, not needed, or not known yet."""

    id: str
    state: DocumentState
    title: Text
    cite: str
    copies: Text
    form: Text | None

    def to_json(self) -> dict[str, Any]:
        """The document as the API shows it."""
        shown = {"id": self.id, "state": self.state, "copies": self.copies.en,
                 "form": self.form.en if self.form else None,
                 "vi": self.title.vi, "en": self.title.en, "cite": self.cite}
        if self.copies.vi != self.copies.en:
            shown["copies_vi"] = self.copies.vi
        if self.form and self.form.vi != self.form.en:
            shown["form_vi"] = self.form.vi
        return shown


class DecisionResult(NamedTuple):
    """What a decision gives in this case, by which row.

    ``value`` is a canonical value (money in VND, time in its own unit); ``shown`` the same as JSON. A term has
    the ``due`` date of the whole term it is part of, None where its start is not known.
    """

    id: str
    value: Any
    shown: Any
    unit: str | None
    is_term: bool
    due: date | None
    rows: tuple[str, ...]
    cite: str

    @property
    def row(self) -> str:
        """The row that gave the value; of a collecting decision all rows, joined."""
        return ", ".join(self.rows)

    def to_json(self) -> dict[str, Any]:
        """The decision as the API shows it."""
        _, _, value, unit, is_term, due, rows, cite = self
        shown: dict[str, Any] = {"value": value}
        if unit is not None:
            shown["unit"] = unit
        if is_term:
            shown["due"] = due.isoformat() if due else None
        shown["row"] = rows[0] if len(rows) == 1 else self.row
        shown["cite"] = cite
        return shown


class AppliesFinding(NamedTuple):
    """Whether the procedure is required here: true, false, or None where that is not known."""

    id: str
    is_required: bool | None
    title: Text
    cite: str | None
    because: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The finding as the API shows it."""
        return {"is_required": self.is_required, "cite": self.cite, "vi": self.title.vi, "en": self.title.en,
                "because": dict(self.because)}


class TransitionalChoice(NamedTuple):
    """The clause that settles old or new law for this law date, and what it chose.

    With "new", the things in ``moves`` follow the law version ``law_version``; all else stays with the old one.
    """

    id: str
    chosen: Literal["old", "new"]
    title: Text
    cite: str | None
    between: date
    moves: tuple[str, ...]
    law_version: str

    def to_json(self) -> dict[str, Any]:
        """The choice as the API shows it."""
        return {"id": self.id, "chosen": self.chosen, "cite": self.cite, "vi": self.title.vi, "en": self.title.en,
                "between": self.between.isoformat(), "moves": list(self.moves), "law_version": self.law_version}


@dataclass(frozen=True, slots=True)
class Assessment:
    """The rules' answer. Ids stand in the order of the rule file, ``missing`` with the most useful fact first.

    ``documents`` are the ids of those needed; ``document_details`` also tell which are not, or not known.
    ``decisions`` has every decision of the procedure, None where the law or the facts give no value.
    ``rules`` is the digest of the rule file, ``engine`` the reader and its version. ``evidence``, from which
    `explain` makes the proof, stays in the process.
    """

    procedure: str
    law_date: date | None
    law_version: str | None
    outcome: Outcome
    failed: tuple[str, ...]
    undetermined: tuple[str, ...]
    missing: tuple[str, ...]
    requirements: tuple[Finding, ...]
    document_details: tuple[DocumentFinding, ...]
    decisions: Mapping[str, DecisionResult | None]
    rules: str
    engine: str
    transitional: TransitionalChoice | None = None
    applies: AppliesFinding | None = None
    evidence: Evidence | None = field(default=None, compare=False, repr=False)

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents needed."""
        return tuple([document.id for document in self.document_details if document.state == "needed"])

    def to_json(self) -> dict[str, Any]:
        """The assessment as command line, API and dossiers show it."""
        return {
            "procedure": self.procedure,
            "law_date": self.law_date.isoformat() if self.law_date else None,
            "law_version": self.law_version,
            "outcome": self.outcome,
            "failed": list(self.failed),
            "undetermined": list(self.undetermined),
            "missing": list(self.missing),
            "requirements": [finding.to_json() for finding in self.requirements],
            "documents": list(self.documents),
            "document_details": [document.to_json() for document in self.document_details
                                 if document.state != "not_needed"],
            "decisions": {name: found and found.to_json() for name, found in self.decisions.items()},
            "rules": self.rules,
            "engine": self.engine,
            "transitional": self.transitional and self.transitional.to_json(),
            "applies": self.applies and self.applies.to_json(),
        }
