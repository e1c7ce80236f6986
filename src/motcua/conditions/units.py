"""Units and scales of quantities: exact factors to the canonical unit of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from motcua.law import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a kind of quantity: one of it is ``factor`` canonical units."""

    kind: str
    factor: Fraction
    shown: Text


def _unit(kind: str, factor: int | Fraction, vi: str, en: str) -> Unit:
    return Unit(kind, Fraction(factor), Text(vi, en))


# The first unit of each kind is its canonical one.
_UNITS = {
    "VND": _unit("money", 1, "đồng", "VND"),
    "ha": _unit("area", 1, "ha", "ha"),
    "m2": _unit("area", Fraction(1, 10_000), "m²", "m²"),
    "km2": _unit("area", 100, "km²", "km²"),
    "m": _unit("length", 1, "m", "m"),
    "mm": _unit("length", Fraction(1, 1000), "mm", "mm"),
    "cm": _unit("length", Fraction(1, 100), "cm", "cm"),
    "km": _unit("length", 1000, "km", "km"),
    "m3": _unit("volume", 1, "m³", "m³"),
    "m3_per_day": _unit("flow", 1, "m³/ngày", "m³/day"),
    "m3_per_hour": _unit("flow", 24, "m³/giờ", "m³/hour"),
    "m3_per_s": _unit("flow", 86_400, "m³/s", "m³/s"),
    "l_per_s": _unit("flow", Fraction(864, 10), "l/s", "l/s"),
    "m3_per_year": _unit("yearly volume", 1, "m³/năm", "m³/year"),
    "t": _unit("mass", 1, "tấn", "t"),
    "kg": _unit("mass", Fraction(1, 1000), "kg", "kg"),
    "t_per_year": _unit("rate", 1, "tấn/năm", "t/year"),
    "t_per_day": _unit("daily rate", 1, "tấn/ngày", "t/day"),
    "kg_per_day": _unit("daily rate", Fraction(1, 1000), "kg/ngày", "kg/day"),
    "kg_per_hour": _unit("daily rate", Fraction(24, 1000), "kg/giờ", "kg/hour"),
    "mg_per_l": _unit("concentration", 1, "mg/l", "mg/l"),
    "kW": _unit("power", 1, "kW", "kW"),
    "MW": _unit("power", 1000, "MW", "MW"),
    "hours": _unit("hours", 1, "giờ", "hours"),
    "days": _unit("days", 1, "ngày", "days"),
    "months": _unit("months", 1, "tháng", "months"),
    "years": _unit("months", 12, "năm", "years"),
    "working_days": _unit("working_days", 1, "ngày làm việc", "working days"),
    "%": _unit("number", Fraction(1, 100), "%", "%"),
}
_ALIASES = {
    "đồng": "VND", "vnd": "VND", "VNĐ": "VND", "vnđ": "VND",
    "m²": "m2", "km²": "km2", "m³": "m3", "day": "days", "month": "months",
    "year": "years", "years": "years", "hour": "hours", "working_day": "working_days", "percent": "%",
    "m3/day": "m3_per_day", "m³/day": "m3_per_day", "m3/ngày": "m3_per_day", "m³/ngày": "m3_per_day",
    "m3/hour": "m3_per_hour", "m3/giờ": "m3_per_hour", "m3/s": "m3_per_s", "m³/s": "m3_per_s",
    "l/s": "l_per_s", "m3/year": "m3_per_year", "m3/năm": "m3_per_year", "tonnes": "t",
    "hectare": "ha", "hectares": "ha", "hecta": "ha", "tấn": "t",
    "t/year": "t_per_year", "tấn/năm": "t_per_year", "t/day": "t_per_day", "tấn/ngày": "t_per_day",
    "kg/day": "kg_per_day", "kg/hour": "kg_per_hour", "kg/giờ": "kg_per_hour", "mg/l": "mg_per_l",
    "kg/ngày": "kg_per_day", "ngày": "days", "tháng": "months", "năm": "years", "giờ": "hours",
}
SCALES = {"thousand": 10**3, "nghìn": 10**3, "million": 10**6, "triệu": 10**6, "billion": 10**9, "tỷ": 10**9,
          "tỉ": 10**9}
_SCALE_SHOWN = {
    10**3: Text("nghìn", "thousand"), 10**6: Text("triệu", "million"), 10**9: Text("tỷ", "billion"),
}

CANONICAL_UNITS: dict[str, str] = {}
for _name, _defined in _UNITS.items():
    if _defined.factor == 1:
        CANONICAL_UNITS.setdefault(_defined.kind, _name)

QUANTITIES = frozenset(CANONICAL_UNITS)
WHOLE_KINDS = frozenset({"integer", "money", "days", "months", "working_days"})
UNIT_NAMES = frozenset([*_UNITS, *_ALIASES])


def find_unit(text: str) -> Unit | None:
    """The unit written ``text``, possibly after a scale ("million VND", "m3/day"), or None."""
    scale, _, rest = text.strip().rpartition(" ")
    if scale and scale not in SCALES:
        return None
    unit = _UNITS.get(_ALIASES.get(rest, rest))
    if unit is None or not scale:
        return unit
    factor = SCALES[scale]
    shown = Text(f"{_SCALE_SHOWN[factor].vi} {unit.shown.vi}", f"{_SCALE_SHOWN[factor].en} {unit.shown.en}")
    return Unit(unit.kind, unit.factor * factor, shown)


def units_of_kind(kind: str) -> tuple[str, ...]:
    """The units in which quantities of a kind are written, the canonical one first."""
    return tuple(name for name, unit in _UNITS.items() if unit.kind == kind)


def canonical_unit(kind: str) -> Unit:
    """The unit in which values of ``kind`` are kept."""
    return _UNITS[CANONICAL_UNITS[kind]]
