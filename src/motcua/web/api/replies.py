"""How replies are written: JSON in UTF-8, each letter as itself, and no number that JSON does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.renderers import JSON

if TYPE_CHECKING:
    from pyramid.config import Configurator

#: The renderer of the API's views; ``json`` stays the integrator's own.
RENDERER = "motcua_json"


def includeme(config: Configurator) -> None:
    """Register the renderer."""
    config.add_renderer(RENDERER, JSON(ensure_ascii=False, allow_nan=False, separators=(",", ":")))
