"""A law version in the language of z3, exactly as the evaluator reads it, unknown facts included.

In: a `Procedure`. Out: `Symbols`, its facts as z3 constants with all that holds of real cases, and for each law
version a `SymbolicVersion`: conditions, states, documents, rows, decisions and the outcome as z3 truths. A condition
has two rails, surely true and surely false (`Truth`); where neither holds it is unknown.
"""

from motcua.analysis.symbolic.logic import (
    FALSE,
    SOLVING,
    TRUE,
    Truth,
    Value,
    all_of,
    any_of,
    both,
    chosen,
    equal,
    negated,
    one_of,
)

# isort: split
# only now is it sure that z3 is there
from motcua.analysis.symbolic.cases import CaseFinder
from motcua.analysis.symbolic.symbols import NotADecimalError, Symbols
from motcua.analysis.symbolic.versions import (
    State,
    SymbolicAnswer,
    SymbolicDecision,
    SymbolicRow,
    SymbolicVersion,
    differ,
)

__all__ = [
    "FALSE", "SOLVING", "TRUE", "CaseFinder", "NotADecimalError", "State", "SymbolicAnswer", "SymbolicDecision",
    "SymbolicRow", "SymbolicVersion", "Symbols", "Truth", "Value", "all_of", "any_of", "both", "chosen", "differ",
    "equal", "negated", "one_of",
]
