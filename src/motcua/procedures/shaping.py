"""Checking the shape of a file: every key that is unknown, missing or of the wrong kind, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from motcua.errors import Problem
from motcua.law import Text, did_you_mean
from motcua.procedures.schema import (
    EXAMPLES,
    AlwaysShape,
    AppliesShape,
    DecisionShape,
    DerivedShape,
    DocumentShape,
    FactShape,
    GridLine,
    GridShape,
    IntendedShape,
    RequirementShape,
    RowShape,
    Shape,
    SourceShape,
    SourcesShape,
    TextPair,
    TransitionalShape,
)
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import Path, YamlText

ShapeType = TypeVar("ShapeType", bound=BaseModel)

_EXPECTED: Final[Mapping[str, Text]] = {
    "string_type": Text("một chuỗi chữ (đặt trong dấu nháy nếu là số)", "text (in quotes if it is a number)"),
    "string_too_short": Text("một chuỗi không rỗng", "text that is not empty"),
    "list_type": Text("một danh sách", "a list"),
    "too_short": Text("một danh sách có ít nhất một phần tử", "a list with at least one entry"),
    "dict_type": Text("một nhóm khóa: giá trị", "a mapping of key: value"),
    "model_type": Text("một nhóm khóa: giá trị", "a mapping of key: value"),
    "change_cost": Text("một số nguyên từ 0 trở lên, hoặc never", "a whole number from 0, or never"),
}
_SCALAR_EXPECTED: Final = Text("một số hoặc một chuỗi chữ", "a number or text")


def check_shape(shape: type[ShapeType], source: YamlText, data: Any,
                at: Path = ()) -> ShapeType | list[Problem]:
    """The data as ``shape``, or every problem of its shape; ``at`` is where in the file the data stands."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        found: dict[Path, Problem] = {}
        for detail in error.errors(include_url=False, include_context=True, include_input=True):
            path = (*at, *_data_path(data, detail["loc"]))
            # a value that fits no branch of a union is reported once, not once a branch
            found.setdefault(path, _shape_problem(shape, source, path, detail))
        return list(found.values())


def without_unknown_keys(shape: type[BaseModel], data: Any) -> Any:
    """A copy of the data in which every key is known to ``shape``."""
    try:
        shape.model_validate(data)
    except ValidationError as error:
        data = deepcopy(data)
        for detail in error.errors(include_url=False):
            path = _data_path(data, detail["loc"])
            if detail["type"] == "extra_forbidden" and path:
                holder: Any = data
                for step in path[:-1]:
                    holder = holder[step]
                holder.pop(path[-1], None)
    return data


def _data_path(data: Any, loc: Iterable[str | int]) -> Path:
    """The part of pydantic's location that exists in the data, with the name of a key that is missing."""
    path: list[str | int] = []
    steps = list(loc)
    for index, step in enumerate(steps):
        if (isinstance(data, dict) and step in data) or (
                isinstance(data, list) and isinstance(step, int) and step < len(data)):
            path.append(step)
            data = data[step]  # type: ignore[index]
        elif isinstance(data, dict) and index == len(steps) - 1 and isinstance(step, str) and step != "[key]":
            path.append(step)
    return tuple(path)


def _shape_problem(shape: type[BaseModel], source: YamlText, path: Path, detail: Any) -> Problem:
    kind, name = detail["type"], str(path[-1]) if path else ""
    if kind == "missing":
        return Problem("RULE_003", {"key": detail["loc"][-1]}, source.place(path[:-1] if path else ()))
    if kind == "extra_forbidden":
        hint = _comma_hint(name) or did_you_mean(name, _known_keys(shape, path))
        return Problem("RULE_002", {"key": name, "hint": hint}, source.place(path, key=True))
    if kind == "string_pattern_mismatch":
        is_key = "[key]" in detail["loc"]
        params = {"value": shown(detail["input"]), "example": EXAMPLES[detail["ctx"]["pattern"]]}
        return Problem("RULE_005", params, source.place(path, key=is_key))
    words = detail.get("ctx", {}).get("expected", "")
    expected = Text(words, words) if kind == "literal_error" else _EXPECTED.get(kind, _SCALAR_EXPECTED)
    expected = _EXPECTED.get(name, expected)
    return Problem("RULE_004", {"value": shown(detail["input"]), "expected": expected}, source.place(path))


def _known_keys(shape: type[BaseModel], path: Path) -> list[str]:
    """The keys of the format at this place, for "did you mean"."""
    within: type[BaseModel] = shape
    if len(path) > 1:
        within = _SECTIONS.get(str(path[0]), TextPair) if shape is not SourcesShape else SourceShape
        if "grid" in path:
            within = GridLine if "rows" in path[path.index("grid"):] else GridShape
        elif "rows" in path:
            within = RowShape
    return [field.alias or name for name, field in within.model_fields.items()]


_SECTIONS: Final[Mapping[str, type[Shape]]] = {
    "facts": FactShape, "always": AlwaysShape, "derived": DerivedShape, "applies": AppliesShape,
    "requirements": RequirementShape, "documents": DocumentShape, "decisions": DecisionShape,
    "transitional": TransitionalShape, "intended": IntendedShape,
}


def _comma_hint(key: str) -> Text | None:
    """A key such as ``"peat")`` is the rest of a condition that a comma has cut in a ``{...}`` line."""
    if not any(char in key for char in "\"'()<>= "):
        return None
    return Text(" Trong dòng {...}, điều kiện có dấu phẩy phải đặt trong dấu nháy đơn: when: '...'.",
                " In a {...} line, a condition with a comma must be in single quotes: when: '...'.")
