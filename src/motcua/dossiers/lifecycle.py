"""The states of a dossier and the ways between them, as one table; `move` is the only mover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers.dossier import Dossier
from motcua.errors import InputError, Problem
from motcua.law import Text
from motcua.store import ReadModel


@dataclass(frozen=True, slots=True)
class State:
    """A state; ``final`` ones are never left."""

    id: str
    title: Text
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one of ``sources`` to ``target``; ``role`` is who may go it on a dossier of theirs."""

    id: str
    title: Text
    sources: tuple[str, ...]
    target: str
    role: str


STATES: Mapping[str, State] = {state.id: state for state in (
    State("received", Text("Đã tiếp nhận", "Received")),
    State("withdrawn", Text("Đã rút", "Withdrawn"), final=True),
)}
#: The state of a new dossier.
FIRST = "received"
TRANSITIONS: Mapping[str, Transition] = {transition.id: transition for transition in (
    Transition("withdraw", Text("Rút hồ sơ", "Withdraw"), ("received",), "withdrawn", "applicant"),
)}


class TransitionRefused(InputError):
    """The table has no such way from the dossier's state (DOS_003)."""


def possible(dossier: Dossier) -> tuple[Transition, ...]:
    """The ways out of the dossier's state, in table order."""
    return tuple(transition for transition in TRANSITIONS.values() if dossier.state in transition.sources)


def move(dossier: Dossier, transition: str, *, who: str, at: datetime, read_model: ReadModel,
         details: Mapping[str, str] | None = None) -> None:
    """Take the dossier along ``transition``, write its journal and have its row follow.

    ``who`` is an account's id; whether they may is the caller's question (`Transition.role`), whether the
    dossier can is answered here: TransitionRefused otherwise, and nothing is changed.
    """
    way = TRANSITIONS.get(transition)
    if way is None or dossier.state not in way.sources:
        words = {"transition": way.title if way else transition, "state": STATES[dossier.state].title}
        raise TransitionRefused(Problem("DOS_003", {"code": dossier.code, **words}))
    dossier.state = way.target
    dossier.journal.add(at, who, way.id, details)
    read_model.follow(dossier)
