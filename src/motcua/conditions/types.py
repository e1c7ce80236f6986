"""Types of facts and expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from motcua.conditions.units import CANONICAL_UNITS, QUANTITIES, UNIT_NAMES, find_unit, units_of_kind
from motcua.errors import Place, Problem, RuleFileError
from motcua.law import Text, did_you_mean

Value = bool | int | Decimal | date | str | tuple[str, ...]

_PLAIN = ("yes/no", "number", "integer", "date", "text")
_OF_LIST = re.compile(r"(one of|list of)\s+(\S+)")
_NAMES = {
    "yes/no": Text("có/không", "yes/no"), "number": Text("số", "a number"),
    "integer": Text("số nguyên", "a whole number"), "money": Text("tiền", "money"),
    "area": Text("diện tích", "an area"), "length": Text("độ dài", "a length"),
    "volume": Text("thể tích", "a volume"), "flow": Text("lưu lượng", "a flow"),
    "yearly volume": Text("thể tích mỗi năm", "a yearly volume"), "mass": Text("khối lượng", "a mass"),
    "rate": Text("khối lượng mỗi năm", "a yearly mass"),
    "daily rate": Text("khối lượng mỗi ngày", "a daily mass"),
    "concentration": Text("nồng độ", "a concentration"), "power": Text("công suất", "power"),
    "hours": Text("số giờ", "hours"), "days": Text("số ngày", "days"), "months": Text("số tháng", "months"),
    "working_days": Text("số ngày làm việc", "working days"), "date": Text("ngày", "a date"),
    "text": Text("chữ", "text"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a fact or expression.

    ``kind`` is "yes/no", "number", "integer", a kind of quantity ("money", "area", "days", ...), "date",
    "text", "one of" or "list of". ``unit`` is the unit in which a quantity is read and shown; values are
    kept in the canonical unit of the kind. ``list`` and ``values`` name an enumeration and what it holds.
    """

    kind: str
    unit: str | None = None
    list: str | None = None
    values: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether values are numbers, with or without a unit."""
        return self.kind in ("number", "integer") or self.kind in QUANTITIES

    @property
    def is_ordered(self) -> bool:
        """Whether ``<`` and the like mean something."""
        return self.is_number or self.kind == "date"

    @property
    def title(self) -> Text:
        """The type in words for messages."""
        if self.kind == "one of":
            return Text(f"một giá trị của danh sách {self.list}", f"one of {self.list}")
        if self.kind == "list of":
            return Text(f"nhiều giá trị của danh sách {self.list}", f"a list of {self.list}")
        return _NAMES[self.kind]

    def __str__(self) -> str:
        return f"{self.kind} {self.list}" if self.list else self.kind


YES_NO, NUMBER, INTEGER, DATE, TEXT = (Type(kind) for kind in _PLAIN)


def same_kind(left: Type, right: Type) -> bool:
    """Whether values of the two types may be compared: whole numbers are numbers, units do not matter."""
    plain = {"integer": "number"}
    return (plain.get(left.kind, left.kind), left.list) == (plain.get(right.kind, right.kind), right.list)


def parse_type(text: str, lists: Mapping[str, Collection[str]], unit: str | None = None,
               place: Place | None = None) -> Type:
    """Read the type of a fact: ``money``, ``one of mineral``, ``number`` with unit ``kW``...

    A number with a unit is a quantity of that unit's kind. Raises ``RuleFileError`` COND_3xx.
    """
    of_list = _OF_LIST.fullmatch(text.strip())
    if of_list is not None:
        return _list_type(of_list.group(1), of_list.group(2), lists, place)
    kind = " ".join(text.split())
    if kind in ("percent", "years"):
        return Type("number", "%") if kind == "percent" else Type("months", "years")
    if kind not in _PLAIN and kind not in QUANTITIES:
        known = [*_PLAIN, *QUANTITIES, "percent", "years", *(f"one of {name}" for name in lists)]
        raise RuleFileError(Problem("COND_301", {"type": text, "hint": did_you_mean(text, known)}, place))
    return _with_unit(kind, unit, place)


def _list_type(kind: str, name: str, lists: Mapping[str, Collection[str]], place: Place | None) -> Type:
    if name not in lists:
        raise RuleFileError(Problem("COND_302", {"list": name, "hint": did_you_mean(name, lists)}, place))
    return Type(kind, None, name, tuple(lists[name]))


def _with_unit(kind: str, unit: str | None, place: Place | None) -> Type:
    if unit is None:
        return Type(kind, CANONICAL_UNITS[kind] if kind in CANONICAL_UNITS and kind != "number" else None)
    found = find_unit(unit)
    if found is None:
        hint = did_you_mean(unit, UNIT_NAMES)
        raise RuleFileError(Problem("COND_303", {"unit": unit, "hint": hint}, place))
    if kind not in ("number", found.kind):
        params = {"unit": unit, "type": Type(kind).title, "instead": _instead(kind)}
        raise RuleFileError(Problem("COND_304", params, place))
    return Type(found.kind, unit)


def _instead(kind: str) -> Text:
    units = ", ".join(units_of_kind(kind))
    return Text(f"có thể dùng {units}", f"write {units}") if units else Text("hãy bỏ khóa unit", "leave out the unit")
