"""Starting the site with waitress: ``motcua serve``."""

from __future__ import annotations

import datetime
import json
import logging
import secrets
import sys
from configparser import Error as ConfigParserError
from pathlib import Path
from typing import Any

from plaster import PlasterError, get_loader, get_settings, setup_logging
from pyramid.interfaces import IRouter
from waitress.server import create_server

from motcua.dossiers import Archive, Records, account_id, add_account, purge_expired
from motcua.errors import InputError, Problem
from motcua.web.application import configure
from motcua.web.site.access_log import JsonLines
from motcua.web.site.sessions import kept_once

_OURS = "egg:motcua"
_DEMO = {"demo-officer": ("officer",), "demo-applicant": ("applicant",)}
_DEMO_TITLES = {"demo-officer": "Công chức dùng thử", "demo-applicant": "Người nộp dùng thử"}


def serve(ini: Path | None = None, *, host: str = "127.0.0.1", port: int = 6543, demo: bool = False) -> None:
    """Serve the site until interrupted. Without an ini file: the default settings, from this folder.

    ``demo`` makes an officer and an applicant with random passwords, kept in the data folder, and prints them;
    in production it is refused (`InputError` WEB_007).
    """
    set_up_logs(ini)
    application = load_application(ini)
    settings = application.registry.settings
    if demo and settings["motcua.production"]:
        raise InputError(Problem("WEB_007"))
    purge_expired(application.registry["motcua.archive"], datetime.datetime.now(datetime.UTC))
    if demo:
        _print_logins(demo_logins(application.registry["motcua.archive"], Path(settings["motcua.data"])))
    server = create_server(
        application, host=host, port=port, threads=8, ident="motcua",
        max_request_body_size=settings["motcua.max_body"], clear_untrusted_proxy_headers=True)
    for address, number in getattr(server, "effective_listen", None) or [(host, server.effective_port)]:
        print(f"http://{address}:{number}/", file=sys.stderr, flush=True)
    server.run()


def load_application(ini: Path | None) -> IRouter:
    """The application that the ini file names with ``use``; motcua as it is, where it names none.

    A module beside the ini file can be named, as in the projects of ``motcua new``.
    """
    if ini is None:
        return configure({}).make_wsgi_app()
    if _section(ini).get("use", _OURS) == _OURS:
        return configure(read_ini(ini)).make_wsgi_app()
    sys.path.insert(0, str(ini.resolve().parent))
    return get_loader(str(ini.resolve()), protocols=["wsgi"]).get_wsgi_app("main")


def set_up_logs(ini: Path | None) -> None:
    """Logs as the ini file says; without one, warnings as JSON lines on standard error."""
    if ini is not None:
        _section(ini)
        setup_logging(str(ini.resolve()))
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def read_ini(ini: Path) -> dict[str, Any]:
    """The application's section of an ini file, without the keys that name the application."""
    return {name: value for name, value in _section(ini).items() if name not in ("use", "here", "__file__")}


def _section(ini: Path) -> dict[str, Any]:
    """The application's section of an ini file.

    Raises:
        InputError: WEB_008, it is no ini file.
    """
    try:
        return dict(get_settings(str(ini.resolve()), "app:main"))
    except (PlasterError, ConfigParserError, LookupError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise InputError(Problem("WEB_008", {"file": str(ini), "said": said})) from error


def demo_logins(archive: Archive, data: Path) -> dict[str, str]:
    """Name → password of the demo accounts, made once; the same at each start."""
    made = {name: secrets.token_urlsafe(9) for name in _DEMO}
    logins: dict[str, str] = json.loads(kept_once(data / "demo-logins.json", lambda: json.dumps(made)))
    archive.run(lambda records: _keep(records, logins))
    return logins


def _keep(records: Records, logins: dict[str, str]) -> None:
    now = datetime.datetime.now(datetime.UTC)
    for name, password in logins.items():
        if records.accounts.get(account_id(name)) is None:
            add_account(records, name, password, _DEMO[name], now=now, title=_DEMO_TITLES[name])


def _print_logins(logins: dict[str, str]) -> None:
    for name, password in logins.items():
        print(f"{name}: {password}", file=sys.stderr)

