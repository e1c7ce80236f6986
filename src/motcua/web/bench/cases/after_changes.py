"""The cases run by themselves: as the application starts with other rules or another form than in their last run."""

from __future__ import annotations

import datetime
import logging
from threading import Thread
from typing import TYPE_CHECKING, Any

from pyramid.events import ApplicationCreated

from motcua.dossiers import run_after_changes
from motcua.law import VIETNAM

if TYPE_CHECKING:
    from pyramid.config import Configurator

log = logging.getLogger("motcua.web")


def run_cases_beside(registry: Any) -> Thread:
    """Run what changed in a thread of its own: the site serves meanwhile."""
    thread = Thread(target=_run, args=(registry,), name=f"cases {id(registry)}", daemon=True)
    thread.start()
    return thread


def _run(registry: Any) -> None:
    try:
        run_after_changes(registry["motcua.archive"], registry.motcua_catalogue, datetime.datetime.now(VIETNAM))
    except Exception:  # the site serves all the same, and the next start tries again
        log.exception("the cases could not be run")


def _begin(event: Any) -> None:
    if event.app.registry.settings.get("motcua.run_cases"):
        run_cases_beside(event.app.registry)


def includeme(config: Configurator) -> None:
    """Listen for the start of the application."""
    config.add_subscriber(_begin, ApplicationCreated)
