"""How pages are declared."""

from __future__ import annotations

from typing import Any

from pyramid.view import view_config

from motcua.web.site.resources import SITE


class page(view_config):  # noqa: N801 - a decorator, named like the one it refines
    """``view_config`` for a page of the resource tree; permission ``view`` unless another is named."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"route_name": SITE, "permission": "view", **settings})
