"""A dossier and what it keeps: submissions, files, receipts of assessments, its journal.

What was received is kept in records of their own that are written once; the dossier itself is small and
is rewritten when its state changes. Behaviour lives in the services (`reception`, `lifecycle`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from persistent import Persistent
from ZODB.blob import Blob

from motcua.dossiers.journal import Journal
from motcua.errors import Problem, StoreError
from motcua.store import Content, Packed, WriteOnce

#: Files are copied in pieces of this size, in bytes.
PIECE = 1 << 20


@dataclass(frozen=True)
class FormVersion:
    """Which form a submission was made on: id and version as in its XML, SHA-256 of the form file."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True)
class Submission:
    """An instance as received. ``content`` holds its bytes, ``sha256`` is over them; the time is aware."""

    form: FormVersion
    instance_id: str
    received_at: datetime
    sha256: str
    size: int
    content: Content

    @property
    def xml(self) -> bytes:
        """The XML, byte for byte as received."""
        return self.content.read()


class DocumentFile(WriteOnce):
    """A file that came with a submission: the bytes as a blob, and what is known of it.

    ``document`` is the id of the document of the procedure (or None), ``name`` the name the XML uses,
    ``original_name`` the applicant's own, ``size`` in bytes, ``media_type`` by content.
    """

    document: str | None
    name: str
    original_name: str
    media_type: str
    size: int
    sha256: str
    blob: Blob

    def __init__(self, stream: BinaryIO, *, name: str, document: str | None = None,
                 original_name: str | None = None, media_type: str = "application/octet-stream") -> None:
        self.document = document
        self.name = name
        self.original_name = original_name or name
        self.media_type = media_type
        self.blob = Blob()
        digest, size = hashlib.sha256(), 0
        with self.blob.open("w") as target:
            while piece := stream.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.size = size
        self.sha256 = digest.hexdigest()

    def open(self) -> BinaryIO:
        """The bytes, for reading; close it."""
        opened: BinaryIO = self.blob.open("r")
        return opened

    def read(self) -> bytes:
        """All bytes; StoreError STORE_004 if they are no longer those received."""
        with self.open() as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise StoreError(Problem("STORE_004", {"sha256": self.sha256}))
        return data


class Receipt(WriteOnce):
    """An assessment as it was given, with the facts it was given on: both JSON, kept byte for byte."""

    at: datetime
    facts_json: Packed
    assessment_json: Packed

    def __init__(self, at: datetime, facts: bytes, assessment: bytes) -> None:
        self.at = at
        self.facts_json = Packed.of(facts)
        self.assessment_json = Packed.of(assessment)

    @property
    def assessment(self) -> dict[str, Any]:
        """The assessment (DESIGN: the JSON of `motcua check`); numbers are int or Decimal."""
        return read_exact(self.assessment_json.read())

    @property
    def facts(self) -> dict[str, Any]:
        """The facts the assessment was made on, as JSON values in the facts' units."""
        return read_exact(self.facts_json.read())


def read_exact(data: bytes) -> dict[str, Any]:
    """A JSON object with numbers read exactly: int or Decimal, never float."""
    read: dict[str, Any] = json.loads(data, parse_float=Decimal)
    return read


@dataclass(frozen=True)
class Summary:
    """What lists show of the last assessment, taken out of it once so that lists need not read receipts."""

    law_date: date | None = None
    outcome: str | None = None
    authority: str | None = None
    due: date | None = None

    @classmethod
    def of(cls, assessment: dict[str, Any]) -> Summary:
        """Read from an assessment's JSON."""
        decisions = [decision for decision in (assessment.get("decisions") or {}).values() if decision]
        authority = (assessment.get("decisions") or {}).get("authority") or {}
        dues = [date.fromisoformat(decision["due"]) for decision in decisions if decision.get("due")]
        law_date = assessment.get("law_date")
        return cls(
            law_date=date.fromisoformat(law_date) if law_date else None,
            outcome=assessment.get("outcome"),
            authority=None if authority.get("value") is None else str(authority["value"]),
            due=max(dues, default=None))


class Dossier(Persistent):
    """One applicant's case. Made by `reception.receive`, moved by `lifecycle.move`, never written otherwise.

    ``applicant`` is an account's id, or None where the applicant had no account; ``applicant_name`` is as
    given then, ``channel`` how it came.
    """

    code: str
    procedure: str
    applicant: str | None
    applicant_name: str
    channel: str
    state: str
    received_at: datetime
    submissions: tuple[Submission, ...]
    files: tuple[DocumentFile, ...]
    receipts: tuple[Receipt, ...]
    summary: Summary
    journal: Journal

    def __init__(self, code: str, procedure: str, *, applicant: str | None, applicant_name: str, channel: str,
                 state: str, received_at: datetime) -> None:
        self.code = code
        self.procedure = procedure
        self.applicant = applicant
        self.applicant_name = applicant_name
        self.channel = channel
        self.state = state
        self.received_at = received_at
        self.submissions = ()
        self.files = ()
        self.receipts = ()
        self.summary = Summary()
        self.journal = Journal(code)

    @property
    def submission(self) -> Submission:
        """The submission that counts: the last."""
        return self.submissions[-1]

    @property
    def assessment(self) -> dict[str, Any] | None:
        """The last assessment as JSON, or None where the rules were never asked."""
        return self.receipts[-1].assessment if self.receipts else None

    @property
    def assessment_json(self) -> bytes | None:
        """The last assessment as it is kept, byte for byte, or None where the rules were never asked."""
        return self.receipts[-1].assessment_json.read() if self.receipts else None

    def file(self, name: str) -> DocumentFile:
        """The file by the name the XML uses; KeyError where there is none. The last of that name counts."""
        for file in reversed(self.files):
            if file.name == name:
                return file
        raise KeyError(name)
