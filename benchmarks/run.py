"""Measure every ratio that motcua holds itself to, and rewrite docs/performance.md.

``python -m benchmarks.run [MODULE...]`` runs all modules of this folder, or those named, and exits 1 when a ratio
is over its limit. A module has ``measure() -> list[Row]``. Ratios are taken side by side in one run, so that a
slower or busier machine changes both sides.
"""

from __future__ import annotations

import gc
import importlib
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "performance.md"
KEPT = FOLDER / "last.json"

HEAD = """# Performance

Each figure is a ratio of two things measured in turn in one process, the median of many rounds; **over** marks one
that is more than its limit. `make bench` measures them again, rewrites this page, and fails where a limit is passed;
`python -m benchmarks.run check` does so for one of the modules of `benchmarks/`; their first lines tell how each
measures.

A whole POST ends when the record is on the disk, so its figure holds that wait, which is the same on both sides. Below
stands what is left without it: where a disk answers at once and nothing else runs, a POST comes near that figure, which
can be more than 2.
"""
TABLE = """
## {title}

| what | against | ratio | limit |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: ``what`` takes ``ratio`` times as long (or as often) as ``against``; at most ``limit``.

    ``promise`` is its number among the figures that motcua promises; 0 where it only helps to understand them.
    """

    what: str
    against: str
    ratio: float
    limit: float
    promise: int = 0

    @property
    def holds(self) -> bool:
        return self.ratio <= self.limit

    def __str__(self) -> str:
        mark = "" if self.holds else " **over**"
        return f"| {self.what} | {self.against} | {self.ratio:.3g}{mark} | {self.limit:g} |"


def page(rows: Sequence[Row]) -> str:
    """The page of the figures: first those promised, in their order."""
    tables = {"What motcua promises": sorted((row for row in rows if row.promise), key=lambda row: row.promise),
              "More figures": [row for row in rows if not row.promise]}
    shown = "".join(TABLE.format(title=title) + "".join(f"{row}\n" for row in found)
                    for title, found in tables.items() if found)
    return f"{HEAD}{shown}\nMeasured with CPython {platform.python_version()} on {platform.machine()}.\n"


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The processor time of one ``work``, all threads together, over ``repeats`` in a row."""
    started = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - started) / repeats


def alternately(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 41) -> float:
    """The median over rounds of our time by theirs, measured in turn; each round takes about 10 ms a side."""
    repeats = [max(1, int(0.01 / max(min(seconds(work, 1) for _ in range(3)), 1e-7))) for work in (ours, theirs)]
    gc.collect()
    gc.freeze()  # what is loaded by now stays: as in a server, no round pays for looking through it
    ratios = [seconds(ours, repeats[0]) / seconds(theirs, repeats[1]) for _ in range(rounds)]
    return statistics.median(ratios)


def modules() -> list[str]:
    """The names of all modules of this folder that measure something."""
    return sorted(path.stem for path in FOLDER.glob("*.py")
                  if "def measure" in path.read_text(encoding="utf-8") and path.stem != "run")


def main(names: Sequence[str]) -> int:
    """Measure, keep, write the page."""
    kept: dict[str, list[dict[str, object]]] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    for name in names or modules():
        measured = importlib.import_module(f"benchmarks.{name}").measure()
        kept[name] = [asdict(row) for row in measured]
        print(*measured, sep="\n", flush=True)
    found = {name: [Row(**row) for row in kept[name]] for name in modules() if name in kept}  # type: ignore[arg-type]
    rows = [row for each in found.values() for row in each]
    PAGE.write_text(page(rows), encoding="utf-8")
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
