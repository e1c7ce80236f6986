"""The interview: the fewest questions that settle the outcome, in a sensible order, and what no longer matters.

In: a procedure and the facts known so far. Out: the fact to ask next, how many questions there can still be at
most, and the unknown facts that cannot change the outcome any more. The questions need no solver: the portal asks
them at every page; where one is installed, `no_longer_matter` is exact.
"""

from motcua.analysis.interview.questions import Plan, next_question, no_longer_matter, plan

__all__ = ["Plan", "next_question", "no_longer_matter", "plan"]
