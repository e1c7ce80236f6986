"""Loading rule files and the register of sources: strict, and with every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Final

from motcua.errors import MotcuaError, Place, Problem, RuleFileError
from motcua.law import Interval, Source, Sources
from motcua.procedures.compiling import compile_procedure
from motcua.procedures.model import Procedure
from motcua.procedures.reading import Reader
from motcua.procedures.schema import RuleFileShape, SharedFileShape, SourcesShape
from motcua.procedures.shaping import check_shape, without_unknown_keys
from motcua.procedures.sharing import SHARED_FOLDER, Register, fill_in, shared_files, shared_of
from motcua.procedures.yamltext import YamlText, read_yaml

SOURCES_FILE: Final = "sources.yaml"
TITLES_FILE: Final = "titles.yaml"
SERVICES_FILE: Final = "services.yaml"
SCENARIOS_SUFFIX: Final = ".scenarios.yaml"


def load_sources(path: FilePath | str) -> Register:
    """The register of legal texts, with the parts that lie in ``shared/`` beside it.

    Raises:
        RuleFileError: with every problem of these files.
    """
    source = read_file(FilePath(path))
    shape = check_shape(SourcesShape, source, source.data)
    if isinstance(shape, list):
        raise RuleFileError(_in_file_order(shape))
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    for key, entry in shape.root.items():
        try:
            in_force = Interval.parse(entry.in_force, source.place((key, "in_force")))
            sources[key] = Source(key, entry.text, entry.number, in_force)
        except MotcuaError as error:
            problems.extend(error.problems)
    shared = {file.stem: _shared(file, problems) for file in shared_files(FilePath(path).parent)}
    if problems:
        raise RuleFileError(problems)
    return Register(sources, shared)


def _shared(path: FilePath, problems: list[Problem]) -> YamlText:
    """A shared file of the right shape; its meaning is checked where it is used."""
    try:
        source = read_file(path)
    except RuleFileError as error:
        problems.extend(error.problems)
        return YamlText(str(path), "")
    found = check_shape(SharedFileShape, source, source.data)
    problems.extend(_in_file_order(found) if isinstance(found, list) else ())
    return source


def load_procedure(path: FilePath | str, sources: Sources) -> Procedure:
    """One rule file as a procedure.

    Raises:
        RuleFileError: with every problem of the file, each with its line, column and what to write instead.
    """
    source = read_file(FilePath(path))
    return _procedure(source, sources)


def load_text(text: str, sources: Sources, file: str = "<rules>") -> Procedure:
    """A rule file given as text: for drafts on the bench, and tests."""
    source, problems = read_yaml(text, file)
    if problems:
        raise RuleFileError(problems)
    return _procedure(source, sources)


def load_rule_file(path: FilePath | str) -> Procedure:
    """One rule file with the nearest ``sources.yaml`` in its folder or above.

    Raises:
        RuleFileError: with every problem of the file, or RULE_047 where there is no register.
    """
    register = nearest_sources(FilePath(path))
    if register is None:
        raise RuleFileError(Problem("RULE_047", {"file": SOURCES_FILE}, Place(str(path))))
    return load_procedure(path, load_sources(register))


def nearest_sources(path: FilePath) -> FilePath | None:
    """The register of the rules folder in which a rule file lies."""
    registers = (folder / SOURCES_FILE for folder in path.absolute().parents)
    return next((register for register in registers if register.is_file()), None)


def load_folder(rules: FilePath | str) -> dict[str, Procedure]:
    """Every procedure below a folder, by id; they share ``sources.yaml`` of that folder.

    Raises:
        RuleFileError: with every problem of all files.
    """
    found, problems = read_folder(FilePath(rules))
    if problems:
        raise RuleFileError(problems)
    return found


def read_folder(folder: FilePath) -> tuple[dict[str, Procedure], list[Problem]]:
    """The procedures of a folder that are sound, and the problems of the others."""
    try:
        sources = load_sources(folder / SOURCES_FILE)
    except RuleFileError as error:
        # without its register every citation would look wrong: the register comes first
        return {}, list(error.problems)
    problems: list[Problem] = []
    found: dict[str, Procedure] = {}
    for path in rule_files(folder):
        try:
            procedure = load_procedure(path, sources)
        except RuleFileError as error:
            # what is wrong with a shared part is told once, not once a procedure
            problems.extend(problem for problem in error.problems if problem not in problems)
            continue
        if procedure.id in found:
            params = {"id": procedure.id, "file": found[procedure.id].path}
            problems.append(Problem("RULE_045", params, Place(str(path), 1, 1, "procedure")))
        found.setdefault(procedure.id, procedure)
    return found, problems


def rule_files(folder: FilePath) -> Iterator[FilePath]:
    """The rule files below a folder, in a stable order: no scenarios, register, titles, services or shared parts."""
    for path in sorted(folder.rglob("*.yaml")):
        is_other = path.name in (SOURCES_FILE, TITLES_FILE, SERVICES_FILE) or path.name.endswith(SCENARIOS_SUFFIX)
        if path.is_file() and not is_other and path.parent != folder / SHARED_FOLDER:
            yield path


def read_file(path: FilePath, *, aliases: bool = False) -> YamlText:
    """A YAML file that holds a mapping; ``aliases`` as in `read_yaml`.

    Raises:
        RuleFileError: unreadable, not UTF-8, not strict YAML, or no mapping.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        params = {"reason": error.strerror or "?"}
        raise RuleFileError(Problem("RULE_001", params, Place(str(path)))) from None
    except UnicodeDecodeError as error:
        params = {"reason": f"UTF-8, byte {error.start}"}
        raise RuleFileError(Problem("RULE_001", params, Place(str(path)))) from None
    source, problems = read_yaml(text, str(path), aliases=aliases)
    if problems:
        raise RuleFileError(problems)
    return source


def _procedure(source: YamlText, sources: Sources) -> Procedure:
    problems = fill_in(source, shared_of(sources))
    found = check_shape(RuleFileShape, source, source.data)
    if isinstance(found, list):
        problems += found
        # a misspelt key need not hide the other problems of the file
        found = check_shape(RuleFileShape, source, without_unknown_keys(RuleFileShape, source.data))
    if isinstance(found, list):
        raise RuleFileError(_in_file_order(problems))
    reader = Reader(source, sources, problems)
    procedure = compile_procedure(found, reader, source.file)
    if reader.problems:
        raise RuleFileError(_in_file_order(reader.problems))
    return procedure


def _in_file_order(problems: list[Problem]) -> list[Problem]:
    def position(problem: Problem) -> tuple[int, int]:
        place = problem.place or Place()
        return place.line or 0, place.column or 0

    return sorted(problems, key=position)
