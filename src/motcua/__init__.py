"""motcua: administrative procedures as data, checked by a rules engine.

In a script, without Pyramid or ZODB::

    from motcua import Catalogue

    catalogue = Catalogue.load("rules", forms="forms")
    assessment = catalogue["vn.minerals.exploration-right-transfer"].check(facts, on=date(2024, 5, 6))

In a Pyramid application: ``config.include("motcua")``, or a part, ``config.include("motcua.web.api")``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from motcua.version import __version__

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from motcua.catalogue import Catalogue, CheckedProcedure, check
    from motcua.engine import Assessment
    from motcua.errors import EngineDisagreement, FormError, InputError, MotcuaError, RuleFault, RuleFileError

# The public names and where they are; loaded at first use, so that a small part does not pay for the whole.
_HOMES = {
    "Assessment": "motcua.engine",
    "Catalogue": "motcua.catalogue",
    "CheckedProcedure": "motcua.catalogue",
    "EngineDisagreement": "motcua.errors",
    "FormError": "motcua.errors",
    "InputError": "motcua.errors",
    "MotcuaError": "motcua.errors",
    "RuleFault": "motcua.errors",
    "RuleFileError": "motcua.errors",
    "check": "motcua.catalogue",
}

__all__ = [
    "Assessment",
    "Catalogue",
    "CheckedProcedure",
    "EngineDisagreement",
    "FormError",
    "InputError",
    "MotcuaError",
    "RuleFault",
    "RuleFileError",
    "__version__",
    "check",
    "includeme",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'motcua' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def includeme(config: Configurator) -> None:
    """Make the whole of motcua part of a Pyramid application: portal, forms, bench and API."""
    config.include("motcua.web")
