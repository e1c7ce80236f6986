"""Dossier codes in their legal form, issued once, without a counter that every submission writes.

Circular 01/2018/TT-VPCP art. 19 (on Decree 61/2018/NĐ-CP): ``V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX``, that is
the agency's code, the day of receipt and the dossier's number in that day, four digits. Each process
reserves numbers in blocks, in a transaction of its own, and issues them itself; what a process has not
issued when it ends is left out, so numbers of a day can have gaps but never occur twice.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from datetime import date
from typing import Any

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from motcua.errors import InputError, Problem
from motcua.store import Database, root_of

#: Numbers reserved at a time: a restart of eight processes leaves at most 160 of a day's 9999 unused.
BLOCK = 20


class DayNumbers(Persistent):
    """How many numbers of one day have been given out in blocks."""

    reserved: int

    def __init__(self) -> None:
        self.reserved = 0


def format_code(agency: str, day: date, number: int) -> str:
    """``000.00.12.G12-240506-0001``; past 9999 the number grows to five digits."""
    return f"{agency}-{day:%y%m%d}-{number:04d}"


def check_agency(agency: str) -> str:
    """The agency's code if it can stand in a dossier code and an address; InputError DOS_007."""
    if not re.fullmatch(r"[A-Za-z0-9.]{1,35}", agency):
        raise InputError(Problem("DOS_007", {"agency": agency[:40]}))
    return agency


class Codes:
    """The codes one process may issue. Threads share it; make it again after a fork."""

    def __init__(self, database: Database, agency: str, block: int = BLOCK) -> None:
        self.agency = check_agency(agency)
        self._database = database
        self._block = block
        self._free: dict[date, deque[int]] = {}
        self._lock = threading.Lock()

    def take(self, day: date) -> int:
        """A number of ``day`` that nobody else has or gets."""
        with self._lock:
            free = self._free.setdefault(day, deque())
            if not free:
                free.extend(self._reserve(day))
                self._forget_other_days(day)
            return free.popleft()

    def give_back(self, day: date, number: int) -> None:
        """Return a number whose transaction was not committed, to be issued next."""
        with self._lock:
            self._free.setdefault(day, deque()).appendleft(number)

    def _forget_other_days(self, day: date) -> None:
        for other in [other for other in self._free if abs((other - day).days) > 1]:
            del self._free[other]

    def _reserve(self, day: date) -> range:
        def work(connection: Any) -> range:
            days: OOBTree = root_of(connection)["numbers"]
            numbers = days.get(day.isoformat())
            if numbers is None:
                numbers = days[day.isoformat()] = DayNumbers()
            first = numbers.reserved + 1
            numbers.reserved += self._block
            return range(first, first + self._block)

        # one after the other: all processes start their day with this, and would conflict
        with self._database.opening.alone():
            return self._database.run(work, note=f"motcua: numbers of {day}")
