"""What a law version says, provision by provision, each with its fields in words: what is compared and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from motcua.conditions import Expression, Type, describe, evaluate, find_unit, show_value
from motcua.law import Citation, Text
from motcua.procedures import Decision, Document, Fact, Grid, LawVersion, Procedure, Requirement, Row, Transitional

Part = Literal["procedure", "fact", "list", "always", "derived", "applies", "requirement", "document", "decision",
               "row", "transitional", "gap", "note"]

#: The parts in the order in which a comparison tells them, and their names.
PARTS: Final[Mapping[Part, Text]] = {
    "procedure": Text("thủ tục", "procedure"), "fact": Text("dữ kiện", "fact"),
    "list": Text("giá trị danh mục", "list value"), "always": Text("điều luôn đúng", "what always holds"),
    "derived": Text("kết luận trung gian", "derived conclusion"), "applies": Text("phạm vi áp dụng", "scope"),
    "requirement": Text("điều kiện", "requirement"), "document": Text("giấy tờ", "document"),
    "decision": Text("nội dung quyết định", "decision"), "row": Text("dòng quyết định", "decision row"),
    "transitional": Text("quy định chuyển tiếp", "transitional clause"), "gap": Text("phần chưa thể hiện", "gap"),
    "note": Text("cách hiểu", "note")}

#: What a field is called. Cells of a table are told by their line and column.
FIELDS: Final[Mapping[str, Text]] = {
    "title": Text("lời văn", "wording"), "cite": Text("căn cứ", "legal basis"), "must": Text("nội dung", "condition"),
    "when": Text("khi nào", "when"), "then": Text("giá trị", "value"), "is": Text("nghĩa", "meaning"),
    "copies": Text("số bản", "copies"), "form": Text("mẫu", "form"),
    "type": Text("kiểu", "type"), "unit": Text("đơn vị", "unit"),
    "min": Text("nhỏ nhất", "least"), "max": Text("lớn nhất", "most"),
    "hint": Text("gợi ý", "hint"), "change_cost": Text("mức khó thay đổi", "cost to change"),
    "hit": Text("cách chọn dòng", "choice of rows"), "from": Text("tính từ", "counted from"),
    "starts": Text("mốc tính", "start"), "after": Text("tiếp sau", "runs after"), "note": Text("ghi chú", "note"),
    "overrides": Text("thay cho dòng", "overrides rows"), "between": Text("ngày chuyển", "date of the change"),
    "unless": Text("trừ khi", "unless"), "moves": Text("phần chuyển theo luật mới", "what follows the new law"),
    "summary": Text("tóm tắt", "summary"), "result": Text("kết quả", "result"),
    "law_at": Text("ngày áp dụng luật", "law date"),
    "order": Text("thứ tự", "order"), "covers": Text("những ngày có quy định", "days covered")}

#: Fields that a reader sees and that no assessment depends on.
WORDING: Final = frozenset({"title", "cite", "copies", "form", "hint", "note", "starts", "summary", "result",
                            "change_cost"})

_NEVER: Final = Text("không thể thay đổi", "cannot be changed")
_HITS: Final[Mapping[str, Text]] = {
    "unique": Text("chỉ một dòng được đúng", "only one row may be true"),
    "first": Text("dòng đúng đầu tiên", "the first row that is true"),
    "collect": Text("mọi dòng đúng", "all rows that are true")}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a provision says: ``key`` as written (two are equal where their keys are), ``text`` in words.

    ``title`` is what the field is called where that is not in `FIELDS`: the cell of a table.
    """

    key: str
    text: Text
    title: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """The field as pages and programs show it."""
        title = {} if self.title is None else {"title": {"vi": self.title.vi, "en": self.title.en}}
        return {"text": self.key, "vi": self.text.vi, "en": self.text.en, **title}


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision on a day. ``of`` is the decision a row stands in, else ""."""

    part: Part
    id: str
    title: Text
    fields: Mapping[str, Field]
    of: str = ""

    def to_json(self) -> dict[str, Any]:
        """The provision as pages and programs show it."""
        return {"id": self.id, "vi": self.title.vi, "en": self.title.en,
                "fields": {name: field.to_json() for name, field in self.fields.items()}}


class Reader:
    """Reads provisions of one procedure, citations as of ``day``."""

    def __init__(self, procedure: Procedure, day: date) -> None:
        self._procedure = procedure
        self._day = day

    def version(self, version: LawVersion) -> Iterator[Provision]:
        """The provisions of a law version, in file order."""
        procedure = self._procedure
        for name, meaning in version.derived.items():
            own = {"title": said(procedure.derived[name].title), "is": self._condition(meaning)}
            yield Provision("derived", name, procedure.derived[name].title, own)
        if version.applies is not None:
            item = version.applies
            yield Provision("applies", item.id, item.title, {
                **self._ground(item.title, item.citation), "when": self._condition(item.when)})
        yield from (self._requirement(item) for item in version.requirements)
        yield from (self._document(item) for item in version.documents)
        for decision in version.decisions.values():
            for place, row in enumerate(decision.rows):
                yield self._row(decision, row, place)

    def whole(self) -> Iterator[Provision]:
        """What holds of the procedure on every day: its facts, lists, what always holds, its decisions, its words."""
        procedure = self._procedure
        texts = {"title": procedure.title, "summary": procedure.summary, "result": procedure.result}
        yield Provision("procedure", procedure.id, procedure.title, {
            **{name: said(text) for name, text in texts.items() if text is not None},
            "law_at": plain(procedure.law_at), "covers": plain(str(procedure.covers))})
        yield from (self._fact(fact) for fact in procedure.facts.values())
        for listing in procedure.lists.values():
            for word, text in listing.values.items():
                yield Provision("list", word, text, {"title": said(text)}, of=listing.name)
        for rule in procedure.always:
            holds = self._condition(rule.holds)
            yield Provision("always", rule.id, rule.title, {"title": said(rule.title), "is": holds})
        yield from (self._decision(decision) for decision in procedure.decisions.values())
        for part, texts_of in (("gap", procedure.gaps), ("note", procedure.notes)):
            for text in texts_of:
                yield Provision("gap" if part == "gap" else "note", text.en, text, {"title": said(text)})

    def _ground(self, title: Text, citation: Citation | None) -> dict[str, Field]:
        sources = self._procedure.sources
        fields = {"title": said(title)}
        if citation is not None:
            now = citation.on(self._day, sources)
            fields["cite"] = Field(now.text, Text(now.show("vi", sources), now.show("en", sources)))
        return fields

    def _condition(self, expression: Expression) -> Field:
        vi, en = (describe(expression, lang, self._procedure.titles, self._procedure.labels) for lang in ("vi", "en"))
        return Field(expression.show(), Text(vi, en))

    def _conditions(self, **expressions: Expression | None) -> dict[str, Field]:
        return {name: self._condition(each) for name, each in expressions.items() if each is not None}

    def _requirement(self, item: Requirement) -> Provision:
        return Provision("requirement", item.id, item.title, {
            **self._ground(item.title, item.citation),
            **self._conditions(must=item.must, when=item.when)})

    def _document(self, item: Document) -> Provision:
        form = {} if item.form is None else {"form": said(item.form)}
        return Provision("document", item.id, item.title, {
            **self._ground(item.title, item.citation), "copies": said(item.copies), **form,
            **self._conditions(when=item.when)})

    def _decision(self, decision: Decision) -> Provision:
        names = {"from": decision.starts_from, "after": decision.after}
        texts = {"starts": decision.starts, "note": decision.note}
        return Provision("decision", decision.id, decision.title, {
            "title": said(decision.title), "type": _type(decision.type),
            "hit": Field(decision.hit, _HITS[decision.hit]),
            **{name: plain(value) for name, value in names.items() if value is not None},
            **{name: said(text) for name, text in texts.items() if text is not None}})

    def _row(self, decision: Decision, row: Row, place: int) -> Provision:
        value = (self._grid(decision, row.then) if isinstance(row.then, Grid)
                 else {"then": self._value(decision.type, row.then)})
        overrides = {"overrides": plain(", ".join(row.overrides))} if row.overrides else {}
        order = {"order": plain(str(place + 1))} if decision.hit == "first" else {}
        fields = self._ground(decision.title, row.citation)
        del fields["title"]
        return Provision("row", row.id, decision.title, {
            **fields, **self._conditions(when=row.when), **value, **overrides, **order}, of=decision.id)

    def _value(self, type_: Type, then: Expression) -> Field:
        return self._condition(then) if then.names else self._shown(type_, evaluate(then, {}))

    def _shown(self, type_: Type, value: Any, title: Text | None = None) -> Field:
        return Field(str(value), self._words(type_, value), title)

    def _words(self, type_: Type, value: Any) -> Text:
        return Text(*(show_value(type_, value, lang, self._procedure.labels) for lang in ("vi", "en")))

    def _grid(self, decision: Decision, grid: Grid) -> dict[str, Field]:
        """A field for each cell, named by its line and column."""
        down, across = (self._procedure.types[name] for name in (grid.down, grid.across))
        cells = {}
        for line, values in enumerate(grid.cells):
            is_last = line >= len(grid.bounds)
            sign = ">" if is_last else "≤"
            bound = self._words(down, grid.bounds[line - 1 if is_last else line]) if grid.bounds else Text("", "")
            for column, value in zip(grid.columns, values, strict=True):
                word = self._words(across, column)
                title = Text(f"ô “{sign} {bound.vi}; {word.vi}”", f'cell "{sign} {bound.en}; {word.en}"')
                cells[f"cell {sign} {bound.en}, {column}"] = self._shown(decision.type, value, title)
        return {"then": plain(f"{grid.down} × {grid.across}"), **cells}

    def _clause(self, clause: Transitional) -> Provision:
        cite = {} if clause.citation is None else {"cite": Field(clause.citation.text, Text(
            *(clause.citation.show(lang, self._procedure.sources) for lang in ("vi", "en"))))}
        return Provision("transitional", clause.id, clause.title, {
            "title": said(clause.title), **cite, "between": plain(clause.between.isoformat()),
            **self._conditions(unless=clause.unless), "moves": plain(", ".join(sorted(clause.moves)))})

    def clauses(self) -> Iterator[Provision]:
        """Every transitional clause."""
        yield from (self._clause(clause) for clause in self._procedure.transitional)

    def governing(self) -> Iterator[Provision]:
        """The transitional clause that settles old or new law on the day, if there is one."""
        clause = governing(self._procedure, self._day)
        yield from () if clause is None else (self._clause(clause),)

    def _fact(self, fact: Fact) -> Provision:
        bounds = {name: self._shown(fact.type, value) for name, value in (("min", fact.min), ("max", fact.max))
                  if value is not None}
        unit = None if fact.type.unit is None else find_unit(fact.type.unit)
        cost = said(_NEVER) if fact.change_cost is None else plain(str(fact.change_cost))
        return Provision("fact", fact.id, fact.title, {
            "title": said(fact.title), "type": _type(fact.type),
            **({} if unit is None else {"unit": Field(unit.shown.en, unit.shown)}), **bounds,
            **({} if fact.hint is None else {"hint": said(fact.hint)}), **self._conditions(when=fact.when),
            "change_cost": cost})


def governing(procedure: Procedure, day: date) -> Transitional | None:
    """The transitional clause that settles old or new law for a dossier of this day."""
    later = (clause for clause in procedure.transitional if clause.between > day)
    return min(later, key=lambda clause: clause.between, default=None)


def said(text: Text) -> Field:
    """A field that is a text in both languages."""
    return Field(f"{text.vi}\n{text.en}", text)


def _type(type_: Type) -> Field:
    return Field(str(type_), type_.title)


def plain(word: str) -> Field:
    """A field that reads the same in both languages."""
    return Field(word, Text(word, word))
