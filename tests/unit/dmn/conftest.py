"""A FEEL engine and a DMN reader that know nothing of motcua (npm: feelin, dmn-moddle), and the OMG schema."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

NODE = Path(__file__).parents[2] / "node"

Evaluate = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """tests/node with its packages installed, kept from run to run; without node and npm the test is skipped."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs node and npm: the independent FEEL engine and DMN reader are npm packages")
    sources = sorted(NODE.glob("*.json")) + sorted(NODE.glob("*.mjs"))
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    cache = Path(os.environ.get("MOTCUA_NODE_CACHE") or Path.home() / ".cache" / "motcua" / "node")
    folder = cache / digest
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for path in sources:
            shutil.copy(path, folder)
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, timeout=300,
                              capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"npm could not install feelin and dmn-moddle: {done.stderr[-500:]}")
        (folder / "ready").touch()
    return folder


@pytest.fixture(scope="session")
def evaluate(node_folder: Path) -> Evaluate:
    """Works out all decisions of DMN files for many cases, in one process of node."""

    def run(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        done = subprocess.run(["node", "evaluate.mjs"], cwd=node_folder, input=json.dumps(asked), timeout=500,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def schema(node_folder: Path) -> etree.XMLSchema:
    """DMN13.xsd of the OMG with DMNDI, DI and DC, as dmn-moddle carries them."""
    folder = node_folder / "node_modules" / "dmn-moddle" / "resources" / "dmn" / "xsd"
    return etree.XMLSchema(etree.parse(folder / "DMN13.xsd"))
