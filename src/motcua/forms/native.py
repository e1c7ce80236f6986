"""Expressions of a form in libxml2's own XPath 1.0, by the types of the nodes they read.

Used only to show that a submission has no fault: where the meaning cannot be kept exactly, `NotNativeError`
is raised and the form is checked by our own evaluation alone. The types are those the generated schema has
already checked, so that a decimal node holds a plain number and a date node a real date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from lxml import etree

from motcua.forms.model import Definition, Form, Select1
from motcua.forms.native_functions import BY_TEXT, OVER_NODES
from motcua.forms.xpath import dates
from motcua.forms.xpath.functions import FUNCTIONS
from motcua.forms.xpath.tree import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Literal,
    Logic,
    Negate,
    Number,
    Path,
)
from motcua.forms.xpath.values import folded, number_text, text_number

_PLAIN = ("string-length", "translate", "contains", "starts-with", "substring-before", "substring-after")


class NotNativeError(Exception):
    """The expression's meaning cannot be kept exactly in native XPath."""


@dataclass(frozen=True, slots=True)
class _Route:
    """A path resolved: from a row or group around the context (None: the document) down to a definition."""

    anchor: Definition | None
    target: Definition

    @property
    def single(self) -> bool:
        """Whether at most one node can be meant."""
        below = self.target.chain()[len(self.anchor.chain()) if self.anchor else 0 :]
        return not any(definition.repeat is not None for definition in below)


class Native:
    """Translates the expressions of one form; ``prefix`` is written before each element name."""

    def __init__(self, form: Form, prefix: str = "") -> None:
        self.form, self.prefix = form, prefix

    def name(self, definition: Definition) -> str:
        """The name test of a definition; ``meta`` and what is in it come in two namespaces."""
        if any(part.name == "meta" and part.parent is self.form.root for part in definition.chain()):
            return f"*[local-name()='{definition.name}']"
        return f"{self.prefix}{definition.name}"

    def absolute(self, definition: Definition) -> str:
        """The path of all nodes of a definition."""
        return "/" + "/".join(self.name(part) for part in definition.chain())

    def boolean(self, expr: Expr, at: Definition) -> str:
        """The expression as a condition at a node of ``at``."""
        match expr:
            case Logic(operator, operands):
                return "(" + f" {operator} ".join(self.boolean(part, at) for part in operands) + ")"
            case Compare(first, ((operator, second),)):
                return self._comparison(operator, first, second, at)
            case Call(name, arguments, _):
                return self._boolean_call(name, arguments, expr, at)
            case Path():
                return f"(string({self.nodes(expr, at)}) != '')"
            case Number() | Arithmetic() | Negate():
                return f"boolean({self.number(expr, at)})"
            case Literal(text):
                return "true()" if text else "false()"
            case _:
                raise NotNativeError

    def _boolean_call(self, name: str, arguments: tuple[Expr, ...], expr: Call, at: Definition) -> str:
        match name, arguments:
            case (("true" | "false"), _):
                return f"{name}()"
            case "not", (only,):
                return f"not({self.boolean(only, at)})"
            case "boolean", (only,):
                return self.boolean(only, at)
            case "if", (condition, then, otherwise):
                test = self.boolean(condition, at)
                return f"(({test} and {self.boolean(then, at)}) or (not({test}) and {self.boolean(otherwise, at)}))"
            case "selected", (words, Literal(word)) if word.strip():
                inside = f"concat(' ', normalize-space({self.string(words, at)}), ' ')"
                return f"contains({inside}, {quoted(f' {word.strip()} ')})"
            case "regex", (text, Literal(pattern)):
                return f"m:regex({self.string(text, at)}, {quoted(pattern)})"
            case _:
                kind = self.kind(expr, at)
                if kind == "boolean":
                    return f"boolean({self.string_call(name, arguments, at)})"
                inner = self.number(expr, at) if kind == "number" else self.string(expr, at)
                return f"boolean({inner})"

    def kind(self, expr: Expr, at: Definition) -> str:
        """What our evaluation would give: "nodes", "number", "string", "boolean".

        "any" is a number or empty; "text" may be nodes, a string or a number: these differ in comparisons.
        """
        match expr:
            case Path():
                return "nodes"
            case Number() | Arithmetic() | Negate():
                return "number"
            case Logic() | Compare():
                return "boolean"
            case Literal():
                return "string"
            case Call("today", _, _):
                return "string"
            case Call("if", (_, then, otherwise), _):
                kinds = {self.kind(then, at), self.kind(otherwise, at)}
                if len(kinds) == 1 and kinds != {"nodes"}:
                    return kinds.pop()
                if "boolean" in kinds:
                    raise NotNativeError
                return "text"
            case Call("coalesce", _, _):
                return "string"
            case Call("max" | "min", _, _):
                return "any"
            case Call("regex" | "selected", _, _):
                return "boolean"
            case Call(name, _, _) if name in FUNCTIONS and FUNCTIONS[name].gives in ("number", "string", "boolean"):
                return FUNCTIONS[name].gives
            case _:
                raise NotNativeError

    def _comparison(self, operator: str, left: Expr, right: Expr, at: Definition) -> str:
        kinds = {self.kind(left, at), self.kind(right, at)}
        if kinds & {"text", "any"} and (operator == "!=" or (operator == "=" and "number" not in kinds)):
            raise NotNativeError
        if operator in ("=", "!="):
            if "boolean" in kinds:
                return f"({self.boolean(left, at)} {operator} {self.boolean(right, at)})"
            if "number" not in kinds:
                return self._texts_compared(operator, left, right, at)
        elif self._is_date(left, at) and self._is_date(right, at):
            return f"({self._date_key(left, at)} {operator} {self._date_key(right, at)})"
        exact = self._computes(left) or self._computes(right)
        sides = [self._numeric_side(side, operator, exact, at) for side in (left, right)]
        several = [text for text, side in zip(sides, (left, right), strict=True) if self._is_several(side, at)]
        if operator == "!=" and len(several) > 1:
            raise NotNativeError
        absent = f" or not({several[0]})" if several and operator == "!=" else ""
        return f"({sides[0]} {operator} {sides[1]}{absent})"

    def _texts_compared(self, operator: str, left: Expr, right: Expr, at: Definition) -> str:
        """No node reads as the empty text, which native XPath does only for one node, through `string`."""
        several = [side for side in (left, right) if self._is_several(side, at)]
        if len(several) > 1:
            raise NotNativeError
        if not several:
            return f"({self.string(left, at)} {operator} {self.string(right, at)})"
        nodes, other = self.nodes(several[0], at), self.string(right if several[0] is left else left, at)
        return f"({nodes} {operator} {other} or (not({nodes}) and '' {operator} {other}))"

    def _is_several(self, expr: Expr, at: Definition) -> bool:
        return isinstance(expr, Path) and not self.route(expr, at).single

    def _numeric_side(self, side: Expr, operator: str, exact: bool, at: Definition) -> str:
        """Several nodes compare one by one, which native XPath does as long as it reads the numbers itself."""
        if isinstance(side, Path) and not self.route(side, at).single:
            if exact or not self._reads_natively(self.route(side, at).target):
                raise NotNativeError
            return self.nodes(side, at)
        return self.number(side, at, exact=exact)

    def _computes(self, expr: Expr) -> bool:
        return isinstance(expr, (Arithmetic, Negate, Call))

    def _is_date(self, expr: Expr, at: Definition) -> bool:
        match expr:
            case Path():
                route = self.route(expr, at)
                return route.single and route.target.type == "date"
            case Literal(text):
                return dates.read_date(text) is not None
            case Call("today", _, _):
                return True
            case Call("date", (only,), _):
                return self._is_date(only, at)
            case _:
                return False

    def _date_key(self, expr: Expr, at: Definition) -> str:
        match expr:
            case Literal(text):
                return text.replace("-", "")
            case Call("today", _, _):
                return "$today_key"
            case Call("date", (only,), _):
                return self._date_key(only, at)
            case _:
                return f"number(translate({self.nodes(expr, at)}, '-', ''))"

    def number(self, expr: Expr, at: Definition, *, exact: bool = True) -> str:
        """The expression as a number; ``exact``: read as Python does, to the last bit."""
        match expr:
            case Number(value, text):
                return text if _native_number(text) == value else f"m:num('{text}')"
            case Path():
                target = self.route(expr, at).target
                if self._reads_natively(target) and not (exact and target.type == "decimal"):
                    return f"number({self.nodes(expr, at)})"
                return f"m:num(string({self.nodes(expr, at)}))"
            case Arithmetic(first, rest):
                parts = [self.number(first, at)]
                for operator, operand in rest:
                    parts += [operator, self.number(operand, at)]
                return "(" + " ".join(parts) + ")"
            case Negate(operand):
                return f"(-{self.number(operand, at)})"
            case Call(name, arguments, _):
                return self._number_call(name, arguments, expr, at)
            case _:
                return f"m:num({self.string(expr, at)})"

    def _number_call(self, name: str, arguments: tuple[Expr, ...], expr: Call, at: Definition) -> str:
        match name, arguments:
            case "number", (only,):
                return self.number(only, at)
            case "count", (Path() as only,):
                return f"count({self.seen(self.route(only, at), at)})"
            case "sum", (Path() as only,) if self.route(only, at).target.type == "int":
                return f"sum({self.nodes(only, at)}[. != ''])"
            case "if", (condition, then, otherwise):
                return f"m:if({self.boolean(condition, at)}, {self.number(then, at)}, {self.number(otherwise, at)})"
            case _:
                pass
        kind = self.kind(expr, at)
        if kind == "boolean":
            return f"number({self.boolean(expr, at)})"
        if name in FUNCTIONS and FUNCTIONS[name].gives == "number":
            return self.string_call(name, arguments, at)
        return f"m:num({self.string(expr, at)})"

    def string(self, expr: Expr, at: Definition) -> str:
        """The expression as text."""
        match expr:
            case Literal(text):
                if folded(text) != text:
                    raise NotNativeError
                return quoted(text)
            case Path():
                return f"string({self.nodes(expr, at)})"
            case Number(value, _):
                return quoted(number_text(value))
            case Arithmetic() | Negate():
                return f"m:text({self.number(expr, at)})"
            case Logic() | Compare():
                return f"string({self.boolean(expr, at)})"
            case Call(name, arguments, _):
                return self._string_of_call(name, arguments, expr, at)
            case _:
                raise NotNativeError

    def _string_of_call(self, name: str, arguments: tuple[Expr, ...], expr: Call, at: Definition) -> str:
        match name, arguments:
            case (("today" | "now"), _):
                return f"${name}"
            case "string", (only,):
                return self.string(only, at)
            case "if", (condition, then, otherwise):
                return f"m:if({self.boolean(condition, at)}, {self.string(then, at)}, {self.string(otherwise, at)})"
            case "coalesce", parts:
                return f"m:coalesce({', '.join(self.string(part, at) for part in parts)})"
            case (("number" | "count"), _):
                return f"m:text({self.number(expr, at)})"
            case _:
                pass
        if self.kind(expr, at) == "boolean":
            return f"string({self.boolean(expr, at)})"
        return f"m:text({self.string_call(name, arguments, at)})"

    def string_call(self, name: str, arguments: tuple[Expr, ...], at: Definition) -> str:
        """A call whose arguments are texts, natively or in our own working."""
        if name in _PLAIN:
            return f"{name}({', '.join(self.string(part, at) for part in arguments)})"
        if name in BY_TEXT:
            parts = [self._value(part, at) for part in arguments]
        elif name in OVER_NODES:
            parts = [self.nodes(part, at) if isinstance(part, Path) else self._value(part, at) for part in arguments]
        else:
            raise NotNativeError
        return f"m:{name}({', '.join(parts)})"

    def _value(self, expr: Expr, at: Definition) -> str:
        """An argument as our functions take it: numbers as numbers, all else as text."""
        kind = self.kind(expr, at)
        if kind == "number":
            return self.number(expr, at)
        return self.boolean(expr, at) if kind == "boolean" else self.string(expr, at)

    def _reads_natively(self, target: Definition) -> bool:
        """Whether libxml2 and we read the same number from every text the schema lets through."""
        if target.type in ("int", "decimal") and not target.children:
            return True
        control = target.control
        if not isinstance(control, Select1) or control.itemset is not None:
            return False
        return all(_same_number(item.value) for item in control.items)

    def nodes(self, expr: Expr, at: Definition) -> str:
        """A path as seen from a node of ``at``."""
        if not isinstance(expr, Path):
            raise NotNativeError
        route = self.route(expr, at)
        if route.target.children:
            raise NotNativeError
        return self.seen(route, at)

    def seen(self, route: _Route, at: Definition) -> str:
        """The steps from ``at`` up to the anchor and down to the target."""
        if route.anchor is None:
            return self.absolute(route.target)
        up = len(at.chain()) - len(route.anchor.chain())
        down = [self.name(part) for part in route.target.chain()[len(route.anchor.chain()) :]]
        return "/".join([".."] * up + down) or "."

    def route(self, path: Path, at: Definition) -> _Route:
        """Where a path leads; predicates, lists and other axes are not for native XPath."""
        if any(step.predicates for step in path.steps):
            raise NotNativeError
        if path.absolute:
            return self._absolute_route(path, at)
        if path.base is not None and not (isinstance(path.base, Call) and path.base.name == "current"):
            raise NotNativeError
        reached = anchor = at
        for step in path.steps:
            if step.axis == "parent" and step.test == "node()" and reached is anchor and reached.parent is not None:
                reached = anchor = reached.parent
            elif step.axis == "child" and step.test in reached.children:
                reached = reached.children[step.test]
            elif not (step.axis == "self" and step.test == "node()"):
                raise NotNativeError
        return _Route(anchor, reached)

    def _absolute_route(self, path: Path, at: Definition) -> _Route:
        names = [step.test for step in path.steps if step.axis == "child"]
        if len(names) != len(path.steps) or not names or names[0] != self.form.root.name:
            raise NotNativeError
        reached, around = self.form.root, set(at.repeats())
        anchor: Definition | None = None
        open_row = True
        for name in names[1:]:
            if name not in reached.children:
                raise NotNativeError
            reached = reached.children[name]
            if reached.repeat is not None:
                open_row = open_row and reached in around
                anchor = reached if open_row else anchor
        return _Route(anchor, reached)


def quoted(text: str) -> str:
    """A string literal of XPath 1.0, which has no escapes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = ', "\'", '.join(f"'{part}'" for part in text.split("'"))
    return f"concat({parts})"


_number_of = etree.XPath("number($text)")
_EMPTY = etree.Element("empty")


def _native_number(text: str) -> float:
    found: Any = _number_of(_EMPTY, text=text)
    return float(found)


def _same_number(text: str) -> bool:
    ours, native = text_number(text), _native_number(text)
    return ours == native or (math.isnan(ours) and math.isnan(native))
