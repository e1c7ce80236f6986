from __future__ import annotations

import pytest

from motcua.dossiers import open_archive


@pytest.fixture
def archive():
    with open_archive("memory://", agency="000.00.12.G12") as opened:
        yield opened


@pytest.fixture
def kept_archive(store_uri):
    """An archive on each kind of store."""
    with open_archive(store_uri, agency="000.00.12.G12") as opened:
        yield opened
