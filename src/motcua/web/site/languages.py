"""Vietnamese first, English second: which language a request speaks.

``?lang=en`` wins and is remembered in a cookie, so that a link can carry its language and the switch in the
header keeps the address of the page; otherwise the cookie, otherwise Vietnamese. Programs, which have no
cookies, may say ``Accept-Language: en``; browsers send that unasked, so it does not count for pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyramid.i18n import TranslationStringFactory, get_localizer

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
COOKIE = "lang"

_ = TranslationStringFactory("motcua")


def negotiate(request: Request) -> str:
    """The language of this request."""
    for wanted in (request.GET.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    if is_for_programs(request):
        return str(request.accept_language.lookup(list(LANGUAGES), default=DEFAULT))
    return DEFAULT


def is_for_programs(request: Request) -> bool:
    """Whether the address lies below one of ``registry.motcua_problem_paths``, which APIs announce."""
    path = f"{request.path_info}/"
    return any(path.startswith(f"{start}/") for start in request.registry.motcua_problem_paths)


def lang(request: Request) -> str:
    """``"vi"`` or ``"en"``."""
    return str(request.locale_name)


def remember_language(event: Any) -> None:
    """Keep a language chosen by ``?lang=`` in a cookie."""
    request = event.request
    wanted = request.GET.get("lang")
    if wanted in LANGUAGES and wanted != request.cookies.get(COOKIE):
        event.response.set_cookie(COOKIE, wanted, max_age=365 * 86400, samesite="Lax", httponly=True,
                                  secure=request.registry.settings["motcua.https"])


def language_url(request: Request, language: str) -> str:
    """This page in another language: the same address with ``lang=``."""
    kept = [(name, value) for name, value in request.GET.items() if name != "lang"]
    # a path that begins with // would lead to another host
    return f"/{request.path.lstrip('/')}?{urlencode([*kept, ('lang', language)])}"


def translate(request: Request, text: Any, **mapping: Any) -> str:
    """``text`` (a message id, a translation string or a `motcua.law.Text`) in the request's language."""
    in_language = getattr(text, "get", None)
    if callable(in_language):
        return str(in_language(request.lang))
    return str(get_localizer(request).translate(text, domain="motcua", mapping=mapping or None))


def includeme(config: Configurator) -> None:
    """Register the negotiator, the translations and what pages need of them."""
    config.registry.motcua_problem_paths = []
    config.set_locale_negotiator(negotiate)
    config.add_translation_dirs("motcua:locale")
    config.add_request_method(lang, reify=True)
    config.add_request_method(language_url)
    config.add_request_method(translate)
    config.add_subscriber(remember_language, "pyramid.events.NewResponse")
