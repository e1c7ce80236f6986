"""Where the boxes of a picture lie: columns from left to right, few crossings, short lines.

After Sugiyama: each box has a column; a line that passes columns passes them through thin places of its own; the order
in a column follows the neighbours' mean; the heights are the least-squares solution that keeps the order and the gaps.
Deterministic: the same boxes and lines lie the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

#: Between boxes of a column, and the height a passing line takes.
GAP: Final = 14.0
LANE: Final = 6.0
_SWEEPS: Final = 16


@dataclass(frozen=True, slots=True)
class Layout:
    """The centre of each box (column, height), and for each line the heights at the columns it passes."""

    places: Mapping[str, tuple[int, float]]
    lanes: Mapping[tuple[str, str], tuple[float, ...]]
    height: float


def lay_out(columns: Mapping[str, int], heights: Mapping[str, float], edges: Sequence[tuple[str, str]]) -> Layout:
    """Lay out boxes of given columns and heights; ``edges`` lead from lower columns to higher ones."""
    sizes = dict(heights)
    at = dict(columns)
    links: list[tuple[str, str]] = []
    passed: dict[tuple[str, str], list[str]] = {}
    for source, target in edges:
        chain = [f"{source}\0{target}\0{column}" for column in range(columns[source] + 1, columns[target])]
        for number, lane in enumerate(chain):
            at[lane], sizes[lane] = columns[source] + 1 + number, LANE
        passed[source, target] = chain
        links += list(zip([source, *chain], [*chain, target], strict=True))
    before: dict[str, list[str]] = {name: [] for name in at}
    after: dict[str, list[str]] = {name: [] for name in at}
    for source, target in links:
        before[target].append(source)
        after[source].append(target)
    layers: list[list[str]] = [[] for _ in range(max(at.values(), default=-1) + 1)]
    for name, column in at.items():
        layers[column].append(name)
    layers = _ordered(layers, before, after)
    middles = _placed(layers, sizes, before, after)
    top = min((middles[name] - sizes[name] / 2 for name in at), default=0.0)
    bottom = max((middles[name] + sizes[name] / 2 for name in at), default=0.0)
    return Layout({name: (columns[name], middles[name] - top) for name in columns},
                  {edge: tuple(middles[lane] - top for lane in chain) for edge, chain in passed.items()}, bottom - top)


def crossings(left: Sequence[str], right: Sequence[str], after: Mapping[str, Sequence[str]]) -> int:
    """How many lines cross between two columns."""
    place = {name: number for number, name in enumerate(right)}
    ends = [place[target] for name in left for target in sorted(after[name], key=lambda each: place.get(each, 0))
            if target in place]
    return sum(first > second for number, first in enumerate(ends) for second in ends[number + 1:])


def _ordered(layers: list[list[str]], before: Mapping[str, Sequence[str]],
             after: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The order of least crossings that sweeps over the columns find."""
    best, least = layers, _all_crossings(layers, after)
    for sweep in range(_SWEEPS):
        layers = [list(layer) for layer in layers]
        order = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for column in order:
            neighbours, fixed = (before, layers[column - 1]) if sweep % 2 == 0 else (after, layers[column + 1])
            place = {name: number for number, name in enumerate(fixed)}
            means: dict[str, float] = {}
            for number, name in enumerate(layers[column]):
                near = [place[each] for each in neighbours[name]]
                means[name] = sum(near) / len(near) if near else number
            layers[column].sort(key=means.__getitem__)
        count = _all_crossings(layers, after)
        if count < least:
            best, least = layers, count
    return best


def _all_crossings(layers: list[list[str]], after: Mapping[str, Sequence[str]]) -> int:
    return sum(crossings(left, right, after) for left, right in pairwise(layers))


def _placed(layers: list[list[str]], sizes: Mapping[str, float], before: Mapping[str, Sequence[str]],
            after: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The middles: each near the mean of its neighbours', in order and apart."""
    middles: dict[str, float] = {}
    for layer in layers:
        middles.update(_apart(layer, sizes, dict.fromkeys(layer, 0.0)))
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = {}
            for name in layer:
                near = [*before[name], *after[name]] if sweep > 1 else [*(before if sweep == 0 else after)[name]]
                wanted[name] = sum(middles[each] for each in near) / len(near) if near else middles[name]
            middles.update(_apart(layer, sizes, wanted))
    return middles


def _apart(layer: Sequence[str], sizes: Mapping[str, float], wanted: Mapping[str, float]) -> dict[str, float]:
    """The middles nearest to those wanted (least squares) that keep the order and the gaps.

    Taken off their cumulated distances the middles must not decrease: pooling adjacent violators solves it exactly.
    """
    offsets: list[float] = []
    for number, name in enumerate(layer):
        offsets.append(0.0 if number == 0 else
                       offsets[-1] + (sizes[layer[number - 1]] + sizes[name]) / 2 + GAP)
    pools: list[tuple[float, int]] = []
    for name, offset in zip(layer, offsets, strict=True):
        pools.append((wanted[name] - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (low, many), (high, more) = pools[-2:]
            pools[-2:] = [((low * many + high * more) / (many + more), many + more)]
    level = [value for value, many in pools for _ in range(many)]
    return {name: value + offset for name, value, offset in zip(layer, level, offsets, strict=True)}
