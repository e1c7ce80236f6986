"""Sign-offs: who approved which text of the rules, on which report, with which reasons.

A sign-off is written once. It holds the report it approved and the rule file itself, and is sealed onto the
sign-off before it, as the entries of a dossier's journal are: one that is altered, removed or inserted breaks
the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.errors import Problem, StoreError
from motcua.store import Packed, WriteOnce


class SignOff(WriteOnce):
    """One approval. ``rules`` is the digest of the approved rules, ``who`` an account's id, ``name`` its title then.

    ``draft`` names the draft and its version ("" for the rules in force). ``reasons`` are pairs: the id of what
    was acknowledged, and why. ``report`` is the JSON of the report, ``text`` the rule file.
    """

    number: int
    procedure: str
    rules: str
    draft: str
    at: datetime
    who: str
    name: str
    remark: str
    reasons: tuple[tuple[str, str], ...]
    report: Packed
    text: Packed
    previous: str
    seal: str

    def __init__(self, number: int, procedure: str, *, rules: str, draft: str, at: datetime, who: str, name: str,
                 remark: str, reasons: Sequence[tuple[str, str]], report: bytes, text: str, previous: str) -> None:
        self.number = number
        self.procedure = procedure
        self.rules = rules
        self.draft = draft
        self.at = at
        self.who = who
        self.name = name
        self.remark = remark
        self.reasons = tuple(reasons)
        self.report = Packed.of(report)
        self.text = Packed.of(text.encode())
        self.previous = previous
        self.seal = self.computed_seal()

    def computed_seal(self) -> str:
        """What the seal must be for this content."""
        content = [self.number, self.procedure, self.rules, self.draft, self.at.isoformat(), self.who, self.name,
                   self.remark, [list(pair) for pair in self.reasons], self.report.sha256, self.text.sha256,
                   self.previous]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    @property
    def is_sound(self) -> bool:
        """Whether seal, report and text are as they were written."""
        return self.seal == self.computed_seal() and _is_whole(self.report) and _is_whole(self.text)


class SignOffs(Persistent):
    """The sign-offs of every procedure, each procedure's in one chain."""

    procedures: OOBTree

    def __init__(self) -> None:
        self.procedures = OOBTree()

    def add(self, procedure: str, *, rules: str, at: datetime, who: str, name: str, report: bytes, text: str,
            draft: str = "", remark: str = "", reasons: Sequence[tuple[str, str]] = ()) -> SignOff:
        """Seal a new sign-off onto the procedure's chain. ``at`` is an aware time."""
        if at.utcoffset() is None:
            raise ValueError("a sign-off needs a time with its offset")
        if procedure not in self.procedures:
            self.procedures[procedure] = IOBTree()
        chain = self.procedures[procedure]
        number = chain.maxKey() + 1 if chain else 1
        previous = chain[number - 1].seal if chain else _origin(procedure)
        signed = SignOff(number, procedure, rules=rules, draft=draft, at=at, who=who, name=name, remark=remark,
                         reasons=reasons, report=report, text=text, previous=previous)
        chain[number] = signed
        return signed

    def get(self, procedure: str, number: int) -> SignOff | None:
        """The sign-off, or None."""
        found: SignOff | None = self.procedures.get(procedure, {}).get(number)
        return found

    def of(self, procedure: str) -> Iterator[SignOff]:
        """The procedure's sign-offs, oldest first."""
        yield from self.procedures.get(procedure, {}).values()

    def verify(self, procedure: str) -> tuple[Problem, ...]:
        """What is wrong with the chain (DOS_035 for the first broken sign-off); empty when all is well."""
        previous = _origin(procedure)
        for expected, signed in enumerate(self.of(procedure), start=1):
            if (signed.number, signed.previous) != (expected, previous) or not signed.is_sound:
                return (Problem("DOS_035", {"procedure": procedure, "number": expected}),)
            previous = signed.seal
        return ()


def _origin(procedure: str) -> str:
    return hashlib.sha256(procedure.encode()).hexdigest()


def _is_whole(packed: Packed) -> bool:
    try:
        packed.read()
    except StoreError:
        return False
    return True
