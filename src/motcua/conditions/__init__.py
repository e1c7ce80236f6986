"""The condition language: a typed subset of FEEL with a third truth value, unknown.

In: the text of a condition and the names it may read. Out: an `Expression`, checked for types, units and
list values, which can be evaluated under incomplete facts, compiled to Python, shown again, put into plain
words, and taken apart for the engine. Unknown is ``None`` everywhere; numbers are ``int`` or ``Decimal``.
"""

from motcua.conditions.check import Scope
from motcua.conditions.compilation import CompiledGroups, compile_expressions, compile_groups
from motcua.conditions.evaluation import evaluate
from motcua.conditions.explanation import Leaf, deciding_leaves, unknown_names
from motcua.conditions.parser import (
    Expression,
    all_of,
    any_of,
    literal,
    negate,
    none_of,
    parse,
    requires_all,
)
from motcua.conditions.printing import brackets, constant_text
from motcua.conditions.tree import (
    And,
    Arith,
    Call,
    Cmp,
    If,
    Known,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    as_interval,
    as_membership,
    atoms,
    children,
    is_whole,
    names_in,
    type_of,
    walk,
)
from motcua.conditions.types import Type, Value, parse_type
from motcua.conditions.units import CANONICAL_UNITS, WHOLE_KINDS, find_unit
from motcua.conditions.values import TRUTHS, read_value, show_value, to_json, unit_of
from motcua.conditions.wording import describe

__all__ = [
    "CANONICAL_UNITS", "TRUTHS", "WHOLE_KINDS", "And", "Arith", "Call", "Cmp", "CompiledGroups", "Expression", "If",
    "Known", "Leaf", "Lit", "Node", "Not", "Or", "Ref", "Scope", "Type", "Value", "all_of", "any_of",
    "as_interval", "as_membership", "atoms", "brackets", "children", "compile_expressions", "compile_groups",
    "constant_text", "deciding_leaves", "describe", "evaluate", "find_unit", "is_whole", "literal", "names_in",
    "negate", "none_of", "parse", "parse_type", "read_value", "requires_all", "show_value", "to_json", "type_of",
    "unit_of", "unknown_names", "walk",
]
