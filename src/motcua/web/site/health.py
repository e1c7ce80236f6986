"""``/health``: whether the site can do its work, for monitors."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from motcua.version import __version__

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

log = logging.getLogger("motcua.web")


def health(request: Request) -> dict[str, Any]:
    """200 when the database answers, else 503; with how many procedures are in service."""
    try:
        database = "ok" if request.database_answers() else "unreachable"
    except Exception:
        log.exception("health check")
        database = "unreachable"
    if database != "ok":
        request.response.status_int = 503
    catalogue = request.catalogue
    return {"status": "ok" if database == "ok" else "failing", "version": __version__, "database": database,
            "procedures": len(catalogue),
            "rules": len({catalogue[key].procedure.digest for key in catalogue})}


def includeme(config: Configurator) -> None:
    """Register the route, outside the resource tree."""
    config.add_route("health", "/health")
    config.add_view(health, route_name="health", renderer="json", request_method="GET",
                    http_cache=0)
