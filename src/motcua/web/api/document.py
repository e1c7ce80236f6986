"""The OpenAPI document: served as JSON, and held against every request and reply."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jsonschema_path import SchemaPath
from openapi_spec_validator import validate
from pyramid.config import PHASE1_CONFIG
from ruamel.yaml import YAML

from motcua.web.api.replies import RENDERER
from motcua.web.api.validation import ReplyValidator, RequestValidator, operations

if TYPE_CHECKING:
    from pyramid.config import Configurator

#: Under this name pyramid_openapi3 keeps our document, beside one an integrator may have.
API = "motcua.api"
SOURCE = files("motcua.web.api") / "openapi.yaml"


def read_document(prefix: str = "") -> dict[str, Any]:
    """The document as it is where the API lies below ``prefix``."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(SOURCE.read_text(encoding="utf-8"))
    document["servers"] = [{"url": prefix or "/"}]
    return document


def includeme(config: Configurator) -> None:
    """Check the document, serve it at ``/api/openapi.json`` and hand it to pyramid_openapi3."""
    config.include("pyramid_openapi3")
    prefix = f"/{config.route_prefix.strip('/')}" if config.route_prefix else ""
    document = read_document(prefix)
    validate(document)
    config.add_route("motcua.api.openapi", "/api/openapi.json")
    config.add_view(
        lambda request: document, route_name="motcua.api.openapi", renderer=RENDERER, request_method="GET", http_cache=0
    )
    known = operations(document)
    settings = config.registry.settings

    def register() -> None:
        settings[API] = {
            "filepath": str(SOURCE),
            "spec_route_name": "motcua.api.openapi",
            "spec": SchemaPath.from_dict(document),
            "request_validator": RequestValidator(known, prefix),
            "response_validator": ReplyValidator(known, prefix, checks=settings["motcua.check_replies"]),
        }
        settings.setdefault("pyramid_openapi3_apinames", []).append(API)

    # what `config.pyramid_openapi3_spec` does, with validators of our own
    config.action(("motcua.api", "document"), register, order=PHASE1_CONFIG)
