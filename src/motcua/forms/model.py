"""A form as data: definitions of nodes, binds, controls and texts, all frozen after loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from motcua.errors import Problem

if TYPE_CHECKING:
    from motcua.forms.nodes import Node
    from motcua.forms.secondary import SecondaryInstance
    from motcua.forms.xpath.compiler import Compiled


@dataclass(frozen=True, slots=True)
class OutputPart:
    """``<output value="…"/>`` inside a text: computed where the text is shown."""

    expression: Compiled


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film of a text: kind ``image``, ``audio``, ``video`` or ``big-image``."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's text with its shorter form, guidance and media."""

    parts: tuple[str | OutputPart, ...] = ()
    short: tuple[str | OutputPart, ...] = ()
    guidance: tuple[str | OutputPart, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class FormText:
    """A text of the form: by language name (itext), or the same in every language (key "").

    ``dynamic`` is an expression that gives the itext id or the text itself (``ref`` of a label).
    """

    wordings: Mapping[str, Wording] = field(default_factory=dict)
    dynamic: Compiled | None = None


@dataclass(frozen=True, slots=True)
class Bind:
    """What holds for one node. Expressions are compiled; None where the form says nothing."""

    path: str
    type: str = "string"
    relevant: Compiled | None = None
    required: Compiled | None = None
    readonly: Compiled | None = None
    constraint: Compiled | None = None
    calculate: Compiled | None = None
    constraint_message: FormText | None = None
    required_message: FormText | None = None
    preload: str | None = None
    preload_params: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    line: int | None = None


@dataclass(slots=True, eq=False)
class Definition:
    """One element of the primary instance as the form declares it (rows of a repeat share one)."""

    name: str
    path: str
    parent: Definition | None
    tag: str
    children: dict[str, Definition] = field(default_factory=dict)
    bind: Bind | None = None
    repeat: RepeatPlan | None = None
    control: Control | None = None
    text: str = ""
    line: int | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether the node holds a value."""
        return not self.children

    @property
    def type(self) -> str:
        """The bind's type; string without one."""
        return self.bind.type if self.bind else "string"

    def chain(self) -> tuple[Definition, ...]:
        """From the root down to this definition."""
        found = [self]
        while found[-1].parent is not None:
            found.append(found[-1].parent)
        return tuple(reversed(found))

    def repeats(self) -> tuple[Definition, ...]:
        """The repeats around this node, itself included, outermost first."""
        return tuple(definition for definition in self.chain() if definition.repeat is not None)


@dataclass(slots=True, eq=False)
class RepeatPlan:
    """How rows of a repeat come to be: an empty row, and the expression that counts them."""

    template: Node
    count: Compiled | None = None
    initial: int = 0
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice written in the control itself."""

    value: str
    label: FormText | None


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices from an instance: nodeset, and the names of value and label below each item.

    ``label_itext`` is true where the label's child holds an itext id.
    """

    nodeset: Compiled
    value: Compiled
    label: Compiled | None
    label_itext: bool = False
    missing_source: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """Something in the body. ``ref`` is the path of its node without rows, None for a bare group."""

    ref: str | None
    label: FormText | None = None
    hint: FormText | None = None
    appearance: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Group(Control):
    """Controls under one heading."""

    children: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat(Control):
    """Zero or more rows of the same controls; ``fixed``: the applicant neither adds nor removes rows."""

    children: tuple[Control, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Input(Control):
    """A text, number, date, time, … by the bind's type."""

    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Select1(Control):
    """One of some choices: ``items`` in the form, or an ``itemset``."""

    items: tuple[Choice, ...] = ()
    itemset: Itemset | None = None


@dataclass(frozen=True, slots=True)
class Select(Select1):
    """Any number of the choices."""


@dataclass(frozen=True, slots=True)
class Rank(Select1):
    """All the choices, put in order."""


@dataclass(frozen=True, slots=True)
class Upload(Control):
    """A file; ``accept`` (or else ``mediatype``) says of which kind, e.g. ``image/*``."""

    mediatype: str = "*/*"
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Trigger(Control):
    """A box to tick: the value is ``OK`` or empty."""


@dataclass(frozen=True, slots=True)
class Range(Control):
    """A number from ``start`` to ``end`` in steps, as written in the form."""

    start: str = ""
    end: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """``setvalue``: put a value into ``target`` when one of ``events`` happens.

    ``within`` is the path of the repeat whose new rows trigger it, ``source`` the path of the control
    whose change triggers it; ``value`` wins over ``text``.
    """

    events: tuple[str, ...]
    target: str
    value: Compiled | None
    text: str
    within: str | None = None
    source: str | None = None


@dataclass(slots=True, eq=False)
class Form:
    """A loaded form. Do not change it: it is shared by all fillings.

    ``languages`` are the names in the form; `motcua.forms.texts.language_for` finds the one for "vi" or
    "en". ``procedure_id`` is the ``motcua:procedure`` of the instance root. ``source`` are the bytes as read.
    """

    id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    procedure_id: str | None
    root: Definition
    definitions: dict[str, Definition]
    binds: dict[str, Bind]
    body: tuple[Control, ...]
    template: Node
    itext: Mapping[str, Mapping[str, Wording]]
    instances: Mapping[str, SecondaryInstance]
    actions: tuple[Action, ...]
    order: tuple[tuple[str, Definition], ...]
    root_tag: str
    root_attributes: Mapping[str, str]
    namespaces: Mapping[str, str]
    warnings: tuple[Problem, ...]
    source: bytes
    digest: str
    body_class: str = ""
    name: str | None = None

    def controls(self) -> tuple[Control, ...]:
        """Every control, groups and repeats included, in document order."""
        found: list[Control] = []
        pending = list(reversed(self.body))
        while pending:
            control = pending.pop()
            found.append(control)
            if isinstance(control, (Group, Repeat)):
                pending.extend(reversed(control.children))
        return tuple(found)
