"""The house rules that import-linter does not know: packages meet by their public names alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("motcua")))
PACKAGES = ("law", "conditions", "procedures", "engine", "forms", "dmn", "national", "store", "dossiers")
#: Its parts are packages of their own, each loaded by those who ask its kind of question.
FAMILY = "analysis"

#: Modules that may be imported past their package's public names, and why.
ALLOWED = {
    "motcua.engine.contract": "a test class: it loads pytest, which nobody needs who checks the law",
    "motcua.store.contract": "a test class, likewise",
    "motcua.forms.nodes": "the type of a node, for annotations",
    "motcua.forms.pages": "forms as pages: a door of its own, which only pages go through",
    "motcua.forms.posted": "what a page posts, likewise",
    "motcua.forms.questions": "the questions of a page, likewise",
    "motcua.forms.typed": "numbers and dates as people type them, likewise",
}


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each module a file imports from, with each name taken (or "")."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, name.name) for name in node.names)
        elif isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)


def package_of(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The package a module belongs to, as the first part or parts of its dotted name."""
    return parts[:2] if parts[:1] == (FAMILY,) else parts[:1]


def reaches_past(path: Path) -> list[str]:
    own = package_of(path.relative_to(PACKAGE).with_suffix("").parts)
    found = []
    for module, name in imports(path):
        top, *rest = module.split(".")
        package = package_of(tuple(rest)) if top == "motcua" else ()
        if package and (package[0] in PACKAGES or package[0] == FAMILY) and package != own:
            is_public = tuple(rest) == package and name in import_module(module).__all__
            if not is_public and module not in ALLOWED and f"{module}.{name}" not in ALLOWED:
                found.append(f"{module}.{name}")
    return found


SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if "project" not in path.relative_to(PACKAGE).parts]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_reaches_past_the_public_names_of_a_package(path):
    assert reaches_past(path) == []


def test_a_reach_past_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    (tmp_path / "lint.py").write_text("def later():\n    from motcua.law.texts import Text\n"
                                      "from motcua.law import texts, Interval\nimport motcua.law.texts\n"
                                      "from motcua.engine.contract import EngineContract\n")
    assert sorted(reaches_past(tmp_path / "lint.py")) == ["motcua.law.texts", "motcua.law.texts.", "motcua.law.texts.Text"]


@pytest.mark.parametrize("package", ["", *PACKAGES])
def test_public_names_are_sorted_and_all_there(package):
    module = import_module(f"motcua.{package}".rstrip("."))
    names = list(module.__all__)
    assert [name for name in names if not hasattr(module, name)] == []
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
