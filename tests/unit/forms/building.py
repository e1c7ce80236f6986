"""Small forms written in a test, and what they compute."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from motcua.forms import Clock, Form, FormState, Instance, evaluate, load_form, new_instance
from motcua.forms.xpath.dates import HANOI

CLOCK = Clock(datetime(2026, 8, 1, 9, 30, tzinfo=HANOI), seed=7)


def xform(instance: str, binds: str = "", body: str = "", model: str = "") -> bytes:
    """An XForm with the children of its root ``data``, binds, controls and other parts of the model."""
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
 xmlns:odk="http://www.opendatakit.org/xforms" xmlns:motcua="urn:motcua:form:1">
<h:head><h:title>Form</h:title><model>
<instance><data id="form" version="1">{instance}</data></instance>
{model}
{binds}
</model></h:head>
<h:body>{body}</h:body></h:html>""".encode()


def bind(path: str, **attributes: str) -> str:
    """A bind; ``jr__constraintMsg`` writes ``jr:constraintMsg``."""
    written = "".join(f' {name.replace("__", ":")}="{escape(value, {chr(34): "&quot;"})}"'
                      for name, value in attributes.items())
    return f'<bind nodeset="{path}"{written}/>'


def control(path: str, kind: str = "input", inside: str = "") -> str:
    """A control with a label."""
    return f'<{kind} ref="{path}"><label>{path}</label>{inside}</{kind}>'


def repeat(path: str, inside: str = "", attributes: str = "") -> str:
    """A repeat in its group."""
    return f'<group ref="{path}"><label>rows</label><repeat nodeset="{path}" {attributes}>{inside}</repeat></group>'


def items(*values: str) -> str:
    """Choices written in the control."""
    return "".join(f"<item><label>{value}!</label><value>{value}</value></item>" for value in values)


def filled(form: Form, answers: dict[str, str]) -> Instance:
    """A new filling with these answers."""
    instance = new_instance(form, CLOCK)
    for path, value in answers.items():
        instance.set(path, value, CLOCK)
    return instance


def state_of(form: Form | bytes, answers: dict[str, str] | None = None) -> FormState:
    """The computed state of a form with these answers."""
    loaded = load_form(form) if isinstance(form, bytes) else form
    return evaluate(loaded, filled(loaded, answers or {}), CLOCK)


def values(form: Form | bytes, answers: dict[str, str] | None = None) -> dict[str, str]:
    """The values of all leaves by path."""
    return {node.path: node.value for node in state_of(form, answers).nodes}


def calculated(expression: str, instance: str = "", binds: str = "", kind: str = "string", model: str = "") -> str:
    """The value of one expression over the given nodes below ``/data``."""
    source = xform(f"{instance}<result/>", binds + bind("/data/result", type=kind, calculate=expression), model=model)
    return values(source)["/data/result"]
