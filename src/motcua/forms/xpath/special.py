"""ODK functions that look at the tree, evaluate lazily or resolve a name when the form is loaded."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import re2

from motcua.forms.nodes import Node, string_value
from motcua.forms.xpath import paths
from motcua.forms.xpath.compiler import Compiler, Scope
from motcua.forms.xpath.context import Context, Evaluator
from motcua.forms.xpath.parser import XPathSyntaxError, parse_xpath
from motcua.forms.xpath.tree import Call, Literal, Path
from motcua.forms.xpath.values import Value, to_number, to_string

Built = tuple[str, Evaluator]


@dataclass(frozen=True, slots=True)
class Special:
    """Arity, and the builder that compiles a call."""

    least: int
    most: int | None
    build: Callable[[Compiler, Call, Scope], Built]


def _if(compiler: Compiler, call: Call, scope: Scope) -> Built:
    condition = compiler.boolean(call.arguments[0], scope)
    (kind, then), (other, otherwise) = (compiler.expression(part, scope) for part in call.arguments[1:])
    return (kind if kind == other else "any"), lambda ctx: then(ctx) if condition(ctx) else otherwise(ctx)


def _coalesce(compiler: Compiler, call: Call, scope: Scope) -> Built:
    parts = [compiler.string(part, scope) for part in call.arguments]

    def run(ctx: Context) -> Value:
        for part in parts:
            if text := part(ctx):
                return text
        return ""

    return "string", run


def _once(compiler: Compiler, call: Call, scope: Scope) -> Built:
    inner = compiler.string(call.arguments[0], scope)
    return "string", lambda ctx: ctx.current.text or inner(ctx)


def _current(compiler: Compiler, call: Call, scope: Scope) -> Built:
    return "nodes", paths.compile_path(compiler, Path(False, call, ()), scope).run


def _instance(compiler: Compiler, call: Call, scope: Scope) -> Built:
    found = paths.list_of(compiler, call)
    return "nodes", lambda ctx: [found.document] if found is not None else []


def _position(compiler: Compiler, call: Call, scope: Scope) -> Built:
    if not call.arguments:
        return "number", lambda ctx: float(ctx.position)
    _, nodes = compiler.expression(call.arguments[0], scope)

    def run(ctx: Context) -> Value:
        value = nodes(ctx)
        return float(value[0].position()) if isinstance(value, list) and value else math.nan

    return "number", run


def _last(compiler: Compiler, call: Call, scope: Scope) -> Built:
    return "number", lambda ctx: float(ctx.size)


def _regex(compiler: Compiler, call: Call, scope: Scope) -> Built:
    text = compiler.string(call.arguments[0], scope)
    pattern = call.arguments[1]
    if isinstance(pattern, Literal):
        return "boolean", _fixed_regex(compiler, call, text, pattern.value)
    wanted = compiler.string(pattern, scope)

    def run(ctx: Context) -> Value:
        try:
            return linear_regex(wanted(ctx)).found_in(text(ctx))
        except re2.error:
            ctx.run.note("FORM_302", wanted(ctx))
            return False

    return "boolean", run


def _fixed_regex(compiler: Compiler, call: Call, text: Callable[[Context], str], pattern: str) -> Evaluator:
    try:
        compiled = linear_regex(pattern)
    except re2.error:
        compiler.report("FORM_116", call.position, pattern=pattern[:40])
        return lambda ctx: False
    if not (pattern.startswith("^") and pattern.endswith("$")):
        compiler.report("FORM_117", call.position, "warning", pattern=pattern[:40])
    return lambda ctx: compiled.found_in(text(ctx))


_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 22


class LinearPattern:
    """A pattern searched by RE2 in linear time; a set of one is its cheapest way to say yes or no."""

    def __init__(self, pattern: str) -> None:
        rewritten = re.sub(r"\\u([0-9A-Fa-f]{4})", r"\\x{\1}", pattern)
        self._set = re2.Set.SearchSet(_OPTIONS)
        self._set.Add(rewritten)
        self._set.Compile()

    def found_in(self, text: str) -> bool:
        """Whether the pattern occurs in ``text``."""
        return self._set.Match(text) is not None


@lru_cache(maxsize=256)
def linear_regex(pattern: str) -> LinearPattern:
    """Compile with RE2: no backtracking; ``\\uXXXX`` is rewritten to RE2's spelling.

    Raises:
        re2.error: the pattern cannot be read, or needs lookahead or back references.
    """
    return LinearPattern(pattern)


def _indexed_repeat(compiler: Compiler, call: Call, scope: Scope) -> Built:
    """``indexed-repeat(target, repeat, index, …)``: the target in the rows so numbered."""
    arguments = call.arguments
    if len(arguments) % 2 == 0 or not all(isinstance(part, Path) for part in (arguments[0], *arguments[1::2])):
        compiler.report("FORM_109", call.position, name=call.name, given=len(arguments), wanted="3, 5, 7, …")
        return "nodes", lambda ctx: []
    unbound = Scope(None, ())
    target, *repeats = (
        paths.compile_path(compiler, part, unbound if part.absolute else scope).definitions
        for part in (arguments[0], *arguments[1::2])
        if isinstance(part, Path)
    )
    indexes = [compiler.number(part, scope) for part in arguments[2::2]]
    if not target:
        return "nodes", lambda ctx: []
    chain = target[0].chain()
    numbered = {found[0]: index for found, index in zip(repeats, indexes, strict=True) if found}

    def run(ctx: Context) -> Value:
        nodes = [ctx.run.root]
        for definition in chain[1:]:
            nodes = [child for node in nodes for child in node.present(definition.name)]
            if definition in numbered:
                nodes = _row(ctx, nodes, numbered[definition](ctx))
            elif definition.repeat is not None:
                nodes = _own_row(ctx, nodes)
        return nodes

    return "nodes", run


def _row(ctx: Context, rows: list[Node], number: float) -> list[Node]:
    at = int(number) if math.isfinite(number) else 0
    if 1 <= at <= len(rows):
        return [rows[at - 1]]
    ctx.run.note("FORM_303", str(at))
    return []


def _own_row(ctx: Context, rows: list[Node]) -> list[Node]:
    """The row around the expression's node where there is one, else all."""
    at: Node | None = ctx.current
    while at is not None:
        if any(row is at for row in rows):
            return [at]
        at = at.parent
    return rows


def _randomize(compiler: Compiler, call: Call, scope: Scope) -> Built:
    _, nodes = compiler.expression(call.arguments[0], scope)
    seed = compiler.expression(call.arguments[1], scope)[1] if len(call.arguments) > 1 else None

    def run(ctx: Context) -> Value:
        value = nodes(ctx)
        found = list(value) if isinstance(value, list) else []
        if seed is None:
            ctx.run.chance.shuffle(found)
            return found
        return shuffled(found, seed_number(seed(ctx)))

    return "nodes", run


def seed_number(value: Value) -> int:
    """A number's whole part; of any other text the first 64 bits of its SHA-256, as JavaRosa reads them."""
    number = to_number(value)
    if math.isfinite(number):
        return int(number)
    return int.from_bytes(hashlib.sha256(to_string(value).encode()).digest()[:8], "big", signed=True)


def shuffled(items: list[Node], seed: int) -> list[Node]:
    """Park-Miller numbers into an inside-out Fisher-Yates shuffle: the order every client shows."""
    state = abs(seed) % 2_147_483_647 * (1 if seed > 0 else -1)
    state = state + 2_147_483_646 if state <= 0 else state
    found: list[Node] = []
    for place, item in enumerate(items):
        state = state * 16_807 % 2_147_483_647
        other = math.floor((state - 1) / 2_147_483_646 * (place + 1))
        found.append(item)
        found[place], found[other] = found[other], found[place]
    return found


def _choice_name(compiler: Compiler, call: Call, scope: Scope) -> Built:
    from motcua.forms import choices

    value = compiler.string(call.arguments[0], scope)
    literal = call.arguments[1]
    target: Path | None = None
    if isinstance(literal, Literal):
        try:
            parsed = parse_xpath(literal.value)
        except XPathSyntaxError:
            parsed = None
        target = parsed if isinstance(parsed, Path) else None
    elif isinstance(literal, Path):
        target = literal
    if target is None:
        compiler.report("FORM_118", call.position)
        return "string", value
    path = paths.compile_path(compiler, target, scope)
    wanted = path.definitions[0] if path.definitions else None

    def run(ctx: Context) -> Value:
        nodes = path.run(ctx)
        return choices.label_of(ctx.run, wanted, nodes[0] if nodes else ctx.current, value(ctx))

    return "string", run


def _itext(compiler: Compiler, call: Call, scope: Scope) -> Built:
    from motcua.forms import texts

    name = compiler.string(call.arguments[0], scope)
    return "string", lambda ctx: texts.itext(ctx.run, name(ctx), ctx.current)


def _pulldata(compiler: Compiler, call: Call, scope: Scope) -> Built:
    name = call.arguments[0]
    column, key_column, key = (compiler.string(part, scope) for part in call.arguments[1:4])
    found = compiler.lists.csv(name.value) if isinstance(name, Literal) else None
    if found is None:
        compiler.report("FORM_119", call.position, "warning", name=getattr(name, "value", "?")[:40])
        return "string", lambda ctx: ""

    def run(ctx: Context) -> Value:
        rows = found.index(("root", "item"), key_column(ctx)).get(key(ctx), [])
        cells = rows[0].present(column(ctx)) if rows else []
        return string_value(cells[0]) if cells else ""

    return "string", run


SPECIAL: dict[str, Special] = {
    "if": Special(3, 3, _if),
    "coalesce": Special(1, None, _coalesce),
    "once": Special(1, 1, _once),
    "current": Special(0, 0, _current),
    "instance": Special(1, 1, _instance),
    "position": Special(0, 1, _position),
    "last": Special(0, 0, _last),
    "regex": Special(2, 2, _regex),
    "indexed-repeat": Special(3, None, _indexed_repeat),
    "randomize": Special(1, 2, _randomize),
    "jr:choice-name": Special(2, 2, _choice_name),
    "jr:itext": Special(1, 1, _itext),
    "pulldata": Special(4, 4, _pulldata),
}
