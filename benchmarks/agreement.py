"""The four readers of the law on as many generated laws and facts as asked: not a ratio, but a longer comparison.

``python -m benchmarks.agreement [--laws N] [--cases N] [--seed N] [--rules DIR]`` draws laws and facts (boundaries,
month ends, leap days, unknown values), then facts for every procedure of the rules folder, asks engine, evaluator, SQL
and z3, prints what was compared, and exits 1 when two of them differ. `make test` does the same with a small fixed
budget.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from tests.generated.facts import Places, cases
from tests.generated.procedures import procedures
from tests.generated.readers import Tally, compare, without_trials

from motcua.procedures import Procedure, load_folder

ROOT = Path(__file__).parents[1]
#: Laws between two lines of progress.
EVERY = 50
#: Cases at once of a procedure of the rules folder.
SHIPPED_AT_ONCE = 4


def drawn(draw: st.DrawFn, law: Procedure, number: int) -> tuple[list[Any], list[Any]]:
    """So many cases of a law, and a whole case behind each."""
    places = Places(law)
    some, whole = cases(law, places, law_date_known=False), cases(law, places, unknown=0)
    return ([draw(some) for _ in range(number)], [draw(whole) for _ in range(number)])


def run(tally: Tally, laws: st.SearchStrategy[Procedure], examples: int, number: int, start: int) -> None:
    """Compare the readers on examples of laws; what differs is gathered, so that one fault does not hide another."""
    @seed(start)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def compare_one(data: Any) -> None:
        law = data.draw(laws)
        compare(tally, law, *drawn(data.draw, law, number))
        if tally.procedures % EVERY == 0:
            print(f"{tally.procedures} laws, {tally.cases} cases, {len(tally.differing)} differences", flush=True)

    with without_trials():
        compare_one()


def report(tally: Tally) -> str:
    """What was compared, and every difference (the first of each reader and part whole)."""
    lines = [f"{tally.procedures} laws, {tally.cases} cases, {sum(tally.compared.values())} comparisons",
             "answers: " + ", ".join(f"{word} {count}" for word, count in sorted(tally.answers.items())),
             "compared: " + ", ".join(f"{what} {count}" for what, count in sorted(tally.compared.items())),
             f"differences: {len(tally.differing)}"]
    shown: set[tuple[str, str]] = set()
    for reader, what, expected, got, facts in tally.differing:
        if (reader, what.split()[0]) not in shown:
            shown.add((reader, what.split()[0]))
            lines.append(f"{reader}, {what}: engine {expected!r}, {reader} {got!r}, facts {dict(facts)!r}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("--laws", type=int, default=300, help="how many laws to generate (300)")
    parser.add_argument("--cases", type=int, default=12, help="how many cases a law (12)")
    parser.add_argument("--seed", type=int, default=0, help="another number, other laws and cases (0)")
    parser.add_argument("--rules", type=Path, default=ROOT / "rules", help="folder of procedures to compare too")
    given_options = parser.parse_args(arguments)
    tally = Tally()
    if given_options.laws:
        run(tally, procedures(), given_options.laws, given_options.cases, given_options.seed)
    for law in load_folder(given_options.rules).values():
        # many facts: few cases an example, or hypothesis finds it too large
        run(tally, st.just(law), 3 * given_options.cases, SHIPPED_AT_ONCE, given_options.seed)
    print(report(tally))
    return 1 if tally.differing else 0


if __name__ == "__main__":
    sys.exit(main())
