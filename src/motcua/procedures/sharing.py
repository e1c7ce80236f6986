"""What several procedures share: parts of ``shared/<name>.yaml`` that rule files name instead of repeating.

A change of law that touches many procedures is then one edit. In ``lists``, ``facts``, ``derived`` and ``decisions``
a rule file writes ``licence.area: {shared: minerals}``; in ``always``, ``applies``, ``requirements``, ``documents`` and
``transitional`` it writes ``- {shared: minerals, id: half-done}``, which stands for every entry of that id. The part
is read as if it stood there; what is wrong with it is told at its place in the shared file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Final

from motcua.errors import Problem
from motcua.law import Source, Sources, did_you_mean
from motcua.procedures.yamltext import Path, YamlText

SHARED_FOLDER: Final = "shared"
NAMED_SECTIONS: Final = ("lists", "facts", "derived", "decisions")
LISTED_SECTIONS: Final = ("always", "applies", "requirements", "documents", "transitional")


class Register(Sources):
    """The legal texts of a rules folder, and the parts its procedures share (by the name of their file)."""

    def __init__(self, sources: Mapping[str, Source] | None = None,
                 shared: Mapping[str, YamlText] | None = None) -> None:
        super().__init__(sources)
        self.shared = dict(shared or {})

    def with_sources(self, sources: Mapping[str, Source]) -> Register:
        """This register with further texts, which stand in the place of those of the same key."""
        return Register({**self, **sources}, self.shared)


def shared_of(sources: Sources) -> Mapping[str, YamlText]:
    """The shared files that come with a register; plain `Sources` have none."""
    return sources.shared if isinstance(sources, Register) else {}


def fill_in(source: YamlText, shared: Mapping[str, YamlText]) -> list[Problem]:
    """Put the shared parts into the data of a rule file, with their places; what cannot be found is told.

    ``source.borrowed`` then holds each part as text: it belongs to what the rules say.
    """
    problems: list[Problem] = []
    if isinstance(source.data, dict):
        for section in NAMED_SECTIONS:
            problems += _fill_named(source, shared, section)
        for section in LISTED_SECTIONS:
            problems += _fill_listed(source, shared, section)
    return problems


def _fill_named(source: YamlText, shared: Mapping[str, YamlText], section: str) -> Iterator[Problem]:
    entries = source.data.get(section)
    if not isinstance(entries, dict):
        return
    for name, entry in list(entries.items()):
        if not (isinstance(entry, dict) and set(entry) == {"shared"}):
            continue
        path: Path = (section, name)
        origin = shared.get(str(entry["shared"]))
        parts = _section(origin, section, dict)
        if origin is None:
            yield _no_file(source, path, entry["shared"], shared)
            del entries[name]
        elif name not in parts:
            yield _no_part(source, path, str(entry["shared"]), section, name, parts)
            del entries[name]
        else:
            entries[name] = deepcopy(parts[name])
            _borrow(source, origin, (section, name), path, entries[name])


def _fill_listed(source: YamlText, shared: Mapping[str, YamlText], section: str) -> Iterator[Problem]:
    entries = source.data.get(section)
    if not isinstance(entries, list) or not any(_is_reference(entry) for entry in entries):
        return
    before = {path: mark for path, mark in source.values.items() if path[:1] == (section,)}
    keys = {path: mark for path, mark in source.keys.items() if path[:1] == (section,) and len(path) > 1}
    filled: list[Any] = []
    for marks in (source.values, source.keys):
        for path in [path for path in marks if path[:1] == (section,) and len(path) > 1]:
            del marks[path]
    for index, entry in enumerate(entries):
        path = (section, len(filled))
        if not _is_reference(entry):
            _move(before, source.values, (section, index), path)
            _move(keys, source.keys, (section, index), path)
            filled.append(entry)
            continue
        origin = shared.get(str(entry["shared"]))
        parts = _section(origin, section, list)
        places = [at for at, part in enumerate(parts) if isinstance(part, dict) and part.get("id") == entry["id"]]
        source.values[path] = before[section, index]
        if origin is None:
            yield _no_file(source, path, entry["shared"], shared)
        elif not places:
            ids = [str(part["id"]) for part in parts if isinstance(part, dict) and "id" in part]
            yield _no_part(source, path, str(entry["shared"]), section, str(entry["id"]), ids)
        else:
            for at in places:
                path = (section, len(filled))
                filled.append(deepcopy(parts[at]))
                _borrow(source, origin, (section, at), path, filled[-1])
    source.data[section] = filled


def _is_reference(entry: Any) -> bool:
    return isinstance(entry, dict) and set(entry) == {"shared", "id"}


def _section(origin: YamlText | None, section: str, kind: type) -> Any:
    found = origin.data.get(section) if origin is not None and isinstance(origin.data, dict) else None
    return found if isinstance(found, kind) else kind()


def _borrow(source: YamlText, origin: YamlText, there: Path, here: Path, data: Any) -> None:
    """Take over the places of a part, marked as standing in the other file."""
    own_key = source.keys.get(here)
    for marks, others in ((source.values, origin.values), (source.keys, origin.keys)):
        for path, mark in others.items():
            if path[:2] == there:
                marks[*here, *path[2:]] = replace(mark, origin=origin)
    if own_key is not None:
        source.keys[here] = own_key
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    source.borrowed.append(f"{here[0]}\t{there[1]}\t{text}")


def _move(marks: Mapping[Path, Any], into: dict[Path, Any], old: Path, new: Path) -> None:
    into.update({(*new, *path[2:]): mark for path, mark in marks.items() if path[:2] == old})


def _no_file(source: YamlText, path: Path, name: Any, shared: Mapping[str, YamlText]) -> Problem:
    params = {"name": str(name), "folder": SHARED_FOLDER, "hint": did_you_mean(str(name), shared)}
    return Problem("RULE_049", params, source.place(path))


def _no_part(source: YamlText, path: Path, file: str, section: str, name: str, known: Any) -> Problem:
    params = {"name": name, "file": f"{SHARED_FOLDER}/{file}.yaml", "section": section,
              "hint": did_you_mean(name, list(known))}
    return Problem("RULE_050", params, source.place(path))


def unused_parts(shared: Mapping[str, YamlText], rules: Iterable[YamlText]) -> Iterator[Problem]:
    """A warning for each shared part that no rule file names: nobody has checked what it means."""
    used = {reference for source in rules for reference in _references(source.data)}
    for file, source in shared.items():
        for section, name, path in _parts(source.data):
            if (file, section, name) not in used:
                params = {"name": name, "section": section}
                yield Problem("RULE_114", params, source.place(path), "warning")


def _references(data: Any) -> Iterator[tuple[str, str, str]]:
    for section, name, path in _parts(data):
        entry = data[section][path[1]]
        if isinstance(entry, dict) and "shared" in entry:
            yield str(entry["shared"]), section, name


def _parts(data: Any) -> Iterator[tuple[str, str, Path]]:
    """Section, name and path of each part of a file."""
    sections = data if isinstance(data, dict) else {}
    for section in NAMED_SECTIONS:
        entries = sections.get(section)
        yield from ((section, name, (section, name)) for name in (entries if isinstance(entries, dict) else ()))
    for section in LISTED_SECTIONS:
        entries = sections.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and "id" in entry:
                yield section, str(entry["id"]), (section, index)


def shared_files(folder: FilePath) -> list[FilePath]:
    """The shared files of a rules folder."""
    return sorted((folder / SHARED_FOLDER).glob("*.yaml"))
