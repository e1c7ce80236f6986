"""Reads the ``bind`` elements: one for each node, expressions compiled in the node's context."""

from __future__ import annotations

from lxml import etree

from motcua.errors import closest
from motcua.forms.datatypes import ALIASES, TYPES
from motcua.forms.faults import Faults
from motcua.forms.itext import TextReader
from motcua.forms.model import Bind, Definition
from motcua.forms.names import JAVAROSA, MOTCUA, attribute, line_of, named, plain
from motcua.forms.xpath.compiler import Compiled, Compiler

MAX_BINDS = 5_000


def absolute_path(text: str, base: str = "") -> str:
    """A nodeset as path of local names; relative ones start at ``base``; ``.`` and ``..`` are resolved."""
    stripped = text.strip()
    parts = [] if stripped.startswith("/") else base.split("/")[1:]
    for step in stripped.split("/"):
        name = plain(step.strip().partition("[")[0])
        if name == "..":
            parts = parts[:-1]
        elif name not in ("", ".", "current()"):
            parts.append(name)
    return "/" + "/".join(parts)


class BindReader:
    """Attaches the binds of a model to their definitions."""

    def __init__(
        self, definitions: dict[str, Definition], compiler: Compiler, texts: TextReader, faults: Faults
    ) -> None:
        self.definitions, self.compiler, self.texts, self.faults = definitions, compiler, texts, faults
        self.ids: dict[str, str] = {}

    def read(self, model: etree._Element, root: Definition) -> dict[str, Bind]:
        """All binds by path; one that names no node is ignored with a warning."""
        merged: dict[str, tuple[etree._Element, dict[str, str]]] = {}
        elements = [(element, root.path) for element in named(model, "bind")]
        if len(elements) > MAX_BINDS:
            self.faults.add("FORM_018", line_of(model), limit=MAX_BINDS)
            return {}
        while elements:
            element, base = elements.pop(0)
            path = absolute_path(element.get("nodeset") or element.get("ref") or "", base)
            elements[:0] = [(inner, path) for inner in named(element, "bind")]
            if element.get("id"):
                self.ids[element.get("id") or ""] = path
            self._merge(merged, path, element)
        return {path: self._attach(path, element, found) for path, (element, found) in merged.items()}

    def _merge(
        self, merged: dict[str, tuple[etree._Element, dict[str, str]]], path: str, element: etree._Element
    ) -> None:
        if path not in self.definitions:
            near = closest(path, self.definitions) or "–"
            self.faults.warn("FORM_012", line_of(element), path=path, closest=near)
            return
        if path in merged:
            self.faults.warn("FORM_013", line_of(element), path=path)
        first, found = merged.get(path, (element, {}))
        found.update({str(name): str(value) for name, value in element.attrib.items()})
        merged[path] = (first, found)

    def _attach(self, path: str, element: etree._Element, found: dict[str, str]) -> Bind:
        definition, line = self.definitions[path], line_of(element)

        kind = self._type(found.get("type"), path, line)

        def expression(name: str) -> Compiled | None:
            text = found.get(name)
            if text is None or not text.strip():
                return None
            report = self.faults.reporter(text, line, f"{name} {path}")
            compiled = self.compiler.compile(text, definition, report, line=line, truth=name != "calculate")
            if name == "calculate" and compiled is not None and compiled.gives == "boolean" and kind != "boolean":
                self.faults.warn("FORM_120", line, path)
            return compiled

        def said(name: str) -> str | None:
            return found.get(f"{{{JAVAROSA}}}{name}", found.get(f"jr:{name}"))

        bind = Bind(
            path,
            kind,
            relevant=expression("relevant"),
            required=expression("required"),
            readonly=expression("readonly"),
            constraint=expression("constraint"),
            calculate=expression("calculate"),
            constraint_message=self.texts.message(said("constraintMsg"), definition, line),
            required_message=self.texts.message(said("requiredMsg"), definition, line),
            preload=said("preload"),
            preload_params=said("preloadParams"),
            attributes=_motcua(found),
            line=line,
        )
        definition.bind = bind
        return bind

    def _type(self, text: str | None, path: str, line: int | None) -> str:
        name = plain((text or "string").strip())
        name = ALIASES.get(name, name)
        if name not in TYPES:
            self.faults.warn("FORM_014", line, path=path, type=name)
            return "string"
        return name


def _motcua(found: dict[str, str]) -> dict[str, str]:
    prefix = f"{{{MOTCUA}}}"
    return {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}


def control_path(element: etree._Element, base: str, ids: dict[str, str]) -> str | None:
    """The node a control names by ``ref``, ``nodeset`` or ``bind``, or None."""
    bound = element.get("bind")
    if bound is not None:
        return ids.get(bound, absolute_path(bound, base) if "/" in bound else None)
    named_node = attribute(element, "ref") or element.get("nodeset")
    return absolute_path(named_node, base) if named_node else None
