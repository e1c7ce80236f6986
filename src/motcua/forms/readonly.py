"""Which nodes an applicant never fills in, and what they may hold."""

from __future__ import annotations

from motcua.forms.actions import nodes_of
from motcua.forms.model import Definition, Form


def always_readonly(definition: Definition) -> bool:
    """Read-only whatever the answers: under a condition the applicant may have answered before it held."""
    for part in definition.chain():
        expression = part.bind.readonly if part.bind else None
        if expression is not None and expression.text.strip() in ("true()", "1=1", "1 = 1"):
            return True
    return False


def given_by_form(form: Form, definition: Definition) -> bool:
    """Whether a calculation, a preload or an action may give the node its value."""
    bind = definition.bind
    computed = bind is not None and (bind.calculate is not None or bind.preload is not None)
    return computed or any(action.target == definition.path for action in form.actions)


def defaults_of(form: Form, definition: Definition) -> set[str]:
    """The values the form itself writes into the node: its default, and those of new rows."""
    found = {node.text for node in nodes_of(form.template, definition)}
    for repeat in definition.repeats():
        if repeat.repeat is not None:
            below = repeat.repeat.template.descendants(absent=True)
            found |= {node.text for node in below if node.definition is definition}
    return found or {""}
