"""What keeping costs: commits and lists as they grow, conflicts of many writers, against bare ZODB.

``python -m benchmarks.store [DOSSIERS]`` prints the rows; the large archive has 50,000 dossiers unless told
otherwise (a million takes half an hour to make).
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.run import Row
from BTrees.OOBTree import OOBTree
from persistent.mapping import PersistentMapping

from motcua.dossiers import VIETNAM, Archive, FormVersion, open_archive, page, receive
from motcua.dossiers.codes import Codes
from motcua.store import open_zodb, read_uri, run_in_transaction

LARGE = int(os.environ.get("MOTCUA_BENCH_DOSSIERS", "50000"))
SMALL = 1_000
NOW = datetime(2024, 5, 6, 8, 0, tzinfo=VIETNAM)
FORM = FormVersion("vn.minerals.exploration-right-transfer", "2024-01", "sha256:" + "ab" * 32)
ASSESSMENT = (b'{"law_date": "2024-05-06", "outcome": "eligible", "decisions": {"authority": {"value": "ministry"}}'
              + b" " * 6_000 + b"}")
WORDS = [bytes(random.Random(n).choices(b"abcdefghijklmnop", k=12)) for n in range(300)]
AGENCY = "000.00.12.G12"
#: Measured alternately, so that a busy moment of the machine meets both sides.
REPEATS = 150


def xml(seed: int, size: int = 20_000) -> bytes:
    """A submission of ``size`` bytes that compresses as real ones do, by about five."""
    draw = random.Random(seed)
    body = b"".join(b"<answer>%s</answer>" % draw.choice(WORDS) for _ in range(size // 29))
    return b"<data>" + body.ljust(size - 13) + b"</data>"


def send(archive: Archive, number: int, data: bytes) -> None:
    """Receive one submission in a transaction of its own."""
    archive.run(lambda records: receive(
        records, procedure=FORM.id, form=FORM, instance_id=f"uuid:{number}", xml=data, facts=b"{}",
        now=NOW + timedelta(seconds=number), assessment=ASSESSMENT, applicant=f"person{number % 500}",
        applicant_name="Đỗ Thị Hằng") and None)


def fill(archive: Archive, count: int) -> None:
    """Many small dossiers, a thousand a transaction."""
    codes, archive.codes = archive.codes, Codes(archive.database, AGENCY, block=1_000)
    small = xml(0, 400)

    def some(records, first):
        for number in range(first, first + 1_000):
            receive(records, procedure=FORM.id, form=FORM, instance_id=f"old:{number}", xml=small,
                    now=NOW - timedelta(minutes=count - number), applicant=f"person{number % 500}")

    for first in range(0, count, 1_000):
        archive.run(lambda records, first=first: some(records, first))
    archive.codes = codes
    archive.read_model.catch_up()
    os.sync()  # else the first commits measured wait for what was written here


def alternately(ours: Callable[[int], object], base: Callable[[int], object]) -> float:
    """The ratio of the medians, called in turn with the number of the round: each commit is a new submission."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(REPEATS):
        for side, measured in zip((ours, base), times, strict=True):
            start = time.perf_counter()
            side(number)
            measured.append(time.perf_counter() - start)
    ours_median, base_median = (statistics.median(measured[REPEATS // 10:]) for measured in times)
    return ours_median / base_median


def against_bare_zodb(folder: Path) -> Row:
    """Receive a submission of 20 KB, kept and listed, against a commit of its bytes in the same storage."""
    data = [xml(number) for number in range(REPEATS)]
    bare = open_zodb(read_uri(f"sqlite://{folder / 'bare'}"))
    run_in_transaction(bare, lambda connection: connection.root().update(kept=OOBTree()))

    def commit(number: int) -> None:
        # an object of its own: a value in the tree itself would be written again with its neighbours
        kept = PersistentMapping(xml=data[number])
        run_in_transaction(bare, lambda connection: connection.root()["kept"].insert(f"{number}", kept))

    with open_archive(f"sqlite://{folder / 'ours'}", agency=AGENCY) as archive:
        ratio = alternately(lambda number: send(archive, number, data[number]), commit)
    bare.close()
    return Row("a 20 KB submission kept with receipt and journal, and listed (without the web)",
               "bare ZODB commit of the same bytes", ratio, 3.0)


def as_it_grows(folder: Path, large: int) -> list[Row]:
    """Commit and inbox page of a large archive against a small one."""
    data = [xml(number) for number in range(REPEATS)]
    with open_archive(f"sqlite://{folder / 'small'}", agency=AGENCY) as small, \
            open_archive(f"sqlite://{folder / 'large'}", agency=AGENCY) as big:
        fill(small, SMALL)
        fill(big, large)
        commit = alternately(lambda n: send(big, n, data[n]), lambda n: send(small, n, data[n]))
        inbox = alternately(lambda _: page(big.read_model, state="received"),
                              lambda _: page(small.read_model, state="received"))
    return [Row(f"commit of a submission at {large:,} dossiers", f"the same at {SMALL:,}", commit, 1.5, promise=8),
            Row(f"inbox page at {large:,} dossiers", f"the same at {SMALL:,}", inbox, 1.5, promise=8)]


WRITER = """
import sys
from transaction.interfaces import TransientError
from benchmarks.store import *
from motcua.store import transactions
uri, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
once, commits, conflicts = transactions._once, 0, 0
def counted(*arguments):
    global commits, conflicts
    try:
        result = once(*arguments)
    except TransientError:
        conflicts += 1
        raise
    commits += 1
    return result
with open_archive(uri, agency=AGENCY) as archive:
    transactions._once = counted
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(first, first + count):
        send(archive, number, xml(number))
print(conflicts, commits, flush=True)
"""


def conflicts(folder: Path, writers: int = 8, each: int = 100) -> Row:
    """How many of the commits of eight processes meet another's and are repeated, reserving numbers included."""
    uri = f"sqlite://{folder / 'shared'}"
    open_archive(uri, agency=AGENCY).close()
    command = [sys.executable, "-W", "ignore", "-c", WRITER, uri]
    running = [subprocess.Popen([*command, str(n * each), str(each)], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE) for n in range(writers)]
    for process in running:
        process.stdout.readline()
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = [[int(word) for word in process.communicate()[0].split()] for process in running]
    ratio = sum(conflicts for conflicts, _ in counts) / sum(commits for _, commits in counts)
    return Row(f"conflicts of {writers} writing processes", "their commits", ratio, 0.01, promise=9)


def measure(large: int = LARGE) -> list[Row]:
    """All rows; makes its archives in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [against_bare_zodb(folder), *as_it_grows(folder, large), conflicts(folder)]


if __name__ == "__main__":
    for row in measure(*map(int, sys.argv[1:])):
        print(row)
