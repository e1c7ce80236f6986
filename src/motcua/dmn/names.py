"""Names that FEEL engines understand, and what XML may use as an id.

In FEEL a dot takes a part of a context, and some words are taken; a fact id such as ``licence.area`` is therefore
written ``licence_area``. The id itself stays with the element, as its label.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    "and or not in between if then else some every satisfies true false null for return function external instance "
    "of date time duration string number boolean context list count min max sum mean all any append concatenate "
    "union flatten product median stddev mode floor ceiling abs modulo sqrt log exp odd even sort is before after "
    "meets includes overlaps during starts finishes coincides now today range contains matches replace split item "
    "years months days hours minutes seconds year month day weekday hour minute second decimal reverse remove "
    "sublist substring partial")

#: Words and functions of FEEL that no name may be, in any engine.
RESERVED: Final = frozenset(_WORDS.split())

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]+")


class Names:
    """Gives each thing a FEEL name of its own: letters, digits and ``_`` alone."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)

    def take(self, wanted: str) -> str:
        """``wanted`` as a FEEL name; with a number behind it where it is taken already."""
        plain = _NOT_IN_NAMES.sub("_", wanted).strip("_") or "x"
        plain = f"n_{plain}" if plain[0].isdigit() else plain
        name, number = plain, 1
        while name in self._taken:
            number += 1
            name = f"{plain}_{number}"
        self._taken.add(name)
        return name
