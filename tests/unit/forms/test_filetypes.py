"""What a file is by its content, and whether a form accepts it."""

from __future__ import annotations

import pytest

from motcua.forms.filetypes import is_accepted, media_type

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(("head", "name", "kind"), [
    (b"%PDF-1.7", "a.pdf", "application/pdf"), (b"%PDF-1.7", "a.exe", "application/pdf"),
    (b"\xff\xd8\xff\xe0", "a.jpg", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "a", "image/png"),
    (b"II*\x00", "scan.tif", "image/tiff"), (b"PK\x03\x04", "a.docx", DOCX),
    (b"PK\x03\x04", "a.zip", "application/zip"), (b"PK\x03\x04", "a.pdf", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
    (b"MZ\x90\x00", "a.pdf", "application/octet-stream"), ("một, hai".encode(), "a.csv", "text/csv"),
    ("một".encode()[:-1], "a.txt", "text/plain"), (b"a\x00b", "a.txt", "application/octet-stream"),
    (b"\x00\x00\x00\x18ftypmp42", "a.mp4", "video/mp4"), (b"<html>", "a.pdf", "text/plain"),
])
def test_the_content_tells_what_a_file_is(head, name, kind):
    assert media_type(head, name) == kind


@pytest.mark.parametrize(("kind", "accept", "fits"), [
    ("application/pdf", ".pdf", True), ("application/pdf", ".PDF, .docx", True), (DOCX, ".pdf,.docx", True),
    ("text/plain", ".pdf", False), ("image/png", "image/*", True), ("image/png", ".png", True),
    ("application/pdf", "image/*", False), ("application/pdf", "", True), ("application/pdf", "*/*", True),
    ("application/pdf", "application/pdf", True), ("application/octet-stream", ".unknown", False),
])
def test_accept_is_read_as_in_html(kind, accept, fits):
    assert is_accepted(kind, accept) is fits
