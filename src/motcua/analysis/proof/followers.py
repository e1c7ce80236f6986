"""Which findings are told: the roots. What only follows from another open finding would send its reader astray."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.analysis.proof.raw import Draft

#: Findings that switch a rule off: facts that only it reads do not matter because of that.
_SILENCING = frozenset(("never_fails", "never_met", "constant", "always_asked", "never_asked", "dead_row",
                        "contradiction", "repealed_citation", "unused_fact"))
_OF_TABLES = ("repealed_citation", "dead_row", "overlap", "gap")


def leaders(drafts: Sequence[Draft]) -> list[Draft]:
    """The findings to tell, in the same order; those with a valid note are kept and lead nothing."""
    open_ = [draft for draft in drafts if draft.note is None]
    followers = [draft for draft in open_ if _is_silenced(draft, drafts)
                 or any(_follows(draft, other) for other in open_ if other is not draft)]
    return [draft for draft in drafts if draft not in followers]


def _is_silenced(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """A fact that does not matter because what reads it is reported itself."""
    return draft.raw.kind == "unused_fact" and any(
        other is not draft and other.raw.kind in _SILENCING and draft.raw.subject in other.raw.reads
        for other in drafts)


def _follows(draft: Draft, other: Draft) -> bool:
    """Whether one finding is but a consequence of the other, in the same law versions."""
    one, root = draft.raw, other.raw
    if one.kind not in _OF_TABLES or not set(draft.versions) & set(other.versions) or not one.decision:
        return False
    if root.decision == one.decision:
        return root.kind in _OF_TABLES and _OF_TABLES.index(root.kind) < _OF_TABLES.index(one.kind)
    if root.decision:
        # a decision above; of two with a conclusion in common, the first is told
        return root.decision in one.reads
    return root.kind == "gap" and root.subject in one.reads
