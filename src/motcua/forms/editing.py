"""Changes a filling as a client would: answers, new rows, removed rows, and the actions they trigger."""

from __future__ import annotations

from motcua.errors import InputError, Problem
from motcua.forms.actions import new_run, run_actions
from motcua.forms.clock import Clock
from motcua.forms.instance import MAX_ROWS, Instance, definition_at, ensure_node, find_node
from motcua.forms.model import Form
from motcua.forms.nodes import Node
from motcua.forms.xml import excerpt


def set_value(form: Form, instance: Instance, path: str, value: str, clock: Clock) -> None:
    """Answer the question at ``path`` (``/data/well[2]/depth``), making rows that are not there yet.

    Actions on new rows and on the changed value run as in a client.

    Raises:
        InputError: no such node, a group, or too many rows.
    """
    if not definition_at(form, path).is_leaf:
        raise InputError(Problem("SUB_024", {"path": excerpt(path, 80)}))
    root = instance.tree()
    node, made = ensure_node(form, root, path)
    run = new_run(form, root, clock)
    for row in made:
        run_actions(form, run, "odk-new-repeat", row)
    changed = node.text != value
    node.text = value
    if changed and node.definition is not None:
        run_actions(form, run, "xforms-value-changed", _row_of(node), node.definition.path)


def add_row(form: Form, instance: Instance, path: str, clock: Clock) -> str:
    """Add an empty row to the repeat at ``path`` (``/data/well``); the path of the new row.

    Raises:
        InputError: no repeat there, its rows are fixed, or it has 500 already.
    """
    _open_repeat(form, path)
    number = instance.rows(path) + 1
    if number > MAX_ROWS:
        raise InputError(Problem("SUB_023", {"path": excerpt(path, 80), "limit": MAX_ROWS}))
    new_path = f"{path.rstrip('/')}[{number}]"
    _, made = ensure_node(form, instance.tree(), new_path)
    run = new_run(form, instance.tree(), clock)
    for row in made:
        run_actions(form, run, "odk-new-repeat", row)
    return new_path


def remove_row(form: Form, instance: Instance, path: str) -> None:
    """Remove the row at ``path`` (``/data/well[2]``).

    Raises:
        InputError: no such row, or rows are fixed.
    """
    _open_repeat(form, path)
    node = find_node(instance.tree(), path)
    if node is None or node.parent is None:
        raise InputError(Problem("SUB_021", {"path": excerpt(path, 80)}))
    node.parent.children[node.name].remove(node)


def _open_repeat(form: Form, path: str) -> None:
    definition = definition_at(form, path)
    if definition.repeat is None or definition.repeat.fixed:
        raise InputError(Problem("SUB_025", {"path": excerpt(path, 80)}))


def _row_of(node: Node) -> Node:
    at = node
    while at.parent is not None and (at.definition is None or at.definition.repeat is None):
        at = at.parent
    return at
