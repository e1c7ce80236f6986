"""Cases that read well: as near to a plain case as a condition allows, with values at the threshold.

In: a z3 solver over the facts of one or two procedures. Out: values for its constants, chosen one after another, so
that the same question always gets the same case, whatever model the solver comes upon first.
"""

from motcua.analysis.witness.choosing import NoAnswerError, TimedSolver, ask, choose, keep, on_days, plain_values

__all__ = ["NoAnswerError", "TimedSolver", "ask", "choose", "keep", "on_days", "plain_values"]
