"""The one dependency graph of a form: the order in which relevance, rows and calculations are computed."""

from __future__ import annotations

from collections.abc import Iterable

from motcua.forms.model import Definition
from motcua.forms.xpath.compiler import Compiled

Unit = tuple[str, Definition]


class Graph:
    """Units ("relevant" | "count" | "calculate", definition) and what each must wait for."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.definitions = list(definitions)
        self.units: dict[Unit, Compiled] = {}
        for definition in self.definitions:
            self._add(definition)

    def _add(self, definition: Definition) -> None:
        bind = definition.bind
        if bind is not None and bind.relevant is not None:
            self.units["relevant", definition] = bind.relevant
        if definition.repeat is not None and definition.repeat.count is not None:
            self.units["count", definition] = definition.repeat.count
        if bind is not None and bind.calculate is not None and definition.is_leaf:
            self.units["calculate", definition] = bind.calculate

    def waits_for(self, unit: Unit, *, counts: bool) -> list[Unit]:
        """The units whose answers this unit reads; ``counts``: the numbers of rows too."""
        kind, definition = unit
        found: dict[Unit, None] = {}
        for ref in self.units[unit].refs:
            self._reading(ref, found, counts)
        own = definition.chain() if kind != "relevant" else definition.chain()[:-1]
        for above in own:
            found["relevant", above] = None
            if counts and above is not definition:
                found["count", above] = None
        return [other for other in found if other in self.units]

    def _reading(self, ref: Definition, found: dict[Unit, None], counts: bool) -> None:
        found["calculate", ref] = None
        for above in ref.chain():
            found["relevant", above] = None
            if counts:
                found["count", above] = None

    def order(self) -> tuple[tuple[Unit, ...], list[list[Definition]]]:
        """A topological order, and the cycles that make one impossible.

        Row counts order the rest where they can; the pattern "one more row while the last answer is yes"
        makes its count depend on itself, so count edges never make a cycle.
        """
        cycles = _cycles({unit: self.waits_for(unit, counts=False) for unit in self.units})
        if cycles:
            return (), [list(dict.fromkeys(definition for _, definition in cycle)) for cycle in cycles]
        edges = {unit: self.waits_for(unit, counts=True) for unit in self.units}
        for loop in _cycles(edges):
            members = set(loop)
            for unit in loop:
                edges[unit] = [one for one in edges[unit] if one not in members or "count" not in (one[0], unit[0])]
        return tuple(unit for part in _components(edges) for unit in part), []


def _cycles(edges: dict[Unit, list[Unit]]) -> list[list[Unit]]:
    return [part for part in _components(edges) if len(part) > 1 or part[0] in edges[part[0]]]


def _components(edges: dict[Unit, list[Unit]]) -> list[list[Unit]]:
    """Strongly connected components, those waited for first (Tarjan, without recursion)."""
    index: dict[Unit, int] = {}
    low: dict[Unit, int] = {}
    stack: list[Unit] = []
    on_stack: set[Unit] = set()
    found: list[list[Unit]] = []
    for start in edges:
        if start in index:
            continue
        work = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            unit, pending = work[-1]
            for other in pending:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(edges[other])))
                    break
                if other in on_stack:
                    low[unit] = min(low[unit], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[unit])
                if low[unit] == index[unit]:
                    at = stack.index(unit)
                    part = stack[at:]
                    del stack[at:]
                    on_stack.difference_update(part)
                    found.append(part)
    return found
