"""What a file is by its content, and whether a form accepts it. Files are looked at, never opened."""

from __future__ import annotations

from collections.abc import Mapping

#: First bytes → media type. A docx is a zip: both are told by its ending, within the family of its content.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"), (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"AC10", "image/vnd.dwg"),
    (b"RIFF", "application/riff"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"), (b"{\\rtf", "application/rtf"),
)
_ENDINGS: Mapping[str, Mapping[str, str]] = {
    "application/zip": {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "kmz": "application/vnd.google-earth.kmz",
    },
    "application/x-ole-storage": {"doc": "application/msword", "xls": "application/vnd.ms-excel",
                                  "ppt": "application/vnd.ms-powerpoint"},
    "text/plain": {"csv": "text/csv", "xml": "application/xml", "gml": "application/gml+xml",
                   "kml": "application/vnd.google-earth.kml+xml", "json": "application/json"},
}
_KNOWN_ENDINGS = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "tif": "image/tiff", "tiff": "image/tiff", "zip": "application/zip", "txt": "text/plain",
    "dwg": "image/vnd.dwg", "mp4": "video/mp4", "rtf": "application/rtf",
    **{ending: kind for family in _ENDINGS.values() for ending, kind in family.items()},
}


def media_type(head: bytes, name: str) -> str:
    """The type of a file by its first bytes; the ending only tells members of one family apart."""
    family = _family(head)
    ending = name.rpartition(".")[2].lower()
    return _ENDINGS.get(family, {}).get(ending, family)


def _family(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # a character cut in half by the end of the sample is no proof against text
        if error.reason != "unexpected end of data":
            return False
        text = head[:error.start].decode("utf-8")
    return not any(char < " " and char not in "\t\r\n\f" for char in text)


def is_accepted(kind: str, accept: str) -> bool:
    """Whether a file of media type ``kind`` fits ``accept``: ``.pdf,image/*`` as in HTML; empty takes all."""
    wanted = [word.strip().lower() for word in accept.split(",") if word.strip()]
    return not wanted or any(_fits(kind, word) for word in wanted)


def _fits(kind: str, word: str) -> bool:
    if word in ("*/*", "*"):
        return True
    if word.startswith("."):
        return _KNOWN_ENDINGS.get(word[1:], "") == kind
    return kind.startswith(word[:-1]) if word.endswith("/*") else kind == word
