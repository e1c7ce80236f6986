"""The first submissions of a process may arrive together."""

import subprocess
import sys

import pytest

FIRST_SCHEMAS_TOGETHER = """
import sys, threading
import motcua.forms
from lxml import etree

sys.setswitchinterval(1e-6)
types, answers = ("string", "integer", "decimal", "date", "boolean"), ("x", "3", "1.5", "2026-01-31", "true")
names = [f"a{number}" for number in range(30)]
one = '<xs:element name="{}"><xs:simpleType><xs:restriction base="xs:{}"/></xs:simpleType></xs:element>'
text = ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="data"><xs:complexType><xs:sequence>'
        + "".join(one.format(name, types[at % 5]) for at, name in enumerate(names))
        + "</xs:sequence></xs:complexType></xs:element></xs:schema>")
answered = "".join(f"<{name}>{answers[at % 5]}</{name}>" for at, name in enumerate(names))
start = threading.Barrier(4)

def work():
    source, submission = etree.fromstring(text), etree.fromstring(f"<data>{answered}</data>")
    start.wait()
    schema = etree.XMLSchema(source)
    for _ in range(20):
        schema.assertValid(submission)

threads = [threading.Thread(target=work) for _ in range(start.parties)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize("attempt", range(8))
def test_threads_that_make_the_first_schemas_at_once_do_not_break_the_process(attempt):
    """Without the care taken at import, every second such process aborted, hung or refused good submissions."""
    command = [sys.executable, "-W", "ignore", "-c", FIRST_SCHEMAS_TOGETHER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
