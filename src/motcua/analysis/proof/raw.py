"""A finding on its way: what one law version shows, before equal ones are joined and followers dropped."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from motcua.analysis.proof.digests import Rule
from motcua.analysis.proof.findings import Condition, Kind
from motcua.engine import Assessment
from motcua.errors import Place, RuleFault
from motcua.law import Interval, Text
from motcua.procedures import Intended, LawVersion

Answered = Assessment | RuleFault


@dataclass(frozen=True, slots=True)
class Question:
    """Facts that show a finding: those of ``parts`` with a law date of ``version``; ``shown`` is the engine's proof.

    ``point`` is what makes it so, where that can be told by some of the facts.
    """

    version: LawVersion
    parts: tuple[Any, ...]
    shown: Callable[[Answered], bool]
    point: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A finding of one law version.

    ``item`` is the rule judged. Where it depends on the law date it is ``dated``: a finding only if it is one in every
    law version. ``reads`` is all it rests on, ``decision`` the decision it belongs to. ``wishes`` make a better case
    to show, where there is one. ``bare`` are days on which the rule has no ground at all;
    ``together`` pairs of conclusions that rows which overlap rest on; ``through`` reported conclusions without which
    it would not be so; ``before`` the rows that always come before a row. A constant conclusion ``is_partial`` where
    some cases leave it open.
    """

    kind: Kind
    subject: str
    version: LawVersion
    item: Hashable
    text: Text
    fix: Text
    rules: tuple[Rule, ...]
    reads: frozenset[str]
    because: tuple[Condition, ...] = ()
    question: Question | None = None
    wishes: tuple[Any, ...] = ()
    dated: bool = False
    decision: str = ""
    cite: str = ""
    place: Place | None = None
    bare: Interval | None = None
    together: frozenset[frozenset[str]] = frozenset()
    through: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Equal findings of several law versions as one, with the note of the rule file that says it is intended.

    ``also`` are subjects of findings that have the same cause.
    """

    raw: Raw
    versions: tuple[str, ...]
    raws: tuple[Raw, ...] = ()
    rules: str = ""
    note: Intended | None = None
    is_stale: bool = False
    also: tuple[str, ...] = ()
