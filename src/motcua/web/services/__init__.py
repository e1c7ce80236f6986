"""The services of the office as reported: a list by field with search, and progress for the head of office.

In flow the services beside the rules and the procedures in service; out flow two pages, or none where the rules come
without ``services.yaml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.authorization import Allow, Everyone

from motcua.web.site.languages import _
from motcua.web.site.security import ADMIN, OFFICER, SIGNER

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the section, who may see what, and its pages."""
    from motcua.web.services.resources import ServicesPage

    if config.registry.motcua_catalogue.services is None:
        return
    config.add_section("services", ServicesPage)
    staff = ((Allow, role, "oversee") for role in (OFFICER, SIGNER, ADMIN))
    config.add_acl("services", [(Allow, Everyone, "view"), *staff])
    config.add_navigation(_("Services"), "services", order=20)
    config.scan(__name__)
