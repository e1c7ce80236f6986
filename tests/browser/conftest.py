"""Real Chromium against the real application on a real socket."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass

import pytest
from tests.functional.bench import officer_of
from tests.functional.conftest import REAL, WELLS, make_application
from waitress.server import create_server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, started once."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Served:
    """An application on a socket."""

    application: object
    url: str


def serve(application):
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    return server, Served(application, f"http://127.0.0.1:{server.effective_port}")


@pytest.fixture(scope="module")
def wells_site(tmp_path_factory):
    """The invented well permit on a socket."""
    server, served = serve(make_application(tmp_path_factory.mktemp("wells-site"), **WELLS))
    yield served
    server.close()


@pytest.fixture(scope="module")
def real_site(tmp_path_factory):
    """The project's own procedures on a socket."""
    server, served = serve(make_application(tmp_path_factory.mktemp("real-site"), **REAL))
    yield served
    server.close()


@pytest.fixture
def open_page(chromium):
    """Open a browser page: ``open_page(width=NARROW, scripts=False)``. Errors in the console fail the test."""
    contexts, complaints = [], []

    def new(size=WIDE, *, scripts=True, **options):
        # a page that still glides to its place takes a press between mouse down and mouse up away from its link
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, locale="vi-VN",
                                       reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    # pages with errors, and requests that a test cuts off itself
    expected = (*(f"status of {code}" for code in (403, 404, 409, 422, 429)), "ERR_FAILED")
    assert not [text for text in complaints if not any(said in text for said in expected)]


@pytest.fixture
def officer(open_page):
    """A signed-in browser page: ``officer(site, scripts=…)``."""
    def new(site, size=WIDE, *, scripts=True):
        page = open_page(size, scripts=scripts)
        page.set_default_timeout(15_000)
        cookies = officer_of(site.application).app.cookies
        page.context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        return page
    return new
