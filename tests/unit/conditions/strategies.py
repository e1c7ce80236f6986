"""Invented facts, and strategies for expressions over them and for environments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from motcua.conditions import Scope, parse_type

LISTS = {"mineral": ("metal", "rare_earth", "peat"), "duty": ("paid", "reported", "compensated"),
         "size": ("none", "small", "large")}
TYPES = {
    "dispute": "yes/no", "park": "yes/no", "secret": "yes/no",
    "licence.mineral": "one of mineral", "project.size": "one of size", "duties": "list of duty",
    "count_1": "integer", "share": "number", "spent": "money", "budget": "money", "area": "area",
    "received": "date", "expires": "date", "left": "days", "term": "months", "note": "text",
}
SCOPE = Scope({name: parse_type(text, LISTS) for name, text in TYPES.items()}, LISTS)

_numbers = st.one_of(
    st.integers(-50, 50), st.decimals(-50, 50, places=2).map(lambda d: int(d) if d == int(d) else d.normalize()))
_dates = st.dates(date(2011, 1, 1), date(2030, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2025, 8, 31), date(2026, 2, 28), date(2025, 12, 31), date(2026, 1, 30)])
VALUES: dict[str, st.SearchStrategy[object]] = {
    "yes/no": st.booleans(), "integer": st.integers(-9, 9), "number": _numbers,
    "money": st.integers(0, 20).map(lambda n: n * 10**8), "area": _numbers, "date": _dates,
    "days": st.integers(-5, 400), "months": st.integers(0, 30), "text": st.sampled_from(["", "a", 'q"\\']),
}


def value_of(name: str) -> st.SearchStrategy[object]:
    """A known value of the fact ``name``."""
    own = SCOPE.names[name]
    if own.kind == "one of":
        return st.sampled_from(own.values)
    if own.kind == "list of":
        return st.lists(st.sampled_from(own.values), unique=True).map(tuple)
    return VALUES[own.kind]


def environments(unknown: bool = True) -> st.SearchStrategy[dict[str, object]]:
    """Facts, some of them missing or None unless ``unknown`` is false."""
    if not unknown:
        return st.fixed_dictionaries({name: value_of(name) for name in TYPES})
    return st.fixed_dictionaries({}, optional={name: st.none() | value_of(name) for name in TYPES})


def _fixed(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def _combine(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: pattern.format(*values))


_compare = _fixed("=", "!=", "<", "<=", ">", ">=")
_literal = st.integers(0, 9).map(str) | st.decimals(0, 9, places=2).map(str) | _fixed("25%", "0.125", "1_000")


def _number_texts() -> st.SearchStrategy[str]:
    leaves = _fixed("count_1", "share", "count(duties)", "-share") | _literal
    return st.recursive(leaves, lambda inner: st.one_of(
        _combine("({} {} {})", inner, _fixed("+", "-"), inner),
        _combine("{} * ({})", _literal, inner),
        _combine("({}) / {}", inner, _fixed("2", "4", "0.5", "8")),
        _combine("{}({}, {})", _fixed("min", "max", "sum"), inner, inner),
        _combine("{}({})", _fixed("abs", "floor"), inner),
        _combine("round half up({}, {})", inner, _fixed("0", "1", "-1")),
        _combine("(if park then {} else {})", inner, inner)), max_leaves=4)


_money = _fixed("spent", "budget", "50% * budget", "spent + budget", "budget - spent", "1 billion VND", "0",
                "max(spent, 2 million VND)")
_when = _fixed("received", "expires", 'date("2025-08-31")', "received + 6 months", "received + term",
               "expires - 30 days", "received + left", "received + 10 days + 1 month")
_days = _fixed("left", "90 days", "expires - received", "left - 5 days")


def _conditions(known: bool) -> st.SearchStrategy[str]:
    leaves = [
        _fixed("dispute", "park", "secret", "true", "false"),
        _combine("{} {} {}", _number_texts(), _compare, _number_texts()),
        _combine("{} {} {}", _fixed("spent", "budget", "50% * budget"), _compare, _money),
        _combine("{} {} {}", _when, _compare, _when),
        _combine("{} {} {}", _fixed("left", "expires - received"), _compare, _days),
        _combine("licence.mineral {} \"{}\"", _fixed("=", "!="), _fixed(*LISTS["mineral"])),
        _fixed('licence.mineral in ("metal", "peat")', 'project.size in ("none", "small", "large")',
               "area in [1 ha..20 ha)", "area in (0 ha..1 km2]", "area between 1 ha and 2 ha", "left <= 2 * left",
               'list contains(duties, "paid")', '"reported" in duties', "count(duties) > 1", 'note = "a"',
               'some d in duties satisfies d != "paid"', "term < 2 years",
               'every d in ["paid", "reported"] satisfies list contains(duties, d)', "dispute = park",
               "share in (1, [2..3], > 40, != 5)", '(if park then "metal" else "peat") = licence.mineral'),
    ]
    if known:
        leaves.append(_fixed("received = null", "licence.mineral != null", "not(duties = null)"))
    return st.recursive(st.one_of(leaves), lambda inner: st.one_of(
        _combine("({}) and ({})", inner, inner), _combine("({}) or ({}) or ({})", inner, inner, inner),
        _combine("not({})", inner), _combine("{} and {}", _fixed("park", "secret"), inner.map("({})".format)),
        _combine("if {} then {} else {}", inner.map("({})".format), inner.map("({})".format), inner)),
        max_leaves=6)


CONDITIONS = _conditions(known=True)
MONOTONE_CONDITIONS = _conditions(known=False)
VALUE_TEXTS = st.one_of(_number_texts(), _money, _when, _days, _fixed("licence.mineral", "note"))
ANY_TEXT = st.one_of(CONDITIONS, VALUE_TEXTS)
HUGE = Decimal("123456789012345678.901234567891")
