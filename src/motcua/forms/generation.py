"""Makes a form from a procedure: a question for each fact, an upload for each document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from motcua.conditions import And, Cmp, Lit, Not, Or, Ref, Value, to_json, unit_of
from motcua.conditions import Node as Condition
from motcua.forms.names import JAVAROSA, MOTCUA, XFORMS, XHTML
from motcua.law import Text
from motcua.procedures import Document, Fact, Procedure

_LANGUAGES = (("vi", "Tiếng Việt (vi)"), ("en", "English (en)"))
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")
_NONE = Text("Không có mục nào", "None of these")
_YES_NO = {"yes": Text("Có", "Yes"), "no": Text("Không", "No")}


def generate_form(procedure: Procedure) -> bytes:
    """The XForm of a procedure that has none.

    A group for the first part of each fact id in file order, facts that cannot be changed first, then one
    upload for each document. Nothing is required: what matters is known only from the answers.
    """
    return _Writer(procedure).write()


@dataclass(frozen=True, slots=True)
class _Question:
    """A fact with the node that asks it."""

    fact: Fact
    group: str
    name: str

    @property
    def path(self) -> str:
        return f"/data/{self.group}/{self.name}"


def _element(parent: etree._Element | None, name: str, namespace: str = XFORMS, **attributes: str) -> etree._Element:
    tag = f"{{{namespace}}}{name}"
    made = etree.SubElement(parent, tag) if parent is not None else etree.Element(tag, nsmap=_PREFIXES)
    for key, value in attributes.items():
        made.set(key, value)
    return made


_NAMESPACES = {
    "": XFORMS,
    "h": XHTML,
    "jr": JAVAROSA,
    "motcua": MOTCUA,
    "xsd": "http://www.w3.org/2001/XMLSchema",
}
_PREFIXES: Any = {prefix or None: uri for prefix, uri in _NAMESPACES.items()}


class _Writer:
    """Writes one form; each part adds its node, its bind, its control and its texts."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.texts: dict[str, Text] = {}
        self.questions = _questions(procedure)
        self.root = _element(None, "html", XHTML)
        head = _element(self.root, "head", XHTML)
        _element(head, "title", XHTML).text = procedure.title.vi
        self.model = _element(head, "model")
        self.itext = _element(self.model, "itext")
        self.instance = _element(self.model, "instance")
        self.data = etree.SubElement(self.instance, f"{{{XFORMS}}}data")
        self.data.set("id", procedure.id)
        self.data.set("version", procedure.digest.rpartition(":")[2][:12] or "1")
        self.data.set(f"{{{MOTCUA}}}procedure", procedure.id)
        self.body = _element(self.root, "body", XHTML)

    def write(self) -> bytes:
        binds: list[tuple[str, dict[str, str]]] = []
        for group in dict.fromkeys(question.group for question in self.questions):
            self._group(group, [question for question in self.questions if question.group == group], binds)
        self._documents(binds)
        meta = _element(self.data, "meta")
        _element(meta, "instanceID")
        binds.append(("/data/meta/instanceID", {"type": "string", "readonly": "true()", "jr:preload": "uid"}))
        self._lists()
        for path, attributes in binds:
            self._bind(path, attributes)
        self._write_texts()
        etree.indent(self.root)
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)

    def _bind(self, path: str, attributes: dict[str, str]) -> None:
        element = _element(self.model, "bind", nodeset=path)
        for name, value in attributes.items():
            prefix, _, plain = name.rpartition(":")
            element.set(f"{{{_NAMESPACES[prefix]}}}{plain}" if prefix else plain, value)

    def _text(self, name: str, text: Text) -> str:
        self.texts[name] = text
        return f"jr:itext('{name}')"

    def _labelled(
        self, parent: etree._Element, kind: str, path: str, label: Text, hint: Text | None
    ) -> etree._Element:
        control = _element(parent, kind, ref=path)
        _element(control, "label", ref=self._text(f"{path}:label", label))
        if hint is not None:
            _element(control, "hint", ref=self._text(f"{path}:hint", hint))
        return control

    def _group(self, name: str, questions: list[_Question], binds: list[tuple[str, dict[str, str]]]) -> None:
        parent = _element(self.data, name)
        group = self._labelled(self.body, "group", f"/data/{name}", _group_title(questions), None)
        for question in questions:
            _element(parent, question.name)
            binds.append((question.path, self._fact_bind(question)))
            self._fact_control(group, question)

    def _fact_bind(self, question: _Question) -> dict[str, str]:
        fact = question.fact
        attributes = {"type": _bind_type(fact), "motcua:fact": fact.id}
        if fact.type.is_number and fact.type.unit:
            attributes["motcua:unit"] = fact.type.unit
        limits = [(">=", fact.min), ("<=", fact.max)]
        tests = [f". {sign} {_limit(fact, value)}" for sign, value in limits if value is not None]
        if tests:
            attributes["constraint"] = " and ".join(tests)
            attributes["jr:constraintMsg"] = self._text(f"{question.path}:wrong", _limits_message(fact))
        if fact.type.kind == "list of":
            attributes["constraint"] = "not(selected(., 'none_of_these')) or count-selected(.) = 1"
            attributes["jr:constraintMsg"] = self._text(f"{question.path}:wrong", _ALONE)
        return attributes

    def _fact_control(self, group: etree._Element, question: _Question) -> None:
        fact = question.fact
        kinds = {"yes/no": "select1", "one of": "select1", "list of": "select"}
        control = self._labelled(group, kinds.get(fact.type.kind, "input"), question.path, fact.title, _hint(fact))
        if fact.type.kind in kinds:
            name = "yes_no" if fact.type.kind == "yes/no" else _list_id(fact)
            itemset = _element(control, "itemset", nodeset=f"instance('{name}')/root/item")
            _element(itemset, "value", ref="name")
            _element(itemset, "label", ref="jr:itext(itextId)")

    def _documents(self, binds: list[tuple[str, dict[str, str]]]) -> None:
        documents: dict[str, list[Document]] = {}
        for document in self.procedure.documents:
            documents.setdefault(document.id, []).append(document)
        if not documents:
            return
        parent = _element(self.data, "documents")
        title = Text("Thành phần hồ sơ", "Documents")
        group = self._labelled(self.body, "group", "/data/documents", title, None)
        for name, wordings in zip(_unique(documents), documents.values(), strict=True):
            path, latest = f"/data/documents/{name}", wordings[-1]
            _element(parent, name)
            attributes = {"type": "binary", "motcua:document": latest.id}
            relevant = self._relevant(wordings)
            if relevant is not None:
                attributes["relevant"] = relevant
            binds.append((path, attributes))
            upload = self._labelled(group, "upload", path, latest.title, self._document_hint(latest))
            upload.set("mediatype", "application/*")

    def _document_hint(self, document: Document) -> Text:
        sources = self.procedure.sources
        cited = document.citation
        parts = {
            lang: [document.copies.get(lang), cited.show(lang, sources) if cited is not None else ""]
            for lang in ("vi", "en")
        }
        return Text(*("; ".join(part for part in parts[lang] if part) for lang in ("vi", "en")))

    def _relevant(self, wordings: list[Document]) -> str | None:
        """When the document is asked: only where each of its wordings' conditions can be said in XPath."""
        paths = {question.fact.id: question for question in self.questions}
        conditions: list[str] = []
        for document in wordings:
            said = None if document.when is None else _xpath(document.when.tree, paths)
            if said is None:
                return None
            conditions.append(said)
        return " or ".join(f"({condition})" for condition in dict.fromkeys(conditions))

    def _lists(self) -> None:
        facts = [question.fact for question in self.questions]
        if any(fact.type.kind == "yes/no" for fact in facts):
            self._list("yes_no", _YES_NO, none=False)
        for fact in {_list_id(fact): fact for fact in facts if fact.type.list}.values():
            labels = self.procedure.labels[fact.type.list or ""]
            self._list(
                _list_id(fact), {value: labels[value] for value in fact.type.values}, none=fact.type.kind == "list of"
            )

    def _list(self, name: str, values: dict[str, Text], *, none: bool) -> None:
        instance = _element(self.model, "instance", id=name)
        holder = etree.SubElement(instance, f"{{{XFORMS}}}root")
        for value, code in zip(values, _unique(values), strict=True):
            self._item(holder, f"{name}-{code}", code, values[value], value if code != value else None)
        if none:
            self._item(holder, f"{name}-none_of_these", "none_of_these", _NONE, "")

    def _item(self, holder: etree._Element, text_id: str, code: str, label: Text, fact_value: str | None) -> None:
        item = _element(holder, "item")
        self._text(text_id, label)
        _element(item, "itextId").text = text_id
        _element(item, "name").text = code
        if fact_value is not None:
            _element(item, "fact_value").text = fact_value or None

    def _write_texts(self) -> None:
        for lang, name in _LANGUAGES:
            translation = _element(self.itext, "translation", lang=name)
            if lang == "vi":
                translation.set("default", "true()")
            for text_id, text in self.texts.items():
                entry = _element(translation, "text", id=text_id)
                _element(entry, "value").text = text.get(lang)


_ALONE = Text('Đã chọn "Không có mục nào" thì không chọn mục khác.', '"None of these" goes with no other choice.')


def _questions(procedure: Procedure) -> list[_Question]:
    """Facts that cannot be changed first; groups and names in file order, made into XML names."""
    facts = sorted(procedure.facts.values(), key=lambda fact: fact.change_cost is not None)
    found: list[_Question] = []
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(_xml_name(fact.id.split(".")[0]), []).append(fact)
    for group, members in groups.items():
        rests = ["_".join(fact.id.split(".")[1:]) or "answer" for fact in members]
        found += [
            _Question(fact, _not_reserved(group), name) for fact, name in zip(members, _unique(rests), strict=True)
        ]
    return found


def _not_reserved(group: str) -> str:
    return f"{group}_facts" if group in ("meta", "documents") else group


def _xml_name(text: str) -> str:
    name = _NOT_IN_NAMES.sub("_", text)
    return name if name and not name[0].isdigit() else f"_{name}"


def _unique(names: Iterable[str]) -> list[str]:
    """XML names, numbered where two would be the same."""
    found: list[str] = []
    for text in names:
        name = base = _xml_name(text)
        number = 2
        while name in found:
            name, number = f"{base}_{number}", number + 1
        found.append(name)
    return found


def _group_title(questions: list[_Question]) -> Text:
    """A group has no title of its own in the rules: its first question speaks for it."""
    return (
        questions[0].fact.title
        if len(questions) == 1
        else Text(
            f"{questions[0].fact.title.vi} và {len(questions) - 1} câu hỏi khác",
            f"{questions[0].fact.title.en} and {len(questions) - 1} more",
        )
    )


def _bind_type(fact: Fact) -> str:
    if fact.type.is_number:
        return "int" if fact.type.kind == "integer" else "decimal"
    return "date" if fact.type.kind == "date" else "string"


def _list_id(fact: Fact) -> str:
    """Lists of which any number may be chosen have one entry more: "none of these"."""
    return _xml_name(f"{fact.type.list}{'_any' if fact.type.kind == 'list of' else ''}")


def _limit(fact: Fact, value: Value) -> str:
    if isinstance(value, date):
        return f"'{value.isoformat()}'"
    shown = to_json(fact.type, value)
    return f"({shown})" if str(shown).startswith("-") else str(shown)


def _limits_message(fact: Fact) -> Text:
    low, high = (None if value is None else str(to_json(fact.type, value)) for value in (fact.min, fact.max))
    unit = _unit(fact)
    vi, en = (f" {unit.vi}", f" {unit.en}") if unit else ("", "")
    if low is None:
        return Text(f"Nhiều nhất là {high}{vi}.", f"At most {high}{en}.")
    if high is None:
        return Text(f"Ít nhất là {low}{vi}.", f"At least {low}{en}.")
    return Text(f"Từ {low} đến {high}{vi}.", f"From {low} to {high}{en}.")


def _unit(fact: Fact) -> Text | None:
    """The unit of the fact as people write it: triệu đồng, m²."""
    found = unit_of(fact.type) if fact.type.is_number and fact.type.unit else None
    return None if found is None else found.shown


def _hint(fact: Fact) -> Text | None:
    shown = _unit(fact)
    if shown is None:
        return fact.hint
    unit = Text(f"Đơn vị: {shown.vi}", f"Unit: {shown.en}")
    return unit if fact.hint is None else Text(f"{fact.hint.vi} ({unit.vi})", f"{fact.hint.en} ({unit.en})")


def _xpath(node: Condition, questions: dict[str, _Question]) -> str | None:
    """A condition over asked facts in XPath, or None where it cannot be said. Unknown counts as false."""
    match node:
        case Ref(name, kind) if kind.kind == "yes/no" and name in questions:
            return f"{questions[name].path} = 'yes'"
        case Not(Ref(name, kind)) if kind.kind == "yes/no" and name in questions:
            return f"{questions[name].path} = 'no'"
        case And(operands) | Or(operands):
            parts = [_xpath(part, questions) for part in operands]
            word = " and " if isinstance(node, And) else " or "
            return None if None in parts else word.join(f"({part})" for part in parts)
        case Cmp(operator, Ref(name, kind), Lit(value, _)) if name in questions and kind.list is not None:
            return _choice_test(questions[name], operator, value)
        case Cmp(operator, Ref(name, kind), Lit(value, _)) if name in questions and kind.is_number:
            path = questions[name].path
            return f"({path} != '' and {path} {operator} {_limit(questions[name].fact, value)})"
        case _:
            return None


def _choice_test(question: _Question, operator: str, value: Value) -> str | None:
    if question.fact.type.kind != "one of" or not isinstance(value, str) or _xml_name(value) != value:
        return None
    if operator == "=":
        return f"{question.path} = '{value}'"
    return f"({question.path} != '' and {question.path} != '{value}')" if operator == "!=" else None
