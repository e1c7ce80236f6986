"""Every setting of motcua in one table: name, type, default, what it does.

A setting is read from the ini file; an environment variable of the same name in capitals, with dots as
underscores (``motcua.max_body`` → ``MOTCUA_MAX_BODY``), overrides it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.errors import InputError, Place, Problem, closest

_FLAGS = {"true": True, "yes": True, "on": True, "1": True,
          "false": False, "no": False, "off": False, "0": False}
_SIZES = {"kb": 1024, "mb": 1024**2, "gb": 1024**3}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``type`` is a key of `READERS`; ``default`` is written as in an ini file."""

    name: str
    type: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides this setting."""
        return self.name.replace(".", "_").upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("motcua.rules", "path", "rules",
            "folder of the rule files, with sources.yaml in it; empty: only what config.add_procedure names"),
    Setting("motcua.forms", "path", "forms", "folder of the XForms; empty: none"),
    Setting("motcua.data", "path", "var", "data folder: the embedded database, the read model, the secret"),
    Setting("zodbconn.uri", "text", "", "database of record; empty: RelStorage on SQLite in the data folder"),
    Setting("motcua.sql", "text", "", "read model as an SQLAlchemy URL; empty: SQLite in the data folder"),
    Setting("motcua.production", "flag", "false",
            "refuse to start without a secret from the environment, and without https"),
    Setting("motcua.secret", "text", "",
            "signs sessions; empty: made once and kept in the data folder, readable by its owner only"),
    Setting("motcua.https", "flag", "false",
            "the public address is https: cookies are marked Secure and browsers are told to keep to https"),
    Setting("motcua.session_hours", "integer", "12", "a session ends after so many hours without a request"),
    Setting("motcua.draft_days", "integer", "30", "a draft is kept for so many days after its last change"),
    Setting("motcua.registration", "flag", "true", "visitors may open an applicant's account themselves"),
    Setting("motcua.agency", "text", "MTC",
            "code of the receiving agency, the first part of dossier codes, e.g. 000.00.12.G12"),
    Setting("motcua.max_body", "size", "52 MB", "largest request accepted, files included"),
    Setting("motcua.max_file", "size", "20 MB", "largest single file accepted"),
    Setting("motcua.run_cases", "flag", "true",
            "run the cases of a procedure when the site starts with other rules or another form than in their "
            "last run"),
    Setting("motcua.check_replies", "flag", "false",
            "hold each reply of the API against /api/openapi.json too, and answer 500 where it does not fit"),
    Setting("motcua.includes", "words", "", "more Pyramid packages to include, separated by spaces"),
)


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _flag(text: str) -> bool:
    return _FLAGS[text.lower()]


def _integer(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _size(text: str) -> int:
    number, _, unit = text.lower().partition(" ")
    return _integer(number) * (_SIZES[unit.strip()] if unit else 1)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: How each type is read: name → (reader, what a person should write).
READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "text": (str, "text"),
    "path": (_path, "a path"),
    "flag": (_flag, "true / false"),
    "integer": (_integer, "12"),
    "size": (_size, "20 MB"),
    "words": (_words, "a b"),
}


def read_settings(ini: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings with their values, typed, from the ini and the environment.

    Raises `InputError` (WEB_001 unreadable value, WEB_002 unknown ``motcua.*`` name) with every problem.
    """
    environ = os.environ if environ is None else environ
    problems = _unknown(ini)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(setting.variable, ini.get(setting.name, setting.default))
        try:
            values[setting.name] = raw if not isinstance(raw, str) else READERS[setting.type][0](raw.strip())
        except (KeyError, ValueError):
            expected = READERS[setting.type][1]
            params = {"name": setting.name, "value": str(raw)[:40], "expected": expected}
            problems.append(Problem("WEB_001", params, Place(field=setting.name)))
    if problems:
        raise InputError(problems)
    return values


def _unknown(ini: Mapping[str, Any]) -> list[Problem]:
    known = [setting.name for setting in SETTINGS]
    strange = [name for name in ini if name.startswith("motcua.") and name not in known]
    return [Problem("WEB_002", {"name": name, "closest": closest(name, known) or "motcua.rules"},
                    Place(field=name)) for name in strange]
