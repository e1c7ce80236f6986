"""Slowing down whoever guesses passwords, or asks for too much: in the memory of the process, of bounded size."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, deque

from motcua.dossiers.accounts import LONGEST_TYPED_NAME, account_id

#: Wrong passwords for one account, or from one address, within five minutes.
MOST_FOR_ACCOUNT, MOST_FROM_ADDRESS = 5, 30


class Throttle:
    """At most ``limit`` failures, or other things that cost us, of one key (an account's id, an address) within
    ``window`` seconds.

    Keys beyond ``capacity`` push out the one longest unused; they are kept as digests, so that a long key costs
    no more than a short one. Times are monotonic seconds given by the caller.
    """

    def __init__(self, limit: int = 5, window: float = 300.0, capacity: int = 10_000) -> None:
        self.limit = limit
        self.window = window
        self.capacity = capacity
        self._failures: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, now: float) -> float:
        """Seconds until this key may try again; 0.0 if it may now."""
        with self._lock:
            failures = self._recent(key, now)
            return max(0.0, failures[0] + self.window - now) if len(failures) >= self.limit else 0.0

    def failed(self, key: str, now: float) -> None:
        """Note a failure."""
        with self._lock:
            kept = _digest(key)
            failures = self._failures.setdefault(kept, deque(maxlen=self.limit))
            failures.append(now)
            self._failures.move_to_end(kept)
            if len(self._failures) > self.capacity:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key that has shown who it is."""
        with self._lock:
            self._failures.pop(_digest(key), None)

    def _recent(self, key: str, now: float) -> deque[float]:
        failures = self._failures.get(_digest(key))
        if failures is None:
            return deque()
        while failures and failures[0] <= now - self.window:
            failures.popleft()
        return failures


class GuessingBrake:
    """Slows down guessing at one door: the same account from anywhere, and any accounts from one address.

    ``name`` is the account's name as typed, in any of the ways `account_id` takes for the same one. An address
    that is not known ("") is not counted: it would be everybody's.
    """

    def __init__(self) -> None:
        self._by_account = Throttle(MOST_FOR_ACCOUNT)
        self._by_address = Throttle(MOST_FROM_ADDRESS)

    def is_on(self, name: str, address: str, now: float) -> bool:
        """Whether this account or this address must wait."""
        return bool(self._by_account.wait(_key_of(name), now) or (address and self._by_address.wait(address, now)))

    def failed(self, name: str, address: str, now: float) -> None:
        """Note a wrong password."""
        self._by_account.failed(_key_of(name), now)
        if address:
            self._by_address.failed(address, now)

    def succeeded(self, name: str) -> None:
        """Forget the failures of an account whose password was right; its address goes on counting."""
        self._by_account.succeeded(_key_of(name))


def _key_of(name: str) -> str:
    # cut where `authenticate` refuses, not earlier: one name can be typed in several lengths
    return account_id(name.strip()[:LONGEST_TYPED_NAME])


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
