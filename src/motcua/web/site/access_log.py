"""One JSON line per request, without personal data.

The path is not logged, as dossier codes and one-time links are in it: the section and the view are, with a
request id that the visitor sees on error pages, so that a report can be matched to its line.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyramid.tweens import INGRESS

from motcua.web.site.resources import SECTION

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.registry import Registry
    from pyramid.request import Request
    from pyramid.response import Response

log = logging.getLogger("motcua.access")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: the message, or the record's ``fields``."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, then the fields; a traceback as text."""
        line = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname,
                "logger": record.name}
        line.update(getattr(record, "fields", None) or {"message": record.getMessage()})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name logging gives it
        """Where an exception arose and its type, causes first; never its message, which quotes what was sent."""
        error: BaseException | None = ei[1]
        parts: list[str] = []
        told: list[BaseException] = []  # an error can be its own cause
        while error is not None and error not in told:
            told.append(error)
            frames = "".join(traceback.format_tb(error.__traceback__))
            codes = "".join(f" {problem.code}" for problem in getattr(error, "problems", ()))
            parts.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}{codes}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(parts))


def request_id(request: Request) -> str:
    """A name for this request, shown on error pages and in the log."""
    return uuid.uuid4().hex[:16]


def route_of(request: Request) -> str:
    """Which part of the site answered: a route, or a section and its view; never what was asked for in it."""
    matched = getattr(request, "matched_route", None)
    section = request.environ.get(SECTION, "")
    parts = (matched.name if matched else "", section, getattr(request, "view_name", "") or "")
    return "/".join(part for part in parts if part) or "none"


def access_log_tween_factory(
    handler: Callable[[Request], Response], registry: Registry
) -> Callable[[Request], Response]:
    """Log each request when it is answered."""
    def tween(request: Request) -> Response:
        start = time.perf_counter()
        response = handler(request)
        fields = {"request": request.request_id, "method": request.method, "route": route_of(request),
                  "status": response.status_int,
                  "ms": round((time.perf_counter() - start) * 1000, 1)}
        log.info("%(method)s %(route)s %(status)s", fields, extra={"fields": fields})
        response.headers["X-Request-Id"] = request.request_id
        return response

    return tween


def includeme(config: Configurator) -> None:
    """Register the tween outside all others."""
    config.add_request_method(request_id, reify=True)
    config.add_tween(f"{__name__}.access_log_tween_factory", under=INGRESS,
                     over="motcua.web.site.protection.headers_tween_factory")
