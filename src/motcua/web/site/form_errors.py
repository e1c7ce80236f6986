"""Errors of a posted page: one message a question, in page order, linked to its field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """A line of the error summary: the text, and the id of the field it leads to ("" for none)."""

    text: str
    target: str = ""
