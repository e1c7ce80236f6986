"""Filling in: a form as pages, drafts that can be left and resumed, the check before sending, sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.apply.resources import Drafts, Resume

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the sections of drafts and one-time links, and their pages."""
    config.add_section("drafts", Drafts)
    config.add_section("resume", Resume)
    config.scan(__name__)
