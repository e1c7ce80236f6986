"""Where each element stands in the picture: inputs below, what is decided from them above, in rows that fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from motcua.dmn.model import Model

_WIDTHS: Final = {"input": (180, 60), "decision": (200, 80)}
_STEP_X: Final = 230
_STEP_Y: Final = 140
_IN_A_ROW: Final = 14
_SWEEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A shape: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top(self) -> tuple[int, int]:
        """The middle of its upper side."""
        return self.x + self.width // 2, self.y

    @property
    def bottom(self) -> tuple[int, int]:
        """The middle of its lower side."""
        return self.x + self.width // 2, self.y + self.height


def layout(model: Model) -> Mapping[str, Box]:
    """The shape of every element; what reads another stands above it."""
    needs = {decision.id: decision.needs for decision in model.decisions}
    level = {each.id: 0 for each in model.inputs}
    for decision in model.decisions:
        level[decision.id] = 1 + max((level[need] for need in decision.needs), default=0)
    layers: list[list[str]] = [[] for _ in range(1 + max(level.values(), default=0))]
    for element, number in level.items():
        layers[number].append(element)
    rows = [row for layer in _ordered(layers, needs) for row in _wrapped(layer)]
    widest = max((len(row) for row in rows), default=0)
    boxes: dict[str, Box] = {}
    for number, row in enumerate(reversed(rows)):
        left = 100 + (widest - len(row)) * _STEP_X // 2
        for place, element in enumerate(row):
            width, height = _WIDTHS["decision" if element in needs else "input"]
            boxes[element] = Box(left + place * _STEP_X, 80 + number * _STEP_Y, width, height)
    return boxes


def _ordered(layers: list[list[str]], needs: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Each layer in the order of the middle of what its elements are joined to, so that few lines cross."""
    readers: dict[str, list[str]] = {}
    for element, read in needs.items():
        for need in read:
            readers.setdefault(need, []).append(element)
    for sweep in range(_SWEEPS):
        joined = needs if sweep % 2 == 0 else {key: tuple(value) for key, value in readers.items()}
        place = {element: index / len(layer) for layer in layers for index, element in enumerate(layer)}
        for layer in layers:
            middles = {element: _middle(joined.get(element, ()), place, place[element]) for element in layer}
            layer.sort(key=lambda element, at=middles: at[element])  # type: ignore[misc]
    return layers


def _middle(others: tuple[str, ...], place: Mapping[str, float], own: float) -> float:
    return sum(place[other] for other in others) / len(others) if others else own


def _wrapped(layer: list[str]) -> list[list[str]]:
    """A layer in as few rows of equal length as fit the page."""
    count = -(-len(layer) // _IN_A_ROW)
    size = -(-len(layer) // count) if count else 1
    return [layer[start:start + size] for start in range(0, len(layer), size)]
