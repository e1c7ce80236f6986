"""The services of an office as it has reported them, so that what is in service here can be held against it.

``services.yaml`` beside the register of sources holds the report's counts, by field, and each service that is known by
name. What the report counts and nobody could name stays a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from motcua.errors import RuleFileError
from motcua.law import Text
from motcua.procedures.loader import SERVICES_FILE, read_file
from motcua.procedures.schema import ServicesShape
from motcua.procedures.shaping import check_shape


@dataclass(frozen=True, slots=True)
class Service:
    """A service known by name; None is what is not known.

    ``level`` (1 to 4), ``on_national_portal`` and ``planned`` (a month, or a year) are as reported. ``procedure`` names
    the procedure here that it became, where no code tells.
    """

    title: Text
    field: str
    codes: tuple[str, ...] = ()
    procedure: str | None = None
    level: int | None = None
    on_national_portal: bool | None = None
    planned: str | None = None
    status: str = "unknown"
    successors: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class FieldCount:
    """What the report counts in a field: services at level 4, and those planned."""

    level_4: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    """The report, its counts by field, and the services known by name, in the order of the file."""

    report: Text
    total: int
    level_3: int
    level_4: int
    on_national_portal: int
    on_national_portal_at_level_4: int
    planned: int
    fields: Mapping[str, FieldCount]
    services: tuple[Service, ...]


def load_services(folder: FilePath | str) -> Services | None:
    """The services of a rules folder; None where it has no ``services.yaml``.

    Raises:
        RuleFileError: with every problem of the file.
    """
    path = FilePath(folder) / SERVICES_FILE
    if not path.is_file():
        return None
    source = read_file(path)
    shape = check_shape(ServicesShape, source, source.data)
    if isinstance(shape, list):
        raise RuleFileError(shape)
    reported = shape.reported
    return Services(
        reported.text, reported.total, reported.level_3, reported.level_4, reported.on_national_portal,
        reported.on_national_portal_at_level_4, reported.planned,
        {name: FieldCount(count.level_4, count.planned) for name, count in shape.fields.items()},
        tuple(Service(each.text, each.field, tuple(each.codes), each.procedure, each.level, each.on_national_portal,
                      each.planned, each.status, tuple(each.successors), tuple(each.basis), each.confidence)
              for each in shape.services))
