"""From bytes to dossier: the one way of a submission, by whatever channel it comes.

::

    bytes → Instance → FormReport → facts → Assessment → Dossier
            parse      check        extract  check        receive

`examine` judges and stores nothing, so the page before sending and the sending itself say the same.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from motcua.conditions import Value, to_json
from motcua.dossiers.dossier import DocumentFile, FormVersion
from motcua.dossiers.reception import Reception, find_submission, receive
from motcua.engine import Assessment, assess
from motcua.errors import InputError, MotcuaError, Problem
from motcua.forms import (
    Clock,
    Extraction,
    FormReport,
    Instance,
    SubmissionError,
    check,
    extract,
    parse_submission,
)
from motcua.law import VIETNAM
from motcua.procedures import out_of_bounds

if TYPE_CHECKING:
    from motcua.catalogue import CheckedProcedure
    from motcua.dossiers.archive import Records
    from motcua.dossiers.dossier import Dossier
    from motcua.forms import Form
    from motcua.procedures import Procedure

log = logging.getLogger("motcua.dossiers")

#: The day of receipt: the office sets it, whatever a form says.
RECEIVED_ON = "filing.received_on"
_AS_THEY_ARE = frozenset({bool, str})


@dataclass(frozen=True, slots=True)
class Examination:
    """What a submission is, found without storing anything.

    ``errors`` hold all that keeps it from being received: of the form, of facts that the rules cannot take,
    of documents the rules ask for and nobody attached. ``assessment`` is None where there are no facts to
    assess, or where the rules could not answer (then an alert is logged). ``extra_documents`` came without
    being asked for and are kept.
    """

    form: Form
    xml: bytes
    instance_id: str
    report: FormReport
    extraction: Extraction | None
    facts: Mapping[str, Value]
    assessment: Assessment | None
    errors: tuple[SubmissionError, ...]
    missing_documents: tuple[str, ...] = ()
    extra_documents: tuple[str, ...] = ()

    @property
    def acceptable(self) -> bool:
        """Whether it can be received; an outcome other than eligible does not prevent that."""
        return not self.errors


def examine(
    checked: CheckedProcedure, xml: bytes, now: datetime, files: Mapping[str, str] | None = None
) -> Examination:
    """Examine a submission to ``checked`` as received ``now``; ``files``: name → media type of what came with it.

    Raises:
        InputError: DOS_020 the procedure has no form, SUB_*: the XML cannot be read at all.
    """
    form = checked.form
    if form is None:
        raise InputError(Problem("DOS_020", {"procedure": checked.procedure.title}))
    instance = parse_submission(xml)
    report = check(form, instance, Clock(now), files or {})
    if report.pruned is None:
        return Examination(form, xml, instance.instance_id or "", report, None, {}, None, report.errors)
    extraction = extract(form, report.pruned, checked.procedure)
    facts = received_facts(checked.procedure, extraction.facts, now)
    assessment, refused = _assess(checked.procedure, facts, extraction, now.astimezone(VIETNAM).date())
    missing, extra = compare_documents(assessment, extraction.documents)
    unattached = tuple(_unattached(form, assessment, missing)) if assessment is not None else ()
    later = (*_unnamed(instance), *extraction.errors, *refused, *unattached)
    told = {error.path for error in report.errors}  # one message a question: the form's own comes first
    errors = (*report.errors, *(error for error in later if error.path not in told or error.path == "/"))
    return Examination(
        form, xml, instance.instance_id or "", report, extraction, facts, assessment, errors, missing, extra
    )


def _unnamed(instance: Instance) -> tuple[SubmissionError, ...]:
    """Without an instanceID a repeated sending could not be told from a second dossier."""
    if instance.instance_id is not None:
        return ()
    return (_error("/meta/instanceID", "missing", Problem("DOS_023")),)


def received_facts(procedure: Procedure, facts: Mapping[str, Value], now: datetime) -> dict[str, Value]:
    """The facts as of their receipt: the day of receipt is the office's, not what the applicant sent."""
    received = {RECEIVED_ON: now.astimezone(VIETNAM).date()} if RECEIVED_ON in procedure.facts else {}
    return {**facts, **received}


def compare_documents(
    assessment: Assessment | None, attached: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents asked for and not attached, and those attached and not asked for."""
    if assessment is None:
        return (), ()
    states = {finding.id: finding.state for finding in assessment.document_details}
    missing = tuple(name for name, state in states.items() if state == "needed" and name not in attached)
    return missing, tuple(name for name in attached if states.get(name, "not_needed") == "not_needed")


def file_dossier(
    records: Records,
    checked: CheckedProcedure,
    examination: Examination,
    *,
    now: datetime,
    files: Sequence[DocumentFile] = (),
    applicant: str | None = None,
    applicant_name: str = "",
    channel: str = "portal",
) -> Reception:
    """Receive what was examined; see `receive` for repeats.

    Raises:
        InputError: DOS_021, it is not acceptable.
        SubmissionConflict: its instanceID was received with other bytes.
    """
    if not examination.acceptable:
        raise InputError(Problem("DOS_021", {"count": len(examination.errors)}))
    form = examination.form
    answer = examination.assessment
    return receive(
        records,
        procedure=checked.id,
        form=FormVersion(form.id, form.version, form.digest),
        instance_id=examination.instance_id,
        xml=examination.xml,
        now=now,
        files=files,
        assessment=None if answer is None else json_bytes(answer.to_json()),
        facts=json_bytes(facts_json(checked.procedure, examination.facts)),
        applicant=applicant,
        applicant_name=applicant_name,
        channel=channel,
    )


def received_before(records: Records, examination: Examination) -> Dossier | None:
    """The dossier that the same bytes made before, or None.

    A repeat is answered like the first time, also where the law or the form has changed since.
    """
    known = find_submission(records, examination.form.id, examination.instance_id)
    digest = sha256(examination.xml).hexdigest()
    is_same = known is not None and any(sent.sha256 == digest for sent in known.submissions)
    return known if is_same else None


def facts_json(procedure: Procedure, facts: Mapping[str, Value]) -> dict[str, Any]:
    """Typed facts as JSON values in the facts' units."""
    return {name: value if value.__class__ in _AS_THEY_ARE else to_json(procedure.facts[name].type, value)
            for name, value in facts.items()}


def json_bytes(value: Any) -> bytes:
    """JSON as it is kept: UTF-8, without spaces, keys in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _assess(
    procedure: Procedure, facts: Mapping[str, Value], extraction: Extraction, day: date
) -> tuple[Assessment | None, tuple[SubmissionError, ...]]:
    problems = out_of_bounds(procedure, facts)
    if not problems:
        try:
            return assess(procedure, facts, on=day), ()
        except InputError as error:
            problems = list(error.problems)
        except MotcuaError as error:
            _alert(procedure, error)
    return None, tuple(_error(_origin(problem, extraction), "constraint", problem) for problem in problems)


def _alert(procedure: Procedure, error: MotcuaError) -> None:
    """The rules gave no answer, which is ours to mend: the submission is received all the same, unassessed."""
    codes = [problem.code for problem in error.problems]
    log.error("no assessment", extra={"fields": {
        "message": "no assessment", "procedure": procedure.id, "rules": procedure.digest, "codes": codes}})


def _origin(problem: Problem, extraction: Extraction) -> str:
    """The node that gave the fact a problem is about, or the whole submission."""
    named = problem.place.field if problem.place is not None else None
    return extraction.origins.get(named or "", "/")


def _unattached(form: Form, assessment: Assessment, missing: Sequence[str]) -> Iterator[SubmissionError]:
    places = {document: path for path, document in upload_places(form)}
    for name in missing:
        if name in places:  # a paper the form has no question for cannot be attached: it is only named
            title = next(finding.title for finding in assessment.document_details if finding.id == name)
            yield _error(places[name], "missing", Problem("DOS_022", {"document": title, "id": name}))


@lru_cache(maxsize=64)
def upload_places(form: Form) -> tuple[tuple[str, str], ...]:
    """The path of each upload question with the document it is for."""
    binds = ((path, definition.bind) for path, definition in form.definitions.items())
    return tuple((path, bind.attributes["document"]) for path, bind in binds
                 if bind is not None and bind.attributes.get("document"))


def _error(path: str, kind: str, problem: Problem) -> SubmissionError:
    return SubmissionError(path, kind, problem.message("vi"), problem.message("en"))
