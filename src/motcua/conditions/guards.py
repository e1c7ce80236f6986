"""FEEL from other tools that keeps null from deciding: the guards are what our unknown already means.

``if x = null then null else x = "a"`` is, in the three-valued reading, ``x = "a"``: a guard may be taken off where what
it guards is unknown anyway while ``x`` is.
"""

from __future__ import annotations

from typing import Final

from lark import Token, Tree

Parsed = Tree[Token]

#: Parsed nodes that are unknown as soon as one operand is.
_STRICT: Final = frozenset(("compare", "between", "sum", "term", "negative", "negation", "call"))


def without_guards(tree: Parsed) -> Parsed:
    """The parsed expression without its guards; other uses of null stay and are refused by the checker."""
    children = [without_guards(child) if isinstance(child, Tree) else child for child in tree.children]
    own = Tree(tree.data, children, tree.meta)
    if own.data != "if_then":
        return own
    condition, then, otherwise = _branches(own)
    tests = _null_tests(condition)
    if not tests:
        return own
    if then.data == "null" and all(_is_strict(otherwise, test) for test in tests):
        return otherwise
    return otherwise if len(tests) == 1 and _agrees(tests[0], then, otherwise) else own


def _branches(tree: Parsed) -> list[Parsed]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _null_tests(condition: Parsed) -> list[Parsed]:
    """What is asked to be null in ``a = null or b = null``; empty for any other condition."""
    parts = _branches(condition) if condition.data == "disjunction" else [condition]
    tests = []
    for part in parts:
        sides = _branches(part)
        if part.data != "compare" or str(part.children[1]) != "=" or sides[1].data != "null":
            return []
        tests.append(sides[0])
    return tests


def _is_strict(tree: Parsed, test: Parsed) -> bool:
    """Whether the value of ``tree`` is unknown while that of ``test`` is."""
    if tree == test:
        return True
    parts = _branches(tree)
    if tree.data == "if_then":
        return all(_is_strict(branch, test) for branch in parts[1:])
    if tree.data == "tested_in":
        return _is_strict(parts[0], test)
    return tree.data in _STRICT and all(part.data != "null" for part in parts) and any(
        _is_strict(part, test) for part in parts)


def _agrees(test: Parsed, then: Parsed, otherwise: Parsed) -> bool:
    """``if c = null then (if a = b then a else null) else (if c then a else b)``, which is our own ``if``."""
    if then.data != "if_then" or otherwise.data != "if_then":
        return False
    same, value, none = _branches(then)
    condition, first, second = _branches(otherwise)
    sides = _branches(same)
    return (none.data == "null" and same.data == "compare" and str(same.children[1]) == "=" and condition == test
            and sides == [first, second] and value == first)
