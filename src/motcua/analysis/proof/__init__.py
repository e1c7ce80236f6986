"""Facts about the law itself, proved: rules that are dead, contradictory or missing, and grounds not in force.

In: a `Procedure`. Out: a `Report` of findings, each with its law versions, the conditions that make it so and, where
one can exist, a case which the engine has confirmed. A finding that is meant to be so is noted under ``intended`` in
the rule file, until the rule changes.
"""

from motcua.analysis.symbolic import SOLVING as SOLVING

# isort: split
# only now is it sure that z3 is there
from motcua.analysis.proof.findings import KINDS, Condition, Finding, Kind, Report, Unanswered
from motcua.analysis.proof.proving import SECONDS, prove

__all__ = ["KINDS", "SECONDS", "Condition", "Finding", "Kind", "Report", "Unanswered", "prove"]
