"""The words of a draft: facts typed from what a DMN file says of its inputs, lists from the values it allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from motcua.conditions import WHOLE_KINDS, Scope, Type
from motcua.dmn.reading import Origin, RawColumn, RawInput, RawModel, RawTable
from motcua.dmn.texts import ID, SIMPLE_NAME, free, id_of, strings_in, word_of
from motcua.errors import Place, Problem

BASES: Final = {"string": "text", "boolean": "yes/no", "number": "number", "integer": "integer", "long": "integer",
                "double": "number", "date": "date"}
_BOUNDS: Final = re.compile(r"\[\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)\s*\]|(>=|<=)\s*(-?[\d.]+)")


@dataclass
class DraftFact:
    """A fact of the draft."""

    id: str
    type: Type
    title: str
    hint: str = ""
    bounds: tuple[str | None, str | None] = (None, None)
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a type of the file means: a type of ours, and the bounds it sets."""

    type: Type
    bounds: tuple[str | None, str | None] = (None, None)


@dataclass
class Vocabulary:
    """Names and types gathered from a file; ``problems`` are what had to be left out."""

    model: RawModel
    file: str | None
    facts: dict[str, DraftFact] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: raw name → id of a fact, derived name or decision that conditions may read
    ids: dict[str, str] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    #: value of a list as the file writes it → word
    words: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: every id given so far
    taken: set[str] = field(default_factory=set)

    def gap(self, code: str, origin: Origin, **params: Any) -> None:
        """Note what could not be taken over."""
        self.problems.append(Problem(code, params, Place(file=self.file, line=origin.line, field=origin.id),
                                     "warning"))

    @property
    def scope(self) -> Scope:
        """Every name a condition may read."""
        return Scope(self.types, self.lists)

    def read(self) -> None:
        """Facts from inputs, and from columns that name something which is neither input nor decision."""
        for given in self.model.inputs:
            self._fact(given, next(self._columns_of(given.name), None))
        decided = {decision.name for decision in self.model.decisions} | {
            f"{decision.name}.{output.name}" for decision in self.model.decisions
            if isinstance(decision.logic, RawTable) for output in decision.logic.outputs}
        for column in self._columns():
            name = " ".join(column.text.split())
            if name and name not in self.ids and name not in decided and _is_name(name):
                self._fact(RawInput(name, column.type, None, "", column.origin), column)

    def take(self, raw: str, label: str | None = None) -> str:
        """An id for a name of the file: its label, where that is the id the name was made from."""
        same = label is not None and ID.fullmatch(label) is not None and label.replace(".", "_") == raw
        name = free(label, self.taken) if same and label else id_of(raw, self.taken)
        self.taken.add(name)
        return name

    def _columns(self) -> Iterator[RawColumn]:
        for decision in self.model.decisions:
            if isinstance(decision.logic, RawTable):
                yield from decision.logic.columns

    def _columns_of(self, name: str) -> Iterator[RawColumn]:
        return (column for column in self._columns() if " ".join(column.text.split()) == name)

    def _fact(self, given: RawInput, column: RawColumn | None) -> None:
        if given.name in self.ids:
            self.gap("DMN_111", given.origin, name=given.name)
            return
        name = self.take(given.name, given.label)
        type_ = given.type or (column.type if column else None)
        values = column.values if column else None
        declared = self.declared(type_, given.origin, name, values, self._cells(given.name))
        if declared is None:
            return
        vi, hint = given.name, given.description
        self.facts[name] = DraftFact(name, declared.type, vi, hint, declared.bounds)
        self.ids[given.name], self.types[name] = name, declared.type

    def _cells(self, name: str) -> list[str]:
        """What the file's tables ask of a column, for an input whose type it does not say."""
        found = []
        for decision in self.model.decisions:
            if isinstance(decision.logic, RawTable):
                places = [at for at, column in enumerate(decision.logic.columns)
                          if " ".join(column.text.split()) == name]
                found += [rule.cells[at] for rule in decision.logic.rules for at in places if at < len(rule.cells)]
        return found

    def declared(self, name: str | None, origin: Origin, owner: str, values: str | None = None,
                 cells: Iterable[str] = ()) -> Declared | None:
        """What a type named in the file means for ``owner``; None (and a gap) where we have no such type."""
        own = self.model.types.get(name or "")
        if own is not None and own.has_parts:
            self.gap("DMN_105", origin, type=own.name)
            return None
        allowed, is_list, seen = values, False, set()
        label = None
        while own is not None and own.name not in seen:
            seen.add(own.name)
            allowed, label = allowed or own.allowed, label or own.label
            if own.constraint:
                self.gap("DMN_109", own.origin, values=own.constraint)
            is_list = is_list or own.is_collection
            name, listed = own.base, own.name
            own = self.model.types.get(own.base)
        base = BASES.get((name or "").lower(), "") if name and name != "Any" else _guess(cells)
        if base == "text" and allowed:
            return self._listed(allowed, is_list, listed if seen else owner, origin)
        if not base or is_list:
            self.gap("DMN_105", origin, type=name or "–")
            return None
        if base == "number" and label in WHOLE_KINDS:
            base = "months" if label == "months" else "integer"
        return Declared(Type(base), self._bounds(allowed, base, origin))

    def _listed(self, allowed: str, is_list: bool, owner: str, origin: Origin) -> Declared | None:
        values = strings_in(allowed)
        if not values or re.sub(r'"(?:\\.|[^"\\])*"|[\s,]', "", allowed):
            self.gap("DMN_109", origin, values=allowed)
            return None
        name = self.list_of(values, owner)
        return Declared(Type("list of" if is_list else "one of", None, name, self.lists[name]))

    def list_of(self, values: list[str], owner: str) -> str:
        """The list that holds these values; made if there is none."""
        for value in values:
            if value not in self.words:
                self.words[value] = word_of(value, self.words.values())
        words = tuple(dict.fromkeys(self.words[value] for value in values))
        for name, listed in self.lists.items():
            if listed == words:
                return name
        name = free(id_of(owner.removeprefix("t_")).replace(".", "_"), self.lists)
        self.lists[name] = words
        return name

    def _bounds(self, allowed: str | None, base: str, origin: Origin) -> tuple[str | None, str | None]:
        if not allowed:
            return None, None
        found = _BOUNDS.fullmatch(allowed.strip())
        if found is None or base not in ("number", "integer", "months"):
            self.gap("DMN_109", origin, values=allowed)
            return None, None
        low, high, sign, one = found.groups()
        return (low, high) if sign is None else (one, None) if sign == ">=" else (None, one)


_WORDS_OF_FEEL: Final = frozenset(("and", "or", "not", "in", "between", "if", "then", "else", "true", "false", "null"))


def _is_name(text: str) -> bool:
    """Whether an input is one name, which may have spaces, and no expression."""
    return SIMPLE_NAME.fullmatch(text) is not None and _WORDS_OF_FEEL.isdisjoint(text.split())


def _guess(cells: Iterable[str]) -> str:
    """The type of an input, from the cells of its columns."""
    asked = [cell.strip() for cell in cells if cell.strip() not in ("", "-")]
    if asked and all(cell in ("true", "false") for cell in asked):
        return "yes/no"
    if any('"' in cell and "date(" not in cell for cell in asked):
        return "text"
    if any("date(" in cell for cell in asked):
        return "date"
    return "number" if any(re.search(r"\d", cell) for cell in asked) else ""
