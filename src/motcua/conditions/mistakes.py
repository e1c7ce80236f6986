"""Naming the mistake in a text that does not parse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lark import Lark, UnexpectedInput


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem code, where in the text it is, and what its wording needs."""

    code: str
    at: int
    params: Mapping[str, Any] = field(default_factory=dict)


def name(parser: Lark, text: str, error: UnexpectedInput) -> Mistake:
    """What most likely went wrong."""
    at = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else len(text)
    found = text[at:].split()[:1]
    return Mistake("COND_001", at, {"found": found[0]}) if found else Mistake("COND_002", len(text.rstrip()))
