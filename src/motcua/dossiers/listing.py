"""Dossiers as rows: the table of the read model, search text, and the lists made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from motcua.dossiers.dossier import Dossier
from motcua.law import fold
from motcua.store import Projection, ReadModel

dossiers = sa.Table(
    "dossiers", sa.MetaData(),
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("serial", sa.BigInteger, nullable=False),
    sa.Column("procedure", sa.String, nullable=False),
    sa.Column("form", sa.String, nullable=False),
    sa.Column("form_version", sa.String, nullable=False),
    sa.Column("applicant", sa.String),
    sa.Column("applicant_name", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("received_at", sa.String, nullable=False),  # ISO 8601 at +07:00: sorts as text in any database
    sa.Column("law_date", sa.Date),
    sa.Column("outcome", sa.String),
    sa.Column("authority", sa.String),
    sa.Column("due", sa.Date),
    sa.Column("files", sa.Integer, nullable=False),
    sa.Column("words", sa.String, nullable=False),
)
sa.Index("dossiers_by_receipt", dossiers.c.received_at, dossiers.c.code)
sa.Index("dossiers_by_state", dossiers.c.state, dossiers.c.received_at, dossiers.c.code)
sa.Index("dossiers_by_applicant", dossiers.c.applicant, dossiers.c.received_at)
sa.Index("dossiers_by_procedure", dossiers.c.procedure, dossiers.c.received_at)


#: Control characters and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def row(dossier: Dossier) -> Mapping[str, Any]:
    """What the lists show of a dossier, all columns but ``serial``."""
    summary, form = dossier.summary, dossier.submission.form
    return {
        "code": dossier.code, "procedure": dossier.procedure, "form": form.id, "form_version": form.version,
        "applicant": dossier.applicant, "applicant_name": _printable(dossier.applicant_name),
        "channel": dossier.channel, "state": dossier.state,
        "received_at": dossier.received_at.isoformat(timespec="microseconds"),
        "law_date": summary.law_date, "outcome": summary.outcome, "authority": summary.authority,
        "due": summary.due, "files": len(dossier.files),
        "words": fold(_printable(f"{dossier.code} {dossier.applicant_name} {dossier.procedure}")),
    }


def _printable(text: str) -> str:
    # SQL takes neither NUL nor half a surrogate pair, and one row that cannot be written would stop all behind it
    return _UNPRINTABLE.sub(" ", text)


PROJECTION = Projection(Dossier, dossiers, row, objects=lambda root: root["dossiers"].values(),
                        find=lambda root, code: root["dossiers"].get(code))


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier as a list shows it; see `Dossier` and `Summary` for the fields."""

    code: str
    procedure: str
    form: str
    form_version: str
    applicant: str | None
    applicant_name: str
    channel: str
    state: str
    received_at: datetime
    law_date: date | None
    outcome: str | None
    authority: str | None
    due: date | None
    files: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``next`` continues it (None at the end) however the list has grown meanwhile."""

    lines: tuple[Line, ...]
    next: str | None


#: What a list can be narrowed by.
FILTERS = ("procedure", "applicant", "state", "outcome", "authority")


def page(read_model: ReadModel, *, size: int = 50, after: str | None = None, words: str = "",
         **only: str | None) -> Page:
    """Dossiers, last received first. ``only`` takes names of `FILTERS`; all ``words`` must occur (`fold`).

    ``after`` is the `Page.next` of the page before: a place in the list, not a count, so the hundredth page
    costs what the first does.
    """
    read_model.refresh()
    last_first = (dossiers.c.received_at.desc(), dossiers.c.code.desc())
    query = sa.select(dossiers).order_by(*last_first).limit(size + 1)
    for condition in _conditions(words, only):
        query = query.where(condition)
    if after is not None:
        received_at, _, code = after.partition(" ")
        query = query.where(sa.tuple_(dossiers.c.received_at, dossiers.c.code) < sa.tuple_(received_at, code))
    with read_model.engine.connect() as sql:
        rows = sql.execute(query).mappings().all()
    more = rows[size - 1] if len(rows) > size else None
    return Page(tuple(_line(found) for found in rows[:size]),
                f"{more['received_at']} {more['code']}" if more is not None else None)


def count(read_model: ReadModel, *, words: str = "", **only: str | None) -> int:
    """How many dossiers there are of this kind; arguments as for `page`."""
    query = sa.select(sa.func.count()).select_from(dossiers)
    for condition in _conditions(words, only):
        query = query.where(condition)
    read_model.refresh()
    with read_model.engine.connect() as sql:
        return int(sql.execute(query).scalar_one())


def _conditions(words: str, only: Mapping[str, str | None]) -> Iterator[sa.ColumnElement[bool]]:
    for name, value in only.items():
        if name not in FILTERS:
            raise TypeError(f"unknown filter {name!r}")
        if value is not None:
            yield dossiers.c[name] == value
    for word in fold(words).split():
        yield dossiers.c.words.contains(word, autoescape=True)


def _line(found: Mapping[Any, Any]) -> Line:
    shown = {name: found[name] for name in Line.__dataclass_fields__}
    return Line(**{**shown, "received_at": datetime.fromisoformat(found["received_at"])})
