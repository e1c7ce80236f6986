"""Objects that are written once and never again: received bytes, receipts, files."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any

from persistent import Persistent

from motcua.errors import Problem, StoreError


class WriteOnce(Persistent):
    """A record whose attributes can be set when it is made and never after.

    Evolution steps that must rewrite such a record replace it by a new one.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith(("_p_", "_v_")) and name in self.__dict__:
            raise AttributeError(f"{type(self).__name__}.{name} is written once")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if not name.startswith(("_p_", "_v_")):
            raise AttributeError(f"{type(self).__name__}.{name} is written once")
        super().__delattr__(name)


@dataclass(frozen=True)
class Packed:
    """Bytes kept compressed and given back exactly. Stored by field names (no slots)."""

    compressed: bytes
    sha256: str
    size: int

    @classmethod
    def of(cls, data: bytes) -> Packed:
        """Pack ``data``."""
        return cls(zlib.compress(data, 6), hashlib.sha256(data).hexdigest(), len(data))

    def read(self) -> bytes:
        """The bytes as they were given; StoreError STORE_004 if they are no longer the same."""
        try:
            data = zlib.decompress(self.compressed)
        except zlib.error:
            data = b""
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise StoreError(Problem("STORE_004", {"sha256": self.sha256}))
        return data


class Content(WriteOnce):
    """Packed bytes as a record of their own, so that what refers to them is small and lists never load them."""

    packed: Packed

    def __init__(self, data: bytes) -> None:
        self.packed = Packed.of(data)

    def read(self) -> bytes:
        """The bytes; see `Packed.read`."""
        return self.packed.read()
