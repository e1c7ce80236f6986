"""Filling in: a form as pages, drafts that can be left and resumed, the check before sending, sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.dossiers import Throttle
from motcua.web.apply.resources import Drafts, Resume

if TYPE_CHECKING:
    from pyramid.config import Configurator


#: Forms that may be begun from one address within five minutes: each is kept for a month.
MOST_BEGUN = 100


def includeme(config: Configurator) -> None:
    """Register the sections of drafts and one-time links, their pages, and the brake on filling the disk."""
    config.registry.motcua_begun = Throttle(MOST_BEGUN)
    config.add_section("drafts", Drafts)
    config.add_section("resume", Resume)
    config.scan(__name__)
