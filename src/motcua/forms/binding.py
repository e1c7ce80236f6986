"""Which node gives which fact or document of a procedure, and whether that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from motcua.conditions import Type, Value, read_value, unit_of
from motcua.errors import InputError, Problem, closest
from motcua.forms.datatypes import accepts
from motcua.forms.faults import Faults
from motcua.forms.model import Bind, Definition, Form, Select, Select1, Trigger
from motcua.forms.nodes import string_value
from motcua.forms.xpath import dates
from motcua.forms.xpath.tree import Call, Literal, Path
from motcua.procedures import Fact, Procedure

_NUMBERS = frozenset({"decimal", "int"})
_WORDS = frozenset({"string", "barcode"})
_FEW_DIGITS = 18
#: Gives the value that a node's text gives a fact; None where it gives none.
Reader = Callable[[str], Value | None]

_YES = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "OK": True}


@dataclass(frozen=True, slots=True)
class FactBinding:
    """One node that gives a fact.

    ``type`` is the fact's with the unit the form asks in; ``words`` maps a choice to the list value where
    the form uses another code (None: the choice means "none of these"); ``otherwise`` is the value where the
    node is not relevant. ``read`` is the `reader` of both.
    """

    definition: Definition
    fact: Fact
    type: Type
    words: Mapping[str, str | None]
    otherwise: Value | None
    has_otherwise: bool
    in_repeat: bool
    read: Reader


@dataclass(frozen=True, slots=True)
class Bindings:
    """All bindings of a form to a procedure, in document order, and their problems."""

    facts: tuple[FactBinding, ...]
    documents: tuple[tuple[Definition, str], ...]
    problems: tuple[Problem, ...]


def check_bindings(form: Form, procedure: Procedure) -> list[Problem]:
    """Every problem of the form's facts and documents, with the form's line; warnings for what no node gives."""
    return list(bindings(form, procedure).problems)


@lru_cache(maxsize=64)
def bindings(form: Form, procedure: Procedure) -> Bindings:
    """The bindings of a form, worked out once."""
    faults = Faults(form.name)
    if form.procedure_id is not None and form.procedure_id != procedure.id:
        faults.add("FORM_201", form.root.line, id=form.procedure_id, procedure=procedure.id)
    found: list[FactBinding] = []
    documents: list[tuple[Definition, str]] = []
    for definition, bind in _bound(form):
        if "fact" in bind.attributes:
            made = _fact_binding(form, procedure, definition, bind, faults)
            found += [made] if made is not None else []
        if "document" in bind.attributes:
            name = bind.attributes["document"]
            if not any(document.id == name for document in procedure.documents):
                near = closest(name, [document.id for document in procedure.documents]) or "–"
                faults.add("FORM_204", bind.line, bind.path, id=name, closest=near)
            documents.append((definition, name))
    _missing(procedure, found, documents, faults)
    return Bindings(tuple(found), tuple(documents), faults.errors + faults.warnings)


def _bound(form: Form) -> Iterator[tuple[Definition, Bind]]:
    for path, definition in form.definitions.items():
        bind = form.binds.get(path)
        if bind is not None and bind.attributes:
            yield definition, bind


def _missing(
    procedure: Procedure, found: list[FactBinding], documents: list[tuple[Definition, str]], faults: Faults
) -> None:
    given = {binding.fact.id for binding in found}
    for fact in procedure.facts.values():
        if fact.id not in given:
            faults.warn("FORM_208", None, None, id=fact.id)
    uploaded = {name for _, name in documents}
    for name in dict.fromkeys(document.id for document in procedure.documents):
        if name not in uploaded:
            faults.warn("FORM_209", None, None, id=name)


def _fact_binding(
    form: Form, procedure: Procedure, definition: Definition, bind: Bind, faults: Faults
) -> FactBinding | None:
    name = bind.attributes["fact"]
    fact = procedure.facts.get(name)
    if fact is None:
        faults.add("FORM_202", bind.line, bind.path, id=name, closest=closest(name, procedure.facts) or "–")
        return None
    if definition.children:
        faults.add("FORM_205", bind.line, bind.path, id=name)
        return None
    kind = _type_in_unit(fact, bind, faults)
    if not _fits(fact.type, definition):
        faults.add("FORM_203", bind.line, bind.path, id=name, bind=bind.type, type=fact.type.title)
    words = _words(form, definition)
    _check_words(fact, definition, words, bind, faults)
    text = bind.attributes.get("otherwise")
    otherwise = None if text is None else _otherwise(kind, text, bind, faults)
    return FactBinding(definition, fact, kind, words, otherwise, text is not None, bool(definition.repeats()),
                       reader(kind, words))


def _type_in_unit(fact: Fact, bind: Bind, faults: Faults) -> Type:
    unit = bind.attributes.get("unit")
    if unit is None:
        return fact.type
    try:
        read_value(fact.type, f"1 {unit}")
    except InputError:
        # "1 unit" is refused for whole kinds in a smaller unit too: a thousand of them may be whole
        if not _readable(fact.type, unit):
            faults.add("FORM_207", bind.line, bind.path, unit=unit, type=fact.type.title)
            return fact.type
    return replace(fact.type, unit=unit)


def _readable(kind: Type, unit: str) -> bool:
    try:
        read_value(kind, f"1000000 {unit}")
    except InputError:
        return False
    return True


def _fits(kind: Type, definition: Definition) -> bool:
    control, bind_type = definition.control, definition.type
    if kind.is_number:
        return bind_type in _NUMBERS
    if kind.kind == "yes/no":
        return bind_type == "boolean" or bind_type in _WORDS
    if kind.kind == "date":
        return bind_type in ("date", "dateTime")
    if kind.kind == "list of":
        return bind_type in _WORDS and (isinstance(control, Select) or control is None or bool(definition.repeats()))
    if kind.kind == "one of":
        return bind_type in _WORDS and not isinstance(control, Select)
    return bind_type in _WORDS


def _words(form: Form, definition: Definition) -> dict[str, str | None]:
    """Each choice a node may hold, and the list value it means; empty where choices are not known."""
    control = definition.control
    if not isinstance(control, Select1):
        return {}
    found: dict[str, str | None] = {item.value: item.value for item in control.items}
    if control.itemset is None:
        return found
    value_name = control.itemset.value.text.strip()
    for item in _items(form, control.itemset.nodeset.tree):
        cells = item.children.get(value_name, [])
        if not cells:
            continue
        name = string_value(cells[0]).strip()
        codes = item.children.get("fact_value")
        found[name] = (string_value(codes[0]).strip() or None) if codes else name
    return found


def _items(form: Form, tree: object) -> list:  # type: ignore[type-arg]
    """All items of a list, whatever the filter of the question."""
    path = tree.arguments[0] if isinstance(tree, Call) and tree.name == "randomize" else tree
    if not isinstance(path, Path) or not isinstance(path.base, Call) or path.base.name != "instance":
        return []
    name = path.base.arguments[0]
    source = form.instances.get(name.value) if isinstance(name, Literal) else None
    nodes = [source.document] if source is not None else []
    for step in path.steps:
        nodes = [below for node in nodes for below in node.children.get(step.test, ())]
    return nodes


def _check_words(
    fact: Fact, definition: Definition, words: Mapping[str, str | None], bind: Bind, faults: Faults
) -> None:
    if not words or isinstance(definition.control, Trigger):
        return
    allowed = set(fact.type.values) if fact.type.list else set(_YES) if fact.type.kind == "yes/no" else None
    if allowed is None:
        return
    for name, value in words.items():
        if value is not None and value not in allowed:
            near = closest(value, allowed) or "–"
            faults.add("FORM_206", bind.line, bind.path, value=name, list=fact.type.list or "yes/no", closest=near)


def _otherwise(kind: Type, text: str, bind: Bind, faults: Faults) -> Value | None:
    try:
        return convert(kind, text, {})
    except InputError:
        faults.add("FORM_210", bind.line, bind.path, value=text, type=kind.title)
        return None


def convert(kind: Type, text: str, words: Mapping[str, str | None]) -> Value | None:
    """The value a node's text gives a fact; None where it gives none.

    Raises:
        InputError: the text is no value of that type.
    """
    return reader(kind, words)(text)


def reader(kind: Type, words: Mapping[str, str | None]) -> Reader:
    """`convert` for one type and one set of words, with all that can be known beforehand worked out."""
    if kind.kind == "list of":
        return lambda text: _read_list(kind, text, words)
    if kind.is_number:
        return _read_number(kind)
    if kind.kind == "date":
        return lambda text: None if text == "" else read_value(kind, _day(text))
    if kind.kind == "yes/no":
        said = {text: _YES.get(words.get(text, text) or "") for text in {*words, *_YES}}
        return _known_or(said, lambda text: read_value(kind, text))
    if kind.kind == "one of":
        meant = {text: word for text in {*words, *kind.values} if (word := words.get(text, text)) in kind.values}
        return _known_or(meant, lambda text: read_value(kind, words.get(text, text) or ""))
    return lambda text: None if text == "" else read_value(kind, text.strip())


def _read_number(kind: Type) -> Reader:
    """Numbers in the unit they are kept in are what they say, where no digit of them can be too many."""
    unit = unit_of(kind)
    is_kept = unit is None or unit.factor == 1

    def read(text: str) -> Value | None:
        if is_kept and len(text) <= _FEW_DIGITS and text.isascii() and text.isdigit():
            return int(text)
        return None if text == "" else read_value(kind, _plain_number(text))

    return read


def _read_list(kind: Type, text: str, words: Mapping[str, str | None]) -> Value:
    meant = [words.get(word, word) for word in text.split()]
    return read_value(kind, [word for word in meant if word is not None])


def _known_or(known: Mapping[str, Any], others: Reader) -> Reader:
    """Texts whose value is known; no text gives none, and other texts are refused by ``others``."""
    def read(text: str) -> Value | None:
        if text == "":
            return None
        value: Value | None = known.get(text)
        return others(text) if value is None else value

    return read


def _plain_number(text: str) -> int | Decimal | str:
    if text.isascii() and text.isdigit():
        return int(text)
    return Decimal(text) if accepts("decimal", text) else "?"


def _day(text: str) -> str:
    """The calendar day of a date; of a dateTime the day at +07:00."""
    instant = dates.read_instant(text)
    return instant.astimezone(dates.HANOI).date().isoformat() if instant is not None else text
