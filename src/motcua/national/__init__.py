"""Records of the national database on administrative procedures, as draft rule files.

In: an export of the database, one JSON object a line, its tables flattened to text. Out: `Record` values with their
papers, time limits, fees and legal texts told apart, and for each a rule file in which a rule author turns the
conditions into requirements.
"""

from motcua.national.drafting import Draft, draft_of, write_drafts
from motcua.national.records import Channel, Paper, PaperGroup, Record, read_records

__all__ = [
    "Channel",
    "Draft",
    "Paper",
    "PaperGroup",
    "Record",
    "draft_of",
    "read_records",
    "write_drafts",
]
