"""Submissions to the invented well permit, and the multipart bodies they travel in."""

from __future__ import annotations

import itertools

from tests.functional.visitor import PDF

WELL = "vn.water.well-permit"
SUBMISSIONS = f"/api/procedures/{WELL}/submissions"
FILES = {"don.pdf": PDF, "khao-sat.pdf": PDF}
_NUMBERS = itertools.count(1)

XML = """<?xml version="1.0" encoding="UTF-8"?>
<data id="well-permit-pages" version="{version}" xmlns:motcua="urn:motcua:form:1"
 motcua:procedure="vn.water.well-permit">
<greeting/><owner><name>{name}</name><story/><born/><agree/></owner>
<well><use>irrigation</use><depth>{depth}</depth><flow/><checks>survey neighbours</checks><nearby/>
<protected>false</protected><spot/><drilled/><at/><works/><order/><rate/><month/></well>
<money><cost>100</cost><deposit>50</deposit><share>50</share><lease>2040-01-01</lease></money>
<files><application>{application}</application><survey>{survey}</survey></files>{extra}
<meta>{meta}</meta></data>"""


def new_id() -> str:
    """An instanceID never used before in this run."""
    return f"uuid:00000000-0000-4000-8000-{next(_NUMBERS):012}"


def submission(instance_id=None, meta=None, **changed) -> bytes:
    """A filled-in form, eligible and complete unless changed."""
    values = {"version": "1", "name": "Nguyễn Thị Thử", "depth": "25", "application": "don.pdf",
              "survey": "khao-sat.pdf", "extra": "", **changed}
    meta = f"<instanceID>{instance_id or new_id()}</instanceID>" if meta is None else meta
    return XML.format(meta=meta, **values).encode()


def multipart(xml, files=None, boundary="gioi-han", more=b"", end=True):
    """The body of a submission, and its content type."""
    files = FILES if files is None else files
    parts = [] if xml is None else [("xml_submission_file", "submission.xml", "text/xml", xml)]
    parts += [(name, name, "application/octet-stream", data) for name, data in files.items()]
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode() + data + b"\r\n" for field, name, kind, data in parts) + more
    return body + (f"--{boundary}--\r\n".encode() if end else b""), f"multipart/form-data; boundary={boundary}"


def send(app, xml, files=None, url=SUBMISSIONS, headers=None, **body):
    """POST a submission with a `webtest.TestApp`; the answer, whatever its status."""
    data, content_type = multipart(xml, files, **body)
    return app.request(url, method="POST", body=data, expect_errors=True,
                       headers={"Content-Type": content_type, **(headers or {})})
