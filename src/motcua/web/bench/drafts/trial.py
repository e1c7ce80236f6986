"""The child in which a draft is read for the first time; see `motcua.web.bench.drafts.files`.

As a script (``python draft_trial.py FOLDER NAME``) it reads the rule file in the folder with the register and the
further texts beside it, writes the merged register, and prints what is wrong as JSON. A draft comes from outside:
here it may cost so much time and memory and no more.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motcua.errors import Problem
    from motcua.law import Sources
    from motcua.procedures import Procedure

#: Seconds of work, octets of memory, and law versions that a draft may take.
MOST_SECONDS = 20
MOST_MEMORY = 2 * 1024**3
MOST_LAW_VERSIONS = 100
REGISTER, FURTHER, MERGED, RULES = "register.yaml", "further.yaml", "sources.yaml", "rules"


def main(folder: Path, name: str) -> None:
    """Print the problems of the draft as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    print(json.dumps([plain(problem, folder) for problem in problems_of(folder, name)], ensure_ascii=False))


def problems_of(folder: Path, name: str) -> Iterator[Problem]:
    """Every error and warning of the draft in ``folder``, of the procedure called ``name``."""
    from motcua.errors import MotcuaError
    from motcua.procedures import lint_procedure, load_procedure

    try:
        procedure = load_procedure(folder / f"{RULES}.yaml", merged_register(folder))
    except MotcuaError as error:
        yield from error.problems
        return
    own = list(unfit(procedure, name))
    yield from own
    if not own:
        yield from lint_procedure(procedure)


def merged_register(folder: Path) -> Sources:
    """The register with the further texts, which stand in the place of those of the same key; also as a file."""
    from motcua.procedures import load_sources

    merged = load_sources(folder / REGISTER)
    if (folder / FURTHER).read_text(encoding="utf-8").strip():
        merged = merged.with_sources(load_sources(folder / FURTHER))
    (folder / MERGED).write_text(register_text(merged), encoding="utf-8")
    return merged


def register_text(sources: Sources) -> str:
    """A register of legal texts as a file."""
    lines = (f"{key}: " + json.dumps({"vi": each.title.vi, "en": each.title.en, "number": each.number,
                                      "in_force": str(each.in_force)}, ensure_ascii=False)
             for key, each in sources.items())
    return "".join(f"{line}\n" for line in lines) or "{}\n"


def unfit(procedure: Procedure, name: str) -> Iterator[Problem]:
    """Why sound rules can still not be this draft: another procedure, too many law versions, no answer."""
    from motcua.engine import assess
    from motcua.errors import InputError, MotcuaError, Place, Problem

    place = Place(str(procedure.path), 1, 1)
    if procedure.id != name:
        yield Problem("WEB_230", {"name": name, "found": procedure.id}, place)
    elif len(procedure.versions) > MOST_LAW_VERSIONS:
        yield Problem("WEB_231", {"count": len(procedure.versions), "most": MOST_LAW_VERSIONS}, place)
    else:
        for version in procedure.versions:
            day = version.interval.first or version.interval.last
            try:
                assess(procedure, {procedure.law_at: day}, engine="conditions")
            except InputError:
                continue  # a case without facts may be one that no real case is
            except (MotcuaError, RecursionError, MemoryError, SyntaxError, OverflowError) as error:
                yield Problem("WEB_232", {"version": str(version), "reason": type(error).__name__}, place)


def plain(problem: Problem, folder: Path) -> dict[str, Any]:
    """A problem as JSON: its words, and its place in the rules, in the further texts or in a shared file."""
    place = problem.place
    file = Path(place.file) if place is not None and place.file else folder / f"{RULES}.yaml"
    is_register = file.name in (FURTHER, REGISTER)
    field = "register" if is_register else "text" if file.parent == folder else f"{file.parent.name}/{file.name}"
    return {"code": problem.code, "severity": problem.severity, "vi": problem.message("vi"),
            "en": problem.message("en"), "field": field,
            "line": place.line if place else None, "column": place.column if place else None,
            "source_line": place.source_line if place else None}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
