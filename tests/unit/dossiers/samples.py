"""Small real things for the tests of this folder."""

from __future__ import annotations

import io
import json
from datetime import datetime

from motcua.dossiers import VIETNAM, DocumentFile, FormVersion

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=VIETNAM)
FORM = FormVersion("vn.minerals.exploration-right-transfer", "2024-01", "sha256:" + "ab" * 32)
XML = "<data id='t' version='1'><tên>Đỗ Thị Hằng</tên></data>".encode()
ASSESSMENT = json.dumps({
    "procedure": FORM.id, "law_date": "2024-05-06", "outcome": "eligible",
    "decisions": {"authority": {"value": "ministry", "row": "A1"}, "fee": None,
                  "deadline": {"value": 45, "unit": "working_days", "due": "2024-07-09", "row": "D1"}},
}, ensure_ascii=False).encode()
FACTS = b'{"scheme.budget": 4000000000.5, "scheme.spent": 2}'


def submission(instance_id="uuid:1", **changes):
    """Arguments of `receive`."""
    given = {"procedure": FORM.id, "form": FORM, "instance_id": instance_id, "xml": XML, "now": NOW,
             "assessment": ASSESSMENT, "facts": FACTS, "applicant": "hang", "applicant_name": "Đỗ Thị Hằng"}
    return {**given, **changes}


def a_file(data=b"%PDF-1.7 ...", name="contract.pdf", **known):
    return DocumentFile(io.BytesIO(data), name=name, **known)
