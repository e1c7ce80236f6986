"""Procedures under their fields, as lists of them are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from motcua.dossiers import fold

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.catalogue import CheckedProcedure


def by_field(request: Request, found: Iterable[CheckedProcedure]) -> dict[str, list[CheckedProcedure]]:
    """Name of the field → its procedures; both in the order of their letters in the language of the page."""
    def order(entry: CheckedProcedure) -> tuple[str, str]:
        return fold(field_of(entry)), fold(entry.procedure.title.get(request.lang))

    def field_of(entry: CheckedProcedure) -> str:
        return str(request.catalogue.titles.field(entry.procedure.field).get(request.lang))

    groups: dict[str, list[CheckedProcedure]] = {}
    for entry in sorted(found, key=order):
        groups.setdefault(field_of(entry), []).append(entry)
    return groups
