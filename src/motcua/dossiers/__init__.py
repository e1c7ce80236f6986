"""Dossiers: documents, lifecycle, journal, codes, accounts and the services on them.

In flow checked submissions, drafts and people; out flow dossiers that are kept for decades, and lists of
them. Services are functions on `Records` (what is kept, through one connection) and take what they need as
arguments: no request, no settings. Who may do a thing is asked in `motcua.web`, whether it can be done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.dossiers.accounts import (
    ROLES,
    Account,
    AccountRefused,
    account_id,
    add_account,
    authenticate,
    set_password,
)
from motcua.dossiers.archive import SCHEMA, Archive, Records, open_archive
from motcua.dossiers.case_running import (
    SYSTEM,
    CaseChange,
    CaseOutcome,
    RunDifference,
    StaleCase,
    cases_of,
    confirm,
    difference,
    run_after_changes,
    run_case,
    run_cases,
    stale_cases,
)
from motcua.dossiers.case_runs import CaseResult, CaseRun, CaseRuns, Confirmation, KeptCase
from motcua.dossiers.dossier import (
    DocumentFile,
    Dossier,
    FormVersion,
    Receipt,
    Submission,
    Summary,
)
from motcua.dossiers.drafts import (
    DRAFT_LIFE,
    Draft,
    DraftConflict,
    DraftSent,
    DraftUnknown,
    adopt_draft,
    begin_draft,
    close_draft,
    drafts_of,
    find_draft,
    purge_drafts,
    purge_expired,
    remove_draft,
    save_draft,
)
from motcua.dossiers.filing import (
    RECEIVED_ON,
    Examination,
    compare_documents,
    examine,
    facts_json,
    file_dossier,
    received_before,
    received_facts,
    upload_places,
)
from motcua.dossiers.journal import Journal, JournalEntry
from motcua.dossiers.law_drafts import LARGEST_TEXT, DraftVersion, LawDraft, LawDrafts
from motcua.dossiers.lifecycle import (
    STATES,
    TRANSITIONS,
    State,
    Transition,
    TransitionRefused,
    move,
    possible,
)
from motcua.dossiers.listing import Line, Page, count, page
from motcua.dossiers.reception import Reception, SubmissionConflict, find_submission, receive
from motcua.dossiers.scenario_shelf import KEPT_GRID, MOST_CASES, Grid, ScenarioShelf, ShelvedScenario
from motcua.dossiers.signoffs import SignOff, SignOffs
from motcua.dossiers.stored_facts import StoredFacts, stored_facts
from motcua.dossiers.throttling import GuessingBrake, Throttle
from motcua.law import VIETNAM, fold

if TYPE_CHECKING:
    from pyramid.config import Configurator

__all__ = [
    "DRAFT_LIFE",
    "KEPT_GRID",
    "LARGEST_TEXT",
    "MOST_CASES",
    "RECEIVED_ON",
    "ROLES",
    "SCHEMA",
    "STATES",
    "SYSTEM",
    "TRANSITIONS",
    "VIETNAM",
    "Account",
    "AccountRefused",
    "Archive",
    "CaseChange",
    "CaseOutcome",
    "CaseResult",
    "CaseRun",
    "CaseRuns",
    "Confirmation",
    "DocumentFile",
    "Dossier",
    "Draft",
    "DraftConflict",
    "DraftSent",
    "DraftUnknown",
    "DraftVersion",
    "Examination",
    "FormVersion",
    "Grid",
    "GuessingBrake",
    "Journal",
    "JournalEntry",
    "KeptCase",
    "LawDraft",
    "LawDrafts",
    "Line",
    "Page",
    "Receipt",
    "Reception",
    "Records",
    "RunDifference",
    "ScenarioShelf",
    "ShelvedScenario",
    "SignOff",
    "SignOffs",
    "StaleCase",
    "State",
    "StoredFacts",
    "Submission",
    "SubmissionConflict",
    "Summary",
    "Throttle",
    "Transition",
    "TransitionRefused",
    "account_id",
    "add_account",
    "adopt_draft",
    "authenticate",
    "begin_draft",
    "cases_of",
    "close_draft",
    "compare_documents",
    "confirm",
    "count",
    "difference",
    "drafts_of",
    "examine",
    "facts_json",
    "file_dossier",
    "find_draft",
    "find_submission",
    "fold",
    "includeme",
    "move",
    "open_archive",
    "page",
    "possible",
    "purge_drafts",
    "purge_expired",
    "receive",
    "received_before",
    "received_facts",
    "remove_draft",
    "run_after_changes",
    "run_case",
    "run_cases",
    "save_draft",
    "set_password",
    "stale_cases",
    "stored_facts",
    "upload_places",
]


def includeme(config: Configurator) -> None:
    """Open the archive for a Pyramid application; see `motcua.dossiers.configuration`."""
    from motcua.dossiers import configuration  # only a web application loads Pyramid

    configuration.includeme(config)
