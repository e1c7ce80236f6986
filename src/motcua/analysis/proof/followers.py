"""Which findings are told: the roots. What only follows from another open finding would send its reader astray."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from motcua.analysis.proof.raw import Draft
from motcua.procedures import Always, Row

#: Findings that switch a rule off: facts that only it reads do not matter because of that.
_SILENCING = frozenset(("never_fails", "never_met", "constant", "always_asked", "never_asked", "dead_row",
                        "contradiction", "repealed_citation", "unused_fact"))
_OF_ONE = ("never_fails", "never_met", "always_asked", "never_asked")
_JOINED = ("overlap", "gap", "constant", "dead_row", *_OF_ONE)
_OF_TABLES = ("repealed_citation", "dead_row", "overlap", "gap")


def leaders(drafts: Sequence[Draft]) -> list[Draft]:
    """The findings to tell, in the same order; those with a valid note are kept and lead nothing."""
    open_ = [draft for draft in drafts if draft.note is None]
    constant = {draft.raw.subject for draft in open_ if draft.raw.kind == "constant"}
    repealed = {draft.raw.subject for draft in open_ if draft.raw.kind == "repealed_citation"}
    followers = [draft for draft in open_ if _is_silenced(draft, drafts) or _is_repealed(draft, repealed)
                 or (draft.raws and all(raw.through & constant for raw in draft.raws))
                 or any(_follows(draft, other) for other in open_ if other is not draft)]
    return [draft for draft in drafts if draft not in followers]


def same_causes(drafts: Sequence[Draft], is_among: Callable[[Draft, Draft], bool]) -> list[Draft]:
    """Open findings with one cause as one, which names the others.

    Rows overlap for one cause where the same two conclusions, that should exclude each other, let them; ``is_among``
    tells whether every case of a finding is one of another too. What can never be, has one cause where one condition
    has its part in each.
    """
    told: list[Draft] = []
    for draft in sorted(drafts, key=lambda each: each.note is not None):
        if draft.note is None and draft.raw.kind in _JOINED:
            lead = next((place for place, other in enumerate(told) if _one_cause(draft, other, is_among)), None)
            if lead is not None:
                told[lead] = replace(told[lead], also=(*told[lead].also, draft.raw.subject))
                continue
        told.append(draft)
    order = [draft.raw for draft in drafts]
    return sorted(told, key=lambda each: order.index(each.raw))


def _one_cause(draft: Draft, other: Draft, is_among: Callable[[Draft, Draft], bool]) -> bool:
    if other.note is not None or other.raw.kind != draft.raw.kind:
        return False
    if draft.raw.decision == other.raw.decision and draft.raw.before & other.raw.before:
        return True
    if draft.raw.kind not in ("overlap", "gap"):
        return any(each in other.raw.because for each in draft.raw.because)
    if draft.raw.together & other.raw.together:
        return True
    return draft.raw.decision != other.raw.decision and (is_among(draft, other) or is_among(other, draft))


def _is_silenced(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """A fact that does not matter because what reads it is reported itself."""
    return draft.raw.kind == "unused_fact" and any(
        other is not draft and draft.raw.subject in other.raw.reads
        and (other.raw.kind in _SILENCING or not other.raw.decision
             or (other.raw.kind == "overlap" and other.note is None)) for other in drafts)


def _is_repealed(draft: Draft, repealed: Collection[str]) -> bool:
    """Cases without an answer in a table that should have ended: each of its rows outlives its ground."""
    raw = draft.raw
    return raw.kind == "gap" and bool(raw.decision) and all(
        f"{raw.decision}/{row.id}" in repealed for row in raw.rules if isinstance(row, Row))


def _follows(draft: Draft, other: Draft) -> bool:
    """Whether one finding is but a consequence of the other, in the same law versions."""
    one, root = draft.raw, other.raw
    if root.rules and isinstance(root.rules[0], Always):
        return any(each in root.because for each in one.because)
    if one.kind == "constant" and one.is_partial:
        return root.kind == "gap" and one.subject in root.reads and bool(set(draft.versions) & set(other.versions))
    if one.kind in _OF_ONE:
        # what cannot be answered in some case is neither always so nor never
        return root.kind == "gap" and any(raw.item == one.item for raw in other.raws) and bool(
            set(draft.versions) & set(other.versions))
    if draft.is_stale and not other.is_stale and one.decision == root.decision and set(one.rules) & set(root.rules):
        return True  # a note about rows of which one is odd by itself: with that row mended, the note may hold again
    if one.kind not in _OF_TABLES or not set(draft.versions) & set(other.versions) or not one.decision:
        return False
    if root.decision == one.decision:
        return root.kind in _OF_TABLES and _OF_TABLES.index(root.kind) < _OF_TABLES.index(one.kind)
    if root.decision:
        # a decision above; of two with a conclusion in common, the first is told
        return root.decision in one.reads
    return root.kind == "gap" and root.subject in one.reads
