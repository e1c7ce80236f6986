"""Shows in a fraction of the time that a submission has no fault; whatever it cannot show is checked slowly.

Structure, cardinality, types, fixed choices and plain `required` become a schema generated from the form;
relevance, row counts and constraints become one native XPath that is true when something does not fit. The
submission is taken as it arrived: if every node present is relevant, every absent one is not, and every
calculation gives what was sent, then our own evaluation would change nothing. Only then is the answer "no
fault"; any doubt leads to `check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from motcua.forms.clock import Clock
from motcua.forms.datatypes import MAX_TEXT
from motcua.forms.model import Bind, Definition, Form, Range, Rank, Select, Select1, Trigger, Upload
from motcua.forms.names import local
from motcua.forms.native import Native, NotNativeError, quoted
from motcua.forms.native_functions import EXTENSIONS, FUNCTION_TABLE
from motcua.forms.nodes import string_value
from motcua.forms.readonly import always_readonly, defaults_of, given_by_form
from motcua.forms.schema import form_schema
from motcua.forms.xpath import dates
from motcua.forms.xpath.compiler import Compiled
from motcua.forms.xpath.tree import Call, Compare, Expr, Literal, Logic, Path, Step
from motcua.forms.xpath.values import folded

_COMBINING = re.compile(rb"\xcc[\x80-\xbf]|\xcd[\x80-\xaf]")
#: The first bytes of the above; they stand nowhere else in UTF-8, and are looked for much sooner.
_LEADS = (b"\xcc", b"\xcd")
_KEPT = frozenset({"random", "uuid", "once", "now", "today"})


@dataclass(frozen=True, slots=True)
class _Words:
    """Questions of which several choices may be taken: the nodes, and what is offered."""

    nodes: Callable[..., Any]
    offered: frozenset[str]
    all_of_them: bool


class FastCheck:
    """The compiled checks of one form for submissions in one namespace."""

    def __init__(self, form: Form, namespace: str) -> None:
        self.form = form
        self.namespaces = {"m": EXTENSIONS, **({"f": namespace} if namespace else {})}
        self.native = Native(form, "f:" if namespace else "")
        self.meta = form.root.children.get("meta")
        self.schema = form_schema(form, namespace, lambda definition: _enumerated(form, definition), _needed)
        faults = [test for definition in form.definitions.values() for test in self._tests(definition)]
        self.faulty = self._compile(" or ".join(f"boolean({test})" for test in faults) or "false()")
        self.words = tuple(self._words())
        uploads = uploads_of(form)
        named = " | ".join(f"{self.native.absolute(upload)}[. != '']" for upload in uploads)
        self.files = self._compile(named) if named else None
        #: What the uploads of the form accept.
        self.accepts = frozenset(accepted_by(upload) for upload in uploads)

    def shows_no_fault(self, element: etree._Element, clock: Clock) -> bool:
        """Whether the submission has certainly nothing wrong and nothing to note."""
        usual, meta = self._usual_meta(element)
        if not usual or not self._fits_schema(element, meta):
            return False
        instant = clock.local()
        today = instant.date().isoformat()
        given: dict[str, Any] = {
            "today": today,
            "now": dates.date_time_text(instant),
            "today_key": float(today.replace("-", "")),
        }
        try:
            return not self.faulty(element, **given) and all(_fits(words, element) for words in self.words)
        except etree.XPathError:
            return False

    def file_names(self, element: etree._Element) -> list[str]:
        """The files the submission names."""
        named: Any = self.files(element) if self.files is not None else ()
        return [node.text for node in named]

    def _fits_schema(self, element: etree._Element, meta: etree._Element | None) -> bool:
        """Whether the schema takes the submission; it knows nothing of ``meta``, which is put aside meanwhile."""
        if meta is None:
            return bool(self.schema(element))
        element.remove(meta)
        try:
            return bool(self.schema(element))
        finally:
            element.append(meta)

    def _usual_meta(self, element: etree._Element) -> tuple[bool, etree._Element | None]:
        """Whether ``meta`` is as clients write it: last, complete, and plain; and the element, if there."""
        found = [child for child in element if local(child) == "meta"]
        if not found or self.meta is None:
            return not found and self.meta is None, None
        meta = found[0]
        names = [local(child) for child in meta]
        spaces = [meta.text, meta.tail, *(child.tail for child in meta)]
        plain = not meta.attrib and all(len(child) == 0 and not child.attrib for child in meta)
        complete = len(set(names)) == len(names) and set(names) == set(self.meta.children)
        last = len(found) == 1 and element[-1] is meta
        return plain and complete and last and not any(text and text.strip() for text in spaces), meta

    def _compile(self, text: str) -> etree.XPath:
        return etree.XPath(text, namespaces=self.namespaces, extensions=FUNCTION_TABLE, smart_strings=False)

    def _tests(self, definition: Definition) -> list[str]:
        """Native conditions, each true when something about this node does not fit."""
        path = self.native.absolute(definition)
        found: list[str] = []
        if self.meta is not None and definition.parent is self.meta:
            if definition.type != "string" or definition.children:
                raise NotNativeError
            found.append(f"{path}[string-length(.) > {MAX_TEXT}]")
        bind = definition.bind
        if bind is not None:
            found += self._bind_tests(definition, bind, path)
        if definition.repeat is not None:
            found += self._row_tests(definition)
        found += self._readonly_tests(definition, path)
        control = definition.control
        if isinstance(control, Select1) and control.itemset is not None and not isinstance(control, (Select, Rank)):
            found += self._filtered_choice(definition, control, path)
        if isinstance(control, Range) or definition.type in ("geopoint", "geotrace", "geoshape"):
            found.append(f"{path}[. != '']")
        return found

    def _bind_tests(self, definition: Definition, bind: Bind, path: str) -> list[str]:
        found: list[str] = []
        if bind.relevant is not None and definition.parent is not None:
            tree = bind.relevant.tree
            found.append(f"{path}[not({self.native.boolean(tree, definition)})]")
            found += self._absent_though_relevant(definition, bind.relevant)
        if bind.required is not None and definition.is_leaf and not _needed(definition):
            found.append(f"{path}[. = '' and {self.native.boolean(bind.required.tree, definition)}]")
        if bind.calculate is not None and definition.is_leaf:
            found.append(self._calculation(definition, bind.calculate, path))
        if bind.constraint is not None and definition.is_leaf:
            found += [self._broken(part, definition, path) for part in _conjuncts(bind.constraint.tree)]
        return found

    def _absent_though_relevant(self, definition: Definition, relevant: Compiled) -> list[str]:
        """Relevance seen from the parent, where the node itself is not there."""
        parent = definition.parent
        if parent is None or definition.repeat is not None:
            return []
        if definition in relevant.refs:
            raise NotNativeError
        holds = _FromParent(self.native, definition, parent).boolean(relevant.tree, definition)
        return [f"{self.native.absolute(parent)}[not({self.native.name(definition)}) and {holds}]"]

    def _row_tests(self, definition: Definition) -> list[str]:
        parent, plan = definition.parent, definition.repeat
        if parent is None or plan is None:
            return []
        name, above = self.native.name(definition), self.native.absolute(parent)
        tests = [f"{above}[{name}[501]]"]
        if plan.count is not None:
            place = Definition(definition.name, definition.path, parent, definition.tag)
            number = _FromParent(self.native, place, parent).number(plan.count.tree, place)
            none = f"count({name}) = 0 and not({number} >= 1)"
            tests.append(f"{above}[not(count({name}) = floor({number})) and not({none})]")
        return tests

    def _readonly_tests(self, definition: Definition, path: str) -> list[str]:
        if not definition.is_leaf or given_by_form(self.form, definition) or not always_readonly(definition):
            return []
        others = " and ".join(f". != {quoted(text)}" for text in sorted(defaults_of(self.form, definition)))
        return [f"{path}[{others}]"]

    def _filtered_choice(self, definition: Definition, control: Select1, path: str) -> list[str]:
        """``item[column = answer]``: the pairs that go together, as one text."""
        if _enumerated(self.form, definition) is not None:
            return []
        itemset = control.itemset
        assert itemset is not None
        if itemset.missing_source:
            return []
        tree = itemset.nodeset.tree
        if not isinstance(tree, Path) or not isinstance(tree.base, Call) or not tree.base.arguments:
            raise NotNativeError
        name, last = tree.base.arguments[0], tree.steps[-1]
        if not isinstance(name, Literal) or len(last.predicates) != 1 or any(s.predicates for s in tree.steps[:-1]):
            raise NotNativeError
        match last.predicates[0]:
            case Compare(Path(False, None, (column,)), (("=", Path() as answer),)):
                pass
            case _:
                raise NotNativeError
        route = tuple(step.test for step in tree.steps)
        pairs: set[str] = set()
        for key, items in self.form.instances[name.value].index(route, column.test).items():
            for item in items:
                pairs |= {f"{key}\n{string_value(cell)}" for cell in item.children.get(itemset.value.text, ())}
        table = quoted("\n\n" + "\n\n".join(sorted(pairs)) + "\n\n")
        key = self.native.string(answer, definition)
        return [f"{path}[. != '' and not(contains({table}, concat('\n\n', {key}, '\n', ., '\n\n')))]"]

    def _broken(self, part: Expr, definition: Definition, path: str) -> str:
        """The nodes that break one part of a constraint; patterns are tried on all rows in one call."""
        match part:
            case Call("regex", (Path(False, None, (Step("self", "node()", ()),)), Literal(pattern)), _):
                return f"m:unmatched({path}[. != ''], {quoted(pattern)})"
            case _:
                holds = self.native.boolean(part, definition)
                # most answers hold, so that is asked first, unless it calls back into Python
                return f"{path}[. != '' and not({holds})]" if "m:" in holds else f"{path}[not({holds}) and . != '']"

    def _calculation(self, definition: Definition, calculate: Compiled, path: str) -> str:
        """Nodes that hold something else than we compute; values of chance and clock are kept as sent."""
        if calculate.calls & _KEPT:
            return f"{path}[. = '']"
        return f"{path}[m:cast('{definition.type}', {self._result(calculate, definition)}) != string(.)]"

    def _result(self, calculate: Compiled, definition: Definition) -> str:
        tree = calculate.tree
        kind = self.native.kind(tree, definition)
        if kind == "any" and isinstance(tree, Call):
            return self.native.string_call(tree.name, tree.arguments, definition)
        if kind == "number":
            return self.native.number(tree, definition)
        return self.native.boolean(tree, definition) if kind == "boolean" else self.native.string(tree, definition)

    def _words(self) -> list[_Words]:
        found: list[_Words] = []
        for definition in self.form.definitions.values():
            control = definition.control
            if isinstance(control, (Select, Rank)):
                offered = _all_choices(self.form, control)
                if offered is None:
                    if control.itemset is not None and control.itemset.missing_source:
                        continue
                    raise NotNativeError
                nodes = self._compile(self.native.absolute(definition) + "[. != '']")
                found.append(_Words(nodes, offered, isinstance(control, Rank)))
        return found


class _FromParent(Native):
    """Expressions of an absent node, seen from its parent: one step up less."""

    def __init__(self, native: Native, definition: Definition, parent: Definition) -> None:
        super().__init__(native.form, native.prefix)
        self.definition, self.parent = definition, parent

    def seen(self, route: Any, at: Definition) -> str:
        if route.anchor is not None and route.anchor is self.definition:
            raise NotNativeError
        return super().seen(route, self.parent)


def _conjuncts(tree: Expr) -> tuple[Expr, ...]:
    return tree.operands if isinstance(tree, Logic) and tree.operator == "and" else (tree,)


def uploads_of(form: Form) -> list[Definition]:
    """The nodes that name files."""
    return [
        definition
        for definition in form.definitions.values()
        if definition.type == "binary" or isinstance(definition.control, Upload)
    ]


def accepted_by(definition: Definition | None) -> str:
    """What files a node takes, as its control says; "" for any."""
    control = definition.control if definition is not None else None
    return control.accept or control.mediatype if isinstance(control, Upload) else ""


def _fits(words: _Words, element: etree._Element) -> bool:
    for node in words.nodes(element):
        chosen = (node.text or "").split()
        if len(chosen) != len(set(chosen)) or not words.offered.issuperset(chosen):
            return False
        if words.all_of_them and len(chosen) != len(words.offered):
            return False
    return True


def _all_choices(form: Form, control: Select1) -> frozenset[str] | None:
    """The values offered whatever the answers, or None where they depend on them."""
    values = {folded(item.value) for item in control.items}
    itemset = control.itemset
    if itemset is None:
        return frozenset(values)
    tree = itemset.nodeset.tree
    if isinstance(tree, Call) and tree.name == "randomize":
        tree = tree.arguments[0]
    if itemset.missing_source or not isinstance(tree, Path) or any(step.predicates for step in tree.steps):
        return None
    base = tree.base
    if not isinstance(base, Call) or base.name != "instance" or not isinstance(base.arguments[0], Literal):
        return None
    nodes = [form.instances[base.arguments[0].value].document]
    for step in tree.steps:
        nodes = [below for node in nodes for below in node.children.get(step.test, ())]
    for item in nodes:
        values.update(folded(string_value(cell).strip()) for cell in item.children.get(itemset.value.text, ()))
    return frozenset(values)


def _enumerated(form: Form, definition: Definition) -> tuple[str, ...] | None:
    """The fixed choices of a select1, for the schema."""
    control = definition.control
    if isinstance(control, Trigger) and definition.type == "string":
        return ("OK",)
    if not isinstance(control, Select1) or isinstance(control, (Select, Rank)):
        return None
    if control.itemset is None:
        return tuple(folded(item.value) for item in control.items)
    values = _all_choices(form, control)
    return None if values is None else tuple(sorted(values))


def _needed(definition: Definition) -> bool:
    """Required without condition: the schema can demand a text."""
    required = definition.bind.required if definition.bind else None
    return required is not None and required.text.strip() == "true()"


@lru_cache(maxsize=64)
def fast_check(form: Form, namespace: str) -> FastCheck | None:
    """The compiled checks, or None where some expression keeps its meaning only in our own evaluation."""
    try:
        return FastCheck(form, namespace)
    except (NotNativeError, etree.XMLSchemaParseError, etree.XPathSyntaxError):
        return None


def may_be_composed(data: bytes | None) -> bool:
    """Whether the text may hold letters typed as letter and mark, which compare equal only after NFC."""
    return data is None or (any(lead in data for lead in _LEADS) and _COMBINING.search(data) is not None)
