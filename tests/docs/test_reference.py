"""The reference pages say what the program says: every setting, every subcommand, every page in the contents."""

from pathlib import Path

import pytest

from motcua.commands.main import SUBCOMMANDS
from motcua.settings import SETTINGS

DOCS = Path(__file__).parents[2] / "docs"


def settings_table() -> str:
    rows = [f"| `{each.name}` | {each.type} | {f'`{each.default}`' if each.default else 'empty'} | {each.help} |"
            for each in SETTINGS]
    return "\n".join(["| setting | type | default | what it does |", "|---|---|---|---|", *rows])


def test_the_table_of_settings_is_the_one_in_the_code():
    assert settings_table() in (DOCS / "operators/settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_is_documented(name):
    assert f"`motcua {name}" in (DOCS / "integrators/command.md").read_text(encoding="utf-8")


def test_every_page_is_in_the_contents():
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")
             if "_build" not in path.parts}
    assert sorted(page for page in pages - {"index"} if page not in contents) == []


def test_the_readmes_python_gives_what_it_says(monkeypatch):
    monkeypatch.chdir(DOCS.parent)
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    code = readme.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    *statements, last = code.strip().splitlines()
    exec("\n".join(statements), names)
    expression, said = last.split("#")
    assert eval(expression, names) == eval(said)
