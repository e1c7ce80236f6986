"""Loads an XForm: every expression compiled, every reference resolved, all faults told at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lxml import etree

from motcua.errors import FormError, InputError, Place, Problem, closest
from motcua.forms import instances
from motcua.forms.binds import BindReader, absolute_path, control_path
from motcua.forms.body import BodyReader, repeats_of
from motcua.forms.faults import Faults
from motcua.forms.graph import Graph, Unit
from motcua.forms.itext import TextReader, read_itext
from motcua.forms.model import Action, Bind, Control, Definition, Form
from motcua.forms.names import JAVAROSA, MOTCUA, OPENROSA, XFORMS, attribute, line_of, local, named
from motcua.forms.nodes import Node
from motcua.forms.secondary import FormLists
from motcua.forms.xml import FORM_LIMITS, parse_xml
from motcua.forms.xpath.compiler import Compiler

_EVENTS = {"xforms-ready": "odk-instance-first-load", "jr-insert": "odk-new-repeat"}
_KNOWN_EVENTS = frozenset({"odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed"})
_LATER_ACTIONS = frozenset({"setgeopoint", "recordaudio"})
MAX_NESTED_REPEATS = 2


def load_form(source: Path | str | bytes, *, strict: bool = False) -> Form:
    """The form in a file (or its bytes), ready to evaluate and check.

    Files it names (``jr://file/…``) are looked for beside it. ``strict`` makes warnings errors.

    Raises:
        FormError: with every problem found, each with its line and place.
    """
    path = None if isinstance(source, bytes) else Path(source)
    name = None if path is None else str(path)
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError:
        raise FormError(Problem("FORM_001", {"file": str(path)}, Place(file=name))) from None
    try:
        root = parse_xml(data, FORM_LIMITS, name=name)
    except InputError as error:
        raise FormError(error.problems) from None
    faults = Faults(name)
    form = _Loader(root, data, path, faults).load()
    problems = faults.errors + (faults.warnings if strict else ())
    if problems or form is None:
        raise FormError(problems)
    return form


class _Loader:
    """One loading; the steps are in `load`, in the order in which each needs the one before."""

    def __init__(self, root: etree._Element, data: bytes, path: Path | None, faults: Faults) -> None:
        self.root, self.data, self.path, self.faults = root, data, path, faults

    def load(self) -> Form | None:
        model = next((found for found in self.root.iter() if local(found) == "model"), None)
        primary = self._primary(model)
        if model is None or primary is None:
            return None
        body = next((child for child in self.root if local(child) == "body"), None)
        self.top, self.definitions = instances.define(primary)
        lists = FormLists(self.path.parent if self.path else None, self.path.stem if self.path else "", self.faults)
        for extra in named(model, "instance")[1:]:
            lists.add(extra)
        self.compiler = Compiler(self.top, lists)
        self.texts = TextReader(read_itext(model, self.faults), self.compiler, self.faults)
        binds = BindReader(self.definitions, self.compiler, self.texts, self.faults)
        for element in named(model, "bind"):
            if element.get("id"):
                binds.ids[element.get("id") or ""] = absolute_path(element.get("nodeset") or "", self.top.path)
        self._plan_repeats(primary, body, binds.ids)
        found = binds.read(model, self.top)
        template = instances.build_template(primary, self.top)
        controls = self._controls(body, binds.ids)
        order = self._order()
        actions = self._actions(model, body, binds.ids)
        return self._form(primary, found, controls, template, lists, actions, order, body)

    def _primary(self, model: etree._Element | None) -> etree._Element | None:
        if model is None:
            self.faults.add("FORM_002", line_of(self.root))
            return None
        first = next(iter(named(model, "instance")), None)
        if first is None or len(first) == 0:
            self.faults.add("FORM_003", line_of(model))
            return None
        if len(first) > 1:
            self.faults.warn("FORM_004", line_of(first))
        return first[0]

    def _plan_repeats(self, primary: etree._Element, body: etree._Element | None, ids: dict[str, str]) -> None:
        found = {} if body is None else repeats_of(body, self.top.path, ids)
        planned = {path: fixed for path, (fixed, _) in found.items()}
        for path, line in instances.plain_rows(primary, self.top).items():
            if path not in planned:
                self.faults.warn("FORM_015", line, path=path)
                planned[path] = True
        instances.plan_repeats(primary, self.top, planned)
        for path, (_, element) in found.items():
            definition = self.definitions.get(path)
            if definition is None or definition.repeat is None:
                continue
            if len(definition.repeats()) > MAX_NESTED_REPEATS + 1:
                self.faults.add("FORM_047", line_of(element), path=path, limit=MAX_NESTED_REPEATS + 1)
            count = element.get(f"{{{JAVAROSA}}}count")
            if count:
                report = self.faults.reporter(count, line_of(element), f"jr:count {path}")
                # the count belongs to no row: a path through the repeat means all its rows
                place = Definition(definition.name, path, definition.parent, definition.tag)
                definition.repeat.count = self.compiler.compile(count, place, report, line=line_of(element))

    def _controls(self, body: etree._Element | None, ids: dict[str, str]) -> tuple[Control, ...]:
        if body is None:
            self.faults.warn("FORM_005", line_of(self.root))
            return ()
        return BodyReader(self.definitions, self.compiler, self.texts, self.faults, ids).read(body, self.top.path)

    def _order(self) -> tuple[Unit, ...]:
        order, cycles = Graph(self.definitions.values()).order()
        for cycle in cycles:
            names = ", ".join(definition.path for definition in cycle[:6])
            line = cycle[0].bind.line if cycle[0].bind else cycle[0].line
            self.faults.add("FORM_051", line, cycle[0].path, paths=names)
        return order

    def _actions(self, model: etree._Element, body: etree._Element | None, ids: dict[str, str]) -> tuple[Action, ...]:
        found = [action for element in named(model, "setvalue") if (action := self._action(element, None, None, ids))]
        for parent in (model, body) if body is not None else (model,):
            for element in parent.iter(etree.Element):
                if local(element) in _LATER_ACTIONS:
                    self.faults.warn("FORM_062", line_of(element), name=local(element))
        return tuple(found + ([] if body is None else self._body_actions(body, ids)))

    def _body_actions(self, body: etree._Element, ids: dict[str, str]) -> list[Action]:
        found: list[Action] = []

        def look(parent: etree._Element, within: str | None, source: str | None, base: str) -> None:
            for element in parent:
                if local(element) == "setvalue":
                    action = self._action(element, within, source, ids)
                    found.extend([action] if action else [])
                    continue
                inner = control_path(element, base, ids)
                is_row, is_group = local(element) == "repeat", local(element) in ("group", "repeat")
                look(element, inner if is_row else within, None if is_group else inner, inner or base)

        look(body, None, None, self.top.path)
        return found

    def _action(
        self, element: etree._Element, within: str | None, source: str | None, ids: dict[str, str]
    ) -> Action | None:
        events = tuple(_EVENTS.get(event, event) for event in (element.get("event") or "").split())
        path = control_path(element, source or within or self.top.path, ids)
        definition = self.definitions.get(path or "")
        if definition is None:
            near = closest(path or "", self.definitions) or "–"
            self.faults.warn("FORM_061", line_of(element), path=path or "–", closest=near)
            return None
        for event in events:
            if event not in _KNOWN_EVENTS:
                self.faults.warn("FORM_063", line_of(element), event=event)
        text = element.get("value")
        report = self.faults.reporter(text or "", line_of(element), f"setvalue {definition.path}")
        value = self.compiler.compile(text, definition, report, line=line_of(element)) if text else None
        return Action(events, definition.path, value, element.text or "", within, source)

    def _form(
        self,
        primary: etree._Element,
        binds: dict[str, Bind],
        body: tuple[Control, ...],
        template: Node,
        lists: FormLists,
        actions: tuple[Action, ...],
        order: tuple[Unit, ...],
        element: etree._Element | None,
    ) -> Form:
        identity = attribute(primary, "id") or self._namespace(primary)
        if not identity:
            self.faults.warn("FORM_006", line_of(primary))
        title = next((found.text or "" for found in self.root.iter() if local(found) == "title"), "")
        itext = self.texts.all_texts()
        return Form(
            id=identity[:249],
            version=(attribute(primary, "version", OPENROSA) or "")[:249],
            title=title.strip(),
            languages=tuple(self.texts.raw.languages),
            default_language=self.texts.raw.default,
            procedure_id=primary.get(f"{{{MOTCUA}}}procedure"),
            root=self.top,
            definitions=self.definitions,
            binds=binds,
            body=body,
            template=template,
            itext=itext,
            instances=lists.instances,
            actions=actions,
            order=order,
            root_tag=str(primary.tag),
            root_attributes={str(k): str(v) for k, v in primary.attrib.items()},
            namespaces={prefix or "": uri for prefix, uri in primary.nsmap.items()},
            warnings=self.faults.warnings,
            source=self.data,
            digest="sha256:" + hashlib.sha256(self.data).hexdigest(),
            body_class="" if element is None else (element.get("class") or ""),
            name=str(self.path) if self.path else None,
        )

    def _namespace(self, primary: etree._Element) -> str:
        """Old forms are named by the namespace of their root."""
        namespace = str(primary.tag).rpartition("}")[0].lstrip("{")
        return "" if namespace == XFORMS else namespace
