"""Receiving a submission: the one way in which a dossier comes to be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from motcua.dossiers.codes import format_code
from motcua.dossiers.dossier import DocumentFile, Dossier, FormVersion, Receipt, Submission, Summary, read_exact
from motcua.dossiers.lifecycle import FIRST
from motcua.errors import InputError, Problem
from motcua.law import VIETNAM
from motcua.store import Content

if TYPE_CHECKING:
    from motcua.dossiers.archive import Records


class SubmissionConflict(InputError):
    """The instanceID was received before with other bytes (DOS_001). ``code`` is the dossier that has it."""

    def __init__(self, code: str, instance_id: str) -> None:
        super().__init__(Problem("DOS_001", {"code": code, "instance": instance_id}))
        self.code = code


@dataclass(frozen=True, slots=True)
class Reception:
    """What `receive` did: the dossier, and whether this submission made it (else it was known already)."""

    dossier: Dossier
    is_new: bool


def receive(
    records: Records, *, procedure: str, form: FormVersion, instance_id: str, xml: bytes, now: datetime,
    files: Iterable[DocumentFile] = (), assessment: bytes | None = None, facts: bytes = b"{}",
    applicant: str | None = None, applicant_name: str = "", channel: str = "portal",
) -> Reception:
    """Make a dossier of a submission that has been checked; ready when the transaction commits.

    The same (form id, instanceID) with the same bytes gives the dossier it made before; with other bytes
    SubmissionConflict. ``now`` (aware) is the time of receipt and gives the code its day, in Vietnamese time.
    ``assessment`` and ``facts`` are JSON and are kept byte for byte. ``channel`` says how it came: portal,
    api, openrosa, desk.
    """
    digest = hashlib.sha256(xml).hexdigest()
    known = find_submission(records, form.id, instance_id)
    if known is not None:
        if any((sent.instance_id, sent.sha256) == (instance_id, digest) for sent in known.submissions):
            return Reception(known, is_new=False)
        raise SubmissionConflict(known.code, instance_id)
    at = now.astimezone(VIETNAM)
    dossier = Dossier(_new_code(records, at), procedure, applicant=applicant, applicant_name=applicant_name,
                      channel=channel, state=FIRST, received_at=at)
    dossier.submissions = (Submission(form, instance_id, at, digest, len(xml), Content(xml)),)
    dossier.files = tuple(files)
    if assessment is not None:
        dossier.receipts = (Receipt(at, facts, assessment),)
        dossier.summary = Summary.of(read_exact(assessment))
    dossier.journal.add(at, applicant or "motcua", "receive", _seals(dossier))
    _keep(records, dossier, instance_key(form.id, instance_id))
    return Reception(dossier, is_new=True)


def find_submission(records: Records, form_id: str, instance_id: str) -> Dossier | None:
    """The dossier that this instance of this form made, or None."""
    code = records.instances.get(instance_key(form_id, instance_id))
    return records.dossiers[code] if code is not None else None


def instance_key(form_id: str, instance_id: str) -> str:
    """The key under which a submission is known: neither part can hold a line break."""
    return f"{form_id}\n{instance_id}"


def _new_code(records: Records, at: datetime) -> str:
    """A code from this process's block; should the transaction not commit, the number is issued again."""
    codes, day = records.archive.codes, at.date()
    number = codes.take(day)
    while (code := format_code(codes.agency, day, number)) in records.dossiers:
        number = codes.take(day)
    unused = [number]  # a failed commit is followed by an abort: the number goes back at the first of them

    def give_back(committed: bool = False) -> None:
        if unused and not committed:
            codes.give_back(day, unused.pop())

    records.transaction.addAfterCommitHook(give_back)
    records.transaction.addAfterAbortHook(give_back)
    return code


def _seals(dossier: Dossier) -> dict[str, str]:
    """The digests of all that was received, so that the journal's chain covers them."""
    seals = {"submission": dossier.submission.sha256}
    for number, file in enumerate(dossier.files, start=1):
        seals[f"file:{number}:{file.name}"] = file.sha256
    for receipt in dossier.receipts:
        seals["assessment"] = receipt.assessment_json.sha256
        seals["facts"] = receipt.facts_json.sha256
    return seals


def _keep(records: Records, dossier: Dossier, key: str) -> None:
    records.connection.add(dossier)
    records.dossiers[dossier.code] = dossier
    records.instances[key] = dossier.code
    records.archive.read_model.follow(dossier)
