"""Pyramid: ``config.include("motcua.dossiers")``.

Opens the archive that ``zodbconn.uri`` names (empty: SQLite in ``motcua.data``) and gives requests:

* ``request.records``, what is kept, on the connection of the request's transaction;
* ``request.archive`` (also ``config.registry["motcua.archive"]``, once configuration has ended).

``config.add_evolution_step(name, step, after=None)`` adds a step of one's own. The steps run as configuration
ends, so that all are known. pyramid_zodbconn gets the very database, so ``get_connection`` and the transfer
log work as its documentation says: include this in the place of pyramid_zodbconn, whose own opening of
``sqlite://`` is not safe against power cuts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyramid_zodbconn
from ZODB import DB

from motcua.dossiers.archive import DEFAULT_AGENCY, SCHEMA, Archive, Records
from motcua.store import Opening, furnish, open_zodb, read_uri

#: After everything that other packages configure, before the application takes requests.
LAST = 1000


def includeme(config: Any) -> None:
    """Open the archive for this application."""
    config.registry["motcua.schema"] = SCHEMA
    config.add_directive("add_evolution_step", _add_evolution_step)
    config.add_request_method(_records, "records", reify=True)
    config.add_request_method(lambda request: request.registry["motcua.archive"], "archive", property=True)
    opening, database = _open(config.registry.settings, config)
    config.action("motcua.archive", lambda: _furnish(config.registry, database, opening), order=LAST)


def _add_evolution_step(config: Any, name: str, step: Any, after: str | None = None) -> None:
    config.registry["motcua.schema"] = config.registry["motcua.schema"].add_step(name, step, after)


def _open(settings: Any, config: Any) -> tuple[Opening, DB]:
    data_dir = Path(settings.get("motcua.data") or "var")
    settings["zodbconn.uri"] = uri = settings.get("zodbconn.uri") or f"sqlite://{data_dir.resolve()}"

    def from_uri(text: str, name: str, databases: Any) -> DB:
        return open_zodb(read_uri(text, data_dir), name=name, databases=databases)

    pyramid_zodbconn.includeme(config, db_from_uri=from_uri)
    return read_uri(uri, data_dir), config.registry._zodb_databases[""]


def _furnish(registry: Any, db: DB, opening: Opening) -> None:
    settings = registry.settings
    database = furnish(db, opening, registry["motcua.schema"], settings.get("motcua.sql") or None)
    registry["motcua.archive"] = Archive(database, settings.get("motcua.agency") or DEFAULT_AGENCY)


def _records(request: Any) -> Records:
    return Records(pyramid_zodbconn.get_connection(request), request.registry["motcua.archive"])


