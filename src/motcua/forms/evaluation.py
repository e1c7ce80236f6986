"""Evaluates a filling: relevance, rows, calculations in one order, then what holds for each node."""

from __future__ import annotations

import math
import time

from motcua.errors import InputError, Problem
from motcua.forms import choices as choices_module
from motcua.forms.actions import new_run, run_actions
from motcua.forms.clock import Clock
from motcua.forms.datatypes import accepts, cast, on_step
from motcua.forms.instance import MAX_ROWS, Instance
from motcua.forms.model import Bind, Definition, Form, Range, Rank, Select, Select1, Trigger
from motcua.forms.nodes import Node
from motcua.forms.state import FormState, NodeState
from motcua.forms.xpath.context import BudgetSpentError, Run
from motcua.forms.xpath.values import folded

BUDGET_SECONDS = 20.0
_CHANCE = frozenset({"random", "uuid", "once"})
_CLOCK = frozenset({"now", "today"})


def evaluate(form: Form, instance: Instance, clock: Clock, lang: str = "vi") -> FormState:
    """The computed state of a filling; ``instance`` itself is not changed.

    The state's ``instance`` holds the same data with calculated values and the rows of ``jr:count``;
    values hidden by relevance are kept in it.

    Raises:
        InputError: the expressions take longer than any real form does.
    """
    root = instance.tree().copy()
    run = new_run(form, root, clock, lang, time.monotonic() + BUDGET_SECONDS)
    try:
        recalculate(form, run)
        nodes = tuple(examine(form, run))
    except BudgetSpentError:
        raise InputError(Problem("SUB_120")) from None
    run.deadline = None
    return FormState(form, Instance(None, root, form), run, nodes)


def live_nodes(root: Node, chain: tuple[Definition, ...]) -> list[Node]:
    """The nodes at the end of ``chain`` below relevant parents; they themselves may be non-relevant."""
    found = [root]
    last = len(chain) - 1
    for number, part in enumerate(chain[1:], start=1):
        name = part.name
        if number == last:
            return [child for node in found for child in node.children.get(name, ())]
        found = [child for node in found for child in node.children.get(name, ()) if child.relevant]
    return found


def recalculate(form: Form, run: Run, *, keep: bool = False) -> None:
    """Compute every unit once in the form's order; a second time when row counts changed late.

    ``keep``: values that came from chance or the clock stay as submitted.
    """
    for _ in range(2):
        late = False
        started = False
        for kind, definition in form.order:
            chain = definition.chain()
            if kind == "relevant":
                _relevance(run, definition, chain)
            elif kind == "count":
                late = (_count(form, run, definition, chain) and started) or late
            else:
                started = True
                _calculation(run, definition, chain, keep)
        if not late:
            return


def _relevance(run: Run, definition: Definition, chain: tuple[Definition, ...]) -> None:
    expression = definition.bind.relevant if definition.bind else None
    if expression is not None:
        for node in live_nodes(run.root, chain):
            node.relevant = expression.boolean(run, node)


def _count(form: Form, run: Run, definition: Definition, chain: tuple[Definition, ...]) -> bool:
    """Add empty rows or drop the last ones; whether anything changed."""
    plan = definition.repeat
    if plan is None or plan.count is None:
        return False
    changed = False
    parents = [node for node in live_nodes(run.root, chain[:-1]) if node.relevant]
    for parent in parents:
        number = plan.count.number(run, Node(definition.name, parent, definition))
        wanted = 0 if math.isnan(number) else int(max(0, min(MAX_ROWS, number)))
        rows = parent.children.setdefault(definition.name, [])
        changed = changed or len(rows) != wanted
        del rows[wanted:]
        while len(rows) < wanted and run.rows_left > 0:
            run.rows_left -= 1
            row = parent.append(plan.template.copy())
            run_actions(form, run, "odk-new-repeat", row)
    return changed


def _calculation(run: Run, definition: Definition, chain: tuple[Definition, ...], keep: bool) -> None:
    expression = definition.bind.calculate if definition.bind else None
    if expression is None:
        return
    chance = bool(expression.calls & _CHANCE)
    kept = chance or (keep and bool(expression.calls & _CLOCK))
    for node in live_nodes(run.root, chain):
        if node.relevant and not (kept and node.text):
            node.text = cast(definition.type, expression.value(run, node))
            run.spend(len(node.text) // 16)


def examine(form: Form, run: Run) -> list[NodeState]:
    """The state of every leaf in document order."""
    found: list[NodeState] = []
    _examine(run, run.root, "/" + run.root.name, True, False, found)
    return found


def _examine(run: Run, node: Node, path: str, relevant: bool, readonly: bool, found: list[NodeState]) -> None:
    definition = node.definition
    bind = definition.bind if definition is not None else None
    relevant = relevant and node.relevant
    if relevant and not readonly and bind is not None and bind.readonly is not None:
        readonly = bind.readonly.boolean(run, node)
    if definition is not None and definition.children:
        for name, rows in node.children.items():
            below = definition.children.get(name)
            numbered = below is not None and below.repeat is not None
            for number, row in enumerate(rows, start=1):
                inner = f"{path}/{name}[{number}]" if numbered else f"{path}/{name}"
                _examine(run, row, inner, relevant, readonly, found)
        return
    if definition is not None and node.parent is not None:
        found.append(_leaf(run, node, definition, bind, path, relevant, readonly))


def _leaf(
    run: Run, node: Node, definition: Definition, bind: Bind | None, path: str, relevant: bool, readonly: bool
) -> NodeState:
    if not relevant:
        return NodeState(path, "", False, False, readonly, None, node)
    required = bind is not None and bind.required is not None and bind.required.boolean(run, node)
    return NodeState(path, node.text, True, required, readonly, fault_of(run, node, definition, bind, required), node)


def fault_of(run: Run, node: Node, definition: Definition, bind: Bind | None, required: bool) -> str | None:
    """What is wrong with a relevant node: "required", "type", "choice", "constraint" or None."""
    text = node.text
    if text == "":
        return "required" if required else None
    if not accepts(definition.type, text):
        return "type"
    fault = _control_fault(run, node, definition)
    if fault is None and bind is not None and bind.constraint is not None and not bind.constraint.boolean(run, node):
        return "constraint"
    return fault


def _control_fault(run: Run, node: Node, definition: Definition) -> str | None:
    control = definition.control
    if isinstance(control, Select1):
        return None if _chosen_fit(run, node, control) else "choice"
    if isinstance(control, Trigger):
        return None if node.text == "OK" or definition.type != "string" else "type"
    if isinstance(control, Range):
        return None if on_step(node.text, control.start, control.end, control.step) else "constraint"
    return None


def _chosen_fit(run: Run, node: Node, control: Select1) -> bool:
    offered = choices_module.values_of(run, control, node)
    if offered is None:
        return True
    text = folded(node.text)
    words = text.split() if isinstance(control, (Select, Rank)) else [text]
    if isinstance(control, Rank):
        return len(words) == len(set(words)) and set(words) == offered
    return all(word in offered for word in words) and len(words) == len(set(words))
