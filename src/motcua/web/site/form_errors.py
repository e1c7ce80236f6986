"""Errors of a posted page: one message a question, in page order, linked to its field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """A line of the error summary: the text, and the id of the field it leads to, or an address elsewhere."""

    text: str
    target: str = ""
    url: str = ""

    @property
    def href(self) -> str:
        """Where the line leads; "" for nowhere."""
        return self.url or (f"#{self.target}" if self.target else "")
