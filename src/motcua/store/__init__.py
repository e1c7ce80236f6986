"""ZODB by URI, evolution steps, and the SQL read model.

In flow a URI and a `Schema` (what lies in the root, how old databases are brought up to date, what the
lists show); out flows a `Database`: the record and its lists. Nothing here knows what a dossier is.
"""

from motcua.store.database import Database, furnish, open_database, open_zodb
from motcua.store.opening import Opening, read_uri
from motcua.store.read_model import Projection, ReadModel
from motcua.store.schema import Schema, Step, evolve, root_of
from motcua.store.shards import Shards
from motcua.store.transactions import run_in_transaction
from motcua.store.write_once import Content, Packed, WriteOnce

__all__ = [
    "Content",
    "Database",
    "Opening",
    "Packed",
    "Projection",
    "ReadModel",
    "Schema",
    "Shards",
    "Step",
    "WriteOnce",
    "evolve",
    "furnish",
    "open_database",
    "open_zodb",
    "read_uri",
    "root_of",
    "run_in_transaction",
]
