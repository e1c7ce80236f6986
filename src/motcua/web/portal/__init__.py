"""The portal: the list of procedures, "Before you start" of each, and the eligibility interview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.web.portal.resources import Procedures
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the section of procedures and the portal's pages."""
    config.add_section("procedures", Procedures)
    config.add_navigation(_("Procedures"), "procedures", order=10)
    config.scan(__name__)
