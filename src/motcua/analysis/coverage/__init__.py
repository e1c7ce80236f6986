"""What the scenarios of a procedure exercise of its rules, and which scenarios are missing.

In flow a procedure and its scenarios, out flow a `Coverage` (requirements, leaf conditions, documents, rows, clauses,
each both ways; masking MC/DC) and `Suggestion` objects: cases with concrete facts for what is not covered, their
outcome left for a lawyer to confirm. `coverage` needs the solver only to tell what can never be shown.
"""

from motcua.analysis.coverage.goals import KINDS, Goal, Item, LeafGoals
from motcua.analysis.coverage.report import Count, Coverage, Unusable, VersionCoverage, coverage
from motcua.analysis.coverage.suggesting import Suggestion, suggest, suggest_for

__all__ = [
    "KINDS",
    "Count",
    "Coverage",
    "Goal",
    "Item",
    "LeafGoals",
    "Suggestion",
    "Unusable",
    "VersionCoverage",
    "coverage",
    "suggest",
    "suggest_for",
]
