"""Draft law: rule files that officers write on the bench, with every version that was saved.

A draft is text and nothing more: it is kept whether or not it can be read as rules, and never used for a
submission. Whoever may test may save a further version; each says whose it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.errors import InputError, Problem
from motcua.store import Packed, WriteOnce

#: Octets of one version in UTF-8: eight times the largest rule file there is.
LARGEST_TEXT: Final = 512 * 1024
#: Drafts of one procedure, and versions of one draft.
MOST_DRAFTS: Final = 100
MOST_VERSIONS: Final = 500
LONGEST_NAME: Final = 60

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class DraftVersion(WriteOnce):
    """The draft as it was saved once: ``number`` counts from 1, ``author`` is an account's id.

    ``problems`` says how many errors it had then.
    """

    number: int
    content: Packed
    further: Packed
    problems: int
    author: str
    at: datetime

    def __init__(self, number: int, text: str, register: str, *, problems: int, author: str, at: datetime) -> None:
        self.number = number
        self.content = Packed.of(text.encode())
        self.further = Packed.of(register.encode())
        self.problems = problems
        self.author = author
        self.at = at

    @property
    def text(self) -> str:
        """The rule file as it was saved."""
        return self.content.read().decode()

    @property
    def register(self) -> str:
        """The legal texts it cites that the register does not have yet, as a register; often empty."""
        return self.further.read().decode()


class LawDraft(Persistent):
    """One draft of a procedure's rules; ``author`` is who began it.

    ``copied`` is the SHA-256 of the rules in force with which it began, "" where it began with a text of its author.
    """

    procedure: str
    name: str
    author: str
    begun_at: datetime
    versions: IOBTree
    copied: str = ""

    def __init__(self, procedure: str, name: str, author: str, at: datetime) -> None:
        self.procedure = procedure
        self.name = name
        self.author = author
        self.begun_at = at
        self.versions = IOBTree()

    @property
    def latest(self) -> DraftVersion:
        """The version saved last."""
        version: DraftVersion = self.versions[self.versions.maxKey()]
        return version

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote versions of it, the first first."""
        return tuple(dict.fromkeys((self.author, *(each.author for each in self.versions.values()))))

    @property
    def digests(self) -> frozenset[str]:
        """The SHA-256 of every text that was written in it: that of the rules it began with is not."""
        return frozenset(each.content.sha256 for each in self.versions.values()) - {self.copied}

    def save(self, text: str, register: str = "", *, problems: int = 0, author: str, at: datetime) -> DraftVersion:
        """Keep ``text``, with further legal texts, as the next version; what is unchanged makes none.

        InputError DOS_031 (too large), DOS_033 (too many versions).
        """
        size = len(text.encode()) + len(register.encode())
        if size > LARGEST_TEXT:
            raise InputError(Problem("DOS_031", {"most": LARGEST_TEXT // 1024, "size": size // 1024}))
        if self.versions and (self.latest.text, self.latest.register) == (text, register):
            return self.latest
        if len(self.versions) >= MOST_VERSIONS:
            raise InputError(Problem("DOS_033", {"most": MOST_VERSIONS}))
        number = self.versions.maxKey() + 1 if self.versions else 1
        version = self.versions[number] = DraftVersion(number, text, register, problems=problems, author=author,
                                                       at=at)
        # written itself, so that whoever takes it away at this moment meets this and looks again
        self._p_changed = True
        return version


class LawDrafts(Persistent):
    """The drafts of every procedure; ``writers`` remembers who wrote texts of drafts that were taken away."""

    procedures: OOBTree
    writers: OOBTree

    def __init__(self) -> None:
        self.procedures = OOBTree()
        self.writers = OOBTree()

    def begin(self, procedure: str, name: str, text: str, register: str = "", *, problems: int = 0, author: str,
              at: datetime, is_copy: bool = False) -> LawDraft:
        """A new draft with its first version; ``is_copy``: of the rules in force, which its author did not write.

        InputError DOS_030 (a name that is no address), DOS_032 (the name is taken), DOS_034 (too many
        drafts), and as `LawDraft.save`.
        """
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise InputError(Problem("DOS_030", {"most": LONGEST_NAME}))
        drafts = self.procedures.get(procedure, {})
        if name in drafts:
            raise InputError(Problem("DOS_032", {"name": name}))
        if len(drafts) >= MOST_DRAFTS:
            raise InputError(Problem("DOS_034", {"most": MOST_DRAFTS}))
        draft = LawDraft(procedure, name, author, at)
        version = draft.save(text, register, problems=problems, author=author, at=at)
        if is_copy:
            draft.copied = version.content.sha256
        if procedure not in self.procedures:
            self.procedures[procedure] = OOBTree()
        self.procedures[procedure][name] = draft
        return draft

    def get(self, procedure: str, name: str) -> LawDraft | None:
        """The draft, or None."""
        found: LawDraft | None = self.procedures.get(procedure, {}).get(name)
        return found

    def of(self, procedure: str) -> Iterator[LawDraft]:
        """The procedure's drafts, by name."""
        yield from self.procedures.get(procedure, {}).values()

    def writers_of(self, procedure: str, text: str) -> tuple[str, ...]:
        """Who wrote this text, or versions of the draft it comes from; also where the draft is there no more."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        found = [author for draft in self.of(procedure) if sha256 in draft.digests for author in draft.authors]
        return tuple(dict.fromkeys([*found, *self.writers.get((procedure, sha256), ())]))

    def remove(self, procedure: str, name: str) -> None:
        """Take a draft away with all its versions; KeyError where there is none. Who wrote what stays known."""
        draft: LawDraft = self.procedures[procedure][name]
        for sha256 in draft.digests:
            before = self.writers.get((procedure, sha256), ())
            self.writers[procedure, sha256] = tuple(dict.fromkeys([*before, *draft.authors]))
        draft._p_changed = True
        del self.procedures[procedure][name]
