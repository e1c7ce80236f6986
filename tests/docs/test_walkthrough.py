"""What the pages for rule authors show is run: files, commands, output and messages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.conditions import Scope, parse
from motcua.errors import RuleFileError
from motcua.procedures import Register, load_procedure, load_sources, load_text, load_titles
from motcua.procedures.yamltext import read_yaml

PAGES = Path(__file__).parents[2] / "docs" / "rule-author"
RULES = Path(__file__).parents[2] / "rules"
TRANSFER = RULES / "minerals" / "exploration-right-transfer.yaml"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE, APPEND, REPLACE = "# file: ", "# append to: ", "# replace in: "
EXIT = re.compile(r"\[exit (\d+)\]")


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page, in order: language and text."""
    return BLOCK.findall((PAGES / page).read_text("utf-8"))


def write(folder: Path, text: str) -> None:
    """Do what the first line of a block says with the rest of it."""
    first, _, rest = text.partition("\n")
    if first.startswith(FILE):
        target = folder / first.removeprefix(FILE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rest, "utf-8")
    elif first.startswith(APPEND):
        target = folder / first.removeprefix(APPEND)
        target.write_text(target.read_text("utf-8") + rest, "utf-8")
    elif first.startswith(REPLACE):
        target = folder / first.removeprefix(REPLACE)
        old, new = (part.strip("\n") for part in rest.split("# with:\n"))
        before = target.read_text("utf-8")
        assert before.count(old) == 1, f"{old!r} must stand once in {target.name}"
        target.write_text(before.replace(old, new), "utf-8")
    else:
        raise AssertionError(f"a block of the walk-through must say its file: {first!r}")


def run(folder: Path, command: str) -> tuple[int, str]:
    """The exit code and output of a shell command, with this environment's `motcua` first in the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, text=True, encoding="utf-8",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300)
    return done.returncode, done.stdout


def follow(folder: Path, session: str) -> None:
    """Run the commands of a console block; the shown lines must come in the output, in this order."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        code, output = run(folder, command)
        expected_code, position = 0, 0
        for line in filter(None, (line.strip() for line in shown.splitlines())):
            if (left := EXIT.fullmatch(line)) is not None:
                expected_code = int(left.group(1))
                continue
            found = output.find(line, position)
            assert found >= 0, f"`{command}` does not show {line!r}:\n{output}"
            position = found + len(line)
        assert code == expected_code, f"`{command}` left with {code}:\n{output}"


@pytest.mark.slow
def test_the_walk_through_runs_as_it_is_written(tmp_path: Path) -> None:
    for language, text in blocks("write-a-procedure.md"):
        if language == "console":
            follow(tmp_path, text)
        else:
            write(tmp_path, text)
    assert (tmp_path / "forms/water/tanker-point.xml").read_bytes().startswith(b"<?xml")


def rows(page: str, cells: int) -> list[tuple[str, ...]]:
    """The lines of a page's table of mistakes: written texts without their backquotes, code, message."""
    table = (PAGES / page).read_text("utf-8").partition("## Typical mistakes")[2]
    lines = [line for line in table.splitlines() if re.search(r"\| [A-Z]+_[0-9]+ \|", line)]
    found = [tuple(cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]
    assert found, page
    assert all(len(row) == cells for row in found)
    return found


@pytest.fixture(scope="module")
def transfer_scope() -> Scope:
    """The names a condition about the transfer of an exploration right may use."""
    procedure = load_procedure(TRANSFER, load_sources(RULES / "sources.yaml"))
    return Scope({fact.id: fact.type for fact in procedure.facts.values()},
                 {name: tuple(known.values) for name, known in procedure.lists.items()})


@pytest.mark.parametrize(("written", "code", "message"), rows("conditions.md", 3))
def test_a_mistake_in_a_condition_gets_the_message_shown(
    transfer_scope: Scope, written: str, code: str, message: str
) -> None:
    with pytest.raises(RuleFileError) as refused:
        parse(written, transfer_scope, expect="yes/no")
    assert (code, message) in [(problem.code, problem.message("en")) for problem in refused.value.problems]


@pytest.mark.parametrize(("right", "wrong", "code", "message"), rows("rule-files.md", 4))
def test_a_mistake_in_a_rule_file_gets_the_message_shown(
    tmp_path: Path, right: str, wrong: str, code: str, message: str
) -> None:
    for language, text in blocks("write-a-procedure.md"):
        if language == "yaml" and text.startswith((FILE, APPEND)):
            write(tmp_path, text)
    text = (tmp_path / "rules/water/tanker-point.yaml").read_text("utf-8")
    assert text.count(right) >= 1
    with pytest.raises(RuleFileError) as refused:
        load_text(text.replace(right, wrong, 1), load_sources(tmp_path / "rules/sources.yaml"))
    assert (code, message) in [(problem.code, problem.message("en")) for problem in refused.value.problems]


@pytest.mark.parametrize("page", ["rule-files.md", "conditions.md"])
def test_the_yaml_of_the_reference_pages_is_accepted(page: str, tmp_path: Path) -> None:
    sources = load_sources(RULES / "sources.yaml")
    head = TRANSFER.read_text("utf-8").partition("\nalways:")[0]
    for language, text in blocks(page):
        if language == "yaml" and text.startswith(SHARED):
            name = text[len(SHARED):].partition(".yaml")[0]
            sources = Register(sources, {**sources.shared, name: read_yaml(text, f"{name}.yaml")[0]})
        elif language == "yaml" and text.startswith("# rules/titles.yaml"):
            (tmp_path / "titles.yaml").write_text(text, "utf-8")
            assert load_titles(tmp_path).sections
        elif language == "yaml":
            load_text(in_a_file(head, text), sources)


SHARED = "# rules/shared/"
SKELETONS = {
    "facts": ("\nfacts:", "  filing.received_on: {type: date, vi: Ngày, en: Day}\n"
              "  transferee.kind: {type: one of applicant_kind, vi: Loại hình, en: Kind}\n"),
    "derived": ("\nderived:", '  group_1: {vi: Nhóm I, en: Group I, is: licence.mineral = "metal"}\n'),
}
REQUIREMENT = "\nrequirements:\n  - id: example\n    cite: ND193 art 40\n    vi: Ví dụ\n    en: Example\n"


def in_a_file(head: str, snippet: str) -> str:
    """A piece of a rule file put where it belongs in a whole one."""
    key, _, rest = snippet.partition(":")
    if key == "must":
        return head + REQUIREMENT + "".join(f"    {line}\n" for line in snippet.splitlines())
    section, more = SKELETONS.get(key, (f"\n{key}:", ""))
    return f"{head.partition(section)[0]}{section}\n{more}{rest.lstrip(chr(10))}"
