"""Words that messages share: "did you mean", and values as they are repeated to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from motcua.errors import closest
from motcua.law import Text


def did_you_mean(word: str, words: Iterable[str]) -> Text:
    """The end of a message: the nearest known word, or nothing."""
    near = closest(word, words)
    return Text(f" Có phải là “{near}”?", f" Did you mean '{near}'?") if near else Text("", "")


def shown(value: Any) -> str:
    """A value as the message repeats it: short, on one line."""
    # a lone surrogate in JSON could not be printed
    text = " ".join(str(value).encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= 60 else text[:57] + "..."
