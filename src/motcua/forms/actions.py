"""What happens once: first-load values, preloads, new rows, changed answers."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.forms.clock import Clock
from motcua.forms.datatypes import cast
from motcua.forms.instance import Instance
from motcua.forms.model import Action, Definition, Form
from motcua.forms.nodes import Node
from motcua.forms.xpath import dates
from motcua.forms.xpath.context import Run
from motcua.forms.xpath.values import to_string


def new_instance(form: Form, clock: Clock, *, user: dict[str, str] | None = None) -> Instance:
    """A new filling: defaults, first-load actions, preloads and an ``instanceID``.

    ``user`` answers ``jr:preload="property"``: keys ``username``, ``email``, ``phone number``, ``deviceid``.
    """
    root = form.template.copy()
    run = new_run(form, root, clock)
    _preload(form, run, user or {})
    run_actions(form, run, "odk-instance-first-load", root)
    run_actions(form, run, "odk-instance-load", root)
    return Instance(None, root, form)


def new_run(form: Form, root: Node, clock: Clock, lang: str = "vi", deadline: float | None = None) -> Run:
    """An evaluation over ``root`` at the clock's instant."""
    return Run(root, clock.local(), form, lang, clock.chance(), deadline)


def nodes_of(root: Node, definition: Definition) -> Iterator[Node]:
    """Every node of that definition in document order, non-relevant ones too."""
    found = [root]
    for part in definition.chain()[1:]:
        found = [child for node in found for child in node.children.get(part.name, ())]
    return iter(found)


def run_actions(form: Form, run: Run, event: str, scope: Node, source: str | None = None) -> None:
    """Run the actions of ``event`` whose targets lie below ``scope`` (a new row, or the root)."""
    for action in form.actions:
        if event in action.events and (source is None or action.source == source):
            if event == "odk-new-repeat" and not _is_row(scope, action):
                continue
            for target in list(_targets(form, run.root, scope, action)):
                target.text = _value(run, target, action)


def _is_row(scope: Node, action: Action) -> bool:
    return scope.definition is not None and scope.definition.path == action.within


def _targets(form: Form, root: Node, scope: Node, action: Action) -> Iterator[Node]:
    """In a row its own target; a target outside the row is the one node of that path."""
    definition = form.definitions[action.target]
    inside = [node for node in nodes_of(root, definition) if _below(node, scope)]
    return iter(inside) if inside else nodes_of(root, definition)


def _below(node: Node, scope: Node) -> bool:
    at: Node | None = node
    while at is not None:
        if at is scope:
            return True
        at = at.parent
    return False


def _value(run: Run, target: Node, action: Action) -> str:
    if action.value is None:
        return action.text
    kind = target.definition.type if target.definition else "string"
    return cast(kind, action.value.value(run, target))


def _preload(form: Form, run: Run, user: dict[str, str]) -> None:
    for path, bind in form.binds.items():
        if bind.preload:
            value = _preloaded(run, bind.preload, bind.preload_params or "", user)
            for node in nodes_of(run.root, form.definitions[path]):
                node.text = value or node.text
    meta = next(iter(run.root.children.get("meta", [])), None)
    identity = next(iter(meta.children.get("instanceID", [])), None) if meta is not None else None
    if identity is not None and not identity.text:
        identity.text = _uid(run)


def _uid(run: Run) -> str:
    from motcua.forms.xpath.functions import FUNCTIONS

    return "uuid:" + to_string(FUNCTIONS["uuid"].work(run))


def _preloaded(run: Run, kind: str, params: str, user: dict[str, str]) -> str:
    match kind, params:
        case "uid", _:
            return _uid(run)
        case "timestamp", "start":
            return dates.date_time_text(run.now)
        case "date", "today":
            return run.now.date().isoformat()
        case "property", name:
            return user.get(name, "")
        case _:
            return ""


def finish(form: Form, instance: Instance, clock: Clock) -> None:
    """At submission: fill ``timestamp end``."""
    for path, bind in form.binds.items():
        if bind.preload == "timestamp" and bind.preload_params == "end":
            for node in nodes_of(instance.tree(), form.definitions[path]):
                node.text = dates.date_time_text(clock.local())
