"""Values as messages repeat them to people."""

from __future__ import annotations

from typing import Any


def shown(value: Any) -> str:
    """A value as the message repeats it: short, on one line."""
    # a lone surrogate in JSON could not be printed
    text = " ".join(str(value).encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= 60 else text[:57] + "..."
