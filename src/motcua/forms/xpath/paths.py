"""Location paths, resolved against the form when it is loaded; `motcua.forms.xpath.axes` walks them when it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua.errors import closest
from motcua.forms.nodes import Node, string_value
from motcua.forms.xpath.axes import StepRun, axis_of
from motcua.forms.xpath.context import Context, Evaluator
from motcua.forms.xpath.tree import Call, Compare, Expr, Filter, Literal, Path, Step, walk
from motcua.forms.xpath.values import Value, folded, to_boolean

if TYPE_CHECKING:
    from motcua.forms.model import Definition
    from motcua.forms.secondary import SecondaryInstance
    from motcua.forms.xpath.compiler import Compiler, Scope


@dataclass(frozen=True, slots=True)
class CompiledPath:
    """A path ready to run, and the definitions its result may have (none for lists)."""

    run: Callable[[Context], list[Node]]
    definitions: tuple[Definition, ...]


def compile_path(compiler: Compiler, path: Path, scope: Scope) -> CompiledPath:
    """Resolve and compile; the definitions it ends at are noted as references of the expression."""
    if path.absolute:
        start, definitions, steps = _absolute_start(compiler, path, scope)
    elif path.base is not None:
        start, definitions, steps = _based_start(compiler, path, scope)
    else:
        start, definitions, steps = _here, scope.context, path.steps
    in_form = path.absolute or bool(definitions)
    runs: list[StepRun] = []
    for step in steps:
        before, definitions = definitions, tuple(_next_definitions(definitions, step))
        if in_form and before and not definitions and step.axis != "attribute":
            compiler.report("FORM_112", path.position, "warning", path=_shown(path))
            in_form = False
        runs.append(_compile_step(compiler, step, scope, definitions, path))
    compiler.refs.update(definitions)
    return CompiledPath(_chain(start, runs), definitions)


def _shown(path: Path) -> str:
    text = ("/" if path.absolute else "") + "/".join(_SHORT.get((s.axis, s.test), s.test) for s in path.steps)
    return text if len(text) <= 60 else "…" + text[-59:]


_SHORT = {("parent", "node()"): "..", ("self", "node()"): "."}


def _here(ctx: Context) -> list[Node]:
    return [ctx.node]


def _chain(start: Callable[[Context], list[Node]], runs: list[StepRun]) -> Callable[[Context], list[Node]]:
    if not runs:
        return start
    if len(runs) == 1:
        only = runs[0]
        return lambda ctx: only(ctx, start(ctx))

    def run(ctx: Context) -> list[Node]:
        nodes = start(ctx)
        for step in runs:
            nodes = step(ctx, nodes)
        return nodes

    return run


def _absolute_start(
    compiler: Compiler, path: Path, scope: Scope
) -> tuple[Callable[[Context], list[Node]], tuple[Definition, ...], tuple[Step, ...]]:
    root = compiler.root
    if not path.steps:
        return (lambda ctx: [ctx.run.root]), (root,), ()
    first = path.steps[0]
    if first.axis == "descendant-or-self":
        compiler.report("FORM_111", path.position, "warning", found="//")
        return (lambda ctx: [_document(ctx.run.root)]), (_document_definition(root),), path.steps
    if first.axis != "child" or first.test not in (root.name, "*"):
        compiler.report("FORM_112", path.position, "warning", path=_shown(path))
        return (lambda ctx: []), (), ()
    if first.predicates:
        return (lambda ctx: [_document(ctx.run.root)]), (_document_definition(root),), path.steps
    row, taken = _shared_row(path, root, scope)
    if row is None:
        return (lambda ctx: [ctx.run.root]), (root,), path.steps[1:]
    own = any(row in definition.chain() for definition in scope.context)
    _advise_relative(compiler, path, row)
    return _climb(row, from_context=own), (row,), path.steps[taken:]


def _shared_row(path: Path, root: Definition, scope: Scope) -> tuple[Definition | None, int]:
    """The innermost repeat on the path that also holds the expression's node, and the steps to it."""
    around = {definition for place in (*scope.context, scope.owner) if place for definition in place.repeats()}
    at, found, taken = root, None, 0
    if root.repeat is not None:
        return None, 0
    for number, step in enumerate(path.steps[1:], start=2):
        nearer = at.children.get(step.test) if step.axis == "child" and not step.predicates else None
        if nearer is None or (nearer.repeat is not None and nearer not in around):
            break
        at = nearer
        if at.repeat is not None:
            found, taken = at, number
    return found, taken


def _advise_relative(compiler: Compiler, path: Path, row: Definition) -> None:
    compiler.report("FORM_113", path.position, "warning", path=_shown(path), repeat=row.path)


def _climb(row: Definition, *, from_context: bool) -> Callable[[Context], list[Node]]:
    def run(ctx: Context) -> list[Node]:
        node: Node | None = ctx.node if from_context else ctx.current
        while node is not None and node.definition is not row:
            node = node.parent
        return [] if node is None else [node]

    return run


def _document(root: Node) -> Node:
    """A parent for the root, so that ``//name`` finds the root too; the tree itself is not changed."""
    holder = Node("")
    holder.children[root.name] = [root]
    return holder


def _document_definition(root: Definition) -> Definition:
    from motcua.forms.model import Definition as NewDefinition

    return NewDefinition("", "", None, "", children={root.name: root})


def _based_start(
    compiler: Compiler, path: Path, scope: Scope
) -> tuple[Callable[[Context], list[Node]], tuple[Definition, ...], tuple[Step, ...]]:
    base: Expr | None = path.base
    predicates: tuple[Expr, ...] = ()
    definitions: tuple[Definition, ...] = ()
    if isinstance(base, Filter):
        predicates = base.predicates
        base = base.primary
    if isinstance(base, Call) and base.name == "instance" and base.arguments and not predicates:
        return _instance_start(compiler, base, path, scope)
    if isinstance(base, Call) and base.name == "current":
        definitions = (scope.owner,) if scope.owner is not None else ()
        start: Callable[[Context], list[Node]] = _current
    elif isinstance(base, Path):
        inner = compile_path(compiler, base, scope)
        start, definitions = inner.run, inner.definitions
    else:
        start = _nodes_of(compiler.expression(base, scope)[1]) if base is not None else _here
    for predicate in predicates:
        start = _chain(start, [_filter(compiler, predicate, scope, definitions)])
    return start, definitions, path.steps


def _current(ctx: Context) -> list[Node]:
    return [ctx.current]


def _nodes_of(run: Evaluator) -> Callable[[Context], list[Node]]:
    def nodes(ctx: Context) -> list[Node]:
        value = run(ctx)
        return value if isinstance(value, list) else []

    return nodes


def _instance_start(
    compiler: Compiler, call: Call, path: Path, scope: Scope
) -> tuple[Callable[[Context], list[Node]], tuple[Definition, ...], tuple[Step, ...]]:
    """``instance('x')/…``: steps up to an equality predicate are looked up in an index."""
    found = list_of(compiler, call)
    if found is None:
        return (lambda ctx: []), (), path.steps
    document = found.document
    plain = 0
    while plain < len(path.steps) and _is_plain_child(path.steps[plain]):
        plain += 1
    if plain < len(path.steps):
        step = path.steps[plain]
        indexed = _equality(compiler, step, scope)
        if indexed is not None:
            child, wanted = indexed
            route = (*(s.test for s in path.steps[:plain]), step.test)
            rest = Step("self", "node()", step.predicates[1:])
            after = (rest, *path.steps[plain + 1 :]) if step.predicates[1:] else path.steps[plain + 1 :]
            return _lookup(found, route, child, wanted), (), after
    return (lambda ctx: [document]), (), path.steps


def list_of(compiler: Compiler, call: Call) -> SecondaryInstance | None:
    """The list a call of ``instance`` names; an unknown name is reported."""
    name = call.arguments[0]
    if not isinstance(name, Literal):
        compiler.report("FORM_115", call.position)
        return None
    found = compiler.lists.find(name.value)
    if found is None:
        near = closest(name.value, compiler.lists.names())
        compiler.report("FORM_114", call.position, name=name.value[:40], closest=near or "–")
    return found


def _is_plain_child(step: Step) -> bool:
    return step.axis == "child" and not step.predicates and step.test not in ("*", "node()", "text()")


def _equality(compiler: Compiler, step: Step, scope: Scope) -> tuple[str, Evaluator] | None:
    """``[child = something that does not look at the item]`` as child name and evaluator."""
    if step.axis != "child" or not step.predicates or not isinstance(step.predicates[0], Compare):
        return None
    condition = step.predicates[0]
    if len(condition.rest) != 1 or condition.rest[0][0] != "=":
        return None
    for key, other in ((condition.first, condition.rest[0][1]), (condition.rest[0][1], condition.first)):
        if isinstance(key, Path) and not key.absolute and key.base is None and len(key.steps) == 1:
            only = key.steps[0]
            if _is_plain_child(only) and _ignores_item(other):
                gives, run = compiler.expression(other, _item_scope(scope))
                if gives in ("string", "nodes"):
                    return only.test, run
    return None


def _ignores_item(expr: Expr) -> bool:
    return all(
        not (isinstance(part, Path) and not part.absolute and part.base is None)
        and not (isinstance(part, Call) and part.name in ("position", "last", "random", "uuid"))
        for part in walk(expr)
    )


def _item_scope(scope: Scope) -> Scope:
    from motcua.forms.xpath.compiler import Scope as NewScope

    return NewScope(scope.owner, (), item=True)


def _lookup(
    source: SecondaryInstance, route: tuple[str, ...], child: str, wanted: Evaluator
) -> Callable[[Context], list[Node]]:
    def run(ctx: Context) -> list[Node]:
        value = wanted(ctx)
        table = source.index(route, child)
        if not isinstance(value, list):
            return table.get(folded(str(value)), [])
        if len(value) == 1:
            return table.get(folded(string_value(value[0])), [])
        keys = dict.fromkeys(folded(string_value(node)) for node in value) or {"": None}
        return [node for key in keys for node in table.get(key, [])]

    return run


def _next_definitions(definitions: tuple[Definition, ...], step: Step) -> list[Definition]:
    found: dict[Definition, None] = {}
    for definition in definitions:
        for reached in _reached(definition, step):
            found[reached] = None
    return list(found)


def _reached(definition: Definition, step: Step) -> list[Definition]:
    children = definition.children
    match step.axis:
        case "child":
            if step.test == "text()":
                return [definition]
            return list(children.values()) if step.test in ("*", "node()") else _named(children, step.test)
        case "self":
            return [definition] if step.test in ("*", "node()", definition.name) else []
        case "parent":
            return [definition.parent] if definition.parent is not None else []
        case "descendant" | "descendant-or-self":
            below = [definition] if step.axis == "descendant-or-self" else []
            pending = list(children.values())
            while pending:
                below.append(pending.pop())
                pending.extend(below[-1].children.values())
            return [one for one in below if step.test in ("*", "node()", one.name)]
        case "ancestor" | "ancestor-or-self":
            chain = definition.chain() if step.axis == "ancestor-or-self" else definition.chain()[:-1]
            return [one for one in chain if step.test in ("*", "node()", one.name)]
        case "following-sibling" | "preceding-sibling":
            beside = definition.parent.children if definition.parent else {}
            return [one for one in beside.values() if step.test in ("*", "node()", one.name)]
        case _:
            return []


def _named(children: dict[str, Definition], name: str) -> list[Definition]:
    child = children.get(name)
    return [] if child is None else [child]


def _compile_step(
    compiler: Compiler, step: Step, scope: Scope, definitions: tuple[Definition, ...], path: Path
) -> StepRun:
    if step.axis not in ("child", "self", "parent", "attribute", "descendant-or-self"):
        compiler.report("FORM_111", path.position, "warning", found=f"{step.axis}::")
    walk_axis = axis_of(step)
    for predicate in step.predicates:
        walk_axis = _filtered(walk_axis, _filter(compiler, predicate, scope, definitions))
    return walk_axis


def _filtered(before: StepRun, keep: StepRun) -> StepRun:
    """Predicates count positions per parent, so each context node is walked by itself."""

    def run(ctx: Context, nodes: list[Node]) -> list[Node]:
        if len(nodes) == 1:
            return keep(ctx, before(ctx, nodes))
        return [found for node in nodes for found in keep(ctx, before(ctx, [node]))]

    return run


def _filter(compiler: Compiler, predicate: Expr, scope: Scope, definitions: tuple[Definition, ...]) -> StepRun:
    from motcua.forms.xpath.compiler import Scope as NewScope

    inner = NewScope(scope.owner, definitions, item=scope.item or not definitions)
    _gives, run = compiler.expression(predicate, inner)

    def keeps(ctx: Context) -> bool:
        value: Value = run(ctx)
        if type(value) is bool:
            return value
        return value == ctx.position if type(value) is float else to_boolean(value)

    def keep(ctx: Context, nodes: list[Node]) -> list[Node]:
        size = len(nodes)
        ctx.run.spend(size)
        inside = Context(ctx.node, ctx.current, ctx.run, 1, size)
        found: list[Node] = []
        for place, node in enumerate(nodes, start=1):
            inside.node, inside.position = node, place
            if keeps(inside):
                found.append(node)
        return found

    return keep
