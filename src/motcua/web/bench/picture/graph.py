"""What leads to what in one case: facts, terms derived from them, requirements, documents, decisions, the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from motcua import engine
from motcua.conditions import evaluate, show_value
from motcua.procedures import Decision, LawVersion
from motcua.web.site.assessments import OUTCOMES, STATES, Words
from motcua.web.site.languages import _

#: What a picture may be about, and its title.
PARTS: Mapping[str, Any] = {
    "outcome": _("The outcome"),
    "documents": _("Documents"),
    "decisions": _("Authority, fee and time"),
    "all": _("Everything"),
}
_DOCUMENTS: Final[Mapping[str, tuple[str, Any]]] = {
    "needed": ("good", _("needed")), "unknown": ("open", _("may be needed")), "not_needed": ("quiet", _("not needed"))}
_CHOICES: Final[Mapping[str, Any]] = {"new": _("new law chosen"), "old": _("old law kept")}
_KINDS: Final[Mapping[str, Any]] = {
    "fact": _("Fact"), "derived": _("Term"), "requirement": _("Requirement"), "document": _("Document"),
    "decision": _("Decision"), "applies": _("Whether the procedure is required"),
    "transitional": _("Transitional clause"), "outcome": _("Outcome")}


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the picture: its kind, title and state in words; ``tone`` is plain, good, bad, open or quiet.

    ``anchor`` is its place on the page of the case, "" for none.
    """

    id: str
    kind: str
    kind_word: str
    title: str
    state: str
    tone: str
    anchor: str = ""

    @property
    def words(self) -> str:
        """All that the picture says of it."""
        title = "" if self.kind == "outcome" else f" {self.title.rstrip('.')}:"
        return f"{self.kind_word}:{title} {self.state}"


@dataclass(slots=True)
class Graph:
    """Nodes by id, and for each the nodes that lead to it, in the order met; ``ends`` are those asked about."""

    nodes: dict[str, Node] = field(default_factory=dict)
    inputs: dict[str, list[str]] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Each pair of a node and one it leads to."""
        return tuple((source, node) for node, sources in self.inputs.items() for source in sources)

    def count(self, kind: str) -> int:
        """How many nodes are of a kind."""
        return sum(node.kind == kind for node in self.nodes.values())


def build(assessment: engine.Assessment, words: Words, say: Callable[[Any], str], *, part: str = "outcome",
          is_whole: bool = False) -> Graph:
    """The picture of an assessment.

    Args:
        assessment: made in this process, of facts with a law date.
        words: the wording of its procedure.
        say: puts a message into the language of the reader.
        part: a key of `PARTS`.
        is_whole: with all that the law version could look at, not only what decided this case.
    """
    builder = _Builder(assessment, words, say)
    for reason in engine.explain(assessment).children:
        if _is_wanted(reason, part, is_whole):
            builder.add_end(reason, is_whole)
    if part in ("outcome", "all"):
        builder.add_outcome()
    return builder.graph


def _is_wanted(reason: engine.Reason, part: str, is_whole: bool) -> bool:
    parts = {"document": "documents", "decision": "decisions", "transitional": "decisions"}
    if part not in ("all", parts.get(reason.kind, "outcome")):
        return False
    if is_whole or (reason.kind == "decision" and any(row.state is None for row in reason.children)):
        return True
    return reason.state not in ("not_applicable", "not_needed", None) or reason.kind == "applies"


class _Builder:
    def __init__(self, assessment: engine.Assessment, words: Words, say: Callable[[Any], str]) -> None:
        assert assessment.evidence is not None
        self.graph = Graph()
        self._assessment, self._evidence = assessment, assessment.evidence
        self._words, self._say = words, say

    def add_end(self, reason: engine.Reason, is_whole: bool) -> None:
        """A requirement, document, decision, or what settles the law, with all that leads to it."""
        if f"{reason.kind} {reason.id}" in self.graph.nodes:
            return
        node = self._end(reason)
        answer = self._answer(reason)
        names = _read_by(reason, answer.version) if is_whole else _deciding(reason, answer.version)
        for name in names:
            self._lead(name, node, reason, answer, is_whole)

    def add_outcome(self) -> None:
        """The outcome, to which the requirements lead."""
        tone, sentence = OUTCOMES[self._assessment.outcome]
        ends, self.graph.ends = self.graph.ends, []
        others = [end for end in ends if end.partition(" ")[0] not in ("applies", "requirement")]
        node = self._node("outcome", "", self._say(_("Outcome")), self._say(sentence), tone, "outcome")
        self.graph.inputs[node] = [end for end in ends if end not in others]
        self.graph.ends = [node, *others]

    def _answer(self, reason: engine.Reason) -> Any:
        part = {"document": "documents", "decision": reason.id}.get(reason.kind, "")
        return self._evidence.there if part in self._evidence.moves else self._evidence.here

    def _end(self, reason: engine.Reason) -> str:
        title, anchor = reason.title.get(self._words.lang), f"{reason.kind}-{reason.id}"
        state, tone = self._say(_("unknown")), "open"
        match reason.kind:
            case "requirement":
                tone, word = STATES[str(reason.state)]
                state = self._say(word)
            case "document":
                tone, word = _DOCUMENTS[str(reason.state)]
                state = self._say(word)
            case "decision":
                found = self._assessment.decisions[reason.id]
                tone = "plain" if found else "quiet" if not self._is_open(reason) else "open"
                state = self._words.value(reason.id, found.to_json()["value"]) if found else self._say(
                    _("no value") if tone == "quiet" else _("unknown"))
            case "applies":
                anchor = "outcome"
                if reason.state is not None:
                    tone, state = ("plain", self._say(_("Yes"))) if reason.state else ("quiet", self._say(_("No")))
            case _:
                anchor, tone = "outcome", "plain" if reason.state == "new" else "quiet"
                state = self._say(_CHOICES[str(reason.state)])
        node = self._node(reason.kind, reason.id, title, state, tone, anchor)
        self.graph.ends.append(node)
        return node

    @staticmethod
    def _is_open(reason: engine.Reason) -> bool:
        return any(row.state is None for row in reason.children)

    def _lead(self, name: str, to: str, reason: engine.Reason, answer: Any, is_whole: bool) -> None:
        """Let a name lead to a node, and behind a derived name all that leads to it."""
        version: LawVersion = answer.version
        procedure = version.procedure
        kind = "fact" if name in procedure.facts else "decision" if name in procedure.decisions else "derived"
        node = f"{kind} {name}"
        if node not in self.graph.nodes:
            if kind == "fact":
                self._fact(name, answer)
            elif kind == "decision":
                found = engine.explain(self._assessment).children
                self.add_end(next(each for each in found if (each.kind, each.id) == ("decision", name)), is_whole)
            else:
                self._derived(name, answer)
                meaning = version.derived[name]
                behind = meaning.names_in_order if is_whole else _behind(reason, name)
                for each in behind:
                    self._lead(each, node, reason, answer, is_whole)
        if node not in self.graph.inputs[to]:
            self.graph.inputs[to].append(node)

    def _fact(self, name: str, answer: Any) -> None:
        value, words = answer.weighed.env.get(name), self._words
        fact = answer.version.procedure.facts[name]
        anchor = "on-day" if name == answer.version.procedure.law_at else f"fact-{name}"
        state, tone = self._say(_("unknown")), "open"
        if value is not None:
            state, tone = self._shown(name, value), "plain"
        elif fact.when is not None and evaluate(fact.when, answer.weighed.env) is False:
            state, tone = self._say(_("does not apply")), "quiet"
        self._node("fact", name, fact.title.get(words.lang), state, tone, anchor)

    def _derived(self, name: str, answer: Any) -> None:
        value, words = answer.weighed.env.get(name), self._words
        state, tone = self._say(_("unknown")), "open"
        if value is not None:
            state, tone = self._shown(name, value), "quiet" if value is False else "plain"
        self._node("derived", name, words.title(name), state, tone)

    def _shown(self, name: str, value: Any) -> str:
        procedure = self._evidence.here.version.procedure
        return show_value(procedure.types[name], value, self._words.lang, procedure.labels)

    def _node(self, kind: str, name: str, title: str, state: str, tone: str, anchor: str = "") -> str:
        node = f"{kind} {name}".strip()
        self.graph.nodes[node] = Node(node, kind, self._say(_KINDS[kind]), title, state, tone, anchor)
        self.graph.inputs.setdefault(node, [])
        return node


def _deciding(reason: engine.Reason, version: LawVersion) -> Iterator[str]:
    """The names that made a thing what it is, as the proof tells them."""
    if reason.kind != "decision":
        yield from _names(reason.children)
        return
    rows = [row for row in reason.children if row.state == "holds"] or [
        row for row in reason.children if row.state is None]
    written = {row.id: row for row in version.decisions[reason.id].rows}
    for row in rows:
        yield from _names(row.children)
        yield from sorted(written[row.id].then.names)


def _names(leaves: Iterable[engine.Reason]) -> Iterator[str]:
    for leaf in leaves:
        yield from leaf.values


def _behind(reason: engine.Reason, name: str) -> Iterator[str]:
    """The names behind a derived name, wherever the proof takes it apart."""
    for child in reason.children:
        if (child.kind, child.id) == ("derived", name):
            yield from _names(child.children)
            return
    for child in reason.children:
        found = list(_behind(child, name))
        if found:
            yield from found
            return


def _read_by(reason: engine.Reason, version: LawVersion) -> Iterator[str]:
    """The names that a thing could look at under its law."""
    match reason.kind:
        case "transitional":
            clause = next(each for each in version.procedure.transitional if each.id == reason.id)
            conditions: list[Any] = [clause.unless]
        case "applies":
            conditions = [version.applies.when] if version.applies else []
        case "requirement":
            item = next(each for each in version.requirements if each.id == reason.id)
            conditions = [item.when, item.must]
        case "document":
            conditions = [next(each for each in version.documents if each.id == reason.id).when]
        case _:
            decision: Decision = version.decisions[reason.id]
            conditions = [part for row in decision.rows for part in (row.when, row.then)]
    order = list(version.procedure.types)
    names = {name for condition in conditions if condition is not None for name in condition.names}
    yield from sorted(names, key=order.index)
