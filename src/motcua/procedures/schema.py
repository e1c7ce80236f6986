"""The shape of rule files: which keys exist, which are required, and the JSON Schema for editors.

Only shape is checked here; what the words mean (types, citations, conditions) is checked by the loader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from motcua.errors import Problem, closest
from motcua.law import Text
from motcua.procedures.yamltext import Path, YamlText


class Shape(BaseModel):
    """A mapping with known keys only; nothing is converted silently."""

    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=False, frozen=True)


def _nfc(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _as_word(value: Any) -> Any:
    # `id: 1` is meant as the word 1
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_pair(value: Any) -> Any:
    return {"vi": value, "en": value} if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_named(value: Any) -> Any:
    return value if isinstance(value, dict) and "is" in value else {"is": value}


_NAME: Final = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_PROCEDURE_ID: Final = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"
_FIELD_NAME: Final = r"^[a-z][a-z0-9-]*$"
_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_LIST_VALUE: Final = r"^[A-Za-z0-9][A-Za-z0-9_]*$"
_SOURCE_KEY: Final = r"^[A-Z][A-Za-z0-9_]*$"
_EXAMPLES: Final = {
    _NAME: "well.depth",
    _PROCEDURE_ID: "vn.water.well-permit",
    _FIELD_NAME: "water",
    _ID: "half-done",
    _LIST_VALUE: "rare_earth",
    _SOURCE_KEY: "ND193",
}

Words = Annotated[str, BeforeValidator(_nfc), StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=_NAME)]
ProcedureId = Annotated[str, StringConstraints(pattern=_PROCEDURE_ID)]
FieldName = Annotated[str, StringConstraints(pattern=_FIELD_NAME)]
Id = Annotated[str, BeforeValidator(_as_word, json_schema_input_type=str | int),
               StringConstraints(pattern=_ID)]
ListValue = Annotated[str, StringConstraints(pattern=_LIST_VALUE)]
SourceKey = Annotated[str, StringConstraints(pattern=_SOURCE_KEY)]
Codes = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Condition = Annotated[Any, WithJsonSchema({"$comment": "condition"})]
Scalar = str | int | Decimal


class TextPair(Shape):
    """A text in both languages."""

    vi: Words
    en: Words

    @property
    def text(self) -> Text:
        """As the value used everywhere else."""
        return Text(self.vi, self.en)


WordsOrPair = Annotated[TextPair, BeforeValidator(_as_pair, json_schema_input_type=str | TextPair)]


class FactShape(TextPair):
    """``facts``: one typed thing the rules ask about."""

    type: str
    unit: str | None = None
    min: Scalar | None = None
    max: Scalar | None = None
    hint: TextPair | None = None
    when: Condition = None
    change_cost: Annotated[int, Field(ge=0)] | Literal["never"] = 10


class AlwaysShape(Shape):
    """``always``: what no real case breaks."""

    id: Id | None = None
    vi: Words | None = None
    en: Words | None = None
    is_: Condition = Field(alias="is")


AlwaysEntry = Annotated[AlwaysShape, BeforeValidator(_as_named, json_schema_input_type=str | AlwaysShape)]


class DerivedShape(TextPair):
    """``derived``: a named conclusion; ``is`` holds a condition, or one per interval in force."""

    is_: Condition = Field(alias="is")


class DerivedCase(Shape):
    """One meaning of a derived name, for the days of ``in_force``."""

    in_force: str
    is_: Condition = Field(alias="is")


class AppliesShape(TextPair):
    """``applies``, one entry of its list: when the procedure is required, under which text."""

    id: Id
    cite: Words
    in_force: str = ".."
    when: Condition


class RequirementShape(TextPair):
    """``requirements``: exactly one of ``must`` and ``must_not``."""

    id: Id
    cite: Words | None = None
    in_force: str = ".."
    must: Condition = None
    must_not: Condition = None
    when: Condition = None


class DocumentShape(TextPair):
    """``documents``: a paper the law asks for."""

    id: Id
    copies: WordsOrPair
    form: WordsOrPair | None = None
    cite: Words | None = None
    in_force: str = ".."
    when: Condition = None


class GridLine(Shape):
    """One line of a grid: ``upto`` its bound, or ``above`` the last one."""

    upto: Scalar | None = None
    above: Scalar | None = None
    cells: list[Scalar]


class GridShape(Shape):
    """A two-way table of values."""

    unit: str | None = None
    down: str
    across: str
    columns: list[str]
    rows: Annotated[list[GridLine], Field(min_length=1)]


class RowShape(Shape):
    """One line of a decision: exactly one of ``then`` and ``grid``."""

    id: Id
    cite: Words | None = None
    in_force: str = ".."
    when: Condition = None
    then: Scalar | bool | None = None
    grid: GridShape | None = None
    overrides: list[Id] = []


class DecisionShape(TextPair):
    """``decisions``: a question the law answers, as a table of rows."""

    type: str
    unit: str | None = None
    hit: Literal["unique", "first", "collect"] = "unique"
    from_: str | None = Field(default=None, alias="from")
    starts: TextPair | None = None
    after: str | None = None
    note: WordsOrPair | None = None
    rows: list[RowShape]


class TransitionalShape(TextPair):
    """``transitional``: a choice between the law of the law date and the law from ``between`` on."""

    id: Id
    cite: Words | None = None
    between: str
    default: Literal["old"] = "old"
    unless: Condition
    moves: Annotated[list[str], Field(min_length=1)]


class RuleFileShape(TextPair):
    """A whole rule file."""

    procedure: ProcedureId
    field: FieldName
    codes: dict[str, Codes] = {}
    summary: TextPair | None = None
    law_at: str
    covers: str
    lists: dict[Name, dict[ListValue, TextPair]] = {}
    facts: dict[Name, FactShape]
    always: list[AlwaysEntry] = []
    derived: dict[Name, DerivedShape] = {}
    applies: Condition = None
    requirements: list[RequirementShape] = []
    documents: list[DocumentShape] = []
    decisions: dict[Name, DecisionShape] = {}
    transitional: list[TransitionalShape] = []
    result: TextPair | None = None
    gaps: list[WordsOrPair] = []
    notes: list[WordsOrPair] = []


class SourceShape(TextPair):
    """One entry of ``sources.yaml``."""

    number: Words
    in_force: str


class SourcesShape(RootModel[dict[SourceKey, SourceShape]]):
    """The register of legal texts, by key."""

    model_config = ConfigDict(strict=True)


class ScenarioShape(Shape):
    """One worked example, as our own files are written; see `motcua.procedures.scenarios`."""

    id: Id
    vi: Words | None = None
    en: Words | None = None
    why: WordsOrPair | None = None
    like: Id | None = None
    given: dict[str, Any] = {}
    expect: dict[str, Any] = {}


def _closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties),
            "properties": properties}


_CONDITIONS: Final = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}}
_WORD_LIST: Final = {"type": "array", "items": {"type": "string"}}
_CONDITION_SCHEMA: Final[Mapping[str, Any]] = {
    "description": "A condition in FEEL, true/false, or a list of conditions under all, any or none.",
    "anyOf": [
        {"type": "string"}, {"type": "boolean"},
        *(_closed(**{word: _CONDITIONS}) for word in ("all", "any", "none")),
        _closed(requires_all_of=_closed(fact={"type": "string"}, values=_WORD_LIST)),
    ],
}


def rule_file_schema() -> dict[str, Any]:
    """The JSON Schema of rule files, for editors that complete and check YAML."""
    schema = RuleFileShape.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    for name, shape in (("DerivedCase", DerivedCase), ("AppliesEntry", AppliesShape)):
        part = shape.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        definitions.update(part.pop("$defs", {}))
        definitions[name] = part
    _allow_list(schema["properties"], "applies", "AppliesEntry")
    _allow_list(definitions["DerivedShape"]["properties"], "is", "DerivedCase")
    schema = _with_conditions(schema)
    schema["$defs"]["Condition"] = dict(_CONDITION_SCHEMA)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _with_conditions(part: Any) -> Any:
    """Pydantic's schema as editors need it: conditions by reference, and no key that the format does not know."""
    if isinstance(part, dict):
        kept = {key: _with_conditions(each) for key, each in part.items() if key != "$comment"}
        if "patternProperties" in kept:
            kept["additionalProperties"] = False
        return kept | ({"$ref": "#/$defs/Condition"} if part.get("$comment") == "condition" else {})
    return [_with_conditions(each) for each in part] if isinstance(part, list) else part


def _allow_list(properties: dict[str, Any], name: str, entry: str) -> None:
    entries = {"type": "array", "items": {"$ref": f"#/$defs/{entry}"}}
    properties[name] = {"anyOf": [{"$ref": "#/$defs/Condition"}, entries]}


ShapeType = TypeVar("ShapeType", bound=BaseModel)

_EXPECTED: Final[Mapping[str, Text]] = {
    "string_type": Text("một chuỗi chữ (đặt trong dấu nháy nếu là số)", "text (in quotes if it is a number)"),
    "string_too_short": Text("một chuỗi không rỗng", "text that is not empty"),
    "list_type": Text("một danh sách", "a list"),
    "too_short": Text("một danh sách có ít nhất một phần tử", "a list with at least one entry"),
    "dict_type": Text("một nhóm khóa: giá trị", "a mapping of key: value"),
    "model_type": Text("một nhóm khóa: giá trị", "a mapping of key: value"),
    "greater_than_equal": Text("một số nguyên từ 0 trở lên", "a whole number from 0"),
    "int_type": Text("một số nguyên", "a whole number"),
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
        params = {"value": shown(detail["input"]), "example": _EXAMPLES[detail["ctx"]["pattern"]]}
        return Problem("RULE_005", params, source.place(path, key=is_key))
    words = detail.get("ctx", {}).get("expected", "")
    expected = Text(words, words) if kind == "literal_error" else _EXPECTED.get(kind, _SCALAR_EXPECTED)
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
    "transitional": TransitionalShape,
}


def _comma_hint(key: str) -> Text | None:
    """A key such as ``"peat")`` is the rest of a condition that a comma has cut in a ``{...}`` line."""
    if not any(char in key for char in "\"'()<>= "):
        return None
    return Text(" Trong dòng {...}, điều kiện có dấu phẩy phải đặt trong dấu nháy đơn: when: '...'.",
                " In a {...} line, a condition with a comma must be in single quotes: when: '...'.")


def did_you_mean(word: str, words: Iterable[str]) -> Text:
    """The end of a message: the nearest known word, or nothing."""
    near = closest(word, words)
    return Text(f" Có phải là “{near}”?", f" Did you mean '{near}'?") if near else Text("", "")


def shown(value: Any) -> str:
    """A value as the message repeats it: short, on one line."""
    # a lone surrogate in JSON could not be printed
    text = " ".join(str(value).encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= 60 else text[:57] + "..."
