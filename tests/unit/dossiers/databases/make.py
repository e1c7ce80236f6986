"""Make the old database of this release: ``python -m tests.unit.dossiers.databases.make``.

Run once when a release is made; the archive it writes is committed and never made again: it stands for the
databases that people have. `contents` is what `test_old_databases.py` expects to read from it for ever.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from motcua.dossiers import (
    VIETNAM,
    DocumentFile,
    FormVersion,
    add_account,
    begin_draft,
    move,
    open_archive,
    receive,
    save_draft,
)
from motcua.version import __version__

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=VIETNAM)
FORM = FormVersion("vn.minerals.exploration-right-transfer", "2026-07", "sha256:" + "0f" * 32)
PASSWORD = "mật khẩu mẫu 2026"
XML = '<data id="t" version="2026-07"><tên>Đỗ Thị Hằng</tên></data>'.encode()
PDF = b"%PDF-1.7 " + bytes(range(256))
ASSESSMENT = (b'{"law_date": "2026-11-26", "outcome": "eligible", '
              b'"decisions": {"authority": {"value": "ministry"}}}')


def fill(records) -> None:
    """One of each thing that is kept, in each state."""
    add_account(records, "Hang.Do", PASSWORD, now=NOW, title="Đỗ Thị Hằng")
    add_account(records, "lan", PASSWORD, ["officer", "signer"], now=NOW)
    for number in range(2):
        file = DocumentFile(io.BytesIO(PDF), name="contract.pdf", document="contract",
                            original_name="Hợp đồng.pdf", media_type="application/pdf")
        dossier = receive(
            records, procedure=FORM.id, form=FORM, instance_id=f"uuid:{number}", xml=XML, files=[file],
            now=NOW + timedelta(hours=number), assessment=ASSESSMENT, facts=b'{"scheme.spent": 2.5}',
            applicant="hang.do", applicant_name="Đỗ Thị Hằng", channel="openrosa").dossier
    move(dossier, "withdraw", who="hang.do", at=NOW + timedelta(days=1), details={"reason": "nộp nhầm"},
         read_model=records.archive.read_model)
    draft = begin_draft(records, procedure=FORM.id, form=FORM, xml=XML, now=NOW,
                        owner="hang.do", draft_id="draft-1")
    save_draft(draft, revision=1, xml=XML, page="wells", now=NOW, answers=(("/data/depth", "12.5"),),
               files={"map.pdf": DocumentFile(io.BytesIO(b"map"), name="map.pdf")})
    records.scenarios.put(FORM.id, "nửa dự toán", {"given": {"scheme.spent": 1}}, author="lan", at=NOW)


def make() -> Path:
    """Write ``<version>.tar.xz`` beside this file."""
    target = HERE / f"{__version__}.tar.xz"
    with tempfile.TemporaryDirectory() as folder:
        with open_archive(f"file://{folder}/Data.fs", agency="000.00.12.G12") as archive:
            archive.run(fill)
        with tarfile.open(target, "w:xz") as tar:
            for name in ("Data.fs", "blobs"):
                tar.add(Path(folder) / name, name)
    return target


if __name__ == "__main__":
    print(make())
