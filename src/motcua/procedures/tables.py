"""Decisions: reading their rows, grids and terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.conditions import Expression, Type, literal
from motcua.law import did_you_mean
from motcua.procedures.model import Decision, Grid, Row
from motcua.procedures.reading import Names, Reader
from motcua.procedures.schema import DecisionShape, GridLine, GridShape, RowShape, RuleFileShape
from motcua.procedures.vocabulary import Vocabulary, is_term
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import Path


def read_decisions(shape: RuleFileShape, reader: Reader, words: Vocabulary) -> dict[str, Decision]:
    """All decisions in file order; a row may use the decisions above its own."""
    names = list(shape.decisions)
    found = {name: _decision(name, decision, frozenset(names[index:]), reader, words)
             for index, (name, decision) in enumerate(shape.decisions.items())}
    for name, decision in found.items():
        _check_after(name, decision, found, reader)
    return found


def _decision(name: str, shape: DecisionShape, later: frozenset[str], reader: Reader,
              words: Vocabulary) -> Decision:
    path: Path = ("decisions", name)
    type_ = words.decisions[name]
    scope = words.names("fact", "derived", "decision", later=later)
    rows = [_row((*path, "rows", index), row, type_, scope, reader) for index, row in enumerate(shape.rows)]
    _check_start(path, shape, type_, reader, words)
    _check_overrides(path, shape, reader)
    return Decision(name, shape.text, type_, shape.hit, tuple(row for row in rows if row is not None),
                    shape.from_, shape.starts.text if shape.starts else None, shape.after,
                    shape.note.text if shape.note else None, reader.source.place(path, key=True))


def _row(path: Path, shape: RowShape, type_: Type, names: Names, reader: Reader) -> Row | None:
    citation = reader.citation((*path, "cite"), shape.cite)
    in_force = reader.interval((*path, "in_force"), shape.in_force)
    when = None if shape.when is None else reader.condition((*path, "when"), shape.when, names)
    then = _result(path, shape, type_, names, reader)
    if then is None or (when is None and shape.when is not None):
        return None
    return Row(shape.id, citation, in_force, when, then, tuple(shape.overrides), reader.source.place(path))


def _result(path: Path, shape: RowShape, type_: Type, names: Names,
            reader: Reader) -> Expression | Grid | None:
    if (shape.then is None) == (shape.grid is None):
        reader.report("RULE_022", path, id=shape.id)
        return None
    if path[1] in names.broken:
        return None  # the type of this decision is not known
    if shape.grid is not None:
        return _grid((*path, "grid"), shape.grid, type_, names, reader)
    return _then((*path, "then"), shape.then, type_, names, reader)


def _then(path: Path, raw: Any, type_: Type, names: Names, reader: Reader) -> Expression | None:
    """A plain number or a word of the list is the value itself; everything else is FEEL."""
    if isinstance(raw, str) and not (_is_word(raw, type_, names) or _is_plain_text(raw, type_)):
        return reader.counted(path, raw, names, type_)
    value = reader.value(path, type_, raw)
    return None if value is None else literal(value, type_)


def _is_word(raw: str, type_: Type, names: Names) -> bool:
    # a single word that names nothing else is meant as a value, even a misspelt one
    return raw in type_.values or (type_.kind == "one of" and raw.isidentifier() and raw not in names.kinds
                                   and raw not in ("true", "false", "null"))


def _is_plain_text(raw: str, type_: Type) -> bool:
    return type_.kind == "text" and not raw.lstrip().startswith(('"', "if "))


def _check_start(path: Path, shape: DecisionShape, type_: Type, reader: Reader, words: Vocabulary) -> None:
    if shape.from_ is not None:
        fact = words.facts.get(shape.from_)
        if fact is None:
            hint = did_you_mean(shape.from_, words.facts)
            reader.report("RULE_016", (*path, "from"), name=shape.from_, hint=hint)
        elif fact.type.kind != "date":
            reader.report("RULE_017", (*path, "from"), name=shape.from_, type=fact.type.title)
    for key, given in (("from", shape.from_), ("starts", shape.starts), ("after", shape.after)):
        if given is not None and not is_term(type_):
            reader.report("RULE_023", (*path, key), at_key=True, word=key, type=type_.title)


def _check_after(name: str, decision: Decision, decisions: Mapping[str, Decision], reader: Reader) -> None:
    path: Path = ("decisions", name, "after")
    seen, after = [name], decision.after
    while after is not None:
        if after not in decisions:
            if len(seen) == 1:
                reader.report("RULE_024", path, name=after, hint=did_you_mean(after, decisions))
            return
        if after in seen:
            reader.report("RULE_025", path, circle=" → ".join([*seen, after]))
            return
        if not is_term(decisions[after].type) and len(seen) == 1:
            reader.report("RULE_023", path, word="after", type=decisions[after].type.title)
        seen.append(after)
        after = decisions[after].after


def _check_overrides(path: Path, shape: DecisionShape, reader: Reader) -> None:
    gives_way: dict[str, set[str]] = {}
    for row in shape.rows:
        gives_way.setdefault(row.id, set()).update(row.overrides)
    for index, row in enumerate(shape.rows):
        for place, name in enumerate(row.overrides):
            at: Path = (*path, "rows", index, "overrides", place)
            if name not in gives_way:
                reader.report("RULE_026", at, row=name, hint=did_you_mean(name, gives_way))
            elif row.id in _reached(name, gives_way):
                reader.report("RULE_027", at, row=row.id, other=name)


def _reached(row: str, gives_way: Mapping[str, set[str]]) -> set[str]:
    """The row and every row it overrides, directly or through others."""
    reached, waiting = set(), [row]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting.extend(gives_way.get(each, ()))
    return reached


def _grid(path: Path, shape: GridShape, type_: Type, names: Names, reader: Reader) -> Grid | None:
    before = len(reader.problems)
    down = _axis((*path, "down"), shape.down, names, reader)
    across = _axis((*path, "across"), shape.across, names, reader)
    if down is not None and not down.is_ordered:
        reader.report("RULE_030", (*path, "down"), name=shape.down, type=down.title)
    if across is not None:
        _check_columns(path, shape, across, reader)
    bounds = _bounds(path, shape.rows, down, reader) if down is not None and down.is_ordered else ()
    cells = tuple(_line((*path, "rows", index), line, shape, type_, reader)
                  for index, line in enumerate(shape.rows))
    if len(reader.problems) > before:
        return None
    return reader.placed(Grid(shape.down, shape.across, tuple(shape.columns), bounds, cells), path)


def _axis(path: Path, name: str, names: Names, reader: Reader) -> Type | None:
    found = reader.expression(path, name, names)
    if found is None:
        return None
    if name not in names.kinds:
        reader.report("RULE_028", path, value=shown(name))
        return None
    return found.type


def _check_columns(path: Path, shape: GridShape, across: Type, reader: Reader) -> None:
    if across.kind != "one of":
        reader.report("RULE_031", (*path, "across"), name=shape.across, type=across.title)
        return
    for index, column in enumerate(shape.columns):
        if column not in across.values:
            reader.report("RULE_032", (*path, "columns", index), value=column, list=across.list,
                          hint=did_you_mean(column, across.values))
        elif column in shape.columns[:index]:
            reader.report("RULE_033", (*path, "columns", index), value=column)


def _bounds(path: Path, lines: list[GridLine], type_: Type, reader: Reader) -> tuple[Any, ...]:
    bounds: list[Any] = []
    for index, line in enumerate(lines):
        at: Path = (*path, "rows", index)
        last = index == len(lines) - 1
        if (line.upto is None) == (line.above is None) or (line.above is not None and not last):
            reader.report("RULE_034", at)
            continue
        word = "upto" if line.above is None else "above"
        value = reader.value((*at, word), type_, line.upto if line.above is None else line.above)
        if value is None:
            continue
        if line.above is not None:
            if not bounds or value != bounds[-1]:
                reader.report("RULE_035", (*at, "above"), value=shown(line.above))
        elif bounds and value <= bounds[-1]:
            reader.report("RULE_036", (*at, "upto"), value=shown(line.upto))
        else:
            bounds.append(value)
    return tuple(bounds)


def _line(path: Path, line: GridLine, shape: GridShape, type_: Type, reader: Reader) -> tuple[Any, ...]:
    if len(line.cells) != len(shape.columns):
        reader.report("RULE_037", (*path, "cells"), cells=len(line.cells), columns=len(shape.columns))
    unit = f" {shape.unit}" if shape.unit else ""
    return tuple(reader.value((*path, "cells", index), type_, f"{cell}{unit}" if unit else cell)
                 for index, cell in enumerate(line.cells))
