"""The foundation of the site: resources, security, languages, layout, errors, protection, storage.

Its ``includeme`` is the table of contents. Order matters in one place only: tweens, see `protection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.settings import read_settings

if TYPE_CHECKING:
    from pyramid.config import Configurator

PARTS = ("resources", "navigation", "security", "sessions", "storage", "templating", "languages",
         "bodies", "protection", "access_log", "failures", "rules", "health")


def includeme(config: Configurator) -> None:
    """Read the settings and set up every part."""
    settings = config.registry.settings
    settings.update(read_settings(settings))
    for part in PARTS:
        config.include(f"{__name__}.{part}")
