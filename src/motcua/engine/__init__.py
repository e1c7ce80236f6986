"""Facts in, assessment out: durable-rules runs the law, the evaluator gives the second opinion.

`assess` checks facts against the rules of a procedure and gives a frozen `Assessment`. The conditions of a law
version become propositional clauses (`compilation`) that durable-rules runs (`durable`) after a trial in a child
process (`canary`); the same facts are weighed by three-valued evaluation alone (`evaluation`), and only what
both agree on (`proving`) is answered. `assess_weighed` writes the assessment of a reader that lies elsewhere.
"""

from motcua.engine.assessment import (
    AppliesFinding,
    Assessment,
    DecisionResult,
    DocumentFinding,
    Finding,
    TransitionalChoice,
)
from motcua.engine.checking import READERS, assess, assess_weighed
from motcua.engine.evaluation import Decided, Weighed
from motcua.engine.explanation import Reason, explain
from motcua.engine.proving import Disagreement, RulesetRefused

__all__ = [
    "READERS", "AppliesFinding", "Assessment", "Decided", "DecisionResult", "Disagreement", "DocumentFinding",
    "Finding", "Reason", "RulesetRefused", "TransitionalChoice", "Weighed", "assess", "assess_weighed", "explain",
]
