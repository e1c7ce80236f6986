"""The WSGI application, as ``pserve`` and ``motcua serve`` start it."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.interfaces import IRouter


def main(global_config: dict[str, str] | None = None, **settings: Any) -> IRouter:
    """Make the application from the settings of an ini file; see `motcua.settings` for what may be set.

    Raises `motcua.errors.MotcuaError` with every problem when settings, rules, forms or database are wrong.
    """
    return configure(settings).make_wsgi_app()


def configure(settings: dict[str, Any]) -> Configurator:
    """A configurator with all of motcua included, for those who add to it before making the application."""
    config = Configurator(settings=settings)
    config.include("motcua")
    config.commit()
    return config
