"""Why an assessment is what it is: a tree from the outcome down to values of facts and citations.

For what holds, the conditions that made it hold and the engine's rules that fired; for what does not hold or
is not known, the conditions that were not true. Plain frozen nodes, made when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from motcua.conditions import Expression, describe, evaluate
from motcua.engine.assessment import Answer, Assessment, Evidence
from motcua.engine.leaves import Leaf
from motcua.engine.preparation import once, prepared
from motcua.law import Text
from motcua.procedures import LawVersion, Row

Kind = Literal["outcome", "transitional", "applies", "requirement", "document", "decision", "row", "scope",
               "condition", "derived"]
State = bool | str | None

_OUTCOMES = {
    "eligible": Text("Đủ điều kiện", "Eligible"),
    "ineligible": Text("Không đủ điều kiện", "Not eligible"),
    "not_required": Text("Không phải làm thủ tục này", "The procedure is not required"),
    "undetermined": Text("Chưa xác định được", "Not determined yet"),
}
LEAVES_KEPT: Final = 5000

_NO_VALUES: Final[Mapping[str, Any]] = MappingProxyType({})
_ALWAYS = Text("Luôn áp dụng", "Always")


class Reason(NamedTuple):
    """One thing in the proof, and under it what made it so.

    ``state`` is that of its kind: an outcome, a requirement's state, a document's, true, false or None (unknown)
    for conditions, derived names and rows. ``text`` is a condition as the rule file writes it; ``values`` the
    facts it reads, as JSON values in their units, None where unknown. ``rules`` name the engine's rules that
    fired for it. ``scope`` conditions say whether a requirement concerns the case at all.
    """

    kind: Kind
    id: str
    title: Text
    state: State
    cite: str = ""
    text: str = ""
    values: Mapping[str, Any] = _NO_VALUES
    rules: tuple[str, ...] = ()
    children: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The node and all under it as JSON."""
        return {"kind": self.kind, "id": self.id, "vi": self.title.vi, "en": self.title.en, "state": self.state,
                "cite": self.cite, "text": self.text, "values": dict(self.values), "rules": list(self.rules),
                "children": [child.to_json() for child in self.children]}


def explain(assessment: Assessment) -> Reason:
    """The proof of an assessment made in this process; a bare node of the outcome where no law was chosen."""
    title = _OUTCOMES[assessment.outcome]
    if assessment.evidence is None:
        return Reason("outcome", assessment.procedure, title, assessment.outcome)
    return Reason("outcome", assessment.procedure, title, assessment.outcome,
                  children=tuple(_Explainer(assessment, assessment.evidence).parts()))


class _Explainer:
    def __init__(self, assessment: Assessment, evidence: Evidence) -> None:
        self._assessment = assessment
        self._moved = frozenset(evidence.moves)
        self._here = self._there = _Conditions(evidence.here)
        if evidence.there is not evidence.here:
            self._there = _Conditions(evidence.there)

    def parts(self) -> Iterator[Reason]:
        assessment = self._assessment
        if (choice := assessment.transitional) is not None:
            clause = next(item for item in self._here.version.procedure.transitional if item.id == choice.id)
            yield Reason("transitional", choice.id, choice.title, choice.chosen, choice.cite or "",
                         children=self._here.of(clause.unless))
        if (applies := assessment.applies) is not None and self._here.version.applies is not None:
            yield Reason("applies", applies.id, applies.title, applies.is_required, applies.cite or "",
                         rules=self._here.rules("applies", "applies", applies.is_required),
                         children=self._here.of(self._here.version.applies.when))
        if assessment.outcome != "not_required":
            yield from self._requirements()
            yield from self._documents()
            yield from self._decisions()

    def _requirements(self) -> Iterator[Reason]:
        here = self._here
        parts = zip(here.version.requirements, self._assessment.requirements, strict=True)
        for place, (requirement, finding) in enumerate(parts):
            children = here.of(requirement.when, "scope")
            if finding.state != "not_applicable":
                children += here.of(requirement.must)
            yield Reason("requirement", finding.id, finding.title, finding.state, finding.cite, "", _NO_VALUES,
                         here.rules("requirement", place, finding.state), children)

    def _documents(self) -> Iterator[Reason]:
        conditions = self._conditions_for("documents")
        parts = zip(conditions.version.documents, self._assessment.document_details, strict=True)
        for place, (document, finding) in enumerate(parts):
            yield Reason("document", finding.id, finding.title, finding.state, finding.cite, "", _NO_VALUES,
                         conditions.rules("document", place, finding.state == "needed"),
                         conditions.of(document.when))

    def _decisions(self) -> Iterator[Reason]:
        for name, found in self._assessment.decisions.items():
            conditions = self._conditions_for(name)
            decision = conditions.version.decisions[name]
            state = None if found is None else str(found.shown)
            yield Reason("decision", name, decision.title, state, found.cite if found else "", "", _NO_VALUES, (),
                         conditions.rows(name))

    def _conditions_for(self, part: str) -> _Conditions:
        return self._there if part in self._moved else self._here


class Heading(NamedTuple):
    """What the proof says of a row in any case, and its condition."""

    id: str
    title: Text
    cite: str
    text: str
    when: Expression | None


class _Proofs:
    """The leaves of all conditions of a law version and their wording: the same in every case."""

    def __init__(self, version: LawVersion) -> None:
        self._procedure = version.procedure
        self._wordings: dict[int, Text] = {}
        reasons = prepared(version).reasons
        self.leaves, self.shown = reasons.leaves, reasons.shown
        self.known: dict[tuple[Any, ...], Reason] = {}
        self.headings = {name: tuple(map(self._heading, decision.rows)) for name, decision in version.decisions.items()}

    def _heading(self, row: Row) -> Heading:
        title, text = (_ALWAYS, "") if row.when is None else (self.wording(row.when), row.when.text)
        return Heading(row.id, title, row.citation.text if row.citation else "", text, row.when)

    def wording(self, expression: Expression) -> Text:
        """A condition of the version, or a leaf of one, in plain words; both live as long as this does."""
        found = self._wordings.get(id(expression))
        if found is None:
            titles, labels = self._procedure.titles, self._procedure.labels
            found = Text(*(describe(expression, lang, titles, labels) for lang in ("vi", "en")))
            self._wordings[id(expression)] = found
        return found


class _Conditions:
    """Conditions of one law version, taken apart in one case."""

    def __init__(self, answer: Answer) -> None:
        self.version = answer.version
        self._answer = answer
        self._env = answer.weighed.env
        self._proofs = once(prepared(answer.version), "_proofs", lambda: _Proofs(answer.version))
        self._truths = answer.truths
        self._behind: dict[str, Reason] = {}

    def rules(self, kind: str, part: object, state: object) -> tuple[str, ...]:
        """The engine's rules that fired for a part of the version."""
        return self._answer.proof.rules(kind, part, state)

    def of(self, condition: Expression | None, kind: Kind = "condition") -> tuple[Reason, ...]:
        """The leaves that made a condition what it is; none for the condition that is not written."""
        if condition is None:
            return ()
        found = self._proofs.leaves.deciding(condition, self._truths, self._env)
        return tuple([self._leaf(leaf, kind) for leaf in found.leaves])

    def rows(self, decision: str) -> tuple[Reason, ...]:
        """The rows of a decision: "holds", true but "passed_over" for others, false or unknown; and by what."""
        holding = self._answer.weighed.decided[decision].rows
        return tuple([self._row(heading, decision, holding) for heading in self._proofs.headings[decision]])

    def _row(self, heading: Heading, decision: str, holding: tuple[str, ...]) -> Reason:
        state: State = True
        children: tuple[Reason, ...] = ()
        if heading.when is not None:
            found = self._proofs.leaves.deciding(heading.when, self._truths, self._env)
            state, children = found.value, tuple([self._leaf(leaf, "condition") for leaf in found.leaves])
        rules: tuple[str, ...] = ()
        if heading.id in holding:
            state, rules = "holds", self.rules("row", (decision, heading.id), "holds")
        elif state:
            state = "passed_over"
        return Reason("row", heading.id, heading.title, state, heading.cite, heading.text, _NO_VALUES, rules, children)

    def _leaf(self, leaf: Leaf, kind: Kind) -> Reason:
        """A leaf; where it rests on facts alone it is the same in all cases with the same values of these."""
        if leaf.derived or leaf.place is None:
            return self._made(leaf, kind)
        known, names, get = self._proofs.known, leaf.names, self._env.get
        key = (kind, leaf.place, get(names[0]) if len(names) == 1 else tuple([get(name) for name in names]))
        found = known.get(key)
        if found is None:
            if len(known) >= LEAVES_KEPT:
                known.clear()
            found = known[key] = self._made(leaf, kind)
        return found

    def _made(self, leaf: Leaf, kind: Kind) -> Reason:
        text = leaf.expression.text
        state: Any = evaluate(leaf.expression, self._env) if leaf.place is None else self._truths[leaf.place]
        return Reason(kind, text, self._proofs.wording(leaf.expression), state, "", text,
                      MappingProxyType(self._proofs.shown.of(leaf.names, self._env)), (),
                      tuple([self._derived(name) for name in leaf.derived]))

    def _derived(self, name: str) -> Reason:
        if name not in self._behind:
            meaning = self.version.derived[name]
            state = self._proofs.shown.of((name,), self._env)[name]
            self._behind[name] = Reason("derived", name, self.version.procedure.titles[name], state,
                                        text=meaning.text, children=self.of(meaning),
                                        rules=self.rules("derived", name, self._env.get(name)))
        return self._behind[name]
