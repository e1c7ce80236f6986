"""Signed session cookies, cross-site request forgery protection, and the secret behind them."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.session import JSONSerializer, SignedCookieSessionFactory

from motcua.errors import InputError, Problem
from motcua.settings import SETTINGS

if TYPE_CHECKING:
    from pyramid.config import Configurator

SHORTEST_SECRET = 32


def signing_secret(settings: dict[str, Any]) -> str:
    """The configured secret, or one made once and kept in the data folder, readable by its owner only.

    In production the secret must come from the environment (`InputError` WEB_003).
    """
    given: str = settings["motcua.secret"]
    if settings["motcua.production"]:
        variable = next(setting.variable for setting in SETTINGS if setting.name == "motcua.secret")
        if len(os.environ.get(variable, "")) < SHORTEST_SECRET:
            raise InputError(Problem("WEB_003"))
    if given and len(given) < SHORTEST_SECRET:
        raise InputError(Problem("WEB_005"))
    return given or _kept_secret(Path(settings["motcua.data"]))


def _kept_secret(data: Path) -> str:
    return kept_once(data / "session.secret", lambda: secrets.token_urlsafe(48)).strip()


def kept_once(file: Path, make: Callable[[], str]) -> str:
    """The text of a file that only its owner reads, made at first use: of processes that start together, by one."""
    if file.is_file() and (text := file.read_text(encoding="utf-8")):
        return text
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        text = stream.read()
        if not text:
            text = make()
            stream.write(text)
    return text


def includeme(config: Configurator) -> None:
    """Register sessions and require a CSRF token on every unsafe request unless a view opts out."""
    settings = config.registry.settings
    if settings["motcua.production"] and not settings["motcua.https"]:
        raise InputError(Problem("WEB_004"))
    seconds = settings["motcua.session_hours"] * 3600
    config.set_session_factory(SignedCookieSessionFactory(
        signing_secret(settings), cookie_name="motcua", httponly=True, samesite="Lax",
        secure=settings["motcua.https"], timeout=seconds, reissue_time=seconds // 10,
        serializer=JSONSerializer(), hashalg="sha512"))
    config.set_csrf_storage_policy(SessionCSRFStoragePolicy())
    config.set_default_csrf_options(require_csrf=True)
