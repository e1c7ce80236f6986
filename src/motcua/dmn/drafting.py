"""The decisions of a DMN file as parts of a draft rule file: derived names, tables, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from motcua.conditions import Expression, Ref, Type, all_of, parse, walk
from motcua.dmn.reading import Origin, RawDecision, RawModel, RawOutput, RawRule, RawTable, RawText
from motcua.dmn.texts import (
    cell_as_condition,
    free,
    is_doubtful,
    names_pattern,
    outside_strings,
    strings_in,
    unescaped,
    with_days,
    with_months,
    with_words,
)
from motcua.dmn.vocabulary import BASES, Vocabulary
from motcua.errors import MotcuaError

HITS: Final = {"UNIQUE": "unique", "ANY": "unique", "FIRST": "first", "COLLECT": "collect", "RULE ORDER": "collect"}
_ASKED: Final = re.compile(r"if (.+) = false then null else ([^\W\d]\w*)", re.DOTALL)
_STRINGS: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_ROW_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_YES_NO: Final = Type("yes/no")


@dataclass
class DraftRow:
    """A row of a decision of the draft; ``then`` in the condition language."""

    id: str
    when: str | None
    then: str
    note: str


@dataclass
class DraftDecision:
    """A decision of the draft."""

    id: str
    type: Type
    hit: str
    title: str
    note: str
    rows: list[DraftRow]
    origin: Origin


@dataclass
class DraftDerived:
    """A derived name of the draft."""

    id: str
    condition: str
    title: str
    note: str
    origin: Origin


@dataclass
class Drafting:
    """Takes the decisions over, each behind those it reads."""

    model: RawModel
    words: Vocabulary
    derived: dict[str, DraftDerived] = field(default_factory=dict)
    decisions: dict[str, DraftDecision] = field(default_factory=dict)

    def run(self) -> None:
        """Take over every decision that can be."""
        for kind, origin in self.model.others:
            self.words.gap("DMN_101", origin, kind=kind)
        for decision in self._in_order():
            match decision.logic:
                case None:
                    self.words.gap("DMN_110", decision.origin, name=decision.name)
                case str() as kind:
                    self.words.gap("DMN_101", decision.origin, kind=kind)
                case RawText() as text:
                    self._literal(decision, text)
                case RawTable() as table:
                    self._table(decision, table)

    def _in_order(self) -> list[RawDecision]:
        given = {each.name for each in self.model.inputs}
        by_name = {decision.name: decision for decision in self.model.decisions if decision.name not in given}
        pattern = names_pattern(by_name)
        reads: dict[str, set[str]] = {}
        for name, decision in by_name.items():
            found: set[str] = set()
            for text in _texts(decision):
                bare = _STRINGS.sub('""', text)
                found.update(" ".join(each.split()) for each in pattern.findall(bare))
                found.update(other for other in by_name if f"{other}." in bare)
            reads[name] = found - {name}
        for doubled in self.model.decisions:
            if by_name.get(doubled.name) is not doubled:
                self.words.gap("DMN_111", doubled.origin, name=doubled.name)
        while True:
            try:
                return [by_name[name] for name in TopologicalSorter(reads).static_order()]
            except CycleError as error:
                circle = error.args[1]
                self.words.gap("DMN_112", by_name[circle[0]].origin, circle=" → ".join(circle))
                for name in set(circle):
                    del reads[name]
                for others in reads.values():
                    others -= set(circle)

    # Expressions

    def _parse(self, text: str, origin: Origin, expect: Type | str | None = None) -> Expression | None:
        """An expression of the file in our language, or None and a gap that says why not."""
        try:
            return self._parsed(text, expect)
        except MotcuaError as error:
            shown = text if len(text) <= 120 else f"{text[:119]}…"
            self.words.gap("DMN_104", origin, text=" ".join(shown.split()), why=Why(error))
            return None

    def _parsed(self, text: str, expect: Type | str | None = None) -> Expression:
        # a number of months is kept with its unit, because dates are counted in it
        ids = {raw: f"({name} / 1 months)" if self.words.types[name].kind == "months" else name
               for raw, name in self.words.ids.items()}
        translated = with_months(outside_strings(with_days(unescaped(text)), names_pattern(ids), ids))
        renamed = with_words(translated, self.words.words)
        found = parse(renamed, self.words.scope, expect=expect, guarded=True)
        if renamed != translated and any(isinstance(part, Ref) and part.type.kind == "text"
                                         for part in walk(found.tree)):
            # a free text may hold the value as it was written
            found = parse(translated, self.words.scope, expect=expect, guarded=True)
        return found

    def _is_foreign(self, language: str | None, origin: Origin) -> bool:
        if language is not None:
            self.words.gap("DMN_103", origin, language=language)
        return language is not None

    # Literal expressions

    def _literal(self, decision: RawDecision, text: RawText) -> None:
        if self._is_foreign(text.language, text.origin):
            return
        if text.text == "null":
            self.words.gap("DMN_110", decision.origin, name=decision.name)
            return
        if self._asked(decision, text):
            return
        found = self._parse(text.text, text.origin)
        if found is None:
            return
        if not self._is_declared(decision, found):
            self.words.gap("DMN_106", text.origin, type=decision.type, own=found.type.title)
            return
        name = self.words.take(decision.name, decision.label)
        if found.type == _YES_NO and not found.names & self.decisions.keys():
            self.derived[name] = DraftDerived(name, found.show(), decision.name, decision.description,
                                               decision.origin)
            self._declare(decision.name, name, _YES_NO)
            return
        type_ = _plain(found.type)
        rows = [DraftRow("R1", None, found.show(), "")]
        self._decide(decision, decision.name, name, type_, "unique", rows)

    @staticmethod
    def _is_declared(decision: RawDecision, found: Expression) -> bool:
        """Whether an expression gives what its decision declares; in DMN it is null where it does not."""
        base = BASES.get(decision.type or "", "")
        declared = "number" if base == "integer" else base
        own = {"integer": "number", "one of": "text"}.get(found.type.kind, found.type.kind)
        return not declared or declared == own

    def _asked(self, decision: RawDecision, text: RawText) -> bool:
        """Whether it says when an input counts, as the export writes it: then it is the ``when`` of a fact."""
        match = _ASKED.fullmatch(text.text)
        fact = self.words.facts.get(self.words.ids.get(match[2], "")) if match else None
        if match is None or fact is None or fact.when is not None or self._is_read_elsewhere(match[2], decision):
            return False
        try:
            found = self._parsed(match[1], "yes/no")
        except MotcuaError:
            return False
        if not found.names <= self.words.facts.keys() or fact.id in found.names:
            return False
        fact.when = found.show()
        self.words.ids[decision.name] = fact.id
        return True

    def _is_read_elsewhere(self, name: str, decision: RawDecision) -> bool:
        pattern = names_pattern([name])
        return any(pattern.search(_STRINGS.sub('""', text)) for other in self.model.decisions if other is not decision
                   for text in _texts(other))

    # Tables

    def _table(self, decision: RawDecision, table: RawTable) -> None:
        hit = HITS.get(table.hit)
        if hit is None or table.aggregation:
            policy = f"{table.hit} {table.aggregation or ''}".strip()
            self.words.gap("DMN_102", table.origin, policy=policy, name=decision.name)
            return
        languages = [*(column.language for column in table.columns), *(rule.language for rule in table.rules)]
        if any(self._is_foreign(language, table.origin) for language in languages if language):
            return
        if not table.rules or not table.outputs:
            self.words.gap("DMN_110", decision.origin, name=decision.name)
        lines = [(rule, self._line(table, rule)) for rule in self._ruling(table)]
        for place, output in enumerate(table.outputs):
            self._output(decision, table, place, output, hit, lines)

    def _ruling(self, table: RawTable) -> list[RawRule]:
        """The rules but those by which an export keeps unknown rows from being passed over."""
        labels = [rule.label for rule in table.rules]
        kept = []
        for rule in table.rules:
            guarded = (rule.label or "").removesuffix(".unknown")
            guards = (table.hit == "FIRST" and rule.label != guarded and set(rule.outputs) == {"null"}
                      and any(label and (label == guarded or label.startswith(f"{guarded}.")) for label in labels
                              if label != rule.label))
            if not guards:
                kept.append(rule)
        return kept

    def _line(self, table: RawTable, rule: RawRule) -> Expression | bool:
        """The condition of a line; True where it has none, False (and a gap) where it cannot be taken over."""
        if (len(rule.cells), len(rule.outputs)) != (len(table.columns), len(table.outputs)):
            self.words.gap("DMN_117", rule.origin, cells=len(rule.cells) + len(rule.outputs),
                           columns=len(table.columns) + len(table.outputs))
            return False
        parts: list[Expression] = []
        for column, cell in zip(table.columns, rule.cells, strict=True):
            if cell in ("", "-") or column.is_guard:  # what is unknown decides nothing here anyway
                continue
            found = self._cell(column.text, cell, rule.origin)
            if found is None:
                return False
            parts.append(found)
        return all_of(parts) if parts else True

    def _cell(self, text: str, cell: str, origin: Origin) -> Expression | None:
        subject = self._parse(text, origin)
        if subject is None:
            return None
        raw = text if isinstance(subject.tree, Ref) else f"({text})"
        condition = cell_as_condition(cell, raw, subject.type == _YES_NO)
        assert condition is not None
        found = self._parse(condition, origin, "yes/no")
        if found is not None and subject.type == _YES_NO and is_doubtful(cell):
            self.words.gap("DMN_116", origin, text=cell)
            return None
        return found

    def _output(self, decision: RawDecision, table: RawTable, place: int, output: RawOutput, hit: str,
                lines: list[tuple[RawRule, Expression | bool]]) -> None:
        raw = decision.name if len(table.outputs) == 1 else f"{decision.name}.{output.name or place + 1}"
        default = output.default if hit == "first" else None
        if output.default and default is None:
            self.words.gap("DMN_113", output.origin, name=raw, value=output.default)
        entries = [rule.outputs[place] for rule, _ in lines if place < len(rule.outputs)]
        entries += [default] if default else []
        type_ = self._output_type(decision, output, entries, raw)
        if type_ is None:
            return
        rows: list[DraftRow] = []
        missing = 0
        for number, (rule, condition) in enumerate(lines, start=1):
            then = None if condition is False else self._then(rule.outputs[place], type_, rule.origin)
            if then is None:
                missing += 1
                continue
            label = rule.label if rule.label and _ROW_ID.fullmatch(rule.label) else f"R{number}"
            when = condition.show() if isinstance(condition, Expression) else None
            rows.append(DraftRow(free(label, [row.id for row in rows]), when, then, rule.note))
        if default:
            last = self._then(default, type_, output.origin)
            missing += last is None
            rows += [DraftRow(free("default", [row.id for row in rows]), None, last, "")] if last else []
        if missing and hit != "unique":
            # without one line others would answer cases that are not theirs, or a list would be short
            self.words.gap("DMN_114", table.origin, name=raw)
        if not rows or (missing and hit != "unique"):
            return
        name = self.words.take(raw, decision.label if len(table.outputs) == 1 else None)
        self._decide(decision, raw, name, type_, hit, rows)

    def _output_type(self, decision: RawDecision, output: RawOutput, entries: list[str], raw: str) -> Type | None:
        declared = output.type or (decision.type if "." not in raw else None)
        words = [each for entry in entries for each in strings_in(entry)]
        base = BASES.get(declared or "", "") or _output_base(entries)
        if declared in self.model.types and not base:
            found = self.words.declared(declared, output.origin, raw, output.values)
            return None if found is None else Type("one of", None, found.type.list, found.type.values) \
                if found.type.list else found.type
        is_words = all(_STRINGS.fullmatch(entry.strip()) for entry in entries)
        if base == "text" and entries and (is_words or output.values):
            own = self.model.types.get(declared or "")
            named = strings_in(own.allowed or "") if own is not None else []
            values = list(dict.fromkeys([*strings_in(output.values or ""), *words]))
            # a type that has every word: other decisions compare this one with what has that type
            name = self.words.list_of(named, own.name) if own and set(values) <= set(named) \
                else self.words.list_of(values, raw)
            return Type("one of", None, name, self.words.lists[name])
        if not base:
            self.words.gap("DMN_105", output.origin, type=declared or "–")
            return None
        return Type("number" if base == "integer" else base)

    def _then(self, text: str, type_: Type, origin: Origin) -> str | None:
        if not text.strip() or text.strip() in ("-", "null"):
            self.words.gap("DMN_115", origin, text=text or "–")
            return None
        found = self._parse(text, origin, type_)
        return None if found is None else found.show()

    # Names

    def _decide(self, decision: RawDecision, raw: str, name: str, type_: Type, hit: str, rows: list[DraftRow]) -> None:
        self.decisions[name] = DraftDecision(name, type_, hit, raw, decision.description, rows, decision.origin)
        if hit != "collect":  # no condition may read a list of answers
            self._declare(raw, name, type_)

    def _declare(self, raw: str, name: str, type_: Type) -> None:
        self.words.ids[raw], self.words.types[name] = name, type_


class Why:
    """The first reason why a text was refused, in the reader's language."""

    def __init__(self, error: MotcuaError) -> None:
        self._problem = error.problems[0]

    def get(self, lang: str) -> str:
        """The reason."""
        return self._problem.message(lang)


def _texts(decision: RawDecision) -> list[str]:
    match decision.logic:
        case RawText(text):
            return [text]
        case RawTable(columns=columns, rules=rules):
            inner = [text for rule in rules for text in (*rule.cells, *rule.outputs)]
            return [*(column.text for column in columns), *inner]
    return []


def _plain(type_: Type) -> Type:
    """The type of a decision that gives such values; spans of time keep their unit."""
    return Type("number") if type_.kind == "integer" else type_


def _output_base(entries: list[str]) -> str:
    """The type of an output that declares none, from what it gives."""
    tests: tuple[tuple[Callable[[str], Any], str], ...] = (
        (lambda each: each in ("true", "false"), "yes/no"), (_STRINGS.fullmatch, "text"),
        (re.compile(r"-?\d+(\.\d+)?").fullmatch, "number"))
    given = [entry.strip() for entry in entries if entry.strip() not in ("", "-", "null")]
    return next((base for test, base in tests if given and all(test(each) for each in given)), "")
