"""What a whole POST costs: a submission of 20 KB with two files, checked, assessed, stored and listed.

Against bare Pyramid that commits the same bytes to a ZODB of the same kind, with the same transaction and
retry packages and the files as blobs. ``python -m benchmarks.post`` prints the row.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyramid_tm
from benchmarks.run import Row
from benchmarks.submission import filled
from BTrees.OOBTree import OOBTree
from persistent.mapping import PersistentMapping
from pyramid.config import Configurator
from pyramid.interfaces import IRouter
from pyramid.request import Request
from pyramid.response import Response
from ZODB.blob import Blob

from motcua.catalogue import Catalogue
from motcua.store import open_zodb, read_uri, run_in_transaction
from motcua.web.application import main

PROCEDURE = "vn.environment.eia-appraisal"
REPEATS = 300
BOUNDARY = "gioi-han"
PDF = b"%PDF-1.7\n" + b"0 0 0 rg " * 200


def store(request: Request) -> Response:
    """All that the bare application does."""
    kept = PersistentMapping()
    for name, part in request.POST.items():
        if name == "xml_submission_file":
            kept["xml"] = part.file.read()
        else:
            kept[name] = Blob(part.file.read())
    request.connection.root()["kept"].insert(request.matchdict["id"], kept)
    return Response(b"{}", status=201, content_type="application/json")


def bare_application(folder: Path) -> IRouter:
    """Pyramid with pyramid_tm and pyramid_retry over a database opened as ours is."""
    database = open_zodb(read_uri(f"sqlite://{folder}"))
    run_in_transaction(database, lambda connection: connection.root().update(kept=OOBTree()))

    def connection(request: Request) -> object:
        opened = database.open(request.tm)
        request.add_finished_callback(lambda _: opened.close())
        return opened

    config = Configurator(settings={"tm.manager_hook": pyramid_tm.explicit_manager})
    config.include("pyramid_tm")
    config.include("pyramid_retry")
    config.add_request_method(connection, reify=True)
    config.add_route("store", "/store/{id}")
    config.add_view(store, route_name="store", request_method="POST")
    return config.make_wsgi_app()


def submission(folder: Path) -> bytes:
    """A complete submission; its form is written into ``folder``."""
    form, xml = filled(Catalogue.load("rules")[PROCEDURE])
    folder.mkdir()
    (folder / "form.xml").write_bytes(form.source)
    for document in ("request", "report"):
        xml = re.sub(rb"<%s( [^>]*)?/>" % document.encode(), b"<%b>%b.pdf</%b>" % ((document.encode(),) * 3), xml)
    return xml


def body(xml: bytes) -> bytes:
    """The multipart body of a submission with its two files."""
    parts = [("xml_submission_file", "submission.xml", xml), ("a", "request.pdf", PDF), ("b", "report.pdf", PDF)]
    head = '--{}\r\nContent-Disposition: form-data; name="{}"; filename="{}"\r\n\r\n'
    return b"".join(head.format(BOUNDARY, name, file).encode() + data + b"\r\n" for name, file, data in parts) + (
        f"--{BOUNDARY}--\r\n".encode())


def post(application: IRouter, path: str, data: bytes) -> None:
    """POST as a WSGI server would; the answer must be 201."""
    environ = {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(data), "wsgi.errors": BytesIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": str(len(data)),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
    }
    answered: list[str] = []
    answer = b"".join(application(environ, lambda status, headers, info=None: answered.append(status)))
    if not answered[0].startswith("201"):
        raise SystemExit(f"{path}: {answered[0]}: {answer.decode()[:2000]}")


def alternately(ours: Callable[[int], object], base: Callable[[int], object]) -> tuple[float, float]:
    """The ratios of the medians, both called in turn: of the time that passes, and of the processor's alone."""
    passing: tuple[list[float], list[float]] = ([], [])
    working: tuple[list[float], list[float]] = ([], [])
    for number in range(REPEATS):
        for side, passed, worked in zip((ours, base), passing, working, strict=True):
            start, begun = time.perf_counter(), time.process_time()
            side(number)
            passed.append(time.perf_counter() - start)
            worked.append(time.process_time() - begun)
    return _ratio(*passing), _ratio(*working)


def _ratio(ours: list[float], base: list[float]) -> float:
    return statistics.median(ours[10:]) / statistics.median(base[10:])


def measure() -> list[Row]:
    """The row of DESIGN's table of figures on a whole POST, and what of it is not waiting for the disk."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        xml = submission(folder / "forms")
        settings = {"motcua.rules": "rules", "motcua.forms": str(folder / "forms"), "motcua.data": str(folder / "ours"),
                    # a new site runs all cases of all rules once, beside the requests: no part of what one costs
                    "motcua.run_cases": "false"}
        ours, bare = main({}, **settings), bare_application(folder / "bare")
        address = f"/api/procedures/{PROCEDURE}/submissions"
        instance = re.compile(rb"(<(?:\w+:)?instanceID>)[^<]*")
        ids = [b"uuid:00000000-0000-4000-8000-%012d" % number for number in range(REPEATS)]
        bodies = [body(instance.sub(rb"\g<1>" + each, xml)) for each in ids]
        passed, worked = alternately(
            lambda number: post(ours, address, bodies[number]),
            lambda number: post(bare, f"/store/{number}", bodies[number]),
        )
        ours.registry["motcua.archive"].close()
    return [Row("a whole POST of a submission (20 KB and two files), checked, assessed, stored and listed",
                "bare Pyramid + ZODB commit of the same bytes", passed, 2.0, promise=6),
            Row("the same POST, processor time alone (no waiting for the disk)", "processor time of the same",
                worked, 2.7)]


if __name__ == "__main__":
    for row in measure():
        print(row)
