"""A decision of a law version as a DMN table.

In our tables a row counts only where its condition is certainly true and every row that overrides it certainly does
not; ``first`` stops at a row that is not known; ``collect`` waits until all rows are. DMN knows none of this, so the
table says it in cells, columns and, for ``first``, lines that answer null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from motcua.conditions import (
    And,
    Cmp,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    Type,
    Value,
    as_interval,
    as_membership,
    atoms,
    evaluate,
    walk,
)
from motcua.dmn.feel import ATOM, Feel, literal, span
from motcua.dmn.model import KNOWN, Column, Rule, Table
from motcua.procedures import Decision, Grid, Row

BASE_TYPES: Final = {"yes/no": "boolean", "date": "date", "text": "string", "one of": "string", "list of": "string"}
_TRUE: Final = Lit(True, Type("yes/no"))
_MOST_WORDS: Final = 12


def base_type(type_: Type) -> str:
    """The type of FEEL that values of a type have; of a list, that of its items."""
    return BASE_TYPES.get(type_.kind, "number")


def logic_of(decision: Decision, feel: Feel, types: dict[str, Type]) -> str | Table:
    """The table of a decision; one row without a condition is just its value."""
    if not decision.rows:
        return "null"
    only = decision.rows[0]
    if len(decision.rows) == 1 and only.when is None and not isinstance(only.then, Grid) and decision.hit != "collect":
        return feel.text(only.then.tree)
    return _Builder(decision, feel, types).table()


def names_of(decision: Decision) -> tuple[str, ...]:
    """Every name the rows in force read."""
    read: dict[str, None] = {}
    for row in decision.rows:
        parts = [row.when] if row.when is not None else []
        for part in parts:
            read.update(dict.fromkeys(part.names_in_order))
        read.update(dict.fromkeys((row.then.down, row.then.across) if isinstance(row.then, Grid)
                                  else row.then.names_in_order))
    return tuple(read)


@dataclass
class _Builder:
    decision: Decision
    feel: Feel
    types: dict[str, Type]
    columns: dict[str, Column] = field(default_factory=dict)

    def table(self) -> Table:
        decision = self.decision
        rules = [rule for row in decision.rows for rule in self._lines(row)]
        if self.feel.guarded and decision.hit == "collect":
            rules = self._when_all_known(rules)
        columns = tuple(self.columns.values()) or (Column("true", "boolean"),)
        values = [literal(value)[0] for value in decision.type.values]
        return Table(self._hit(), columns, tuple(rules), base_type(decision.type), ", ".join(values) or None)

    def _hit(self) -> Any:
        if self.decision.hit != "unique":
            return {"first": "FIRST", "collect": "COLLECT"}[self.decision.hit]
        given = [None if isinstance(row.then, Grid) or row.then.names else evaluate(row.then, {})
                 for row in self.decision.rows]
        # rows may all be true as long as they give the same; where none can give the same, one alone may be
        return "UNIQUE" if len(given) == 1 or (None not in given and len(set(given)) == len(given)) else "ANY"

    # Conditions

    def _lines(self, row: Row) -> Iterator[Rule]:
        """The rules of a row: one, or one for each cell of its grid; behind them that which hides the others."""
        above = [_condition(other) for other in self.decision.rows if row.id in other.overrides]
        if _TRUE in above:
            return
        cells: dict[str, str] = {}
        for atom in atoms(_condition(row)):
            self._place(atom, cells)
        for other in above:
            self._truth(other, "false", cells)
        if isinstance(row.then, Grid):
            yield from self._grid(row, row.then, cells)
        else:
            if self.feel.guarded and row.then.names:
                self._put(self.feel.is_known(row.then.tree), "boolean", "true", cells, KNOWN)
            yield Rule(row.id, cells, self.feel.text(row.then.tree), self._note(row))
        if self._hides(row, above):
            yield self._hiding(row, above)

    def _hides(self, row: Row, above: list[Node]) -> bool:
        """Whether the row, while unknown, keeps the rows below it from being taken."""
        if self.decision.hit != "first" or not self.feel.guarded or row is self.decision.rows[-1]:
            return False
        return isinstance(row.then, Grid) or bool(row.then.names) or _may_be_unknown(_standing(row, above))

    def _hiding(self, row: Row, above: list[Node]) -> Rule:
        """Null where the row is not known to fail; only reached where it is not known to hold either."""
        cells: dict[str, str] = {}
        standing = _standing(row, above)
        if standing != _TRUE:
            self._put(f"{self.feel.text(standing, ATOM)} = false", "boolean", "false", cells, KNOWN)
        return Rule(f"{row.id}.unknown", cells, "null", f"{row.id}: ?")

    def _when_all_known(self, rules: list[Rule]) -> list[Rule]:
        """A list is given only when it is known of each row whether it belongs to it."""
        known = [test for row in self.decision.rows if (test := self._is_settled(row))]
        if not known:
            return rules
        text = " and ".join(known)
        self.columns[text] = Column(text, "boolean", KNOWN)
        return [Rule(rule.label, {**rule.cells, text: "true"}, rule.output, rule.note) for rule in rules]

    def _is_settled(self, row: Row) -> str:
        above = [_condition(other) for other in self.decision.rows if row.id in other.overrides]
        standing = _standing(row, above)
        known = self.feel.is_known(standing) if _may_be_unknown(standing) else ""
        value = self._value_known(row)
        if not value:
            return known
        fails = f"{self.feel.text(standing, ATOM)} = false" if standing != _TRUE else "false"
        return f"({known or 'true'} and ({fails} or {value}))"

    def _value_known(self, row: Row) -> str:
        """The test whether the row's value is known; empty where it always is."""
        if not isinstance(row.then, Grid):
            return self.feel.is_known(row.then.tree) if row.then.names else ""
        grid, names = row.then, self.feel.names
        tests = [f"{names[grid.down]} != null"]
        if len(grid.cells) == len(grid.bounds):
            tests.append(f"{names[grid.down]} <= {literal(grid.bounds[-1])[0]}")
        tests.append(f"{names[grid.across]} in ({', '.join(literal(each)[0] for each in grid.columns)})")
        return f"({' and '.join(tests)})"

    def _place(self, atom: Node, cells: dict[str, str]) -> None:
        """One conjunct as a cell of the column of its name, or of a column of its own."""
        if atom == _TRUE:
            return
        read = unary(atom)
        if read is not None and (name := self.feel.names[read[0].name]) not in cells:
            self._put(name, base_type(read[0].type), read[1], cells)
        elif isinstance(atom, Not):
            self._truth(atom.operand, "false", cells)
        else:
            self._truth(atom, "true", cells)

    def _truth(self, node: Node, truth: str, cells: dict[str, str]) -> None:
        self._put(self.feel.text(node), "boolean", truth, cells)

    def _put(self, text: str, type_: str, cell: str, cells: dict[str, str], label: str | None = None) -> None:
        if cells.get(text, cell) != cell:  # a condition that is asked to be both never holds
            text, cell = f"({text}) = {cell}", "true"
            type_ = "boolean"
        self.columns.setdefault(text, Column(text, type_, label))
        cells[text] = cell

    # Values

    def _grid(self, row: Row, grid: Grid, cells: dict[str, str]) -> Iterator[Rule]:
        down, across = self.feel.names[grid.down], self.feel.names[grid.across]
        for line, values in enumerate(grid.cells):
            for place, value in enumerate(values):
                own = dict(cells)
                test = _between(grid, line)
                if test is not None:
                    self._both(down, base_type(self.types[grid.down]), test, own)
                else:
                    self._put(f"{down} != null", "boolean", "true", own, KNOWN)
                self._both(across, "string", literal(grid.columns[place])[0], own)
                yield Rule(f"{row.id}.{line + 1}.{place + 1}", own, literal(value)[0], self._note(row))

    def _both(self, name: str, type_: str, test: str, cells: dict[str, str]) -> None:
        """A cell beside another that may already stand in the name's column."""
        if name in cells:
            self._put(f"{name} in ({test})", "boolean", "true", cells)
        else:
            self._put(name, type_, test, cells)

    def _note(self, row: Row) -> str:
        return f"{row.id}: {row.citation.text}" if row.citation else row.id


def _condition(row: Row) -> Node:
    return _TRUE if row.when is None else row.when.tree


def _standing(row: Row, above: list[Node]) -> Node:
    """That the row holds and none that overrides it does."""
    parts = (*(() if row.when is None else (row.when.tree,)), *(Not(other) for other in above))
    return parts[0] if len(parts) == 1 else And(parts) if parts else _TRUE


def _may_be_unknown(node: Node) -> bool:
    return any(isinstance(part, Ref) for part in walk(node)) and not isinstance(node, Known)


def _between(grid: Grid, line: int) -> str | None:
    low = literal(grid.bounds[line - 1])[0] if line else None
    high = literal(grid.bounds[line])[0] if line < len(grid.bounds) else None
    if low is None:
        return f"<= {high}" if high is not None else None
    return f"({low}..{high}]" if high is not None else f"> {low}"


def unary(atom: Node) -> tuple[Ref, str] | None:
    """A conjunct as a test of one name, never true while the name is unknown; None where it is no such test."""
    match atom:
        case Ref(type=Type(kind="yes/no")):
            return atom, "true"
        case Not(Ref(type=Type(kind="yes/no")) as ref):
            return ref, "false"
        case Cmp("=", Ref() as ref, Lit(value)):
            return ref, literal(value)[0]
        case Cmp("<" | "<=" | ">" | ">=" as op, Ref() as ref, Lit(value)):
            return ref, f"{op} {literal(value)[0]}"
        case Cmp("!=", Ref() as ref, Lit(value)) | Not(Cmp("=", Ref() as ref, Lit(value))):
            return _others(ref, (value,))
        case And():
            interval = as_interval(atom)
            if interval and isinstance(interval[1].right, Lit) and isinstance(interval[2].right, Lit):
                return interval[0], span(interval[1], interval[2])
        case Or():
            if (found := as_membership(atom)) is not None:
                return found[0], ", ".join(literal(each.value)[0] for each in found[1])
        case Not(Or() as inner):
            if (found := as_membership(inner)) is not None:
                return _others(found[0], tuple(each.value for each in found[1]))
    return None


def _others(ref: Ref, excluded: tuple[Value, ...]) -> tuple[Ref, str] | None:
    """All other words of the list, where they are few: ``not("a")`` would be true of null."""
    rest = [value for value in ref.type.values if value not in excluded]
    if ref.type.kind != "one of" or not rest or len(rest) > _MOST_WORDS:
        return None
    return ref, ", ".join(literal(value)[0] for value in rest)

