"""The archive: the opened database with what one process holds beside it, and the records in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from BTrees.OOBTree import OOBTree
from persistent.mapping import PersistentMapping
from transaction.interfaces import ITransaction
from ZODB.Connection import Connection

from motcua.dossiers.accounts import Account
from motcua.dossiers.case_runs import CaseRuns
from motcua.dossiers.codes import Codes
from motcua.dossiers.dossier import Dossier
from motcua.dossiers.drafts import Draft
from motcua.dossiers.law_drafts import LawDrafts
from motcua.dossiers.listing import PROJECTION
from motcua.dossiers.scenario_shelf import ScenarioShelf, put_cases_into_grids
from motcua.dossiers.signoffs import SignOffs
from motcua.dossiers.stored_facts import FACTS
from motcua.store import Database, ReadModel, Schema, Shards, Step, open_database, root_of

Result = TypeVar("Result")

#: The agency of development set-ups; settings say the real one (``motcua.agency``).
DEFAULT_AGENCY = "MTC"


def _add_law_drafts(root: PersistentMapping) -> None:
    root["law drafts"], root["sign-offs"] = LawDrafts(), SignOffs()


def _add_grids_and_runs(root: PersistentMapping) -> None:
    put_cases_into_grids(root["scenarios"])
    root["case runs"] = CaseRuns()


#: What motcua keeps, the steps that bring an old database up to date, and what its lists show.
SCHEMA = Schema(
    parts=MappingProxyType({
        "dossiers": Shards,      # code → Dossier
        "instances": Shards,     # form id, line break, instanceID → code
        "drafts": Shards,        # draft id → Draft
        "drafts_of": Shards,     # account id → OOTreeSet of draft ids
        "accounts": Shards,      # account id → Account
        "numbers": OOBTree,      # ISO day → DayNumbers
        "scenarios": ScenarioShelf,
        "case runs": CaseRuns,
        "law drafts": LawDrafts,
        "sign-offs": SignOffs,
    }),
    steps=(Step("law drafts and sign-offs", _add_law_drafts),
           Step("grids of cases", _add_grids_and_runs)),
    projections=(PROJECTION, FACTS),
)


class Archive:
    """One process's hold on the database: record, lists, and the dossier codes it may issue.

    Make it after forking. Threads share it; each works on records of its own connection.
    """

    def __init__(self, database: Database, agency: str = DEFAULT_AGENCY) -> None:
        self.database = database
        self.codes = Codes(database, agency)

    @property
    def read_model(self) -> ReadModel:
        """The lists."""
        return self.database.read_model

    def run(self, work: Callable[[Records], Result], attempts: int = 10, note: str | None = None) -> Result:
        """Run ``work(records)`` in a transaction of its own, retried on conflict (commands, workers)."""
        return self.database.run(lambda connection: work(Records(connection, self)), attempts, note)

    def close(self) -> None:
        """Close the database; numbers not issued are left out."""
        self.database.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Records:
    """What is kept, seen through one connection within its transaction; services take this."""

    def __init__(self, connection: Connection, archive: Archive) -> None:
        self.connection = connection
        self.archive = archive
        self.root = root_of(connection)
        self.dossiers: Shards[Dossier] = self.root["dossiers"]
        self.instances: Shards[str] = self.root["instances"]
        self.drafts: Shards[Draft] = self.root["drafts"]
        self.drafts_of: Shards[Any] = self.root["drafts_of"]
        self.accounts: Shards[Account] = self.root["accounts"]
        self.scenarios: ScenarioShelf = self.root["scenarios"]
        self.case_runs: CaseRuns = self.root["case runs"]
        self.law_drafts: LawDrafts = self.root["law drafts"]
        self.signoffs: SignOffs = self.root["sign-offs"]

    @property
    def transaction(self) -> ITransaction:
        """The transaction under way."""
        return self.connection.transaction_manager.get()


def open_archive(uri: str | None = None, *, data_dir: Path | str | None = None, agency: str = DEFAULT_AGENCY,
                 lists: str | None = None) -> Archive:
    """Open (or make) the archive at ``uri``; arguments and errors as for `motcua.store.open_database`."""
    return Archive(open_database(uri, data_dir=data_dir, schema=SCHEMA, lists=lists), agency)
