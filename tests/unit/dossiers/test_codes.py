"""A dossier number is issued once, whoever asks."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import date

import pytest

from motcua.dossiers import open_archive
from motcua.dossiers.codes import BLOCK, Codes, format_code
from motcua.errors import InputError

DAY = date(2024, 5, 6)

WRITER = """
import sys
from datetime import datetime
from ZODB.POSException import ConflictError
from motcua.dossiers import VIETNAM, FormVersion, open_archive, receive
uri, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
tries = 0
with open_archive(uri) as archive:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        def work(records):
            global tries
            tries += 1
            return receive(records, procedure="p", form=FormVersion("f", "1", "d"), xml=b"<a/>" * 500,
                           now=datetime(2024, 5, 6, 8, tzinfo=VIETNAM), instance_id=f"{name}-{number}",
                           ).dossier.code
        print(archive.run(work), flush=True)
print("tries", tries, flush=True)
"""


def test_codes_have_their_legal_form():
    assert format_code("000.00.12.G12", DAY, 7) == "000.00.12.G12-240506-0007"
    assert format_code("H41.2", date(2026, 11, 26), 10_000) == "H41.2-261126-10000"


@pytest.mark.parametrize("agency", ["", "a/b", "Hà Nội", "x" * 36, "a-b", "a\n"])
def test_an_agency_code_that_cannot_stand_in_an_address_is_refused(agency):
    with pytest.raises(InputError) as error:
        open_archive("memory://", agency=agency)
    assert error.value.problems[0].code == "DOS_007"


def test_threads_of_one_process_share_its_block(kept_archive):
    taken = []

    def take():
        for _ in range(BLOCK):
            taken.append(kept_archive.codes.take(DAY))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 4 * BLOCK + 1))


def test_two_holders_of_codes_never_issue_the_same(kept_archive):
    other = Codes(kept_archive.database, "000.00.12.G12")
    taken = [codes.take(DAY) for _ in range(2 * BLOCK) for codes in (kept_archive.codes, other)]
    assert len(set(taken)) == len(taken)


def test_a_number_given_back_is_issued_next(archive):
    numbers = [archive.codes.take(DAY) for _ in range(3)]
    archive.codes.give_back(DAY, numbers[1])
    assert archive.codes.take(DAY) == numbers[1]
    assert archive.codes.take(DAY) == 4


def test_a_new_day_begins_with_one_and_yesterdays_late_number_still_comes(archive):
    archive.codes.take(DAY)
    assert archive.codes.take(date(2024, 5, 7)) == 1
    assert archive.codes.take(DAY) == 2
    archive.codes.take(date(2024, 5, 20))
    assert archive.codes.take(DAY) == BLOCK + 1  # the block of a day long past is not kept in memory


@pytest.mark.slow
def test_eight_writing_processes_issue_every_number_once_and_seldom_conflict(shared_store_uri):
    open_archive(shared_store_uri).close()
    each = 60
    command = [sys.executable, "-W", "ignore", "-c", WRITER, shared_store_uri]
    writers = [subprocess.Popen([*command, f"w{n}", str(each)], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE) for n in range(8)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    lines = [writer.communicate(timeout=120)[0].split("\n")[:-1] for writer in writers]
    assert all(writer.returncode == 0 for writer in writers)
    codes = [code for own in lines for code in own[:-1]]
    tries = sum(int(own[-1].split()[1]) for own in lines)
    assert len(codes) == len(set(codes)) == 8 * each
    assert tries - len(codes) <= len(codes) // 100
    with open_archive(shared_store_uri) as archive:
        assert archive.run(lambda records: sorted(records.dossiers)) == sorted(codes)
