"""What a law version decides, as a decision model: facts are inputs, everything else is a decision.

Each requirement becomes a decision that is true (met, or not applicable), false (unmet) or null (unknown), each
document one that says whether it is needed; tables decide the outcome and list the documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from motcua.conditions import CANONICAL_UNITS, Expression, Node, Or, Type, negate
from motcua.dmn.feel import ATOM, EXPRESSION, Feel, literal
from motcua.dmn.model import Column, Decision, Input, ItemType, Model, Rule, Table
from motcua.dmn.names import Names
from motcua.dmn.tables import base_type, logic_of, names_of
from motcua.law import Citation, Text
from motcua.procedures import Fact, LawVersion

OUTCOMES: Final = ("eligible", "ineligible", "undetermined", "not_required")
_ALL_MET: Final = Text("Mọi điều kiện đều đạt", "Every requirement is met")
_OUTCOME: Final = Text("Kết luận", "Outcome")
_DOCUMENTS: Final = Text("Thành phần hồ sơ cần nộp", "Documents needed")
_GUARDED: Final = Text(
    "null nghĩa là chưa biết: mọi biểu thức cho null đúng khi câu trả lời còn phụ thuộc dữ kiện chưa biết.",
    "null means unknown: every expression gives null exactly where the answer still depends on an unknown fact.")
_PLAIN: Final = Text(
    "Bản không bảo vệ null: chỉ dùng khi mọi dữ kiện đều đã biết.",
    "Without guards against null: only for cases in which every fact is known.")


def model_of(version: LawVersion, *, guarded: bool = True) -> Model:
    """The decision model of a law version."""
    return _Builder(version, guarded).model()


@dataclass
class _Builder:
    version: LawVersion
    guarded: bool
    names: Names = field(default_factory=Names)
    #: our name → FEEL name under which conditions read it, and the id of the element that has its value
    read_as: dict[str, str] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)
    types: dict[str, ItemType] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def feel(self) -> Feel:
        return Feel(self.read_as, self.guarded)

    def model(self) -> Model:
        procedure, version = self.version.procedure, self.version
        self._facts()
        self._derived()
        self._decided()
        for rule in procedure.always:
            self._truth(f"always.{rule.id}", rule.title, None, rule.holds)
        self._outcome()
        self._documents()
        for clause in procedure.transitional:
            moved = ", ".join(clause.moves)
            self._truth(f"moves.{clause.id}", clause.title, clause.citation, clause.unless,
                        f"{clause.between}: {moved}")
        return Model(
            id=f"model_{self.names.take(procedure.id)}", name=f"{procedure.title.vi} ({version.interval})",
            namespace=f"urn:motcua:{procedure.id}:{version.interval.first or 'begin'}",
            description=_lines(procedure.title.vi, procedure.title.en, f"{procedure.id} · {version.interval}",
                               procedure.digest, *_both(_GUARDED if self.guarded else _PLAIN),
                               *(line for gap in procedure.gaps for line in _both(gap))),
            types=tuple(self.types.values()), inputs=tuple(self.inputs),
            decisions=tuple(self.decisions))

    # Names and types

    def _type(self, type_: Type, *, low: object = None, high: object = None, name: str = "",
              collected: bool = False) -> str:
        """The name of the type of a value; a type of its own where values are listed or bounded."""
        base = base_type(type_)
        own = base
        if type_.list is not None:
            own = self._item(f"t_{type_.list}", base, ", ".join(literal(word)[0] for word in type_.values),
                             self._words(type_.list))
        elif low is not None or high is not None:
            own = self._item(f"f_{name}", base, _bounds(low, high), label=type_.kind)
        elif type_.kind not in ("yes/no", "number", "date", "text"):
            own = self._item(f"q_{type_.kind}", base, label=type_.kind)
        if type_.kind == "list of" or collected:
            return self._item(f"list_of_{own}", own, is_collection=True)
        return own

    def _item(self, wanted: str, base: str, allowed: str | None = None, description: str | None = None, *,
              is_collection: bool = False, label: str | None = None) -> str:
        name = wanted.replace(".", "_").replace(" ", "_")
        self.types.setdefault(name, ItemType(name, base, allowed, is_collection, label, description))
        return name

    def _words(self, name: str) -> str | None:
        listing = self.version.procedure.lists.get(name)
        return None if listing is None else _lines(
            *(f"{word}: {text.vi} / {text.en}" for word, text in listing.values.items()))

    # Facts and conclusions

    def _facts(self) -> None:
        procedure = self.version.procedure
        for fact in procedure.facts.values():
            name = self.names.take(fact.id)
            type_ = self._type(fact.type, low=fact.min, high=fact.max, name=name)
            self.inputs.append(Input(f"input_{name}", name, type_, fact.id, self._fact_text(fact)))
            self.read_as[fact.id], self.elements[fact.id] = name, f"input_{name}"
        waiting = {fact.id: fact for fact in procedure.facts.values() if fact.when is not None}
        while waiting:
            for fact in [fact for fact in waiting.values() if fact.when and not fact.when.names & waiting.keys()]:
                self._asked(fact)
                del waiting[fact.id]

    def _asked(self, fact: Fact) -> None:
        """A fact that may not apply: what is said of it counts only where it does."""
        assert fact.when is not None
        given, name = self.read_as[fact.id], self.names.take(f"{fact.id}_where_asked")
        logic = f"if {self.feel.text(fact.when.tree, ATOM)} = false then null else {given}"
        needs = [self.elements[fact.id], *self._needs(fact.when.names_in_order)]
        self._add(name, self._type(fact.type), f"{fact.id}", fact.title, None, logic, needs)
        self.read_as[fact.id], self.elements[fact.id] = name, f"decision_{name}"

    def _fact_text(self, fact: Fact) -> str:
        unit = CANONICAL_UNITS.get(fact.type.kind)
        hint = _both(fact.hint) if fact.hint else ()
        return _lines(fact.title.vi, fact.title.en, *hint, *((f"[{unit}]",) if unit else ()))

    def _derived(self) -> None:
        for name, meaning in self.version.derived.items():
            title = self.version.procedure.derived[name].title
            feel_name = self.names.take(name)
            self._add(feel_name, self._type(meaning.type), name, title, None, self.feel.text(meaning.tree),
                      self._needs(meaning.names_in_order))
            self.read_as[name], self.elements[name] = feel_name, f"decision_{feel_name}"

    def _decided(self) -> None:
        procedure = self.version.procedure
        types = dict(procedure.types)
        for decision in self.version.decisions.values():
            name = self.names.take(decision.id)
            unit = CANONICAL_UNITS.get(decision.type.kind)
            texts = [text for each in (decision.starts, decision.note) if each for text in _both(each)]
            texts += [f"[{unit}]"] if unit else []
            texts += [f"from {decision.starts_from}"] if decision.starts_from else []
            texts += [f"after {decision.after}"] if decision.after else []
            self._add(name, self._type(decision.type, collected=decision.hit == "collect"), decision.id,
                      decision.title, None, logic_of(decision, self.feel, types), self._needs(names_of(decision)),
                      texts)
            self.read_as[decision.id], self.elements[decision.id] = name, f"decision_{name}"

    # Answers

    def _outcome(self) -> None:
        version = self.version
        applies = ""
        if version.applies is not None:
            applies = self._truth("applies", version.applies.title, version.applies.citation, version.applies.when)
        met = [self._requirement(index) for index in range(len(version.requirements))]
        all_met = self._add(self.names.take("requirements_met"), "boolean", "requirements_met", _ALL_MET, None,
                            " and ".join(met) or "true", [f"decision_{name}" for name in met])
        columns = [Column(name, "boolean") for name in (applies, all_met) if name]
        lines = [({applies: "false"}, "not_required")] if applies else []
        required = {applies: "true"} if applies else {}
        lines += [({**required, all_met: "false"}, "ineligible"), ({**required, all_met: "true"}, "eligible"),
                  ({}, "undetermined")]
        rules = tuple(Rule(answer, cells, f'"{answer}"', answer) for cells, answer in lines)
        values = ", ".join(f'"{word}"' for word in OUTCOMES)
        table = Table("FIRST", tuple(columns), rules, "string", values)
        type_ = self._item("outcome", "string", values)
        self._add(self.names.take("outcome"), type_, "outcome", _OUTCOME, None, table,
                  [f"decision_{column.text}" for column in columns])

    def _requirement(self, index: int) -> str:
        item = self.version.requirements[index]
        applied: Expression | None = item.when
        name = f"requirement.{item.id}"
        if applied is None:
            return self._truth(name, item.title, item.citation, item.must)
        # whether it applies is a decision of its own: there it can be told from "met"
        self._truth(f"{name}.applies", item.title, item.citation, applied)
        tree: Node = Or((negate(applied).tree, item.must.tree))
        return self._truth(name, item.title, item.citation, Expression("", tree, Type("yes/no")))

    def _documents(self) -> None:
        rules, columns = [], []
        for document in self.version.documents:
            cells = {}
            if document.when is not None:
                name = self._truth(f"document.{document.id}", document.title, document.citation, document.when)
                columns.append(Column(name, "boolean"))
                cells = {name: "true"}
            cited = document.citation.text if document.citation else ""
            rules.append(Rule(document.id, cells, literal(document.id)[0], f"{document.title.vi} ({cited})"))
        if not rules:
            return
        table = Table("COLLECT", tuple(columns) or (Column("true", "boolean"),), tuple(rules), "string")
        self._add(self.names.take("documents"), self._item("list_of_documents", "string", is_collection=True),
                  "documents", _DOCUMENTS, None, table, [f"decision_{column.text}" for column in columns])

    # Writing down

    def _truth(self, label: str, title: Text, citation: Citation | None, condition: Expression,
               note: str = "") -> str:
        """A decision that is true, false or null; its FEEL name."""
        return self._add(self.names.take(label), "boolean", label, title, citation,
                         self.feel.text(condition.tree, EXPRESSION), self._needs(condition.names_in_order),
                         [note] if note else [])

    def _add(self, name: str, type_: str, label: str, title: Text, citation: Citation | None, logic: str | Table,
             needs: Iterable[str], notes: Iterable[str] = ()) -> str:
        description = _lines(title.vi, title.en, *((citation.text,) if citation else ()), *notes)
        self.decisions.append(Decision(f"decision_{name}", name, type_, label, description, logic,
                                       tuple(dict.fromkeys(needs))))
        return name

    def _needs(self, names: Iterable[str]) -> list[str]:
        return [self.elements[name] for name in names]


def _bounds(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"[{_number(low)}..{_number(high)}]"
    return f">= {_number(low)}" if low is not None else f"<= {_number(high)}"


def _number(value: object) -> str:
    return literal(value)[0]  # type: ignore[arg-type]


def _both(text: Text) -> tuple[str, str]:
    return text.vi, text.en


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
