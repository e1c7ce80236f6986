"""Requests and replies held against the OpenAPI document, by validators that are built once.

pyramid_openapi3 calls these where it would call those of openapi-core, which look up the document and build
their validators at every request: 10 ms and more each time, twenty times the cost of a check. The document
is ours: its parameters are texts, its references end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, ValidationError

from motcua.errors import InputError, Place, Problem

if TYPE_CHECKING:
    from pyramid.request import Request
    from pyramid_openapi3.wrappers import PyramidOpenAPIRequest, PyramidOpenAPIResponse

JSON_TYPES = ("application/json", "application/problem+json")


@dataclass(frozen=True)
class Validated:
    """What `pyramid_openapi3` keeps as ``request.openapi_validated``."""

    errors: list[Exception]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Operation:
    """One method of one path: validators of its parameters by (place, name), its body, its replies."""

    parameters: Mapping[tuple[str, str], Draft202012Validator]
    body: Draft202012Validator | None
    replies: Mapping[str, Mapping[str, Draft202012Validator]]


class ReplyMismatch(ValueError):
    """A reply that the document does not describe."""


def inline(part: Any, document: Mapping[str, Any]) -> Any:
    """``part`` of the document with every reference replaced by what it names."""
    if isinstance(part, dict):
        if "$ref" in part:
            found: Any = document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return inline(found, document)
        return {key: inline(value, document) for key, value in part.items()}
    return [inline(each, document) for each in part] if isinstance(part, list) else part


def operations(document: Mapping[str, Any]) -> dict[tuple[str, str], Operation]:
    """All operations of a document by path and method."""
    paths = inline(document["paths"], document)
    return {
        (path, method): _operation(described, item.get("parameters", []))
        for path, item in paths.items()
        for method, described in item.items()
        if method != "parameters"
    }


def _operation(described: Mapping[str, Any], shared: list[Any]) -> Operation:
    parameters = {
        (each["in"], each["name"]): _validator(each["schema"])
        for each in (*shared, *described.get("parameters", []))
    }
    body = described.get("requestBody", {}).get("content", {}).get("application/json")
    formats = Draft202012Validator.FORMAT_CHECKER
    replies = {
        status: {kind: _validator(content["schema"], formats) for kind, content in reply.get("content", {}).items()}
        for status, reply in described["responses"].items()
    }
    return Operation(parameters, None if body is None else _validator(body["schema"]), replies)


def _validator(schema: Any, formats: Any = None) -> Draft202012Validator:
    """Without ``formats``: dates that are asked for are read, and explained where they are wrong, by the views."""
    return Draft202012Validator(schema, format_checker=formats)


class RequestValidator:
    """The ``request_validator`` of pyramid_openapi3 for our document."""

    def __init__(self, known: Mapping[tuple[str, str], Operation], prefix: str = "") -> None:
        self.known, self.prefix = known, prefix

    def unmarshal(self, wrapped: PyramidOpenAPIRequest) -> Validated:
        """The parameters and the JSON body as read, with every problem; bodies of other kinds are the view's."""
        request: Request = wrapped.request
        operation = self.known[_path(request, self.prefix), _method(request)]
        given = {"path": request.matchdict, "query": request.GET}
        values = {(place, name): given[place].get(name) for place, name in operation.parameters}
        problems = [
            _problem(error, name)
            for (place, name), validator in operation.parameters.items()
            if values[place, name] is not None
            for error in validator.iter_errors(values[place, name])
        ]
        body = getattr(request, "json_read", None)
        if operation.body is not None:
            problems += [_problem(error, "body") for error in operation.body.iter_errors(body)]
        errors: list[Exception] = [InputError(problems)] if problems else []
        return Validated(errors, {name: value for (_, name), value in values.items()}, body)


class ReplyValidator:
    """The ``response_validator`` of pyramid_openapi3 for our document."""

    def __init__(
        self, known: Mapping[tuple[str, str], Operation], prefix: str = "", *, checks: bool = True
    ) -> None:
        self.known, self.prefix, self.checks = known, prefix, checks

    def iter_errors(
        self, request: PyramidOpenAPIRequest, response: PyramidOpenAPIResponse
    ) -> Iterator[ReplyMismatch]:
        """What the document does not say of this reply."""
        if not self.checks:
            return
        asked: Request = request.request
        operation = self.known[_path(asked, self.prefix), _method(asked)]
        kinds = operation.replies.get(str(response.status_code)) or operation.replies.get("default", {})
        validator = kinds.get(response.content_type)
        if validator is None:
            yield ReplyMismatch(f"{response.status_code} {response.content_type}")
        elif response.content_type in JSON_TYPES:
            for error in validator.iter_errors(json.loads(response.data)):
                yield ReplyMismatch(f"{error.json_path}: {error.validator}")


def _path(request: Request, prefix: str) -> str:
    """The path of the document that the route of ``request`` stands for."""
    return "/" + str(request.matched_route.pattern).lstrip("/").removeprefix(prefix.lstrip("/")).lstrip("/")


def _method(request: Request) -> str:
    """HEAD asks what GET asks."""
    return "get" if request.method == "HEAD" else str(request.method).lower()


def _problem(error: ValidationError, name: str) -> Problem:
    """What is wrong with a parameter or the body, in our words."""
    if error.validator == "maxLength":
        return Problem("WEB_024", {"name": name, "most": error.validator_value}, Place(field=name))
    return Problem("WEB_021", {}, Place(field=name))
