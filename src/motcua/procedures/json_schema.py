"""The JSON Schema of rule files, made from their shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from motcua.procedures.schema import AppliesShape, DerivedCase, RuleFileShape


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
    _allow_shared(schema["properties"])
    _allow_list(schema["properties"], "applies", "AppliesEntry")
    _allow_list(definitions["DerivedShape"]["properties"], "is", "DerivedCase")
    schema = _with_conditions(schema)
    schema["$defs"]["Condition"] = dict(_CONDITION_SCHEMA)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _allow_shared(properties: dict[str, Any]) -> None:
    """Where a part may be named that lies in a shared file; see `motcua.procedures.sharing`."""
    word = {"type": "string"}
    for section in ("lists", "facts", "derived", "decisions"):
        patterns = properties[section]["patternProperties"]
        for name, part in patterns.items():
            patterns[name] = {"anyOf": [part, _closed(shared=word)]}
    for section in ("always", "requirements", "documents", "transitional"):
        properties[section]["items"] = {"anyOf": [properties[section]["items"], _closed(shared=word, id=word)]}


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
