"""Templates: Jinja2, everything escaped, an undefined name is an error, texts through gettext."""

from __future__ import annotations

import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pkg_resources
from pyramid.events import BeforeRender
from pyramid.static import QueryStringConstantCacheBuster
from pyramid.threadlocal import get_current_request

import motcua
from motcua.law import in_figures
from motcua.version import __version__
from motcua.web.site.languages import LANGUAGES

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

DAY, YEAR = 86400, 365 * 86400


def say(value: Any) -> str:
    """A text in two languages, or a message id, in the language of the request."""
    return str(get_current_request().translate(value))


def show_day(day: datetime.date | None) -> str:
    """A date as both languages of the site write it: 27/3/2026."""
    return in_figures(day) if day else ""


def show_number(number: int | Decimal) -> str:
    """A number in the language of the request: 1.234.567,5 or 1,234,567.5."""
    shown = f"{number:,}"
    return shown if get_current_request().lang == "en" else shown.translate(str.maketrans(",.", ".,"))


def show_size(octets: int) -> str:
    """The size of a file in words."""
    for unit, size in (("MB", 1024**2), ("KB", 1024)):
        if octets >= size:
            return f"{show_number(round(Decimal(octets) / size, 1).normalize() + 0)} {unit}"
    return f"{octets} B"


def add_globals(event: BeforeRender) -> None:
    """What every template may use besides its own view's values."""
    request: Request | None = event.get("request")
    if request is not None:
        event.setdefault("lang", request.lang)
        event.setdefault("languages", LANGUAGES)
        event.setdefault("bare", False)


def let_pyramid_find_files() -> None:
    """Let Pyramid find this package's files when pytest has loaded it.

    pytest loads a package that brings a plug-in by a loader of its own, which pkg_resources, where Pyramid
    asks for files, does not know; such a package lies in a folder like any other.
    """
    loader = type(motcua.__spec__.loader) if motcua.__spec__ else None
    if loader is not None and loader.__module__.startswith("_pytest."):
        pkg_resources.register_loader_type(loader, pkg_resources.DefaultProvider)


def includeme(config: Configurator) -> None:
    """Set up Jinja2 and the static files: Bootstrap from deform, the theme and the script from here."""
    let_pyramid_find_files()
    config.registry.settings.update({
        "jinja2.undefined": "strict",
        "jinja2.trim_blocks": "true",
        "jinja2.lstrip_blocks": "true",
        "jinja2.i18n.domain": "motcua",
        "jinja2.newstyle": "true",
        "jinja2.filters": {"say": say, "day": show_day, "number": show_number, "size": show_size},
    })
    config.include("pyramid_jinja2")
    config.add_subscriber(add_globals, BeforeRender)
    spec = find_spec("deform")
    # the folder is found without importing deform, which would load all its widgets and templates
    styles = Path((spec.submodule_search_locations or [""])[0] if spec else "") / "static" / "css"
    config.add_static_view("static/bootstrap", str(styles), cache_max_age=DAY)
    config.add_static_view("static/motcua", "motcua.web.site:static", cache_max_age=YEAR)
    buster = QueryStringConstantCacheBuster(__version__)
    config.add_cache_buster("motcua.web.site:static", buster)
