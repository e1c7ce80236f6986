"""A mapping for keys that many processes insert at once.

One big BTree would be a hot spot while it is small: all writers share its few buckets, and a bucket that
splits cannot be merged with another writer's insert. Here keys are spread by their SHA-256 over a fixed
number of trees, made beforehand, so that two writers seldom meet; when they do, BTrees merge the inserts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Generic, TypeVar

from BTrees.OOBTree import OOBTree
from persistent import Persistent

Value = TypeVar("Value")

#: 256 trees: of 8 writers any two meet once in 9 rounds, and only a split at that moment is a conflict.
DEFAULT_COUNT = 256


class Shards(Persistent, Generic[Value]):
    """Text key → value, without a place that every insert writes. Iteration is in no useful order."""

    trees: tuple[OOBTree, ...]

    def __init__(self, count: int = DEFAULT_COUNT) -> None:
        self.trees = tuple(OOBTree() for _ in range(count))

    def _tree(self, key: str) -> OOBTree:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()  # a key from outside may be no text
        return self.trees[int.from_bytes(digest[:8], "big") % len(self.trees)]

    def __getitem__(self, key: str) -> Value:
        value: Value = self._tree(key)[key]
        return value

    def get(self, key: str) -> Value | None:
        """The value, or None where there is none."""
        value: Value | None = self._tree(key).get(key)
        return value

    def __contains__(self, key: str) -> bool:
        return key in self._tree(key)

    def insert(self, key: str, value: Value) -> bool:
        """Add a new key; False, and nothing changed, where the key is taken."""
        return bool(self._tree(key).insert(key, value))

    def __setitem__(self, key: str, value: Value) -> None:
        self._tree(key)[key] = value

    def __delitem__(self, key: str) -> None:
        del self._tree(key)[key]

    def __len__(self) -> int:
        return sum(len(tree) for tree in self.trees)

    def __iter__(self) -> Iterator[str]:
        for tree in self.trees:
            yield from tree.keys()

    def values(self) -> Iterator[Value]:
        """Every value, one tree after another."""
        for tree in self.trees:
            yield from tree.values()
