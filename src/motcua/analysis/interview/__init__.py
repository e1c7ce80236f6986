"""The interview: the fewest questions that settle the outcome, in a sensible order, and what no longer matters.

In: a procedure and the facts known so far. Out: the fact to ask next, how many questions there can still be at
most, and the unknown facts that cannot change the outcome any more. It needs no solver: the portal asks it at
every page.
"""

from motcua.analysis.interview.questions import Plan, next_question, no_longer_matter, plan

__all__ = ["Plan", "next_question", "no_longer_matter", "plan"]
