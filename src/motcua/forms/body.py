"""Reads the body: controls as frozen values, each with its node, texts and choices."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from motcua.errors import closest
from motcua.forms.binds import absolute_path, control_path
from motcua.forms.faults import Faults
from motcua.forms.itext import TextReader
from motcua.forms.model import (
    Choice,
    Control,
    Definition,
    FormText,
    Group,
    Input,
    Itemset,
    Range,
    Rank,
    Repeat,
    Select,
    Select1,
    Trigger,
    Upload,
)
from motcua.forms.names import JAVAROSA, line_of, local, named
from motcua.forms.xpath.compiler import Compiler
from motcua.forms.xpath.tree import Call, Path, walk

_SILENT = frozenset({"label", "hint", "help", "alert", "item", "itemset", "setvalue", "setgeopoint", "recordaudio"})


def repeats_of(body: etree._Element, root_path: str, ids: dict[str, str]) -> dict[str, tuple[bool, etree._Element]]:
    """Paths of all repeats in the body: whether rows are fixed, and the element."""
    found: dict[str, tuple[bool, etree._Element]] = {}

    def look(element: etree._Element, base: str) -> None:
        for child in element:
            inner = base
            if local(child) in ("group", "repeat"):
                inner = control_path(child, base, ids) or base
            if local(child) == "repeat":
                fixed = (child.get(f"{{{JAVAROSA}}}noAddRemove") or "").strip() in ("true()", "true", "1")
                found[inner] = (fixed or child.get(f"{{{JAVAROSA}}}count") is not None, child)
            look(child, inner)

    look(body, root_path)
    return found


class BodyReader:
    """Turns the elements of the body into controls."""

    def __init__(
        self,
        definitions: dict[str, Definition],
        compiler: Compiler,
        texts: TextReader,
        faults: Faults,
        ids: dict[str, str],
    ) -> None:
        self.definitions, self.compiler, self.texts, self.faults = definitions, compiler, texts, faults
        self.ids = ids
        self._makers: dict[str, Callable[[etree._Element, Definition], Control]] = {
            "input": self._input,
            "secret": self._input,
            "textarea": self._input,
            "select": self._select,
            "select1": self._select,
            "rank": self._select,
            "upload": self._upload,
            "trigger": self._trigger,
            "range": self._range,
        }

    def read(self, parent: etree._Element, base: str) -> tuple[Control, ...]:
        """The controls directly below ``parent``; ``base`` is the node relative references start from."""
        found: list[Control] = []
        for element in parent:
            name = local(element)
            if name in self._makers:
                control = self._leaf(element, base)
                found += [control] if control is not None else []
            elif name == "group":
                found.append(self._group(element, base))
            elif name == "repeat":
                found += self._repeat(element, base)
            elif name not in _SILENT:
                self.faults.warn("FORM_044", line_of(element), name=name)
        return tuple(found)

    def _leaf(self, element: etree._Element, base: str) -> Control | None:
        path = control_path(element, base, self.ids)
        definition = self.definitions.get(path or "")
        if definition is None:
            near = closest(path or "", self.definitions) or "–"
            self.faults.add("FORM_041", line_of(element), name=local(element), path=path or "–", closest=near)
            return None
        control = self._makers[local(element)](element, definition)
        self._claim(definition, control, element)
        return control

    def _claim(self, definition: Definition, control: Control, element: etree._Element) -> None:
        """One node, one question; notes and triggers may be shown twice."""
        earlier = definition.control
        if earlier is None:
            definition.control = control
            return
        note = definition.bind is not None and definition.bind.readonly is not None
        if not note and not isinstance(control, Trigger) and not isinstance(earlier, Trigger):
            self.faults.add("FORM_042", line_of(element), path=definition.path, first=earlier.line or 0)

    def _texts(self, element: etree._Element, owner: Definition | None) -> tuple[FormText | None, FormText | None]:
        label, hint = (next(iter(named(element, name)), None) for name in ("label", "hint"))
        return self.texts.label(label, owner), self.texts.label(hint, owner)

    def _group(self, element: etree._Element, base: str) -> Group:
        path = control_path(element, base, self.ids)
        owner = self.definitions.get(path or base)
        if path is not None and path not in self.definitions:
            near = closest(path, self.definitions) or "–"
            self.faults.warn("FORM_043", line_of(element), path=path, closest=near)
            path = None
        label, hint = self._texts(element, owner)
        return Group(path, label, hint, appearance(element), line_of(element), self.read(element, path or base))

    def _repeat(self, element: etree._Element, base: str) -> list[Control]:
        path = control_path(element, base, self.ids)
        owner = self.definitions.get(path or "")
        if path is None or owner is None or owner.repeat is None:
            near = closest(path or "", self.definitions) or "–"
            self.faults.add("FORM_041", line_of(element), name="repeat", path=path or "–", closest=near)
            return []
        label, hint = self._texts(element, owner)
        control = Repeat(
            path, label, hint, appearance(element), line_of(element), self.read(element, path), owner.repeat.fixed
        )
        owner.control = owner.control or control
        return [control]

    def _input(self, element: etree._Element, owner: Definition) -> Control:
        rows = element.get("rows") or ""
        label, hint = self._texts(element, owner)
        shown = (*appearance(element), "multiline") if local(element) == "textarea" else appearance(element)
        return Input(owner.path, label, hint, shown, line_of(element), int(rows) if rows.isdecimal() else None)

    def _upload(self, element: etree._Element, owner: Definition) -> Control:
        label, hint = self._texts(element, owner)
        return Upload(
            owner.path,
            label,
            hint,
            appearance(element),
            line_of(element),
            element.get("mediatype") or "*/*",
            element.get("accept") or "",
        )

    def _trigger(self, element: etree._Element, owner: Definition) -> Control:
        return Trigger(owner.path, *self._texts(element, owner), appearance(element), line_of(element))

    def _range(self, element: etree._Element, owner: Definition) -> Control:
        label, hint = self._texts(element, owner)
        limits = [element.get(name) or "" for name in ("start", "end", "step")]
        return Range(owner.path, label, hint, appearance(element), line_of(element), *limits)

    def _select(self, element: etree._Element, owner: Definition) -> Control:
        kind = {"select": Select, "select1": Select1, "rank": Rank}[local(element)]
        label, hint = self._texts(element, owner)
        items = tuple(self._item(item, owner) for item in named(element, "item"))
        if kind is not Select1:
            for item in items:
                if len(item.value.split()) > 1:
                    self.faults.add("FORM_045", line_of(element), path=owner.path, value=item.value)
        itemsets = named(element, "itemset")
        itemset = self._itemset(itemsets[0], owner) if itemsets else None
        if not items and itemset is None:
            self.faults.warn("FORM_046", line_of(element), path=owner.path)
        return kind(owner.path, label, hint, appearance(element), line_of(element), items, itemset)

    def _item(self, element: etree._Element, owner: Definition) -> Choice:
        label, value = (next(iter(named(element, name)), None) for name in ("label", "value"))
        text = "" if value is None else (value.text or "").strip()
        return Choice(text, self.texts.label(label, owner))

    def _itemset(self, element: etree._Element, owner: Definition) -> Itemset | None:
        text, line = element.get("nodeset") or "", line_of(element)
        report = self.faults.reporter(text, line, f"itemset {owner.path}")
        nodeset = self.compiler.compile(text, owner, report, line=line)
        value, label = (next(iter(named(element, name)), None) for name in ("value", "label"))
        if nodeset is None or value is None:
            return None
        label_ref = "" if label is None else (label.get("ref") or "").strip()
        as_itext = label_ref.startswith("jr:itext(") and label_ref.endswith(")")
        inner = label_ref[len("jr:itext(") : -1] if as_itext else label_ref
        below = None if _from_list(nodeset.tree) else tuple(nodeset.refs)
        compiled = [
            self.compiler.compile(
                ref,
                owner,
                self.faults.reporter(ref, line, f"itemset {owner.path}"),
                item=below is None,
                context=below,
                line=line,
            )
            if ref
            else None
            for ref in ((value.get("ref") or value.get("value") or "").strip(), inner)
        ]
        if compiled[0] is None:
            return None
        return Itemset(nodeset, compiled[0], compiled[1], as_itext, self._is_missing(nodeset.tree))

    def _is_missing(self, tree: object) -> bool:
        lists = [self.compiler.lists.find(name) for name in _list_names(tree)]
        return any(found is not None and found.missing for found in lists)


def _from_list(tree: object) -> bool:
    return bool(_list_names(tree))


def _list_names(tree: object) -> list[str]:
    found: list[str] = []
    for part in walk(tree):  # type: ignore[arg-type]
        base = part.base if isinstance(part, Path) else part
        if isinstance(base, Call) and base.name == "instance" and base.arguments:
            found.append(getattr(base.arguments[0], "value", ""))
    return found


def appearance(element: etree._Element) -> tuple[str, ...]:
    """The words of ``appearance``."""
    return tuple((element.get("appearance") or "").split())


__all__ = ["BodyReader", "absolute_path", "appearance", "repeats_of"]
