"""The Pyramid application: site, portal, accounts, filling in, dossiers.

What flows in: HTTP requests. What flows out: pages, JSON. The work itself is done by the packages below
(`motcua.catalogue`, `motcua.forms`, `motcua.engine`, `motcua.dossiers`); views only read the request,
call a service and choose the answer.

How a feature plugs in
======================
A feature is a package with an ``includeme(config)`` that says all it registers; it is in the list
`FEATURES` below (or in the setting ``motcua.includes`` of an integrator) and is removed by deleting the
package and its line. The foundation `motcua.web.site` gives it:

=========================================== ==========================================================
``config.include("motcua.web.site")``       the foundation; safe to repeat, so a part works alone
``config.add_section(name, factory)``       ``/name`` is the resource ``factory(request, parent, name)``
``config.add_acl(kind, acl)``               who may do what with resources of that ``kind``
                                            (the foundation's own table: `motcua.web.site.security`)
``config.add_navigation(label, path, …)``   an entry of the header
``config.add_procedure(path)``              one more procedure, from its rule file
``@page(context=…, name=…, renderer=…)``    `motcua.web.site.views.page`: a view of a resource
``config.add_route(…)``                     a plain route, e.g. of an API, works as usual
``request.catalogue``                       the `motcua.catalogue.Catalogue` in service
``request.records``, ``request.now``        what is kept (`motcua.dossiers.Records`), the one instant of the request
``request.visitor``                         the signed-in `motcua.dossiers.Account`, or None
``request.lang``, ``request.translate(…)``  ``"vi"`` or ``"en"``; a message id or `Text` in that language
``request.page_url(resource, *elements)``   the address of a resource's page
``request.POST``                            strictly parsed: bad bodies are 400/413, never 500
=========================================== ==========================================================

Resources derive from `motcua.web.site.resources.Resource`; templates begin with
``{% extends "motcua.web.site:templates/layout.jinja2" %}`` and import the components from
``motcua.web.site:templates/components.jinja2``; texts are English message ids in ``_("…")``, translated in
``locale/vi``. Return a page or a redirect and the transaction commits, raise an HTTP error and it rolls back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator

#: The parts of the application, in the order they are included.
FEATURES: tuple[str, ...] = (
    "motcua.web.site",
    "motcua.web.portal",
    "motcua.web.services",
    "motcua.web.accounts",
    "motcua.web.apply",
    "motcua.web.dossiers",
    "motcua.web.bench",
    "motcua.web.api",
)


def includeme(config: Configurator) -> None:
    """Include every feature, then what the integrator asks for in ``motcua.includes``."""
    for feature in FEATURES:
        config.include(feature)
    for feature in config.registry.settings["motcua.includes"]:
        config.include(feature)
