"""Dossiers as their applicants and officers see them: lists, answers, assessments, files, journal, receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.dossiers.resources import Dossiers
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the section, its entry in the header and its pages."""
    config.add_section("dossiers", Dossiers)
    config.add_navigation(_("Dossiers"), "dossiers", shown="account", order=30)
    config.scan(__name__)
