"""Facts from outside: strict JSON or YAML text, then values checked against the facts of a procedure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from motcua.conditions import Value, read_value, show_value
from motcua.errors import InputError, Place, Problem
from motcua.law import Text, did_you_mean
from motcua.procedures.model import Fact, Procedure
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import MAX_CHARACTERS, MAX_DEPTH, read_yaml

MAX_EXPONENT: Final = 30
MAX_PROBLEMS: Final = 100

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{\]}]', re.DOTALL)
_KINDS: Final[Mapping[type, Text]] = {
    list: Text("một danh sách", "a list"), str: Text("một chuỗi chữ", "text"),
    bool: Text("true hoặc false", "true or false"), int: Text("một số", "a number"),
    Decimal: Text("một số", "a number"), float: Text("một số", "a number"),
    type(None): Text("không có gì", "nothing"),
}


def read_facts(procedure: Procedure, raw: Mapping[str, Any]) -> dict[str, Value]:
    """Values of facts, typed and in canonical units; null and absent are unknown and left out.

    Raises:
        InputError: FACT_001 to FACT_004 and COND_2xx, every problem with the fact's id as its field.
    """
    if not isinstance(raw, Mapping):
        raise InputError(Problem("FACT_002", {"kind": _KINDS.get(type(raw), Text("?", "?"))}))
    facts: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, given in raw.items():
        if len(problems) >= MAX_PROBLEMS:
            break
        fact = procedure.facts.get(name)
        if fact is None:
            params = {"name": shown(name), "hint": did_you_mean(str(name)[:100], procedure.facts)}
            problems.append(Problem("FACT_001", params, Place(field=shown(name))))
        elif given is not None:
            try:
                facts[name] = _bounded(fact, read_value(fact.type, given, Place(field=name)), procedure)
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return facts


def out_of_bounds(procedure: Procedure, facts: Mapping[str, Value]) -> list[Problem]:
    """FACT_003 and FACT_004 for typed values outside the bounds of their facts, each with the fact as its field."""
    problems: list[Problem] = []
    for name, value in facts.items():
        try:
            _bounded(procedure.facts[name], value, procedure)
        except InputError as error:
            problems.extend(error.problems)
    return problems


def _bounded(fact: Fact, value: Value, procedure: Procedure) -> Value:
    for code, bound, broken in (("FACT_003", fact.min, fact.min is not None and value < fact.min),
                                ("FACT_004", fact.max, fact.max is not None and value > fact.max)):
        if broken:
            params = {"title": fact.title, "value": _shown(fact, value, procedure),
                      "bound": _shown(fact, bound, procedure)}
            raise InputError(Problem(code, params, Place(field=fact.id)))
    return value


def _shown(fact: Fact, value: Value, procedure: Procedure) -> Text:
    return Text(*(show_value(fact.type, value, lang, procedure.labels) for lang in ("vi", "en")))


def load_facts_text(text: str, file: str = "-",
                    format: Literal["json", "yaml"] | None = None) -> dict[str, Any]:
    """A mapping of facts as written, from JSON or YAML text; without ``format`` the text decides.

    Raises:
        InputError: with every problem, and its place in ``file``.
    """
    text = text.removeprefix("\ufeff")
    not_json: InputError | None = None
    looks_json = file.endswith(".json") or text.lstrip().startswith(("{", "["))
    if format == "json" or (format is None and looks_json):
        try:
            return _as_facts(load_json_strict(text, file), file)
        except InputError as error:
            # {a: b} is YAML too: only a text that is no JSON at all gets a second reading
            if format == "json" or file.endswith(".json") or error.problems[0].code != "FACT_005":
                raise
            not_json = error
    source, problems = read_yaml(text, file, aliases=True)
    if problems:
        raise not_json or InputError(problems)
    return _as_facts(source.data, file)


def _as_facts(data: Any, file: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise InputError(Problem("FACT_002", {"kind": _KINDS.get(type(data), Text("?", "?"))}, Place(file)))
    return data


def load_json_strict(text: str | bytes, file: str = "-") -> Any:
    """JSON without its traps: no duplicate keys, NaN, Infinity, 1e400; exact decimals, bounded size and depth.

    Raises:
        InputError: FACT_005 to FACT_008.
    """
    text = _decoded(text, file)
    _check_size(text, file)
    problems: list[Problem] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in found]
        problems.extend(Problem("FACT_006", {"key": shown(key)}, Place(file))
                        for key in _repeated(keys))
        return dict(found)

    def number(word: str) -> Any:
        value = Decimal(word) if len(word) <= 4000 else None
        if value is None or abs(value.adjusted()) > MAX_EXPONENT:
            return refuse(word)
        return int(word) if word.lstrip("-").isdecimal() else value

    def refuse(word: str) -> None:
        problems.append(Problem("FACT_007", {"value": shown(word)}, Place(file)))

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_float=number, parse_int=number,
                          parse_constant=refuse)
    except ValueError as error:
        raise InputError(_json_problem(error, text, file)) from None
    if problems:
        raise InputError(problems[:MAX_PROBLEMS])
    return data


def _repeated(keys: list[str]) -> Iterable[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield key
        seen.add(key)


def _decoded(text: str | bytes, file: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        params = {"reason": f"UTF-8, byte {error.start}"}
        raise InputError(Problem("FACT_005", params, Place(file))) from None


def _check_size(text: str, file: str) -> None:
    deep = depth = 0
    for match in _STRING_OR_BRACKET.finditer(text[:MAX_CHARACTERS + 1]):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        deep = max(deep, depth)
    if len(text) > MAX_CHARACTERS or deep > MAX_DEPTH:
        limit = f"{MAX_CHARACTERS:,} / {MAX_DEPTH}"
        raise InputError(Problem("FACT_008", {"limit": limit}, Place(file)))


def _json_problem(error: ValueError, text: str, file: str) -> Problem:
    if not isinstance(error, json.JSONDecodeError):
        return Problem("FACT_005", {"reason": str(error)}, Place(file))
    line = text.split("\n")[error.lineno - 1]
    place = Place(file, error.lineno, error.colno, None, line[:2000])
    return Problem("FACT_005", {"reason": error.msg}, place)
