"""XPath 1.0 text to syntax tree: our own parser, so that positions, limits and words are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.forms.xpath.tree import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Filter,
    Literal,
    Logic,
    Negate,
    Number,
    Path,
    Step,
    Union,
    Variable,
)

MAX_LENGTH = 10_000
MAX_DEPTH = 64

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<string>"[^"]*"|'[^']*')
  | (?P<name>[^\W\d][\w.\-·]*(?::(?!:)(?:[^\W\d][\w.\-·]*|\*))?)
  | (?P<variable>\$[^\W\d][\w.\-·]*(?::[^\W\d][\w.\-·]*)?)
  | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*])
    )""",
    re.VERBOSE,
)
_AXES = frozenset(
    [
        "child",
        "parent",
        "self",
        "attribute",
        "descendant",
        "descendant-or-self",
        "ancestor",
        "ancestor-or-self",
        "following-sibling",
        "preceding-sibling",
    ]
)
_REFUSED_AXES = frozenset({"preceding", "following", "namespace"})
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_OPERATORS = frozenset({"and", "or", "mod", "div"})


class XPathSyntaxError(ValueError):
    """The text is no expression; ``code`` and ``params`` word it, ``position`` is 0-based."""

    def __init__(self, code: str, position: int, **params: object) -> None:
        self.code, self.position, self.params = code, position, params
        super().__init__(code, position)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse_xpath(text: str) -> Expr:
    """The tree of ``text``.

    Raises:
        XPathSyntaxError: with a code ``FORM_1nn`` and the place of the first fault.
    """
    if len(text) > MAX_LENGTH:
        raise XPathSyntaxError("FORM_101", 0, limit=MAX_LENGTH)
    parser = _Parser(_tokens(text))
    tree = parser.expression()
    parser.expect_end()
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise XPathSyntaxError("FORM_102", start, found=text[start : start + 1])
        kind, word = match.lastgroup, match[match.lastgroup]
        tokens.append(_Token(kind, word, match.start(match.lastgroup)))
        position = match.end()
    tokens.append(_Token("end", "", end))
    return _with_operators(tokens)


def _with_operators(tokens: list[_Token]) -> list[_Token]:
    """XPath 1.0 section 3.7: after an operand ``*`` and the words and, or, mod, div are operators."""
    result: list[_Token] = []
    for token in tokens:
        previous = result[-1] if result else None
        after_operand = (
            previous is not None
            and previous.kind != "operator"
            and (previous.kind != "symbol" or previous.text in (")", "]", ".", "..", "*"))
        )
        if (
            after_operand and (token.text == "*" or token.text in _OPERATORS) and token.kind in ("symbol", "name")
        ) or (token.kind == "symbol" and token.text in ("+", "-", "=", "!=", "<", "<=", ">", ">=", "|")):
            token = _Token("operator", token.text, token.position)
        result.append(token)
    return result


class _Parser:
    """Recursive descent with an explicit limit on nesting; chains are loops."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _token(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _take(self, *texts: str) -> _Token | None:
        token = self._token
        if token.text in texts and token.kind in ("symbol", "operator"):
            return self._next()
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            self._fail(wanted=text)

    def _fail(self, wanted: str) -> None:
        token = self._token
        code = "FORM_104" if token.kind == "end" else "FORM_103"
        raise XPathSyntaxError(code, token.position, found=token.text[:40], wanted=wanted)

    def expect_end(self) -> None:
        if self._token.kind != "end":
            self._fail(wanted="and, or, +, =, …")

    def expression(self) -> Expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XPathSyntaxError("FORM_105", self._token.position, limit=MAX_DEPTH)
        operands = [self._and()]
        while self._take("or"):
            operands.append(self._and())
        self._depth -= 1
        return operands[0] if len(operands) == 1 else Logic("or", tuple(operands))

    def _and(self) -> Expr:
        operands = [self._equality()]
        while self._take("and"):
            operands.append(self._equality())
        return operands[0] if len(operands) == 1 else Logic("and", tuple(operands))

    def _equality(self) -> Expr:
        first, rest = self._relation(), []
        while token := self._take("=", "!="):
            rest.append((token.text, self._relation()))
        return Compare(first, tuple(rest)) if rest else first

    def _relation(self) -> Expr:
        first, rest = self._sum(), []
        while token := self._take("<", "<=", ">", ">="):
            rest.append((token.text, self._sum()))
        return Compare(first, tuple(rest)) if rest else first

    def _sum(self) -> Expr:
        first, rest = self._product(), []
        while token := self._take("+", "-"):
            rest.append((token.text, self._product()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _product(self) -> Expr:
        first, rest = self._unary(), []
        while self._token.kind == "operator" and self._token.text in ("*", "div", "mod"):
            rest.append((self._next().text, self._unary()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _unary(self) -> Expr:
        if not self._take("-"):
            return self._union()
        if self._token.text == "-":
            raise XPathSyntaxError("FORM_106", self._token.position)
        return Negate(self._union())

    def _union(self) -> Expr:
        operands = [self._path()]
        while self._take("|"):
            operands.append(self._path())
        return operands[0] if len(operands) == 1 else Union(tuple(operands))

    def _path(self) -> Expr:
        token = self._token
        if self._starts_primary():
            primary = self._primary()
            predicates = self._predicates()
            filtered: Expr = Filter(primary, predicates) if predicates else primary
            steps = self._more_steps(())
            return Path(False, filtered, steps, token.position) if steps else filtered
        if self._take("/"):
            steps = self._more_steps((self._step(),)) if self._starts_step() else ()
            return Path(True, None, steps, token.position)
        if self._take("//"):
            anywhere = (Step("descendant-or-self", "node()"), self._step())
            return Path(True, None, self._more_steps(anywhere), token.position)
        return Path(False, None, self._more_steps((self._step(),)), token.position)

    def _starts_primary(self) -> bool:
        token = self._token
        if token.kind in ("number", "string", "variable") or token.text == "(":
            return True
        following = self._tokens[self._at + 1].text if token.kind == "name" else ""
        return token.kind == "name" and following == "(" and token.text not in _NODE_TYPES

    def _starts_step(self) -> bool:
        return self._token.kind == "name" or self._token.text in (".", "..", "@", "*")

    def _more_steps(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        found = list(steps)
        while token := self._take("/", "//"):
            if token.text == "//":
                found.append(Step("descendant-or-self", "node()"))
            found.append(self._step())
        return tuple(found)

    def _step(self) -> Step:
        if self._take("."):
            return Step("self", "node()", self._predicates())
        if self._take(".."):
            return Step("parent", "node()", self._predicates())
        axis = "attribute" if self._take("@") else self._axis()
        return Step(axis, self._node_test(), self._predicates())

    def _axis(self) -> str:
        token = self._token
        if token.kind != "name" or self._tokens[self._at + 1].text != "::":
            return "child"
        if token.text in _REFUSED_AXES or token.text not in _AXES:
            raise XPathSyntaxError("FORM_107", token.position, axis=token.text[:40])
        self._at += 2
        return token.text

    def _node_test(self) -> str:
        token = self._token
        if token.text == "*" and token.kind in ("symbol", "operator"):
            self._next()
            return "*"
        if token.kind != "name":
            self._fail(wanted="/data/…")
        self._next()
        if token.text in _NODE_TYPES and self._take("("):
            if self._token.kind == "string":
                self._next()
            self._need(")")
            return f"{token.text}()"
        # names are compared without prefix: clients and authors mix the namespaces of ``meta``
        return token.text.rpartition(":")[2]

    def _predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self._take("["):
            found.append(self.expression())
            self._need("]")
        return tuple(found)

    def _primary(self) -> Expr:
        token = self._next()
        if token.kind == "number":
            return Number(float(token.text), token.text)
        if token.kind == "string":
            return Literal(token.text[1:-1])
        if token.kind == "variable":
            return Variable(token.text[1:], token.position)
        if token.text == "(":
            inner = self.expression()
            self._need(")")
            return inner
        return Call(token.text, self._arguments(), token.position)

    def _arguments(self) -> tuple[Expr, ...]:
        self._need("(")
        if self._take(")"):
            return ()
        found = [self.expression()]
        while self._take(","):
            found.append(self.expression())
        self._need(")")
        return tuple(found)
